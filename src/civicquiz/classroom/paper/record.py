"""The record of what was printed: a small file next to the worksheets, by which answers are understood later."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from civicquiz.authoring.text_files import TextFileError, read_utf8
from civicquiz.errors import GradingError, display_path
from civicquiz.grading.paper import PaperVersion

__all__ = ["Printed", "Record", "read_record", "record_of"]

SUFFIX = ".paper.json"
_SCHEMA = 1
_MAX_BYTES = 100_000


@dataclass(frozen=True)
class Printed:
    """One printed version: the seed that it was made with, and the check code on it."""

    seed: int
    code: str


@dataclass(frozen=True)
class Record:
    """What was printed of the quiz called ``quiz``: in which state, in which languages, in which versions."""

    quiz: str
    quiz_version: str
    languages: tuple[str, ...]
    versions: Mapping[str, Printed]

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.quiz}{SUFFIX}"

    def to_json(self) -> str:
        """The content of its file."""
        versions = {letter: {"seed": one.seed, "code": one.code} for letter, one in self.versions.items()}
        content = {"schema": _SCHEMA, "quiz": self.quiz, "content_hash": self.quiz_version}
        return json.dumps({**content, "languages": list(self.languages), "versions": versions}, indent=1) + "\n"

    def agrees_with(self, other: Record) -> bool:
        """Whether no sheet of one of the two could be taken for a different sheet of the other."""
        common = self.versions.keys() & other.versions.keys()
        return self.quiz == other.quiz and all(self.versions[letter] == other.versions[letter] for letter in common)

    def together_with(self, other: Record) -> Record:
        """A record of what either of the two has; they agree."""
        languages = tuple(dict.fromkeys((*self.languages, *other.languages)))
        return replace(self, languages=languages, versions={**self.versions, **other.versions})


def record_of(versions: Sequence[PaperVersion], languages: Sequence[str]) -> Record:
    """The record of these versions of one quiz."""
    quiz = versions[0].quiz
    printed = {version.letter: Printed(version.seed, version.code()) for version in versions}
    return Record(quiz.name, quiz.version, tuple(languages or [quiz.language]), printed)


def read_record(path: Path) -> Record:
    """The record in the file ``path``.

    Raises:
        GradingError: it cannot be read, or is not one.
    """
    try:
        content = json.loads(read_utf8(path, _MAX_BYTES))
        return _record(content)
    except TextFileError as error:
        raise GradingError(f"{display_path(path)}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "is not what 'civicquiz worksheet --versions' wrote"
        raise GradingError(f"{display_path(path)}: {message}; take the file that is next to the worksheets") from None


def _record(content: Any) -> Record:
    versions = {letter: Printed(one["seed"], one["code"]) for letter, one in content["versions"].items()}
    whole = (type(one.seed) is int and 0 <= one.seed < 2**32 and isinstance(one.code, str) for one in versions.values())
    languages = content["languages"]
    if not isinstance(languages, list):
        raise ValueError
    texts = [content["quiz"], content["content_hash"], *languages]
    known = content["schema"] == _SCHEMA and versions.keys() <= set(string.ascii_uppercase)
    if not known or not versions or not languages or not all(whole) or not all(isinstance(text, str) for text in texts):
        raise ValueError
    return Record(texts[0], texts[1], tuple(texts[2:]), versions)
