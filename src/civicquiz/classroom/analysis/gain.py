"""What a class gained between a quiz before a course and one after it."""

from __future__ import annotations

import math

import polars as pl

from civicquiz.classroom.analysis.figures import GainFigures, GainRow
from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.analysis.items import shares_by_objective
from civicquiz.classroom.analysis.statistics import normalised_gain, sd, settled
from civicquiz.classroom.analysis.totals import totals_of
from civicquiz.errors import ReportError

__all__ = ["gain"]


def gain(rows: pl.DataFrame, pre: str, post: str) -> GainFigures:
    """The gain from the quiz ``pre`` to the quiz ``post``: over all points first, then for each objective of both.

    Only learners with a total in both are in it. Each learner's gain is the share of the points after minus that
    before. Where fewer than ``flags.TOO_FEW`` learners did both there are no rows.

    Raises:
        ReportError: one of the quizzes is not in ``rows``, or both are the same, or no objective is in both.
    """
    known = rows["quiz"].unique().sort().to_list()
    for option, name in (("--pre", pre), ("--post", post)):
        if name not in known:
            raise ReportError(
                f"{option}: nobody's answers to a quiz '{name}' are there (there are: {', '.join(known)})"
            )
    if pre == post:
        raise ReportError(f"--pre and --post both name the quiz '{pre}'; name two")
    before, after = (rows.filter(pl.col("quiz") == name) for name in (pre, post))
    shared = set(_objectives(before)) & set(_objectives(after))
    if not shared:
        raise ReportError(f"the quizzes '{pre}' and '{post}' have no objective in common; give their questions some")
    totals = [totals_of(each, each["question"].unique().sort().to_list()) for each in (before, after)]
    first, second = (each.frame.select("learner", "share") for each in totals)
    both = first.join(second, on="learner", suffix="_after").sort("learner")
    figures = GainFigures(pre, post, len(first) - len(both), len(second) - len(both), ())
    if len(both) < TOO_FEW:
        return figures
    found = [_row(None, both)]
    one, two = (
        shares_by_objective(each.filter(pl.col("question").is_in(total.counted)))
        for each, total in ((before, totals[0]), (after, totals[1]))
    )
    pairs = one.join(two, on=["objective", "learner"], suffix="_after").join(both.select("learner"), on="learner")
    for objective in sorted(shared):
        matched = pairs.filter(pl.col("objective") == objective).sort("learner")
        if len(matched) >= TOO_FEW:
            found.append(_row(objective, matched))
    return GainFigures(pre, post, figures.only_pre, figures.only_post, tuple(found))


def _objectives(rows: pl.DataFrame) -> list[str]:
    return rows["objectives"].explode().drop_nulls().unique().to_list()


def _row(objective: str | None, pairs: pl.DataFrame) -> GainRow:
    n = len(pairs)
    before, after = (settled(float(pairs[name].sum()) / n) for name in ("share", "share_after"))
    spread = sd(pairs["share_after"] - pairs["share"])
    error = None if spread is None else spread / math.sqrt(n)
    return GainRow(objective, n, before, after, settled(after - before), error, normalised_gain(before, after))
