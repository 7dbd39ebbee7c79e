"""The server of the preview, running as it does for an author."""

from __future__ import annotations

import http.client
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from material import QUIZ, write
from running_hosts import Preview, run_civicquiz, running_preview

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "first.yml", QUIZ)
    write(tmp_path / "units" / "second.yml", QUIZ.replace("title: ", "title: Second, "))
    return tmp_path


def _get(preview: Preview, path: str, host: str = "") -> tuple[int, dict[str, str], str]:
    address = urlsplit(preview.url)
    connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": host or address.netloc})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def _states(preview: Preview, query: str = "") -> Iterator[Any]:
    """What a page is told, from the beginning."""
    address = urlsplit(preview.url)
    connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=60)
    connection.request("GET", f"/events{query}", headers={"Host": address.netloc})
    answer = connection.getresponse()
    try:
        while line := answer.readline().decode():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))
    finally:
        connection.close()


def _until(states: Iterator[Any], key: str, wanted: Any) -> Any:
    return next(state for state in states if state[key] == wanted)


def test_save_is_told_and_shown_and_a_mistake_leaves_the_last_good_quiz(folder: Path) -> None:
    quiz = folder / "first.yml"
    text = quiz.read_text("utf-8")
    with running_preview("first.yml", folder) as preview:
        states = _states(preview)
        first = next(state for state in states if state["revision"])
        write(quiz, text.replace("title: ", "title: Changed, "))
        changed = next(state for state in states if state["title"].startswith("Changed, "))
        assert changed["revision"] != first["revision"]
        write(quiz, text.replace("title: ", "titel: "))
        wrong = _until(states, "isOutdated", True)
        assert wrong["revision"] == changed["revision"]
        assert "did you mean 'title'?" in [problem["hint"] for problem in wrong["problems"]]
        assert "Changed, " in _get(preview, "/frame?view=student")[2]
        write(quiz, text)
        assert _until(states, "isOutdated", False)["problems"] == []


def test_list_follows_files_that_come_and_go(folder: Path) -> None:
    with running_preview(".", folder) as preview:
        states = _states(preview)

        def until(names: list[str]) -> None:
            next(state for state in states if [entry["name"] for entry in state] == names)

        until(["first.yml", "units/second.yml"])
        write(folder / "third.yml", QUIZ)
        until(["first.yml", "third.yml", "units/second.yml"])
        (folder / "first.yml").unlink()
        until(["third.yml", "units/second.yml"])


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1", "[::1]"])
def test_request_under_another_name_is_refused(folder: Path, host: str) -> None:
    with running_preview(".", folder) as preview:
        for path in ("/", "/events", "/frame?quiz=first.yml&view=teacher"):
            status, headers, text = _get(preview, path, host)
            assert status == 421
            assert "civicquiz" not in text
            assert headers["content-security-policy"].startswith("default-src 'none'")


def test_only_the_quizzes_of_the_list_can_be_asked_for(folder: Path) -> None:
    write(folder / "secret.txt", "secret")
    write(folder.parent / "outside.yml", QUIZ)
    with running_preview("units", folder) as preview:
        _get(preview, "/")
        for name in (
            "../outside.yml",
            "../first.yml",
            "%2e%2e/first.yml",
            "/etc/passwd",
            "secret.txt",
            "second.yml%00",
        ):
            for page in ("/", "/frame", "/events"):
                assert _get(preview, f"{page}?quiz={name}&view=student")[0] == 404
        assert _get(preview, "/units/second.yml")[0] == 404


def test_pages_load_nothing_from_other_hosts_and_are_kept_nowhere(folder: Path) -> None:
    with running_preview("first.yml", folder) as preview:
        next(state for state in _states(preview) if state["revision"])
        for path in ("/", "/frame?view=student", "/frame?view=teacher", "/frame?view=paper"):
            status, headers, text = _get(preview, path)
            assert status == 200
            assert headers["cache-control"] == "no-store"
            assert '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';' in text
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["first.yml", "second.yml"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_at_once_and_without_complaint(folder: Path, sent: signal.Signals) -> None:
    with running_preview(".", folder) as preview:
        states = _states(preview)  # a page is open
        next(states)
        code, printed = preview.end(sent)
        assert code == 0
        assert "Traceback" not in printed
        assert "Error" not in printed


def test_what_is_not_there_is_a_line_and_no_server(tmp_path: Path) -> None:
    process = run_civicquiz("preview", "no.yml", "--no-open", folder=tmp_path)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert printed == "Error: there is no file or folder 'no.yml'; name a quiz, or a folder with quizzes in it\n"


def test_check_goes_on_after_every_save(folder: Path) -> None:
    process = run_civicquiz("check", "first.yml", "--watch", folder=folder)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().endswith(" No problems.\n")
        text = (folder / "first.yml").read_text("utf-8")
        write(folder / "first.yml", text.replace("title: ", "titel: "))
        lines = iter(process.stdout.readline, "")
        assert next(line for line in lines if line.startswith("first.yml:")) == "first.yml:1:1: unknown key 'titel'\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.stdout.close()
