"""A quiz on paper in a browser: for screen readers, small screens, and the printer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Watched, find_violations
from material import ROOT, write
from paper_answers import shuffled
from playwright.sync_api import Page

import civicquiz
from civicquiz.grading.paper import paper_versions
from civicquiz.hosts.documents.worksheet import key_page, worksheet

#: Millimeters, without the margins.
PAPERS = {"A4": (210 - 32, 297 - 36), "Letter": (215.9 - 32, 279.4 - 36)}
_PIXELS = 96 / 25.4


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A sheet in two languages, one with numbers, code and formulas, and a key: name -> address."""
    folder = tmp_path_factory.mktemp("paper")
    both = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    code = shuffled(civicquiz.load(ROOT / "examples" / "more" / "numbers-and-code.yml"))
    (of_both,), (of_code,) = paper_versions(both, 1), paper_versions(code, 1)
    texts = {
        "both": worksheet(both, version=of_both, languages=["en", "es"], grid=True),
        "code": worksheet(code, version=of_code, grid=True),
        "key": key_page(of_code),
    }
    for path in (ROOT / "examples").glob("*.yml"):
        quiz = civicquiz.load(path)
        texts[path.stem] = worksheet(quiz, version=paper_versions(quiz, 1)[0], grid=True)
    return {name: write(folder / f"{name}.html", text).as_uri() for name, text in texts.items()}


@pytest.fixture
def page(watch: Callable[..., Watched]) -> Page:
    return watch().page()


def test_axe_finds_nothing(page: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        page.goto(address)
        assert find_violations(page, "html") == [], name


def test_320_pixels_need_no_sideways_scrolling(watch: Callable[..., Watched], pages: dict[str, str]) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page()
    for name, address in pages.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_cut_off_at_the_side_of_the_paper_and_no_option_is_split(
    watch: Callable[..., Watched], pages: dict[str, str], paper: str
) -> None:
    width, height = (round(length * _PIXELS) for length in PAPERS[paper])
    page = watch(viewport={"width": width, "height": height}).page()
    page.emulate_media(media="print")
    for name, address in pages.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        split = page.evaluate(
            """height => [...document.querySelectorAll('.question, .options > li, .rows > li, .grid > li')]
                .filter(e => getComputedStyle(e).breakInside !== 'avoid' || e.getBoundingClientRect().height > height)
                .map(e => e.textContent)""",
            height,
        )
        assert split == [], name


def test_answer_sheet_is_on_a_page_of_its_own(page: Page, pages: dict[str, str], tmp_path: Path) -> None:
    page.goto(pages["true-false"])
    content = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 2


def test_screen_reader_gets_each_letter_with_its_option_and_each_text_in_its_language(
    page: Page, pages: dict[str, str]
) -> None:
    page.goto(pages["both"])
    option = page.locator(".options > li").filter(has_text="Congress").first
    assert re.fullmatch(r"[A-C]\s*Congress\s*el Congreso", option.inner_text().strip())
    languages = option.locator("[lang]").evaluate_all("found => found.map(e => [e.lang, e.textContent])")
    assert languages == [["en", "Congress"], ["es", "el Congreso"]]
