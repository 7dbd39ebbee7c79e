"""One graded submission per learner and quiz, in a temporary SQLite file, so that a class of any size fits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic_core import from_json, to_json

from civicquiz.classroom.gradebook.options import Keep
from civicquiz.classroom.outcomes_file import Row
from civicquiz.classroom.submission_problem import SubmissionProblem

__all__ = ["Entry", "Ledger", "doubtful_problem", "duplicate_problem", "entries_in", "takes_place"]

_TABLE = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, learner TEXT NOT NULL, name TEXT, quiz TEXT NOT NULL, score REAL, late INTEGER,
    submitted TEXT, saved TEXT, again INTEGER, upload INTEGER, place TEXT, platform TEXT, doubtful INTEGER,
    seed INTEGER, language TEXT, rows BLOB,
    UNIQUE (learner, quiz, doubtful)
)
"""
_COLUMNS = (
    "learner, name, quiz, score, late, submitted, saved, again, upload, place, platform, doubtful, seed, language, rows"
)
#: Adds an entry, unless its learner has one already.
_INSERT = (
    f"INSERT INTO entry ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split()))})"
    " ON CONFLICT (learner, quiz, doubtful) DO NOTHING"
)


@dataclass(frozen=True)
class Entry:
    """A submission, graded; ``order``, ``late``, ``place``, ``platform`` and ``doubtful`` are as in
    ``collecting.Submission``; ``seed`` is the learner's, and ``language`` the one that the learner read the quiz in."""

    learner: str
    name: str
    quiz: str
    score: float
    late: bool
    order: tuple[str, str, int, int]
    place: str
    #: the rows, packed: most of the time they are only stored or sent
    packed: bytes
    platform: str = "plain"
    doubtful: bool = False
    seed: int | None = None
    language: str = ""
    #: as in ``collecting.Submission``; it is not stored
    upload: str = ""

    @staticmethod
    def packed_rows(rows: Sequence[Row]) -> bytes:
        """What ``packed`` is for these rows."""
        return to_json(rows)

    @property
    def rows(self) -> list[Row]:
        """What was earned on each question."""
        return [Row._make(row) for row in from_json(self.packed)]

    @property
    def submitted(self) -> str:
        """When it was handed in, in UTC; empty if unknown."""
        return self.order[0]


#: What decides which of two entries counts: ``Entry.order`` and ``Entry.score``.
Rank = tuple[tuple[str, str, int, int], float]


def takes_place(new: Rank, before: Rank, keep: Keep) -> bool:
    """Whether an entry counts in place of one that was found ``before`` it, by the same learner for the same quiz."""
    (order, score), (order_before, score_before) = new, before
    later = order >= order_before
    return {"last": later, "first": not later, "best": (score, later) > (score_before, not later)}[keep]


def duplicate_problem(entry: Entry, unused: str, used: str, keep: Keep) -> SubmissionProblem:
    """Of two entries, of which ``entry`` was found later, the one at the place ``unused`` does not count."""
    message = f"more than one was handed in; the {keep} one, {used}, counts"
    return SubmissionProblem("duplicate", unused, message, "", entry.learner, entry.quiz, entry.upload)


def doubtful_problem(entry: Entry) -> SubmissionProblem:
    """A doubtful entry does not count, since its learner also handed in something that is not doubtful."""
    message = f"says that it is from '{entry.learner}', who handed in files of their own; it is not used"
    hint = "find out whose it is, and put it into a folder with the student's name"
    return SubmissionProblem("unknown-student", entry.place, message, hint, quiz=entry.quiz)


class Ledger:
    """One entry for each learner and quiz, in the file ``path``, which is useless once it is closed."""

    def __init__(self, path: Path, keep: Keep = "last") -> None:
        self._path, self._keep = path, keep
        self._database = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000", "temp_store = FILE"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute(_TABLE)
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def put(self, entry: Entry) -> tuple[str, str] | None:
        """Keep ``entry`` or the learner's existing one, whichever counts.

        Returns (the place of the one that does not count, the place of the one that does) if there were two.
        """
        if self._insert(entry):
            return None
        wanted = (entry.learner, entry.quiz, entry.doubtful)
        same = "FROM entry WHERE learner = ? AND quiz = ? AND doubtful = ?"
        before = self._database.execute(f"SELECT submitted, saved, again, upload, score, place {same}", wanted)
        *order, score, place = before.fetchone()
        if not takes_place((entry.order, entry.score), ((*order,), score), self._keep):
            return entry.place, place
        self._database.execute(f"DELETE {same}", wanted)
        self._insert(entry)
        return place, entry.place

    def _insert(self, entry: Entry) -> bool:
        """Add ``entry``; false if the learner has one already."""
        values = [entry.learner, entry.name, entry.quiz, entry.score, entry.late, *entry.order, entry.place]
        values += [entry.platform, entry.doubtful, entry.seed, entry.language, entry.packed]
        return self._database.execute(_INSERT, values).rowcount == 1

    def discard_doubtful(self) -> list[Entry]:
        """Delete what is doubtful about learners who also handed in something that is not, and return it."""
        others = "learner IN (SELECT learner FROM entry WHERE NOT doubtful)"
        discarded = list(self._select(f"WHERE doubtful AND {others}"))
        self._database.execute(f"DELETE FROM entry WHERE doubtful AND {others}")
        return discarded

    def count(self) -> int:
        """How many submissions are kept."""
        return cast(int, self._database.execute("SELECT count(*) FROM entry").fetchone()[0])

    def quizzes(self) -> list[str]:
        """The names of the quizzes that somebody handed in, sorted."""
        return [name for (name,) in self._database.execute("SELECT DISTINCT quiz FROM entry ORDER BY quiz")]

    def learners(self) -> list[str]:
        """The ids of those whose submissions are kept, sorted."""
        return [learner for (learner,) in self._database.execute("SELECT DISTINCT learner FROM entry ORDER BY learner")]

    def complete(self) -> Path:
        """Let other processes read what is kept, with :func:`entries_in`; nothing more can be added."""
        self._database.execute("COMMIT")
        return self._path

    def __iter__(self) -> Iterator[Entry]:
        """All entries, by learner and quiz."""
        return self._select()

    def _select(self, where: str = "") -> Iterator[Entry]:
        return _selected(self._database, where)


def entries_in(path: Path, first: str, last: str) -> Iterator[Entry]:
    """The entries of the learners from ``first`` to ``last`` in the file of a ledger that is complete."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        yield from _selected(database, "WHERE learner BETWEEN ? AND ?", (first, last))


def _selected(database: sqlite3.Connection, where: str, values: Sequence[str] = ()) -> Iterator[Entry]:
    for found in database.execute(f"SELECT {_COLUMNS} FROM entry {where} ORDER BY learner, quiz", values):
        learner, name, quiz, score, late, submitted, saved, again, upload, place, *others, rows = found
        platform, doubtful, seed, language = others
        order = (submitted, saved, again, upload)
        yield Entry(
            learner, name, quiz, score, bool(late), order, place, rows, platform, bool(doubtful), seed, language
        )
