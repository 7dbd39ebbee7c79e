"""A running text with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.model.interactions.choice import Choice
from civicquiz.model.interactions.interaction import Interaction, Response, ShapeError, read_each
from civicquiz.model.interactions.number_entry import NumberEntry
from civicquiz.model.interactions.rules import GapsRule
from civicquiz.model.interactions.text_entry import TextEntry

Part = Choice | NumberEntry | TextEntry


@dataclass(frozen=True)
class InlineGaps(Interaction):
    """A text with gaps, each an interaction of its own. A response maps gap ids to an option id or a text.

    Each gap earns an equal share of the points by its own rule. A token is ``"gap token-of-the-gap"``.
    """

    name: ClassVar[str] = "gaps"
    typed: ClassVar[bool] = True

    #: Markdown, or a gap as ``("gap", its id)``
    passage: tuple[str | tuple[str, str], ...]
    gaps: Mapping[str, Part]

    def _part_response(self, name: str, value: str) -> Any:
        return [value] if isinstance(self.gaps[name], Choice) else value

    def read(self, response: Any) -> Response | None:
        given = read_each(response, self.gaps, "gap")
        kept: dict[str, str] = {}
        for name, value in (given or {}).items():
            try:
                if self.gaps[name].read(self._part_response(name, value)) is not None:
                    kept[name] = value
            except ShapeError as error:
                raise ShapeError(f"gap '{name}': {error}") from None
        return kept or None

    def tokens(self, response: Any) -> list[str]:
        return [
            f"{name} {token}"
            for name, part in self.gaps.items()
            if name in response
            for token in part.tokens(self._part_response(name, response[name]))
        ]

    def parts(self, response: Any) -> dict[str, float]:
        return {
            name: part.share(self._part_response(name, response[name])) if name in response else 0.0
            for name, part in self.gaps.items()
        }

    def share(self, response: Any) -> float:
        shares = self.parts(response)
        return sum(shares.values()) / len(shares)

    def scoring(self) -> GapsRule:
        return GapsRule({name: part.scoring() for name, part in self.gaps.items()})

    def public(self) -> dict[str, Any]:
        gaps = {name: {"interaction": part.name, **part.public()} for name, part in self.gaps.items()}
        return {"passage": self.passage, "gaps": gaps}

    def labelled(self, other: Self) -> Self:
        theirs: Mapping[str, Any] = other.gaps
        gaps = {name: part.labelled(theirs[name]) for name, part in self.gaps.items()}
        return replace(self, passage=other.passage, gaps=gaps)

    @property
    def answer(self) -> Response:
        answers = {name: part.answer for name, part in self.gaps.items()}
        return {name: value[0] if isinstance(value, list) else str(value) for name, value in answers.items()}
