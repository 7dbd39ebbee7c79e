"""What a reader of a foreign format returns: quizzes as an author would write them, and what was not read as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from civicquiz.errors import UnreadableError
from civicquiz.exchange.given_file import GivenFile

__all__ = ["FoundQuestion", "FoundQuiz", "Reader", "UnreadableError", "Verdict", "choice", "slug"]

#: The most characters of a name that is made from a text.
_NAME = 40
#: How a question came through: as it is, with changes that are named, or not at all.
Verdict = Literal["read", "changed", "not read"]


@dataclass
class FoundQuestion:
    """A question of a foreign file.

    Attributes:
        place: where it is in the file: ``row 7``, ``line 12``, ``quiz/item3.xml in the archive``.
        called: its name there, or the beginning of its text.
        values: what an author would write in YAML, without what is the default; None if it cannot be read. ``id`` may
            be any text, and may be missing.
        changes: what was guessed, and what was there and is lost, each as a sentence. They are in the report, and in
            the YAML as comments above the question.
        refused: why it cannot be read; empty if it can.
    """

    place: str
    called: str
    values: dict[str, Any] | None = None
    changes: list[str] = field(default_factory=list)
    refused: str = ""

    @property
    def verdict(self) -> Verdict:
        """How it came through."""
        return "not read" if self.values is None or self.refused else "changed" if self.changes else "read"


@dataclass
class FoundQuiz:
    """A quiz of a foreign file.

    Attributes:
        name: what its file should be called, without an ending; any text.
        title: its title; empty if it has none.
        settings: further keys of the quiz, as an author would write them, such as ``shuffle``.
        questions: its questions, in order.
        images: name in the texts -> content.
        remarks: what was guessed or lost that is not about one question, each as a sentence.
    """

    name: str
    title: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    questions: list[FoundQuestion] = field(default_factory=list)
    images: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Reader(Protocol):
    """A format that can be imported. Each is a module in ``imports/`` with one of these as ``READER``."""

    #: its name on the command line
    name: ClassVar[str]
    #: what it is, for people
    title: ClassVar[str]
    #: Readers of formats that are easy to recognize, such as XML, are asked first: 0. Plain text, in which the signs
    #: of a format could also be words, is last: 9.
    turn: ClassVar[int]

    def recognizes(self, file: GivenFile) -> bool:
        """Whether the content of ``file`` is in this format. Must be quick, and never raises."""

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        """The quizzes in ``file``. A question that cannot be read is in the result, with the reason.

        Raises:
            ExchangeError: nothing in the file can be read.
        """


def choice(texts: Iterable[str], right: Iterable[int], feedback: Mapping[int, str] | None = None) -> list[Any]:
    """The value of ``options``: the options at the positions ``right``, counted from 0, are correct."""
    right, feedback = set(right), feedback or {}
    options: list[Any] = []
    for position, text in enumerate(texts):
        option: dict[str, Any] = {"text": text}
        if position in right:
            option["correct"] = True
        if feedback.get(position):
            option["feedback"] = feedback[position]
        options.append(option if len(option) > 1 else text)
    return options


def slug(text: str) -> str:
    """A text as an id: letters and digits without accents, joined by hyphens; empty if there are none."""
    plain = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    name = ""
    for word in words:
        if name and len(name) + 1 + len(word) > _NAME:
            break
        name = f"{name}-{word}" if name else word[:_NAME]
    return name
