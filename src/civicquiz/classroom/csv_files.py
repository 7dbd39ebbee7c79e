"""CSV files: every one that a command writes is written here, so that no spreadsheet runs what a student wrote."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Self, TextIO

from civicquiz.authoring.text_files import TextFileError, read_utf8
from civicquiz.authoring.wording import number_text

__all__ = ["Table", "csv_text", "escape_formula", "format_score", "read_table"]

#: What a cell may hold: a text, a number, or nothing.
Cell = str | int | float | None

#: What a spreadsheet takes for a formula at the start of a cell, and the plain numbers that it does not.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
#: Where a formula could start inside a cell.
_INSIDE = re.compile(r"(?<=[;\n])(?=[^\S\n]*[=+\-@＝＋－＠])")


def escape_formula(text: str) -> str:
    """``text`` so that no spreadsheet runs it: what looks like a formula gets an apostrophe in front.

    That includes what follows a semicolon or a line end inside the text: where a decimal comma is used, a spreadsheet
    may split cells at semicolons and ignore the quotes around a text. Line ends become ``\\n``, because a carriage
    return alone would start a row.

    Source: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return _INSIDE.sub("'", text)


def format_score(value: float) -> str:
    """A number as people write it: at most six decimals, none where it is whole."""
    return number_text(value, 6)


class Table:
    """A CSV file that is written row by row: formulas in texts are escaped, numbers have at most six decimals."""

    def __init__(self, stream: TextIO, header: Iterable[Cell]) -> None:
        """``stream`` is opened with ``newline=""``, and closed with the table."""
        self._stream = stream
        self._writer = csv.writer(stream, lineterminator="\n")
        self.write(header)

    @classmethod
    def create(cls, path: Path, header: Iterable[Cell]) -> Self:
        """The table in the new file ``path``.

        Raises:
            OSError: the file cannot be written.
        """
        return cls(path.open("w", encoding="utf-8", errors="replace", newline=""), header)

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

    Cells are separated by commas, semicolons or tabs, whichever the first line has most of.

    Raises:
        ValueError: it cannot be read, is too large, not UTF-8, or not a CSV file; the message says which.
    """
    try:
        text = read_utf8(path, limit)
    except TextFileError as error:
        raise ValueError(f"{error} ({error.hint})") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    rows = []
    line = 1
    usual = csv.field_size_limit(limit)  # a student's answer may be longer than the 131,072 characters of the module
    try:
        for row in reader:
            if row:
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"is not a CSV file ({error})") from None
    finally:
        csv.field_size_limit(usual)
    return rows
