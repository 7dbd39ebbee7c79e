"""The documentation of the package, a site of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import (
    WCAG,
    QuizPage,
    Watched,
    assert_fits_320_pixels,
    assert_no_traces,
    complaints_of,
    find_violations,
    pages_of,
    sizes_of_first_visit,
)
from material import ROOT
from playwright.sync_api import expect

#: Bytes of a first visit to a page, compressed as GitHub Pages sends them.
FIRST_VISIT = 300_000
PICTURE = ROOT / "docs" / "images" / "quiz.png"
PAGES = sorted(path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_every_page_is_built_and_in_the_menu_of_the_start_page(watch: Callable[..., Watched], docs_site: Path) -> None:
    page = watch().page()
    page.goto(f"{docs_site.as_uri()}/index.html")
    links = page.locator(".bd-sidebar-primary nav a").evaluate_all("links => links.map(link => link.href)")
    site = f"{docs_site.as_uri()}/"
    listed = {link.partition("#")[0].removeprefix(site).removesuffix(".html") for link in links}
    assert listed >= set(PAGES)
    built = {path.relative_to(docs_site).with_suffix("").as_posix() for path in pages_of(docs_site)}
    assert built >= set(PAGES)


def test_no_page_holds_widget_state_or_the_path_of_the_builder(docs_site: Path) -> None:
    assert_no_traces(docs_site)


def test_no_page_complains_or_asks_for_what_is_not_there(
    watch: Callable[..., Watched], docs_site: Path, served_docs_site: str
) -> None:
    """Nor for anything of another host."""
    paths = [path.relative_to(docs_site).as_posix() for path in pages_of(docs_site)]
    assert complaints_of(watch().page(), [f"{served_docs_site}/{path}" for path in paths]) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_keeps_the_budget(
    watch: Callable[..., Watched], docs_site: Path, served_docs_site: str, name: str
) -> None:
    watched = watch()
    page = watched.page()
    page.goto(f"{served_docs_site}/{name}.html")
    sizes = sizes_of_first_visit(watched, page, docs_site)
    assert len(sizes) > 5
    assert sum(sizes.values()) <= FIRST_VISIT, sorted(sizes.items(), key=lambda size: -size[1])


@pytest.mark.parametrize(("scheme", "width"), [("light", 375), ("dark", 1280)])
def test_axe_finds_nothing_against_wcag_on_any_page(
    watch: Callable[..., Watched], docs_site: Path, scheme: str, width: int
) -> None:
    page = watch(color_scheme=scheme, viewport={"width": width, "height": 800}).page()
    for path in pages_of(docs_site):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert find_violations(page, "html", WCAG) == [], path.name


def test_320_pixels_need_no_sideways_scrolling(watch: Callable[..., Watched], docs_site: Path) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page()
    assert_fits_320_pixels(page, [path.as_uri() for path in pages_of(docs_site)])


def test_a_search_finds_a_page(watch: Callable[..., Watched], served_docs_site: str) -> None:
    page = watch().page()
    page.goto(f"{served_docs_site}/index.html")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").fill("papermill")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("In notebooks")


def test_a_quiz_of_the_docs_is_answered_on_its_page(watch: Callable[..., Watched], docs_site: Path) -> None:
    page = watch().page()
    page.goto(f"{docs_site.as_uri()}/first-quiz.html")
    quiz = QuizPage(page, page.get_by_role("region", name="The Moon", exact=True))
    quiz.question(0).choose("from the Moon itself")
    assert "Then there would be no new moon." in quiz.question(0).check()


def test_picture_of_the_readme_shows_what_the_docs_show(
    watch: Callable[..., Watched], docs_site: Path, request: pytest.FixtureRequest
) -> None:
    """Its words are in a file next to it; `--update-golden` takes the picture again."""
    page = watch(viewport={"width": 800, "height": 900}, device_scale_factor=2, color_scheme="light").page()
    page.goto(f"{docs_site.as_uri()}/first-quiz.html")
    quiz = QuizPage(page, page.get_by_role("region", name="The Moon", exact=True))
    quiz.question(0).choose("from the Sun")
    quiz.question(0).check()
    words = quiz.question(0).place.inner_text() + "\n"
    text = PICTURE.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        page.mouse.move(5, 5)
        page.evaluate("document.activeElement.blur()")
        quiz.question(0).place.screenshot(path=PICTURE)
        text.write_text(words, "utf-8")
    assert text.read_text("utf-8") == words
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
