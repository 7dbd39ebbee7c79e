"""``open-response``: a text that a person reads."""

from __future__ import annotations

from math import isclose
from typing import Literal, Self

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import MarkdownText, Model, Number
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import ExtendedText
from civicquiz.model.questions.question_base import KeyedQuestion


class Criterion(Model):
    """One line of a rubric."""

    text: MarkdownText = Field(description="write what earns the points")
    points: Number = Field(ge=0, description="write how many points it earns")


class OpenResponse(KeyedQuestion):
    """A longer text. It is never scored by the program: its outcome is "needs review"."""

    type: Literal["open-response"]
    min_words: StrictInt = Field(0, ge=0, le=5000, description="about how many words at least; guidance, not a limit")
    max_words: StrictInt = Field(0, ge=0, le=5000, description="about how many words at most; guidance, not a limit")
    rubric: tuple[Criterion, ...] = Field((), description="what earns points, each with 'text:' and 'points:'")
    show_rubric: Literal["before", "after", "never"] = Field(
        "after", description="when students see the rubric: before they answer, after, or never"
    )
    model_answer: MarkdownText | None = Field(None, description="a good answer, shown after the student's own")

    @model_validator(mode="after")
    def _sums(self) -> OpenResponse:
        found = AuthorProblems()
        points = sum(criterion.points for criterion in self.rubric)
        if self.rubric and not isclose(points, self.points):
            total = number_text(points, 6)
            message = f"the points of the rubric add up to {total}, but the question has {number_text(self.points)}"
            found.add("rubric", message, f"write 'points: {total}', or change the rubric")
        if self.max_words and self.max_words < self.min_words:
            found.add("max_words", f"'max_words' must not be below 'min_words' ({self.min_words})", "swap the two")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> ExtendedText:
        return ExtendedText(original.min_words, original.max_words)

    def scored(self) -> None:
        return None

    def _rubric(self) -> str:
        return "\n".join(f"- {criterion.text} ({number_text(criterion.points)})" for criterion in self.rubric)

    def full_prompt(self) -> str:
        shown = self.rubric and self.show_rubric == "before"
        prompt = super().full_prompt()
        return f"{prompt}\n\n{self._rubric()}" if shown else prompt

    def full_explanation(self) -> str:
        parts = [self.explanation, self._rubric() if self.show_rubric == "after" else "", self.model_answer]
        return "\n\n".join(part for part in parts if part)
