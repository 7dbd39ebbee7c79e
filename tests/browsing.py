"""Real browsers, a real book and a real JupyterLab for the browser tests, as a pytest plugin."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote, urlsplit

import pytest
from material import ROOT
from running_hosts import (
    CHROMIUM_FLAGS,
    CHROMIUM_NAMES,
    FIREFOX_NAMES,
    FIREFOX_VERSION,
    Lab,
    find_chromium,
    find_firefox,
    on_the_wire,
    running_lab,
    serving,
)
from sample_book import write_sample_book

if TYPE_CHECKING:  # the other tests run without Playwright
    from playwright.sync_api import Browser, BrowserContext, Error, Frame, Locator, Page, Request


#: Fixtures that take long and are there for many tests.
_SHARED = ("lab_server", "live_site", "course_book", "docs_site")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark the browser tests, and say what belongs together when tests run in several processes.

    What takes longest starts first. Tests that share something slow stay in one process, so that it is started or built
    once; so do the tests of a file, because of its fixtures.
    """
    for item in items:
        together = item.path.as_posix()
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            hosts = item.callspec.id.split("-") if hasattr(item, "callspec") else ()
            needed = {*item.fixturenames, *({"lab_server"} if "lab" in hosts else ())}
            together = next((name for name in _SHARED if name in needed), "browser")
        item.add_marker(pytest.mark.xdist_group(together))
    items.sort(key=lambda item: item.path.parent.name not in ("browser", "spark"))


#: Runs a test in Firefox too.
ALSO_IN_FIREFOX = pytest.mark.parametrize("browser", ["chromium", "firefox"], indirect=True)


def skip_without(what: str) -> NoReturn:
    """End a test for which a program is missing: skip it, or fail in continuous integration, which has them all."""
    reason = f"needs {what}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _recent_firefox() -> str:
    """The path of a Firefox that knows the commands of the driver."""
    path = find_firefox()
    if path is None:
        skip_without(f"Firefox: none of {', '.join(FIREFOX_NAMES)} is installed, and FIREFOX names none")
    version = run(path, "--version")
    if int(re.findall(r"\d+", version)[0]) < FIREFOX_VERSION:
        skip_without(f"Firefox {FIREFOX_VERSION} or newer; {path} is {version.strip()}")
    return path


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Firefox downloads to."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def start_browser(downloads: Path) -> Iterator[Callable[[str], Browser]]:
    """Gives the browser of a name, which is started once."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # for a busy machine
    started: dict[str, Browser] = {}

    def start(name: str) -> Browser:
        if name not in started and name == "firefox":
            # The channel for a Firefox that is not a build of Playwright's own.
            options = {"channel": "moz-firefox", "executable_path": _recent_firefox(), "downloads_path": downloads}
            started[name] = playwright.firefox.launch(**options)
        elif name not in started:
            path = find_chromium()
            if path is None:
                skip_without(f"Chromium: none of {', '.join(CHROMIUM_NAMES)} is installed, and CHROMIUM names none")
            started[name] = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        return started[name]

    with sync_playwright() as playwright:
        yield start
        for browser in started.values():
            browser.close()


@pytest.fixture
def browser(request: pytest.FixtureRequest, start_browser: Callable[[str], Browser]) -> Browser:
    """The browser of the test: Chromium, or the one that it is parametrized with."""
    return start_browser(getattr(request, "param", "chromium"))


def wait_until(page: Page, condition: Callable[[], object]) -> None:
    """Wait until something outside the page is true, as what a kernel writes into a file. ``expect`` waits for what is
    in the page.
    """
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(100)
    pytest.fail("it has not happened within a minute")


@pytest.fixture
def download(downloads: Path) -> Callable[[Locator], Path]:
    """Presses a button that saves a file; the file, with the name that the page has given it."""

    def press(button: Locator) -> Path:
        if not is_firefox(button.page):
            with button.page.expect_download() as event:
                button.click()
            file = downloads / event.value.suggested_filename
            event.value.save_as(file)
            return file
        # The driver passes over the event of this Firefox, in which no page is loaded.
        for left in downloads.iterdir():
            left.unlink()
        button.click()

        def saved() -> list[Path]:
            return [path for path in downloads.iterdir() if path.suffix != ".part" and path.stat().st_size]

        wait_until(button.page, saved)
        return saved()[0]

    return press


#: What Firefox says of requests that end before their answer is complete.
_CUT_OFF = ("The operation was aborted.", "NetworkError when attempting to fetch resource.")


@dataclass
class Watched:
    """A browser context that records the requests and errors of its pages."""

    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: whether requests and errors count as faults; false for a page whose frame is not ours
    ours: bool = True

    def page(self) -> Page:
        page = self.context.new_page()
        is_left = False

        def request(request: Request) -> None:
            nonlocal is_left
            self.requests.append(request.url)
            is_left = is_left or (request.is_navigation_request() and request.frame == page.main_frame)

        def arrive(frame: Frame) -> None:
            nonlocal is_left
            is_left = is_left and frame != page.main_frame

        def error(error: Error) -> None:
            # JupyterLab asks its server for something all the time, also while its page is being left.
            if not (is_left and str(error).strip() in _CUT_OFF):
                self.errors.append(str(error))

        def fail(request: Request) -> None:
            nonlocal is_left
            is_left = is_left and not request.is_navigation_request()

        page.on("request", request)
        page.on("requestfailed", fail)
        page.on("framenavigated", arrive)
        page.on("pageerror", error)
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
    """Creates browser contexts. At the end of the test, none of their pages may have requested anything from another
    host."""
    made: list[Watched] = []

    def make(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(60_000)  # for a busy machine
        made.append(Watched(context))
        return made[-1]

    yield make
    for watched in made:
        watched.context.close()
    ours = [watched for watched in made if watched.ours]
    assert [url for watched in ours for url in watched.other_hosts()] == []
    assert [error for watched in ours for error in watched.errors] == []


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command; its output, or a failure that shows it."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.fail(
            f"{' '.join(map(str, command))} exited {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
        )
    return done.stdout


#: In a browser: the passages of gaps that are not on the line of the punctuation after them.
GAPS_APART = """gaps => gaps.filter((gap) => {
    const text = gap.nextSibling;
    if (text?.nodeType !== Node.TEXT_NODE || !/^\\p{P}/u.test(text.data)) return false;
    const sign = document.createRange();
    sign.setStart(text, 0);
    sign.setEnd(text, 1);
    const [{ top, bottom }, control] = [sign, gap.firstElementChild].map((one) => one.getBoundingClientRect());
    return top >= control.bottom || bottom <= control.top;
}).map((gap) => gap.closest(".cq-passage").textContent)"""


def build_book(source: Path, out: Path) -> Path:
    """Build the book in `source` as `make book` builds it; the folder of its pages."""
    tool = Path(sys.executable).with_name("jupyter-book")
    run(tool, "build", "-W", "-n", "--keep-going", "--path-output", out, source)
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def sample_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a book that has not been built: the sample course, all examples, and pages of the docs."""
    return write_sample_book(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="session")
