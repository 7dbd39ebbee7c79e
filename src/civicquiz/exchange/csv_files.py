"""CSV files: commands write them only through this module, so that no spreadsheet runs what a student wrote."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Self, TextIO

from civicquiz.authoring.text_files import TextFileError, read_text
from civicquiz.authoring.wording import number_text

__all__ = ["Table", "csv_text", "escape_formula", "format_score", "read_table", "rows_of"]

#: What a cell may hold: a text, a number, or nothing.
Cell = str | int | float | None

#: What a spreadsheet takes for a formula at the start of a cell, and the plain numbers that are harmless.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
#: What comes before a formula inside a cell. After what an import dialog proposes as a separator, any sign
#: will do; after any other character, which somebody could name as the separator, only what would run. That leaves
#: "x = 5", "a >= b", "2*-x" and "Mon, -5 degrees" alone.
_INSIDE = re.compile(
    r"[;\t|\n][^\S\n]*(?=[=+\-@＝＋－＠])"
    r"|[,:][^\S\n]*(?=[=@＝＠])"
    r"|(?!\A')[^\w<>!=](?=[=@＝＠]\S)"
    r"|(?!\A')[^\w<>!=+\-*/^(](?=[+\-＋－][\w(=@+\-\"'$])(?![+\-]\d+(?:[.,]\d+)?(?:[\s.,;:)]|$))"
)
#: Control characters: spreadsheets drop them, so whatever follows one could start a cell.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
#: Characters that the module csv leaves alone but other programs take for the end of a line.
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: A text without any sign that the others look for, as most are.
_HARMLESS = re.compile(r"[\w .,;:()?!'\"/&%]*")


def escape_formula(text: str) -> str:
    """``text``, changed so that no spreadsheet runs it: anything that looks like a formula gets an apostrophe in front.

    That includes anything inside the text that a spreadsheet could take for the beginning of a cell, because its import
    dialog can split a line at any character and ignore the quotes around a text. Control characters become visible and
    line ends become ``\\n``, because any of them could start a cell or a row.

    Source: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
    """
    if _HARMLESS.fullmatch(text):
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return _INSIDE.sub(r"\g<0>'", text)


def format_score(value: float) -> str:
    """A number as people write it: with at most six decimals, or with none if it is whole."""
    return number_text(value, 6)


class Table:
    """A CSV file that is written row by row: formulas in texts are escaped, and numbers have at most six decimals."""

    def __init__(self, stream: TextIO, header: Iterable[Cell] | None, *, quote_all: bool = False) -> None:
        """``stream`` is opened with ``newline=""``, and closed with the table. Without a ``header``, the rows are added
        to another table. With ``quote_all``, every cell is in quotes, for a program that wants them."""
        self._stream = stream
        self._writer = csv.writer(
            stream, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        )
        if header is not None:
            self.write(header)

    @classmethod
    def create(cls, path: Path, header: Iterable[Cell] | None, *, quote_all: bool = False) -> Self:
        """The table in the new file ``path``. If it has a ``header``, a byte order mark comes first, so that a
        spreadsheet reads it as UTF-8. ``quote_all`` as for the table.

        Raises:
            OSError: the file cannot be written.
        """
        encoding = "utf-8" if header is None else "utf-8-sig"
        return cls(path.open("w", encoding=encoding, errors="replace", newline=""), header, quote_all=quote_all)

    def write(self, row: Iterable[Cell]) -> None:
        """Add a row."""
        self._writer.writerow([_written(cell) for cell in row])

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return escape_formula(cell) if cell else ""
    if isinstance(cell, float):
        return format_score(cell)
    return "" if cell is None else str(cell)


def csv_text(header: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> str:
    """The content of a CSV file with these rows."""
    stream = io.StringIO(newline="")
    table = Table(stream, header)
    for row in rows:
        table.write(row)
    return stream.getvalue()


def read_table(path: Path, limit: int) -> list[tuple[int, list[str]]]:
    """(line that it starts on, cells) of each row of a CSV file of at most ``limit`` bytes; empty rows are left out.

    It reads what Excel and other spreadsheets save: UTF-8, UTF-16 or Windows-1252, with or without a line ``sep=;`` at
    the top, with cells separated by commas, semicolons or tabs.

    Raises:
        ValueError: it cannot be read, is too large, or is not a CSV file; the message says which.
    """
    try:
        text = read_text(path, limit)
    except TextFileError as error:
        raise ValueError(f"{error} ({error.hint})") from None
    try:
        return rows_of(text, limit)
    except ValueError as error:
        raise ValueError(f"is not a CSV file ({error})") from None


def rows_of(text: str, limit: int) -> list[tuple[int, list[str]]]:
    """As :func:`read_table`, for the text of a file; a cell has at most ``limit`` characters.

    Raises:
        ValueError: it is not a CSV file; the message says why.
    """
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    skipped = 1 if named else 0
    text = text[named.end() :] if named else text
    usual = csv.field_size_limit(limit)  # a student's answer may be longer than the 131,072 characters of the module
    try:
        delimiter = named[1] if named else _delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = []
        line = 1 + skipped
        for row in reader:
            if any(row):
                rows.append((line, row))
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise ValueError(str(error)) from None
    finally:
        csv.field_size_limit(usual)
    return rows


def _delimiter(text: str) -> str:
    """The separator of the cells: the character that splits most of the first rows into as many cells as the header,
    and the header into the most cells. One in quotes splits nothing.
    """

    def fit(delimiter: str) -> tuple[int, int]:
        rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row))
        first = [len(row) for row in islice(rows, 20)]
        count = first[0] if first else 0
        return (first.count(count) if count > 1 else 0), count

    return max(",;\t", key=fit)
