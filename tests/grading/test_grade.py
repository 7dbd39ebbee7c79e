"""Responses in, outcomes out."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import (
    RIGHT,
    ROOT,
    compiled,
    json_values,
    options,
    question_of,
    questions,
    quiz_of,
    quizzes,
    responses_to,
    right_answer,
    write,
    write_course,
)

import civicquiz
from civicquiz.errors import ResponseError
from civicquiz.grading import Outcome, Progress, Result, grade, grade_handed_in, grade_question, rounded
from civicquiz.model.questions import QUESTION_TYPES, QuestionBase
from civicquiz.model.quiz import Quiz

CASES_FILE = ROOT / "tests" / "grading_cases.json"
TABLE: dict[str, Any] = json.loads(CASES_FILE.read_text("utf-8"))

settings_for_quizzes = settings(suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def quiz(tmp_path: Path) -> Quiz:
    return civicquiz.load(write_course(tmp_path))


# ---- The table of cases that JavaScript is tested with as well (js/grading.test.js) ----


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['of']}: {case['name']}")
def test_case_of_the_table(case: dict[str, Any], tmp_path: Path) -> None:
    (question,) = _quiz_of(TABLE["questions"][case["of"]], tmp_path).questions
    if case["expect"] == "error":
        with pytest.raises(ResponseError, match=f"question '{question.id}'"):
            grade_question(question, case["response"])
        return
    outcome = grade_question(question, case["response"])
    assert {"status": outcome.status, "score": outcome.score} == case["expect"]


def _quiz_of(entry: dict[str, Any], folder: Path) -> Quiz:
    """A quiz of the author's question, with the translation of it that the table may have."""
    if "es" not in entry:
        return quiz_of(entry["author"])
    for name, question in (("quiz.es.yml", entry["es"]), ("quiz.yml", entry["author"])):
        write(folder / name, json.dumps({"title": "A quiz", "questions": [question]}))
    quiz = civicquiz.load(folder / "quiz.yml")
    assert not quiz.translations["es"].untranslated
    return quiz


def test_table_holds_what_a_browser_gets_today(update_golden: bool, tmp_path: Path) -> None:
    for name, entry in TABLE["questions"].items():
        if update_golden:
            entry["author"] = {"id": name, **entry["author"]}
        ((public, key),) = compiled(_quiz_of(entry, tmp_path))
        if update_golden:
            entry["question"], entry["key"] = public, key
        assert entry["author"]["id"] == name
        assert (entry["question"], entry["key"]) == (public, key), f"{name}: run with --update-golden"
    if update_golden:
        CASES_FILE.write_text(_table_text(TABLE), "utf-8")


