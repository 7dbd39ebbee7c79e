"""What was kept of each learner and quiz while a class is graded: on disk, so that a class of any size fits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pydantic_core import from_json, to_json

from civicquiz.classroom.gradebook.grader import Row

__all__ = ["Entry", "Keep", "Ledger"]

#: Which of several submissions of a learner to one quiz counts.
Keep = Literal["last", "first", "best"]

_TABLE = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, learner TEXT NOT NULL, name TEXT, quiz TEXT NOT NULL, score REAL, submitted TEXT,
    late INTEGER, again INTEGER, upload INTEGER, place TEXT, rows BLOB, UNIQUE (learner, quiz)
)
"""
_COLUMNS = "learner, name, quiz, score, submitted, late, again, upload, place, rows"


@dataclass(frozen=True)
class Entry:
    """A submission, graded. ``turn`` is the larger the later it was handed in."""

    learner: str
    name: str
    quiz: str
    score: float
    late: bool
    turn: tuple[str, int, int]
    place: str
    rows: list[Row]

    @property
    def submitted(self) -> str:
        """In UTC; empty where nobody knows."""
        return self.turn[0]


class Ledger:
    """One entry for each learner and quiz, in the file ``path``; gone when it is closed and the file deleted."""

    def __init__(self, path: Path, keep: Keep = "last") -> None:
        self._keep = keep
        self._rows = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "temp_store = FILE"):
            self._rows.execute(f"PRAGMA {setting}")
        self._rows.execute(_TABLE)
        self._rows.execute("BEGIN")

    def close(self) -> None:
        self._rows.close()

    def put(self, entry: Entry) -> tuple[str, str] | None:
        """Keep ``entry``, or the one that is there: of two, (the place that is not used, the one that is)."""
        wanted = (entry.learner, entry.quiz)
        there = self._rows.execute(
            "SELECT submitted, again, upload, score, place FROM entry WHERE learner = ? AND quiz = ?", wanted
        ).fetchone()
        replaced = None
        if there is not None:
            turn, score, place = tuple(there[:3]), there[3], there[4]
            later = entry.turn >= turn
            better = {"last": later, "first": not later, "best": (entry.score, later) > (score, not later)}
            if not better[self._keep]:
                return entry.place, place
            self._rows.execute("DELETE FROM entry WHERE learner = ? AND quiz = ?", wanted)
            replaced = (place, entry.place)
        _, again, upload = entry.turn
        when = (entry.submitted, entry.late, again, upload)
        values = (entry.learner, entry.name, entry.quiz, entry.score, *when, entry.place, to_json(entry.rows))
        self._rows.execute(f"INSERT INTO entry ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        return replaced

    def count(self) -> int:
        """How many submissions are kept."""
        return cast(int, self._rows.execute("SELECT count(*) FROM entry").fetchone()[0])

    def quizzes(self) -> list[str]:
        """The quizzes that somebody handed in, by name."""
        return [name for (name,) in self._rows.execute("SELECT DISTINCT quiz FROM entry ORDER BY quiz")]

    def __iter__(self) -> Iterator[Entry]:
        """All entries, by learner and quiz."""
        for row in self._rows.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY learner, quiz"):
            learner, name, quiz, score, submitted, late, again, upload, place, rows = row
            kept = [cast(Row, tuple(each)) for each in from_json(rows)]
            yield Entry(learner, name, quiz, score, bool(late), (submitted, again, upload), place, kept)
