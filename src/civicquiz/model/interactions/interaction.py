"""What every interaction has."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from reprlib import repr as shorten
from typing import Any, ClassVar, Self

from civicquiz.authoring.wording import excerpt
from civicquiz.model.interactions.rules import Rule
from civicquiz.model.interactions.text_matching import is_blank

#: What a learner gave: ids (choice, order), a text (text, number, extended), or one of these for each id (match, gaps,
#: place).
Response = list[str] | str | dict[str, str]


class ShapeError(ValueError):
    """A response has the wrong shape or names something that the question does not have."""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen or moved.

    ``text`` is the author's Markdown. An option that no author wrote has a ``word`` instead, a key of
    ``static/locale/``, and is shown in the language of the quiz. ``original`` is what ``text`` translates, if it is a
    translation.
    """

    id: str
    text: str = ""
    word: str = ""
    original: str = ""


def relabelled(options: Iterable[Option], others: Iterable[Option]) -> tuple[Option, ...]:
    """``options`` with the texts of ``others``, one by one."""
    return tuple(
        replace(mine, text=theirs.text, original=mine.original or mine.text)
        for mine, theirs in zip(options, others, strict=True)
    )


def initial_order(options: Iterable[Option]) -> tuple[Option, ...]:
    """The order in which options that are written in the right one are shown at first.

    It depends on their texts alone, not on the key, and is the same in every translation.
    """
    return tuple(
        sorted(options, key=lambda option: hashlib.sha256((option.original or option.text).encode()).hexdigest())
    )


class Interaction(ABC):
    """What a question type compiles to. ``name`` is what the browser knows it by."""

    name: ClassVar[str]

    #: whether a learner types: then what is not well-formed yet is still worth keeping
    typed: ClassVar[bool] = False

    @abstractmethod
    def read(self, response: Any) -> Response | None:
        """``response`` if it is well-formed, None if it is empty.

        Raises:
            ShapeError: anything else. It says what is wrong, not which question it is.
        """

    @abstractmethod
    def tokens(self, response: Any) -> list[str]:
        """The parts of a response that :meth:`read` returned: what is scored one by one, and what feedback is on."""

    def parts(self, response: Any) -> dict[str, float]:
        """Where a response has parts that a learner is told about one by one: their shares, 0.0 to 1.0, by id."""
        return {}

    @abstractmethod
    def share(self, response: Any) -> float:
        """The share of the points, 0.0 to 1.0, of a response that :meth:`read` returned."""

    @abstractmethod
    def public(self) -> dict[str, Any]:
        """What the browser needs to show it; nothing of the key. An :class:`Option` holds Markdown."""

    def labelled(self, other: Self) -> Self:
        """This interaction, ids and key and all, with the texts of ``other``.

        ``other`` comes from a translation of the same question: its options are the same in number and order.
        """
        return self

    @abstractmethod
    def scoring(self) -> Rule | None:
        """The rule, for the key of a practice page; None where a person has to score it."""

    @property
    @abstractmethod
    def answer(self) -> Response:
        """A response that earns all points."""

    def answer_to(self, response: Any) -> Response:
        """What a learner with this response is told as right; ``response`` may also be the numbers of a variant."""
        return self.answer

    def answers(self) -> Mapping[str, str]:
        """Where the right answer depends on the response: what is told, by the key that the rule has for it."""
        return {}


def read_ids(response: Any, known: Iterable[str]) -> list[str] | None:
    if response is None:
        return None
    if not isinstance(response, (list, tuple)) or not all(isinstance(part, str) for part in response):
        raise ShapeError(f"a response is a list of ids (got {shorten(response)})")
    known = list(known)
    for part in response:
        if part not in known:
            raise ShapeError(f"there is no option '{excerpt(part)}' (there are: {', '.join(known)})")
    if len(set(response)) != len(response):
        raise ShapeError(f"an id stands twice in the response {shorten(list(response))}")
    return list(response) or None


def read_text(response: Any, limit: int) -> str | None:
    """A text of at most ``limit`` characters; None where it is blank."""
    if response is None:
        return None
    if not isinstance(response, str):
        raise ShapeError(f"a response is a text (got {shorten(response)})")
    if len(response) > limit:
        raise ShapeError(f"a response has at most {limit} characters (got {len(response)})")
    return None if is_blank(response) else response


def read_each(response: Any, known: Iterable[str], called: str) -> Mapping[str, str] | None:
    """A mapping of ``known`` ids to texts, without those that are blank; None where nothing is left."""
    if response is None:
        return None
    if not isinstance(response, dict):
        raise ShapeError(f"a response is a mapping of {called} ids (got {shorten(response)})")
    known = list(known)
    given: dict[str, str] = {}
    for name, value in response.items():
        if name not in known:
            raise ShapeError(f"there is no {called} '{excerpt(str(name))}' (there are: {', '.join(known)})")
        if value is not None and not isinstance(value, str):
            raise ShapeError(f"{called} '{name}': a response is a text (got {shorten(value)})")
        if value and not is_blank(value):
            given[name] = value
    return given or None
