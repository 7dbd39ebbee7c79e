"""A text that was found -> a submission: whose it is, of which quiz, and what was answered."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pydantic_core import from_json

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting.archives import NOTED_TIME, FoundText
from civicquiz.classroom.collecting.path_hints import PathHints
from civicquiz.classroom.collecting.roster import Roster
from civicquiz.errors import UnusableError
from civicquiz.grading.responses import session_from_json
from civicquiz.grading.session import Session

__all__ = ["Submission", "content_of", "learner_of", "read_submission", "time_of"]

MAX_LEARNER = 200
_UNCLEAR = "find out whose it is, and put it into a folder with the student's name"


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one quiz. ``submitted`` is in UTC, empty if unknown."""

    learner: str
    name: str
    quiz: str
    session: Session
    submitted: str
    late: bool
    #: of two submissions by one learner, the later one has the larger order
    order: tuple[str, str, int, int]
    #: where it was found, for people
    place: str
    #: the file or the folder of one learner that it is in, or ``file:line``
    upload: str = ""
    platform: str = "plain"
    #: whether something says that it is from somebody else, who may be right
    doubtful: bool = False
    #: the learner named by the file or its name, if the platform or the folder names somebody else
    claimed: str = ""
    #: the time that the platform noted, if it does not say which moment it means
    unread_time: str = ""
    #: whether it was typed in from paper, where nobody chooses a seed
    on_paper: bool = False


def read_submission(
    found: FoundText,
    quizzes: Mapping[str, Collection[str]],
    roster: Roster | None = None,
    *,
    due: datetime | None = None,
) -> Submission:
    """The submission in ``found``; ``quizzes`` has the versions of each quiz by its name (see
    :func:`civicquiz.model.learner_copy.accepted_versions`).

    Raises:
        UnusableError: it is not a response file, not of this class, or not of one of these quizzes and versions.
    """
    content = content_of(found.content)
    try:
        session = session_from_json(content)
    except ValueError as error:
        hint = "students hand in the file whose name ends in .responses.json"
        raise UnusableError("not-a-response-file", f"not a response file: {error}", hint) from None
    quiz, hints = content.get("quiz"), _hints(found, content)
    folders = found.layout.folders_of_learners(found.parts)
    learner, name, claimed, doubtful = _learner(hints, content.get("learner"), roster, folders)
    if not isinstance(quiz, str) or quiz not in quizzes:
        keys = ", ".join(sorted(quizzes)[:5]) + (" ..." if len(quizzes) > 5 else "")
        message = f"there is no key for the quiz {_shown(quiz)} (there are keys for: {keys})"
        raise UnusableError("no-key", message, "add its file or folder with --key")
    written = content.get("content_hash")
    if not isinstance(written, str) or written not in quizzes[quiz]:
        hint = "grade it with the quiz as it was handed out, or accept this version with --accept-version"
        message = f"answers a different version of the quiz '{quiz}': {_shown(written)}"
        raise UnusableError("other-version", message, hint)
    stamp = _stamp(found) if hints.platform == "nbgrader" else ""
    submitted = time_of(stamp, UTC) or _time_in(content, "submitted")
    late = hints.late or bool(due and submitted and datetime.fromisoformat(submitted) > due)
    # A file says when it was saved: of two by one learner the later one counts, whatever they are called.
    order = (submitted, _time_in(content, "saved", "milliseconds"), *hints.order)
    unread = stamp if stamp and not time_of(stamp, UTC) else ""
    upload = found.place if found.line else found.upload
    origin = (found.place, upload, hints.platform, doubtful)
    return Submission(learner, name, quiz, session, submitted, late, order, *origin, claimed, unread)


def learner_of(found: FoundText, content: Mapping[str, Any]) -> str:
    """Whose response file it is: a name if there is one, otherwise an id.

    Raises:
        UnusableError: neither the file nor its path tells.
    """
    learner, name, *_ = _learner(_hints(found, content), content.get("learner"), None, ())
    return name or learner


def _hints(found: FoundText, content: Mapping[str, Any]) -> PathHints:
    """What the path of a response file reveals."""
    quiz = content.get("quiz")
    hints = found.layout.hints(found.parts, quiz if isinstance(quiz, str) else "")
    return PathHints() if found.line and hints.platform == "plain" else hints


