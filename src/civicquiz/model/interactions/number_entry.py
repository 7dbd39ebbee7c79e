"""A field for a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from reprlib import repr as shorten
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import Interaction, ShapeError, Texts, is_blank
from civicquiz.model.interactions.key import Key
from civicquiz.model.interactions.rules import IntervalRule

#: What is ignored around and in a number; ``static/interactions/number_entry.js`` has the same set.
_BLANK = re.compile("[ \t\r\n\u00a0\u2009\u202f]")

#: What counts as a number; ``static/interactions/number_entry.js`` has the same pattern.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")


def parse_number(text: str) -> float | None:
    """The number that a learner wrote, or None.

    Takes ``14``, ``-3.5``, ``480,000``, ``480 000``, ``2e6`` and the typographic minus sign.
    """
    text = _BLANK.sub("", text).replace("\u2212", "-")
    if len(text) > 40 or not _NUMBER.fullmatch(text) or not re.match("[+-]?[.]?[0-9]", text):
        return None
    number = float(text.replace(",", ""))
    return number if abs(number) < float("inf") else None


@dataclass(frozen=True)
class NumberEntry(Interaction[str]):
    """A text field for a number. A response is what was typed."""

    name: ClassVar[str] = "number"
    typed: ClassVar[tuple[type, ...]] = (str,)

    unit: str = ""

    def read(self, raw: object) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise ShapeError(f"a response must be a number written as text (got {shorten(raw)})")
        if is_blank(raw):
            return None
        if parse_number(raw) is None:
            typed = excerpt(raw.strip(), 40)
            raise ShapeError(f"'{typed}' is not a number (write it like 14, 0.5 or 480,000)", "not_a_number")
        return raw

    def to_json(self, texts: Texts) -> dict[str, Any]:
        return {"unit": self.unit} if self.unit else {}


@dataclass(frozen=True)
class NumberEntryKey(Key[str]):
    """The numbers that are right, and the one that is told."""

    rule: IntervalRule
    right: str

    def share(self, response: str) -> float:
        number = parse_number(response)
        return 0.0 if number is None else self.rule.share(number)

    @property
    def answer(self) -> str:
        return self.right
