"""``order``: a list to put in the right order."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator

from civicquiz.model.interactions import Ordering, OrderingKey
from civicquiz.model.questions.question_base import SHORT_FORM, AuthorEntry, KeyedQuestion, duplicates, options_of


class Order(KeyedQuestion):
    """A list that the author writes in the right order and the learner gets in a different order."""

    type: Literal["order"]
    items: tuple[Annotated[AuthorEntry, SHORT_FORM], ...] = Field(
        min_length=2, max_length=12, description="write at least two entries, in the right order"
    )

    @field_validator("items")
    @classmethod
    def _all_different(cls, items: tuple[AuthorEntry, ...]) -> tuple[AuthorEntry, ...]:
        duplicates(items).raise_if_any()
        return items

    def shown(self, original: Self) -> Ordering:
        return Ordering(options_of(self.items, original.items))

    def scored(self) -> OrderingKey:
        return OrderingKey.of(entry.id for entry in self.items)
