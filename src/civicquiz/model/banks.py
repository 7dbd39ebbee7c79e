"""Questions from other files: ``- from: bank/law.yml`` among the questions of a quiz.

The file that questions are taken from, a bank, is a quiz like any other. What is taken replaces the entry before
anything is validated, with the positions that it has in its own file. So a quiz is the same as if everything were
written in it, and its problems are still reported where somebody can solve them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from civicquiz.authoring.validation import describe
from civicquiz.authoring.yaml_source import MAX_BYTES, MAX_ENTRIES, MAX_VALUES, YamlPath, YamlSource, read
from civicquiz.errors import Problem, QuizError
from civicquiz.model.file_names import translation_files
from civicquiz.model.from_files import BankQuestion, Group, Takings, id_of, is_from, questions_of, word, words

__all__ = ["WholeQuiz", "banks_of", "files_around", "files_of", "unused_questions", "whole_quiz"]


@dataclass
class WholeQuiz:
    """A quiz as if all its questions were written in it.

    Attributes:
        source: the content, with the questions in the places of the entries that take them.
        problems: what is wrong with these entries and with the files that they name.
        files: the other files that it takes questions from, or should.
        entries: the entries that take questions, as they were written.
        origins: position of a question from another file -> the files that it came through. The last is the one that it
            is written in.
    """

    source: YamlSource
    problems: list[Problem] = field(default_factory=list)
    files: tuple[Path, ...] = ()
    entries: list[object] = field(default_factory=list)
    origins: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)

    def folder_of(self, path: YamlPath) -> Path:
        """The folder that an image in the text under ``path`` is relative to."""
        return (self.source.nearest(path).file or self.source.file or Path()).absolute().parent

    @property
    def borrowed_stimuli(self) -> frozenset[str]:
        """The names of the stimuli that came along with questions. Some of their variables may be for others."""
        return frozenset(str(path[1]) for path in self.borrowed("stimuli"))

    def borrowed(self, key: str) -> Iterator[YamlPath]:
        """The paths of the stimuli or objectives that came along with questions."""
        for name in self.source.value.get(key) or () if isinstance(self.source.value, dict) else ():
            if (position := self.source.positions.get((key, name))) and position.file:
                yield key, name


def whole_quiz(path: str | Path) -> WholeQuiz:
    """Read a quiz with what it takes from other files.

    Raises:
        QuizError: the file itself is missing, too large, not UTF-8 or not YAML, or takes too much.
    """
    source = read(path)
    questions = questions_of(source)
    if not any(map(is_from, questions)) or source.value.get("released") is True:
        return WholeQuiz(source)
    return _Assembly(source).whole()


def files_of(quiz: Path) -> list[Path]:
    """The file of a quiz and those that it takes questions from, whether they exist or not; as far as can be read."""
    whole = _whole_if_taking(quiz)
    return [quiz, *(whole.files if whole else ())]


def files_around(quiz: Path) -> list[Path]:
    """The files that a quiz is made of, whether they exist or not: itself, those that it takes questions from, the
    translations of all of these, and the seeds of its course. Images are not among them.
    """
    named = files_of(quiz)
    seeds = sorted((quiz.parent.parent / "seeds").glob("*.yml"))
    return [*named, *(file for original in named for file in translation_files(original)), *seeds]


#: What only a file that takes something has, to spare most files a second reading.
_TAKES = re.compile(rb"""\bfrom["']?\s*:""")


def _whole_if_taking(quiz: Path) -> WholeQuiz | None:
    """A quiz that takes questions from other files; None for any other, and for a file that cannot be read."""
    try:
        with quiz.open("rb") as stream:
            takes = _TAKES.search(stream.read(MAX_BYTES))
        whole = whole_quiz(quiz) if takes else None
    except (OSError, QuizError):
        return None
    return whole if whole and whole.entries else None


def banks_of(quizzes: Iterable[Path]) -> list[Path]:
    """The files that these quizzes take questions from, each once; those that exist."""
    return list({bank.resolve(): bank for quiz in quizzes for bank in files_of(quiz)[1:] if bank.is_file()}.values())


def unused_questions(quizzes: Iterable[Path]) -> Iterator[Problem]:
    """A note for each file that some of the quizzes take questions from, if none takes all the others. A file that
    takes some itself is a quiz, also if others take from it.

    There are no notes as long as it is not clear what is taken, because an entry has problems.
    """
    wholes = [whole for quiz in quizzes if (whole := _whole_if_taking(quiz))]
    if any(whole.problems for whole in wholes):
        return
    banks = {bank.resolve(): bank for whole in wholes for bank in whole.files}
    used = {
        (files[-1].resolve(), id_of(whole.source.value["questions"][position]))
        for whole in wholes
        for position, files in whole.origins.items()
    }
    taking = {whole.source.file.resolve() for whole in wholes if whole.source.file}
    for resolved, bank in banks.items():
        if resolved in taking:
            continue
        source = read(bank)
        ids = [id_of(question) for question in questions_of(source) if not is_from(question)]
        unused = [name for name in ids if (resolved, name) not in used]
        if unused:
            shown = ", ".join(unused[:_MOST_UNUSED]) + (" ..." if len(unused) > _MOST_UNUSED else "")
            message = f"no quiz takes {len(unused)} of the {len(ids)} questions: {shown}"
            yield replace(source.problem(("questions",), message, at_key=True), is_note=True)


