"""The fast way to grade a class gives the same results as ``grading.grade_handed_in``."""

from __future__ import annotations

from typing import Any

import pytest
from class_files import ESSAY
from hypothesis import given
from hypothesis import strategies as st
from material import load_text, quiz_of, quizzes, responses_to

from civicquiz.classroom.gradebook.grader import Grader, needs_review, score_of
from civicquiz.grading import grade_handed_in
from civicquiz.grading.responses import session_from_json
from civicquiz.grading.session import Session
from civicquiz.model.quiz import Quiz

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("x" * 1000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def check(quiz: Quiz, grader: Grader, session: Session) -> None:
    result, expected = grade_handed_in(quiz, session.responses, session.progress())
    rows, unreadable = grader.grade(session)
    order = [question.id for question in quiz.questions if question.id in result.outcomes]
    assert [grader.questions[row.question_index].id for row in rows] == order
    for row in rows:
        outcome = result.outcomes[grader.questions[row.question_index].id]
        assert row.status == outcome.status
        assert row.score == (None if outcome.status == "needs-review" else outcome.score)
        assert (row.response is None) == (outcome.response is None)
        assert row.certainty == outcome.certainty
    assert len(unreadable) == len(expected)
    assert abs(score_of(rows) - result.score) < 1e-5
    assert abs(grader.max_score(rows) - result.max_score) < 1e-5


@given(st.data())
def test_scores_are_those_of_grading_also_when_they_are_looked_up(data: st.DataObject) -> None:
    quiz = data.draw(quizzes())
    grader = Grader(quiz)
    for _ in range(3):
        responses = {
            question.id: data.draw(st.one_of(responses_to(question), _ANY), label=question.id)
            for question in quiz.questions
        }
        count = data.draw(st.integers(0, 5))
        session = session_from_json(
            {
                "schema": 1,
                "responses": responses | {"no-such-question": 1},
                "attempts": dict.fromkeys(responses, count),
                "marks": {name: {"hint": True, "certainty": count} for name in responses},
                "session": {"seed": data.draw(st.integers(0, 2**32 - 1))},
            }
        )
        check(quiz, grader, session)
        check(quiz, grader, session)


def test_what_attempts_and_hints_cost_is_not_mixed_up() -> None:
    question = {"id": "q", "type": "true-false", "prompt": "So?", "answer": True, "hint": "Yes."}
    quiz = quiz_of(question, attempt_penalty=0.25, hint_penalty=0.5)
    grader = Grader(quiz)
    earned = []
    for tries, hint in ((1, False), (2, False), (1, True), (2, True), (1, False)):
        session = Session({"q": ["true"]}, attempts={"q": tries}, notes={"q": {"hint": hint}})
        check(quiz, grader, session)
        earned.append(grader.grade(session)[0][0].score)
    assert earned == [1, 0.75, 0.5, 0.25, 1]


def test_a_learner_is_graded_on_the_questions_that_the_learner_got() -> None:
    questions: list[dict[str, Any]] = [
        {"id": f"q{n}", "type": "true-false", "prompt": "So?", "answer": True} for n in range(6)
    ]
    quiz = quiz_of(*questions, pick=2)
    grader = Grader(quiz)
    for seed in range(5):
        session = Session({f"q{n}": ["true"] for n in range(6)}, overall={"seed": seed})
        check(quiz, grader, session)
        assert len(grader.grade(session)[0]) == 2


def test_open_answers_wait_and_are_no_zeros(tmp_path: Any) -> None:
    grader = Grader(load_text(tmp_path, ESSAY))
    rows, _ = grader.grade(Session({"opinion": "I would."}))
    assert [(row.status, row.score) for row in rows] == [("needs-review", None)]
    assert (score_of(rows), needs_review(rows)) == (0.0, True)
    rows, _ = grader.grade(Session({}))
    assert [(row.status, row.score) for row in rows] == [("unanswered", 0.0)]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"attempts": {"a": 3}}, "checked 3 times, and 2 is the limit"),
        ({"checked": {"a": True}, "attempts": {}}, ""),  # as after half a number
        ({"marks": {"a": {"hint": True}}}, "was opened, and it has none"),
        ({"marks": {"a": {"certainty": 7}}}, "not one of the three levels"),
        ({"marks": {"a": {"certainty": [3]}}}, "not one of the three levels"),
        ({"attempts": {"a": 2}, "checked": {"a": True}, "marks": {"a": {"certainty": 3}}}, ""),
    ],
)
def test_claims_that_no_host_writes_are_named_and_earn_nothing(more: dict[str, Any], words: str) -> None:
    quiz = quiz_of({"id": "a", "type": "true-false", "prompt": "x", "answer": True}, attempts=2, attempt_penalty=0.5)
    content = {"schema": 1, "quiz": "quiz", "responses": {"a": ["true"]}, "checked": {}, **more}
    session = session_from_json(content)
    grader = Grader(quiz)
    claims = grader.impossible_claims(session)
    assert [words in claim for claim in claims] == [True] * bool(words)
    rows, _ = grader.grade(session)
    assert 0 <= (rows[0].score or 0) <= 1
