"""``civicquiz grade`` and ``civicquiz report`` with ``--engine spark``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from civicquiz.classroom.gradebook.command import grade_class
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.spark import report
from civicquiz.spark.spark_packages import require_java, require_spark

__all__ = ["grade_on_spark", "report_on_spark"]


def grade_on_spark(
    options: GradingOptions,
    *,
    master: str | None,
    say: Callable[[str], Any],
    confirm: Callable[[str], bool] | None,
    yes: bool,
) -> int:
    """As ``classroom.gradebook.command.grade_class``, on the cluster ``master`` (see ``sessions.session_on``).

    Raises:
        CivicquizError: packages or Java are missing, or something that is needed cannot be used.
    """
    require_spark("Grading with Spark")
    require_java()
    from civicquiz.spark.sessions import session_on
    from civicquiz.spark.spark_run import SparkRun

    with session_on(master) as session:
        return grade_class(options, say=say, confirm=confirm, yes=yes, run_with=partial(SparkRun, session))


def report_on_spark(
    results: str,
    *,
    key: Sequence[str],
    out: str | None,
    pre: str | None,
    post: str | None,
    master: str | None,
) -> list[Path]:
    """Write a report about ``results`` to the folder ``out``; by default, to that of the results. The files, the report
    first.

    Raises:
        CivicquizError: packages or Java are missing, or something that is needed cannot be used.
    """
    require_spark("A report with Spark")
    require_java()
    from civicquiz.spark.sessions import session_on

    with session_on(master) as session:
        return report(session, results, out, key=key, pre=pre, post=post)
