"""Grading a class from beginning to end: collect, grade, compare with the existing results, write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing

from civicquiz.classroom.collecting import (
    FoundText,
    Refused,
    read_roster,
    walk,
)
from civicquiz.classroom.gradebook.jobs import LEARNERS_IN_PART, Workers, in_parts
from civicquiz.classroom.gradebook.learner_results import (
    LearnerResults,
    ResultsPlan,
    by_learner,
    columns_on_platform,
    expected_quizzes,
    titles_of,
)
from civicquiz.classroom.gradebook.ledger import Ledger, doubtful_problem, duplicate_problem
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.gradebook.problems import Problems
from civicquiz.classroom.gradebook.results_folder import ResultsFolder
from civicquiz.classroom.gradebook.review import Written, read_marks, refuse_to_lose_marks
from civicquiz.classroom.gradebook.text_grader import Graded, TextGrader
from civicquiz.classroom.outcomes_file import FILE_NAME, ScoreChange, changed_scores, put_together
from civicquiz.classroom.paper.answer_table import AnswerTable, TableProblem
from civicquiz.classroom.submission_problem import SubmissionProblem

__all__ = ["GradingRun", "OnProgress"]

#: Called with what is being done, and how much of it is done, 0.0 to 1.0.
OnProgress = Callable[[str, float], None]


class GradingRun:
    """One run, until it is closed. Existing results are not touched before :meth:`publish`."""

    def __init__(self, options: GradingOptions, on_progress: OnProgress | None = None) -> None:
        """
        Raises:
            CivicquizError: a key, the roster, the marks, a table of answers, or the folder of the results cannot be
                used.
        """
        self.options = options
        self._on_progress = on_progress or (lambda task, done: None)
        #: quizzes that give rows even to a learner who handed in nothing: those whose own file was named
        self._expected = expected_quizzes(options.keys)
        self._roster = read_roster(options.roster) if options.roster else None
        self._grader = TextGrader(
            options.keys, self._roster, due=options.due, versions=options.versions, per_learner=options.per_learner
        )
        self._graders = self._grader.graders
        self._marks = read_marks(options.marks) if options.marks else None
        keys = {name: grader.quiz for name, grader in self._graders.items()}
        self._tables = [AnswerTable(path, keys, options.versions) for path in options.sheets]
        if options.review:
            refuse_to_lose_marks(options.out, options.marks)
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
            #: the processes that do the work; None if this one does
            self._workers = (
                opened.enter_context(closing(Workers(self._grader, self._marks, options.jobs)))
                if options.jobs > 1
                else None
            )
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Delete what was not published."""
        self._opened.close()

    def run(self) -> None:
        """Collect, grade and put the results together, next to the existing ones."""
        self._collect()
        self._write_results()

    # ---- Collecting ----

    def _collect(self) -> None:
        options = self.options
        for one in self._graded(walk(options.paths, skip=options.out, is_learner=self._grader.is_learner)):
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
            self.problems.add(doubtful_problem(doubtful))
        self.used = self._ledger.count()

    def _graded(self, found: Iterable[FoundText | Refused]) -> Iterator[Graded]:
        """What each text earns, in order."""
        if self._workers:
            yield from self._workers.graded(self._noted(found))
        else:
            yield from map(self._grader.grade, self._noted(found))

    def _noted(self, found: Iterable[FoundText | Refused]) -> Iterator[FoundText | Refused]:
        for text in found:
            if isinstance(text, FoundText):
                self._on_progress("Grading", text.done)
            yield text

    def _keep(self, one: Graded) -> None:
        """Note the problems of what was graded, and keep its entry if it counts."""
        for problem in one.problems:
            self.problems.add(problem)
        entry = one.entry
        two = self._ledger.put(entry) if entry else None
        if entry and two:
            self.problems.add(duplicate_problem(entry, *two, self.options.keep))

    # ---- Results ----

    def _write_results(self) -> None:
        staging, options = self._results.staging, self.options
        names = tuple(sorted({*self._ledger.quizzes(), *self._expected}))
        graders = {name: self._graders[name] for name in names}
        pages = staging / "feedback" if options.feedback else None
        if pages:
            pages.mkdir()
        platform, columns, self.remarks = columns_on_platform(self._roster, titles_of(graders))
        plan = ResultsPlan(names, platform, columns, options.review, pages=pages, show_key=options.show_key)
        if self._workers:
            parts = [self._write_headings(plan), *self._write_parts(self._workers, plan)]
        else:
            parts = [self._write_whole(plan)]
        outcomes = [path for part in parts for path in part.outcomes]
        put_together(outcomes, staging / FILE_NAME)
        for folder in {path.parent for path in outcomes} - {staging}:
            folder.rmdir()
        self.waiting = sum(part.waiting for part in parts)
        for problem in self._marks.problems_after(parts) if self._marks else ():
            self.problems.add(problem)

    def _write_whole(self, plan: ResultsPlan) -> Written:
        """Write the results of the class in this process."""
        total, written = max(self.used, 1), 0
        listed = sorted(self._roster.learners) if self._roster else ()
        with closing(LearnerResults(self._results.staging, self._graders, plan, self._marks)) as results:
            for learner, entries in by_learner(self._ledger, self._roster, listed):
                results.write(learner, entries)
                written += len(entries)
                self._on_progress("Writing the results", written / total)
            return results.finish()

    def _write_headings(self, plan: ResultsPlan) -> Written:
        """Write results of nobody."""
        with closing(LearnerResults(self._results.staging, self._graders, plan, self._marks)) as results:
            return results.finish()

    def _write_parts(self, workers: Workers, plan: ResultsPlan) -> Iterator[Written]:
        """Write the results in other processes, and put the tables of the parts together."""
        staging = self._results.staging
        ledger = self._ledger.complete()
        listed: Iterable[str] = sorted(self._roster.learners) if self._roster else self._ledger.learners()
        parts = list(in_parts(listed, LEARNERS_IN_PART))
        if not self._roster:
            parts = [[part[0], part[-1]] for part in parts]
        for number, (folder, written) in enumerate(workers.write(plan, ledger, parts, staging), start=1):
            for table in folder.glob("*.csv"):
                with table.open("rb") as part, (staging / table.name).open("ab") as whole:
                    shutil.copyfileobj(part, whole)
                table.unlink()
            self._on_progress("Writing the results", number / len(parts))
            yield written

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
