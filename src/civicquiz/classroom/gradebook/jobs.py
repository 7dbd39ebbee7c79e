"""Several processes that grade texts, and write what was earned, at the same time; the results are in order."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from civicquiz.classroom.collecting import FoundText, Refused
from civicquiz.classroom.gradebook.learner_results import LearnerResults, ResultsPlan, by_learner
from civicquiz.classroom.gradebook.ledger import entries_in
from civicquiz.classroom.gradebook.review import Marks, Written
from civicquiz.classroom.gradebook.text_grader import Graded, TextGrader
from civicquiz.errors import GradingError

__all__ = ["LEARNERS_IN_PART", "Workers", "in_parts"]

#: How many texts are sent to a process at a time, and the results of how many learners it writes at a time.
_TEXTS, LEARNERS_IN_PART = 200, 2_000

Result = TypeVar("Result")

#: What this process works with, if it was started to work.
_grader: TextGrader
_marks: Marks | None = None


class Workers:
    """Other processes, until they are closed."""

    def __init__(self, grader: TextGrader, marks: Marks | None, count: int) -> None:
        """They grade with the ``grader``, and know the ``marks`` that a person gave."""
        self._count = count
        self._others = multiprocessing.active_children()
        # Started anew on every system, so that nothing depends on what a copy of this process would have in it.
        self._pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _start, (grader, marks))

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)

    def graded(self, found: Iterable[FoundText | Refused]) -> Iterator[Graded]:
        """What each text earns, in order.

        Raises:
            GradingError: a process ended before its work was done, such as for lack of memory.
        """
        texts = (text.on_its_own() if isinstance(text, FoundText) else text for text in found)
        for some in self._in_order(_grade, ((some,) for some in iter(lambda: list(islice(texts, _TEXTS)), []))):
            yield from some

    def write(
        self, plan: ResultsPlan, ledger: Path, parts: Sequence[Sequence[str]], folder: Path
    ) -> Iterator[tuple[Path, Written]]:
        """Write the results of the learners in each of the ``parts``, from the file ``ledger``, into a folder of its
        own below ``folder``; (that folder, what was written), in order.

        Raises:
            GradingError: a process ended before its work was done, such as for lack of memory.
        """
        folders = [folder / f"part-{number:06}" for number in range(len(parts))]
        tasks = ((plan, ledger, part, own) for part, own in zip(parts, folders, strict=True))
        yield from zip(folders, self._in_order(_write, tasks), strict=True)

    def _in_order(self, work: Callable[..., Result], tasks: Iterable[tuple[Any, ...]]) -> Iterator[Result]:
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(self._submitted(work, task))
                if len(waiting) > 2 * self._count:  # enough to keep all of them busy
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            self._let_go()
            message = "a process that was grading ended unexpectedly, perhaps for lack of memory; nothing was written"
            raise GradingError(f"{message}. Try again with fewer --jobs") from None

    def _submitted(self, work: Callable[..., Result], task: tuple[Any, ...]) -> Future[Result]:
        try:
            return self._pool.submit(work, *task)
        except OSError as error:  # the pipe to a process that has just ended, which the pool does not know yet
            raise BrokenProcessPool from error

    def _let_go(self) -> None:
        """End what would keep the broken pool from being closed."""
        # The pool has ended the processes that it knew. It does not know one that was starting when another ended.
        for process in multiprocessing.active_children():
            if process not in self._others:
                process.terminate()
        if sys.version_info < (3, 11, 5):
            # Nothing ends the thread that sends texts to processes that are no longer there. Later versions of Python
            # do this themselves, perhaps at the same moment; there is no public way to do it
            # (https://github.com/python/cpython/issues/94777).
            queue = getattr(self._pool, "_call_queue", None)
            if queue is not None:
                queue._reader.close()  # noqa: SLF001, what Python does


def in_parts(learners: Iterable[str], size: int) -> Iterator[list[str]]:
    """``learners``, ``size`` at a time."""
    left = iter(learners)
    return iter(lambda: list(islice(left, size)), [])


def _start(grader: TextGrader, marks: Marks | None) -> None:
    global _grader, _marks
    _grader, _marks = grader, marks
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it


def _grade(texts: list[FoundText | Refused]) -> list[Graded]:
    return [_grader.grade(text) for text in texts]


def _write(plan: ResultsPlan, ledger: Path, learners: Sequence[str], folder: Path) -> Written:
    folder.mkdir()
    entries = entries_in(ledger, learners[0], learners[-1])
    with closing(LearnerResults(folder, _grader.graders, plan, _marks, continued=True)) as results:
        for learner, own in by_learner(entries, _grader.roster, learners):
            results.write(learner, own)
        return results.finish()
