"""The rows of the outcomes file as the analysis needs them: checked, and without the names of the learners.

From here on, each learner is only a number, so that no table and no page can name one.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from civicquiz.classroom.outcomes_file import SCORED, STATUSES, read_outcomes
from civicquiz.errors import OutcomesError, display_path

__all__ = ["numbered", "read_rows"]


def read_rows(path: Path) -> pl.DataFrame:
    """The rows of the file ``path``, or of outcomes.parquet in the folder ``path``, as :func:`numbered` has them.

    Raises:
        OutcomesError: it cannot be read, or is not what ``civicquiz grade`` writes; the message says what is wrong.
    """
    frame = read_outcomes(path)
    try:
        return numbered(frame)
    except ValueError as error:
        raise OutcomesError(f"{display_path(path)}: {error}") from None


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``read_outcomes`` with a number in place of each learner, and with ``share``, the score out of the
    full points. A row that waits for a person, that belongs to somebody who handed in nothing, or to a question without
    points, has no share.

    Raises:
        ValueError: there are no rows, a row is impossible, or a learner has two rows for the same question.
    """
    if not len(frame):
        raise ValueError("no rows: nobody has handed anything in")
    for name in ("learner", "quiz", "question"):
        if frame[name].null_count():
            raise ValueError(f"a row has no '{name}'")
    unknown = set(frame["status"].unique().to_list()) - set(STATUSES)
    if unknown:
        raise ValueError(f"unknown status {min(map(repr, unknown))} (a status is one of: {', '.join(STATUSES)})")
    if not frame.select((pl.col("max_score") >= 0).all().and_(pl.col("max_score").is_not_null().all())).item():
        raise ValueError("a row has no 'max_score' of 0 or more")
    names = pl.Enum(frame["learner"].unique().sort())
    repeated = ("quiz", "version", "question", "type", "status", "response")
    frame = frame.with_columns(
        pl.col("learner").cast(names).to_physical(), *(pl.col(name).cast(pl.Categorical) for name in repeated)
    )
    if frame.select(pl.struct("learner", "quiz", "question").is_duplicated().any()).item():
        raise ValueError("a student has two rows for the same question; grade again, which keeps only one submission")
    score = pl.when(pl.col("status") == "unanswered").then(0.0).otherwise(pl.col("score"))
    frame = frame.with_columns(pl.when(pl.col("status").is_in(SCORED)).then(score).alias("score"))
    has_points = pl.col("max_score") > 0
    frame = frame.with_columns(pl.when(has_points).then(pl.col("score") / pl.col("max_score")).alias("share"))
    if not frame.select(pl.col("share").drop_nulls().is_between(0, 1).all()).item():
        raise ValueError("a score is below 0 or above its 'max_score'")
    return frame
