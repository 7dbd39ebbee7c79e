"""The tables next to the lessons agree with the record, and the derived claims follow from them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from material import ROOT
from prose import cited_claims

from civicquiz.model.claims import Claim, load_seeds
from civicquiz.model.questions.expression import Expression, round_half_away_from_zero

DATA = ROOT / "lessons" / "data"
TABLES = sorted(DATA.glob("*.csv"))
LOGISTICS = ROOT / "lessons" / "deportation-logistics.md"
POLLS = ROOT / "lessons" / "reading-polls.md"
ARTICLE = ROOT / "lessons" / "reading-the-article.md"
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
        for column in ("removals", "returns", "total", "billion_usd", "share"):
            if row.get(column):
                assert Decimal(row[column]) in _numbers(claim), (row, column)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_table_is_described(path: Path) -> None:
    assert f"`{path.name}`" in (DATA / "README.md").read_text("utf-8")


def test_removals_and_returns_add_up() -> None:
    for row in _rows(DATA / "dhs-removals-returns.csv"):
        if row["returns"]:
            assert int(row["removals"]) + int(row["returns"]) == int(row["total"])


@pytest.mark.parametrize("suffix", ["", ".es"])
def test_map_of_the_circuits_shows_what_its_tables_say(suffix: str) -> None:
    circuits = {row["state"]: row["circuit"] for row in _rows(DATA / "circuits.csv")}
    ruled_for = {row["circuit"]: row["ruled_for"] for row in _rows(DATA / "byrne-jag-rulings.csv")}
    groups = {"cities": "cities", "Justice Department": "justice", None: "none"}
    map_of_states = ElementTree.parse(DATA.parent / "figures" / f"sanctuary-jurisdictions-map{suffix}.svg")
    drawn = {
        (state.text, group.get("id", "").removeprefix("sjm-"))
        for group in map_of_states.iterfind("{*}g")
        for state in group.iterfind(".//{*}text")
    }
    assert drawn == {(state, groups[ruled_for.get(circuit)]) for state, circuit in circuits.items()}


#: Claim, position of its figure, and how to compute it from figures of other claims, given as (claim, position).
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
    ("a84", 0, "a12 + a13"),
    ("a84", 1, "100 - a12 - a13"),
    ("rp03", 0, "rp01 + rp01_1"),
    ("rp03", 1, "100 - rp01 - rp01_1"),
    ("rp03", 2, "rp01_1 - a13"),
    ("rp04", 0, "a13 - a12"),
    ("rp04", 1, "rp01_1 - rp01"),
    ("rp08", 0, "rp06 + rp06_1"),
    ("rp08", 1, "rp06_1 - rp06"),
    ("rp05d", 0, "rp05 + rp05b"),
    ("rp05d", 1, "rp05 + rp05b - 100"),
    ("rp10", 0, "rp05 - a12"),
    ("rp11", 0, "a13 / (a12 + a13) * 100"),
    ("rp11", 1, "a12 / (a12 + a13) * 100"),
    ("rp12", 0, "1.96 * (a13 * (100 - a13) / 1000) ** 0.5"),
    ("rp12", 1, "1.96 * (a13 * (100 - a13) / 4000) ** 0.5"),
    ("rp12", 2, "1.96 * (a13 * (100 - a13) / 100) ** 0.5"),
    ("rp14", 0, "100 - a12"),
    ("rp14", 1, "100 - a13"),
]


@pytest.mark.parametrize(("claim", "position", "working"), DERIVED, ids=lambda part: str(part))
def test_derived_figure_follows_from_the_figures_it_names(claim: str, position: int, working: str) -> None:
    expression = Expression(working)
    figures = {name: _stated(name.partition("_")[0], int(name.partition("_")[2] or 0)) for name in expression.names}
    stated = _stated(claim, position)
    decimals = max(0, -int(stated.normalize().as_tuple().exponent))
    assert round_half_away_from_zero(expression.value(figures), decimals) == stated


def test_a_day_of_a_million_a_year() -> None:
    assert round(_stated("a10") / 365, -1) == _stated("l80")


def test_every_statement_of_the_article_is_sorted_as_its_claim_says() -> None:
    rows = _rows(DATA / "article-statements.csv")
    sorted_as = [(row["claim"], row["paragraph"], row["statement"]) for row in rows]
    numbered = [claim for claim in CLAIMS.values() if re.fullmatch(r"a(0[1-9]|[1-3]\d|4[0-3])", claim.id)]
    assert sorted_as == [(claim.id, f"P{claim.paragraph}", claim.statement) for claim in numbered]


@pytest.mark.parametrize(
    ("figure", "column", "claim"), [("speakers", "speaker", "ra01"), ("kinds", "statement", "ra02")]
)
@pytest.mark.parametrize("language", ["", ".es"])
def test_charts_of_the_statements_are_drawn_from_the_table(figure: str, column: str, claim: str, language: str) -> None:
    counts = Counter(row[column] for row in _rows(DATA / "article-statements.csv"))
    drawing = (ROOT / f"lessons/figures/reading-the-article-{figure}{language}.svg").read_text("utf-8")
    # The dashed bars have an outline, half of which is outside; the boxes of the legend are lower.
    drawn = re.findall(r'<rect x="(\d+)" y="\d+" width="(\d+)" height="(?:18|20)"', drawing)
    bars = [int(width) + 2 * (int(left) - 18) for left, width in drawn]
    numbers = [int(number) for number in re.findall(r">(\d+)</text>", drawing)]
    assert numbers == sorted(counts.values(), reverse=True)
    assert [number * bars[-1] for number in numbers] == bars
    assert sorted(_stated(claim, n) for n in range(1, len(counts) + 1)) == sorted(numbers)


def test_every_statement_is_in_the_row_of_its_paragraph() -> None:
    rows = re.findall(r"^\| P(\d+) \|(.*)$", ARTICLE.read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(28))
    restated = [(CLAIMS[name].paragraph, name) for number, row in rows for name in cited_claims(row)]
    assert restated == [(int(number), name) for number, row in rows for name in cited_claims(row)]
    assert [name for _, name in restated] == [f"a{number:02}" for number in range(1, 44)]


@pytest.mark.parametrize(
    ("lesson", "own", "elsewhere"),
    [(LOGISTICS, r"l\d", {"l80"}), (POLLS, r"rp\d|a84", set())],
    ids=["logistics", "polls"],
)
def test_every_derived_figure_of_the_lesson_is_worked_out_here(lesson: Path, own: str, elsewhere: set[str]) -> None:
    cited = set(cited_claims(lesson.read_text("utf-8")))
    with_figures = {
        (name, position)
        for name in cited
        if re.match(own, name) and CLAIMS[name].statement == "derived"
        for position in range(len(CLAIMS[name].figures))
    }
    assert {name for name, _ in with_figures - {(name, position) for name, position, _ in DERIVED}} == elsewhere


@pytest.mark.parametrize(
    ("lesson", "follows"), [(LOGISTICS, "936.3"), (POLLS, "3.1 points")], ids=["logistics", "polls"]
)
def test_what_if_calculator_is_a_widget_in_a_notebook_and_a_plain_table_in_the_book(
    lesson: Path, follows: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A widget in a page of the book would load scripts from other hosts."""
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", lesson.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = "\n".join(re.sub(r"^:tags:.*\n", "", cell) for cell in cells)
    monkeypatch.chdir(lesson.parent)
    for folder, kind in ((str(ROOT), "HTML"), ("", "interactive")):
        monkeypatch.setenv("CIVICQUIZ_BOOK", folder)
        scope: dict[str, Any] = {}
        exec(code, scope)
        assert type(scope["shown"]).__name__ == kind
        assert follows in scope["what_if"]().data
    capsys.readouterr()


def test_what_if_about_a_poll_takes_every_place_of_its_sliders(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", POLLS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = "\n".join(re.sub(r"^:tags:.*\n", "", cell) for cell in cells if "civicquiz.show" not in cell)
    monkeypatch.chdir(POLLS.parent)
    monkeypatch.setenv("CIVICQUIZ_BOOK", str(ROOT))
    scope: dict[str, Any] = {}
    exec(code, scope)
    for share in (1, 50, 99):
        for people in (50, 20_000):
            for undescribed in (0, 30):
                assert "-" not in re.sub(r"<[^>]*>", "", scope["what_if"](share, people, undescribed).data)
