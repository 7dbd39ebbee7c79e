"""Released questions whose responses are made of options."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import MarkdownText, Number
from civicquiz.model.interactions import Choice, Matching, Option, Ordering, Scale, initial_order
from civicquiz.model.questions.passage import bracketed, passage_problems, split
from civicquiz.model.questions.question_base import GapPart, derived_id, duplicates, options_of
from civicquiz.model.released.released_base import AS_RELEASED, Options, ReleasedBase, texts_of, written

__all__ = ["ChoicePart", "ReleasedChoice", "ReleasedMatching", "ReleasedOrdering", "ReleasedScale"]


class ChoicePart(GapPart):
    """Options to choose from. Also what a gap can be."""

    type: Literal["choice"]
    options: Options = Field((), description=AS_RELEASED)

    @model_validator(mode="after")
    def _all_different(self) -> Self:
        duplicates(self.options).below("options").raise_if_any()
        return self

    def shown(self, original: Self) -> Choice:
        return Choice(options_of(self.options, original.options))


class ReleasedChoice(ChoicePart, ReleasedBase):
    """Options, true and false (``statement``), or phrases of a running text (``passage``, each in brackets)."""

    type: Literal["choice"]
    points: Number = Field(1.0, ge=0, le=1000, description=AS_RELEASED)
    multiple: StrictBool = False
    statement: StrictBool = False
    passage: MarkdownText | None = Field(None, description=AS_RELEASED)

    @model_validator(mode="after")
    def _two_to_choose_from(self) -> Self:
        (options,) = self.shown(self).option_lists()
        if len(options) < 2:
            raise author_error("must have at least two options", AS_RELEASED, at="options")
        return self

    @classmethod
    def content_of(cls, interaction: Choice) -> dict[str, Any]:
        several = {"multiple": True} if interaction.multiple else {}
        if interaction.passage:
            return {**several, "passage": written(interaction.passage)}
        if any(option.word for option in interaction.options):
            return {"statement": True}
        return {**several, "options": texts_of(interaction.options)}

    def shown(self, original: Self) -> Choice:
        if self.statement:
            return Choice((Option("true", word="true"), Option("false", word="false")))
        if self.passage is None:
            return Choice(options_of(self.options, original.options), self.multiple)
        phrases = iter(bracketed(original.passage or ""))

        def option(phrase: str) -> Option:
            source = next(phrases)
            return Option(derived_id(source), phrase, original=source)

        passage = split(self.passage, option)
        return Choice(tuple(part for part in passage if isinstance(part, Option)), self.multiple, passage)

    def translation_problems(self, other: Self) -> AuthorProblems:
        if self.passage is None or other.passage is None:
            return AuthorProblems()
        found = passage_problems(other.passage)
        if not found and len(bracketed(other.passage)) != len(bracketed(self.passage)):
            found.add((), "must have as many phrases as the original", AS_RELEASED)
        return found.below("passage")


class ReleasedOrdering(ReleasedBase):
    """A list to put in order."""

    type: Literal["order"]
    options: Options = Field(min_length=2, description=AS_RELEASED)

    @classmethod
    def content_of(cls, interaction: Ordering) -> dict[str, Any]:
        return {"options": texts_of(interaction.options)}

    def shown(self, original: Self) -> Ordering:
        return Ordering(options_of(self.options, original.options))


class ReleasedMatching(ReleasedBase):
    """Rows to match with targets."""

    type: Literal["match"]
    rows: Options = Field(min_length=2, description=AS_RELEASED)
    targets: Options = Field(min_length=2, description=AS_RELEASED)

    @classmethod
    def content_of(cls, interaction: Matching) -> dict[str, Any]:
        # Authors' order follows the key: rows of one category are together, and the first pair is the best known.
        return {"rows": texts_of(initial_order(interaction.rows)), "targets": texts_of(interaction.targets)}

    def shown(self, original: Self) -> Matching:
        return Matching(options_of(self.rows, original.rows), options_of(self.targets, original.targets))


class ReleasedScale(ReleasedBase):
    """Events to place on a scale of years."""

    type: Literal["place"]
    options: Options = Field(min_length=2, description=AS_RELEASED)
    start: StrictInt = Field(description=AS_RELEASED)
    end: StrictInt = Field(description=AS_RELEASED)

    @classmethod
    def content_of(cls, interaction: Scale) -> dict[str, Any]:
        return {"options": texts_of(interaction.events), "start": interaction.start, "end": interaction.end}

    def shown(self, original: Self) -> Scale:
        return Scale(options_of(self.options, original.options), original.start, original.end)
