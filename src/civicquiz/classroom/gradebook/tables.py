"""The gradebook of a class, and the files that Canvas and Moodle import, as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from civicquiz.classroom.collecting import Learner
from civicquiz.exchange.csv_files import Table, format_score
from civicquiz.grading import rounded

__all__ = ["GradebookTables", "Standing"]


@dataclass(frozen=True)
class Standing:
    """One learner's score in one quiz. ``score`` counts what has been scored so far."""

    score: float
    max_score: float
    needs_review: bool
    late: bool

    def out_of(self, points: float) -> float:
        """The score on a platform, where the quiz has ``points`` for everyone: the same share of them that the learner
        has of what the learner could get. The two differ where learners get different questions.
        """
        if self.max_score in (0, points):
            return self.score
        return rounded(self.score / self.max_score * points)

    @property
    def status(self) -> str:
        """The word for this in the gradebook."""
        return "needs-review" if self.needs_review else "graded"


class GradebookTables:
    """``gradebook.csv``, ``canvas.csv`` and ``moodle.csv`` in a folder.

    A score is written once it is complete: its cell is empty if nothing was handed in, or if a person still has to
    score an answer.
    """

    def __init__(self, folder: Path, quizzes: Mapping[str, tuple[str, float]]) -> None:
        """``quizzes``: name -> (title, points)."""
        self._quizzes = quizzes
        columns = ["learner", "name"]
        for quiz in quizzes:
            columns += [quiz, f"{quiz}: out of", f"{quiz}: status", f"{quiz}: late", f"{quiz}: so far"]
        titles = list(_titles(quizzes))
        with ExitStack() as opened:
            self._gradebook = opened.enter_context(Table.create(folder / "gradebook.csv", columns))
            people = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
            self._canvas = opened.enter_context(Table.create(folder / "canvas.csv", [*people, *titles]))
            points = [float(points) for _, points in quizzes.values()]
            self._canvas.write(["    Points Possible", "", "", "", "", *points])
            people = ["Username", "ID number", "Email address", "Full name"]
            self._moodle = opened.enter_context(Table.create(folder / "moodle.csv", [*people, *titles]))
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Close the files."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def write(self, learner: Learner, standings: Mapping[str, Standing]) -> None:
        """Add one learner. A learner without any score is left out of the files that the platforms import, where an
        empty cell can delete a score."""
        row = [learner.id, learner.name]
        scores: list[str] = []
        for quiz in self._quizzes:
            standing = standings.get(quiz)
            if standing is None:
                row += ["", "", "missing", "", ""]
                scores.append("")
                continue
            so_far = format_score(standing.score)
            complete = "" if standing.needs_review else so_far
            scores.append(complete and format_score(standing.out_of(self._quizzes[quiz][1])))
            late = "late" if standing.late else ""
            row += [complete, format_score(standing.max_score), standing.status, late, so_far]
        self._gradebook.write(row)
        if any(scores):
            name = learner.name or learner.id
            self._canvas.write([name, learner.canvas, learner.number, learner.login, learner.section, *scores])
            self._moodle.write([learner.login, learner.number, learner.email, name, *scores])


def _titles(quizzes: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    """The titles of the quizzes as the names of columns: with the name of the quiz if two titles are the same."""
    titles: Sequence[str] = [title for title, _ in quizzes.values()]
    for name, (title, _) in quizzes.items():
        yield f"{title} [{name}]" if titles.count(title) > 1 else title
