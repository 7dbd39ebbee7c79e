"""Radio buttons and check boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.interaction import Interaction, Option, ShapeError, Texts, read_ids
from civicquiz.model.interactions.key import MapKey
from civicquiz.model.interactions.rules import MapRule, net_correct


@dataclass(frozen=True)
class Choice(Interaction[list[str]]):
    """Radio buttons, or check boxes when ``multiple``. A response is a list of option ids."""

    name: ClassVar[str] = "choice"

    options: tuple[Option, ...]
    multiple: bool = False
    #: a running text with the options in it: each segment is Markdown or an option
    passage: tuple[str | Option, ...] = ()

    def read(self, raw: object, language: str = "en") -> list[str] | None:
        ids = read_ids(raw, (option.id for option in self.options))
        if ids and len(ids) > 1 and not self.multiple:
            raise ShapeError(f"only one option can be chosen (got {len(ids)})")
        return ids

    def content(self, texts: Texts) -> dict[str, Any]:
        passage = [{"option": part.id} if isinstance(part, Option) else part for part in self.passage]
        return {
            **({"multiple": True} if self.multiple else {}),
            "options": texts.options(self.options),
            **({"passage": texts.passage(passage)} if passage else {}),
        }

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return (self.options,)


@dataclass(frozen=True)
class ChoiceKey(MapKey[list[str]]):
    """The right options. A token is the id of an option."""

    right: tuple[str, ...]
    rule: MapRule

    @classmethod
    def of_one(cls, *right: str) -> ChoiceKey:
        """All points for any one of the options ``right``."""
        return cls(right, MapRule(dict.fromkeys(right, 1), full=1))

    @classmethod
    def of_several(cls, right: Iterable[str], wrong: Iterable[str], *, all_or_nothing: bool = False) -> ChoiceKey:
        """Options in ``right`` add points, those in ``wrong`` take points off."""
        right = tuple(right)
        return cls(right, net_correct(right, wrong, all_or_nothing=all_or_nothing))

    def tokens(self, response: list[str]) -> list[str]:
        return response

    @property
    def answer(self) -> list[str]:
        return list(self.right)
