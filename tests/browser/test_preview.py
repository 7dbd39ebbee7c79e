"""The preview in a real browser: it follows saves, says what is wrong, and shows a quiz as everybody will see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Watched, find_violations
from material import QUIZ, ROOT, write
from playwright.sync_api import FrameLocator, Page, expect
from running_hosts import Preview, running_preview

BROKEN = QUIZ.replace("prompt:", "promt:", 1)


def save(quiz: Path, text: str) -> None:
    """Save as editors do that write another file first."""
    write(quiz.with_name("draft"), text).replace(quiz)


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    return write(tmp_path / "quizzes" / "quiz.yml", QUIZ)


@pytest.fixture
def preview(quiz: Path) -> Iterator[Preview]:
    with running_preview(".", quiz.parent) as running:
        yield running


@pytest.fixture
def page(preview: Preview, watch: Callable[..., Watched]) -> Page:
    """The page of the quiz, once it is there."""
    page = watch().page()
    page.goto(f"{preview.url}?quiz=quiz.yml")
    expect(frame_of(page).locator(".cq-question")).to_have_count(5)
    return page


def frame_of(page: Page) -> FrameLocator:
    """The quiz that is shown, and not the one that is still being loaded."""
    return page.frame_locator("#frames iframe:not(.next)")


def test_save_is_seen_and_the_place_stays(page: Page, quiz: Path) -> None:
    frame = frame_of(page)
    field = frame.get_by_role("textbox")
    field.fill("1 4")
    field.evaluate("field => field.setSelectionRange(1, 2)")
    place = "() => document.querySelector('#frames iframe:not(.next)').contentDocument.scrollingElement.scrollTop"
    before = page.evaluate(place)
    assert before > 0
    save(quiz, QUIZ.replace("From what age", "From which age"))
    expect(frame.get_by_text("From which age does it apply?")).to_be_visible()
    expect(frame.get_by_role("textbox")).to_be_focused()
    expect(frame.get_by_role("textbox")).to_have_value("1 4")
    assert frame.get_by_role("textbox").evaluate("field => [field.selectionStart, field.selectionEnd]") == [1, 2]
    assert abs(page.evaluate(place) - before) <= 1
    page.keyboard.type("5")
    expect(frame.get_by_role("textbox")).to_have_value("154")


def test_answer_is_checked_and_stays_when_its_explanation_is_rewritten(page: Page, quiz: Path) -> None:
    frame = frame_of(page)
    frame.get_by_role("radio", name="1798").check()
    frame.get_by_role("button", name="Check").first.click()
    expect(frame.get_by_text("Explanation of the year.")).to_be_visible()
    save(quiz, QUIZ.replace("Explanation of the year.", "A better explanation."))
    expect(frame.get_by_text("A better explanation.")).to_be_visible()
    expect(frame.get_by_role("radio", name="1798")).to_be_checked()


def test_mistake_is_above_the_last_good_state_until_it_is_mended(page: Page, quiz: Path) -> None:
    save(quiz, BROKEN)
    problems = page.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("quiz.yml:5:5")
    expect(problems).to_contain_text("unknown key 'promt'")
    expect(problems).to_contain_text("Hint: did you mean 'prompt'?")
    expect(page.get_by_text("Below is the quiz as it was before these problems.")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("1 problem")
    expect(frame_of(page).locator(".cq-question")).to_have_count(5)
    assert problems.evaluate("shown => shown.getBoundingClientRect().bottom") <= page.locator("#frames").evaluate(
        "shown => shown.getBoundingClientRect().top"
    )
    save(quiz, QUIZ)
    expect(problems).to_be_hidden()
    expect(page.get_by_text("Below is the quiz")).to_be_hidden()


def test_what_is_broken_from_the_start_has_only_mistakes_until_it_is_mended(
    preview: Preview, quiz: Path, watch: Callable[..., Watched]
) -> None:
    save(quiz, BROKEN.replace("A law", "<b>A law</b>"))
    with running_preview(quiz, quiz.parent) as other:
        page = watch().page()
        page.goto(other.url)
        expect(page.get_by_role("region", name="Problems")).to_contain_text("unknown key 'promt'")
        expect(page.locator("iframe")).to_have_count(0)
        save(quiz, QUIZ)
        expect(frame_of(page).locator(".cq-question")).to_have_count(5)


def test_switches_work_by_keyboard_and_are_kept_in_the_address(page: Page) -> None:
    page.get_by_label("Student").focus()
    page.keyboard.press("ArrowRight")
    expect(frame_of(page).get_by_text("Feedback on the wrong year.")).to_be_visible()
    expect(page.get_by_label("Teacher")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(frame_of(page).get_by_text("Name:")).to_be_visible()
    expect(frame_of(page).get_by_text("Feedback on the wrong year.")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Phone width")).to_be_checked()
    assert page.locator("#frames iframe").evaluate("frame => frame.clientWidth") == 375
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Dark")).to_be_checked()
    page.reload()
    expect(frame_of(page).get_by_text("Name:")).to_be_visible()
    for name in ("Paper", "Phone width", "Dark"):
        expect(page.get_by_label(name)).to_be_checked()


def test_language_is_chosen_around_the_quiz_or_on_it(quiz: Path, watch: Callable[..., Watched]) -> None:
    course = ROOT / "examples" / "course" / "quizzes"
    for file in course.glob("amendments*.yml"):
        write(quiz.with_name(file.name), file.read_text("utf-8").replace("cites:", "# cites:"))
    with running_preview("amendments.yml", quiz.parent) as running:
        page = watch().page()
        page.goto(running.url)
        choice = page.get_by_label("Language")
        on_page = frame_of(page).get_by_label("Language")
        expect(on_page).to_have_value("en")
        choice.select_option("es")
        expect(frame_of(page).locator("select.cq-number").first).to_have_value("es")
        frame_of(page).locator("select.cq-number").first.select_option("en")
        expect(choice).to_have_value("en")
        page.get_by_label("Paper").check()
        choice.select_option("es")
        expect(frame_of(page).get_by_text("Nombre:")).to_be_visible()


def test_every_load_starts_clean_and_nothing_is_kept(page: Page) -> None:
    def answer() -> None:
        frame_of(page).get_by_role("radio", name="1812").check()
        frame_of(page).get_by_role("button", name="Check").first.click()
        expect(frame_of(page).get_by_text("Feedback on the wrong year.")).to_be_visible()

    answer()
    page.get_by_label("Teacher").check()
    page.get_by_label("Student").check()
    expect(frame_of(page).get_by_role("radio", name="1812")).to_be_checked()
    page.get_by_role("button", name="Start clean as a student").click()
    expect(frame_of(page).get_by_role("radio", name="1812")).not_to_be_checked()
    answer()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.reload()
    expect(frame_of(page).locator(".cq-question")).to_have_count(5)
    expect(frame_of(page).get_by_role("radio", name="1812")).not_to_be_checked()


def test_list_leads_to_quizzes_and_follows_what_is_made_and_deleted(
    preview: Preview, quiz: Path, watch: Callable[..., Watched]
) -> None:
    page = watch().page()
    page.goto(preview.url)
    entries = page.get_by_role("listitem")
    expect(entries).to_have_text([re.compile("A law of 1798.*No problems")])
    page.get_by_role("link").focus()
    write(quiz.with_name("another.yml"), BROKEN)
    expect(entries).to_have_text([re.compile("another.yml.*1 problem"), re.compile("A law of 1798")])
    expect(page.get_by_role("link", name="A law of 1798")).to_be_focused()
    quiz.with_name("another.yml").unlink()
    expect(entries).to_have_count(1)
    page.get_by_role("link").click()
    expect(frame_of(page).locator(".cq-question")).to_have_count(5)
    page.get_by_role("link", name="All quizzes").click()
    expect(entries).to_have_count(1)


def test_text_of_an_author_is_no_markup_of_the_page(page: Page, quiz: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    save(quiz, QUIZ.replace("A law of 1798", f"{hostile}").replace("prompt:", f"'{hostile}':", 1))
    problems = page.get_by_role("region", name="Problems")
    expect(problems).to_contain_text(f"unknown key '{hostile}'")
    save(quiz, QUIZ.replace("A law of 1798", f"{hostile}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(hostile)
    assert page.locator("img").count() == 0


def test_link_in_a_quiz_opens_beside_the_preview(page: Page, quiz: Path) -> None:
    save(quiz, QUIZ.replace("It covers US citizens.", "It covers [US citizens](https://example.org/)."))
    link = frame_of(page).get_by_role("link", name="US citizens")
    expect(link).to_be_visible()
    assert link.evaluate("link => [link.ownerDocument.querySelector('base').target, link.baseURI]") == [
        "_blank",
        link.evaluate("link => link.ownerDocument.URL"),
    ]


def test_page_says_that_the_preview_has_ended(page: Page, preview: Preview) -> None:
    assert preview.end() == (0, "")
    expect(page.get_by_role("status").first).to_contain_text("The preview has ended")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    preview: Preview, quiz: Path, watch: Callable[..., Watched], width: int, scheme: str
) -> None:
    page = watch(viewport={"width": width, "height": 900}, color_scheme=scheme).page()
    page.goto(preview.url)
    expect(page.get_by_role("listitem")).to_have_count(1)
    assert find_violations(page, "html") == []
    page.get_by_role("link").click()
    for view, text in {
        "Teacher": "Feedback on the wrong year.",
        "Paper": "Name:",
        "Student": "Question 1 of 5",
    }.items():
        page.get_by_label(view).check()
        expect(frame_of(page).get_by_text(text).first).to_be_visible()
        assert find_violations(page, "html") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    save(quiz, BROKEN)
    expect(page.get_by_role("region", name="Problems")).to_be_visible()
    assert find_violations(page, "html") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["student", "teacher"])
def test_axe_finds_nothing_in_the_frame(page: Page, preview: Preview, view: str, theme: str) -> None:
    page.goto(f"{preview.url}frame?quiz=quiz.yml&view={view}")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    expect(page.get_by_text("A law of 1798").first).to_be_visible()
    assert find_violations(page, "html", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]) == []
