"""Excel workbooks: the same bytes each time, and every text as it is."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from material import write
from openpyxl import load_workbook
from workbook_reading import read_workbook

from civicquiz.cli import main
from civicquiz.exchange.spreadsheet_template import TEMPLATES
from civicquiz.exchange.workbook_writing import table_bytes, was_written_here


def test_the_same_rows_give_the_same_bytes_without_any_date_of_today() -> None:
    rows = [["a", 1, None], ["b", "", "c"]]
    made = table_bytes("Kahoot", rows, [10, 20, 30])
    assert made == table_bytes("Kahoot", rows, [10, 20, 30])
    assert TEMPLATES[".xlsx"]() == TEMPLATES[".xlsx"]()
    assert read_workbook(made) == {"A1": "a", "B1": 1, "A2": "b", "C2": "c"}
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=5))
def test_every_text_is_in_its_cell_as_it_is(texts: list[str]) -> None:
    cells = read_workbook(table_bytes("", [texts], []))
    expected = {"ABCDE"[n] + "1": text for n, text in enumerate(texts) if text}
    for name, text in expected.items():
        shown = cells[name]
        assert isinstance(shown, str)
        for sign, other in zip(text, shown, strict=True):
            assert other == sign or (other == "\ufffd" and not sign.isprintable())


@pytest.mark.parametrize(
    "text", ["=1+1", "=", "#REF!", "#N/A", "@x", "+1", "TRUE", "1/2", "12:30", "_x0041_", " a ", "007"]
)
def test_no_text_becomes_a_formula_a_date_an_error_or_another_text(text: str) -> None:
    content = table_bytes("", [[text]], [])
    assert read_workbook(content) == {"A1": text}
    assert load_workbook(io.BytesIO(content)).active["A1"].data_type == "s"


def test_a_workbook_that_somebody_saved_is_not_one_written_here() -> None:
    made = table_bytes("Kahoot", [["a"]], [])
    assert was_written_here(made, "Kahoot")
    assert not was_written_here(made, "Wayground")
    book = load_workbook(io.BytesIO(made))
    book.properties.lastModifiedBy = "A teacher"
    stream = io.BytesIO()
    book.save(stream)
    for content in (stream.getvalue(), b"", b"PK\x03\x04", made[:-30], b"question,type\n"):
        assert not was_written_here(content, "Kahoot")


def test_without_the_package_that_writes_workbooks_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = write(tmp_path / "q.yml", "title: A\nquestions:\n  - {id: q, type: true-false, prompt: So?, answer: true}\n")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    done = CliRunner().invoke(main, ["export", "kahoot", str(quiz), "--to", str(tmp_path / "q.xlsx")])
    assert done.exit_code == 1
    assert "pip install 'civicquiz[exchange]'" in done.output
    assert not (tmp_path / "q.xlsx").exists()
