"""A field for a number that is computed from the learner's own numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import Interaction, Response, ShapeError, read_each
from civicquiz.model.interactions.number_entry import parse_number
from civicquiz.model.interactions.rules import VariantsRule

#: A role such as {math}`x^{2}`, whose braces are its own; or the place of a number, as the second group.
_PLACE = re.compile(r"\{[\w:-]+\}(`++).+?(?<!`)\1(?!`)|\{([^\W\d]\w*)\}", re.DOTALL)


def placeholders(text: str) -> list[str]:
    """The names in braces in ``text``, in order: ``{cases} a day`` has ``cases``."""
    return [place[2] for place in _PLACE.finditer(text) if place[2]]


def with_numbers(text: str, variant: Mapping[str, str]) -> str:
    """``text`` with the numbers of ``variant`` in place of their names: ``{cases} a day`` -> ``20 a day``.

    Markdown should be rendered first: a number at the start of a line can make a list of it. Braces around anything
    that is no name of ``variant`` are left alone.
    """
    return _PLACE.sub(lambda place: variant.get(place[2], place[0]), text)


@dataclass(frozen=True)
class ComputedNumber(Interaction):
    """A text field for a number, and a set of numbers of the learner's own (a variant) to compute it from.

    A response holds what was typed as ``answer`` and the learner's numbers by their names, all as text, so that it can
    be graded on its own.
    """

    name: ClassVar[str] = "calculated"
    typed: ClassVar[bool] = True

    rule: VariantsRule
    #: key of a variant (see the rule) -> right answer
    right: Mapping[str, str]
    decimals: int
    unit: str = ""

    def read(self, response: Any) -> Response | None:
        given = read_each(response, ("answer", *self.rule.variables), "number")
        if not given or "answer" not in given:
            return None
        if parse_number(given["answer"]) is None:
            raise ShapeError(
                f"'{excerpt(given['answer'].strip(), 40)}' is not a number (write it like 14, 0.5 or 480,000)"
            )
        for name in self.rule.variables:
            if name not in given:
                raise ShapeError(f"number '{name}' is missing: a response holds the numbers that the learner had")
        if self._key(given) not in self.right:
            numbers = ", ".join(f"{name}={excerpt(given[name], 40)}" for name in self.rule.variables)
            raise ShapeError(f"nobody is given the numbers {numbers}")
        return dict(given)

    def _key(self, given: Mapping[str, str]) -> str:
        return " ".join(given[name] for name in self.rule.variables)

    def tokens(self, response: Any) -> list[str]:
        return []

    def share(self, response: Any) -> float:
        number = parse_number(response["answer"])
        return 0.0 if number is None else self.rule.share(self._key(response), number)

    def scoring(self) -> VariantsRule:
        return self.rule

    def public(self) -> dict[str, Any]:
        return {"variants": self.variants(), "decimals": self.decimals, "unit": self.unit}

    def variants(self) -> list[dict[str, str]]:
        """Every set of numbers that a learner can have: name -> number as text."""
        return [dict(zip(self.rule.variables, key.split(" "), strict=True)) for key in self.rule.answers]

    def answer_to(self, response: Any) -> Response:
        """The right answer to the numbers of a response or a variant, as people write it."""
        return self.right[self._key(response)]

    def answers(self) -> dict[str, str]:
        """Key of a variant -> its right answer, as people write it."""
        return dict(self.right)

    def labelled(self, other: Self) -> Self:
        return replace(self, unit=other.unit)

    @property
    def answer(self) -> Response:
        first = self.variants()[0]
        return {"answer": self.right[self._key(first)], **first}
