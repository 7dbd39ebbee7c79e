"""``numeric``: a number within a tolerance."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from civicquiz.authoring.validation import Number, Tolerance, Words
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import IntervalRule, NumberEntry, NumberEntryKey
from civicquiz.model.questions.question_base import KeyedGapPart, KeyedQuestion


class NumericPart(KeyedGapPart):
    """A number with a tolerance. Also what a gap of a cloze can be."""

    type: Literal["numeric"]
    answer: Number = Field(description="write the right number, for example 'answer: 14'")
    tolerance: Tolerance = Field(
        description="write how far off is still right, in the same unit or as 2%; 'tolerance: 0' for the exact number"
    )
    accept: tuple[Number, ...] = Field(
        (), max_length=20, description="further right numbers, each within the tolerance, for example 'accept: [15]'"
    )
    unit: Words | None = Field(None, description="shown after the field, for example 'unit: years'")

    def shown(self, original: Self) -> NumberEntry:
        return NumberEntry(self.unit or "")

    def scored(self) -> NumberEntryKey:
        rule = IntervalRule.around(self.answer, self.tolerance, self.accept)
        return NumberEntryKey(rule, number_text(self.answer))


class Numeric(NumericPart, KeyedQuestion):
    """A number; right from ``answer - tolerance`` to ``answer + tolerance``, both included, and around each further
    accepted number."""

    type: Literal["numeric"]
