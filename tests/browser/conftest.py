"""A real Chromium, the real book and a real JupyterLab for the browser tests."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

REPO = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        reason = f"needs Chromium: none of {', '.join(NAMES)} is installed, and CHROMIUM names none"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A browser context that notes what its pages ask for and complain about."""

    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

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
    assert [url for watched in made for url in watched.other_hosts()] == []
    assert [error for watched in made for error in watched.errors] == []


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


def serve(folder: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture(scope="session")
def served_book(book: Path) -> Iterator[str]:
    server, url = serve(book)
    yield url
    server.shutdown()


@dataclass
class Lab:
    """A running JupyterLab."""

    url: str
    root: Path

    def api(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook with these code cells; its path below the root."""
        notebook = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": source,
                }
                for number, source in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), "utf-8")
        return name

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook and wait until it can be run."""
        page.goto(f"{self.url}/lab/tree/{notebook}?reset")
        self.wait_until_ready(page)

    def wait_until_ready(self, page: Page) -> None:
        """Wait until the kernel of the open notebook has answered: idle alone does not mean that it listens."""
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector(".jp-NotebookPanel-toolbar >> text=Python 3")
        page.wait_for_function(
            """async () => {
                const answer = await fetch('/api/sessions');
                const sessions = await answer.json();
                return sessions.some(({kernel}) => kernel && kernel.execution_state === 'idle');
            }""",
            polling=250,
        )
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")

    def run_all(self, page: Page) -> None:
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()

    def stop_kernels(self) -> None:
        for session in self.api("GET", "api/sessions"):
            self.api("DELETE", f"api/sessions/{session['id']}")


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("lab")
    for name in ("lessons", "quizzes", "seeds", "examples"):
        shutil.copytree(REPO / name, root / name, ignore=shutil.ignore_patterns("*.responses.json", ".ipynb*"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bin_folder = Path(sys.executable).parent
    # A home of its own: the settings of whoever runs the tests must not matter, nor be touched.
    home = tmp_path_factory.mktemp("home")
    environment = {
        **os.environ,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    settings = home / "config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    command = [
        bin_folder / "jupyter-lab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={root}",
    ]
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=root)
    lab = Lab(f"http://127.0.0.1:{port}", root)
    try:
        for _ in range(240):
            try:
                lab.api("GET", "api")
                break
            except OSError:
                if server.poll() is not None:
                    pytest.fail(f"JupyterLab ended:\n{(home / 'lab.log').read_text()[-4000:]}")
                time.sleep(0.25)
        yield lab
    finally:
        server.terminate()
        server.wait(30)
        log.close()


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
