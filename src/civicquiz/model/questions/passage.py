"""A running text with words in double brackets: ``words [[bracketed]] more words``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from civicquiz.authoring.author_problems import AuthorProblems

__all__ = ["bracketed", "passage_problems", "split"]

_BRACKETS = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

PartT = TypeVar("PartT")


def bracketed(text: str) -> list[str]:
    """The words in each pair of brackets, in order."""
    return [words.strip() for words in _BRACKETS.findall(text)]


def split(text: str, part: Callable[[str], PartT]) -> tuple[str | PartT, ...]:
    """``text`` as segments of Markdown and, for each pair of brackets, the result of ``part`` for the words in it."""
    segments: list[str | PartT] = []
    position = 0
    for found in _BRACKETS.finditer(text):
        if found.start() > position:
            segments.append(text[position : found.start()])
        segments.append(part(found[1].strip()))
        position = found.end()
    if position < len(text):
        segments.append(text[position:])
    return tuple(segments)


def passage_problems(text: str) -> AuthorProblems:
    """What makes ``text`` impossible to show as one running text."""
    found = AuthorProblems()
    rest = _BRACKETS.sub("", text)
    if "[[" in rest or "]]" in rest:
        found.add((), "brackets are opened and not closed, or closed and not opened", "write [[ and ]] in pairs")
    if any(not words for words in bracketed(text)):
        found.add((), "there is nothing between two brackets", "write something between [[ and ]]")
    if re.search(r"\n\s*\n", text):
        found.add((), "the text has more than one paragraph", "write one paragraph, or several questions")
    return found
