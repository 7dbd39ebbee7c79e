"""What a class is told of its learners, written learner after learner: rows, lines of the gradebook, pages.

Each part of a class, a range of learners, can be written by another process or on another machine. The files of the
parts, one after the other, are those of the class.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting import GradeColumn, Learner, Platform, Roster, columns_of_quizzes
from civicquiz.classroom.gradebook.grader import Grader, needs_review, score_of
from civicquiz.classroom.gradebook.ledger import Entry
from civicquiz.classroom.gradebook.pages import Pages
from civicquiz.classroom.gradebook.review import Mark, Marks, Written, review_row, review_table
from civicquiz.classroom.gradebook.tables import GradebookTables, Standing, column_headings
from civicquiz.classroom.outcomes_file import OutcomesWriter, Row
from civicquiz.exchange.csv_files import format_score
from civicquiz.model.quiz_files import quiz_files

__all__ = [
    "LearnerResults",
    "ResultsPlan",
    "by_learner",
    "columns_on_platform",
    "expected_quizzes",
    "marked",
    "titles_of",
    "unlisted",
]


@dataclass(frozen=True)
class ResultsPlan:
    """What has to be known before anything is written. It is the same for all parts of a class."""

    #: the names of the quizzes that everybody has rows and columns of
    quizzes: tuple[str, ...]
    #: who exported the roster, and the columns that quizzes have there
    platform: Platform | None = None
    columns: Mapping[str, GradeColumn] = field(default_factory=dict)
    #: whether open answers are written to a table, for a person to mark
    review: bool = False
    #: the folder for the pages; None for no pages
    pages: Path | None = None
    #: whether the pages tell the right answers
    show_key: bool = False


class LearnerResults:
    """Writes the results of learners into files in a folder, until it is closed."""

    def __init__(
        self,
        folder: Path,
        graders: Mapping[str, Grader],
        plan: ResultsPlan,
        marks: Marks | None = None,
        *,
        continued: bool = False,
        outcomes: bool = True,
    ) -> None:
        """``graders`` and the ``marks`` that a person gave are those of the class. With ``continued``, the tables have
        no headings, because they are added to others; without ``outcomes``, there are only tables and pages."""
        self._graders = {name: graders[name] for name in plan.quizzes}
        self._marks = marks and marks.unused_copy()
        self._rows = self._waiting = 0
        self._pages = Pages(plan.pages, show_key=plan.show_key) if plan.pages else None
        quizzes = {name: grader.quiz for name, grader in self._graders.items()}
        self._outcomes = OutcomesWriter(folder, quizzes) if outcomes else None
        with ExitStack() as opened:
            self._review = opened.enter_context(review_table(folder, continued=continued)) if plan.review else None
            tables = GradebookTables(folder, titles_of(self._graders), plan.platform, plan.columns, continued=continued)
            self._tables = opened.enter_context(tables)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Close the tables."""
        self._opened.close()

    def write(self, learner: Learner, entries: Iterable[Entry]) -> None:
        """Add one learner, with what counts of the learner's work."""
        by_quiz = {entry.quiz: entry for entry in entries}
        standings: dict[str, Standing] = {}
        # A page is in one language: the one in which its reader did the first of these quizzes.
        language = next((entry.language for entry in by_quiz.values() if entry.language), "")
        parts = []
        for name, grader in self._graders.items():
            entry = by_quiz.get(name)
            rows, marks = self._marked(learner, grader, entry)
            self._rows += len(rows)
            if entry:
                standings[name] = Standing(score_of(rows), grader.max_score(rows), needs_review(rows), entry.late)
            if self._outcomes:
                late, submitted = (entry.late, entry.submitted) if entry else (False, "")
                self._outcomes.write(learner.id, name, rows, late=late, submitted=submitted)
            if self._pages:
                texts = grader.texts_in(language)
                seed = entry.seed if entry else None
                parts.append(self._pages.part(grader, texts, rows, standings.get(name), marks, seed))
        self._tables.write(learner, standings)
        if self._pages and self._graders:
            self._pages.write(learner, next(iter(self._graders.values())).texts_in(language).language, parts)

    def _marked(self, learner: Learner, grader: Grader, entry: Entry | None) -> tuple[list[Row], dict[int, Mark]]:
        """As :func:`marked`. Answers that a person has to score go into the table of open answers."""
        rows, marks = marked(learner.id, grader, entry, self._marks)
        if entry and (marks or needs_review(rows)):
            for row, merged in zip(entry.rows, rows, strict=True):
                self._waiting += merged.score is None
                if self._review and row.score is None:
                    self._review.write(review_row(learner.id, grader, row, marks.get(row.question_index)))
        return rows, marks

    def finish(self) -> Written:
        """Close the tables; what was written."""
        self.close()
        outcomes = self._outcomes.finish() if self._outcomes else []
        used, problems = (self._marks.used, self._marks.problems) if self._marks else ((), ())
        return Written(self._rows, self._waiting, frozenset(used), tuple(problems), tuple(outcomes))


