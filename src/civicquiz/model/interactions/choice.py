"""Radio buttons and check boxes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.model.interactions.interaction import Interaction, Option, Response, ShapeError, read_ids, relabelled
from civicquiz.model.interactions.rules import MapRule, net_correct


@dataclass(frozen=True)
class Choice(Interaction):
    """Radio buttons, or check boxes when ``multiple``. A response is a list of option ids."""

    name: ClassVar[str] = "choice"

    options: tuple[Option, ...]
    right: tuple[str, ...]
    multiple: bool = False
    all_or_nothing: bool = False
    #: the options inside of a running text: Markdown, or the id of an option
    passage: tuple[str | Option, ...] = ()

    def read(self, response: Any) -> Response | None:
        ids = read_ids(response, (option.id for option in self.options))
        if ids and len(ids) > 1 and not self.multiple:
            raise ShapeError(f"only one option can be chosen (got {len(ids)})")
        return ids

    def tokens(self, response: Any) -> list[str]:
        return list(response)

    def share(self, response: Any) -> float:
        return self.scoring().share(response)

    def scoring(self) -> MapRule:
        if not self.multiple:
            return MapRule(dict.fromkeys(self.right, 1), full=1)
        wrong = [option.id for option in self.options if option.id not in self.right]
        return net_correct(self.right, wrong, all_or_nothing=self.all_or_nothing)

    def public(self) -> dict[str, Any]:
        return {"multiple": self.multiple, "options": self.options, "passage": self.passage}

    def labelled(self, other: Self) -> Self:
        options = relabelled(self.options, other.options)
        # In a running text the options are the marks in it, in the same order.
        marks = iter(options)
        passage = tuple(next(marks) if isinstance(part, Option) else part for part in other.passage)
        return replace(self, options=options, passage=passage)

    @property
    def answer(self) -> Response:
        return list(self.right)
