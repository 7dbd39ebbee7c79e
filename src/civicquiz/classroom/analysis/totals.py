"""Total scores, and the groups derived from them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from civicquiz.classroom.analysis.statistics import group_weights
from civicquiz.classroom.analysis.sums import Sums

__all__ = ["GROUPS", "Totals", "totals_of"]

GROUPS = ("lower", "middle", "upper")


@dataclass(frozen=True)
class Totals:
    """The learners with a total in one quiz: those who handed it in and whose answers to the counted questions all have
    a score.

    ``frame`` has a row for each total: ``points``, ``possible``, ``share`` (points out of possible, rounded, so that
    equal ones tie), how many learners ``n`` have it, and how much each of them counts in the groups by share,
    ``lower``, ``middle`` and ``upper``.
    ``scores`` has for each counted question the same columns and the ``score`` on it.
    """

    frame: pl.DataFrame
    scores: dict[str, pl.DataFrame]
    #: the points that each counted question is worth, in the order of the quiz
    full: dict[str, float]
    #: learners who have a total
    n: int
    #: learners who handed in nothing
    not_handed_in: int
    #: learners who handed something in but have no total
    incomplete: int

    @property
    def same_questions(self) -> bool:
        """Whether everybody got every counted question."""
        return all(int(scores["n"].sum()) == self.n for scores in self.scores.values())

    def rest(self, question: str) -> pl.Series:
        """The share of the points on the other questions, for each row of ``scores``; null if there are no others."""
        scores = self.scores[question]
        possible = scores["possible"] - self.full[question]
        rest = (scores["points"] - scores["score"]) / possible
        return pl.select(pl.when(possible > 1e-9).then(rest.round(9))).to_series()


def totals_of(sums: Sums, order: list[str]) -> Totals:
    """The totals from the ``sums`` of one quiz; ``order`` names its questions."""
    learners = sums["learners"]
    has_total = pl.col("points").is_not_null()
    frame = (
        learners.filter(has_total)
        .with_columns((pl.col("points") / pl.col("possible")).round(9).alias("share"))
        .sort("share", "points", "possible")
    )
    upper, lower = group_weights(frame["share"], frame["n"])
    frame = frame.with_columns(upper.alias("upper"), (1 - upper - lower).alias("middle"), lower.alias("lower"))
    answers = sums["answers"].filter("handed_in").group_by("question")
    questions = answers.agg(
        (pl.col("status") == "needs-review").any().alias("waits"),
        (pl.col("score").is_not_null() & (pl.col("max_score") > 0)).any().alias("scored"),
        pl.col("max_score").max(),
    )
    usable = questions.filter(~pl.col("waits") & pl.col("scored"))
    worth = dict(usable.select("question", "max_score").iter_rows())
    full = {question: worth[question] for question in order if question in worth}
    scores = (
        sums["scores"]
        .join(frame.drop("n", "handed_in", "quiz"), on=["points", "possible"])
        .sort("share", "points", "possible", "score")
    )
    n, handed_in = int(frame["n"].sum()), int(learners.filter("handed_in")["n"].sum())
    return Totals(
        frame,
        {question: scores.filter(pl.col("question") == question) for question in full},
        full,
        n,
        not_handed_in=int(learners["n"].sum()) - handed_in,
        incomplete=handed_in - n,
    )
