"""Time for single questions, which programs for live quizzes need, while a quiz has time for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.exported import Losses
from civicquiz.model.quiz import Quiz

__all__ = ["note_time", "seconds_for_each"]

#: The seconds for a question of a quiz that has no time limit.
_USUAL = 60


def seconds_for_each(quiz: Quiz, allowed: Sequence[int]) -> int:
    """The seconds for each question: its share of the time for the quiz, or the next longer time that is allowed."""
    count = quiz.pick or sum(section.pick or 0 for section in quiz.sections) or len(quiz.questions)
    share = quiz.time_limit * 60 / count if quiz.time_limit else _USUAL
    return next((seconds for seconds in allowed if seconds >= share), allowed[-1])


def note_time(quiz: Quiz, allowed: Sequence[int], program: str, losses: Losses) -> None:
    """Note how long students have for each question."""
    seconds = seconds_for_each(quiz, allowed)
    if quiz.time_limit:
        limit = number_text(quiz.time_limit)
        reason = f"{program} has no time for the quiz, here {limit} minutes: each question has {seconds} seconds there."
    else:
        reason = f"{program} has a time for each question: {seconds} seconds. Change it there."
    losses.approximate("time limit", reason)
