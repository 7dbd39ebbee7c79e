"""What could not be used or needs a look: ``problems.csv``, and a summary for a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from civicquiz.classroom.collecting import Refused
from civicquiz.errors import one_line
from civicquiz.exchange.csv_files import Table

__all__ = ["Problems"]

#: How many problems with the same reason are shown on a terminal; the table has them all.
_SHOWN = 5
#: How many problems of one upload are listed.
_LISTED = 30


class Problems:
    """Writes problems as they are found, so that there can be any number of them."""

    def __init__(self, path: Path) -> None:
        self._table = Table.create(path, ("reason", "place", "learner", "quiz", "message", "hint"))
        #: how many there are for each reason
        self.counts: Counter[str] = Counter()
        self._first: dict[str, list[str]] = {}
        #: how many problems each upload has
        self._uploads: Counter[str] = Counter()

    def add(
        self,
        reason: str,
        place: str,
        message: str,
        hint: str = "",
        *,
        learner: str = "",
        quiz: str = "",
        upload: str = "",
    ) -> None:
        """Add one; ``place`` says where it was found, ``reason`` is one of the codes that ``docs/grading.md`` lists.

        ``upload`` is what one learner handed in. Of all its problems only the first are listed, so that nobody can fill
        the table.
        """
        if upload:
            self._uploads[upload] += 1
            if self._uploads[upload] == _LISTED + 1:
                message = f"there are more than {_LISTED} problems with what was handed in here"
                self.add("more-problems", upload, message, "look into it", learner=learner, quiz=quiz)
            if self._uploads[upload] > _LISTED:
                return
        place, message, hint, learner = map(one_line, (place, message, hint, learner))
        self._table.write((reason, place, learner, quiz, message, hint))
        self.counts[reason] += 1
        if self.counts[reason] <= _SHOWN:
            whose = f" ({learner})" if learner else ""
            how = f"\n    hint: {hint}" if hint and self.counts[reason] == 1 else ""
            self._first.setdefault(reason, []).append(f"{place}: {message}{whose}{how}")

    def add_refused(self, refused: Refused, *, line: bool = False) -> None:
        """Add something that was handed in but is not used, with its learner if a platform named the file.

        ``line`` says whether it is a line of a file of the person who grades.
        """
        hints = refused.layout.hints(refused.parts)
        learner = hints.name or hints.learner if hints.platform != "plain" else ""
        why, upload = refused.why, "" if line else refused.layout.upload(refused.parts)
        self.add(why.reason, refused.place, str(why), why.hint, learner=learner, upload=upload)

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
