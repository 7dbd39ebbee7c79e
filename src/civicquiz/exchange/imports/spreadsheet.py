"""A table with a row for each question: CSV, or an Excel workbook. ``civicquiz new --spreadsheet`` writes a template.

The names of columns that other programs use are understood, too, so that tables made for them can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from civicquiz.authoring.markdown import pictures
from civicquiz.authoring.validation import all_texts
from civicquiz.authoring.wording import did_you_mean, excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice
from civicquiz.exchange.packages import is_zip
from civicquiz.exchange.table import (
    DATE,
    Sheet,
    TableRow,
    column_letters,
    csv_sheet,
    is_workbook,
    workbook_sheets,
)
from civicquiz.model.interactions.number_entry import number_readings

__all__ = ["COLUMNS", "LETTERS", "READER", "TYPES", "match_sides"]

#: Columns by name, with what to write there; the template and the docs list them in this order.
COLUMNS = {
    "question": "What the student is asked. It may contain Markdown and formulas, as in a quiz.",
    "type": "One of the types below. If it is empty, the other columns decide: options make a choice, TRUE or FALSE a "
    "true/false question, a number a numeric one, and any other answer a short text.",
    "answer": "The right options by their letters (B, or A, C), TRUE or FALSE, a number, or the accepted texts with | "
    "between them (USA | United States). Leave it empty for an order, a match, a poll or an open response.",
    "option A": "The options, one in each column, from 'option A' to 'option L'. For an order: the entries in the "
    "right order. For a match: the pairs, as in France = Paris; = Rome is a right side that matches nothing.",
    "feedback A": "What students who choose that option are told, from 'feedback A' to 'feedback L'.",
    "tolerance": "How far off a number may be, such as 0.5 or 2%; 0 for the exact number.",
    "unit": "The unit of a number.",
    "points": "How many points the question is worth; 1 if it is empty.",
    "hint": "A sentence that helps without giving the answer away.",
    "explanation": "What the student reads once the question is settled.",
    "difficulty": "easy, medium or hard.",
    "level": "remember, understand, apply, analyze, evaluate or create.",
    "tags": "Words to select questions by, with commas between them.",
    "objectives": "Codes of objectives, with commas between them.",
    "cites": "In a course: the ids of the claims that the question rests on, with commas between them.",
    "id": "A short name for the question; made from the question if it is empty.",
}
#: Other names of the columns, in lower case.
_ALIASES = {
    "prompt": "question",
    "question text": "question",
    "text": "question",
    "question type": "type",
    "correct answer": "answer",
    "correct answers": "answer",
    "correct": "answer",
    "right answer": "answer",
    "key": "answer",
    "answer explanation": "explanation",
    "general feedback": "explanation",
    "units": "unit",
    "score": "points",
    "name": "id",
}
#: What the columns for options are called.
LETTERS = "ABCDEFGHIJKL"

#: Types by what may be in the column ``type``, in lower case. The first name of each is ours.
TYPES = {
    "single-choice": ("single choice", "multiple choice", "mc", "radio"),
    "multiple-choice": ("checkbox", "checkboxes", "multiple answers", "multiple select", "ma"),
    "true-false": ("true/false", "true or false", "tf", "truefalse"),
    "numeric": ("number", "numerical", "num"),
    "short-text": ("short answer", "fill-in-the-blank", "fill in the blank", "fib", "short text"),
    "order": ("ordering", "ord", "sequence"),
    "match": ("matching", "mat"),
    "open-response": ("open-ended", "essay", "ess", "long answer", "open ended", "open response"),
    "poll": ("survey",),
}
_TYPE_NAMES = {alias: name for name, aliases in TYPES.items() for alias in (name, *aliases)}


class _CellError(Exception):
    """A cell cannot be used: the column, and a message. Never raised out of this module."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class _Cells(dict[str, str]):
    """The cells of a row by their columns, and what is guessed or lost in reading them."""

    def __init__(self, cells: Iterable[tuple[str, str]]) -> None:
        super().__init__(cells)
        self.changes: list[str] = []


