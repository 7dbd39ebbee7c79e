"""Released questions whose responses are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, Union

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import Id, MarkdownText, Model, Number, Words
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    ExtendedText,
    Gap,
    GapInteraction,
    InlineGaps,
    NumberEntry,
    TextEntry,
    Unit,
)
from civicquiz.model.questions.passage import bracketed, passage_problems, split
from civicquiz.model.questions.question_base import GapPart
from civicquiz.model.released.choices import ChoicePart, ReleasedChoice
from civicquiz.model.released.ids import gap_names
from civicquiz.model.released.released_base import AS_RELEASED, ReleasedBase, written

__all__ = [
    "ReleasedComputedNumber",
    "ReleasedExtendedText",
    "ReleasedInlineGaps",
    "ReleasedNumberEntry",
    "ReleasedTextEntry",
]


class TextPart(GapPart):
    """A line of text. Also what a gap can be."""

    type: Literal["text"]

    def shown(self, original: Self) -> TextEntry:
        return TextEntry()


class ReleasedUnit(Model):
    """A unit that may be typed besides the one after the field."""

    unit: Words = Field(description=AS_RELEASED)
    factor: Number = Field(description=AS_RELEASED)
    offset: Number = Field(0, description=AS_RELEASED)


class NumberField(Model):
    """What every field for a number has."""

    unit: Words | None = Field(None, description=AS_RELEASED)
    units: tuple[ReleasedUnit, ...] = Field((), description=AS_RELEASED)
    significant: StrictInt = Field(0, ge=0, le=15, description=AS_RELEASED)

    def field(self, original: NumberField) -> dict[str, Any]:
        """What the field has, with the texts of this one and everything else from ``original``."""
        units = tuple(Unit(unit.unit, unit.factor, unit.offset) for unit in original.units)
        return {"unit": self.unit or "", "units": units, "significant": original.significant}


class NumberPart(NumberField, GapPart):
    """A number. Also what a gap can be."""

    type: Literal["number"]

    def shown(self, original: Self) -> NumberEntry:
        return NumberEntry(**self.field(original))


class ComputedPart(NumberField, GapPart):
    """A number to compute; the sets of numbers are those of the question. Also what a gap can be."""

    type: Literal["calculated"]
    decimals: StrictInt | None = Field(None, ge=0, le=6, description=AS_RELEASED)

    def shown(self, original: Self) -> ComputedNumber:
        return ComputedNumber(**self.field(original), decimals=original.decimals)


class ReleasedTextEntry(TextPart, ReleasedBase):
    """A line of text."""

    type: Literal["text"]

    @classmethod
    def content_of(cls, _: TextEntry) -> dict[str, Any]:
        return {}


class ReleasedNumberEntry(NumberPart, ReleasedBase):
    """A number."""

    type: Literal["number"]

    @classmethod
    def content_of(cls, interaction: NumberEntry) -> dict[str, Any]:
        return interaction.field_to_json()


class ReleasedComputedNumber(ComputedPart, ReleasedBase):
    """A number to compute; ``variants`` are the sets of numbers that were drawn."""

    type: Literal["calculated"]

    @model_validator(mode="after")
    def _has_numbers(self) -> Self:
        if not self.variants:
            raise author_error("must have at least 1 entry", AS_RELEASED, at="variants")
        return self

    @classmethod
    def content_of(cls, interaction: ComputedNumber) -> dict[str, Any]:
        decimals = {} if interaction.decimals is None else {"decimals": interaction.decimals}
        return {**decimals, **interaction.field_to_json()}


_Gap = Annotated[Union[ChoicePart, TextPart, NumberPart, ComputedPart], Field(discriminator="type")]  # noqa: UP007


class ReleasedInlineGaps(ReleasedBase):
    """A running text with gaps."""

    type: Literal["gaps"]
    passage: MarkdownText = Field(description=AS_RELEASED)
    gaps: dict[Id, _Gap] = Field(description=AS_RELEASED)

    @model_validator(mode="after")
    def _each_gap_once(self) -> Self:
        if sorted(bracketed(self.passage, self.gaps)) != sorted(self.gaps) or passage_problems(self.passage, self.gaps):
            raise author_error("must be the gaps of the passage", AS_RELEASED, at="gaps")
        if not self.variants and any(isinstance(gap, ComputedPart) for gap in self.gaps.values()):
            raise author_error("must have at least 1 entry", AS_RELEASED, at="variants")
        return self

    @classmethod
    def content_of(cls, interaction: InlineGaps) -> dict[str, Any]:
        names = gap_names(interaction.gaps)
        gaps = {}
        for name, gap in interaction.gaps.items():
            gaps[names[name]] = {"type": gap.name, **_content_of_gap(gap)}
        passage = (Gap(names[part.id]) if isinstance(part, Gap) else part for part in interaction.passage)
        return {"passage": written(passage), "gaps": gaps}

    def shown(self, original: Self) -> InlineGaps:
        parts: Mapping[str, GapPart] = self.gaps
        originals: Mapping[str, GapPart] = original.gaps
        gaps = {name: parts[name].shown(originals[name]) for name in bracketed(original.passage, originals)}
        return InlineGaps(split(self.passage, Gap, gaps), gaps)

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.passage, self.gaps)
        originals, translations = (sorted(bracketed(text, self.gaps)) for text in (self.passage, other.passage))
        if not found and originals != translations:
            found.add((), "the gaps must be those of the original", AS_RELEASED)
        return found.below("passage")


class ReleasedExtendedText(ReleasedBase):
    """A text that a person reads."""

    type: Literal["extended"]
    min_words: StrictInt = Field(0, ge=0, description=AS_RELEASED)
    max_words: StrictInt = Field(0, ge=0, description=AS_RELEASED)

    @classmethod
    def content_of(cls, interaction: ExtendedText) -> dict[str, Any]:
        words = {"min_words": interaction.min_words, "max_words": interaction.max_words}
        return {name: number for name, number in words.items() if number}

    def shown(self, original: Self) -> ExtendedText:
        return ExtendedText(original.min_words, original.max_words)


def _content_of_gap(gap: GapInteraction) -> dict[str, Any]:
    """The content of a gap in a copy, besides its type."""
    if isinstance(gap, Choice):
        return ReleasedChoice.content_of(gap)
    if isinstance(gap, ComputedNumber):
        return ReleasedComputedNumber.content_of(gap)
    return ReleasedNumberEntry.content_of(gap) if isinstance(gap, NumberEntry) else {}
