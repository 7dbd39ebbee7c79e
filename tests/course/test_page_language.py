"""The menus and buttons around a page are in the language of the page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from material import ROOT, write

pytest.importorskip("sphinx_book_theme")

CONF = f"""
import sys
sys.path.append({str(ROOT / "_ext")!r})
extensions = ["myst_parser", "sphinx_book_theme", "page_language"]
html_theme = "sphinx_book_theme"
language = "en"
author = "Somebody"
html_theme_options = {{"extra_footer": "No advice."}}
html_context = {{"in_language": {{"es": {{"author": "alguien", "theme_extra_footer": "No es asesoría."}}}}}}
"""


def test_page_in_another_language_has_the_menus_of_that_language_and_the_next_page_has_its_own(tmp_path: Path) -> None:
    """Pages are written in the order of their names, so that one in Spanish is between two in English."""
    write(tmp_path / "conf.py", CONF)
    write(tmp_path / "index.md", "# One\n\n```{toctree}\nlinked\nzulu\n```\n")
    write(tmp_path / "linked.md", "---\nlang: es\n---\n# Dos\n\n## Parte\n\nTexto.\n\n## Otra\n\nTexto.\n")
    write(tmp_path / "zulu.md", "# Three\n\n## Part\n\nText.\n\n## Other\n\nText.\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", tmp_path, tmp_path / "out"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    pages = {name: (tmp_path / "out" / f"{name}.html").read_text("utf-8") for name in ("index", "linked", "zulu")}
    for name, page in pages.items():
        is_spanish = name == "linked"
        assert re.findall(r"<html[^>]* lang=\"(\w+)\"", page) == ["es" if is_spanish else "en"]
        assert ('aria-label="Buscar"' in page, 'aria-label="Search"' in page) == (is_spanish, not is_spanish)
        assert ("siguiente página" in page, "next page" in page) == (is_spanish, name == "index")
        assert ('placeholder="Buscar..."' in page) == is_spanish
        assert ("No es asesoría." in page, "No advice." in page) == (is_spanish, not is_spanish)
        assert re.findall(r"\b(?:By|Por)\s+(\w+)", page) == ["alguien" if is_spanish else "Somebody"]
    menu = re.search(r'<nav class="bd-links.*?</nav>', pages["linked"], re.DOTALL)
    assert menu
    assert '<div lang="en"><ul' in menu[0].replace("\n", "")
    assert '<div lang="en">' not in pages["zulu"]


def test_the_book_is_built_with_it() -> None:
    config = (ROOT / "_config.yml").read_text("utf-8")
    assert "page_language: _ext" in config
    assert "      - page_language\n" in config
