"""A real browser, web server and JupyterLab, for the browser tests and the benchmarks."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_VERSION = 153  # Playwright's driver sends commands that older ones do not know
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of a Chromium: the one that CHROMIUM names, or an installed one."""
    return _named_or_installed("CHROMIUM", CHROMIUM_NAMES)


def find_firefox() -> str | None:
    """The path of a Firefox as everybody has it: the one that FIREFOX names, or an installed one."""
    return _named_or_installed("FIREFOX", FIREFOX_NAMES)


def _named_or_installed(variable: str, names: tuple[str, ...]) -> str | None:
    return os.environ.get(variable) or next((path for name in names if (path := shutil.which(name))), None)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files as they are, without logging."""

    def log_message(self, *_: Any) -> None:
        pass


class PagesHandler(QuietHandler):
    """Serves files as GitHub Pages does: texts compressed, many over one connection, cached for a while."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes; without this, the second waits until the first is acknowledged.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        self.send_response(200 if path.is_file() else 404)
        content = on_the_wire(path) if path.is_file() else b""
        if path.is_file():
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Cache-Control", "max-age=600")
            if is_compressed(path):
                self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def is_compressed(path: Path) -> bool:
    """Whether GitHub Pages compresses the file before it sends it."""
    return path.suffix in (".html", ".css", ".js", ".json", ".svg", ".txt")


def on_the_wire(path: Path) -> bytes:
    """The content of the file as GitHub Pages sends it."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if is_compressed(path) else content


@contextlib.contextmanager
def serving(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """The address at which the files in the folder can be had."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
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
        """Wait until the kernel of the open notebook has answered: an idle kernel may not be listening yet."""
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector(".jp-NotebookPanel-toolbar >> text=Python 3")
        self.wait_for_kernel(page)

    def wait_for_kernel(self, page: Page) -> None:
        """Wait until the kernel has answered: before that, a notebook that says idle drops commands."""
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
        """Run all cells, and wait until what they showed before is gone. On a busy machine, a notebook may drop the
        command while it is still connecting; then try again.
        """
        from playwright.sync_api import TimeoutError as PlaywrightTimeout

        page.evaluate("document.querySelectorAll('.jp-OutputArea-child').forEach(one => one.dataset.before = '')")
        begun = """() => !document.querySelector('.jp-OutputArea-child[data-before]')
            && [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                .some(prompt => /\\[[*\\d]/.test(prompt.textContent))"""
        for _ in range(5):
            # On a busy machine, Notebook may open before it knows the kernels, and then asks for one.
            asked = page.get_by_role("dialog").filter(has_text="Select Kernel")
            if asked.count():
                asked.get_by_role("combobox").select_option(label="Python 3 (ipykernel)")
                asked.locator("button.jp-mod-accept").click()
                page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
            with contextlib.suppress(PlaywrightTimeout):
                page.wait_for_function(begun, timeout=5_000)
                return

    def stop_kernels(self) -> None:
        for session in self.api("GET", "api/sessions"):
            self.api("DELETE", f"api/sessions/{session['id']}")


@dataclass
class Preview:
    """A running ``civicquiz preview``."""

    url: str
    server: subprocess.Popen[str]

    def end(self, sent: int = signal.SIGINT) -> tuple[int, str]:
        """Send it a signal; its exit code, and what it has printed since it started."""
        if self.server.poll() is None:
            self.server.send_signal(sent)
        printed, _ = self.server.communicate(timeout=60)
        return self.server.returncode, printed


def run_civicquiz(*arguments: str | Path, folder: Path, before: str = "") -> subprocess.Popen[str]:
    """The command line in a process of its own, working in ``folder``; what it prints can be read.

    Args:
        before: Python that the process runs first, to be in a state that is hard to bring about.
    """
    program = f"{before}\nfrom civicquiz.cli import main; main(prog_name='civicquiz')"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@contextlib.contextmanager
def running_preview(path: str | Path, folder: Path, *options: str) -> Iterator[Preview]:
    """The preview of ``path``, started in ``folder``."""
    server = run_civicquiz("preview", path, "--no-open", *options, folder=folder)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if found is None:
            raise RuntimeError(f"the preview has not started:\n{line}{server.communicate()[0]}")
        yield Preview(found[0], server)
    finally:
        server.kill()
        server.wait(60)
        if server.stdout is not None:
            server.stdout.close()


@contextlib.contextmanager
def running_lab(root: Path, home: Path) -> Iterator[Lab]:
    """A JupyterLab that serves `root` and keeps its settings in `home`, so the user's own settings do not matter."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bin_folder = Path(sys.executable).parent
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
        str(bin_folder / "jupyter-lab"),
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.password=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={root}",
    ]
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=root)
        lab = Lab(f"http://127.0.0.1:{port}", root)
        try:
            for _ in range(240):
                with contextlib.suppress(OSError):
                    lab.api("GET", "api")
                    break
                if server.poll() is not None:
                    raise RuntimeError(f"JupyterLab ended:\n{(home / 'lab.log').read_text()[-4000:]}")
                time.sleep(0.25)
            yield lab
        finally:
            server.terminate()
            server.wait(30)