class SpreadsheetReader:
    """Tables in CSV files and Excel workbooks."""

    name: ClassVar[str] = "spreadsheet"
    title: ClassVar[str] = "a spreadsheet with a row for each question (CSV, XLSX)"
    turn: ClassVar[int] = 4

    def recognizes(self, file: GivenFile) -> bool:
        if is_workbook(file):
            return True
        lines = [line for line in (file.text or "").split("\n", 20)[:20] if line.strip()]
        return any(_is_header(_cells_of_line(line)) for line in lines)

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        if is_zip(file):
            sheets = workbook_sheets(file)
        elif file.text is not None:
            sheets = [csv_sheet(file)]
        else:
            raise ExchangeError(f"'{file.called}' is neither a CSV file nor an Excel workbook")
        headers = [(sheet, position) for sheet in sheets if (position := _header_of(sheet)) is not None]
        if not headers:
            raise ExchangeError(
                f"'{file.called}' has no row with the names of the columns, such as question, answer and option A "
                "('civicquiz new --spreadsheet' writes a template)"
            )
        quizzes = [_quiz(sheet, position, file, is_alone=len(headers) == 1) for sheet, position in headers]
        if not any(quiz.questions for quiz in quizzes):
            raise ExchangeError(f"'{file.called}' has no questions below the row with the names of the columns")
        return quizzes


READER = SpreadsheetReader()


# ---- The header ----


def _cells_of_line(line: str) -> list[str]:
    """The cells of a line of a CSV file, without their quotation marks."""
    return [cell.strip().strip('"') for cell in re.split(r"[,;\t]", line)]


def _is_header(cells: Sequence[str]) -> bool:
    """Whether cells are the names of columns: one for the question, and one for the answer or for an option."""
    names = set(map(_column, cells))
    return "question" in names and ("answer" in names or any(name.startswith("option") for name in names))


def _column(header: str) -> str:
    """The name of a column by what is over it; "" if it is not known."""
    plain = " ".join(header.lower().replace("_", " ").split()).rstrip(":*")
    if plain in COLUMNS and plain not in ("option a", "feedback a"):
        return plain
    if plain in _ALIASES:
        return _ALIASES[plain]
    found = re.fullmatch(r"(option|choice|answer|feedback)[ -]?([a-l]|1[0-2]|[1-9])", plain)
    if found:
        letter = found[2].upper() if found[2].isalpha() else LETTERS[int(found[2]) - 1]
        return f"{'feedback' if found[1] == 'feedback' else 'option'} {letter}"
    return ""


def _header_of(sheet: Sheet) -> int | None:
    """The position of the row with the names of the columns; other programs have some lines above it."""
    return next((position for position, row in enumerate(sheet.rows[:20]) if _is_header(row.cells)), None)


def _quiz(sheet: Sheet, position: int, file: GivenFile, *, is_alone: bool) -> FoundQuiz:
    """The quiz in a table whose header is at ``position``."""
    quiz = FoundQuiz(file.stem if is_alone else f"{file.stem}-{sheet.name}", "" if is_alone else sheet.name)
    columns: dict[str, int] = {}
    for number, header in enumerate(sheet.rows[position].cells):
        name = _column(header)
        if name in columns:
            quiz.remarks.append(f"Column {column_letters(number)} is another '{name}'; only the first one was read.")
        elif name:
            columns[name] = number
        elif header:
            known = did_you_mean(header.lower(), COLUMNS, "")
            hint = f" ({known})" if known else ""
            quiz.remarks.append(f"The column '{excerpt(header, 40)}' was not read{hint}.")
    for row in sheet.rows[position + 1 :]:
        quiz.questions.append(_question(row, columns))
    _add_images(quiz, file.path.parent)
    return quiz


def _add_images(quiz: FoundQuiz, folder: Path) -> None:
    """Take along the images in the folder of the table that its texts name; any other is a problem of the question."""
    for question in quiz.questions:
        for _, text in all_texts(question.values):
            for name, _ in pictures(text):
                file = folder / name
                if re.fullmatch(r"(?:[\w-][\w. -]*/)*[\w-][\w. -]*", name) and file.is_file():
                    quiz.images[name] = file.read_bytes()


# ---- A row ----


def _question(row: TableRow, columns: Mapping[str, int]) -> FoundQuestion:
    """The question in a row; with the reason if it cannot be read."""
    cells = _Cells((name, row.cells[number]) for name, number in columns.items() if number < len(row.cells))
    called = cells.get("question", "") or cells.get("id", "")
    found = FoundQuestion(f"row {row.number}", called, changes=cells.changes)
    try:
        for name, cell in cells.items():
            if cell == DATE:
                message = (
                    "the spreadsheet turned what was typed into a date; format the cell as text, and type it again"
                )
                raise _CellError(name, message)
        found.values = _values(cells)
    except _CellError as error:
        column = columns.get(error.column)
        where = f"cell {column_letters(column)}{row.number} ({error.column})" if column is not None else error.column
        found.refused = f"{where}: {error}"
    return found


