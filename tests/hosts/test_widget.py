"""The notebook host, kernel side: what is sent to the browser, what is saved, what can be observed."""

from __future__ import annotations

import inspect
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import comm
import ipywidgets
import nbformat
import pytest
from comm.base_comm import BaseComm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import QUIZ, RIGHT, ROOT, json_values, quiz_of, write, write_course
from nbclient import NotebookClient

import civicquiz
from civicquiz.frontend.static_files import static_text
from civicquiz.grading import Result
from civicquiz.grading.responses import ResponseFile
from civicquiz.hosts.placeholder import QuizPlaceholder, parse_placeholder
from civicquiz.hosts.widget import QuizWidget
from civicquiz.model.quiz import Quiz

FILE = "law.responses.json"

ANOTHER_LAW = """\
title: Another law
questions: [{id: by-age, type: numeric, prompt: From what age on?, answer: 15, tolerance: 0}]
"""


class RecordingComm(BaseComm):
    """A channel without a browser that records what was sent."""

    sent: list[dict[str, Any]] = []  # noqa: RUF012

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        self.sent.append({"msg_type": msg_type, "data": data, "metadata": metadata})


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Everything that would have gone to the browser."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(RecordingComm, "sent", messages)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    monkeypatch.delenv("CIVICQUIZ_BOOK", raising=False)
    yield messages
    ipywidgets.Widget.close_all()


@pytest.fixture
def quiz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quiz:
    quiz = civicquiz.load(write_course(tmp_path / "course"))
    notebook = tmp_path / "notebook"
    notebook.mkdir()
    monkeypatch.chdir(notebook)
    return quiz


def _show(quiz: Quiz, questions: list[str] | None = None) -> QuizWidget:
    widget = civicquiz.show(quiz, questions)
    assert isinstance(widget, QuizWidget)
    return widget


def _saving(widget: QuizWidget) -> tuple[int, bool]:
    """Up to where the browser is told that everything is saved, or that it is not."""
    return widget.saving["revision"], widget.saving["saved"]


def _say(widget: QuizWidget, **message: Any) -> None:
    """A message from the browser."""
    widget._handle_custom_msg(message, [])


def _check(widget: QuizWidget, question: str, response: Any) -> dict[str, Any] | None:
    _say(widget, type="check", question=question, response=response)
    return widget.outcomes.get(question)


def _browser_sets(widget: QuizWidget, **state: Any) -> None:
    """The browser changes a part of the state that both sides share."""
    widget.set_state(state)


def _saved() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(FILE).read_text("utf-8"))
    return content


# ---- Showing ----


def test_quiz_is_at_most_two_widget_models(quiz: Quiz) -> None:
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    _show(quiz)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) - before <= 2


def test_quiz_can_stand_in_a_layout(quiz: Quiz) -> None:
    widget = _show(quiz)
    assert ipywidgets.VBox([widget]).children == (widget,)


def test_show_takes_a_path_and_some_questions(quiz: Quiz) -> None:
    widget = civicquiz.show(quiz.path, ["by-age", "passed-in"])
    assert isinstance(widget, QuizWidget)
    assert [question["id"] for question in widget.quiz["questions"]] == ["by-age", "passed-in"]
    assert list(widget.result.outcomes) == ["by-age", "passed-in"]


@pytest.mark.slow
def test_kernel_shows_the_quiz_and_grades_and_saves_what_a_browser_sends(quiz: Quiz) -> None:
    """Not this process but a kernel of Jupyter, with its own channel: it differs from one ipywidgets to another."""
    cells = (
        f"import civicquiz\nwidget = civicquiz.show({str(quiz.path)!r})\nwidget",
        "def hears(**sent):\n"
        "    widget.comm.handle_msg({'content': {'data': sent}, 'buffers': []})\n"
        "hears(method='update', state={'responses': {'by-age': '14'}})\n"
        "hears(method='custom', content={'type': 'check', 'question': 'by-age', 'response': '14'})\n"
        "print(widget.outcomes['by-age']['status'])",
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, resources={"metadata": {"path": str(Path.cwd())}}).execute()
    shown, answered = (cell["outputs"] for cell in notebook.cells)
    assert "application/vnd.jupyter.widget-view+json" in shown[0]["data"]
    assert "run this cell" in shown[0]["data"]["text/html"]  # for a program that shows no widgets
    assert [output.get("text") for output in answered] == ["correct\n"]
    assert _saved()["responses"] == {"by-age": "14"}
    assert _saved()["checked"] == {"by-age": True}


