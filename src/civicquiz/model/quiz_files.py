"""The quizzes that a path on the command line names: one file, the quizzes in a folder, or those of a course."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from civicquiz.errors import NoKeyError, Problem, QuizError, display_path
from civicquiz.model.file_names import SUFFIXES, quiz_file
from civicquiz.model.quiz import Quiz, ReleasedQuiz, load

__all__ = ["load_keys", "quiz_files", "translation_without_quiz"]


def quiz_files(path: Path) -> dict[Path, Path]:
    """The quiz files that ``path`` names, each with the file that was found for it.

    A folder names the quizzes directly in it, as ``folder/*.yml`` does: a quiz further down is often a copy or an older
    version. Hidden files are left out. A course, which is a folder with a folder ``quizzes/`` in it, names the quizzes
    in ``quizzes/``. A translation names its quiz; if that is missing, the two paths differ.
    """
    files = [path]
    if path.is_dir():
        folder = path / "quizzes" if (path / "quizzes").is_dir() else path
        found = (file for file in folder.iterdir() if file.suffix in SUFFIXES and file.is_file())
        files = sorted(file for file in found if not file.name.startswith("."))
    return {quiz_file(file) or file: file for file in files}


def load_keys(paths: Iterable[Path], wanted: Collection[str] | None = None) -> dict[str, Quiz]:
    """The quizzes, with their keys, that ``paths`` name (see :func:`quiz_files`): name of a quiz -> quiz.

    With ``wanted``, only quizzes of these names are read and returned.

    Raises:
        QuizError: a quiz has problems or is missing, two have the same name, or a folder contains no quizzes.
        NoKeyError: a quiz is a released copy.
    """
    quizzes: dict[str, Quiz] = {}
    problems: list[Problem] = []
    for path in paths:
        files = quiz_files(path)
        if not files:
            hint = "name a folder that has quizzes directly in it, or the quiz files themselves"
            problems.append(Problem(display_path(path), 1, 1, "there is no quiz in this folder", hint))
        for file, found in files.items():
            other = quizzes.get(file.stem)
            if wanted is not None and file.stem not in wanted and file.exists():
                continue
            if not file.exists() and found != file:
                problems.append(translation_without_quiz(found, file))
            elif other is None:
                try:
                    quizzes[file.stem] = _load_key(file)
                except QuizError as error:
                    problems += error.problems
            elif other.path.resolve() != file.resolve():
                message = f"another quiz is also named '{file.stem}': '{display_path(other.path)}'"
                problems.append(Problem(display_path(file), 1, 1, message, "name only one of them, or rename one"))
    if problems:
        raise QuizError(problems)
    return quizzes


def _load_key(file: Path) -> Quiz:
    quiz = load(file)
    if isinstance(quiz, ReleasedQuiz):
        raise NoKeyError(display_path(file))
    return quiz


def translation_without_quiz(translation: Path, quiz: Path) -> Problem:
    """The problem of a translation whose quiz is not next to it."""
    hint = f"write '{quiz.name}', or rename this file; the name of a quiz should not contain a dot"
    return Problem(display_path(translation), 1, 1, f"there is no quiz '{quiz.name}' for this translation", hint)
