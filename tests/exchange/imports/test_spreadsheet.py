"""Tables of questions, as teachers have them, become quizzes; every cell that cannot be read is named."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from material import PNG
from openpyxl import Workbook, load_workbook

import civicquiz
from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import read
from civicquiz.cli import main
from civicquiz.errors import ExchangeError
from civicquiz.exchange.csv_files import csv_text
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.importing import ImportReport, import_files
from civicquiz.exchange.imports.spreadsheet import READER, TYPES
from civicquiz.exchange.spreadsheet_template import EXAMPLES
from civicquiz.model.questions import QUESTION_TYPES


def imported(tmp_path: Path, *rows: dict[str, str], name: str = "table.csv") -> tuple[ImportReport, Any]:
    """The report on a table with these rows, and the quiz; None if there is none."""
    columns = list(dict.fromkeys(["question", "answer", *(column for row in rows for column in row)]))
    file = tmp_path / name
    file.write_text(csv_text(columns, ([row.get(column, "") for column in columns] for row in rows)), "utf-8")
    report = import_files([file], tmp_path / "out")
    return report, civicquiz.load(report.files[0]) if report.files else None


def refusal(tmp_path: Path, **cells: str) -> str:
    """Why a table with one question cannot be read."""
    report, quiz = imported(
        tmp_path, {"question": "Which?", **{name.replace("_", " "): cell for name, cell in cells.items()}}
    )
    assert quiz is None
    (question,) = report.questions
    assert question.verdict == "not read"
    assert question.place == "row 2"
    return question.reasons[-1]


def test_table_is_a_table_whatever_its_texts_look_like(tmp_path: Path) -> None:
    texts = ("[html]Which? {~a ~b}", "A. x\nANSWER: B", "$CATEGORY: x", "::name:: {T}")
    report, quiz = imported(tmp_path, *({"question": text, "answer": "TRUE", "type": "tf"} for text in texts))
    assert not report.failed
    assert [question.prompt for question in quiz.questions] == list(texts)


# ---- The template ----


@pytest.mark.parametrize("name", ["questions.csv", "questions.xlsx"])
def test_template_has_an_example_of_every_type_and_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    run = CliRunner()
    table = tmp_path / name
    assert run.invoke(main, ["new", "--spreadsheet", str(table)], catch_exceptions=False).exit_code == 0
    done = run.invoke(main, ["import", str(table), "--to", str(tmp_path / "out"), "--strict"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    quiz = civicquiz.load(tmp_path / "out/questions.yml")
    assert [question.type for question in quiz.questions] == [example["type"] for example in EXAMPLES] == list(TYPES)
    assert run.invoke(main, ["check", str(tmp_path / "out")]).exit_code == 0
    text = (tmp_path / "out/questions.yml").read_text("utf-8")
    assert laid_out(text) == text
    again = run.invoke(main, ["new", "--spreadsheet", str(table)])
    assert again.exit_code == 1
    assert "already exists" in again.output


def test_every_type_that_fits_into_a_row_has_names_that_others_use() -> None:
    known = {model.type_name() for model in QUESTION_TYPES}
    assert known - set(TYPES) == {"calculated", "categorize", "cloze", "select-text", "timeline"}  # they need more
    assert all(TYPES.values())


def test_table_with_another_ending_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["new", "--spreadsheet", str(tmp_path / "a.ods")])
    assert done.exit_code == 1
    assert "ends in .csv or .xlsx" in done.output


# ---- What a row means ----


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"answer": "B", "option A": "x", "option B": "y"}, {"type": "single-choice", "right": ["y"]}),
        ({"answer": "2", "option A": "x", "option B": "y"}, {"type": "single-choice", "right": ["y"]}),
        ({"answer": "b)", "option A": "x", "option B": "y"}, {"type": "single-choice", "right": ["y"]}),
        ({"answer": "y", "option A": "x", "option B": "y"}, {"type": "single-choice", "right": ["y"]}),
        (
            {"answer": "A and C", "option A": "x", "option B": "y", "option C": "z"},
            {"type": "multiple-choice", "right": ["x", "z"]},
        ),
        (
            {"answer": "1;3", "option A": "x", "option B": "y", "option C": "z"},
            {"type": "multiple-choice", "right": ["x", "z"]},
        ),
        ({"answer": "x, yes", "option A": "x, yes", "option B": "y"}, {"type": "single-choice", "right": ["x, yes"]}),
        (
            {"answer": "17 | 21", "option A": "17", "option B": "2", "option C": "21"},
            {"type": "multiple-choice", "right": ["17", "21"]},
        ),
        (
            {"answer": "B", "type": "Multiple Choice", "option 1": "x", "option 2": "y"},
            {"type": "single-choice", "right": ["y"]},
        ),
        ({"answer": "true"}, {"type": "true-false", "answer": True}),
        (
            {"answer": "B", "type": "TF", "option A": "True", "option B": "False"},
            {"type": "true-false", "answer": False},
        ),
        ({"answer": "480,000", "tolerance": "5 %"}, {"type": "numeric", "answer": 480000, "tolerance": "5%"}),
        ({"answer": "9,81", "tolerance": "0,1"}, {"type": "numeric", "answer": 9.81, "tolerance": 0.1}),
        ({"answer": "USA | United States"}, {"type": "short-text", "accept": ["USA", "United States"]}),
        ({"answer": "14", "type": "short answer"}, {"type": "short-text", "accept": ["14"]}),
        ({"answer": "", "type": "Essay"}, {"type": "open-response"}),
    ],
)
def test_row_is_read_as_its_author_meant_it(cells: dict[str, str], expected: dict[str, Any], tmp_path: Path) -> None:
    report, quiz = imported(tmp_path, {"question": "Which?", **cells})
    written = read(report.files[0]).value["questions"][0]
    found = {name: written[name] for name in expected if name in written}
    if "right" in expected:
        found["right"] = [option.text for option in quiz.questions[0].options if option.correct]
    assert found == expected


def test_further_columns_come_along(tmp_path: Path) -> None:
    row = {
        "question": "Which?",
        "answer": "A",
        "option A": "x",
        "option B": "y",
        "feedback B": "No: **look**.",
        "points": "2,5",
    }
    row |= {
        "hint": "Think.",
        "explanation": "Because.",
        "difficulty": "Hard",
        "tags": "courts; law",
        "id": "My Question",
    }
    report, quiz = imported(tmp_path, row)
    (question,) = quiz.questions
    assert report.questions[0].verdict == "read"
    assert (question.id, question.points, question.difficulty, question.tags) == (
        "my-question",
        2.5,
        "hard",
        ("courts", "law"),
    )
    assert (question.hint, question.explanation, question.options[1].feedback) == (
        "Think.",
        "Because.",
        "No: **look**.",
    )


def test_columns_of_other_programs_are_understood_and_what_is_not_is_named(tmp_path: Path) -> None:
    table = (
        "Question Text,Question Type,Option 1,Option 2,Correct Answer,Time in seconds,Answer explanation\n"
        "Which branch?,Multiple Choice,Congress,Courts,2,30,Courts do.\n"
    )
    (tmp_path / "t.csv").write_text(table, "utf-8")
    report = import_files([tmp_path / "t.csv"], tmp_path / "out")
    assert report.remarks == [((tmp_path / "t.csv").as_posix(), "The column 'Time in seconds' was not read.")]
    (question,) = civicquiz.load(report.files[0]).questions
    assert (question.type, question.prompt) == ("single-choice", "Which branch?")


def test_number_without_a_tolerance_is_a_named_guess_also_in_the_file(tmp_path: Path) -> None:
    report, quiz = imported(tmp_path, {"question": "How many?", "answer": "3"})
    assert report.questions[0].verdict == "changed"
    assert quiz.questions[0].tolerance == 0
    assert "# No tolerance was given" in report.files[0].read_text("utf-8")


def test_several_questions_of_the_same_words_get_ids_of_their_own(tmp_path: Path) -> None:
    _, quiz = imported(tmp_path, *({"question": "Señor, ¿cuántos?", "answer": answer} for answer in ("a", "b", "c")))
    assert [question.id for question in quiz.questions] == ["senor-cuantos", "senor-cuantos-2", "senor-cuantos-3"]


def test_image_next_to_the_table_comes_along(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(PNG)
    _, quiz = imported(tmp_path, {"question": "Where is it? ![a map](map.png)", "answer": "here"})
    assert set(quiz.images) == {"map.png"}
    assert (tmp_path / "out/map.png").read_bytes() == PNG


# ---- What cannot be read ----


@pytest.mark.parametrize(
    ("cells", "cell", "rule"),
    [
        ({"answer": "D", "option_A": "x", "option_B": "y"}, "B2 (answer)", "not one of the options A to B"),
        (
            {"answer": "2", "option_A": "2", "option_B": "y"},
            "B2 (answer)",
            "the text of one option and the number of another",
        ),
        ({"option_A": "x", "option_B": "y"}, "B2 (answer)", "letters of the right options"),
        ({"answer": "A", "option_A": "x", "option_B": ""}, "D2 (option B)", "at least 2 options"),
        ({"answer": "A", "option_A": "x", "option_B": "", "option_C": "y"}, "D2 (option B)", "option after it"),
        ({"answer": "A", "type": "riddle"}, "C2 (type)", "there is no type 'riddle'"),
        ({"answer": ""}, "B2 (answer)", "open-response as the type"),
        ({"answer": "maybe", "type": "true-false"}, "B2 (answer)", "TRUE or FALSE"),
        ({"answer": "ten", "type": "numeric"}, "B2 (answer)", "not a number"),
        ({"answer": "10", "tolerance": "few"}, "C2 (tolerance)", "not a number"),
        ({"answer": "10", "tolerance": "0", "points": "many"}, "D2 (points)", "not a number"),
        ({"type": "match", "option_A": "x", "option_B": "a = b"}, "D2 (option A)", "a pair"),
        ({"type": "order", "answer": "B", "option_A": "x", "option_B": "y"}, "B2 (answer)", "must be empty"),
    ],
)
def test_cell_that_cannot_be_read_is_named(cells: dict[str, str], cell: str, rule: str, tmp_path: Path) -> None:
    reason = refusal(tmp_path, **cells)
    assert reason.startswith(f"cell {cell}: ")
    assert rule in reason


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"answer": "A", "option_A": "x", "option_B": "x"}, "the same text appears twice"),
        ({"answer": "A, B", "option_A": "x", "option_B": "y"}, "every option is right"),
        ({"answer": "x", "difficulty": "tough"}, "difficulty"),
        ({"answer": "x", "hint": "![no such file](map.png)"}, "map.png"),
        ({"answer": "x", "hint": "$\\frac{1}$"}, "formula"),
    ],
)
def test_rules_of_quizzes_hold_for_a_row_too(cells: dict[str, str], rule: str, tmp_path: Path) -> None:
    assert rule in refusal(tmp_path, **cells)


def test_questions_that_can_be_read_are_written_without_those_that_cannot(tmp_path: Path) -> None:
    rows = ({"question": "One?", "answer": "x"}, {"question": "", "answer": "x"}, {"question": "Two?", "answer": "y"})
    report, quiz = imported(tmp_path, *rows)
    assert [question.id for question in quiz.questions] == ["one", "two"]
    assert [question.verdict for question in report.questions] == ["read", "not read", "read"]


def workbook(tmp_path: Path, *rows: list[Any], name: str = "book.xlsx") -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["question", "answer", "tolerance"], ["How many?", 14.0, 0.05], ["True?", True, None])
    book = load_workbook(file)
    book.active["C2"].number_format = "0%"
    book.save(file)
    report = import_files([file], tmp_path / "out")
    number, truth = civicquiz.load(report.files[0]).questions
    assert (number.answer, truth.answer) == (14, True)
    assert 'tolerance: "5%"' in report.files[0].read_text("utf-8")


def test_date_that_a_spreadsheet_made_is_named_and_not_guessed(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["question", "answer"], ["How much?", date(2026, 3, 4)])
    (question,) = import_files([file], tmp_path / "out").questions
    assert question.verdict == "not read"
    assert "cell B2 (answer)" in question.reasons[0]
    assert "into a date" in question.reasons[0]


def test_every_sheet_with_questions_becomes_a_quiz(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Unit 1"
    for sheet in (book.active, book.create_sheet("Unit 2")):
        sheet.append(["question", "answer"])
        sheet.append(["What?", "that"])
    book.create_sheet("Notes").append(["question", "who asked it"])
    book.save(tmp_path / "book.xlsx")
    report = import_files([tmp_path / "book.xlsx"], tmp_path / "out")
    assert [file.name for file in report.files] == ["book-unit-1.yml", "book-unit-2.yml"]
    assert [civicquiz.load(file).title for file in report.files] == ["Unit 1", "Unit 2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_save_them(encoding: str, sign: str, tmp_path: Path) -> None:
    table = f"question{sign}answer\r\n¿Qué?{sign}São Paulo\r\n"
    (tmp_path / "t.csv").write_bytes(table.encode(encoding))
    report = import_files([tmp_path / "t.csv"], tmp_path / "out")
    (question,) = civicquiz.load(report.files[0]).questions
    assert (question.prompt, question.accept[0].text) == ("¿Qué?", "São Paulo")
    assert [remark for _, remark in report.remarks if "Windows-1252" in remark] == report_of_guess(encoding, report)


def report_of_guess(encoding: str, report: ImportReport) -> list[str]:
    return [remark for _, remark in report.remarks] if encoding == "cp1252" else []


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "not in a format"),
        (b"PK\x03\x04 broken", "not a readable zip file"),
        (b"\x00\x01\x02", "byte 1 of it is 0"),
    ],
)
def test_file_that_is_no_table_is_refused_and_nothing_is_written(content: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    report = import_files([tmp_path / "t.csv"], tmp_path / "out")
    assert [rule in reason for _, reason in report.failed] == [True]
    assert not list((tmp_path / "out").glob("*"))


def test_damaged_workbook_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    (failed,) = import_files([tmp_path / "t.xlsx"], tmp_path / "out").failed
    assert "save it as CSV" in failed[1]


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    file = GivenFile(tmp_path / "t.csv", ("question,answer\n" + "a,b\n" * 5_001).encode())
    with pytest.raises(ExchangeError, match="more than 5,000 rows"):
        READER.read(file)


# ---- The command ----


def test_report_names_every_question_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("question,answer\nOne?,x\n,y\nTwo?,3\n", "utf-8")
    arguments = ["import", str(tmp_path / "t.csv"), "--to", str(tmp_path / "out"), "--report", str(tmp_path / "r.json")]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "3 questions: 1 read, 1 read with changes, 1 not read." in done.output
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))["questions"]
    assert [(question["place"], question["verdict"]) for question in found] == [
        ("row 2", "read"),
        ("row 3", "not read"),
        ("row 4", "changed"),
    ]
    strict = CliRunner().invoke(main, ["import", str(tmp_path / "t.csv"), "--to", str(tmp_path / "o2"), "--strict"])
    assert strict.exit_code == 1


def test_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("question,answer\nOne?,x\n", "utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/t.yml").write_text("mine", "utf-8")
    with pytest.raises(ExchangeError, match="nothing was written"):
        import_files([tmp_path / "t.csv"], tmp_path / "out")
    assert (tmp_path / "out/t.yml").read_text("utf-8") == "mine"


def test_one_unreadable_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("question,answer\nOne?,x\n", "utf-8")
    arguments = ["import", str(tmp_path / "no.csv"), str(tmp_path / "t.csv"), "--to", str(tmp_path / "out")]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 1
    assert "no.csv" in done.output
    assert (tmp_path / "out/t.yml").is_file()


def test_large_tables_are_split_into_several_quizzes(tmp_path: Path) -> None:
    rows = "".join(f"What is {number}?,that\n" for number in range(900))
    (tmp_path / "t.csv").write_text(f"question,answer\n{rows}", "utf-8")
    report = import_files([tmp_path / "t.csv"], tmp_path / "out")
    assert [file.name for file in report.files] == ["t.yml", "t-2.yml", "t-3.yml"]
    assert sum(len(civicquiz.load(file).questions) for file in report.files) == 900
