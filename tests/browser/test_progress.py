"""The page that shows how far its reader is and asks again what is due, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import QuizPage, Watched, answer_by_keyboard, assert_fits_320_pixels, find_violations, focus_is_lost
from playwright.sync_api import Locator, Page, expect

LESSON = "lessons/amendments.html"
PROGRESS = "progress.html"
TITLE = "Amending the Constitution"


def line_of(page: Page, title: str) -> Locator:
    """The line of a quiz in the list."""
    return page.locator(".civicquiz-listed").filter(has=page.get_by_role("link", name=title, exact=True))


def full_quiz(page: Page) -> QuizPage:
    return QuizPage(page, page.get_by_role("region", name=TITLE))


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, book: Path, served_book: str) -> str:
    return book.as_uri() if request.param == "file" else served_book


def test_progress_follows_the_answers_and_links_to_what_was_wrong(watch: Callable[..., Watched], address: str) -> None:
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
    progress.goto(f"{address}/{PROGRESS}")
    progress.wait_for_load_state("networkidle")
    assert_fits_320_pixels(progress)
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
    for place in (".civicquiz-progress", ".civicquiz-review"):
        expect(page.locator(place)).to_contain_text("does not keep your answers")
    blocked.errors[:] = [error for error in blocked.errors if error != "blocked"]  # those are the theme's own

    page = watch(java_script_enabled=False).page()
    page.goto(address)
    expect(line_of(page, TITLE)).to_have_text(f"{TITLE}: Questions: 5")
    for place in (".civicquiz-progress", ".civicquiz-review"):
        expect(page.locator(place)).to_contain_text("If you turn on JavaScript")

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


def review_of(page: Page) -> Locator:
    return page.locator(".civicquiz-review")


def test_a_question_comes_up_again_when_it_is_due(watch: Callable[..., Watched], address: str) -> None:
    watched = watch(viewport={"width": 320, "height": 640})
    page = watched.page()
    page.clock.set_fixed_time("2026-11-27T15:00:00")
    page.goto(f"{address}/{PROGRESS}")
    expect(review_of(page)).to_contain_text("Nothing to review yet.")
    page.goto(f"{address}/{LESSON}")
    for number, answer in ((0, "the president"), (3, "True")):
        full_quiz(page).question(number).choose(answer)
        full_quiz(page).question(number).check()
    kept = "() => JSON.parse(localStorage[civicquiz.shelves.shelfOf('quizzes/amendments')])"
    before = page.evaluate(kept)
    page.goto(f"{address}/{PROGRESS}")
    expect(review_of(page)).to_contain_text("Nothing is due today. The next question is due on November 28, 2026.")

    page.clock.set_fixed_time("2026-12-05T08:00:00")  # the wrong answer has waited longer
    page.reload()
    expect(review_of(page)).to_contain_text("Questions due today: 2")
    assert find_violations(page, ".civicquiz-review") == []
    review_of(page).get_by_role("button", name="Start the review").press("Enter")
    assert not focus_is_lost(page)
    expect(review_of(page)).to_contain_text("Question 1 of 2")
    question = QuizPage(page, review_of(page).get_by_role("group", name=TITLE)).question(0)
    expect(question.place).to_contain_text("Who can propose an amendment?")
    question.choose("Congress")
    assert "Correct" in question.check()
    expect(question.place).to_contain_text("Two thirds of both houses are enough.")
    expect(review_of(page)).to_contain_text("You will get this question again on December")
    assert find_violations(page, ".civicquiz-review") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    review_of(page).get_by_role("button", name="Next question").press("Enter")
    expect(review_of(page)).to_contain_text("Question 2 of 2")
    question.choose("False")
    assert "Not correct" in question.check()
    expect(review_of(page)).to_contain_text("You will get this question again on December 6, 2026.")
    question.retry_button.click()
    question.choose("True")
    assert "Correct" in question.check()  # the first answer counts
    expect(review_of(page)).to_contain_text("You will get this question again on December 6, 2026.")
    review_of(page).get_by_role("button", name="Finish the review").press("Enter")
    expect(review_of(page)).to_contain_text("You are done for today.")
    assert not focus_is_lost(page)

    page.reload()
    expect(review_of(page)).to_contain_text("Nothing is due today. The next question is due on December 6, 2026.")
    after = page.evaluate(kept)
    assert {name: value for name, value in after.items() if name != "reviews"} == before
    assert {name: card["reps"] for name, card in after["reviews"].items()} == {"who-proposes": 2, "can-be-repealed": 2}

    page.goto(f"{address}/{LESSON}")  # what is answered there leaves the schedule as it is, and a download contains it
    full_quiz(page).question(0).retry_button.click()
    with page.expect_download() as download:
        full_quiz(page).place.get_by_role("button", name="Save as a file").click()
    saved = Path(download.value.path()).read_text("utf-8")
    assert json.loads(saved)["reviews"] == after["reviews"]
    full_quiz(page).place.get_by_text("Start over").click()
    full_quiz(page).place.get_by_role("button", name="Clear all my answers").click()
    assert page.evaluate(kept).get("reviews", {}) == {}

    page.goto(f"{address}/{PROGRESS}")
    files = [{"name": "amendments.responses.json", "text": saved}, {"name": "other.json", "text": "{"}]
    page.get_by_label("Put answers back from files").set_input_files(
        [{"name": one["name"], "mimeType": "application/json", "buffer": one["text"].encode()} for one in files]
    )
    expect(page.locator(".civicquiz-progress")).to_contain_text("The answers to this quiz were put back")
    expect(page.locator(".civicquiz-progress")).to_contain_text("other.json has no answers to a quiz of this book.")
    expect(line_of(page, TITLE)).to_contain_text("in progress, 2 of 5 questions answered")
    expect(review_of(page)).to_contain_text("The next question is due on December 6, 2026.")
    assert page.evaluate(kept)["reviews"] == after["reviews"]
    assert find_violations(page, ".civicquiz-progress") == []


def test_review_in_two_tabs_counts_once_and_says_if_nothing_can_be_kept(
    watch: Callable[..., Watched], book: Path
) -> None:
    watched = watch()
    first, second = watched.page(), watched.page()
    first.goto(f"{book.as_uri()}/{PROGRESS}")
    shelf = first.evaluate("() => civicquiz.shelves.shelfOf('quizzes/amendments')")
    answers = {"responses": {"can-be-repealed": ["true"]}, "checked": {"can-be-repealed": True}}
    kept = json.dumps({"saved": "2026-01-01T00:00:00.000Z", **answers})
    first.evaluate("([shelf, kept]) => { localStorage[shelf] = kept; }", [shelf, kept])
    for page in (first, second):
        page.goto(f"{book.as_uri()}/{PROGRESS}")
        review_of(page).get_by_role("button", name="Start the review").click()
    for page, answer in ((first, "True"), (second, "False")):
        question = QuizPage(page, review_of(page).get_by_role("group", name=TITLE)).question(0)
        question.choose(answer)
        question.check()
        expect(review_of(page)).to_contain_text("You will get this question again on")
    card = second.evaluate("shelf => JSON.parse(localStorage[shelf]).reviews['can-be-repealed']", shelf)
    assert (card["reps"], card["lapses"]) == (2, 0)

    first.evaluate("([shelf, kept]) => { localStorage[shelf] = kept; }", [shelf, kept])
    watched.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    second.goto(f"{book.as_uri()}/{PROGRESS}")
    review_of(second).get_by_role("button", name="Start the review").click()
    question = QuizPage(second, review_of(second).get_by_role("group", name=TITLE)).question(0)
    question.choose("True")
    question.check()
    expect(review_of(second)).to_contain_text("This browser could not store when this question is due again")
    watched.errors[:] = [error for error in watched.errors if error != "full"]  # those are the theme's own
