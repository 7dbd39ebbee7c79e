"""What may have numbers that differ from learner to learner: a question, and a text that several questions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from pydantic import Field, StrictInt

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Model, shown_texts
from civicquiz.authoring.wording import did_you_mean
from civicquiz.model.interactions import placeholders
from civicquiz.model.questions.number_sets import NumberSets, name_problems
from civicquiz.model.questions.variables import Variable

__all__ = ["Numbered", "names_in"]


class Numbered(Model):
    """Something with ``variables``, whose names its texts may have in braces."""

    variables: dict[str, Variable] = Field(
        {},
        max_length=20,
        description="numbers that differ: write names with their numbers, such as 'cases: {from: 20, to: 60}', and "
        "{cases} in a text",
    )
    variants: StrictInt = Field(20, ge=1, le=50, description="how many sets of numbers there are; 20 if left out")
    seed: StrictInt = Field(1, ge=0, le=10**9, description="another number gives different sets; 1 if left out")

    @cached_property
    def own_numbers(self) -> NumberSets | None:
        """The sets of numbers of its own variables; None if it has none."""
        return NumberSets(self.variables, self.variants, self.seed) if self.variables else None

    def variable_problems(self) -> AuthorProblems:
        """What is wrong with its variables."""
        found = name_problems(self.variables)
        if not found and self.own_numbers:
            found.extend(self.own_numbers.problems())
        return found

    def unknown_names(self, numbers: NumberSets) -> AuthorProblems:
        """Names in braces that are no variables."""
        found = AuthorProblems()
        for path, text, shown in shown_texts(self):
            for name in dict.fromkeys(placeholders(text, numbers.variables)) if shown.markdown else ():
                if name not in numbers.variables:
                    hint = did_you_mean(name, numbers.variables, f"the variables are: {', '.join(numbers.variables)}")
                    found.add(path, f"there is no variable '{name}'", hint)
        return found


def names_in(texts: Iterable[str], variables: Mapping[str, Variable]) -> tuple[str, ...]:
    """The variables that ``texts`` have in braces, in the order of ``variables``."""
    found = {name for text in texts for name in placeholders(text, variables)}
    return tuple(name for name in variables if name in found)
