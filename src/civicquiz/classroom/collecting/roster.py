"""The class list: who is in the class, and by which names the platforms know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from civicquiz.authoring.normal_form import normal_form
from civicquiz.classroom.collecting.grade_columns import GradeColumn, Platform, grade_columns
from civicquiz.errors import RosterError, display_path
from civicquiz.exchange.csv_files import read_table

__all__ = ["Learner", "Roster", "columns_of_people", "learner_in", "read_roster"]

MAX_BYTES = 50_000_000

#: A field of Learner (or part of the name) -> the names of its column in our files, in Canvas's gradebook export and in
#: Moodle's lists.
_COLUMNS = {
    "id": ("learner",),
    "name": ("name", "student", "full name", "fullname"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname"),
    "login": ("sis login id", "username", "login"),
    "email": ("email address", "email", "e-mail"),
    "number": ("sis user id", "id number", "idnumber", "student id"),
    "canvas": ("id", "canvas id", "canvas user id"),
    "moodle": ("identifier", "moodle id"),
    "section": ("section", "group", "groups"),
}
#: Rows of Canvas's export that are not students: the points of each assignment, and the teacher's test student.
_NO_LEARNERS = ("points possible", "student test")
#: How the user name ends with which Blackboard lets a teacher see a course as a student.
_PREVIEW = "_previewuser"
#: The id of a learner in the results is the first of these that is filled in.
_IDS = ("id", "login", "email", "number", "canvas", "moodle")


@dataclass(frozen=True)
class Learner:
    """One line of a roster; a field that it does not have is empty. ``id`` is the learner's id in the results."""

    id: str
    name: str = ""
    login: str = ""
    email: str = ""
    number: str = ""
    canvas: str = ""
    moodle: str = ""
    section: str = ""
    #: the two parts of the name, where a platform has them apart
    first: str = field(default="", compare=False)
    last: str = field(default="", compare=False)


@dataclass(frozen=True)
class Roster:
    """A class list: the id of each learner -> learner.

    ``platform`` is who exported it, if that can be told, and ``columns`` what an assignment may be called there -> its
    columns.
    """

    learners: Mapping[str, Learner]
    #: any id of a learner -> the id in ``learners``; "" where two learners share it
    _ids: Mapping[str, str] = field(default_factory=dict)
    #: a name, in the forms of ``_squashed`` and ``_words`` -> the id in ``learners``; "" where two learners share it
    _names: Mapping[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    columns: Mapping[str, Sequence[GradeColumn]] = field(default_factory=dict)

    def by_id(self, wanted: str) -> str | None:
        """The learner with this id, login, e-mail address or number; None if there is not exactly one."""
        return wanted if wanted in self.learners else self._ids.get(_folded(wanted)) or None

    def by_name(self, name: str) -> str | None:
        """The learner of this name, in any order of first and last name; None if there is not exactly one."""
        return self._names.get(_letters(name)) or self._names.get(_words(name)) or None

    def find(self, written: Learner) -> str | None:
        """The learner whom every id and the name in a row of another table mean; None if there is not exactly one."""
        ids = (written.id, written.login, written.email, written.number, written.canvas, written.moodle)
        found = [self.by_id(id_) for id_ in ids if id_]
        if written.name:
            by_name = self.by_name(written.name)
            # A name is spelled in many ways: one that is not found contradicts nothing, that of another learner does.
            found += [by_name] if by_name or not found else []
        return found[0] if len(set(found)) == 1 else None


def _folded(word: str) -> str:
    """An id or a name for comparison: the same from every operating system, in capital and in small letters."""
    return normal_form(word).strip().casefold()


def _letters(name: str) -> str:
    """``Smith, Bob`` -> ``smithbob``, as Canvas writes names into file names."""
    return re.sub(r"[\W_]+", "", _folded(name))


def _squashed(name: str) -> set[str]:
    """What Canvas may turn a name into: ``Bob Smith`` -> ``bobsmith``, and ``smithbob`` with the last name first."""
    words = name.replace(",", " ").split()
    return {_letters("".join(words[start:] + words[:start])) for start in range(min(len(words), 8))}


def _words(name: str) -> str:
    """The words of a name, sorted, so that their order does not matter."""
    return " ".join(sorted(re.findall(r"\w+", _folded(name))))


def read_roster(path: str | Path) -> Roster:
    """The class list in a CSV file: ours, or one exported from Canvas (gradebook), Moodle (participants, grades) or
    Blackboard (Grade Center).

    Raises:
        RosterError: it cannot be read, has no column to tell learners apart, or lists a learner twice.
    """
    shown = display_path(path)
    try:
        rows = read_table(Path(path), MAX_BYTES)
    except ValueError as error:
        raise RosterError(f"{shown}: {error}") from None
    learners: dict[str, Learner] = {}
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for line, learner in _learners(rows, shown):
        before = learners.get(learner.id)
        if before and learner.canvas and before != learner == replace(before, section=learner.section):
            learner = replace(before, section=f"{before.section} and {learner.section}")  # a row for each section
        elif before:
            raise RosterError(f"{shown}:{line}: student '{learner.id}' appears twice (delete one line)")
        learners[learner.id] = learner
        moodle = re.sub(r"\D", "", learner.moodle)
        for other in {learner.id, learner.login, learner.email, learner.number, learner.canvas, moodle} - {""}:
            _add(ids, _folded(other), learner)
        for name in {*_squashed(learner.name), _words(learner.name)} - {""}:
            _add(names, name, learner)
    if not learners:
        raise RosterError(f"{shown}: lists no students")
    return Roster(learners, ids, names, *grade_columns([cells for _, cells in rows[:3]]))


def _add(known: dict[str, str], word: str, learner: Learner) -> None:
    """Note that ``word`` means ``learner``; a word that also means another learner means nobody."""
    known[word] = learner.id if known.get(word, learner.id) == learner.id else ""


def columns_of_people(header: Iterable[str]) -> dict[str, int]:
    """The columns of a table that tell learners apart: a field of Learner, ``first`` or ``last`` -> the position."""
    titles = [_folded(title) for title in header]
    return {name: titles.index(title) for name, known in _COLUMNS.items() for title in known[::-1] if title in titles}


def learner_in(row: Sequence[str], columns: Mapping[str, int]) -> Learner:
    """Whom a row of a table is about, by its :func:`columns_of_people`; the id is "" if none is filled in."""
    cells = {name: row[column].strip() for name, column in columns.items() if column < len(row)}
    cells["name"] = cells.get("name", "") or f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    cells["id"] = next((cells[name] for name in _IDS if cells.get(name)), "")
    return Learner(**cells)


def _learners(rows: list[tuple[int, list[str]]], shown: str) -> Iterator[tuple[int, Learner]]:
    """(line, learner) of each row; the first is the header."""
    columns = columns_of_people(rows[0][1] if rows else [])
    if not set(_IDS) & set(columns):
        wanted = "'learner', or one of Canvas's or Moodle's, such as 'SIS Login ID', 'Username', 'Email address'"
        raise RosterError(f"{shown}:1: no column tells students apart (add one called {wanted})")
    for line, row in rows[1:]:
        learner = learner_in(row, columns)
        if learner == Learner("") or _words(learner.name) in _NO_LEARNERS or learner.login.endswith(_PREVIEW):
            continue
        if learner.id:
            yield line, learner
        elif learner.name:
            raise RosterError(f"{shown}:{line}: '{learner.name}' has no id (fill in one of the columns)")
