"""The pages that show learners what they earned, in a real browser: for screen readers, small screens and printers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Watched, find_violations
from class_files import response_file
from click.testing import CliRunner
from material import ROOT, right_answer, write

import civicquiz
from civicquiz.cli import main

EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Feedback on a quiz of every type, for a learner who knew everything and for one who handed in nothing."""
    folder = tmp_path_factory.mktemp("class")
    keys = sorted(path for path in (ROOT / "examples").glob("*.yml") if "." not in path.stem)
    for path in keys:
        quiz = civicquiz.load(path)
        answers = {question.id: right_answer(question) or "Because" for question in quiz.questions}
        write(folder / "in" / "anna" / path.with_suffix(".json").name, response_file(quiz, answers))
    write(folder / "roster.csv", "learner,name\nanna,Anna Lee\nbob,Bob Smith\n")
    options = ["--roster", str(folder / "roster.csv"), "--out", str(folder / "out"), "--show-key"]
    for path in keys:
        options += ["--key", str(path)]
    assert CliRunner().invoke(main, ["grade", str(folder / "in"), *options]).exit_code == 0
    return folder / "out" / "feedback"


@pytest.mark.parametrize("learner", ["anna", "bob"])
def test_axe_finds_nothing(watch: Callable[..., Watched], pages: Path, learner: str) -> None:
    page = watch().page()
    page.goto((pages / f"{learner}.html").as_uri())
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("heading", level=2).count() == len(EXAMPLES)
    assert page.get_by_role("table").count() == (len(EXAMPLES) if learner == "anna" else 0)
    assert find_violations(page, "html") == []


def test_on_a_phone_the_cells_are_stacked_and_still_a_table(watch: Callable[..., Watched], pages: Path) -> None:
    page = watch(viewport={"width": 375, "height": 800}).page()
    page.goto((pages / "anna.html").as_uri())
    table = page.get_by_role("table").first
    row = table.get_by_role("row").nth(1)
    assert row.get_by_role("cell").count() == 4
    assert row.get_by_role("rowheader").count() == 1
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(set(tops))
    assert find_violations(page, "html") == []


def test_320_pixels_need_no_sideways_scrolling(watch: Callable[..., Watched], pages: Path) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page()
    page.goto((pages / "anna.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_each_quiz_prints_on_a_sheet_of_its_own(watch: Callable[..., Watched], pages: Path) -> None:
    page = watch().page()
    page.goto((pages / "anna.html").as_uri())
    page.emulate_media(media="print")
    breaks = page.locator(".quiz").evaluate_all("all => all.map(each => getComputedStyle(each).breakBefore)")
    assert breaks == ["auto"] + ["page"] * (len(EXAMPLES) - 1)
