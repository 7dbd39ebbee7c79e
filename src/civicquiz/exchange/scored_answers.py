"""Answers with what each of them earned in another program -> the keys of a question, with what our rules cannot say.

A share is a part of the points: 1 is all of them, and a negative one costs points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite
from typing import Any

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.exchange.imported import UnreadableError, choice
from civicquiz.model.interactions.rules import net_correct
from civicquiz.model.interactions.text_matching import normalized

__all__ = [
    "Band",
    "Note",
    "ScoredAnswer",
    "all_or_nothing",
    "multiple_choice",
    "numeric",
    "percent",
    "plain_number",
    "scored_elsewhere",
    "short_text",
    "single_choice",
    "whole_number",
]

#: Says what was changed.
Note = Callable[[str], None]

#: How far a share may be from another one that is the same: 33.333 % is a third.
_CLOSE = 0.002
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,300}\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
#: Feedback that says nothing but that the answer is right.
_PRAISE = re.compile(
    r"(?:\W*(?:correct|right|yes|true|good|great|nice|excellent|exactly|well done|very good|that'?s right|job|work|"
    r"indeed|answer|richtig|correcto|exact|sí)\b)+\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ScoredAnswer:
    """An option or an accepted text, the share of the points that it earns, and its feedback.

    In a pattern, an asterisk stood for any text.
    """

    text: str
    share: float
    feedback: str = ""
    is_pattern: bool = False

    @classmethod
    def typed_in_moodle(cls, text: str, share: float, feedback: str = "") -> ScoredAnswer:
        r"""A text that students of Moodle type. An asterisk in it stands for any text, and ``\*`` for itself."""
        is_pattern = re.search(r"(?<!\\)\*", text) is not None
        return cls(text if is_pattern else text.replace("\\*", "*"), share, feedback, is_pattern)


@dataclass(frozen=True)
class Band:
    """Numbers from ``low`` to ``high``, both included; the share of the points that they earn, and their feedback.

    ``number`` is their middle and ``reach`` how far off they are, if the file says that and not the ends.
    """

    low: float
    high: float
    share: float
    feedback: str = ""
    number: float | None = None
    reach: float | None = None

    @classmethod
    def around(cls, number: float, reach: float, share: float, feedback: str = "") -> Band:
        """The numbers that are at most ``reach`` off."""
        return cls(_sum(number, -reach), _sum(number, reach), share, feedback, number, reach)

    @classmethod
    def any_number(cls, share: float, feedback: str = "") -> Band:
        """All numbers that no other band has."""
        return cls(-inf, inf, share, feedback)

    def has(self, number: float) -> bool:
        """Whether a number is one of them."""
        return self.low <= number <= self.high

    def includes(self, other: Band) -> bool:
        """Whether it has all numbers of another one."""
        return self.low <= other.low and other.high <= self.high

    def __str__(self) -> str:
        low, high = number_text(_tidy(self.low), 12), number_text(_tidy(self.high), 12)
        if self.number is not None and self.reach:
            return f"{number_text(_tidy(self.number), 12)} ± {number_text(_tidy(self.reach), 12)}"
        if not isfinite(self.low):
            return f"a number up to {high}" if isfinite(self.high) else "any other number"
        if not isfinite(self.high):
            return f"a number from {low} on"
        return low if low == high else f"a number from {low} to {high}"


def plain_number(text: str, what: str = "a number") -> int | float:
    """A number as programs write it; a whole one is an int.

    Raises:
        UnreadableError: it is not a number.
    """
    written = text.strip().replace("\N{MINUS SIGN}", "-")
    shown = f"'{excerpt(text.strip(), 40)}'"
    if not _NUMBER.fullmatch(written):
        raise UnreadableError(f"{shown} is not {what}; write it with a decimal point and without a unit")
    number = float(written)
    if not isfinite(number):
        raise UnreadableError(f"{shown} is too large")
    return _whole(number)


def whole_number(text: str) -> int:
    """A whole number that is written in at most nine digits; 0 for any other text."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def percent(share: float) -> str:
    """A share in percent, for people."""
    return f"{number_text(share * 100, 2)}%"


