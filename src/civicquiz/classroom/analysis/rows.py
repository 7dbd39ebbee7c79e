"""The rows of the outcomes file as the analysis needs them: checked, and in batches of whole learners."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from civicquiz.classroom.outcomes_file import ROWS_IN_GROUP, SCORED, STATUSES

__all__ = [
    "BATCH",
    "CHECKED",
    "Overview",
    "batches",
    "checked",
    "checked_batch",
    "in_threads",
    "overview_of",
    "prepared",
    "whole_learners",
]

#: The columns that :func:`checked_batch` looks at.
CHECKED = ("learner", "quiz", "question", "status", "max_score", "share")

#: How many rows are in memory at a time: those of a row group of the file.
BATCH = ROWS_IN_GROUP


def prepared(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of ``scan_outcomes`` with ``share``, the score out of the full points. A row that waits for a person,
    that belongs to somebody who handed in nothing, or to a question without points, has no share. No answer is worth 0.
    """
    score = pl.when(pl.col("status") == "unanswered").then(0.0).otherwise(pl.col("score"))
    return rows.with_columns(pl.when(pl.col("status").is_in(SCORED)).then(score).alias("score")).with_columns(
        pl.when(pl.col("max_score") > 0).then(pl.col("score") / pl.col("max_score")).alias("share")
    )


#: How many batches are worked on at the same time. More take more memory, and polars keeps other cores busy.
_THREADS = 2

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """What ``work`` makes of each item, in order; of two items at a time, since polars lets other threads work."""
    with ThreadPoolExecutor(_THREADS) as threads:
        waiting = deque[Future[Result]]()
        for item in items:
            waiting.append(threads.submit(work, item))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@dataclass(frozen=True)
class Overview:
    """What is in the rows of a class.

    Attributes:
        questions: a row for each ``quiz`` and ``question``: whether an answer ``waits`` for a person, and whether one
            is ``scored``.
        count: how many rows there are.
        in_order: whether they are sorted by learner, as ``civicquiz grade`` writes them.
    """

    questions: pl.DataFrame
    count: int
    in_order: bool

    @property
    def quizzes(self) -> list[str]:
        """The names of the quizzes, sorted."""
        return sorted(set(self.questions["quiz"]))


def checked(rows: pl.LazyFrame) -> Overview:
    """What is in ``rows``, which are :func:`prepared`.

    Raises:
        ValueError: there are no rows, or a row is impossible.
    """
    count = rows.select(pl.len()).collect().item()
    columns = rows.select(CHECKED)

    def part(start: int) -> tuple[pl.DataFrame, str, str, bool]:
        batch = columns.slice(start, BATCH).collect()
        learners = batch["learner"]
        return checked_batch(batch), learners[0], learners[-1], learners.is_sorted()

    parts, in_order, before = [], True, ""
    for found, first, last, is_sorted in in_threads(part, range(0, count, BATCH)):
        parts.append(found)
        in_order = in_order and before <= first and is_sorted
        before = last
    return overview_of(parts, count, in_order=in_order)


def checked_batch(batch: pl.DataFrame) -> pl.DataFrame:
    """How many rows are ``scored``, for each quiz, question and status in some rows with the columns CHECKED.

    Raises:
        ValueError: a row is impossible.
    """
    for name in ("learner", "quiz", "question"):
        if batch[name].null_count():
            raise ValueError(f"a row has no '{name}'")
    if not batch.select((pl.col("max_score") >= 0).all() & pl.col("max_score").is_not_null().all()).item():
        raise ValueError("a row has no 'max_score' of 0 or more")
    if not batch["share"].drop_nulls().is_between(0, 1).all():
        raise ValueError("a score is below 0 or above its 'max_score'")
    return batch.group_by("quiz", "question", "status").agg(pl.col("share").count().cast(pl.Int64).alias("scored"))


def overview_of(parts: Sequence[pl.DataFrame], count: int, *, in_order: bool) -> Overview:
    """The overview of ``count`` rows, from what :func:`checked_batch` found in parts of them.

    Raises:
        ValueError: there are no rows, or a status is unknown.
    """
    if not count:
        raise ValueError("no rows: nobody has handed anything in")
    found = pl.concat(parts)
    unknown = set(found["status"]) - set(STATUSES)
    if unknown:
        raise ValueError(f"unknown status {min(map(repr, unknown))} (a status is one of: {', '.join(STATUSES)})")
    waits = (pl.col("status") == "needs-review").any().alias("waits")
    questions = found.group_by("quiz", "question").agg(waits, (pl.col("scored") > 0).any())
    return Overview(questions.sort("quiz", "question"), count, in_order)


def batches(rows: pl.LazyFrame, overview: Overview) -> Iterator[pl.DataFrame]:
    """All ``rows`` in batches: each has all rows of its learners, one learner after another, in the order of the file.

    If they are sorted by learner, a batch is a slice. Otherwise, each batch is collected from all over the file, which
    takes longer.
    """
    starts = range(0, overview.count, BATCH)
    if not overview.in_order:
        parts = len(starts) * _THREADS
        for part in range(parts):
            in_part = pl.col("learner").hash() % parts == part
            yield rows.filter(in_part).collect().sort("learner", maintain_order=True)
        return
    groups = (rows.slice(start, BATCH).collect() for start in starts)
    size = BATCH // _THREADS
    yield from whole_learners(group.slice(start, size) for group in groups for start in range(0, len(group), size))


def whole_learners(parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The rows of the ``parts``, none of which is empty, in batches that each have all rows of their learners; the rows
    of a learner are next to each other."""
    left = None
    for part in parts:
        batch = part if left is None else pl.concat([left, part])
        of_last = int((batch["learner"] == batch["learner"][-1]).sum())
        left = batch[-of_last:]
        if of_last < len(batch):
            yield batch[:-of_last]
    if left is not None:
        yield left
