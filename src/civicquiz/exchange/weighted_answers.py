"""Weighted answers, as learning platforms have them -> the keys of a quiz, with every rule that a quiz cannot say.

A weight is the percentage of the points that an answer earns; a negative one costs points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.errors import ExchangeError

__all__ = [
    "NumberAnswer",
    "TextAnswer",
    "explained",
    "number_of",
    "numeric",
    "one_right",
    "several_right",
    "short_text",
]

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
#: How many percent two weights may differ and still be meant as the same: 33.333 is a third.
_SAME = 0.01
#: Feedback that says nothing but that the answer is right.
_PRAISE = re.compile(
    r"(?:\W*(?:correct|right|yes|true|good|great|nice|excellent|exactly|well done|very good|that'?s right|job|work|"
    r"indeed|answer|richtig|correcto|exact|sí)\b)+\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NumberAnswer:
    """Numbers with a weight: those from ``low`` to ``high``; around ``number`` with a ``margin``; or all of them."""

    weight: float
    feedback: str = ""
    number: float | int | None = None
    margin: float | int = 0
    low: float | int | None = None
    high: float | int | None = None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The smallest and the largest number; None if it is every number."""
        if self.number is not None:
            return self.number - self.margin, self.number + self.margin
        return (self.low, self.high) if self.low is not None and self.high is not None else None

    def __str__(self) -> str:
        if self.number is not None:
            margin = f" ± {number_text(float(self.margin))}" if self.margin else ""
            return f"{number_text(float(self.number))}{margin}"
        ends = self.ends
        return f"{number_text(float(ends[0]))} to {number_text(float(ends[1]))}" if ends else "any other number"


@dataclass(frozen=True)
class TextAnswer:
    """A text that students may type, with a weight; whether a * in it stands for any characters."""

    weight: float
    text: str
    feedback: str = ""
    has_wildcard: bool = False


