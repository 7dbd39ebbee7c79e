"""A real Chromium, the real book and a real JupyterLab for the browser tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from running_hosts import CHROMIUM_FLAGS, CHROMIUM_NAMES, Lab, find_chromium, running_lab, serve

REPO = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        reason = f"needs Chromium: none of {', '.join(CHROMIUM_NAMES)} is installed, and CHROMIUM names none"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A browser context that notes what its pages ask for and complain about."""

    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: whether requests and errors are held against us; not on a page whose frame is somebody else's
    ours: bool = True

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def other_hosts(self) -> list[str]:
        local = ("file", "data", "blob", "about")
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in local and urlsplit(url).hostname not in ("127.0.0.1", "localhost")
        ]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Makes browser contexts. At the end of the test none of their pages may have asked another host for anything."""
    made: list[Watched] = []

    def make(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(20_000)
        made.append(Watched(context))
        return made[-1]

    yield make
    for watched in made:
        watched.context.close()
    ours = [watched for watched in made if watched.ours]
    assert [url for watched in ours for url in watched.other_hosts()] == []
    assert [error for watched in ours for error in watched.errors] == []


def run(*command: str | Path, cwd: Path = REPO) -> str:
    """Run a command; its output, or a failure that shows it."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.fail(
            f"{' '.join(map(str, command))} exited {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
        )
    return done.stdout


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built book, built as `make book` builds it."""
    out = tmp_path_factory.mktemp("book")
    tool = Path(sys.executable).with_name("jupyter-book")
    run(tool, "build", "-W", "-n", "--keep-going", "--path-output", out, REPO)
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def served_book(book: Path) -> Iterator[str]:
    server, url = serve(book)
    yield url
    server.shutdown()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("lab")
    for name in ("lessons", "quizzes", "seeds", "examples"):
        shutil.copytree(REPO / name, root / name, ignore=shutil.ignore_patterns("*.responses.json", ".ipynb*"))
    with running_lab(root, tmp_path_factory.mktemp("home")) as lab:
        yield lab


@pytest.fixture
def lab(lab_server: Lab) -> Iterator[Lab]:
    yield lab_server
    lab_server.stop_kernels()
    for left in lab_server.root.rglob("*.responses.json*"):
        left.unlink()


class QuizPage:
    """A quiz as a learner sees it, in either host."""

    def __init__(self, page: Page, place: Locator) -> None:
        self.page = page
        self.place = place
        self.questions = place.locator(".cq-question")

    def question(self, number: int) -> Question:
        return Question(self.page, self.questions.nth(number))


class Question:
    def __init__(self, page: Page, place: Locator) -> None:
        self.page = page
        self.place = place
        self.status = place.get_by_role("status")
        self.check_button = place.get_by_role("button", name="Check")
        self.retry_button = place.get_by_role("button", name="Try again")
        self.reveal_button = place.get_by_role("button", name="Show the answer")

    def choose(self, *texts: str) -> None:
        for text in texts:
            self.place.get_by_label(text).check()

    def check(self) -> str:
        """Press Check; what the status says once the answer is there."""
        self.check_button.click()
        self.place.locator(".cq-status strong").wait_for()
        return self.status.inner_text()


def focus_is_lost(page: Page) -> bool:
    return bool(page.evaluate("document.activeElement === null || document.activeElement === document.body"))
