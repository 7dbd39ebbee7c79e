"""``calculated``: a number to compute from the learner's own numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.model.interactions import ComputedNumber, ComputedNumberKey
from civicquiz.model.questions.computed_part import ComputedPart
from civicquiz.model.questions.number_sets import NumberSets
from civicquiz.model.questions.question_base import KeyedQuestion


class Calculated(ComputedPart, KeyedQuestion):
    """A number to compute; each student gets one of several sets of numbers."""

    type: Literal["calculated"]

    def number_problems(self) -> AuthorProblems:
        found = super().number_problems()
        if not self.numbers:
            hint = "write names with their numbers, such as 'cases: {from: 20, to: 60}', and {cases} in the prompt"
            found.add((), "'variables' is missing", hint)
        return found

    def answer_problems(self, numbers: NumberSets) -> AuthorProblems:
        return self.problems(numbers, self.shown_names)

    def needed(self) -> Iterable[str]:
        return self.names_in_answer(self.numbers)

    def mistaken(self) -> Iterable[str]:
        return self.names_in_mistakes(self.numbers)

    def shown(self, original: Self) -> ComputedNumber:
        return self.computed_field(original)

    def scored(self) -> ComputedNumberKey:
        assert self.numbers  # without them it is not valid
        return self.key_of(self.numbers, self.shown_names)
