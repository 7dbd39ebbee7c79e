"""This project's book, built, and its lessons in JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import build_book, lab_of
from material import ROOT
from running_hosts import Lab, serving


@pytest.fixture(scope="session")
def course_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its pages."""
    return build_book(ROOT, tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def served_course_book(course_book: Path) -> Iterator[str]:
    with serving(course_book) as url:
        yield url


@pytest.fixture
def course_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_of(ROOT, tmp_path_factory.mktemp("lab"), tmp_path_factory.mktemp("home")) as lab:
        yield lab
