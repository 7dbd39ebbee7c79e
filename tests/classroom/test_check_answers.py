"""``civicquiz check-answers``: its exit code, what it prints, and what it does not reveal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import QUIZ, RIGHT, ROOT, json_values, write, write_course

import civicquiz
from civicquiz.classroom.check_answers import check_answers
from civicquiz.cli import main
from civicquiz.errors import AnswersError
from civicquiz.model.learner_copy import learner_copy
from civicquiz.releasing.release import release


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_course(tmp_path)


def hand_in(path: Path, responses: Any, key: Path | None = None, **more: Any) -> str:
    """Write a response file and return its path."""
    content = {"schema": 1, "quiz": "law", "responses": responses, **more}
    if key is not None:
        content["content_hash"] = learner_copy(civicquiz.load(key)).version
    return str(write(path, json.dumps(content)))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check-answers", *map(str, arguments)])


def test_all_right_passes_with_0(law: Path, tmp_path: Path) -> None:
    result = run(hand_in(tmp_path / "a.json", RIGHT, law), "--key", law, "--min-score", "1")
    assert result.exit_code == 0
    assert result.output == (
        "passed-in  correct\nwars       correct\ncitizens   correct\nby-age     correct\nsequence   correct\n"
        "Score: 100%; 100% is needed.\n"
    )


def test_too_few_points_exit_with_1_and_the_key_is_not_revealed(law: Path, tmp_path: Path) -> None:
    answers = {"passed-in": ["1812"], "wars": ["war-of-1812"], "by-age": "13", "sequence": ["third", "second", "first"]}
    result = run(hand_in(tmp_path / "a.json", answers, law), "--key", law, "--min-score", "0.5")
    assert result.exit_code == 1
    assert result.output == (
        "passed-in  incorrect\nwars       partly\ncitizens   unanswered\nby-age     incorrect\nsequence   incorrect\n"
        "Score: 12.5%; 50% is needed.\n"
    )


def test_details_tell_points_and_feedback_on_what_was_chosen(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", {"passed-in": ["1812"], "by-age": "1e"}, law)
    result = run(file, "--key", law, "--min-score", "0", "--details")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:2] == ["passed-in  incorrect     0 of 1", "           Feedback on the wrong year."]
    assert (
        "it counts as no answer: question 'by-age': '1e' is not a number (write it like 14, 0.5 or 480,000)"
        in result.output
    )
    assert "Feedback on the right year." not in result.output


def test_share_that_is_needed_is_reached_exactly(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", {"passed-in": ["1798"]}, law)
    assert run(file, "--key", law, "--min-score", "0.125").exit_code == 0
    assert run(file, "--key", law, "--min-score", "0.126").exit_code == 1


def test_unreadable_answer_counts_as_none_and_cannot_write_lines_of_its_own(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", {"by-age": "1e", "x\n::error::forged": "1"}, law)
    result = run(file, "--key", law, "--min-score", "0.1", "--details")
    assert result.exit_code == 1
    assert "it counts as no answer: question 'by-age'" in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())


def test_answers_to_another_version_are_counted_and_said(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", RIGHT, content_hash="0" * 16)
    result = run(file, "--key", law, "--min-score", "1")
    assert result.exit_code == 0
    assert "a different version of the quiz" in result.output


def test_answers_from_the_practice_quiz_itself_are_of_this_version(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", RIGHT, content_hash=civicquiz.load(law).version)
    assert not check_answers(file, law).other_version


def test_what_waits_for_a_person_is_neither_lost_nor_won(law: Path, tmp_path: Path) -> None:
    write(law, f"{QUIZ}  - {{id: why, type: open-response, prompt: Why?, points: 8, cites: [h04]}}\n")
    result = run(hand_in(tmp_path / "a.json", {**RIGHT, "why": "Because."}, law), "--key", law, "--min-score", "1")
    assert (result.exit_code, "Answers that a person has to score, not counted here: 1" in result.output) == (0, True)
    assert run(hand_in(tmp_path / "a.json", RIGHT, law), "--key", law, "--min-score", "1").exit_code == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read: no such file or directory"),
        ("{", "not a response file, because it is not valid JSON"),
        ("[" * 200_000, "not a response file, because it is not valid JSON"),
        ("[]", "not a response file of this version"),
        ('{"schema": 2, "responses": {}}', "not a response file of this version"),
        ('{"schema": 1, "responses": [], "quiz": "law"}', "not mappings"),
        ('{"schema": 1, "responses": {}, "quiz": "other"}', "answers the quiz 'other', but 'quizzes/law.yml' has no"),
    ],
)
def test_file_that_cannot_be_used_exits_with_2(law: Path, tmp_path: Path, content: str | None, expected: str) -> None:
    file = tmp_path / "a.json"
    if content is not None:
        write(file, content)
    result = run(file, "--key", law, "--min-score", "0.5")
    assert result.exit_code == 2
    assert expected in result.output


def _single(folder: Path, **content: Any) -> Path:
    """A response file for the single-choice example, with content that should not be in it."""
    return write(folder / "a.json", json.dumps({"schema": 1, "quiz": "single-choice", "responses": {}, **content}))


SINGLE = ROOT / "examples" / "single-choice.yml"


def test_version_of_another_type_is_another_version(tmp_path: Path) -> None:
    assert check_answers(_single(tmp_path, content_hash=[1]), SINGLE).other_version


def test_lone_surrogate_can_be_printed(tmp_path: Path) -> None:
    checked = check_answers(_single(tmp_path, responses={"\ud800": 1}), SINGLE)
    for details in (True, False):
        assert "counts as no answer" in "\n".join(checked.report(0.5, details=details)).encode().decode()


def test_name_of_a_quiz_cannot_write_a_line_of_the_log(tmp_path: Path) -> None:
    done = run(_single(tmp_path, quiz="x\n::error::y"), "--key", SINGLE, "--min-score", "0.5")
    assert done.exit_code == 2
    assert "answers the quiz" in done.output
    assert [line for line in done.output.splitlines() if line.startswith("::")] == []


def test_file_that_is_far_too_large_is_2(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", {"by-age": "1" * 5_000_000})
    result = run(file, "--key", law, "--min-score", "0.5")
    assert (result.exit_code, "is larger than 5 MB" in result.output) == (2, True)


def test_released_copy_is_not_a_key(law: Path, tmp_path: Path) -> None:
    release([law], tmp_path / "class")
    result = run(hand_in(tmp_path / "a.json", RIGHT), "--key", tmp_path / "class" / "law.yml", "--min-score", "0.5")
    assert (result.exit_code, "'class/law.yml' is a released copy, which has no key" in result.output) == (2, True)


def test_broken_key_and_a_share_above_1_are_2(law: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path / "a.json", RIGHT)
    assert run(file, "--key", law, "--min-score", "1.5").exit_code == 2
    write(law, "title: x\nquestions: []\n")
    assert run(file, "--key", law, "--min-score", "0.5").exit_code == 2


@settings(suppress_health_check=list(HealthCheck))
@given(
    content=st.dictionaries(
        st.sampled_from(["schema", "quiz", "content_hash", "responses", "marks", "session"]), json_values
    )
)
def test_whatever_is_handed_in_there_is_a_share_from_0_to_1_or_an_error(
    content: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    key = write(folder / "quizzes" / "law.yml", QUIZ)
    for file in (content, {"schema": 1, "quiz": "law", "responses": content}):
        try:
            checked = check_answers(write(folder / "a.json", json.dumps(file)), key)
        except AnswersError:
            continue
        assert 0 <= checked.share <= 1
        assert list(checked.report(0.5))
        assert list(checked.report(0.5, details=True))


# ---- The example for GitHub Classroom ----

CLASSROOM = ROOT / "examples" / "github-classroom"


@pytest.fixture
def workflow() -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load((CLASSROOM / "check-answers.yaml").read_text("utf-8"))
    return content


def test_classroom_workflow_asks_for_no_more_than_it_needs(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"push", "workflow_dispatch"}  # YAML 1.1 reads 'on' as true


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "expected"), [("Executive", 0), ("a court", 1), (None, 2)])
def test_steps_of_the_classroom_workflow_run(
    workflow: dict[Any, Any], tmp_path: Path, answer: str | None, expected: int
) -> None:
    """The steps run as on GitHub, except for installing Python and the package."""
    key = (ROOT / "examples" / "short-text.yml").read_text("utf-8")
    quiz = civicquiz.load(ROOT / "examples" / "short-text.yml")
    (temp := tmp_path / "temp").mkdir()
    if answer is not None:
        content = {"schema": 1, "quiz": "short-text", "responses": {quiz.questions[0].id: answer}}
        write(tmp_path / "repo" / "short-text.responses.json", json.dumps(content))
    else:
        (tmp_path / "repo").mkdir()
    own = [step for step in workflow["jobs"]["check"]["steps"] if "run" in step and "pip install" not in step["run"]]
    assert len(own) == 2
    code = 0
    for step in own:
        secrets = {name: key for name, value in step.get("env", {}).items() if value == "${{ secrets.QUIZ_KEY }}"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "RUNNER_TEMP": str(temp), "QUIZ": workflow["env"]["QUIZ"], **secrets, "PATH": path}
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=tmp_path / "repo",
            env=environment,
            capture_output=True,
            text=True,
        )
        code = done.returncode
        if code:
            break
    assert code == expected, done.stdout + done.stderr
    assert "executive" not in done.stdout + done.stderr
