"""Tests with other versions of Python, Sphinx and ipywidgets, and with the lowest version of every dependency.

``make matrix`` runs the sessions that this machine has the interpreters for; continuous integration runs each session
by name. Every session tests the wheel: the source distribution is unpacked in an empty folder, ``src/`` is removed from
it, and its own tests run there.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)  # from the classifiers
TEST = nox.project.dependency_groups(PYPROJECT, "test")
CONSTRAINTS = str(Path("constraints.txt").resolve())
EXTRAS = ("book", "grading", "lab", "preview", "units")

nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"


@contextmanager
def _source_distribution_without_src(session: nox.Session) -> Iterator[Path]:
    """Work in the unpacked source distribution; yields the wheel. Both come from the folder ``DIST`` if that is set."""
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(os.environ.get("DIST", f"{folder}/dist")).resolve()
        if "DIST" not in os.environ:
            checked = ("--build-constraint", CONSTRAINTS, "--require-hashes")
            session.run("uv", "build", "--quiet", *checked, "--out-dir", str(dist), external=True)
        (wheel,) = dist.glob("civicquiz-*.whl")
        (sdist,) = dist.glob("civicquiz-*.tar.gz")
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        source = Path(folder, sdist.name.removesuffix(".tar.gz"))
        shutil.rmtree(source / "src")
        with session.chdir(source):
            yield wheel


def _pytest(session: nox.Session, *arguments: str) -> None:
    """Run the tests that need no browser and no Spark. A test that cannot run because something is missing is an error,
    as in CI."""
    left_out = ("--ignore=tests/browser", "--ignore=tests/spark")
    session.run("python", "-m", "pytest", *left_out, *arguments, *session.posargs, env={"CI": "true"})


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The wheel with all its extras, with the usual versions, whose hashes are checked."""
    with _source_distribution_without_src(session) as wheel:
        session.install("--constraint", CONSTRAINTS, f"{wheel}[{','.join(EXTRAS)}]", *TEST)
        _pytest(session)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """The wheel with the lowest version of every range in ``pyproject.toml``."""
    with _source_distribution_without_src(session) as wheel:
        asked = [*(f"--extra={name}" for name in (*EXTRAS, "sphinx")), "--group", "test"]
        session.install("--resolution", "lowest-direct", "--requirements", "pyproject.toml", *asked)
        session.install("--no-deps", str(wheel))
        _pytest(session)


@nox.session(python=PYTHONS[0])
@nox.parametrize("ipywidgets", ["7.7", "8.0"])
def widgets(session: nox.Session, ipywidgets: str) -> None:
    """The widget with the versions of ipywidgets that older installations have."""
    with _source_distribution_without_src(session) as wheel:
        session.install(f"{wheel}[grading,lab]", *TEST, f"ipywidgets=={ipywidgets}.*")
        tested = ("test_widget.py", "test_widget_settings.py")
        _pytest(session, "tests/frontend/test_outline.py", *(f"tests/hosts/{name}" for name in tested))


@nox.session(python="3.13")
@nox.parametrize("markdown_it, sphinx", [(3, 7), (3, 8), (4, 8), (3, 9), (4, 9)])
def sphinx(session: nox.Session, markdown_it: int, sphinx: int) -> None:
    """Plain sites with every supported Sphinx, and with MyST if there is one for these versions."""
    asked = [f"sphinx=={sphinx}.*", f"markdown-it-py=={markdown_it}.*", "myst-nb"]
    if (markdown_it, sphinx) == (3, 9):
        asked.remove("myst-nb")
    with _source_distribution_without_src(session) as wheel:
        session.install(f"{wheel}[sphinx]", *TEST, *asked)
        _pytest(session, "tests/hosts/test_book.py", "tests/authoring/test_markdown.py")
