"""The class list: who is in the class, and by which names the platforms know them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from civicquiz.authoring.text_files import TextFileError, read_utf8
from civicquiz.errors import RosterError, display_path

__all__ = ["Learner", "Roster", "read_roster"]

MAX_BYTES = 50_000_000

#: A column of ours -> what it is called in our files, in Canvas's gradebook export and in Moodle's lists.
_COLUMNS = {
    "learner": ("learner",),
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
#: What a learner is known by where there is no column ``learner``: the first of these that is filled in.
_IDS = ("learner", "login", "email", "number", "canvas", "moodle")


@dataclass(frozen=True)
class Learner:
    """One line of a roster; what it does not say is empty."""

    learner: str
    name: str = ""
    login: str = ""
    email: str = ""
    number: str = ""
    canvas: str = ""
    moodle: str = ""
    section: str = ""


@dataclass(frozen=True)
class Roster:
    """A class list, by learner."""

    learners: Mapping[str, Learner]
    #: any id of a learner -> learner; "" where two learners share it
    _known: Mapping[str, str] = field(default_factory=dict)
    _names: Mapping[str, str] = field(default_factory=dict)

    def by_id(self, wanted: str) -> str | None:
        """The learner with this id, login, e-mail address or number; None where there is none or more than one."""
        return wanted if wanted in self.learners else self._known.get(wanted.casefold()) or None

    def by_name(self, name: str) -> str | None:
        """The learner of this name, in any order of first and last name; None where there is none or several."""
        return self._names.get(_signs(name)) or self._names.get(_words(name)) or None


def _signs(name: str) -> str:
    """``Smith, Bob`` -> ``smithbob``, as Canvas writes names into file names."""
    return re.sub(r"[\W_]+", "", name).casefold()


def _squashed(name: str) -> set[str]:
    """All that Canvas may make of a name: ``Bob Smith`` -> ``bobsmith``, and ``smithbob`` with the last name first."""
    words = name.replace(",", " ").split()
    return {_signs("".join(words[place:] + words[:place])) for place in range(min(len(words), 8))}


def _words(name: str) -> str:
    """The words of a name, sorted, so that their order does not matter."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))


def read_roster(path: str | Path) -> Roster:
    """The class list in a CSV file: ours, or one exported from Canvas (gradebook) or Moodle (participants, grades).

    Raises:
        RosterError: it cannot be read, has no column to tell learners by, or names one twice.
    """
    shown = display_path(path)
    try:
        text = read_utf8(path, MAX_BYTES)
    except TextFileError as error:
        raise RosterError(f"{shown}: {error} ({error.hint})") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    learners: dict[str, Learner] = {}
    known: dict[str, str] = {}
    names: dict[str, str] = {}
    for line, learner in _learners(reader, shown):
        if learner.learner in learners:
            raise RosterError(f"{shown}:{line}: learner '{learner.learner}' stands there twice (delete one line)")
        learners[learner.learner] = learner
        moodle = re.sub(r"\D", "", learner.moodle)
        for other in {learner.learner, learner.login, learner.email, learner.number, learner.canvas, moodle} - {""}:
            other = other.casefold()
            known[other] = learner.learner if known.get(other, learner.learner) == learner.learner else ""
        for name in {*_squashed(learner.name), _words(learner.name)} - {""}:
            names[name] = learner.learner if names.get(name, learner.learner) == learner.learner else ""
    if not learners:
        raise RosterError(f"{shown}: names no learner")
    return Roster(learners, known, names)


def _learners(reader: Iterator[list[str]], shown: str) -> Iterator[tuple[int, Learner]]:
    """(line, learner) of each line."""
    try:
        header = [title.strip().casefold() for title in next(reader, [])]
        places = {
            name: header.index(title) for name, titles in _COLUMNS.items() for title in titles[::-1] if title in header
        }
        if not set(_IDS) & set(places):
            wanted = "'learner', or one of Canvas's or Moodle's, such as 'SIS Login ID', 'Username', 'Email address'"
            raise RosterError(f"{shown}:1: no column tells learners apart (write one called {wanted})")
        for line, row in enumerate(reader, start=2):
            cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
            if not any(cells.values()) or cells.get("name", "") == "Points Possible":
                continue
            first, last = cells.pop("first", ""), cells.pop("last", "")
            cells["name"] = cells.get("name", "") or f"{first} {last}".strip()
            cells["learner"] = next((cells[name] for name in _IDS if cells.get(name)), "")
            if not cells["learner"]:
                if cells["name"]:
                    raise RosterError(f"{shown}:{line}: '{cells['name']}' has no id (fill in one of the columns)")
                continue
            yield line, Learner(**cells)
    except csv.Error as error:
        raise RosterError(f"{shown}: is no CSV file ({error})") from None
