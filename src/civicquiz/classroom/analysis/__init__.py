"""What a class's answers say about a quiz and its questions: an item analysis, as a report and as tables.

Everything in here needs polars, which ``pip install 'civicquiz[grading]'`` brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civicquiz.errors import ReportError

__all__ = ["write_report"]


def write_report(
    results: str | Path,
    *,
    key: Sequence[str | Path] = (),
    out: str | Path | None = None,
    pre: str | None = None,
    post: str | None = None,
) -> list[Path]:
    """Analyse ``outcomes.parquet`` in the folder ``results`` and write report.html, items.csv, options.csv and
    objectives.csv.

    Args:
        results: the folder that ``civicquiz grade`` wrote, or the file itself.
        key: the quizzes with their keys, as files or folders; with them the report shows prompts and options.
        out: the folder to write to; the one with the outcomes where it is None.
        pre: the name of the quiz before a course, and
        post: of the one after it, to work out the gain.

    Returns:
        The files that were written, the report first.

    Raises:
        ReportError: polars is not installed, or there is nothing to analyse, or a file cannot be read or written.
        QuizError: a quiz of the key cannot be used.
    """
    try:
        import polars  # noqa: F401
    except ImportError:
        message = "a report needs the packages of 'civicquiz[grading]' (pip install 'civicquiz[grading]')"
        raise ReportError(message) from None
    from civicquiz.classroom.analysis.writing import write

    return write(Path(results), [Path(each) for each in key], Path(out) if out else None, pre, post)
