"""Excel workbooks: the same content gives the same bytes, and no text becomes a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from civicquiz.errors import MissingPackagesError
from civicquiz.exchange.package_writing import file_in_zip, zip_bytes
from civicquiz.exchange.xml_writing import xml_text

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["MOST_CHARACTERS", "new_workbook", "table_bytes", "text_length", "was_written_here", "workbook_files"]

#: The most characters in a cell of Excel.
MOST_CHARACTERS = 32_767
#: What the properties of a workbook name as its author, and as whoever saved it last: a person who saves it in Excel
#: or LibreOffice becomes the latter.
_AUTHOR = "civicquiz"
#: The date of every workbook: that of an export must not be in it.
_DATE = datetime(1980, 1, 1)
#: What Excel would take for a character by its number (ST_Xstring in ECMA-376, part 1, section 22.9.2.19).
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PROPERTIES, _SHEET = "docProps/core.xml", "xl/worksheets/sheet1.xml"
_NO_ROWS = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")
_MOST_COLUMNS = 26


def text_length(text: str) -> int:
    """How many characters a text has for a spreadsheet, and for a browser: in UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def new_workbook(*, write_only: bool = False) -> Workbook:
    """An empty workbook.

    Raises:
        MissingPackagesError: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingPackagesError("Writing Excel files", "exchange") from None
    return Workbook(write_only=write_only)


def workbook_files(book: Workbook, title: str = "") -> dict[str, bytes]:
    """The files of which the file of a workbook consists: path -> content. ``title`` is what
    :func:`was_written_here` knows it by."""
    from openpyxl.writer.excel import ExcelWriter

    properties = book.properties
    properties.creator = properties.lastModifiedBy = _AUTHOR
    properties.created = properties.modified = _DATE
    properties.title = title or None
    stream = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(stream, "w")).save()
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table_bytes(title: str, rows: Iterable[Sequence[str | int | None]], widths: Sequence[int]) -> bytes:
    """The file of a workbook with one sheet. ``widths`` are those of its columns, in characters."""
    book = new_workbook(write_only=True)
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet("Sheet1")
    letters = [get_column_letter(position + 1) for position in range(_MOST_COLUMNS)]
    for letter, width in zip(letters, widths, strict=False):
        sheet.column_dimensions[letter].width = width
    files = workbook_files(book, title)
    # openpyxl would take two thirds of the time of an export for these cells, and make formulas of some texts.
    cells = "".join(_row(number, row, letters) for number, row in enumerate(rows, start=1))
    files[_SHEET] = _NO_ROWS.sub(lambda _: f"<sheetData>{cells}</sheetData>".encode(), files[_SHEET], count=1)
    return zip_bytes(files)


def _row(number: int, row: Sequence[str | int | None], letters: Sequence[str]) -> str:
    cells = "".join(_cell(f"{letter}{number}", value) for letter, value in zip(letters, row, strict=False))
    return f'<row r="{number}">{cells}</row>'


def _cell(name: str, value: str | int | None) -> str:
    if isinstance(value, int):
        return f'<c r="{name}"><v>{value}</v></c>'
    if not value:
        return ""
    text = xml_text(_LOOKS_ESCAPED.sub("_x005F_", value))
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def was_written_here(content: bytes, title: str) -> bool:
    """Whether a file is what :func:`workbook_files` made with this title, and nobody has saved it since."""
    properties = file_in_zip(content, _PROPERTIES).decode("utf-8", "replace")
    found = dict(re.findall(r"<(?:\w+:)?(\w+)[^<>]*>([^<]*)</", properties))
    return [found.get(name) for name in ("creator", "lastModifiedBy", "title")] == [_AUTHOR, _AUTHOR, title]
