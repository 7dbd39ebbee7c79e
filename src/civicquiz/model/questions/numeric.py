"""``numeric``: a number within a tolerance."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Number, Tolerance
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import Interval, IntervalRule, NumberEntry, NumberEntryKey
from civicquiz.model.questions.number_parts import (
    KnownNumber,
    NumberPart,
    NumberRange,
    feedback_on,
    one_of,
    required_without,
)
from civicquiz.model.questions.question_base import KeyedGapPart, KeyedQuestion


class NumericPart(NumberPart, KeyedGapPart):
    """A number with a tolerance. Also what a gap of a cloze can be."""

    model_config = ConfigDict(json_schema_extra=one_of("tolerance", "significant", "range"))

    type: Literal["numeric"]
    answer: Number = Field(description="write the right number, for example 'answer: 14'")
    range: NumberRange | None = Field(
        None, description="instead of 'tolerance': the right numbers, like 'range: {from: 9.7, to: 9.9}'"
    )
    tolerance: Annotated[Tolerance | None, required_without("range", "significant")] = Field(
        None,
        validate_default=True,
        description="write how far off still counts as right, such as 0.5 or 2%; 'tolerance: 0' for the exact number",
    )
    accept: tuple[Number, ...] = Field(
        (), max_length=20, description="further right numbers, each within the tolerance, for example 'accept: [15]'"
    )
    mistakes: tuple[KnownNumber, ...] = Field(
        (), max_length=20, description="usual wrong numbers, each with 'number:' (or 'from:', 'to:') and 'feedback:'"
    )

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        found = AuthorProblems()
        if self.range is not None:
            for key in ("tolerance", "accept"):
                if getattr(self, key) not in (None, ()):
                    found.add(key, "cannot be combined with 'range'", "delete one or the other")
        if self.significant and self.tolerance is None and not all((self.answer, *self.accept)):
            found.add("significant", "0 has no significant figures", "write 'tolerance:' instead")
        rule = self._rule()
        if not rule.share(self.answer):
            found.add("range", f"the answer, {number_text(self.answer)}, is outside", "change one of the two")
        for position, mistake in enumerate(self.mistakes):
            low, high = self._interval(mistake)
            if mistake.number is not None and rule.share(mistake.number):
                found.add(("mistakes", position, "number"), f"{number_text(mistake.number)} is right", "delete it")
            elif any(first <= low and high <= last for first, last in map(self._interval, self.mistakes[:position])):
                found.add(("mistakes", position), "an earlier mistake includes it", "move it up, or delete one")
        found.raise_if_any()
        return self

    def _interval(self, mistake: KnownNumber) -> Interval:
        if mistake.number is None:
            return mistake.ends()
        return self.interval(Decimal(repr(mistake.number)), self.tolerance)

    def _rule(self) -> IntervalRule:
        mistakes = tuple(map(self._interval, self.mistakes))
        if self.range is not None:
            low, high = self.range.ends()
            return IntervalRule(low, high, mistakes=mistakes)
        (low, high), *also = (
            self.interval(Decimal(repr(number)), self.tolerance) for number in (self.answer, *self.accept)
        )
        return IntervalRule(low, high, tuple(also), mistakes)

    def shown(self, original: Self) -> NumberEntry:
        return NumberEntry(**self.field(original))

    def scored(self) -> NumberEntryKey:
        return NumberEntryKey(self._rule(), number_text(self.answer))

    def token_feedback(self) -> dict[str, str]:
        return feedback_on(self.mistakes)


class Numeric(NumericPart, KeyedQuestion):
    """A number; right from ``answer - tolerance`` to ``answer + tolerance``, both included, and around each further
    accepted number."""

    type: Literal["numeric"]
