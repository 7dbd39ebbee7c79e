"""The gaps of Moodle's cloze questions, ``{1:MULTICHOICE:=right~wrong#why}``, as gaps of ours.

https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.html_text import plain_words, unescaped
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.scored_answers import (
    Band,
    Note,
    ScoredAnswer,
    multiple_choice,
    numeric,
    plain_number,
    short_text,
    single_choice,
)

__all__ = ["MoodleGap", "gap_values", "split_gaps", "weights_note"]

#: The name of a type of gap -> what it is here, and whether capitals count.
_GAP_TYPES = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), ("short-text", False)),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), ("short-text", True)),
    **dict.fromkeys(("NUMERICAL", "NM"), ("numeric", False)),
    **{
        f"{name}{ending}": ("single-choice", False)
        for name, endings in (
            ("MULTICHOICE", ("", "_V", "_H", "_S", "_VS", "_HS")),
            ("MC", ("", "V", "H", "S", "VS", "HS")),
        )
        for ending in endings
    },
    **{
        f"{name}{ending}": ("multiple-choice", False)
        for name, endings in (("MULTIRESPONSE", ("", "_H", "_S", "_HS")), ("MR", ("", "H", "S", "HS")))
        for ending in endings
    },
}
_START = re.compile(rf"\{{\s*(\d*)\s*:\s*({'|'.join(sorted(_GAP_TYPES, key=len, reverse=True))})\s*:", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:=|%(-?\d+(?:\.\d+)?)%)?(.*)", re.DOTALL)


@dataclass(frozen=True)
class MoodleGap:
    """A gap: its weight, its type here, whether capitals count, and (text, share, feedback) of its answers in HTML."""

    weight: float
    type: str
    is_case_sensitive: bool
    answers: tuple[tuple[str, float, str], ...]


def split_gaps(text: str) -> list[str | MoodleGap]:
    """A text in HTML as stretches of it and gaps; it begins and ends with a stretch.

    Raises:
        UnreadableError: a gap is not closed, or has no answer.
    """
    parts: list[str | MoodleGap] = []
    position = 0
    while found := _START.search(text, position):
        parts.append(text[position : found.start()])
        end = _end(text, found.end())
        type_name, is_case_sensitive = _GAP_TYPES[found[2].upper()]
        answers = tuple(_answers(text[found.end() : end]))
        parts.append(MoodleGap(float(plain_number(found[1] or "1", "a weight")), type_name, is_case_sensitive, answers))
        position = end + 1
    return [*parts, text[position:]]


def _end(text: str, start: int) -> int:
    """The position of the brace that closes a gap."""
    for found in re.compile(r"\\.|&#?\w+;|\}", re.DOTALL).finditer(text, start):
        if found[0] == "}":
            return found.start()
    raise UnreadableError("a gap is opened with { and not closed")


def _answers(inside: str) -> Iterator[tuple[str, float, str]]:
    for part in re.split(r"(?<!\\)~", inside):
        if not part.strip():
            continue
        answer, _, feedback = _halves(part)
        found = _ANSWER.fullmatch(answer)
        assert found
        written = found[1] or ("100" if answer.lstrip().startswith("=") else "0")
        yield _unescaped(found[2]), float(plain_number(written, "a grade")) / 100, _unescaped(feedback)


def _halves(part: str) -> tuple[str, str, str]:
    """What is before and after the first # that is neither escaped nor in the number of a character (``&#39;``)."""
    found = re.search(r"(?<![\\&])#", part)
    return (part[: found.start()], "#", part[found.end() :]) if found else (part, "", "")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}#~/\"\\])", r"\1", text).strip()


def gap_values(gap: MoodleGap, markdown: Callable[[str], str], note: Note) -> dict[str, Any]:
    """The values of a gap. ``markdown`` makes Markdown of HTML.

    Raises:
        UnreadableError: it has no right answer.
    """
    # Moodle decodes the entities of each part once more than those of the text around the gap.
    answers = [ScoredAnswer(text, share, markdown(unescaped(feedback))) for text, share, feedback in gap.answers]
    values: dict[str, Any] = {"type": gap.type}
    if gap.type == "numeric":
        return values | numeric(list(_bands(answers)), note)
    if gap.type == "short-text":
        texts = [ScoredAnswer.typed_in_moodle(plain_words(one.text), one.share, one.feedback) for one in answers]
        return values | short_text(texts, note, is_case_sensitive=gap.is_case_sensitive)
    options = [ScoredAnswer(markdown(unescaped(one.text)), one.share, one.feedback) for one in answers]
    return values | (single_choice if gap.type == "single-choice" else multiple_choice)(options, note)


def _bands(answers: Sequence[ScoredAnswer]) -> Iterator[Band]:
    for answer in answers:
        number, _, tolerance = plain_words(answer.text).partition(":")
        if number.strip() == "*":
            yield Band.any_number(answer.share, answer.feedback)
            continue
        middle, off = plain_number(number), abs(plain_number(tolerance or "0", "a tolerance"))
        yield Band.around(middle, off, answer.share, answer.feedback)


def weights_note(gaps: Sequence[MoodleGap]) -> str:
    """What is lost if the gaps count differently; "" if they do not."""
    if len({gap.weight for gap in gaps}) < 2:
        return ""
    weights = ", ".join(number_text(gap.weight) for gap in gaps)
    return f"The gaps counted {weights} times; here each counts the same."
