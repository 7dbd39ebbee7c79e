"""The table that ``civicquiz new --spreadsheet`` writes: an example of every type, and what belongs in which column."""

from __future__ import annotations

from collections.abc import Callable

from civicquiz.exchange.csv_files import csv_text
from civicquiz.exchange.imports.spreadsheet import COLUMNS, TYPES
from civicquiz.exchange.package_writing import zip_bytes
from civicquiz.exchange.workbook_writing import new_workbook, workbook_files

__all__ = ["EXAMPLES", "TEMPLATES", "header"]

#: How many columns for options the template has; more can be added.
_OPTIONS = "ABCD"

#: A row for each type: column -> cell.
EXAMPLES = (
    {
        "question": "Which gas do plants take in to make sugar?",
        "type": "single-choice",
        "answer": "B",
        "option A": "Oxygen",
        "option B": "Carbon dioxide",
        "option C": "Nitrogen",
        "feedback A": "Plants give off oxygen when they make sugar.",
        "explanation": "Carbon dioxide and water become sugar and oxygen.",
        "points": "1",
        "tags": "plants",
    },
    {
        "question": "Which of these numbers are prime?",
        "type": "multiple-choice",
        "answer": "A, C",
        "option A": "2",
        "option B": "9",
        "option C": "17",
        "option D": "21",
        "hint": "A prime number has exactly two divisors.",
    },
    {"question": "Sound travels through empty space.", "type": "true-false", "answer": "FALSE"},
    {
        "question": "How fast does an object fall after one second, without air?",
        "type": "numeric",
        "answer": "9.8",
        "tolerance": "2%",
        "unit": "m/s",
    },
    {"question": "What is the capital of Japan?", "type": "short-text", "answer": "Tokyo | Tōkyō"},
    {
        "question": "Put these planets in order, starting with the one closest to the sun.",
        "type": "order",
        "option A": "Mercury",
        "option B": "Venus",
        "option C": "Earth",
        "option D": "Mars",
    },
    {
        "question": "Match each country with its capital.",
        "type": "match",
        "option A": "France = Paris",
        "option B": "Spain = Madrid",
        "option C": "Italy = Rome",
    },
    {"question": "Why does the moon have phases?", "type": "open-response", "points": "4"},
    {
        "question": "How sure are you that you understood today's lesson?",
        "type": "poll",
        "option A": "Very sure",
        "option B": "Not quite sure",
        "option C": "Not sure at all",
    },
)


def header() -> list[str]:
    """The names of the columns of the template."""
    names: list[str] = []
    for column in COLUMNS:
        stem = column.removesuffix(" A")
        names += [f"{stem} {letter}" for letter in _OPTIONS] if stem != column else [column]
    return names


def _rows() -> list[list[str]]:
    return [[example.get(column, "") for column in header()] for example in EXAMPLES]


def _csv() -> bytes:
    return csv_text(header(), _rows()).encode("utf-8-sig")


def _workbook() -> bytes:
    """An Excel workbook: the table, with a list to choose the type from, and a second sheet that explains it.

    Raises:
        MissingPackagesError: openpyxl is not installed.
    """
    book = new_workbook()
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    table = book.active
    table.title = "Questions"
    explained = book.create_sheet("How to fill it in")
    wrapped = Alignment(vertical="top", wrap_text=True)
    for row in (header(), *_rows()):
        table.append(row)
    for number, name in enumerate(header(), start=1):
        letter = get_column_letter(number)
        table.column_dimensions[letter].width = 50 if name == "question" else 24 if "option" in name else 16
        for cell in table[letter]:
            cell.alignment, cell.number_format = wrapped, "@"  # text, so that 3/4 does not become a date
        table[f"{letter}1"].font = Font(bold=True)
    table.freeze_panes = "B2"
    types = DataValidation(type="list", formula1=f'"{",".join(TYPES)}"', allow_blank=True)
    types.add(f"{get_column_letter(header().index('type') + 1)}2:{get_column_letter(header().index('type') + 1)}1000")
    table.add_data_validation(types)
    explained.append(["Column", "What to write there"])
    for column, text in COLUMNS.items():
        explained.append([column, text])
    explained.append([])
    explained.append(["Type", ", ".join(TYPES)])
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 16, 100
    for cells in explained.iter_rows():
        for cell in cells:
            cell.alignment = wrapped
    explained["A1"].font = explained["B1"].font = Font(bold=True)
    return zip_bytes(workbook_files(book))


#: Ending of the name of the file -> what writes its content.
TEMPLATES: dict[str, Callable[[], bytes]] = {".csv": _csv, ".xlsx": _workbook}
