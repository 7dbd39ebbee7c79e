"""Lines of JSON Lines files -> outcomes, a batch at a time, as engines for large data hand them over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from civicquiz.classroom.requirements import require_polars
from civicquiz.classroom.submission_problem import SubmissionProblem

if TYPE_CHECKING:
    import polars as pl

__all__ = ["GradedLines", "SubmissionProblem", "grade_lines"]


@dataclass(frozen=True)
class GradedLines:
    """What a batch of lines earned.

    Attributes:
        outcomes: a row for each line that could be graded and each question that its learner was given, in the order of
            the lines, with the columns of ``outcomes.parquet``. It is an Arrow table: ``pyarrow.table(outcomes)`` or
            ``outcomes.to_arrow()`` copies nothing that is large.
        problems: what could not be graded, or needs a look. The ``place`` of each is the position of its line in the
            batch, from 1.
    """

    outcomes: pl.DataFrame
    problems: tuple[SubmissionProblem, ...]


def grade_lines(
    batches: Iterable[Iterable[str | bytes]],
    keys: Sequence[str | Path],
    *,
    due: datetime | None = None,
    versions: Collection[str] = (),
) -> Iterator[GradedLines]:
    """Grade response files, each one line of JSON, a batch of them at a time.

    Each line is graded for itself, as ``civicquiz grade`` grades it: if a learner handed in twice, there are rows of
    both, and ``submitted`` tells them apart; what a learner did not hand in has no rows. Nothing in a line is ever run.

    Args:
        batches: the lines; what one batch earned is returned before the next is read.
        keys: the quizzes with their keys, or folders of them. They are read once, however many batches there are.
        due: when answers were due, with a time zone; what was submitted after it is ``late``.
        versions: versions of a quiz that are accepted besides that of its key.

    Returns:
        What each batch earned, in the order of the batches.

    Raises:
        MissingPackagesError: polars is not installed.
        QuizError, NoKeyError: a quiz of the key cannot be used.
    """
    require_polars("Grading")
    from civicquiz.classroom.collecting import FoundText, Limits, Refused, long_line
    from civicquiz.classroom.gradebook.problems import problem_of
    from civicquiz.classroom.gradebook.text_grader import TextGrader
    from civicquiz.classroom.outcomes_file import OutcomesBatch

    limit = Limits().file
    grader = TextGrader([Path(key) for key in keys], due=due, versions=versions)
    table = OutcomesBatch({name: of.quiz for name, of in grader.graders.items()})
    for lines in batches:
        problems: list[SubmissionProblem] = []
        for number, line in enumerate(lines, start=1):
            content = line.encode("utf-8", "replace") if isinstance(line, str) else line
            place, parts = str(number), ("lines.jsonl",)
            if len(content.removesuffix(b"\n")) > limit:
                problems.append(problem_of(Refused(place, parts, long_line(limit)), line=True))
                continue
            if not content.strip():
                continue
            graded = grader.grade(FoundText(place, parts, content, line=True))
            problems += graded.problems
            if entry := graded.entry:
                table.add(entry.learner, entry.quiz, entry.rows, late=entry.late, submitted=entry.submitted)
        yield GradedLines(table.frame(), tuple(problems))
        table.clear()
