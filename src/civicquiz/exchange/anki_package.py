"""Anki packages: notes in a database, with the pictures and recordings that they show, in a zip file.

The database has schema 11, which every Anki imports. All times in it are fixed, so that the same notes give the same
bytes; ids are made of names, so that an import recognizes what is there already.

Sources: https://github.com/ankidroid/Anki-Android/wiki/Database-Structure; what Anki 26.09 imports.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from civicquiz.exchange.package_writing import file_in_zip, zip_bytes
from civicquiz.exchange.xml_writing import without_controls

__all__ = ["Deck", "Note", "NoteType", "package", "wrote_package"]

#: When the note types changed last, in seconds since 1970. Anki updates a note type that it has only if this is later:
#: raise it with every change of a template or of the style.
_TYPES_CHANGED = 1_767_225_600
#: When decks and cards changed. Anki does not ask.
_CHANGED = 1_767_225_600
#: Notes changed at a second from 2001 to 2017 that is made of what they say. A student who chooses to update notes
#: "always" gets those with another time than theirs; a package cannot know which of two is newer.
_FIRST_CHANGE, _CHANGES = 978_307_200, 2**29
#: Ids are times in milliseconds: those of notes, cards and decks begin here, in 2001, and end before 2019.
_FIRST_ID, _IDS = 978_307_200_000, 2**39
#: The mark of a database that we have written, in its header ("cvqz").
_APPLICATION = 0x6376717A
_DATABASE = "collection.anki2"
#: The most characters of the name of a deck.
_MOST_NAME = 200

_SCHEMA = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
  ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
  models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
  ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
  left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
  ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
  type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_notes_csum ON notes (csum);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_revlog_cid ON revlog (cid);
"""


@dataclass(frozen=True)
class NoteType:
    """The fields of a note, and how its cards show them; the first field is its name.

    Attributes:
        name: its name, which must stay the same.
        fields: their names. With others, or in another order, it is a different note type for Anki.
        front: the template of the question.
        back: the template of the answer.
        style: CSS of both.
        is_cloze: whether there is a card for each of the blanks in a field.
    """

    name: str
    fields: tuple[str, ...]
    front: str
    back: str
    style: str
    is_cloze: bool = False

    @cached_property
    def id(self) -> int:
        """Its id, which depends only on the name."""
        return _id_of(f"note type {self.name}")


@dataclass(frozen=True)
class Deck:
    """A pile of cards; ``path`` is its name after those of the decks that it is in, and ``description`` is HTML."""

    path: tuple[str, ...]
    description: str = ""

    @cached_property
    def name(self) -> str:
        """Its whole name. Colons separate decks, and Anki removes those at the ends, and control characters."""
        return "::".join(_part_of_name(part) for part in self.path)

    @cached_property
    def id(self) -> int:
        """Its id, which depends only on the name."""
        return _id_of(f"deck {self.name}")


@dataclass(frozen=True)
class Note:
    """What cards are made of.

    Attributes:
        type: its note type.
        name: by which an import recognizes it; also the text of its first field.
        fields: the HTML of its other fields by their names; those without any may be left out.
        deck: where its cards are.
        tags: words without spaces.
        cards: how many cards it has.
    """

    type: NoteType
    name: str
    fields: Mapping[str, str]
    deck: Deck
    tags: tuple[str, ...] = ()
    cards: int = 1


def package(notes: Iterable[Note], media: Mapping[str, bytes]) -> bytes:
    """A package for Anki.

    Args:
        notes: in the order in which new cards come up.
        media: name -> content of the files that they show.
    """
    files: dict[str, bytes | str] = {_DATABASE: _database(list(notes))}
    files["media"] = json.dumps({str(number): name for number, name in enumerate(media)})
    files |= {str(number): content for number, content in enumerate(media.values())}
    return zip_bytes(files)


