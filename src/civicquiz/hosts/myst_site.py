"""Sites without Sphinx: Jupyter Book 2 and MyST, where quizzes work in another way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from civicquiz.errors import display_path

__all__ = ["notes"]

#: The settings of a site of Jupyter Book 2 or MyST.
_MYST = "myst.yml"
#: The settings of a site that is built with Sphinx.
_SPHINX = ("_config.yml", "conf.py")


def notes(paths: Iterable[Path]) -> Iterator[str]:
    """For every site without Sphinx that one of ``paths`` is in: what of civicquiz works there, once.

    A folder with the settings of both is not one: somebody builds it with Sphinx, too.
    """
    sites = {site for path in paths if (site := _site_of(path.absolute()))}
    for site in sorted(sites):
        if not any((site / name).is_file() for name in _SPHINX):
            yield (
                f"note: {display_path(site / _MYST)}: this is a site of Jupyter Book 2 (MyST), which has no Sphinx. "
                "The directive {quiz} does not work there; it needs pip install 'jupyter-book<2'. "
                "Quizzes in notebooks work in Jupyter, and are text on the page. "
                "Pages that 'civicquiz release' and 'civicquiz worksheet' write can be linked to."
            )


def _site_of(path: Path) -> Path | None:
    return next((folder for folder in (path, *path.parents) if (folder / _MYST).is_file()), None)
