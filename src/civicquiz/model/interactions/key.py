"""What every key defines: which responses to an interaction are right, and what each earns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, Self

from civicquiz.model.interactions.interaction import Response, ResponseT
from civicquiz.model.interactions.intervals import Interval
from civicquiz.model.interactions.rules import MapRule, Rule

__all__ = ["Accepted", "Key", "MapKey"]


class Accepted(NamedTuple):
    """One of the answers that are accepted where learners type: a text, or numbers from one to another."""

    answer: str | Interval
    #: the share of the points that it earns, 0.0 to 1.0
    share: float = 1.0
    #: the gap that it is for; "" if there are none
    gap: str = ""

    @property
    def is_range(self) -> bool:
        """Whether more than one number is accepted."""
        return not isinstance(self.answer, str) and self.answer[0] < self.answer[1]


class Key(ABC, Generic[ResponseT]):
    """How the responses of one interaction score. It takes only responses that the interaction has read.

    A question that only a person can score has no key, and neither does any question of a released copy.
    """

    rule: Rule

    @property
    @abstractmethod
    def answer(self) -> ResponseT:
        """A response that earns all points. For a choice of one option, all the options that do."""

    @abstractmethod
    def share(self, response: ResponseT) -> float:
        """The share of the points, 0.0 to 1.0, that a response earns."""

    def tokens(self, response: ResponseT) -> list[str]:
        """The parts of a response that feedback can refer to, in order."""
        return []

    def part_scores(self, response: ResponseT) -> dict[str, float]:
        """If a learner is told about the parts of a response one by one: their shares, 0.0 to 1.0, by id."""
        return {}

    def answer_for(self, response: ResponseT | None) -> Response:
        """The right answer to show to a learner who gave this response.

        If learners have their own numbers, only the numbers of the response matter; for None, it is the answer for the
        first set of numbers.
        """
        return self.answer

    def accepted_for(self, response: Any) -> list[Accepted]:
        """All answers that are accepted where learners type, for a person who scores on paper; the numbers of the
        learner are those of the ``response``, as in :meth:`answer_for`. Empty for choices.
        """
        return []

    def in_language(self, language: str) -> Self:
        """The same key with the right answer that students are shown in ``language``, which may be another text."""
        return self

    def answers_by_variant(self) -> Mapping[str, Any]:
        """If the right answer depends on the learner's own numbers: what it is for each set, by the key of the set in
        the rule; for gaps, only those that depend on them."""
        return {}


class MapKey(Key[ResponseT]):
    """A key whose rule has a weight for every token of a response."""

    rule: MapRule

    def share(self, response: ResponseT) -> float:
        return self.rule.share(self.tokens(response))
