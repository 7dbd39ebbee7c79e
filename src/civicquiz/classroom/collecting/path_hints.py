"""What the folders and the name of a file reveal: who handed it in, whether it is late, and which upload it is.

The patterns are those of the archives that learning platforms hand out:

- Canvas: ``lastfirst_LATE_userid_attachmentid_name.json`` (``LATE_`` only if it is late), with ``-1``, ``-2`` ... at
  the end of the name each time that a learner hands in again;
- Moodle: a folder ``Full Name_id_assignsubmission_file_`` for each learner, or the same in front of the file name if
  "Download submissions in folders" is off; newer versions omit the last ``_`` of the folder;
- nbgrader: ``submitted/learner/assignment/name.json``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from civicquiz.authoring.normal_form import visible_form

__all__ = ["PathHints", "hints_from_path"]

_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_]+)*?)(?P<late>_LATE)?_(?P<user>\d{1,18})_(?P<attachment>\d{1,18})_(?P<file>.+)"
)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file(?:_.*)?")
#: What browsers, Windows, macOS and platforms add to the name of another copy; the number is that of the copy.
_COPY = re.compile(
    r"(?: ?\((?P<browser>\d{1,4})\)|-(?P<canvas>\d{1,3})|(?<=responses) (?P<macos>\d{1,3})"
    r"|[ _-]+(?:copy|copia|kopie|copie|cópia)(?: ?\(?(?P<copy>\d{1,3})\)?)?)$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:\.json)+$", re.IGNORECASE)
_RESPONSES = re.compile(r"[._ -]responses?$", re.IGNORECASE)
#: Characters between the name of a quiz and that of a learner.
_SEPARATORS = "-_. "


@dataclass(frozen=True)
class PathHints:
    """What a path reveals.

    ``platform`` is the one whose pattern it follows (``canvas``, ``moodle``, ``nbgrader``; ``plain`` for none),
    ``learner`` the id in it, ``name`` the name of the person in it. A platform is more reliable than a learner: a plain
    path and the file itself are only believed if no platform says who it was.
    """

    platform: str = "plain"
    learner: str = ""
    name: str = ""
    late: bool = False
    #: of two submissions by one learner, the later one has the larger order
    order: tuple[int, int] = (0, 0)


def hints_from_path(parts: tuple[str, ...], quiz: str = "", top: int = 1) -> PathHints:
    """What ``parts``, the folders and the name of a file, reveal about a response file to ``quiz``.

    A platform puts its names directly into the folder or archive that was named (``top``, see
    :class:`~civicquiz.classroom.collecting.Found`). The same names further down may be a learner's own work and prove
    nothing.
    """
    parts = tuple(map(visible_form, parts))  # macOS writes accents as separate characters
    order = _order(parts)
    for depth, part in enumerate(parts[: top + 1]):  # the outermost counts
        if "_assignsubmission_file" in part and (moodle := _MOODLE.fullmatch(part)):
            return PathHints("moodle", moodle["id"], moodle["name"], order=order)
        if (canvas := _CANVAS.fullmatch(part)) and not _is_dated(canvas):
            late = bool(canvas["late"])
            return PathHints("canvas", canvas["user"], canvas["name"], late, (order[0], int(canvas["attachment"])))
        if part == "submitted" and len(parts) > depth + 3:
            return PathHints("nbgrader", parts[depth + 1], order=order)
    return PathHints(learner=_plain(parts, quiz), order=order)


def _order(parts: tuple[str, ...]) -> tuple[int, int]:
    return (_stem_and_copy(parts[-1])[1] if parts else 0, 0)


def _stem_and_copy(name: str) -> tuple[str, int]:
    """The name of a response file without its endings, and which copy it is: 0 for the first.

    ``law.responses (2).json`` and ``law_responses - Copy (2).json`` -> ``law``, 2.
    """
    stem, number = _SUFFIX.sub("", name), 0
    for _ in range(3):  # a copy of a copy
        found = _COPY.search(stem)
        if not found:
            break
        number = max(number, int(next((digits for digits in found.groups() if digits), "1")))
        stem = stem[: found.start()]
    return _RESPONSES.sub("", stem), number


def _plain(parts: tuple[str, ...], quiz: str) -> str:
    """``anna.json``, ``anna-law.responses.json`` or ``anna/law.responses.json``: the learner ``anna``.

    The name of the quiz is removed only if a separator follows or precedes it: ``lawrence`` stays whole.
    """
    if not parts:
        return ""
    stem, _ = _stem_and_copy(parts[-1])
    if quiz and stem == quiz:
        stem = ""
    elif quiz and stem.startswith(quiz) and stem[len(quiz)] in _SEPARATORS:
        stem = stem[len(quiz) :].lstrip(_SEPARATORS)
    elif quiz and stem.endswith(quiz) and stem[-len(quiz) - 1] in _SEPARATORS:
        stem = stem[: -len(quiz)].rstrip(_SEPARATORS)
    return stem or (parts[-2] if len(parts) > 1 else "")


#: What a date, or a date and a time, looks like where Canvas's pattern has its numbers.
_DATE = re.compile(
    r"(?:19|20)\d\d_(?:0?[1-9]|1[0-2])_(?:0?[1-9]|[12]\d|3[01])(?!\d)"  # 2026_11_25
    r"|(?:0?[1-9]|[12]\d|3[01])_(?:0?[1-9]|[12]\d|3[01])_(?:19|20)\d\d(?!\d)"  # 25_11_2026, 11_25_2026
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])_\d{1,6}(?!\d)"  # 20261125_1430
)


def _is_dated(canvas: re.Match[str]) -> bool:
    """Whether the numbers in Canvas's pattern are a date that somebody put into the file name."""
    return _DATE.match(canvas.string[canvas.start("user") :]) is not None
