"""The command line: what it prints and how it exits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from class_files import LAW, RIGHT, response_file, write_keys
from click.testing import CliRunner
from material import QUIZ, ROOT, write, write_course

import civicquiz
from civicquiz.cli import main
from civicquiz.live.site import LiveSite
from civicquiz.model.schemas import json_schema
from civicquiz.output_folder import PLAN, OutputFolder


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_of_a_clean_course_says_so_and_exits_0(course: Path) -> None:
    result = CliRunner().invoke(main, ["check"])
    assert (result.exit_code, result.output) == (0, "No problems.\n")


def test_check_prints_every_problem_with_its_hint_and_exits_1(course: Path) -> None:
    write(
        course / "quizzes" / "law.yml", QUIZ.replace("    tolerance: 0.5\n", "").replace("answer: false", "answer: no")
    )
    result = CliRunner().invoke(main, ["check", "quizzes/law.yml"])
    assert result.exit_code == 1
    assert result.output == (
        "quizzes/law.yml:28:13: question 'citizens' (true-false): 'answer' must be true or false (got 'no')\n"
        "    hint: write 'answer: true' or 'answer: false'\n"
        "quizzes/law.yml:32:5: question 'by-age' (numeric): 'tolerance' is missing\n"
        "    hint: write how far off still counts as right, such as 0.5 or 2%; 'tolerance: 0' for the exact number\n"
        "2 problems\n"
    ).replace(":32:", f":{QUIZ.splitlines().index('  - id: by-age') + 1}:").replace(
        ":28:", f":{QUIZ.splitlines().index('    answer: false') + 1}:"
    )


@pytest.mark.parametrize(
    ("answer", "severities", "code"), [("14", [], 0), ("no", ["error"], 1), ("'14'", ["error"], 1)]
)
def test_check_prints_nothing_but_json_for_a_program(
    course: Path, answer: str, severities: list[str], code: int
) -> None:
    write(course / "quizzes" / "law.yml", QUIZ.replace("answer: 14", f"answer: {answer}"))
    result = CliRunner().invoke(main, ["check", "--format", "json"])
    assert result.exit_code == code
    found = json.loads(result.stdout)
    assert [problem["severity"] for problem in found] == severities
    assert {(problem["file"], problem["question"]) for problem in found} <= {("quizzes/law.yml", "by-age")}
    sarif = CliRunner().invoke(main, ["check", "--format", "sarif"])
    assert (sarif.exit_code, len(json.loads(sarif.stdout)["runs"][0]["results"])) == (code, len(found))
    github = CliRunner().invoke(main, ["check", "--format", "github"])
    assert (github.exit_code, len(github.stdout.splitlines())) == (code, len(found))


def test_check_exits_0_in_every_format_if_there_are_only_warnings(course: Path) -> None:
    write(course / "other" / "law.yml", QUIZ.replace("cites: [h04]", "cites: [h20]"))
    for name in ("text", "json", "sarif", "github"):
        result = CliRunner().invoke(main, ["check", "quizzes/law.yml", "other/law.yml", "--format", name])
        assert (result.exit_code, "warning" in result.output) == (0, True), name


def test_check_watches_only_for_people() -> None:
    result = CliRunner().invoke(main, ["check", "--watch", "--format", "json"])
    assert result.exit_code == 2
    assert "with --watch, the format is always 'text'" in result.output


@pytest.mark.parametrize("arguments", [[], ["quiz"], ["translation"], ["seeds"]])
def test_schema_prints_the_schema_of_the_models(arguments: list[Any]) -> None:
    result = CliRunner().invoke(main, ["schema", *arguments])
    assert result.exit_code == 0
    assert json.loads(result.output) == json_schema(*arguments)


def test_version_is_that_of_the_package() -> None:
    assert civicquiz.__version__ in CliRunner().invoke(main, ["--version"]).output


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "--help"], ["schema", "-h"]])
def test_help_is_there(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_unknown_command_exits_2() -> None:
    assert CliRunner().invoke(main, ["chek"]).exit_code == 2


def test_installed_command_checks_a_course(course: Path) -> None:
    command = Path(sys.executable).parent / "civicquiz"
    assert command.exists()
    done = subprocess.run([command, "check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "No problems.\n", "")
    write(course / "quizzes" / "law.yml", "title: x\nquestions: []\n")
    done = subprocess.run([command, "check", "quizzes"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("quizzes/law.yml:2:12: 'questions' must have at least 1 ")
    assert done.stderr == ""


def test_problem_with_any_letters_can_be_printed_anywhere(course: Path) -> None:
    write(course / "quizzes" / "law.yml", "title: 日本 ✓\nquestions: ñandú …\n")
    command = Path(sys.executable).parent / "civicquiz"
    for settings in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}):
        done = subprocess.run([command, "check"], capture_output=True, env={**os.environ, **settings})
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr


# ---- The quizzes that a command is given ----

COMMANDS = {
    "grade": "grade in --out out --key",
    "report": "report results --out out --key",
    "release": "release --to out",
    "check-answers": "check-answers in/anna/law.json --min-score 1 --key",
}


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``quizzes``, what a learner handed in for the quiz ``law`` in it, and the results of grading that."""
    monkeypatch.chdir(tmp_path)
    quiz = write_keys(tmp_path)["law"]
    write(Path("quizzes/law.es.yml"), LAW.replace("A law of 1798", "Una ley de 1798"))
    write(Path("quizzes/old/law.yml"), "title: Not this one\nquestions: []\n")
    write(Path("in/anna/law.json"), response_file(quiz, RIGHT))
    assert CliRunner().invoke(main, [*COMMANDS["grade"].split(), "quizzes/law.yml"]).exit_code == 0
    return Path("out").rename("results")