def book(sample_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its pages."""
    return build_book(sample_book, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def served_book(book: Path) -> Iterator[str]:
    with serving(book) as url:
        yield url


@pytest.fixture(scope="session")
def docs_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the documentation's pages, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("docs")
    strict = ("-W", "-n", "--keep-going", "-d", folder / "doctrees")
    run(sys.executable, "-m", "sphinx", *strict, ROOT / "docs", folder / "pages")
    return folder / "pages"


@pytest.fixture(scope="session")
def served_docs_site(docs_site: Path) -> Iterator[str]:
    with serving(docs_site) as url:
        yield url


@contextmanager
def lab_of(source: Path, root: Path, home: Path) -> Iterator[Lab]:
    """A JupyterLab in `root`, with the lessons, quizzes, seeds and examples of the book in `source`."""
    for name in ("lessons", "quizzes", "seeds", "examples"):
        shutil.copytree(source / name, root / name, ignore=shutil.ignore_patterns("*.responses.json", ".ipynb*"))
    with running_lab(root, home) as lab:
        yield lab


@pytest.fixture(scope="session")
def lab_server(sample_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_of(sample_book, tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("home")) as lab:
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
        self.check_button = place.get_by_role("button", name=re.compile("^(Check|Save answer)$"))  # of a poll, too
        self.retry_button = place.get_by_role("button", name="Try again")
        self.reveal_button = place.get_by_role("button", name="Show the answer")

    def choose(self, *texts: str) -> None:
        for text in texts:
            self.place.get_by_label(text).check()

    def check(self) -> str:
        """Press Check and wait; returns what the status says then."""
        self.check_button.click()
        self.place.locator(".cq-status strong").wait_for()
        return self.status.inner_text()


#: What has the focus, also in a shadow tree, of which the document only knows the host.
FOCUSED = """(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot) focused = focused.shadowRoot.activeElement;
    return focused;
})()"""


def focused(page: Page, expression: str) -> Any:
    """What a function in JavaScript says of the element that has the focus."""
    return page.evaluate_handle(FOCUSED).evaluate(expression)


def focus_is_lost(page: Page) -> bool:
    return bool(page.evaluate(f"[null, document.body].includes({FOCUSED})"))


#: What a page looks like on paper, where the driver has no command for it. The styles have to be in the page itself.
STYLES_FOR_PAPER = """() => {
    const media = { print: "all", screen: "not all" };
    const change = (rules) => {
        for (const rule of rules) {
            if (rule.media?.mediaText in media) rule.media.mediaText = media[rule.media.mediaText];
            change(rule.cssRules || []);
        }
    };
    for (const sheet of document.styleSheets) change(sheet.cssRules);
}"""


def show_as_printed(page: Page) -> None:
    """Show a page as it is printed."""
    if is_firefox(page):
        page.evaluate(STYLES_FOR_PAPER)
    else:
        page.emulate_media(media="print")


def is_firefox(page: Page) -> bool:
    browser = page.context.browser
    return browser is not None and browser.browser_type.name == "firefox"


#: axe's tags for the rules of WCAG 2.2, levels A and AA.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_violations(page: Page, place: str, tags: list[str] | None = None) -> list[dict[str, Any]]:
    """What axe finds in `place`, with the rules for `tags` or with all rules, once colors have ceased to change."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(
        """() => Promise.allSettled(
            document.getAnimations()
                .filter((animation) => animation.playState === "running")
                .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
                .map((animation) => animation.finished))"""
    )
    results = Axe().run(page, context=place, options={"runOnly": tags} if tags else None)
    return [
        {"rule": found["id"], "what": found["help"], "where": [node["html"] for node in found["nodes"]]}
        for found in results.response["violations"]
    ]


