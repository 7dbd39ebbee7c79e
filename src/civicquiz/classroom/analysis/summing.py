"""Outcomes -> the sums that an analysis is made from (see ``sums``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product

import polars as pl

from civicquiz.classroom.analysis.plain_text import choices_in
from civicquiz.classroom.analysis.rows import Overview, batches, in_threads
from civicquiz.classroom.analysis.sums import COLUMNS, DECIMALS, Sums, add
from civicquiz.model.quiz import Quiz

__all__ = ["Plan", "sums_of", "sums_of_batch"]


@dataclass(frozen=True)
class Plan:
    """What has to be known before anything is counted. It is the same for all parts of a class.

    Attributes:
        overview: what is in the rows.
        quizzes: the names of the quizzes.
        questions: the ids of the questions of all of them.
        counted: for each quiz and each of the questions, whether it is counted in totals, and
        choices: whether its options are counted.
        pair: the quizzes before and after a course.
    """

    overview: Overview
    quizzes: pl.Enum
    questions: pl.Enum
    counted: pl.Series
    choices: pl.Series
    pair: tuple[str, str] | None = None

    @classmethod
    def of(cls, overview: Overview, keys: Mapping[str, Quiz], pre: str | None = None, post: str | None = None) -> Plan:
        """The plan for rows with this ``overview``. Options are counted in the quizzes whose ``keys`` are there;
        ``pre`` and ``post`` name the quizzes before and after a course.

        A question is counted in totals unless somebody's answer to it still waits for a person: then it is counted for
        nobody, so that all totals stay comparable.
        """
        names, found = overview.quizzes, overview.questions
        ids = sorted(set(found["question"]))
        counted = set(found.filter(~pl.col("waits") & pl.col("scored")).select("quiz", "question").iter_rows())
        choices = {(name, question) for name, quiz in keys.items() for question in choices_in(quiz)}
        pairs = list(product(names, ids))
        return cls(
            overview,
            pl.Enum(names),
            pl.Enum(ids),
            pl.Series([pair in counted for pair in pairs], dtype=pl.Boolean),
            pl.Series([pair in choices for pair in pairs], dtype=pl.Boolean),
            (pre, post) if pre in names and post in names else None,
        )


def sums_of(rows: pl.LazyFrame, plan: Plan) -> Sums:
    """The sums of all rows, which are ``rows.prepared``; memory does not grow with the number of learners.

    Raises:
        ValueError: a learner has two rows for the same question.
    """
    return add(in_threads(partial(sums_of_batch, plan=plan), batches(rows, plan.overview)))


def sums_of_batch(rows: pl.DataFrame, plan: Plan) -> Sums:
    """The sums of rows that are ``rows.prepared``: all rows of some learners, one learner after another.

    Raises:
        ValueError: a learner has two rows for the same question.
    """
    # Numbers in place of names, because grouping by them is much faster. ``work`` is a learner's work on one quiz.
    quiz, question = (pl.col(name).to_physical().cast(pl.UInt64) for name in ("quiz", "question"))
    rows = (
        rows.with_columns(pl.col("quiz").cast(plan.quizzes), pl.col("question").cast(plan.questions))
        .with_columns(pl.col("learner").rle_id().cast(pl.UInt64))
        .with_columns((pl.col("learner") * len(plan.quizzes.categories) + quiz).alias("work"))
    )
    if not rows["work"].is_sorted():
        rows = rows.sort("work", maintain_order=True)
    rows = rows.with_columns(pl.col("work").rle_id(), (quiz * len(plan.questions.categories) + question).alias("index"))
    if rows.select((pl.col("work").cast(pl.UInt64) * len(plan.counted) + pl.col("index")).n_unique()).item() < len(
        rows
    ):
        raise ValueError("a student has two rows for the same question; grade again, which keeps only one submission")
    rows = rows.with_columns(
        plan.counted.gather(rows["index"]).alias("counted"), plan.choices.gather(rows["index"]).alias("choice")
    )
    works = _works(rows)
    rows = rows.with_columns(works.select("handed_in", "points", "possible", "first")[rows["work"]])
    position = (pl.int_range(pl.len(), dtype=pl.UInt32) - pl.col("first")).alias("position")
    every = rows.lazy()
    handed_in = every.filter("handed_in")
    tables = {
        "answers": every,
        "positions": every.with_columns(position),
        "responses": handed_in.filter("choice"),
        "seconds": handed_in.filter(pl.col("seconds").is_not_null()),
        "attempts": handed_in.filter(pl.col("attempts") > 0),
        "scores": handed_in.filter(pl.col("counted") & pl.col("points").is_not_null()),
        "learners": works.lazy(),
        "objectives": _by_objective(handed_in),
        "gains": _gains(works.lazy(), handed_in, plan.pair),
    }
    counts = pl.collect_all([_counted(table, COLUMNS[name]) for name, table in tables.items()])
    return dict(zip(tables, counts, strict=True))


def _works(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each work, in order: ``learner``, ``quiz``, ``handed_in``, ``points``, ``possible``, and the number of
    its ``first`` row.

    A learner has no total who handed in nothing, or if a single answer to a counted question has no score.
    """
    counted = pl.col("counted")
    works = (
        rows.select(
            "work",
            "learner",
            "quiz",
            counted,
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("first"),
            (pl.col("status") != "missing").alias("handed_in"),
            pl.when(counted).then(pl.col("score")).alias("points"),
            pl.when(counted).then(pl.col("max_score")).alias("possible"),
            (counted & pl.col("score").is_null()).alias("open"),
        )
        .group_by("work", maintain_order=True)
        .agg(
            pl.col("learner", "quiz", "first").first(),
            pl.col("counted", "handed_in", "open").any(),
            pl.col("points", "possible").sum().round(DECIMALS),
        )
    )
    whole = pl.col("handed_in") & counted & ~pl.col("open")
    totals = (pl.when(whole).then(pl.col(name)).alias(name) for name in ("points", "possible"))
    return works.select("learner", "quiz", "first", "handed_in", *totals)