def number_of(text: str) -> float | int:
    """The number that is written with a decimal point.

    Raises:
        ExchangeError: it is not one.
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if not _NUMBER.fullmatch(text):
        raise ExchangeError(f"'{excerpt(text, 40)}' is not a number; write it with a decimal point and without a unit.")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ExchangeError(f"'{excerpt(text, 40)}' is too large.")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _percent(weight: float) -> str:
    return f"{number_text(weight, 2)}%"


# ---- Choices ----


def one_right(texts: Sequence[str], weights: Sequence[float]) -> tuple[list[int], list[str]]:
    """(positions of the right options, changes) of options of which one can be chosen."""
    right = [position for position, weight in enumerate(weights) if weight >= 100 - _SAME]
    changes = []
    if not right and max(weights, default=0) > 0:
        best = max(weights)
        right = [position for position, weight in enumerate(weights) if weight == best]
        changes.append(f"No option earned all the points; the best one earned {_percent(best)}, and earns all here.")
    for position, weight in enumerate(weights):
        if position not in right and weight > 0:
            changes.append(
                f"'{excerpt(texts[position], 40)}' earned {_percent(weight)} of the points; here, it earns none."
            )
    costs = sorted({weight for weight in weights if weight < 0})
    if costs:
        some = " and ".join(_percent(-weight) for weight in costs[:3])
        changes.append(f"A wrong option cost {some} of the points; here, it costs none.")
    return right, changes


def several_right(texts: Sequence[str], weights: Sequence[float]) -> tuple[list[int], list[str]]:
    """(positions of the right options, changes) of options of which several can be chosen.

    Exact is what ``scoring: net-correct`` does: each right option earns an equal share, and each wrong one costs one.
    """
    right = [position for position, weight in enumerate(weights) if weight > 0]
    wrong = [weight for weight in weights if weight <= 0]
    changes = []
    if not right:
        return [], []
    share = 100 / len(right)
    if any(abs(weights[position] - share) > _SAME for position in right):
        named = ", ".join(f"'{excerpt(texts[position], 30)}' {_percent(weights[position])}" for position in right[:6])
        changes.append(f"The right options earned different shares ({named}); here, each earns the same.")
    if wrong and not any(wrong):
        changes.append("A wrong choice cost nothing; here, it costs as much as a right one earns.")
    elif any(abs(weight + share) > _SAME for weight in wrong):
        costs = " or ".join(_percent(-weight) for weight in sorted(set(wrong))[:3])
        changes.append(f"A wrong choice cost {costs} of the points; here, it costs as much as a right one earns.")
    return right, changes


# ---- Texts and numbers that are typed ----


def explained(right: Sequence[tuple[str, str]], explanation: str, changes: list[str]) -> str:
    """The explanation of a question whose right answers, (answer, feedback), had feedback of their own."""
    said = list(dict.fromkeys(feedback for _, feedback in right if feedback))
    if (
        len(said) == 1
        and not _PRAISE.fullmatch(said[0][:200])
        and not explanation
        and len([feedback for _, feedback in right if feedback]) == len(right)
    ):
        changes.append("The feedback on the right answer became the explanation, which all students read in the end.")
        return said[0]
    for answer, feedback in right:
        if feedback:
            changes.append(f"The feedback on '{excerpt(answer, 40)}' was left out: '{excerpt(feedback, 300)}'.")
    return explanation


def short_text(answers: Sequence[TextAnswer], explanation: str, changes: list[str]) -> dict[str, Any]:
    """The keys of a ``short-text``."""
    accept: list[Any] = []
    mistakes: list[dict[str, str]] = []
    right: list[tuple[str, str]] = []
    for answer in answers:
        shown = f"'{excerpt(answer.text, 40)}'"
        if answer.has_wildcard:
            what = f" earned {_percent(answer.weight)}; it" if answer.weight > 0 else ""
            said = f" Its feedback was: '{excerpt(answer.feedback, 300)}'." if answer.feedback else ""
            changes.append(f"{shown}{what} was left out, because a * cannot stand for any characters here.{said}")
        elif answer.weight > 0:
            credit = round(answer.weight / 100, 2)
            accept.append(answer.text if credit >= 1 else {"text": answer.text, "credit": max(credit, 0.01)})
            if abs(credit * 100 - answer.weight) > 0.5:
                changes.append(f"{shown} earned {_percent(answer.weight)}; here, it earns {_percent(credit * 100)}.")
            right.append((answer.text, answer.feedback))
        else:
            if answer.weight < 0:
                changes.append(f"{shown} cost {_percent(-answer.weight)} of the points; here, it costs none.")
            if answer.feedback:
                mistakes.append({"text": answer.text, "feedback": answer.feedback})
    explanation = explained(right, explanation, changes)
    values: dict[str, Any] = {"accept": accept}
    if mistakes:
        values["mistakes"] = mistakes
    return {**values, **({"explanation": explanation} if explanation else {})}


def numeric(answers: Sequence[NumberAnswer], explanation: str, changes: list[str]) -> dict[str, Any]:
    """The keys of a ``numeric``.

    Raises:
        ExchangeError: no answer is right.
    """
    right = [answer for answer in answers if answer.weight >= 100 - _SAME and answer.ends]
    if not right:
        raise ExchangeError("No number earns all the points; write the right one.")
    first = right[0]
    values = _right_numbers(right, changes)
    mistakes = []
    for answer in answers:
        ends = answer.ends
        if answer.weight > 0 and answer not in right:
            changes.append(
                f"{answer} earned {_percent(answer.weight)} of the points; here, only the right number earns any."
            )
        elif answer.weight < 0:
            changes.append(f"{answer} cost {_percent(-answer.weight)} of the points; here, it costs none.")
        if answer in right or not answer.feedback:
            continue
        if ends is None or _includes(ends, first):
            changes.append(f"The feedback on {answer} was left out: '{excerpt(answer.feedback, 300)}'.")
        elif ends[0] == ends[1] and not values.get("tolerance"):
            mistakes.append(
                {"number": answer.number if answer.number is not None else ends[0], "feedback": answer.feedback}
            )
        else:
            mistakes.append({"from": _plain(ends[0]), "to": _plain(ends[1]), "feedback": answer.feedback})
    if mistakes:
        values["mistakes"] = mistakes
    explanation = explained([(str(answer), answer.feedback) for answer in right], explanation, changes)
    return {**values, **({"explanation": explanation} if explanation else {})}


def _includes(ends: tuple[float, float], answer: NumberAnswer) -> bool:
    """Whether the right ``answer`` is within ``ends``: a number that is right cannot have feedback as a mistake."""
    inner = answer.ends
    return inner is not None and ends[0] <= inner[0] and inner[1] <= ends[1]


def _right_numbers(right: Sequence[NumberAnswer], changes: list[str]) -> dict[str, Any]:
    """The keys that say which numbers are right."""
    first, *others = right
    ends = first.ends
    assert ends is not None  # the caller has looked
    if first.number is not None:
        values: dict[str, Any] = {"answer": first.number, "tolerance": first.margin}
    else:
        middle = number_of(f"{(ends[0] + ends[1]) / 2:.12g}")
        values = {"answer": middle, "range": {"from": first.low, "to": first.high}}
    accept = []
    for other in others:
        if other.number is not None and "tolerance" in values and other.margin == first.margin:
            accept.append(other.number)
        elif not (other.ends and ends[0] <= other.ends[0] and other.ends[1] <= ends[1]):
            changes.append(f"{other} was right, too; it was left out, because its tolerance is not that of {first}.")
    if accept:
        values["accept"] = list(dict.fromkeys(accept))
    return values


def _plain(number: float) -> float | int:
    """A number that was calculated, without the digits that a computer adds."""
    return number_of(f"{number:.12g}")
