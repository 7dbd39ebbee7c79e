"""A link on a page of the book leads to the address that its author wrote."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from material import ROOT, write

pytest.importorskip("myst_parser")

CONF = f"""
import sys
sys.path.append({str(ROOT / "_ext")!r})
extensions = ["myst_parser", "whole_links"]
myst_heading_anchors = 2
"""


def build(folder: Path, **pages: str) -> str:
    """Build pages, the one called ``index`` among them. Returns the warnings."""
    write(folder / "conf.py", CONF)
    for name, text in pages.items():
        write(folder / f"{name.replace('__', '/')}.md", text)
    command = [sys.executable, "-m", "sphinx", "-q", folder, folder / "out"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def addresses(folder: Path, page: str) -> list[str]:
    """Where the links in the text of a page lead."""
    html = (folder / "out" / f"{page}.html").read_text("utf-8")
    return list(map(unescape, re.findall(r'class="reference (?:in|ex)ternal" href="([^"]*)"', html)))


def test_link_with_ampersands_is_escaped_once(tmp_path: Path) -> None:
    links = ["https://example.gov/view?section=21&num=0&edition=prelim", "https://example.gov/view?section=21"]
    assert build(tmp_path, index="# A page\n\n" + "".join(f"[here]({link})\n" for link in links)) == ""
    assert [link for link in addresses(tmp_path, "index") if "example" in link] == links


def test_link_to_a_page_of_the_book_keeps_its_query(tmp_path: Path) -> None:
    lesson = "---\norphan: true\n---\n# A lesson\n\n## ¿Who, and what?\n"
    text = "---\norphan: true\n---\n# Una página\n\n" + "".join(
        f"[*aquí*](../lesson.md{ending})\n\n" for ending in ("?lang=es", "?a=1&b=2", "?lang=es#who-and-what", "")
    )
    assert build(tmp_path, index="# A page\n", lesson=lesson, es__page=text) == ""
    assert [link for link in addresses(tmp_path, "es/page") if "lesson" in link] == [
        "../lesson.html?lang=es",
        "../lesson.html?a=1&b=2",
        "../lesson.html?lang=es#who-and-what",
        "../lesson.html",
    ]
    assert (tmp_path / "out" / "es" / "page.html").read_text("utf-8").count("<em>aquí</em>") == 4


def test_link_with_a_query_to_what_is_not_there_is_warned_of(tmp_path: Path) -> None:
    links = ["nowhere.md?lang=es", "index.md?lang=es#no-such-section"]
    warnings = build(tmp_path, index="# A page\n\n" + "".join(f"[here]({link})\n" for link in links))
    assert re.findall(r"target not found: '(.*?)'", warnings) == links


def test_the_book_is_built_with_it() -> None:
    config = (ROOT / "_config.yml").read_text("utf-8")
    assert "whole_links: _ext" in config
    assert "      - whole_links\n" in config
