"""Tables with a row for each question, from a CSV file or from an Excel workbook: cells as text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from civicquiz.authoring.wording import number_text
from civicquiz.errors import ExchangeError, MissingPackagesError
from civicquiz.exchange.csv_files import rows_of
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.packages import Package

__all__ = ["Sheet", "TableRow", "cell_text", "column_letters", "csv_sheet", "is_workbook", "workbook_sheets"]

#: The most rows of a table, and the most cells of a row, that are read.
MAX_ROWS = 5_000
MAX_COLUMNS = 100
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its number in the file, counted from 1, and its cells, without spaces around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table by its name; the rows without any text in them are left out."""

    name: str
    rows: Sequence[TableRow]


def csv_sheet(file: GivenFile) -> Sheet:
    """The table in a CSV file.

    Raises:
        ExchangeError: it is no CSV file, or has too many rows.
    """
    assert file.text is not None  # the caller has looked
    try:
        rows = rows_of(file.text, len(file.content))
    except ValueError as error:
        raise ExchangeError(f"'{file.called}' is not a CSV file ({error})") from None
    return Sheet(file.stem, _rows(file, ((number, list(map(cell_text, cells))) for number, cells in rows)))


def is_workbook(file: GivenFile) -> bool:
    """Whether a file is an Excel workbook (``.xlsx``)."""
    try:
        return _WORKBOOK in Package(file).names
    except ExchangeError:  # the package says why once it is read
        return False


def workbook_sheets(file: GivenFile) -> list[Sheet]:
    """The tables in an Excel workbook.

    Raises:
        ExchangeError: it cannot be read, or is too large.
        MissingPackagesError: openpyxl, which reads it, is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingPackagesError("Reading Excel files", "exchange") from None
    package = Package(file)  # checked before openpyxl opens it
    if _WORKBOOK not in package.names:
        raise ExchangeError(f"'{file.called}' is an archive, but not an Excel workbook")
    for name in package.names:
        if b"<!DOCTYPE" in package.read(name, 6_000):
            raise ExchangeError(f"'{file.called}' has a document type in '{name}', which no spreadsheet writes")
    try:
        book = load_workbook(io.BytesIO(file.content), read_only=True, data_only=True, keep_links=False)
        return [
            Sheet(sheet.title, _rows(file, _cells_of(sheet.iter_rows(max_col=MAX_COLUMNS))))
            for sheet in book.worksheets
        ]
    except ExchangeError:
        raise
    except Exception as error:  # openpyxl has no exception of its own for a damaged file
        reason = str(error) or type(error).__name__
        raise ExchangeError(f"'{file.called}' cannot be read as an Excel file ({reason}); save it as CSV") from None


def _cells_of(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, start=1):
        yield number, [_written(cell) for cell in row]


def _rows(file: GivenFile, rows: Iterator[tuple[int, list[str]]]) -> list[TableRow]:
    filled = (TableRow(number, tuple(cells)) for number, cells in rows if any(cells))
    found = list(islice(filled, MAX_ROWS + 1))
    if len(found) > MAX_ROWS:
        raise ExchangeError(f"'{file.called}' has more than {MAX_ROWS:,} rows; split it")
    return found


def _written(cell: Any) -> str:
    """What a cell of a workbook shows."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if "%" in str(cell.number_format):
            return f"{number_text(Decimal(repr(value)) * 100)}%"
        return number_text(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, (date, datetime, time)):
        return DATE
    return cell_text(str(value))


#: What stands for a date, which a spreadsheet may have made of 3/4 or 1-2: what was typed is lost.
DATE = "\N{CALENDAR}"


def cell_text(text: str) -> str:
    """The text of a cell, without spaces around it and without the apostrophe before a guarded formula."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@") else text


def column_letters(position: int) -> str:
    """The letters over a column, counted from 0: A to Z, AA, AB ..."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
