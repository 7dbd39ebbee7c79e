"""``outcomes.parquet``, read and checked: a row for each learner and question.

The names of the learners end here: what goes on is a number for each, so that no table and no page can name one.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.analysis import ReportError
from civicquiz.errors import display_path

__all__ = ["FILE_NAME", "numbered", "read_outcomes"]

FILE_NAME = "outcomes.parquet"

#: What the analysis needs of a row. Columns of another type that can be read as these are.
_COLUMNS: dict[str, pl.DataType] = {
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
}
_STATUSES = ("correct", "partly", "incorrect", "unanswered", "needs-review", "missing")


def read_outcomes(path: Path) -> pl.DataFrame:
    """The rows of the file ``path``, or of outcomes.parquet in the folder ``path``, ready for :func:`numbered`.

    Raises:
        ReportError: it cannot be read, or is not what ``civicquiz grade`` writes; the message says what is wrong.
    """
    file = path / FILE_NAME if path.is_dir() else path
    where = display_path(file)
    if not file.is_file():
        raise ReportError(f"{where}: no such file. Run 'civicquiz grade' first, and name the folder it wrote to")
    try:
        frame = pl.scan_parquet(file)
        columns = frame.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ReportError(f"{where}: not a Parquet file that can be read ({excerpt(str(error), 200)})") from None
    missing = [name for name in _COLUMNS if name not in columns]
    if missing:
        lacking = ", ".join(f"'{name}'" for name in missing)
        raise ReportError(f"{where}: no column {lacking}. 'civicquiz grade' writes all that are needed")
    try:
        return numbered(frame.select(pl.col(name).cast(type_) for name, type_ in _COLUMNS.items()).collect())
    except pl.exceptions.PolarsError as error:
        raise ReportError(f"{where}: a column has values of another type ({excerpt(str(error), 200)})") from None
    except ValueError as error:
        raise ReportError(f"{where}: {error}") from None


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a number in place of each learner, and ``share``, the score out of the full points, beside the
    score. What waits for a person or was not handed in has neither.

    Raises:
        ValueError: a row is impossible, or a learner has two of the same question.
    """
    if not len(frame):
        raise ValueError("no rows: nobody has handed anything in")
    for name in ("learner", "quiz", "question"):
        if frame[name].null_count():
            raise ValueError(f"a row has no {name}")
    unknown = set(frame["status"].unique().to_list()) - set(_STATUSES)
    if unknown:
        raise ValueError(f"unknown status {min(map(repr, unknown))} (known: {', '.join(_STATUSES)})")
    if not frame.select((pl.col("max_score") > 0).all().and_(pl.col("max_score").is_not_null().all())).item():
        raise ValueError("a row has no 'max_score' above 0")
    names = pl.Enum(frame["learner"].unique().sort())
    repeated = ("quiz", "version", "question", "type", "status", "response")
    frame = frame.with_columns(
        pl.col("learner").cast(names).to_physical(), *(pl.col(name).cast(pl.Categorical) for name in repeated)
    )
    if frame.select(pl.struct("learner", "quiz", "question").is_duplicated().any()).item():
        raise ValueError("a learner has two rows for the same question. Grade again: it keeps one submission of each")
    scored = pl.col("status").is_in(["correct", "partly", "incorrect", "unanswered"])
    frame = frame.with_columns(
        pl.when(scored)
        .then(pl.when(pl.col("status") == "unanswered").then(0.0).otherwise(pl.col("score")))
        .alias("score")
    )
    frame = frame.with_columns((pl.col("score") / pl.col("max_score")).alias("share"))
    if not frame.select(pl.col("share").drop_nulls().is_between(0, 1).all()).item():
        raise ValueError("a score is below 0 or above its 'max_score'")
    return frame
