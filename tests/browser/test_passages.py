"""Running texts in a real browser: gaps in tables and code, and lines of code to select."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browsing import GAPS_APART, Watched, find_violations
from material import ROOT
from playwright.sync_api import Locator, Page, expect
from running_hosts import running_preview

CODE = "The program adds the votes of two wards. What is missing?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    folder = ROOT / "examples" / "more"
    with running_preview("numbers-and-code.yml", folder) as running:
        yield running.url


@pytest.fixture(params=[(375, "light"), (1280, "dark")], ids=["phone", "dark"])
def page(request: pytest.FixtureRequest, address: str, watch: Callable[..., Watched]) -> Page:
    width, scheme = request.param
    page = watch(viewport={"width": width, "height": 800}, color_scheme=scheme).page()
    page.goto(address)
    page.wait_for_selector("#frames iframe:not(.next)")
    page.goto(f"{address}frame?view=student")
    return page


def card(page: Page, prompt: str) -> Locator:
    return page.locator(".cq-question").filter(has_text=prompt)


def test_gaps_in_code_are_filled_by_keyboard_and_marked_in_their_lines(page: Page) -> None:
    question = card(page, CODE)
    code = question.locator("pre")
    expect(code.locator("input, select")).to_have_count(3)
    question.get_by_role("textbox", name="Blank 1").focus()
    page.keyboard.type("wards")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("+=")
    question.get_by_role("button", name="Check").click()
    question.locator(".cq-reveal").click()
    expect(code).to_contain_text("✓ Correct")
    expect(code).to_contain_text("✗ Correct answer: 0")
    assert "wards = [[310, 290], [275, 402]]" in code.inner_text()


def test_gaps_in_a_table_are_in_their_cells(page: Page) -> None:
    question = card(page, "Complete the table.")
    row = question.get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_count(3)
    row.get_by_role("cell").nth(2).get_by_role("textbox").fill("votes")
    question.get_by_role("row").nth(2).get_by_role("cell").nth(1).get_by_role("textbox").fill("Voted")
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_contain_text("Correct")


def test_line_of_code_is_selected_by_its_words(page: Page) -> None:
    question = card(page, "The program should print the larger number.")
    question.get_by_role("checkbox", name="larger = min(yes, no)").check()
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_contain_text("Correct")


def test_running_texts_are_accessible_and_fit_on_a_phone(page: Page) -> None:
    expect(page.locator(".cq-question")).to_have_count(9)
    assert find_violations(page, "body") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module", params=["select-text", "cloze"])
def example(request: pytest.FixtureRequest) -> Iterator[str]:
    with running_preview(f"{request.param}.yml", ROOT / "examples") as running:
        yield running.url


def test_lines_of_a_running_text_break_after_a_check_box_at_no_width(
    example: str, watch: Callable[..., Watched]
) -> None:
    """A check box is on the line of its first word, a gap on that of the punctuation after it, and all controls of a
    text have about the same height.
    """
    page = watch().page()
    page.goto(example)
    page.wait_for_selector("#frames iframe:not(.next)")
    page.goto(f"{example}frame?view=student")
    controls = page.locator(".cq-passage :is(input, select)")
    controls.first.wait_for()
    heights = controls.evaluate_all("controls => controls.map((control) => control.offsetHeight)")
    assert max(heights) - min(heights) <= 4, heights
    parted = {}
    for width in range(320, 800, 8):
        page.set_viewport_size({"width": width, "height": 800})
        if words := page.locator(".cq-passage .cq-option").evaluate_all(
            """options => options.filter((option) => {
                const first = document.createRange();
                const words = document.createTreeWalker(option, NodeFilter.SHOW_TEXT).nextNode();
                first.setStart(words, 0);
                first.setEnd(words, 1);
                const [box, letter] = [option.querySelector("input"), first].map((one) => one.getBoundingClientRect());
                return letter.top >= box.bottom || letter.bottom <= box.top;
            }).map((option) => option.textContent)"""
        ):
            parted[width] = words
        if gaps := page.locator(".cq-blank").evaluate_all(GAPS_APART):
            parted[width] = gaps
    assert parted == {}
