"""``civicquiz grade --engine spark``: the results of a class, in a folder on this machine or at an address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import polars as pl
from pydantic_core import from_json
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.gradebook.learner_results import LearnerResults
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.gradebook.problems import Problems
from civicquiz.classroom.gradebook.results_folder import ResultsFolder
from civicquiz.classroom.gradebook.review import TablePosition, Written, refuse_to_lose_marks
from civicquiz.classroom.outcomes_file import FILE_NAME, ScoreChange
from civicquiz.errors import GradingError, display_path
from civicquiz.spark.sessions import explained
from civicquiz.spark.spark_grading import PROBLEM, WRITTEN, SparkGrading, problems_in

__all__ = ["SparkRun"]


class SparkRun:
    """One run, as ``classroom.gradebook.grading_run.GradingRun``, until it is closed. Existing results are not touched
    before :meth:`publish`."""

    def __init__(
        self, session: SparkSession, options: GradingOptions, on_progress: Callable[[str, float], None] | None = None
    ) -> None:
        """
        Raises:
            CivicquizError: a key, the roster, the marks, what was handed in, or the folder of the results cannot be
                used.
        """
        self.options, self._session = options, session
        self._on_progress = on_progress or (lambda task, done: None)
        self.waiting = self.used = 0
        self.remarks: list[str] = []
        if options.review:
            refuse_to_lose_marks(options.out, options.marks)
        with ExitStack() as opened:
            self._results = opened.enter_context(ResultsFolder(options.out, partitioned=True))
            self.finished_earlier = self._results.finished_earlier
            self.problems = Problems(self._results.staging / "problems.csv")
            opened.callback(self.problems.close)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Delete what was not published."""
        self._opened.close()

    def run(self) -> None:
        """Grade and put the results together, next to the existing ones.

        Raises:
            CivicquizError: a key, the roster, the marks or what was handed in cannot be used, or Spark gives up.
        """
        self._on_progress("Grading", 0.1)
        grading = SparkGrading(self._session, self.options, skip=self.options.out)
        self._opened.callback(grading.close)
        self.remarks = grading.remarks
        staging = self._results.staging
        with explained():
            self._on_progress("Writing the results", 0.6)
            outcomes = grading.outcomes()
            outcomes.write.option("compression", "zstd").parquet((staging / FILE_NAME).absolute().as_uri())
            self._on_progress("Writing the results", 0.8)
            parts = grading.parts().persist()
            self._opened.callback(parts.unpersist)
            self._write_tables(grading, parts)

    def _write_tables(self, grading: SparkGrading, parts: DataFrame) -> None:
        staging, marks = self._results.staging, grading.marks
        LearnerResults(staging, grading.graders, grading.plan, marks, outcomes=False).close()  # the headings
        written = []
        for name, _, _, content in parts.where(sql.col("name") != PROBLEM).toLocalIterator(prefetchPartitions=True):
            if name == WRITTEN:
                written.append(self._written(content))
            else:
                with (staging / name).open("ab") as stream:
                    stream.write(content)
        problems = grading.problems().union(parts.where(sql.col("name") == PROBLEM))
        # At the same position, those of a text come before those of the entry that it is.
        for _, _, _, content in problems.orderBy("part", "number", "name").toLocalIterator():
            for problem in problems_in(content):
                self.problems.add(problem)
        self._check_rows(sum(part.rows for part in written))
        self.waiting = sum(part.waiting for part in written)
        for problem in marks.problems_after(written) if marks else ():
            self.problems.add(problem)

    def _check_rows(self, expected: int) -> None:
        """
        Raises:
            GradingError: the rows that the workers wrote are not all here.
        """
        parts = sorted((self._results.staging / FILE_NAME).glob("*.parquet"))
        found = pl.scan_parquet(parts).select(pl.len()).collect().item() if parts else 0
        if found != expected:
            shared = (
                "--out must be a folder that is the same on this machine and on all workers, such as a shared drive"
            )
            raise GradingError(
                f"{found:,} rows of {expected:,} arrived in '{display_path(self.options.out)}'; {shared}"
            )

    def _written(self, content: bytes) -> Written:
        used, rows, waiting, used_marks, problems = from_json(content)
        self.used += used
        at = frozenset(TablePosition(*position) for position in used_marks)
        return Written(rows, waiting, at, tuple((TablePosition(*position), reason) for position, reason in problems))

    def changes(self) -> list[ScoreChange]:
        """The scores that differ from those in the existing results.

        Raises:
            GradingError: the existing results cannot be read.
        """
        before = self.options.out / FILE_NAME
        if not before.exists():
            return []
        with explained():
            old, new = (self._scores(folder) for folder in (before, self._results.staging / FILE_NAME))
            now = new.withColumnRenamed("score", "now")
            differs = sql.col("now").isNull() | (sql.abs(sql.col("now") - sql.col("score")) > 1e-6)
            both = old.where(sql.col("score").isNotNull()).join(now, ["learner", "quiz"], "left").where(differs)
            return [ScoreChange(*row) for row in both.orderBy("learner", "quiz").toLocalIterator()]

    def _scores(self, path: Path) -> DataFrame:
        """As ``outcomes_file.changed_scores``: the score is null unless every answer has one."""
        whole = sql.min(sql.col("score").isNotNull())
        rows = self._session.read.parquet(path.absolute().as_uri())
        return rows.groupBy("learner", "quiz").agg(sql.when(whole, sql.sum("score")).alias("score"))

    def publish(self) -> None:
        """Replace the earlier results with these.

        Raises:
            GradingError: they cannot be written.
        """
        self.problems.close()
        self._results.publish()
