"""The settings of a quiz in the notebook host, kernel side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import comm
import ipywidgets
import pytest
from comm.base_comm import BaseComm
from material import ROOT, load_text

import civicquiz
from civicquiz.grading.arrangement import arranged
from civicquiz.hosts.widget import QuizWidget
from civicquiz.model.quiz import Quiz

QUESTIONS = """\
questions:
  - id: a
    type: single-choice
    prompt: x
    hint: y
    options: [{text: one, correct: true}, {text: two, feedback: Why not two.}, three]
    explanation: Why one.
    points: 4
    objectives: [C.1]
  - {id: b, type: numeric, prompt: x, answer: 5, tolerance: 0}
  - {id: c, type: open-response, prompt: x}
"""


class _NoBrowser(BaseComm):
    def publish_msg(self, *_: Any, **__: Any) -> None:
        """Nothing is sent anywhere."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(comm, "create_comm", _NoBrowser)
    monkeypatch.delenv("CIVICQUIZ_BOOK", raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    ipywidgets.Widget.close_all()


def _quiz(folder: Path, settings: str = "") -> Quiz:
    return load_text(folder, f"title: T\n{settings}{QUESTIONS}")


def _say(widget: QuizWidget, **message: Any) -> None:
    widget._handle_custom_msg(message, [])


def _check(widget: QuizWidget, question: str, response: Any) -> dict[str, Any] | None:
    _say(widget, type="check", question=question, response=response)
    return widget.outcomes.get(question)


def _status(widget: QuizWidget) -> dict[str, str]:
    return {name: outcome["status"] for name, outcome in widget.outcomes.items()}


def _kept() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path("quiz.responses.json").read_text("utf-8"))
    return content


# ---- Attempts and hints ----


def test_attempts_are_counted_and_the_last_one_settles(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "attempts: 2\nattempt_penalty: 0.5\n"))
    first = _check(widget, "a", ["two"])
    assert first is not None
    assert (first["settled"], first["attempt"]) == (False, 1)
    _say(widget, type="retry", question="a")
    last = _check(widget, "a", ["three"])
    assert last is not None
    assert (last["settled"], last["attempt"], last["answer"]) == (True, 2, ["one"])
    _say(widget, type="retry", question="a")
    assert _check(widget, "a", ["one"]) == last


def test_right_answer_at_the_second_attempt_earns_less(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "attempts: 3\nattempt_penalty: 0.25\n"))
    _check(widget, "a", ["two"])
    _say(widget, type="retry", question="a")
    _check(widget, "a", ["one"])
    assert widget.result.score == 3
    assert QuizWidget(widget._quiz).result.score == 3


def test_number_that_cannot_be_read_is_not_an_attempt(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "attempts: 1\n"))
    _check(widget, "b", "five")
    outcome = _check(widget, "b", "5")
    assert outcome is not None
    assert outcome["status"] == "correct"


def test_opened_hint_costs_its_share_also_after_a_reload(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "hint_penalty: 0.5\n"))
    widget.notes = {"a": {"hint": True}}
    _check(widget, "a", ["one"])
    assert widget.result.outcomes["a"].score == 2
    assert QuizWidget(widget._quiz).result.outcomes["a"].score == 2


def test_start_over_gives_no_attempt_back(tmp_path: Path) -> None:
    """Whatever the browser says about the response to a question that is settled."""
    widget = QuizWidget(_quiz(tmp_path, "attempts: 1\n"))
    _check(widget, "a", ["two"])
    widget.responses = {"b": "5"}
    widget.responses, widget.notes = {}, {}
    _say(widget, type="reset")
    for again in (widget, QuizWidget(widget._quiz)):
        outcome = _check(again, "a", ["one"])
        assert outcome is not None
        assert outcome["status"] == "incorrect"
        again.responses = {"a": ["one"]}
        _say(again, type="finish", questions=["a"])
        assert _status(again)["a"] == "incorrect"
    assert _kept()["attempts"] == {"a": 1}
    assert _kept()["responses"] == {"a": ["two"]}


def test_start_over_gives_attempts_back_where_they_are_not_limited(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, ""))
    _check(widget, "a", ["two"])
    _say(widget, type="reset")
    outcome = _check(widget, "a", ["one"])
    assert outcome is not None
    assert outcome["status"] == "correct"
    assert _kept()["attempts"] == {"a": 1}


# ---- Feedback at the end, or none ----


def test_finish_settles_everything_and_lists_what_was_not_answered(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "feedback: at-end\n"))
    widget.responses = {"a": ["two"], "b": "five"}
    _say(widget, type="finish", questions=["a", "b", "c"])
    assert _status(widget) == {"a": "incorrect", "b": "unanswered", "c": "unanswered"}
    assert all(outcome["settled"] for outcome in widget.outcomes.values())
    assert widget.outcomes["b"]["answer"] == "5"
    assert widget.responses["b"] == "five"
    assert _status(QuizWidget(widget._quiz)) == _status(widget)


