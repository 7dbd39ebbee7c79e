"""The quizzes of a preview: what is shown of each, and what is wrong with its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import time_ns

from civicquiz.errors import PreviewError, Problem, QuizError, display_path, one_line
from civicquiz.model.course import load_checked, quizzes_of, same_names
from civicquiz.model.file_names import quiz_file
from civicquiz.model.learner_copy import shown_on_page
from civicquiz.model.quiz import Quiz
from civicquiz.previewing.watching import files_shown, folders_around

__all__ = ["Desk", "Previewed"]

#: What tells a version of some files from all others: path, time, size and number of each.
_Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Previewed:
    """A quiz that is being written.

    Attributes:
        path: its file.
        quiz: how it was when its file could be read for the last time; None if it never could.
        on_page: the same as its page shows it.
        problems: the mistakes and warnings in its file as it is now; None if that has not been read yet.
        revision: changes with ``quiz``.
    """

    path: Path
    quiz: Quiz | None = None
    on_page: Quiz | None = None
    problems: tuple[Problem, ...] | None = None
    revision: str = ""
    stamp: _Stamp = ()

    @property
    def is_outdated(self) -> bool:
        """Whether ``quiz`` is older than the file, because that has mistakes now."""
        return self.quiz is not None and any(not problem.is_warning for problem in self.problems or ())


class Desk:
    """The quizzes that a path names. One thread calls :meth:`refresh`; others may read all the time."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            PreviewError: there is no such file or folder.
        """
        if not path.exists():
            message = f"there is no file or folder '{path}'; name a quiz, or a folder with quizzes in it"
            raise PreviewError(one_line(message))
        path = path.absolute()
        #: the folder whose quizzes are listed; None for a single quiz
        self.folder = path if path.is_dir() else None
        self._path = path if self.folder else _of_translation(path)
        self._root = self.folder or self._path.parent
        #: name of a quiz, which is its path from the folder -> the quiz, also if its file was deleted since
        self.quizzes: dict[str, Previewed] = {}
        #: the names of those whose files are there, in order
        self.names: tuple[str, ...] = ()
        self._alike: list[Problem] = []
        self._list()

    def folders(self) -> set[Path]:
        """The folders to watch."""
        return folders_around(self._path)

    def refresh(self, tell: Callable[[], object], first: Iterable[str] = ()) -> None:
        """Read what was saved since the last time; ``tell`` is called whenever there is something new to show, and the
        quizzes called ``first`` are read before the others.
        """
        before = self.names
        self._list()
        if self.names != before:
            tell()
        for name in dict.fromkeys((*(name for name in first if name in self.quizzes), *self.quizzes)):
            old = self.quizzes[name]
            stamp = _stamp(old.path)
            if stamp != old.stamp or old.problems is None:
                self.quizzes[name] = replace(_read(old), stamp=stamp)
                tell()
        alike = list(same_names(self.quizzes[name].path for name in self.names))
        if alike != self._alike:
            self._alike = alike
            tell()

    def problems(self, name: str) -> tuple[Problem, ...] | None:
        """What ``civicquiz check`` says about the quiz; None if it has not been read yet."""
        quiz = self.quizzes[name]
        if quiz.problems is None:
            return None
        shown = display_path(quiz.path)
        return tuple(sorted({*quiz.problems, *(problem for problem in self._alike if problem.path == shown)}))

    def _list(self) -> None:
        files = sorted({_of_translation(file) for file in quizzes_of(self._path)}) if self.folder else [self._path]
        named = {file.relative_to(self._root).as_posix(): file for file in files}
        self.quizzes |= {name: Previewed(file) for name, file in named.items() if name not in self.quizzes}
        self.names = tuple(named)


def _of_translation(file: Path) -> Path:
    """The quiz that a translation is next to; any other file as it is."""
    quiz = quiz_file(file)
    return quiz if quiz is not None and quiz.is_file() else file


def _stamp(quiz: Path) -> _Stamp:
    stamp = []
    for file in files_shown(quiz):
        with suppress(OSError):
            found = file.stat()
            stamp.append((str(file), found.st_mtime_ns, found.st_size, found.st_ino))
    return tuple(stamp)


def _read(old: Previewed) -> Previewed:
    """The quiz as its file is now; if that has mistakes, what is shown stays as it was."""
    try:
        quiz, problems = load_checked(old.path)
        on_page = shown_on_page(quiz) if quiz is not None else None
    except QuizError as error:
        return replace(old, problems=error.problems)
    except OSError as error:  # its folder is being deleted
        message = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        return replace(old, problems=(Problem(display_path(old.path), 1, 1, message, "save it again"),))
    if quiz is None:
        return replace(old, problems=problems)
    shown = tuple(problem for problem in problems if not problem.is_note)
    return replace(old, quiz=quiz, on_page=on_page, problems=shown, revision=str(time_ns()))
