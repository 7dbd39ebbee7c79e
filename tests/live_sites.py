"""Live sites, built as `civicquiz live` builds them, for the tests in a browser."""

from __future__ import annotations

import gzip
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from civicquiz.errors import LiveError, MissingPackagesError
from civicquiz.live.site import LiveSite, build_live

if TYPE_CHECKING:
    from browsing import Watched
    from playwright.sync_api import Page

#: How long Python may take to start and to run a notebook on a busy machine, in ms.
PATIENCE = 240_000
#: The most that a first visit may load, compressed, in bytes.
MOST_BYTES = 17_000_000


def built(folder: Path, to: Path, only: Collection[str] = ()) -> LiveSite:
    """Build a site. Where its parts cannot be had, the test is skipped; in CI, it fails."""
    try:
        return build_live(folder, to, only)
    except (MissingPackagesError, LiveError) as error:
        cannot_be_had = isinstance(error, MissingPackagesError) or "could not be had" in str(error)
        if cannot_be_had and not os.environ.get("CI"):
            pytest.skip(str(error))
        raise


def bytes_loaded(watched: Watched, folder: Path) -> int:
    """What has been requested from a server of `folder`, if the server compresses everything, in bytes."""
    names = {unquote(urlsplit(address).path).removeprefix("/") for address in watched.requests}
    files = [folder / name for name in names if (folder / name).is_file()]
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def open_live(page: Page, url: str, notebook: str) -> None:
    """Open a notebook and wait until it has run."""
    from playwright.sync_api import expect

    page.goto(f"{url}/notebooks/index.html?path={notebook}")
    expect(page.locator(".civicquiz-live p")).to_contain_text("Ready", timeout=PATIENCE)
