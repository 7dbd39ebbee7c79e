"""What could not be used, or needs a look: ``problems.csv``, and the same in short for a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from civicquiz.classroom.collecting import Refused, named
from civicquiz.classroom.gradebook.tables import Table

__all__ = ["Problems"]

#: How many problems of one reason are shown on a terminal; the table has them all.
_SHOWN = 5


class Problems:
    """Written as they are found, so that their number does not matter."""

    def __init__(self, path: Path) -> None:
        self._table = Table(path, ("reason", "place", "learner", "quiz", "message", "hint"))
        self.counts: Counter[str] = Counter()
        self._first: dict[str, list[str]] = {}

    def add(self, reason: str, place: str, message: str, hint: str = "", *, learner: str = "", quiz: str = "") -> None:
        place, message, hint, learner = map(_printable, (place, message, hint, learner))
        self._table.write((reason, place, learner, quiz, message, hint))
        self.counts[reason] += 1
        if self.counts[reason] <= _SHOWN:
            who = f" ({learner})" if learner else ""
            told = f"{place}: {message}{who}" + (f"\n    hint: {hint}" if hint and self.counts[reason] == 1 else "")
            self._first.setdefault(reason, []).append(told)

    def refused(self, refused: Refused) -> None:
        """Something that was handed in and is not used; a platform's path tells whose it is all the same."""
        path = named(refused.parts, top=refused.top)
        learner = path.name or path.learner if path.by != "plain" else ""
        self.add(refused.why.reason, refused.place, str(refused.why), refused.why.hint, learner=learner)

    def lines(self) -> list[str]:
        """For a terminal: the first of each reason, and how many there are."""
        lines = []
        for reason, first in self._first.items():
            lines += first
            more = self.counts[reason] - len(first)
            if more:
                lines.append(f"... and {more:,} more of '{reason}'")
        return lines

    def close(self) -> None:
        self._table.__exit__()


def _printable(text: str) -> str:
    """``text`` without signs that would move the cursor of a terminal."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else "�" for sign in text)