def content_of(text: bytes) -> Any:
    """The JSON in a file.

    Raises:
        UnusableError: it is not JSON.
    """
    try:
        return from_json(text, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        pass  # such as a lone surrogate, which browsers write, and which should not cost the rest
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
        return json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        message = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UnusableError("unreadable", f"not JSON: {excerpt(message, 100)}") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _learner(
    hints: PathHints, written: Any, roster: Roster | None, folders: Sequence[str]
) -> tuple[str, str, str, bool]:
    """(learner, name, the learner that the file claims to be from, if that is somebody else, whether that is doubtful).

    The outermost of the ``folders`` that is named after a learner on the roster is as reliable as a platform: its
    content comes from that learner.
    """
    written = written.strip() if isinstance(written, str) else ""
    for id_ in (written, hints.learner):
        if len(id_) > MAX_LEARNER or not id_.isprintable():
            raise UnusableError("unknown-student", f"no student has an id like {excerpt(repr(id_))}")
    platform = hints.platform != "plain"
    owner = next((learner for name in folders if (learner := _on(roster, name))), None) if roster else None
    if hints.unclear and (platform or not owner):
        raise UnusableError("unknown-student", f"there is no way to tell whose it is: {hints.unclear}", _UNCLEAR)
    if roster is None:
        learner = hints.learner if platform else written or hints.learner
        if not learner:
            hint = "put the file into a folder with the student's name, or grade with --roster"
            raise UnusableError("unknown-student", "neither the file nor its path says whose it is", hint)
        # The ids of nbgrader and Blackboard are the ones that people know; the numbers of others never match a name.
        known_ids = hints.platform in ("nbgrader", "blackboard")
        claimed = written if written and known_ids and written != learner else ""
        contradicted = bool(written and hints.learner and written != hints.learner and not hints.guessed)
        return learner, hints.name, claimed, not platform and (contradicted or hints.doubtful)
    from_path = _on_path(roster, hints)
    from_file = roster.by_id(written) if written else None
    if not platform and not owner and from_file and from_path and from_file != from_path:
        message = f"its name says {_shown(hints.learner)}, and it says itself that it is from {_shown(written)}"
        raise UnusableError("unknown-student", message, _UNCLEAR)
    known = from_path if platform else owner or from_file or from_path
    if known is None:
        both = " ".join(part for part in (hints.name, hints.learner, *hints.ids[-1:]) if part)
        who = both if platform else written or hints.learner
        hint = "add the student to the roster, or correct the name there"
        if hints.platform == "anonymous":
            hint = "the names of anonymous students are not in the download; grade without --roster"
        raise UnusableError("unknown-student", f"{_shown(who)} is not on the roster", hint)
    claims = [(written, from_file)] if platform or owner else []
    claims += [(hints.learner, from_path)] if owner else []
    claimed = next((said for said, whose in claims if said and whose != known and (platform or whose)), "")
    return known, roster.learners[known].name, claimed, not platform and not owner and hints.doubtful


def _on_path(roster: Roster, hints: PathHints) -> str | None:
    """The learner on the roster whom the path names."""
    from_path = roster.by_id(hints.learner) if hints.learner else None
    if from_path is None:
        from_path = roster.by_name(hints.name or hints.learner) if hints.name or hints.learner else None
    if from_path is None:
        found = {roster.by_name(name) for name in hints.without_group}
        found = (found | {roster.by_id(id_) for id_ in hints.ids}) - {None}
        from_path = found.pop() if len(found) == 1 else None
    return from_path


def _on(roster: Roster, name: str) -> str | None:
    """The learner on the roster with this id or name."""
    return roster.by_id(name) or roster.by_name(name)


def _stamp(found: FoundText) -> str:
    """The time that nbgrader noted next to what it collected. A file further down may be a learner's own work."""
    depth = found.parts.index("submitted") if "submitted" in found.parts else len(found.parts)
    stamp = found.read_sibling(NOTED_TIME) if len(found.parts) == depth + 4 else None
    return stamp.decode("utf-8", "replace").strip() if stamp is not None else ""


def _time_in(content: Any, name: str, precision: str = "seconds") -> str:
    """A time in a response file, in UTC; empty if there is none."""
    written = content.get(name)
    return time_of(written, precision=precision) if isinstance(written, str) else ""


#: Names of time zones that people and programs write, in hours from UTC: those of RFC 5322, section 4.3, and others
#: that have only one meaning.
_ZONES = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}
_NAMED_ZONE = re.compile(r"(.*\d) ?([A-Z]{1,4})", re.DOTALL)


def time_of(text: str, zone: Any = None, precision: str = "seconds") -> str:
    """A date and time in ISO 8601, perhaps with the name of a time zone at its end, converted to UTC. Empty if ``text``
    is not one, or if neither it nor ``zone`` gives a time zone.
    """
    text = text.strip()
    named = _NAMED_ZONE.fullmatch(text)
    if named and named[2] in _ZONES:
        text, zone = named[1], timezone(timedelta(hours=_ZONES[named[2]]))
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            if zone is None:
                return ""
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).isoformat(timespec=precision)
    except (ValueError, OverflowError):
        return ""


def _shown(value: Any) -> str:
    return f"'{excerpt(value)}'" if isinstance(value, str) else excerpt(repr(value))
