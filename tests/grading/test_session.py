"""The session of a learner: what each action does to it, and what the learner is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material import ROOT, decoded_key, quiz_of, sessions

from civicquiz.errors import ResponseError
from civicquiz.frontend.payload import encoded_key, public_payload
from civicquiz.grading.session import Session, act, caught_up, restored, result, verdict
from civicquiz.model.quiz import Quiz

CASES_FILE = ROOT / "tests" / "session_cases.json"
TABLE: dict[str, Any] = json.loads(CASES_FILE.read_text("utf-8"))


def _quiz(name: str) -> Quiz:
    author = TABLE["quizzes"][name]["author"]
    return quiz_of(*author["questions"], **{key: value for key, value in author.items() if key != "questions"})


def _verdicts(quiz: Quiz, session: Session) -> dict[str, Any]:
    verdicts = {question.id: verdict(quiz, session, question.id) for question in quiz.questions}
    return {
        name: [shown.outcome.status, shown.outcome.score, shown.settled] for name, shown in verdicts.items() if shown
    }


# ---- The table of cases that JavaScript is tested with as well (js/session.test.js) ----


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['of']}: {case['name']}")
def test_case_of_the_table(case: dict[str, Any]) -> None:
    quiz = _quiz(case["of"])
    shown = [question.id for question in quiz.questions]
    session = restored(quiz, Session(**case.get("kept", {})), shown, TABLE["seed"])
    for step in case["steps"]:
        refusal: ResponseError | None = None
        if "do" in step:
            done = act(quiz, session, step["do"], shown)
            session, refusal = done.session, done.refusal
        assert _verdicts(quiz, session) == step["told"]
        assert (refusal.code if refusal else None) == step.get("refusal")
        for table in step.keys() - {"do", "told", "refusal"}:
            assert getattr(session, table) == step[table]


def test_table_holds_what_a_browser_gets_today(update_golden: bool) -> None:
    for name, entry in TABLE["quizzes"].items():
        quiz = _quiz(name)
        public = json.loads(json.dumps(public_payload(quiz)))
        public = {key: value for key, value in public.items() if key not in ("strings", "name", "version")}
        keys = json.loads(json.dumps(decoded_key(encoded_key(quiz, quiz.questions))))
        if update_golden:
            entry["quiz"], entry["keys"] = public, keys
        assert (entry["quiz"], entry["keys"]) == (public, keys), f"{name}: run with --update-golden"
    if update_golden:
        CASES_FILE.write_text(_table_text(TABLE), "utf-8")


def _table_text(table: dict[str, Any]) -> str:
    """The table as JSON, with one step, and one part of a quiz, per line."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    quizzes = ",\n".join(
        f"    {line(name)}: {{\n" + ",\n".join(f"      {line(part)}: {line(entry[part])}" for part in entry) + "\n    }"
        for name, entry in table["quizzes"].items()
    )
    cases = ",\n".join(
        "    {\n"
        + "".join(f"      {line(part)}: {line(case[part])},\n" for part in case if part != "steps")
        + '      "steps": [\n'
        + ",\n".join(f"        {line(step)}" for step in case["steps"])
        + "\n      ]\n    }"
        for case in table["cases"]
    )
    start = f'"about": {line(table["about"])},\n  "seed": {table["seed"]}'
    return f'{{\n  {start},\n  "quizzes": {{\n{quizzes}\n  }},\n  "cases": [\n{cases}\n  ]\n}}\n'


# ---- Rules for all sessions ----


@settings(max_examples=100)
@given(sessions())
def test_no_action_ever_loses_a_settled_outcome_or_an_attempt(drawn: Any) -> None:
    quiz, kept, messages = drawn
    shown = [question.id for question in quiz.questions]
    session = restored(quiz, kept, shown, 5)
    for message in messages:
        before, verdicts = session, _verdicts(quiz, session)
        session = act(quiz, session, message, shown).session
        if message.get("type") in ("reset", "again"):
            continue
        for name, (status, score, settled) in verdicts.items():
            if settled and status not in ("needs-review", "unscored"):
                assert _verdicts(quiz, session)[name] == [status, score, settled]
        for name in shown:
            assert session.attempts.get(name, 0) - before.attempts.get(name, 0) in (0, 1)


