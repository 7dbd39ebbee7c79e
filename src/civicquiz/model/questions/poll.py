"""``poll``: what a class thinks or has experienced. No answer is right, and none is scored."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from civicquiz.authoring.validation import Number
from civicquiz.model.interactions import Choice
from civicquiz.model.questions.question_base import (
    SHORT_FORM,
    AuthorEntry,
    KeyedQuestion,
    duplicates,
    options_of,
)


class Poll(KeyedQuestion):
    """Options of which none is right. It has no points, and the report says how many students chose which option."""

    type: Literal["poll"]
    points: Number = Field(0.0, ge=0, le=0, description="a poll has no points; leave this out")
    options: tuple[Annotated[AuthorEntry, SHORT_FORM], ...] = Field(
        min_length=2,
        max_length=30,
        description="write at least two options, each as '- the text'; they keep their order",
    )
    multiple: StrictBool = Field(False, description="write 'multiple: true' if several options may be chosen")

    @model_validator(mode="after")
    def _has_nothing_to_score(self) -> Poll:
        found = duplicates(self.options).below("options")
        for key in ("objectives", "void"):
            if getattr(self, key):
                found.add(key, f"a poll cannot have '{key}', because it is not scored", "delete it")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Choice:
        return Choice(options_of(self.options, original.options), multiple=original.multiple)

    def scored(self) -> None:
        return None
