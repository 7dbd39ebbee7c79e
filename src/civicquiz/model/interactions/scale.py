"""Events on a scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    ShapeError,
    Texts,
    initial_order,
    read_mapping,
)
from civicquiz.model.interactions.key import Key
from civicquiz.model.interactions.number_entry import parse_number, read_number
from civicquiz.model.interactions.rules import DistanceRule


@dataclass(frozen=True)
class Scale(Interaction[dict[str, str]]):
    """Events to place on a scale of years. A response maps event ids to numbers as text.

    The events are shown in an order that depends only on their texts, not on the order in which they are given.
    """

    name: ClassVar[str] = "place"
    typed: ClassVar[tuple[type, ...]] = (dict,)

    events: tuple[Option, ...]
    start: int
    end: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "events", initial_order(self.events))

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        response = read_mapping(raw, (event.id for event in self.events), "event")
        if response is None:
            return None
        for event in self.events:  # in their order, so that both languages tell a learner of the same event first
            if event.id not in response:
                continue
            try:
                response[event.id] = read_number(response[event.id], language)
            except ShapeError as error:
                raise ShapeError(f"event '{event.id}': {error}", error.code) from None
        return response

    def content(self, texts: Texts) -> dict[str, Any]:
        return {"options": texts.options(self.events), "start": self.start, "end": self.end}

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return (self.events,)


@dataclass(frozen=True)
class ScaleKey(Key[dict[str, str]]):
    """The right years, and how the credit falls with the distance from them."""

    rule: DistanceRule

    def part_scores(self, response: dict[str, str]) -> dict[str, float]:
        placed = {name: number for name, value in response.items() if (number := parse_number(value)) is not None}
        return self.rule.shares(placed)

    def share(self, response: dict[str, str]) -> float:
        shares = self.part_scores(response)
        return sum(shares.values()) / len(shares)

    @property
    def answer(self) -> dict[str, str]:
        return {name: number_text(year) for name, year in self.rule.targets.items()}
