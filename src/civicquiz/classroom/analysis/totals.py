"""Total scores per learner, and the groups derived from them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from civicquiz.classroom.analysis.statistics import group_weights

__all__ = ["Totals", "totals_of"]


@dataclass(frozen=True)
class Totals:
    """The learners with a total in one quiz: those who handed it in and whose answers to the counted questions all have
    a score.

    ``frame`` has a row for each: ``learner``, ``points``, ``possible``, ``share`` (points out of possible), and the
    weights ``upper``, ``middle`` and ``lower`` in the groups by share. ``wide`` has the same rows in the same order and
    a column with the points on each counted question, null where the learner did not get it.
    """

    frame: pl.DataFrame
    wide: pl.DataFrame
    #: the ids of the counted questions, in the order of the quiz
    counted: tuple[str, ...]
    #: the points that each counted question is worth
    full: dict[str, float]
    #: learners who handed in nothing
    not_handed_in: int
    #: learners who handed something in but have no total
    incomplete: int

    @property
    def same_questions(self) -> bool:
        """Whether everybody got every counted question."""
        return all(not self.wide[name].null_count() for name in self.counted)

    def rest(self, question: str) -> pl.Series:
        """The share of the points that each learner earned on the other questions; null if there are no others."""
        points = self.wide[question]
        worth = points.is_not_null().cast(pl.Float64) * self.full[question]
        possible = self.frame["possible"] - worth
        rest = (self.frame["points"] - points.fill_null(0.0)) / possible
        return pl.select(pl.when(possible > 1e-9).then(rest.round(9))).to_series()


def totals_of(rows: pl.DataFrame, order: list[str]) -> Totals:
    """The totals from the ``rows`` of one quiz (see ``rows.numbered``); ``order`` names its questions.

    A question is counted unless somebody's answer to it still waits for a person: then it is counted for nobody, so
    that all totals stay comparable. If a single answer has no score for another reason, that learner has no total.
    """
    by_learner = rows.group_by("learner").agg((pl.col("status") != "missing").any().alias("handed"))
    handed = by_learner.filter("handed").select("learner")
    present = rows.join(handed, on="learner", how="semi")
    by_question = present.group_by("question").agg(
        (pl.col("status") == "needs-review").any().alias("waits"),
        pl.col("share").is_not_null().any().alias("scored"),
        pl.col("max_score").max(),
    )
    usable = by_question.filter(~pl.col("waits") & pl.col("scored"))
    full = dict(zip(usable["question"], usable["max_score"], strict=True))
    counted = tuple(name for name in order if name in full)
    of_totals = present.filter(pl.col("question").is_in(counted))
    sums = (
        of_totals.group_by("learner")
        .agg(
            pl.col("score").sum().alias("points"),
            pl.col("max_score").sum().alias("possible"),
            pl.col("score").is_null().any().alias("open"),
        )
        .sort("learner")
    )
    frame = sums.filter(~pl.col("open")).drop("open")
    frame = frame.with_columns(
        pl.col("points").round(9), (pl.col("points") / pl.col("possible")).round(9).alias("share")
    )
    upper, lower = group_weights(frame["share"])
    frame = frame.with_columns(upper.alias("upper"), (1 - upper - lower).alias("middle"), lower.alias("lower"))
    columns = frame.select("learner")
    if counted:
        wide = of_totals.pivot("question", index="learner", values="score")
        columns = columns.join(wide, on="learner", how="left", maintain_order="left")
    return Totals(
        frame,
        columns.select(counted),
        counted,
        full,
        not_handed_in=len(by_learner) - len(handed),
        incomplete=len(handed) - len(frame),
    )
