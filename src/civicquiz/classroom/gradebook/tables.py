"""The CSV files of a class: the gradebook, and what Canvas and Moodle import."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from civicquiz.authoring.text_files import TextFileError, read_utf8
from civicquiz.authoring.wording import number_text
from civicquiz.classroom.collecting import Learner

__all__ = ["GradebookTables", "Standing", "Table", "number", "safe"]

#: What a spreadsheet takes for a formula at the start of a cell, and the plain numbers that are none.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
#: Where a formula could start inside of a cell.
_INSIDE = re.compile(r"(?<=[;\n])(?=[^\S\n]*[=+\-@＝＋－＠])")


def safe(text: str) -> str:
    """``text`` so that no spreadsheet runs it: what looks like a formula gets an apostrophe in front.

    Also after a semicolon and a line end: where the comma stands in numbers, a spreadsheet takes a semicolon for the
    end of a cell, and does not see the quotes around a text. Line ends become those of the table: a carriage return
    alone would start a row.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return _INSIDE.sub("'", text)


def number(value: float) -> str:
    """A score as people write it: at most six decimals, none where it is whole."""
    return number_text(value, 6)


class Table:
    """A CSV file that is written line by line; texts are made safe for spreadsheets."""

    def __init__(self, path: Path, header: Iterable[str]) -> None:
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self.write(header)

    def write(self, row: Iterable[str]) -> None:
        self._csv.writerow([safe(cell) if cell else "" for cell in row])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


@dataclass(frozen=True)
class Standing:
    """How one learner stands in one quiz. ``score`` is what has been scored so far."""

    score: float
    max_score: float
    waits: bool
    late: bool

    @property
    def status(self) -> str:
        return "needs-review" if self.waits else "graded"


class GradebookTables:
    """``gradebook.csv``, ``canvas.csv`` and ``moodle.csv`` in a folder.

    A score stands there once it is whole: a cell is empty where nothing was handed in, and where a person still has to
    score an answer.
    """

    def __init__(self, folder: Path, quizzes: Mapping[str, tuple[str, float]]) -> None:
        """``quizzes``: name -> (title, points)."""
        self._quizzes = quizzes
        columns = ["learner", "name"]
        for quiz in quizzes:
            columns += [quiz, f"{quiz}: out of", f"{quiz}: status", f"{quiz}: late", f"{quiz}: so far"]
        self._gradebook = Table(folder / "gradebook.csv", columns)
        titles = list(_titles(quizzes))
        people = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        self._canvas = Table(folder / "canvas.csv", [*people, *titles])
        points = [number(points) for _, points in quizzes.values()]
        self._canvas.write(["    Points Possible", "", "", "", "", *points])
        self._moodle = Table(folder / "moodle.csv", ["Username", "ID number", "Email address", "Full name", *titles])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for table in (self._gradebook, self._canvas, self._moodle):
            table.__exit__(*error)

    def write(self, learner: Learner, standings: Mapping[str, Standing]) -> None:
        """One learner. Whoever has no score at all is left out of what the platforms import: there, an empty cell
        can take a score away."""
        row = [learner.learner, learner.name]
        whole: list[str] = []
        for quiz in self._quizzes:
            standing = standings.get(quiz)
            if standing is None:
                row += ["", "", "missing", "", ""]
                whole.append("")
                continue
            whole.append("" if standing.waits else number(standing.score))
            late = "late" if standing.late else ""
            row += [whole[-1], number(standing.max_score), standing.status, late, number(standing.score)]
        self._gradebook.write(row)
        if any(whole):
            people = [learner.name or learner.learner, learner.canvas, learner.number, learner.login, learner.section]
            self._canvas.write([*people, *whole])
            self._moodle.write([learner.login, learner.number, learner.email, learner.name or learner.learner, *whole])


def _titles(quizzes: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    """The titles of the quizzes as the names of columns: with the name of the quiz where two are the same."""
    titles: Sequence[str] = [title for title, _ in quizzes.values()]
    for name, (title, _) in quizzes.items():
        yield f"{title} [{name}]" if titles.count(title) > 1 else title


def read_table(path: Path, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """(line, cells by column) of a CSV file of at most ``limit`` bytes.

    Raises:
        ValueError: it cannot be read, is too large, not UTF-8, or not a CSV file; the message says which.
    """
    try:
        text = read_utf8(path, limit)
    except TextFileError as error:
        raise ValueError(f"{error} ({error.hint})") from None
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=max(",;\t", key=first.count))
    rows = []
    try:
        before = 1
        for row in reader:
            rows.append((before + 1, row))
            before = reader.line_num
    except csv.Error as error:
        raise ValueError(f"no CSV file ({error})") from None
    return rows
