"""How words and numbers are written for people, so that the same thing is written the same way everywhere."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from decimal import Decimal

from civicquiz.errors import one_line

__all__ = ["did_you_mean", "excerpt", "nearest", "number_in_formula", "number_text", "score_text", "written_number"]


# ---- Words ----

#: How long a word may be, and with how many it is compared, for "did you mean".
_LONGEST, _MOST = 80, 100


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of ``known`` that ``word`` was most likely meant to be, or ''.

    Comparing takes time, so long words are not compared; of many words, only those that start alike and are about as
    long.
    """
    names = [name for name in known if len(name) <= _LONGEST]
    if len(word) > _LONGEST or not word:
        return ""
    if len(names) > _MOST:
        names = [name for name in names if name[:1].lower() == word[:1].lower() and abs(len(name) - len(word)) <= 2]
    lowered = {name.lower(): name for name in names[:_MOST]}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint for an unknown ``word``: the closest of ``known``, or ``otherwise`` if none is close."""
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near else otherwise


def excerpt(text: str, limit: int = 60) -> str:
    """The beginning of ``text`` for a message: one line of at most ``limit`` characters, with '…' where it is cut."""
    # A text from outside may be very long, so look only at as much as can matter: at most two characters become one.
    line = one_line(text[: 2 * limit + 2])
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


# ---- Numbers ----


def number_text(value: float | Decimal, decimals: int | None = None) -> str:
    """``value`` as people write it: without needless zeros.

    It is rounded to at most ``decimals`` decimals. If that is None, it is not rounded: a float is then written exactly
    as in JavaScript (ECMA-262, Number::toString), with the fewest digits that tell it from every other float, and with
    an exponent from 1e21 up and below 1e-6. A Decimal is always written out.
    """
    if isinstance(value, float) and decimals is None and not 1e-6 <= abs(value) < 1e21 and value:
        return re.sub(r"(e[+-])0+", r"\1", repr(value))
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = f"{exact:f}" if decimals is None else f"{exact:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


def written_number(number: str, *, comma: bool = False) -> str:
    """A number that :func:`number_text` wrote, for people: ``1.67e-27`` becomes ``1.67 × 10⁻²⁷``.

    With ``comma``, it has a decimal comma. ``static/interactions/number_entry.js`` has the same rule.
    """
    text = number.replace(".", ",") if comma else number
    return re.sub(r"e\+?(-?[0-9]+)$", lambda found: f"\u00a0\u00d7\u00a010{found[1].translate(_RAISED)}", text)


def number_in_formula(number: str, *, comma: bool = False) -> str:
    """As :func:`written_number`, in LaTeX."""
    text = number.replace(".", "{,}") if comma else number
    return re.sub(r"e\+?(-?[0-9]+)$", r" \\times 10^{\1}", text)


def score_text(value: float) -> str:
    """A score as learners read it: with at most two decimals, a half rounded up.

    ``static/quiz.js`` has the same rule, so that a page and its printed feedback show the same score.
    """
    hundredths = value * 100
    whole = math.floor(hundredths)
    return number_text((whole + (hundredths - whole >= 0.5)) / 100)
