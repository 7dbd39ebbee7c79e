"""The scoring rules, after QTI's response processing.

The scripts in ``static/interactions/`` implement them a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from civicquiz.model.interactions.intervals import Interval
from civicquiz.model.interactions.text_matching import distance, normalized


@dataclass(frozen=True)
class MapRule:
    """Token -> weight. With ``all_or_nothing``, anything below ``full`` earns nothing."""

    weights: dict[str, int]
    full: int
    all_or_nothing: bool = False

    def share(self, tokens: Iterable[str]) -> float:
        """The share of the points, 0.0 to 1.0, that ``tokens`` earn."""
        total = min(max(sum(self.weights.get(token, 0) for token in tokens), 0), self.full)
        if self.all_or_nothing and total < self.full:
            return 0.0
        return total / self.full

    def to_json(self) -> dict[str, Any]:
        return {"rule": "map", "weights": self.weights, "full": self.full, "allOrNothing": self.all_or_nothing}


@dataclass(frozen=True)
class IntervalRule:
    """Full credit from ``low`` to ``high``, both included, and in any of the further intervals ``also``.

    ``mistakes`` are known wrong numbers; a number in one of them has the token ``mistake-1``, ``mistake-2`` and so on.
    """

    low: float
    high: float
    also: tuple[Interval, ...] = ()
    mistakes: tuple[Interval, ...] = ()

    def share(self, number: float) -> float:
        return 1.0 if _position(number, self.intervals()) else 0.0

    def intervals(self) -> tuple[Interval, ...]:
        """All the numbers that are right."""
        return (self.low, self.high), *self.also

    def tokens(self, number: float) -> list[str]:
        """The known mistake that ``number`` is, if it is not right."""
        position = None if self.share(number) else _position(number, self.mistakes)
        return [f"mistake-{position}"] if position else []

    def to_json(self) -> dict[str, Any]:
        lists = {"also": self.also, "mistakes": self.mistakes}
        further = {name: [list(interval) for interval in intervals] for name, intervals in lists.items() if intervals}
        return {"rule": "interval", "low": self.low, "high": self.high, **further}


def _position(number: float, intervals: Iterable[Interval]) -> int | None:
    """Which of ``intervals``, counted from 1, has ``number`` in it; the first one if there are several."""
    return next((position for position, (low, high) in enumerate(intervals, start=1) if low <= number <= high), None)


@dataclass(frozen=True)
class TextRule:
    """The credit, 1 to 100, of the accepted text that a response matches, after ``ignore`` has been applied to both.

    With ``typos``, a text that is at most that many single-character edits away still matches; see :func:`forgiving`.
    """

    accept: Mapping[str, int]
    ignore: tuple[str, ...] = ()
    typos: int = 0
    #: known mistakes: never taken for a slip of the keyboard
    mistakes: tuple[str, ...] = ()

    def share(self, text: str) -> float:
        given = normalized(text, self.ignore)
        exact = self.accept.get(given)
        if exact is not None:
            return exact / 100
        if not self.typos or given in self.mistakes:
            return 0.0
        near = (
            credit
            for accepted, credit in self.accept.items()
            if forgiving(accepted, self.typos)
            and abs(len(given) - len(accepted)) <= self.typos
            and distance(given, accepted) <= self.typos
        )
        return max(near, default=0) / 100

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": "text",
            "accept": dict(self.accept),
            "ignore": list(self.ignore),
            "typos": self.typos,
            "mistakes": list(self.mistakes),
        }


def forgiving(accepted: str, typos: int) -> bool:
    """Whether typos are forgiven in a text: it needs four characters for each, and no digits (1799 is not 1798)."""
    return len(accepted) >= 4 * typos and re.search("[0-9]", accepted) is None


@dataclass(frozen=True)
class DistanceRule:
    """Numbers on a scale: full credit within ``tolerance`` of the target, falling linearly to none at ``reach``.

    The share is the mean over all targets; a target that was not placed earns nothing.
    """

    targets: Mapping[str, float]
    tolerance: float
    reach: float

    def shares(self, placed: Mapping[str, float]) -> dict[str, float]:
        """The share of each target."""
        shares = {}
        for name, target in self.targets.items():
            off = abs(placed[name] - target) if name in placed else self.reach
            falling = 1 - (off - self.tolerance) / (self.reach - self.tolerance)
            shares[name] = 1.0 if off <= self.tolerance else max(falling, 0.0)
        return shares

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": "distance",
            "targets": dict(self.targets),
            "tolerance": self.tolerance,
            "reach": self.reach,
        }


@dataclass(frozen=True)
class VariantsRule:
    """An interval for each set of numbers that a learner can have, both ends included.

    The key of a set is its numbers, in the order of ``variables``, joined by spaces: ``"20 1000"``.
    """

    variables: tuple[str, ...]
    answers: Mapping[str, Interval]
    #: for each set, the known wrong numbers, as in :class:`IntervalRule`
    mistakes: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)

    def of_set(self, key: str) -> IntervalRule:
        """The rule for one set of numbers."""
        return IntervalRule(*self.answers[key], mistakes=self.mistakes.get(key, ()))

    def to_json(self) -> dict[str, Any]:
        answers = {key: list(interval) for key, interval in self.answers.items()}
        mistakes = {key: [list(interval) for interval in intervals] for key, intervals in self.mistakes.items()}
        further = {"mistakes": mistakes} if mistakes else {}
        return {"rule": "variants", "variables": list(self.variables), "answers": answers, **further}


@dataclass(frozen=True)
class GapsRule:
    """A rule for each gap; the share is their mean, and an empty gap earns nothing."""

    gaps: Mapping[str, MapRule | IntervalRule | TextRule | VariantsRule]

    def to_json(self) -> dict[str, Any]:
        return {"rule": "gaps", "gaps": {name: rule.to_json() for name, rule in self.gaps.items()}}


Rule = MapRule | IntervalRule | TextRule | DistanceRule | VariantsRule | GapsRule


def net_correct(right: Iterable[str], wrong: Iterable[str], *, all_or_nothing: bool = False) -> MapRule:
    """The map that scores right tokens minus wrong tokens.

    A right token earns 1 / (number of right tokens). A wrong token costs as much, or more if there are fewer wrong
    tokens than right ones, so that giving every token earns exactly nothing. (Net-correct scoring as in PrairieLearn's
    checkbox question, with that last rule added.)
    """
    right, wrong = list(right), list(wrong)
    gain, loss = (1, 1) if not wrong or len(wrong) >= len(right) else (len(wrong), len(right))
    weights = dict.fromkeys(right, gain) | dict.fromkeys(wrong, -loss)
    return MapRule(weights, full=gain * len(right), all_or_nothing=all_or_nothing)
