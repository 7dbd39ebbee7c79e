"""``civicquiz live``: a JupyterLite of somebody's notebooks, with everything that they need."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from civicquiz.errors import LiveError, display_path
from civicquiz.hosts.live_mark import LIVE_MARK
from civicquiz.live.browser_packages import (
    NOT_NEEDED,
    PRELOADED,
    BrowserPackage,
    all_packages,
    compiled,
    run_python,
    write_python,
)
from civicquiz.live.contents import write_contents
from civicquiz.live.notebooks import complaints, is_notebook, jobs, read_notebook, with_outputs
from civicquiz.live.page import add_cache, add_to_page, add_to_python
from civicquiz.live.parts import alone, cache_folder, core_files, require_live, wheels

__all__ = ["LiveSite", "build_live"]

#: What of JupyterLab draws the notebooks of a site: folders in ``share/jupyter/labextensions``.
_EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
    "jupyterlab-myst",
)
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: What is never part of a site: folders of tools, and answers.
_LEFT_OUT = re.compile(r"^\.|^_(?!_)|^(node_modules|__pycache__|venv)$|\.responses\.json")
#: What a browser loads of JupyterLite itself at the first visit of a notebook, compressed, in bytes. A test in a
#: browser compares the sum with what is really loaded.
_PAGE_BYTES = 2_600_000


class LiveSite(NamedTuple):
    """What was built."""

    #: the notebooks, as paths in the site's contents
    notebooks: list[str]
    files: int
    #: the size of all files, in bytes
    size: int
    #: what a first visit to a notebook loads, in bytes as they are sent (an estimate)
    first_visit: int


def build_live(folder: Path, to: Path, only: Collection[str] = ()) -> LiveSite:
    """Write a live site of the notebooks in ``folder`` to the folder ``to``; an earlier one is replaced.

    Args:
        folder: notebooks (``.ipynb`` or MyST ``.md``), quizzes, seeds, and the files that they read.
        to: where to write the site.
        only: the files and folders in ``folder`` to take, by their paths from there; everything by default.

    Raises:
        LiveError: the site cannot be built; nothing was written.
        MissingPackagesError: the extra ``live`` is not installed.
        QuizError: a quiz has problems.
    """
    if not folder.is_dir():
        raise LiveError(f"'{display_path(folder)}' is not a folder; name the one with your notebooks")
    if to.exists() and not (to / LIVE_MARK).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise LiveError(
            f"'{display_path(to)}' is not a live site, and would be replaced; name another folder with --to"
        )
    require_live()
    files = dict(_files(folder, only, to))
    sources = {
        (str(Path(name).with_suffix(".ipynb").as_posix())): path for name, path in files.items() if is_notebook(path)
    }
    if not sources:
        raise LiveError(f"there is no notebook in '{display_path(folder)}': no .ipynb, and no .md with code cells")
    cache = cache_folder()
    with alone(cache):
        core, pinned = core_files(cache), wheels(cache)
    with tempfile.TemporaryDirectory(prefix="civicquiz-live-") as made:
        work = Path(made)
        notebooks = set(sources.values())
        contents = {name: path for name, path in files.items() if path not in notebooks}
        write_contents(contents, work / "run" / "files")
        packages = all_packages(pinned, sorted((_extension(_KERNEL) / "static" / "pypi").glob("*.whl")))
        with alone(cache):
            packages, core = compiled(packages, core, cache)
        python = work / "lite" / "static" / "pyodide"
        write_python(core, packages.values(), python)
        _run_notebooks(sources, work, python, packages)
        (work / "run" / "files").rename(work / "lite" / "content")
        _build(work / "lite", work / "site")
        site = _finished(work / "site", sources, packages, core)
        _replace(to, work / "site")
    return site


def _files(folder: Path, only: Collection[str], to: Path) -> Iterator[tuple[str, Path]]:
    """The files to take from ``folder``: path from there -> file."""
    for name in only:
        if not (folder / name).exists():
            raise LiveError(f"there is no '{name}' in '{display_path(folder)}'")
    for place, folders, names in os.walk(folder):
        at = Path(place)
        folders[:] = sorted(
            name for name in folders if not _LEFT_OUT.search(name) and (at / name).resolve() != to.resolve()
        )
        for name in sorted(names):
            path = (at / name).relative_to(folder)
            if not _LEFT_OUT.search(name) and (not only or any(path.is_relative_to(taken) for taken in only)):
                yield path.as_posix(), at / name


def _run_notebooks(sources: Mapping[str, Path], work: Path, python: Path, packages: Iterable[str]) -> None:
    """Run all notebooks in the Python of the site, and write them with what they show."""
    notebooks = {name: read_notebook(path) for name, path in sources.items()}
    (work / "run" / "notebooks.json").write_text(jobs(notebooks), "utf-8")
    run_python(Path(__file__).with_name("in_browser") / "run_notebooks.py", python, packages, work / "run")
    done = json.loads((work / "run" / "outputs.json").read_text("utf-8"))
    if lines := complaints(sources, done):
        raise LiveError("\n".join(lines))
    for name, notebook in notebooks.items():
        target = work / "run" / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(with_outputs(notebook, done[name]["cells"]), ensure_ascii=False, indent=1)
        target.write_text(text + "\n", "utf-8")


def _extension(name: str) -> Path:
    """The folder of an extension of JupyterLab.

    Raises:
        LiveError: it is not installed where Jupyter looks.
    """
    from jupyter_core.paths import jupyter_path

    for place in (str(Path(sys.prefix) / "share" / "jupyter" / "labextensions"), *jupyter_path("labextensions")):
        if (Path(place) / name / "package.json").is_file():
            return Path(place) / name
    raise LiveError(f"the extension '{name}' of JupyterLab is not installed; run: pip install 'civicquiz[live]'")


def _build(lite: Path, site: Path) -> None:
    """Let JupyterLite write the site."""
    # The kernel installs what it needs, one by one, unless it is named here (``initKernel``).
    named = [*PRELOADED, *NOT_NEEDED]
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": named}}
    settings = {
        "appUrl": "./tree",
        "exposeAppInBrowser": True,
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
    }
    _write_json(lite / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings})
    _write_json(
        lite / "overrides.json",
        {"@jupyterlab/docmanager-extension:plugin": {"autosave": False}},
    )
    config = {
        "apps": ["notebooks", "tree", "edit"],
        "contents": ["content"],
        "federated_extensions": [str(_extension(name)) for name in _EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(site),
    }
    _write_json(lite / "jupyter_lite_config.json", {"LiteBuildConfig": config})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTERLITE_")}
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"],
        cwd=lite,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise LiveError(f"JupyterLite could not build the site:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), "utf-8")


def _finished(
    site: Path, sources: Mapping[str, Path], packages: Mapping[str, BrowserPackage], core: Mapping[str, bytes]
) -> LiveSite:
    """Add what is ours to the pages, and count."""
    first_visit = _PAGE_BYTES + _python_bytes(packages, core)
    add_to_python(site, PRELOADED)
    add_to_page(site, first_visit)
    notebooks = sorted(sources)
    _write_json(site / LIVE_MARK, {"notebooks": notebooks, "first_visit": first_visit})
    add_cache(site)
    files = [path for path in site.rglob("*") if path.is_file()]
    return LiveSite(notebooks, len(files), sum(path.stat().st_size for path in files), first_visit)


def _python_bytes(packages: Mapping[str, BrowserPackage], core: Mapping[str, bytes]) -> int:
    """What the browser loads of Python itself and the packages that a quiz needs, compressed as servers do."""
    import gzip

    wanted, todo = set(), list(PRELOADED)
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo += packages[name].depends
    loaded = [*core.values(), *(packages[name].content for name in wanted)]
    return sum(len(gzip.compress(content, 6)) for content in loaded)


def _replace(to: Path, site: Path) -> None:
    """Put the new site in the place of the old one."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        new, old = to.with_name(f".{to.name}.new"), to.with_name(f".{to.name}.old")
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(site, new)
        if to.exists():
            to.rename(old)
        new.rename(to)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise LiveError(f"'{display_path(to)}' cannot be written: {error.strerror}") from None
