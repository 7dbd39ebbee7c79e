"""A live site, built as `civicquiz live` builds it, for the tests in a browser, as a pytest plugin."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from material import ROOT, SAMPLE_COURSE, write

from civicquiz.errors import LiveError, MissingPackagesError
from civicquiz.live.site import LiveSite, build_live
from civicquiz.releasing.release import release

if TYPE_CHECKING:
    from browsing import Watched
    from playwright.sync_api import Page

#: How long Python may take to start and to run a notebook on a busy machine, in ms.
PATIENCE = 240_000
#: The most that a first visit may load, compressed, in bytes.
MOST_BYTES = 17_000_000
#: The folder of the book in the site, and the lessons of it that compute.
BOOK = "book"
COMPUTING = ("deportation-logistics", "reading-polls")


class BuiltSite(NamedTuple):
    """A site: what it was built from, where it is, and what the command says about it."""

    source: Path
    folder: Path
    about: LiveSite


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The sample course with one more lesson, and the copies that a class gets; and what computes in the book, if it is
    there. A build takes so long that there is one for all tests."""
    source = tmp_path_factory.mktemp("source") / "course"
    shutil.copytree(SAMPLE_COURSE, source)
    write(source / "lessons" / "quiz.md", "# All questions\n\n```{quiz} ../quizzes/amendments.yml\n```\n")
    release([SAMPLE_COURSE / "quizzes"], source / "class")
    for name in (
        *(f"lessons/{lesson}.md" for lesson in COMPUTING),
        "lessons/data",
        "lessons/figures",
        "quizzes",
        "seeds",
    ):
        path, copy = ROOT / name, source / BOOK / name
        if path.is_dir():
            shutil.copytree(path, copy)
        elif path.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    folder = tmp_path_factory.mktemp("live") / "site"
    return BuiltSite(source, folder, built(source, folder, ["lessons", "quizzes", "seeds", "class", BOOK]))


def built(folder: Path, to: Path, only: Collection[str] = ()) -> LiveSite:
    """Build a site. Where its parts cannot be had, the test is skipped; in CI, it fails."""
    try:
        return build_live(folder, to, [name for name in only if (folder / name).exists()])
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
