"""Which questions an entry such as ``- from: bank/law.yml`` takes, and from which file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, StrictInt, ValidationError, create_model, model_validator

from civicquiz.authoring.author_problems import author_error
from civicquiz.authoring.validation import Id, Line, Model, as_written, describe, problems_of
from civicquiz.authoring.wording import did_you_mean
from civicquiz.authoring.written_paths import path_mistake
from civicquiz.authoring.yaml_source import MAX_ENTRIES, YamlPath, YamlSource, read
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.model.file_names import SUFFIXES, find_course, quiz_file
from civicquiz.model.questions.question_base import Code

__all__ = ["BankQuestion", "FromFile", "Group", "Takings", "id_of", "is_from", "questions_of", "word", "words"]

#: The most files that one quiz takes questions from, and how many values they may have together; the most entries with
#: 'from' in a file, and how many files in a row may take questions from the next. This is enough for any course, and
#: little enough that no quiz can keep the reader busy.
MAX_FILES, MAX_READ, MAX_FROM, MAX_CHAIN = 40, 100_000, 50, 5


class _FromFile(Model):
    """Questions of another file. A question has to meet all conditions."""

    ids: tuple[Id, ...] | None = Field(None, min_length=1, description="the ids of the questions, in their order")
    tags: tuple[Id, ...] = Field((), description="only questions that have all of these tags")
    difficulty: Literal["easy", "medium", "hard"] | None = Field(
        None, description="only questions of this difficulty: easy, medium or hard"
    )
    objective: Code | None = Field(None, description="only questions with this objective, by its code")
    number: StrictInt | None = Field(
        None, ge=1, description="how many of them each student gets; all of them if left out"
    )

    @model_validator(mode="after")
    def _ids_or_conditions(self) -> _FromFile:
        for key in ("tags", "difficulty", "objective"):
            if self.ids and getattr(self, key):
                raise author_error("cannot be combined with 'ids'", "delete one of the two", at=key)
        return self


if TYPE_CHECKING:
    FromFile = _FromFile
else:
    # A class body cannot define this field, because 'from' is a keyword in Python.
    FromFile = create_model(
        "FromFile",
        __base__=_FromFile,
        __module__=__name__,
        __doc__=_FromFile.__doc__,
        **{"from": (Line, Field(description="write the path of a quiz file, from the folder of this one"))},
    )


def is_from(entry: object) -> bool:
    """Whether an entry of ``questions`` is in place of questions of another file."""
    return isinstance(entry, dict) and "from" in entry


def questions_of(source: YamlSource) -> list[Any]:
    """The entries of ``questions`` in a file; none if that is not a list."""
    questions = source.value.get("questions") if isinstance(source.value, dict) else None
    return questions if isinstance(questions, list) else []


def words(value: object) -> list[str]:
    """The texts in a value that an author wrote, which should be a list of them."""
    written = map(as_written, value) if isinstance(value, list) else ()
    return [word.strip() for word in written if isinstance(word, str)]


def word(value: object) -> str:
    """A text that an author wrote; "" for anything else."""
    return next(iter(words([value])), "")


def id_of(question: object) -> str:
    """The id of a question as its author wrote it; "" if it has none."""
    return word(question.get("id")) if isinstance(question, dict) else ""


@dataclass(frozen=True)
class BankQuestion:
    """A question, valid or not, in the file that it is written in."""

    source: YamlSource
    position: int
    #: the files that it came through, as in WholeQuiz; none for a question of the quiz itself
    files: tuple[Path, ...]
    id: str = ""
    tags: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    difficulty: str = ""

    @property
    def where(self) -> tuple[int, int]:
        """What tells it from all other questions."""
        return id(self.source), self.position

    @property
    def path(self) -> YamlPath:
        """Where it is in its file."""
        return "questions", self.position

    @property
    def value(self) -> Any:
        """What its author wrote."""
        return self.source.value["questions"][self.position]


def _found(source: YamlSource, position: int, file: Path | None) -> BankQuestion:
    question = source.value["questions"][position]
    written = question if isinstance(question, dict) else {}
    return BankQuestion(
        source,
        position,
        (file,) if file else (),
        id=id_of(question),
        tags=frozenset(words(written.get("tags"))),
        objectives=frozenset(words(written.get("objectives"))),
        difficulty=word(written.get("difficulty")),
    )


class _RefusedError(Exception):
    """An entry cannot be used: path below it, what is wrong, and what to do. Never raised out of this module."""


@dataclass
class Group:
    """What an entry of ``questions`` yields: itself, or questions of another file; ``number`` of them are for each
    learner, or all. None if there is something wrong with it.
    """

    position: int
    found: Sequence[BankQuestion] | None
    number: int | None = None


class Takings:
    """What a quiz takes from other files; each of them is read once.

    Attributes:
        problems: what is wrong with entries and files, after the groups were read.
        files: the files that the quiz takes questions from, or should.
    """

    def __init__(self, quiz: YamlSource) -> None:
        self._quiz = quiz
        assert quiz.file is not None  # it was read from one
        self._course = find_course(quiz.file.parent)
        self._root = self._course or quiz.file.parent
        self.problems: list[Problem] = []
        self.files: dict[Path, None] = {}
        #: resolved path of a file -> its questions, with those that it takes itself; None if it cannot be read
        self._questions: dict[Path, list[BankQuestion] | None] = {}
        self._values = 0

    def groups(self) -> list[Group]:
        """What each entry of ``questions`` of the quiz yields."""
        assert self._quiz.file is not None
        return list(self._groups(self._quiz, (self._quiz.file.resolve(),), None))

    def _groups(self, source: YamlSource, chain: tuple[Path, ...], file: Path | None) -> Iterator[Group]:
        """What each entry of ``questions`` yields. ``chain`` are the files that led to this one, and ``file`` is how it
        was named; None for the quiz itself.
        """
        taken: dict[tuple[int, int], int] = {}
        used = 0
        for position, entry in enumerate(questions_of(source)):
            path: YamlPath = ("questions", position)
            if not is_from(entry):
                yield Group(position, [_found(source, position, file)])
                continue
            used += 1
            group = Group(position, None)
            try:
                if used > MAX_FROM:
                    raise _RefusedError(
                        (), f"more than {MAX_FROM} entries with 'from' in one file", "combine some of them"
                    )
                group = self._taken(source, position, FromFile.model_validate(entry), chain, taken)
            except ValidationError as error:
                self.problems += problems_of(error, FromFile, source, path)
            except QuizError as error:
                self.problems += error.problems
            except _RefusedError as refused:
                below, message, hint = refused.args
                problem = source.problem((*path, *below), describe(path, source)[0] + message, hint)
                self.problems.append(problem)
            for found in group.found or ():
                taken.setdefault(found.where, position)
            yield group
            if used > MAX_FROM:
                return

    def _taken(
        self,
        source: YamlSource,
        position: int,
        entry: FromFile,
        chain: tuple[Path, ...],
        taken: Mapping[tuple[int, int], int],
    ) -> Group:
        """The questions that an entry takes, without those that an entry above it has taken."""
        file = self._file(source, getattr(entry, "from"))
        available = self._read(source, file, chain)
        if available is None:  # and its problems are told
            return Group(position, None)
        if entry.ids:
            chosen = list(_by_ids(source, entry.ids, available, taken))
        else:
            fitting = _fitting(entry, available)
            chosen = [found for found in fitting if found.where not in taken]
            if not chosen:
                raise _RefusedError(
                    (), "all questions that fit are taken by the entries above", "delete it, or take others"
                )
        if entry.number and entry.number > len(chosen):
            more = " and are not taken by an entry above" if not entry.ids and len(chosen) < len(fitting) else ""
            message = f"'number' is more than the number of questions that fit{more} ({len(chosen)})"
            raise _RefusedError(("number",), message, "write a smaller number, or more questions")
        return Group(position, chosen, entry.number)

    # ---- Which file ----

    def _file(self, source: YamlSource, name: str) -> Path:
        """The file that an entry of ``source`` names, which is below the folder of the course or of the quiz."""
        where = ("from",)
        if mistake := path_mistake(name):
            what, hint = mistake
            raise _RefusedError(where, f"this {what}", hint)
        if Path(name).suffix not in SUFFIXES:
            raise _RefusedError(
                where, "this is not the name of a quiz file", "write the path of a file that ends in .yml"
            )
        assert source.file is not None
        file = Path(os.path.normpath(source.file.parent / name))
        if name.startswith("/") or not file.is_relative_to(self._root):
            raise self._outside()
        if file not in self.files and len(self.files) == MAX_FILES:
            raise _RefusedError(
                where, f"the quiz takes questions from more than {MAX_FILES} files", "combine some of the files"
            )
        self.files[file] = None
        try:
            if not file.resolve(strict=True).is_relative_to(self._root.resolve()):
                raise self._outside()  # a symbolic link leads somewhere else
            if not file.is_file():
                raise _RefusedError(where, "this is not a file", "write the path of a file")
        except (FileNotFoundError, NotADirectoryError):
            hint = "write its path from the folder of the file that you write this in; upper and lower case matter"
            raise _RefusedError(where, "there is no such file", hint) from None
        except (OSError, RuntimeError, ValueError):  # such as no permission, a loop of links, a NUL in the name
            raise _RefusedError(where, "the file cannot be read", "check the path") from None
        original = quiz_file(file)
        if original is not None and original.is_file():
            message = f"this is a translation of '{original.name}'"
            raise _RefusedError(where, message, f"name '{original.name}'; its translations come along")
        return file

    def _outside(self) -> _RefusedError:
        """The refusal of a file that is not where the quiz may take questions from."""
        if self._course:
            return _RefusedError(("from",), "the file is outside the course", "save it in the folder of the course")
        hint = "save it there or in a folder inside it; a course is a folder whose quizzes are in a folder 'quizzes'"
        return _RefusedError(
            ("from",), "the file is outside the folder of the quiz, which is not part of a course", hint
        )

    def _read(self, source: YamlSource, file: Path, chain: tuple[Path, ...]) -> list[BankQuestion] | None:
        """The questions of a file, with those that it takes itself; None if it cannot be used and that was told."""
        resolved = file.resolve()
        if resolved in chain:
            files = " -> ".join(f"'{display_path(link)}'" for link in (*chain[chain.index(resolved) :], resolved))
            raise _RefusedError(
                ("from",), f"these files take questions from each other: {files}", "delete one of these entries"
            )
        if resolved not in self._questions:
            if len(chain) > MAX_CHAIN:
                message = f"more than {MAX_CHAIN} files in a row that take questions from the next one"
                raise _RefusedError(("from",), message, "name the file that the questions are written in")
            self._questions[resolved] = None  # unless it can be read
            if self._values > MAX_READ:
                message = f"the files that the quiz takes questions from have more than {MAX_READ:,} values together"
                raise _RefusedError(("from",), message, "take questions from fewer or smaller files")
            bank = read(file)
            self._values += len(bank.positions)
            _check_bank(bank, source)
            before = len(self.problems)
            groups = list(self._groups(bank, (*chain, resolved), file))
            found = [question for group in groups for question in group.found or ()]
            if len(self.problems) == before:
                found = [
                    question if question.files == (file,) else _through(question, file)
                    for question in found[:MAX_ENTRIES]
                ]
                self._questions[resolved] = found
        return self._questions[resolved]


def _through(question: BankQuestion, file: Path) -> BankQuestion:
    """A question that ``file`` takes from another one."""
    return replace(question, files=(file, *question.files))


def _check_bank(bank: YamlSource, source: YamlSource) -> None:
    """Refuse a file whose questions cannot be questions of ``source``."""
    if isinstance(bank.value, dict) and bank.value.get("released") is True:
        hint = "name the quiz that it was released from"
        raise _RefusedError(("from",), "this is a released copy, which has no key", hint)
    if not questions_of(bank):
        raise _RefusedError(("from",), "the file has no questions", "write the path of a quiz file")
    theirs, ours = (word(file.value.get("language")) or "en" for file in (bank, source))
    if theirs != ours:
        message = f"its questions are in '{theirs}', and this file is in '{ours}'"
        raise _RefusedError(("from",), message, "take questions in the same language; their translations come along")


def _by_ids(
    source: YamlSource, ids: Sequence[str], available: Sequence[BankQuestion], taken: Mapping[tuple[int, int], int]
) -> Iterator[BankQuestion]:
    known = {found.id: found for found in reversed(available)}
    seen = set()
    for number, wanted in enumerate(ids):
        where = ("ids", number)
        if wanted not in known:
            few = [word for word in known if word][:10]
            hint = did_you_mean(wanted, known, f"some of its questions are: {', '.join(few)}")
            raise _RefusedError(where, f"there is no question '{wanted}' in that file", hint)
        found = known[wanted]
        above = taken.get(found.where)
        if wanted in seen or above is not None:
            how = "twice here" if above is None else f"by the entry at {source.line_of(('questions', above))}, too"
            raise _RefusedError(where, f"question '{wanted}' is taken {how}", "delete one of the two")
        seen.add(wanted)
        yield found


def _fitting(entry: FromFile, available: Sequence[BankQuestion]) -> list[BankQuestion]:
    """The questions that meet the conditions of an entry."""
    for number, tag in enumerate(entry.tags):
        known = {word for found in available for word in found.tags}
        _refuse_unknown(("tags", number), "the tag", tag, known, f"write 'tags: [{tag}]' in a question there")
    if entry.objective:
        known = {word for found in available for word in found.objectives}
        hint = f"write 'objectives: [{entry.objective}]' in a question there"
        _refuse_unknown(("objective",), "the objective", entry.objective, known, hint)
    if entry.difficulty:
        known = {found.difficulty for found in available}
        hint = f"write 'difficulty: {entry.difficulty}' in a question there"
        _refuse_unknown(("difficulty",), "the difficulty", entry.difficulty, known, hint)
    fitting = [
        found
        for found in available
        if found.tags.issuperset(entry.tags)
        and (not entry.objective or entry.objective in found.objectives)
        and (not entry.difficulty or entry.difficulty == found.difficulty)
    ]
    if not fitting:
        raise _RefusedError((), "no question there meets all of these conditions", "delete one of them")
    return fitting


def _refuse_unknown(where: YamlPath, what: str, word: str, known: set[str], otherwise: str) -> None:
    if word not in known:
        raise _RefusedError(
            where, f"no question there has {what} '{word}'", did_you_mean(word, sorted(known), otherwise)
        )
