"""Quizzes written once in YAML, answered in a notebook, on a published page and on paper.

>>> import civicquiz
>>> quiz = civicquiz.load("examples/numeric.yml")  # a Quiz, or one QuizError that lists every problem
>>> result = civicquiz.grade(quiz, {"registered": "481,000"})  # question id -> response
>>> result.score, result.max_score, result.outcomes["registered"].status
(1.0, 1.0, 'correct')
>>> widget = civicquiz.show(quiz)  # an ipywidget, to display in a notebook

The names in ``__all__`` are the API (see ``docs/api.md``); everything else may change without notice. Importing the
package imports neither Sphinx nor ipywidgets; :func:`show` and the Sphinx extension do, when used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civicquiz.classroom.check_answers import Checked, check_answers
from civicquiz.classroom.grade_lines import GradedLines, SubmissionProblem, grade_lines
from civicquiz.errors import AnswersError, CivicquizError, NoKeyError, Problem, QuizError, ResponseError
from civicquiz.grading import Outcome, Progress, Result, grade
from civicquiz.model.claims import Claim, Seeds, Source, load_seeds
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.schemas import json_schema

if TYPE_CHECKING:
    from civicquiz.hosts.placeholder import QuizPlaceholder
    from civicquiz.hosts.widget import QuizWidget

__all__ = [
    "AnswersError",
    "Checked",
    "CivicquizError",
    "Claim",
    "GradedLines",
    "NoKeyError",
    "Outcome",
    "Problem",
    "Progress",
    "Quiz",
    "QuizError",
    "ResponseError",
    "Result",
    "Seeds",
    "Source",
    "SubmissionProblem",
    "__version__",
    "check_answers",
    "grade",
    "grade_lines",
    "json_schema",
    "load",
    "load_seeds",
    "show",
]

__version__ = "0.1.0"


def show(
    quiz: Quiz | str | Path, questions: Sequence[str] | None = None, *, folder: str | Path = "."
) -> QuizWidget | QuizPlaceholder:
    """Show a quiz in a notebook.

    Args:
        quiz: a quiz, or the path of its file.
        questions: ids of the questions to show, in this order; all of them by default.
        folder: where answers are kept; by default, the folder that the kernel runs in, which is usually the notebook's.
            On a machine that forgets its files, name one that lasts, such as a mounted drive.

    Returns:
        An ipywidget to display, observe and put into a layout. Its trait ``result`` is the :class:`~civicquiz.Result`
        of the questions shown, and changes with every answer that is checked. While a book is built, a placeholder,
        which the book replaces with the quiz.

    Raises:
        QuizError: ``quiz`` is a path, and the file has problems.
        KeyError: the quiz has no question of that id.
        ValueError: ``questions`` is empty.
    """
    if questions is not None and not questions:
        raise ValueError("no question is named; leave 'questions' out to show all of them")
    from civicquiz.hosts import widget

    return widget.show(load(quiz) if isinstance(quiz, (str, Path)) else quiz, questions, folder)


def setup(app: Any) -> dict[str, Any]:
    """Entry point for Sphinx and Jupyter Book: ``extensions = ["civicquiz"]``."""
    from civicquiz.hosts import book

    return {"version": __version__, **book.setup(app)}
