"""``civicquiz release``: the folder that a class gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import Problem, QuizError, ReleaseError, display_path
from civicquiz.model.quiz import Quiz, ReleasedQuiz, load
from civicquiz.model.quiz_files import load_keys
from civicquiz.releasing.handout import notebook, page
from civicquiz.releasing.learner_copy import copied_files

__all__ = ["release"]


def release(paths: Iterable[str | Path], folder: str | Path) -> list[Path]:
    """Write a copy of every quiz of ``paths``, without its key, into ``folder``, which is created if it does not exist.

    The quiz ``law`` becomes ``law.yml`` with its translations and images, the notebook ``law.ipynb`` and the page
    ``law.html``. The files of an earlier release are replaced. ``paths`` are files and folders as in
    :func:`~civicquiz.model.quiz_files.quiz_files`.

    Returns the files that were written, in the order of ``paths``.

    Raises:
        QuizError: a quiz has problems, or cannot be released as it is; nothing was written.
        NoKeyError: a quiz is a released copy already; nothing was written.
        ReleaseError: something else would be overwritten, and nothing was written; or a file cannot be written.
    """
    folder = Path(folder)
    quizzes = list(load_keys(map(Path, paths)).values())
    files = _files(quizzes)
    _refuse_to_overwrite(folder, files, quizzes)
    written: list[Path] = []
    try:
        for quiz in quizzes:
            _remove_old_translations(folder, quiz)
            for name, content in copied_files(quiz).items():
                written.append(_write(folder / name, content))
            copy = load(folder / f"{quiz.name}.yml")
            assert isinstance(copy, ReleasedQuiz)  # its file says that it is one
            written.append(_write(folder / f"{quiz.name}.ipynb", notebook(copy).encode()))
            written.append(_write(folder / f"{quiz.name}.html", page(copy).encode()))
    except OSError as error:
        raise ReleaseError(f"cannot write to '{display_path(folder)}': {error.strerror or error}") from None
    return list(dict.fromkeys(written))


def _files(quizzes: Iterable[Quiz]) -> dict[str, bytes]:
    """All files of all copies, by their paths in the folder."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for quiz in quizzes:
        try:
            for name, content in copied_files(quiz).items():
                if files.setdefault(name, content) != content:
                    message = f"another quiz in this release has a different file named '{name}'"
                    hint = "rename one of the two, or release them into two folders"
                    problems.append(Problem(display_path(quiz.path), 1, 1, message, hint))
        except QuizError as error:
            problems += error.problems
    if problems:
        raise QuizError(problems)
    return files


def _refuse_to_overwrite(folder: Path, files: Mapping[str, bytes], quizzes: Iterable[Quiz]) -> None:
    if any(quiz.path.parent.resolve() == folder.resolve() for quiz in quizzes):
        raise ReleaseError(f"'{display_path(folder)}' has the quizzes themselves in it; name another folder with --to")
    for name in files:
        path = folder / name
        if path.suffix == ".yml" and path.exists() and not _is_copy(path):
            refused = f"'{display_path(path)}' is not a released copy, and would be overwritten"
            raise ReleaseError(f"{refused}; move it away, or name another folder with --to")


def _is_copy(path: Path) -> bool:
    try:
        value = read(path).value
    except QuizError:
        return False
    return isinstance(value, dict) and value.get("released") is True


def _remove_old_translations(folder: Path, quiz: Quiz) -> None:
    """Remove translations of an earlier release that the quiz no longer has; they would not fit the new copy."""
    for path in folder.glob(f"{quiz.name}.*.yml"):
        if path.name.count(".") == quiz.name.count(".") + 2 and _is_copy(path):
            path.unlink()


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
