"""A field for a number that is computed from the learner's own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.authoring.markdown import formula_sources, names_in_formulas
from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.interaction import Interaction, ShapeError, Texts, read_mapping
from civicquiz.model.interactions.key import Key
from civicquiz.model.interactions.number_entry import parse_number, read_number
from civicquiz.model.interactions.rules import VariantsRule

#: A role such as {math}`x^{2}`, whose braces are part of the role; or the name of a number, as the second group.
_PLACEHOLDER = re.compile(r"\{[\w:-]+\}(`++).+?(?<!`)\1(?!`)|\{([^\W\d]\w*)\}", re.DOTALL)


def placeholders(text: str, known: Iterable[str] = ()) -> list[str]:
    """The names in braces in ``text``: ``{cases} a day`` contains ``cases``. In a formula, where braces have another
    meaning, only the ``known`` ones are names.
    """
    outside = text
    for source in formula_sources(text):
        outside = outside.replace(source.strip(), " ", 1)
    return [found[2] for found in _PLACEHOLDER.finditer(outside) if found[2]] + names_in_formulas(text, known)


def with_numbers(text: str, variant: Mapping[str, str]) -> str:
    """``text`` with the numbers of ``variant`` in place of their names: ``{cases} a day`` -> ``20 a day``.

    Markdown should be rendered first: a number at the start of a line can turn it into a list. Braces around anything
    that is not a name in ``variant`` are left alone.
    """
    return _PLACEHOLDER.sub(lambda found: variant.get(found[2], found[0]), text)


@dataclass(frozen=True)
class ComputedNumber(Interaction[dict[str, str]]):
    """A text field for a number, and the learner's own set of numbers (a variant) to compute it from.

    A response has what was typed as ``answer``, and the learner's numbers by their names, all as text, so that it can
    be graded on its own.
    """

    name: ClassVar[str] = "calculated"
    typed: ClassVar[tuple[type, ...]] = (dict,)

    #: every set of numbers that a learner can have: name -> number as text
    variants: tuple[dict[str, str], ...]
    decimals: int
    unit: str = ""

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        names = self.variants[0]
        response = read_mapping(raw, ("answer", *names), "number")
        if not response or "answer" not in response:
            return None
        response["answer"] = read_number(response["answer"], language, self.unit)
        for name in names:
            if name not in response:
                raise ShapeError(
                    f"the number '{name}' is missing: a response must include the numbers that the learner was given"
                )
        if {name: response[name] for name in names} not in self.variants:
            numbers = ", ".join(f"{name}={excerpt(response[name], 40)}" for name in names)
            raise ShapeError(f"no variant of this question has {numbers}")
        return response

    def to_json(self, texts: Texts) -> dict[str, Any]:
        unit = {"unit": self.unit} if self.unit else {}
        return {"variants": list(self.variants), "decimals": self.decimals, **unit}


def first_numbers(interaction: Interaction[Any]) -> dict[str, str]:
    """The first set of numbers, for learners without their own, such as on paper; empty if there are no numbers."""
    return interaction.variants[0] if isinstance(interaction, ComputedNumber) else {}


@dataclass(frozen=True)
class ComputedNumberKey(Key[dict[str, str]]):
    """The numbers that are right for each variant, and the one to show as the answer."""

    rule: VariantsRule
    #: key of a variant (see the rule) -> right answer, written for people
    right: Mapping[str, str]

    def _variant(self, response: Mapping[str, str]) -> str:
        return " ".join(response[name] for name in self.rule.variables)

    def share(self, response: dict[str, str]) -> float:
        number = parse_number(response["answer"])
        return 0.0 if number is None else self.rule.share(self._variant(response), number)

    def answer_for(self, response: dict[str, str] | None) -> str:
        return self.right[self._variant(response)] if response else next(iter(self.right.values()))

    def answers_by_variant(self) -> Mapping[str, str]:
        return self.right

    @property
    def answer(self) -> dict[str, str]:
        variant, right = next(iter(self.right.items()))
        return {"answer": right, **dict(zip(self.rule.variables, variant.split(" "), strict=True))}
