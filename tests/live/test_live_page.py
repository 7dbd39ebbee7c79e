"""What civicquiz adds to the pages of JupyterLite."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from material import write

from civicquiz.errors import LiveError
from civicquiz.live.page import add_cache, add_to_page, add_to_python

KERNEL = "@jupyterlite/pyodide-kernel-extension"
WORKER = f"extensions/{KERNEL}/static/comlink.worker.0123.js"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The files of JupyterLite that are changed."""
    kernel = {f"{KERNEL}:kernel": {"pyodideUrl": "./pyodide.mjs"}}
    settings = {"jupyter-config-data": {"appVersion": "0.8.6", "litePluginSettings": kernel}}
    write(tmp_path / "jupyter-lite.json", json.dumps(settings))
    write(tmp_path / "notebooks" / "index.html", "<html><head><title>Notebooks</title></head></html>")
    write(tmp_path / WORKER, "")
    write(tmp_path / "static" / "pyodide" / "pyodide.mjs", "")
    return tmp_path


def test_page_says_what_it_loads_and_gets_the_bar(site: Path) -> None:
    add_to_page(site, 15_600_000)
    text = (site / "notebooks" / "index.html").read_text("utf-8")
    assert '<script src="civicquiz-live.js" data-megabytes="16" data-version="0.8.6"></script></head>' in text
    assert (site / "notebooks" / "civicquiz-live.js").is_file()
    assert (site / "notebooks" / "civicquiz-live.css").is_file()


def test_kernel_starts_python_by_our_script_with_the_packages(site: Path) -> None:
    add_to_python(site, ["ipython", "civicquiz"])
    settings = json.loads((site / "jupyter-lite.json").read_text("utf-8"))
    address = settings["jupyter-config-data"]["litePluginSettings"][f"{KERNEL}:kernel"]["pyodideUrl"]
    assert 'PACKAGES = ["civicquiz", "ipython"];' in (site / address).read_text("utf-8")
    imported = (site / "notebooks" / "civicquiz-worker.mjs").read_text("utf-8").splitlines()
    assert imported == [f'import "../{address.removeprefix("./")}";', f'import "../{WORKER}";']


def test_other_version_of_jupyterlite_is_refused(site: Path) -> None:
    write(site / "notebooks" / "index.html", "<html></html>")
    with pytest.raises(LiveError, match="has no head; this version of it is not supported"):
        add_to_page(site, 1)
    (site / WORKER).unlink()
    with pytest.raises(LiveError, match="has no worker; this version of it is not supported"):
        add_to_python(site, [])


def test_what_a_browser_keeps_has_a_version_that_any_change_changes(site: Path) -> None:
    worker, versions = site / "service-worker.js", []
    for change in ("", "files/lesson.ipynb", "files/lesson.ipynb", "static/pyodide/pyodide.mjs"):
        if change:
            write(site / change, f"{len(versions)}")
        write(worker, "theirs();")
        add_cache(site)
        versions += re.findall(r'const VERSION = "([0-9a-f]{16})";', worker.read_text("utf-8"))
    assert len(set(versions)) == 4
    assert worker.read_text("utf-8").endswith("theirs();"), "ours is asked first"
    write(worker, "theirs();")
    add_cache(site)
    assert versions[-1] in worker.read_text("utf-8"), "the same site has the same version"