@pytest.mark.parametrize("path", ["quizzes", ".", "quizzes/law.yml", "quizzes/law.es.yml"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_files_folders_courses_and_translations_alike(
    graded: Path, command: str, path: str
) -> None:
    result = CliRunner().invoke(main, [*COMMANDS[command].split(), path])
    assert result.exit_code == 0, result.output
    if command == "grade":
        assert Path("out/gradebook.csv").read_text("utf-8").splitlines()[1].startswith("anna,,4,4,graded")
    elif command == "report":
        assert "1798" in Path("out/options.csv").read_text("utf-8")
    elif command == "release":
        assert {"law.yml", "law.es.yml", "law.html"} <= {path.name for path in Path("out").iterdir()}
    else:
        assert "by-age     correct" in result.output


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("copies", "'copies/law.yml' is a released copy, which has no key"),
        ("copies/law.yml", "'copies/law.yml' is a released copy, which has no key"),
        ("nowhere", "nowhere:1:1: the file cannot be read: no such file or directory"),
        ("in", "in:1:1: there is no quiz in this folder"),
        ("quizzes/old", "quizzes/old/law.yml:2:12: 'questions' must have at least 1 entry"),
        ("other", "other/law.es.yml:1:1: there is no quiz 'law.yml' for this translation"),
        ("two", "two/law.yml:1:1: another quiz is also named 'law': 'two/law.yaml'"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_the_same_paths_in_the_same_words(
    graded: Path, command: str, path: str, message: str
) -> None:
    CliRunner().invoke(main, ["release", "quizzes/law.yml", "--to", "copies"])
    write(Path("other/law.es.yml"), LAW)
    for suffix in ("yml", "yaml"):
        write(Path(f"two/law.{suffix}"), LAW)
    result = CliRunner().invoke(main, [*COMMANDS[command].split(), path])
    assert result.exit_code == (2 if command == "check-answers" else 1)
    assert f"Error: {message}" in result.output
    assert not Path("out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_a_folder_stands_for(command: str) -> None:
    help_text = " ".join(CliRunner().invoke(main, [command, "--help"]).output.split())
    assert "a folder (all quizzes directly in it)" in help_text


# ---- What is printed is only text ----

HOSTILE = "::error file=x::\x1b[2J\x9b2K\u202e\r::set-output name=a::b\n::stop-commands::x\n##[group]y\u2028::debug::z"


def _only_text(output: str) -> None:
    for line in output.split("\n"):
        assert not re.match(r"\s*(::|##\[)", line), line
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]", line), line


def _hostile_quizzes() -> list[Any]:
    """A quiz with such a text in each of its places."""
    question = {"id": "q", "type": "single-choice", "prompt": "x", "options": ["a", {"text": "b", "correct": True}]}
    changes: list[dict[str, Any]] = [
        {name: HOSTILE} for name in ("id", "type", "prompt", "hint", "points", "options", "cites", "stimulus", HOSTILE)
    ]
    changes += [{"options": [HOSTILE, HOSTILE]}, {"options": [{"text": HOSTILE, "correct": True}, {HOSTILE: 1}]}]
    changes += [{"prompt": f"![x]({HOSTILE})"}, {"prompt": f"{{math}}`{HOSTILE}`"}]
    changes += [{"type": "short-text", "accept": [HOSTILE, "“x”" + HOSTILE]}]
    changes += [{"type": "calculated", "variables": {HOSTILE: {"values": [1]}}, "answer": HOSTILE}]
    quizzes: list[Any] = [{"title": "x", "questions": [{**question, **change}]} for change in changes]
    quizzes += [{"title": HOSTILE, "language": HOSTILE, HOSTILE: 1, "questions": [question, {**question}]}]
    return [
        *quizzes,
        HOSTILE,
        [HOSTILE],
        {"title": "x", "sections": [{"questions": [HOSTILE]}], "questions": [question]},
    ]


@pytest.mark.parametrize("quiz", _hostile_quizzes())
@pytest.mark.parametrize("as_json", [True, False])
def test_check_prints_only_text_whatever_an_author_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiz: Any, as_json: bool
) -> None:
    """As escapes in JSON, and as plain as YAML allows it."""
    monkeypatch.chdir(tmp_path)
    text = (
        json.dumps(quiz)
        if as_json
        else re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", yaml.safe_dump(quiz, allow_unicode=True))
    )
    for name in ("quiz.yml", "::warning::quiz.yml", "a\x1b[2J.yml"):
        write(tmp_path / name, text)
        _only_text(CliRunner().invoke(main, ["check", name]).output)


def test_grading_and_rosters_print_only_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    key = write_keys(tmp_path)["law"]
    roster = f'learner,name\n"{HOSTILE}",x\n"{HOSTILE}",y\n'
    write(tmp_path / "roster.csv", roster)
    write(tmp_path / "in" / "anna.json", response_file(key, {"by-age": HOSTILE, HOSTILE: "x"}, learner=HOSTILE))
    write(tmp_path / "in" / "::error::bob.json", response_file(key, {}, quiz=HOSTILE, content_hash=HOSTILE))
    write(tmp_path / "in" / "a\x1b[2J\n::x.json", "{")
    key_option = ["--key", "quizzes", "--out", "results"]
    for arguments in (
        ["grade", "in", *key_option],
        ["grade", "in", *key_option, "--roster", "roster.csv"],
        ["grade", "in", *key_option, "--roster", HOSTILE],
        ["grade", HOSTILE, *key_option],
        ["check-answers", "in/anna.json", "--key", "quizzes", "--min-score", "0.5"],
        ["report", HOSTILE],
        ["release", HOSTILE, "--to", "class"],
        ["worksheet", HOSTILE],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), arguments
        _only_text(result.output)


def test_feedback_of_an_author_is_only_text_in_the_log_of_a_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    feedback = "::set-env name=PATH::/tmp\n\n::add-mask::x"
    options = [{"text": "a", "correct": True}, {"text": "b", "feedback": feedback}]
    question = {"id": "q", "type": "single-choice", "prompt": "x", "options": options}
    quiz = civicquiz.load(write(tmp_path / "quiz.yml", json.dumps({"title": "x", "questions": [question]})))
    write(tmp_path / "a.json", response_file(quiz, {"q": ["b"]}))
    arguments = ["check-answers", "a.json", "--key", "quiz.yml", "--min-score", "1", "--details"]
    result = CliRunner().invoke(main, arguments)
    assert "set-env" in result.output
    _only_text(result.output)


@pytest.mark.parametrize("command", ["release", "report", "grade", "worksheet"])
def test_next_run_says_that_an_earlier_one_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    key = write_keys(tmp_path)["law"]
    write(tmp_path / "in" / "anna.json", response_file(key, RIGHT))
    commands = {
        "release": ["release", "quizzes", "--to", "out"],
        "grade": ["grade", "in", "--key", "quizzes", "--out", "out"],
        "report": ["report", "out"],
        "worksheet": ["worksheet", "quizzes/law.yml", "--versions", "1", "--to", "out"],
    }
    for name in ("grade", command):
        CliRunner().invoke(main, commands[name])
    left = OutputFolder(Path("out"))
    write(left.staging / "new.txt", "x")
    write(Path("out") / PLAN, json.dumps({"from": left.staging.name, "move": ["new.txt"], "delete": []}))
    result = CliRunner().invoke(main, commands[command])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("An earlier run was interrupted")
    assert Path("out/new.txt").read_text() == "x"
    assert "interrupted" not in CliRunner().invoke(main, commands[command]).output


def test_server_for_trying_a_live_site_has_an_address_where_browsers_let_it_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Service workers need https or the address of this machine, and http.server prints 0.0.0.0 by default."""
    monkeypatch.setattr("civicquiz.cli.build_live", lambda *_: LiveSite(["a.ipynb"], 1, 1, 1))
    done = CliRunner().invoke(main, ["live", str(tmp_path), "--to", "site"])
    served = "python -m http.server --bind 127.0.0.1 --directory"
    assert f"To try it: {served} site\n" in done.output
    for file in ("docs/live.md", "Makefile"):
        text = (ROOT / file).read_text("utf-8")
        assert text.count("http.server") == text.count(served) == 1
