"""What civicquiz adds to a site of JupyterLite: a bar below notebooks, a quicker start, visits without a network."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from html import escape
from pathlib import Path

from civicquiz.errors import LiveError

__all__ = ["add_cache", "add_to_page", "add_to_python"]

_STATIC = Path(__file__).with_name("static")
#: Where Pyodide and the worker of the kernel are in a site.
_PYTHON = "static/pyodide"
_KERNEL = "extensions/@jupyterlite/pyodide-kernel-extension/static"
#: Where the settings of a site name the file that starts Python.
_SETTINGS, _KERNEL_SETTINGS = "jupyter-lite.json", "@jupyterlite/pyodide-kernel-extension:kernel"
_SERVICE_WORKER = "service-worker.js"
#: What a build fills in, in ``civicquiz-python.mjs`` and ``civicquiz-cache.js``.
_PACKAGES, _VERSION = "const PACKAGES = [];", 'const VERSION = "";'


def add_to_page(site: Path, first_visit: int) -> None:
    """Add our script and styles to the page of notebooks.

    Args:
        site: a site of JupyterLite.
        first_visit: what the page loads, in bytes.

    Raises:
        LiveError: JupyterLite has changed.
    """
    page = site / "notebooks" / "index.html"
    text = page.read_text("utf-8")
    if "</head>" not in text:
        raise LiveError(f"{page.name} of JupyterLite has no head; this version of it is not supported")
    for name in ("civicquiz-live.css", "civicquiz-live.js"):
        shutil.copyfile(_STATIC / name, page.with_name(name))
    megabytes = max(1, round(first_visit / 1_000_000))
    settings = json.loads((site / _SETTINGS).read_text("utf-8"))
    version = escape(settings["jupyter-config-data"]["appVersion"])
    added = (
        '<link rel="stylesheet" href="civicquiz-live.css">'
        f'<script src="civicquiz-live.js" data-megabytes="{megabytes}" data-version="{version}"></script>'
    )
    page.write_text(text.replace("</head>", f"{added}</head>", 1), "utf-8")


def add_to_python(site: Path, packages: Collection[str]) -> None:
    """Let Python start by our script.

    Args:
        site: a site of JupyterLite, with Pyodide.
        packages: what is loaded while Python starts.

    Raises:
        LiveError: JupyterLite has changed.
    """
    text = (_STATIC / "civicquiz-python.mjs").read_text("utf-8")
    script = site / _PYTHON / "civicquiz-python.mjs"
    script.write_text(text.replace(_PACKAGES, f"const PACKAGES = {json.dumps(sorted(packages))};"), "utf-8")
    settings = json.loads((site / _SETTINGS).read_text("utf-8"))
    settings["jupyter-config-data"]["litePluginSettings"][_KERNEL_SETTINGS]["pyodideUrl"] = f"./{_PYTHON}/{script.name}"
    (site / _SETTINGS).write_text(json.dumps(settings, indent=1), "utf-8")
    workers = sorted((site / _KERNEL).glob("comlink.worker.*.js"))
    if len(workers) != 1:
        raise LiveError("the kernel of JupyterLite has no worker; this version of it is not supported")
    # Messages to the worker wait until both have been loaded.
    imported = "".join(f'import "../{path.relative_to(site).as_posix()}";\n' for path in (script, workers[0]))
    (site / "notebooks" / "civicquiz-worker.mjs").write_text(imported, "utf-8")


def add_cache(site: Path) -> None:
    """Let the service worker keep what a visit loads.

    Args:
        site: a site of JupyterLite, with everything else in it.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(site).as_posix()} {content}\n".encode())
    text = (_STATIC / "civicquiz-cache.js").read_text("utf-8")
    ours = text.replace(_VERSION, f'const VERSION = "{digest.hexdigest()[:16]}";')
    worker = site / _SERVICE_WORKER
    # The first of two listeners is asked first.
    worker.write_text(ours + worker.read_text("utf-8"), "utf-8")
