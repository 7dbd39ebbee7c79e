"""What the tests of readers have in common: what a file becomes, which reader it is for, and damage to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from import_samples import with_odd_numbers, zipped

import civicquiz
from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import read
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import Reader
from civicquiz.exchange.importing import ImportReport, import_files
from civicquiz.exchange.imports import READERS


def imported_from(file: Path, content: str | bytes) -> tuple[ImportReport, list[dict[str, Any]]]:
    """The report on a file that is written with this content, and the questions that it became, in valid quizzes."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    report = import_files([file], file.parent / "out")
    written: list[dict[str, Any]] = []
    for path in report.files:
        civicquiz.load(path)
        text = path.read_text("utf-8")
        assert laid_out(text) == text
        written += read(path).value["questions"]
    return report, written


def recognized(content: str | bytes) -> str | None:
    """The name of the reader that reads a file with this content if its format is not named."""
    file = GivenFile(Path("file"), content.encode() if isinstance(content, str) else content)
    return next((name for name, reader in READERS.items() if reader.recognizes(file)), None)


def check_not_broken(reader: Reader, content: str | bytes) -> None:
    """Check that a file with this content is refused with a reason, or each of its questions is read or is refused."""
    file = GivenFile(Path("file"), content.encode() if isinstance(content, str) else content)
    reader.recognizes(file)
    try:
        quizzes = reader.read(file)
    except ExchangeError:
        return
    assert quizzes
    for quiz in quizzes:
        for question in quiz.questions:
            assert (question.values is None) == bool(question.refused)


def check_odd_numbers(reader: Reader, files: dict[str, str]) -> None:
    """Check the same of an archive with these ``files``, where a number in one of them is written in another way."""
    for changed, text in files.items():
        for odd in with_odd_numbers(text):
            check_not_broken(reader, zipped({**files, changed: odd}))


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """A file without its end, or with bytes that were added or replaced."""

    def damage(at: int, noise: bytes, what: str) -> bytes:
        rest = {"cut": b"", "added": noise + content[at:], "replaced": noise + content[at + len(noise) :]}
        return content[:at] + rest[what]

    places = st.integers(0, len(content))
    return st.builds(damage, places, st.binary(max_size=300), st.sampled_from(["cut", "added", "replaced"]))


def with_something_missing(xml: str) -> Iterator[str]:
    """XML in every way without one of its smallest elements, without an attribute, or with one that says nothing."""
    elements = r"<[^<>?]+/>|<(\w+)[^<>]*>[^<>]*</\1>"
    for found in re.finditer(rf'{elements}|\s[\w:]+="[^"]*"|(?<==)"[^"]*"', xml):
        rest = '""' if found[0].startswith('"') else ""
        yield xml[: found.start()] + rest + xml[found.end() :]
