"""What the folders and the names of files reveal: who handed them in, whether they are late, and which upload each is.

Platforms write the beginning of a name, and learners the rest of it:

- Canvas: ``lastfirst_LATE_userid_attachmentid_name.json`` (``LATE_`` only if it is late), with ``-1``, ``-2`` ... at
  the end of the name each time that a learner hands in again; ``LATE_anon_id_attachmentid_name.json`` if students are
  graded anonymously;
- Moodle: a folder ``Full Name_id_assignsubmission_file_`` for each learner, or the same in front of the file name if
  "Download submissions in folders" is off; newer versions omit the last ``_`` of the folder, and in a class with
  groups ``Group-Full Name`` is the name;
- Blackboard: ``Assignment_username_attempt_2026-11-27-10-11-12_name.json``, in the original course view with
  ``gradebook_course_`` in front;
- Brightspace: a folder ``id-id - Full Name - Nov 27, 2026 1011 AM`` for each upload, in some schools with the number of
  the student in front of the name;
- nbgrader: ``submitted/learner/assignment/name.json``.

So that a learner cannot write another learner's number into a name, a pattern is only read at the beginning of a name,
only where a platform puts its names, and only if all the files there have it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from civicquiz.authoring.normal_form import visible_form

__all__ = ["Layout", "PathHints", "layout_of", "stem_of_archive"]

#: What browsers, Windows, macOS and platforms add to the name of another copy; the number is that of the copy.
_COPY = re.compile(
    r"(?: ?\((?P<browser>\d{1,4})\)|-(?P<canvas>\d{1,3})|(?<=responses) (?P<macos>\d{1,3})"
    r"|[ _-]+(?:copy|copia|kopie|copie|cópia)(?: ?\(?(?P<copy>\d{1,3})\)?)?)$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:\.json)+$", re.IGNORECASE)
_RESPONSES = re.compile(r"[._ -]responses?$", re.IGNORECASE)
_ZIP = re.compile(r"\.zip$", re.IGNORECASE)
#: Characters between the name of a quiz and that of a learner.
_SEPARATORS = "-_. "
#: An id that Canvas gives to a student who is graded anonymously: five letters or digits.
_ANONYMOUS = re.compile(r"[A-Za-z0-9]{5}")
#: What a date, or a date and a time, looks like where Canvas's pattern has its numbers.
_DATE = re.compile(
    r"(?:19|20)\d\d_(?:0?[1-9]|1[0-2])_(?:0?[1-9]|[12]\d|3[01])(?!\d)"  # 2026_11_25
    r"|(?:0?[1-9]|[12]\d|3[01])_(?:0?[1-9]|[12]\d|3[01])_(?:19|20)\d\d(?!\d)"  # 25_11_2026, 11_25_2026
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])_\d{1,6}(?!\d)"  # 20261125_1430
)

#: What Blackboard writes between the id of a user and the name of a file, or ``.txt`` for its note on the upload. The
#: first in a name is its own.
_ATTEMPT = re.compile(r"_attempt_(\d{4}(?:-\d\d){5})(?:_(?=.)|(?=\.txt$))", re.DOTALL)
#: The beginning of a folder that Brightspace makes, and its end: a date and a time, as the language of the site has it.
_BRIGHTSPACE = re.compile(r"\d{1,18}-\d{1,18} - (?:(\d{3,18}) )?(?=\S)")
_BRIGHTSPACE_TIME = re.compile(r"\w[\w ,.]{0,40}\b\d{3,4}(?: ?[AaPp][Mm])?")

#: Platforms whose own part of a name is at its beginning; ``anonymous`` is Canvas with anonymous grading.
_PLATFORMS = ("anonymous", "canvas", "moodle", "blackboard", "brightspace")
#: Those that make a folder for each upload.
_WITH_FOLDERS = ("moodle", "brightspace")


@dataclass(frozen=True)
class PathHints:
    """What a path reveals.

    ``platform`` is the one whose layout it follows (``canvas``, ``anonymous``, ``moodle``, ``blackboard``,
    ``brightspace``, ``nbgrader``; ``plain`` for none), ``learner`` the id in it, ``name`` the name of the person in it.
    A platform is more reliable than a learner: a plain path and the file itself are only believed if no platform says
    who it was.
    """

    platform: str = "plain"
    learner: str = ""
    name: str = ""
    late: bool = False
    #: of two submissions by one learner, the later one has the larger order
    order: tuple[int, int] = (0, 0)
    #: what the name may be without that of a group at its beginning
    without_group: tuple[str, ...] = ()
    #: what the id may be, where nothing but a class list can tell where it begins
    ids: tuple[str, ...] = ()
    #: whether a folder and the file name, which nothing but their place explains, name different people
    doubtful: bool = False
    #: whether ``learner`` is only the name of the folder that was named
    guessed: bool = False
    #: why nobody can tell whose it is; empty if somebody can
    unclear: str = ""


@dataclass(frozen=True)
class Layout:
    """How the files below a named path are arranged.

    ``parts[depth]`` of a file is what the platform wrote: the file name, or the folder of a learner. In a plain layout,
    and one of nothing but ``archives``, ``depth`` is where a learner's own folder is, for files that are in one.
    """

    platform: str = "plain"
    depth: int = 0
    #: ``parts[:top]`` are the names of what was named, which come from the person who grades
    top: int = 0
    #: where nbgrader's folder ``submitted`` is, if there is one
    submitted: int | None = None
    #: whether all names begin with that of a group
    grouped: bool = False
    #: how many words, with ``_`` between them, all names of Blackboard begin with
    common: int = 0

    def hints(self, parts: tuple[str, ...], quiz: str = "") -> PathHints:
        """What ``parts``, the folders and the name of a file, reveal about a response file to ``quiz``."""
        parts = tuple(map(visible_form, parts))  # macOS writes accents as separate characters
        copy = _stem_and_copy(parts[-1])[1] if parts else 0
        if (submitted := self.submitted_at(parts)) is not None:
            return PathHints("nbgrader", "".join(parts[submitted + 1 : submitted + 2]), order=(copy, 0))
        if self.platform not in _PLATFORMS:
            return replace(self._plain(parts, quiz), order=(copy, 0))
        readings = _readings(self.platform, "".join(parts[self.depth : self.depth + 1]))
        if len(readings) > 1 and quiz and _starts_with(readings[0].file, quiz):  # such as the quiz 01_intro
            readings = readings[:1]
        if len(readings) != 1:
            return PathHints(self.platform, unclear="the numbers in its name can be read in more than one way")
        (found,) = readings
        words = found.name.split("-") if self.grouped else []
        without_group = tuple("-".join(words[start:]) for start in range(1, len(words)))
        order = (copy, found.upload)
        ids = self._ids_in(found.words)
        if len(ids) == 1:
            return PathHints(self.platform, *ids, order=order)
        return PathHints(self.platform, found.learner, found.name, found.late, order, without_group, ids)

    def _ids_in(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The ids that Blackboard may have written at the end of these words. An id begins where the names of a
        download begin to differ, or before that if all ids begin alike. In downloads of several assignments, names have
        nothing in common.
        """
        last = min(self.common or len(words), len(words) - 1)
        return tuple("_".join(words[start:]) for start in range(max(1, last - 3), last + 1))

    def _plain(self, parts: tuple[str, ...], quiz: str) -> PathHints:
        """``anna.json``, ``anna-law.responses.json`` or ``anna/law.responses.json``: the learner ``anna``."""
        if not parts:
            return PathHints()
        own = _without_quiz(_stem_and_copy(parts[-1])[0], quiz)
        below = parts[self.top : -1]
        archive = next((index for index, part in enumerate(below) if _ZIP.search(part)), None)
        if archive is not None:  # made by a learner: nothing inside says whose it is
            owner = _without_quiz(stem_of_archive(below[archive]), quiz) or "".join(below[archive - 1 : archive])
            if own and own != owner:
                return PathHints(unclear=f"'{below[archive]}' may be from one student or from a whole class")
            return PathHints(learner=owner, doubtful=archive > 0 and owner != parts[self.depth])
        if any(_readings(platform, parts[-1]) for platform in _PLATFORMS):
            unclear = "it is named like part of a download from a platform, and the files around it are not"
            return PathHints(unclear=unclear)
        folder = parts[self.depth] if below and self.depth < len(parts) - 1 else "".join(parts[-2:-1])
        doubtful = bool(own and below and own != folder)
        return PathHints(learner=own or folder, doubtful=doubtful, guessed=not own and not below and len(parts) > 1)

    def upload(self, parts: tuple[str, ...]) -> str:
        """The names of the file or the folder that one learner handed in, joined by ``/``."""
        submitted = self.submitted_at(parts)
        depth = self.depth if submitted is None else submitted + 1
        return "/".join(parts[: depth + 1])

    def is_note(self, parts: tuple[str, ...]) -> bool:
        """Whether a platform wrote this file, which holds no answers: Blackboard's note on an upload, and Brightspace's
        list of them."""
        name = "".join(parts[-1:])
        if self.platform == "blackboard":
            return any(found.file == ".txt" for found in _readings(self.platform, name))
        return self.platform == "brightspace" and name == "index.html" and len(parts) == self.depth + 1

    def submitted_at(self, parts: tuple[str, ...]) -> int | None:
        """Where nbgrader's folder ``submitted`` is above a file; None if it is not in one."""
        is_in_it = self.submitted is not None and parts[self.submitted : self.submitted + 1] == ("submitted",)
        return self.submitted if is_in_it else None

    def folders_of_learners(self, parts: tuple[str, ...]) -> list[str]:
        """The names, from the outside in, of the folders and of the archive that may be named after a learner. What is
        further down was made by the learner."""
        names = list(parts[self.top : min(self.depth + 1, len(parts) - 1)])
        archive = next((index for index, part in enumerate(parts[self.top : -1]) if _ZIP.search(part)), len(parts))
        if archive == len(names) and archive < len(parts):
            names.append(parts[self.top + archive])
        return [stem_of_archive(name) for name in names[: archive + 1]]


