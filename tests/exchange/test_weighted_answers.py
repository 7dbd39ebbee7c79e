"""Weighted answers become the keys of a quiz; every rule that a quiz cannot say is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.errors import ExchangeError
from civicquiz.exchange.weighted_answers import (
    NumberAnswer,
    TextAnswer,
    number_of,
    numeric,
    one_right,
    several_right,
    short_text,
)


@pytest.mark.parametrize(
    ("weights", "right", "named"),
    [
        ([0, 100, 0], [1], []),
        ([100, 100, 0], [0, 1], []),
        ([50, 100], [1], ["'a' earned 50%"]),
        ([-33.3333, 100], [1], ["cost 33.33%"]),
        ([50, 0], [0], ["the best one earned 50%"]),
    ],
)
def test_one_option(weights: list[float], right: list[int], named: list[str]) -> None:
    found, changes = one_right("abc", weights)
    assert found == right
    assert [words in change for words, change in zip(named, changes, strict=True)] == [True] * len(named)


@pytest.mark.parametrize(
    ("weights", "right", "named"),
    [
        ([50, 50, -50], [0, 1], []),
        ([33.33333, 33.33333, 33.33333, -33.33333], [0, 1, 2], []),
        ([50, 50, 0], [0, 1], ["cost nothing"]),
        ([50, 50, -100], [0, 1], ["cost 100%"]),
        ([25, 75, -50], [0, 1], ["different shares ('a' 25%, 'b' 75%)"]),
        ([0, 0], [], []),
    ],
)
def test_several_options(weights: list[float], right: list[int], named: list[str]) -> None:
    found, changes = several_right("abcd", weights)
    assert found == right
    assert [words in change for words, change in zip(named, changes, strict=True)] == [True] * len(named)


def test_texts_with_credit_feedback_and_wildcards() -> None:
    changes: list[str] = []
    answers = [
        TextAnswer(100, "executive", "Yes."),
        TextAnswer(33.333, "president"),
        TextAnswer(0, "congress", "It passes laws."),
        TextAnswer(0, "nobody"),
        TextAnswer(-50, "king"),
        TextAnswer(100, "exec*", has_wildcard=True),
    ]
    assert short_text(answers, "Because.", changes) == {
        "accept": ["executive", {"text": "president", "credit": 0.33}],
        "mistakes": [{"text": "congress", "feedback": "It passes laws."}],
        "explanation": "Because.",
    }
    assert len(changes) == 3
    assert "'king' cost 50%" in changes[0]
    assert "'exec*' earned 100%" in changes[1]
    assert "'Yes.'" in changes[2]


def test_feedback_on_the_only_right_answer_becomes_the_explanation_and_that_is_said() -> None:
    changes: list[str] = []
    assert short_text([TextAnswer(100, "a", "A is first.")], "", changes) == {
        "accept": ["a"],
        "explanation": "A is first.",
    }
    assert "became the explanation" in changes[0]


@pytest.mark.parametrize("praise", ["Yes.", "Correct!", "Right answer!", "Yes! That's right!", "**Well done**"])
def test_praise_is_no_explanation(praise: str) -> None:
    changes: list[str] = []
    assert short_text([TextAnswer(100, "a", praise)], "", changes) == {"accept": ["a"]}
    assert changes == [f"The feedback on 'a' was left out: '{praise}'."]


@pytest.mark.parametrize(
    ("answers", "expected", "named"),
    [
        ([NumberAnswer(100, "", 1822, 5)], {"answer": 1822, "tolerance": 5}, []),
        ([NumberAnswer(100, "", low=1, high=5)], {"answer": 3, "range": {"from": 1, "to": 5}}, []),
        (
            [NumberAnswer(100, "", 2, 0), NumberAnswer(100, "", 3, 0)],
            {"answer": 2, "tolerance": 0, "accept": [3]},
            [],
        ),
        ([NumberAnswer(100, "", 2, 1), NumberAnswer(100, "", 2, 0)], {"answer": 2, "tolerance": 1}, []),
        (
            [NumberAnswer(100, "", 2, 0), NumberAnswer(100, "", 9, 1)],
            {"answer": 2, "tolerance": 0},
            ["9 ± 1 was right, too"],
        ),
        (
            [NumberAnswer(100, "", 2, 0), NumberAnswer(50, "", 2, 1)],
            {"answer": 2, "tolerance": 0},
            ["2 ± 1 earned 50%"],
        ),
        (
            [NumberAnswer(100, "", 2, 0), NumberAnswer(0, "Twice.", 4, 0)],
            {"answer": 2, "tolerance": 0, "mistakes": [{"number": 4, "feedback": "Twice."}]},
            [],
        ),
        (
            [NumberAnswer(100, "", 2, 0.5), NumberAnswer(0, "Twice.", 4, 0.1)],
            {"answer": 2, "tolerance": 0.5, "mistakes": [{"from": 3.9, "to": 4.1, "feedback": "Twice."}]},
            [],
        ),
        ([NumberAnswer(100, "", 2, 0), NumberAnswer(0, "No.")], {"answer": 2, "tolerance": 0}, ["any other number"]),
        ([NumberAnswer(100, "", 2, 0), NumberAnswer(-50, "", 4)], {"answer": 2, "tolerance": 0}, ["4 cost 50%"]),
    ],
)
def test_numbers(answers: list[NumberAnswer], expected: dict[str, Any], named: list[str]) -> None:
    changes: list[str] = []
    assert numeric(answers, "", changes) == expected
    assert [words in change for words, change in zip(named, changes, strict=True)] == [True] * len(named)


def test_numbers_none_of_which_earns_all_are_refused() -> None:
    with pytest.raises(ExchangeError, match="No number earns all"):
        numeric([NumberAnswer(50, "", 2)], "", [])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_that_is_written_is_the_number(number: float) -> None:
    assert number_of(f" {number!r} ") == number


@pytest.mark.parametrize("text", ["", "ten", "3,14", "1e999", "nan", "5 m", "0x10", "1_000", "٣"])
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError, match=r"is not a number|too large"):
        number_of(text)
