"""Quizzes written once in YAML, answered in a notebook, on a published page and on paper.

>>> import civicquiz
>>> quiz = civicquiz.load("quizzes/alien-enemies-act.yml")  # a Quiz, or one QuizError that lists every problem
>>> result = civicquiz.grade(quiz, {"by-age": "14"})  # Result: .score .max_score .outcomes[question_id]
>>> civicquiz.show(quiz)  # an ipywidget

Importing the package imports neither Sphinx nor ipywidgets; :func:`show` and the Sphinx extension do, when used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civicquiz.errors import CivicquizError, NoKeyError, Problem, QuizError, ResponseError
from civicquiz.grading import Outcome, Progress, Result, grade
from civicquiz.model.quiz import Quiz, load

if TYPE_CHECKING:
    from civicquiz.hosts.placeholder import QuizPlaceholder
    from civicquiz.hosts.widget import QuizWidget

__all__ = [
    "CivicquizError",
    "NoKeyError",
    "Outcome",
    "Problem",
    "Progress",
    "Quiz",
    "QuizError",
    "ResponseError",
    "Result",
    "__version__",
    "grade",
    "load",
    "show",
]

__version__ = "0.1.0"


def show(quiz: Quiz | str | Path, questions: Sequence[str] | None = None) -> QuizWidget | QuizPlaceholder:
    """The interactive quiz: an ipywidget to display, observe and put into a layout.

    While a book is built, it is a placeholder instead, which the book replaces with the quiz.

    Args:
        quiz: a quiz, or the path of its file.
        questions: ids of the questions to show, in this order; all of them by default.

    Raises:
        QuizError: ``quiz`` is a path, and the file has problems.
        KeyError: the quiz has no question of that id.
        ValueError: ``questions`` names none.
    """
    if questions is not None and not questions:
        raise ValueError("no question is named; leave 'questions' out to show all of them")
    from civicquiz.hosts import widget

    return widget.show(load(quiz) if isinstance(quiz, (str, Path)) else quiz, questions)


def setup(app: Any) -> dict[str, Any]:
    """Entry point for Sphinx and Jupyter Book: ``extensions = ["civicquiz"]``."""
    from civicquiz.hosts import book

    return {"version": __version__, **book.setup(app)}
