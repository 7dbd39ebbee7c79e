"""Every question type by keyboard alone and by pointer, and lists by dragging, in both hosts and in a shadow tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import ALSO_IN_FIREFOX, Lab, Watched, focus_is_lost, focused, is_firefox
from playwright.sync_api import Locator, Page, expect

from .test_accessibility import EXAMPLES, SHOW_ALL, TITLES, TYPES

#: question type -> the control to focus, and the keys that answer with it
KEYS = {
    "single-choice": ("input[type=radio]", ["Space"]),
    "true-false": ("input[type=radio]", ["Space"]),
    "multiple-choice": ("input[type=checkbox]", ["Space"]),
    "select-text": ("input[type=checkbox]", ["Space"]),
    "order": ("button.cq-move[aria-disabled=false]", ["Enter"]),
    "match": ("select", ["ArrowDown"]),
    "categorize": ("select", ["ArrowDown"]),
    "cloze": ("input[type=text]", ["7"]),
    "timeline": ("input[type=text]", ["1", "9", "6", "0"]),
    "numeric": ("input[type=text]", ["3"]),
    "calculated": ("input[type=text]", ["3"]),
    "short-text": ("input[type=text]", ["c", "o"]),
    "open-response": ("textarea", ["I", "Space", "t"]),
    "poll": ("input[type=checkbox]", ["Space"]),
}


#: Draws each quiz of a page in a shadow tree of its own, as some hosts of anywidget do: Jupyter Book 2 is one.
IN_SHADOW_TREES = """(() => {
    let all, render;
    const inShadowTree = ({ el, model }) => {
        const host = document.createElement("div");
        const root = host.attachShadow({ mode: "open" });
        const styles = document.querySelectorAll("link[rel=stylesheet][href*='/civicquiz/']");
        const place = document.createElement("div");
        root.append(...[...styles].map((style) => style.cloneNode()), place);
        el.replaceChildren(host);
        return render({ el: place, model });
    };
    const drawn = { get: () => render && inShadowTree, set: (value) => { render = value; } };
    const made = (value) => { all = Object.defineProperty(value, "render", drawn); };
    Object.defineProperty(globalThis, "civicquiz", { configurable: true, get: () => all, set: made });
})()"""


#: Browsers and hosts. One notebook in Firefox is among the tests of JupyterLab.
WHERE = pytest.mark.parametrize(
    ("browser", "host"),
    [
        ("chromium", "book"),
        ("chromium", "lab"),
        ("chromium", "shadow tree"),
        ("firefox", "book"),
        ("firefox", "shadow tree"),
    ],
    indirect=["browser"],
)


def opened(host: str, request: pytest.FixtureRequest, watch: Callable[..., Watched], **options: object) -> Page:
    if host == "lab":
        lab: Lab = request.getfixturevalue("lab")
        page = watch(viewport={"width": 1280, "height": 6000}, **options).page()
        lab.open(page, lab.write("class/controls.ipynb", SHOW_ALL))
        lab.run_all(page)
        expect(page.locator(".civicquiz")).to_have_count(len(TYPES))
        return page
    page = watch(viewport={"width": 375, "height": 700}, **options).page()
    if host == "shadow tree":
        page.add_init_script(IN_SHADOW_TREES)
    page.goto(f"{request.getfixturevalue('book').as_uri()}/{EXAMPLES}")
    if host == "shadow tree":
        assert page.evaluate("document.querySelectorAll('.civicquiz').length") == 0
    return page


def quiz_of(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=f"Example: {TITLES[name]}", exact=True)


def tab_to(page: Page, quiz: Locator, selector: str) -> None:
    """Press Tab until the focus is on it; the focus never leaves the quiz before."""
    for _ in range(40):
        page.keyboard.press("Tab")
        inside = quiz.evaluate("quiz => quiz.contains(quiz.getRootNode().activeElement)")
        assert inside, f"the focus left the quiz before it came to {selector}"
        if focused(page, f"element => element.matches('{selector}')"):
            return
    pytest.fail(f"Tab does not come to {selector}")


@WHERE
def test_every_type_is_complete_by_keyboard(
    host: str, request: pytest.FixtureRequest, watch: Callable[..., Watched]
) -> None:
    assert set(KEYS) == set(TYPES)
    page = opened(host, request, watch)
    for name, (control, keys) in KEYS.items():
        quiz = quiz_of(page, name)
        # Where a keyboard user is on arriving at the quiz.
        quiz.locator(".cq-title").evaluate("title => { title.tabIndex = -1; title.focus(); }")
        tab_to(page, quiz, control)
        for key in keys:
            page.keyboard.press(key)
        tab_to(page, quiz, "button.cq-main")
        page.keyboard.press("Enter")
        quiz.locator(".cq-status strong").wait_for()
        assert not focus_is_lost(page), name
        if quiz.locator(".cq-reveal").is_visible():
            tab_to(page, quiz, "button.cq-reveal")
            page.keyboard.press("Enter")
        expect(quiz.locator(".cq-explanation")).to_contain_text("Explanation")
        assert not focus_is_lost(page), name


@pytest.mark.parametrize(
    ("browser", "host"), [("chromium", "book"), ("chromium", "lab"), ("firefox", "book")], indirect=["browser"]
)
def test_every_type_is_complete_by_pointer(
    host: str, request: pytest.FixtureRequest, watch: Callable[..., Watched]
) -> None:
    """By touch in Chromium, and with a mouse in Firefox, whose driver sends nothing for a tap."""
    page = opened(host, request, watch, has_touch=True)
    press = Locator.click if is_firefox(page) else Locator.tap
    for name, (control, _) in KEYS.items():
        quiz = quiz_of(page, name)
        first = quiz.locator(control).first
        if control == "select":
            press(first)
            first.select_option(index=1)  # the list itself is the browser's
        elif control.startswith("input[type=text]") or control == "textarea":
            press(first)
            page.keyboard.type("1960")  # as an on-screen keyboard does
        elif control.startswith("button"):
            press(first)
        else:
            press(quiz.locator(f"label:has(+ *), {control} + label").first)
        press(quiz.locator("button.cq-main"))
        quiz.locator(".cq-status strong").wait_for()
        if quiz.locator(".cq-reveal").is_visible():
            press(quiz.locator("button.cq-reveal"))
        expect(quiz.locator(".cq-explanation")).to_contain_text("Explanation")


@WHERE
def test_list_is_put_in_order_by_dragging_and_announced(
    host: str, request: pytest.FixtureRequest, watch: Callable[..., Watched]
) -> None:
    page = opened(host, request, watch)
    quiz = quiz_of(page, "order")
    entries = quiz.locator(".cq-order > li")
    entries.first.scroll_into_view_if_needed()
    before = quiz.locator(".cq-entry").all_inner_texts()
    start, end = entries.first.locator(".cq-grip").bounding_box(), entries.nth(2).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + end["height"] / 2, steps=5)
    page.mouse.move(start["x"] + 8, end["y"] + end["height"] - 2, steps=3)
    page.mouse.up()
    after = quiz.locator(".cq-entry").all_inner_texts()
    assert after == [before[1], before[2], before[0], *before[3:]]
    expect(quiz.get_by_role("status").first).to_have_text(f"{before[0]}: now 3 of {len(before)}")
    quiz.locator("button.cq-main").click()
    quiz.locator(".cq-status strong").wait_for()
    entries.first.scroll_into_view_if_needed()  # the focus is on the outcome, below the list
    start = entries.first.locator(".cq-grip").bounding_box()
    assert start
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, start["y"] + 150, steps=4)
    page.mouse.up()
    assert quiz.locator(".cq-entry").all_inner_texts() == after  # it has been checked


@ALSO_IN_FIREFOX
def test_quiz_in_a_shadow_tree_is_as_light_or_dark_as_the_page_around_it(
    request: pytest.FixtureRequest, watch: Callable[..., Watched]
) -> None:
    """Whatever the operating system is set to: else its links and borders would be hard to see."""
    page = opened("shadow tree", request, watch, color_scheme="dark")
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        for name in TYPES:
            assert quiz_of(page, name).evaluate("quiz => getComputedStyle(quiz).colorScheme") == theme, name


def test_drag_that_ends_where_it_began_changes_nothing(
    request: pytest.FixtureRequest, watch: Callable[..., Watched]
) -> None:
    page = opened("book", request, watch)
    quiz = quiz_of(page, "order")
    grip = quiz.locator(".cq-grip").first
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, box["y"] + 200, steps=4)
    page.mouse.move(box["x"] + 8, box["y"] + 8, steps=4)
    page.mouse.up()
    expect(quiz.get_by_role("status").first).to_have_text("")
    quiz.locator("button.cq-main").click()
    expect(quiz.get_by_role("status").first).to_contain_text("You haven't moved anything yet")
