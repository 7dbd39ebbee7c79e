"""What an author should look at in a quiz that is valid: warnings of ``civicquiz check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from civicquiz.authoring.markdown import doubtful
from civicquiz.authoring.normal_form import character_names, replaced_characters
from civicquiz.authoring.validation import describe, shown_texts
from civicquiz.authoring.yaml_source import YamlPath, YamlSource
from civicquiz.errors import Problem
from civicquiz.model.questions.cloze import Cloze
from civicquiz.model.questions.question_base import KeyedQuestion, QuestionBase
from civicquiz.model.questions.short_text import ShortTextPart
from civicquiz.model.questions.single_choice import SingleChoicePart
from civicquiz.model.quiz import Quiz

__all__ = ["advice"]

#: (path below the quiz, message, hint)
_Advice = tuple[YamlPath, str, str]


def advice(quiz: Quiz, source: YamlSource) -> Iterator[Problem]:
    """Warnings about a quiz that was loaded from ``source``, each with its place."""
    for position, question in enumerate(quiz.questions):
        called = f"question '{question.id}' ({question.type})"
        for path, message, hint in _of_question(question):
            problem = source.problem(("questions", position, *path), f"{called}: {message}", hint)
            yield replace(problem, is_warning=True)
    yield from _about_language(quiz, source)
    for path, text, shown in shown_texts(quiz):
        for message, hint in doubtful(text) if shown.markdown else ():
            subject, name = describe(path, source)
            yield replace(source.problem(path, f"{subject}{name}: {message}", hint), is_warning=True)


#: The languages of the interface: those of the files in ``frontend/static/locale/``.
INTERFACE_LANGUAGES = ("en", "es")


def _about_language(quiz: Quiz, source: YamlSource) -> Iterator[Problem]:
    if quiz.language.partition("-")[0] not in INTERFACE_LANGUAGES:
        message = f"buttons and messages around a quiz in '{quiz.language}' are in English"
        hint = f"the interface speaks {' and '.join(INTERFACE_LANGUAGES)}; what you write is shown as you write it"
        yield replace(source.problem(("language",), message, hint), is_warning=True)


def _of_question(question: QuestionBase) -> Iterator[_Advice]:
    yield from _of_part(question)
    if isinstance(question, Cloze):
        for name, gap in question.gaps.items():
            for path, message, hint in _of_part(gap):
                yield ("gaps", name, *path), f"gap '{name}': {message}", hint
    if isinstance(question, KeyedQuestion):
        for name, variable in question.variables.items():
            if name not in question.seen_names and variable.calculate is None:
                message = f"the variable '{name}' is not in the prompt, so students never see it"
                yield ("variables", name), message, f"write {{{name}}} in the prompt if students need it for the answer"


def _of_part(part: Any) -> Iterator[_Advice]:
    """Warnings about a question, or a gap in one."""
    if isinstance(part, SingleChoicePart):
        right = [position for position, option in enumerate(part.options) if option.correct]
        for position in right[1:]:
            message = f"a second right option (the first is option {right[0] + 1}); either one earns all the points"
            hint = "if students have to choose both, write 'type: multiple-choice'"
            yield ("options", position, "correct"), message, hint
    if isinstance(part, ShortTextPart):
        texts = [("accept", position, entry.text) for position, entry in enumerate(part.accept)]
        texts += [("mistakes", position, entry.text) for position, entry in enumerate(part.mistakes)]
        for key, position, text in texts:
            if found := replaced_characters(text):
                message = f"'{text}' contains {character_names(found)}"
                hint = "students may type that or its plain form; write the plain form if you can"
                yield (key, position, "text"), message, hint
