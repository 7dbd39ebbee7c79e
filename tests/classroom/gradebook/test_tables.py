"""The CSV files: what spreadsheets and platforms make of them."""

from __future__ import annotations

import csv
import re
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.collecting import Learner
from civicquiz.classroom.gradebook.tables import GradebookTables, Standing, Table, number, safe


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_formulas_become_texts(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Anna", "-2", "+491234", "-1.5", "a=b", "anna@example.org", "1-2"])
def test_other_texts_stay(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", ["a;=1+1", "a;  @SUM(A1)", "a;b;+1", "a\n=1", "a\r-1", "a;;=1", "=1;=1"])
def test_formulas_inside_of_a_cell_become_texts_for_spreadsheets_that_split_it_there(text: str) -> None:
    made = safe(text)
    assert made.replace("'", "") == text.replace("\r", "\n")
    assert [cell for cell in re.split(r"[;\n]", made) if cell.strip()[:1] in tuple("=+-@")] == []


_SIGNS = st.text() | st.text(alphabet="=+-@;\t\n\r '1a＝")


@given(_SIGNS)
def test_no_cell_starts_a_formula(text: str) -> None:
    made = safe(text)
    assert "\r" not in made
    # Nothing but apostrophes is added.
    assert made.replace("'", "") == text.replace("\r\n", "\n").replace("\r", "\n").replace("'", "")
    if not re.search(r"[;\n\r]", text):
        assert made.endswith(text)
    for cell in re.split(r"[;\n]", made)[1:]:
        assert cell.lstrip()[:1] not in ("=", "+", "-", "@")
    if made.lstrip()[:1] in ("=", "+", "-", "@"):
        assert isfinite(float(made.replace(",", ".")))  # a plain number


@given(st.integers(0, 10**9))
def test_scores_are_written_without_idle_signs(millionths: int) -> None:
    score = millionths / 1e6
    assert float(number(score)) == pytest.approx(score, abs=1e-6)
    assert number(score) == "0" or not (number(score).startswith(".") or number(score).endswith("."))
    assert number(10.0) == "10"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), min_size=2, max_size=4))
def test_what_is_written_can_be_read(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    with Table(path, ("a", "b")) as table:
        table.write(cells)
    with path.open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[1] == [safe(cell) for cell in cells]


def test_gradebook_canvas_and_moodle(tmp_path: Path) -> None:
    quizzes = {"essay": ("Same title", 3.0), "law": ("Same title", 4.0)}
    with GradebookTables(tmp_path, quizzes) as tables:
        anna = Learner("anna", "=Anna", login="anna", email="anna@x.org", number="7", canvas="11", section="P1")
        tables.write(anna, {"law": Standing(2.5, 4, False, True), "essay": Standing(0, 3, True, False)})
        tables.write(Learner("bob"), {})
        tables.write(Learner("carla"), {"law": Standing(0, 4, False, False)})
    assert (tmp_path / "gradebook.csv").read_text().splitlines() == [
        "learner,name,essay,essay: out of,essay: status,essay: late,essay: so far,"
        "law,law: out of,law: status,law: late,law: so far",
        "anna,'=Anna,,3,needs-review,,0,2.5,4,graded,late,2.5",
        "bob,,,,missing,,,,,missing,,",
        "carla,,,,missing,,,0,4,graded,,0",
    ]
    assert (tmp_path / "canvas.csv").read_text().splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Same title [essay],Same title [law]",
        "    Points Possible,,,,,3,4",
        "'=Anna,11,7,anna,P1,,2.5",
        "carla,,,,,,0",
    ]
    assert (tmp_path / "moodle.csv").read_text().splitlines() == [
        "Username,ID number,Email address,Full name,Same title [essay],Same title [law]",
        "anna,7,anna@x.org,'=Anna,,2.5",
        ",,,carla,,0",
    ]