def layout_of(
    names: Iterable[tuple[str, ...]],
    top: int = 0,
    *,
    is_learner: Callable[[str], bool] = lambda name: False,
    is_archive_of_platform: Callable[[tuple[str, ...]], bool] = lambda parts: False,
) -> Layout:
    """How the files with these ``names`` are arranged.

    Args:
        names: the folders and the file name of every file below a named path that can be read.
        top: how many names of what was named come first in each.
        is_learner: whether a name is that of a learner in the class. The folder of a learner is never taken for one
            that somebody put around what a platform wrote.
        is_archive_of_platform: whether a file is an archive that a platform wrote. A folder of nothing but these has
            the layout ``archives``, and each archive one of its own.
    """
    files = {tuple(map(visible_form, name)) for name in names}
    files.discard(())
    if top and _is_nbgrader(files, 0):
        return Layout("plain", top, top, 0)
    if top and files and all(_has_pattern("moodle", name) for name in files):
        return Layout("moodle", 0, top)
    at = top
    while files:
        submitted = at if _is_nbgrader({name for name in files if name[at] == "submitted"}, at) else None
        rest = files if submitted is None else {name for name in files if name[at] != "submitted"}
        for platform in _PLATFORMS:
            if rest and all(_has_pattern(platform, name[at:]) for name in rest):
                grouped = platform == "moodle" and all("-" in name[at].split("_")[0] for name in rest)
                common = _common_words(name[at] for name in rest) if platform == "blackboard" else 0
                return Layout(platform, at, top, submitted, grouped, common)
        if rest and at == top and all(len(name) == at + 1 and is_archive_of_platform(name) for name in rest):
            return Layout("archives", at, top, submitted)
        folders = {name[at] for name in files if len(name) > at + 1}
        around = len(folders) == 1 and all(len(name) > at + 1 for name in files)
        if submitted is not None or not around or any(map(is_learner, folders)):
            return Layout("plain", _level(rest, top), top, submitted)
        at += 1
    return Layout("plain", top, top)


