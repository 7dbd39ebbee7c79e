"""Rows to match with targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import Interaction, Option, ShapeError, Texts, read_mapping
from civicquiz.model.interactions.key import MapKey
from civicquiz.model.interactions.rules import MapRule


@dataclass(frozen=True)
class Matching(Interaction[dict[str, str]]):
    """A list of rows, each with a choice of targets. A response maps row ids to target ids.

    Both are shown in the order given, which must not reveal what goes with what.
    """

    name: ClassVar[str] = "match"

    rows: tuple[Option, ...]
    targets: tuple[Option, ...]

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        response = read_mapping(raw, (row.id for row in self.rows), "row")
        known = [target.id for target in self.targets]
        for row, target in (response or {}).items():
            if target not in known:
                raise ShapeError(f"row '{row}': there is no target '{excerpt(target)}' (there are: {', '.join(known)})")
        return response

    def content(self, texts: Texts) -> dict[str, Any]:
        return {"options": texts.options(self.rows), "targets": texts.options(self.targets)}

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return (self.rows, self.targets)


@dataclass(frozen=True)
class MatchingKey(MapKey[dict[str, str]]):
    """The right target of each row. Each right row earns an equal share. A token is ``"row target"``."""

    right: Mapping[str, str]
    rule: MapRule

    @classmethod
    def of(cls, right: Mapping[str, str]) -> MatchingKey:
        """The key for rows that go with these targets."""
        return cls(right, MapRule({f"{row} {target}": 1 for row, target in right.items()}, full=len(right)))

    def tokens(self, response: dict[str, str]) -> list[str]:
        return [f"{row} {response[row]}" for row in self.right if row in response]

    @property
    def answer(self) -> dict[str, str]:
        return dict(self.right)
