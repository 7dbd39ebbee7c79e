"""A running text with marked places: ``words [[marked]] more words``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

__all__ = ["MARK", "split"]

MARK = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)

Place = TypeVar("Place")


def split(text: str, place: Callable[[str], Place]) -> tuple[str | Place, ...]:
    """``text`` as stretches of Markdown and, for each mark, what ``place`` makes of the words inside of it."""
    segments: list[str | Place] = []
    position = 0
    for mark in MARK.finditer(text):
        if mark.start() > position:
            segments.append(text[position : mark.start()])
        segments.append(place(mark[1]))
        position = mark.end()
    if position < len(text):
        segments.append(text[position:])
    return tuple(segments)
