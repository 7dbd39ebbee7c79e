"""The built book in a real browser: no kernel, no other host."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import (
    ALSO_IN_FIREFOX,
    QuizPage,
    Watched,
    answer_by_keyboard,
    assert_no_traces,
    find_violations,
    focus_is_lost,
    pages_of,
    run,
)
from material import SAMPLE_COURSE
from playwright.sync_api import Page, expect
from running_hosts import serving

import civicquiz

LESSON = "lessons/amendments.html"
TITLE = "Amending the Constitution"
EXAMPLES = "docs/examples.html"


def quiz_of(page, number: int = 0) -> QuizPage:
    return QuizPage(page, page.locator(".civicquiz").nth(number))


def example(page, name: str) -> QuizPage:
    return QuizPage(page, page.get_by_role("group", name=re.compile(f"Example: {name}")))


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, book: Path, served_book: str) -> str:
    return book.as_uri() if request.param == "file" else served_book


@ALSO_IN_FIREFOX
def test_learner_answers_wrong_retries_and_settles(watch: Callable[..., Watched], address: str) -> None:
    page = watch().page()
    page.goto(f"{address}/{EXAMPLES}")
    question = example(page, "single choice").question(0)

    question.choose("France")
    assert "Not correct" in question.check()
    assert "passed with France in mind" in question.status.inner_text()
    expect(question.place).not_to_contain_text("The first use came in")
    assert not focus_is_lost(page)

    question.retry_button.click()
    assert not focus_is_lost(page)
    question.choose("Great Britain")
    assert "Correct" in question.check()
    expect(question.place).to_contain_text("The first use came in the War of 1812.")
    expect(question.place).to_contain_text("your answer, correct")
    question.place.locator(".cq-sources summary").click()
    expect(question.place.locator(".cq-sources a").first).to_have_attribute("href", re.compile("claims.html#claim-h14"))
    assert not focus_is_lost(page)


def test_answer_can_be_shown_after_a_wrong_try(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    question = example(page, "a number").question(0)
    question.place.get_by_role("textbox").fill("6300")
    assert "Not correct" in question.check()
    question.reveal_button.click()
    expect(question.place).to_contain_text("Correct answer: 480000 people")
    expect(question.place).to_contain_text("0 of 1 point")
    assert not focus_is_lost(page)
    expect(question.retry_button).to_be_hidden()


@ALSO_IN_FIREFOX
def test_answers_survive_a_reload(watch: Callable[..., Watched], address: str) -> None:
    page = watch().page()
    page.goto(f"{address}/{EXAMPLES}")
    question = example(page, "multiple choice").question(0)
    question.choose("a declared war")
    assert "Partly correct" in question.check()
    number = example(page, "a number").question(0)
    number.place.get_by_role("textbox").press_sequentially("48")

    page.reload()
    question = example(page, "multiple choice").question(0)
    expect(question.place.get_by_label("a declared war")).to_be_checked()
    expect(question.place.locator("input:checked")).to_have_count(1)
    expect(question.status).to_contain_text("Partly correct")
    expect(example(page, "a number").question(0).place.get_by_role("textbox")).to_have_value("48")


@ALSO_IN_FIREFOX
def test_start_over_clears_everything_after_a_second_step(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    quiz = example(page, "single choice")
    quiz.question(0).choose("Spain")
    quiz.question(0).check()
    quiz.place.get_by_text("Start over").click()
    quiz.place.get_by_role("button", name="Clear all my answers").click()
    expect(quiz.question(0).place.get_by_label("Spain")).not_to_be_checked()
    expect(quiz.question(0).check_button).to_be_visible()
    assert not focus_is_lost(page)
    page.reload()
    expect(example(page, "single choice").question(0).place.get_by_label("Spain")).not_to_be_checked()


def test_checking_nothing_asks_for_an_answer_and_scores_nothing(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    question = example(page, "single choice").question(0)
    question.check_button.click()
    expect(question.status).to_contain_text("Answer the question first")
    number = example(page, "a number").question(0)
    number.place.get_by_role("textbox").fill("many")
    number.check_button.click()
    expect(number.status).to_contain_text("That is not a number")
    expect(number.check_button).to_be_visible()


@ALSO_IN_FIREFOX
def test_whole_quiz_is_done_by_keyboard_alone(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    quiz = QuizPage(page, page.get_by_role("region", name=TITLE, exact=True))
    count = quiz.questions.count()
    assert count == 5
    answer_by_keyboard(page, quiz)
    expect(quiz.place).to_contain_text(f"{count} of {count} questions answered")
    expect(quiz.place.locator(".cq-results li")).to_have_count(count)
    expect(quiz.place.locator(".cq-progress")).to_contain_text(re.compile(r"Your score: [\d.]+ of \d+ points"))


def test_without_javascript_questions_are_readable_and_answers_folded(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch(java_script_enabled=False).page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    quiz = page.locator(".civicquiz-static").last
    assert quiz.locator(".civicquiz-fallback").count() == 5
    prompts = [question.prompt for question in civicquiz.load(SAMPLE_COURSE / "quizzes/amendments.yml").questions]
    expect(quiz.get_by_text(prompts[3])).to_be_visible()
    folded = quiz.locator("details").first
    expect(folded.get_by_text("Correct answer:")).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.get_by_text("Correct answer:")).to_be_visible()


def test_scripts_are_sent_once_a_page_and_only_where_a_quiz_is(watch: Callable[..., Watched], served_book: str) -> None:
    watched = watch()
    page = watched.page()
    page.goto(f"{served_book}/{LESSON}")
    assert page.locator(".civicquiz").count() == 2
    for name in ("quiz.js", "page.js", "quiz.css"):
        assert sum(f"/civicquiz/{name}" in url for url in watched.requests) == 1
    watched.requests.clear()
    page.goto(f"{served_book}/docs/architecture.html")
    sent = {url.rpartition("/civicquiz/")[2].partition("?")[0] for url in watched.requests if "/civicquiz/" in url}
    assert sent == {"grading.js", "languages.js"}  # an address may choose the language on any page


def test_no_page_holds_widget_state_or_the_path_of_the_builder(book: Path) -> None:
    assert_no_traces(book)


def test_every_page_of_the_book_asks_no_other_host_for_anything(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    assert len(pages_of(book)) >= 6
    for path in pages_of(book):
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")


@ALSO_IN_FIREFOX
def test_full_or_closed_storage_is_reported_and_the_quiz_goes_on(watch: Callable[..., Watched], book: Path) -> None:
    watched = watch()
    watched.context.add_init_script(
        """const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
            if (key.startsWith("civicquiz")) throw new Error("full");
            set.call(this, key, value);
        };"""
    )
    page = watched.page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    quiz = example(page, "single choice")
    quiz.question(0).choose("Great Britain")
    assert "Correct" in quiz.question(0).check()
    expect(quiz.place).to_contain_text("does not keep your answers")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]


def test_browser_that_stores_nothing_is_reported_right_away_and_a_downloaded_file_is_enough(
    watch: Callable[..., Watched], book: Path
) -> None:
    watched = watch()
    watched.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('blocked', 'SecurityError'); }})"
    )
    page = watched.page()
    page.goto(f"{book.as_uri()}/docs/settings.html")
    place = page.get_by_role("region", name="Example: answers are only saved", exact=True)
    expect(place).to_contain_text("does not keep your answers")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    card = place.locator(".cq-question").first
    card.locator("input, textarea").first.click()
    page.keyboard.type("14")
    card.locator(".cq-main").click()
    expect(card.get_by_role("status")).not_to_contain_text("is saved")
    with page.expect_download():
        place.get_by_role("button", name="Save as a file").click()
    page.reload()
    assert asked == []
    watched.errors[:] = [error for error in watched.errors if error != "blocked"]  # those are the theme's own


def test_answers_that_no_longer_fit_are_passed_over(watch: Callable[..., Watched], book: Path) -> None:
    """Answers that an older version of a quiz left in the browser never break the page."""
    page = watch().page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    quiz = example(page, "single choice")
    quiz.question(0).choose("Spain")
    quiz.question(0).check()
    for value in ('{"responses": {"first-used-against": ["gone"]}, "checked": {"first-used-against": true}}', "{", "3"):
        page.evaluate(
            """value => Object.keys(localStorage).filter(key => key.includes("single"))
                .forEach(key => { localStorage[key] = value; })""",
            value,
        )
        page.reload()
        question = example(page, "single choice").question(0)
        expect(question.check_button).to_be_visible()
        expect(question.place.locator("input:checked")).to_have_count(0)


def test_two_books_on_one_host_keep_their_answers_apart(
    watch: Callable[..., Watched], book: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shutil.copytree(book, tmp_path / name)
    with serving(tmp_path) as url:
        page = watch().page()
        page.goto(f"{url}/one/{EXAMPLES}")
        example(page, "single choice").question(0).choose("Spain")
        page.goto(f"{url}/two/{EXAMPLES}")
        expect(example(page, "single choice").question(0).place.locator("input:checked")).to_have_count(0)
        page.goto(f"{url}/one/{EXAMPLES}")
        expect(example(page, "single choice").question(0).place.get_by_label("Spain")).to_be_checked()


@ALSO_IN_FIREFOX
def test_a_citation_opens_by_keyboard_and_says_who_what_and_where(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    button = page.locator(".civicquiz-claim button").nth(1)
    note = page.locator(".civicquiz-claim + .civicquiz-note").nth(1)
    # A screen reader hears all of it on focus.
    expect(button).to_have_accessible_name("Note 2")
    expect(button).to_have_accessible_description(re.compile(r".+: .+, \d{4}"))
    expect(note).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    expect(note.locator("strong")).to_contain_text(re.compile(r".+: .+, \d{4}"))
    link = note.get_by_role("link", name="More about this claim")
    expect(link).to_have_attribute("href", re.compile(r"claims\.html#claim-"))
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    link.click()
    expect(page).to_have_url(re.compile(r"claims\.html#claim-"))
    target = page.url.partition("#")[2]
    entry = page.locator(f"#{target}")
    expect(entry).to_be_visible()


def test_marks_are_hidden_and_shown_by_keyboard_and_a_note_of_several_claims_opens(
    watch: Callable[..., Watched], book: Path
) -> None:
    watched = watch(viewport={"width": 320, "height": 700})
    page = watched.page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    control = page.get_by_role("button", name="Show notes", exact=True)
    marks, notes = page.locator(".civicquiz-claim button"), page.locator(".civicquiz-claim + .civicquiz-note")
    expect(control).to_have_attribute("aria-pressed", "true")
    several = next(number for number, note in enumerate(notes.all()) if note.locator("[role=listitem]").count() > 1)
    # The note of several claims: one after the other, each with its sources and the way to the list.
    marks.nth(several).focus()
    page.keyboard.press("Enter")
    expect(notes.nth(several)).to_be_visible()
    claims = notes.nth(several).get_by_role("listitem")
    expect(claims).to_have_count(2)
    for claim in claims.all():
        expect(claim.get_by_role("link", name="More about this claim")).to_be_visible()
        expect(claim.locator("strong")).to_contain_text(re.compile(r".+: .+, \d{4}"))
    assert find_violations(page, ".civicquiz-note:popover-open") == []
    page.keyboard.press("Escape")
    # The control, which the next page remembers, on the screen and on paper.
    place = page.locator(".civicquiz-claim").nth(several).get_attribute("id")
    assert find_violations(page, ".civicquiz-marks") == []
    control.focus()
    page.keyboard.press("Space")
    expect(control).to_have_attribute("aria-pressed", "false")
    expect(control).to_be_focused()
    assert not any(mark.is_visible() for mark in marks.all())
    page.emulate_media(media="print")
    assert not any(mark.is_visible() for mark in marks.all())
    expect(control).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto(f"{book.as_uri()}/glossary.html")
    expect(control).to_have_attribute("aria-pressed", "false")
    expect(marks.first).to_be_hidden()
    page.goto(f"{book.as_uri()}/{LESSON}#{place}")  # as the list of claims links back
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    control.focus()
    page.keyboard.press("Enter")
    expect(control).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(marks.first).to_be_visible()
    # A browser that stores nothing, and one that runs no scripts.
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})")
    page.reload()
    control.click()
    expect(control).to_have_attribute("aria-pressed", "false")
    expect(marks.first).to_be_hidden()
    watched.errors[:] = [error for error in watched.errors if error != "refused"]  # those are the theme's own
    silent = watch(java_script_enabled=False).page()
    silent.goto(f"{book.as_uri()}/{LESSON}")
    expect(silent.locator(".civicquiz-claim button").first).to_be_visible()
    expect(silent.locator(".civicquiz-marks")).to_be_hidden()


def test_claims_page_leads_back_to_every_place(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/claims.html")
    entry = page.locator("dt#claim-two-thirds + dd")
    expect(entry).to_contain_text("Cited in:")
    links = entry.locator("a.internal")
    assert links.count() >= 2
    targets = [links.nth(number).get_attribute("href") or "" for number in range(links.count())]
    for target in targets:
        path, _, anchor = target.partition("#")
        text = (book / path).read_text("utf-8")
        assert f'id="{anchor}"' in text, target


def test_two_tabs_keep_each_other_s_answers_and_show_them(watch: Callable[..., Watched], book: Path) -> None:
    watched = watch()
    one, two = watched.page(), watched.page()
    for page in (one, two):
        page.goto(f"{book.as_uri()}/{LESSON}")

    def quiz(page: Page) -> QuizPage:
        return QuizPage(page, page.get_by_role("region", name=TITLE, exact=True))

    for number in (0, 1):
        quiz(one).question(number).place.locator("input").first.check()
        quiz(one).question(number).check()
    quiz(two).question(3).place.locator("input").first.check()
    quiz(two).question(3).check()
    expect(quiz(two).place.locator(".cq-progress")).to_contain_text("3 of 5 questions answered")
    expect(quiz(one).place.locator(".cq-progress")).to_contain_text("3 of 5 questions answered")
    one.reload()
    expect(quiz(one).place.locator(".cq-progress")).to_contain_text("3 of 5 questions answered")


def test_a_quiz_and_a_part_of_it_on_one_page_keep_each_other_s_answers(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "quiz.yml").write_text(
        "title: Both\nquestions:\n"
        "  - {id: a, type: true-false, prompt: First, answer: true}\n"
        "  - {id: b, type: true-false, prompt: Second, answer: true}\n"
    )
    (source / "conf.py").write_text("extensions = ['myst_parser', 'civicquiz']\n")
    part = "```{quiz} quiz.yml\n:questions: b\n```\n"
    (source / "index.md").write_text(f"# Page\n\n```{{quiz}} quiz.yml\n```\n\n{part}")
    run(sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", source, tmp_path / "html")
    page = watch().page()
    page.goto((tmp_path / "html" / "index.html").as_uri())
    whole, only = page.locator(".civicquiz").nth(0), page.locator(".civicquiz").nth(1)
    whole.locator(".cq-question").nth(0).get_by_label("True").check()
    only.get_by_label("True").check()
    whole.locator(".cq-question").nth(0).get_by_role("button", name="Check").click()
    page.reload()
    expect(whole.locator(".cq-question").nth(0).get_by_label("True")).to_be_checked()
    expect(only.get_by_label("True")).to_be_checked()


def test_an_untouched_list_is_checked_only_on_purpose(watch: Callable[..., Watched], book: Path) -> None:
    """It may be in the right order by chance."""
    page = watch().page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    question = example(page, "put in order").question(0)
    question.check_button.click()
    expect(question.status).to_contain_text("You haven't moved anything yet")
    expect(question.check_button).to_be_visible()
    question.check_button.click()
    expect(question.place.locator(".cq-status strong")).to_be_visible()


@ALSO_IN_FIREFOX
def test_a_term_opens_under_the_mouse_and_stays_while_it_is_read(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    button = page.locator(".civicquiz-term button", has_text="amendment").first
    note = page.locator(f"[id='{button.get_attribute('popovertarget')}']")
    expect(button).to_have_accessible_description(re.compile("A change to a constitution"))
    button.hover()
    expect(note).to_be_visible()
    note.get_by_role("link", name="In the glossary").hover()
    page.wait_for_timeout(500)
    expect(note).to_be_visible()  # a mouse that moves into the note leaves it open
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.mouse.move(0, 0)
    button.hover()
    expect(note).to_be_visible()
    button.click()  # leaves open what the mouse has opened
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    expect(note).to_be_visible()
    button.click()
    expect(note).to_be_hidden()
    page.mouse.move(0, 0)
    button.hover()
    expect(note).to_be_visible()
    page.mouse.move(0, 0)
    expect(note).to_be_hidden()


def test_a_term_opens_by_keyboard_and_by_touch(watch: Callable[..., Watched], book: Path) -> None:
    page = watch(has_touch=True).page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    button = page.locator(".civicquiz-term button").nth(1)
    note = page.locator(f"[id='{button.get_attribute('popovertarget')}']")
    button.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    button.tap()
    expect(note).to_be_visible()
    button.tap()
    expect(note).to_be_hidden()


@ALSO_IN_FIREFOX
def test_a_citation_opens_on_keyboard_focus_and_closes_when_it_goes_on(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    buttons, notes = page.locator(".civicquiz-claim button"), page.locator(".civicquiz-claim + .civicquiz-note")
    buttons.nth(3).focus()
    expect(notes.nth(3)).to_be_hidden()  # it does not open by itself
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(buttons.nth(3)).to_be_focused()
    expect(notes.nth(3)).to_be_visible()
    page.keyboard.press("Escape")
    expect(notes.nth(3)).to_be_hidden()
    page.keyboard.press("Tab")
    expect(notes.nth(4)).to_be_visible()
    page.keyboard.press("Tab")  # into the note, to a link of its source or of the claim
    expect(notes.nth(4)).to_be_visible()
    assert notes.nth(4).evaluate("note => note.contains(document.activeElement)")
    for _ in range(6):
        page.keyboard.press("Tab")
        if not notes.nth(4).evaluate("note => note.contains(document.activeElement)"):
            break
    expect(notes.nth(4)).to_be_hidden()
