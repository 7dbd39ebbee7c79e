"""``outcomes.parquet``: a row for each learner and question. This is the only definition of its columns and statuses.

``civicquiz grade`` writes the file and compares it with the one before; ``civicquiz report`` reads it. This module
imports polars, so modules that import it are themselves imported late (see ``requirements``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, get_args

import polars as pl

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import OutcomesError, display_path
from civicquiz.grading import Status
from civicquiz.model.quiz import Quiz

__all__ = [
    "FILE_NAME",
    "ROWS_IN_GROUP",
    "SCHEMA",
    "SCORED",
    "STATUSES",
    "OutcomesBatch",
    "OutcomesWriter",
    "Row",
    "ScoreChange",
    "changed_scores",
    "put_together",
    "readable",
    "scan_outcomes",
]

FILE_NAME = "outcomes.parquet"

#: The statuses of a row: those of an outcome, and ``missing`` where a learner handed in nothing.
STATUSES: tuple[str, ...] = (*get_args(Status), "missing")

#: The statuses of a row that has a score. ``needs-review`` has none until a person gives one; ``unscored`` is for
#: questions without points.
SCORED = tuple(status for status in STATUSES if status not in ("needs-review", "unscored", "missing"))

#: The columns. ``response`` is JSON; ``seconds`` is how long the learner took and is null as long as no host measures
#: it; ``certainty`` is 1 to 3; ``submitted`` is in UTC, ISO 8601. A missing score and anything unknown is null.
SCHEMA: dict[str, pl.DataType] = {
    "learner": pl.String(),
    "quiz": pl.String(),
    "version": pl.String(),
    "question": pl.String(),
    "type": pl.String(),
    "objectives": pl.List(pl.String()),
    "status": pl.String(),
    "score": pl.Float64(),
    "max_score": pl.Float64(),
    "response": pl.String(),
    "attempts": pl.Int64(),
    "seconds": pl.Float64(),
    "certainty": pl.Int64(),
    "late": pl.Boolean(),
    "submitted": pl.String(),
}

#: Columns that are the same in every row of a question. They are joined to the other columns in batches.
_OF_QUESTION = ("quiz", "version", "question", "type", "objectives", "max_score")

#: Columns that an analysis can do without.
_OPTIONAL = ("late", "submitted")

#: Rows that are held in memory before they are written.
_BATCH = 40_000

#: Rows that are in a part of the file which can be read on its own.
ROWS_IN_GROUP = 4 * _BATCH


class Row(NamedTuple):
    """What one learner earned on one question; the rest of its row is the same for many and is joined on writing.

    A tuple, because a class has millions.
    """

    #: the position of the question in its quiz, from 0
    question_index: int
    #: one of STATUSES
    status: str
    #: None until somebody has scored it
    score: float | None
    #: as JSON
    response: str | None
    attempts: int | None
    #: 1 to 3
    certainty: int | None


class OutcomesBatch:
    """Rows of any number of learners in memory, as a table."""

    def __init__(self, quizzes: Mapping[str, Quiz]) -> None:
        """``quizzes`` are those that learners may have answered, by name."""
        #: for each quiz, the position of its first question in ``_questions``
        self._first: dict[str, int] = {}
        rows: list[tuple[object, ...]] = []
        for name, quiz in quizzes.items():
            self._first[name] = len(rows)
            rows += (
                (name, quiz.version, question.id, question.type_name(), list(question.objectives), question.points)
                for question in quiz.questions
            )
        schema = {name: SCHEMA[name] for name in _OF_QUESTION}
        self._questions = pl.DataFrame(rows, schema=schema, orient="row")
        self._columns: dict[str, list[Any]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget all rows."""
        names = [name for name in SCHEMA if name not in (*_OF_QUESTION, "seconds")]
        self._columns = {name: [] for name in (*names, "question_position")}

    def __len__(self) -> int:
        return len(self._columns["learner"])

    def add(self, learner: str, quiz: str, rows: Sequence[Row], *, late: bool, submitted: str) -> None:
        """Add the rows of one learner in one quiz; ``submitted`` is empty if unknown."""
        columns, first, count = self._columns, self._first[quiz], len(rows)
        indexes, statuses, scores, responses, attempts, certainty = zip(*rows, strict=True)
        columns["learner"] += [learner] * count
        columns["question_position"] += [first + index for index in indexes]
        columns["status"] += statuses
        columns["score"] += scores
        columns["response"] += responses
        columns["attempts"] += attempts
        columns["certainty"] += certainty
        columns["late"] += [late] * count
        columns["submitted"] += [submitted or None] * count

    def frame(self) -> pl.DataFrame:
        """The rows, with the columns of SCHEMA."""
        schema = {name: SCHEMA.get(name, pl.UInt32()) for name in self._columns}
        frame = pl.DataFrame(self._columns, schema=schema)
        frame = pl.concat([frame, self._questions[frame["question_position"]]], how="horizontal")
        return frame.with_columns(pl.lit(None, SCHEMA["seconds"]).alias("seconds")).select(*SCHEMA)


