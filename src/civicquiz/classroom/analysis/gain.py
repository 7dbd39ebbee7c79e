"""What a class gained between a quiz before a course and one after it."""

from __future__ import annotations

import math

import polars as pl

from civicquiz.classroom.analysis.figures import GainFigures, GainRow
from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.analysis.items import shares_by_objective
from civicquiz.classroom.analysis.statistics import normalized_gain, round_stable, sd
from civicquiz.classroom.analysis.totals import totals_of
from civicquiz.errors import ReportError

__all__ = ["gain_between"]


def gain_between(rows: pl.DataFrame, pre: str, post: str) -> GainFigures:
    """The gain from the quiz ``pre`` to the quiz ``post``: over all points first, then for each objective of both.

    Only learners with a total in both count. Each learner's gain is the share of the points after minus the share
    before. Where fewer than ``flags.TOO_FEW`` learners did both there are no rows.

    Raises:
        ReportError: one of the quizzes is not in ``rows``, or both are the same, or no objective is in both.
    """
    names = rows["quiz"].unique().sort().to_list()
    for option, name in (("--pre", pre), ("--post", post)):
        if name not in names:
            raise ReportError(f"{option}: nobody answered a quiz named '{name}' (the quizzes are: {', '.join(names)})")
    if pre == post:
        raise ReportError(f"--pre and --post both name the quiz '{pre}'; name two different ones")
    before, after = (rows.filter(pl.col("quiz") == name) for name in (pre, post))
    shared = set(_objectives(before)) & set(_objectives(after))
    if not shared:
        raise ReportError(
            f"the quizzes '{pre}' and '{post}' have no objective in common; add 'objectives' to their questions"
        )
    totals = [totals_of(quiz, quiz["question"].unique().sort().to_list()) for quiz in (before, after)]
    first, second = (total.frame.select("learner", "share") for total in totals)
    both = first.join(second, on="learner", suffix="_after").sort("learner")
    found = []
    if len(both) >= TOO_FEW:
        found.append(_row(None, both))
        one, two = (
            shares_by_objective(quiz.filter(pl.col("question").is_in(total.counted)))
            for quiz, total in zip((before, after), totals, strict=True)
        )
        pairs = one.join(two, on=["objective", "learner"], suffix="_after").join(both.select("learner"), on="learner")
        for objective in sorted(shared):
            matched = pairs.filter(pl.col("objective") == objective).sort("learner")
            if len(matched) >= TOO_FEW:
                found.append(_row(objective, matched))
    return GainFigures(pre, post, len(first) - len(both), len(second) - len(both), tuple(found))


def _objectives(rows: pl.DataFrame) -> list[str]:
    return rows["objectives"].explode().drop_nulls().unique().to_list()


def _row(objective: str | None, pairs: pl.DataFrame) -> GainRow:
    n = len(pairs)
    before, after = (round_stable(float(pairs[name].sum()) / n) for name in ("share", "share_after"))
    spread = sd(pairs["share_after"] - pairs["share"])
    error = None if spread is None else spread / math.sqrt(n)
    return GainRow(objective, n, before, after, round_stable(after - before), error, normalized_gain(before, after))
