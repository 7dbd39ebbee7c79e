"""What could not be used or needs a look: ``problems.csv``, and a summary for a terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from pathlib import Path

from civicquiz.classroom.collecting import Refused
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.errors import one_line
from civicquiz.exchange.csv_files import Table

__all__ = ["Problems", "problem_of"]

#: How many problems with the same reason are shown on a terminal; the table has them all.
_SHOWN = 5
#: How many problems of one upload are listed.
_LISTED = 30


def problem_of(refused: Refused, *, line: bool = False) -> SubmissionProblem:
    """The problem of something that is not used, with its learner if a platform named the file.

    ``line`` says whether it is a line of a file of the person who grades.
    """
    hints = refused.layout.hints(refused.parts)
    learner = hints.name or hints.learner if hints.platform != "plain" else ""
    why, upload = refused.why, "" if line else refused.layout.upload(refused.parts)
    return SubmissionProblem(why.reason, refused.place, str(why), why.hint, learner, upload=upload)


class Problems:
    """Writes problems as they are found, so that there can be any number of them."""

    def __init__(self, path: Path) -> None:
        self._table = Table.create(path, ("reason", "place", "learner", "quiz", "message", "hint"))
        #: how many there are for each reason
        self.counts: Counter[str] = Counter()
        self._first: dict[str, list[str]] = {}
        #: how many problems each upload has
        self._uploads: Counter[str] = Counter()

    def add(self, problem: SubmissionProblem) -> None:
        """Add one. Of all problems of an upload only the first are listed, so that nobody can fill the table."""
        reason, place, message, hint, learner, quiz, upload = astuple(problem)
        if upload:
            self._uploads[upload] += 1
            if self._uploads[upload] == _LISTED + 1:
                message = f"there are more than {_LISTED} problems with what was handed in here"
                self.add(SubmissionProblem("more-problems", upload, message, "look into it", learner, quiz))
            if self._uploads[upload] > _LISTED:
                return
        place, message, hint, learner = map(one_line, (place, message, hint, learner))
        self._table.write((reason, place, learner, quiz, message, hint))
        self.counts[reason] += 1
        if self.counts[reason] <= _SHOWN:
            whose = f" ({learner})" if learner else ""
            how = f"\n    hint: {hint}" if hint and self.counts[reason] == 1 else ""
            self._first.setdefault(reason, []).append(f"{place}: {message}{whose}{how}")

    def lines(self) -> list[str]:
        """For a terminal: the first problems for each reason, and how many more there are."""
        lines = []
        for reason, first in self._first.items():
            lines += first
            more = self.counts[reason] - len(first)
            if more:
                lines.append(f"... and {more:,} more of '{reason}'")
        return lines

    def close(self) -> None:
        """Close the table."""
        self._table.close()
