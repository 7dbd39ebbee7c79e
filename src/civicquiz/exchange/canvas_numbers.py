"""Numbers as Canvas has them: ranges, and questions with sets of numbers, whose answers it does not compute again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from civicquiz.exchange.asked import AskedQuestion
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.number_bounds import Bounds, bounds_of, decimal_text, ends_of
from civicquiz.exchange.qti12_writing import WrittenItem, condition, equal, share_condition, typed_field
from civicquiz.exchange.xml_writing import xml_text
from civicquiz.model.interactions import ComputedNumber, ComputedNumberKey
from civicquiz.model.interactions.rules import IntervalRule
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.calculated import Calculated

__all__ = ["calculated_item", "is_uniform", "number_conditions"]


def number_conditions(rule: IntervalRule, right: str) -> Iterator[str]:
    """The conditions for a number: a number and how far off it may be, or where that would not be exact, a range."""
    for interval in rule.intervals():
        bounds = bounds_of(interval)
        low, high = map(decimal_text, ends_of(bounds))
        ends = f'<vargte respident="response1">{low}</vargte><varlte respident="response1">{high}</varlte>'
        middle = decimal_text(bounds.middle)
        if _is_told_by_middle(bounds, right):
            yield share_condition(f"<or>{equal(middle)}<and>{ends}</and></or>")
        else:
            yield share_condition(ends)


def _is_told_by_middle(bounds: Bounds, right: str) -> bool:
    """Whether the right number is in the middle, and both importers, of which one subtracts in floats, find the same
    reach."""
    low, _ = ends_of(bounds)
    if bounds.limit is not None or Decimal(right) != bounds.middle:
        return False
    if not bounds.reach:
        return True
    subtracted = float(decimal_text(bounds.middle)) - float(decimal_text(low))
    return Decimal(repr(subtracted)) == bounds.reach


# ---- Sets of numbers ----


def _tolerance(key: ComputedNumberKey, sets: Sequence[Mapping[str, str]]) -> str:
    """How far off an answer may be: a number, or a percentage; "" if that is not the same for all sets."""
    bounds = [bounds_of(key.rule.answers[key.variant(values)]) for values in sets]
    reaches = {one.reach for one in bounds}
    if len(reaches) == 1:
        return f"{reaches.pop().normalize():f}"
    shares = {one.reach / abs(one.middle) * 100 if one.middle else None for one in bounds}
    share = shares.pop()
    return "" if shares or share is None or share != round(share, 9) else f"{share.normalize():f}%"


def is_uniform(question: KeyedQuestion) -> bool:
    """Whether the answers to all sets of numbers of a question may be off in the same way, as Canvas wants it."""
    key = question.key()
    return isinstance(key, ComputedNumberKey) and bool(_tolerance(key, question.number_sets()))


#: A name that stays in braces in HTML, for Canvas to put the number there.
_NAMED = re.compile(r"\{([^\W\d]\w*)\}")


def calculated_item(
    asked: AskedQuestion, key: ComputedNumberKey, shown: ComputedNumber, text: str, losses: Losses
) -> WrittenItem:
    """A question with its sets of numbers. ``text`` is HTML with their names in braces."""
    source = asked.source
    assert isinstance(source, Calculated)
    sets = source.number_sets()
    names = _free_names(sets[0], text)
    html = _in_brackets(text, names)
    used = [name for name in sets[0] if f"[{names[name]}]" in html or name in key.rule.variables]
    if any(asked.numbers.write(values[name]) != _plain(values[name]) for values in sets for name in used):
        losses.approximate("numbers", "Canvas writes the numbers with a decimal point and without zeros at the end.")
    if any(f"{{{name}}}" in asked.explained() for name in sets[0]):
        losses.approximate("explanation", "It has the names of the numbers, not each student's own.")
    answers = [bounds_of(key.rule.answers[key.variant(values)]).middle for values in sets]
    public = source.numbers.public_names if source.numbers else {}
    formula = _formula(source.answer, {name: names.get(called, name) for name, called in public.items()})
    variables = "".join(_variable(names[name], [Decimal(values[name]) for values in sets]) for name in used)
    var_sets = "".join(
        f'<var_set ident="{number}">'
        + "".join(f'<var name="{names[name]}">{_plain(values[name])}</var>' for name in used)
        + f"<answer>{decimal_text(answer)}</answer></var_set>"
        for number, (values, answer) in enumerate(zip(sets, answers, strict=True), start=1001)
    )
    decimals = shown.decimals if shown.decimals is not None else min(max(map(_decimals, answers)), 16)
    extension = (
        f"<itemproc_extension><calculated><answer_tolerance>{_tolerance(key, sets)}</answer_tolerance>"
        f'<formulas decimal_places="{decimals}"><formula>{xml_text(formula)}</formula></formulas>'
        f"<vars>{variables}</vars><var_sets>{var_sets}</var_sets></calculated></itemproc_extension>\n"
    )
    scoring = share_condition("<other/>") + condition(
        "<not><other/></not>", '<setvar action="Set" varname="SCORE">0</setvar>'
    )
    numbers = range(1001, 1001 + len(sets))
    return WrittenItem(
        "calculated_question", html, typed_field(is_number=True), scoring, (), numbers, extension=extension
    )


def _in_brackets(html: str, names: Mapping[str, str]) -> str:
    """HTML with the names of numbers as Canvas wants them, in brackets."""
    return _NAMED.sub(lambda found: f"[{names[found[1]]}]" if found[1] in names else found[0], html)


def _free_names(names: Mapping[str, str], text: str) -> dict[str, str]:
    """Our name of a number -> the name there: letters and digits, no function, and in no brackets in the text."""
    free: dict[str, str] = {}
    for number, name in enumerate(names):
        called = name if re.fullmatch("[A-Za-z]+[0-9]*", name) and name not in _TAKEN else f"v{number}"
        while f"[{called}]" in text or called in free.values():
            called += "x"
        free[name] = called
    return free


#: What names mean in a formula of Canvas.
_TAKEN = frozenset(
    re.findall(
        r"\w+",
        "abs acos asin atan at avg ceil comb cos count degrees e exp fact first floor if in ln log max mean min median "
        "perm pi pow product rad range reverse round sec sin sort sqrt std sum tan to trunc",
    )
)


def _formula(text: str, names: Mapping[str, str]) -> str:
    """A calculation of ours as a formula of Canvas."""
    text = re.sub(r"[^\W\d]\w*", lambda found: names.get(found[0], found[0]), text)
    return " ".join(re.sub(r"\blog10\(", "log(", text.replace("**", "^")).split())


def _variable(name: str, values: Sequence[Decimal]) -> str:
    scale = min(max(map(_decimals, values)), 10)
    low, high = decimal_text(min(values)), decimal_text(max(values))
    return f'<var name="{name}" scale="{scale}"><min>{low}</min><max>{high}</max></var>'


def _decimals(number: Decimal) -> int:
    return max(-int(number.normalize().as_tuple().exponent), 0)


def _plain(number: str) -> str:
    return decimal_text(Decimal(number))
