"""Checks a translation against its original: the texts that it has, and what is missing, extra or different."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from civicquiz.authoring.images import images_of
from civicquiz.authoring.markdown import pictures
from civicquiz.authoring.validation import (
    MAX_CHARACTERS,
    Model,
    as_written,
    describe,
    paths_of,
    problems_of,
    shown_texts,
    value_at,
)
from civicquiz.authoring.wording import did_you_mean, excerpt, nearest, number_text
from civicquiz.authoring.yaml_source import Position, WrittenFloat, WrittenInt, YamlPath, YamlSource
from civicquiz.errors import Problem, display_path
from civicquiz.model.added_answers import AddedAnswers, part_at
from civicquiz.model.bank_texts import translation_of
from civicquiz.model.banks import WholeQuiz
from civicquiz.model.questions.short_text import ShortTextPart
from civicquiz.model.translated_state import TRANSLATES, states_of

if TYPE_CHECKING:
    from civicquiz.model.quiz import Quiz

__all__ = ["TranslationCheck"]

ModelT = TypeVar("ModelT", bound=Model)

_ONLY_TEXTS = "a translation changes only texts; delete this or make it the same"
_ALL_TEXTS = "translate every entry, in the order of the original"
_MISTAKES_FIRST = "begin with the mistakes of the original, in its order; those that you write after them are added"


class TranslationCheck:
    """Checks a translation file against its quiz and collects ``problems``.

    Paths are those in the quiz, because the file may have the questions in another order.
    """

    def __init__(
        self,
        quiz: Quiz,
        whole: WholeQuiz,
        source: YamlSource,
        language: str,
        images: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            quiz: the quiz.
            whole: what it was made of.
            source: its translation.
            language: the language of the translation.
            images: the images of other translations.
        """
        self.quiz = quiz
        self.whole = whole
        self.written = whole.source.value
        self.language = language
        self.images = images or {}
        self.problems: list[Problem] = []
        self.texts: dict[YamlPath, str] = {}
        #: answers that the translation adds, by the path of the question or gap
        self.added: dict[YamlPath, AddedAnswers] = {}
        #: paths of questions (among others) that have problems already
        self.faulty: set[YamlPath] = set()
        #: whether the file says anywhere which state of the original it translates
        self.has_states = False
        #: what is left in the language of the original: questions, sections, stimuli, objectives, and the title
        self.untranslated: set[YamlPath] = set()
        self.shown = {path: text for path, text, _ in shown_texts(quiz)}
        worded = [path for path, text in self.shown.items() if any(letter.isalpha() for letter in text)]
        #: what must not be left out: every text with a letter, and everything that contains one
        self.needed = {path[:length] for path in worded for length in range(len(path) + 1)}
        self.ignored: set[YamlPath] = {("language",)}
        for position, question in enumerate(quiz.questions):
            echoed = question.echoed_texts(question)
            self.ignored |= {("questions", position, *path) for path in (("id",), *echoed)}
        # Problems are described by the original's ids and types, which the file may leave out.
        self.view = YamlSource(source.path, _plain(quiz))
        aligned = self._aligned(source)
        self._take_states(aligned)
        self._mapping(quiz, aligned, ())
        if isinstance(source.value, dict) and source.value.get("language") not in (None, language):
            written = _said(source.value["language"])
            message = f"'language' is {written} here and '{language}' in the file name"
            self.problems.append(source.problem(("language",), message, "delete it or make it the same"))

    def _take_states(self, given: object) -> None:
        """Take out of the content of the file which states of the original it translates, and leave what is out of
        date in the language of the original.
        """
        now = states_of(self.quiz)
        entries = given.get("questions") if isinstance(given, dict) else None
        parts: list[tuple[YamlPath, object]] = [((), given)]
        parts += [(("questions", n), entry) for n, entry in enumerate(entries if isinstance(entries, list) else ())]
        for path, part in parts:
            if not isinstance(part, dict) or TRANSLATES not in part:
                continue
            self.has_states = True
            state = as_written(part.pop(TRANSLATES))
            if state == now.get(path):
                continue
            what = "the original has" if path else "the title of the original, or a text around the questions, has"
            message = f"{what} changed since it was translated, so students see the original"
            hint = "compare the two, then run 'civicquiz accept-translation' with the name of this file"
            if path:
                self._problem(path, message, hint, colon=True, key=TRANSLATES)
                self.ignored.add(path)
            else:
                self.problems.append(self.view.problem((TRANSLATES,), message, hint, at_key=True))
                self.ignored |= {(name,) for name in dict(self.quiz) if name != "questions"}

    def translated(self) -> Quiz:
        """The quiz with the texts of the file, checked as a quiz. Questions with a problem, and texts that are missing,
        stay as in the original; ``untranslated`` then has their paths.
        """
        whole_file = self.faulty & {(), ("questions",)}
        translated = _with_texts(self.quiz, self.texts).questions
        for position, (original, question) in enumerate(zip(self.quiz.questions, translated, strict=True)):
            path: YamlPath = ("questions", position)
            # Each mistake is reported once: anything that does not match its original is not checked any further.
            if whole_file or path in self.faulty:
                self.untranslated.add(path)
                continue
            for below, message, hint in original.translation_problems(question):
                self._problem((*path, *below), message, hint, colon=True)
                self.untranslated.add(path)
        self.untranslated |= {_unit(path) for path in self._needed_texts() if path not in self.texts}
        copy = self._validated()
        # A chart may be a different file in each language, because it contains words.
        images, unusable = images_of(self.view, copy, self._folder_of, {**self.images, **self.quiz.images})
        if unusable:
            self.problems += unusable
            known = {**images, **self.quiz.images}
            for path, text, _ in shown_texts(copy):
                if any(name not in known for name, _ in pictures(text)):
                    self.untranslated.add(_unit(path))
            copy = self._validated()
            images, _ = images_of(self.view, copy, self._folder_of, {**self.images, **self.quiz.images})
        return copy.placed(images=images)

    def share_answers(self, translated: Quiz) -> None:
        """Let the quiz accept the answers that its translation adds."""
        for path in self.added:
            if not _is_within(path, self.untranslated):
                original, part = (part_at(quiz.questions[int(path[1])], path[2:]) for quiz in (self.quiz, translated))
                original.also_in(self.language, part)

    def _needed_texts(self) -> Iterator[YamlPath]:
        """The texts outside of questions that a translation needs to have."""
        return (path for path in self.shown if path[0] != "questions" and path in self.needed)

    def _copy(self) -> Quiz:
        """The quiz with the texts that can be used."""
        texts = {path: text for path, text in self.texts.items() if not _is_within(path, self.untranslated)}
        copy = _with_texts(self.quiz, {**texts, ("language",): self.language})
        questions = (
            question
            if ("questions", position) in self.untranslated
            else _with_texts(question, original.echoed_texts(question))
            for position, (original, question) in enumerate(zip(self.quiz.questions, copy.questions, strict=True))
        )
        return copy.model_copy(update={"questions": tuple(questions)})

    def _validated(self) -> Quiz:
        """The same, validated again, so that what a question derives from its texts is derived from the translated
        ones. What a question refuses is a problem, and the question stays as in the original.
        """
        context = {"borrowed_stimuli": self.whole.borrowed_stimuli}
        while True:
            copy = self._copy()
            self.view.value = _plain(copy)
            for path, added in self.added.items():
                if not _is_within(path, self.untranslated):
                    added.put_into(value_at(self.view.value, path))
            try:
                return copy.model_copy(update=dict(type(self.quiz).model_validate(self.view.value, context=context)))
            except ValidationError as error:
                refused = {_unit(path) for path in paths_of(error, type(self.quiz), self.view)}
                # Whatever cannot be told apart is left out as a whole: the original alone is valid.
                if not refused - self.untranslated:
                    refused = {_unit(path) for path in self.shown}
                self.problems += problems_of(error, type(self.quiz), self.view)
                self.untranslated |= refused

    def _folder_of(self, path: YamlPath) -> Path:
        """The folder that an image in the text under ``path`` is relative to: that of the file which has the text."""
        is_own = path in self.texts or _is_within(path[:-2], self.added)
        if not is_own or _is_within(path, self.untranslated):
            return self.whole.folder_of(path)
        return (self.view.nearest(path).file or self.quiz.path).parent

    def _aligned(self, source: YamlSource) -> object:
        """The content of the file with its questions in the order of the quiz, and None for those that are missing."""
        value = source.value
        given = value.get("questions") if isinstance(value, dict) else None
        entries: list[object] = given if isinstance(given, list) else []
        quiz_positions = self._quiz_positions(entries, source)
        for shown, written in (
            (self.view.positions, source.positions),
            (self.view.key_positions, source.key_positions),
        ):
            for path, position in written.items():
                if len(path) < 2 or path[0] != "questions" or not entries:
                    shown[path] = position
                elif isinstance(path[1], int) and path[1] in quiz_positions:
                    shown[("questions", quiz_positions[path[1]], *path[2:])] = position
        if not entries:
            return value
        positions = {in_quiz: in_file for in_file, in_quiz in quiz_positions.items()}
        count = len(self.quiz.questions)
        return {**value, "questions": [entries[positions[n]] if n in positions else None for n in range(count)]}

    def _quiz_positions(self, entries: Sequence[object], source: YamlSource) -> dict[int, int]:
        """Position of a question in the file -> its position in the quiz."""
        known = {question.id: position for position, question in enumerate(self.quiz.questions)}
        quiz_positions: dict[int, int] = {}
        seen: dict[int, Position] = {}
        astray: list[tuple[int, int | None]] = []
        for position, entry in enumerate(entries):
            path: YamlPath = ("questions", position)
            name = as_written(entry.get("id")) if isinstance(entry, dict) else None
            called = describe(path, source)[0]
            if not isinstance(name, str):
                astray.append((position, position))
                message = "'id' is missing" if isinstance(entry, dict) else "must be a mapping ('key: value')"
                self.problems.append(source.problem(path, called + message, "questions are matched by their ids"))
                continue
            in_quiz = known.get(name.strip())
            if in_quiz is None:
                astray.append((position, known.get(nearest(name, known))))
                hint = did_you_mean(name, known, f"delete it, or add it to '{self.quiz.path.name}'")
                message = f"{called}the original has no such question"
                self.problems.append(source.problem((*path, "id"), message, hint))
            elif in_quiz in seen:
                message = f"{called}a second question with this id (the first is on line {seen[in_quiz].line})"
                self.problems.append(source.problem((*path, "id"), message, "delete one of the two"))
            else:
                quiz_positions[position], seen[in_quiz] = in_quiz, source.positions[path]
        # The question that was most likely meant is checked too, so that one typo neither hides nor causes other
        # problems.
        for position, guess in astray:
            if guess is not None and guess < len(known) and guess not in quiz_positions.values():
                quiz_positions[position] = guess
        return quiz_positions

    def _problem(
        self, path: YamlPath, rule: str, hint: str = "", *, colon: bool = False, key: str | None = None
    ) -> None:
        subject, name = describe(path, self.view)
        called = f"{subject}{name}" if name else subject.removesuffix(": ")
        called = "" if colon and not path else f"{called}{':' if colon else ''} "
        where = (*path, key) if key is not None else path
        self.faulty.add(path[:2])
        self.problems.append(self.view.problem(where, called + rule, hint, at_key=key is not None))

    def _compare(self, original: object, given: object, path: YamlPath) -> None:
        if path in self.ignored:
            return
        if given is None:
            if path in self.needed:
                text = self.shown.get(path)
                hint = f"translate {_said(text)}" if text else "copy it from the original and translate it"
                if bank := self._bank_of(path):
                    hint += f" here or in '{display_path(translation_of(bank, self.language))}'"
                self._problem(path, "is missing, but the original has one", hint)
        elif path in self.shown:
            self._text(given, path)
        elif path not in self.needed and given == value_at(self.written, path):
            pass  # copied as it was written; the model may have normalized it
        elif original is None:
            name = (self.whole.source.nearest(path).file or self.quiz.path).name
            self._problem(path, "is not in the original", f"delete it, or add one to '{name}'")
        elif isinstance(original, (Model, dict)):
            self._mapping(original, given, path)
        elif isinstance(original, tuple):
            self._list(original, given, path)
        elif not _same(original, given):
            hint = _MISTAKES_FIRST if path[-3:-2] == ("mistakes",) and path[-1] == "text" else _ONLY_TEXTS
            self._problem(path, f"is {_said(given)} here and {_said(original)} in the original", hint)

    def _bank_of(self, path: YamlPath) -> Path | None:
        """The other file that the text under ``path``, which is missing, is from; None if it is the quiz's own."""
        if self.view.nearest(path).file:
            return None  # the text is missing in the translation of that file
        from_banks = [files[-1] for files in self.whole.origins.values()] if path == ("questions",) else []
        return from_banks[0] if from_banks else self.whole.source.nearest(path).file

    def _text(self, given: object, path: YamlPath) -> None:
        text = as_written(given)
        if not isinstance(text, str):
            self._problem(path, f"must be text (got {_said(given)})", f"translate {_said(self.shown[path])}")
        elif len(text) > MAX_CHARACTERS:
            self._problem(path, f"must have at most {MAX_CHARACTERS} characters", "write less")
        else:
            self.texts[path] = text.strip()

    def _mapping(self, original: Model | dict[str, object], given: object, path: YamlPath) -> None:
        parts = original if isinstance(original, dict) else dict(original)
        if "text" in parts and isinstance(original, Model) and isinstance(given, (str, WrittenInt, WrittenFloat)):
            given = {"text": given}
        if not isinstance(given, dict):
            hint = "" if path else "start with 'title:' and 'questions:'"
            self._problem(path, f"must be a mapping ('key: value') (got {_said(given)})", hint)
            return
        if isinstance(original, ShortTextPart):
            added, given = AddedAnswers.of(original, given)
            for below, message, hint in added.conflicts():
                self._problem((*path, *below), message, hint, colon=True)
            if added:
                self.added[path] = added
        # A key that is missing because it is misspelled is one mistake, not two.
        misspelled = set()
        for key in given.keys() - parts.keys():
            misspelled.add(nearest(key, parts))
            hint = did_you_mean(key, parts, f"known keys: {', '.join(parts)}")
            self._problem(path, f"unknown key '{key}'", hint, colon=True, key=key)
        for name, part in parts.items():
            if name in given or name not in misspelled:
                self._compare(part, given.get(name), (*path, name))

    def _list(self, original: tuple[object, ...], given: object, path: YamlPath) -> None:
        if not isinstance(given, list):
            self._problem(path, f"must be a list (got {_said(given)})")
        elif len(given) != len(original):
            hint = _ALL_TEXTS if path in self.needed else _ONLY_TEXTS
            self._problem(path, f"has {_entries(given)} here and {len(original)} in the original", hint)
        else:
            for position, entry in enumerate(original):
                self._compare(entry, given[position], (*path, position))


