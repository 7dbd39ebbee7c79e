"""``single-choice``: one option to choose."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import load_text, options, question_of

from civicquiz.errors import QuizError
from civicquiz.grading import grade_question
from civicquiz.model.questions.question_base import derived_id

AUTHOR = {
    "id": "year",
    "type": "single-choice",
    "prompt": "When?",
    "options": [{"text": "1798", "correct": True}, {"text": "1812", "feedback": "The war."}, "1917"],
}


def _messages(folder: Path, options: str) -> list[str]:
    text = f"title: x\nquestions:\n  - id: a\n    type: single-choice\n    prompt: x\n    options: {options}\n"
    with pytest.raises(QuizError) as caught:
        load_text(folder, text)
    return [problem.message.removeprefix("question 'a' (single-choice): ") for problem in caught.value.problems]


def test_right_option_earns_all_points_and_another_none() -> None:
    question = question_of(AUTHOR | {"points": 2})
    assert grade_question(question, ["1798"]).score == 2
    assert grade_question(question, ["1917"]).score == 0


def test_feedback_on_the_chosen_option_is_shown_and_no_other() -> None:
    question = question_of(AUTHOR)
    assert grade_question(question, ["1812"]).messages == ("The war.",)
    assert grade_question(question, ["1917"]).messages == ()


def test_option_may_be_its_text_alone() -> None:
    assert options(question_of(AUTHOR))[2].text == "1917"


def test_options_stand_in_the_author_s_order() -> None:
    assert [option.id for option in options(question_of(AUTHOR))] == ["1798", "1812", "1917"]


def test_no_right_option_is_refused(tmp_path: Path) -> None:
    assert _messages(tmp_path, "[a, b]") == ["'options': no option is right"]


def test_several_right_options_are_accepted_one_for_another() -> None:
    question = question_of(
        AUTHOR | {"options": [{"text": "1798", "correct": True}, {"text": "1800", "correct": True}, "1917"]}
    )
    assert [grade_question(question, [option]).score for option in ("1798", "1800", "1917")] == [1, 1, 0]


def test_fewer_than_two_and_more_than_thirty_options_are_refused(tmp_path: Path) -> None:
    assert _messages(tmp_path, "[{text: a, correct: true}]") == [
        "'options' must have at least 2 entries (got a list of 1)"
    ]
    many = ", ".join(f"o{number}" for number in range(30))
    assert "at most 30" in _messages(tmp_path, f"[{{text: a, correct: true}}, {many}]")[0]


def test_same_text_and_same_id_are_refused(tmp_path: Path) -> None:
    assert "the same text" in _messages(tmp_path, "[{text: a, correct: true}, a]")[0]
    assert "duplicate option id 'b'" in _messages(tmp_path, "[{text: a, id: b, correct: true}, b]")[0]


def test_texts_that_differ_only_in_spaces_around_them_are_the_same(tmp_path: Path) -> None:
    assert "the same text" in _messages(tmp_path, "[{text: a, correct: true}, ' a ']")[0]


@pytest.mark.parametrize(
    ("text", "option_id"),
    [
        ("1798", "1798"),
        ("John Adams", "john-adams"),
        ("An end.", "an-end"),
        ("twenty-two", "twenty-two"),
    ],
)
def test_option_id_is_made_of_the_words_of_its_text(text: str, option_id: str) -> None:
    assert derived_id(text) == option_id


@pytest.mark.parametrize(
    "text", ["C++", "C#", "日本", "50%", "a" * 200, "<b>", "Größe", "-", "*x*", "a  b", "a, b", "?"]
)
def test_option_id_of_any_other_text_is_short_stable_and_its_own(text: str) -> None:
    made = derived_id(text)
    assert made == derived_id(text)
    assert len(made) <= 40
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made != derived_id(text + "!")


def test_option_id_does_not_depend_on_position_or_key() -> None:
    first = question_of(AUTHOR)
    second = question_of(AUTHOR | {"options": [{"text": "1917", "correct": True}, "1798", "1812"]})
    ids = [{option.text: option.id for option in options(question)} for question in (first, second)]
    assert ids[0] == ids[1]


def test_written_option_id_stays_when_the_text_changes() -> None:
    reworded = [{"text": "Reworded", "id": "old", "correct": True}, "b"]
    assert grade_question(question_of(AUTHOR | {"options": reworded}), ["old"]).status == "correct"
