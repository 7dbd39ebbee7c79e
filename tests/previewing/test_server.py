"""The server of the preview, in a process of its own: whom it answers, what it follows, how it ends."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner
from material import QUIZ, run_python, write
from running_hosts import Preview, run_civicquiz, running_preview

from civicquiz.cli import main

BROKEN = QUIZ.replace("prompt:", "promt:", 1)


def save(quiz: Path, text: str) -> None:
    """Save as editors do that write another file first, so that nobody reads half of it."""
    write(quiz.with_name("draft"), text).replace(quiz)


def ask(preview: Preview, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """(status, headers, text) of what the server answers."""
    connection = http.client.HTTPConnection(str(urlsplit(preview.url).netloc), timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


@contextmanager
def states(preview: Preview, query: str = "") -> Iterator[Iterator[Any]]:
    """What an open page is told, one after the other, for at most a minute."""
    connection = http.client.HTTPConnection(str(urlsplit(preview.url).netloc), timeout=60)
    connection.request("GET", f"/events{query}")
    answer = connection.getresponse()
    assert answer.getheader("Content-Type", "").startswith("text/event-stream")

    def read() -> Iterator[Any]:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            line = answer.readline().decode()
            if not line:
                return
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))

    yield read()
    connection.close()


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    return write(tmp_path / "quizzes" / "quiz.yml", QUIZ)


@pytest.fixture
def preview(quiz: Path) -> Iterator[Preview]:
    with running_preview(quiz, quiz.parent) as running:
        yield running


def test_page_of_a_quiz_checks_answers_with_its_key(preview: Preview) -> None:
    with states(preview) as told:
        assert next(state for state in told if state["revision"])["problems"] == []
    assert ask(preview, "/")[0] == 200
    status, _, page = ask(preview, "/frame?view=student")
    assert status == 200
    assert '"key":"' in page


def test_save_is_followed(preview: Preview, quiz: Path) -> None:
    with states(preview) as told:
        assert next(state for state in told if state["revision"])["title"] == "A law of 1798"
        save(quiz, QUIZ.replace("A law", "Another law"))
        assert next(state for state in told if state["title"] == "Another law of 1798")["problems"] == []
    assert "Another law of 1798" in ask(preview, "/frame?view=teacher")[2]


def test_mistake_is_told_and_the_last_good_state_stays(preview: Preview, quiz: Path) -> None:
    with states(preview) as told:
        good = next(state for state in told if state["revision"])
        save(quiz, BROKEN)
        broken = next(state for state in told if state["problems"])
    assert [problem["place"] for problem in broken["problems"]] == ["quiz.yml:5:5"]
    assert (broken["isOutdated"], broken["revision"]) == (True, good["revision"])
    assert ask(preview, "/frame?view=student")[0] == 200


def test_file_that_is_deleted_and_comes_back_is_followed(preview: Preview, quiz: Path) -> None:
    with states(preview) as told:
        next(state for state in told if state["revision"])
        quiz.unlink()
        next(state for state in told if state["isOutdated"])
        write(quiz, QUIZ)
        next(state for state in told if not state["isOutdated"])


def test_quiz_that_is_broken_from_the_start_has_only_mistakes(quiz: Path) -> None:
    write(quiz, BROKEN)
    with running_preview(quiz, quiz.parent) as running:
        with states(running) as told:
            state = next(state for state in told if state["problems"])
        assert (state["revision"], state["isOutdated"]) == ("", False)
        assert ask(running, "/frame?view=student")[0] == 404


def test_folder_is_a_list_in_which_quizzes_appear_and_disappear(quiz: Path) -> None:
    folder = quiz.parent
    with running_preview(".", folder) as running:
        assert "Quizzes in" in ask(running, "/")[2]
        with states(running) as told:
            assert [entry["name"] for entry in next(told)] == ["quiz.yml"]
            write(folder / "more" / "second.yml", BROKEN)
            found = next(state for state in told if len(state) == 2 and state[0]["problems"] is not None)
            assert [(entry["name"], entry["problems"]) for entry in found] == [("more/second.yml", 1), ("quiz.yml", 0)]
            quiz.unlink()
            next(state for state in told if [entry["name"] for entry in state] == ["more/second.yml"])
        assert 'data-name="more/second.yml"' in ask(running, f"/?quiz={quote('more/second.yml')}")[2]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", ""]
)
def test_request_to_another_name_than_ours_is_refused(preview: Preview, host: str) -> None:
    """A page of somebody else can make a name of its own lead to this machine."""
    port = urlsplit(preview.url).port
    status, _, text = ask(preview, "/frame?view=student", Host=host.format(port=port))
    assert status in (400, 421)
    assert "law" not in text
    assert ask(preview, "/", Host=f"localhost:{port}")[0] == 200


def test_only_this_machine_can_connect(preview: Preview) -> None:
    port = urlsplit(preview.url).port
    with socket.socket() as other:  # another address of this machine is free, so the server does not listen there
        other.bind(("127.0.0.2", port or 0))


@pytest.mark.parametrize(
    "name", ["../secret.yml", "..%2fsecret.yml", "/etc/passwd", "%00", "quiz", "./quiz.yml", "other/../quiz.yml"]
)
def test_only_quizzes_of_the_list_can_be_had(quiz: Path, name: str) -> None:
    write(quiz.parent.parent / "secret.yml", QUIZ)
    with running_preview(".", quiz.parent) as running:
        for path in (f"/?quiz={name}", f"/frame?view=student&quiz={name}", f"/events?quiz={name}", f"/{name}"):
            if path == "//etc/passwd":
                continue
            status, headers, text = ask(running, path)
            assert status == 404, path
            assert "law" not in text
            assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_every_page_has_a_policy_and_is_shown_in_no_page_of_others(preview: Preview) -> None:
    with states(preview) as told:
        next(state for state in told if state["revision"])
    for path in ("/", "/frame?view=student", "/frame?view=teacher", "/frame?view=paper"):
        _, headers, page = ask(preview, path)
        assert headers["content-security-policy"] == "frame-ancestors 'self'"
        assert "default-src 'none'" in page
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert not any(name.startswith("access-control") for name in headers)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_cleanly_even_while_a_page_is_open(preview: Preview, sent: int) -> None:
    with states(preview) as told:
        next(told)
        assert preview.end(sent) == (0, "")


def test_nothing_is_written(quiz: Path) -> None:
    before = sorted(quiz.parent.parent.rglob("*"))
    with running_preview(".", quiz.parent) as running:
        with states(running, "?quiz=quiz.yml") as told:
            next(state for state in told if state["revision"])
        ask(running, "/frame?view=student&quiz=quiz.yml")
        running.end()
    assert sorted(quiz.parent.parent.rglob("*")) == before


def test_port_can_be_chosen_again_and_is_refused_if_it_is_taken(quiz: Path) -> None:
    with running_preview(quiz, quiz.parent) as first:
        port = str(urlsplit(first.url).port)
        refused = run_civicquiz("preview", quiz, "--no-open", "--port", port, folder=quiz.parent)
        printed, _ = refused.communicate(timeout=60)
        assert refused.returncode == 1
        assert printed.startswith(f"Error: the port {port} cannot be used: ")
        assert len(printed.splitlines()) == 1
        assert first.end() == (0, "")
    with running_preview(quiz, quiz.parent, "--port", port) as second:
        assert second.url == f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("command", [["preview", "quiz.yml", "--no-open"], ["check", "--watch", "quiz.yml"]])
def test_folders_that_cannot_be_watched_are_one_line(quiz: Path, command: list[str]) -> None:
    # In a process of its own: a server cannot start where another test's browser has left its event loop running.
    program = """
