"""What the name and the folders of a file tell: who handed it in, whether late, and how often before.

The patterns are those of the archives that learning platforms hand out:

- Canvas: ``lastfirst_LATE_userid_attachmentid_name.json`` (``LATE_`` only where it is), with ``-1``, ``-2`` ... at the
  end of the name for each time that a learner handed in again;
- Moodle: a folder ``Full Name_id_assignsubmission_file_`` for each learner, or the same in front of the file name where
  "Download submissions in folders" is off; newer versions leave the last ``_`` of the folder out;
- nbgrader: ``submitted/learner/assignment/name.json``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Named", "named"]

_CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_]+)*?)(?P<late>_LATE)?_(?P<user>\d{1,18})_(?P<attachment>\d{1,18})_(?P<file>.+)"
)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file(?:_.*)?")
_AGAIN = re.compile(r"-(\d{1,3})\.json$", re.IGNORECASE)
_ENDING = re.compile(r"(?:\.responses)?(?: ?\(\d+\)|-\d{1,3})?\.json$", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """What a path tells.

    ``by`` is whose pattern it is (``canvas``, ``moodle``, ``nbgrader``; ``plain`` for none), ``learner`` the id in it,
    ``name`` the name of the person in it. A platform's word is better than a learner's: what a plain path and the file
    itself say is only used where there is no other.
    """

    by: str = "plain"
    learner: str = ""
    name: str = ""
    late: bool = False
    #: which of several that one learner handed in came later: the larger
    turn: tuple[int, int] = (0, 0)


def named(parts: tuple[str, ...], quiz: str = "", top: int = 1) -> Named:
    """What ``parts``, the folders and the name of a file, tell about a response file to ``quiz``.

    A platform writes its names directly into what was named (``top``, see
    :class:`~civicquiz.classroom.collecting.Found`). The same names further down may be a learner's own work, and say
    nothing.
    """
    turn = _turn(parts)
    for place, part in enumerate(parts[: top + 1]):  # the outermost counts
        if "_assignsubmission_file" in part and (moodle := _MOODLE.fullmatch(part)):
            return Named("moodle", moodle["id"], moodle["name"], turn=turn)
        if canvas := _CANVAS.fullmatch(part):
            late = bool(canvas["late"])
            return Named("canvas", canvas["user"], canvas["name"], late, (turn[0], int(canvas["attachment"])))
        if part == "submitted" and len(parts) > place + 3:
            return Named("nbgrader", parts[place + 1], turn=turn)
    return Named(learner=_plain(parts, quiz), turn=turn)


def _turn(parts: tuple[str, ...]) -> tuple[int, int]:
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