def _by_objective(rows: pl.LazyFrame) -> pl.LazyFrame:
    """A row for each work and ``objective``, with what was earned on its scored questions, and how much could be."""
    return (
        rows.filter(pl.col("score").is_not_null() & (pl.col("objectives").list.len() > 0))
        .select("work", "learner", "quiz", "score", "max_score", pl.col("objectives").alias("objective"))
        .explode("objective")
        .filter(pl.col("objective").is_not_null())
        .group_by("work", "objective")
        .agg(
            pl.col("learner", "quiz").first(),
            pl.col("score").sum().round(DECIMALS).alias("points"),
            pl.col("max_score").sum().round(DECIMALS).alias("possible"),
        )
    )


def _gains(works: pl.LazyFrame, rows: pl.LazyFrame, pair: tuple[str, str] | None) -> pl.LazyFrame:
    """A row for each learner with a total in both quizzes of the ``pair``, and one for each ``objective`` that the
    learner has in both: the shares ``before`` and ``after``."""
    if pair is None:
        return pl.LazyFrame(schema=COLUMNS["gains"])
    in_pair = pl.col("quiz").is_in(list(pair))
    totals = works.filter(in_pair & pl.col("points").is_not_null())
    of_objectives = _by_objective(rows.filter(in_pair & pl.col("counted") & pl.col("points").is_not_null()))
    share = (pl.col("points") / pl.col("possible")).round(DECIMALS).alias("before")
    totals = totals.with_columns(pl.lit("").alias("objective"))
    shares = pl.concat([table.select("learner", "quiz", "objective", share) for table in (totals, of_objectives)])
    one, other = (shares.filter(pl.col("quiz") == name) for name in pair)
    return one.join(other.rename({"before": "after"}), on=["learner", "objective"])


def _counted(rows: pl.LazyFrame, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """How many of the ``rows`` have the same values in these ``columns``."""
    counts = rows.group_by(*columns).agg(pl.len().alias("n"))
    return counts.select(*(pl.col(column).cast(type_) for column, type_ in columns.items()), pl.col("n").cast(pl.Int64))
