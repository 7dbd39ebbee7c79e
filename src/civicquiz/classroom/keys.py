"""The quizzes that a class is graded with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from civicquiz.classroom.gradebook.outcomes import GradingError
from civicquiz.errors import NoKeyError, Problem, QuizError, display_path
from civicquiz.model.quiz import Quiz, ReleasedQuiz, load
from civicquiz.model.translations import quiz_file

__all__ = ["load_keys"]


def load_keys(paths: Iterable[Path]) -> tuple[dict[str, Quiz], set[str]]:
    """The quizzes in ``paths``, files and folders, by name; and which of them were named one by one.

    Raises:
        QuizError: one of them has problems.
        NoKeyError: one of them is a released copy.
        GradingError: there is none, or two have the same name.
    """
    quizzes: dict[str, Quiz] = {}
    named: set[str] = set()
    problems: list[Problem] = []
    for path in paths:
        files = [path]
        if path.is_dir():
            files = [
                file
                for file in sorted(path.iterdir())
                if file.suffix in (".yml", ".yaml") and quiz_file(file) is None and not file.name.startswith(".")
            ]
        for file in files:
            try:
                quiz = load(file)
            except QuizError as error:
                problems += error.problems
                continue
            if isinstance(quiz, ReleasedQuiz):
                raise NoKeyError(display_path(quiz.path))
            if quiz.name in quizzes and quizzes[quiz.name].path != quiz.path:
                both = f"'{display_path(quizzes[quiz.name].path)}' and '{display_path(quiz.path)}'"
                raise GradingError(f"two keys are called '{quiz.name}': {both} (name one of them)")
            quizzes[quiz.name] = quiz
            if not path.is_dir():
                named.add(quiz.name)
    if problems:
        raise QuizError(problems)
    if not quizzes:
        raise GradingError("no quiz was found to grade with (name quiz files, or a folder of them, with --key)")
    return quizzes, named