def marked(learner: str, grader: Grader, entry: Entry | None, marks: Marks | None) -> tuple[list[Row], dict[int, Mark]]:
    """The rows of an entry with the ``marks`` that a person gave, and those marks by the index of the question; without
    an entry, the rows of a learner who handed in nothing."""
    if entry is None:
        return list(grader.missing()), {}
    rows = entry.rows
    found: dict[int, Mark] = {}
    if marks and needs_review(rows):
        for position, row in enumerate(rows):
            rows[position], mark = marks.merge(learner, grader, row)
            if mark:
                found[row.question_index] = mark
    return rows, found


def titles_of(graders: Mapping[str, Grader]) -> dict[str, tuple[str, float]]:
    """The title of each quiz, and its points."""
    return {name: (grader.quiz.title, grader.usual_max_score()) for name, grader in graders.items()}


def expected_quizzes(keys: Iterable[Path]) -> set[str]:
    """The quizzes that give rows even to a learner who handed in nothing: those whose own file was named."""
    return {quiz.stem for path in keys if not path.is_dir() for quiz in quiz_files(path)}


def columns_on_platform(
    roster: Roster | None, quizzes: Mapping[str, tuple[str, float]]
) -> tuple[Platform | None, Mapping[str, GradeColumn], list[str]]:
    """(the platform that exported the roster, the columns that ``quizzes`` have there, sentences that say which)."""
    if roster is None or roster.platform is None or not roster.columns:
        return None, {}, []
    headings = dict(zip(quizzes, column_headings(quizzes), strict=True))
    called = {name: (headings[name], title, name) for name, (title, _) in quizzes.items()}
    columns, doubtful = columns_of_quizzes(roster.columns, called)
    if roster.platform == "moodle" and not columns and not doubtful:
        return None, {}, []  # a list of participants or a grading worksheet, which have no columns of activities
    remarks = []
    for name, (_, points) in quizzes.items():
        column = columns.get(name)
        if column is None:
            why = "several in the roster have" if name in doubtful else "none in the roster has"
            where = f"have a column of their own, since {why} its title."
        else:
            most = points if column.points is None else column.points
            scaled = "" if most == points else f", out of {format_score(most)} instead of {format_score(points)}"
            where = f"are in the column '{excerpt(column.heading, 80)}' of the roster{scaled}."
        remarks.append(f"{roster.platform}.csv: the scores of '{name}' {where}")
    return roster.platform, columns, remarks


def by_learner(
    entries: Iterable[Entry], roster: Roster | None, listed: Sequence[str] = ()
) -> Iterator[tuple[Learner, list[Entry]]]:
    """Learners with their ``entries``, which are sorted by learner: those who are ``listed``, ids on the ``roster``,
    sorted; without a roster, everybody who handed something in."""
    submitted = ((learner, list(group)) for learner, group in itertools.groupby(entries, lambda entry: entry.learner))
    if roster is None:
        for learner, group in submitted:
            yield unlisted(learner, group), group
        return
    following = next(submitted, None)
    for learner in listed:
        group = []
        if following and following[0] == learner:
            group = following[1]
            following = next(submitted, None)
        yield roster.learners[learner], group


def unlisted(learner: str, entries: list[Entry]) -> Learner:
    """A learner who handed something in, without a roster. A number goes into Canvas's columns only if it is Canvas's,
    and only into those for such a number; nobody knows what another number is, or an anonymous id."""
    platforms = {entry.platform for entry in entries}
    name = entries[0].name
    if platforms == {"canvas"}:
        return Learner(learner, name, canvas=learner)
    if platforms & {"canvas", "anonymous", "moodle"} or learner.isdigit():
        return Learner(learner, name)
    return Learner(learner, name, email=learner) if "@" in learner else Learner(learner, name, login=learner)