class OutcomesWriter:
    """Writes the rows of one learner after those of another; memory does not grow with the class."""

    def __init__(self, folder: Path, quizzes: Mapping[str, Quiz]) -> None:
        """What is written goes into files in ``folder``, until :func:`put_together` makes one file of them."""
        self._folder = folder
        self._parts: list[Path] = []
        self._batch = OutcomesBatch(quizzes)

    def write(self, learner: str, quiz: str, rows: Sequence[Row], *, late: bool, submitted: str) -> None:
        """Add the rows of one learner in one quiz; ``submitted`` is empty if unknown."""
        self._batch.add(learner, quiz, rows, late=late, submitted=submitted)
        if len(self._batch) >= _BATCH:
            self._end_batch()

    def _end_batch(self) -> None:
        part = self._folder / f"part-{len(self._parts):06}.arrow"
        self._batch.frame().write_ipc(part)
        self._parts.append(part)
        self._batch.clear()

    def finish(self) -> list[Path]:
        """The files that were written; there is always one."""
        if len(self._batch) or not self._parts:
            self._end_batch()
        return self._parts


def put_together(parts: Sequence[Path], path: Path) -> None:
    """Make the file ``path`` of the files that an ``OutcomesWriter``, or several of them, wrote, and delete those."""
    pl.scan_ipc(list(parts)).sink_parquet(path, row_group_size=ROWS_IN_GROUP, maintain_order=True)
    for part in parts:
        part.unlink()


def scan_outcomes(path: Path) -> pl.LazyFrame:
    """The rows of the file ``path``, or of outcomes.parquet in the folder ``path``: the columns of SCHEMA except
    ``late`` and ``submitted``. Columns of other types are converted if possible, and only once rows are collected.
    outcomes.parquet can be a folder of files, as Spark writes it.

    Raises:
        OutcomesError: it cannot be read, or is not what ``civicquiz grade`` writes; the message says what is wrong.
    """
    file = path / FILE_NAME if path.is_dir() and path.name != FILE_NAME else path
    shown = display_path(file)
    files = sorted(file.glob("*.parquet")) if file.is_dir() else [file]
    if not file.exists() or not files:
        raise OutcomesError(f"{shown}: no such file. Run 'civicquiz grade' first, and name the folder it wrote to")
    columns = {name: type_ for name, type_ in SCHEMA.items() if name not in _OPTIONAL}
    with readable(path):
        rows = pl.scan_parquet(files)
        missing = [f"'{name}'" for name in columns if name not in rows.collect_schema()]
    if missing:
        raise OutcomesError(f"{shown}: no column {', '.join(missing)}. 'civicquiz grade' writes all that are needed")
    return rows.select(pl.col(name).cast(type_) for name, type_ in columns.items())


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Where rows of ``scan_outcomes(path)`` are collected. A ``ValueError`` in there says what is wrong with them.

    Raises:
        OutcomesError: they cannot be read, or not converted to the types of SCHEMA, or a ``ValueError`` was raised.
    """
    shown = display_path(path / FILE_NAME if path.is_dir() else path)
    try:
        yield
    except ValueError as error:
        raise OutcomesError(f"{shown}: {error}") from None
    except (pl.exceptions.InvalidOperationError, pl.exceptions.SchemaError) as error:
        raise OutcomesError(f"{shown}: a column has values of the wrong type ({excerpt(str(error), 200)})") from None
    except (pl.exceptions.ComputeError, OSError) as error:
        raise OutcomesError(f"{shown}: not a Parquet file that can be read ({excerpt(str(error), 200)})") from None


@dataclass(frozen=True)
class ScoreChange:
    """A learner's score in a quiz before and now; None for no score."""

    learner: str
    quiz: str
    before: float
    now: float | None


def changed_scores(before: Path, now: Path) -> list[ScoreChange]:
    """The scores that differ between the files ``before`` and ``now``, by learner and quiz.

    A score that was incomplete before, because nothing was handed in or a person had to score an answer, is not a
    change.

    Raises:
        OutcomesError: ``before`` is not a file that ``civicquiz grade`` wrote.
    """
    try:
        found = (
            _scores(before)
            .filter(pl.col("score").is_not_null())
            .join(_scores(now), on=["learner", "quiz"], how="left", suffix="_now")
            .filter(pl.col("score_now").is_null() | ((pl.col("score_now") - pl.col("score")).abs() > 1e-6))
            .sort("learner", "quiz")
            .collect()
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"'{display_path(before)}' is not a file that this command wrote ({excerpt(str(error), 100)})"
        raise OutcomesError(f"{message}; move it away, or name another folder with --out") from None
    return [ScoreChange(*row) for row in found.select("learner", "quiz", "score", "score_now").iter_rows()]


def _scores(path: Path) -> pl.LazyFrame:
    """``learner``, ``quiz``, and the ``score``, which is null unless every answer has one."""
    whole = pl.col("score").is_not_null().all()
    score = pl.when(whole).then(pl.col("score").sum()).otherwise(None).alias("score")
    return pl.scan_parquet(path).group_by("learner", "quiz").agg(score)
