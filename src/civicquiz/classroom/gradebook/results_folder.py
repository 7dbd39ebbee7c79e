"""The folder with the results of a class: new results are written beside the old ones and replace them all at once."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Self

from civicquiz.classroom.outcomes_file import FILE_NAME
from civicquiz.errors import GradingError, display_path

__all__ = ["ResultsFolder"]

_FILES = ("gradebook.csv", "canvas.csv", "moodle.csv", "problems.csv", FILE_NAME, "review.csv")


class ResultsFolder:
    """The folder ``path``, and in it the folder ``staging`` for new results, until it is closed."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            GradingError: the folder cannot be created or written to.
        """
        self.path = path
        self._is_new = not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            self.staging = Path(tempfile.mkdtemp(prefix=".grading-", dir=path))
        except OSError as error:
            raise GradingError(f"cannot write to '{display_path(path)}': {error.strerror}") from None

    def publish(self) -> None:
        """Replace the old results with the new ones. Pages of learners who are gone are deleted.

        Raises:
            GradingError: they cannot be written.
        """
        new_pages, pages = self.staging / "feedback", self.path / "feedback"
        try:
            for name in _FILES:
                if (self.staging / name).exists():
                    (self.staging / name).replace(self.path / name)
            if new_pages.exists() and pages.exists():
                names = {page.name for page in new_pages.iterdir()}
                for name in names:
                    (new_pages / name).replace(pages / name)
                for page in pages.glob("*.html"):
                    if page.name not in names:
                        page.unlink()
            elif new_pages.exists():
                new_pages.rename(pages)
        except OSError as error:
            raise GradingError(f"cannot write to '{display_path(self.path)}': {error.strerror}") from None

    def close(self) -> None:
        """Delete what was not published, and the folder itself if nothing ever was."""
        shutil.rmtree(self.staging, ignore_errors=True)
        if self._is_new and not any(self.path.iterdir()):
            self.path.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
