"""What questions and gaps whose answer is a number have in common: units, how exact it must be, known mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, Self

from pydantic import BeforeValidator, Field, ValidationInfo, create_model, field_validator, model_validator
from pydantic_core import PydanticCustomError

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.units import UnitError, conversion
from civicquiz.authoring.validation import MarkdownText, Model, Number, Words
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import Interval, SignificantFigures, Unit, interval_around, interval_between
from civicquiz.model.questions.variables import Figures

__all__ = ["KnownNumber", "NumberPart", "NumberRange", "feedback_on", "one_of", "required_without"]


class _UpTo(Model):
    to: Number | None = Field(None, description="the largest number, for example 'to: 9.9'")


if TYPE_CHECKING:
    _Ends = _UpTo
else:
    # A class body cannot define this field, because 'from' is a keyword in Python.
    _from = {"from": (Number | None, Field(None, description="the smallest number, for example 'from: 9.7'"))}
    _Ends = create_model("_Ends", __base__=_UpTo, __module__=__name__, **_from)


class _Span(_Ends):
    """Numbers from one to another; without one of them, there is no limit on that side."""

    def has_ends(self) -> bool:
        """Whether there is a limit on any side."""
        return getattr(self, "from") is not None or self.to is not None

    def ends(self) -> Interval:
        """The smallest and the largest number, both included."""
        return interval_between(getattr(self, "from"), self.to)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        low, high = self.ends()
        if low > high:
            raise author_error(f"'from' must not be above 'to' ({number_text(high)})", "swap the two", at="from")
        return self


class NumberRange(_Span):
    """Numbers from one to another, both included; without one of them, there is no limit on that side."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if not self.has_ends():
            raise author_error("there are no numbers", "write 'from: 9.7', 'to: 9.9', or both")
        return self


class KnownNumber(_Span):
    """A wrong number, or wrong numbers from one to another, and what to say about them."""

    number: Number | None = Field(
        None, description="write what students calculate by mistake, for example 'number: 28'"
    )
    feedback: MarkdownText = Field(description="write why it is tempting and why it is wrong")

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.number is None) == (not self.has_ends()):
            raise author_error("which number is it?", "write 'number: 28', or 'from: 20' and 'to: 30'")
        return self


class _Mistake(Protocol):
    @property
    def feedback(self) -> str: ...


def feedback_on(mistakes: Iterable[_Mistake]) -> dict[str, str]:
    """Token of a number that is one of the ``mistakes`` -> its feedback, as Markdown."""
    return {f"mistake-{number}": mistake.feedback for number, mistake in enumerate(mistakes, start=1)}


def required_without(*others: str) -> BeforeValidator:
    """Annotation of a field whose default is None or empty: it is missing unless one of the ``others`` is there.

    A field is validated before an object, so that this is reported together with all other mistakes. The ``others``
    are fields before it.
    """

    def check(value: Any, info: ValidationInfo) -> Any:
        if value in (None, ()) and not any(info.data.get(other) is not None for other in others):
            raise PydanticCustomError("missing", "is missing")
        return value

    return BeforeValidator(check)


def one_of(*names: str) -> dict[str, Any]:
    """What the JSON Schema says of fields of which at least one is needed."""
    return {"anyOf": [{"required": [name]} for name in names]}


class NumberPart(Model):
    """The keys about the number that learners type."""

    significant: Figures | None = Field(
        None,
        description="how many significant figures must be right, and without 'tolerance', how exact; students see it",
    )
    unit: Words | None = Field(None, description="shown after the field, for example 'unit: years'")
    units: tuple[Words, ...] = Field(
        (), max_length=20, description="other units that may be typed, which are converted, like 'units: [km/h]'"
    )

    # Of the field and not of the whole: whatever needs the whole question may convert numbers.
    @field_validator("units")
    @classmethod
    def _can_be_converted(cls, units: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "unit" not in info.data:
            return units  # it is no unit, which is said
        found = AuthorProblems()
        into = info.data["unit"]
        if units and not into:
            found.add((), "there is no unit to convert them into", "write 'unit: m/s', for example")
        for position, unit in enumerate(units if into else ()):
            try:
                conversion(unit, into)
            except UnitError as error:
                found.add((position,), str(error), error.hint)
        found.raise_if_any()
        return units

    def interval(self, number: Decimal, tolerance: float | None) -> Interval:
        """The numbers that are right if ``number``, which is not rounded, is.

        Without a ``tolerance``, all that are the same in significant figures, in the unit of the question or in another
        one that may be typed: half a unit of the last figure is not the same in all of them.
        """
        if tolerance is not None or not self.significant:
            return interval_around(number, tolerance or 0.0)
        figures = SignificantFigures(self.significant)
        low, high = interval_around(number, figures)
        for unit in self.units:
            factor, offset = (Decimal(repr(value)) for value in conversion(unit, self.unit or ""))
            ends = interval_around((number - offset) / factor, figures)
            converted = [float(Decimal(repr(end)) * factor + offset) for end in ends]
            low, high = min(low, *converted), max(high, *converted)
        return low, high

    def field(self, original: NumberPart) -> dict[str, Any]:
        """What the field of this part has, with its texts and everything else from ``original``."""
        units = tuple(Unit(unit, *conversion(unit, original.unit or "")) for unit in original.units)
        return {"unit": self.unit or "", "units": units, "significant": original.significant or 0}
