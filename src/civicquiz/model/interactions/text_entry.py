"""A field for a short text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.interaction import Interaction, Response, read_text
from civicquiz.model.interactions.rules import TextRule
from civicquiz.model.interactions.text_matching import normalised

#: More is not a short text, and comparing it would take time.
MAX_CHARACTERS = 200


@dataclass(frozen=True)
class TextEntry(Interaction):
    """A line of text. A response is what was typed; its one token is that text without what is ignored."""

    name: ClassVar[str] = "text"
    typed: ClassVar[bool] = True

    rule: TextRule
    right: str

    def read(self, response: Any) -> Response | None:
        return read_text(response, MAX_CHARACTERS)

    def tokens(self, response: Any) -> list[str]:
        return [normalised(response, self.rule.ignore)]

    def share(self, response: Any) -> float:
        return self.rule.share(response)

    def scoring(self) -> TextRule:
        return self.rule

    def public(self) -> dict[str, Any]:
        return {}

    @property
    def answer(self) -> Response:
        return self.right
