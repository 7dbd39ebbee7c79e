"""SCORM: what is in a package, and what its page does in a platform that takes only what the standard allows.

``tests/js/scorm_platform.js`` is that platform. It runs the scripts of a page as they are in the package.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from export_checks import well_formed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, ROOT, TYPES, node, question_of, questions, quiz_of, right_answer, write

import civicquiz
from civicquiz.cli import main
from civicquiz.errors import QuizError
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.grading import grade_handed_in
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

VERSIONS = ["scorm12", "scorm2004"]
Play = Callable[..., dict[str, Any]]

_IMS, _ADL = "http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_IMS_2004, _ADL_2004 = "http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.adlnet.org/xsd/adlcp_v1p3"
NAMESPACES = {"scorm12": (_IMS, _ADL, "scormtype"), "scorm2004": (_IMS_2004, _ADL_2004, "scormType")}


def package(version: str, *quizzes: Quiz, language: str | None = None) -> dict[str, str]:
    """The files of a package."""
    texts = [quiz.translations[language] if language else Translation.original(quiz) for quiz in quizzes]
    content = EXPORTERS[version].export(texts).content
    assert EXPORTERS[version].export(texts).content == content
    assert EXPORTERS[version].wrote(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name).decode() for name in archive.namelist()}


def page(version: str, quiz: Quiz, language: str | None = None) -> str:
    """The page of a package."""
    (html,) = (text for name, text in package(version, quiz, language=language).items() if name.endswith(".html"))
    return html


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """Opens a page in a platform and works on it; what the platform has and the page shows then."""
    found = node()
    if found is None:
        message = "needs Node.js: install the dependency group 'test', or put node on the path"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    command = [found, str(ROOT / "tests/js/scorm_platform.js")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdin is not None
    assert process.stdout is not None

    def play(**request: Any) -> dict[str, Any]:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        state: dict[str, Any] = json.loads(process.stdout.readline())
        assert "crash" not in state, state
        assert state["wrong"] == []
        return state

    yield play
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


# ---- The package ----


@pytest.mark.parametrize("version", VERSIONS)
def test_manifest_lists_every_file_and_says_which_version_it_is(version: str) -> None:
    hostile = "A <b> & \"c\" 'd' ]]> e\tf"
    one, two = (quiz_of(question("a"), title=title) for title in (hostile, "Zwei"))
    files = package(version, one, two.placed(path=Path("Quiz.YML")))
    general, own, name_of_type = NAMESPACES[version]
    root = ET.fromstring(files["imsmanifest.xml"])
    assert root.tag == f"{{{general}}}manifest"
    names = {"": general}
    schema = root.findtext(".//schemaversion", None, names)
    assert schema == {"scorm12": "1.2", "scorm2004": "2004 4th Edition"}[version]
    resources = root.findall(".//resource", names)
    assert [one.get("href") for one in resources] == ["quiz.html", "quiz-2.html"]
    assert {one.get(f"{{{own}}}{name_of_type}") for one in resources} == {"sco"}
    listed = [file.get("href") for file in root.findall(".//file", names)]
    assert ["imsmanifest.xml", *listed] == list(files)
    items = root.findall(".//item", names)
    assert [item.get("identifierref") for item in items] == [one.get("identifier") for one in resources]
    assert [item.findtext("title", None, names) for item in items] == [" ".join(hostile.split()), "Zwei"]
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9.-]*", name or "") for name in identifiers)
    by_page = root.findall(".//{http://www.imsglobal.org/xsd/imsss}deliveryControls")
    assert [one.get("completionSetByContent") for one in by_page] == (["true"] * 2 if version == "scorm2004" else [])


@pytest.mark.parametrize("name", ["Ley de 1798", "ÉLYSÉE", "...", "a/b", "x" * 300, "日本"])
def test_file_has_a_name_that_every_server_can_have(name: str) -> None:
    files = package("scorm12", quiz_of(question("a")).placed(path=Path(f"{name.replace('/', '-')}.yml")))
    assert all(re.fullmatch(r"[a-z0-9.-]{1,70}", file) for file in files)


@pytest.mark.parametrize("version", VERSIONS)
def test_page_asks_nothing_of_any_host_and_is_the_same_whatever_is_hostile_in_it(version: str, play: Play) -> None:
    hostile = "]]> </script><script>alert(1)</script> <!-- & \"q\" 'a' {x} [,] [.] \\ é 日本"
    pick = {"options": [{"text": hostile, "correct": True, "feedback": hostile}, "other"]}
    quiz = quiz_of(
        {"id": "A-b-c", "type": "single-choice", "prompt": hostile, **pick, "explanation": hostile, "hint": hostile},
        {"id": "9", "type": "open-response", "prompt": hostile},
        {"id": "text", "type": "short-text", "prompt": hostile, "accept": ["x"]},
        title=hostile,
    )
    html = page(version, quiz)
    assert not re.search(r"(src|href)=\"?https?:", html)
    assert "alert(1)</script>" not in html
    typed = "{lang=en}" + "a [,] b [.] c\n\td" * 40 + "\U0001f642" * 3000
    play(open=html)
    play(send={"type": "check", "question": "A-b-c", "response": right_answer(quiz.keyed_questions["A-b-c"])})
    play(send={"type": "check", "question": "9", "response": typed})
    state = play(send={"type": "check", "question": "text", "response": "{case_matters=x} [,] y"})
    assert ids_in(state) == ["A_b_c", "9", "text"]
    assert score_of(state, version) == 50


def question(name: str, **more: Any) -> dict[str, Any]:
    """A question with one right option of two."""
    options = [{"id": "yes", "text": "Yes", "correct": True}, {"id": "no", "text": "No"}]
    return {"id": name, "type": "single-choice", "prompt": f"{name}?", "options": options, **more}


def check(name: str, response: Any = "yes") -> dict[str, Any]:
    """The message that a student checks an answer."""
    return {"type": "check", "question": name, "response": [response] if response in ("yes", "no") else response}


def ids_in(state: dict[str, Any]) -> list[str]:
    """The ids of the records, in their order."""
    count = sum(bool(re.fullmatch(r"cmi\.interactions\.\d+\.id", name)) for name in state["cmi"])
    return [state["cmi"][f"cmi.interactions.{number}.id"] for number in range(count)]


def score_of(state: dict[str, Any], version: str) -> float | None:
    """The score that the platform has, in percent; None if it has none."""
    start = "cmi.core.score" if version == "scorm12" else "cmi.score"
    if f"{start}.raw" not in state["cmi"]:
        assert not any(name.startswith(start) for name in state["cmi"])
        return None
    assert (state["cmi"][f"{start}.min"], state["cmi"][f"{start}.max"]) == ("0", "100")
    raw = float(state["cmi"][f"{start}.raw"])
    if version == "scorm2004":
        assert float(state["cmi"]["cmi.score.scaled"]) == pytest.approx(raw / 100, abs=1e-4)
    return raw


def status_of(state: dict[str, Any], version: str) -> str:
    """The status that the platform has."""
    value: str = state["cmi"]["cmi.core.lesson_status" if version == "scorm12" else "cmi.completion_status"]
    return value


# ---- The score ----


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_every_response_scores_in_the_platform_as_here(
    version: str, question_type: str, play: Play, draw: st.DataObject
) -> None:
    author = draw.draw(questions(question_type))
    quiz = quiz_of(author, question("other"))
    drawn = question_of(author)
    state = play(open=page(version, quiz))
    for _ in range(2):
        state = play(send={"type": "retry", "question": drawn.id})
        state = play(send=check(drawn.id, draw.draw(well_formed(drawn))))
        if drawn.id not in state["outcomes"]:  # it could not be read
            continue
        result, unreadable = grade_handed_in(quiz, state["responses"])
        assert not unreadable
        scored = [outcome for outcome in result.outcomes.values() if outcome.is_scored and outcome.max_score]
        percent = 100 * sum(one.score for one in scored) / sum(one.max_score for one in scored)
        assert score_of(state, version) == pytest.approx(percent, abs=0.01)
        assert ids_in(state) == [drawn.id.replace("-", "_")]


@pytest.mark.parametrize("version", VERSIONS)
def test_right_answer_to_every_type_is_recorded_and_earns_everything(
    version: str, play: Play, update_golden: bool
) -> None:
    records = {}
    for path in EXAMPLES:
        if path.parent.name == "examples":
            records[path.stem] = _records_of_right_answers(version, path, play)
    golden = ROOT / f"tests/golden/{version}-records.json"
    if update_golden:
        golden.write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert records == json.loads(golden.read_text("utf-8"))


def _records_of_right_answers(version: str, path: Path, play: Play) -> dict[str, str]:
    quiz = civicquiz.load(path)
    state = play(open=page(version, quiz))
    for name, asked in quiz.keyed_questions.items():
        answer = right_answer(asked)
        state = play(send={"type": "check", "question": name, "response": answer or "Some words."})
    assert ids_in(state) == [name.replace("-", "_") for name in quiz.keyed_questions]
    scored = [asked for asked in quiz.keyed_questions.values() if asked.key()]
    assert score_of(state, version) == (100 if scored else None)
    assert status_of(state, version) == "completed"
    records = {name.removeprefix("cmi."): text for name, text in state["cmi"].items() if "interactions" in name}
    # The description has the numbers of a student who was chosen by chance.
    described = [text for name, text in records.items() if name.endswith("description")]
    assert len(described) == (len(quiz.questions) if version == "scorm2004" else 0)
    return {name: text for name, text in records.items() if text not in described}


@pytest.mark.parametrize("version", VERSIONS)
def test_opening_and_leaving_sets_no_score_and_completes_nothing(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b"), shuffle=["options"]))
    play(open=html)
    state = play(leave=True, later=True)
    assert score_of(state, version) is None
    assert status_of(state, version) == "incomplete"
    assert ids_in(state) == []
    assert state["calls"][-1] == "End"
    again = play(open=html, cmi=state["cmi"], leave=True)
    assert (score_of(again, version), status_of(again, version)) == (None, "incomplete")
    seed = json.loads(state["cmi"]["cmi.suspend_data"])["session"]["seed"]
    assert again["overall"]["seed"] == seed  # the student gets the same order again


@pytest.mark.parametrize("version", VERSIONS)
def test_each_check_is_committed_and_what_was_done_comes_back(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b")))
    play(open=html)
    state = play(send=check("a"))
    assert (score_of(state, version), status_of(state, version)) == (50, "incomplete")
    assert state["calls"][-1] == "Commit"
    assert state["line"] == "Each time you check an answer, your learning platform gets your score."
    assert state["notice"] == "Your answers are saved in your learning platform and in this browser."
    state = play(leave=True)
    # in another browser
    again = play(open=html, cmi=state["cmi"])
    assert again["responses"] == {"a": ["yes"]}
    assert again["outcomes"]["a"]["status"] == "correct"
    assert not any(call.startswith("SetValue") and "score" in call for call in again["calls"])
    state = play(send=check("b", "no"))
    assert (score_of(state, version), status_of(state, version)) == (50, "incomplete")
    play(send={"type": "retry", "question": "b"})
    state = play(send=check("b"))
    assert (score_of(state, version), status_of(state, version)) == (100, "completed")
    assert ids_in(state) == ["a", "b"]
    # a later answer that is worse is told as it is, and the status stays
    play(send={"type": "reset"})
    assert score_of(play(later=True), version) == 100
    state = play(send=check("a", "no"), later=True)
    assert (score_of(state, version), status_of(state, version)) == (0, "completed")
    assert ids_in(state) == ["a", "b"]
    assert state["cmi"]["cmi.interactions.0.result"] == {"scorm12": "wrong", "scorm2004": "incorrect"}[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_second_attempt_begins_empty_even_in_the_same_browser(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b")))
    play(open=html)
    state = play(send=check("a"), leave=True)
    fresh = play(open=html, browser=state["browser"])
    assert fresh["responses"] == {}
    assert score_of(play(send=check("a", "no")), version) == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_of_another_student_in_the_same_browser_are_not_shown(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b")))
    play(open=html, where="nowhere")
    alone = play(send=check("a"))
    assert alone["browser"]
    assert play(open=html, browser=alone["browser"])["responses"] == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_settings_of_the_quiz_hold_in_the_platform(version: str, play: Play) -> None:
    """Attempts and what they cost, also when the page is opened again; feedback at the end; picked questions."""
    html = page(version, quiz_of(question("a"), question("b"), attempts=2, attempt_penalty=0.5))
    play(open=html)
    state = play(send=check("a", "no"), leave=True)
    play(open=html, cmi=state["cmi"], send={"type": "retry", "question": "a"})
    state = play(send=check("a"))
    assert score_of(state, version) == 25
    html = page(version, quiz_of(question("a"), question("b"), feedback="at-end"))
    play(open=html)
    state = play(respond={"a": ["yes"], "b": ["no"]}, later=True)
    assert (score_of(state, version), status_of(state, version), ids_in(state)) == (None, "incomplete", [])
    state = play(send={"type": "finish", "questions": ["a", "b"]})
    assert (score_of(state, version), status_of(state, version)) == (50, "completed")
    html = page(version, quiz_of(*map(question, "abcdef"), pick=2))
    play(open=html)
    scores = {score_of(play(send=check(name)), version) for name in "abcdef"}
    assert scores <= {None, 50, 100}
    state = play(later=True)
    assert (score_of(state, version), status_of(state, version)) == (100, "completed")
    assert len(ids_in(state)) == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_answer_that_a_person_has_to_score_does_not_count(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), {"id": "e", "type": "open-response", "prompt": "Why?", "points": 5}))
    play(open=html)
    state = play(send=check("a"))
    assert (score_of(state, version), status_of(state, version)) == (100, "incomplete")
    state = play(send={"type": "check", "question": "e", "response": "Because."})
    assert (score_of(state, version), status_of(state, version)) == (100, "completed")
    assert state["cmi"]["cmi.interactions.1.result"] == "neutral"


@pytest.mark.parametrize("version", VERSIONS)
def test_void_question_earns_its_points_also_if_nobody_answers_it(version: str, play: Play) -> None:
    essay = {"id": "e", "type": "open-response", "prompt": "Why?"}
    quiz = quiz_of(question("a"), question("b", void=True), {**essay, "void": True})
    play(open=page(version, quiz))
    state = play(send=check("a", "no"))
    result, _ = grade_handed_in(quiz, state["responses"])
    assert score_of(state, version) == pytest.approx(100 * result.score / result.max_score, abs=0.01)
    assert score_of(state, version) == 66.67
    assert score_of(play(send=check("b", "no")), version) == 66.67


@pytest.mark.parametrize("version", VERSIONS)
def test_points_of_any_size_are_a_percentage(version: str, play: Play) -> None:
    options = [{"text": text, "correct": True} for text in "ab"] + [{"text": "c"}]
    several = {"id": "s", "type": "multiple-choice", "prompt": "Which?", "options": options}
    play(open=page(version, quiz_of({**several, "points": 0.5}, question("a", points=2.5), question("b", points=1000))))
    state = play(send=check("s", ["a"]))
    assert state["cmi"]["cmi.interactions.0.result"] == "0.5"
    assert score_of(state, version) == 0.02
    assert score_of(play(send=check("a")), version) == 0.27
    assert score_of(play(send=check("b")), version) == 99.98


@pytest.mark.parametrize("version", VERSIONS)
def test_number_that_a_platform_does_not_take_goes_as_text(version: str, play: Play) -> None:
    number = {"id": "n", "type": "numeric", "prompt": "x", "answer": 48000000, "tolerance": 0}
    play(open=page(version, quiz_of(number)), refuses=["cmi.interactions.0.learner"] if version == "scorm2004" else [])
    state = play(send={"type": "check", "question": "n", "response": "48,000,000"})
    assert score_of(state, version) == 100


# ---- The platform ----


@pytest.mark.parametrize("version", VERSIONS)
def test_platform_is_found_in_windows_around_the_page_and_in_the_one_that_opened_it(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b")))
    for where in ("parent", "far", "opener"):
        play(open=html, where=where)
        assert score_of(play(send=check("a")), version) == 50
    alone = play(open=html, where="nowhere")
    assert alone["line"].startswith("This page was not opened by a learning platform, so no score is reported.")
    alone = play(send=check("a"), leave=True)
    assert alone["outcomes"]["a"]["status"] == "correct"
    assert alone["notice"] == "Your answers stay in this browser and are not sent anywhere."
    assert alone["calls"] == []
    assert play(open=html, where="nowhere", browser=alone["browser"])["responses"] == {"a": ["yes"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_student_is_told_when_nothing_or_not_all_is_reported(version: str, play: Play) -> None:
    html = page(version, quiz_of(question("a"), question("b")))
    viewed = play(open=html, **{"is": "viewed"})
    assert "only for you to look at" in viewed["line"]
    viewed = play(send=check("a"), later=True, leave=True)
    assert not any(call.startswith(("SetValue", "Commit", "End")) for call in viewed["calls"])
    silent = play(open=html, **{"is": "silent"})
    assert "does not respond" in silent["line"]
    assert play(send=check("a"), leave=True)["calls"] == ["Initialize"]
    play(open=html, refuses=["Commit"])
    refused = play(send=check("a"))
    assert "did not accept your last answer" in refused["line"]
    assert refused["notice"] == refused["line"]
    assert json.loads(next(iter(refused["browser"].values())))["responses"] == {"a": ["yes"]}
    play(open=html, refuses=["cmi.suspend_data"], **{"is": "forgetful"})
    assert "did not accept" in play(send=check("a"))["notice"]


@pytest.mark.parametrize("version", VERSIONS)
def test_page_opens_in_the_language_of_its_file_and_in_that_of_the_student_later(version: str, play: Play) -> None:
    quiz = civicquiz.load(ROOT / "examples/settings/at-the-end.yml")
    assert play(open=page(version, quiz))["overall"].get("language", "en") == "en"
    spanish = play(open=page(version, quiz, "es"))
    assert spanish["overall"]["language"] == "es"
    assert "plataforma" in spanish["line"]
    title = re.search(r"<title>(.*)</title>", page(version, quiz, "es"))
    assert title is not None
    assert title[1] == quiz.translations["es"].title


# ---- Room ----


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_to_a_hundred_questions_fit(version: str, play: Play) -> None:
    names = [f"question-{number}" for number in range(100)]
    html = page(version, quiz_of(*map(question, names)))
    play(open=html)
    state = {}
    for name in names:
        state = play(send=check(name, "yes" if name < "question-5" else "no"))
    assert "no room" not in state["line"]
    again = play(open=html, cmi=state["cmi"])
    assert again["responses"] == state["responses"]
    assert {name: one["status"] for name, one in again["outcomes"].items()} == {
        name: one["status"] for name, one in state["outcomes"].items()
    }


@pytest.mark.parametrize(("version", "room"), [("scorm12", 4_000), ("scorm2004", 60_000)])
def test_long_answer_without_room_stays_in_the_browser_and_the_student_is_told(
    version: str, room: int, play: Play
) -> None:
    essays = [{"id": f"e{number}", "type": "open-response", "prompt": "Why?"} for number in range(5)]
    html = page(version, quiz_of(question("a"), *essays))
    long = "word " * 3_900
    play(open=html)
    state = play(send=check("a"))
    for number in range(5):
        state = play(send={"type": "check", "question": f"e{number}", "response": long})
    kept = {name for name in state["responses"] if name in json.dumps(json.loads(state["cmi"]["cmi.suspend_data"]))}
    left = 5 - room // len(long)
    numbers = state["line"].removeprefix("Your learning platform has no room for your answers to these questions: ")
    assert len(numbers.split(".")[0].split(", ")) == left
    assert "a" in kept
    assert score_of(state, version) == 100
    same = play(open=html, cmi=state["cmi"], browser=state["browser"])
    assert same["responses"] == state["responses"]
    other = play(open=html, cmi=state["cmi"])
    assert len(other["responses"]) == 6 - left
    assert other["responses"]["a"] == ["yes"]
    assert "were too long for your learning platform" in other["line"]


# ---- Without a key ----


@pytest.mark.parametrize("version", VERSIONS)
def test_package_without_feedback_is_the_same_whatever_the_key_and_sends_responses_that_can_be_graded(
    version: str, play: Play, tmp_path: Path
) -> None:
    def quiz(right: str, number: int) -> Quiz:
        options = [{"text": text, **({"correct": True} if text == right else {})} for text in ("Yes", "No")]
        return quiz_of(
            {"id": "a", "type": "single-choice", "prompt": "So?", "options": options, "explanation": right},
            {"id": "n", "type": "numeric", "prompt": "How many?", "answer": number, "tolerance": 0},
            feedback="none",
        )

    first, second = quiz("Yes", 14), quiz("No", 15)
    assert package(version, first) == package(version, second)
    (done,) = EXPORTERS[version].export([Translation.original(first)]).quizzes
    assert {loss.part for question in done.questions for loss in question.losses} == {"score"}
    play(open=page(version, first))
    state = play(respond={"n": "14"})
    assert (ids_in(state), status_of(state, version)) == ([], "incomplete")
    state = play(later=True)
    assert (ids_in(state), status_of(state, version)) == (["n"], "incomplete")
    shown = json.loads(re.search(r'application/json">(.*?)</script>', page(version, first))[1])  # type: ignore[index]
    chosen = shown["quiz"]["questions"][0]["options"][0]["id"]
    state = play(respond={"a": [chosen]}, leave=True)
    assert ids_in(state) == ["n", "a"]
    assert status_of(state, version) == "completed"
    assert score_of(state, version) is None
    assert {state["cmi"][f"cmi.interactions.{number}.result"] for number in (0, 1)} == {"neutral"}
    # What the platform keeps is a response file.
    key = "title: A quiz\nfeedback: none\nquestions:\n"
    key += "  - {id: a, type: single-choice, prompt: So?, options: [{text: 'Yes', correct: true}, 'No']}\n"
    key += "  - {id: n, type: numeric, prompt: How many?, answer: 14, tolerance: 0}\n"
    keys = write(tmp_path / "quizzes/quiz.yml", key)
    write(tmp_path / "in/ada/quiz.responses.json", state["cmi"]["cmi.suspend_data"])
    command = ["grade", str(tmp_path / "in"), "--key", str(keys), "--out", str(tmp_path / "out"), "--yes"]
    graded = CliRunner().invoke(main, command, catch_exceptions=False)
    assert graded.exit_code == 0, graded.output
    assert re.search(r"ada.*\b2\b", (tmp_path / "out/gradebook.csv").read_text("utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
def test_quiz_without_feedback_is_completed_by_the_button_too(version: str, play: Play) -> None:
    number = {"id": "n", "type": "numeric", "prompt": "How many?", "answer": 4, "tolerance": 0}
    play(open=page(version, quiz_of(number, {**number, "id": "m"}, feedback="none", time_limit=5)))
    assert status_of(play(respond={"n": "4"}, later=True), version) == "incomplete"
    assert status_of(play(overall={"finished": True}, later=True), version) == "completed"


def test_quiz_without_feedback_that_cannot_be_copied_is_refused() -> None:
    options = [{"id": "a", "text": "War of 1812"}, {"id": "b", "text": "war of 1812", "correct": True}]
    author = {"id": "q", "type": "single-choice", "prompt": "So?", "options": options}
    with pytest.raises(QuizError, match="could not distinguish"):
        EXPORTERS["scorm12"].export([Translation.original(quiz_of(author, feedback="none"))])


# ---- The report ----


def test_report_names_what_a_platform_does_not_get(tmp_path: Path) -> None:
    exact = "title: A quiz\nshuffle: [options]\nattempts: 2\ntime_limit: 5\nquestions:\n"
    exact += "  - {id: q-1, type: true-false, prompt: So?, answer: true}\n"
    quiz = write(tmp_path / "exact.yml", exact)
    essay = "title: More\ncertainty: marks\nquestions:\n  - {id: e, type: open-response, prompt: Why?}\n"
    more = write(tmp_path / "more.yml", essay)
    for version in VERSIONS:
        target = tmp_path / f"{version}.zip"
        done = CliRunner().invoke(main, ["export", version, str(quiz), "--to", str(target), "--strict"])
        assert done.exit_code == 0, done.output
        assert done.output.endswith("(en): 1 question, 1 exact.\n")
        done = CliRunner().invoke(main, ["export", version, str(quiz), str(more), "--to", str(target)])
        assert done.exit_code == 0, done.output
        lines = done.output.splitlines()
        assert lines[-2] == (
            "The key is in the package, where students can read it: use it for practice, not for graded work."
        )
        assert [line.split()[:2] for line in lines[1:-2]] == [
            ["approximate", "score"],
            ["approximate", "score"],
            ["lost", "certainty"],
        ]
        assert any("one quiz at a time" in line for line in lines)
        assert any("A person has to score the answer" in line for line in lines)
        first = EXPORTERS[version].export([Translation.original(civicquiz.load(quiz))]).quizzes[0]
        assert first.questions[0].target_ids == ("q_1",)
