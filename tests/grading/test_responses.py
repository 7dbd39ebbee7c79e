"""The response file: it is written whole or not at all, and nobody else's work is lost."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import ROOT, json_values

from civicquiz.errors import ResponseFileError
from civicquiz.grading import responses
from civicquiz.grading.responses import SCHEMA_VERSION, ResponseFile
from civicquiz.grading.session import Session


def _file(folder: Path) -> ResponseFile:
    return ResponseFile(folder / "law.responses.json", "law", "0123456789abcdef")


def _read(file: ResponseFile) -> tuple[dict[str, Any], dict[str, bool]]:
    kept = file.read()
    return kept.responses, kept.checked


def _left(file: ResponseFile) -> list[str]:
    """The files next to the file, except for the state before the last save and the lock."""
    known = {file.path.name, file.previous.name, f".{file.path.name}.lock"}
    return sorted(path.name for path in file.path.parent.iterdir() if path.name not in known)


def test_missing_file_has_no_responses(tmp_path: Path) -> None:
    file = _file(tmp_path)
    assert _read(file) == ({}, {})
    assert file.quarantined is None
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    responses = {"a": ["x", "y"], "b": "14", "c": "日本 \u2028 </script>"}
    _file(tmp_path).update(["a", "b", "c"], Session(responses, {"a": True, "b": False}))
    assert _read(_file(tmp_path)) == (responses, {"a": True, "b": False})


def test_file_names_its_schema_its_quiz_and_the_hash_and_no_score(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.update(["a"], Session({"a": "14"}, {"a": True}))
    content = json.loads(file.path.read_text("utf-8"))
    saved = datetime.fromisoformat(content.pop("saved"))
    assert abs((datetime.now(UTC) - saved).total_seconds()) < 600
    assert content == {
        "schema": SCHEMA_VERSION,
        "quiz": "law",
        "content_hash": "0123456789abcdef",
        "responses": {"a": "14"},
        "checked": {"a": True},
        "attempts": {},
        "marks": {},
        "session": {},
    }


def test_update_replaces_only_its_own_questions(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.update(["a", "b"], Session({"a": "1", "b": "2"}, {"a": True, "b": True}))
    file.update(["b", "c"], Session({"c": "3"}, {"c": False}))
    assert _read(file) == ({"a": "1", "c": "3"}, {"a": True, "c": False})


def test_two_parts_of_a_quiz_keep_each_other_s_answers(tmp_path: Path) -> None:
    one, two = _file(tmp_path), _file(tmp_path)
    one.update(["a"], Session({"a": "1"}, {"a": True}))
    two.update(["b"], Session({"b": "2"}, {}))
    one.update(["a"], Session({"a": "1b"}, {"a": True}))
    assert _read(two) == ({"a": "1b", "b": "2"}, {"a": True})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"not json",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"5",
        b"{}",
        b'{"schema": 1}',
        b'{"schema": 2, "responses": {}, "checked": {}}',
        b'{"schema": "1", "responses": {}, "checked": {}}',
        b'{"schema": 1, "responses": [], "checked": {}}',
        b'{"schema": 1, "responses": {}, "checked": null}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:30]),
)
def test_unreadable_file_is_set_aside_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    file = _file(tmp_path)
    file.path.write_bytes(content)
    assert _read(file) == ({}, {})
    assert file.quarantined is not None
    assert file.quarantined.read_bytes() == content
    assert file.quarantined.parent == tmp_path
    assert not file.path.exists()
    file.update(["a"], Session({"a": "1"}, {}))
    assert file.read().responses == {"a": "1"}
    assert file.quarantined.read_bytes() == content


def test_second_unreadable_file_does_not_replace_the_first(tmp_path: Path) -> None:
    kept = set()
    for content in ("one", "two", "three"):
        file = _file(tmp_path)
        file.path.write_text(content)
        file.read()
        assert file.quarantined is not None
        kept.add(file.quarantined)
    assert sorted(path.read_text() for path in kept) == ["one", "three", "two"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        json_values, st.fixed_dictionaries({"schema": st.just(1), "responses": json_values, "checked": json_values})
    )
)
def test_arbitrary_json_in_the_file_is_read_or_set_aside(tmp_path: Path, content: Any) -> None:
    file = _file(tmp_path)
    file.path.write_text(json.dumps(content))
    responses, checked = _read(file)
    assert isinstance(responses, dict)
    assert all(isinstance(done, bool) for done in checked.values())
    if file.quarantined:
        file.quarantined.unlink()


def _passing(times: int, error: OSError | str) -> Any:
    """Reading fails so many times, with an error or with the start of a file that is still being copied."""
    real, left = Path.read_text, [times]

    def read_text(path: Path, *arguments: Any, **options: Any) -> str:
        if left[0] and path.name.endswith(".json"):
            left[0] -= 1
            if isinstance(error, str):
                return error
            raise error
        return real(path, *arguments, **options)

    return mock.patch.object(Path, "read_text", read_text)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EMFILE, "Too many open files"), PermissionError(errno.EACCES, "Permission denied"), "", '{"sch'],
    ids=["EMFILE", "EACCES", "empty", "half"],
)
def test_file_that_cannot_be_read_for_a_moment_is_read_again_and_stays(tmp_path: Path, error: OSError | str) -> None:
    _file(tmp_path).update(["a"], Session({"a": "1"}, {}))
    file = _file(tmp_path)
    with _passing(2, error):
        assert file.open().responses == {"a": "1"}
    with _passing(2, error):
        file.update(["b"], Session({"b": "2"}, {}))
    assert file.quarantined is None
    assert not file.restored
    assert _file(tmp_path).read().responses == {"a": "1", "b": "2"}


def test_file_that_stays_closed_is_an_error_and_loses_nothing(tmp_path: Path) -> None:
    _file(tmp_path).update(["a"], Session({"a": "1"}, {}))
    file = _file(tmp_path)
    file.open()
    with _passing(10**6, OSError(errno.EIO, "Input/output error")):
        with pytest.raises(ResponseFileError, match="cannot be read just now"):
            _file(tmp_path).open()
        with pytest.raises(ResponseFileError, match="cannot be read just now"):
            file.update(["b"], Session({"b": "2"}, {}))
        assert file.news() is None
    assert file.has_unsaved
    file.update([], Session({"b": "2"}, {}))
    assert _file(tmp_path).read().responses == {"a": "1", "b": "2"}
    assert sorted(path.name for path in tmp_path.iterdir() if "unreadable" in path.name) == []


def test_folder_in_its_place_is_set_aside_with_what_it_holds(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.path.mkdir()
    (file.path / "precious").write_text("x")
    file.update(["a"], Session({"a": "1"}, {}))
    assert file.read().responses == {"a": "1"}
    assert file.quarantined is not None
    assert (file.quarantined / "precious").read_text() == "x"


def test_missing_folder_is_a_response_file_error(tmp_path: Path) -> None:
    file = _file(tmp_path / "gone")
    with pytest.raises(ResponseFileError, match="No such file"):
        file.update(["a"], Session({"a": "1"}, {}))


def test_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A real failure: the operating system stops the process from writing more than a few bytes into a file."""
    file = _file(tmp_path)
    file.update(["a"], Session({"a": "old"}, {"a": True}))
    before = file.path.read_bytes()
    program = """
        import resource, sys
        from pathlib import Path
        from civicquiz.errors import ResponseFileError
        from civicquiz.grading.responses import ResponseFile
        from civicquiz.grading.session import Session
        file = ResponseFile(Path(sys.argv[1]), "law", "0")
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        try:
            file.update(["a"], Session({"a": "new" * 1000}, {}))
        except ResponseFileError as error:
            print("refused:", error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(file.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("refused: File too large")
    assert file.path.read_bytes() == before
    assert _left(file) == []


def test_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    file = _file(tmp_path)
    long_ = {f"q{number}": "x" * 200 for number in range(50)}
    file.update(long_, Session(long_, {}))
    stop = threading.Event()
    seen: list[int] = []
    broken: list[str] = []

    def look() -> None:
        while not stop.is_set():
            text = file.path.read_text("utf-8")
            try:
                seen.append(len(json.loads(text)["responses"]))
            except ValueError:
                broken.append(text)

    reader = threading.Thread(target=look)
    reader.start()
    for size in range(50):
        short = dict(list(long_.items())[:size])
        ResponseFile(file.path, "law", "0").update(long_, Session(short, {}))
    stop.set()
    reader.join()
    assert broken == []
    assert seen
    assert _left(file) == []


def test_lone_surrogate_in_an_answer_does_not_lose_the_others(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.update(["a", "b"], Session({"a": "\ud800", "b": "14"}, {}))
    assert file.read().responses["b"] == "14"


# ---- A damaged file, and windows next to each other ----


@pytest.mark.parametrize("damage", [b"", b"\0" * 200, b'{"schema": 1, "respon', b"[]"])
def test_state_before_the_last_save_takes_the_place_of_a_damaged_file(tmp_path: Path, damage: bytes) -> None:
    file = _file(tmp_path)
    file.update(["a"], Session({"a": "first"}, {"a": True}))
    file.update(["b"], Session({"b": "second"}, {}))
    file.path.write_bytes(damage)
    again = _file(tmp_path)
    assert _read(again) == ({"a": "first"}, {"a": True})
    assert again.restored
    assert again.quarantined is not None
    assert again.quarantined.read_bytes() == damage
    again.update(["b"], Session({"b": "third"}, {}))
    assert _read(_file(tmp_path)) == ({"a": "first", "b": "third"}, {"a": True})


def test_file_that_a_learner_deletes_is_not_brought_back(tmp_path: Path) -> None:
    file = _file(tmp_path)
    for answer in ("first", "second"):
        file.update(["a"], Session({"a": answer}, {}))
    file.path.unlink()
    assert _read(_file(tmp_path)) == ({}, {})


def _replaced(file: ResponseFile) -> list[Any]:
    kept: list[Any] = json.loads(file.path.read_text("utf-8")).get("replaced", [])
    return kept


def test_answer_of_another_window_is_kept_and_reported_when_it_is_replaced(tmp_path: Path) -> None:
    one, two = _file(tmp_path), _file(tmp_path)
    one.open(), two.open()
    assert one.update(["a"], Session({"a": "of one"}, {})) == []
    assert two.update(["a", "b"], Session({"a": "of two", "b": "x"}, {})) == ["a"]
    assert two.read().responses == {"a": "of two", "b": "x"}
    assert _replaced(two) == [{"question": "a", "response": "of one"}]
    # More typing in the same window replaces what that window knows.
    assert two.update(["a"], Session({"a": "of two again"}, {})) == []
    # The first window does not silently discard anything either.
    assert one.update(["a"], Session({}, {})) == ["a"]
    assert _replaced(one)[-1] == {"question": "a", "response": "of two again"}


def test_same_answer_in_two_windows_and_other_questions_are_no_conflict(tmp_path: Path) -> None:
    one, two = _file(tmp_path), _file(tmp_path)
    one.open(), two.open()
    assert one.update(["a"], Session({"a": "same"}, {})) == []
    assert two.update(["a"], Session({"a": "same"}, {})) == []
    assert two.update(["b"], Session({"b": "x"}, {})) == []
    third = _file(tmp_path)
    third.open()
    assert third.update(["a"], Session({"a": "seen and changed"}, {})) == []
    assert _replaced(third) == []


@pytest.mark.slow
def test_many_windows_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each writes its own question again and again; without the lock, one would overwrite what another just wrote."""
    program = """
        import sys
        from pathlib import Path
        from civicquiz.errors import ResponseFileError
        from civicquiz.grading.responses import ResponseFile
        from civicquiz.grading.session import Session
        name = sys.argv[2]
        file = ResponseFile(Path(sys.argv[1]), "law", "0")
        file.open()
        for number in range(100):
            assert file.update([name], Session({name: str(number)}, {})) == []
    """
    file = _file(tmp_path)
    windows = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), str(file.path), f"q{number}"])
        for number in range(4)
    ]
    assert [window.wait() for window in windows] == [0] * 4
    assert file.read().responses == {f"q{number}": "99" for number in range(4)}
    assert _left(file) == []


