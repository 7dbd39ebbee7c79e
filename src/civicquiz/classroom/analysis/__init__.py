"""What a class's answers say about a quiz and its questions: an item analysis, as a report and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civicquiz.classroom.requirements import require_polars

__all__ = ["write_report"]


def write_report(
    results: str | Path,
    *,
    key: Sequence[str | Path] = (),
    out: str | Path | None = None,
    pre: str | None = None,
    post: str | None = None,
) -> list[Path]:
    """Analyze ``outcomes.parquet`` in the folder ``results`` and write report.html, items.csv, options.csv and
    objectives.csv.

    Args:
        results: the folder that ``civicquiz grade`` wrote, or the file itself.
        key: where the quizzes with their keys are (see ``model.quiz_files``); with them the report shows prompts and
            options.
        out: the folder to write to; if None, the one with the outcomes.
        pre: the name of the quiz given before a course, and
        post: of the one given after it, to work out the gain.

    Returns:
        The files that were written, the report first.

    Raises:
        MissingPackagesError: polars is not installed.
        OutcomesError: the outcomes cannot be read.
        ReportError: there is nothing to analyze, or a file cannot be written.
        QuizError, NoKeyError: a quiz of the key cannot be used.
    """
    require_polars("A report")
    from civicquiz.classroom.analysis.writing import write

    return write(Path(results), [Path(path) for path in key], Path(out) if out else None, pre, post)
