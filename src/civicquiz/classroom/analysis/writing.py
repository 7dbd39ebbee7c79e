"""From a folder of results to the files of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from civicquiz.classroom.analysis.csv_tables import items_csv, objectives_csv, options_csv
from civicquiz.classroom.analysis.gain import gain_between
from civicquiz.classroom.analysis.items import analyze
from civicquiz.classroom.analysis.report import report
from civicquiz.classroom.analysis.rows import read_rows
from civicquiz.errors import ReportError, display_path
from civicquiz.model.quiz import Quiz
from civicquiz.model.quiz_files import load_keys

__all__ = ["report_files", "write"]


def write(results: Path, key: Sequence[Path], out: Path | None, pre: str | None, post: str | None) -> list[Path]:
    """See :func:`civicquiz.classroom.analysis.write_report`."""
    if bool(pre) != bool(post):
        raise ReportError("--pre and --post go together: name the quiz before the course and the one after it")
    rows = read_rows(results)
    keys = load_keys(key, wanted=set(rows["quiz"].unique().to_list()))
    folder = out or (results if results.is_dir() else results.parent)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in report_files(rows, keys, pre, post).items():
            (folder / name).write_text(text, "utf-8", newline="\n")
            written.append(folder / name)
    except OSError as error:
        raise ReportError(f"cannot write to '{display_path(folder)}': {error.strerror}") from None
    return written


def report_files(
    rows: pl.DataFrame, keys: Mapping[str, Quiz], pre: str | None = None, post: str | None = None
) -> dict[str, str]:
    """The content of each file by its name, from ``rows`` (see ``rows.numbered``).

    Raises:
        ReportError: there is nothing to compare between ``pre`` and ``post``.
    """
    gain = gain_between(rows, pre, post) if pre and post else None
    names = sorted(rows["quiz"].unique().to_list(), key=lambda name: (name != pre, name != post, name))
    quizzes = [analyze(name, rows.filter(pl.col("quiz") == name), keys.get(name)) for name in names]
    return {
        "report.html": report(quizzes, keys, gain),
        "items.csv": items_csv(quizzes),
        "options.csv": options_csv(quizzes),
        "objectives.csv": objectives_csv(quizzes, gain),
    }
