"""A number that is computed from the learner's own numbers: a question, or a gap of a cloze."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.validation import Line, MarkdownText, Model, Tolerance
from civicquiz.model.interactions import ComputedNumber, ComputedNumberKey, Interval, VariantsRule
from civicquiz.model.questions.expression import ComputationError, Expression, ExpressionError
from civicquiz.model.questions.number_parts import NumberPart, feedback_on, required_without
from civicquiz.model.questions.number_sets import NumberSets, rounded_number
from civicquiz.model.questions.variables import Decimals

__all__ = ["ComputedPart"]

#: A larger answer has more digits than a learner may write; in powers of ten, anything can be computed.
_LARGEST = Decimal("1e30")


class ComputedMistake(Model):
    """A calculation that is wrong, and what to say about it."""

    answer: Line = Field(description="write how students calculate it by mistake, for example 'answer: m * v'")
    feedback: MarkdownText = Field(description="write why it is tempting and why it is wrong")


class ComputedPart(NumberPart):
    """The keys about a number that is computed.

    The answer is computed in decimal arithmetic and rounded half away from zero, once for each set of numbers, when
    the quiz is loaded. A response may differ from the rounded answer by up to ``tolerance``.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["significant"]}, {"required": ["decimals", "tolerance"]}]}
    )

    answer: Line = Field(description="write how the answer is computed, for example 'answer: waiting / cases'")
    decimals: Annotated[Decimals | None, required_without("significant")] = Field(
        None,
        validate_default=True,
        description="write how many decimals the answer is rounded to; students see it",
    )
    tolerance: Annotated[Tolerance | None, required_without("significant")] = Field(
        None,
        validate_default=True,
        description="write how far off still counts as right, such as 0.5 or 2%;"
        " 'tolerance: 0' for exactly the rounded number",
    )
    mistakes: tuple[ComputedMistake, ...] = Field(
        (), max_length=20, description="usual wrong calculations, each with 'answer:' and 'feedback:'"
    )

    @model_validator(mode="after")
    def _says_how_exact(self) -> Self:
        if self.decimals is not None and self.significant is not None:
            raise author_error("cannot be combined with 'decimals'", "delete one or the other", at="significant")
        return self

    def names_in_answer(self, numbers: NumberSets | None) -> list[str]:
        """The variables in the calculation; all of them if it is not one, since nobody knows which were meant."""
        return _names_in(self.answer, numbers)

    def names_in_mistakes(self, numbers: NumberSets | None) -> list[str]:
        """The variables in the wrong calculations, as :meth:`names_in_answer`."""
        return [name for mistake in self.mistakes for name in _names_in(mistake.answer, numbers)]

    def computed_field(self, original: Self) -> ComputedNumber:
        """The field for the number; the sets of numbers belong to the question."""
        return ComputedNumber(**self.field(original), decimals=original.decimals)

    def problems(self, numbers: NumberSets, shown: tuple[str, ...]) -> AuthorProblems:
        """What is wrong with the calculations; ``shown`` are the variables that learners see."""
        found = AuthorProblems()
        try:
            answers = self.key_of(numbers, shown).right.values()
            if len(answers) > 1 and not any(map(_is_not_zero, answers)) and all(self._values(numbers)):
                hint = "write more 'decimals', or 'significant: 3' instead"
                found.add("decimals", "the right answer is always rounded to 0", hint)
        except ExpressionError as error:
            found.add("answer", str(error), error.hint)
            return found
        for position, mistake in enumerate(self.mistakes):
            try:
                if all(map(_is_same, self._values(numbers), self._values(numbers, mistake.answer))):
                    hint = "change the calculation, or delete it"
                    found.add(("mistakes", position, "answer"), "this is always the right answer", hint)
            except ExpressionError as error:
                found.add(("mistakes", position, "answer"), str(error), error.hint)
        return found

    def _values(self, numbers: NumberSets, calculation: str = "") -> list[Decimal]:
        """The result of a calculation, the answer's if it is empty, for each set of numbers, not rounded.

        Raises:
            ExpressionError: some set has no result.
        """
        expression = Expression(calculation or self.answer)
        values = []
        for variant, texts in zip(numbers.sets, numbers.texts, strict=True):
            try:
                value = expression.value(variant)
                if self.decimals is not None and not -_LARGEST <= value <= _LARGEST:
                    raise ComputationError("the result is larger than 1e30")
            except ComputationError as error:
                given = ", ".join(f"{name}={number}" for name, number in texts.items())
                raise ComputationError(f"there is no answer for {given}: {error}") from None
            values.append(value)
        return values

    def key_of(self, numbers: NumberSets, shown: tuple[str, ...]) -> ComputedNumberKey:
        """The answer to every variant; ``shown`` are the variables that learners see.

        Raises:
            ExpressionError: some variant has no answer.
        """
        public = numbers.public_names
        names = tuple(public[name] for name in shown)
        keys = [" ".join(texts[name] for name in shown) for texts in numbers.texts]
        answers: dict[str, Interval] = {}
        right: dict[str, str] = {}
        for key, value in zip(keys, self._values(numbers), strict=True):
            answer = rounded_number(value, self.decimals, self.significant)
            right[key] = numbers.text(answer, self.names_in_answer(numbers), self.significant)
            answers[key] = self._interval(value)
        wrong = [self._values(numbers, mistake.answer) for mistake in self.mistakes]
        mistakes = {
            key: tuple(map(self._interval, values)) for key, values in zip(keys, zip(*wrong, strict=True), strict=False)
        }
        return ComputedNumberKey(VariantsRule(names, answers, mistakes), right)

    def _interval(self, value: Decimal) -> Interval:
        """The numbers that are as good as ``value``, which is not rounded."""
        exact = value if self.tolerance is None else rounded_number(value, self.decimals, self.significant)
        return self.interval(exact, self.tolerance)

    def token_feedback(self) -> dict[str, str]:
        """As for a question, see :meth:`KeyedQuestion.token_feedback`."""
        return feedback_on(self.mistakes)


def _names_in(calculation: str, numbers: NumberSets | None) -> list[str]:
    known = list(numbers.variables) if numbers else []
    try:
        names = Expression(calculation).names
    except ExpressionError:
        return known
    return [name for name in known if name in names]


def _is_not_zero(answer: str) -> bool:
    return Decimal(answer) != 0


def _is_same(first: Decimal, second: Decimal) -> bool:
    return abs(first - second) <= abs(first) * Decimal("1e-20")