def _is_nbgrader(files: set[tuple[str, ...]], at: int) -> bool:
    """Whether all these files are in folders as nbgrader makes them: ``submitted/learner/assignment``."""
    return bool(files) and all(len(name) > at + 3 and name[at] == "submitted" for name in files)


def _level(files: set[tuple[str, ...]], top: int) -> int:
    """Where the folders of learners are: as deep as the file that is the least deep in folders. What is deeper may be a
    learner's own work."""
    return min((len(name) - 2 for name in files if len(name) > top + 1), default=top)


@dataclass(frozen=True)
class _Reading:
    """One way to read what a platform wrote; ``file`` is what the learner called the file."""

    learner: str
    name: str
    file: str
    late: bool = False
    upload: int = 0
    #: of Blackboard: the words of the name of the assignment, then those of the id, if ``_`` is between words
    words: tuple[str, ...] = ()


def _readings(platform: str, part: str) -> list[_Reading]:
    """The ways to read a name, or the folder of a learner, as one that ``platform`` wrote."""
    words = part.split("_")
    if platform == "moodle":  # which writes a space for every _ in the name of a person or a group
        named = len(words) > 3 and bool(words[0]) and _is_number(words[1])
        if named and words[2:4] == ["assignsubmission", "file"]:
            return [_Reading(words[1], words[0], "_".join(words[4:]))]
        return []
    if platform == "blackboard":
        return _readings_of_blackboard(part)
    if platform == "brightspace":
        before, _, time = part.rpartition(" - ")
        numbers = _BRIGHTSPACE.match(before)
        return [_Reading(numbers[1] or "", before[numbers.end() :], "")] if numbers and _is_time(time) else []
    if platform == "anonymous":
        late = words[0] == "LATE"
        words = words[late:]
        if len(words) > 3 and words[0] == "anon" and _ANONYMOUS.fullmatch(words[1]) and _is_number(words[2]):
            return [_Reading(words[1], "", "_".join(words[3:]), late, int(words[2]))]
        return []
    first = next((index for index, word in enumerate(words) if index and word.isdecimal()), len(words))
    found: list[_Reading] = []
    if _DATE.match("_".join(words[first:])):
        return found
    for user in (first, first + 1):  # a name that ends in a number, or a file name that begins with one
        if len(words) < user + 3 or not (_is_number(words[user]) and _is_number(words[user + 1])):
            break
        late = words[user - 1] == "LATE" and user > 1
        name, file = "_".join(words[: user - late]), "_".join(words[user + 2 :])
        if file and _can_be_name(name):
            found.append(_Reading(words[user], name, file, late, int(words[user + 1])))
    return found


