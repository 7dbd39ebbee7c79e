"""A running text with marked places: ``words [[marked]] more words``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from civicquiz.authoring.author_problems import AuthorProblems

__all__ = ["marked", "passage_problems", "split"]

_MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

Marked = TypeVar("Marked")


def marked(text: str) -> list[str]:
    """The words inside of each mark, in order."""
    return [words.strip() for words in _MARK.findall(text)]


def split(text: str, place: Callable[[str], Marked]) -> tuple[str | Marked, ...]:
    """``text`` as stretches of Markdown and, for each mark, what ``place`` makes of the words inside of it."""
    segments: list[str | Marked] = []
    position = 0
    for mark in _MARK.finditer(text):
        if mark.start() > position:
            segments.append(text[position : mark.start()])
        segments.append(place(mark[1].strip()))
        position = mark.end()
    if position < len(text):
        segments.append(text[position:])
    return tuple(segments)


def passage_problems(text: str) -> AuthorProblems:
    """What cannot be shown as one running text."""
    found = AuthorProblems()
    rest = _MARK.sub("", text)
    if "[[" in rest or "]]" in rest:
        found.add((), "brackets are opened and not closed, or closed and not opened", "write [[ and ]] in pairs")
    if any(not words for words in marked(text)):
        found.add((), "there is nothing between two brackets", "write something between [[ and ]]")
    if re.search(r"\n\s*\n", text):
        found.add((), "the text has more than one paragraph", "write one paragraph, or several questions")
    return found
