"""Responses in, outcomes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, Literal

from civicquiz.errors import ResponseError
from civicquiz.interactions import Response, ShapeError
from civicquiz.questions import QuestionBase
from civicquiz.quiz import Quiz
from civicquiz.validation import nearest

__all__ = ["Outcome", "Result", "Status", "grade", "grade_question"]

Status = Literal["correct", "partly", "incorrect", "unanswered", "needs-review"]


@dataclass(frozen=True)
class Outcome:
    """What one response earned.

    ``messages`` holds the author's feedback (Markdown) on what was chosen. A response that only a person can score has
    the status ``needs-review`` and a score of 0 for the time being.
    """

    question_id: str
    status: Status
    score: float
    max_score: float
    response: Response | None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What all responses earned together; ``outcomes`` has an entry for every question of the quiz."""

    score: float
    max_score: float
    outcomes: Mapping[str, Outcome]


def grade(quiz: Quiz, responses: Mapping[str, Any]) -> Result:
    """Grade ``responses`` (question id -> response) by the key of ``quiz``.

    A question without a response scores 0 and is reported as unanswered.

    Raises:
        ResponseError: a response has the wrong shape, or names a question or an option that does not exist.
    """
    if not isinstance(responses, Mapping):
        raise ResponseError("?", f"responses are a mapping of question ids to responses (got {responses!r:.60})")
    known = {question.id for question in quiz.questions}
    for question_id in responses:
        if question_id not in known:
            near = nearest(str(question_id), known)
            hint = f"; did you mean '{near}'?" if near else ""
            raise ResponseError(str(question_id), f"the quiz '{quiz.name}' has no such question{hint}")
    outcomes = {q.id: grade_question(q, responses.get(q.id)) for q in quiz.questions}
    return total(outcomes)


def total(outcomes: Mapping[str, Outcome]) -> Result:
    """The result that ``outcomes`` add up to."""
    score = rounded(sum(outcome.score for outcome in outcomes.values()))
    return Result(score, rounded(sum(outcome.max_score for outcome in outcomes.values())), dict(outcomes))


def grade_question(question: QuestionBase, response: Any) -> Outcome:
    """Grade one response.

    Raises:
        ResponseError: it has the wrong shape or names an option that does not exist.
    """
    interaction = question.interaction()
    try:
        read = interaction.read(response)
    except ShapeError as error:
        raise ResponseError(question.id, str(error)) from None
    if read is None:
        return Outcome(question.id, "unanswered", 0.0, question.points, None)
    if interaction.scoring() is None:
        return Outcome(question.id, "needs-review", 0.0, question.points, read)
    share = interaction.share(read)
    status: Status = "correct" if share == 1 else "incorrect" if share == 0 else "partly"
    feedback = question.token_feedback()
    messages = tuple(feedback[token] for token in interaction.tokens(read) if token in feedback)
    score = question.points if share == 1 else rounded(question.points * share)
    return Outcome(question.id, status, score, question.points, read, messages)


def rounded(score: float) -> float:
    """To a millionth of a point, the same way as ``static/quiz.js``."""
    return floor(score * 1e6 + 0.5) / 1e6