import watchfiles

def watch(*_, **__):
    raise OSError("OS file watch limit reached")

watchfiles.watch = watch
"""
    watching = run_civicquiz(*command, folder=quiz.parent, before=program)
    printed, _ = watching.communicate(timeout=60)
    assert watching.returncode == 1
    assert printed.splitlines()[-1] == (
        "Error: the folders of the quizzes cannot be watched: OS file watch limit reached; name fewer of them"
    )


def test_missing_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["preview", "nothing.yml"])
    assert result.exit_code == 1
    assert result.output == (
        "Error: there is no file or folder 'nothing.yml'; name a quiz, or a folder with quizzes in it\n"
    )


@pytest.mark.parametrize(
    ("arguments", "purpose"),
    [
        (["preview", "quiz.yml"], "The preview"),
        (["check", "--watch", "quiz.yml"], "Watching"),
        (["progress", "--watch", "."], "Watching"),
    ],
)
def test_without_the_extra_one_line_says_which_to_install(quiz: Path, arguments: list[str], purpose: str) -> None:
    program = f"""
import sys
sys.modules.update(dict.fromkeys(["starlette", "uvicorn", "watchfiles"]))
from civicquiz.cli import main
try:
    main({arguments!r})
except SystemExit as stop:
    print(stop.code)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=quiz.parent, capture_output=True, text=True, timeout=60)
    message = f"Error: {purpose} needs packages that are not installed. Run: pip install 'civicquiz[preview]'\n"
    assert (done.stdout, done.stderr) == ("1\n", message)


def test_command_line_starts_without_the_packages_of_the_preview() -> None:
    names = ("starlette", "uvicorn", "watchfiles")
    program = f"import sys, civicquiz.cli; print([name for name in {names!r} if name in sys.modules])"
    assert run_python(program) == "[]"


def test_check_watch_checks_after_every_save_and_ends_cleanly(quiz: Path) -> None:
    checking = run_civicquiz("check", "--watch", quiz.name, folder=quiz.parent)
    assert checking.stdout is not None
    assert checking.stdout.readline().endswith(" No problems.\n")
    save(quiz, BROKEN)
    lines = [checking.stdout.readline() for _ in range(3)]
    assert lines[0].startswith("quiz.yml:5:5: question 'passed-in'")
    assert lines[2].endswith(" 1 problem\n")
    save(quiz, QUIZ)
    assert checking.stdout.readline().endswith(" No problems.\n")
    checking.send_signal(signal.SIGINT)
    assert checking.communicate(timeout=60)[0] == ""
    assert checking.returncode == 0
