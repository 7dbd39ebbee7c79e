"""``civicquiz progress``: who has answered how much, in a folder that a class works in. It needs and tells no key."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from civicquiz.classroom.collecting.archives import FoundText, walk
from civicquiz.classroom.collecting.submissions import content_of, learner_of, time_of
from civicquiz.errors import UnusableError, display_path, one_line
from civicquiz.grading.responses import session_from_json
from civicquiz.model.course import folders_below
from civicquiz.previewing.preview_packages import require_preview
from civicquiz.previewing.watching import interruptible, saves

__all__ = ["ProgressRow", "follow", "lines", "progress_of"]

#: The name of a response file, and of a copy of one.
_NAME = re.compile(r"[^.].*\.responses\b.*\.json", re.IGNORECASE)
#: How long a file that cannot be read may take to be complete, in seconds.
_PAUSE = 0.2
_HEADINGS = ("Student", "Quiz", "Answered", "Checks", "Finished", "Last saved")


@dataclass(frozen=True)
class ProgressRow:
    """What one response file tells, and nothing of what is right.

    Attributes:
        student: whose it is, as ``civicquiz grade`` would name them; the file, if nobody can tell.
        quiz: the name of the quiz.
        answered: how many questions have something in their answer.
        questions: how many questions the student gets; None in a file that does not say.
        checks: how often answers were checked.
        finished: whether the student has said so, or all questions are settled.
        saved: when it was saved; None if it does not say.
    """

    student: str
    quiz: str
    answered: int
    questions: int | None
    checks: int
    finished: bool
    saved: datetime | None


def progress_of(folder: Path) -> tuple[list[ProgressRow], list[str]]:
    """What each response file in ``folder`` and below tells, by student and quiz; and a line for each that cannot be
    read. One that is being written just now is read again in a moment.
    """
    found, unread = _read(folder)
    if unread:
        time.sleep(_PAUSE)
        found, unread = _read(folder)
    return found, unread


def _read(folder: Path) -> tuple[list[ProgressRow], list[str]]:
    rows: list[tuple[str, ProgressRow]] = []
    unread = []
    for found in walk([folder]):
        if any(part.startswith(".") for part in found.parts[found.layout.top :]) or found.parts[-1].endswith(".tmp"):
            continue  # what other programs keep, and what a notebook is just writing
        # A folder may have many files that have nothing to do with a quiz; but nobody's folder may be left out.
        is_told = _NAME.fullmatch(found.parts[-1]) is not None
        try:
            if not isinstance(found, FoundText):
                is_told = is_told or found.why.reason in ("unreadable", "link")
                raise found.why
            rows.append((found.place, _progress(found)))
        except (UnusableError, ValueError) as error:
            if is_told:
                unread.append(one_line(f"{found.place}: {error}"))
    rows.sort(key=lambda row: (row[1].student.casefold(), row[1].quiz, row[0]))
    return [row for _, row in rows], sorted(unread)


def _progress(found: FoundText) -> ProgressRow:
    """
    Raises:
        UnusableError, ValueError: it is not a response file.
    """
    content = content_of(found.content)
    session = session_from_json(content)
    quiz, count = str(content.get("quiz", "")), content.get("questions")
    questions = count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else None
    try:
        student = learner_of(found, content)
    except UnusableError:
        student = found.place
    settled = [name for name, is_settled in session.checked.items() if is_settled]
    saved = content.get("saved")
    moment = time_of(saved) if isinstance(saved, str) else ""
    return ProgressRow(
        student=student,
        quiz=quiz,
        answered=sum(map(_is_given, session.responses.values())),
        questions=questions,
        checks=sum(session.attempts.values()),
        finished=session.overall.get("finished") is True or (questions is not None and len(settled) >= questions),
        saved=datetime.fromisoformat(moment) if moment else None,
    )


def _is_given(response: Any) -> bool:
    """Whether there is anything in a response. Whether it can be graded, only the quiz tells."""
    if isinstance(response, Mapping):  # the numbers of a calculated question come with its answer
        given = [response["answer"]] if "answer" in response else response.values()
        return any(map(_is_given, given))
    return bool(response.strip()) if isinstance(response, str) else bool(response)


def lines(folder: Path) -> Iterator[str]:
    """The progress of everybody in ``folder`` as a table, and what could not be read."""
    found, unread = progress_of(folder)
    if found:
        yield from _table([_HEADINGS, *map(_cells, found)])
    elif not unread:
        yield f"There are no answers in {display_path(folder)} yet."
    yield from (f"Cannot be read: {line}" for line in unread)


def _cells(row: ProgressRow) -> tuple[str, ...]:
    answered = str(row.answered) if row.questions is None else f"{row.answered} of {row.questions}"
    saved = _local(row.saved) if row.saved else ""
    cells = (row.student, row.quiz, answered, str(row.checks), "yes" if row.finished else "", saved)
    return tuple(map(one_line, cells))


def _local(moment: datetime) -> str:
    """A moment in the time zone of this computer; "" for one at the edge of the calendar, which has none there."""
    try:
        return moment.astimezone().isoformat(" ", "seconds")[:19]
    except (ValueError, OverflowError):
        return ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def follow(folder: Path, show: Callable[[list[str]], object]) -> None:
    """Show the :func:`lines` of ``folder`` now and after every change, until the program is interrupted.

    Raises:
        MissingPackagesError: the packages of the extra ``preview`` are not installed.
        PreviewError: the folders cannot be watched.
    """
    require_preview("Watching")
    folder = folder.absolute()
    last: list[str] | None = None
    with interruptible():
        for _ in saves(lambda: {place for place, names in folders_below(folder)}, matters=_is_response_file):
            shown = list(lines(folder))
            if shown != last:
                show(shown)
            last = shown


def _is_response_file(path: Path) -> bool:
    return _NAME.fullmatch(path.name) is not None
