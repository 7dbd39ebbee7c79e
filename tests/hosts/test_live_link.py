"""The button "Open live" on the pages of a book."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from material import write

from civicquiz.hosts.live_mark import LIVE_MARK


def build(folder: Path) -> Path:
    """Build the book in `folder`; the folder of its pages."""
    out = folder.parent / "pages"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-d", str(folder.parent / "doctrees"), str(folder), str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


def book(folder: Path) -> Path:
    conf = 'extensions = ["civicquiz"]\nhtml_theme = "basic"\nexclude_patterns = ["_live"]\ncivicquiz_live = "_live"\n'
    write(folder / "conf.py", conf)
    write(folder / "index.rst", "A book\n======\n\n.. toctree::\n\n   lessons/one & two\n   lessons/tres\n")
    write(folder / "lessons" / "one & two.rst", "One\n===\n\nText.\n")
    write(folder / "lessons" / "tres.rst", ":lang: es\n\nTres\n====\n\nTexto.\n")
    return folder


def test_page_that_the_live_site_has_gets_a_button_that_says_how_much_it_loads(tmp_path: Path) -> None:
    folder = book(tmp_path / "book")
    pages = build(folder)
    assert "civicquiz-open-live" not in "".join(path.read_text("utf-8") for path in pages.rglob("*.html"))

    notebooks = ["lessons/one & two.ipynb", "lessons/tres.ipynb"]
    write(folder / "_live" / LIVE_MARK, json.dumps({"notebooks": notebooks, "first_visit": 15_600_000}))
    write(folder / "_live" / "notebooks" / "index.html", "<p>live</p>")
    pages = build(folder)  # without a change of any page
    one, tres, index = (
        (pages / name).read_text("utf-8") for name in ("lessons/one & two.html", "lessons/tres.html", "index.html")
    )
    (button,) = re.findall(r'</h1>(<p class="civicquiz-open-live".*?</p>)', one)
    assert 'href="../live/notebooks/index.html?path=lessons/one%20%26%20two.ipynb"' in button
    assert ">Open live</a>" in button
    assert "about 16 MB" in button
    (button,) = re.findall(r'</h1>(<p class="civicquiz-open-live".*?</p>)', tres)
    assert 'lang="es"' in button
    assert ">Abrir en vivo</a>" in button
    assert "16 MB" in button
    assert "civicquiz-open-live" not in index
    assert "live_link.css" in one
    assert "live_link.css" not in index
    assert (pages / "live" / "notebooks" / "index.html").read_text("utf-8") == "<p>live</p>"
