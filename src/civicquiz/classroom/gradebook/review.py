"""Open answers for a person to score: written to a table, and read back with the marks that were given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.gradebook.grader import Grader
from civicquiz.classroom.outcomes_file import Row
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.errors import MarksError, display_path
from civicquiz.exchange.csv_files import Table, escape_formula, format_score, read_table
from civicquiz.model.questions.open_response import OpenResponse

__all__ = [
    "Mark",
    "Marks",
    "TablePosition",
    "Written",
    "has_marks",
    "read_marks",
    "refuse_to_lose_marks",
    "review_row",
    "review_table",
]

COLUMNS = ("learner", "quiz", "question", "prompt", "rubric", "response", "points", "max", "note")
MAX_BYTES = 500_000_000

#: The columns that reading needs: which answer a mark is for, and the mark.
_NEEDED = ("learner", "quiz", "question", "response", "points")


@dataclass(frozen=True, order=True)
class TablePosition:
    """A line of the file and its row in a spreadsheet, which differ because an answer can be many lines long."""

    line: int
    row: int

    def __str__(self) -> str:
        return f"{self.line} (row {self.row})"


@dataclass(frozen=True)
class Mark:
    """The points that a person gave for an answer, with a note for the learner, and where the table has it."""

    position: TablePosition
    points: float
    response: str
    note: str


@dataclass(frozen=True)
class Written:
    """What was written of a part of a class.

    Attributes:
        rows: how many rows the learners have.
        waiting: how many answers wait for a person.
        used_marks: the positions of the marks that were used, and
        problems: what is wrong with marks, and where.
        outcomes: files with the rows, for ``outcomes_file.put_together``.
    """

    rows: int
    waiting: int
    used_marks: frozenset[TablePosition]
    problems: tuple[tuple[TablePosition, str], ...]
    outcomes: tuple[Path, ...] = ()


class Marks:
    """The marks of a table, by learner, quiz and question; ``problems`` lists what in it cannot be used, and where."""

    def __init__(
        self, name: str, marks: Mapping[tuple[str, str, str], Mark], problems: list[tuple[TablePosition, str]]
    ) -> None:
        self.name = name
        self.problems = problems
        #: the positions of the marks that were used
        self.used: set[TablePosition] = set()
        self._marks = marks

    def unused_copy(self) -> Marks:
        """The same marks for a part of a class: none is used so far, and ``problems`` are only those found then."""
        return Marks(self.name, self._marks, [])

    def merge(self, learner: str, grader: Grader, row: Row) -> tuple[Row, Mark | None]:
        """``row`` with the mark that a person gave, if there is one for this answer.

        A mark that is out of range, or for a different answer than the one that counts now, is a problem and not used.
        """
        question = grader.questions[row.question_index]
        if row.status != "needs-review":
            return row, None
        mark = self._marks.get((escape_formula(learner), grader.quiz.name, question.id))
        if mark is None:
            return row, None
        self.used.add(mark.position)
        if not 0 <= mark.points <= question.points:
            most, got = format_score(question.points), format_score(mark.points)
            reason = f"question '{question.id}' is worth 0 to {most} points (got {got})"
            self.problems.append((mark.position, reason))
            return row, None
        if _words(mark.response) != _words(escape_formula(answer_text(row))):
            answered = f"the answer of '{learner}' to question '{question.id}'"
            reason = f"{answered} has changed since it was scored; read it again"
            self.problems.append((mark.position, reason))
            return row, None
        status = "correct" if mark.points == question.points else "partly" if mark.points else "incorrect"
        return row._replace(status=status, score=mark.points), mark

    def problems_after(self, parts: Iterable[Written]) -> list[SubmissionProblem]:
        """What is wrong with the marks, once all ``parts`` of a class are written."""
        problems = list(self.problems)
        for part in parts:
            self.used |= part.used_marks
            problems += part.problems
        return [
            SubmissionProblem("mark", f"{self.name}:{position}", f"{reason}; the mark is not used")
            for position, reason in sorted([*problems, *self.unused()])
        ]

    def unused(self) -> list[tuple[TablePosition, str]]:
        """The marks for which no answer was found, once everything is merged."""
        return [
            (mark.position, f"'{learner}' has no answer to question '{question}' of '{quiz}' that needs a mark")
            for (learner, quiz, question), mark in self._marks.items()
            if mark.position not in self.used
        ]


def review_row(learner: str, grader: Grader, row: Row, mark: Mark | None) -> list[str | float | None]:
    """The line of an answer in the table."""
    question = grader.questions[row.question_index]
    rubric = question.rubric_lines() if isinstance(question, OpenResponse) else ()
    criteria = "\n".join(f"{text}\n    {sample}" if sample else text for text, sample in rubric)
    points, note = (mark.points, mark.note) if mark else (None, "")
    answer = [learner, grader.quiz.name, question.id, question.prompt, criteria, answer_text(row)]
    return [*answer, points, float(question.points), note]


def answer_text(row: Row) -> str:
    """The text that a learner wrote."""
    response = json.loads(row.response) if row.response else ""
    return response if isinstance(response, str) else json.dumps(response, ensure_ascii=False)


def read_marks(path: str | Path) -> Marks:
    """The marks in a table that :func:`review_row` wrote and a person filled in. Rows without points are skipped.

    Raises:
        MarksError: it cannot be read, or lacks a column.
    """
    marks: dict[tuple[str, str, str], Mark] = {}
    problems: list[tuple[TablePosition, str]] = []
    for position, cells in _filled_in(Path(path)):
        points = cells["points"].strip()
        if not re.fullmatch(r"\d{1,6}([.,]\d{1,6})?", points):
            problems.append((position, f"'points' must be a number such as 2 or 1.5 (got '{excerpt(points, 40)}')"))
            continue
        answer = (cells["learner"], cells["quiz"], cells["question"])
        if answer in marks:
            problems.append((position, f"line {marks[answer].position} already has a mark for this answer"))
            continue
        marks[answer] = Mark(position, float(points.replace(",", ".")), cells["response"], cells.get("note", ""))
    return Marks(display_path(path), marks, problems)


def _filled_in(path: Path) -> list[tuple[TablePosition, dict[str, str]]]:
    """(position, cells by column) of the rows that have points.

    Raises:
        MarksError: it cannot be read, or lacks a column.
    """
    shown = display_path(path)
    try:
        rows = read_table(path, MAX_BYTES)
    except ValueError as error:
        raise MarksError(f"{shown}: {error}") from None
    line, header = rows[0] if rows else (1, [])
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        columns = ", ".join(COLUMNS)
        raise MarksError(f"{shown}:{line}: the column '{missing[0]}' is missing (the columns are {columns})")
    found = []
    for number, (line, row) in enumerate(rows[1:], start=2):
        cells = dict.fromkeys(header, "") | dict(zip(header, row, strict=False))
        if cells["points"].strip():
            found.append((TablePosition(line, number), cells))
    return found


def _words(text: str) -> str:
    """A text without what spreadsheets change, such as the number of spaces and the line ends."""
    return " ".join(text.split())


def refuse_to_lose_marks(folder: Path, marks: Path | None) -> None:
    """
    Raises:
        MarksError: review.csv in the ``folder`` for results has marks, and is not the file ``marks`` that is merged.
    """
    review = folder / "review.csv"
    if has_marks(review) and not (marks and marks.resolve() == review.resolve()):
        shown = display_path(review)
        raise MarksError(f"{shown} has marks that would be lost; merge them with --marks {shown}, or move it away")


def has_marks(path: Path) -> bool:
    """Whether somebody has filled in points in the table ``path``, or it contains something that cannot be read."""
    if not path.exists():
        return False
    try:
        return bool(_filled_in(path))
    except MarksError:
        return True


def review_table(folder: Path, *, continued: bool = False) -> Table:
    """An empty table ``review.csv`` in ``folder``; with ``continued``, it has no headings and is added to another."""
    return Table.create(folder / "review.csv", None if continued else COLUMNS)
