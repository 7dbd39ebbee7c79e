"""``true-false``: a statement that is true or false."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool

from civicquiz.authoring.validation import MarkdownText, Model
from civicquiz.model.interactions import Choice, ChoiceKey, Option
from civicquiz.model.questions.question_base import KeyedQuestion


class TrueFalseFeedback(Model):
    """Feedback for students who chose true, and for those who chose false."""

    true: MarkdownText | None = None
    false: MarkdownText | None = None


class TrueFalse(KeyedQuestion):
    """A statement that is true or false. Its option ids are ``true`` and ``false``."""

    type: Literal["true-false"]
    answer: StrictBool = Field(description="write 'answer: true' or 'answer: false'")
    feedback: TrueFalseFeedback = Field(TrueFalseFeedback(), description="a mapping of 'true:' and 'false:' to a text")

    def shown(self, original: Self) -> Choice:
        return Choice((Option("true", word="true"), Option("false", word="false")))

    def scored(self) -> ChoiceKey:
        return ChoiceKey.of_one("true" if self.answer else "false")

    def token_feedback(self) -> dict[str, str]:
        texts = {"true": self.feedback.true, "false": self.feedback.false}
        return {option: text for option, text in texts.items() if text}
