"""The preview in a real browser: it follows saves, shows mistakes, and its switches work by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Watched, find_violations
from material import QUIZ, write
from running_hosts import Preview, running_preview

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    return write(tmp_path / "quiz.yml", QUIZ)


@pytest.fixture
def preview(quiz: Path) -> Iterator[Preview]:
    with running_preview(quiz.parent, quiz.parent) as preview:
        yield preview


def _shown(page: Page) -> FrameLocator:
    return page.frame_locator("#frames iframe:not(.next)")


def test_save_is_seen_and_a_mistake_leaves_the_last_good_quiz(
    quiz: Path, preview: Preview, watch: Callable[..., Watched]
) -> None:
    from playwright.sync_api import expect

    page = watch().page()
    page.goto(preview.url)
    page.get_by_role("link").first.click()
    text = quiz.read_text("utf-8")
    expect(_shown(page).locator(".cq-title")).to_be_visible()
    write(quiz, text.replace("title: ", "title: Changed, "))
    expect(_shown(page).locator(".cq-title")).to_contain_text("Changed, ")
    write(quiz, text.replace("title: ", "titel: "))
    problems = page.get_by_role("region", name="Problems")
    expect(problems).to_contain_text("quiz.yml:1:1")
    expect(problems).to_contain_text("did you mean 'title'?")
    expect(_shown(page).locator(".cq-title")).to_contain_text("Changed, ")
    assert find_violations(page, "body") == []
    write(quiz, text)
    expect(problems).to_be_hidden()
    expect(_shown(page).locator(".cq-title")).not_to_contain_text("Changed, ")


def test_answers_are_checked_and_gone_when_the_student_starts_clean(
    preview: Preview, watch: Callable[..., Watched]
) -> None:
    from playwright.sync_api import expect

    page = watch().page()
    page.goto(f"{preview.url}?quiz=quiz.yml")
    first = _shown(page).locator(".cq-question").first
    first.locator("input").first.check()
    first.get_by_role("button", name="Check", exact=True).click()
    expect(first.locator(".cq-status strong")).to_be_visible()
    page.get_by_role("button", name="Start clean as a student").click()
    expect(_shown(page).locator(".cq-question").first.locator("input").first).not_to_be_checked()
    assert page.evaluate("localStorage.length") == 0


def test_switches_work_by_keyboard_and_stay_when_the_page_is_loaded_again(
    preview: Preview, watch: Callable[..., Watched]
) -> None:
    from playwright.sync_api import expect

    page = watch().page()
    page.goto(f"{preview.url}?quiz=quiz.yml")
    expect(_shown(page).locator(".cq-title")).to_be_visible()
    page.get_by_label("Student", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Teacher", exact=True)).to_be_checked()
    expect(_shown(page).locator(".answered").first).to_be_visible()
    page.get_by_label("Dark").focus()
    page.keyboard.press("Space")
    page.reload()
    expect(page.get_by_label("Teacher", exact=True)).to_be_checked()
    expect(page.get_by_label("Dark")).to_be_checked()
    expect(_shown(page).locator(".answered").first).to_be_visible()
    assert find_violations(page, "body") == []
