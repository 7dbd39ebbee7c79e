"""How Moodle scores answers, in all formats that it imports, and where that is not what a quiz says.

Sources: in question/type/ of Moodle 4.5, numerical, shortanswer, multichoice, match and ordering.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape

from civicquiz.exchange.asked import AskedQuestion
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.losses import note_equal_lines
from civicquiz.exchange.number_bounds import bounds_of, decimal_text, note_cut_sides
from civicquiz.exchange.xml_writing import element
from civicquiz.model.interactions import (
    ChoiceKey,
    Interval,
    IntervalRule,
    NumberField,
    Option,
    Ordering,
    TextEntryKey,
)

__all__ = [
    "SHARES",
    "distinct_words",
    "number_answers",
    "number_losses",
    "order_losses",
    "several_shares",
    "short_id",
    "shown_as_it_is",
    "text_answers",
    "unit_elements",
]

#: The shares of the points that Moodle accepts in a question of its own, as percentages with as many decimals as it
#: asks for (question_bank::fraction_options_full).
SHARES = {
    Fraction(0): "0",
    **{Fraction(1, parts): f"{100 / parts:.5f}".rstrip("0").rstrip(".") for parts in (*range(1, 11), 20)},
    **{Fraction(percent, 100): str(percent) for percent in (90, 80, 75, 70, 60, 40, 30)},
    Fraction(5, 6): "83.33333",
    Fraction(2, 3): "66.66667",
}

#: The most characters of an ID number (question_bank_entries.idnumber).
_MOST_ID = 100


def number_losses(rule: IntervalRule, field: NumberField, losses: Losses) -> None:
    """Note where Moodle reads or scores a number in another way."""
    losses.approximate(
        "typing",
        "Moodle reads numbers in its own way: it may ignore words behind a number, and does not read 1/2 or 3·10⁸.",
    )
    if any(unit.offset for unit in field.units):
        names = ", ".join(unit.name for unit in field.units if unit.offset)
        losses.lost("typing", f"Moodle cannot convert from {names}.")
    note_cut_sides(rule, "Moodle", losses)


def unit_elements(field: NumberField) -> str:
    """The units that may be typed behind a number: how many of each make one of the first."""
    units = {field.unit: 1.0} if field.unit else {}
    units |= {unit.name: 1 / unit.factor for unit in field.units if not unit.offset}
    named = "".join(
        f"<unit><multiplier>{factor:.15g}</multiplier>{element('unit_name', name)}</unit>"
        for name, factor in units.items()
    )
    shown = 0 if units else 3  # typed after the number, or none
    return (
        (f"<units>{named}</units>\n" if units else "")
        + "<unitgradingtype>0</unitgradingtype><unitpenalty>0.1</unitpenalty>"
        + f"<showunits>{shown}</showunits><unitsleft>0</unitsleft>\n"
    )


def number_answers(rule: IntervalRule, feedback: Mapping[str, str]) -> list[tuple[str, Fraction, str]]:
    """(number and how far off it may be, the share of the points, feedback) of what is right, then of the known
    mistakes; ``feedback`` is by token.
    """
    right = [(_number(interval), Fraction(1), "") for interval in rule.intervals()]
    wrong = [
        (_number(interval), Fraction(0), feedback.get(f"mistake-{position}", ""))
        for position, interval in enumerate(rule.mistakes, start=1)
    ]
    return right + wrong


def _number(interval: Interval) -> str:
    bounds = bounds_of(interval)
    return f"{decimal_text(bounds.middle)}:{decimal_text(bounds.reach)}"


def text_answers(key: TextEntryKey, feedback: Mapping[str, str]) -> list[tuple[str, Fraction, str]]:
    """(text, the share of the points, feedback) of what is right, then of the known mistakes."""
    right = [(_without_wildcard(text), Fraction(credit, 100), "") for text, credit in key.accept.items()]
    wrong = [(_without_wildcard(text), Fraction(0), feedback.get(text, "")) for text in key.rule.mistakes]
    return right + wrong


def _without_wildcard(text: str) -> str:
    return text.replace("*", r"\*")


def several_shares(key: ChoiceKey, losses: Losses) -> dict[str, Fraction]:
    """The share of the points that each option earns, or costs, where any number of them can be chosen. Moodle adds
    them up, and cuts the sum off at 0 and 1.
    """
    rule = key.rule
    if not rule.all_or_nothing:
        return {option: Fraction(weight, rule.full) for option, weight in rule.weights.items()}
    if len(key.right) > 1:
        reason = "Moodle has no all-or-nothing: leaving out some of the right options still earns part of the points."
        losses.approximate("score", reason)
    share = Fraction(1, len(key.right))
    return {option: share if option in key.right else Fraction(-1) for option in rule.weights}


def order_losses(shown: Ordering, losses: Losses) -> None:
    """Note where Moodle scores an order in another way."""
    if len(shown.options) > 2:
        reason = "Moodle takes nothing off for pairs in the wrong order, so such an answer earns more: of four entries"
        losses.approximate("score", f"{reason} with one swap, 0.83 of the points and not 0.67.")
    note_equal_lines(shown, losses)


def distinct_words(asked: AskedQuestion, targets: Sequence[Option], losses: Losses) -> dict[str, str]:
    """What the right sides of a match are there: plain words, or Markdown if words alone do not tell them apart.

    Moodle takes tags out of them, and reads entities (format_string), so what looks like one is escaped.
    """
    words = asked.plain_words(targets, "Right sides", losses)
    if len({text.casefold() for text in words.values()}) < len(words):
        words = {target.id: " ".join(asked.markdown(target.text).split()) for target in targets}
    return {name: shown_as_it_is(text) for name, text in words.items()}


def shown_as_it_is(words: str) -> str:
    """Words that Moodle takes for HTML: what looks like a tag or an entity is escaped."""
    return escape(words, quote=False) if _MARKUP.search(words) else words


_MARKUP = re.compile(r"<[^\s]|&#?\w+;")


def short_id(name: str) -> str:
    """An ID number: ``name``, which is cut and gets a hash if it is too long."""
    if len(name) <= _MOST_ID:
        return name
    return f"{name[: _MOST_ID - 17]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
