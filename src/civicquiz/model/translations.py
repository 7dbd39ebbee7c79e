"""Translations of a quiz: files next to it with its texts in other languages.

``law.es.yml`` belongs to ``law.yml`` and has the same shape. Only the texts that learners read are taken from a
translation (see ``validation.shown_texts``): ids, key and settings are those of the original, so that a response means
the same in every language. Where learners type a word, a translation may add answers and mistakes to those of the
original; what is right in one language is right in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.yaml_source import YamlPath, read
from civicquiz.errors import Problem, QuizError
from civicquiz.model.bank_texts import with_texts_of_banks
from civicquiz.model.banks import WholeQuiz
from civicquiz.model.file_names import LANGUAGE, translation_files
from civicquiz.model.interactions import Interaction, Key
from civicquiz.model.questions import QuestionBase
from civicquiz.model.translation_check import TranslationCheck

if TYPE_CHECKING:
    from civicquiz.model.quiz import Quiz

__all__ = ["Translation", "read_translations"]


@dataclass(frozen=True)
class Translation:
    """A quiz in one language. Everything that it returns has the ids of the original.

    ``quiz`` is the quiz with the translated texts, ``source`` the quiz as its author wrote it. What is not translated,
    or no longer says what the original says, is that of ``source``: a question is always in one language as a whole.
    """

    quiz: Quiz
    source: Quiz
    #: what of ``quiz`` is in the language of ``source``: paths of questions, sections, stimuli, objectives, the title
    untranslated: frozenset[YamlPath] = frozenset()

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

    def language_of(self, *path: str | int) -> str:
        """The language of what is under ``path``: the title, or a section, stimulus, objective or question."""
        return self.source.language if path in self.untranslated else self.language

    @cached_property
    def untranslated_questions(self) -> frozenset[str]:
        """The ids of the questions that are in the language of ``source``."""
        return frozenset(
            question.id
            for position, question in enumerate(self.quiz.questions)
            if ("questions", position) in self.untranslated
        )

    def language_of_question(self, question_id: str) -> str:
        """The language of the texts of a question."""
        return self.source.language if question_id in self.untranslated_questions else self.language

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
        return self.quiz.keyed_questions[question_id].feedback_as(self.source.keyed_questions[question_id])

    def key(self, question_id: str) -> Key[Any] | None:
        """The key of the original, which accepts the answers of all languages, with the right answer that is shown in
        this one; None if only a person can score the question.

        Raises:
            KeyError: there is no such question.
            NoKeyError: this is a released copy.
        """
        key = self.source.keyed_questions[question_id].key()
        return key.in_language(self.language) if key else None


def read_translations(path: Path, quiz: Quiz | None, whole: WholeQuiz) -> tuple[dict[str, Translation], list[Problem]]:
    """The translations next to the file ``path`` by language, and every problem of their files. A translation in which
    no question can be used is left out.

    ``whole`` is what ``quiz`` was made of: the texts of questions from other files are in the translations of those. If
    ``quiz`` is None, because its file has problems, the translations are only read.
    """
    translations: dict[str, Translation] = {}
    problems: list[Problem] = []
    named: dict[str, str] = {}
    images: dict[str, str] = {}
    for file in translation_files(path):
        tag = file.stem.rpartition(".")[2]
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
            source, found = with_texts_of_banks(source, whole, tag)
            check = TranslationCheck(quiz, whole, source, tag, images)
            translated = Translation(check.translated(), quiz, frozenset(check.untranslated))
            problems += [*found, *check.problems]
            is_copy = whole.source.value.get("released") is True  # these stay as 'civicquiz release' wrote them
            if not (is_copy or check.has_states or found or check.problems):
                message = "nothing here says which state of the original it translates"
                hint = "once it is up to date, run 'civicquiz accept-translation': then 'check' notices later changes"
                problems.append(replace(source.problem((), message, hint), is_note=True))
            if len(translated.untranslated_questions) < len(quiz.questions):
                translations[tag] = translated
                check.share_answers(translated.quiz)
                images |= translated.quiz.images
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
