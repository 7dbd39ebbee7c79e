"""A list to put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    ShapeError,
    Texts,
    initial_order,
    read_ids,
)
from civicquiz.model.interactions.key import MapKey
from civicquiz.model.interactions.rules import MapRule, net_correct


@dataclass(frozen=True)
class Ordering(Interaction[list[str]]):
    """A list to put in order. A response is the ids of all options in the learner's order.

    The options are shown in an order that depends only on their texts, not on the order in which they are given.
    """

    name: ClassVar[str] = "order"

    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", initial_order(self.options))

    def read(self, raw: object, language: str = "en") -> list[str] | None:
        ids = read_ids(raw, (option.id for option in self.options))
        if ids and len(ids) != len(self.options):
            raise ShapeError(f"a response must have all {len(self.options)} options (got {len(ids)})")
        return ids and self._in_turn(ids)

    def _in_turn(self, ids: Iterable[str]) -> list[str]:
        """``ids``, with those of equal options in the order of the options: it makes no difference which is which."""
        texts = {option.id: option.original or option.text for option in self.options}
        equal: dict[str, list[str]] = {}
        for name in sorted(texts, key=lambda name: (len(name), name)):
            equal.setdefault(texts[name], []).append(name)
        return [equal[texts[name]].pop(0) for name in ids]

    def content(self, texts: Texts) -> dict[str, Any]:
        return {"options": texts.options(self.options)}

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return (self.options,)


@dataclass(frozen=True)
class OrderingKey(MapKey[list[str]]):
    """The right order.

    Every pair of options in the right order adds to the score, and every other pair takes as much off: Kendall's tau,
    cut off at 0. A reversed list earns nothing. A token is ``"earlier later"`` for a pair of ids, which contain no
    spaces.
    """

    right: tuple[str, ...]
    rule: MapRule

    @classmethod
    def of(cls, right: Iterable[str]) -> OrderingKey:
        """The key for options that belong in this order."""
        right = tuple(right)
        return cls(right, net_correct(_pairs(right), _pairs(right[::-1])))

    def tokens(self, response: list[str]) -> list[str]:
        return _pairs(response)

    @property
    def answer(self) -> list[str]:
        return list(self.right)


def _pairs(ids: Sequence[str]) -> list[str]:
    return [f"{ids[i]} {ids[j]}" for i in range(len(ids)) for j in range(i + 1, len(ids))]
