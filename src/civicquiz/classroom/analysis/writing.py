"""From a folder of results to the files of a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from civicquiz.classroom.analysis import ReportError
from civicquiz.classroom.analysis.csv_tables import items_csv, objectives_csv, options_csv
from civicquiz.classroom.analysis.gain import gain as gain_of
from civicquiz.classroom.analysis.items import analyse
from civicquiz.classroom.analysis.report import report
from civicquiz.classroom.analysis.rows import read_outcomes
from civicquiz.errors import display_path
from civicquiz.model.quiz import Quiz
from civicquiz.model.quiz_files import load_keys

__all__ = ["pages", "write"]


def write(results: Path, key: Sequence[Path], out: Path | None, pre: str | None, post: str | None) -> list[Path]:
    """See :func:`civicquiz.classroom.analysis.write_report`."""
    if bool(pre) != bool(post):
        raise ReportError("--pre and --post go together: name the quiz before the course, and the one after it")
    rows = read_outcomes(results)
    keys = load_keys(key, wanted=set(rows["quiz"].unique().to_list()))
    folder = out or (results if results.is_dir() else results.parent)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages(rows, keys, pre, post).items():
            (folder / name).write_text(text, "utf-8", newline="\n")
            written.append(folder / name)
    except OSError as error:
        raise ReportError(f"cannot write to '{display_path(folder)}': {error.strerror}") from None
    return written


def pages(rows: pl.DataFrame, keys: dict[str, Quiz], pre: str | None = None, post: str | None = None) -> dict[str, str]:
    """The content of each file by its name, from numbered ``rows`` (see ``outcomes.numbered``).

    Raises:
        ReportError: there is nothing to compare between ``pre`` and ``post``.
    """
    gain = gain_of(rows, pre, post) if pre and post else None
    names = sorted(rows["quiz"].unique().to_list(), key=lambda name: (name != pre, name != post, name))
    quizzes = [analyse(name, rows.filter(pl.col("quiz") == name), keys.get(name)) for name in names]
    return {
        "report.html": report(quizzes, keys, gain),
        "items.csv": items_csv(quizzes),
        "options.csv": options_csv(quizzes),
        "objectives.csv": objectives_csv(quizzes, gain),
    }