def test_what_a_dead_program_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    file = _file(tmp_path)
    (tmp_path / f"{file.path.name}.abc.tmp").write_text('{"schema": 1')
    file.update(["a"], Session({"a": "1"}, {}))
    assert _left(file) == []


#: For each line that it reads, it starts a learner who types numbers in a widget without stopping, and prints each
#: number once the notice has said that it is saved. Everything is imported once.
_NURSERY = """
    import os, sys
    from pathlib import Path
    from civicquiz.model.quiz import load
    from civicquiz.hosts.widget import QuizWidget
    quiz, folder = load(sys.argv[1]), Path(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            os.write(1, b"dead\\n")
            continue
        os.write(1, b"%d\\n" % os.getpid())
        widget = QuizWidget(quiz, folder=folder)
        name = quiz.questions[0].id
        for number in range(int(widget.responses.get(name, "0")) + 1, 10**9):
            widget.responses = {name: str(number)}
            assert "are saved" in widget.notice, widget.notice
            os.write(1, b"%d\\n" % number)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs copies of a program that has imported everything")
def test_a_killed_kernel_loses_at_most_the_answer_that_was_on_its_way(tmp_path: Path) -> None:
    """kill -9, two hundred times, each at a different moment while saving."""
    file = ResponseFile(tmp_path / "short-text.responses.json", "short-text", "0")
    chance = random.Random(7)
    example = str(ROOT / "examples" / "short-text.yml")
    nursery = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_NURSERY), example, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    confirmed = 0
    for _ in range(200):
        nursery.stdin.write("one more\n")
        learner = int(nursery.stdout.readline())
        confirmed = int(nursery.stdout.readline())
        time.sleep(chance.random() * 0.01)
        os.kill(learner, signal.SIGKILL)
        for line in iter(nursery.stdout.readline, "dead\n"):
            confirmed = int(line)
        (answer,) = file.read().responses.values()
        assert confirmed <= int(answer) <= confirmed + 1
        assert file.quarantined is None
        assert "replaced" not in file.path.read_text("utf-8")
    nursery.stdin.close()
    assert nursery.wait() == 0
    assert confirmed > 200


# ---- Who may read it ----


@pytest.mark.skipif(os.name == "nt", reason="no modes on Windows")
@pytest.mark.parametrize("umask", [0o077, 0o022])
@pytest.mark.parametrize(("value", "mode"), [(None, 0o600), ("", 0o600), ("group", 0o640), ("everyone", 0o644)])
@pytest.mark.parametrize("links", ["there", "refused", "unknown"])
def test_environment_says_who_besides_the_learner_may_read_the_file_and_its_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int, value: str | None, mode: int, links: str
) -> None:
    monkeypatch.delenv("CIVICQUIZ_FILES", raising=False)
    if value is not None:
        monkeypatch.setenv("CIVICQUIZ_FILES", value)
    if links == "unknown":  # to a Python in a browser
        monkeypatch.delattr(os, "link")
    if links == "refused":
        monkeypatch.setattr(os, "link", mock.Mock(side_effect=OSError(errno.EPERM, "no links")))
    before = os.umask(umask)
    try:
        file = _file(tmp_path)
        for answer in "12":
            file.update(["a"], Session({"a": answer}))
        assert [path.stat().st_mode & 0o777 for path in (file.path, file.previous)] == [mode, mode]
        file.path.write_text("damaged")
        assert _file(tmp_path).open().responses == {"a": "1"}
    finally:
        os.umask(before)
    (damaged,) = tmp_path.glob("*.unreadable-1")
    assert [path.stat().st_mode & 0o777 for path in (file.path, damaged)] == [mode, mode]


def test_unknown_value_is_said_before_anybody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICQUIZ_FILES", "all")
    with pytest.raises(ResponseFileError, match=r"CIVICQUIZ_FILES must be 'group' or 'everyone' \(got 'all'\)"):
        _file(tmp_path).open()


def test_what_a_page_has_kept_for_its_review_stays_in_the_file(tmp_path: Path) -> None:
    """A student may go on in a notebook with the file of a page."""
    path = tmp_path / "quiz.responses.json"
    reviews = {"a": {"due": "2026-12-01T08:00:00.000Z", "reps": 2}}
    for kept in (reviews, [], "x"):
        path.write_text(json.dumps({"schema": 1, "quiz": "quiz", "responses": {"a": "1"}, "reviews": kept}), "utf-8")
        file = ResponseFile(path, "quiz", "0")
        assert file.open().responses == {"a": "1"}
        file.update(["b"], Session(responses={"b": "2"}))
        written = json.loads(path.read_text("utf-8"))
        assert written["responses"] == {"a": "1", "b": "2"}
        assert written.get("reviews") == (reviews if kept == reviews else None)


def test_where_python_has_no_locks_a_lock_file_that_is_there_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a browser, the file of a lock would outlive the page that made it."""
    monkeypatch.setattr(responses, "_HAS_LOCKS", False)
    monkeypatch.setattr(responses, "FileLock", mock.Mock(side_effect=AssertionError("asked for a lock")))
    file = _file(tmp_path)
    file.path.with_name(f".{file.path.name}.lock").touch()
    file.update(["a"], Session({"a": "1"}))
    assert _file(tmp_path).open().responses == {"a": "1"}


def test_a_python_without_locks_is_recognized_and_says_nothing() -> None:
    """The library warns when it is imported; what a notebook imports first would show that."""
    code = (
        "import sys, warnings; sys.modules['fcntl'] = sys.modules['msvcrt'] = None\n"
        "warnings.simplefilter('error')\n"
        "from civicquiz.grading import responses; print(responses._HAS_LOCKS)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")