def _is(share: float, other: float) -> bool:
    return abs(share - other) < _CLOSE


def _listed(shares: Iterable[float]) -> str:
    return " or ".join(dict.fromkeys(percent(share) if not _is(share, 0) else "nothing" for share in shares))


def _feedback(answers: Sequence[ScoredAnswer]) -> Mapping[int, str]:
    return {number: answer.feedback for number, answer in enumerate(answers) if answer.feedback}


# ---- Choices ----


def single_choice(answers: Sequence[ScoredAnswer], note: Note) -> dict[str, Any]:
    """The ``options`` of a choice of one.

    Raises:
        UnreadableError: no option earns anything.
    """
    best = _best(answers, "option", note)
    right = [number for number, answer in enumerate(answers) if _is(answer.share, best)]
    for number, answer in enumerate(answers):
        if answer.share > 0 and number not in right:
            shown = f"'{excerpt(answer.text, 40)}'"
            note(f"The option {shown} earned {percent(answer.share)} of the points; here it earns nothing.")
    costs = sorted(-answer.share for answer in answers if answer.share <= -_CLOSE)
    if costs:
        note(f"A wrong option cost {_listed(costs)} of the points; here it costs nothing.")
    return {"options": choice([answer.text for answer in answers], right, _feedback(answers))}


def _best(answers: Iterable[ScoredAnswer | Band], what: str, note: Note) -> float:
    best = max((answer.share for answer in answers), default=0.0)
    if not 0 < best < inf:  # what was too large in a calculation is infinite, or no number
        raise UnreadableError(f"no {what} is right")
    if not _is(best, 1):
        note(f"The best {what} earned {percent(best)} of the points; here it earns all of them.")
    return best


def multiple_choice(answers: Sequence[ScoredAnswer], note: Note) -> dict[str, Any]:
    """The ``options`` of a choice of several, where the shares of those that were chosen were added up.

    Raises:
        UnreadableError: no option earns anything.
    """
    right, wrong = _sides(answers)
    gain, cost = _shares_here(len(right), len(wrong))
    shares = [answers[number].share for number in right]
    if not all(_is(share, gain) for share in shares):
        if all(_is(share, shares[0]) for share in shares):
            note(f"Each right option earned {percent(shares[0])} of the points; here it earns {percent(gain)}.")
        else:
            earned = ", ".join(percent(share) for share in shares)
            note(f"The right options earned {earned} of the points; here each earns the same, {percent(gain)}.")
    costs = sorted(-answers[number].share for number in wrong)
    if not all(_is(share, cost) for share in costs):
        note(
            f"A wrong option cost {_listed(costs)}{' of the points' if costs[-1] >= _CLOSE else ''}; here it costs "
            f"{percent(cost)}, {_why(gain, cost)} ('scoring: all-or-nothing' would give no partial credit)."
        )
    return {"options": choice([answer.text for answer in answers], right, _feedback(answers))}


def all_or_nothing(answers: Sequence[ScoredAnswer]) -> dict[str, Any]:
    """The ``options`` and the ``scoring`` of a choice of several that earned something only as a whole.

    Raises:
        UnreadableError: no option earns anything.
    """
    right, _ = _sides(answers)
    options = choice([answer.text for answer in answers], right, _feedback(answers))
    return {"options": options, "scoring": "all-or-nothing"}


def scored_elsewhere(options: Sequence[Any], who: str, note: Note) -> None:
    """Say what our rule is for the options of a choice of several whose own rule, that of ``who``, is not in the
    file.
    """
    right = sum(isinstance(option, dict) and option.get("correct", False) for option in options)
    if right:
        gain, cost = _shares_here(right, len(options) - right)
        ours = f"a right option earns {percent(gain)} of the points"
        ours += f", and a wrong one costs {percent(cost)}" if cost else ""
        note(f"{who} scored several answers by a rule that is not in the file; here {ours}.")


def _sides(answers: Sequence[ScoredAnswer]) -> tuple[list[int], list[int]]:
    """The positions of the right options, and those of the wrong ones."""
    right = [number for number, answer in enumerate(answers) if answer.share > 0]
    if not right:
        raise UnreadableError("no option is right")
    return right, [number for number in range(len(answers)) if number not in right]


