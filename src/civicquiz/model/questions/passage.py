"""A running text with words in double brackets: ``words [[bracketed]] more words``.

It may be any Markdown, also a table or code. In code, double brackets have a meaning of their own: if it is known which
words can be in brackets, others are part of the code there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeVar

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.markdown import in_code, misplaced
from civicquiz.authoring.wording import excerpt

__all__ = ["are_in_code", "bracketed", "passage_problems", "split"]

#: Two brackets and what is between them, or brackets without a partner.
_BRACKETS = re.compile(r"\[\[(?!\[)((?:(?!\[\[).)*?)\]\]|\[\[(?!\[)|\]\]", re.DOTALL)

PartT = TypeVar("PartT")


class _Brackets(NamedTuple):
    start: int
    end: int
    #: what is between them; None if they have no partner
    words: str | None


@lru_cache(maxsize=200)
def _found(text: str, names: tuple[str, ...] | None) -> tuple[_Brackets, ...]:
    """All double brackets of ``text``. With ``names``, others are left out if they are in code."""
    known = []
    if names:
        listed = "|".join(map(re.escape, names))
        known = [_Brackets(*found.span(), found[1]) for found in re.finditer(rf"\[\[\s*({listed})\s*\]\]", text)]
    others = []
    for start, end in zip((0, *(found.end for found in known)), (*(found.start for found in known), None), strict=True):
        piece = text[start:end]
        others += [
            _Brackets(start + found.start(), start + found.end(), None if found[1] is None else found[1].strip())
            for found in _BRACKETS.finditer(piece)
        ]
    if not others:
        return tuple(known)
    every = sorted((*known, *others))
    code = in_code(list(_between(text, every)))
    return tuple(
        found
        for number, found in enumerate(every)
        if found in known or number not in code or (names is None and found.words is not None)
    )


def _between(text: str, brackets: Iterable[_Brackets]) -> Iterator[str]:
    """The stretches of ``text`` before, between and after ``brackets``."""
    end = 0
    for found in brackets:
        yield text[end : found.start]
        end = found.end
    yield text[end:]


def _pairs(text: str, names: Iterable[str] | None) -> list[tuple[_Brackets, str]]:
    """(brackets, the words in them) for all that have a partner."""
    everything = _found(text, None if names is None else tuple(names))
    return [(found, found.words) for found in everything if found.words is not None]


def bracketed(text: str, names: Iterable[str] | None = None) -> list[str]:
    """The words in each pair of brackets, in order; in code only ``names``, if those are known."""
    return [words for _, words in _pairs(text, names)]


def split(text: str, part: Callable[[str], PartT], names: Iterable[str] | None = None) -> tuple[str | PartT, ...]:
    """``text`` as stretches of Markdown and, for each pair of brackets, the result of ``part`` for the words in it."""
    pairs = _pairs(text, names)
    first, *others = _between(text, [found for found, _ in pairs])
    parts: list[str | PartT] = [first]
    for (_, words), stretch in zip(pairs, others, strict=True):
        parts += [part(words), stretch]
    return tuple(part for part in parts if part != "")


def are_in_code(text: str) -> list[bool]:
    """For each pair of brackets whether it is in code."""
    pairs = _pairs(text, None)
    code = in_code(list(_between(text, [found for found, _ in pairs])))
    return [number in code for number in range(len(pairs))]


def passage_problems(text: str, names: Iterable[str] | None = None) -> AuthorProblems:
    """What makes ``text`` impossible to show as a running text."""
    found = AuthorProblems()
    names = None if names is None else tuple(names)
    if any(brackets.words is None for brackets in _found(text, names)):
        found.add((), "brackets are opened and not closed, or closed and not opened", "write [[ and ]] in pairs")
    pairs = _pairs(text, names)
    if any(not words for _, words in pairs):
        found.add((), "there is nothing between two brackets", "write something between [[ and ]]")
    for number in misplaced(list(_between(text, [brackets for brackets, _ in pairs]))):
        message = f"'[[{excerpt(pairs[number][1], 40)}]]' is in a formula, a link or the description of an image"
        found.add((), message, r"put it outside; if dollars around it are money, write \$")
    return found
