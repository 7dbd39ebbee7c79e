"""Released questions whose responses are typed."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, Union

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import Id, Line, MarkdownText, Model, Words
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    ExtendedText,
    InlineGaps,
    IntervalRule,
    NumberEntry,
    TextEntry,
    TextRule,
    VariantsRule,
)
from civicquiz.model.questions.passage import marked, passage_problems, split
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


class TextPart(Model):
    """A line of text. Also what a gap can be."""

    type: Literal["text"]

    def entry(self) -> TextEntry:
        return TextEntry(TextRule({}), "")


class NumberPart(Model):
    """A number. Also what a gap can be."""

    type: Literal["number"]
    unit: Words | None = Field(None, description=AS_RELEASED)

    def entry(self) -> NumberEntry:
        return NumberEntry(IntervalRule(0, 0), "", self.unit or "")


class ReleasedTextEntry(TextPart, ReleasedBase):
    """A line of text."""

    type: Literal["text"]

    @classmethod
    def parts(cls, interaction: TextEntry) -> dict[str, Any]:
        return {}

    def interaction(self) -> TextEntry:
        return self.entry()


class ReleasedNumberEntry(NumberPart, ReleasedBase):
    """A number."""

    type: Literal["number"]

    @classmethod
    def parts(cls, interaction: NumberEntry) -> dict[str, Any]:
        return {"unit": interaction.unit} if interaction.unit else {}

    def interaction(self) -> NumberEntry:
        return self.entry()


class ReleasedComputedNumber(ReleasedBase):
    """A number to compute; ``variants`` are the sets of numbers that were drawn."""

    type: Literal["calculated"]
    variants: tuple[dict[str, Line], ...] = Field(min_length=1, max_length=50, description=AS_RELEASED)
    decimals: StrictInt = Field(ge=0, le=6, description=AS_RELEASED)
    unit: Words | None = Field(None, description=AS_RELEASED)

    @model_validator(mode="after")
    def _same_names(self) -> Self:
        if any(not variant or variant.keys() != self.variants[0].keys() for variant in self.variants):
            raise author_error("the names are not the same in all of them", AS_RELEASED, at="variants")
        return self

    @classmethod
    def parts(cls, interaction: ComputedNumber) -> dict[str, Any]:
        unit = {"unit": interaction.unit} if interaction.unit else {}
        return {"variants": interaction.variants(), "decimals": interaction.decimals, **unit}

    def interaction(self) -> ComputedNumber:
        names = tuple(self.variants[0])
        keys = [" ".join(variant[name] for name in names) for variant in self.variants]
        rule = VariantsRule(names, dict.fromkeys(keys, (0.0, 0.0)))
        return ComputedNumber(rule, dict.fromkeys(keys, ""), self.decimals, self.unit or "")


_Gap = Annotated[Union[ChoicePart, TextPart, NumberPart], Field(discriminator="type")]  # noqa: UP007


class ReleasedInlineGaps(ReleasedBase):
    """A running text with gaps."""

    type: Literal["gaps"]
    passage: MarkdownText = Field(description=AS_RELEASED)
    gaps: dict[Id, _Gap] = Field(description=AS_RELEASED)

    @model_validator(mode="after")
    def _each_gap_once(self) -> Self:
        if sorted(marked(self.passage)) != sorted(self.gaps):
            raise author_error("they are not those of the text", AS_RELEASED, at="gaps")
        return self

    @classmethod
    def parts(cls, interaction: InlineGaps) -> dict[str, Any]:
        names = gap_names(interaction.gaps)
        gaps = {}
        for name, part in interaction.gaps.items():
            gaps[names[name]] = {"type": part.name, **_part(part)}
        passage = (("gap", names[each[1]]) if isinstance(each, tuple) else each for each in interaction.passage)
        return {"passage": written(passage), "gaps": gaps}

    def interaction(self) -> InlineGaps:
        gaps = {name: self.gaps[name].entry() for name in marked(self.passage)}
        return InlineGaps(split(self.passage, lambda name: ("gap", name)), gaps)

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.passage)
        if not found and sorted(marked(self.passage)) != sorted(marked(other.passage)):
            found.add((), "the gaps are not those of the original", AS_RELEASED)
        return found.below("passage")


class ReleasedExtendedText(ReleasedBase):
    """A text that a person reads."""

    type: Literal["extended"]
    min_words: StrictInt = Field(0, ge=0, description=AS_RELEASED)
    max_words: StrictInt = Field(0, ge=0, description=AS_RELEASED)

    @classmethod
    def parts(cls, interaction: ExtendedText) -> dict[str, Any]:
        words = {"min_words": interaction.min_words, "max_words": interaction.max_words}
        return {name: number for name, number in words.items() if number}

    def interaction(self) -> ExtendedText:
        return ExtendedText(self.min_words, self.max_words)


def _part(part: Choice | TextEntry | NumberEntry) -> dict[str, Any]:
    """What a copy says of a gap besides its type."""
    if isinstance(part, Choice):
        return ReleasedChoice.parts(part)
    return ReleasedNumberEntry.parts(part) if isinstance(part, NumberEntry) else {}