def _values(cells: _Cells) -> dict[str, Any]:
    if not cells.get("question"):
        raise _CellError("question", "is empty; write what the student is asked")
    values: dict[str, Any] = {"type": _type_of(cells), "prompt": cells["question"]}
    if cells.get("id"):
        values["id"] = cells["id"]
    values |= _SHAPES[values["type"]](cells)
    for name in ("hint", "explanation", "difficulty", "level"):
        if cells.get(name):
            values[name] = cells[name] if name in ("hint", "explanation") else cells[name].lower()
    if cells.get("points"):
        values["points"] = _number(cells, "points")
    for name in ("tags", "objectives", "cites"):
        if words := [word.strip() for word in re.split("[,;]", cells.get(name, "")) if word.strip()]:
            values[name] = words
    return values


def _type_of(cells: _Cells) -> str:
    written, answer = cells.get("type", ""), cells.get("answer", "")
    has_options = any(cells.get(f"option {letter}") for letter in LETTERS)
    if written:
        name = _TYPE_NAMES.get(" ".join(written.lower().split()))
        if name is None:
            hint = did_you_mean(written.lower(), _TYPE_NAMES, f"the types are: {', '.join(TYPES)}")
            raise _CellError("type", f"there is no type '{excerpt(written, 40)}' ({hint})")
        if name == "single-choice" and len(_separate(answer)) > 1 and len(_positions(cells)) > 1:
            name = "multiple-choice"
            cells.changes.append("Several options are right, so it is a 'multiple-choice'.")
        return name
    if has_options:
        return "multiple-choice" if len(_positions(cells)) > 1 else "single-choice"
    if _truth(answer) is not None:
        return "true-false"
    if answer:
        return "numeric" if number_readings(answer) else "short-text"
    message = "is empty, and there are no options; write the answer, or open-response as the type"
    raise _CellError("answer", message)


def _options(cells: _Cells, least: int = 2) -> list[str]:
    """The texts of the options; there is no gap between them."""
    texts = [cells.get(f"option {letter}", "") for letter in LETTERS]
    count = max((number for number, text in enumerate(texts, start=1) if text), default=0)
    if "" in texts[:count]:
        letter = LETTERS[texts.index("")]
        raise _CellError(f"option {letter}", "is empty, and there is an option after it; move that one up")
    if count < least:
        raise _CellError(f"option {LETTERS[count]}", f"is empty; this type needs at least {least} options")
    return texts[:count]


def _separate(answer: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;|]|\band\b", answer) if part.strip()]


def _positions(cells: _Cells) -> list[int]:
    """The positions of the right options, counted from 0.

    An answer is the text of an option, or the letters or numbers of options.
    """
    options, answer = _options(cells), cells.get("answer", "")
    if not answer:
        raise _CellError("answer", "is empty; write the letters of the right options, such as B or A, C")
    if answer in options and len(_separate(answer)) != 1:
        return [options.index(answer)]
    by_text = [part.strip() for part in answer.split("|")]
    if not all(part in options for part in by_text):
        by_text = _separate(answer)
    by_number = [_position(part, len(options)) for part in _separate(answer)]
    readings = [[options.index(part) for part in by_text]] if all(part in options for part in by_text) else []
    if None not in by_number:
        readings.append([position for position in by_number if position is not None])
    if len(readings) == 2 and sorted(readings[0]) != sorted(readings[1]):
        message = f"'{excerpt(answer, 40)}' is the text of one option and the number of another one; write the letter"
        raise _CellError("answer", message)
    if not readings:
        wrong = next(
            (part for part in by_text if part not in options and _position(part, len(options)) is None), answer
        )
        last = LETTERS[len(options) - 1]
        raise _CellError("answer", f"'{excerpt(wrong, 40)}' is not one of the options A to {last}")
    return readings[0]


def _position(part: str, count: int = len(LETTERS)) -> int | None:
    """The position of one of ``count`` options, counted from 0, by its letter or its number; None if it is neither."""
    plain = part.strip(" .()").upper()
    position = count
    if len(plain) == 1 and plain in LETTERS:
        position = LETTERS.index(plain)
    elif re.fullmatch("[1-9]|1[0-2]", plain):
        position = int(plain) - 1
    return position if position < count else None


