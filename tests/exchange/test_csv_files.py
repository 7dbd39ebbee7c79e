"""CSV files: how spreadsheets read them, and how files that spreadsheets saved are read."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from math import isfinite
from pathlib import Path

import pytest
from class_files import response_file, zipped
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from material import PACKAGE, write

import civicquiz
from civicquiz.cli import main
from civicquiz.exchange.csv_files import Table, csv_text, escape_formula, format_score, read_table


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1"])
def test_formulas_become_texts(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna",
        "-2",
        "+491234",
        "-1.5",
        "a=b",
        "anna@example.org",
        "1-2",
        "x = 5",
        "a >= b",
        "2*-x",
        "f(-x)",
        "go - now",
        "Mon, -5 degrees",
        "E=mc²",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert escape_formula(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a;=1+1",
        "a;  @SUM(A1)",
        "a;b;+1",
        "a\n=1",
        "a\r-1",
        "a;;=1",
        "=1;=1",
        "\t=1",
        "a\t=1",
        "a|@x",
        "a\x0b=1",
        "a\u2028=1",
        "a,=1",
        "a, =1",
        "a: @SUM(1)",
        "a =1",
        "  =1",
        "a -1+A1",
        'a"=1',
        "a^=1",
    ],
)
def test_formulas_inside_of_a_cell_become_texts_for_spreadsheets_that_split_it_there(text: str) -> None:
    made = escape_formula(text)
    assert made.replace("'", "") == re.sub("[\r\x0b\u2028]", "\n", text)
    assert [cell for cell in re.split(r"[;\t|\n,: \"^]", made) if cell.strip()[:1] in tuple("=+-@")] == []


@pytest.mark.parametrize("text", ["\x00=1", "a;\x00=1", "\x1b[31m=1", "a\t\x7f=1", "\x9f@x"])
def test_formula_behind_a_control_character_becomes_text_and_the_character_is_shown(text: str) -> None:
    """Spreadsheets drop such characters when they import a table."""
    made = escape_formula(text)
    assert "\ufffd" in made
    assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", made)
    cells = re.split(r"[;\t|\n]", made)
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@")] == []


_SIGNS = st.text() | st.text(alphabet="=+-@;|\t\n\r\x00\x0b\u2028 '1a＝")


@given(_SIGNS)
def test_no_cell_starts_a_formula(text: str) -> None:
    made = escape_formula(text)
    # Only apostrophes are added; line ends become \n, and control characters become visible.
    expected = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    expected = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f]", "\ufffd", expected)
    assert made.replace("'", "") == expected.replace("'", "")
    for cell in re.split(r"[;\t|\n]", made)[1:]:
        assert cell.lstrip()[:1] not in ("=", "+", "-", "@")
    if made.lstrip()[:1] in ("=", "+", "-", "@"):
        assert isfinite(float(made.replace(",", ".")))  # a plain number


@given(st.integers(0, 10**9))
def test_scores_are_written_without_needless_zeros(millionths: int) -> None:
    score = millionths / 1e6
    assert float(format_score(score)) == pytest.approx(score, abs=1e-6)
    assert format_score(score) == "0" or not (format_score(score).startswith(".") or format_score(score).endswith("."))
    assert format_score(10.0) == "10"


_CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8) | st.text(
    alphabet="\n\r\v\u2028\x85,;\"'a", max_size=8
)


@given(st.lists(_CELLS, min_size=2, max_size=4))
def test_what_is_written_can_be_read(cells: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with Table.create(path, ("a", "b")) as table:
            table.write(cells)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            written = list(csv.reader(stream))
        assert written == [["a", "b"], [escape_formula(cell) for cell in cells]]
        assert [row for _, row in read_table(path, 1000)] == [row for row in written if any(row)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("top", ["", "sep=D\r\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_table_that_a_spreadsheet_saves_is_read(
    tmp_path: Path, encoding: str, delimiter: str, top: str, line_end: str
) -> None:
    """With quoted commas in the header, which must not be counted, and with empty lines."""
    rows = [["Name, first; last", "Punkte"], ["José Núñez", "“3”"], ["Søren; Åberg", "4,5"]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows([rows[0], [], *rows[1:]])
    path = tmp_path / "t.csv"
    path.write_bytes((top.replace("D", delimiter) + stream.getvalue()).encode(encoding))
    assert [row for _, row in read_table(path, 10_000)] == rows
    assert [line for line, _ in read_table(path, 10_000)] == [line + bool(top) for line in (1, 3, 4)]


def test_numbers_and_empty_cells_are_written_as_such() -> None:
    made = csv_text(("a", "b", "c", "d"), [(1, -0.5, None, "-1.5"), (0, -1e-9, 2 / 3, "")])
    assert made == "a,b,c,d\n1,-0.5,,-1.5\n0,0,0.666667,\n"


def test_long_cells_are_read_and_rows_know_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", f'\ufeffa;b\n\n"1\n2";{"x" * 200_000}\n3;4\n')
    assert [(line, row[0]) for line, row in read_table(path, 300_000)] == [(1, "a"), (3, "1\n2"), (5, "3")]
    with pytest.raises(ValueError, match="is larger than 1 kB"):
        read_table(path, 1000)


# ---- What the commands write ----

#: Every file that a command writes for spreadsheets.
FILES = {
    "gradebook.csv",
    "canvas.csv",
    "moodle.csv",
    "blackboard.csv",
    "problems.csv",
    "review.csv",
    "items.csv",
    "options.csv",
    "objectives.csv",
}


def is_harmless(cell: str) -> bool:
    """Whether no spreadsheet finds a formula in the cell, even if it splits cells at semicolons and line ends."""
    first, *others = re.split(r"[;\n]", cell)
    starts = tuple("=+-@＝＋－＠\t\r")
    plain = re.fullmatch(r"[+-]?\d+([.,]\d+)?", cell)
    return bool(plain) or not any(part.lstrip(" ").startswith(starts) for part in (first, *others))


@pytest.mark.parametrize(
    "formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "a;=1+1", "a; -2+3", "＝1", "\t=1", " =1", "a\n=1"]
)
def test_no_file_that_a_command_writes_has_a_formula_whatever_a_quiz_a_roster_or_a_student_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formula: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = json.dumps(formula, ensure_ascii=False)
    quiz = f"""\
