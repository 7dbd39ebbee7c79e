"""The answers that a translation adds to those of the original, where learners type a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import as_written
from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.interactions.text_matching import normalized
from civicquiz.model.questions.short_text import Answer, ShortTextPart

__all__ = ["AddedAnswers", "part_at"]


@dataclass(frozen=True)
class AddedAnswers:
    """What a translation of a part has under ``accept`` and ``mistakes``, as it is in its file, not validated yet.

    Its first mistakes translate those of the original, one by one. Everything after them is added.
    """

    original: ShortTextPart
    accept: Any
    mistakes: list[Any]

    @classmethod
    def of(cls, original: ShortTextPart, given: Mapping[str, Any]) -> tuple[AddedAnswers, dict[str, Any]]:
        """What ``given``, a translation of ``original``, adds, and the rest of it, which has the shape of
        ``original``."""
        rest = {name: value for name, value in given.items() if name != "accept"}
        mistakes = given.get("mistakes")
        count = len(original.mistakes)
        if not isinstance(mistakes, list) or len(mistakes) <= count:
            return cls(original, given.get("accept"), []), rest
        if count:
            rest["mistakes"] = mistakes[:count]
        else:
            del rest["mistakes"]
        return cls(original, given.get("accept"), mistakes[count:]), rest

    def __bool__(self) -> bool:
        return self.accept is not None or bool(self.mistakes)

    def answers(self) -> Iterator[Answer]:
        """The entries that can be understood."""
        for position, entry in enumerate(self.accept if isinstance(self.accept, list) else ()):
            credit = entry.get("credit", 1) if isinstance(entry, dict) else 1
            if (text := _text_of(entry)) is not None and isinstance(credit, (int, float)):
                yield Answer("accept", position, text, credit)
        for position, entry in enumerate(self.mistakes, start=len(self.original.mistakes)):
            if (text := _text_of(entry)) is not None:
                yield Answer("mistakes", position, text, 0)

    def conflicts(self) -> AuthorProblems:
        """What is said differently about the same text here, and in the original or in another translation."""
        parts = {"the original": self.original}
        parts |= {f"the translation into '{language}'": part for language, part in self.original.translated.items()}
        known = {
            self._plain(answer): (where, answer.credit)
            for where, part in reversed(parts.items())
            for answer in part.answers()
        }
        found = AuthorProblems()
        for answer in self.answers():
            where, credit = known.get(self._plain(answer), ("", answer.credit))
            if credit != answer.credit:
                message = f"'{excerpt(answer.text)}' {_earning(answer.credit)} here and {_earning(credit)} in {where}"
                found.add((answer.key, answer.position), message, "delete it here, or change it there")
        return found

    def _plain(self, answer: Answer) -> str:
        return normalized(answer.text, self.original.ignore)

    def put_into(self, part: dict[str, Any]) -> None:
        """Add the answers to ``part``, the translated part as an author would have written it without them. The first
        answers are those of the translation, so that the one that is shown is one of them."""
        if isinstance(self.accept, list):
            own = {self._plain(answer) for answer in self.answers() if answer.key == "accept"}
            others = [entry for entry in part["accept"] if normalized(entry["text"], self.original.ignore) not in own]
            part["accept"] = [*self.accept, *others]
        elif self.accept is not None:
            part["accept"] = self.accept
        if self.mistakes:
            part["mistakes"] = [*part.get("mistakes", ()), *self.mistakes]


def part_at(question: Any, path: YamlPath) -> Any:
    """The part of a question under ``path``: the question itself, or one of its gaps."""
    for step in path:
        question = question[step] if isinstance(question, dict) else getattr(question, str(step))
    return question


def _earning(credit: float) -> str:
    if credit == 1:
        return "is right"
    return f"has 'credit: {number_text(credit, 2)}'" if credit else "is a mistake"


def _text_of(entry: Any) -> str | None:
    text = as_written(entry.get("text") if isinstance(entry, dict) else entry)
    return text.strip() if isinstance(text, str) else None
