"""Translations of a quiz: files beside it with its texts in other languages.

``law.es.yml`` belongs to ``law.yml`` and has the same shape. Only the texts that learners read are taken from a
translation (see ``validation.shown_texts``): ids, key and settings are those of the original, so that a response means
the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import Problem, QuizError
from civicquiz.model.interactions import Interaction
from civicquiz.model.questions import QuestionBase
from civicquiz.model.translation_check import TranslationCheck

if TYPE_CHECKING:
    from civicquiz.model.quiz import Quiz

__all__ = ["LANGUAGE", "Translation", "quiz_file", "read_translations"]

#: A language tag, such as ``es`` or ``es-MX``.
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True)
class Translation:
    """A quiz in one language. Everything that it returns has the ids of the original.

    ``quiz`` is the quiz with the translated texts, ``source`` the quiz as its author wrote it.
    """

    quiz: Quiz
    source: Quiz

    @classmethod
    def original(cls, quiz: Quiz) -> Translation:
        """``quiz`` in its own language, for code that handles all languages alike."""
        return cls(quiz, quiz)

    @property
    def language(self) -> str:
        """The tag of the language."""
        return self.quiz.language

    @property
    def title(self) -> str:
        """The title in this language."""
        return self.quiz.title

    @cached_property
    def questions(self) -> Mapping[str, QuestionBase]:
        """The questions by their ids, with the texts of this language."""
        return {question.id: question for question in self.quiz.questions}

    @cached_property
    def _interactions(self) -> Mapping[str, Interaction[Any]]:
        originals = {question.id: question for question in self.source.questions}
        return {name: question.interaction_as(originals[name]) for name, question in self.questions.items()}

    def question(self, question_id: str) -> QuestionBase:
        """The question with the texts of this language; for its interaction, use :meth:`interaction`.

        Raises:
            KeyError: there is no such question.
        """
        return self.questions[question_id]

    def interaction(self, question_id: str) -> Interaction[Any]:
        """The interaction of the original, with the texts of this language.

        Raises:
            KeyError: there is no such question.
        """
        if self.quiz is self.source:
            return self.questions[question_id].interaction()
        return self._interactions[question_id]

    def feedback(self, question_id: str) -> dict[str, str]:
        """Token of a response -> the feedback in this language, as Markdown.

        Raises:
            KeyError: there is no such question.
            NoKeyError: this is a released copy.
        """
        tokens = self.source.keyed_questions[question_id].token_feedback()
        texts = self.quiz.keyed_questions[question_id].token_feedback()
        return dict(zip(tokens, texts.values(), strict=True))


def quiz_file(path: Path) -> Path | None:
    """The quiz that the translation ``path`` belongs to, whether it exists or not; None for other files.

    ``law.es.yml`` is a translation of ``law.yml``. A file with a word between dots that is not a language tag is a
    translation only if such a quiz is beside it.
    """
    stem, _, tag = path.stem.rpartition(".")
    if not stem or path.suffix not in _SUFFIXES:
        return None
    for suffix in (path.suffix, *_SUFFIXES):
        if (quiz := path.with_name(stem + suffix)).is_file():
            return quiz
    return path.with_name(stem + path.suffix) if re.fullmatch(LANGUAGE, tag) else None


def read_translations(path: Path, quiz: Quiz | None, written: object) -> tuple[dict[str, Translation], list[Problem]]:
    """The translations beside the file ``path`` by language, and every problem of their files.

    ``written`` is the content of the quiz file. If ``quiz`` is None, because that file has problems, the translations
    are only read.
    """
    translations: dict[str, Translation] = {}
    problems: list[Problem] = []
    named: dict[str, str] = {}
    for file in sorted(file for file in path.parent.iterdir() if file.suffix in _SUFFIXES and file.is_file()):
        stem, _, tag = file.stem.rpartition(".")
        if stem != path.stem:
            continue
        try:
            source = read(file)
        except QuizError as error:
            problems += error.problems
            continue
        wrong = _tag_problem(tag, quiz, named.get(tag))
        named[tag] = file.name
        if wrong:
            problems.append(source.problem((), *wrong))
        elif quiz is not None:
            check = TranslationCheck(quiz, written, source, tag)
            translations[tag] = Translation(check.translated(), quiz)
            problems += check.problems
    return translations, problems


def _tag_problem(tag: str, quiz: Quiz | None, other: str | None) -> tuple[str, str] | None:
    """(message, hint) if ``tag`` in the name of a file cannot be the language of a translation."""
    if not re.fullmatch(LANGUAGE, tag):
        return f"'{tag}' in the file name is not a language tag", "name a translation like 'law.es.yml'"
    if other:
        return f"a second translation into '{tag}' (the first is '{other}')", "keep one of the two"
    if quiz is not None and tag == quiz.language:
        return f"the quiz itself is in '{tag}'", "put the tag of the other language into the file name"
    return None
