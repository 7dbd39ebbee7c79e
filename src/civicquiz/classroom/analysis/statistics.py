"""The formulas of an item analysis, each with its source. Nothing in here knows about quizzes or files.

Scores come as polars Series, one value for each learner or, with ``counts``, one for as many learners as these say. If
a figure cannot be worked out (nobody answered, all scores are the same, too few learners), the result is None, never
NaN.

Sources that several formulas share: L. Crocker and J. Algina, *Introduction to Classical and Modern Test Theory*, 1986;
R. L. Ebel and D. A. Frisbie, *Essentials of Educational Measurement*, 5th ed., 1991.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import polars as pl

__all__ = [
    "GROUP_SHARE",
    "alpha",
    "alpha_interval",
    "correlation",
    "correlation_interval",
    "discrimination_index",
    "error_of_measurement",
    "group_mean",
    "group_weights",
    "median",
    "normalized_gain",
    "proportion_interval",
    "round_stable",
    "sd",
    "variance",
]

Interval = tuple[float, float]

#: The share of the learners in the upper group, and in the lower one.
#: T. L. Kelley, "The selection of upper and lower groups for the validation of test items", Journal of Educational
#: Psychology 30 (1939): 17-24: if scores are normally distributed, 27% at each end tell the two groups apart best.
GROUP_SHARE = 0.27

_Z95 = NormalDist().inv_cdf(0.975)


def round_stable(value: float) -> float:
    """``value`` rounded to twelve decimals, so that it does not depend on the order in which learners were added up."""
    return round(value, 12) + 0.0


def proportion_interval(share: float, n: int, z: float = _Z95) -> Interval | None:
    """A 95% confidence interval for a proportion, given the ``share`` observed among ``n``; None for n = 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927): 209-212. For the mean of scores between 0 and 1 it is wider than necessary,
    because such scores never vary more than scores that are all 0 or 1.
    """
    if n == 0:
        return None
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def variance(values: pl.Series, counts: pl.Series | None = None) -> float | None:
    """The variance, estimated from a sample (divided by n - 1); None for fewer than two learners."""
    n = len(values) if counts is None else int(counts.sum())
    if n < 2:
        return None
    apart = values - _sum(values, counts) / n
    return _sum(apart * apart, counts) / (n - 1)


def _sum(values: pl.Series, counts: pl.Series | None) -> float:
    return float((values if counts is None else values * counts).sum())


def sd(values: pl.Series, counts: pl.Series | None = None) -> float | None:
    """The standard deviation, estimated from a sample (divided by n - 1); None for fewer than two learners."""
    spread = variance(values, counts)
    return None if spread is None else round_stable(math.sqrt(spread))


def median(values: pl.Series, counts: pl.Series) -> float | None:
    """The value in the middle, or the mean of the two that are; None without values."""
    if not len(values):
        return None
    order = values.arg_sort()
    ordered, upto = values[order], counts[order].cum_sum()
    n = int(counts.sum())
    low, high = (float(ordered.filter(upto > place)[0]) for place in ((n - 1) // 2, n // 2))
    return (low + high) / 2


def correlation(one: pl.Series, other: pl.Series, counts: pl.Series | None = None) -> float | None:
    """Pearson's correlation over the learners who have both; None if either is the same for all.

    Between a question scored 0 or 1 and a total this is the point-biserial correlation. With the total of the *other*
    questions it is the corrected item-total correlation (Crocker and Algina 1986, chapter 14).
    """
    both = one.is_not_null() & other.is_not_null()
    one, other, counts = one.filter(both), other.filter(both), None if counts is None else counts.filter(both)
    if one.n_unique() < 2 or other.n_unique() < 2:
        return None
    n = len(one) if counts is None else int(counts.sum())
    a, b = one - _sum(one, counts) / n, other - _sum(other, counts) / n
    spread = math.sqrt(_sum(a * a, counts) * _sum(b * b, counts))
    return round_stable(max(-1.0, min(1.0, _sum(a * b, counts) / spread))) if spread > 0 else None


def correlation_interval(r: float, n: int, z: float = _Z95) -> Interval | None:
    """A 95% confidence interval for a correlation, given ``r`` observed among ``n``; None below n = 4.

    R. A. Fisher, "On the 'probable error' of a coefficient of correlation deduced from a small sample", Metron 1
    (1921): 3-32. It is only approximate if one of the two is scored 0 or 1.
    """
    if n < 4:
        return None
    if abs(r) >= 1:
        return r, r
    half = z / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def group_weights(
    totals: pl.Series, counts: pl.Series | None = None, share: float = GROUP_SHARE
) -> tuple[pl.Series, pl.Series]:
    """How much each learner with one of the ``totals`` counts in the upper and in the lower group, 0.0 to 1.0.

    Each group has ``share`` of the learners, rounded to a whole number, at least one (Kelley 1939, see GROUP_SHARE).
    Learners whose totals tie at the edge of a group share the places that are left in it, so that neither names nor
    the order of rows decides who is in it.
    """
    learners = pl.Series([1] * len(totals), dtype=pl.Int64) if counts is None else counts
    n = int(learners.sum())
    size = min(max(1, math.floor(n * share + 0.5)), n)
    return _top(totals, learners, size), _top(-totals, learners, size)


def _top(totals: pl.Series, learners: pl.Series, size: int) -> pl.Series:
    if not size:
        return pl.Series([], dtype=pl.Float64)
    order = totals.arg_sort(descending=True)
    border = totals[order].filter(learners[order].cum_sum() >= size)[0]
    above, at = totals > border, totals == border
    share = (size - int(learners.filter(above).sum())) / int(learners.filter(at).sum())
    weights: pl.Series = above.cast(pl.Float64) + at.cast(pl.Float64) * share
    return weights


def group_mean(values: pl.Series, weights: pl.Series) -> float | None:
    """The mean of ``values`` in a group; None if nobody in it has a value."""
    total_weight = float(weights.filter(values.is_not_null()).sum())
    return round_stable(float((values * weights).sum()) / total_weight) if total_weight > 0 else None


def discrimination_index(upper: float | None, lower: float | None) -> float | None:
    """The index D: the mean score (0 to 1) of the upper group on a question minus that of the lower group.

    A. P. Johnson, "Notes on a suggested index of item validity: the U-L index", Journal of Educational Psychology 42
    (1951): 499-504; Ebel and Frisbie 1991, chapter 13.
    """
    return None if upper is None or lower is None else round_stable(upper - lower)


def alpha(questions: Sequence[float | None], totals: float | None) -> float | None:
    """Cronbach's alpha of a test, from the variances of the scores on each of its questions and of the totals; None for
    fewer than two questions or learners, or if all totals are the same.

    L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951): 297-334. If every
    score is 0 or 1, it is the KR-20 of G. F. Kuder and M. W. Richardson, "The theory of the estimation of test
    reliability", Psychometrika 2 (1937): 151-160. It can be negative and is never above 1.
    """
    count, parts = len(questions), math.fsum(variance or 0.0 for variance in questions)
    if count < 2 or totals is None or totals <= 1e-12 * max(parts, 1.0):
        return None
    return round_stable(min(1.0, count / (count - 1) * (1 - parts / totals)))


def alpha_interval(value: float, n: int, count: int, z: float = _Z95) -> Interval | None:
    """A 95% confidence interval for alpha, given the ``value`` observed for ``n`` learners and ``count`` questions.

    None for fewer than three learners.

    D. G. Bonett, "Sample size requirements for testing and estimating coefficient alpha", Journal of Educational and
    Behavioral Statistics 27 (2002): 335-340, formula for ln(1 - alpha). It is close to that of L. S. Feldt
    (Psychometrika 30, 1965: 357-370), which needs quantiles of the F distribution.
    """
    if n < 3 or count < 2:
        return None
    if value >= 1:
        return 1.0, 1.0
    half = z * math.sqrt(2 * count / ((count - 1) * (n - 2)))
    middle = math.log(1 - value)
    return 1 - math.exp(middle + half), 1 - math.exp(middle - half)


def error_of_measurement(spread: float, reliability: float) -> float:
    """The standard error of measurement, in points: the ``spread`` (SD) of totals times the square root of
    1 - reliability.

    Crocker and Algina 1986, chapter 6. A negative reliability counts as 0: the error cannot exceed the spread.
    """
    return spread * math.sqrt(1 - max(0.0, reliability))


def normalized_gain(before: float, after: float) -> float | None:
    """How much of the possible gain was made, from the mean shares (0 to 1) before and after; None if no gain was
    possible.

    R. R. Hake, "Interactive-engagement versus traditional methods: a six-thousand-student survey of mechanics test
    data for introductory physics courses", American Journal of Physics 66 (1998): 64-74. He calls a gain of at least
    0.7 high, of at least 0.3 medium, and a smaller one low.
    """
    return None if before >= 1 else (after - before) / (1 - before)
