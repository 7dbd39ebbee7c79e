"""From a folder of results to the files of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from civicquiz.classroom.analysis.csv_tables import items_csv, objectives_csv, options_csv
from civicquiz.classroom.analysis.gain import gain_between
from civicquiz.classroom.analysis.items import analyze
from civicquiz.classroom.analysis.report import GENERATOR, report
from civicquiz.classroom.analysis.rows import checked, prepared
from civicquiz.classroom.analysis.summing import Plan, sums_of
from civicquiz.classroom.analysis.sums import Sums
from civicquiz.classroom.outcomes_file import readable, scan_outcomes
from civicquiz.errors import ReportError, display_path
from civicquiz.hosts.documents.page_frame import is_document
from civicquiz.model.quiz import Quiz
from civicquiz.model.quiz_files import load_keys
from civicquiz.output_folder import OutputFolder

__all__ = ["publish", "report_files", "require_pair", "write"]


def write(results: Path, key: Sequence[Path], out: Path | None, pre: str | None, post: str | None) -> list[Path]:
    """See :func:`civicquiz.classroom.analysis.write_report`."""
    require_pair(pre, post)
    rows = prepared(scan_outcomes(results))
    with readable(results):
        overview = checked(rows)
    keys = load_keys(key, wanted=overview.quizzes)
    folder = out or (results if results.is_dir() else results.parent)
    with readable(results):
        sums = sums_of(rows, Plan.of(overview, keys, pre, post))
    return publish(report_files(sums, keys, pre, post), folder)


def require_pair(pre: str | None, post: str | None) -> None:
    """
    Raises:
        ReportError: only one quiz of the pair is named.
    """
    if bool(pre) != bool(post):
        raise ReportError("--pre and --post go together: name the quiz before the course and the one after it")


def publish(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the ``files`` of a report, which are texts by their names, to ``folder``; their paths, the report first.

    Raises:
        ReportError: a file cannot be written, or would replace one that is not part of a report.
    """
    try:
        for name, text in files.items():
            if (folder / name).exists() and not _is_report(folder / name, text):
                refused = f"'{display_path(folder / name)}' is not part of a report, and would be overwritten"
                raise ReportError(f"{refused}; move it away, or name another folder with --out")
        with OutputFolder(folder) as output:
            for name, text in files.items():
                (output.staging / name).write_bytes(text.encode())
            output.publish(files)
    except OSError as error:
        raise ReportError(f"cannot write to '{display_path(folder)}': {error.strerror}") from None
    return [folder / name for name in files]


def _is_report(path: Path, text: str) -> bool:
    """Whether the file at ``path`` is of the same sort as ``text``, a page or a table of a report."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        start = stream.read(2000)
    if path.suffix == ".html":
        return is_document(start, GENERATOR)
    return start.removeprefix("\ufeff").splitlines()[:1] == text.removeprefix("\ufeff").splitlines()[:1]


def report_files(
    sums: Sums, keys: Mapping[str, Quiz], pre: str | None = None, post: str | None = None
) -> dict[str, str]:
    """The content of each file by its name, from the ``sums`` of a class.

    Raises:
        ReportError: there is nothing to compare between ``pre`` and ``post``.
    """
    gain = gain_between(sums, pre, post) if pre and post else None
    names = sorted(sums["learners"]["quiz"].unique(), key=lambda name: (name != pre, name != post, name))
    quizzes = [analyze(name, sums, keys.get(name)) for name in names]
    return {
        "report.html": report(quizzes, keys, gain),
        "items.csv": items_csv(quizzes),
        "options.csv": options_csv(quizzes),
        "objectives.csv": objectives_csv(quizzes, gain),
    }
