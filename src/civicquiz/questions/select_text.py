"""``select-text``: mark the words in a passage that do something."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from civicquiz.interactions import Choice, Option
from civicquiz.questions.base import AuthorProblem, QuestionBase, derived_id, no_problems
from civicquiz.questions.passage import MARK, split
from civicquiz.validation import Line, MarkdownText, Model


class PhraseFeedback(Model):
    """What a learner reads who marked a phrase."""

    text: Line = Field(description="write a phrase of the passage, without the brackets")
    feedback: MarkdownText = Field(description="write what a learner reads who marked it")


class SelectText(QuestionBase):
    """A passage with phrases that can be marked; right marks minus wrong marks, never below 0."""

    type: Literal["select-text"]
    passage: MarkdownText = Field(
        description="write the text, with [[what can be marked]] in brackets and [[+what is right]] with a plus"
    )
    scoring: Literal["net-correct", "all-or-nothing"] = Field(
        "net-correct", description="net-correct gives partial credit; all-or-nothing does not"
    )
    feedback: tuple[PhraseFeedback, ...] = Field(
        (), description="feedback on phrases, each with 'text:' and 'feedback:'"
    )

    @field_validator("passage")
    @classmethod
    def _some_right(cls, passage: str) -> str:
        phrases = MARK.findall(passage)
        right = sum(phrase.startswith("+") for phrase in phrases)
        texts = [phrase.lstrip("+") for phrase in phrases]
        problems: list[AuthorProblem] = []
        if len(phrases) < 2:
            problems.append(((), "fewer than two phrases can be marked", "put [[ and ]] around them"))
        elif not right:
            problems.append(((), "no phrase is right", "write a plus behind the brackets: [[+a right phrase]]"))
        elif right == len(phrases):
            problems.append(((), "every phrase is right, so marking all would earn the points", "add a wrong one"))
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            problems.append(((), f"the phrase '{text}' can be marked twice", "mark a longer or shorter stretch of one"))
        no_problems(problems)
        return passage

    @field_validator("feedback")
    @classmethod
    def _each_once(cls, feedback: tuple[PhraseFeedback, ...]) -> tuple[PhraseFeedback, ...]:
        texts = [each.text for each in feedback]
        no_problems(
            ((position, "text"), f"there is feedback on '{text}' twice", "delete one")
            for position, text in enumerate(texts)
            if text in texts[:position]
        )
        return feedback

    def interaction(self) -> Choice:
        segments = split(self.passage, lambda words: Option(derived_id(words.lstrip("+")), words.lstrip("+")))
        right = [derived_id(words[1:]) for words in MARK.findall(self.passage) if words.startswith("+")]
        return Choice(
            tuple(segment for segment in segments if isinstance(segment, Option)),
            tuple(right),
            multiple=True,
            all_or_nothing=self.scoring == "all-or-nothing",
            passage=segments,
        )

    def token_feedback(self) -> dict[str, str]:
        return {derived_id(each.text): each.feedback for each in self.feedback}
