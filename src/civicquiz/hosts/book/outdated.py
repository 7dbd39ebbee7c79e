"""The quizzes of each page: pages that have to be read again although no file that they name has changed, and names.

A quiz that could not be shown is reported by every build, and a translation that was added next to a quiz is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from civicquiz.hosts.book.book_warnings import warn
from civicquiz.model.banks import files_around
from civicquiz.model.file_names import quiz_file

__all__ = ["find_outdated", "has_translations", "merge_quizzes", "note_quiz", "purge_quizzes", "warn_of_same_names"]

#: page -> path of a quiz on it -> the names of the files that it is made of; None if it could not be shown
_Quizzes = dict[str, dict[str, tuple[str, ...] | None]]


def _quizzes(env: BuildEnvironment) -> _Quizzes:
    if not hasattr(env, "civicquiz_quizzes"):
        env.civicquiz_quizzes = {}  # type: ignore[attr-defined]
    quizzes: _Quizzes = env.civicquiz_quizzes  # type: ignore[attr-defined]
    return quizzes


def _names(path: Path) -> tuple[str, ...]:
    return tuple(str(file) for file in files_around(path))


def note_quiz(env: BuildEnvironment, path: Path, *, is_shown: bool) -> None:
    """Note that the page that is being read has this quiz."""
    _quizzes(env).setdefault(env.docname, {})[str(path)] = _names(path) if is_shown else None


def has_translations(env: BuildEnvironment) -> bool:
    """Whether a quiz of the book is translated."""
    files = (Path(name) for quizzes in _quizzes(env).values() for names in quizzes.values() for name in names or ())
    return any(quiz_file(file) is not None for file in files)


def find_outdated(_: Sphinx, env: BuildEnvironment, *__: object) -> list[str]:
    """The pages to read again."""
    return [
        page
        for page, quizzes in _quizzes(env).items()
        if any(names is None or names != _names(Path(path)) for path, names in quizzes.items())
    ]


def warn_of_same_names(_: Sphinx, env: BuildEnvironment) -> None:
    """Different quizzes of one name: nobody could tell which of them an answer file is for."""
    first: dict[str, Path] = {}
    for page, quizzes in sorted(_quizzes(env).items()):
        for path in (Path(name) for name, files in quizzes.items() if files is not None):
            other = first.setdefault(path.stem, path)
            if path.is_file() and other.is_file() and path.read_bytes() != other.read_bytes():
                message = f"another quiz in this book is also named '{path.stem}' ({other})"
                warn(f"{message}; rename one of them, so that their answer files can be told apart", page)


def purge_quizzes(_: Sphinx, env: BuildEnvironment, page: str) -> None:
    _quizzes(env).pop(page, None)


def merge_quizzes(_: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    _quizzes(env).update({page: quizzes for page, quizzes in _quizzes(other).items() if page in set(pages)})
