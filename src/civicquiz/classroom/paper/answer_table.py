"""A table of what students answered on paper, in letters -> submissions, as if they had answered on a screen."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from civicquiz.authoring.normal_form import is_blank, normal_form
from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting import Learner, Roster, Submission
from civicquiz.classroom.collecting.roster import columns_of_people, learner_in
from civicquiz.classroom.paper.printing import MAX_BYTES, table_columns
from civicquiz.classroom.paper.record import SUFFIX, Record, read_record
from civicquiz.errors import GradingError, PaperError, UnusableError, display_path
from civicquiz.exchange.csv_files import read_table
from civicquiz.grading.paper import PaperQuestion, PaperVersion, paper_versions, response_in
from civicquiz.grading.session import Session
from civicquiz.model.interactions import Response, ShapeError
from civicquiz.model.quiz import Quiz

__all__ = ["AnswerTable", "TableProblem"]

_MAX_LEARNER = 200
_GRADE_AGAIN = "correct the cell, and grade again"


@dataclass(frozen=True)
class TableProblem:
    """What cannot be used in a table; the fields are those of ``Problems.add``."""

    reason: str
    place: str
    message: str
    hint: str = ""
    learner: str = ""


class AnswerTable:
    """The table in the file ``path``."""

    def __init__(self, path: Path, quizzes: Mapping[str, Quiz], accepted: Collection[str] = ()) -> None:
        """
        Args:
            path: a CSV file, as ``civicquiz worksheet`` writes it next to the worksheets, filled in.
            quizzes: the quizzes with their keys, by name.
            accepted: versions that are accepted besides those of the quizzes.

        Raises:
            GradingError: the table or the record next to it cannot be used; nobody knows which quiz was answered; or a
                column is missing.
        """
        self._shown = display_path(path)
        self._record = _record_beside(path)
        self.quiz = self._quiz(quizzes)
        self._accepted = (self.quiz.version, *accepted)
        self._languages = self._record.languages if self._record else (self.quiz.language,)
        try:
            rows = read_table(path, MAX_BYTES)
        except ValueError as error:
            raise GradingError(f"{self._shown}: {error}") from None
        self._line, header = rows[0] if rows else (1, [])
        self._header = [normal_form(title).strip() for title in header]
        self._rows = rows[1:]
        self._columns = self._checked_columns()

    def _quiz(self, quizzes: Mapping[str, Quiz]) -> Quiz:
        if self._record:
            if self._record.quiz not in quizzes:
                raise GradingError(
                    f"{self._shown}: there is no key for the quiz '{excerpt(self._record.quiz)}', which the file"
                    f" '{excerpt(self._record.file_name)}' next to it names (add its file with --key)"
                )
            return quizzes[self._record.quiz]
        if len(quizzes) == 1:
            return next(iter(quizzes.values()))
        raise GradingError(
            f"{self._shown}: nothing says which quiz was answered (put the file NAME{SUFFIX} next to it, which"
            " 'civicquiz worksheet' wrote, or name only one quiz with --key)"
        )

    @cached_property
    def _versions(self) -> Mapping[str, PaperVersion]:
        if self._record:
            printed = self._record.versions.items()
            return {letter: PaperVersion(self.quiz, letter, one.seed) for letter, one in printed}
        count = len(string.ascii_uppercase)
        while True:  # a quiz may have fewer different versions
            try:
                return {version.letter: version for version in paper_versions(self.quiz, count)}
            except PaperError:
                count -= 1

    @cached_property
    def _count(self) -> int:
        """How many questions each version has."""
        return len(next(iter(self._versions.values())).questions)

    def _checked_columns(self) -> Mapping[str, int]:
        """The column of the version, of the check code if there is one, and of each question by its number."""
        wanted = table_columns(self._count)[2:]
        titles = [title.lower() for title in self._header]
        for title in [*wanted, "code"]:
            if titles.count(title) > 1:
                raise GradingError(f"{self._shown}:{self._line}: there are two columns '{title}' (delete one)")
        for title in wanted:
            if title not in titles:
                columns = f"learner, name, version, and 1 to {self._count}"
                raise GradingError(
                    f"{self._shown}:{self._line}: the column '{title}' is missing (the columns are {columns})"
                )
        if not columns_of_people(self._header):
            raise GradingError(
                f"{self._shown}:{self._line}: no column says whose answers these are (add one called 'learner')"
            )
        return {title: titles.index(title) for title in [*wanted, "code"] if title in titles}

    def read(self, roster: Roster | None) -> Iterator[Submission | TableProblem]:
        """What each row says, and every problem. A row with neither a version nor answers is of somebody who was not
        there, and says nothing."""
        people = columns_of_people(self._header)
        known = {*people.values(), *self._columns.values()}
        unknown = {column: title for column, title in enumerate(self._header) if column not in known}
        for column, title in unknown.items():
            used = any(not is_blank(cell) for _, row in self._rows for cell in row[column : column + 1])
            if used and not title.isdigit():
                message = f"the column '{excerpt(title, 40)}' is not used"
                yield TableProblem("unused-column", f"{self._shown}:{self._line}", message, "see whether it matters")
        for line, row in self._rows:
            cells = {title: row[column] for title, column in self._columns.items() if column < len(row)}
            beyond = [("", cell) for cell in row[len(self._header) :]]
            numbered = [
                (title, row[column]) for column, title in unknown.items() if title.isdigit() and column < len(row)
            ]
            extra = [(title, cell) for title, cell in [*numbered, *beyond] if not is_blank(cell)]
            if extra or not all(map(is_blank, cells.values())):
                yield from self._row(line, learner_in(row, people), cells, extra, roster)

    def _row(
        self,
        line: int,
        written: Learner,
        cells: Mapping[str, str],
        extra: Sequence[tuple[str, str]],
        roster: Roster | None,
    ) -> Iterator[Submission | TableProblem]:
        place = f"{self._shown}:{line}"
        learner = ""
        try:
            learner = _learner(written, roster)
            version = self._version(cells)
        except UnusableError as why:
            yield TableProblem(why.reason, place, f"{why}; the row is not graded", why.hint, learner)
            return
        for title, cell in extra:
            where = f"column '{title}'" if title else "after the last column"
            message = f"{where}: '{excerpt(cell, 60)}' is not used, because there are only {self._count} questions"
            yield TableProblem("unreadable-answer", place, message, _GRADE_AGAIN, learner)
        responses: dict[str, Response] = {}
        for question in version.questions:
            cell = cells.get(str(question.number), "")
            try:
                response = self._response(question, cell)
            except ShapeError as error:
                what = f"column '{question.number}': '{excerpt(cell.strip(), 60)}' is not an answer to"
                message = (
                    f"{what} question '{question.id}' on version {version.letter}: {error}; it counts as no answer"
                )
                yield TableProblem("unreadable-answer", place, message, _GRADE_AGAIN, learner)
                continue
            if response is not None:
                responses[question.id] = response
        name = roster.learners[learner].name if roster else written.name
        session = Session(responses, overall={"seed": version.seed, "language": self._languages[0]})
        # Of two rows of one student, the later one counts.
        order = ("", "", 0, line)
        yield Submission(learner, name, self.quiz.name, session, "", False, order, place, on_paper=True)

    def _version(self, cells: Mapping[str, str]) -> PaperVersion:
        """The version that a row answers.

        Raises:
            UnusableError: nobody knows what the letters in the row mean.
        """
        letter = normal_form(cells.get("version", "")).strip().upper()
        version, record = self._versions.get(letter), self._record
        if version is None:
            message = f"'{excerpt(letter, 20)}' is not one of the versions" if letter else "the version is missing"
            hint = f"write the letter on the sheet under 'version': {', '.join(self._versions)}"
            raise UnusableError("no-version", message, hint)
        typed = re.sub(r"[\s-]", "", normal_form(cells.get("code", ""))).upper()
        code = typed or (record.versions[letter].code if record else "")
        if not code:
            message = "there is no way to tell whether the quiz was changed since the sheet was printed"
            file = f"{self.quiz.name}{SUFFIX}"
            hint = f"put the file {file} next to the table, or write the code on the sheet under 'code'"
            raise UnusableError("other-version", message, hint)
        if code not in map(version.code, self._accepted):
            message = f"the code {excerpt(code, 20)} is not that of version {letter} of '{self.quiz.name}' as it is now"
            hint = "if the quiz was changed since it was printed, grade it with the quiz as it was"
            if record and version.code(record.quiz_version) == code:
                hint += f", or accept its version with --accept-version {record.quiz_version}"
            raise UnusableError("other-version", message, hint)
        return version

    def _response(self, question: PaperQuestion, cell: str) -> Response | None:
        """What a cell means, if that is the same in every language on the sheet."""
        response = response_in(question, cell)
        asked = self.quiz.select([question.id])[0]
        read = [self.quiz.interaction_in(tag, asked).read(response, tag) for tag in self._languages]
        if any(other != read[0] for other in read):
            languages = " and ".join(self._languages)
            message = f"it means something different in {languages} (write numbers without a thousands separator)"
            raise ShapeError(message)
        return response


def _learner(written: Learner, roster: Roster | None) -> str:
    """The id of the student whom a row is about.

    Raises:
        UnusableError: that is not known.
    """
    called = written.id or written.name
    if not called:
        hint = "write the student's id under 'learner'"
        raise UnusableError("unknown-student", "nothing says whose answers these are", hint)
    if roster is None:
        if len(called) > _MAX_LEARNER or not called.isprintable():
            raise UnusableError("unknown-student", f"no student has an id like {excerpt(repr(called))}", "correct it")
        return called
    found = roster.find(written)
    if found is None:
        message = f"'{excerpt(called)}' is not on the roster, or its id and its name belong to two different students"
        raise UnusableError("unknown-student", message, "correct the row, or the roster")
    return found


def _record_beside(path: Path) -> Record | None:
    """The record of what was printed, in the folder of the table: the one whose quiz its name starts with, or the only
    one."""
    try:
        found: Sequence[Path] = sorted(path.parent.glob(f"*{SUFFIX}"))
    except OSError:
        return None
    named = [file for file in found if path.name.startswith(file.name.removesuffix("paper.json"))]
    found = named or found
    if len(found) > 1:
        names = ", ".join(file.name for file in found)
        message = f"the files {names} next to it belong to several quizzes"
        raise GradingError(f"{display_path(path)}: {message} (call the table NAME.answers.csv, after its quiz)")
    return read_record(found[0]) if found else None
