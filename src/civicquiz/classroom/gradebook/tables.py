"""The gradebook of a class, and the files that Canvas and Moodle import, as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from civicquiz.classroom.collecting import GradeColumn, Learner, Platform
from civicquiz.exchange.csv_files import Table, format_score
from civicquiz.grading import rounded

__all__ = ["GradebookTables", "Standing", "column_headings"]


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
    """``gradebook.csv``, ``canvas.csv``, ``moodle.csv`` and ``blackboard.csv`` in a folder.

    A score is written once it is complete: its cell is empty if nothing was handed in, or if a person still has to
    score an answer.
    """

    def __init__(
        self,
        folder: Path,
        quizzes: Mapping[str, tuple[str, float]],
        platform: Platform | None = None,
        found: Mapping[str, GradeColumn] | None = None,
        *,
        continued: bool = False,
    ) -> None:
        """``quizzes``: name -> (title, points). ``found``: the columns that some of them have on ``platform``. With
        ``continued``, the tables have no headings and are added to others."""
        self._quizzes = quizzes
        columns = ["learner", "name"]
        for quiz in quizzes:
            columns += [quiz, f"{quiz}: out of", f"{quiz}: status", f"{quiz}: late", f"{quiz}: so far"]
        own = {
            name: GradeColumn(heading, points)
            for (name, (_, points)), heading in zip(quizzes.items(), column_headings(quizzes), strict=True)
        }
        #: platform -> the column of each quiz
        self._columns: dict[Platform, dict[str, GradeColumn]] = {"canvas": own, "moodle": own, "blackboard": own}
        if platform and found:
            self._columns[platform] = {**own, **found}
        with ExitStack() as opened:
            self._gradebook = opened.enter_context(
                Table.create(folder / "gradebook.csv", None if continued else columns)
            )
            tables = {
                name: opened.enter_context(
                    Table.create(
                        folder / f"{name}.csv",
                        None
                        if continued
                        else [*_PEOPLE[name], *(column.heading for column in self._columns[name].values())],
                        quote_all=name == "blackboard",  # as its guidelines ask for
                    )
                )
                for name in _PEOPLE
            }
            self._canvas, self._moodle, self._blackboard = (tables[name] for name in _PEOPLE)
            if not continued:
                self._canvas.write(
                    ["    Points Possible", "", "", "", "", *(self._points("canvas", quiz) for quiz in quizzes)]
                )
            self._opened = opened.pop_all()

    def _points(self, platform: Platform, quiz: str) -> float:
        """How many points a quiz has on a platform."""
        points = self._columns[platform][quiz].points
        return float(self._quizzes[quiz][1] if points is None else points)

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
        complete: dict[str, Standing] = {}
        for quiz in self._quizzes:
            standing = standings.get(quiz)
            if standing is None:
                row += ["", "", "missing", "", ""]
                continue
            if not standing.needs_review:
                complete[quiz] = standing
            so_far = format_score(standing.score)
            late = "late" if standing.late else ""
            shown = "" if standing.needs_review else so_far
            row += [shown, format_score(standing.max_score), standing.status, late, so_far]
        self._gradebook.write(row)
        if complete:
            name = learner.name or learner.id
            people = [name, learner.canvas, learner.number, learner.login, learner.section]
            self._canvas.write([*people, *self._scores("canvas", complete)])
            people = [learner.login, learner.number, learner.email, name]
            self._moodle.write([*people, *self._scores("moodle", complete)])
            if learner.login:  # Blackboard knows students by nothing else
                people = [learner.last or name, learner.first, learner.login, learner.number]
                self._blackboard.write([*people, *self._scores("blackboard", complete)])

    def _scores(self, platform: Platform, complete: Mapping[str, Standing]) -> Iterator[str]:
        for quiz in self._quizzes:
            standing = complete.get(quiz)
            yield format_score(standing.out_of(self._points(platform, quiz))) if standing else ""


#: The columns by which each platform knows students, as it exports them. Blackboard does not look at the names.
_PEOPLE: dict[Platform, list[str]] = {
    "canvas": ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
    "moodle": ["Username", "ID number", "Email address", "Full name"],
    "blackboard": ["Last Name", "First Name", "Username", "Student ID"],
}


def column_headings(quizzes: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    """The titles of the quizzes as the names of columns: with the name of the quiz if two titles are the same."""
    titles: Sequence[str] = [title for title, _ in quizzes.values()]
    for name, (title, _) in quizzes.items():
        yield f"{title} [{name}]" if titles.count(title) > 1 else title
