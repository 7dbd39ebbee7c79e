"""Rules for every question type, and for the example of each in ``examples/``."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from material import ROOT, question_of, questions, right_answer

import civicquiz
from civicquiz.frontend.payload import encoded_key, public_payload
from civicquiz.grading import grade_question
from civicquiz.model.questions import QUESTION_TYPES, KeyedQuestion
from civicquiz.model.schemas import json_schema

NAMES = [str(typing.get_args(model.model_fields["type"].annotation)[0]) for model in QUESTION_TYPES]
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))


def test_every_question_type_has_an_example_and_every_example_a_type() -> None:
    assert sorted(file.stem for file in EXAMPLES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_example_shows_its_type_whole(name: str) -> None:
    files = (name, "more/numbers-and-code", "more/essay")
    quizzes = [civicquiz.load(ROOT / "examples" / f"{file}.yml") for file in files]
    shown = [question for quiz in quizzes for question in quiz.questions if question.type == name]
    assert shown
    used = set().union(*(question.model_fields_set for question in shown))
    model = next(model for model in QUESTION_TYPES if typing.get_args(model.model_fields["type"].annotation)[0] == name)
    own = set(model.model_fields) - set(KeyedQuestion.model_fields)
    own |= {"variables", "variants", "seed"} if name == "calculated" else set()
    own -= {"accept"} if name == "numeric" else set()  # for a key that is corrected after an exam
    assert used >= own | {"id", "type", "prompt", "explanation"}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_example_can_be_answered_shown_and_graded(file: Path) -> None:
    quiz = civicquiz.load(file)
    right = {question.id: right_answer(question) or "my own words" for question in quiz.questions}
    result = civicquiz.grade(quiz, right)
    for question in quiz.questions:
        outcome = result.outcomes[question.id]
        if question.key() is None:
            assert (outcome.status, outcome.score) == ("needs-review" if question.points else "unscored", 0)
        else:
            assert (outcome.status, outcome.score) == ("correct", outcome.max_score)
    assert civicquiz.grade(quiz, {}).score == 0
    assert len(public_payload(quiz)["questions"]) == len(quiz.questions)
    assert encoded_key(quiz, quiz.questions)


@pytest.mark.parametrize("model", QUESTION_TYPES, ids=NAMES)
def test_every_type_describes_itself(model: type[KeyedQuestion]) -> None:
    assert model.__doc__
    assert model.__module__ == f"civicquiz.model.questions.{NAMES[QUESTION_TYPES.index(model)].replace('-', '_')}"
    for name, field in model.model_fields.items():
        assert name == "type" or field.description, f"{name} has no description to give as a hint"


def test_schema_knows_every_type() -> None:
    assert sorted(json_schema()["properties"]["questions"]["items"]["discriminator"]["mapping"]) == sorted(NAMES)


@pytest.mark.parametrize("model", QUESTION_TYPES, ids=NAMES)
def test_no_response_is_unanswered_in_every_type(model: type[KeyedQuestion]) -> None:
    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    @given(questions(NAMES[QUESTION_TYPES.index(model)]))
    def check(author: dict[str, typing.Any]) -> None:
        outcome = grade_question(question_of(author), None)
        assert (outcome.status, outcome.score) == ("unanswered", 0)

    check()
