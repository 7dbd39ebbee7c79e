"""A response in words: what a key, a learner's feedback and a page without JavaScript show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from civicquiz.frontend.fragments import option_html
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Interaction,
    Matching,
    NumberEntry,
    Option,
    Ordering,
    Response,
    Scale,
)

__all__ = ["answer_lines", "answer_parts"]


def answer_parts(interaction: Interaction[Any], response: Response) -> Iterator[tuple[Option | str, ...]]:
    """A line for each part of ``response``: an option or a plain text, or two where one goes with the other.

    ``response`` is what ``interaction`` has read, or what its key tells as right. A gap goes by its number.
    """
    match interaction, response:
        case Choice(options=options) | Ordering(options=options), list():
            yield from ((_option(options, name),) for name in response)
        case Matching(rows=rows, targets=targets), dict():
            yield from ((_option(rows, row), _option(targets, target)) for row, target in response.items())
        case Scale(events=events), dict():
            yield from ((_option(events, event), year) for event, year in response.items())
        case InlineGaps(gaps=gaps), dict():
            for number, (name, gap) in enumerate(gaps.items(), start=1):
                if name in response:
                    value = response[name]
                    yield str(number), _option(gap.options, value) if isinstance(gap, Choice) else value
        case _:
            text = response["answer"] if isinstance(response, dict) else str(response)
            unit = interaction.unit if isinstance(interaction, (NumberEntry, ComputedNumber)) else ""
            if text:
                yield (f"{text} {unit}".strip(),)


def _option(options: tuple[Option, ...], name: str) -> Option:
    return next(option for option in options if option.id == name)


def answer_lines(
    interaction: Interaction[Any], response: Response, words: Mapping[str, str], images: Mapping[str, str]
) -> Iterator[str]:
    """The lines of :func:`answer_parts` as HTML."""
    for line in answer_parts(interaction, response):
        yield ": ".join(
            escape(part) if isinstance(part, str) else option_html(part, dict(words), images) for part in line
        )
