"""``open-response``: a text that a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isclose
from typing import Literal, Self

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblem, AuthorProblems
from civicquiz.authoring.validation import MarkdownText, Model, Number
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import ExtendedText
from civicquiz.model.questions.question_base import KeyedQuestion


class Criterion(Model):
    """One line of a rubric."""

    text: MarkdownText = Field(description="write what earns the points")
    points: Number = Field(ge=0, description="write how many points it earns")


class PerformanceLevel(Model):
    """One level of a holistic rubric."""

    points: Number = Field(ge=0, description="write how many points an answer at this level earns")
    text: MarkdownText = Field(description="write what a reader sees in an answer at this level")
    sample_answer: MarkdownText | None = Field(
        None, description="an answer at this level, as a student might write it; shown after the student's own"
    )


class OpenResponse(KeyedQuestion):
    """A longer text. It is never scored by the program: its outcome is "needs review"."""

    type: Literal["open-response"]
    min_words: StrictInt = Field(0, ge=0, le=5000, description="about how many words at least; guidance, not a limit")
    max_words: StrictInt = Field(0, ge=0, le=5000, description="about how many words at most; guidance, not a limit")
    rubric: tuple[Criterion, ...] = Field((), description="what earns points, each with 'text:' and 'points:'")
    holistic_rubric: tuple[PerformanceLevel, ...] = Field(
        (),
        max_length=20,
        description="instead of 'rubric': levels of the whole answer, best first, each with 'points:' and 'text:'",
    )
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
        found.extend(self._faults_of_levels())
        if self.max_words and self.max_words < self.min_words:
            found.add("max_words", f"'max_words' must not be below 'min_words' ({self.min_words})", "swap the two")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> ExtendedText:
        return ExtendedText(original.min_words, original.max_words)

    def scored(self) -> None:
        return None

    def _faults_of_levels(self) -> Iterator[AuthorProblem]:
        """What is wrong with the levels: a reader has to find just one for each answer."""
        if not self.holistic_rubric:
            return
        if self.rubric:
            yield AuthorProblem(("holistic_rubric",), "cannot be combined with 'rubric'", "delete one or the other")
        points = [level.points for level in self.holistic_rubric]
        for position, (higher, lower) in enumerate(pairwise(points), 1):
            if lower >= higher:
                message = f"the level before it has {number_text(higher)} (got {number_text(lower)})"
                yield AuthorProblem(("holistic_rubric", position, "points"), message, "list the best level first")
        if points[0] != self.points:
            message = f"the best level has {number_text(points[0])} points, but the question has "
            hint = f"write 'points: {number_text(points[0])}', or change the level"
            yield AuthorProblem(("holistic_rubric", 0, "points"), message + number_text(self.points), hint)
        if points[-1] != 0:
            message = f"the last level has to be 0 points (got {number_text(points[-1])})"
            yield AuthorProblem(("holistic_rubric", len(points) - 1, "points"), message, "add one that earns nothing")

    def rubric_lines(self) -> Iterator[tuple[str, str | None]]:
        """What a reader looks for, and for a level its sample answer if there is one."""
        for criterion in self.rubric:
            yield f"{criterion.text} ({number_text(criterion.points)})", None
        for level in self.holistic_rubric:
            yield f"{number_text(level.points)}: {level.text}", level.sample_answer

    def _rubric_text(self, *, samples: bool) -> str:
        """The rubric as a list in Markdown, ``""`` if there is none."""
        lines = []
        for text, sample in self.rubric_lines():
            lines.append(f"- {text}")
            if samples and sample:
                lines += ["", *(f"  > {line}" for line in sample.splitlines()), ""]
        return "\n".join(lines).strip()

    def full_prompt(self) -> str:
        prompt = super().full_prompt()
        rubric = self._rubric_text(samples=False) if self.show_rubric == "before" else ""
        return f"{prompt}\n\n{rubric}" if rubric else prompt

    def full_explanation(self) -> str:
        # What was shown before has no sample answers: they give the answer away.
        told = self.show_rubric == "after" or (self.show_rubric == "before" and self.holistic_rubric)
        parts = [self.explanation, self._rubric_text(samples=True) if told else "", self.model_answer]
        return "\n\n".join(part for part in parts if part)
