"""A session of Spark, and what it says when something fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import GradingError
from civicquiz.spark.spark_packages import JAVA_HINT

__all__ = ["explained", "session_on"]


@contextmanager
def session_on(master: str | None) -> Iterator[SparkSession]:
    """A session on the cluster ``master``, which ends with the ``with`` statement. If None, it is the one that
    spark-submit and its settings name, or all cores of this machine.

    Raises:
        GradingError: Spark does not start.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("civicquiz").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    # Each task has one core. A task that is graded again has the same rows, so that nothing is lost with a worker.
    builder = builder.config("spark.executorEnv.POLARS_MAX_THREADS", "1")
    if master:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise GradingError(f"Spark does not start ({_reason(error)}). It needs Java 17 or newer. {JAVA_HINT}") from None
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def explained() -> Iterator[None]:
    """Where Spark works: an error of Spark says what went wrong, without the call stack of Java.

    Raises:
        GradingError: Spark gave up.
    """
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise GradingError(f"Spark gave up: {_reason(error)}. Nothing was written") from None


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # The last line of a Python traceback, where there is one, says more than the first of Java's.
    python = [line for number, line in enumerate(lines) if number and _is_end_of_traceback(lines, number)]
    return excerpt((python or lines or [type(error).__name__])[0], 300)


def _is_end_of_traceback(lines: list[str], number: int) -> bool:
    before, line = lines[number - 1], lines[number]
    name = line.partition(":")[0]
    return not before.startswith("at ") and name.isidentifier() and name.endswith(("Error", "Exception"))