def _shares_here(right: int, wrong: int) -> tuple[float, float]:
    """What each right option earns by our rule, and what each wrong one costs; 0 if there is none."""
    rule = net_correct([f"right {number}" for number in range(right)], [f"wrong {number}" for number in range(wrong)])
    return rule.weights["right 0"] / rule.full, -rule.weights.get("wrong 0", 0) / rule.full


def _why(gain: float, cost: float) -> str:
    if cost == gain:
        return "as much as a right one earns"
    return "because there are fewer wrong options than right ones, and choosing all of them earns nothing"


# ---- Texts and numbers that are typed ----


def short_text(
    answers: Sequence[ScoredAnswer], note: Note, explanation: str | None = None, *, is_case_sensitive: bool = False
) -> dict[str, Any]:
    """The keys of a short text.

    Args:
        explanation: what explains the answer; None if that is not for these keys to say. What was said to all right
            answers can become the explanation.

    Raises:
        UnreadableError: no text earns anything.
    """
    ignore = ["space"] if is_case_sensitive else ["case", "space"]
    accept: list[Any] = []
    mistakes: list[dict[str, str]] = []
    right: list[ScoredAnswer] = []
    seen: set[str] = set()
    for answer in answers:
        if answer.is_pattern:
            _leave_out_pattern(answer, note)
    texts = [answer for answer in answers if not answer.is_pattern]
    if len(texts) < len(answers) and not any(answer.share > 0 for answer in texts):
        raise UnreadableError("no text is right, apart from those with an asterisk that stands for any text")
    best = _best(texts, "answer", note)
    for answer in texts:
        text = " ".join(answer.text.split())
        plain = normalized(text, ignore)
        if not plain or plain in seen:
            continue  # the first one counts
        seen.add(plain)
        if answer.share > 0:
            right.append(answer)
            credit = 1.0 if _is(answer.share, best) else max(0.01, round(answer.share / best, 2))
            accept.append(text if credit == 1 else {"text": text, "credit": credit})
            if abs(credit - answer.share / best) > 0.005:
                shown = f"'{excerpt(text, 40)}'"
                note(f"{shown} earned {percent(answer.share)} of the points; here it earns {percent(credit)}.")
            continue
        if answer.share <= -_CLOSE:
            shown = f"'{excerpt(text, 40)}'"
            note(f"{shown} cost {percent(-answer.share)} of the points; here it costs nothing.")
        if answer.feedback:
            mistakes.append({"text": text, "feedback": answer.feedback})
    values: dict[str, Any] = {"accept": accept}
    if is_case_sensitive:
        values["ignore"] = ignore
    if mistakes:
        values["mistakes"] = mistakes
    return values | _explained([(f"'{excerpt(one.text, 40)}'", one.feedback) for one in right], explanation, note)


def _leave_out_pattern(answer: ScoredAnswer, note: Note) -> None:
    if answer.share > 0 or answer.feedback:
        earned = f"earned {percent(answer.share)} of the points, and " if answer.share > 0 else ""
        said = f" The feedback on it was '{excerpt(answer.feedback, 200)}'." if answer.feedback else ""
        shown = f"'{excerpt(answer.text, 40)}'"
        note(f"The answer {shown} has an asterisk that stood for any text; it {earned}was left out.{said}")


def _explained(right: Sequence[tuple[str, str]], explanation: str | None, note: Note) -> dict[str, str]:
    """The explanation of a question whose right answers, (what it is, feedback), had feedback of their own."""
    said = {feedback for _, feedback in right}
    if explanation == "" and len(said) == 1 and (only := next(iter(said))) and not _PRAISE.fullmatch(only[:200]):
        note("The feedback on the right answer became the explanation, which all students read in the end.")
        return {"explanation": only}
    for named, feedback in right:
        if feedback:
            note(_lost_feedback(named, feedback))
    return {"explanation": explanation} if explanation else {}


def _lost_feedback(named: object, feedback: str) -> str:
    return f"The feedback on {named} was left out: '{excerpt(feedback, 200)}'."


