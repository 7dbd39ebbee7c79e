"""A field for a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from reprlib import repr as shorten
from typing import Any, ClassVar, Self

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import Interaction, Response, ShapeError
from civicquiz.model.interactions.rules import IntervalRule
from civicquiz.model.interactions.text_matching import is_blank

#: What is passed over around and in a number; ``static/quiz.js`` has the same set.
_BLANK = re.compile("[ \t\r\n\u00a0\u2009\u202f]")

#: What counts as a number; ``static/quiz.js`` has the same pattern.
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
class NumberEntry(Interaction):
    """A text field for a number. A response is what was typed."""

    name: ClassVar[str] = "number"
    typed: ClassVar[bool] = True

    rule: IntervalRule
    right: str
    unit: str = ""

    def read(self, response: Any) -> Response | None:
        if response is None:
            return None
        if not isinstance(response, str):
            raise ShapeError(f"a response is the number as text (got {shorten(response)})")
        if is_blank(response):
            return None
        if parse_number(response) is None:
            raise ShapeError(f"'{excerpt(response.strip(), 40)}' is not a number (write it like 14, 0.5 or 480,000)")
        return response

    def tokens(self, response: Any) -> list[str]:
        return []

    def share(self, response: Any) -> float:
        number = parse_number(str(response))
        return 0.0 if number is None else self.rule.share(number)

    def scoring(self) -> IntervalRule:
        return self.rule

    def public(self) -> dict[str, Any]:
        return {"unit": self.unit}

    def labelled(self, other: Self) -> Self:
        return replace(self, unit=other.unit)

    @property
    def answer(self) -> Response:
        return self.right
