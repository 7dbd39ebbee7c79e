"""Fixtures for all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Modules next to this file (material.py) are imported by their bare name.
sys.path.insert(0, str(Path(__file__).resolve().parent))

#: Fixtures for the browser tests, which are in two folders. The browser can be started only once.
pytest_plugins = ["browsing", "live_sites"]

settings.register_profile("civicquiz", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("quick", settings.get_profile("civicquiz"), max_examples=10)
settings.load_profile("civicquiz")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected texts instead of comparing")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether to rewrite expected texts; read the diff before you commit it."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def repo() -> Path:
    """The folder of the project."""
    return ROOT
