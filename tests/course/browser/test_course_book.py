"""This project's book in a real browser, as a student gets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from browsing import (
    GAPS_APART,
    WCAG,
    QuizPage,
    Watched,
    answer_by_keyboard,
    assert_fits_320_pixels,
    assert_no_traces,
    find_violations,
    pages_of,
)
from playwright.sync_api import Page, expect
from running_hosts import Lab

LESSON = "lessons/alien-enemies-act.html"
TITLE = "The Alien Enemies Act, 1798 to 2024"
QUESTIONS = 20


def full_quiz(page: Page) -> QuizPage:
    return QuizPage(page, page.get_by_role("region", name=TITLE, exact=True))


def test_no_page_holds_widget_state_or_the_path_of_the_builder(course_book: Path) -> None:
    assert_no_traces(course_book)


def test_no_page_shows_markup_as_text(course_book: Path) -> None:
    """Except as code."""
    shown = {}
    for path in pages_of(course_book):
        html = re.sub(r"<(script|style|pre|code)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
        if tags := re.findall(r"&lt;/?[a-z]+[^<]{0,40}&gt;", html):
            shown[path.name] = tags
    assert shown == {}


def test_pages_fit_320_pixels_and_their_tables_a_phone_in_both_languages(
    watch: Callable[..., Watched], course_book: Path
) -> None:
    """No table scrolls within its box: nobody sees that there is more. Codes of goals are in one line."""
    page = watch().page()
    cut = {}
    for path in pages_of(course_book):
        for language in ("en", "es"):
            page.goto(f"{path.as_uri()}?lang={language}")
            page.wait_for_load_state("networkidle")
            assert_fits_320_pixels(page)
            boxes = page.locator(":is(.pst-scrollable-table-container, .cq-stimulus):visible")
            for width in (320, 375):
                page.set_viewport_size({"width": width, "height": 700})
                if wide := boxes.evaluate_all(
                    """boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth)
                        .map((box) => box.textContent.trim().slice(0, 40))"""
                ):
                    cut[path.stem, language, width] = wide
        if codes := page.locator("#what-you-will-be-able-to-do td:last-child").evaluate_all(
            """cells => cells.map((cell) => {
                const code = document.createRange();
                code.selectNodeContents(document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode());
                return code.getClientRects().length > 1 ? cell.textContent : "";
            }).filter(Boolean)"""
        ):
            cut[path.stem, "codes"] = codes
    assert cut == {}


def test_no_line_begins_with_the_punctuation_after_a_term_or_a_gap(
    watch: Callable[..., Watched], course_book: Path
) -> None:
    page = watch().page()
    parted = {}
    seen = 0
    lessons = sorted((course_book / "lessons").glob("*.html"))
    for path, language in product(lessons, ("en", "es")):
        page.goto(f"{path.as_uri()}?lang={language}")
        for width in range(320, 736, 32):
            page.set_viewport_size({"width": width, "height": 700})
            found = page.locator("main .civicquiz-term").evaluate_all(
                """terms => terms.map((term) => {
                    const next = term.nextElementSibling?.matches(".civicquiz-note") ? term.nextElementSibling : term;
                    const text = next.nextSibling;
                    if (text?.nodeType !== Node.TEXT_NODE || !/^\\S/.test(text.data)) return null;
                    const sign = document.createRange();
                    sign.setStart(text, 0);
                    sign.setEnd(text, 1);
                    const line = [...term.querySelector("button").getClientRects()].pop();
                    const { top, bottom } = sign.getBoundingClientRect();
                    return top >= line.bottom || bottom <= line.top ? term.textContent : "";
                }).filter((found) => found !== null)"""
            )
            seen += len(found)
            if any(found):
                parted[path.stem, language, width] = [term for term in found if term]
            if gaps := page.locator(".cq-blank").evaluate_all(GAPS_APART):
                parted[path.stem, language, width] = gaps
    assert seen > 0
    assert parted == {}


def test_lesson_without_javascript_has_its_questions_and_folded_answers(
    watch: Callable[..., Watched], course_book: Path
) -> None:
    page = watch(java_script_enabled=False).page()
    page.goto(f"{course_book.as_uri()}/{LESSON}")
    quiz = page.locator(".civicquiz-static").last
    assert quiz.locator(".civicquiz-fallback").count() == QUESTIONS
    expect(quiz.get_by_text("Correct answer:").first).to_be_hidden()


def test_whole_quiz_of_a_lesson_is_done_by_keyboard_alone(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch().page()
    page.goto(f"{course_book.as_uri()}/{LESSON}")
    quiz = full_quiz(page)
    assert quiz.questions.count() == QUESTIONS
    answer_by_keyboard(page, quiz)
    expect(quiz.place).to_contain_text(f"{QUESTIONS} of {QUESTIONS} questions answered")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_quiz_or_citations_of_a_lesson(
    watch: Callable[..., Watched], course_book: Path, scheme: str
) -> None:
    page = watch(color_scheme=scheme).page()
    page.goto(f"{course_book.as_uri()}/{LESSON}")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    for number in (0, 1):
        full_quiz(page).question(number).place.locator("input").first.check()
        full_quiz(page).question(number).check()
    assert find_violations(page, ".civicquiz") == []
    assert find_violations(page, ".civicquiz-claim") == []
    page.locator(".civicquiz-claim button").first.click()
    assert find_violations(page, ".civicquiz-note:popover-open") == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 375), ("dark", 1280)])
def test_axe_finds_nothing_against_wcag_on_whole_pages(
    watch: Callable[..., Watched], course_book: Path, scheme: str, width: int
) -> None:
    """Including the frame around the pages: menu, search, buttons in the header."""
    page = watch(color_scheme=scheme, viewport={"width": width, "height": 800}).page()
    names = ["intro.html", "search.html", "genindex.html", "claims.html", LESSON]
    pages = ("glossary", "progress", "print/deliberation", "es/privacy")
    for name in (*names, *(f"course/{page_name}.html" for page_name in pages)):
        page.goto(f"{course_book.as_uri()}/{name}")
        assert find_violations(page, "html", WCAG) == [], name


def test_axe_finds_nothing_in_the_list_of_claims(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch().page()
    page.goto(f"{course_book.as_uri()}/claims.html")
    assert find_violations(page, ".civicquiz-claims") == []
    assert find_violations(page, ".civicquiz-filter") == []


def test_page_in_spanish_leads_to_quizzes_in_spanish(watch: Callable[..., Watched], course_book: Path) -> None:
    page = watch(locale="en-US").page()
    page.goto(f"{course_book.as_uri()}/course/es/before.html")
    page.get_by_role("link", name="Abrir la prueba en español").click()
    expect(page.get_by_role("region", name="Antes del curso: prueba inicial")).to_be_visible()


def test_lesson_opens_as_a_notebook_and_its_cells_show_the_quiz(watch: Callable[..., Watched], course_lab: Lab) -> None:
    page = watch().page()
    page.goto(f"{course_lab.url}/lab/tree/lessons?reset")
    page.wait_for_selector(".jp-Launcher")
    page.locator(".jp-DirListing-itemText", has_text="alien-enemies-act.md").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text="Open With").hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Notebook$")).click()
    course_lab.wait_until_ready(page)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    course_lab.run_all(page)
    # JupyterLab scrolls to the last cell, which is the full quiz.
    full_quiz(page).place.wait_for()
    expect(full_quiz(page).questions).to_have_count(QUESTIONS)
