"""Excel workbooks: the same content gives the same bytes, and no text becomes a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from civicquiz.errors import MissingPackagesError
from civicquiz.exchange.package_writing import zip_bytes
from civicquiz.exchange.xml_writing import without_controls

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["MOST_CHARACTERS", "new_workbook", "table_bytes", "was_written_here", "workbook_bytes"]

#: The most characters in a cell of Excel.
MOST_CHARACTERS = 32_767
#: What the properties of a workbook name as its author, and as whoever saved it last: a person who saves it in Excel
#: or LibreOffice becomes the latter.
_AUTHOR = "civicquiz"
#: The date of every workbook: that of an export must not be in it.
_DATE = datetime(1980, 1, 1)
#: What Excel would take for a character by its number (ST_Xstring in ECMA-376, part 1, section 22.9.2.19).
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PROPERTIES = "docProps/core.xml"


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


def workbook_bytes(book: Workbook, title: str = "") -> bytes:
    """The content of the file of a workbook. ``title`` is what :func:`was_written_here` knows it by."""
    from openpyxl.writer.excel import ExcelWriter

    properties = book.properties
    properties.creator = properties.lastModifiedBy = _AUTHOR
    properties.created = properties.modified = _DATE
    properties.title = title or None
    stream = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(stream, "w")).save()
    with zipfile.ZipFile(stream) as archive:
        return zip_bytes({name: archive.read(name) for name in archive.namelist()})


def table_bytes(title: str, rows: Iterable[Sequence[str | int | None]], widths: Sequence[int]) -> bytes:
    """The file of a workbook with one sheet. ``widths`` are those of its columns, in characters."""
    book = new_workbook(write_only=True)
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet("Sheet1")
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    for row in rows:
        cells: list[object] = []
        for value in row:
            if not isinstance(value, str):
                cells.append(value)
                continue
            text = _LOOKS_ESCAPED.sub("_x005F_", without_controls(value))
            if text[:1] in ("=", "#"):  # openpyxl would make a formula or an error of it
                cell = WriteOnlyCell(sheet, text)
                cell.data_type = "s"
                cells.append(cell)
            else:
                cells.append(text or None)
        sheet.append(cells)
    return workbook_bytes(book, title)


def was_written_here(content: bytes, title: str) -> bool:
    """Whether a file is what :func:`workbook_bytes` made with this title, and nobody has saved it since."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_PROPERTIES) as stream:
            properties = stream.read(10_000).decode()
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        return False
    found = dict(re.findall(r"<(?:\w+:)?(\w+)[^<>]*>([^<]*)</", properties))
    return [found.get(name) for name in ("creator", "lastModifiedBy", "title")] == [_AUTHOR, _AUTHOR, title]
