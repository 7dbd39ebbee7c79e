"""``calculated``: a number to compute from the learner's own numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from keyword import iskeyword
from typing import Literal, Self

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Line, Tolerance, Words
from civicquiz.authoring.wording import did_you_mean, excerpt, number_text
from civicquiz.model.interactions import ComputedNumber, ComputedNumberKey, IntervalRule, VariantsRule, placeholders
from civicquiz.model.questions.expression import (
    FUNCTIONS,
    ComputationError,
    Expression,
    ExpressionError,
    round_half_away_from_zero,
)
from civicquiz.model.questions.question_base import KeyedQuestion
from civicquiz.model.questions.variables import Variable, draw

#: A larger answer has more digits than a learner may write.
_LARGEST = Decimal("1e30")


class Calculated(KeyedQuestion):
    """A number to compute; each learner gets one of several sets of numbers.

    The answer is computed in decimal arithmetic and rounded half away from zero, once for each set, when the quiz is
    loaded. A response may differ from the rounded answer by up to ``tolerance``.
    """

    type: Literal["calculated"]
    variables: dict[str, Variable] = Field(
        min_length=1,
        max_length=10,
        description="write names with their numbers, such as 'cases: {from: 20, to: 60}', and {cases} in the prompt",
    )
    answer: Line = Field(description="write how the answer is computed, for example 'answer: waiting / cases'")
    decimals: StrictInt = Field(
        ge=0, le=6, description="write how many decimals the answer is rounded to; learners see it"
    )
    tolerance: Tolerance = Field(
        description="write how far off is still right, also as 2%; 'tolerance: 0' for exactly the rounded number"
    )
    unit: Words | None = Field(None, description="shown after the field, for example 'unit: days'")
    variants: StrictInt = Field(20, ge=1, le=50, description="how many sets of numbers there are; 20 if left out")
    seed: StrictInt = Field(1, ge=0, le=10**9, description="another number gives different sets; 1 if left out")

    @model_validator(mode="after")
    def _has_an_answer_for_each_variant(self) -> Calculated:
        found = AuthorProblems()
        self._check_names(found)
        names_are_valid = not found
        self._check_placeholders(found)
        try:
            expression = Expression(self.answer)
            if names_are_valid and self._all_are_used(expression, found):
                answers = self.scored().right.values()  # finds a variant without an answer now
                if len(answers) > 1 and set(answers) == {"0"} and all(map(expression.value, self._drawn)):
                    hint = "write more 'decimals', or ask for the number in a smaller unit"
                    found.add("decimals", "the right answer is always rounded to 0", hint)
        except ExpressionError as error:
            found.add("answer", str(error), error.hint)
        found.raise_if_any()
        return self

    def _check_names(self, found: AuthorProblems) -> None:
        for name in self.variables:
            if not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", name):
                hint = "use at most 40 letters, digits and underscores, and start with a letter"
                found.add(("variables", name), f"'{excerpt(name)}' cannot be the name of a variable", hint)
            elif name in ("answer", *FUNCTIONS) or iskeyword(name):
                found.add(("variables", name), f"'{name}' already means something else", "choose another name")

    def _check_placeholders(self, found: AuthorProblems) -> None:
        for key in ("prompt", "hint", "explanation"):
            for name in dict.fromkeys(placeholders(getattr(self, key) or "", self.variables)):
                if name not in self.variables:
                    hint = did_you_mean(name, self.variables, f"the variables are: {', '.join(self.variables)}")
                    found.add(key, f"there is no variable '{name}'", hint)
                elif key != "prompt" and name not in self._visible:
                    hint = f"write {{{name}}} in the prompt too, or leave it out here"
                    found.add(key, f"the variable '{name}' is not in the prompt", hint)

    @property
    def _visible(self) -> tuple[str, ...]:
        """The variables that the prompt shows; the first one if it shows none, since learners differ in something."""
        shown = placeholders(self.prompt, self.variables)
        return tuple(name for name in self.variables if name in shown) or tuple(self.variables)[:1]

    def hidden_variables(self) -> tuple[str, ...]:
        """The variables that only the answer uses. They never leave with the question."""
        return tuple(name for name in self.variables if name not in placeholders(self.prompt, self.variables))

    def _all_are_used(self, expression: Expression, found: AuthorProblems) -> bool:
        """Whether students see all the numbers that they need."""
        for name in self.variables:
            if name not in expression.names and name not in placeholders(self.prompt, self.variables):
                hint = f"write {{{name}}} in the prompt, or delete the variable"
                found.add(("variables", name), f"'{name}' is used neither in the prompt nor in the answer", hint)
        needed = [name for name in self.hidden_variables() if name in expression.names]
        hidden = [name for name in needed if self.variables[name].count() > 1]
        for name in hidden:
            message = f"the answer needs '{name}', which students never see"
            found.add(("variables", name), message, f"write {{{name}}} in the prompt")
        return not hidden

    @cached_property
    def _drawn(self) -> list[dict[str, Decimal]]:
        """The sets of numbers."""
        return draw(self.variables, self.variants, self.seed)

    def shown(self, original: Self) -> ComputedNumber:
        variants = tuple(
            {name: number_text(variant[name]) for name in original._visible} for variant in original._drawn
        )
        return ComputedNumber(variants, original.decimals, self.unit or "")

    def scored(self) -> ComputedNumberKey:
        """The answer to every variant.

        Raises:
            ExpressionError: some variant has no answer.
        """
        expression = Expression(self.answer)
        answers: dict[str, tuple[float, float]] = {}
        right: dict[str, str] = {}
        for variant in self._drawn:
            numbers = {name: number_text(number) for name, number in variant.items()}
            try:
                answer = round_half_away_from_zero(expression.value(variant), self.decimals)
                if not -_LARGEST <= answer <= _LARGEST:
                    raise ComputationError("the result is larger than 1e30")
            except ComputationError as error:
                given = ", ".join(f"{name}={number}" for name, number in numbers.items())
                raise ComputationError(f"there is no answer for {given}: {error}") from None
            rule = IntervalRule.around(float(answer), self.tolerance)
            key = " ".join(numbers[name] for name in self._visible)
            right[key] = number_text(answer)
            answers[key] = (rule.low, rule.high)
        return ComputedNumberKey(VariantsRule(self._visible, answers), right)
