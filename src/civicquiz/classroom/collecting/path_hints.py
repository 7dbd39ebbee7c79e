"""What the folders and the name of a file tell: who handed it in, whether it is late, and which upload it is.

The patterns are those of the archives that learning platforms hand out:

- Canvas: ``lastfirst_LATE_userid_attachmentid_name.json`` (``LATE_`` only where it is late), with ``-1``, ``-2`` ... at
  the end of the name each time that a learner hands in again;
- Moodle: a folder ``Full Name_id_assignsubmission_file_`` for each learner, or the same in front of the file name where
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
_AGAIN = re.compile(r"-(\d{1,3})\.json$", re.IGNORECASE)
_ENDING = re.compile(r"(?:\.responses)?(?: ?\(\d+\)|-\d{1,3})?\.json$", re.IGNORECASE)


@dataclass(frozen=True)
class PathHints:
    """What a path tells.

    ``platform`` is the one whose pattern it has (``canvas``, ``moodle``, ``nbgrader``; ``plain`` for none), ``learner``
    the id in it, ``name`` the name of the person in it. A platform's word is better than a learner's: what a plain path
    and the file itself say is only used where there is no other.
    """

    platform: str = "plain"
    learner: str = ""
    name: str = ""
    late: bool = False
    #: of two that one learner handed in, the later one has the larger order
    order: tuple[int, int] = (0, 0)


def hints_from_path(parts: tuple[str, ...], quiz: str = "", top: int = 1) -> PathHints:
    """What ``parts``, the folders and the name of a file, tell about a response file to ``quiz``.

    A platform puts its names directly into the folder or archive that was named (``top``, see
    :class:`~civicquiz.classroom.collecting.Found`). The same names further down may be a learner's own work, and say
    nothing.
    """
    parts = tuple(map(visible_form, parts))  # macOS writes accents as signs of their own
    order = _order(parts)
    for depth, part in enumerate(parts[: top + 1]):  # the outermost counts
        if "_assignsubmission_file" in part and (moodle := _MOODLE.fullmatch(part)):
            return PathHints("moodle", moodle["id"], moodle["name"], order=order)
        if canvas := _CANVAS.fullmatch(part):
            late = bool(canvas["late"])
            return PathHints("canvas", canvas["user"], canvas["name"], late, (order[0], int(canvas["attachment"])))
        if part == "submitted" and len(parts) > depth + 3:
            return PathHints("nbgrader", parts[depth + 1], order=order)
    return PathHints(learner=_plain(parts, quiz), order=order)


def _order(parts: tuple[str, ...]) -> tuple[int, int]:
    again = _AGAIN.search(parts[-1]) if parts else None
    return (int(again[1]) if again else 0, 0)


def _plain(parts: tuple[str, ...], quiz: str) -> str:
    """``anna.json``, ``anna-law.responses.json`` or ``anna/law.responses.json``: the learner ``anna``."""
    if not parts:
        return ""
    stem = _ENDING.sub("", parts[-1])
    if quiz and stem.startswith(quiz):
        stem = stem[len(quiz) :].lstrip("-_. ")
    elif quiz and stem.endswith(quiz):
        stem = stem[: -len(quiz)].rstrip("-_. ")
    return stem or (parts[-2] if len(parts) > 1 else "")
