"""``single-choice``: learners choose one option; usually one is right."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import field_validator

from civicquiz.model.interactions import Choice, ChoiceKey
from civicquiz.model.questions.question_base import (
    AuthorOption,
    KeyedGapPart,
    KeyedQuestion,
    OptionsPart,
    duplicates,
    options_of,
)


class SingleChoicePart(OptionsPart, KeyedGapPart):
    """Options of which students choose one. Also what a gap of a cloze can be."""

    type: Literal["single-choice"]

    @field_validator("options")
    @classmethod
    def _some_right(cls, options: tuple[AuthorOption, ...]) -> tuple[AuthorOption, ...]:
        found = duplicates(options)
        if not any(option.correct for option in options):
            found.add((), "no option is right", "write 'correct: true' under the right option")
        found.raise_if_any()
        return options

    def shown(self, original: Self) -> Choice:
        return Choice(options_of(self.options, original.options))

    def scored(self) -> ChoiceKey:
        return ChoiceKey.of_one(*(option.id for option in self.options if option.correct))


class SingleChoice(SingleChoicePart, KeyedQuestion):
    """One option to choose. If several are right, each of them earns all the points."""

    type: Literal["single-choice"]
