"""The columns for scores in a table that a platform exported, so that scores go back into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from civicquiz.authoring.normal_form import normal_form

__all__ = ["GradeColumn", "Platform", "columns_of_quizzes", "grade_columns"]

Platform = Literal["canvas", "moodle", "blackboard"]

#: ``Law of 1798 (1234)``: what Canvas knows an assignment by (Assignment.title_and_id in instructure/canvas-lms).
_CANVAS = re.compile(r"(.+)\s\(\d+\)", re.DOTALL)
#: ``Law of 1798 [Total Pts: 10 Score] |664617``: the title, the points and the number of a column of Blackboard.
_BLACKBOARD = re.compile(r"(.+?)\s*(?:\[([^\[\]]*)\]\s*)?\|\d+", re.DOTALL)
#: ``Assignment: Law of 1798 (Real)``: in Moodle, in any language, which activity has which form of a grade.
_MOODLE = re.compile(r"((?:[^:]+:\s)?(.+))\s\([^()]*\)", re.DOTALL)
#: Columns that only Canvas exports, whatever its settings are.
_ONLY_CANVAS = frozenset(("sis login id", "sis user id", "integration id", "root account"))
#: Columns of our own class lists and of Moodle's.
_OURS, _ONLY_MOODLE = "learner", frozenset(("first name", "last name", "email address", "id number", "username"))


@dataclass(frozen=True)
class GradeColumn:
    """A column for scores.

    Attributes:
        heading: its heading, which has to be the same when scores are imported.
        points: how many points it has; None if that is not said.
    """

    heading: str
    points: float | None = None


def _folded(text: str) -> str:
    return " ".join(normal_form(text).casefold().split())


def grade_columns(rows: Sequence[Sequence[str]]) -> tuple[Platform | None, dict[str, list[GradeColumn]]]:
    """(the platform that exported a table, what an assignment may be called there -> its columns).

    ``rows`` are the cells of the header and, if Canvas has exported it, of the rows below.
    """
    header = rows[0] if rows else []
    titles = {_folded(heading) for heading in header}
    if any(_BLACKBOARD.fullmatch(heading.strip()) for heading in header):
        platform: Platform = "blackboard"
    elif titles & _ONLY_CANVAS or {"student", "id", "section"} <= titles:
        platform = "canvas"
    elif _OURS not in titles and titles & _ONLY_MOODLE:
        platform = "moodle"
    else:
        return None, {}
    found: dict[str, list[GradeColumn]] = {}
    activities = set()
    for position, heading in enumerate(header):
        points = _canvas_points(rows, position) if platform == "canvas" else None
        if platform == "moodle" and (activity := _MOODLE.fullmatch(heading.strip())):
            if activity[1] in activities:  # the same grade as a percentage or a letter, or the feedback
                continue
            activities.add(activity[1])
        for title, more in _titles(platform, heading.strip()):
            column = GradeColumn(heading.strip(), points if more is None else more)
            columns = found.setdefault(_folded(title), [])
            if column not in columns:
                columns.append(column)
    return platform, found


def _titles(platform: Platform, heading: str) -> Iterator[tuple[str, float | None]]:
    """(what the assignment of a column may be called, its points if the heading says them)."""
    if platform == "canvas":
        if found := _CANVAS.fullmatch(heading):
            yield found[1], None
    elif platform == "blackboard":
        if found := _BLACKBOARD.fullmatch(heading):
            yield found[1], _number(found[2] or "")
    elif found := _MOODLE.fullmatch(heading):
        yield found[1], None
        yield found[2], None


def _canvas_points(rows: Sequence[Sequence[str]], column: int) -> float | None:
    """The points of an assignment, which are in a row below the header."""
    for row in rows[1:3]:
        if any(_folded(cell) == "points possible" for cell in row[:2]) and column < len(row):
            return _number(row[column])
    return None


def _number(text: str) -> float | None:
    """The first number in a text, if it is more than 0."""
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    return float(found[0].replace(",", ".")) or None if found else None


def columns_of_quizzes(
    columns: Mapping[str, Sequence[GradeColumn]], quizzes: Mapping[str, Sequence[str]]
) -> tuple[dict[str, GradeColumn], list[str]]:
    """(the column of each quiz that has just one, the quizzes for which there are several).

    ``quizzes``: name -> what its column may be called, the best first.
    """
    found: dict[str, GradeColumn] = {}
    doubtful = []
    for name, titles in quizzes.items():
        matching = next((columns[title] for title in map(_folded, titles) if title in columns), [])
        if len(matching) == 1:
            found[name] = matching[0]
        elif matching:
            doubtful.append(name)
    taken = [column.heading for column in found.values()]
    shared = [name for name, column in found.items() if taken.count(column.heading) > 1]
    return {name: column for name, column in found.items() if name not in shared}, [*doubtful, *shared]
