"""Sets of numbers: each learner gets one of them, and reads its numbers wherever a text has their names in braces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from keyword import iskeyword
from math import prod
from random import Random

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.formulas import with_values
from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.model.interactions import rounded_to_figures
from civicquiz.model.questions.expression import (
    DECIMALS,
    FUNCTIONS,
    ComputationError,
    Expression,
    ExpressionError,
    round_half_away_from_zero,
)
from civicquiz.model.questions.variables import Variable

__all__ = ["NumberSets", "name_problems", "rounded_number", "with_names"]

#: As many characters as a learner may type into a number field.
MAX_CHARACTERS = 40

#: What a calculated variable is called where learners could look: its author may have called it "right".
_PUBLIC_NAME = "number_{number}"


def rounded_number(number: Decimal, decimals: int | None, figures: int | None) -> Decimal:
    """``number`` rounded to decimals or to significant figures, or as it is if both are None. A half is rounded away
    from zero.
    """
    if figures is not None:
        rounded = rounded_to_figures(number, figures)
        last = rounded.adjusted() - figures + 1
        with localcontext(DECIMALS):
            return rounded.quantize(Decimal(1).scaleb(last)) if rounded else Decimal(0)
    return number if decimals is None else round_half_away_from_zero(number, decimals)


def name_problems(variables: Mapping[str, Variable]) -> AuthorProblems:
    """Names that no variable can have."""
    found = AuthorProblems()
    for name in variables:
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", name):
            hint = "use at most 40 letters, digits and underscores, and start with a letter"
            found.add(("variables", name), f"'{excerpt(name)}' cannot be the name of a variable", hint)
        elif name in ("answer", *FUNCTIONS) or iskeyword(name) or re.fullmatch("number_[0-9]+", name):
            found.add(("variables", name), f"'{name}' already means something else", "choose another name")
    return found


@dataclass(frozen=True)
class NumberSets:
    """The sets of numbers that are drawn from ``variables``.

    ``wanted`` is how many sets there are, if there are so many; another ``seed`` gives others.
    """

    variables: Mapping[str, Variable]
    wanted: int
    seed: int

    @cached_property
    def _drawn(self) -> list[dict[str, Decimal]]:
        """Different sets of the numbers that are not calculated.

        They depend only on the variables and the seed: of all its random methods, Python guarantees only that
        ``Random.random`` gives the same numbers for the same seed in all versions.
        """
        random = Random(self.seed)
        listed = {name: variable for name, variable in self.variables.items() if variable.calculate is None}
        counts = [variable.count() for variable in listed.values()]
        drawn: dict[tuple[int, ...], None] = {}
        while len(drawn) < min(self.wanted, prod(counts)):
            drawn[tuple(int(random.random() * count) for count in counts)] = None
        return [
            {
                name: variable.value(position)
                for (name, variable), position in zip(listed.items(), positions, strict=True)
            }
            for positions in drawn
        ]

    @cached_property
    def sets(self) -> tuple[Mapping[str, Decimal], ...]:
        """The sets, each with all numbers by their names.

        Raises:
            ExpressionError: a number cannot be calculated; the message says which.
        """
        expressions: dict[str, Expression] = {}
        known = {name for name, variable in self.variables.items() if variable.calculate is None}
        for name, variable in self.variables.items():
            if variable.calculate is not None:
                expressions[name] = Expression(variable.calculate)
                for used in expressions[name].names & (self.variables.keys() - known):
                    message = f"'{used}' is not calculated yet where '{name}' needs it"
                    raise ExpressionError(message, f"write '{used}' above '{name}'")
                known.add(name)
        sets = []
        for drawn in self._drawn:
            numbers = dict(drawn)
            for name, expression in expressions.items():
                variable = self.variables[name]
                try:
                    value = expression.value(numbers)
                except ComputationError as error:
                    raise ComputationError(f"there is no '{name}' for {_listed(drawn)}: {error}") from None
                numbers[name] = rounded_number(value, variable.decimals, variable.significant)
            sets.append({name: numbers[name] for name in self.variables})
        return tuple(sets)

    def uses(self, names: Iterable[str]) -> frozenset[str]:
        """``names`` of variables, and of all that they are calculated from."""
        found: set[str] = set()
        waiting = [name for name in names if name in self.variables]
        while waiting:
            name = waiting.pop()
            found.add(name)
            calculation = self.variables[name].calculate
            if calculation is not None:
                waiting += (Expression(calculation).names & self.variables.keys()) - found
        return frozenset(found)

    def text(self, number: Decimal, names: Iterable[str], figures: int | None = None) -> str:
        """``number``, which was calculated from the variables ``names``, as learners get it.

        It is in powers of ten if it is very large or very small, and sooner among numbers that their author wrote so.
        With ``figures``, it keeps the zeros at its end, which say how exact it is.
        """
        in_powers = any(self.variables[name].in_powers_of_ten() for name in self.uses(names))
        smallest, largest = (Decimal("1e-3"), Decimal("1e5")) if in_powers else (Decimal("1e-6"), Decimal("1e21"))
        if number and not smallest <= abs(number) < largest:
            return _in_powers_of_ten(number if figures else number.normalize())
        return f"{number:f}" if figures and "." in f"{number:f}" else number_text(number)

    def _text_of(self, name: str, number: Decimal) -> str:
        """``number``, which is that of a variable, as learners get it."""
        variable = self.variables[name]
        if variable.calculate is None and not variable.in_powers_of_ten():
            return number_text(number)
        return self.text(number, [name], variable.significant)

    @cached_property
    def texts(self) -> tuple[Mapping[str, str], ...]:
        """The sets as learners get them: name -> number as text."""
        return tuple({name: self._text_of(name, number) for name, number in numbers.items()} for numbers in self.sets)

    @cached_property
    def public_names(self) -> Mapping[str, str]:
        """The name of each variable -> what it is called in everything that learners get."""
        calculated = [name for name, variable in self.variables.items() if variable.calculate is not None]
        public = {name: _PUBLIC_NAME.format(number=number) for number, name in enumerate(calculated, start=1)}
        return {name: public.get(name, name) for name in self.variables}

    def problems(self) -> AuthorProblems:
        """What is wrong with the variables, apart from their names."""
        found = AuthorProblems()
        if all(variable.calculate is not None for variable in self.variables.values()):
            found.add("variables", "all of them are calculated", "write numbers for at least one")
            return found
        try:
            texts = self.texts
        except ExpressionError as error:
            found.add("variables", str(error), error.hint)
            return found
        for name, variable in self.variables.items():
            longest = max((numbers[name] for numbers in texts), key=len)
            if variable.calculate is not None and len(longest) > MAX_CHARACTERS:
                message = f"has more than {MAX_CHARACTERS} digits ({excerpt(longest, 20)})"
                found.add(("variables", name), message, "write 'significant: 3', or 'decimals: 2', for example")
        return found


def _listed(numbers: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{name}={number_text(number)}" for name, number in numbers.items())


def _in_powers_of_ten(number: Decimal) -> str:
    """``1.67e-27``."""
    return f"{number:e}".replace("e+", "e")


def with_names(text: str, names: Mapping[str, str]) -> str:
    """``text`` with other names in braces: ``{right} N`` becomes ``{number_1} N``."""
    return with_values(text, {name: f"{{{other}}}" for name, other in names.items() if name != other})
