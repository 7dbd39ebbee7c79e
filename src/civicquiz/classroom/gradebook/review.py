"""Open answers for a person to score: written as a table, and read back with the marks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.gradebook.grader import STATUSES, Key, Row
from civicquiz.classroom.gradebook.tables import Table, number, read_table, safe
from civicquiz.errors import CivicquizError, display_path
from civicquiz.model.questions.open_response import OpenResponse

__all__ = ["COLUMNS", "Mark", "Marks", "ReviewError", "read_marks", "review_row"]

COLUMNS = ("learner", "quiz", "question", "prompt", "rubric", "response", "points", "max", "note")
MAX_BYTES = 500_000_000


class ReviewError(CivicquizError):
    """A table of marks cannot be used at all; the message says why."""


@dataclass(frozen=True, order=True)
class Place:
    """The line of a file, and the row that a spreadsheet has for it: an answer can be many lines long."""

    line: int
    row: int

    def __str__(self) -> str:
        return f"{self.line} (row {self.row})"


@dataclass(frozen=True)
class Mark:
    """What a person gave for an answer, and where it stands in the table."""

    place: Place
    points: float
    response: str
    note: str


class Marks:
    """The marks of a table, by learner, quiz and question; and what in it could not be used: (place, why)."""

    def __init__(
        self, name: str, marks: Mapping[tuple[str, str, str], Mark], problems: list[tuple[Place, str]]
    ) -> None:
        self.name = name
        self.problems = problems
        self._marks = marks
        self._used: set[Place] = set()

    def merge(self, learner: str, key: Key, row: Row) -> tuple[Row, Mark | None]:
        """``row`` with the mark that a person gave, where there is one for this answer.

        A mark for another answer than the one that counts now, or out of range, is a problem and not used.
        """
        question = key.questions[row[0]]
        if STATUSES[row[1]] != "needs-review":
            return row, None
        mark = self._marks.get((safe(learner), key.name, question.id))
        if mark is None:
            return row, None
        self._used.add(mark.place)
        if not 0 <= mark.points <= question.points:
            why = f"question '{question.id}' has 0 to {number(question.points)} points (got {number(mark.points)})"
            self.problems.append((mark.place, why))
            return row, None
        if _words(mark.response) != _words(safe(answer_text(row))):
            why = f"the answer of '{learner}' to question '{question.id}' is another one by now; read it again"
            self.problems.append((mark.place, why))
            return row, None
        right = mark.points == question.points
        status = "correct" if right else "partly" if mark.points else "incorrect"
        return (row[0], STATUSES.index(status), mark.points, *row[3:]), mark

    def unused(self) -> list[tuple[Place, str]]:
        """Once everything is merged: the marks that no answer was found for."""
        return [
            (
                mark.place,
                f"there is no answer of '{learner}' to question '{question}' of '{quiz}' that waits for a mark",
            )
            for (learner, quiz, question), mark in self._marks.items()
            if mark.place not in self._used
        ]


def review_row(learner: str, key: Key, row: Row, mark: Mark | None) -> list[str]:
    """The line of an answer in the table."""
    question = key.questions[row[0]]
    rubric = question.rubric if isinstance(question, OpenResponse) else ()
    criteria = "\n".join(f"{criterion.text} ({number(criterion.points)})" for criterion in rubric)
    points = number(mark.points) if mark else ""
    answer, note = answer_text(row), mark.note if mark else ""
    head = [learner, key.name, question.id, question.prompt, criteria, answer]
    return [*head, points, number(question.points), note]


def answer_text(row: Row) -> str:
    """The text that a learner wrote."""
    response = json.loads(row[3]) if row[3] else ""
    return response if isinstance(response, str) else json.dumps(response, ensure_ascii=False)


def read_marks(path: str | Path) -> Marks:
    """The marks in a table that :func:`review_row` wrote and a person filled in. Lines without points are skipped.

    Raises:
        ReviewError: it cannot be read, or has not the columns.
    """
    shown = display_path(path)
    try:
        rows = read_table(Path(path), MAX_BYTES)
    except ValueError as error:
        raise ReviewError(f"{shown}: {error}") from None
    marks: dict[tuple[str, str, str], Mark] = {}
    problems: list[tuple[Place, str]] = []
    needed = ("learner", "quiz", "question", "response", "points")
    for place, row in ((Place(line, place), row) for place, (line, row) in enumerate(rows, start=2)):
        missing = [name for name in needed if name not in row]
        if missing:
            raise ReviewError(f"{shown}:1: the column '{missing[0]}' is missing (the columns are {', '.join(COLUMNS)})")
        cells = {name: cell if isinstance(cell, str) else "" for name, cell in row.items() if isinstance(name, str)}
        points = cells["points"].strip()
        if not points:
            continue
        if not re.fullmatch(r"\d{1,6}([.,]\d{1,6})?", points):
            problems.append((place, f"'points' must be a number such as 2 or 1.5 (got '{excerpt(points, 40)}')"))
            continue
        key = (cells["learner"], cells["quiz"], cells["question"])
        if key in marks:
            problems.append((place, f"the same answer has a mark on line {marks[key].place}; that one counts"))
            continue
        marks[key] = Mark(place, float(points.replace(",", ".")), cells["response"], cells.get("note", ""))
    return Marks(shown, marks, problems)


def _words(text: str) -> str:
    """A text without what spreadsheets change: the kind of blanks and line ends."""
    return " ".join(text.split())


def has_marks(path: Path) -> bool:
    """Whether somebody has filled in points in the table ``path``, or something stands there that cannot be read."""
    if not path.exists():
        return False
    try:
        return any((row.get("points") or "").strip() for _, row in read_table(path, MAX_BYTES))
    except (ValueError, AttributeError):
        return True


def review_table(folder: Path) -> Table:
    """An empty table ``review.csv`` in ``folder``."""
    return Table(folder / "review.csv", COLUMNS)