def _table_text(table: dict[str, Any]) -> str:
    """The table as JSON, with one case, and one part of a question, per line."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    entries = []
    for name, entry in table["questions"].items():
        names = [part for part in ("author", "es", "question", "key") if part in entry]
        parts = ",\n".join(f"      {line(part)}: {line(entry[part])}" for part in names)
        entries.append(f"    {line(name)}: {{\n{parts}\n    }}")
    questions = ",\n".join(entries)
    cases = ",\n".join(f"    {line(case)}" for case in table["cases"])
    about = line(table["about"])
    return f'{{\n  "about": {about},\n  "questions": {{\n{questions}\n  }},\n  "cases": [\n{cases}\n  ]\n}}\n'


def test_table_covers_every_type_every_status_and_malformed_responses() -> None:
    seen: dict[str, set[str]] = {}
    for case in (case for case in TABLE["cases"] if not TABLE["questions"][case["of"]]["author"].get("void")):
        status = case["expect"] if case["expect"] == "error" else case["expect"]["status"]
        seen.setdefault(TABLE["questions"][case["of"]]["author"]["type"], set()).add(status)
    assert len(seen) == len(QUESTION_TYPES)
    never_partly = {"single-choice", "true-false", "numeric", "calculated"}
    for question_type, statuses in seen.items():
        if question_type in ("open-response", "poll"):
            scored = "needs-review" if question_type == "open-response" else "unscored"
            assert statuses == {scored, "unanswered", "error"}
        else:
            assert statuses >= {"correct", "incorrect", "unanswered", "error"}
            assert ("partly" in statuses) == (question_type not in never_partly)


# ---- A whole quiz ----


def test_result_has_an_outcome_for_every_question(quiz: Quiz) -> None:
    result = civicquiz.grade(quiz, {"by-age": "14", "citizens": ["true"]})
    assert list(result.outcomes) == [question.id for question in quiz.questions]
    assert result.score == 1
    assert result.max_score == 8
    assert result.outcomes["by-age"].status == "correct"
    assert result.outcomes["citizens"].status == "incorrect"
    assert result.outcomes["citizens"].messages == ("Feedback on citizens.",)


def test_unanswered_question_is_reported_as_unanswered_and_not_as_wrong(quiz: Quiz) -> None:
    for nothing in ({}, {"by-age": None}, {"by-age": " "}, {"wars": []}):
        result = civicquiz.grade(quiz, nothing)
        assert {outcome.status for outcome in result.outcomes.values()} == {"unanswered"}
        assert result.score == 0
        assert all(outcome.response is None for outcome in result.outcomes.values())


def test_outcome_includes_the_response_it_was_given_for(quiz: Quiz) -> None:
    outcome = civicquiz.grade(quiz, {"wars": ["civil-war"]}).outcomes["wars"]
    assert (outcome.question_id, outcome.response, outcome.max_score) == ("wars", ["civil-war"], 2)


@pytest.mark.parametrize(
    ("question_id", "response"),
    [
        ("passed-in", "1798"),
        ("passed-in", ["1066"]),
        ("passed-in", ["1798", "1812"]),
        ("wars", {"war-of-1812": True}),
        ("wars", ["civil-war", "civil-war"]),
        ("citizens", [False]),
        ("by-age", 14),
        ("by-age", "fourteen"),
        ("sequence", ["first"]),
        ("sequence", [0, 1, 2]),
    ],
)
def test_malformed_response_is_an_error_that_names_the_question(quiz: Quiz, question_id: str, response: Any) -> None:
    with pytest.raises(ResponseError) as caught:
        civicquiz.grade(quiz, RIGHT | {question_id: response})
    assert caught.value.question_id == question_id
    assert f"question '{question_id}'" in str(caught.value)


def test_response_to_an_unknown_question_is_an_error_with_the_nearest_one(quiz: Quiz) -> None:
    with pytest.raises(ResponseError, match=r"'by-aeg'.*'law' has no such question; did you mean 'by-age'\?"):
        civicquiz.grade(quiz, {"by-aeg": "14"})


@pytest.mark.parametrize("responses", [None, [], "x", 5, [("by-age", "14")]])
def test_responses_that_are_no_mapping_are_an_error(quiz: Quiz, responses: Any) -> None:
    with pytest.raises(ResponseError):
        civicquiz.grade(quiz, responses)


@pytest.mark.parametrize("key", [None, 5, ("a",), True])
def test_question_id_that_is_not_text_is_an_error(quiz: Quiz, key: Any) -> None:
    with pytest.raises(ResponseError):
        civicquiz.grade(quiz, {key: "14"})


# ---- What holds for every quiz ----


def _graded(question: QuestionBase, response: Any) -> tuple[Outcome | None, ResponseError | None]:
    """The outcome, or the error that was raised instead."""
    try:
        return grade_question(question, response), None
    except ResponseError as error:
        return None, error


@settings_for_quizzes
@given(quizzes())
def test_full_key_earns_the_full_score(quiz: Quiz) -> None:
    result = grade(quiz, {question.id: right_answer(question) or "words" for question in quiz.questions})
    assert result.max_score == pytest.approx(sum(question.points for question in quiz.questions))
    for question in quiz.questions:
        outcome = result.outcomes[question.id]
        best = "correct" if question.key() else "needs-review" if question.points else "unscored"
        assert (outcome.status, outcome.score) == (best, question.points if question.key() else 0)


@given(st.floats(0, 1000, exclude_min=True))
def test_right_answer_earns_exactly_the_points_that_are_shown(points: float) -> None:
    question = question_of({"id": "a", "type": "true-false", "prompt": "x", "answer": True, "points": points})
    outcome = grade_question(question, ["true"])
    assert outcome.score == outcome.max_score
    assert outcome.score > 0


@settings_for_quizzes
@given(quizzes())
def test_nothing_earns_nothing(quiz: Quiz) -> None:
    result = grade(quiz, {})
    assert result.score == 0
    assert {outcome.status for outcome in result.outcomes.values()} == {"unanswered"}


@settings_for_quizzes
@given(questions("multiple-choice") | questions("select-text"))
def test_ticking_everything_earns_nothing(author: dict[str, Any]) -> None:
    question = question_of(author)
    everything = [option.id for option in options(question)]
    outcome = grade_question(question, everything)
    assert (outcome.score, outcome.status) == (0, "incorrect")


@settings_for_quizzes
@given(questions("order"))
def test_reversed_order_earns_nothing(author: dict[str, Any]) -> None:
    question = question_of(author)
    outcome = grade_question(question, right_answer(question)[::-1])
    assert (outcome.score, outcome.status) == (0, "incorrect")


@settings_for_quizzes
@given(st.data())
def test_any_response_is_scored_within_bounds_or_refused_by_name(data: st.DataObject) -> None:
    question = question_of(data.draw(questions()))
    response = data.draw(responses_to(question))
    outcome, refused = _graded(question, response)
    if outcome is None:
        assert refused is not None
        assert refused.question_id == question.id
        assert f"question '{question.id}'" in str(refused)
        return
    assert 0 <= outcome.score <= outcome.max_score == question.points
    if outcome.max_score:  # a poll has no points
        assert (outcome.status == "correct") == (outcome.score == outcome.max_score)
    if outcome.status in ("incorrect", "unanswered"):
        assert outcome.score == 0


@settings_for_quizzes
@given(quizzes(), st.one_of(json_values, st.dictionaries(st.text(max_size=4), json_values, max_size=3)))
def test_arbitrary_json_is_graded_or_refused_and_never_crashes(quiz: Quiz, responses: Any) -> None:
    with contextlib.suppress(ResponseError):
        assert isinstance(grade(quiz, responses), Result)


@settings_for_quizzes
@given(st.data())
def test_one_right_tick_more_never_earns_less(data: st.DataObject) -> None:
    question = question_of(data.draw(questions("multiple-choice")))
    right = right_answer(question)
    ticked = data.draw(st.lists(st.sampled_from([option.id for option in options(question)]), unique=True))
    missing = [name for name in right if name not in ticked]
    if missing:
        assert grade_question(question, [*ticked, missing[0]]).score >= grade_question(question, ticked).score


@given(st.floats(0, 1000))
def test_rounded_score_is_within_a_millionth(score: float) -> None:
    assert rounded(score) == pytest.approx(score, abs=1e-6)
    assert rounded(rounded(score)) == rounded(score)


# ---- What learners hand in ----


def test_handed_in_response_that_cannot_be_read_counts_as_no_answer_and_is_reported(quiz: Quiz) -> None:
    result, unreadable = grade_handed_in(quiz, {**RIGHT, "by-age": "1e", "wars": ["a-war"], "gone": "14"})
    assert {name: outcome.status for name, outcome in result.outcomes.items()} == {
        "passed-in": "correct",
        "wars": "unanswered",
        "citizens": "correct",
        "by-age": "unanswered",
        "sequence": "correct",
    }
    assert result == grade(quiz, {name: RIGHT[name] for name in ("passed-in", "citizens", "sequence")})
    assert [str(error) for error in unreadable] == [
        "question 'wars': there is no option 'a-war' (there are: war-of-1812, world-war-i, civil-war, korean-war)",
        "question 'by-age': '1e' is not a number (write it like 14, 0.5 or 480,000)",
        "question 'gone': the quiz 'law' has no such question",
    ]


def test_handed_in_responses_are_a_mapping(quiz: Quiz) -> None:
    with pytest.raises(ResponseError, match="a mapping of question ids"):
        grade_handed_in(quiz, ["14"])  # type: ignore[arg-type]


@settings_for_quizzes
@given(st.data())
def test_whatever_is_handed_in_is_graded_as_grade_does_it_without_what_cannot_be_read(data: st.DataObject) -> None:
    quiz = data.draw(quizzes())
    given_ = {question.id: data.draw(responses_to(question)) for question in quiz.questions}
    result, unreadable = grade_handed_in(quiz, given_)
    named = {error.question_id for error in unreadable}
    assert result == grade(quiz, {name: value for name, value in given_.items() if name not in named})
    for name in named:
        with pytest.raises(ResponseError):
            grade(quiz, {name: given_[name]})


def test_file_that_says_a_question_was_never_checked_earns_nothing_extra(quiz: Quiz) -> None:
    costly = quiz.model_copy(update={"attempt_penalty": 0.5})
    progress = Progress(attempts={"by-age": 0})
    assert grade(costly, {"by-age": "14"}, progress).outcomes["by-age"].score == 1
