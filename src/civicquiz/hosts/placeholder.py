"""The placeholder that ``civicquiz.show`` prints while a book is built, and its parser."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any

from civicquiz.frontend.outline import outline_text
from civicquiz.grading import Result, grade_question, total
from civicquiz.model.quiz import Quiz

__all__ = ["BOOK_VARIABLE", "QuizPlaceholder", "parse_placeholder"]

#: The environment variable that a book sets while it executes notebooks: the folder of its sources.
BOOK_VARIABLE = "CIVICQUIZ_BOOK"

_PLACEHOLDER = re.compile(r'<div class="civicquiz-cell" data-path="([^"]*)" data-questions="([^"]*)"></div>')


class QuizPlaceholder:
    """What ``civicquiz.show`` returns while a book is built; the book replaces it with the quiz.

    A widget would leave its state, and with it the whole front end, in the page. The placeholder can be observed like a
    widget, but nothing ever happens to it.
    """

    def __init__(self, quiz: Quiz, questions: Sequence[str] | None = None) -> None:
        # Relative, because the output of a notebook may be stored and used in another checkout.
        self._path = os.path.relpath(quiz.path, os.environ.get(BOOK_VARIABLE, "."))
        self._quiz = quiz
        self._questions = [question.id for question in quiz.select(questions)] if questions is not None else []

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        path, ids = escape(self._path), escape(" ".join(self._questions))
        html = f'<div class="civicquiz-cell" data-path="{path}" data-questions="{ids}"></div>'
        return {"text/plain": outline_text(self._quiz, self._questions or None), "text/html": html}

    @property
    def result(self) -> Result:
        """Nobody answers anything while a book is built."""
        return total(self._quiz, {question.id: grade_question(question, None) for question in self._quiz.questions})

    def observe(self, *_: Any, **__: Any) -> None:
        """Accepts an observer, as the widget does."""


def parse_placeholder(html: str) -> tuple[str, list[str] | None] | None:
    """(path of the quiz from the folder of the book, question ids or None for all) from the output of a cell.

    None if the output is not a placeholder.
    """
    found = _PLACEHOLDER.fullmatch(html.strip())
    return (unescape(found[1]), unescape(found[2]).split() or None) if found else None
