"""``civicquiz worksheet --versions``: the folder of a test on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from civicquiz.classroom.collecting import Learner
from civicquiz.classroom.paper.record import Record, read_record, record_of
from civicquiz.errors import GradingError, PaperError, display_path
from civicquiz.exchange.csv_files import Table, read_table
from civicquiz.grading.paper import PaperVersion, paper_versions
from civicquiz.hosts.documents.worksheet import default_name, is_worksheet, key_page, worksheet
from civicquiz.model.quiz import Quiz
from civicquiz.output_folder import OutputFolder

__all__ = ["MAX_BYTES", "print_versions", "table_columns"]

MAX_BYTES = 50_000_000
#: The columns of a table of answers before those of the questions.
_PEOPLE = ("learner", "name", "version")


def table_columns(count: int) -> list[str]:
    """The columns of a table of answers to ``count`` questions."""
    return [*_PEOPLE, *map(str, range(1, count + 1))]


def print_versions(
    quiz: Quiz,
    folder: Path,
    *,
    count: int,
    seed: int | None = None,
    languages: Sequence[str] = (),
    key: bool = False,
    learners: Iterable[Learner] = (),
) -> list[Path]:
    """Write ``count`` versions of ``quiz`` into ``folder``, each with its answer sheet; a table to type the answers
    into, with a line for each of ``learners``; and the record by which they are graded. With ``key``, also a page with
    the answers to each version.

    Returns the files that were written.

    Raises:
        PaperError: there are not as many different versions; or something else would be overwritten, and nothing was
            written; or a file cannot be written.
        NoKeyError: ``quiz`` is a released copy.
        KeyError: there is no translation into one of ``languages``.
    """
    versions = paper_versions(quiz, count, seed)
    pages = {}
    for version in versions:
        sheet = worksheet(quiz, languages=languages, version=version, grid=True)
        pages[default_name(quiz, key=False, languages=languages, letter=version.letter)] = sheet
        if key:
            name = default_name(quiz, key=True, languages=languages, letter=version.letter)
            pages[name] = key_page(version, languages=languages)
    table = f"{quiz.name}.answers.csv"
    try:
        with OutputFolder(folder) as output:
            record = _with_earlier(folder, record_of(versions, languages))
            _refuse_to_overwrite(folder, pages, table)
            for name, page in pages.items():
                (output.staging / name).write_text(page, "utf-8", "replace", "\n")
            _write_table(output.staging / table, versions[0], learners)
            (output.staging / record.file_name).write_text(record.to_json(), "utf-8", newline="\n")
            written = [*pages, table, record.file_name]
            output.publish(written)
    except OSError as error:
        raise PaperError(f"cannot write to '{display_path(folder)}': {error.strerror or error}") from None
    return [folder / name for name in written]


def _write_table(path: Path, version: PaperVersion, learners: Iterable[Learner]) -> None:
    with Table.create(path, table_columns(len(version.questions))) as table:
        for learner in learners:
            table.write([learner.id, learner.name])


def _with_earlier(folder: Path, record: Record) -> Record:
    """``record`` with what was printed into the folder before, by which sheets on paper are understood."""
    path = folder / record.file_name
    if not path.exists():
        return record
    try:
        earlier = read_record(path)
    except GradingError as error:
        raise PaperError(f"{error}, and would be overwritten; move it away, or name another folder with --to") from None
    if not earlier.agrees_with(record):
        refused = f"'{display_path(path)}' belongs to versions that were printed with another seed"
        hint = "if they are on paper, keep their folder and name another with --to; if not, delete the file"
        raise PaperError(f"{refused}, or before the quiz was changed; {hint}")
    return earlier.together_with(record)


def _refuse_to_overwrite(folder: Path, pages: Iterable[str], table: str) -> None:
    """Nobody loses a file of their own, or answers that were typed in."""
    for name in pages:
        path = folder / name
        if path.exists() and not is_worksheet(path, key=".answers." in name):
            refused = f"'{display_path(path)}' is not a worksheet of the same kind, and would be overwritten"
            raise PaperError(f"{refused}; move it away, or name another folder with --to")
    path = folder / table
    if path.exists() and not _is_empty(path):
        refused = f"'{display_path(path)}' has answers in it, or was changed, and would be overwritten"
        raise PaperError(f"{refused}; move it away, or name another folder with --to")


def _is_empty(path: Path) -> bool:
    """Whether the table ``path`` is one of ours, into which nobody has typed anything."""
    try:
        rows = [row for _, row in read_table(path, MAX_BYTES)]
    except ValueError:
        return False
    if not rows or rows[0] != table_columns(len(rows[0]) - len(_PEOPLE)):
        return False
    return not any(cell for row in rows[1:] for cell in row[2:])
