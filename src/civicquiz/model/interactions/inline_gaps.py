"""A running text with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from civicquiz.model.interactions.choice import Choice, ChoiceKey
from civicquiz.model.interactions.computed_number import ComputedNumber, ComputedNumberKey, require_variant
from civicquiz.model.interactions.interaction import Interaction, Option, ShapeError, Texts, read_mapping
from civicquiz.model.interactions.key import Accepted, Key
from civicquiz.model.interactions.number_entry import NumberEntry, NumberEntryKey
from civicquiz.model.interactions.rules import GapsRule
from civicquiz.model.interactions.text_entry import TextEntry, TextEntryKey

#: The interactions that a gap can be, and their keys.
GapInteraction = Choice | NumberEntry | ComputedNumber | TextEntry
GapKey = ChoiceKey | NumberEntryKey | ComputedNumberKey | TextEntryKey


@dataclass(frozen=True)
class Gap:
    """The position of a gap in a running text."""

    id: str


@dataclass(frozen=True)
class InlineGaps(Interaction[dict[str, str]]):
    """A text with gaps, each of which is an interaction. A response maps gap ids to an option id or a text.

    If a gap is for a number that is computed from the learner's own numbers, the response has those, too, by their
    names, so that it can be graded on its own.
    """

    name: ClassVar[str] = "gaps"
    typed: ClassVar[tuple[type, ...]] = (dict,)

    #: each segment is Markdown or a gap
    passage: tuple[str | Gap, ...]
    gaps: Mapping[str, GapInteraction]

    def read(self, raw: object, language: str = "en") -> dict[str, str] | None:
        response: dict[str, str] = {}
        numbers = self.number_names()
        values = read_mapping(raw, (*self.gaps, *numbers), "gap") or {}
        # In the order of the text, so that both languages tell a learner of the same gap first.
        for name, gap in self.gaps.items():
            value = values.get(name)
            if value is None:
                continue
            try:
                if isinstance(gap, ComputedNumber):
                    response[name] = gap.read_number(value, language)
                    continue
                read = gap.read([value] if isinstance(gap, Choice) else value, language)
                if read is not None:
                    response[name] = read if isinstance(read, str) else value
            except ShapeError as error:
                raise ShapeError(f"gap '{name}': {error}", error.code) from None
        if response and numbers:
            require_variant(values, self.variants)
            response |= {name: values[name] for name in numbers}
        return response or None

    def number_names(self) -> tuple[str, ...]:
        """The names of the numbers that a response has besides its gaps."""
        has_computed = any(isinstance(gap, ComputedNumber) for gap in self.gaps.values())
        return tuple(self.variants[0]) if has_computed else ()

    def content(self, texts: Texts) -> dict[str, Any]:
        return {
            "passage": texts.passage([{"gap": part.id} if isinstance(part, Gap) else part for part in self.passage]),
            "gaps": {name: {"interaction": gap.name, **gap.content(texts)} for name, gap in self.gaps.items()},
        }

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        return tuple(options for gap in self.gaps.values() for options in gap.option_lists())


@dataclass(frozen=True)
class InlineGapsKey(Key[dict[str, str]]):
    """A key for each gap. Each gap earns an equal share of the points. A token is ``"gap token-of-the-gap"``."""

    gaps: Mapping[str, GapKey]
    rule: GapsRule

    @classmethod
    def of(cls, gaps: Mapping[str, GapKey]) -> InlineGapsKey:
        """The key for a text whose gaps have these keys."""
        return cls(gaps, GapsRule({name: key.rule for name, key in gaps.items()}))

    def tokens(self, response: dict[str, str]) -> list[str]:
        return [
            f"{name} {token}"
            for name, key in self.gaps.items()
            if name in response
            for token in key.tokens(_response_to(key, name, response))
        ]

    def part_scores(self, response: dict[str, str]) -> dict[str, float]:
        scores = dict.fromkeys(self.gaps, 0.0)
        for name in response.keys() & scores.keys():
            key: Key[Any] = self.gaps[name]
            scores[name] = key.share(_response_to(key, name, response))
        return scores

    def share(self, response: dict[str, str]) -> float:
        scores = self.part_scores(response)
        return sum(scores.values()) / len(scores)

    def answer_for(self, response: dict[str, str] | None) -> dict[str, str]:
        answers = {}
        for name, key in self.gaps.items():
            if isinstance(key, ComputedNumberKey):
                answers[name] = key.answer_for(response)
            else:
                answers[name] = key.right[0] if isinstance(key, ChoiceKey) else key.answer
        return answers

    def in_language(self, language: str) -> Self:
        return replace(self, gaps={name: key.in_language(language) for name, key in self.gaps.items()})

    def accepted_for(self, response: Any) -> list[Accepted]:
        return [found._replace(gap=name) for name, key in self.gaps.items() for found in key.accepted_for(response)]

    def answers_by_variant(self) -> Mapping[str, Mapping[str, str]]:
        answers: dict[str, dict[str, str]] = {}
        for name, gap in self.gaps.items():
            for variant, answer in gap.answers_by_variant().items():
                answers.setdefault(variant, {})[name] = answer
        return answers

    @property
    def answer(self) -> dict[str, str]:
        computed = next((key for key in self.gaps.values() if isinstance(key, ComputedNumberKey)), None)
        numbers = {name: number for name, number in computed.answer.items() if name != "answer"} if computed else {}
        return self.answer_for(None) | numbers


def _response_to(key: Key[Any], name: str, response: Mapping[str, str]) -> Any:
    """What a gap's own key takes as the response to the gap ``name``."""
    if isinstance(key, ChoiceKey):
        return [response[name]]
    return {**response, "answer": response[name]} if isinstance(key, ComputedNumberKey) else response[name]
