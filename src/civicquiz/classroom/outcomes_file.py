"""``outcomes.parquet``: a row for each learner and question; and what changed since it was last written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.gradebook.grader import STATUSES, Key, Row
from civicquiz.errors import CivicquizError

__all__ = ["Change", "GradingError", "OutcomesFile", "changes"]

#: Rows that are held before they are written.
_BATCH = 40_000


class GradingError(CivicquizError):
    """A class cannot be graded; the message says why and what to do."""


def polars() -> Any:
    """The library that writes and reads Parquet.

    Raises:
        GradingError: it is not installed.
    """
    try:
        import polars
    except ImportError:
        message = "grading a class needs the packages of 'civicquiz[grading]' (pip install 'civicquiz[grading]')"
        raise GradingError(message) from None
    return polars


class OutcomesFile:
    """Writes the rows of one learner after the other. What a row shares with others is joined in batches."""

    def __init__(self, folder: Path, path: Path, keys: Mapping[str, Key]) -> None:
        """``folder`` is for the parts that the file ``path`` is put together from."""
        self._pl = polars()
        self._folder, self._path = folder, path
        self._parts: list[Path] = []
        questions = [(name, key, question) for name, key in keys.items() for question in key.questions]
        self._starts: dict[str, int] = {}
        for position, (name, _, _) in enumerate(questions):
            self._starts.setdefault(name, position)
        #: what is the same in every row of a question
        self._fixed = self._pl.DataFrame(
            {
                "quiz": [name for name, _, _ in questions],
                "version": [key.version for _, key, _ in questions],
                "question": [question.id for _, _, question in questions],
                "type": [question.type_name() for _, _, question in questions],
                "objectives": [list(question.objectives) for _, _, question in questions],
                "max_score": [question.points for _, _, question in questions],
            },
            schema=self._schema("quiz", "version", "question", "type", "objectives", "max_score"),
        )
        self._names = self._pl.Series("status", STATUSES)
        self._columns: dict[str, list[Any]] = {}
        self._start_batch()

    def _schema(self, *names: str) -> dict[str, Any]:
        pl = self._pl
        special = {
            "objectives": pl.List(pl.String),
            "late": pl.Boolean,
            **dict.fromkeys(("score", "max_score", "seconds"), pl.Float64),
            **dict.fromkeys(("attempts", "certainty"), pl.Int64),
            **dict.fromkeys(("place", "code"), pl.UInt32),
        }
        return {name: special.get(name, pl.String) for name in names}

    def _start_batch(self) -> None:
        names = ("learner", "place", "code", "score", "response", "attempts", "certainty", "late", "submitted")
        self._columns = {name: [] for name in names}

    def write(self, learner: str, quiz: str, rows: Sequence[Row], *, late: bool, submitted: str) -> None:
        """The rows of one learner in one quiz."""
        columns, start, count = self._columns, self._starts[quiz], len(rows)
        places, codes, scores, responses, attempts, certainty = zip(*rows, strict=True)
        columns["learner"] += [learner] * count
        columns["place"] += [start + place for place in places]
        columns["code"] += codes
        columns["score"] += scores
        columns["response"] += responses
        columns["attempts"] += attempts
        columns["certainty"] += certainty
        columns["late"] += [late] * count
        columns["submitted"] += [submitted or None] * count
        if len(columns["learner"]) >= _BATCH:
            self._end_batch()

    def _end_batch(self) -> None:
        pl, columns = self._pl, self._columns
        frame = pl.DataFrame(columns, schema=self._schema(*columns))
        fixed = self._fixed[frame["place"]]
        status = self._names.gather(frame["code"])
        frame = pl.concat([frame, fixed, status.to_frame()], how="horizontal").with_columns(
            pl.lit(None, pl.Float64).alias("seconds")
        )
        order = ["learner", "quiz", "version", "question", "type", "objectives", "status", "score", "max_score"]
        order += ["response", "attempts", "seconds", "certainty", "late", "submitted"]
        part = self._folder / f"part-{len(self._parts):06}.arrow"
        frame.select(order).write_ipc(part)
        self._parts.append(part)
        self._start_batch()

    def close(self) -> None:
        """Put the parts together."""
        if self._columns["learner"] or not self._parts:
            self._end_batch()
        parts = self._pl.scan_ipc(self._parts)
        parts.sink_parquet(self._path, row_group_size=4 * _BATCH, maintain_order=True)
        for part in self._parts:
            part.unlink()


@dataclass(frozen=True)
class Change:
    """A learner's score in a quiz before and now; None where there is none."""

    learner: str
    quiz: str
    before: float | None
    now: float | None


def changes(before: Path, now: Path) -> Iterable[Change]:
    """Whose score in which quiz is another in the file ``now`` than in ``before``, by learner and quiz.

    A score that was not whole before, because nothing was handed in or a person had to score an answer, is no change.

    Raises:
        GradingError: ``before`` was not written by this program.
    """
    pl = polars()

    def scores(path: Path) -> Any:
        whole = pl.col("score").is_not_null().all()
        return (
            pl.scan_parquet(path)
            .group_by("learner", "quiz")
            .agg(pl.when(whole).then(pl.col("score").sum()).otherwise(None).alias("score"))
        )

    try:
        found = (
            scores(before)
            .filter(pl.col("score").is_not_null())
            .join(scores(now), on=["learner", "quiz"], how="left", suffix="_now")
            .filter(pl.col("score_now").is_null() | ((pl.col("score_now") - pl.col("score")).abs() > 1e-6))
            .sort("learner", "quiz")
            .collect()
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        message = f"'{before}' is not a file that this command wrote ({excerpt(str(error), 100)})"
        raise GradingError(f"{message}; move it away, or name another folder with --out") from None
    return [Change(*row) for row in found.select("learner", "quiz", "score", "score_now").iter_rows()]
