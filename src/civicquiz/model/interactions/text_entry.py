"""A field for a short text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from civicquiz.model.interactions.interaction import Interaction, Texts, read_text
from civicquiz.model.interactions.key import Accepted, Key
from civicquiz.model.interactions.rules import TextRule
from civicquiz.model.interactions.text_matching import normalized

#: Anything longer is not a short text, and would take long to compare.
MAX_CHARACTERS = 200


@dataclass(frozen=True)
class TextEntry(Interaction[str]):
    """A line of text. A response is what was typed."""

    name: ClassVar[str] = "text"
    typed: ClassVar[tuple[type, ...]] = (str,)

    def read(self, raw: object, language: str = "en") -> str | None:
        return read_text(raw, MAX_CHARACTERS)

    def content(self, texts: Texts) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class TextEntryKey(Key[str]):
    """The accepted texts, and the one to show as the answer. The token of a response is its text without what is
    ignored.
    """

    rule: TextRule
    right: str
    #: the accepted texts as their author wrote them -> the credit of each, 1 to 100
    accept: Mapping[str, int] = field(default_factory=dict)
    #: the tag of a language -> the text to show as the answer in it, if that is another one than ``right``
    right_in: Mapping[str, str] = field(default_factory=dict)

    def tokens(self, response: str) -> list[str]:
        return [normalized(response, self.rule.ignore)]

    def share(self, response: str) -> float:
        return self.rule.share(response)

    @property
    def answer(self) -> str:
        return self.right

    def in_language(self, language: str) -> Self:
        return replace(self, right=self.right_in.get(language, self.right))

    def accepted_for(self, response: Any) -> list[Accepted]:
        return [Accepted(text, credit / 100) for text, credit in self.accept.items()]
