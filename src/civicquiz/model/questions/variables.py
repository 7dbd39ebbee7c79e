"""Numbers that differ from learner to learner: the values that a variable can have."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictInt,
    WrapValidator,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import Line, Model, Number
from civicquiz.authoring.wording import number_text
from civicquiz.authoring.yaml_source import WrittenFloat, YamlPath
from civicquiz.model.questions.expression import DECIMALS

__all__ = ["Decimals", "Figures", "Variable", "decimal"]

MAX_VALUES = 100_000


#: How many decimals, and how many significant figures, a number may be rounded to.
Decimals = Annotated[StrictInt, Field(ge=0, le=6)]
Figures = Annotated[StrictInt, Field(ge=1, le=15)]


class _PowerOfTen(float):
    """A number that its author wrote with an exponent, and that learners get so, too: ``1.67e-27``."""


def _power_of_ten(value: Any, handler: Any) -> Any:
    number = handler(value)
    written = value.written if isinstance(value, WrittenFloat) else repr(value)
    return _PowerOfTen(number) if isinstance(value, float) and "e" in written.lower() else number


_Number = Annotated[Number, WrapValidator(_power_of_ten)]


def decimal(number: float) -> Decimal:
    """The number that its author wrote: 0.1, not the nearest binary fraction."""
    return Decimal(float.__repr__(number))


def _written_out(number: float) -> str:
    return f"{decimal(number):e}" if isinstance(number, _PowerOfTen) else number_text(decimal(number))


class _Variable(Model):
    """The values that a variable can have: a list, or steps from one number to another; or how it is calculated."""

    to: _Number | None = Field(None, description="write the largest number, for example 'to: 60'")
    step: _Number = Field(1.0, gt=0, description="write how far apart the numbers are; 1 if left out")
    values: tuple[_Number, ...] | None = Field(
        None, min_length=1, max_length=MAX_VALUES, description="write the numbers, for example 'values: [20, 40]'"
    )
    calculate: Line | None = Field(
        None, description="instead of numbers: how it is calculated from the variables above it, like 'm * a'"
    )
    decimals: Decimals | None = Field(None, description="how many decimals a calculated number is rounded to")
    significant: Figures | None = Field(
        None, description="instead of 'decimals': how many significant figures a calculated number is rounded to"
    )

    @model_validator(mode="after")
    def _one_way_to_list_them(self) -> _Variable:
        self._problems().raise_if_any()
        if self.calculate is None and self.count() > MAX_VALUES:
            raise author_error(
                f"there must be at most {MAX_VALUES:,} numbers (got {self.count():,})", "write a larger 'step'"
            )
        return self

    def _ends(self) -> dict[str, float | None]:
        return {"from": getattr(self, "from"), "to": self.to}

    def _problems(self) -> AuthorProblems:
        rounding = [key for key in ("decimals", "significant") if getattr(self, key) is not None]
        found = AuthorProblems()
        if self.calculate is not None:
            for key in sorted(self.model_fields_set & {"from", "to", "step", "values"}):
                found.add(key, f"'{key}' cannot be combined with 'calculate'", "delete one or the other")
            if len(rounding) == 2:
                found.add("significant", "cannot be combined with 'decimals'", "delete one or the other")
            return found
        for key in rounding:
            found.add(key, f"'{key}' is only for a number that is calculated", "delete it")
        found.extend(self._problems_of_list())
        listed: list[tuple[YamlPath, float]] = [
            (("values", position), number) for position, number in enumerate(self.values or ())
        ]
        seen: set[float] = set()
        for path, number in listed:
            if number in seen:
                found.add(path, f"{_written_out(number)} appears twice", "delete one of the two")
            seen.add(number)
        return found

    def _problems_of_list(self) -> AuthorProblems:
        found = AuthorProblems()
        start, end = self._ends().values()
        missing = [key for key, number in self._ends().items() if number is None]
        if self.values is not None:
            if len(missing) < 2 or "step" in self.model_fields_set:
                found.add(
                    "values", "'values' cannot be combined with 'from', 'to' or 'step'", "delete one or the other"
                )
        elif len(missing) == 2:
            hint = "write 'from: 20' and 'to: 60', or 'values: [20, 40]', or 'calculate: m * a'"
            found.add((), "there are no numbers", hint)
        elif missing:
            found.add((), f"'{missing[0]}' is missing", "write both 'from' and 'to'")
        elif start is not None and end is not None and start > end:
            found.add("from", f"'from' must not be above 'to' ({_written_out(end)})", "swap the two")
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
            return decimal(self.values[position])
        with localcontext(DECIMALS):
            return decimal(getattr(self, "from")) + position * decimal(self.step)

    def in_powers_of_ten(self) -> bool:
        """Whether its author wrote any of the numbers with an exponent."""
        written = [getattr(self, "from"), self.to, self.step, *(self.values or ())]
        return any(isinstance(number, _PowerOfTen) for number in written)


class _OnlyCalculation:
    """Annotation: a calculation alone is as good as a mapping with it, also in the JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_variable, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"type": "string", "minLength": 1}]}


def _variable(value: Any) -> Any:
    return {"calculate": value} if isinstance(value, str) else value


if TYPE_CHECKING:
    Variable = _Variable
else:
    # A class body cannot define this field, because 'from' is a keyword in Python.
    _WithFrom = create_model(
        "Variable",
        __base__=_Variable,
        __module__=__name__,
        __doc__=_Variable.__doc__,
        **{"from": (_Number | None, Field(None, description="write the smallest number, for example 'from: 20'"))},
    )
    _WithFrom.__qualname__ = "_WithFrom"  # by which another process finds it
    Variable = Annotated[_WithFrom, _OnlyCalculation()]
