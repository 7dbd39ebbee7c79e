"""The page that shows how far its reader is, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import QuizPage, Watched, answer_by_keyboard, assert_fits_320_pixels, find_violations
from playwright.sync_api import Locator, Page, expect

LESSON = "lessons/amendments.html"
PROGRESS = "progress.html"
TITLE = "Amending the Constitution"


def line_of(page: Page, title: str) -> Locator:
    """The line of a quiz in the list."""
    return page.locator(".civicquiz-listed").filter(has=page.get_by_role("link", name=title, exact=True))


def full_quiz(page: Page) -> QuizPage:
    return QuizPage(page, page.get_by_role("region", name=TITLE))


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_progress_follows_the_answers_and_links_to_what_was_wrong(
    watch: Callable[..., Watched], book: Path, served_book: str, scheme: str
) -> None:
    address = book.as_uri() if scheme == "file" else served_book
    watched = watch()
    progress = watched.page()
    progress.goto(f"{address}/{PROGRESS}")
    line = line_of(progress, TITLE)
    expect(line).to_have_text(f"{TITLE}: not started")
    expect(progress.get_by_role("progressbar", name=re.compile("Quizzes finished: 0 of"))).to_be_visible()
    assert not [url for url in watched.requests if "/civicquiz/quizzes/" in url]

    lesson = watched.page()
    lesson.goto(f"{address}/{LESSON}")
    quiz = full_quiz(lesson)
    quiz.question(0).choose("the president")
    assert "Not correct" in quiz.question(0).check()
    expect(line).to_contain_text("in progress, 1 of 5 questions answered")  # without loading it again
    progress.set_viewport_size({"width": 320, "height": 640})
    assert_fits_320_pixels(progress, [f"{address}/{PROGRESS}"])
    expect(line).to_contain_text("in progress, 1 of 5 questions answered")
    for theme in ("light", "dark"):
        progress.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        assert find_violations(progress, ".civicquiz-progress") == []

    missed = line.get_by_role("link", name="Who can propose an amendment?")
    missed.focus()
    progress.keyboard.press("Enter")
    expect(progress).to_have_url(re.compile(rf"{LESSON}#amendments-who-proposes$"))
    expect(full_quiz(progress).question(0).status).to_contain_text("Not correct")
    full_quiz(progress).place.get_by_text("Start over").click()
    full_quiz(progress).place.get_by_role("button", name="Clear all my answers").click()
    answer_by_keyboard(progress, full_quiz(progress))
    progress.go_back()
    expect(line.locator(".civicquiz-state")).to_contain_text(re.compile(r"^finished, [\d.]+ of 8 points$"))
    expect(progress.get_by_role("progressbar", name=re.compile("Quizzes finished: 1 of"))).to_be_visible()


def test_progress_without_storage_without_a_script_and_with_answers_that_do_not_fit(
    watch: Callable[..., Watched], book: Path
) -> None:
    address = f"{book.as_uri()}/{PROGRESS}"
    blocked = watch()
    blocked.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked', 'SecurityError'); }})"
    )
    page = blocked.page()
    page.goto(address)
    expect(page.locator(".civicquiz-total")).to_contain_text("does not keep your answers")
    blocked.errors[:] = [error for error in blocked.errors if error != "blocked"]  # those are the theme's own

    page = watch(java_script_enabled=False).page()
    page.goto(address)
    expect(line_of(page, TITLE)).to_have_text(f"{TITLE}: Questions: 5")
    expect(page.locator(".civicquiz-total")).to_contain_text("If you turn on JavaScript")

    page = watch().page()
    page.goto(address)
    shelf = page.evaluate("() => civicquiz.shelves.shelfOf('quizzes/amendments')")
    for kept in ('{"responses": {"who-proposes": ["gone"], "gone": 1}, "checked": {"who-proposes": true}}', "{", "3"):
        page.evaluate("([shelf, kept]) => { localStorage[shelf] = kept; }", [shelf, kept])
        page.reload()
        expect(line_of(page, TITLE)).to_have_text(f"{TITLE}: not started")
    page.route("**/civicquiz/quizzes/**", lambda route: route.abort())
    page.reload()
    expect(line_of(page, TITLE)).to_contain_text("could not be loaded")
