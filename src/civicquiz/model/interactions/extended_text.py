"""A text that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.model.interactions.interaction import Interaction, Texts, read_text

MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class ExtendedText(Interaction[str]):
    """A text area with guidance on length. It has no key: the outcome of a response is "needs review"."""

    name: ClassVar[str] = "extended"
    typed: ClassVar[tuple[type, ...]] = (str,)

    min_words: int = 0
    max_words: int = 0

    def read(self, raw: object, language: str = "en") -> str | None:
        return read_text(raw, MAX_CHARACTERS)

    def content(self, texts: Texts) -> dict[str, Any]:
        words = {"minWords": self.min_words, "maxWords": self.max_words}
        return {name: number for name, number in words.items() if number}
