"""The settings of a quiz: what authors are told, and how settings affect a score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import load_text, questions, quiz_of, responses_to, right_answer
from pydantic import ValidationError

import civicquiz
from civicquiz.errors import QuizError, ResponseError
from civicquiz.grading import Outcome, Progress, calibration, certainty_mark
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import with_introductions

QUESTIONS = """\
questions:
  - {id: a, type: true-false, prompt: x, answer: true, tags: [law], objectives: [D2.Civ.4.9-12], points: 2}
  - {id: b, type: true-false, prompt: x, answer: false, tags: [law, courts], difficulty: hard}
  - {id: c, type: true-false, prompt: x, answer: false, tags: [people], objectives: [D2.Civ.4.9-12]}
"""


def _problems(folder: Path, text: str) -> str:
    with pytest.raises(QuizError) as caught:
        load_text(folder, f"title: T\n{text}{QUESTIONS}")
    return "\n".join(str(problem).split("quiz.yml:", 1)[1] for problem in caught.value.problems)


MISTAKES = {
    "feedback: later\n": "2:11: 'feedback' must be 'immediate', 'at-end' or 'none' (got 'later')",
    "attempts: 0\n": "2:11: 'attempts' must be >= 1 (got 0)",
    "attempts: many\n": "2:11: 'attempts' must be a whole number (got 'many')",
    "attempt_penalty: 2\n": "2:18: 'attempt_penalty' must be <= 1 (got 2)",
    "hint_penalty: -1\n": "2:15: 'hint_penalty' must be >= 0 (got -1)",
    "shuffle: [answers]\n": "2:11: 'shuffle' entry 1 must be 'questions' or 'options' (got 'answers')",
    "pick: 9\n": "2:7: 'pick': is more than the number of questions in the quiz (3)",
    "time_limit: 0\n": "2:13: 'time_limit' must be > 0 (got 0)",
    "layout: two\n": "2:9: 'layout' must be 'all' or 'one' (got 'two')",
    "certainty: high\n": "2:12: 'certainty' must be 'off', 'reflect' or 'marks' (got 'high')",
    "feedback: none\nattempts: 2\n": "3:11: 'attempts': has no effect with 'feedback: none'",
    "sections: [{tag: law}, {tag: peple}]\n": (
        "section 2: 'tag': no question has the tag 'peple'\n    hint: did you mean 'people'?"
    ),
    "sections: [{tag: law}]\n": "question 'c' (true-false): is not in any section",
    "sections: [{tag: law}, {questions: [b, c]}]\n": "question 'b' is also in section 1",
    "sections: [{questions: [a, b, c, d]}]\n": "there is no question 'd'",
    "sections: [{questions: [a, b, c, a]}]\n": "question 'a' appears twice in the section",
    "sections: [{title: x}]\n": "section 1: has neither 'questions' nor 'tag'",
    "sections: [{tag: law, questions: [a]}]\n": "section 1: has both 'questions' and 'tag'",
    "sections: [{questions: [a, b, c], pick: 4}]\n": (
        "section 1: 'pick': is more than the number of questions in the section (3)"
    ),
    "sections: [{questions: [a, b, c]}]\npick: 2\n": "'pick': has no effect together with 'sections'",
    "stimuli: {poll: {text: x}}\n": "no question has 'stimulus: poll'",
    "stimuli: {poll: {}}\n": "'text' is missing",
    "objectives: {D2.Civ.5: x}\n": "no question has the objective 'D2.Civ.5'",
    "objectives: {a b: x}\n": "is not in the right format",
}


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: text.splitlines()[-1][:40])
def test_author_is_told_what_does_not_fit(tmp_path: Path, text: str) -> None:
    assert MISTAKES[text] in _problems(tmp_path, text)


def test_question_that_refers_to_a_missing_stimulus_is_reported(tmp_path: Path) -> None:
    text = "stimuli: {poll: {text: x}}\n"
    question = "  - {id: d, type: true-false, prompt: x, answer: true, stimulus: pole}\n"
    with pytest.raises(QuizError, match="there is no stimulus 'pole'\n    hint: did you mean 'poll'"):
        load_text(tmp_path, f"title: T\n{text}{QUESTIONS}{question}")


def test_all_settings_can_stand_together(tmp_path: Path) -> None:
    text = (
        "feedback: at-end\nattempts: 3\nattempt_penalty: 0.25\nhint_penalty: 0.1\nshuffle: [questions, options]\n"
        "time_limit: 20\ncertainty: marks\nobjectives: {D2.Civ.4.9-12: Explain}\n"
        "sections: [{title: One, text: Read, tag: law, pick: 1}, {questions: [c]}]\n"
    )
    quiz = load_text(tmp_path, f"title: T\n{text}{QUESTIONS}")
    assert quiz.sections[0].members(quiz.questions) == ["a", "b"]
    assert quiz.questions[1].difficulty == "hard"


# ---- Scores ----

STATEMENTS: list[dict[str, Any]] = [
    {"id": name, "type": "true-false", "prompt": "x", "answer": True, "points": 4, "objectives": [code]}
    for name, code in (("a", "C.1"), ("b", "C.1"), ("c", "C.2"))
]


def test_each_further_attempt_and_the_hint_cost_their_share() -> None:
    quiz = quiz_of(*STATEMENTS, attempt_penalty=0.25, hint_penalty=0.5)
    given_ = {"a": ["true"], "b": ["true"], "c": ["true"]}
    result = civicquiz.grade(quiz, given_, Progress(attempts={"b": 3, "c": 2}, hints={"c"}))
    assert [outcome.score for outcome in result.outcomes.values()] == [4, 2, 1]
    assert {outcome.status for outcome in result.outcomes.values()} == {"correct"}


def test_score_is_summed_by_objective() -> None:
    result = civicquiz.grade(quiz_of(*STATEMENTS), {"a": ["true"], "b": ["false"], "c": ["true"]})
    assert result.objectives == {"C.1": (4, 8), "C.2": (4, 4)}


def test_questions_that_a_learner_did_not_get_do_not_count() -> None:
    quiz = quiz_of(*STATEMENTS, pick=2)
    everything = {name: ["true"] for name in "abc"}
    result = civicquiz.grade(quiz, everything, Progress(seed=7))
    assert (result.score, result.max_score, len(result.outcomes)) == (8, 8, 2)
    assert civicquiz.grade(quiz, everything).max_score == 12


def test_certainty_marks_follow_gardner_medwin() -> None:
    """1, 2, 3 for a right answer and 0, -2, -6 for a wrong one."""
    quiz = quiz_of(*STATEMENTS, certainty="marks")
    for level, (right, wrong) in {1: (1, 0), 2: (2, -2), 3: (3, -6)}.items():
        progress = Progress(certainty={"a": level, "b": level})
        result = civicquiz.grade(quiz, {"a": ["true"], "b": ["false"]}, progress)
        assert [certainty_mark(result.outcomes[name]) for name in "abc"] == [right, wrong, 0]
        assert result.certainty_marks == right + wrong
    assert civicquiz.grade(quiz_of(*STATEMENTS), {}).certainty_marks is None


def test_partly_right_answer_earns_its_share_of_the_certainty_mark() -> None:
    assert certainty_mark(Outcome("a", "partly", 1, 4, ["x"], certainty=2)) == 0.5
    assert certainty_mark(Outcome("a", "correct", 0, 4, ["x"], certainty=3)) == 0  # right, but attempts cost all of it


def test_calibration_counts_right_answers_by_certainty() -> None:
    quiz = quiz_of(*STATEMENTS, certainty="reflect")
    result = civicquiz.grade(quiz, {"a": ["true"], "b": ["false"]}, Progress(certainty={"a": 3, "b": 3, "c": 1}))
    assert calibration(result.outcomes.values()) == {1: (0, 0), 2: (0, 0), 3: (2, 1)}
    assert result.score == 4


shares = st.sampled_from([0, 0.1, 0.25, 1 / 3, 0.5, 1])


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_a_quiz_is_set_to_a_score_stays_within_0_and_its_maximum(data: st.DataObject) -> None:
    author = data.draw(questions())
    quiz = quiz_of(
        author,
        attempts=data.draw(st.none() | st.integers(1, 5)),
        attempt_penalty=data.draw(shares),
        hint_penalty=data.draw(shares),
        certainty=data.draw(st.sampled_from(["off", "reflect", "marks"])),
        shuffle=data.draw(st.lists(st.sampled_from(["questions", "options"]), unique=True)),
    )
    (question,) = quiz.questions
    progress = Progress(
        data.draw(st.none() | st.integers(0, 2**32 - 1)),
        {question.id: data.draw(st.integers(1, 9))},
        data.draw(st.sampled_from([(), (question.id,)])),
        {question.id: data.draw(st.sampled_from([1, 2, 3]))},
    )
    response = data.draw(responses_to(question))
    try:
        result = civicquiz.grade(quiz, {question.id: response}, progress)
    except ResponseError:
        return
    outcome = result.outcomes[question.id]
    assert 0 <= result.score <= result.max_score == question.points
    assert -6 <= certainty_mark(outcome) <= 3
    # A different seed changes what is shown, but never what a response is worth.
    other = Progress(1, progress.attempts, progress.hints, progress.certainty)
    assert civicquiz.grade(quiz, {question.id: response}, other).score == result.score
    # Neither attempts nor hints ever add points.
    assert result.score <= civicquiz.grade(quiz, {question.id: response}).score


@pytest.mark.slow
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(author=questions(), seed=st.none() | st.integers(0, 2**32 - 1))
def test_full_key_earns_everything_at_the_first_attempt(author: dict[str, Any], seed: int | None) -> None:
    quiz = quiz_of(author, attempts=3, attempt_penalty=0.5, hint_penalty=0.5, shuffle=["questions", "options"])
    (question,) = quiz.questions
    result = civicquiz.grade(quiz, {question.id: right_answer(question) or "text"}, Progress(seed=seed))
    if result.outcomes[question.id].status != "needs-review":
        assert result.score == result.max_score == question.points
    assert civicquiz.grade(quiz, {}, Progress(seed=seed)).score == 0


# ---- What is read before a question ----


def _introduced(quiz: Quiz, *, sections: bool = True) -> list[str]:
    """The titles of the introductions and the ids of the questions, in order."""
    shown = []
    for introductions, question in with_introductions(quiz, quiz.questions, sections=sections):
        shown += [str(introduction.title) for introduction in introductions] + [question.id]
    return shown


def _quiz_on(*stimuli: str | None, **settings: Any) -> Quiz:
    """Questions a, b, c ... that refer to these stimuli."""
    about = [{} if name is None else {"stimulus": name} for name in stimuli]
    base = {"type": "true-false", "prompt": "x", "answer": True}
    texts = {name: {"title": name.upper(), "text": "x"} for name in stimuli if name}
    return quiz_of(*({**base, "id": "abcdef"[n], **part} for n, part in enumerate(about)), stimuli=texts, **settings)


def test_a_shared_text_is_read_once_before_the_questions_on_it() -> None:
    quiz = _quiz_on(None, "map", "map", "poll", "map")
    assert _introduced(quiz) == ["a", "MAP", "b", "c", "POLL", "d", "MAP", "e"]


def test_a_section_starts_with_its_heading_and_repeats_the_shared_text_of_the_one_before() -> None:
    sections = [{"title": "One", "questions": ["c", "a"]}, {"title": "Two", "questions": ["b"]}]
    quiz = _quiz_on("map", "map", "map", sections=sections)
    assert _introduced(quiz) == ["One", "MAP", "c", "a", "Two", "MAP", "b"]
    assert _introduced(quiz, sections=False) == ["MAP", "a", "b", "c"]


def test_a_section_without_title_and_text_leaves_nothing_to_read() -> None:
    sections = [{"questions": ["a"]}, {"text": "Read.", "questions": ["b"]}]
    quiz = _quiz_on(None, None, sections=sections)
    shown = [len(introductions) for introductions, _ in with_introductions(quiz, quiz.questions)]
    assert shown == [0, 1]


@pytest.mark.parametrize("settings", [{"pick": 1}, {"sections": [{"questions": ["view", "a"], "pick": 1}]}])
def test_poll_is_not_among_drawn_questions(settings: dict[str, Any]) -> None:
    poll = {"id": "view", "type": "poll", "prompt": "x", "options": ["yes", "no"]}
    other = {"id": "a", "type": "true-false", "prompt": "x", "answer": True}
    with pytest.raises(ValidationError) as caught:
        quiz_of(poll, other, **settings)
    (problem,) = caught.value.errors()[0]["ctx"]["problems"]
    assert problem.path == ("questions", 0)
    assert problem.message.startswith("a poll cannot be among questions")
