"""What other formats say of answers, in shares of the points -> the values of a question of ours.

Other programs give each answer a share of the points, which may be negative. What our rules of scoring cannot say is
named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.validation import all_texts
from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.exchange.imported import UnreadableError, choice
from civicquiz.frontend.words import strings
from civicquiz.model.advice import INTERFACE_LANGUAGES
from civicquiz.model.interactions.text_matching import normalized

__all__ = [
    "Band",
    "ScoredAnswer",
    "cloze",
    "gap_mark",
    "multiple_choice",
    "numeric",
    "pairs",
    "percent",
    "plain_number",
    "short_text",
    "single_choice",
    "tags_from",
    "used_variables",
    "without_rounding",
]

#: Says what was changed.
Note = Callable[[str], None]

#: How far a share may be from another one that is the same: 33.333 % is a third.
_CLOSE = 0.002


@dataclass(frozen=True)
class ScoredAnswer:
    """An option or an accepted text, the share of the points that it earns (1 is all of them), and its feedback."""

    text: str
    share: float
    feedback: str = ""


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
        return cls(number - reach, number + reach, share, feedback, number, reach)


def plain_number(text: str, what: str = "a number") -> int | float:
    """A number as programs write it; a whole one is an int.

    Raises:
        UnreadableError: it is not a number.
    """
    try:
        number = float(text.strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UnreadableError(f"'{excerpt(text.strip(), 40)}' is not {what}")
    return _whole(number)


def percent(share: float) -> str:
    """A share in percent, for people."""
    return f"{number_text(share * 100, 2)} %"


def tags_from(words: Iterable[str], note: Note) -> list[str]:
    """Tags of another program as tags of ours, which have no blanks or signs."""
    tags: dict[str, None] = {}
    for word in map(str.strip, words):
        tag = re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-")
        if tag != word:
            became = f"became '{tag}'" if tag else "was left out"
            note(f"The tag '{excerpt(word, 60)}' {became}, because tags have no blanks or signs.")
        if tag:
            tags.setdefault(tag)
    return list(tags)


def _is(share: float, other: float) -> bool:
    return abs(share - other) < _CLOSE


def single_choice(answers: Sequence[ScoredAnswer], note: Note) -> dict[str, Any]:
    """The ``options`` of a choice of one.

    Raises:
        UnreadableError: no option earns anything.
    """
    best = max((answer.share for answer in answers), default=0.0)
    if best <= 0:
        raise UnreadableError("no option is right")
    if not _is(best, 1):
        note(f"The best option earned {percent(best)} of the points; here it earns all of them.")
    right = [number for number, answer in enumerate(answers) if _is(answer.share, best)]
    for number, answer in enumerate(answers):
        shown = f"'{excerpt(answer.text, 40)}'"
        if answer.share > 0 and number not in right:
            note(f"The option {shown} earned {percent(answer.share)} of the points; here it earns nothing.")
        elif answer.share < 0 and not _is(answer.share, 0):
            note(f"The option {shown} cost {percent(-answer.share)} of the points; here it costs nothing.")
    return {"options": choice([answer.text for answer in answers], right, _feedback(answers))}


def multiple_choice(answers: Sequence[ScoredAnswer], note: Note) -> dict[str, Any]:
    """The ``options`` of a choice of several, where the shares of those that were chosen were added up.

    Raises:
        UnreadableError: no option earns anything.
    """
    right = [number for number, answer in enumerate(answers) if answer.share > 0]
    if not right:
        raise UnreadableError("no option is right")
    each = 1 / len(right)
    shares = [answers[number].share for number in right]
    if not all(abs(share - each) < 0.006 for share in shares):
        if all(_is(share, shares[0]) for share in shares):
            note(f"Each right option earned {percent(shares[0])} of the points; here it earns {percent(each)}.")
        else:
            earned = ", ".join(percent(share) for share in shares)
            note(f"The right options earned {earned} of the points; here each earns the same, {percent(each)}.")
    wrong = sorted({round(-answer.share, 4) for answer in answers if answer.share <= 0})
    # A few wrong options cost more than a right one earns, so that whoever chooses everything gets nothing.
    more = 1 / max(len(answers) - len(right), 1)
    if not all(abs(share - each) < 0.006 or (more > each and abs(share - more) < 0.006) for share in wrong):
        cost = " or ".join(percent(share) if share else "nothing" for share in wrong)
        note(
            f"A wrong option cost {cost} of the points; here it costs {percent(each)}, as much as a right one earns "
            "('scoring: all-or-nothing' would give no partial credit)."
        )
    return {"options": choice([answer.text for answer in answers], right, _feedback(answers))}


def _feedback(answers: Sequence[ScoredAnswer]) -> Mapping[int, str]:
    return {number: answer.feedback for number, answer in enumerate(answers) if answer.feedback}


def short_text(answers: Iterable[ScoredAnswer], note: Note, *, is_case_sensitive: bool = False) -> dict[str, Any]:
    r"""The keys of a short text. An asterisk in an answer stands for any text, and ``\*`` for itself.

    Raises:
        UnreadableError: no text earns all the points.
    """
    ignore = ["space"] if is_case_sensitive else ["case", "space"]
    accept: list[Any] = []
    mistakes: list[dict[str, str]] = []
    seen: set[str] = set()
    best = max((answer.share for answer in answers if not _is_pattern(answer.text)), default=0.0)
    for answer in answers:
        text = " ".join(answer.text.replace("\\*", "*").split())
        shown = f"'{excerpt(answer.text, 40)}'"
        if _is_pattern(answer.text):
            what = f" The feedback on it was '{excerpt(answer.feedback, 80)}'." if answer.feedback else ""
            if answer.share > 0 or answer.feedback:
                note(f"The answer {shown} has an asterisk that stood for any text; it was left out.{what}")
            continue
        plain = normalized(text, ignore)
        if not plain or plain in seen:
            continue  # the first one counts
        seen.add(plain)
        if answer.share > 0:
            credit = 1.0 if _is(answer.share, best) else max(0.01, round(answer.share / best, 2))
            accept.append(text if credit == 1 else {"text": text, "credit": credit})
            if answer.feedback:
                note(f"The feedback on the answer {shown} was left out: '{excerpt(answer.feedback, 200)}'")
        elif answer.feedback:
            mistakes.append({"text": text, "feedback": answer.feedback})
    if best <= 0:
        raise UnreadableError("no text is right, apart from those with an asterisk that stands for any text")
    if not _is(best, 1):
        note(f"The best answer earned {percent(best)} of the points; here it earns all of them.")
    values: dict[str, Any] = {"accept": accept}
    if is_case_sensitive:
        values["ignore"] = ignore
    return {**values, **({"mistakes": mistakes} if mistakes else {})}


def _is_pattern(text: str) -> bool:
    return re.search(r"(?<!\\)\*", text) is not None


def numeric(bands: Sequence[Band], note: Note) -> dict[str, Any]:
    """The keys of a number. The first band that a number is in counts.

    Raises:
        UnreadableError: no number earns all the points.
    """
    best = max((band.share for band in bands), default=0.0)
    if best <= 0:
        raise UnreadableError("no number is right")
    if not _is(best, 1):
        note(f"The best answer earned {percent(best)} of the points; here it earns all of them.")
    right = [band for band in bands if _is(band.share, best)]
    first = right[0]
    values: dict[str, Any] = {}
    if first.number is None:
        values["answer"] = _tidy((first.low + first.high) / 2)
        values["range"] = {"from": _tidy(first.low), "to": _tidy(first.high)}
    else:
        values["answer"] = _whole(first.number)
        values["tolerance"] = _tolerance(first)
    if accept := _further(right, values, note):
        values["accept"] = accept
    if mistakes := list(_known_mistakes([band for band in bands if band not in right], bands, note)):
        values["mistakes"] = mistakes
    return values


def _further(right: Sequence[Band], values: Mapping[str, Any], note: Note) -> list[int | float]:
    """Numbers that are right apart from that of the first band, with the same tolerance."""
    accept: list[int | float] = []
    for band in right:
        if band.feedback:
            note(f"The feedback on a right answer was left out: '{excerpt(band.feedback, 200)}'")
        if band is right[0]:
            continue
        if band.number is not None and _tolerance(band) == values.get("tolerance"):
            if _whole(band.number) not in (values["answer"], *accept):
                accept.append(_whole(band.number))
        else:
            note(
                f"The numbers {_between(band)} were right, too, but only one tolerance can be given here. They were "
                "left out."
            )
    return accept


def _known_mistakes(wrong: Iterable[Band], bands: Sequence[Band], note: Note) -> Iterator[dict[str, Any]]:
    """Wrong numbers that have feedback."""
    wrong = list(wrong)
    partly = [band for band in wrong if band.share > 0]
    if len(partly) > 3:
        least, most = (percent(pick(band.share for band in partly)) for pick in (min, max))
        note(
            f"Numbers that are farther off, in {len(partly)} steps, earned from {least} to {most} of the points; here "
            "they earn nothing."
        )
    for band in wrong:
        if band.share > 0 and len(partly) <= 3:
            note(f"The numbers {_between(band)} earned {percent(band.share)} of the points; here they earn nothing.")
        if not band.feedback:
            continue
        if any(other.low <= band.low and band.high <= other.high for other in bands if other is not band):
            note(f"The feedback on {_between(band)} was left out: '{excerpt(band.feedback, 200)}'")
        elif band.low == band.high:
            yield {"number": _tidy(band.low), "feedback": band.feedback}
        else:
            yield {"from": _tidy(band.low), "to": _tidy(band.high), "feedback": band.feedback}


def _tidy(number: float) -> int | float:
    """A number without the last digits of a calculation in floats."""
    return _whole(float(f"{number:.12g}"))


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() and abs(number) < 1e15 else number


def _tolerance(band: Band) -> int | float:
    return _tidy((band.high - band.low) / 2 if band.reach is None else band.reach)


def _between(band: Band) -> str:
    low, high = number_text(_tidy(band.low), 12), number_text(_tidy(band.high), 12)
    return low if low == high else f"from {low} to {high}"


def pairs(rows: Iterable[tuple[str, str]], distractors: Iterable[str] = ()) -> dict[str, Any]:
    """The type and the keys of a match; of a categorize if all rows belong to the same of several right sides."""
    found = [{"left": left, "right": right} for left, right in rows]
    rights = dict.fromkeys(pair["right"] for pair in found)
    extra = list(dict.fromkeys(text for text in distractors if text not in rights))
    if len(rights) == 1 and len(found) > 1 and extra:
        entries = [{"text": pair["left"], "category": pair["right"]} for pair in found]
        return {"type": "categorize", "categories": [*rights, *extra], "items": entries}
    return {"type": "match", "pairs": found, **({"distractors": extra} if extra else {})}


#: Two of them around a number stand for a gap while a text becomes Markdown.
_GAP = "\ue002"


def gap_mark(number: int) -> str:
    """What stands for the gap at a position, counted from 0, in a text that is not Markdown yet."""
    return f"{_GAP}{number}{_GAP}"


def cloze(text: str, gaps: Sequence[Mapping[str, Any]], note: Note) -> dict[str, Any]:
    """The keys of a cloze, from a text in Markdown with a mark for each gap. Paragraphs before the first gap are its
    prompt.

    Raises:
        UnreadableError: there are no gaps.
    """
    if not gaps:
        raise UnreadableError("the text has no gap")
    blocks = re.split(r"\n{2,}", text)
    first = next((number for number, block in enumerate(blocks) if _GAP in block), 0)
    before, rest = "\n\n".join(blocks[:first]), "\n\n".join(blocks[first:])
    if "```" in before:
        before, rest = "", text
    if not before:
        before = "Fill in the gaps."
        note(f"There was nothing before the text with the gaps; '{before}' was added.")
    names = {number: f"gap-{number + 1}" for number in range(len(gaps))}
    rest = re.sub(f"{_GAP}(\\d+){_GAP}", lambda found: f"[[{names[int(found[1])]}]]", rest)
    return {"prompt": before, "text": rest, "gaps": {names[number]: dict(gap) for number, gap in enumerate(gaps)}}


def used_variables(variables: Mapping[str, Mapping[str, Any]], values: Any) -> dict[str, Any]:
    """Those of the variables that a question needs: its texts or calculations have their names, or those of variables
    that are calculated from them.
    """
    texts = " ".join(text for _, text in all_texts(values))
    kept = {name for name in variables if re.search(rf"\b{name}\b", texts)}
    for name in reversed(list(variables)):
        calculation = variables[name].get("calculate", "")
        if name in kept and calculation:
            kept |= {other for other in variables if re.search(rf"\b{other}\b", calculation)}
    return {name: dict(value) for name, value in variables.items() if name in kept}


def without_rounding(prompt: str, decimals: int) -> str:
    """A prompt without the paragraph that says how to round, which our field says itself."""
    name = "round_to" if decimals else "round_whole"
    words = {strings(language)[name].format(decimals=decimals) for language in INTERFACE_LANGUAGES}
    return "\n\n".join(paragraph for paragraph in prompt.split("\n\n") if paragraph not in words)
