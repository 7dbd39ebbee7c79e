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


def test_first_visit_to_any_page_keeps_the_budget_and_misses_nothing_and_the_page_fits_320_pixels(
    watch: Callable[..., Watched], docs_site: Path, served_docs_site: str
) -> None:
    """Nor does it ask for anything of another host."""
    for path in pages_of(docs_site):
        watched = watch(viewport={"width": 320, "height": 700})
        page = watched.page()
        complaints = complaints_of(page)
        page.goto(f"{served_docs_site}/{path.relative_to(docs_site).as_posix()}")
        sizes = sizes_of_first_visit(watched, page, docs_site)
        assert complaints == [], path.name
        assert_fits_320_pixels(page)
        assert len(sizes) > 5
        assert sum(sizes.values()) <= FIRST_VISIT, (path.name, sorted(sizes.items(), key=lambda size: -size[1]))
        watched.context.close()


@pytest.mark.parametrize(
    ("scheme", "width", "names"), [("light", 375, None), ("dark", 1280, ("index", "first-quiz", "examples", "api"))]
)
def test_axe_finds_nothing_against_wcag(
    watch: Callable[..., Watched], docs_site: Path, scheme: str, width: int, names: tuple[str, ...] | None
) -> None:
    """On all pages; in the dark, where only colors differ, on those with everything that has a color."""
    page = watch(color_scheme=scheme, viewport={"width": width, "height": 800}).page()
    for path in [docs_site / f"{name}.html" for name in names] if names else pages_of(docs_site):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert find_violations(page, "html", WCAG) == [], path.name


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
