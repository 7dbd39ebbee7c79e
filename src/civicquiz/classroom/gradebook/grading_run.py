"""A class, graded from beginning to end: collect, mark, compare with what is there, write."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from civicquiz.classroom.collecting import (
    Learner,
    Refused,
    Roster,
    UnusableError,
    read_roster,
    read_submission,
    walk,
)
from civicquiz.classroom.gradebook.grader import Key, Row, max_score, scores
from civicquiz.classroom.gradebook.ledger import Entry, Keep, Ledger
from civicquiz.classroom.gradebook.pages import Pages
from civicquiz.classroom.gradebook.problems import Problems
from civicquiz.classroom.gradebook.review import (
    Mark,
    Marks,
    ReviewError,
    has_marks,
    read_marks,
    review_row,
    review_table,
)
from civicquiz.classroom.gradebook.tables import GradebookTables, Standing, Table
from civicquiz.classroom.outcomes_file import Change, GradingError, OutcomesFile, changes
from civicquiz.errors import display_path
from civicquiz.grading.arrangement import arranged
from civicquiz.model.quiz_files import load_keys, quiz_files
from civicquiz.releasing.learner_copy import accepted_versions

__all__ = ["GradingRun", "Request"]

#: Called with what is being done and how far it is, 0.0 to 1.0.
Progress = Callable[[str, float], None]

_FILES = ("gradebook.csv", "canvas.csv", "moodle.csv", "problems.csv", "outcomes.parquet", "review.csv")


@dataclass(frozen=True)
class Request:
    """What to grade, with which keys, and where the results go."""

    paths: tuple[Path, ...]
    keys: tuple[Path, ...]
    out: Path
    roster: Path | None = None
    keep: Keep = "last"
    #: with a time zone
    due: datetime | None = None
    #: whether the open answers are written for a person to score, and the table with marks to merge
    review: bool = False
    marks: Path | None = None
    #: versions of a quiz that are as good as that of the key
    versions: tuple[str, ...] = ()
    feedback: bool = True
    #: whether feedback tells the right answers
    show_key: bool = False


class GradingRun:
    """One run; used with ``with``. Nothing of the results is touched before :meth:`publish`."""

    def __init__(self, request: Request, progress: Progress | None = None) -> None:
        """
        Raises:
            CivicquizError: a key, the roster or the marks cannot be used.
        """
        self.request = request
        self._progress = progress or (lambda task, done: None)
        self._keys = {name: Key(quiz) for name, quiz in sorted(load_keys(request.keys).items())}
        files = [path for path in request.keys if not path.is_dir()]
        #: the quizzes of which one is missing from whoever handed in none
        self._expected = {quiz.stem for path in files for quiz in quiz_files(path)}
        self._roster: Roster | None = read_roster(request.roster) if request.roster else None
        self._marks: Marks | None = read_marks(request.marks) if request.marks else None
        there = request.out / "review.csv"
        if request.review and has_marks(there) and not (request.marks and request.marks.resolve() == there.resolve()):
            shown = display_path(there)
            raise ReviewError(f"{shown} has marks that would be lost; merge them with --marks {shown}, or move it away")
        #: how many answers wait for a person, and how many submissions were used
        self.waiting = self.used = 0

    def __enter__(self) -> Self:
        out = self.request.out
        self._made = not out.exists()
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._staging = Path(tempfile.mkdtemp(prefix=".grading-", dir=out))
        except OSError as error:
            raise GradingError(f"cannot write to '{display_path(out)}': {error.strerror}") from None
        self._ledger = Ledger(self._staging / "ledger.sqlite", self.request.keep)
        self.problems = Problems(self._staging / "problems.csv")
        return self

    def __exit__(self, *error: object) -> None:
        self._ledger.close()
        self.problems.close()
        shutil.rmtree(self._staging, ignore_errors=True)
        if self._made and not any(self.request.out.iterdir()):
            self.request.out.rmdir()

    def run(self) -> None:
        """Collect, mark and put the results together, beside those that are there."""
        self._collect()
        self._results()

    # ---- Collecting ----

    def _collect(self) -> None:
        request, problems = self.request, self.problems
        quizzes = {name: accepted_versions(key.quiz) | {*request.versions} for name, key in self._keys.items()}
        for found in walk(request.paths, skip=request.out):
            if isinstance(found, Refused):
                problems.refused(found)
                continue
            self._progress("Grading", found.done)
            try:
                handed_in = read_submission(found, quizzes, self._roster, due=request.due)
            except UnusableError as why:
                problems.refused(Refused(found.place, found.parts, why, found.top))
                continue
            learner, quiz, place = handed_in.learner, handed_in.quiz, handed_in.place
            if handed_in.claimed:
                message = f"it says that it is of '{handed_in.claimed}'; the platform's or the folder's word was taken"
                problems.add("other-name", place, message, "look into it", learner=learner, quiz=quiz)
            rows, unread = self._keys[quiz].mark(handed_in.sitting)
            for reason in unread[:20]:
                problems.add("unread-answer", place, f"{reason}; it counts as no answer", learner=learner, quiz=quiz)
            score, _ = scores(rows)
            name, late, turn = handed_in.name, handed_in.late, handed_in.turn
            two = self._ledger.put(Entry(learner, name, quiz, score, late, turn, place, rows))
            if two:
                message = f"handed in more than once; {two[1]} is the {request.keep} and counts"
                problems.add("duplicate", two[0], message, learner=learner, quiz=quiz)
        self.used = self._ledger.count()

    # ---- Results ----

    def _learners(self) -> Iterator[tuple[Learner, list[Entry]]]:
        """Every learner of the roster, or else everybody who handed something in, with the entries."""
        handed_in = ((learner, list(entries)) for learner, entries in itertools.groupby(self._ledger, _learner_of))
        if self._roster is None:
            for learner, entries in handed_in:
                kind = "canvas" if learner.isdigit() else "email" if "@" in learner else "login"
                yield Learner(learner, entries[0].name, **{kind: learner}), entries
            return
        following = next(handed_in, None)
        for learner in sorted(self._roster.learners):
            entries = []
            if following and following[0] == learner:
                entries = following[1]
                following = next(handed_in, None)
            yield self._roster.learners[learner], entries

    def _results(self) -> None:
        names = sorted({*self._ledger.quizzes(), *self._expected})
        keys = {name: self._keys[name] for name in names}
        titles = {name: (key.quiz.title, _points(key)) for name, key in keys.items()}
        outcomes = OutcomesFile(self._staging, self._staging / "outcomes.parquet", keys)
        pages = Pages(self._staging / "feedback", key=self.request.show_key) if self.request.feedback else None
        review = review_table(self._staging) if self.request.review else None
        total, written = max(self.used, 1), 0
        with GradebookTables(self._staging, titles) as tables:
            for learner, entries in self._learners():
                by_quiz = {entry.quiz: entry for entry in entries}
                standings: dict[str, Standing] = {}
                parts = []
                for name, key in keys.items():
                    entry = by_quiz.get(name)
                    rows, given = self._marked(learner, key, entry, review)
                    if entry:
                        points, waits = scores(rows)
                        standings[name] = Standing(points, max_score(key, rows), waits, entry.late)
                    late, submitted = (entry.late, entry.submitted) if entry else (False, "")
                    outcomes.write(learner.learner, name, rows, late=late, submitted=submitted)
                    if pages:
                        parts.append(pages.part(key, rows, standings.get(name), given))
                tables.write(learner, standings)
                if pages and keys:
                    pages.write(learner, next(iter(keys.values())).quiz.language, parts)
                written += len(entries)
                self._progress("Writing the results", written / total)
        outcomes.close()
        if review:
            review.__exit__()
        if self._marks:
            for where, why in sorted([*self._marks.problems, *self._marks.unused()]):
                self.problems.add("mark", f"{self._marks.name}:{where}", f"{why}; the mark is not used")

    def _marked(
        self, learner: Learner, key: Key, entry: Entry | None, review: Table | None
    ) -> tuple[list[Row], dict[int, Mark]]:
        """The rows of an entry with the marks of a person; what waits for one goes into ``review``."""
        if entry is None:
            return list(key.missing()), {}
        given: dict[int, Mark] = {}
        if not scores(entry.rows)[1]:
            return entry.rows, given
        rows = []
        for row in entry.rows:
            merged, mark = self._marks.merge(learner.learner, key, row) if self._marks else (row, None)
            rows.append(merged)
            if mark:
                given[row[0]] = mark
            self.waiting += merged[2] is None
            if review and row[2] is None:
                review.write(review_row(learner.learner, key, row, mark))
        return rows, given

    # ---- What is there ----

    def changes(self) -> list[Change]:
        """Whose scores are others than in the results that are there.

        Raises:
            GradingError: what is there was not written by this program.
        """
        before = self.request.out / "outcomes.parquet"
        return list(changes(before, self._staging / "outcomes.parquet")) if before.exists() else []

    def publish(self) -> None:
        """Put the results in the place of those that are there.

        Raises:
            GradingError: they cannot be written.
        """
        self.problems.close()
        out, pages = self.request.out, self._staging / "feedback"
        try:
            for name in _FILES:
                if (self._staging / name).exists():
                    os.replace(self._staging / name, out / name)
            if pages.exists():
                _replace_pages(pages, out / "feedback")
        except OSError as error:
            raise GradingError(f"cannot write to '{display_path(out)}': {error.strerror}") from None


def _replace_pages(new: Path, there: Path) -> None:
    """Move the pages of ``new`` into ``there``; pages of learners who are gone are deleted."""
    if not there.exists():
        new.rename(there)
        return
    names = set()
    for page in new.iterdir():
        os.replace(page, there / page.name)
        names.add(page.name)
    for page in there.glob("*.html"):
        if page.name not in names:
            page.unlink()


def _learner_of(entry: Entry) -> str:
    return entry.learner


def _points(key: Key) -> float:
    """What can be earned in a quiz; where learners get a choice of the questions, what the first of them can."""
    names = [name for _, names in arranged(key.quiz, 0) for name in names]
    return sum(key.questions[key.places[name]].points for name in names)