title: {text}
objectives: {{O1: {text}}}
questions:
  - id: which
    type: single-choice
    prompt: {text}
    objectives: [O1]
    options: [{{text: {text}, correct: true}}, other]
  - {{id: why, type: open-response, prompt: {text}, rubric: [{{text: {text}, points: 1}}]}}
"""
    loaded = civicquiz.load(write(Path("quizzes/=law.yml"), quiz))
    roster = [("learner", "name", "email", "username", "id number", "id", "section"), ("anna", *[formula] * 6)]
    with Path("roster.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(roster)
    write(Path("in/anna/law.json"), response_file(loaded, {"which": [formula], "why": formula}))
    zipped(Path("in/files.zip"), {f"{formula}.json": "{"})
    for arguments in (
        ["grade", "in", "--key", "quizzes", "--roster", "roster.csv", "--review", "--out", "results"],
        ["report", "results", "--key", "quizzes"],
    ):
        assert CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code == 0
    files = {path.name: path.read_text("utf-8") for path in Path("results").glob("*.csv")}
    assert set(files) == FILES
    for name, content in files.items():
        cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
        assert [cell for cell in cells if not is_harmless(cell)] == [], name
        assert any("'" in cell for cell in cells), f"{name}: nothing was there to escape"


def test_no_other_module_writes_csv() -> None:
    writers = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|write_csv", path.read_text("utf-8"))
    ]
    assert writers == ["csv_files.py"]
