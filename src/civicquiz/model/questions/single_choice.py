"""``single-choice``: exactly one of the options is right."""

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
    """Options of which one is right. Also what a gap of a cloze can be."""

    type: Literal["single-choice"]

    @field_validator("options")
    @classmethod
    def _one_right(cls, options: tuple[AuthorOption, ...]) -> tuple[AuthorOption, ...]:
        found = duplicates(options)
        right = [position for position, option in enumerate(options) if option.correct]
        if not right:
            found.add((), "no option is right", "write 'correct: true' under the right option")
        for position in right[1:]:
            hint = "keep one, or write 'type: multiple-choice'"
            message = f"a second right option (the first is option {right[0] + 1})"
            found.add((position, "correct"), message, hint)
        found.raise_if_any()
        return options

    def shown(self, original: Self) -> Choice:
        return Choice(options_of(self.options, original.options))

    def scored(self) -> ChoiceKey:
        return ChoiceKey.of_one(next(option.id for option in self.options if option.correct))


class SingleChoice(SingleChoicePart, KeyedQuestion):
    """Exactly one of the options is right."""

    type: Literal["single-choice"]
