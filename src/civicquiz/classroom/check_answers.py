"""``civicquiz check-answers``: one answer file and one key, for a check that runs by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civicquiz.authoring.text_files import TextFileError, read_utf8
from civicquiz.authoring.wording import excerpt, number_text, score_text
from civicquiz.errors import AnswersError, ResponseError, display_path, one_line
from civicquiz.grading import Result, grade_handed_in
from civicquiz.grading.responses import session_from_json
from civicquiz.model.learner_copy import accepted_versions
from civicquiz.model.quiz_files import load_keys

__all__ = ["Checked", "check_answers"]

#: Far more bytes than a browser or a notebook writes for the longest quiz.
MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Checked:
    """What an answer file earns.

    Attributes:
        result: the points in all, and the outcome of each question.
        unreadable: which answers counted as unanswered because they could not be read, and why.
        other_version: whether the answers are for another version of the quiz than the key.
    """

    result: Result
    unreadable: tuple[ResponseError, ...] = ()
    other_version: bool = False

    @property
    def share(self) -> float:
        """The share of the points, 0 to 1, without questions that a person has to score; 1 if there are no others."""
        outcomes = self.result.outcomes.values()
        waiting = sum(outcome.max_score for outcome in outcomes if outcome.status == "needs-review")
        scored = self.result.max_score - waiting
        return self.result.score / scored if scored > 0 else 1.0

    def passes(self, min_score: float) -> bool:
        """Whether the share is at least ``min_score``, apart from rounding errors."""
        return self.share >= min_score - 1e-9

    def report(self, min_score: float, *, details: bool = False) -> Iterator[str]:
        """Lines for a log. They say how each answer did, but not what the right answer is; with ``details``, they also
        say how many points it earned, and give the author's feedback on it.
        """
        width = max(map(len, self.result.outcomes), default=0)
        for name, outcome in self.result.outcomes.items():
            points = f"  {score_text(outcome.score)} of {score_text(outcome.max_score)}" if details else ""
            yield f"{name:{width}}  {outcome.status:12}{points}".rstrip()
            yield from (f"{'':{width}}  {one_line(message)}" for message in outcome.messages if details)
        for error in self.unreadable:
            what = str(error) if details else f"question '{error.question_id}'"
            yield f"Cannot be read, so it counts as no answer: {one_line(what)}"
        if self.other_version:
            yield "These answers are for a different version of the quiz. Those that still fit are counted."
        waiting = sum(outcome.status == "needs-review" for outcome in self.result.outcomes.values())
        if waiting:
            yield f"Answers that a person has to score, not counted here: {waiting}"
        # Rounded down, so that no line says 80% when 80% was not reached.
        percent = int(self.share * 1000 + 1e-6) / 10
        yield f"Score: {number_text(percent)}%; {number_text(min_score * 100, 6)}% is needed."


def check_answers(answers: str | Path, key: str | Path) -> Checked:
    """Grade one response file, as ``civicquiz check-answers`` does.

    Args:
        answers: the path of a response file, such as ``law.responses.json``.
        key: the path of the quiz with its key, or of a folder or course that contains the quiz.

    Returns:
        What the answers earn.

    Raises:
        AnswersError: ``answers`` is not a response file, or answers another quiz.
        NoKeyError: ``key`` is a released copy.
        QuizError: ``key`` has problems.
    """
    content = _content(Path(answers))
    try:
        session = session_from_json(content)
    except ValueError as error:
        raise AnswersError(f"{display_path(answers)}: {error}") from None
    name = str(content.get("quiz"))
    quiz = load_keys([Path(key)], wanted={name}).get(name)
    if quiz is None:
        message = f"answers the quiz '{excerpt(name)}', but '{display_path(key)}' has no quiz of that name"
        raise AnswersError(f"{display_path(answers)}: {message}")
    picks = quiz.pick or any(section.pick for section in quiz.sections)
    if picks and "seed" not in session.overall:
        message = "has no valid seed, so there is no way to know which questions this student got"
        hint = "hand in the file as the page or the notebook saved it"
        raise AnswersError(f"{display_path(answers)}: {message} ({hint})")
    result, unreadable = grade_handed_in(quiz, session.responses, session.progress())
    return Checked(result, unreadable, str(content.get("content_hash")) not in accepted_versions(quiz))


def _content(path: Path) -> Any:
    try:
        return json.loads(read_utf8(path, MAX_BYTES))
    except TextFileError as error:
        raise AnswersError(f"{display_path(path)}: {error} ({error.hint})") from None
    except (ValueError, RecursionError):
        raise AnswersError(f"{display_path(path)}: is not a response file, because it is not valid JSON") from None
