"""A text that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.interaction import Interaction, Response, read_text

MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class ExtendedText(Interaction):
    """A text area with guidance on length. It is never scored here: its outcome is "needs review"."""

    name: ClassVar[str] = "extended"
    typed: ClassVar[bool] = True

    min_words: int = 0
    max_words: int = 0

    def read(self, response: Any) -> Response | None:
        return read_text(response, MAX_CHARACTERS)

    def tokens(self, response: Any) -> list[str]:
        return []

    def share(self, response: Any) -> float:
        return 0.0

    def scoring(self) -> None:
        return None

    def public(self) -> dict[str, Any]:
        return {"minWords": self.min_words, "maxWords": self.max_words}

    @property
    def answer(self) -> Response:
        return ""