def test_answers_are_kept_in_the_folder_that_is_named(
    quiz: Quiz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, here = tmp_path / "drive", tmp_path / "here"
    drive.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    widget = civicquiz.show(quiz, folder=drive)
    assert isinstance(widget, QuizWidget)
    widget.responses = {"by-age": "14"}
    assert [path.name for path in drive.glob("*.json")] == [f"{quiz.name}.responses.json"]
    assert list(here.iterdir()) == []
    again = civicquiz.show(quiz, folder=str(drive))
    assert isinstance(again, QuizWidget)
    assert again.responses == {"by-age": "14"}


def test_unknown_question_is_named(quiz: Quiz) -> None:
    with pytest.raises(KeyError, match="no question 'nope'"):
        civicquiz.show(quiz, ["nope"])


def test_front_end_is_a_module_with_a_render_function(quiz: Quiz) -> None:
    assert _show(quiz)._esm.rstrip().endswith("export default { render: civicquiz.renderInNotebook };")


def test_scripts_are_sent_only_where_a_question_needs_them(quiz: Quiz) -> None:
    scale, settings = static_text("interactions/scale.js"), static_text("settings.js")
    assert scale not in _show(quiz, ["passed-in"])._esm
    assert scale in QuizWidget(civicquiz.load(ROOT / "examples" / "timeline.yml"))._esm
    assert settings not in _show(quiz)._esm
    assert settings in QuizWidget(civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml"))._esm


def test_nothing_is_written_before_an_answer_is_given(quiz: Quiz) -> None:
    _show(quiz)
    assert not Path(FILE).exists()


def test_quiz_of_twenty_questions_sends_at_most_80_kb(sent: list[dict[str, Any]]) -> None:
    """Its choices have 83 options in all."""
    texts = [f"Statement {number}, as long as an option of a quiz often is" for number in range(5)]
    quiz = quiz_of(
        *(
            {
                "id": f"question-{number}",
                "type": "single-choice",
                "prompt": f"Question {number}, about which of the statements below is right?",
                "hint": "Look at the second one.",
                "options": [{"text": texts[0], "correct": True}, *texts[1 : 5 if number % 7 == 0 else 4]],
            }
            for number in range(20)
        )
    )
    _show(quiz)
    assert len(json.dumps(sent, ensure_ascii=False, default=str).encode()) <= 80_000


# ---- Checking ----


def test_right_response_is_settled_with_answer_explanation_and_sources(quiz: Quiz) -> None:
    outcome = _check(_show(quiz), "passed-in", ["1798"])
    assert outcome is not None
    assert (outcome["status"], outcome["score"], outcome["max"], outcome["settled"]) == ("correct", 1, 1, True)
    assert outcome["answer"] == ["1798"]
    assert outcome["explanation"] == "<p>Explanation of the year.</p>"
    assert outcome["feedback"] == [{"id": "1798", "html": "<p>Feedback on the right year.</p>"}]
    assert outcome["sources"][0]["text"] == "The Act is of 1798."


def test_wrong_response_gets_its_feedback_and_no_more(quiz: Quiz) -> None:
    outcome = _check(_show(quiz), "passed-in", ["1812"])
    assert outcome == {
        "status": "incorrect",
        "score": 0,
        "max": 1,
        "settled": False,
        "feedback": [{"id": "1812", "html": "<p>Feedback on the wrong year.</p>"}],
    }


def test_reveal_settles_and_keeps_the_score_of_the_response(quiz: Quiz) -> None:
    widget = _show(quiz)
    _check(widget, "wars", ["war-of-1812"])
    _say(widget, type="reveal", question="wars")
    outcome = widget.outcomes["wars"]
    assert (outcome["status"], outcome["score"], outcome["settled"]) == ("partly", 1, True)
    assert outcome["answer"] == ["war-of-1812", "world-war-i"]


def test_reveal_before_any_check_shows_nothing(quiz: Quiz, sent: list[dict[str, Any]]) -> None:
    widget = _show(quiz)
    _say(widget, type="reveal", question="passed-in")
    assert widget.outcomes == {}
    assert "Explanation of" not in _sent_text(sent)


def test_retry_opens_a_question_that_is_not_settled(quiz: Quiz) -> None:
    widget = _show(quiz)
    _check(widget, "passed-in", ["1812"])
    _say(widget, type="retry", question="passed-in")
    assert widget.outcomes == {}
    assert widget.result.outcomes["passed-in"].status == "unanswered"
    outcome = _check(widget, "passed-in", ["1798"])
    assert outcome is not None
    assert outcome["status"] == "correct"


@pytest.mark.parametrize("settle", ["correct", "reveal"])
def test_settled_question_cannot_be_answered_again(quiz: Quiz, settle: str) -> None:
    widget = _show(quiz)
    _check(widget, "passed-in", ["1798"] if settle == "correct" else ["1812"])
    if settle == "reveal":
        _say(widget, type="reveal", question="passed-in")
    before = widget.result
    _say(widget, type="retry", question="passed-in")
    _check(widget, "passed-in", ["1917"] if settle == "correct" else ["1798"])
    assert widget.result == before
    assert widget.outcomes["passed-in"]["settled"]


def test_empty_response_is_not_checked(quiz: Quiz) -> None:
    widget = _show(quiz)
    for nothing in (None, []):
        assert _check(widget, "passed-in", nothing) is None
    assert _check(widget, "by-age", "  ") is None
    assert widget.result.score == 0


@pytest.mark.parametrize(
    ("question", "response", "code"),
    [
        ("by-age", "fourteen", "not_a_number"),
        ("by-age", 14, "not_readable"),
        ("passed-in", ["1066"], "not_readable"),
        ("passed-in", "1798", "not_readable"),
        ("sequence", ["first"], "not_readable"),
    ],
)
def test_malformed_response_is_answered_with_a_problem_and_no_outcome(
    quiz: Quiz, sent: list[dict[str, Any]], question: str, response: Any, code: str
) -> None:
    widget = _show(quiz)
    assert _check(widget, question, response) is None
    problems = [message["data"]["content"] for message in sent if message["data"].get("method") == "custom"]
    assert len(problems) == 1
    assert problems[0] == {"type": "problem", "question": question, "code": code}
    assert code in widget.quiz["strings"]
    assert widget.result.outcomes[question].status == "unanswered"


def test_reset_clears_outcomes_and_file(quiz: Quiz) -> None:
    widget = _show(quiz)
    for question, response in RIGHT.items():
        _check(widget, question, response)
    assert widget.result.score == 8
    _browser_sets(widget, responses={})
    _say(widget, type="reset")
    assert widget.outcomes == {}
    assert widget.result.score == 0
    assert (_saved()["responses"], _saved()["checked"]) == ({}, {})
    outcome = _check(widget, "passed-in", ["1812"])
    assert outcome is not None
    assert not outcome["settled"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.one_of(
        json_values,
        st.fixed_dictionaries(
            {"type": st.sampled_from(["check", "reveal", "retry", "reset", "x"])},
            optional={"question": st.sampled_from(list(RIGHT)) | json_values, "response": json_values},
        ),
    )
)
def test_arbitrary_message_does_no_harm(quiz: Quiz, caplog: pytest.LogCaptureFixture, message: Any) -> None:
    caplog.clear()
    widget = _show(quiz)
    widget._handle_custom_msg(message, [])
    assert not [record for record in caplog.records if "Exception" in record.getMessage()]
    assert 0 <= widget.result.score <= widget.result.max_score
    Path(FILE).unlink(missing_ok=True)


# ---- Observing ----


def test_result_can_be_observed(quiz: Quiz) -> None:
    widget = _show(quiz)
    seen: list[Result] = []
    widget.observe(lambda change: seen.append(change["new"]), names="result")
    _check(widget, "passed-in", ["1798"])
    _check(widget, "wars", ["war-of-1812"])
    assert [result.score for result in seen] == [1, 2]
    assert seen[-1].max_score == 8
    assert seen[-1].outcomes["citizens"].status == "unanswered"
    assert widget.result is seen[-1]


def test_result_is_that_of_grade_once_everything_is_checked(quiz: Quiz) -> None:
    widget = _show(quiz)
    for question, response in RIGHT.items():
        _check(widget, question, response)
    assert widget.result == civicquiz.grade(quiz, RIGHT)


# ---- The key stays in the kernel ----

SECRETS = ("Explanation of", "Feedback on", "The Act is of 1798", "480 people", "marshal", '"answer"', "weights")


def _sent_text(sent: list[dict[str, Any]]) -> str:
    """Everything that was sent, except for the front end's source and the words of the interface."""
    messages = json.loads(json.dumps(sent, default=str))
    for message in messages:
        state = (message["data"] or {}).get("state") or {}
        state.pop("_esm", None)
        state.pop("_css", None)
        if isinstance(state.get("quiz"), dict):
            state["quiz"].pop("strings", None)
    return json.dumps(messages, ensure_ascii=False)


def test_key_does_not_cross_when_the_quiz_is_shown(quiz: Quiz, sent: list[dict[str, Any]]) -> None:
    widget = _show(quiz)
    text = _sent_text(sent)
    assert "In which year did" in text
    for secret in SECRETS:
        assert secret not in text, secret
    state = widget.get_state()
    state["quiz"] = {name: value for name, value in state["quiz"].items() if name != "strings"}
    shown = json.dumps({name: value for name, value in state.items() if name not in ("_esm", "_css")}, default=str)
    for secret in SECRETS:
        assert secret not in shown, secret


def test_key_of_a_question_does_not_cross_before_it_is_settled(quiz: Quiz, sent: list[dict[str, Any]]) -> None:
    widget = _show(quiz)
    _check(widget, "passed-in", ["1812"])
    _check(widget, "wars", ["civil-war"])
    _check(widget, "by-age", "15")
    _check(widget, "citizens", ["true"])
    _check(widget, "sequence", ["third", "second", "first"])
    _check(widget, "by-age", "fifteen")
    text = _sent_text(sent)
    for secret in ("Explanation of", "The Act is of 1798", '"answer"', "Feedback on the right year", "weights"):
        assert secret not in text, secret
    _say(widget, type="reveal", question="by-age")
    text = _sent_text(sent)
    assert "Explanation of the age" in text
    for secret in ("Explanation of the year", "Explanation of the wars", "Feedback on the right year"):
        assert secret not in text, secret


def test_saved_file_holds_no_key(quiz: Quiz) -> None:
    widget = _show(quiz)
    for question, response in RIGHT.items():
        _check(widget, question, response)
    text = Path(FILE).read_text("utf-8")
    for secret in ("Explanation", "Feedback", "score", "correct"):
        assert secret not in text


# ---- Saving and finding again ----


def test_answer_is_saved_beside_the_notebook_as_it_is_given(quiz: Quiz) -> None:
    widget = _show(quiz)
    _browser_sets(widget, responses={"by-age": "1"})
    assert _saved()["responses"] == {"by-age": "1"}
    _browser_sets(widget, responses={"by-age": "14"})
    assert _saved()["responses"] == {"by-age": "14"}
    assert _saved()["checked"] == {}
    assert FILE in widget.notice


def test_message_alone_is_enough_to_save_the_answer(quiz: Quiz) -> None:
    _check(_show(quiz), "by-age", "14")
    assert _saved()["responses"] == {"by-age": "14"}
    assert _saved()["checked"] == {"by-age": True}


def test_answers_and_outcomes_are_found_again(quiz: Quiz) -> None:
    first = _show(quiz)
    _check(first, "passed-in", ["1798"])
    _check(first, "wars", ["civil-war"])
    _check(first, "citizens", ["true"])
    _say(first, type="reveal", question="citizens")
    _browser_sets(first, responses={**first.responses, "by-age": "fourte"})
    second = _show(quiz)
    assert second.responses == first.responses
    assert second.outcomes == first.outcomes
    assert second.result == first.result
    assert second.outcomes["passed-in"]["settled"]
    assert not second.outcomes["wars"]["settled"]
    assert second.outcomes["citizens"]["settled"]
    assert second.responses["by-age"] == "fourte"


def test_answers_are_graded_by_the_key_of_today(quiz: Quiz) -> None:
    _check(_show(quiz), "by-age", "14")
    quiz.path.write_text(quiz.path.read_text("utf-8").replace("answer: 14", "answer: 21"), "utf-8")
    again = _show(civicquiz.load(quiz.path))
    assert again.outcomes["by-age"]["status"] == "incorrect"
    assert again.result.score == 0


def test_answer_with_an_option_that_is_gone_is_not_shown_and_not_lost(quiz: Quiz) -> None:
    _check(_show(quiz), "passed-in", ["1812"])
    quiz.path.write_text(quiz.path.read_text("utf-8").replace('"1812"', '"1813"'), "utf-8")
    again = _show(civicquiz.load(quiz.path))
    assert "passed-in" not in again.responses
    assert "passed-in" not in again.outcomes
    assert _saved()["responses"]["passed-in"] == ["1812"]


def test_answer_to_a_question_that_is_gone_is_not_lost(quiz: Quiz) -> None:
    _check(_show(quiz), "by-age", "14")
    quiz.path.write_text(quiz.path.read_text("utf-8").replace("id: by-age", "id: at-age"), "utf-8")
    _check(_show(civicquiz.load(quiz.path)), "at-age", "14")
    assert set(_saved()["responses"]) == {"by-age", "at-age"}


def test_parts_of_a_quiz_share_one_file(quiz: Quiz) -> None:
    one, two = _show(quiz, ["passed-in", "wars"]), _show(quiz, ["by-age"])
    _check(one, "passed-in", ["1798"])
    _check(two, "by-age", "14")
    _check(one, "wars", ["civil-war"])
    assert set(_saved()["responses"]) == {"passed-in", "by-age", "wars"}
    whole = _show(quiz)
    assert whole.result.score == 2
    _browser_sets(one, responses={})
    _say(one, type="reset")
    assert _saved()["responses"] == {"by-age": "14"}
    assert _saved()["checked"] == {"by-age": True}


def test_unreadable_file_is_moved_away_and_the_learner_is_told(quiz: Quiz) -> None:
    Path(FILE).write_text("{ half a fi")
    widget = _show(quiz)
    assert "could not be read" in widget.notice
    assert f"{FILE}.unreadable-1" in widget.notice
    _check(widget, "by-age", "14")
    assert Path(f"{FILE}.unreadable-1").read_text() == "{ half a fi"
    assert _saved()["responses"] == {"by-age": "14"}


def test_learner_is_told_when_nothing_can_be_saved_and_goes_on(quiz: Quiz, tmp_path: Path) -> None:
    widget = QuizWidget(quiz, folder=tmp_path / "gone")
    outcome = _check(widget, "by-age", "14")
    assert outcome is not None
    assert outcome["status"] == "correct"
    assert "could not be saved" in widget.notice
    assert widget.result.score == 1


def test_learner_is_told_when_an_answer_of_another_window_is_replaced(quiz: Quiz, tmp_path: Path) -> None:
    one, two = QuizWidget(quiz, folder=tmp_path), QuizWidget(quiz, folder=tmp_path)
    one.responses = {"by-age": "14"}
    assert "are saved" in one.notice
    two.responses = {"by-age": "15"}
    assert "Another window had a different answer" in two.notice
    assert "law.responses.json" in two.notice
    for typed in ("150", "1500", "15000"):
        two.responses = {"by-age": typed}
        assert "Another window had a different answer" in two.notice, "it stays until it is dismissed"
    assert two.warning
    two._on_message(two, {"type": "dismiss"}, [])
    assert not two.warning
    assert two.notice == one.notice
    assert '"response": "14"' in (tmp_path / "law.responses.json").read_text("utf-8")


def test_saving_is_confirmed_up_to_what_is_in_the_file(quiz: Quiz, tmp_path: Path) -> None:
    widget = QuizWidget(quiz, folder=tmp_path)
    with widget.hold_trait_notifications():
        widget.responses = {"by-age": "14"}
        widget.revision = 7
    assert _saving(widget) == (7, True)
    assert json.loads((tmp_path / FILE).read_text("utf-8"))["responses"] == {"by-age": "14"}


def test_verdict_is_sent_before_it_is_saved_and_saved_is_said_after_it(
    quiz: Quiz, sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a browser, where each file operation is a request, the learner would wait for all of them."""
    widget, update = _show(quiz), ResponseFile.update
    told: list[dict[str, Any]] = []

    def record(*arguments: Any) -> list[str]:
        told.extend(message["data"]["state"] for message in sent if message["data"].get("method") == "update")
        sent.clear()
        return update(*arguments)

    monkeypatch.setattr(ResponseFile, "update", record)
    sent.clear()
    _say(widget, type="check", question="by-age", response="14", revision=1)
    (verdict,) = told
    assert verdict["outcomes"]["by-age"]["status"] == "correct"
    assert verdict["saving"]["revision"] == 0, "the browser says that it is being saved"
    (confirmed,) = [message["data"]["state"] for message in sent if message["data"].get("method") == "update"]
    assert (confirmed["saving"]["revision"], confirmed["saving"]["saved"]) == (1, True)
    assert "saved in" in confirmed["notice"]
    assert "outcomes" not in confirmed


def test_nothing_is_confirmed_while_it_cannot_be_saved_and_asking_again_saves_it(quiz: Quiz, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    widget = QuizWidget(quiz, folder=folder)
    with widget.hold_trait_notifications():
        widget.responses = {"by-age": "14"}
        widget.revision = 1
    assert _saving(widget) == (1, False)
    assert "could not be saved" in widget.notice
    folder.mkdir()
    _say(widget, type="ask", revision=2)
    assert _saving(widget) == (2, True)
    assert "are saved" in widget.notice
    assert json.loads((folder / FILE).read_text("utf-8"))["responses"] == {"by-age": "14"}


@pytest.mark.parametrize(
    "error", [AttributeError("no such function"), RuntimeError("the drive has gone"), MemoryError()]
)
def test_whatever_stops_a_save_it_is_never_called_saved(
    quiz: Quiz, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    widget = QuizWidget(quiz, folder=tmp_path)
    assert "will be saved" in widget.notice
    with monkeypatch.context() as broken:
        broken.setattr(tempfile, "mkstemp", mock.Mock(side_effect=error))
        with widget.hold_trait_notifications():
            widget.responses = {"by-age": "14"}
            widget.revision = 1
        assert _saving(widget) == (1, False)
        assert f"could not be saved in {FILE}: {type(error).__name__}" in widget.notice
    widget.revision = 2
    assert _saving(widget) == (2, True)
    assert "are saved" in widget.notice


TABLES = ("responses", "notes", "overall", "outcomes", "notice", "warning", "saving")
ACTIONS = [
    *({"type": "check", "question": name, "response": response} for name, response in RIGHT.items()),
    *({"type": action, "question": name} for action in ("reveal", "retry") for name in RIGHT),
    {"type": "finish", "questions": list(RIGHT)},
    {"type": "again", "questions": list(RIGHT)},
    {"type": "reset"},
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from([*ACTIONS, "type", "flag"]), st.tuples(st.booleans(), st.booleans())),
        min_size=1,
        max_size=12,
    )
)
def test_browser_that_missed_an_answer_knows_it_and_gets_a_whole_one(
    quiz: Quiz, sent: list[dict[str, Any]], steps: list[tuple[Any, tuple[bool, bool]]]
) -> None:
    """A Jupyter server drops messages of a kernel that sends too much. Pressing again does not help, because nothing
    changes then: without a whole answer, a question stayed open in the browser that was settled in the kernel.
    """
    Path(FILE).unlink(missing_ok=True)
    widget = _show(quiz)
    browser, behind, heard = dict(widget.get_state()), False, widget.saving["number"]
    # The first message of an action, with the verdict, and the last, about saving, arrive or get lost.
    for number, (step, arrives) in enumerate([*steps, ({"type": "ask"}, (True, True))], start=1):
        sent.clear()
        if isinstance(step, dict):
            _say(widget, revision=number, **step)
        else:
            typed = {"responses": {**browser["responses"], "by-age": str(number)}}
            own = typed if step == "type" else {"notes": {"by-age": {"flag": number % 2 == 0}}}
            browser |= own
            widget.set_state(own | {"revision": number})
        states = [message["data"]["state"] for message in sent if message["data"].get("method") == "update"]
        for position, state in enumerate(states):
            if not arrives[position == len(states) - 1]:
                continue
            browser |= state
            if "saving" in state:  # as notebook.js does
                behind = not state["saving"]["whole"] and (behind or state["saving"]["number"] != heard + 1)
                heard = state["saving"]["number"]
        assert behind <= (not all(all(arrives) for _, arrives in steps[:number])), "nothing is missing"
        if not behind and browser["saving"]["revision"] == number:
            assert {name: browser[name] for name in TABLES} == {name: getattr(widget, name) for name in TABLES}
    assert not behind


def test_learner_is_told_which_question_changed_and_starts_its_attempts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = QUIZ.replace("questions:", "attempts: 2\nattempt_penalty: 0.5\nquestions:", 1)
    file = write(tmp_path / "law.yml", text)
    monkeypatch.chdir(tmp_path)
    before = QuizWidget(civicquiz.load(file))
    assert _check(before, "passed-in", ["1812"]) is not None
    write(file, text.replace("1812", "1813"))
    after = QuizWidget(civicquiz.load(file))
    assert "Changed since you answered: question 1." in after.notice
    assert after.responses == {}
    assert after.warning
    outcome = _check(after, "passed-in", ["1798"])
    assert outcome is not None
    assert (outcome["status"], outcome["score"], outcome["attempt"]) == ("correct", outcome["max"], 1)
    assert '"1812"' in Path(FILE).read_text("utf-8"), "the answer that no longer fits is kept"
    assert "nother window" not in after.notice


def test_files_of_the_same_name_in_two_folders_are_told_apart(quiz: Quiz, tmp_path: Path) -> None:
    one, two = QuizWidget(quiz, folder=tmp_path / "one"), QuizWidget(quiz, folder=tmp_path / "two")
    assert one.quiz["store"] != two.quiz["store"]
    assert str(tmp_path) not in str(one.quiz)


def test_answers_that_are_cleared_are_in_no_file_any_more(quiz: Quiz, tmp_path: Path) -> None:
    widget = QuizWidget(quiz, folder=tmp_path)
    for answer in ("secret", "secret too"):
        widget.responses = {"by-age": answer}
    widget.responses = {}
    widget._on_message(widget, {"type": "reset"}, [])
    assert [
        path for path in [*tmp_path.glob("*.json*"), *tmp_path.glob(".*.json*")] if "secret" in path.read_text("utf-8")
    ] == []


def test_learner_is_told_when_the_save_before_the_last_one_is_shown(quiz: Quiz, tmp_path: Path) -> None:
    widget = QuizWidget(quiz, folder=tmp_path)
    for answer in ("14", "140"):
        widget.responses = {"by-age": answer}
    (tmp_path / "law.responses.json").write_text("{", "utf-8")
    again = QuizWidget(quiz, folder=tmp_path)
    assert again.responses == {"by-age": "14"}
    assert "moved to law.responses.json.unreadable-1" in again.notice
    assert "from an earlier save" in again.notice


def test_learner_is_told_when_saving_works_again(quiz: Quiz, tmp_path: Path) -> None:
    widget = QuizWidget(quiz, folder=tmp_path / "late")
    _check(widget, "by-age", "15")
    assert "could not be saved" in widget.notice
    (tmp_path / "late").mkdir()
    _check(widget, "passed-in", ["1798"])
    assert "could not be saved" not in widget.notice
    assert set(json.loads((tmp_path / "late" / FILE).read_text("utf-8"))["responses"]) == {"by-age", "passed-in"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "schema": st.just(1),
            "responses": st.dictionaries(st.sampled_from([*RIGHT, "other"]), json_values),
            "checked": st.dictionaries(st.sampled_from([*RIGHT, "other"]), json_values),
        }
    )
)
def test_quiz_is_shown_whatever_is_in_the_file(quiz: Quiz, content: Any) -> None:
    Path(FILE).write_text(json.dumps(content))
    widget = _show(quiz)
    assert len(widget.quiz["questions"]) == len(RIGHT)
    assert 0 <= widget.result.score <= widget.result.max_score


# ---- While a book is built ----


def test_show_in_a_book_is_a_mark_that_leaves_no_widget(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICQUIZ_BOOK", "1")
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    cell = civicquiz.show(quiz, ["by-age", "passed-in"])
    assert isinstance(cell, QuizPlaceholder)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before
    bundle = cell._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/plain", "text/html"}
    assert parse_placeholder(bundle["text/html"]) == (from_book(quiz), ["by-age", "passed-in"])
    assert cell.result.score == 0
    assert len(cell.result.outcomes) == len(quiz.questions)
    cell.observe(lambda change: None, names="result")


def from_book(quiz: Quiz) -> str:
    """The path in a placeholder: relative to the folder of the book, here the working directory."""
    return os.path.relpath(quiz.path, os.environ.get("CIVICQUIZ_BOOK", "."))


def test_two_quizzes_of_one_name_never_share_a_file_and_the_second_says_so(quiz: Quiz, tmp_path: Path) -> None:
    other = civicquiz.load(write(tmp_path / "week2" / "law.yml", ANOTHER_LAW))
    _check(QuizWidget(quiz, folder=tmp_path), "by-age", "14")
    for _ in range(2):
        second = QuizWidget(other, folder=tmp_path)
        assert f"{FILE} contains answers to a different quiz" in second.notice
        assert second.warning
        _check(second, "by-age", "15")
    answers = [json.loads(path.read_text("utf-8")) for path in sorted(tmp_path.glob("law*.responses.json"))]
    assert sorted((content["responses"]["by-age"], content["content_hash"]) for content in answers) == sorted(
        [("14", quiz.version), ("15", other.version)]
    )
    assert QuizWidget(quiz, folder=tmp_path).responses == {"by-age": "14"}


def test_quiz_that_was_edited_or_moved_finds_its_answers(quiz: Quiz, tmp_path: Path) -> None:
    _check(QuizWidget(quiz, folder=tmp_path), "by-age", "14")
    moved = write(tmp_path / "elsewhere" / "law.yml", quiz.path.read_text("utf-8"))
    for path in (moved, write(quiz.path, quiz.path.read_text("utf-8").replace("Congress", "the Congress"))):
        widget = QuizWidget(civicquiz.load(path), folder=tmp_path)
        assert widget.responses["by-age"] == "14"
        assert "a different quiz" not in widget.notice


def test_two_widgets_of_one_quiz_keep_each_other_s_answers(quiz: Quiz, tmp_path: Path) -> None:
    first, second = QuizWidget(quiz, folder=tmp_path), QuizWidget(quiz, folder=tmp_path)
    _check(first, "by-age", "14")
    _check(first, "passed-in", ["1798"])
    _check(second, "sequence", ["first", "second", "third"])
    saved = json.loads((tmp_path / FILE).read_text("utf-8"))
    assert set(saved["responses"]) == set(saved["checked"]) == {"by-age", "passed-in", "sequence"}


def test_showing_no_question_is_refused(quiz: Quiz) -> None:
    with pytest.raises(ValueError, match="no question is named"):
        civicquiz.show(quiz, questions=[])


def test_mark_of_a_whole_quiz_names_no_questions(quiz: Quiz) -> None:
    assert parse_placeholder(QuizPlaceholder(quiz)._repr_mimebundle_()["text/html"]) == (from_book(quiz), None)


def test_placeholder_survives_special_characters_in_the_path(quiz: Quiz, tmp_path: Path) -> None:
    odd = tmp_path / "a \"b\" & <c> 'd'"
    other = civicquiz.load(write_course(odd))
    assert parse_placeholder(QuizPlaceholder(other)._repr_mimebundle_()["text/html"]) == (from_book(other), None)


@pytest.mark.parametrize("html", ["", "<div></div>", '<div class="civicquiz-cell"></div>', "<p>civicquiz-cell</p>"])
def test_other_output_is_not_a_placeholder(html: str) -> None:
    assert parse_placeholder(html) is None


def test_book_cell_of_an_unknown_question_is_refused(quiz: Quiz) -> None:
    with pytest.raises(KeyError, match="no question 'nope'"):
        QuizPlaceholder(quiz, ["nope"])


def test_widget_holds_only_what_a_browser_is_told() -> None:
    """Sessions, files and notices have classes of their own; this one stays short enough to read at a glance."""
    assert len(inspect.getsource(QuizWidget).splitlines()) < 150