@settings(max_examples=100)
@given(sessions())
def test_restored_session_shows_the_same_verdicts(drawn: Any) -> None:
    quiz, kept, messages = drawn
    shown = [question.id for question in quiz.questions]
    session = restored(quiz, kept, shown, 5)
    for message in messages:
        session = act(quiz, session, message, shown).session
    again = restored(quiz, session, shown, 6)
    for name in shown:
        if again.responses.get(name) == session.responses.get(name):  # it still fits, or is half a number
            assert _verdicts(quiz, again).get(name) == _verdicts(quiz, session).get(name)
    assert again.overall["seed"] == session.overall["seed"]


@settings(max_examples=60)
@given(sessions(), st.data())
def test_only_the_questions_that_are_shown_are_touched(drawn: Any, data: st.DataObject) -> None:
    quiz, kept, messages = drawn
    ids = [question.id for question in quiz.questions]
    shown = data.draw(st.lists(st.sampled_from(ids), unique=True))
    session = kept
    for message in messages:
        step = act(quiz, session, message, shown)
        assert set(step.touched) <= set(shown)
        for name in set(ids) - set(shown):
            for table in ("responses", "checked", "attempts", "notes"):
                assert getattr(step.session, table).get(name) == getattr(session, table).get(name)
        session = step.session


def test_result_counts_what_is_not_checked_as_unanswered() -> None:
    quiz = _quiz("practice")
    session = Session({"a": ["one"], "b": "5"}, {"a": True}, overall={"seed": 5})
    judged = verdict(quiz, session, "a")
    assert judged is not None
    earned = result(quiz, {"a": judged}, ["a", "b"])
    assert (earned.score, earned.max_score) == (4, 5)
    assert earned.outcomes["b"].status == "unanswered"


# ---- Another window ----

IDS = ("a", "b", "c")


def test_what_another_window_did_with_other_questions_is_taken_over() -> None:
    current = Session({"a": ["two"]}, overall={"seed": 5})
    kept = Session({"b": "5", "a": ["three"]}, {"b": True}, {"b": 2}, {"b": {"flag": True}})
    step = caught_up(current, kept, {"a"}, IDS)
    assert step.touched == ("b",)
    assert step.session == Session({"a": ["two"], "b": "5"}, {"b": True}, {"b": 2}, {"b": {"flag": True}}, {"seed": 5})


def test_attempts_of_both_windows_count() -> None:
    current, kept = Session({"a": ["two"]}, {}, {"a": 1}), Session({"a": ["three"]}, {"a": False}, {"a": 2})
    step = caught_up(current, kept, {"a"}, IDS)
    assert step.session == Session({"a": ["two"]}, {}, {"a": 2})
    assert caught_up(step.session, Session({}, {}, {"a": 1}), {"a"}, IDS).session == step.session


def test_question_that_another_window_has_settled_is_settled_here_with_its_answer_there() -> None:
    current, kept = Session({"a": ["one"]}), Session({"a": ["two"]}, {"a": True}, {"a": 1})
    step = caught_up(current, kept, {"a"}, IDS)
    assert (step.session, step.touched) == (kept, ("a",))
    settled_here = Session({"a": ["one"]}, {"a": True}, {"a": 1})
    assert caught_up(settled_here, kept, {"a"}, IDS).touched == ()


def test_empty_file_takes_nothing_away() -> None:
    current = Session({"a": ["one"]}, {"a": True}, {"a": 1})
    assert caught_up(current, Session(), set(), IDS) == caught_up(current, current, set(), IDS)
    assert caught_up(current, Session(), set(), IDS).session == current
