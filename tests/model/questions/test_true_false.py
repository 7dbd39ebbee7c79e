"""``true-false``: a statement."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import load_text, options, question_of

from civicquiz.errors import QuizError, ResponseError
from civicquiz.frontend.payload import public_payload
from civicquiz.grading import grade_question

AUTHOR = {"id": "citizens", "type": "true-false", "prompt": "It covers US citizens.", "answer": False}


def test_option_ids_are_true_and_false() -> None:
    question = question_of(AUTHOR)
    assert [option.id for option in options(question)] == ["true", "false"]
    assert grade_question(question, ["false"]).status == "correct"
    assert grade_question(question, ["true"]).status == "incorrect"


@pytest.mark.parametrize("response", [[True], ["True"], True, "true", ["true", "false"]])
def test_only_a_list_of_one_id_is_a_response(response: object) -> None:
    with pytest.raises(ResponseError, match="'citizens'"):
        grade_question(question_of(AUTHOR), response)


def test_feedback_is_for_learners_who_chose_that_side() -> None:
    question = question_of(AUTHOR | {"feedback": {"true": "Read section 21."}})
    assert grade_question(question, ["true"]).messages == ("Read section 21.",)
    assert grade_question(question, ["false"]).messages == ()


def test_feedback_keys_need_no_quotes(tmp_path: Path) -> None:
    text = (
        "title: x\nquestions:\n  - id: a\n    type: true-false\n    prompt: x\n    answer: true\n"
        "    feedback:\n      true: Yes.\n      false: No.\n"
    )
    quiz = load_text(tmp_path, text)
    assert quiz.questions[0].token_feedback() == {"true": "Yes.", "false": "No."}


def test_sides_are_shown_in_words(tmp_path: Path) -> None:
    text = "title: x\nquestions:\n  - {id: a, type: true-false, prompt: x, answer: true}\n"
    options = public_payload(load_text(tmp_path, text))["questions"][0]["options"]
    assert options == [{"id": "true", "html": "True"}, {"id": "false", "html": "False"}]


def test_missing_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuizError, match="'answer' is missing"):
        load_text(tmp_path, "title: x\nquestions:\n  - {id: a, type: true-false, prompt: x}\n")
