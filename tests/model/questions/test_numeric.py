"""``numeric``: a number within a tolerance."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import load_text, question_of, right_answer

from civicquiz.errors import QuizError, ResponseError
from civicquiz.grading import grade_question
from civicquiz.model.interactions import NumberEntry

AUTHOR = {"id": "age", "type": "numeric", "prompt": "How old?", "answer": 14, "tolerance": 0, "unit": "years"}


@pytest.mark.parametrize("given_", ["14", "14.0", " 14 ", "+14", "1.4e1"])
def test_right_number_in_any_writing_is_correct(given_: str) -> None:
    assert grade_question(question_of(AUTHOR), given_).status == "correct"


@pytest.mark.parametrize("given_", ["14.000001", "13", "-14", "140"])
def test_another_number_is_incorrect(given_: str) -> None:
    assert grade_question(question_of(AUTHOR), given_).status == "incorrect"


def test_tolerance_includes_both_ends() -> None:
    question = question_of(AUTHOR | {"answer": 0.3, "tolerance": 0.1})
    assert [grade_question(question, text).score for text in ("0.2", "0.4", "0.19", "0.41")] == [1, 1, 0, 0]


def test_text_that_is_not_a_number_is_an_error_and_not_scored() -> None:
    with pytest.raises(ResponseError, match=r"'age'.*'fourteen' is not a number"):
        grade_question(question_of(AUTHOR), "fourteen")


def test_bare_number_is_an_error_that_names_the_question() -> None:
    with pytest.raises(ResponseError, match="'age'"):
        grade_question(question_of(AUTHOR), 14)


def test_unit_is_shown_and_the_answer_is_not() -> None:
    assert question_of(AUTHOR).interaction() == NumberEntry(unit="years")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("answer: 14", "'tolerance' is missing"),
        ("tolerance: 0", "'answer' is missing"),
        ("answer: 14, tolerance: -0.1", "'tolerance' must be >= 0"),
        ("answer: 14, tolerance: ten %", "'tolerance' must be a number"),
        ("answer: 14, tolerance: true", "'tolerance' must be a number"),
        ("answer: [14], tolerance: 0", "'answer' must be a number"),
    ],
)
def test_number_without_a_clear_rule_is_refused(tmp_path: Path, keys: str, words: str) -> None:
    with pytest.raises(QuizError, match=words):
        load_text(tmp_path, f"title: x\nquestions:\n  - {{id: a, type: numeric, prompt: x, {keys}}}\n")


@given(st.one_of(st.integers(-(10**17), 10**17), st.floats(-1e100, 1e100)))
def test_answer_that_a_learner_is_shown_earns_all_points(answer: float) -> None:
    question = question_of(AUTHOR | {"answer": answer})
    shown = right_answer(question)
    assert isinstance(shown, str)
    assert grade_question(question, shown).status == "correct"


@pytest.mark.parametrize(
    ("answer", "shown"), [(14, "14"), (1.1, "1.1"), (-0.5, "-0.5"), (480000, "480000"), (2.0, "2")]
)
def test_answer_is_shown_as_a_person_writes_it(answer: float, shown: str) -> None:
    assert right_answer(question_of(AUTHOR | {"answer": answer})) == shown


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("'9,81'", "write decimals with a point: 9.81"),
        ("'-0,5'", "write decimals with a point: -0.5"),
        ("'480,000'", "write it without commas: 480000"),
        ("1/3", "write it as a decimal, for example 0.333"),
        ("9,81", "a comma starts a new key here; write decimals with a point, and put text in quotes"),
    ],
)
def test_number_written_in_another_way_is_refused_with_the_way_to_write_it(
    tmp_path: Path, answer: str, hint: str
) -> None:
    text = f"title: x\nquestions: [{{id: q, type: numeric, prompt: x, answer: {answer}, tolerance: 0}}]\n"
    with pytest.raises(QuizError) as caught:
        load_text(tmp_path, text)
    assert hint in [problem.hint for problem in caught.value.problems]
