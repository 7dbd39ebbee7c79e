"""The tables beside the lessons hold what the record says, and the derived claims are what follows from them."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from material import ROOT

from civicquiz.claims import Claim, load_seeds
from civicquiz.questions.expression import Expression, half_away

DATA = ROOT / "lessons" / "data"
TABLES = sorted(DATA.glob("*.csv"))
LESSON = ROOT / "lessons" / "deportation-logistics.md"
CLAIMS = load_seeds(ROOT / "seeds").claims


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _stated(claim: str, position: int = 0) -> Decimal:
    return Decimal(str(CLAIMS[claim].figures[position].value))


def _numbers(claim: Claim) -> set[Decimal]:
    return {Decimal(str(figure.value)) for figure in claim.figures}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_cell_of_a_table_is_a_figure_of_its_claim(path: Path) -> None:
    for row in _rows(path):
        claim = CLAIMS[row["claim"]]
        assert claim.verified
        for column in ("removals", "returns", "total", "billion_usd"):
            if row.get(column):
                assert Decimal(row[column]) in _numbers(claim), (row, column)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_table_is_described(path: Path) -> None:
    assert f"`{path.name}`" in (DATA / "README.md").read_text("utf-8")


def test_removals_and_returns_add_up() -> None:
    for row in _rows(DATA / "dhs-removals-returns.csv"):
        if row["returns"]:
            assert int(row["removals"]) + int(row["returns"]) == int(row["total"])


#: Claim, position of its figure, and how it follows from figures of other claims, as (claim, position).
DERIVED = [
    ("l12", 0, "l12b - l12d"),
    ("l13b", 0, "l13_3 / l12d * 100"),
    ("l13b", 1, "l13 / l12b * 100"),
    ("l13b", 2, "l13_3 / l13 * 100"),
    ("l33b", 0, "l33 / l33_1"),
    ("l33b", 1, "l33_2 / l33_3"),
    ("l33b", 2, "l33_4 / l33_5"),
    ("l41c", 0, "l41b_1 / l41b_2"),
    ("l70", 0, "a17 / a17_1"),
    ("l71", 0, "l61_2 * 1000 / l01j"),
    ("l72", 0, "l61_1 * 1000"),
    ("l73", 0, "l61_2 / l61_1"),
    ("l74", 0, "l01j / 1"),
    ("l74b", 0, "l01j * (100 - l61f) / 100"),
    ("l75", 0, "l61 * 1000 / l01j"),
    ("l75b", 0, "l61b + l61b_1 + l61b_2 + l61b_3"),
    ("l75b", 1, "l61b_1 / (l61b + l61b_1 + l61b_2 + l61b_3) * 100"),
    ("l76", 0, "a10 / l10b_3"),
    ("l77", 0, "a10 / l10b_2"),
    ("l80b", 0, "a10 / a31"),
    ("l80c", 0, "l72 * l74b / 1000"),
    ("l86", 0, "l01j - l01i"),
    ("l86", 1, "l01j - l01g"),
    ("l12f", 0, "a10 / l12e"),
]


@pytest.mark.parametrize(("claim", "position", "working"), DERIVED, ids=lambda part: str(part))
def test_derived_figure_follows_from_the_figures_it_names(claim: str, position: int, working: str) -> None:
    expression = Expression(working)
    figures = {name: _stated(name.partition("_")[0], int(name.partition("_")[2] or 0)) for name in expression.names}
    stated = _stated(claim, position)
    decimals = max(0, -int(stated.normalize().as_tuple().exponent))
    assert half_away(expression.value(figures), decimals) == stated


def test_a_day_of_a_million_a_year() -> None:
    assert round(_stated("a10") / 365, -1) == _stated("l80")


def test_every_derived_figure_of_the_lesson_is_worked_out_here() -> None:
    cited = set(re.findall(r"\{claim\}`([^`]+)`", LESSON.read_text("utf-8")))
    own = {name for name in cited if re.match(r"l\d", name)}
    with_figures = {name for name in own if CLAIMS[name].statement == "derived" and CLAIMS[name].figures}
    assert with_figures - {name for name, _, _ in DERIVED} == {"l80"}


def test_what_if_calculator_is_a_widget_in_a_notebook_and_a_plain_table_in_the_book(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A widget in a page would load scripts from other hosts."""
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", LESSON.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = "\n".join(re.sub(r"^:tags:.*\n", "", cell) for cell in cells)
    monkeypatch.chdir(LESSON.parent)
    for folder, kind in ((str(ROOT), "HTML"), ("", "interactive")):
        monkeypatch.setenv("CIVICQUIZ_BOOK", folder)
        scope: dict[str, Any] = {}
        exec(code, scope)
        assert type(scope["shown"]).__name__ == kind
        assert "936.3" in scope["what_if"]().data
    capsys.readouterr()
