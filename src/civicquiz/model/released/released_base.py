"""What all questions of a released copy have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from civicquiz.authoring.author_problems import author_error
from civicquiz.authoring.validation import Id, Line, MarkdownText
from civicquiz.model.interactions import Gap, Interaction, Option
from civicquiz.model.questions.question_base import SHORT_FORM, AuthorEntry, QuestionBase
from civicquiz.model.settings import StimulusBase

__all__ = ["AS_RELEASED", "Options", "ReleasedBase", "ReleasedStimulus", "texts_of", "written"]

#: The hint for a mistake in a copy: people do not write these files.
AS_RELEASED = "use the file as 'civicquiz release' wrote it"


class ReleasedEntry(AuthorEntry):
    """An option: its text, from which its id is derived, or a word of the interface, which has an id of its own."""

    text: MarkdownText = Field("", description=AS_RELEASED)
    word: Id | None = Field(None, description=AS_RELEASED)


#: Options as nothing but their texts; the ids are derived from them.
Options = Annotated[tuple[Annotated[ReleasedEntry, SHORT_FORM], ...], Field(max_length=30)]


def _same_names(variants: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    if any(not variant or variant.keys() != variants[0].keys() for variant in variants):
        raise author_error("all of them must have the same names", AS_RELEASED)
    return variants


#: Sets of numbers that learners can have: name -> number.
Variants = Annotated[tuple[dict[str, Line], ...], Field(max_length=50), AfterValidator(_same_names)]


class ReleasedBase(QuestionBase):
    """A question of a copy: what learners see of it, and nothing else."""

    variants: Variants = Field((), description=AS_RELEASED)

    drawn_for: Id | None = Field(None, description=AS_RELEASED)

    def interaction_as(self, original: Self) -> Interaction[Any]:
        return replace(self.shown(original), variants=original.variants, drawn_for=original.drawn_for or "")

    @classmethod
    @abstractmethod
    def content_of(cls, interaction: Any) -> dict[str, Any]:
        """The keys that a copy has for ``interaction``, an interaction of its type, besides those of all questions."""


class ReleasedStimulus(StimulusBase):
    """A shared text of a copy."""

    variants: Variants = Field((), description=AS_RELEASED)

    def shown_variants(self) -> Sequence[Mapping[str, str]]:
        return self.variants


def texts_of(options: Iterable[Option]) -> list[str | dict[str, str]]:
    """The texts of options, as a copy has them; of an option that no author wrote, its word."""
    return [{"id": option.id, "word": option.word} if option.word else option.text for option in options]


def written(passage: Iterable[str | Option | Gap]) -> str:
    """A running text with its options or gaps in brackets."""

    def part(segment: str | Option | Gap) -> str:
        if isinstance(segment, str):
            return segment
        return f"[[{segment.text if isinstance(segment, Option) else segment.id}]]"

    return "".join(map(part, passage))
