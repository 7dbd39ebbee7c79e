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


def test_link_with_ampersands_is_escaped_once(tmp_path: Path) -> None:
    addresses = ["https://example.gov/view?section=21&num=0&edition=prelim", "https://example.gov/view?section=21"]
    write(
        tmp_path / "conf.py",
        f"import sys\nsys.path.append({str(ROOT / '_ext')!r})\nextensions = ['myst_parser', 'whole_links']\n",
    )
    write(tmp_path / "index.md", "# A page\n\n" + "".join(f"[here]({address})\n" for address in addresses))
    command = [sys.executable, "-m", "sphinx", "-q", "-W", tmp_path, tmp_path / "out"]
    subprocess.run(command, check=True, capture_output=True)
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert list(map(unescape, re.findall(r'href="(https://example[^"]*)"', page))) == addresses


def test_the_book_is_built_with_it() -> None:
    config = (ROOT / "_config.yml").read_text("utf-8")
    assert "whole_links: _ext" in config
    assert "      - whole_links\n" in config
