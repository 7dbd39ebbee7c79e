"""Numbers from one to another as a number and how far off it may be, which is how most programs say it."""

from __future__ import annotations

import sys
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from civicquiz.exchange.exported import Losses
from civicquiz.model.interactions import Interval, IntervalRule

__all__ = ["Bounds", "bounds_of", "decimal_text", "ends_of", "note_cut_sides"]

_DIGITS = Context(prec=60)


class Bounds(NamedTuple):
    """The number in the middle and how far off is right; ``limit`` is where a side without an end was cut, or None."""

    middle: Decimal
    reach: Decimal
    limit: Decimal | None = None


def bounds_of(interval: Interval) -> Bounds:
    """An interval, both ends included, by its middle. A side without an end is cut: what is a million away, or a
    thousand times as large, is hardly ever typed, and a larger reach would blur the other end.
    """
    low, high = (None if abs(end) == sys.float_info.max else Decimal(repr(end)) for end in interval)
    limit = None
    if low is None or high is None:
        end = low if low is not None else high if high is not None else Decimal(0)
        away = max(Decimal(10) ** 6, abs(end) * 1000)
        limit = _DIGITS.add(end, away) if high is None else _DIGITS.subtract(end, away)
        low, high = (end, limit) if high is None else (limit, end)
    assert low is not None
    half = Decimal("0.5")
    middle = _DIGITS.multiply(_DIGITS.add(low, high), half)
    return Bounds(middle, _DIGITS.multiply(_DIGITS.subtract(high, low), half), limit)


def ends_of(bounds: Bounds) -> tuple[Decimal, Decimal]:
    """The ends of an interval, without the loss of a digit."""
    return _DIGITS.subtract(bounds.middle, bounds.reach), _DIGITS.add(bounds.middle, bounds.reach)


def decimal_text(number: Decimal) -> str:
    """A number as every program reads it: written out, or with an exponent if that would take many zeros."""
    number = number.normalize(_DIGITS)
    if number and not -12 <= number.adjusted() <= 20:
        return f"{number:e}".replace("e+", "e")
    return f"{number:f}"


def note_cut_sides(rule: IntervalRule, program: str, losses: Losses) -> None:
    """Note where ``program`` needs an end of the right numbers that they do not have."""
    for interval in rule.intervals():
        limit = bounds_of(interval).limit
        if limit is not None:
            side = "above" if limit > Fraction(interval[0]) else "below"
            reason = f"{program} needs an end on both sides: a number {side} {decimal_text(limit)} is not right there."
            losses.approximate("score", reason)
