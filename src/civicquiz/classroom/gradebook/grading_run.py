"""Grading a class from beginning to end: collect, grade, compare with the existing results, write."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from typing import Self

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting import (
    GradeColumn,
    Learner,
    Platform,
    columns_of_quizzes,
    read_roster,
    walk,
)
from civicquiz.classroom.gradebook.grader import Grader, needs_review, score_of
from civicquiz.classroom.gradebook.jobs import graded
from civicquiz.classroom.gradebook.ledger import Entry, Ledger
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.gradebook.pages import Pages
from civicquiz.classroom.gradebook.problems import Problems
from civicquiz.classroom.gradebook.results_folder import ResultsFolder
from civicquiz.classroom.gradebook.review import Mark, has_marks, read_marks, review_row, review_table
from civicquiz.classroom.gradebook.tables import GradebookTables, Standing, column_headings
from civicquiz.classroom.gradebook.text_grader import Graded, TextGrader
from civicquiz.classroom.outcomes_file import FILE_NAME, OutcomesWriter, Row, ScoreChange, changed_scores
from civicquiz.classroom.paper.answer_table import AnswerTable, TableProblem
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.errors import MarksError, display_path
from civicquiz.exchange.csv_files import Table, format_score
from civicquiz.model.quiz_files import quiz_files

__all__ = ["GradingRun", "OnProgress"]

#: Called with what is being done, and how much of it is done, 0.0 to 1.0.
OnProgress = Callable[[str, float], None]


class GradingRun:
    """One run, to be used in a ``with`` statement. Existing results are not touched before :meth:`publish`."""

    def __init__(self, options: GradingOptions, on_progress: OnProgress | None = None) -> None:
        """
        Raises:
            CivicquizError: a key, the roster, the marks, a table of answers, or the folder of the results cannot be
                used.
        """
        self.options = options
        self._on_progress = on_progress or (lambda task, done: None)
        #: quizzes that give rows even to a learner who handed in nothing: those whose own file was named
        self._expected = {quiz.stem for path in options.keys if not path.is_dir() for quiz in quiz_files(path)}
        self._roster = read_roster(options.roster) if options.roster else None
        self._grader = TextGrader(
            options.keys, self._roster, due=options.due, versions=options.versions, per_learner=options.per_learner
        )
        self._graders = self._grader.graders
        self._marks = read_marks(options.marks) if options.marks else None
        keys = {name: grader.quiz for name, grader in self._graders.items()}
        self._tables = [AnswerTable(path, keys, options.versions) for path in options.sheets]
        review = options.out / "review.csv"
        if options.review and has_marks(review) and not (options.marks and options.marks.resolve() == review.resolve()):
            shown = display_path(review)
            raise MarksError(f"{shown} has marks that would be lost; merge them with --marks {shown}, or move it away")
        #: how many answers wait for a person, and how many submissions were used
        self.waiting = self.used = 0
        #: sentences about the files for a platform
        self.remarks: list[str] = []
        with ExitStack() as opened:
            self._results = opened.enter_context(ResultsFolder(options.out))
            staging = self._results.staging
            #: whether an earlier run was interrupted, and its results are complete only now
            self.finished_earlier = self._results.finished_earlier
            self._ledger = opened.enter_context(closing(Ledger(staging / "ledger.sqlite", options.keep)))
            self.problems = opened.enter_context(closing(Problems(staging / "problems.csv")))
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Delete what was not published."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def run(self) -> None:
        """Collect, grade and put the results together, next to the existing ones."""
        self._collect()
        self._write_results()

    # ---- Collecting ----

    def _collect(self) -> None:
        options = self.options
        found = walk(options.paths, skip=options.out, is_learner=self._is_learner)
        for one in graded(self._grader, found, options.jobs, lambda text: self._on_progress("Grading", text.done)):
            self._keep(one)
        for table in self._tables:
            for row in table.read(self._roster):
                if isinstance(row, TableProblem):
                    quiz = table.quiz.name
                    self.problems.add(
                        SubmissionProblem(row.reason, row.place, row.message, row.hint, row.learner, quiz)
                    )
                else:
                    self._keep(self._grader.grade_submission(row))

        for doubtful in self._ledger.discard_doubtful():
            message = f"says that it is from '{doubtful.learner}', who handed in files of their own; it is not used"
            hint = "find out whose it is, and put it into a folder with the student's name"
            self.problems.add(SubmissionProblem("unknown-student", doubtful.place, message, hint, quiz=doubtful.quiz))
        self.used = self._ledger.count()

    def _is_learner(self, name: str) -> bool:
        """Whether somebody on the roster has this id or name."""
        return self._roster is not None and bool(self._roster.by_id(name) or self._roster.by_name(name))

    def _keep(self, one: Graded) -> None:
        """Note the problems of what was graded, and keep its entry if it counts."""
        for problem in one.problems:
            self.problems.add(problem)
        entry = one.entry
        two = self._ledger.put(entry) if entry else None
        if entry and two:
            unused, used = two
            message = f"more than one was handed in; the {self.options.keep} one, {used}, counts"
            duplicate = SubmissionProblem("duplicate", unused, message, "", entry.learner, entry.quiz, entry.upload)
            self.problems.add(duplicate)

    # ---- Results ----

    def _learners(self) -> Iterator[tuple[Learner, list[Entry]]]:
        """Every learner on the roster, or without one everybody who handed something in, with their entries."""
        submitted = ((learner, list(entries)) for learner, entries in itertools.groupby(self._ledger, _learner_of))
        if self._roster is None:
            for learner_id, entries in submitted:
                yield _unlisted(learner_id, entries), entries
            return
        following = next(submitted, None)
        for learner_id in sorted(self._roster.learners):
            entries = []
            if following and following[0] == learner_id:
                entries = following[1]
                following = next(submitted, None)
            yield self._roster.learners[learner_id], entries

    def _write_results(self) -> None:
        staging, options = self._results.staging, self.options
        graders = {name: self._graders[name] for name in sorted({*self._ledger.quizzes(), *self._expected})}
        titles = {name: (grader.quiz.title, grader.usual_max_score()) for name, grader in graders.items()}
        quizzes = {name: grader.quiz for name, grader in graders.items()}
        pages = Pages(staging / "feedback", show_key=options.show_key) if options.feedback else None
        total, written = max(self.used, 1), 0
        with ExitStack() as opened:
            review = opened.enter_context(review_table(staging)) if options.review else None
            tables = opened.enter_context(GradebookTables(staging, titles, *self._columns_of(titles)))
            outcomes = OutcomesWriter(staging / FILE_NAME, quizzes)
            for learner, entries in self._learners():
                by_quiz = {entry.quiz: entry for entry in entries}
                standings: dict[str, Standing] = {}
                # A page is in one language: the one in which its reader did the first of these quizzes.
                language = next((entry.language for entry in entries if entry.language), "")
                parts = []
                for name, grader in graders.items():
                    entry = by_quiz.get(name)
                    rows, marks = self._marked(learner, grader, entry, review)
                    if entry:
                        most = grader.max_score(rows)
                        standings[name] = Standing(score_of(rows), most, needs_review(rows), entry.late)
                    late, submitted = (entry.late, entry.submitted) if entry else (False, "")
                    outcomes.write(learner.id, name, rows, late=late, submitted=submitted)
                    if pages:
                        texts = grader.texts_in(language)
                        seed = entry.seed if entry else None
                        parts.append(pages.part(grader, texts, rows, standings.get(name), marks, seed))
                tables.write(learner, standings)
                if pages and quizzes:
                    pages.write(learner, next(iter(graders.values())).texts_in(language).language, parts)
                written += len(entries)
                self._on_progress("Writing the results", written / total)
        outcomes.finish()
        if self._marks:
            for position, reason in sorted([*self._marks.problems, *self._marks.unused()]):
                place = f"{self._marks.name}:{position}"
                self.problems.add(SubmissionProblem("mark", place, f"{reason}; the mark is not used"))

    def _columns_of(
        self, quizzes: Mapping[str, tuple[str, float]]
    ) -> tuple[Platform | None, Mapping[str, GradeColumn]]:
        """The platform that exported the roster, and the columns that quizzes have there; ``remarks`` says which."""
        roster = self._roster
        if roster is None or roster.platform is None or not roster.columns:
            return None, {}
        headings = dict(zip(quizzes, column_headings(quizzes), strict=True))
        called = {name: (headings[name], title, name) for name, (title, _) in quizzes.items()}
        columns, doubtful = columns_of_quizzes(roster.columns, called)
        if roster.platform == "moodle" and not columns and not doubtful:
            return None, {}  # a list of participants or a grading worksheet, which have no columns of activities
        for name, (_, points) in quizzes.items():
            column = columns.get(name)
            if column is None:
                why = "several in the roster have" if name in doubtful else "none in the roster has"
                where = f"have a column of their own, since {why} its title."
            else:
                most = points if column.points is None else column.points
                scaled = "" if most == points else f", out of {format_score(most)} instead of {format_score(points)}"
                where = f"are in the column '{excerpt(column.heading, 80)}' of the roster{scaled}."
            self.remarks.append(f"{roster.platform}.csv: the scores of '{name}' {where}")
        return roster.platform, columns

    def _marked(
        self, learner: Learner, grader: Grader, entry: Entry | None, review: Table | None
    ) -> tuple[list[Row], dict[int, Mark]]:
        """The rows of an entry with the marks that a person gave, and those marks by the index of the question. Answers
        that a person has to score go into ``review``."""
        if entry is None:
            return list(grader.missing()), {}
        found = entry.rows
        if not needs_review(found):
            return found, {}
        rows = []
        marks: dict[int, Mark] = {}
        for row in found:
            merged, mark = self._marks.merge(learner.id, grader, row) if self._marks else (row, None)
            rows.append(merged)
            if mark:
                marks[row.question_index] = mark
            self.waiting += merged.score is None
            if review and row.score is None:
                review.write(review_row(learner.id, grader, row, mark))
        return rows, marks

    # ---- Existing results ----

    def changes(self) -> list[ScoreChange]:
        """The scores that differ from those in the existing results.

        Raises:
            OutcomesError: the existing results were not written by this program.
        """
        before = self.options.out / FILE_NAME
        return changed_scores(before, self._results.staging / FILE_NAME) if before.exists() else []

    def publish(self) -> None:
        """Replace the earlier results with these.

        Raises:
            GradingError: they cannot be written.
        """
        self.problems.close()
        self._ledger.close()  # Windows moves no folder with an open file in it
        self._results.publish()


def _unlisted(learner: str, entries: list[Entry]) -> Learner:
    """A learner who handed something in, without a roster. A number goes into Canvas's columns only if it is Canvas's,
    and only into those for such a number; nobody knows what another number is, or an anonymous id."""
    platforms = {entry.platform for entry in entries}
    name = entries[0].name
    if platforms == {"canvas"}:
        return Learner(learner, name, canvas=learner)
    if platforms & {"canvas", "anonymous", "moodle"} or learner.isdigit():
        return Learner(learner, name)
    return Learner(learner, name, email=learner) if "@" in learner else Learner(learner, name, login=learner)


def _learner_of(entry: Entry) -> str:
    return entry.learner
