"""``civicquiz progress``: who has answered how much, in the folder that a class works in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from class_files import LAW
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from material import json_values, write
from running_hosts import run_civicquiz

import civicquiz
from civicquiz.classroom import progress
from civicquiz.classroom.progress import ProgressRow, lines, progress_of
from civicquiz.cli import main
from civicquiz.hosts.widget import QuizWidget

SETTINGS = "feedback: at-end\npick: 2\n"


def widget_of(folder: Path, settings: str = "") -> QuizWidget:
    """The notebook of a student, whose answers are kept in ``folder``."""
    return QuizWidget(civicquiz.load(write(folder / "law.yml", settings + LAW)), folder=folder)


def told(folder: Path) -> dict[str, tuple[int, int | None, int, bool]]:
    rows, unread = progress_of(folder)
    assert unread == []
    return {row.student: (row.answered, row.questions, row.checks, row.finished) for row in rows}


def test_files_of_notebooks_say_how_far_each_student_is(tmp_path: Path) -> None:
    anna, bob, cleo = (
        widget_of(tmp_path / name, SETTINGS if name == "cleo" else "") for name in ("anna", "bob", "cleo")
    )
    anna.responses = {"by-age": "14"}
    anna.send_state()
    anna._on_message(anna, {"type": "check", "question": "by-age", "response": "15"}, [])
    bob.responses = {"by-age": "  ", "wars": [], "passed-in": ["1812"]}
    shown = [question["id"] for question in cleo.quiz["questions"]]
    cleo.responses = {"by-age": "14", "passed-in": ["1798"], "wars": ["civil-war"]}
    cleo._on_message(cleo, {"type": "finish", "questions": shown}, [])
    assert told(tmp_path) == {"anna": (1, 3, 1, False), "bob": (1, 3, 0, False), "cleo": (3, 2, 3, True)}
    (row, *_), _ = progress_of(tmp_path)
    assert row.saved is not None
    assert abs((datetime.now(UTC) - row.saved).total_seconds()) < 600
    # Nothing in the table depends on what is right.
    table = "\n".join(lines(tmp_path))
    assert "1 of 3" in table
    assert f"{row.saved.astimezone():%Y-%m-%d %H:%M:%S}" in table
    assert "orrect" not in table


def test_students_are_named_as_grade_names_them(tmp_path: Path) -> None:
    content = {"schema": 1, "quiz": "law", "responses": {"by-age": "14"}}
    for name, more in (
        ("anna.json", {}),
        ("law-bob.responses.json", {}),
        ("cleo/law.responses (1).json", {}),
        ("x/copy.json", {"learner": "dora"}),
    ):
        write(tmp_path / "class" / name, json.dumps(content | more))
    assert set(told(tmp_path / "class")) == {"anna", "bob", "cleo", "dora"}


def test_nobody_is_left_out_and_other_files_are_none_of_its_business(tmp_path: Path) -> None:
    write(tmp_path / "anna" / "law.responses.json", '{"schema": 1, "quiz": ')
    write(tmp_path / "bob" / "law.responses.json", '{"schema": 7, "responses": {}}')
    (tmp_path / "cleo").symlink_to(tmp_path / "anna")
    write(tmp_path / "dora" / "law.responses.json", '{"schema": 1, "quiz": "law", "responses": {"by-age": "14"}}')
    for name in ("package.json", "law.yml", "notes.txt", ".cache/law.responses.json", "dora/.law.responses.json.lock"):
        write(tmp_path / name, "{")
    rows, unread = progress_of(tmp_path)
    assert [row.student for row in rows] == ["dora"]
    assert [line.partition(":")[0].rpartition(f"{tmp_path.name}/")[2] for line in unread] == [
        "anna/law.responses.json",
        "bob/law.responses.json",
        "cleo",
    ]
    table = list(lines(tmp_path))
    assert [line for line in table if line.startswith("Cannot be read: ")] == [
        f"Cannot be read: {line}" for line in unread
    ]


@pytest.mark.skipif(os.name == "nt", reason="no such permissions on Windows")
def test_file_and_folder_that_may_not_be_read_are_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write(folder / "anna" / "law.responses.json", "{}").chmod(0)
        (folder / "bob").mkdir(mode=0)
        user = os.geteuid()
        try:
            if user == 0:
                os.seteuid(65534)  # the administrator may read everything, and this user nothing of others
            _, unread = progress_of(folder)
        finally:
            os.seteuid(user)
        assert len(unread) == 2


def test_terminal_gets_nothing_but_text_from_what_a_student_wrote(tmp_path: Path) -> None:
    content = {"schema": 1, "quiz": "\x1b[2Jlaw\n::error::", "responses": {}, "learner": "anna"}
    write(tmp_path / "a.responses.json", json.dumps(content))
    write(tmp_path / "\x1b[31mb.responses.json", "{")
    printed = CliRunner().invoke(main, ["progress", str(tmp_path)]).output
    assert "\x1b" not in printed
    assert len(printed.splitlines()) == 3


@given(
    st.dictionaries(
        st.sampled_from(
            ["schema", "quiz", "responses", "checked", "attempts", "session", "saved", "questions", "learner"]
        ),
        json_values,
    )
)
def test_any_json_is_told_or_named(tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("class")
    write(folder / "anna.responses.json", json.dumps({"schema": 1, "responses": {}} | content))
    rows, unread = progress_of(folder)
    assert len(rows) + len(unread) == 1
    assert list(lines(folder))


def test_file_that_is_rewritten_while_it_is_read_is_never_lost(tmp_path: Path) -> None:
    widget = widget_of(tmp_path / "anna")
    widget.responses = {"by-age": "0"}
    stop = threading.Event()

    def answer() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            widget.responses = {"by-age": str(number)}

    writing = threading.Thread(target=answer)
    writing.start()
    try:
        for _ in range(100):
            assert told(tmp_path) == {"anna": (1, 3, 0, False)}
    finally:
        stop.set()
        writing.join()


def test_file_that_another_program_is_still_copying_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '{"schema": 1, "quiz": "law", "responses": {"by-age": "14"}}'
    file = write(tmp_path / "anna" / "law.responses.json", text[:20])
    monkeypatch.setattr(progress.time, "sleep", lambda _: file.write_text(text))
    assert told(tmp_path) == {"anna": (1, None, 0, False)}


def test_file_of_a_page_does_not_say_how_many_questions_there_are() -> None:
    row = ProgressRow("anna", "law", 2, None, 0, False, None)
    assert progress._cells(row) == ("anna", "law", "2", "0", "", "")


def test_folder_without_answers_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["progress", str(tmp_path)])
    assert (done.exit_code, "There are no answers in" in done.output) == (0, True)
    assert CliRunner().invoke(main, ["progress", str(tmp_path / "none")]).exit_code == 2


# ---- Watching ----


@contextmanager
def watching(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], None]]]:
    """A running ``civicquiz progress --watch``, and what waits until it prints some words."""
    program = run_civicquiz("progress", "--watch", ".", folder=folder)
    assert program.stdout is not None
    output = program.stdout
    timer = threading.Timer(60, program.kill)
    timer.start()

    def wait_for(words: str) -> None:
        seen = ""
        while words not in seen:
            line = output.readline()
            assert line, f"it ended; it had printed:\n{seen}"
            seen += line

    try:
        yield program, wait_for
    finally:
        timer.cancel()
        with suppress(ProcessLookupError):
            program.kill()
        program.wait(60)
        output.close()


@pytest.mark.skipif(os.name == "nt", reason="no such signals on Windows")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_watching_follows_every_save_in_old_and_new_folders_and_ends_on_a_signal(tmp_path: Path, ending: int) -> None:
    anna = widget_of(tmp_path / "anna")
    with watching(tmp_path) as (program, wait_for):
        wait_for("There are no answers")
        anna.responses = {"by-age": "14"}
        wait_for("1 of 3")
        anna.responses = {"by-age": "14", "passed-in": ["1798"]}
        wait_for("2 of 3")
        bob = widget_of(tmp_path / "bob" / "week-1")
        bob.responses = {"by-age": "14"}
        wait_for("bob ")
        (tmp_path / "anna" / "law.responses.json").write_text("{")
        wait_for("Cannot be read: anna/law.responses.json")
        program.send_signal(ending)
        rest, _ = program.communicate(timeout=60)
        assert program.returncode == 0
        assert "Traceback" not in rest


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("saved", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_no_time_that_a_file_gives_stops_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, saved: str
) -> None:
    """A moment at the edge of the calendar may not exist in the time zone of the computer."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        content = {"schema": 1, "quiz": "law", "content_hash": "x", "saved": saved, "responses": {"by-age": "14"}}
        write(tmp_path / "law.responses.json", json.dumps(content))
        assert len(list(lines(tmp_path))) == 2
    finally:
        monkeypatch.undo()
        time.tzset()
