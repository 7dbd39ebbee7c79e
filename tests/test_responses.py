"""The response file: whole or not at all, and nothing of anybody else's is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import json_values

from civicquiz.responses import SCHEMA_VERSION, ResponseFile, ResponseFileError, Sitting


def _file(folder: Path) -> ResponseFile:
    return ResponseFile(folder / "law.responses.json", "law", "0123456789abcdef")


def _read(file: ResponseFile) -> tuple[dict[str, Any], dict[str, bool]]:
    kept = file.read()
    return kept.responses, kept.checked


def test_missing_file_is_no_responses(tmp_path: Path) -> None:
    file = _file(tmp_path)
    assert _read(file) == ({}, {})
    assert file.set_aside is None
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    responses = {"a": ["x", "y"], "b": "14", "c": "日本 \u2028 </script>"}
    _file(tmp_path).update(["a", "b", "c"], Sitting(responses, {"a": True, "b": False}))
    assert _read(_file(tmp_path)) == (responses, {"a": True, "b": False})


def test_file_names_its_schema_its_quiz_and_the_hash_and_no_score(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.update(["a"], Sitting({"a": "14"}, {"a": True}))
    content = json.loads(file.path.read_text("utf-8"))
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
    file.update(["a", "b"], Sitting({"a": "1", "b": "2"}, {"a": True, "b": True}))
    file.update(["b", "c"], Sitting({"c": "3"}, {"c": False}))
    assert _read(file) == ({"a": "1", "c": "3"}, {"a": True, "c": False})


def test_two_parts_of_a_quiz_keep_each_other_s_answers(tmp_path: Path) -> None:
    one, two = _file(tmp_path), _file(tmp_path)
    one.update(["a"], Sitting({"a": "1"}, {"a": True}))
    two.update(["b"], Sitting({"b": "2"}, {}))
    one.update(["a"], Sitting({"a": "1b"}, {"a": True}))
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
    assert file.set_aside is not None
    assert file.set_aside.read_bytes() == content
    assert file.set_aside.parent == tmp_path
    assert not file.path.exists()
    file.update(["a"], Sitting({"a": "1"}, {}))
    assert file.read().responses == {"a": "1"}
    assert file.set_aside.read_bytes() == content


def test_second_unreadable_file_does_not_replace_the_first(tmp_path: Path) -> None:
    kept = set()
    for content in ("one", "two", "three"):
        file = _file(tmp_path)
        file.path.write_text(content)
        file.read()
        assert file.set_aside is not None
        kept.add(file.set_aside)
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
    if file.set_aside:
        file.set_aside.unlink()


def test_folder_in_its_place_is_set_aside_with_what_it_holds(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.path.mkdir()
    (file.path / "precious").write_text("x")
    file.update(["a"], Sitting({"a": "1"}, {}))
    assert file.read().responses == {"a": "1"}
    assert file.set_aside is not None
    assert (file.set_aside / "precious").read_text() == "x"


def test_missing_folder_is_a_response_file_error(tmp_path: Path) -> None:
    file = _file(tmp_path / "gone")
    with pytest.raises(ResponseFileError, match="No such file"):
        file.update(["a"], Sitting({"a": "1"}, {}))


def test_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """A real failure: the operating system stops the process from writing more than a few bytes into a file."""
    file = _file(tmp_path)
    file.update(["a"], Sitting({"a": "old"}, {"a": True}))
    before = file.path.read_bytes()
    program = """
        import resource, sys
        from pathlib import Path
        from civicquiz.responses import ResponseFile, ResponseFileError, Sitting
        file = ResponseFile(Path(sys.argv[1]), "law", "0")
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        try:
            file.update(["a"], Sitting({"a": "new" * 1000}, {}))
        except ResponseFileError as error:
            print("refused:", error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(file.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("refused: File too large")
    assert file.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.path.name]


def test_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    file = _file(tmp_path)
    long_ = {f"q{number}": "x" * 200 for number in range(50)}
    file.update(long_, Sitting(long_, {}))
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
        ResponseFile(file.path, "law", "0").update(long_, Sitting(short, {}))
    stop.set()
    reader.join()
    assert broken == []
    assert seen
    assert [path.name for path in tmp_path.iterdir()] == [file.path.name]


def test_lone_surrogate_in_an_answer_does_not_lose_the_others(tmp_path: Path) -> None:
    file = _file(tmp_path)
    file.update(["a", "b"], Sitting({"a": "\ud800", "b": "14"}, {}))
    assert file.read().responses["b"] == "14"
