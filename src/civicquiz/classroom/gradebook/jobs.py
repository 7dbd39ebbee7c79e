"""Texts graded in several processes at a time, in the order in which they were found."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice

from civicquiz.classroom.collecting import FoundText, Refused
from civicquiz.classroom.gradebook.text_grader import Graded, TextGrader
from civicquiz.errors import CivicquizError, GradingError

__all__ = ["graded"]

#: How many texts are sent to a process at a time.
_TEXTS = 200

#: What makes the grader of this process, if it was started to grade.
_make: Callable[[], TextGrader]


def graded(
    grader: TextGrader, found: Iterable[FoundText | Refused], jobs: int, on_found: Callable[[FoundText], object]
) -> Iterator[Graded]:
    """What each text earns, in order, graded in this process or in as many others as ``jobs`` says. ``on_found`` is
    called with each text.

    Raises:
        GradingError: a process ended before its work was done, such as for lack of memory; or a quiz was changed.
    """

    def noted() -> Iterator[FoundText | Refused]:
        for text in found:
            if isinstance(text, FoundText):
                on_found(text)
            yield text

    if jobs == 1:
        yield from map(grader.grade, noted())
        return
    # Started anew on every system, so that nothing depends on what a copy of this process would have in it.
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _start, (grader.maker(),))
    texts = (text.on_its_own() if isinstance(text, FoundText) else text for text in noted())
    waiting: deque[Future[list[Graded]]] = deque()
    try:
        while some := list(islice(texts, _TEXTS)):
            waiting.append(_submitted(pool, some))
            if len(waiting) > 2 * jobs:  # enough to keep all of them busy
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        if sys.version_info < (3, 11, 5):
            _let_go(pool)
        message = "a process that was grading ended unexpectedly, perhaps for lack of memory; nothing was written"
        raise GradingError(f"{message}. Try again with fewer --jobs") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, texts: list[FoundText | Refused]) -> Future[list[Graded]]:
    try:
        return pool.submit(_grade, texts)
    except OSError as error:  # the pipe to a process that has just ended, which the pool does not know yet
        raise BrokenProcessPool from error


def _let_go(pool: ProcessPoolExecutor) -> None:
    """Ends the thread that sends texts, which would wait forever for processes that are no longer there.

    Later versions of Python do this themselves, perhaps at the same moment. There is no public way to do it
    (https://github.com/python/cpython/issues/94777).
    """
    queue = getattr(pool, "_call_queue", None)
    if queue is not None:
        queue._reader.close()  # noqa: SLF001, what Python does


def _start(make: Callable[[], TextGrader]) -> None:
    global _make
    _make = make
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it


@cache
def _grader() -> TextGrader:
    # Made with the first texts: an error would otherwise end the process without a word about what is wrong.
    try:
        return _make()
    except CivicquizError as error:
        raise GradingError(str(error)) from None


def _grade(texts: list[FoundText | Refused]) -> list[Graded]:
    return [_grader().grade(text) for text in texts]