def _readings_of_blackboard(part: str) -> list[_Reading]:
    """A name that Blackboard wrote. The name of an assignment and the id of a user may both contain ``_``."""
    attempt = _ATTEMPT.search(part)
    words = tuple(part[: attempt.start()].split("_")) if attempt else ()
    if not attempt or len(words) < 2:
        return []
    return [_Reading("", "", part[attempt.end() :], upload=int(attempt[1].replace("-", "")), words=words)]


def _common_words(names: Iterable[str]) -> int:
    """How many words at the beginning of all these names, which Blackboard wrote, are the same: at least one is left
    for an id."""
    words = [found.words for name in names for found in _readings_of_blackboard(name)]
    same = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    return min(sum(1 for _ in same), *(len(one) - 1 for one in words))


def _is_time(text: str) -> bool:
    """Whether Brightspace can have written this: a date with a year, and a time without its colon."""
    return bool(_BRIGHTSPACE_TIME.fullmatch(text) and re.search(r"\b20\d\d\b", text))


def _has_pattern(platform: str, name: tuple[str, ...]) -> bool:
    """Whether a file, or the folder that it is in, is named as by this platform."""
    readings = _readings(platform, name[0])
    if platform in _WITH_FOLDERS:
        in_folder = len(name) > 1
        return any(not found.file if in_folder else bool(found.file) for found in readings)
    return len(name) == 1 and bool(readings)


def _is_number(word: str) -> bool:
    return word.isdecimal() and word.isascii() and len(word) <= 18


def _can_be_name(name: str) -> bool:
    """Whether Canvas can have made this of a name: it deletes all but letters, accents, digits and ``_``; it used to
    leave hyphens, too."""
    return bool(name) and all(
        character == "-" or character.isalnum() or unicodedata.category(character) in ("Mn", "Mc", "Me", "Pc")
        for character in name
    )


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


def stem_of_archive(name: str) -> str:
    """The name of an archive, or of a folder, without its ending and without what makes it a copy."""
    return _stem_and_copy(_ZIP.sub("", name))[0] if _ZIP.search(name) else name


def _starts_with(name: str, quiz: str) -> bool:
    """Whether a file is named after the quiz."""
    return name.startswith(quiz) and not name[len(quiz) : len(quiz) + 1].isalnum()


def _without_quiz(stem: str, quiz: str) -> str:
    """The name of a file without that of the quiz, which is removed only at a separator: ``lawrence`` stays whole."""
    if quiz and stem == quiz:
        return ""
    if quiz and stem.startswith(quiz) and stem[len(quiz)] in _SEPARATORS:
        return stem[len(quiz) :].lstrip(_SEPARATORS)
    if quiz and stem.endswith(quiz) and stem[-len(quiz) - 1] in _SEPARATORS:
        return stem[: -len(quiz)].rstrip(_SEPARATORS)
    return stem
