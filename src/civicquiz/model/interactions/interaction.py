"""What every interaction defines: what is shown of a question, and the shape of a response."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from reprlib import repr as shorten
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from civicquiz.authoring.normal_form import is_blank
from civicquiz.authoring.wording import excerpt

#: What a learner gave: ids (choice, order), a text (text, number, extended), or one of these for each id (match, gaps,
#: place, calculated).
Response = list[str] | str | dict[str, str]

ResponseT = TypeVar("ResponseT", bound=Response)
InteractionT = TypeVar("InteractionT", bound="Interaction[Any]")


class ShapeError(ValueError):
    """A response has the wrong shape or names something that the question does not have.

    ``code`` is the key, among the words of the interface, of what to tell the learner; the message is for developers.
    """

    def __init__(self, message: str, code: str = "not_readable") -> None:
        self.code = code
        super().__init__(message)


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


class Texts(Protocol):
    """How a consumer of interactions writes an author's texts: as HTML, for example."""

    def options(self, options: tuple[Option, ...]) -> Any:
        """A list of options."""

    def passage(self, parts: Sequence[str | dict[str, str]]) -> list[Any]:
        """The parts of a running text: stretches of Markdown, and what is between them, which stays as it is."""


def initial_order(options: Iterable[Option]) -> tuple[Option, ...]:
    """The initial order of options that the author wrote in the right order.

    It depends only on their texts, not on the key, and is the same in every translation.
    """
    return tuple(
        sorted(options, key=lambda option: hashlib.sha256((option.original or option.text).encode()).hexdigest())
    )


@dataclass(frozen=True, kw_only=True)
class Interaction(ABC, Generic[ResponseT]):
    """What learners see of a question, and what shape its responses have. It contains no part of a key.

    ``name`` is its name in the browser.
    """

    name: ClassVar[str]

    #: every set of numbers that a learner can have, if its texts have their names in braces: name -> number as text
    variants: tuple[Mapping[str, str], ...] = ()
    #: the stimulus by whose name a learner gets one of the sets; "" if that is the id of the question
    drawn_for: str = ""

    #: the type of a response that a learner types: one that is not well-formed yet is still worth keeping
    typed: ClassVar[tuple[type, ...]] = ()

    @abstractmethod
    def read(self, raw: object, language: str = "en") -> ResponseT | None:
        """``raw`` as a response if it is well-formed, None if it is empty. Numbers are read as they are written in
        ``language``, and returned as they are written in English.

        Raises:
            ShapeError: ``raw`` is anything else. The error says what is wrong, but not in which question.
        """

    def to_json(self, texts: Texts) -> dict[str, Any]:
        """Everything it shows, for a browser or another reader of JSON; ``texts`` says how texts are written there.

        Anything that is not set, such as a unit, is left out.
        """
        return {
            **({"variants": [dict(variant) for variant in self.variants]} if self.variants else {}),
            **({"drawnFor": self.drawn_for} if self.drawn_for else {}),
            **self.content(texts),
        }

    @abstractmethod
    def content(self, texts: Texts) -> dict[str, Any]:
        """As :meth:`to_json`, without the sets of numbers."""

    def option_lists(self) -> tuple[tuple[Option, ...], ...]:
        """The options that it shows, in lists; ids are unique within a list."""
        return ()


def read_ids(raw: object, known: Iterable[str]) -> list[str] | None:
    """A list of some of the ``known`` ids, each at most once; None if it is empty."""
    if raw is None:
        return None
    if not isinstance(raw, (list, tuple)) or not all(isinstance(part, str) for part in raw):
        raise ShapeError(f"a response must be a list of ids (got {shorten(raw)})")
    known = list(known)
    for part in raw:
        if part not in known:
            raise ShapeError(f"there is no option '{excerpt(part)}' (there are: {', '.join(known)})")
    if len(set(raw)) != len(raw):
        raise ShapeError(f"an id appears twice in the response (got {shorten(list(raw))})")
    return list(raw) or None


def read_text(raw: object, limit: int) -> str | None:
    """A text of at most ``limit`` characters; None if it is blank."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise ShapeError(f"a response must be text (got {shorten(raw)})")
    if len(raw) > limit:
        raise ShapeError(f"a response must have at most {limit} characters (got {len(raw)})")
    return None if is_blank(raw) else raw


def read_mapping(raw: object, known: Iterable[str], called: str) -> dict[str, str] | None:
    """A mapping of ``known`` ids to texts, without those that are blank; None if nothing is left."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise ShapeError(f"a response must map {called} ids to texts (got {shorten(raw)})")
    known = list(known)
    response: dict[str, str] = {}
    for name, value in raw.items():
        if name not in known:
            raise ShapeError(f"there is no {called} '{excerpt(str(name))}' (there are: {', '.join(known)})")
        if value is not None and not isinstance(value, str):
            raise ShapeError(f"{called} '{name}': a response must be text (got {shorten(value)})")
        if value and not is_blank(value):
            response[name] = value
    return response or None


def texts_in(interaction: Interaction[Any]) -> list[str]:
    """Every text of an interaction that its author wrote as Markdown; those that :func:`with_texts` changes."""
    return list(_texts_in(interaction))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, Option):
        yield from (value.text, value.original)
    elif isinstance(value, tuple):
        for part in value:
            if isinstance(part, str):
                yield part
            else:
                yield from _texts_in(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_in(part)
    elif isinstance(value, Interaction):
        for field in fields(value):
            if field.name != "variants":
                yield from _texts_in(getattr(value, field.name))


def with_texts(interaction: InteractionT, changed: Callable[[str], str]) -> InteractionT:
    """``interaction`` with each text that its author wrote as Markdown ``changed``."""
    return cast(InteractionT, _with_texts(interaction, changed))


def _with_texts(value: Any, changed: Callable[[str], str]) -> Any:
    if isinstance(value, Option):
        return replace(value, text=changed(value.text), original=changed(value.original))
    if isinstance(value, tuple):
        return tuple(changed(part) if isinstance(part, str) else _with_texts(part, changed) for part in value)
    if isinstance(value, Mapping):
        return {name: _with_texts(part, changed) for name, part in value.items()}
    if isinstance(value, Interaction):
        values = {field.name: getattr(value, field.name) for field in fields(value) if field.name != "variants"}
        return replace(value, **{name: _with_texts(part, changed) for name, part in values.items()})
    return value
