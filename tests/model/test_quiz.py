"""Loading a quiz, choosing from it, and its JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, QUIZ, RIGHT, SEEDS, load_text, questions, quizzes, write, write_course
from pydantic import ValidationError
from quiz_schema import VALIDATOR, plain, schema_errors

import civicquiz
from civicquiz.authoring.yaml_source import read
from civicquiz.errors import QuizError
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.schemas import json_schema

# ---- Loading ----


def test_quiz_is_loaded_from_its_file_by_path_or_text(tmp_path: Path) -> None:
    file = write_course(tmp_path)
    for path in (file, str(file)):
        quiz = civicquiz.load(path)
        assert (quiz.name, quiz.path, quiz.title, quiz.language) == ("law", file, "A law of 1798", "en")
        assert [question.id for question in quiz.questions] == list(RIGHT)


def test_quiz_keeps_its_file_when_the_working_folder_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    quiz = civicquiz.load("quizzes/law.yml")
    monkeypatch.chdir("/")
    assert quiz.path == tmp_path / "quizzes" / "law.yml"


def test_quiz_does_not_change_after_loading(tmp_path: Path) -> None:
    quiz = civicquiz.load(write_course(tmp_path))
    with pytest.raises(ValidationError):
        quiz.title = "another"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        quiz.questions[0].points = 5  # type: ignore[misc]


def test_quiz_in_a_course_knows_its_claims(tmp_path: Path) -> None:
    assert "h04" in civicquiz.load(write_course(tmp_path)).seeds.claims


def test_quiz_outside_of_a_course_needs_no_claims(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, "title: x\nquestions:\n  - {id: a, type: true-false, prompt: x, answer: true}\n")
    assert quiz.seeds.claims == {}


def test_claims_that_a_quiz_outside_of_a_course_cites_are_let_be(tmp_path: Path) -> None:
    quiz = load_text(tmp_path / "alone", QUIZ)
    assert quiz.questions[0].cites == ("h04",)


@pytest.mark.parametrize(
    ("cites", "words"),
    [
        ("", "'cites' is missing"),
        ("cites: []", "'cites' is missing"),
        ("cites: [h40]", "there is no claim 'h40'"),
        ("cites: [h99]", "claim 'h99' is not verified"),
        ("cites: [h04, h99]", "claim 'h99' is not verified"),
    ],
)
def test_question_in_a_course_has_to_cite_verified_claims(tmp_path: Path, cites: str, words: str) -> None:
    write(tmp_path / "seeds" / "record.yml", SEEDS)
    more = f", {cites}" if cites else ""
    text = f"title: x\nquestions:\n  - {{id: a, type: true-false, prompt: x, answer: true{more}}}\n"
    with pytest.raises(QuizError) as caught:
        civicquiz.load(write(tmp_path / "quizzes" / "x.yml", text))
    (problem,) = caught.value.problems
    assert words in problem.message
    assert "'a'" in problem.message
    assert problem.line == 3


def test_broken_question_is_also_checked_for_its_claims_and_its_id(tmp_path: Path) -> None:
    write(tmp_path / "seeds" / "record.yml", SEEDS)
    text = (
        "title: x\nquestions:\n  - {id: a, type: numeric, prompt: x, answer: 1, cites: [nope]}\n"
        "  - {id: a, type: essay}\n"
    )
    with pytest.raises(QuizError) as caught:
        civicquiz.load(write(tmp_path / "quizzes" / "x.yml", text))
    messages = " | ".join(problem.message for problem in caught.value.problems)
    for words in ("'tolerance' is missing", "no claim 'nope'", "duplicate question id 'a'", "unknown type", "'cites'"):
        assert words in messages


def test_ids_that_differ_only_in_spaces_around_them_are_the_same(tmp_path: Path) -> None:
    text = "title: x\nquestions:\n" + "".join(
        f"  - {{id: {name}, type: true-false, prompt: x, answer: true}}\n" for name in ("a", "' a'")
    )
    with pytest.raises(QuizError, match="duplicate question id 'a'"):
        load_text(tmp_path, text)


def test_problem_of_the_seeds_stops_the_quiz_too(tmp_path: Path) -> None:
    file = write_course(tmp_path)
    write(tmp_path / "seeds" / "broken.yml", "claims: x\n")
    with pytest.raises(QuizError, match=r"broken\.yml:1:9"):
        civicquiz.load(file)


# ---- Choosing ----


def test_select_gives_the_named_questions_in_that_order(tmp_path: Path) -> None:
    quiz = civicquiz.load(write_course(tmp_path))
    assert quiz.select(None) == quiz.questions
    assert [question.id for question in quiz.select(["by-age", "passed-in"])] == ["by-age", "passed-in"]
    assert quiz.select([]) == ()


def test_select_names_the_questions_there_are(tmp_path: Path) -> None:
    quiz = civicquiz.load(write_course(tmp_path))
    with pytest.raises(KeyError, match=r"quiz 'law' has no question 'nope' \(it has: passed-in, wars,"):
        quiz.select(["passed-in", "nope"])


# ---- Schema ----


STATEMENT = "{id: a, type: true-false, prompt: x, answer: true"
CHOICE = "{id: a, type: single-choice, prompt: x"


def test_schema_is_a_draft_2020_12_schema() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_schema_accepts_the_examples(file: Path) -> None:
    assert schema_errors(file) == []


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(questions(), min_size=1, max_size=3, unique_by=lambda question: question["id"]))
def test_schema_accepts_whatever_the_loader_accepts(written: list[dict[str, Any]]) -> None:
    content = {"title": "x", "questions": written}
    Quiz.model_validate(content)
    VALIDATOR.validate(content)


@pytest.mark.parametrize(
    "text",
    [
        "title: 1798\nquestions: [{id: 5, type: true-false, prompt: 1.5, answer: true}]",
        f"title: x\nlesson: y\nlanguage: de-AT\nquestions: [{STATEMENT}, points: 0.5}}]",
        f"title: x\nquestions: [{CHOICE}, options: [{{text: 1, correct: true}}, 2, b, 1.5]}}]",
        "title: x\nquestions: [{id: a, type: order, prompt: x, items: [1, b, {text: c, id: 9}]}]",
        f"title: x\nquestions: [{STATEMENT}, feedback: {{true: 1, false: b}}, hint: 2}}]",
        "title: x\nlesson: null\nquestions: [{id: a, type: numeric, prompt: x, answer: 1, tolerance: 0, unit: null}]",
    ],
)
def test_schema_and_loader_accept_the_same_short_forms(tmp_path: Path, text: str) -> None:
    load_text(tmp_path, text)
    VALIDATOR.validate(plain(read(tmp_path / "quiz.yml").value))


@pytest.mark.parametrize(
    "text",
    [
        "questions: [{id: a, type: true-false, prompt: x, answer: true}]",
        "title: x\nquestions: []",
        "title: x\nauthor: y\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]",
        "title: x\nquestions: [{id: a, type: essay, prompt: x}]",
        "title: x\nquestions: [{id: a, type: numeric, prompt: x, answer: 1}]",
        "title: x\nquestions: [{id: a, type: numeric, prompt: x, answer: 1, tolerance: -1}]",
        "title: x\nquestions: [{id: a, type: numeric, prompt: x, answer: true, tolerance: 0}]",
        "title: x\nquestions: [{id: a b, type: true-false, prompt: x, answer: true}]",
        "title: x\nquestions: [{id: a, type: true-false, prompt: '', answer: true}]",
        "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: no}]",
        "title: x\nquestions: [{id: a, type: true-false, promt: x, answer: true}]",
        "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: true, points: 0}]",
        "title: x\nquestions: [{id: a, type: single-choice, prompt: x, options: [{text: a, correct: true}]}]",
        "title: x\nquestions: [{id: a, type: single-choice, prompt: x, options: [{text: a, correct: yes}, b]}]",
        "title: x\nquestions: [{id: a, type: order, prompt: x, items: [{text: a, correct: true}, b]}]",
        "title: x\nlanguage: English\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]",
        "title: x\nlesson: a/b\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]",
        "- a",
    ],
)
def test_schema_and_loader_refuse_the_same_mistakes(tmp_path: Path, text: str) -> None:
    with pytest.raises(QuizError):
        load_text(tmp_path, text)
    assert not VALIDATOR.is_valid(plain(read(tmp_path / "quiz.yml").value))


def test_schema_explains_every_key_of_every_question() -> None:
    for name, definition in json_schema()["$defs"].items():
        for key, about in definition["properties"].items():
            assert about.get("description") or "const" in about or name == "TrueFalseFeedback", (name, key)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(quizzes())
def test_random_quizzes_of_these_tests_are_valid(quiz: Quiz) -> None:
    assert quiz.questions


@pytest.mark.parametrize(("cited", "message"), [("42", "is not verified"), ("9999", "there is no claim '9999'")])
def test_claim_id_that_looks_like_a_number_is_looked_up_too(tmp_path: Path, cited: str, message: str) -> None:
    write_course(tmp_path)
    (tmp_path / "seeds" / "numbers.yml").write_text(
        "claims:\n  - {id: 42, text: x, speaker: y, statement: count, as_of: '1918', verified: false, reason: no}\n"
    )
    quiz = tmp_path / "quizzes" / "numbers.yml"
    quiz.write_text(
        f"title: t\nquestions:\n  - {{id: a, type: numeric, prompt: p, answer: 1, tolerance: 0, cites: [{cited}]}}\n"
    )
    with pytest.raises(QuizError, match=message):
        load(quiz)


def test_text_longer_than_any_quiz_needs_is_refused_before_it_is_read_as_markdown(tmp_path: Path) -> None:
    quiz = tmp_path / "long.yml"
    text = "![" + "*a_ " * 50_000
    quiz.write_text(f"title: t\nquestions:\n  - {{id: a, type: numeric, prompt: '{text}', answer: 1, tolerance: 0}}\n")
    with pytest.raises(QuizError, match="at most 10000 characters"):
        load(quiz)
