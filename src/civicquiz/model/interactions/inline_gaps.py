"""A running text with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.choice import Choice, ChoiceKey
from civicquiz.model.interactions.interaction import Interaction, Option, ShapeError, Texts, read_mapping
from civicquiz.model.interactions.key import Key
from civicquiz.model.interactions.number_entry import NumberEntry, NumberEntryKey
from civicquiz.model.interactions.rules import GapsRule
from civicquiz.model.interactions.text_entry import TextEntry, TextEntryKey

#: The interactions that a gap can be, and their keys.
GapInteraction = Choice | NumberEntry | TextEntry
GapKey = ChoiceKey | NumberEntryKey | TextEntryKey


@dataclass(frozen=True)
class Gap:
    """The position of a gap in a running text."""

    id: str


@dataclass(frozen=True)
class InlineGaps(Interaction[dict[str, str]]):
    """A text with gaps, each of which is an interaction. A response maps gap ids to an option id or a text."""

    name: ClassVar[str] = "gaps"
    typed: ClassVar[tuple[type, ...]] = (dict,)

    #: each segment is Markdown or a gap
    passage: tuple[str | Gap, ...]
    gaps: Mapping[str, GapInteraction]

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        response: dict[str, str] = {}
        for name, value in (read_mapping(raw, self.gaps, "gap") or {}).items():
            gap = self.gaps[name]
            try:
                read = gap.read([value] if isinstance(gap, Choice) else value, language)
                if read is not None:
                    response[name] = read if isinstance(read, str) else value
            except ShapeError as error:
                raise ShapeError(f"gap '{name}': {error}", error.code) from None
        return response or None

    def to_json(self, texts: Texts) -> dict[str, Any]:
        return {
            "passage": [{"gap": part.id} if isinstance(part, Gap) else texts.stretch(part) for part in self.passage],
            "gaps": {name: {"interaction": gap.name, **gap.to_json(texts)} for name, gap in self.gaps.items()},
        }

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return tuple(options for gap in self.gaps.values() for options in gap.option_lists())


@dataclass(frozen=True)
class InlineGapsKey(Key[dict[str, str]]):
    """A key for each gap. Each gap earns an equal share of the points. A token is ``"gap token-of-the-gap"``."""

    gaps: Mapping[str, GapKey]
    rule: GapsRule

    @classmethod
    def of(cls, gaps: Mapping[str, GapKey]) -> InlineGapsKey:
        """The key for a text whose gaps have these keys."""
        return cls(gaps, GapsRule({name: key.rule for name, key in gaps.items()}))

    def tokens(self, response: dict[str, str]) -> list[str]:
        return [
            f"{name} {token}"
            for name, key in self.gaps.items()
            if name in response
            for token in (key.tokens([response[name]]) if isinstance(key, ChoiceKey) else key.tokens(response[name]))
        ]

    def part_scores(self, response: dict[str, str]) -> dict[str, float]:
        scores = dict.fromkeys(self.gaps, 0.0)
        for name, value in response.items():
            key = self.gaps[name]
            scores[name] = key.share([value]) if isinstance(key, ChoiceKey) else key.share(value)
        return scores

    def share(self, response: dict[str, str]) -> float:
        scores = self.part_scores(response)
        return sum(scores.values()) / len(scores)

    @property
    def answer(self) -> dict[str, str]:
        return {name: key.right[0] if isinstance(key, ChoiceKey) else key.answer for name, key in self.gaps.items()}
