"""The numbers of a calculated question: the values that a variable can have, and the sets that are drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from math import prod
from random import Random
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model, model_validator

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import Model, Number
from civicquiz.authoring.wording import number_text
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.questions.expression import DECIMALS

__all__ = ["Variable", "draw"]

MAX_VALUES = 100_000

#: As many characters as a learner may type into a number field.
MAX_CHARACTERS = 40


def _decimal(number: float) -> Decimal:
    """The number that its author wrote: 0.1, not the nearest binary fraction."""
    return Decimal(repr(number))


def _written_out(number: float) -> str:
    return number_text(_decimal(number))


class _Variable(Model):
    """The values that a variable can have: a list, or steps from one number to another."""

    to: Number | None = Field(None, description="write the largest number, for example 'to: 60'")
    step: Number = Field(1.0, gt=0, description="write how far apart the numbers are; 1 if left out")
    values: tuple[Number, ...] | None = Field(
        None, min_length=1, max_length=MAX_VALUES, description="write the numbers, for example 'values: [20, 40]'"
    )

    @model_validator(mode="after")
    def _one_way_to_list_them(self) -> _Variable:
        self._problems().raise_if_any()
        if self.count() > MAX_VALUES:
            raise author_error(
                f"there must be at most {MAX_VALUES:,} numbers (got {self.count():,})", "write a larger 'step'"
            )
        return self

    def _problems(self) -> AuthorProblems:
        found = AuthorProblems()
        ends: dict[str, Any] = {"from": getattr(self, "from"), "to": self.to}
        missing = [key for key, number in ends.items() if number is None]
        if self.values is not None:
            if len(missing) < 2 or "step" in self.model_fields_set:
                found.add(
                    "values", "'values' cannot be combined with 'from', 'to' or 'step'", "delete one or the other"
                )
        elif len(missing) == 2:
            found.add((), "there are no numbers", "write 'from: 20' and 'to: 60', or 'values: [20, 40]'")
        elif missing:
            found.add((), f"'{missing[0]}' is missing", "write both 'from' and 'to'")
        elif ends["from"] > ends["to"]:
            found.add("from", f"'from' must not be above 'to' ({_written_out(ends['to'])})", "swap the two")
        listed: list[tuple[YamlPath, float]] = [
            (("values", position), number) for position, number in enumerate(self.values or ())
        ]
        seen: set[float] = set()
        for path, number in listed:
            if number in seen:
                found.add(path, f"{_written_out(number)} appears twice", "delete one of the two")
            seen.add(number)
        single: list[tuple[YamlPath, float]] = [
            ((key,), number) for key, number in [*ends.items(), ("step", self.step)] if number is not None
        ]
        for path, number in [*single, *listed]:
            if len(_written_out(number)) > MAX_CHARACTERS:
                message = f"a number must have at most {MAX_CHARACTERS} characters when it is written out"
                found.add(path, f"{message} (got {number:g})", "write a rounder number")
        return found

    def count(self) -> int:
        """How many values there are."""
        if self.values is not None:
            return len(self.values)
        start, end, step = (Fraction(repr(number)) for number in (getattr(self, "from"), self.to, self.step))
        return int((end - start) // step) + 1

    def value(self, position: int) -> Decimal:
        """The value at ``position``, from 0 to ``count() - 1``."""
        if self.values is not None:
            return _decimal(self.values[position])
        with localcontext(DECIMALS):
            return _decimal(getattr(self, "from")) + position * _decimal(self.step)


if TYPE_CHECKING:
    Variable = _Variable
else:
    # A class body cannot define this field, because 'from' is a keyword in Python.
    Variable = create_model(
        "Variable",
        __base__=_Variable,
        __module__=__name__,
        __doc__=_Variable.__doc__,
        **{"from": (Number | None, Field(None, description="write the smallest number, for example 'from: 20'"))},
    )


def draw(variables: Mapping[str, Variable], wanted: int, seed: int) -> list[dict[str, Decimal]]:
    """``wanted`` different sets of numbers, or all possible sets if there are fewer.

    They depend only on ``variables`` and ``seed``: of all its random methods, Python guarantees only that
    ``Random.random`` gives the same numbers for the same seed in all versions.
    """
    random = Random(seed)
    counts = [variable.count() for variable in variables.values()]
    drawn: dict[tuple[int, ...], None] = {}
    while len(drawn) < min(wanted, prod(counts)):
        drawn[tuple(int(random.random() * count) for count in counts)] = None
    return [
        {
            name: variable.value(position)
            for (name, variable), position in zip(variables.items(), positions, strict=True)
        }
        for positions in drawn
    ]
