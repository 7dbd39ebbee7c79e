"""How far from the right number a response may be: the interval around it, computed in decimals."""

from __future__ import annotations

import sys
from decimal import ROUND_HALF_UP, Context, Decimal

from civicquiz.authoring.validation import Percentage

__all__ = ["Interval", "SignificantFigures", "interval_around", "interval_between", "rounded_to_figures"]

#: (lowest, highest) number, both included
Interval = tuple[float, float]

#: More digits than any computation leaves in doubt (see ``questions.expression``).
_DIGITS = Context(prec=40)


class SignificantFigures(int):
    """A tolerance: whatever is the right number once both are rounded to this many significant figures."""


def rounded_to_figures(number: Decimal, figures: int) -> Decimal:
    """``number`` with ``figures`` significant figures, a half rounded away from zero: 0.012345 and 3 give 0.0123."""
    return Context(prec=figures, rounding=ROUND_HALF_UP).plus(_DIGITS.plus(number))


def interval_around(number: Decimal, tolerance: float) -> Interval:
    """The numbers that are right if ``number`` is.

    Args:
        number: the right number.
        tolerance: how far off is still right: a number, a :class:`Percentage` of the right number, or
            :class:`SignificantFigures`, which means half a unit of the last figure.
    """
    if isinstance(tolerance, SignificantFigures):
        number = rounded_to_figures(number, tolerance)
        reach = Decimal(5).scaleb(number.adjusted() - tolerance) if number else Decimal(0)
    else:
        reach = Decimal(repr(float(tolerance)))
        if isinstance(tolerance, Percentage):
            reach *= abs(number) / 100
    return float(number - reach), float(number + reach)


def interval_between(lowest: float | None, highest: float | None) -> Interval:
    """From ``lowest`` to ``highest``, both included; None is no limit on that side."""
    largest = sys.float_info.max
    return -largest if lowest is None else lowest, largest if highest is None else highest
