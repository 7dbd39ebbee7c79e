"""How Moodle scores numbers and texts, and where that is not what a quiz says.

Sources: question/type/numerical and question/type/shortanswer of Moodle 4.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from civicquiz.authoring.normal_form import normal_form
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.xml_text import element
from civicquiz.model.interactions import IntervalRule, NumberField, TextEntryKey

__all__ = ["SHARES", "is_case_sensitive", "number_losses", "text_answers", "text_losses", "unit_elements"]

#: The shares of the points that Moodle accepts in a question of its own, as percentages with as many decimals as it
#: asks for (question_bank::fraction_options_full).
SHARES = {
    Fraction(0): "0",
    **{Fraction(1, parts): f"{100 / parts:.5f}".rstrip("0").rstrip(".") for parts in (*range(1, 11), 20)},
    **{Fraction(percent, 100): str(percent) for percent in (90, 80, 75, 70, 60, 40, 30)},
    Fraction(5, 6): "83.33333",
    Fraction(2, 3): "66.66667",
}


def number_losses(rule: IntervalRule, field: NumberField, losses: Losses) -> None:
    """Note where Moodle reads or scores a number in another way."""
    losses.approximate(
        "typing",
        "Moodle reads numbers in its own way: it may ignore words behind a number, and does not read 1/2 or 3·10⁸.",
    )
    if any(unit.offset for unit in field.units):
        names = ", ".join(unit.name for unit in field.units if unit.offset)
        losses.lost("typing", f"Moodle cannot convert from {names}.")
    for interval in rule.intervals():
        limit = bounds_of(interval).limit
        if limit is not None:
            side = "above" if limit > Fraction(interval[0]) else "below"
            reason = f"Moodle needs an end on both sides: a number {side} {decimal_text(limit)} is not right there."
            losses.approximate("score", reason)


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


def is_case_sensitive(key: TextEntryKey) -> bool:
    """Whether capital and small letters differ."""
    return "case" not in key.rule.ignore


def text_answers(key: TextEntryKey, feedback: Mapping[str, str]) -> list[tuple[str, Fraction, str]]:
    """(text, the share of the points, feedback) of what is right, then of the known mistakes."""
    right = [(_without_wildcard(text), Fraction(credit, 100), "") for text, credit in key.accept.items()]
    wrong = [(_without_wildcard(text), Fraction(0), feedback.get(text, "")) for text in key.rule.mistakes]
    return right + wrong


def _without_wildcard(text: str) -> str:
    return text.replace("*", r"\*")


def text_losses(key: TextEntryKey, losses: Losses) -> None:
    """Note where Moodle compares texts in another way: it ignores spaces at the ends, and case if asked to."""
    rule = key.rule
    if rule.typos:
        losses.approximate("score", "Moodle does not forgive typing errors.")
    for name, what in (("punctuation", "punctuation"), ("diacritics", "accents")):
        if name in rule.ignore:
            losses.approximate("score", f"Moodle does not ignore {what}.")
    if "space" not in rule.ignore:
        losses.approximate("typing", "Moodle ignores spaces at the ends.")
    if any(re.search(r"[\W_]", text) or normal_form(text) != text for text in key.accept):
        reason = (
            "Moodle compares sign by sign: two spaces in a row, or another quotation mark or dash, make a text wrong."
        )
        losses.approximate("typing", reason)
