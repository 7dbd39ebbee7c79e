"""Classes that are too large for one machine: the same grades and the same analysis on a cluster with Apache Spark.

It needs ``pip install 'civicquiz[spark]'``, and Java. Spark runs what ``classroom`` does, on parts of a class.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from civicquiz.classroom.gradebook.options import GradingOptions, Keep
from civicquiz.spark.spark_packages import require_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["grade", "report"]


def grade(
    session: SparkSession,
    paths: Sequence[str | Path],
    keys: Sequence[str | Path],
    *,
    roster: str | Path | None = None,
    keep: Keep = "last",
    due: datetime | None = None,
    versions: Collection[str] = (),
    marks: str | Path | None = None,
    per_learner: bool = False,
) -> DataFrame:
    """Grade what learners handed in, on the cluster of ``session``.

    The keys are sent to the workers and to nobody else. Nothing that was handed in is ever run.

    Args:
        session: a session of Spark. Its workers need civicquiz and polars.
        paths: JSON Lines files, response files, archives, and folders of them, at any address that Spark reads, or at a
            path that this machine and all workers have.
        keys: the quizzes with their keys, or folders of them, on this machine.
        roster: the class list, on this machine; without one, everybody is in the class.
        keep: which submission counts if a learner handed in more than one.
        due: when answers were due, with a time zone; what was submitted after it is ``late``.
        versions: versions of a quiz that are accepted besides that of its key.
        marks: a filled-in ``review.csv``, on this machine.
        per_learner: whether learners were given copies of their own.

    Returns:
        The rows of ``outcomes.parquet``, sorted by learner in partitions that each have all rows of their learners.
        What was graded stays on the disks of the workers until the session ends, or ``unpersist`` is called on it.

    Raises:
        MissingPackagesError: pyspark, pyarrow or polars is not installed.
        CivicquizError: a key, the roster or the marks cannot be used.
        GradingError: Spark cannot read what was handed in.
    """
    require_spark("Grading with Spark")
    from civicquiz.spark.spark_grading import SparkGrading

    options = GradingOptions(
        tuple(paths),
        tuple(Path(key) for key in keys),
        Path(),
        roster=Path(roster) if roster else None,
        keep=keep,
        due=due,
        versions=tuple(versions),
        marks=Path(marks) if marks else None,
        per_learner=per_learner,
    )
    return SparkGrading(session, options).outcomes()


def report(
    session: SparkSession,
    results: str | Path,
    out: str | Path | None = None,
    *,
    key: Sequence[str | Path] = (),
    pre: str | None = None,
    post: str | None = None,
) -> list[Path]:
    """Analyze ``outcomes.parquet`` in the folder ``results``, on the cluster of ``session``, and write report.html,
    items.csv, options.csv and objectives.csv.

    Args:
        session: a session of Spark. Its workers need civicquiz and polars.
        results: the folder with the outcomes, or the outcomes themselves, at any address that Spark reads.
        out: the folder to write to, on this machine; if None, the one with the outcomes.
        key: where the quizzes with their keys are, on this machine.
        pre: the name of the quiz given before a course, and
        post: of the one given after it, to work out the gain.

    Returns:
        The files that were written, the report first.

    Raises:
        MissingPackagesError: pyspark, pyarrow or polars is not installed.
        OutcomesError: the outcomes cannot be read.
        ReportError: there is nothing to analyze, or a file cannot be written.
        QuizError, NoKeyError: a quiz of the key cannot be used.
    """
    require_spark("A report with Spark")
    from civicquiz.spark.reporting import write

    return write(session, str(results), [Path(path) for path in key], Path(out) if out else None, pre, post)
