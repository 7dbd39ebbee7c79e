"""``civicquiz grade`` on a terminal: a bar, what could not be used, who changes, and a question before it writes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting.submissions import time_of
from civicquiz.classroom.gradebook.grading_run import GradingRun, Progress, Request
from civicquiz.classroom.gradebook.tables import number
from civicquiz.classroom.outcomes_file import Change, GradingError
from civicquiz.errors import display_path

__all__ = ["due_time", "grade_class"]

_SHOWN = 50


def due_time(text: str) -> datetime:
    """A moment with a time zone, such as ``2026-11-30T23:59-05:00``.

    Raises:
        GradingError: it is none; without a zone it would depend on the machine.
    """
    moment = time_of(text)
    if not moment:
        message = f"'{excerpt(text, 40)}' is no moment with a time zone (write it like 2026-11-30T23:59-05:00)"
        raise GradingError(message)
    return datetime.fromisoformat(moment)


def grade_class(
    request: Request, *, say: Callable[[str], Any], confirm: Callable[[str], bool] | None, yes: bool = False
) -> int:
    """Grade, tell by ``say`` what came of it, and write. The exit code is 1 where nothing was written, or nothing was
    there to grade.

    Scores that are there are only replaced by others with ``yes``, or where ``confirm`` says so.

    Raises:
        CivicquizError: a key, the roster, the marks or the folder of the results cannot be used.
    """
    with _bar() as progress, GradingRun(request, progress) as run:
        run.run()
        progress("", 1.0)
        for line in run.problems.lines():
            say(line)
        changed = run.changes()
        if changed:
            for line in _told(changed):
                say(line)
            if not yes and not (confirm and confirm("Write the new results?")):
                say("Nothing was written." + ("" if confirm else " Add --yes to write the new results."))
                return 1
        run.publish()
        out = display_path(request.out)
        say(f"{run.used:,} submission{'s' if run.used != 1 else ''} graded; the results are in {out}/.")
        if run.waiting:
            file = display_path(request.out / "review.csv")
            hint = f"they are in {file}" if request.review else f"--review writes them to {file}"
            say(f"{run.waiting:,} open answer{'s wait' if run.waiting != 1 else ' waits'} for a person: {hint}.")
        count = sum(run.problems.counts.values())
        if count:
            say(f"{count:,} problem{'s' if count != 1 else ''}: see {display_path(request.out / 'problems.csv')}.")
        return 0 if run.used else 1


def _told(changed: list[Change]) -> Iterator[str]:
    yield f"{len(changed):,} score{'s' if len(changed) != 1 else ''} would change:"
    for change in changed[:_SHOWN]:
        before, now = change.before or 0.0, change.now
        to = "none any more" if now is None else f"{number(now)} ({'+' if now > before else ''}{number(now - before)})"
        yield f"    {change.learner}, {change.quiz}: {number(before)} -> {to}"
    if len(changed) > _SHOWN:
        yield f"    ... and {len(changed) - _SHOWN:,} more"


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on a terminal, once a run takes longer than a moment; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda task, done: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=1.0)
    last = [0.0]

    def progress(what: str, done: float) -> None:
        if done == 1.0 and not what:
            bar.stop()
        elif abs(done - last[0]) >= 0.002:
            last[0] = done
            bar.start()
            bar.update(task, description=what, completed=done)

    try:
        yield progress
    finally:
        bar.stop()
