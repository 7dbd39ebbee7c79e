"""The closed set of interactions: what a browser shows, what shape its response has, how that response scores.

Two scoring rules serve them all, after QTI's *map response* and numeric range:

* :class:`MapRule`: every token of a response carries a weight; the weights are added up, cut off at 0 and at ``full``,
  and divided by ``full``.
* :class:`IntervalRule`: a number scores when it lies in a closed interval.

Both are implemented a second time in ``static/quiz.js``; ``tests/grading_cases.json`` and a property test hold the two
together. Weights are whole numbers so that both languages compute the very same score.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from reprlib import repr as shorten
from typing import Any, ClassVar

__all__ = [
    "Choice",
    "Interaction",
    "IntervalRule",
    "MapRule",
    "NumberEntry",
    "Option",
    "Order",
    "Response",
    "ShapeError",
    "net_correct",
    "parse_number",
]

#: What a learner gave: ids (choice, order) or a text (text entry, number entry).
Response = list[str] | str


class ShapeError(ValueError):
    """A response has the wrong shape or names something that the question does not have."""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen or moved.

    ``text`` is the author's Markdown. An option that no author wrote has a ``word`` instead, a key of
    ``static/locale/``, and is shown in the language of the quiz.
    """

    id: str
    text: str = ""
    word: str = ""


@dataclass(frozen=True)
class MapRule:
    """Token -> weight. With ``all_or_nothing`` anything below ``full`` is worth nothing."""

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
    """All points from ``low`` to ``high``, both included."""

    low: float
    high: float

    @classmethod
    def around(cls, answer: float, tolerance: float) -> IntervalRule:
        """``answer`` plus and minus ``tolerance``, computed in decimals: 0.3 and 0.1 give 0.2 to 0.4 exactly."""
        middle, reach = Decimal(repr(answer)), Decimal(repr(tolerance))
        return cls(float(middle - reach), float(middle + reach))

    def share(self, number: float) -> float:
        return 1.0 if self.low <= number <= self.high else 0.0

    def to_json(self) -> dict[str, Any]:
        return {"rule": "interval", "low": self.low, "high": self.high}


def net_correct(right: Iterable[str], wrong: Iterable[str], *, all_or_nothing: bool = False) -> MapRule:
    """The map that scores right tokens minus wrong tokens.

    A right token earns 1 / (number of right ones). A wrong token costs as much, or more where there are fewer wrong
    tokens than right ones, so that giving every token earns exactly nothing. (Net-correct scoring as in PrairieLearn's
    checkbox question, with that last clause added.)
    """
    right, wrong = list(right), list(wrong)
    gain, loss = (1, 1) if not wrong or len(wrong) >= len(right) else (len(wrong), len(right))
    weights = dict.fromkeys(right, gain) | dict.fromkeys(wrong, -loss)
    return MapRule(weights, full=gain * len(right), all_or_nothing=all_or_nothing)


class Interaction(ABC):
    """What a question type compiles to. ``name`` is what the browser knows it by."""

    name: ClassVar[str]

    @abstractmethod
    def read(self, response: Any) -> Response | None:
        """``response`` if it is well-formed, None if it is empty.

        Raises:
            ShapeError: anything else. It says what is wrong, not which question it is.
        """

    @abstractmethod
    def share(self, response: Response) -> float:
        """The share of the points, 0.0 to 1.0, of a response that :meth:`read` returned."""

    @abstractmethod
    def public(self) -> dict[str, Any]:
        """What the browser needs to show it; nothing of the key. Texts are Markdown under ``options``."""

    @abstractmethod
    def scoring(self) -> MapRule | IntervalRule:
        """The rule, for the key of a practice page."""

    @property
    @abstractmethod
    def answer(self) -> Response:
        """A response that earns all points."""


def _read_ids(response: Any, known: Iterable[str]) -> list[str] | None:
    if response is None:
        return None
    if not isinstance(response, (list, tuple)) or not all(isinstance(part, str) for part in response):
        raise ShapeError(f"a response is a list of ids (got {shorten(response)})")
    known = list(known)
    for part in response:
        if part not in known:
            raise ShapeError(f"there is no option '{part:.60}' (there are: {', '.join(known)})")
    if len(set(response)) != len(response):
        raise ShapeError(f"an id stands twice in the response {list(response)!r:.80}")
    return list(response) or None


@dataclass(frozen=True)
class Choice(Interaction):
    """Radio buttons, or check boxes when ``multiple``. A response is a list of option ids."""

    name: ClassVar[str] = "choice"

    options: tuple[Option, ...]
    right: tuple[str, ...]
    multiple: bool = False
    all_or_nothing: bool = False

    def read(self, response: Any) -> Response | None:
        ids = _read_ids(response, (option.id for option in self.options))
        if ids and len(ids) > 1 and not self.multiple:
            raise ShapeError(f"only one option can be chosen (got {len(ids)})")
        return ids

    def share(self, response: Response) -> float:
        return self.scoring().share(response)

    def scoring(self) -> MapRule:
        if not self.multiple:
            return MapRule(dict.fromkeys(self.right, 1), full=1)
        wrong = [option.id for option in self.options if option.id not in self.right]
        return net_correct(self.right, wrong, all_or_nothing=self.all_or_nothing)

    def public(self) -> dict[str, Any]:
        return {"multiple": self.multiple, "options": self.options}

    @property
    def answer(self) -> Response:
        return list(self.right)


@dataclass(frozen=True)
class Order(Interaction):
    """A list to put in order. A response is the ids of all options in the learner's order.

    Every pair of options that stands in the right order counts for, every other pair against: Kendall's tau, cut off
    at 0. A reversed list earns nothing, and so on average does a random one.
    """

    name: ClassVar[str] = "order"

    #: as the browser shows them at first; never the right order on purpose
    options: tuple[Option, ...]
    right: tuple[str, ...]

    def read(self, response: Any) -> Response | None:
        ids = _read_ids(response, (option.id for option in self.options))
        if ids and len(ids) != len(self.options):
            raise ShapeError(f"all {len(self.options)} options have to be in the order (got {len(ids)})")
        return ids

    @staticmethod
    def tokens(response: Iterable[str]) -> list[str]:
        """One token ``"earlier later"`` for each pair of ids; ids hold no spaces."""
        ids = list(response)
        return [f"{ids[i]} {ids[j]}" for i in range(len(ids)) for j in range(i + 1, len(ids))]

    def share(self, response: Response) -> float:
        return self.scoring().share(self.tokens(response))

    def scoring(self) -> MapRule:
        return net_correct(self.tokens(self.right), self.tokens(reversed(self.right)))

    def public(self) -> dict[str, Any]:
        return {"options": self.options}

    @property
    def answer(self) -> Response:
        return list(self.right)


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

    rule: IntervalRule
    right: str
    unit: str = ""

    def read(self, response: Any) -> Response | None:
        if response is None:
            return None
        if not isinstance(response, str):
            raise ShapeError(f"a response is the number as text (got {shorten(response)})")
        if not _BLANK.sub("", response):
            return None
        if parse_number(response) is None:
            raise ShapeError(f"'{response.strip()[:40]}' is not a number (write it like 14, 0.5 or 480,000)")
        return response

    def share(self, response: Response) -> float:
        number = parse_number(str(response))
        return 0.0 if number is None else self.rule.share(number)

    def scoring(self) -> IntervalRule:
        return self.rule

    def public(self) -> dict[str, Any]:
        return {"unit": self.unit}

    @property
    def answer(self) -> Response:
        return self.right
