"""Does what the pages for newcomers say, as they would: in an empty folder, with the built wheel and nothing of this
repository."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from material import ROOT, write

import civicquiz

if not (ROOT / "src").is_dir():
    pytest.skip("the source tree was taken out, and with it what the wheel is built from", allow_module_level=True)

pytestmark = pytest.mark.slow

#: Commands that go on until somebody ends them; they print an address.
SERVERS = ("civicquiz preview", "jupyter notebook")
FENCE = re.compile(
    r"^(?P<fence>`{3,})(?:\{code-block\} )?(?P<language>\w+)\n"
    r"(?::caption: (?P<file>[^\n]*)\n)?(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a new virtual environment, where pip finds the built wheel as it would on an index.

    pip checks all else that it installs against the hashes in ``constraints.txt``.
    """
    folder = tmp_path_factory.mktemp("newcomer")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    write(folder / "constraints.txt", f"{pins}civicquiz=={civicquiz.__version__} --hash=sha256:{digest}\n")
    asked = [sys.executable, "-m", "pip", "config", "get", "global.find-links"]  # of this machine, if it has any
    links = os.environ.get("PIP_FIND_LINKS") or subprocess.run(asked, capture_output=True, text=True).stdout
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([ROOT / ".ci" / "pip", folder / "venv" / "bin" / "python"], check=True)
    write(folder / "jupyter" / "jupyter_server_config.py", "c.ServerApp.allow_root = True\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CIVICQUIZ", "PIP_"))}
    return kept | {
        "PATH": f"{folder / 'venv' / 'bin'}:/usr/bin:/bin",
        "BROWSER": "true",  # a program that does nothing
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "PIP_CONSTRAINT": str(folder / "constraints.txt"),
        "PIP_FIND_LINKS": f"{folder} {' '.join(links.split())}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@dataclass
class Newcomer:
    """Somebody who follows a page, step by step, in ``folder``."""

    folder: Path
    environment: dict[str, str]
    commands: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def follow(self, page: Path) -> None:
        text = page.read_text("utf-8").partition("(jupyter-book-2)=")[0]
        steps = list(FENCE.finditer(text))
        directives = re.findall(r"^```\{quiz\} ", text, re.MULTILINE)
        assert len(re.findall(r"^`{3,}", text, re.MULTILINE)) == 2 * (len(steps) + len(directives)), "a step is missed"
        for step in steps:
            self.do(step["language"], step["file"], step["text"])

    def do(self, language: str, file: str | None, text: str) -> None:
        if language == "console":
            for shown in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = shown.partition("\n")
                self.run(command, output)
        elif language == "diff":
            assert file is not None
            out, into = (f"{found}\n" for found in re.findall(r"^[-+](.*)$", text, re.MULTILINE))
            before = (self.folder / file).read_text("utf-8")
            assert before.count(out) == 1
            write(self.folder / file, before.replace(out, into))
        elif file:
            write(self.folder / file, text)
        elif language == "python":
            self.cells.append(text)
            self.run_cells()
        else:
            # A part of a file that the reader has already; the steps before or after it use the whole file.
            assert language in ("yaml", "md"), language

    def run(self, command: str, output: str) -> None:
        self.commands.append(command)
        started = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert started.stdout is not None
        if command.startswith(SERVERS):
            try:
                assert "<title>" in what_is_at(address_in(started.stdout))
            finally:
                started.terminate()
                started.communicate(timeout=60)
            return
        printed = started.communicate(timeout=300)[0]
        found_problems = output.endswith(" problem\n")
        assert started.returncode == found_problems, f"{command}\n{printed}"
        assert not output or printed == output

    def run_cells(self) -> None:
        """Run the cells in a kernel, as a notebook does."""
        cells = [
            {
                "cell_type": "code",
                "id": f"c{n}",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for n, source in enumerate(self.cells)
        ]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        write(self.folder / "lesson.ipynb", json.dumps(notebook))
        self.run("jupyter execute --inplace lesson.ipynb", "")
        (shown,) = json.loads((self.folder / "lesson.ipynb").read_text("utf-8"))["cells"][-1]["outputs"]
        assert "application/vnd.jupyter.widget-view+json" in shown["data"]
        assert "The Moon" in "".join(shown["data"]["text/html"])


def address_in(lines: Iterator[str]) -> str:
    """The address of a server, which it prints."""
    printed = ""
    for line in lines:
        printed += line
        if found := re.search(r"http://\S+", line):
            return found[0]
    pytest.fail(f"no address was printed:\n{printed}")


def what_is_at(address: str) -> str:
    """The page at an address; a server may print it a moment before it listens."""
    for _ in range(120):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=60) as answer:
            return str(answer.read(), "utf-8")
        time.sleep(0.5)
    pytest.fail(f"nothing at {address}")


def test_first_quiz_is_written_checked_shown_published_and_handed_out_as_the_page_says(
    environment: dict[str, str], tmp_path: Path
) -> None:
    newcomer = Newcomer(tmp_path, environment)
    newcomer.follow(ROOT / "docs" / "first-quiz.md")
    assert len(newcomer.commands) >= 10
    where = [tmp_path / "where.py", "import civicquiz; print(civicquiz.__file__)"]
    write(where[0], where[1])
    used = subprocess.run(["python", where[0]], env=environment, capture_output=True, text=True, check=True).stdout
    assert "site-packages" in used
    assert str(ROOT) not in used
    page = (tmp_path / "_build" / "html" / "intro.html").read_text("utf-8")
    assert 'class="civicquiz' in page
    assert "civicquiz/quiz.js" in page
    assert "from the Sun" in (tmp_path / "class" / "moon.html").read_text("utf-8")
    if shutil.which("git"):
        left = ["moon.responses.json", ".moon.responses.json.previous", ".moon.responses.json.lock", "_build/html/x"]
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
        ignored = subprocess.run(["git", "check-ignore", *left], cwd=tmp_path, capture_output=True, text=True).stdout
        assert ignored.split() == left


def test_quiz_that_the_page_ends_with_is_the_one_that_it_has_written() -> None:
    text = (ROOT / "docs" / "first-quiz.md").read_text("utf-8")
    written = next(step["text"] for step in FENCE.finditer(text) if step["file"] == "moon.yml")
    assert "```{quiz} ../examples/more/moon.yml\n" in text
    assert (ROOT / "examples" / "more" / "moon.yml").read_text("utf-8") == written


def test_quiz_is_on_a_page_of_a_plain_sphinx_site_as_the_page_says(environment: dict[str, str], tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "more" / "moon.yml", tmp_path)
    newcomer = Newcomer(tmp_path, environment)
    newcomer.follow(ROOT / "docs" / "own-book.md")
    assert "sphinx-build -W . _build/html" in newcomer.commands
    assert "civicquiz/quiz.js" in (tmp_path / "_build" / "html" / "index.html").read_text("utf-8")