#: How many ids a note lists.
_MOST_UNUSED = 50


class _Assembly:
    """A quiz in the making."""

    def __init__(self, quiz: YamlSource) -> None:
        self._quiz = quiz
        self._takings = Takings(quiz)
        self._problems = self._takings.problems

    def whole(self) -> WholeQuiz:
        """The quiz with everything that it takes."""
        quiz, groups = self._quiz, self._takings.groups()
        source = quiz.without_entries("questions")
        questions: list[Any] = source.value["questions"]
        origins: dict[int, tuple[Path, ...]] = {}
        brought: list[tuple[YamlPath, BankQuestion]] = []
        for group in groups:
            here: YamlPath = ("questions", len(questions))
            if group.found is None:
                source.adopt(quiz, ("questions", group.position), here)
                source.reported.add(here)
                questions.append(questions_of(quiz)[group.position])
            for found in group.found or ():
                here = ("questions", len(questions))
                source.adopt(found.source, found.path, here)
                source.numbers[len(questions)] = found.position
                if found.files:
                    origins[len(questions)] = found.files
                    brought.append((here, found))
                questions.append(found.value)
                self._refuse_too_much(len(questions), len(source.positions))
        for here, found in brought:
            self._bring_along(source, found, here)
        if any(group.number for group in groups):
            self._draw(source, groups)
        entries = [entry for entry in questions_of(quiz) if is_from(entry)]
        return WholeQuiz(source, self._problems, tuple(self._takings.files), entries, origins)

    def _refuse_too_much(self, questions: int, values: int) -> None:
        for what, count, most in (("questions", questions, MAX_ENTRIES), ("values", values, MAX_VALUES)):
            if count > most:
                message = f"with the questions of other files, the quiz has more than {most:,} {what}"
                problem = self._quiz.problem(("questions",), message, "take fewer questions")
                raise QuizError([*self._problems, problem])

    # ---- What comes along ----

    def _bring_along(self, source: YamlSource, found: BankQuestion, here: YamlPath) -> None:
        """Bring along the stimulus of a question, which is under ``here`` now, and what its objectives stand for."""
        written = found.value if isinstance(found.value, dict) else {}
        stimulus = word(written.get("stimulus"))
        if stimulus and not self._bring(source, found, ("stimuli", stimulus)):
            message = f"stimulus '{stimulus}' is not the same as the one in {source.line_of(('stimuli', stimulus))}"
            self._refuse(found, ("stimulus",), message, "rename one of the two")
            source.reported.add(here)
        for number, code in enumerate(words(written.get("objectives"))):
            path = ("objectives", code)
            own = source.positions.get(path)
            # What the quiz says itself counts.
            if (own is None or own.file) and not self._bring(source, found, path):
                message = f"objective '{code}' is not the same as the one in {source.line_of(path)}"
                self._refuse(found, ("objectives", number), message, "make the two texts the same")

    def _bring(self, source: YamlSource, found: BankQuestion, path: YamlPath) -> bool:
        """Bring along what is under ``path`` in the file of a question; whether there is nothing else of that name."""
        key, name = path
        theirs = found.source.value.get(key)
        ours = source.value.get(key, {})
        if not isinstance(theirs, dict) or name not in theirs or not isinstance(ours, dict):
            return True
        if name not in ours:
            source.value[key] = {**ours, name: theirs[name]}
            source.adopt(found.source, path, path)
            source.positions.setdefault((key,), source.positions[path])
        return bool(source.value[key][name] == theirs[name])

    def _refuse(self, found: BankQuestion, below: YamlPath, message: str, hint: str) -> None:
        called = describe(found.path, found.source)[0]
        self._problems.append(found.source.problem((*found.path, *below), called + message, hint))

    # ---- How many ----

    def _draw(self, source: YamlSource, groups: Sequence[Group]) -> None:
        """Make a section without a heading of each entry with a number, since a section can have questions picked for
        each learner.
        """
        for key, hint in (("sections", "write 'pick:' in a section instead"), ("pick", "delete one of the two")):
            if source.value.get(key):
                for group in groups:
                    if group.number:
                        path: YamlPath = ("questions", group.position)
                        message = f"{describe(path, self._quiz)[0]}'number' cannot be combined with '{key}' of the quiz"
                        self._problems.append(self._quiz.problem((*path, "number"), message, hint))
                return
        sections: list[dict[str, Any]] = []
        placed: set[str] = set()
        is_open = False
        for group in groups:
            ids = [found.id for found in group.found or () if found.id not in placed]
            placed.update(ids)
            if group.number:
                sections.append({"questions": ids, "pick": group.number})
            elif is_open:
                sections[-1]["questions"] += ids
            elif ids:
                sections.append({"questions": ids})
            is_open = bool(sections) and not group.number
        source.value["sections"] = sections
        source.reported.add(("sections",))
