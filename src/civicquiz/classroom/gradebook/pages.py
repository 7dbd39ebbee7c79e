"""The feedback pages of a class, one file for each learner."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from civicquiz.classroom.collecting import Learner
from civicquiz.classroom.gradebook.grader import STATUSES, Key, Row
from civicquiz.classroom.gradebook.review import Mark
from civicquiz.classroom.gradebook.tables import Standing
from civicquiz.hosts.documents.feedback import Answered, page, question_row, quiz_part

__all__ = ["Pages", "file_name"]

#: How many rows of questions are kept to be used again, and how long one is at most to be worth it.
_KEPT, _LONGEST = 20_000, 5_000

#: Names that Windows keeps for itself.
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def file_name(learner: str) -> str:
    """The name of a learner's page: the id where that is safe in every file system, else with a hash of it."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,79}", learner) and learner[-1] != "." and not _TAKEN.fullmatch(learner):
        return f"{learner}.html"
    slug = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:60]
    return f"{slug or 'learner'}-{hashlib.sha256(learner.encode()).hexdigest()[:10]}.html"


class Pages:
    """Writes pages into ``folder``; with ``key``, they tell the right answers and the explanations."""

    def __init__(self, folder: Path, *, key: bool = False) -> None:
        self.folder, self._key = folder, key
        folder.mkdir()
        self._rows: dict[tuple[str, int, Row | tuple[object, ...], str], str] = {}

    def part(self, key: Key, rows: list[Row], standing: Standing | None, marks: dict[int, Mark]) -> str:
        """One quiz on a page; nothing was handed in where there is no ``standing``."""
        if standing is None:
            return quiz_part(key.quiz, (), 0, 0, waits=False, late=False)
        lines = self._lines(key, rows, marks)
        return quiz_part(key.quiz, lines, standing.score, standing.max_score, waits=standing.waits, late=standing.late)

    def _lines(self, key: Key, rows: list[Row], marks: dict[int, Mark]) -> Iterator[str]:
        for number, row in enumerate(rows, start=1):
            place, status, score, response = row[:4]
            note = marks[place].note if place in marks else ""
            known = (key.name, number, row[:4], note)
            line = self._rows.get(known)
            if line is None:
                given = json.loads(response) if response else None
                answered = Answered(STATUSES[status], score, given, key.messages(place, response), note)
                line = question_row(key.quiz, key.questions[place], number, answered, key=self._key)
                if len(line) <= _LONGEST:
                    if len(self._rows) >= _KEPT:
                        self._rows.clear()
                    self._rows[known] = line
            yield line

    def write(self, learner: Learner, language: str, parts: list[str]) -> str:
        """The page of a learner; the name of its file."""
        name = file_name(learner.learner)
        text = page(learner.name or learner.learner, language, parts)
        with (self.folder / name).open("wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
        return name
