"""``multiple-choice``: net-correct or all-or-nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from material import load_text, question_of

from civicquiz.errors import QuizError
from civicquiz.grading import grade_question

AUTHOR: dict[str, Any] = {
    "id": "wars",
    "type": "multiple-choice",
    "prompt": "Which?",
    "points": 2,
    "options": [
        {"text": "a", "correct": True, "feedback": "Yes, a."},
        {"text": "b", "correct": True},
        {"text": "c", "feedback": "Not c."},
        "d",
    ],
}


def test_right_ticks_minus_wrong_ticks() -> None:
    question = question_of(AUTHOR)
    got = {ticks: grade_question(question, list(ticks)) for ticks in ("ab", "a", "abc", "ac", "cd", "abcd")}
    assert {ticks: outcome.score for ticks, outcome in got.items()} == {
        "ab": 2,
        "a": 1,
        "abc": 1,
        "ac": 0,
        "cd": 0,
        "abcd": 0,
    }
    assert got["ab"].status == "correct"
    assert got["a"].status == "partly"
    assert got["ac"].status == "incorrect"


def test_all_or_nothing_gives_no_part() -> None:
    question = question_of(AUTHOR | {"scoring": "all-or-nothing"})
    assert [grade_question(question, list(ticks)).score for ticks in ("ab", "a", "abc", "abcd")] == [2, 0, 0, 0]


def test_order_of_the_ticks_does_not_count() -> None:
    assert grade_question(question_of(AUTHOR), ["b", "a"]).status == "correct"


def test_feedback_on_every_chosen_option_is_shown() -> None:
    assert grade_question(question_of(AUTHOR), ["a", "c", "d"]).messages == ("Yes, a.", "Not c.")


def test_one_right_option_is_allowed() -> None:
    question = question_of(AUTHOR | {"options": [{"text": "a", "correct": True}, "b"]})
    assert grade_question(question, ["a"]).status == "correct"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("[a, b]", "no option is right"),
        ("[{text: a, correct: true}, {text: b, correct: true}]", "every option is right"),
        ("[{text: a, correct: true}, a]", "the same text"),
    ],
)
def test_options_that_cannot_be_scored_are_refused(tmp_path: Path, options: str, words: str) -> None:
    text = f"title: x\nquestions:\n  - id: a\n    type: multiple-choice\n    prompt: x\n    options: {options}\n"
    with pytest.raises(QuizError, match=words):
        load_text(tmp_path, text)


def test_unknown_scoring_is_refused_with_those_there_are(tmp_path: Path) -> None:
    text = (
        "title: x\nquestions:\n  - id: a\n    type: multiple-choice\n    prompt: x\n    scoring: partial\n"
        "    options: [{text: a, correct: true}, b]\n"
    )
    with pytest.raises(QuizError, match="'net-correct' or 'all-or-nothing'"):
        load_text(tmp_path, text)
