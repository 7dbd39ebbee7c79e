"""``civicquiz grade`` on a terminal: a progress bar, what could not be used, whose score changes, and a question before
anything is replaced."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting.submissions import time_of
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.requirements import require_polars
from civicquiz.errors import GradingError, display_path
from civicquiz.exchange.csv_files import format_score

if TYPE_CHECKING:
    from civicquiz.classroom.gradebook.grading_run import OnProgress
    from civicquiz.classroom.outcomes_file import ScoreChange

__all__ = ["due_time", "grade_class"]

#: How many changed scores are listed.
_SHOWN = 50


def due_time(text: str) -> datetime:
    """A date and time with a time zone, such as ``2026-11-30T23:59-05:00``.

    Raises:
        GradingError: it is not one; without a time zone, the result would depend on the machine.
    """
    moment = time_of(text)
    if not moment:
        hint = "write it like 2026-11-30T23:59-05:00"
        raise GradingError(f"'{excerpt(text, 40)}' is not a date and time with a time zone ({hint})")
    return datetime.fromisoformat(moment)


def grade_class(
    options: GradingOptions,
    *,
    say: Callable[[str], Any],
    confirm: Callable[[str], bool] | None,
    yes: bool = False,
    run_with: Callable[[GradingOptions, OnProgress], Any] | None = None,
) -> int:
    """Grade, summarize, and write. The exit code is 1 if nothing was written or nothing could be graded.

    Existing scores are replaced by different ones only with ``yes``, or if ``confirm`` agrees. ``run_with`` makes the
    run, if it is not one of this machine.

    Raises:
        CivicquizError: packages are missing; or a key, the roster, the marks or the folder of the results cannot be
            used.
    """
    require_polars("Grading a class")
    from civicquiz.classroom.gradebook.grading_run import GradingRun

    with _progress_bar() as on_progress, closing((run_with or GradingRun)(options, on_progress)) as run:
        if run.finished_earlier:
            say(f"An earlier run was interrupted; its results in {display_path(options.out)}/ are complete now.")
        run.run()
        on_progress("", 1.0)
        for line in run.problems.lines():
            say(line)
        changes = run.changes()
        if changes:
            for line in _described(changes):
                say(line)
            if not yes and not (confirm and confirm("Write the new results?")):
                say("Nothing was written." + ("" if confirm else " Add --yes to write the new results."))
                return 1
        run.publish()
        out = display_path(options.out)
        say(f"{_count(run.used, 'submission')} graded; the results are in {out}/.")
        for remark in run.remarks:
            say(remark)
        if run.waiting:
            file = display_path(options.out / "review.csv")
            need = "needs" if run.waiting == 1 else "need"
            how = f"see {file}" if options.review else f"add --review to write a table for them, {file}"
            say(f"{_count(run.waiting, 'open answer')} {need} to be scored by a person: {how}.")
        problems = sum(run.problems.counts.values())
        if problems:
            say(f"{_count(problems, 'problem')}: see {display_path(options.out / 'problems.csv')}.")
        return 0 if run.used else 1


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _described(changes: list[ScoreChange]) -> Iterator[str]:
    yield f"{_count(len(changes), 'score')} would change:"
    for change in changes[:_SHOWN]:
        now = "no score"
        if change.now is not None:
            sign = "+" if change.now > change.before else ""
            now = f"{format_score(change.now)} ({sign}{format_score(change.now - change.before)})"
        yield f"    {change.learner}, {change.quiz}: {format_score(change.before)} -> {now}"
    if len(changes) > _SHOWN:
        yield f"    ... and {len(changes) - _SHOWN:,} more"


@contextmanager
def _progress_bar() -> Iterator[OnProgress]:
    """A progress bar on a terminal, once a run takes longer than a moment; elsewhere none."""
    if not sys.stderr.isatty():
        yield lambda task, done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    line = bar.add_task("", total=1.0)
    drawn = 0.0

    def on_progress(task: str, done: float) -> None:
        nonlocal drawn
        if done == 1.0 and not task:
            bar.stop()
        elif abs(done - drawn) >= 0.002:
            drawn = done
            # In this order, so that the first frame says what is being done, however slowly the next ones come.
            bar.update(line, description=task, completed=done)
            bar.start()

    try:
        yield on_progress
    finally:
        bar.stop()
