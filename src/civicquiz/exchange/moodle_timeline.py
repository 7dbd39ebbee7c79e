"""A text with years to fill in, whose points fall with the distance from the right one -> a timeline.

It is what an exported timeline is in Moodle (see ``cloze_code.year_answers``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from civicquiz.exchange.moodle_gaps import MoodleGap
from civicquiz.exchange.question_values import gap_mark
from civicquiz.frontend.words import strings
from civicquiz.model.advice import INTERFACE_LANGUAGES

__all__ = ["timeline_values"]

#: How far a share of the points may be from the exact one: a file has five decimals of its percentage.
_CLOSE = 1e-6


def timeline_values(gaps: Sequence[MoodleGap], text: str) -> dict[str, Any] | None:
    """The type and the keys of a timeline; None if the gaps are something else.

    Args:
        gaps: the gaps of the text.
        text: the text as Markdown, with a mark for each gap.
    """
    rules = [_rule(gap) for gap in gaps]
    if len(gaps) < 2 or len({rule[1:] if rule else None for rule in rules}) > 1 or rules[0] is None:
        return None
    _, tolerance, reach = rules[0]
    blocks = text.split("\n\n")
    events = list(_events(blocks[-len(gaps) :], [rule[0] for rule in rules if rule]))
    before = blocks[: -len(gaps)]
    scale = _scale(before[-1]) if len(before) > 1 else None
    if len(events) < len(gaps) or scale is None:
        return None
    return {
        "type": "timeline",
        "prompt": "\n\n".join(before[:-1]),
        "events": events,
        "start": scale[0],
        "end": scale[1],
        "tolerance": tolerance,
        "reach": reach,
    }


def _rule(gap: MoodleGap) -> tuple[int, int, int] | None:
    """(year, how many years off earns everything, how many earn nothing) of a gap; None if that is not its rule."""
    bands = []
    for text, share, feedback in gap.answers:
        found = re.fullmatch(r"(-?\d{1,5}):(\d{1,5})", text)
        if found is None or feedback or gap.type != "numeric":
            return None
        bands.append((int(found[1]), int(found[2]), share))
    if len(bands) < 2 or bands[0][2] != 1 or bands[1][2] >= 1:
        return None
    year, tolerance, _ = bands[0]
    reach = tolerance + len(bands)
    expected = [(year, off, 1 - (off - tolerance) / (reach - tolerance)) for off in range(tolerance, reach)]
    is_same = all(
        (one[:2] == other[:2] and abs(one[2] - other[2]) < _CLOSE) for one, other in zip(bands, expected, strict=True)
    )
    return (year, tolerance, reach) if is_same else None


def _events(blocks: Sequence[str], years: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The events, each of which is a paragraph that begins with its gap."""
    for number, (block, year) in enumerate(zip(blocks, years, strict=False)):
        mark = gap_mark(number)
        text = block.removeprefix(mark).strip()
        if block.startswith(mark) and text:
            yield {"text": text, "year": year}


def _scale(text: str) -> tuple[int, int] | None:
    """(first year, last year) of the sentence that says where the scale begins and ends."""
    for language in INTERFACE_LANGUAGES:
        words = re.escape(strings(language)["scale"])
        pattern = words.replace(r"\{start\}", r"(-?\d+)").replace(r"\{end\}", r"(-?\d+)")
        if found := re.fullmatch(pattern, text.strip()):
            return int(found[1]), int(found[2])
    return None
