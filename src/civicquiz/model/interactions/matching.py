"""Rows, each of which goes with one of the targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    Response,
    ShapeError,
    initial_order,
    read_each,
    relabelled,
)
from civicquiz.model.interactions.rules import MapRule


@dataclass(frozen=True)
class Matching(Interaction):
    """A list of rows with a choice of targets each. A response maps row ids to target ids.

    Each right row earns an equal share. A token is ``"row target"``.
    """

    name: ClassVar[str] = "match"

    rows: tuple[Option, ...]
    targets: tuple[Option, ...]
    right: Mapping[str, str]
    #: whether the targets are shown in the order written; otherwise it would give away what goes with what
    as_written: bool = False

    @property
    def _offered(self) -> tuple[Option, ...]:
        return self.targets if self.as_written else initial_order(self.targets)

    def read(self, response: Any) -> Response | None:
        given = read_each(response, (row.id for row in self.rows), "row")
        known = [target.id for target in self._offered]
        for row, target in (given or {}).items():
            if target not in known:
                raise ShapeError(f"row '{row}': there is no target '{excerpt(target)}' (there are: {', '.join(known)})")
        return dict(given) if given else None

    def tokens(self, response: Any) -> list[str]:
        return [f"{row.id} {response[row.id]}" for row in self.rows if row.id in response]

    def share(self, response: Any) -> float:
        return self.scoring().share(self.tokens(response))

    def scoring(self) -> MapRule:
        return MapRule({f"{row} {target}": 1 for row, target in self.right.items()}, full=len(self.right))

    def public(self) -> dict[str, Any]:
        return {"options": self.rows, "targets": self._offered}

    def labelled(self, other: Self) -> Self:
        return replace(self, rows=relabelled(self.rows, other.rows), targets=relabelled(self.targets, other.targets))

    @property
    def answer(self) -> Response:
        return dict(self.right)