def _is_within(path: YamlPath, paths: Collection[YamlPath]) -> bool:
    """Whether ``path`` is one of ``paths`` or below one of them."""
    return any(path[:length] in paths for length in range(len(path) + 1))


def _unit(path: YamlPath) -> YamlPath:
    """What stays as in the original together with the text under ``path``: everything in its question, section or
    stimulus, so that nobody reads half of it in one language and half in the other."""
    return path[:2]


def _with_texts(model: ModelT, texts: Mapping[YamlPath, str], path: YamlPath = ()) -> ModelT:
    """``model``, whose path is ``path``, with the ``texts`` under their paths."""
    parts = {name: _replaced(part, texts, (*path, name)) for name, part in model}
    return model.model_copy(update={name: part for name, part in parts.items() if part is not getattr(model, name)})


def _replaced(value: object, texts: Mapping[YamlPath, str], path: YamlPath) -> object:
    """As :func:`_with_texts`, for any part of a model."""
    if isinstance(value, Model):
        return _with_texts(value, texts, path)
    if isinstance(value, tuple):
        return tuple(_replaced(part, texts, (*path, position)) for position, part in enumerate(value))
    if isinstance(value, dict):
        return {name: _replaced(part, texts, (*path, name)) for name, part in value.items()}
    return texts.get(path, value)


def _plain(quiz: Quiz) -> dict[str, Any]:
    """The file that an author would have written for ``quiz`` without any short forms."""
    return quiz.model_dump(mode="json", exclude_unset=True)


def _same(original: object, given: object) -> bool:
    """Whether an author's value means the same as a value of the model."""
    if isinstance(original, bool) or isinstance(given, bool):
        return original is given
    if isinstance(original, str):
        written = as_written(given)
        return isinstance(written, str) and written.strip() == original
    return bool(original == given)


def _entries(entries: Sequence[object]) -> str:
    return "1 entry" if len(entries) == 1 else f"{len(entries)} entries"


def _said(value: object) -> str:
    """A value for use in a message."""
    if isinstance(value, (WrittenInt, WrittenFloat)):
        return value.written
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, (list, tuple, dict, Model)):
        return f"a list of {len(value)}" if isinstance(value, (list, tuple)) else "a mapping"
    if isinstance(value, (int, float)):
        return number_text(value)
    return f"'{excerpt(str(value))}'"
