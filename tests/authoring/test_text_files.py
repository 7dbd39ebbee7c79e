"""Text files from outside: what is read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.authoring.text_files import TextFileError, line_and_column, read_utf8


def _refused(path: Path, limit: int = 100) -> TextFileError:
    with pytest.raises(TextFileError) as caught:
        read_utf8(path, limit)
    return caught.value


def test_a_file_is_read_up_to_the_limit_and_refused_beyond(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"x" * 100)
    assert read_utf8(file, 100) == "x" * 100
    file.write_bytes(b"x" * 101)
    assert _refused(file).hint == "split it"


@pytest.mark.parametrize(("limit", "in_words"), [(500_000, "500 kB"), (5_000_000, "5 MB")])
def test_the_limit_is_given_in_human_units(tmp_path: Path, limit: int, in_words: str) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"x" * (limit + 1))
    assert str(_refused(file, limit)) == f"is larger than {in_words}"


def test_limit_counts_bytes_and_not_characters(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("é" * 51, "utf-8")
    assert "larger" in str(_refused(file))


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("learner\n", "utf-8-sig")
    assert read_utf8(file, 100) == "learner\n"


def test_another_encoding_is_refused_at_its_first_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes("first\nfür".encode("latin-1"))
    error = _refused(file)
    assert (str(error), error.line, error.column) == ("is not UTF-8 (byte 0xfc)", 2, 2)
    assert "in your editor" in error.hint


def test_a_missing_file_and_a_folder_are_refused_with_the_reason(tmp_path: Path) -> None:
    assert str(_refused(tmp_path / "none.yml")) == "cannot be read: no such file or directory"
    assert str(_refused(tmp_path)) == "cannot be read: it is a folder"
    assert str(_refused(tmp_path / "a\0b")).startswith("cannot be read: ")


@given(st.text())
def test_position_is_that_of_an_editor(text: str) -> None:
    line, column = line_and_column(text)
    lines = text.split("\n")
    assert (line, column) == (len(lines), len(lines[-1]) + 1)
