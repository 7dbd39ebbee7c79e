"""A list to put in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    Response,
    ShapeError,
    initial_order,
    read_ids,
    relabelled,
)
from civicquiz.model.interactions.rules import MapRule, net_correct


@dataclass(frozen=True)
class Ordering(Interaction):
    """A list to put in order. A response is the ids of all options in the learner's order.

    Every pair of options that stands in the right order counts for, every other pair against: Kendall's tau, cut off
    at 0. A reversed list earns nothing, and so on average does a random one.
    """

    name: ClassVar[str] = "order"

    options: tuple[Option, ...]
    right: tuple[str, ...]

    def read(self, response: Any) -> Response | None:
        ids = read_ids(response, (option.id for option in initial_order(self.options)))
        if ids and len(ids) != len(self.options):
            raise ShapeError(f"all {len(self.options)} options have to be in the order (got {len(ids)})")
        return ids

    def tokens(self, response: Any) -> list[str]:
        """One token ``"earlier later"`` for each pair of ids; ids hold no spaces."""
        ids = list(response)
        return [f"{ids[i]} {ids[j]}" for i in range(len(ids)) for j in range(i + 1, len(ids))]

    def share(self, response: Any) -> float:
        return self.scoring().share(self.tokens(response))

    def scoring(self) -> MapRule:
        return net_correct(self.tokens(self.right), self.tokens(reversed(self.right)))

    def public(self) -> dict[str, Any]:
        return {"options": initial_order(self.options)}

    def labelled(self, other: Self) -> Self:
        return replace(self, options=relabelled(self.options, other.options))

    @property
    def answer(self) -> Response:
        return list(self.right)
