"""A field for a number that is computed from the learner's own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from civicquiz.authoring.formulas import with_values
from civicquiz.authoring.markdown import formula_sources, names_in_formulas
from civicquiz.authoring.wording import excerpt, number_in_formula, written_number
from civicquiz.model.interactions.interaction import Interaction, ShapeError, Texts, read_mapping
from civicquiz.model.interactions.key import Accepted, Key
from civicquiz.model.interactions.number_entry import NumberField, parse_number
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


def filled(text: str, variant: Mapping[str, str], *, comma: bool = False) -> str:
    """Markdown with the numbers of ``variant`` in place of their names, also in its formulas; ``comma`` is as for
    :func:`~civicquiz.authoring.wording.written_number`.
    """
    in_formulas = {name: f"{{{number_in_formula(number, comma=comma)}}}" for name, number in variant.items()}
    for source in formula_sources(text):
        text = text.replace(source, with_values(source, in_formulas), 1)
    return with_numbers(text, {name: written_number(number, comma=comma) for name, number in variant.items()})


@dataclass(frozen=True)
class ComputedNumber(NumberField, Interaction[dict[str, str]]):
    """A text field for a number, and the learner's own set of numbers (a variant) to compute it from.

    A response has what was typed as ``answer``, and the learner's numbers by their names, all as text, so that it can
    be graded on its own.
    """

    name: ClassVar[str] = "calculated"
    typed: ClassVar[tuple[type, ...]] = (dict,)

    #: how many decimals learners are asked for; None if they are asked for significant figures
    decimals: int | None = None

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        names = self.variants[0]
        response = read_mapping(raw, ("answer", *names), "number")
        if not response or "answer" not in response:
            return None
        response["answer"] = self.read_number(response["answer"], language)
        require_variant(response, self.variants)
        return response

    def content(self, texts: Texts) -> dict[str, Any]:
        decimals = {} if self.decimals is None else {"decimals": self.decimals}
        return {**decimals, **self.field_to_json()}


def require_variant(response: Mapping[str, str], variants: Iterable[Mapping[str, str]]) -> None:
    """Check that the numbers in ``response`` are one of ``variants``.

    Raises:
        ShapeError: they are not, or one is missing.
    """
    names = list(next(iter(variants)))
    for name in names:
        if name not in response:
            raise ShapeError(
                f"the number '{name}' is missing: a response must include the numbers that the learner was given"
            )
    if {name: response[name] for name in names} not in variants:
        numbers = ", ".join(f"{name}={excerpt(response[name], 40)}" for name in names)
        raise ShapeError(f"no variant of this question has {numbers}")


def first_numbers(interaction: Interaction[Any]) -> dict[str, str]:
    """The first set of numbers, for learners without their own, such as on paper; empty if there are no numbers."""
    return dict(interaction.variants[0]) if interaction.variants else {}


@dataclass(frozen=True)
class ComputedNumberKey(Key[dict[str, str]]):
    """The numbers that are right for each variant, and the one to show as the answer. Tokens are as for a number."""

    rule: VariantsRule
    #: key of a variant (see the rule) -> right answer, written for people
    right: Mapping[str, str]

    def variant(self, numbers: Mapping[str, str]) -> str:
        """The key of the variant that has these numbers, by their names; there may be others among them."""
        return " ".join(numbers[name] for name in self.rule.variables)

    def share(self, response: dict[str, str]) -> float:
        number = parse_number(response["answer"])
        return 0.0 if number is None else self.rule.of_set(self.variant(response)).share(number)

    def tokens(self, response: dict[str, str]) -> list[str]:
        number = parse_number(response["answer"])
        return [] if number is None else self.rule.of_set(self.variant(response)).tokens(number)

    def answer_for(self, response: dict[str, str] | None) -> str:
        return self.right[self.variant(response)] if response else next(iter(self.right.values()))

    def accepted_for(self, response: Any) -> list[Accepted]:
        rule = self.rule.of_set(self.variant(response) if response else next(iter(self.right)))
        return [Accepted(interval) for interval in rule.intervals()]

    def answers_by_variant(self) -> Mapping[str, str]:
        return self.right

    @property
    def answer(self) -> dict[str, str]:
        variant, right = next(iter(self.right.items()))
        return {"answer": right, **dict(zip(self.rule.variables, variant.split(" "), strict=True))}