def answer_by_keyboard(page: Page, quiz: QuizPage) -> None:
    """Answer and check every question with Tab, arrows, Space and Enter; fails if the focus is lost on the way."""
    from playwright.sync_api import expect

    quiz.question(0).place.locator("input").first.focus()
    for number in range(quiz.questions.count()):
        question = quiz.question(number)
        place = question.place
        # Tab until the focus is inside this question.
        for _ in range(12):
            if place.evaluate(f"place => place.contains({FOCUSED})"):
                break
            page.keyboard.press("Tab")
        control = page.evaluate(f"{FOCUSED}.type")
        if control == "radio":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        elif control == "checkbox":
            page.keyboard.press("Space")
        elif control == "text":
            page.keyboard.type("14")
        elif control == "textarea":
            page.keyboard.type("because " * 100)
        elif control == "select-one":
            while page.evaluate(f"{FOCUSED}.type") == "select-one":
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Tab")
        else:
            assert page.evaluate(f"{FOCUSED}.className") == "cq-move"
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            expect(question.status).to_contain_text("now 2 of")
            assert page.evaluate(f"{FOCUSED}.getAttribute('aria-label')").startswith("Move down")
        for _ in range(30):
            if page.evaluate(f"{FOCUSED}.textContent") == "Check":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(place.locator(".cq-status strong")).to_be_visible()
        assert not focus_is_lost(page)
        assert place.evaluate(f"place => place.contains({FOCUSED})")


def sizes_of_first_visit(watched: Watched, page: Page, folder: Path) -> dict[str, int]:
    """Compressed bytes of everything that the page has requested from a server of `folder`, by file."""
    page.wait_for_load_state("networkidle")
    names = {unquote(urlsplit(address).path) for address in watched.requests if address.startswith("http")}
    return {name: len(on_the_wire(folder / name.removeprefix("/"))) for name in names}


def complaints_of(page: Page) -> list[str]:
    """What the console will say of errors, and what will be asked for and is not there."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(f"{message.text} {message.location}") if message.type == "error" else None,
    )
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    return complaints


def pages_of(book: Path) -> list[Path]:
    """The pages of a built book."""
    return sorted(path for path in book.rglob("*.html") if "_static" not in path.parts)


def assert_no_traces(book: Path) -> None:
    """No page contains the state of a widget, a cell that was not replaced, or a path on the machine that built it."""
    for path in pages_of(book):
        text = path.read_text("utf-8")
        assert "application/vnd.jupyter.widget" not in text, path
        assert "require.min.js" not in text, path
        assert "civicquiz-cell" not in text, path
        assert "/lessons/../quizzes" not in text, path


def assert_fits_320_pixels(page: Page) -> None:
    """320 px is also what 400 % zoom leaves of a 1280 px window (WCAG 1.4.10)."""
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
