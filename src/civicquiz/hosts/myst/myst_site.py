"""The settings of a site of Jupyter Book 2 or MyST, and what works there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from civicquiz.errors import display_path

__all__ = ["notes", "site_of"]

#: The settings of a site of Jupyter Book 2 or MyST.
_MYST = "myst.yml"
#: The settings of a site that is built with Sphinx.
_SPHINX = ("_config.yml", "conf.py")


def notes(paths: Iterable[Path]) -> Iterator[str]:
    """For every site without Sphinx that one of ``paths`` is in: how to add the plugin, once, unless it is there.

    A folder with the settings of both is not one: somebody builds it with Sphinx, too.
    """
    sites = {site for path in paths if (site := site_of(path.absolute()))}
    for site in sorted(sites):
        if not any((site / name).is_file() for name in _SPHINX) and not _has_plugin(site):
            yield (
                f"note: {display_path(site / _MYST)}: this is a site of Jupyter Book 2 (MyST), which has no Sphinx. "
                "The directive {quiz} needs a plugin there: run 'civicquiz new --myst' in the folder of this file. "
                "Quizzes in notebooks work in Jupyter, and are text on the page. "
                "For a book of Jupyter Book 1: pip install 'jupyter-book<2'."
            )


def _has_plugin(site: Path) -> bool:
    try:
        return "civicquiz" in (site / _MYST).read_text("utf-8", "replace")
    except OSError:
        return False


def site_of(path: Path) -> Path | None:
    """The folder of the site that a file or folder, whose ``path`` is absolute, is in; None if it is in none."""
    return next((folder for folder in (path, *path.parents) if (folder / _MYST).is_file()), None)
