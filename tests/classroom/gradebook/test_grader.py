"""The quick way to grade a class gives what grading gives."""

from __future__ import annotations

from typing import Any

from class_files import ESSAY
from hypothesis import given
from hypothesis import strategies as st
from material import load_text, quiz_of, quizzes, responses_to

from civicquiz.classroom.gradebook.grader import STATUSES, Key, max_score, scores
from civicquiz.grading import grade_handed_in
from civicquiz.grading.responses import Sitting
from civicquiz.model.quiz import Quiz

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("x" * 1000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def check(quiz: Quiz, key: Key, sitting: Sitting) -> None:
    result, unread = grade_handed_in(quiz, sitting.responses, sitting.progress())
    rows, why = key.mark(sitting)
    order = [question.id for question in quiz.questions if question.id in result.outcomes]
    assert [key.questions[row[0]].id for row in rows] == order
    for row in rows:
        outcome = result.outcomes[key.questions[row[0]].id]
        assert STATUSES[row[1]] == outcome.status
        assert row[2] == (None if outcome.status == "needs-review" else outcome.score)
        assert (row[3] is None) == (outcome.response is None)
        assert row[5] == outcome.certainty
    assert len(why) == len(unread)
    assert abs(scores(rows)[0] - result.score) < 1e-5
    assert abs(max_score(key, rows) - result.max_score) < 1e-5


@given(st.data())
def test_marks_are_those_of_the_grader_also_when_they_are_looked_up(data: st.DataObject) -> None:
    quiz = data.draw(quizzes())
    key = Key(quiz)
    for _ in range(3):
        responses = {
            question.id: data.draw(st.one_of(responses_to(question), _ANY), label=question.id)
            for question in quiz.questions
        }
        count = data.draw(st.integers(0, 5))
        sitting = Sitting.from_json(
            {
                "schema": 1,
                "responses": responses | {"no-such-question": 1},
                "attempts": dict.fromkeys(responses, count),
                "marks": {name: {"hint": True, "certainty": count} for name in responses},
                "session": {"seed": data.draw(st.integers(0, 2**32 - 1))},
            }
        )
        check(quiz, key, sitting)
        check(quiz, key, sitting)


def test_what_attempts_and_hints_cost_is_not_mixed_up() -> None:
    question = {"id": "q", "type": "true-false", "prompt": "So?", "answer": True, "hint": "Yes."}
    quiz = quiz_of(question, attempt_penalty=0.25, hint_penalty=0.5)
    key = Key(quiz)
    earned = []
    for tries, hint in ((1, False), (2, False), (1, True), (2, True), (1, False)):
        sitting = Sitting({"q": ["true"]}, attempts={"q": tries}, marks={"q": {"hint": hint}})
        check(quiz, key, sitting)
        earned.append(key.mark(sitting)[0][0][2])
    assert earned == [1, 0.75, 0.5, 0.25, 1]


def test_a_learner_is_graded_on_the_questions_that_the_learner_got() -> None:
    questions: list[dict[str, Any]] = [
        {"id": f"q{n}", "type": "true-false", "prompt": "So?", "answer": True} for n in range(6)
    ]
    quiz = quiz_of(*questions, pick=2)
    key = Key(quiz)
    for seed in range(5):
        sitting = Sitting({f"q{n}": ["true"] for n in range(6)}, session={"seed": seed})
        check(quiz, key, sitting)
        assert len(key.mark(sitting)[0]) == 2


def test_open_answers_wait_and_are_no_zeros(tmp_path: Any) -> None:
    key = Key(load_text(tmp_path, ESSAY))
    rows, _ = key.mark(Sitting({"opinion": "I would."}))
    assert [(STATUSES[row[1]], row[2]) for row in rows] == [("needs-review", None)]
    assert scores(rows) == (0.0, True)
    rows, _ = key.mark(Sitting({}))
    assert [(STATUSES[row[1]], row[2]) for row in rows] == [("unanswered", 0.0)]
