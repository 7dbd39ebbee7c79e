"""What a class gained between a quiz before a course and one after it."""

from __future__ import annotations

import math

import polars as pl

from civicquiz.classroom.analysis.figures import GainFigures, GainRow
from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.analysis.statistics import normalized_gain, round_stable, sd
from civicquiz.classroom.analysis.sums import Sums
from civicquiz.errors import ReportError

__all__ = ["gain_between"]


def gain_between(sums: Sums, pre: str, post: str) -> GainFigures:
    """The gain from the quiz ``pre`` to the quiz ``post``: over all points first, then for each objective of both.

    Only learners with a total in both count. Each learner's gain is the share of the points after minus the share
    before. Where fewer than ``flags.TOO_FEW`` learners did both there are no rows.

    Raises:
        ReportError: one of the quizzes is not in the ``sums``, or both are the same, or no objective is in both.
    """
    names = sums["answers"]["quiz"].unique().sort().to_list()
    for option, name in (("--pre", pre), ("--post", post)):
        if name not in names:
            raise ReportError(f"{option}: nobody answered a quiz named '{name}' (the quizzes are: {', '.join(names)})")
    if pre == post:
        raise ReportError(f"--pre and --post both name the quiz '{pre}'; name two different ones")
    shared = set(_objectives(sums, pre)) & set(_objectives(sums, post))
    if not shared:
        raise ReportError(
            f"the quizzes '{pre}' and '{post}' have no objective in common; add 'objectives' to their questions"
        )
    gains = sums["gains"].sort("before", "after").partition_by("objective", as_dict=True)
    by_objective = {objective: rows for (objective,), rows in gains.items()}
    both = _learners(by_objective.get("", sums["gains"].clear()))
    rows = tuple(
        _row(objective or None, by_objective[objective])
        for objective in ("", *sorted(shared))
        if objective in by_objective and _learners(by_objective[objective]) >= TOO_FEW
    )
    first, second = (
        _learners(sums["learners"].filter(pl.col("quiz") == name, pl.col("points").is_not_null()))
        for name in (pre, post)
    )
    return GainFigures(pre, post, first - both, second - both, rows)


def _learners(rows: pl.DataFrame) -> int:
    return int(rows["n"].sum())


def _objectives(sums: Sums, quiz: str) -> list[str]:
    answers = sums["answers"].filter(pl.col("quiz") == quiz)
    return answers["objectives"].explode().drop_nulls().unique().to_list()


def _row(objective: str | None, pairs: pl.DataFrame) -> GainRow:
    n, counts = _learners(pairs), pairs["n"]
    before, after = (round_stable(float((pairs[name] * counts).sum()) / n) for name in ("before", "after"))
    spread = sd(pairs["after"] - pairs["before"], counts)
    error = None if spread is None else spread / math.sqrt(n)
    return GainRow(objective, n, before, after, round_stable(after - before), error, normalized_gain(before, after))