def numeric(bands: Sequence[Band], note: Note, explanation: str | None = None) -> dict[str, Any]:
    """The keys of a number. The first band that a number is in counts.

    Args:
        explanation: as for :func:`short_text`.

    Raises:
        UnreadableError: no number earns anything, or all do.
    """
    best = _best(bands, "number", note)
    right = [band for band in bands if _is(band.share, best)]
    first = right[0]
    values: dict[str, Any] = {}
    if not isfinite(first.low) or not isfinite(first.high):
        raise UnreadableError(f"{first} is right, where one number has to be")
    if first.number is None:
        values["answer"] = _whole(_sum(first.low, first.high, Decimal("0.5")))
        values["range"] = {"from": _whole(first.low), "to": _whole(first.high)}
    else:
        values["answer"] = _whole(first.number)
        values["tolerance"] = _tolerance(first)
    if accept := _further(right, values, note):
        values["accept"] = accept
    if mistakes := list(_known_mistakes(right, bands, values.get("tolerance"), note)):
        values["mistakes"] = mistakes
    return values | _explained([(str(band), band.feedback) for band in right], explanation, note)


def _further(right: Sequence[Band], values: Mapping[str, Any], note: Note) -> list[int | float]:
    """Numbers that are right apart from that of the first band, with the same tolerance."""
    accept: list[int | float] = []
    for band in right[1:]:
        if band.number is not None and _tolerance(band) == values.get("tolerance"):
            if _whole(band.number) not in (values["answer"], *accept):
                accept.append(_whole(band.number))
        elif not right[0].includes(band):
            note(_sentence(f"{band} was right, too; it was left out, because there can be only one tolerance."))
    return accept


def _known_mistakes(
    right: Sequence[Band], bands: Sequence[Band], tolerance: int | float | None, note: Note
) -> Iterator[dict[str, Any]]:
    """Wrong numbers that have feedback. They may be around the right one, which is looked at first."""
    wrong = [band for band in bands if band not in right]
    partly = [band for band in wrong if band.share > 0]
    if len(partly) > 3:
        least, most = (percent(pick(band.share for band in partly)) for pick in (min, max))
        note(
            f"Numbers that are farther off, in {len(partly)} steps, earned from {least} to {most} of the points; here "
            "they earn nothing."
        )
    for position, band in enumerate(bands):
        if band in right:
            continue
        if band.share > 0 and len(partly) <= 3:
            note(_sentence(f"{band} earned {percent(band.share)} of the points; here it earns nothing."))
        elif band.share <= -_CLOSE:
            note(_sentence(f"{band} cost {percent(-band.share)} of the points; here it costs nothing."))
        if not band.feedback:
            continue
        before = [*right, *bands[:position]]
        if not isfinite(band.low) or not isfinite(band.high) or any(other.includes(band) for other in before):
            note(_lost_feedback(band, band.feedback))
        elif _is_number_alone(band, tolerance or 0, right, bands):
            yield {"number": _whole(band.low if band.number is None else band.number), "feedback": band.feedback}
        else:
            yield {"from": _whole(band.low), "to": _whole(band.high), "feedback": band.feedback}


def _is_number_alone(band: Band, tolerance: float, right: Sequence[Band], bands: Sequence[Band]) -> bool:
    """Whether a known mistake can be a number, which is one with the tolerance of the right number: it has the same, or
    it has none, and nothing else is that near. A number that is right itself is no mistake.
    """
    if band.low == band.high:
        wider = Band.around(band.low, tolerance, band.share)
        return all(wider.high < other.low or other.high < wider.low for other in bands if other != band)
    return band.number is not None and _tolerance(band) == tolerance and not any(one.has(band.number) for one in right)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sum(number: float, other: float, times: Decimal = Decimal(1)) -> float:
    """The sum of two numbers as they are written, not as floats: 9.6 for 9.7 - 0.1; then ``times`` a factor."""
    return float((Decimal(repr(float(number))) + Decimal(repr(float(other)))) * times)


def _tidy(number: float) -> int | float:
    """A number without the last digits of a calculation in floats."""
    return _whole(float(f"{number:.12g}"))


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def _tolerance(band: Band) -> int | float:
    return _tidy((band.high - band.low) / 2 if band.reach is None else band.reach)
