"""Submissions -> what each answer earned, fast enough for a class of any size.

Grading itself is ``grading.grade_question``. Answers repeat a lot, so what each earned is cached.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.outcomes_file import Row
from civicquiz.grading import Outcome, Progress, grade_question, read_handed_in
from civicquiz.grading.arrangement import arranged, own_numbers
from civicquiz.grading.session import Session
from civicquiz.model.interactions import ShapeError, filled, number_style
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

__all__ = ["Grader", "needs_review", "score_of"]

#: How many outcomes of one quiz are cached, and how long an answer, as JSON, may be to be worth caching.
_KEPT, _LONGEST = 20_000, 500

#: The status, score and response of a Row.
_Earned = tuple[str, float | None, str | None]


def score_of(rows: Iterable[Row]) -> float:
    """The points of these rows so far."""
    return sum(row.score or 0.0 for row in rows)


def needs_review(rows: Iterable[Row]) -> bool:
    """Whether a person still has to score one of these rows."""
    return any(row.score is None for row in rows)


@dataclass(frozen=True)
class _Unreadable:
    """What a response earned that counts as unanswered, and the reason."""

    earned: _Earned
    reason: str


class Grader:
    """Grades what learners handed in for one quiz."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.questions: tuple[QuestionBase, ...] = quiz.questions
        self._indexes = {question.id: index for index, question in enumerate(quiz.questions)}
        #: whether learners get only some of the questions, depending on their seed
        self.picks = bool(quiz.pick or any(section.pick for section in quiz.sections))
        self._earned: dict[Any, _Earned | _Unreadable] = {}

    def __reduce__(self) -> tuple[Any, ...]:  # without what is cached
        return Grader, (self.quiz,)

    def _given_to(self, seed: int | None) -> Iterable[int]:
        """The indexes of the questions that a learner with this seed was given, in the order of the quiz."""
        if not self.picks or seed is None:
            return range(len(self.questions))
        return sorted(self._indexes[question_id] for _, ids in arranged(self.quiz, seed) for question_id in ids)

    def in_shown_order(self, rows: Iterable[Row], seed: int | None) -> list[Row]:
        """``rows`` in the order in which the learner with this seed had the questions before them."""
        if seed is None or "questions" not in self.quiz.shuffle:
            return list(rows)
        shown = [self._indexes[name] for _, names in arranged(self.quiz, seed) for name in names]
        positions = {index: position for position, index in enumerate(shown)}
        return sorted(rows, key=lambda row: positions.get(row.question_index, len(positions)))

    def grade(self, session: Session) -> tuple[list[Row], list[str]]:
        """A row for each question that the learner was given, and messages about what could not be read.

        A response that cannot be read counts as unanswered, as in ``grading.grade_handed_in``.
        """
        rows: list[Row] = []
        unreadable = []
        responses, attempts, marks = session.responses, session.attempts, session.notes
        penalty = self.quiz.attempt_penalty > 0
        language = str(session.overall.get("language", ""))
        for index in self._given_to(session.overall.get("seed")):
            question_id = self.questions[index].id
            response, tries, notes = responses.get(question_id), attempts.get(question_id), marks.get(question_id)
            hint = bool(notes and self.quiz.hint_penalty and notes.get("hint") is True)
            certainty = notes.get("certainty") if notes else None
            cost = tries if penalty else None
            cache_key: Any = None  # equal for responses that earn the same
            if response is None or type(response) is str:
                cache_key = (index, cost, hint, language, response)
            elif type(response) is list:
                cache_key = (index, cost, hint, language, 0, *response)
            elif type(response) is dict:
                cache_key = (index, cost, hint, language, 1, *response.items())
            try:
                earned = self._earned.get(cache_key)
            except TypeError:  # something in it is not hashable, which is never so in a valid response
                earned = cache_key = None
            if earned is None:
                earned = self._grade(index, response, tries, hint, language)
                if cache_key is not None and len(to_json(response)) <= _LONGEST:
                    if len(self._earned) >= _KEPT:
                        self._earned.clear()
                    self._earned[cache_key] = earned
            if isinstance(earned, _Unreadable):
                unreadable.append(earned.reason)
                earned = earned.earned
            level = certainty if certainty in (1, 2, 3) and type(certainty) is int and earned[2] is not None else None
            # Row(...) would take a microsecond longer, of the ten that an answer may take.
            rows.append(tuple.__new__(Row, (index, *earned, tries, level)))
        unreadable += [
            f"the quiz '{self.quiz.name}' has no question '{excerpt(question_id)}'"
            for question_id in responses
            if question_id not in self._indexes
        ]
        return rows, unreadable

    def impossible_claims(self, session: Session) -> list[str]:
        """What a file says of attempts, hints and certainty that neither a page nor a notebook writes for this quiz."""
        found = []
        for question in self.questions:
            used, noted = session.attempts.get(question.id, 0), session.notes.get(question.id, {})
            if self.quiz.attempts and used > self.quiz.attempts:
                limit = self.quiz.attempts
                found.append(f"question '{question.id}' was checked {used:,} times, and {limit:,} is the limit")
            if noted.get("hint") and not question.hint:
                found.append(f"the hint of question '{question.id}' was opened, and it has none")
            if noted.get("certainty") not in (None, 1, 2, 3):
                found.append(f"the certainty for question '{question.id}' is not one of the three levels")
        return found

    def _grade(self, index: int, response: Any, tries: int | None, hint: bool, language: str) -> _Earned | _Unreadable:
        question = self.questions[index]
        progress = Progress(
            attempts={} if tries is None else {question.id: tries},
            hints={question.id} if hint else set(),
            language=language,
        )
        try:
            own = read_handed_in(self.quiz, question, response, progress.language_in(self.quiz))
        except ShapeError as error:
            no_answer = _earned(grade_question(question, None, self.quiz, progress))
            return _Unreadable(no_answer, f"question '{question.id}': {error}")
        return _earned(grade_question(question, own, self.quiz, progress))

    def texts_in(self, language: str) -> Translation:
        """The quiz in ``language``; in its own if it is not translated into that."""
        return self.quiz.translations.get(language) or Translation.original(self.quiz)

    def messages(self, row: Row, seed: int | None, texts: Translation) -> tuple[str, ...]:
        """The author's feedback on the response in a row, as Markdown in the language of ``texts``; ``seed`` is the
        learner's."""
        question = self.questions[row.question_index]
        key = question.key() if isinstance(question, KeyedQuestion) and not question.void else None
        response = json.loads(row.response) if row.response else None
        if key is None or response is None:
            return ()
        feedback = texts.feedback(question.id)
        numbers = own_numbers(question, response, seed)
        comma = number_style(texts.language_of_question(question.id)) == "comma"
        return tuple(
            filled(feedback[token], numbers, comma=comma) for token in key.tokens(response) if token in feedback
        )

    def missing(self) -> Iterator[Row]:
        """The rows of a learner who handed in nothing."""
        return (Row(index, "missing", None, None, None, None) for index in range(len(self.questions)))

    def max_score(self, rows: Iterable[Row]) -> float:
        """The points that these rows could have earned."""
        return sum(self.questions[row.question_index].points for row in rows)

    def usual_max_score(self) -> float:
        """The points of the quiz; if learners get only some of the questions, what the one with seed 0 could earn."""
        return sum(self.questions[index].points for index in self._given_to(0))


def _earned(outcome: Outcome) -> _Earned:
    response = None if outcome.response is None else json.dumps(outcome.response, ensure_ascii=False)
    score = None if outcome.status == "needs-review" else outcome.score
    return outcome.status, score, response
