"""The size of a first visit to a page of the book, and that the page looks the same as before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Watched, complaints_of, pages_of, sizes_of_first_visit
from material import ROOT
from playwright.sync_api import expect

#: Bytes, compressed as GitHub Pages sends them.
FIRST_VISIT = 300_000
LESSONS = sorted(path.stem for path in (ROOT / "lessons").glob("*.md"))
PAGES = ["intro", "search", "lessons/alien-enemies-act", "course/glossary"]

#: Run in the page: the glyphs of icon fonts that the styles put before and after elements.
_GLYPHS = """() => {
    const found = [];
    for (const element of document.querySelectorAll("body, body *"))
        for (const place of ["::before", "::after"]) {
            const style = getComputedStyle(element, place);
            const glyph = /[\\ue000-\\uf8ff]/.exec(style.content);
            if (glyph) found.push([glyph[0], style.fontWeight + " 40px " + style.fontFamily]);
        }
    return found;
}"""

#: Run in the page: whether a font has a glyph for a character, and does not draw its box for missing ones.
_IS_DRAWN = """async ([glyph, font]) => {
    await document.fonts.load(font, glyph);
    const [shown, missing] = [glyph, "\\ue0ff"].map((character) => {
        const context = Object.assign(document.createElement("canvas"), { width: 80, height: 80 }).getContext("2d");
        context.font = font;
        context.fillText(character, 10, 60);
        return context.getImageData(0, 0, 80, 80).data.filter((_, index) => index % 4 === 3).join();
    });
    return /[1-9]/.test(shown) && shown !== missing;
}"""


@pytest.mark.parametrize("name", LESSONS)
def test_a_first_visit_to_a_lesson_keeps_the_budget(
    watch: Callable[..., Watched], course_book: Path, served_course_book: str, name: str
) -> None:
    watched = watch()
    page = watched.page()
    page.goto(f"{served_course_book}/lessons/{name}.html")
    sizes = sizes_of_first_visit(watched, page, course_book)
    assert len(sizes) > 10
    assert sum(sizes.values()) <= FIRST_VISIT, sorted(sizes.items(), key=lambda size: -size[1])


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_every_icon_of_a_page_is_drawn(watch: Callable[..., Watched], course_book: Path, name: str, width: int) -> None:
    page = watch(viewport={"width": width, "height": 800}).page()
    page.goto(f"{course_book.as_uri()}/{name}.html")
    header = page.locator(".bd-header-article")
    for button in ("Toggle primary sidebar", "Fullscreen mode", "Color mode"):
        expect(header.get_by_role("button", name=button).locator("svg:visible")).to_have_count(1)
    icons = page.locator("svg.svg-inline--fa")
    assert icons.count() >= 8
    for icon in icons.all():
        outline = icon.locator("path").evaluate("path => path.getTotalLength()")
        assert outline > 100, icon.evaluate("icon => icon.outerHTML")
        if icon.is_visible():
            box = icon.bounding_box()
            assert box is not None
            assert box["width"] >= 8
            assert box["height"] >= 12
    for glyph, font in page.evaluate(_GLYPHS):
        assert page.evaluate(_IS_DRAWN, [glyph, font]), (ascii(glyph), font)


def test_icons_that_only_styles_know_are_drawn(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch().page()
    page.goto(f"{course_book.as_uri()}/intro.html")
    shown = {
        "admonition": (
            "attention",
            "caution",
            "danger",
            "error",
            "hint",
            "important",
            "note",
            "tip",
            "warning",
            "seealso",
        ),
        "versionmodified": ("added", "changed", "deprecated", "removed"),
    }
    boxes = [f'<div class="admonition {name}"><p class="admonition-title">A</p></div>' for name in shown["admonition"]]
    boxes += [f'<span class="versionmodified {name}">A</span>' for name in shown["versionmodified"]]
    boxes += [
        '<a class="reference download">A</a>',
        '<a class="github">A</a>',
        '<a class="nav-link nav-external">A</a>',
    ]
    boxes += ['<i class="fa-solid fa-xmark"></i>']  # the theme's script adds it to close a banner
    page.locator("article").evaluate("(article, boxes) => { article.innerHTML = boxes; }", "".join(boxes))
    found = page.evaluate(_GLYPHS)
    assert len(found) >= len(boxes)
    for glyph, font in found:
        assert page.evaluate(_IS_DRAWN, [glyph, font]), (ascii(glyph), font)
    assert not page.evaluate(_IS_DRAWN, ["\ue0fe", found[0][1]])  # the check can fail


def test_the_color_mode_and_the_sidebar_work_by_keyboard(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch(viewport={"width": 375, "height": 800}, color_scheme="light").page()
    page.goto(f"{course_book.as_uri()}/lessons/alien-enemies-act.html")
    modes = page.get_by_role("button", name="Color mode")
    for shown, theme in (("System Settings", "light"), ("Dark", "dark"), ("Light", "light")):
        expect(modes.get_by_role("img", name=shown)).to_be_visible()
        expect(modes.locator("svg:visible")).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        modes.press("Enter")
    glossary = page.get_by_role("link", name="Glossary", exact=True)
    page.get_by_role("button", name="Toggle primary sidebar").press("Enter")
    expect(glossary).to_be_visible()
    page.keyboard.press("Escape")
    expect(glossary).to_be_hidden()


def test_icons_keep_the_color_of_their_text_in_forced_colors(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch(forced_colors="active").page()
    page.goto(f"{course_book.as_uri()}/intro.html")
    icon = page.get_by_role("button", name="Fullscreen mode").locator("svg path")
    fill, color = icon.evaluate("path => [getComputedStyle(path).fill, getComputedStyle(path).color]")
    assert fill == color
    assert fill != page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_a_search_finds_a_lesson(watch: Callable[..., Watched], served_course_book: str) -> None:
    page = watch().page()
    page.goto(f"{served_course_book}/lessons/deliberation.html")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").fill("sanctuary")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("“Sanctuary” places and federal power")


def test_no_page_complains_or_asks_for_what_is_not_there_or_for_anything_of_another_host(
    watch: Callable[..., Watched], course_book: Path, served_course_book: str
) -> None:
    page = watch().page()
    complaints = complaints_of(page)
    assert len(pages_of(course_book)) >= 20
    for path in pages_of(course_book):
        page.goto(f"{served_course_book}/{path.relative_to(course_book).as_posix()}")
        page.wait_for_load_state("networkidle")
    assert complaints == []