def test_finish_of_nothing_changes_nothing(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path))
    _check(widget, "a", ["one"])
    _say(widget, type="finish", questions=["a"])
    _say(widget, type="finish", questions=[])
    _say(widget, type="finish", questions="a")
    _say(widget, type="again", questions=["nope", 5, None])
    assert _status(widget) == {"a": "correct"}


def test_again_clears_only_what_was_missed_and_has_attempts_left(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "feedback: at-end\nattempts: 2\n"))
    widget.responses = {"a": ["two"], "b": "5", "c": "text"}
    _say(widget, type="finish", questions=["a", "b", "c"])
    _say(widget, type="again", questions=["a"])
    assert _status(widget) == {"b": "correct", "c": "needs-review"}
    assert "a" not in widget.responses
    widget.responses = {**widget.responses, "a": ["three"]}
    _say(widget, type="finish", questions=["a", "b", "c"])
    _say(widget, type="again", questions=["a"])
    assert _status(widget)["a"] == "incorrect"
    assert _kept()["attempts"] == {"a": 2, "b": 1, "c": 1}


def test_quiz_without_feedback_reveals_nothing_whatever_it_is_asked(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "feedback: none\n"))
    widget.responses = {"a": ["one"]}
    for action in ("check", "reveal", "finish", "again", "retry"):
        _say(widget, type=action, question="a", questions=["a"], response=["one"])
    assert widget.outcomes == {}
    assert widget.result.score == 0
    assert _kept()["responses"] == {"a": ["one"]}
    sent = json.dumps(widget.quiz)
    for secret in ("Why one", "Why not two"):
        assert secret not in sent


# ---- Marks and session ----


def test_flags_and_certainty_are_kept(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "certainty: marks\n"))
    widget.notes = {"a": {"flag": True, "certainty": 3}}
    _check(widget, "a", ["two"])
    assert widget.result.certainty_marks == -6
    again = QuizWidget(widget._quiz)
    assert again.notes == {"a": {"flag": True, "certainty": 3}}
    assert again.result.certainty_marks == -6


def test_seed_is_kept_before_the_first_answer_where_it_matters(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "pick: 1\n")
    widget = QuizWidget(quiz)
    seed = widget.overall["seed"]
    assert _kept()["session"]["seed"] == seed
    assert list(widget.result.outcomes) == arranged(quiz, seed)[0][1]
    assert QuizWidget(quiz).overall["seed"] == seed


def test_browser_cannot_change_the_seed(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "pick: 1\n"))
    seed = widget.overall["seed"]
    widget.overall = {"seed": 1, "started": 5}
    assert _kept()["session"] == {"seed": seed, "started": 5}


def test_named_questions_are_shown_whole_and_in_that_order(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "pick: 1\nshuffle: [questions, options]\n"), ["b", "a"])
    assert [question["id"] for question in widget.quiz["questions"]] == ["b", "a"]
    assert "pick" not in widget.quiz
    assert widget.quiz["shuffle"] == ["options"]
    assert widget.result.max_score == 5


def test_another_language_changes_the_texts_of_outcomes_and_no_score() -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    widget = QuizWidget(quiz)
    widget.responses = {"who-passed": ["the-president"]}
    _say(widget, type="finish", questions=["who-passed"])
    before = widget.outcomes["who-passed"]
    widget.overall = {**widget.overall, "language": "es"}
    after = widget.outcomes["who-passed"]
    assert after["explanation"].startswith("<p>El Congreso")
    assert after["feedback"][0]["html"].startswith("<p>Un presidente")
    assert "guardan" in widget.notice or "guardad" in widget.notice
    assert {**after, "explanation": 0, "feedback": 0} == {**before, "explanation": 0, "feedback": 0}
    assert QuizWidget(quiz).outcomes["who-passed"] == after


def test_result_sums_objectives(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path))
    _check(widget, "a", ["one"])
    assert widget.result.objectives == {"C.1": (4, 4)}


@pytest.mark.parametrize(
    "content",
    [{"marks": {"a": 5}}, {"attempts": {"a": -1}}, {"session": {"seed": "x"}}, {"marks": {"a": {"certainty": [1]}}}],
)
def test_odd_content_of_a_response_file_does_no_harm(tmp_path: Path, content: dict[str, Any]) -> None:
    whole = {"schema": 1, "responses": {"a": ["one"]}, "checked": {"a": True}} | content
    Path("quiz.responses.json").write_text(json.dumps(whole), "utf-8")
    widget = QuizWidget(_quiz(tmp_path, "certainty: marks\n"))
    assert _status(widget) == {"a": "correct"}
    assert isinstance(widget.overall["seed"], int)


# ---- What a second widget, another kernel or a person may have written ----


def test_answer_given_in_another_widget_counts_when_all_is_finished(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "feedback: at-end\n")
    part, whole = QuizWidget(quiz, ["b"]), QuizWidget(quiz)
    part.responses = {"b": "5"}
    _say(whole, type="finish", questions=["a", "b", "c"])
    assert _status(whole)["b"] == "correct"
    assert _kept()["responses"] == {"b": "5"}


