"""Signs and dates in what students read: the quizzes, the record, and the pages of the book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from material import ROOT
from prose import running_text

from civicquiz.authoring.yaml_source import read

#: What nobody reads as it is: names, formulas, what is looked up by a program.
NOT_READ = {"answer", "calculate", "id", "url", "date", "as_of", "published", "cutoff", "sources", "source"}
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def texts_in(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Where a text is in a file of YAML, and the text."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in NOT_READ:
                yield from texts_in(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            name = inner.get("id", number) if isinstance(inner, dict) else number
            yield from texts_in(inner, f"{at}/{name}")


def texts_of_files(folders: Iterable[str], pattern: str = "*.yml") -> list[tuple[str, str]]:
    files = sorted(file for folder in folders for file in (ROOT / folder).glob(pattern))
    assert files
    return [found for file in files for found in texts_in(read(file).value, file.name)]


def texts_of_pages() -> list[tuple[str, str]]:
    pages = sorted([*(ROOT / "lessons").glob("*.md"), *(ROOT / "course").rglob("*.md"), *ROOT.glob("[a-z]*.md")])
    assert pages
    return [(page.name, paragraph) for page in pages for paragraph in running_text(page.read_text("utf-8"))]


def faults(pattern: str, texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where something is found, with the words around it."""
    return [
        (at, text[max(0, found.start() - 20) : found.end() + 20])
        for at, text in texts
        for found in re.finditer(pattern, text)
    ]


#: A hyphen between two words or numbers, not the one of a list or of the line below the head of a table.
LONE_HYPHEN = r"(?<=[^\s|])[ \u00a0]--?[ \u00a0](?=[^\s|])|(?m:^- ?\d+ =)"
#: 6 November 2024, or 2024-11-06.
OTHER_DATE = rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}|\b\d{{4}}-\d\d-\d\d\b"


def test_no_hyphen_is_a_minus_or_a_dash() -> None:
    assert faults(LONE_HYPHEN, [*texts_of_files(("quizzes", "seeds")), *texts_of_pages()]) == []


def test_no_line_breaks_at_a_minus() -> None:
    assert faults(r" −|− |^−", texts_of_files(("quizzes", "seeds"))) == []


def test_every_date_is_written_as_in_the_rest_of_the_book() -> None:
    assert faults(OTHER_DATE, [*texts_of_files(("quizzes", "seeds")), *texts_of_pages()]) == []


def test_quotation_marks_in_spanish_are_spanish() -> None:
    """Words of a law in English have the quotation marks of English."""
    assert faults('"', texts_of_files(("quizzes",), "*.es.yml")) == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (LONE_HYPHEN, "100 - 95 = 5", True),
        (LONE_HYPHEN, "Alien Enemies - Japanese", True),
        (LONE_HYPHEN, "and so\n- 100 = 17", True),
        (LONE_HYPHEN, "| a | b |\n| --- | --- |\n| an ex-official | 2 |", False),
        (LONE_HYPHEN, "- one\n- two", False),
        (OTHER_DATE, "S.D. Tex., 1 May 2025", True),
        (OTHER_DATE, "2024-11-06", True),
        (OTHER_DATE, "May 1, 2025, No. 18-2648", False),
    ],
)
def test_faults_are_found(pattern: str, text: str, found: bool) -> None:
    assert bool(re.search(pattern, text)) == found
