"""``multiple-choice``: any number of the options may be right."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator

from civicquiz.model.interactions import Choice, ChoiceKey
from civicquiz.model.questions.question_base import AuthorOption, KeyedQuestion, OptionsPart, duplicates, options_of


class MultipleChoice(OptionsPart, KeyedQuestion):
    """Any number of the options may be right. The score is right choices minus wrong choices, never below 0."""

    type: Literal["multiple-choice"]
    scoring: Literal["net-correct", "all-or-nothing"] = Field(
        "net-correct", description="net-correct gives partial credit; all-or-nothing does not"
    )

    @field_validator("options")
    @classmethod
    def _some_right(cls, options: tuple[AuthorOption, ...]) -> tuple[AuthorOption, ...]:
        found = duplicates(options)
        right = sum(option.correct for option in options)
        if not right:
            found.add((), "no option is right", "write 'correct: true' under each right option")
        elif right == len(options):
            message = "every option is right, so checking all of them would earn the points without thinking"
            found.add((), message, "add a wrong option")
        found.raise_if_any()
        return options

    def shown(self, original: Self) -> Choice:
        return Choice(options_of(self.options, original.options), multiple=True)

    def scored(self) -> ChoiceKey:
        right = [option.id for option in self.options if option.correct]
        wrong = [option.id for option in self.options if not option.correct]
        return ChoiceKey.of_several(right, wrong, all_or_nothing=self.scoring == "all-or-nothing")
