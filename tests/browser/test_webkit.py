"""Pages in WebKit, which Safari is made of too: every question type by keyboard, lists by dragging, and a reload.

Playwright drives no WebKit but its own, so these tests drive the one that Debian and Ubuntu have, with its own driver.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import skip_without
from selenium.webdriver import ActionChains, Keys, WebKitGTK, WebKitGTKOptions, WebKitGTKService
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from .test_accessibility import EXAMPLES, TITLES
from .test_controls import KEYS

#: What Playwright calls keys -> what Selenium calls them
NAMED = {"Space": Keys.SPACE, "Enter": Keys.ENTER, "ArrowDown": Keys.ARROW_DOWN, "Tab": Keys.TAB}


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """The name of a screen that nobody sees: this browser has no mode without one."""
    if shutil.which("Xvfb") is None:
        skip_without("Xvfb: install the package xvfb")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def driver(display: str) -> Iterator[WebKitGTK]:
    program = shutil.which("WebKitWebDriver")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    if program is None or browser is None:
        skip_without("WebKit: install the package webkit2gtk-driver")
    options = WebKitGTKOptions()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    driver = WebKitGTK(options=options, service=WebKitGTKService(program, env={"DISPLAY": display}))
    driver.set_window_size(1280, 1000)
    yield driver
    driver.quit()


def press(driver: WebKitGTK, *keys: str) -> None:
    ActionChains(driver).send_keys(*(NAMED.get(key, key) for key in keys)).perform()


def ask(driver: WebKitGTK, script: str, *arguments: Any) -> Any:
    """What an expression in JavaScript comes to."""
    return driver.execute_script(f"return {script}", *arguments)


def wait_for(driver: WebKitGTK, script: str, *arguments: Any) -> Any:
    return WebDriverWait(driver, 60, 0.05).until(lambda _: ask(driver, script, *arguments), script)


def open_page(driver: WebKitGTK, address: str) -> None:
    driver.get(address)
    wait_for(driver, "document.querySelector('.civicquiz')")
    driver.execute_script("window.found = []; addEventListener('error', ({ message }) => found.push(message))")


def quiz_of(driver: WebKitGTK, name: str) -> WebElement:
    titles = "[...document.querySelectorAll('.civicquiz')]"
    place = ask(
        driver,
        f"{titles}.find(quiz => quiz.querySelector('.cq-title').textContent === arguments[0])",
        f"Example: {TITLES[name]}",
    )
    assert place, name
    return place


def tab_to(driver: WebKitGTK, quiz: WebElement, selector: str) -> None:
    """Press Tab until the focus is on it; the focus never leaves the quiz before."""
    for _ in range(40):
        press(driver, "Tab")
        assert ask(driver, "arguments[0].contains(document.activeElement)", quiz), (
            f"the focus left the quiz before it came to {selector}"
        )
        if ask(driver, "document.activeElement.matches(arguments[0])", selector):
            return
    pytest.fail(f"Tab does not come to {selector}")


@pytest.mark.parametrize("place", ["file", "http"])
def test_every_type_is_complete_by_keyboard_and_found_again_after_a_reload(
    place: str, driver: WebKitGTK, book: Path, served_book: str
) -> None:
    open_page(driver, f"{book.as_uri() if place == 'file' else served_book}/{EXAMPLES}")
    for name, (control, keys) in KEYS.items():
        quiz = quiz_of(driver, name)
        driver.execute_script("const t = arguments[0].querySelector('.cq-title'); t.tabIndex = -1; t.focus()", quiz)
        tab_to(driver, quiz, control)
        press(driver, *keys)
        tab_to(driver, quiz, "button.cq-main")
        press(driver, "Enter")
        wait_for(driver, "arguments[0].querySelector('.cq-status strong')", quiz)
        assert ask(driver, "arguments[0].contains(document.activeElement)", quiz), f"{name}: the focus is lost"
        if ask(driver, "arguments[0].querySelector('.cq-reveal').offsetParent !== null", quiz):
            tab_to(driver, quiz, "button.cq-reveal")
            press(driver, "Enter")
        wait_for(driver, "arguments[0].querySelector('.cq-explanation').textContent.includes('Explanation')", quiz)
        assert ask(driver, "arguments[0].contains(document.activeElement)", quiz), f"{name}: the focus is lost"
    assert ask(driver, "found") == []

    def statuses() -> dict[str, str]:
        status = "arguments[0].querySelector('.cq-status').innerText"
        return {name: ask(driver, status, quiz_of(driver, name)) for name in KEYS}

    before = statuses()
    assert all(before.values())
    open_page(driver, driver.current_url)
    assert statuses() == before


def test_list_is_put_in_order_by_dragging(driver: WebKitGTK, served_book: str) -> None:
    open_page(driver, f"{served_book}/{EXAMPLES}")
    driver.execute_script("localStorage.clear()")
    open_page(driver, f"{served_book}/{EXAMPLES}")
    quiz = quiz_of(driver, "order")
    driver.execute_script("arguments[0].scrollIntoView({ behavior: 'instant' })", quiz)
    texts = "[...arguments[0].querySelectorAll('.cq-entry')].map(entry => entry.textContent)"
    before = ask(driver, texts, quiz)
    grip = ask(driver, "arguments[0].querySelector('.cq-grip').getBoundingClientRect().toJSON()", quiz)
    third = ask(driver, "arguments[0].querySelectorAll('.cq-order > li')[2].getBoundingClientRect().toJSON()", quiz)
    x, top, bottom = int(grip["x"]) + 8, int(grip["y"]) + 8, int(third["bottom"]) - 2
    drag = ActionChains(driver)
    pointer = drag.w3c_actions.pointer_action
    pointer.move_to_location(x, top).pointer_down()
    pointer.move_to_location(x, (top + bottom) // 2).move_to_location(x, bottom - 8).move_to_location(x, bottom)
    pointer.pointer_up()
    drag.perform()
    assert ask(driver, texts, quiz) == [before[1], before[2], before[0], *before[3:]]
    status = ask(driver, "arguments[0].querySelector('.cq-status').innerText", quiz)
    assert status == f"{before[0]}: now 3 of {len(before)}"
    assert ask(driver, "found") == []
