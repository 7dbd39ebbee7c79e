"""Moodle's calculated questions: their wildcards as variables, their formulas as calculations."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.scored_answers import plain_number
from civicquiz.exchange.xml_text import XmlElement
from civicquiz.model.questions.expression import FUNCTIONS, Expression, ExpressionError

__all__ = ["NumberSet", "Wildcards", "sets_with_hidden_numbers"]

#: The most wildcards that are read, and the most characters of a formula.
_MOST_WILDCARDS = 100
_MOST_SETS = 100
_MOST_FORMULA = 1_000

#: A wildcard, and a formula in a text.
_WILDCARD = re.compile(r"\{(?!=)([^{}<>\\]{1,60})\}")
_FORMULA = re.compile(r"\{=((?:[^{}]|\{[^{}]*\})*)\}")
#: Functions of Moodle (qtype_calculated_find_formula_errors) -> ours.
_FUNCTIONS = {
    "log": "ln",
    "deg2rad": "radians",
    "rad2deg": "degrees",
    **{name: name for name in FUNCTIONS},
}


class Wildcards:
    """The wildcards of one question, and what is calculated from them in its texts.

    ``variables`` has what an author would write; it grows with each formula in a text.
    """

    def __init__(self, question: XmlElement) -> None:
        self.names: dict[str, str] = {}
        #: what is written for a name there in each of the sets
        self.written: dict[str, list[str]] = {}
        self.variables: dict[str, Any] = {}
        self._formulas: dict[str, str] = {}
        definitions = list(question.below("dataset_definition"))
        if len(definitions) > _MOST_WILDCARDS:
            raise UnreadableError(f"it has {len(definitions)} wildcards; a question of a quiz has at most 20 variables")
        for definition in definitions:
            name = definition.words("name", "text") or definition.words("name")
            entries = [
                (
                    plain_number(entry.words("number") or "0"),
                    plain_number(entry.words("value"), "the value of a wildcard"),
                    entry.words("value"),
                )
                for entry in definition.below("dataset_item")
            ]
            if not entries:
                raise UnreadableError(f"the wildcard '{excerpt(name, 40)}' has no values in the file")
            own = self._own_name(name)
            entries.sort()
            values = [value for _, value, _ in entries]
            self.written[name] = [written for *_, written in entries]
            self.names[name] = own
            self.variables[own] = {"values": list(dict.fromkeys(values))}
        self.are_independent = len(self.variables) < 2

    def _own_name(self, name: str) -> str:
        stem = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")[:30] or "x"
        stem = stem if stem[0].isalpha() else f"n_{stem}"
        if stem in FUNCTIONS or stem in ("answer", "pi", "e"):
            stem = f"{stem}_"
        own, number = stem, 2
        while own in self.variables or own in self.names.values():
            own, number = f"{stem}_{number}", number + 1
        return own

    def in_text(self, html: str) -> str:
        """A text with our names in braces; a formula in it becomes a variable that is calculated."""
        html = _FORMULA.sub(self._formula, html)
        return _WILDCARD.sub(lambda found: f"{{{self.names.get(found[1], found[1])}}}", html)

    def _formula(self, found: re.Match[str]) -> str:
        calculation = self.calculation(found[1])
        if calculation not in self._formulas:
            own = f"result_{len(self._formulas) + 1}"
            self._formulas[calculation] = own
            self.variables[own] = {"calculate": calculation, "significant": 6}
        return f"{{{self._formulas[calculation]}}}"

    @property
    def has_formulas_in_texts(self) -> bool:
        """Whether some text has a formula."""
        return bool(self._formulas)

    def calculation(self, formula: str) -> str:
        """A formula of Moodle as a calculation of ours.

        Raises:
            UnreadableError: it has a function or a wildcard that is not known.
        """
        text = " ".join(formula.split()).removeprefix("=").strip()
        if len(text) > _MOST_FORMULA:
            raise UnreadableError(f"the formula '{excerpt(text, 60)}' has {len(text):,} characters")
        for name in _WILDCARD.findall(text):
            if name not in self.names:
                raise UnreadableError(
                    f"the formula '{excerpt(text, 60)}' has a wildcard '{excerpt(name, 40)}' without values"
                )
        text = _WILDCARD.sub(lambda found: self.names[found[1]], text)
        text = re.sub(r"\bpi\s*\(\s*\)", "pi", text)
        while found := re.search(r"\bpow\s*\(", text):
            text = _without_pow(text, found)
        for name in re.findall(r"([A-Za-z_]\w*)\s*\(", text):
            if name not in _FUNCTIONS:
                raise UnreadableError(
                    f"the formula '{excerpt(formula, 60)}' has the function '{name}', which is not known here"
                )
        return re.sub(r"([A-Za-z_]\w*)(?=\s*\()", lambda found: _FUNCTIONS[found[1]], text)


class NumberSet:
    """One of the sets of numbers of a question: the values at a position, counted from 0, of all its wildcards."""

    def __init__(self, wildcards: Wildcards, position: int, count: int) -> None:
        self._wildcards = wildcards
        self._written = {name: values[position] for name, values in wildcards.written.items()}
        self.note = (
            f"It has set {position + 1} of {count} of the numbers, which belong together. There is a question for "
            "each; 'pick: 1' in a section of them gives each student one."
        )

    def in_text(self, html: str) -> str:
        """A text with the numbers of this set."""
        html = _FORMULA.sub(lambda found: f"{self.value(found[1]):.6g}", html)
        return _WILDCARD.sub(lambda found: self._written.get(found[1], found[0]), html)

    def value(self, formula: str) -> float:
        """What a formula of Moodle is for this set.

        Raises:
            UnreadableError: it cannot be calculated.
        """
        calculation = self._wildcards.calculation(formula)
        numbers = {
            self._wildcards.names[name]: Decimal(str(plain_number(written))) for name, written in self._written.items()
        }
        try:
            return float(Expression(calculation).value(numbers))
        except (ExpressionError, ArithmeticError) as error:
            raise UnreadableError(f"the formula '{excerpt(formula, 60)}' cannot be calculated: {error}") from None


def sets_with_hidden_numbers(question: XmlElement) -> list[NumberSet]:
    """The sets of numbers of a question whose answer needs a wildcard that its text does not show; otherwise none.

    The values of each set belong together: Moodle uses those with the same number. Our numbers are each drawn by
    themselves, so only a number that students can calculate from the others is the same for us.
    """
    shown = question.words("questiontext", "text")
    needed = {
        name
        for answer in question.children("answer")
        if answer.get("fraction", "0") not in ("0", "")
        for name in _WILDCARD.findall(answer.words("text"))
    }
    if all(f"{{{name}}}" in shown for name in needed):
        return []
    wildcards = Wildcards(question)
    count = min(map(len, wildcards.written.values()), default=0)
    return [NumberSet(wildcards, position, count) for position in range(min(count, _MOST_SETS))]


def _without_pow(text: str, found: re.Match[str]) -> str:
    """``pow(a, b)`` as ``(a)**(b)``."""
    depth, comma = 1, 0
    for position in range(found.end(), len(text)):
        sign = text[position]
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 1:
            comma = position
        if not depth:
            if not comma:
                break
            base, exponent = text[found.end() : comma].strip(), text[comma + 1 : position].strip()
            return f"{text[: found.start()]}({base})**({exponent}){text[position + 1 :]}"
    raise UnreadableError(f"the formula '{excerpt(text, 60)}' has a power that cannot be read")
