"""Events on a scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    Response,
    ShapeError,
    initial_order,
    read_each,
    relabelled,
)
from civicquiz.model.interactions.number_entry import parse_number
from civicquiz.model.interactions.rules import DistanceRule


@dataclass(frozen=True)
class Scale(Interaction):
    """Events to place on a scale of years. A response maps event ids to numbers as text."""

    name: ClassVar[str] = "place"
    typed: ClassVar[bool] = True

    options: tuple[Option, ...]
    start: float
    end: float
    rule: DistanceRule

    def read(self, response: Any) -> Response | None:
        given = read_each(response, (option.id for option in initial_order(self.options)), "event")
        kept: dict[str, str] = {}
        for name, value in (given or {}).items():
            if parse_number(value) is None:
                raise ShapeError(f"event '{name}': '{excerpt(value, 40)}' is not a number")
            kept[name] = value
        return kept or None

    def tokens(self, response: Any) -> list[str]:
        return []

    def parts(self, response: Any) -> dict[str, float]:
        placed = {name: number for name, value in response.items() if (number := parse_number(value)) is not None}
        return self.rule.shares(placed)

    def share(self, response: Any) -> float:
        shares = self.parts(response)
        return sum(shares.values()) / len(shares)

    def scoring(self) -> DistanceRule:
        return self.rule

    def public(self) -> dict[str, Any]:
        return {"options": initial_order(self.options), "start": self.start, "end": self.end}

    def labelled(self, other: Self) -> Self:
        return replace(self, options=relabelled(self.options, other.options))

    @property
    def answer(self) -> Response:
        return {name: number_text(year) for name, year in self.rule.targets.items()}