def test_attempts_made_in_another_widget_count(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "attempts: 1\n")
    one, two = QuizWidget(quiz), QuizWidget(quiz)
    _check(one, "a", ["two"])
    outcome = _check(two, "a", ["one"])
    assert outcome is not None
    assert outcome["settled"]
    assert _kept()["attempts"] == {"a": 1}


def test_attempts_made_in_another_widget_are_not_forgotten_by_typing_here(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "attempts: 2\n")
    one, two = QuizWidget(quiz), QuizWidget(quiz)
    _check(one, "a", ["two"])
    two.responses = {"a": ["three"]}
    outcome = _check(two, "a", ["three"])
    assert outcome is not None
    assert (outcome["settled"], outcome["attempt"]) == (True, 2)
    assert _kept()["attempts"] == {"a": 2}


@pytest.mark.parametrize("typed", [True, False])
def test_question_that_another_widget_has_settled_is_closed_here_and_the_learner_is_told(
    tmp_path: Path, typed: bool
) -> None:
    quiz = _quiz(tmp_path, "attempts: 1\n")
    one, two = QuizWidget(quiz), QuizWidget(quiz)
    _check(one, "a", ["two"])
    if typed:
        two.responses = {"a": ["one"]}
    else:
        _check(two, "a", ["one"])
    assert two.responses == {"a": ["two"]}
    assert two.outcomes == one.outcomes
    assert two.result.score == 0
    assert "already finished in another window" in two.notice
    assert _kept()["responses"] == {"a": ["two"]}


def test_second_press_before_the_kernel_has_answered_is_not_a_second_attempt(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "attempts: 2\n"))
    for _ in range(2):
        outcome = _check(widget, "a", ["two"])
        assert outcome is not None
        assert (outcome["settled"], outcome["attempt"]) == (False, 1)
    assert _kept()["attempts"] == {"a": 1}


def test_start_over_stops_the_clock_and_keeps_the_seed_and_the_language() -> None:
    widget = QuizWidget(civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml"))
    widget.overall = {**widget.overall, "language": "es", "started": 7, "extra": 2}
    before = widget.overall
    _say(widget, type="reset")
    assert widget.overall == {**before, "started": 0, "extra": 0, "finished": False}
    content = json.loads(Path("at-the-end.responses.json").read_text("utf-8"))
    assert content["session"] == widget.overall


def test_session_of_another_widget_is_not_overwritten(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "time_limit: 5\n")
    part, whole = QuizWidget(quiz, ["b"]), QuizWidget(quiz)
    whole.overall = {**whole.overall, "started": 7, "extra": 2}
    part.responses = {"b": "5"}
    assert {"started": 7, "extra": 2}.items() <= _kept()["session"].items()


def test_quiz_without_feedback_shows_nothing_that_an_older_file_says_was_checked(tmp_path: Path) -> None:
    whole = {"schema": 1, "responses": {"b": "4"}, "checked": {"a": True, "b": True}}
    Path("quiz.responses.json").write_text(json.dumps(whole), "utf-8")
    assert QuizWidget(_quiz(tmp_path, "feedback: none\n")).outcomes == {}


def test_open_response_is_not_counted_as_an_attempt_that_could_be_the_last(tmp_path: Path) -> None:
    widget = QuizWidget(_quiz(tmp_path, "attempts: 1\n"))
    for text in ("first", "second"):
        outcome = _check(widget, "c", text)
        assert outcome is not None
        assert outcome["status"] == "needs-review"
        _say(widget, type="retry", question="c")


def test_another_language_is_sent_when_it_is_chosen_and_not_before() -> None:
    widget = QuizWidget(civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml"))
    assert "translations" not in widget.quiz
    assert widget.quiz["languages"] == ["en", "es"]
    widget.overall = {**widget.overall, "language": "es"}
    assert widget.quiz["title"] == "Ejemplo: los resultados al final"
    widget.overall = {**widget.overall, "language": "en"}
    assert widget.quiz["title"] == "Example: feedback at the end"


@pytest.mark.parametrize(
    "settings",
    [
        "feedback: at-end",
        "attempts: 2",
        "attempt_penalty: 0.5",
        "hint_penalty: 0.5",
        "shuffle: [options]",
        "pick: 1",
        "sections: [{title: x, questions: [a, b, c]}]",
        "time_limit: 5",
        "certainty: reflect",
    ],
)
def test_every_setting_brings_its_script(tmp_path: Path, settings: str) -> None:
    assert "timeLimit" in QuizWidget(_quiz(tmp_path, f"{settings}\n"))._esm


def test_hint_opened_in_another_widget_costs_what_it_costs_here(tmp_path: Path) -> None:
    quiz = _quiz(tmp_path, "feedback: at-end\nhint_penalty: 0.5\n")
    part, whole = QuizWidget(quiz, ["a"]), QuizWidget(quiz)
    part.notes = {"a": {"hint": True}}
    part.responses = {"a": ["one"]}
    _say(whole, type="finish", questions=["a"])
    assert whole.result.outcomes["a"].score == 2
