"""``order``: a list that is written in the right order and shown in a different one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import load_text, options, question_of, right_answer

from civicquiz.errors import QuizError, ResponseError
from civicquiz.grading import grade_question

AUTHOR = {"id": "sequence", "type": "order", "prompt": "Order?", "items": ["first", "second", "third"]}


def test_written_order_is_the_right_one() -> None:
    question = question_of(AUTHOR | {"points": 3})
    assert right_answer(question) == ["first", "second", "third"]
    assert grade_question(question, ["first", "second", "third"]).score == 3


def test_one_swap_earns_a_part_and_the_reverse_nothing() -> None:
    question = question_of(AUTHOR)
    swapped = grade_question(question, ["second", "first", "third"])
    assert swapped.status == "partly"
    assert swapped.score == pytest.approx(1 / 3, abs=1e-6)
    assert grade_question(question, ["third", "second", "first"]).status == "incorrect"


@given(st.permutations(["first", "second", "third", "fourth", "fifth"]))
def test_first_order_on_screen_does_not_depend_on_the_written_order(items: list[str]) -> None:
    shown = options(question_of(AUTHOR | {"items": items}))
    again = options(question_of(AUTHOR | {"items": sorted(items)}))
    assert shown == again


@pytest.mark.parametrize("response", [["first"], ["first", "second", "second"], ["first", "second", "fourth"], "first"])
def test_incomplete_or_unknown_order_is_an_error_that_names_the_question(response: object) -> None:
    with pytest.raises(ResponseError, match="'sequence'"):
        grade_question(question_of(AUTHOR), response)


def test_entries_may_have_ids_of_their_own() -> None:
    question = question_of(AUTHOR | {"items": [{"text": "first", "id": "a"}, "second"]})
    assert right_answer(question) == ["a", "second"]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("[a]", "at least 2 entries"),
        ("[a, b, c, d, e, f, g, h, i, j, k, l, m]", "at most 12 entries"),
        ("[a, b, a]", "the same text"),
        ("[{text: a, id: x}, {text: b, id: x}]", "duplicate option id 'x'"),
        ("[{text: a, correct: true}, b]", "unknown key 'correct'"),
    ],
)
def test_list_that_cannot_be_ordered_is_refused(tmp_path: Path, items: str, words: str) -> None:
    text = f"title: x\nquestions:\n  - {{id: q, type: order, prompt: x, items: {items}}}\n"
    with pytest.raises(QuizError, match=words):
        load_text(tmp_path, text)