def _feedback(cells: _Cells) -> dict[int, str]:
    return {number: cells[name] for number, letter in enumerate(LETTERS) if cells.get(name := f"feedback {letter}")}


def _truth(text: str) -> bool | None:
    return {"true": True, "t": True, "yes": True, "false": False, "f": False, "no": False}.get(text.lower())


def _number(cells: _Cells, column: str) -> float | int:
    readings = number_readings(cells[column])
    if len(readings) != 1:
        raise _CellError(column, f"'{excerpt(cells[column], 40)}' is not a number")
    number = readings[0]
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


# ---- The types ----


def _single(cells: _Cells) -> dict[str, Any]:
    right = _positions(cells)
    return {"options": choice(_options(cells), right, _feedback(cells))}


def _true_false(cells: _Cells) -> dict[str, Any]:
    answer = _truth(cells.get("answer", ""))
    options = [_truth(cells.get(f"option {letter}", "")) for letter in "AB"]
    if answer is None and None not in options:  # the options are listed, and the answer is one of their letters
        position = _position(cells.get("answer", ""))
        answer = options[position] if position in (0, 1) else None
    if answer is None:
        raise _CellError("answer", "must be TRUE or FALSE")
    order = options if None not in options else [True, False]
    of_sides = {order[number]: text for number, text in _feedback(cells).items() if number < 2}
    feedback = {"true" if side else "false": text for side, text in of_sides.items()}
    return {"answer": answer, **({"feedback": feedback} if feedback else {})}


def _numeric(cells: _Cells) -> dict[str, Any]:
    if not cells.get("answer"):
        raise _CellError("answer", "is empty; write the right number")
    values: dict[str, Any] = {"answer": _number(cells, "answer")}
    tolerance = cells.get("tolerance", "")
    if re.fullmatch(r"[\d.,]+ ?%", tolerance):
        values["tolerance"] = tolerance.replace(" ", "").replace(",", ".")
    elif tolerance:
        values["tolerance"] = _number(cells, "tolerance")
    else:
        values["tolerance"] = 0
        cells.changes.append(
            "No tolerance was given, so only this exact number is right; change 'tolerance' to accept more."
        )
    if cells.get("unit"):
        values["unit"] = cells["unit"]
    return values


def _short_text(cells: _Cells) -> dict[str, Any]:
    accept = [part.strip() for part in cells.get("answer", "").split("|") if part.strip()]
    if not accept:
        raise _CellError("answer", "is empty; write the accepted texts with | between them")
    return {"accept": accept}


def _order(cells: _Cells) -> dict[str, Any]:
    if cells.get("answer"):
        raise _CellError("answer", "must be empty; the options are read in the right order")
    return {"items": _options(cells)}


def _match(cells: _Cells) -> dict[str, Any]:
    pairs: list[dict[str, str]] = []
    distractors: list[str] = []
    feedback = _feedback(cells)
    for number, text in enumerate(_options(cells)):
        sides = match_sides(text)
        if sides is None:
            raise _CellError(f"option {LETTERS[number]}", "must be a pair with ' = ' between its sides: France = Paris")
        left, right = sides
        if not left:
            distractors.append(right)
        else:
            more = {"feedback": feedback[number]} if number in feedback else {}
            pairs.append({"left": left, "right": right, **more})
    return {"pairs": pairs, **({"distractors": distractors} if distractors else {})}


def match_sides(text: str) -> tuple[str, str] | None:
    """The two sides of a pair, of which the left one may be empty; None if it is no pair."""
    sides = re.fullmatch(r"(?:(.*?)\s)?=\s+(.*)", text, re.DOTALL)
    return ((sides[1] or "").strip(), sides[2].strip()) if sides else None


def _open(cells: _Cells) -> dict[str, Any]:
    return {"model_answer": cells["answer"]} if cells.get("answer") else {}


def _poll(cells: _Cells) -> dict[str, Any]:
    if cells.get("answer"):
        cells.changes.append("A poll has no right option; the answer was left out.")
    return {"options": _options(cells)}


_SHAPES: dict[str, Callable[[_Cells], dict[str, Any]]] = {
    "single-choice": _single,
    "multiple-choice": _single,
    "true-false": _true_false,
    "numeric": _numeric,
    "short-text": _short_text,
    "order": _order,
    "match": _match,
    "open-response": _open,
    "poll": _poll,
}
