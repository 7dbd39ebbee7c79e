"""The glossary agrees with the lessons: each term of a lesson is in it, in the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from material import ROOT

LESSONS = sorted((ROOT / "lessons").glob("*.md"))
GLOSSARY = (ROOT / "course/glossary.md").read_text("utf-8")


def rows(text: str) -> dict[str, str]:
    """First cell -> last cell, for every row of the tables in a text."""
    lines = re.findall(r"^\|.*\|$", text, re.MULTILINE)
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {row[0]: row[-1] for row in cells if row[0] != "Term" and not row[0].startswith("---")}


def terms(lesson: str) -> dict[str, str]:
    """Term -> definition, from a lesson's table of terms."""
    (section,) = re.findall(r"^## Terms\n(.*?)(?=^## |\Z)", lesson, re.MULTILINE | re.DOTALL)
    return rows(section)


def entries(glossary: str) -> dict[str, list[str]]:
    """Term -> its definitions, without citations and without the name of a lesson before them."""
    (block,) = re.findall(r"^```\{glossary\}\n(.*?)^```$", glossary, re.MULTILINE | re.DOTALL)
    found: dict[str, list[str]] = {}
    term = ""
    for line in filter(str.strip, block.splitlines()):
        if line.startswith(" "):
            text = re.sub(r" \{claim\}`[^`]*`|\*In \[.*?\]\(.*?\):\* ", "", line)
            found[term].append(text.strip())
        else:
            term = line.strip()
            assert term not in found, f"{term} is in it twice"
            found[term] = []
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_term_of_a_lesson_is_in_the_glossary_in_the_same_words(path: Path) -> None:
    glossary = entries(GLOSSARY)
    of_lesson = terms(path.read_text("utf-8"))
    assert of_lesson
    assert {term: meaning for term, meaning in of_lesson.items() if meaning not in glossary.get(term, ())} == {}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_lets_a_reader_open_terms_where_they_stand(path: Path) -> None:
    marked = re.findall(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`", path.read_text("utf-8"))
    assert len(marked) >= 3
    assert len(marked) == len(set(map(str.lower, marked))), "a term is marked where it first appears, once"


def test_glossary_holds_no_definition_that_no_lesson_gives() -> None:
    given = {pair for path in LESSONS for pair in terms(path.read_text("utf-8")).items()}
    held = {(term, meaning) for term, meanings in entries(GLOSSARY).items() for meaning in meanings}
    assert held - given == set()


def test_terms_are_in_alphabetical_order_and_each_has_its_row_in_spanish() -> None:
    names = list(entries(GLOSSARY))
    assert names == sorted(names, key=str.lower)
    spanish = rows(GLOSSARY.split("(glossary-spanish)=")[1])
    assert list(spanish) == names
    # A screen reader reads Spanish as Spanish only if the page is marked up as Spanish.
    assert [line for line in spanish.values() if not re.match(r'<span lang="es">.+</span>', line)] == []


def test_a_changed_word_is_found() -> None:
    changed = GLOSSARY.replace("The line that names the writer", "The line that names the author")
    assert entries(changed)["Byline"] != entries(GLOSSARY)["Byline"]
