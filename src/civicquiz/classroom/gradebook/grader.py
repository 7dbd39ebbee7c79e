"""Submissions -> what each answer earned, at the speed of a class of any size.

Grading itself is ``grading.grade_question``. Answers repeat a lot, so that what one earned is kept and looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic_core import to_json

from civicquiz.authoring.wording import excerpt
from civicquiz.grading import Outcome, Progress, Status, grade_question, read_handed_in
from civicquiz.grading.arrangement import arranged
from civicquiz.grading.responses import Sitting
from civicquiz.model.interactions import ShapeError
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz

__all__ = ["STATUSES", "Key", "Row", "scores"]

#: Of an outcome; ``missing`` where a learner handed in nothing. Rows hold the position in this list.
STATUSES: tuple[str, ...] = (*get_args(Status), "missing")

#: How many outcomes of one quiz are kept, and how long an answer is at most, as JSON, to be worth keeping.
_KEPT, _LONGEST = 20_000, 500

#: (position of the question in the quiz, position of the status, score or None while nobody has scored it, response as
#: JSON or None, attempts or None, certainty or None); a tuple, since there are many.
Row = tuple[int, int, float | None, str | None, int | None, int | None]

_Earned = tuple[int, float | None, str | None]


def scores(rows: list[Row]) -> tuple[float, bool]:
    """The points of these rows so far, and whether a person still has to score one."""
    return sum(row[2] or 0.0 for row in rows), any(row[2] is None for row in rows)


@dataclass(frozen=True)
class _Unread:
    """Why a response counts as no answer."""

    earned: _Earned
    why: str


class Key:
    """A quiz with its key, and what it has graded already."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.name = quiz.name
        self.version = quiz.version
        self.questions: tuple[QuestionBase, ...] = quiz.questions
        self.places = {question.id: place for place, question in enumerate(quiz.questions)}
        self._picks = bool(quiz.pick or any(section.pick for section in quiz.sections))
        self._earned: dict[Any, _Earned | _Unread] = {}

    def questions_of(self, sitting: Sitting) -> list[int]:
        """The positions of the questions that the learner got, in the order of the quiz."""
        seed = sitting.session.get("seed")
        if not self._picks or seed is None:
            return list(range(len(self.questions)))
        return sorted(self.places[name] for _, names in arranged(self.quiz, seed) for name in names)

    def mark(self, sitting: Sitting) -> tuple[list[Row], list[str]]:
        """A row for each question that the learner got, and in words what could not be read.

        A response that cannot be read counts as no answer, as in ``grading.grade_handed_in``.
        """
        rows: list[Row] = []
        unread = []
        responses, attempts, marks = sitting.responses, sitting.attempts, sitting.marks
        penalty = self.quiz.attempt_penalty > 0
        for place in self.questions_of(sitting):
            name = self.questions[place].id
            response, tries, noted = responses.get(name), attempts.get(name), marks.get(name)
            hint = bool(noted and self.quiz.hint_penalty and noted.get("hint") is True)
            certainty = noted.get("certainty") if noted else None
            cost = tries if penalty else None
            known: Any = None
            if response is None or type(response) is str:
                known = (place, cost, hint, response)
            elif type(response) is list:
                known = (place, cost, hint, 0, *response)
            elif type(response) is dict:
                known = (place, cost, hint, 1, *response.items())
            try:
                earned = self._earned.get(known)
            except TypeError:  # what is inside cannot be a key of a table: no response is like that
                earned = known = None
            if earned is None:
                earned = self._grade(place, response, tries, hint)
                if known is not None and len(to_json(response)) <= _LONGEST:
                    if len(self._earned) >= _KEPT:
                        self._earned.clear()
                    self._earned[known] = earned
            if isinstance(earned, _Unread):
                unread.append(earned.why)
                earned = earned.earned
            level = certainty if certainty in (1, 2, 3) and type(certainty) is int and earned[2] is not None else None
            rows.append((place, *earned, tries, level))
        for name in responses:
            if name not in self.places:
                unread.append(f"the quiz '{self.quiz.name}' has no question '{excerpt(name)}'")
        return rows, unread

    def _grade(self, place: int, response: Any, tries: int | None, hint: bool) -> _Earned | _Unread:
        question = self.questions[place]
        progress = Progress(
            attempts={} if tries is None else {question.id: tries}, hints={question.id} if hint else set()
        )
        try:
            own = read_handed_in(question.interaction(), response)
        except ShapeError as error:
            nothing = _earned(grade_question(question, None, self.quiz, progress))
            return _Unread(nothing, f"question '{question.id}': {error}")
        return _earned(grade_question(question, own, self.quiz, progress))

    def messages(self, place: int, response: str | None) -> tuple[str, ...]:
        """The author's feedback (Markdown) on a response of a row."""
        return grade_question(self.questions[place], json.loads(response) if response else None).messages

    def missing(self) -> Iterator[Row]:
        """The rows of a learner who handed in nothing."""
        for place in range(len(self.questions)):
            yield (place, STATUSES.index("missing"), None, None, None, None)


def _earned(outcome: Outcome) -> _Earned:
    response = None if outcome.response is None else json.dumps(outcome.response, ensure_ascii=False)
    score = None if outcome.status == "needs-review" else outcome.score
    return STATUSES.index(outcome.status), score, response


def max_score(key: Key, rows: list[Row]) -> float:
    """What could be earned with these rows."""
    return sum(key.questions[row[0]].points for row in rows)