def wrote_package(content: bytes) -> bool:
    """Whether :func:`package` has written this."""
    header = file_in_zip(content, _DATABASE, 100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == _APPLICATION.to_bytes(4, "big")


def _database(notes: list[Note]) -> bytes:
    taken: set[int] = set()
    ids = [_free_id(f"note {note.name}", taken) for note in notes]
    types = dict.fromkeys(note.type for note in notes)
    decks = dict.fromkeys(note.deck for note in notes)
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(f"PRAGMA application_id = {_APPLICATION}; {_SCHEMA}")
        columns = map(json.dumps, (_CONFIGURATION, _types_json(types), _decks_json(decks), _OPTIONS))
        values = (_CHANGED, _CHANGED * 1000, _CHANGED * 1000, *columns)
        connection.execute("INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')", values)
        connection.executemany(f"INSERT INTO notes VALUES ({_places(11)})", map(_note_row, ids, notes))
        connection.executemany(f"INSERT INTO cards VALUES ({_places(18)})", _card_rows(ids, notes))
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _places(count: int) -> str:
    return ", ".join("?" * count)


def _note_row(number: int, note: Note) -> tuple[object, ...]:
    _, *others = note.type.fields
    fields = "\x1f".join((escape(note.name), *(note.fields.get(name, "") for name in others)))
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    changed = _FIRST_CHANGE + _hash(f"{note.type.id} {tags} {fields}") % _CHANGES
    digest = hashlib.sha1(note.name.encode("utf-8", "replace"), usedforsecurity=False).digest()
    checksum = int.from_bytes(digest[:4], "big")  # by which Anki finds notes whose first fields are the same
    return number, note.name, note.type.id, changed, -1, tags, fields, note.name, checksum, 0, ""


def _card_rows(ids: Iterable[int], notes: Iterable[Note]) -> Iterator[tuple[object, ...]]:
    taken: set[int] = set()
    for position, (number, note) in enumerate(zip(ids, notes, strict=True), start=1):
        for card in range(note.cards):
            own = _free_id(f"card {card} {note.name}", taken)
            yield own, number, note.deck.id, card, _CHANGED, -1, 0, 0, position, *([0] * 8), ""


def _types_json(types: Iterable[NoteType]) -> dict[str, dict[str, Any]]:
    return {str(one.id): _type_json(one) for one in types}


def _type_json(one: NoteType) -> dict[str, Any]:
    template = {"name": one.name, "ord": 0, "qfmt": one.front, "afmt": one.back, "did": None, "bqfmt": "", "bafmt": ""}
    return {
        "id": one.id,
        "name": one.name,
        "type": int(one.is_cloze),
        "mod": _TYPES_CHANGED,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "tmpls": [template],
        "flds": [
            {"name": name, "ord": number, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
            for number, name in enumerate(one.fields)
        ],
        "css": one.style,
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", list(range(len(one.fields)))]],
        "tags": [],
        "vers": [],
    }


def _decks_json(decks: Iterable[Deck]) -> dict[str, dict[str, Any]]:
    own = {str(one.id): _deck_json(one.id, one.name, one.description) for one in decks}
    return {"1": _deck_json(1, "Default", ""), **own}


def _deck_json(number: int, name: str, description: str) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "desc": description,
        "mod": _CHANGED,
        "usn": -1,
        "collapsed": False,
        "dyn": 0,
        "conf": 1,
        "extendNew": 0,
        "extendRev": 0,
        **{f"{what}Today": [0, 0] for what in ("new", "rev", "lrn", "time")},
    }


#: What a database has to say of itself, and the options of its decks; an import takes over neither.
_CONFIGURATION = {"curDeck": 1, "activeDecks": [1], "schedVer": 2, "sortType": "noteFld", "sortBackwards": False}
_OPTIONS = {
    "1": {
        "id": 1,
        "name": "Default",
        "mod": 0,
        "usn": 0,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {"delays": [1, 10], "ints": [1, 4, 0], "initialFactor": 2500, "order": 1, "perDay": 20, "bury": False},
        "rev": {"perDay": 200, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "bury": False, "hardFactor": 1.2},
        "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 0},
    }
}


def _id_of(name: str) -> int:
    return _FIRST_ID + _hash(name) % _IDS


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big")


def _free_id(name: str, taken: set[int]) -> int:
    """The id that belongs to a name, or the next one that is not ``taken``."""
    found = _id_of(name)
    while found in taken:
        found += 1
    taken.add(found)
    return found


def _part_of_name(text: str) -> str:
    words = " ".join(without_controls(text).split())
    return re.sub(":{2,}", ":", words).strip(": ")[:_MOST_NAME].strip(": ") or "-"
