"""The folder with the results of a class: new results replace the old ones all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from civicquiz.classroom.outcomes_file import FILE_NAME
from civicquiz.errors import GradingError, display_path
from civicquiz.output_folder import OutputFolder

__all__ = ["ResultsFolder"]

_FILES = ("gradebook.csv", "canvas.csv", "moodle.csv", "blackboard.csv", "problems.csv", FILE_NAME, "review.csv")


class ResultsFolder:
    """The folder ``path``, and the folder ``staging`` for new results, until it is closed."""

    def __init__(self, path: Path, *, partitioned: bool = False) -> None:
        """With ``partitioned``, outcomes.parquet is a folder of files, as Spark writes them.

        Raises:
            GradingError: the folder cannot be created or written to, or has files of these names that are not results,
                or the results of another engine.
        """
        self.path, self._partitioned = path, partitioned
        before = path / FILE_NAME
        if before.exists() and before.is_dir() != partitioned:
            which = "without" if partitioned else "with"
            raise GradingError(
                f"'{display_path(path)}' has results that were graded {which} Spark; name another folder with --out"
            )
        with _Explained(path):
            self._output = OutputFolder(path)
        self.staging = self._output.staging
        #: whether an earlier run was interrupted, and its results are complete only now
        self.finished_earlier = self._output.finished_earlier
        if not (path / FILE_NAME).exists():
            foreign = next((name for name in _FILES if (path / name).exists()), None)
            if foreign:
                self.close()
                what = f"'{display_path(path / foreign)}' is not a result of 'civicquiz grade'"
                refused = f"{what}, and would be overwritten"
                raise GradingError(f"{refused}; move it away, or name another folder with --out")

    def publish(self) -> None:
        """Replace the old results with the new ones. Pages of learners who are gone are deleted.

        Raises:
            GradingError: they cannot be written.
        """
        new = [name for name in _FILES if (self.staging / name).is_file()]
        rows, rows_before = (self._parts(folder) if self._partitioned else [] for folder in (self.staging, self.path))
        pages = [f"feedback/{page.name}" for page in sorted((self.staging / "feedback").glob("*.html"))]
        old = [f"feedback/{page.name}" for page in (self.path / "feedback").glob("*.html")] if pages else []
        with _Explained(self.path):
            self._output.publish([*new, *rows, *pages], obsolete={*rows_before, *old} - {*rows, *pages})

    def _parts(self, folder: Path) -> list[str]:
        return [f"{FILE_NAME}/{part.name}" for part in sorted((folder / FILE_NAME).glob("*.parquet"))]

    def close(self) -> None:
        """Delete what was not published."""
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Explained:
    """Turns an error of the operating system into one that says which folder cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise GradingError(f"cannot write to '{display_path(self._path)}': {error.strerror}") from None
