"""Responses in, outcomes out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import floor
from reprlib import repr as shorten
from typing import Literal

from civicquiz.authoring.wording import did_you_mean, excerpt
from civicquiz.errors import ResponseError
from civicquiz.grading.arrangement import arranged, own_numbers
from civicquiz.model.interactions import Response, ShapeError, filled, number_style
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz
from civicquiz.model.released import own_response
from civicquiz.model.settings import Settings

__all__ = [
    "Outcome",
    "Progress",
    "Result",
    "Status",
    "calibration",
    "certainty_mark",
    "grade",
    "grade_handed_in",
    "grade_question",
    "read_handed_in",
]

Status = Literal["correct", "partly", "incorrect", "unanswered", "needs-review", "unscored"]


@dataclass(frozen=True)
class Outcome:
    """What one response earned.

    Attributes:
        question_id: the id of the question.
        status: ``correct``, ``partly``, ``incorrect``, ``unanswered``; ``needs-review`` for a response that only a
            person can score, whose score is 0 until then; or ``unscored`` for one to a question without points.
        score: the points earned.
        max_score: the points of the question.
        response: the response as it was read; None if there was none.
        messages: the author's feedback on what was chosen, as Markdown.
        certainty: how sure the learner was, 1 to 3; None if the quiz does not ask.
    """

    question_id: str
    status: Status
    score: float
    max_score: float
    response: Response | None
    messages: tuple[str, ...] = ()
    certainty: int | None = None

    @property
    def is_scored(self) -> bool:
        """Whether the score counts: nobody has to score the response, and the question has points."""
        return self.status not in ("needs-review", "unscored")


@dataclass(frozen=True)
class Result:
    """What all responses earned together.

    Attributes:
        score: the points earned.
        max_score: the points of all questions, including those that wait for a person.
        outcomes: question id -> :class:`~civicquiz.Outcome`, for every question that the learner got.
        objectives: code of an objective -> (points earned, points possible).
        certainty_marks: the sum of the certainty-based marks, which may be below 0; None if the quiz does not give
            them.
    """

    score: float
    max_score: float
    outcomes: Mapping[str, Outcome]
    objectives: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    certainty_marks: float | None = None


@dataclass(frozen=True)
class Progress:
    """What matters for a score besides the responses.

    Attributes:
        seed: the learner's seed, which decides the questions they got; None for all questions.
        attempts: question id -> how often it was checked; 1 if it is not in the mapping.
        hints: ids of the questions whose hint was opened.
        certainty: question id -> how sure the learner was, 1 to 3.
        language: the tag of the language in which the learner answered; empty for the quiz's own.
    """

    seed: int | None = None
    attempts: Mapping[str, int] = field(default_factory=dict)
    hints: Collection[str] = ()
    certainty: Mapping[str, int] = field(default_factory=dict)
    language: str = ""

    def language_in(self, quiz: Quiz) -> str:
        """The language in which the learner answered ``quiz``."""
        return self.language if self.language in quiz.translations else quiz.language


def grade(quiz: Quiz, responses: Mapping[str, object], progress: Progress | None = None) -> Result:
    """Grade responses by the key of a quiz.

    A question without a response scores 0 and is reported as unanswered.

    Args:
        quiz: the quiz with its key.
        responses: question id -> response. A response is a list of option ids, a text, or a mapping of ids to texts;
            numbers are written as text.
        progress: attempts, hints and how sure the learner was, if they matter for the score.

    Returns:
        The points in all, and the outcome of each question.

    Raises:
        ResponseError: a response has the wrong shape, or names a question or an option that does not exist.
        NoKeyError: ``quiz`` is a released copy.
    """
    known = quiz.keyed_questions
    if not isinstance(responses, Mapping):
        raise ResponseError("?", f"responses are a mapping of question ids to responses (got {shorten(responses)})")
    for question_id in responses:
        if question_id not in known:
            hint = did_you_mean(str(question_id), known)
            message = f"the quiz '{quiz.name}' has no such question"
            raise ResponseError(str(question_id), f"{message}; {hint}" if hint else message)
    progress = progress or Progress()
    ids = (
        list(known) if progress.seed is None else [name for _, names in arranged(quiz, progress.seed) for name in names]
    )
    return total(quiz, {name: grade_question(known[name], responses.get(name), quiz, progress) for name in ids})


def grade_handed_in(
    quiz: Quiz, responses: Mapping[str, object], progress: Progress | None = None
) -> tuple[Result, tuple[ResponseError, ...]]:
    """Grade what a learner handed in: the result, and messages about what could not be read.

    A response that cannot be read, such as half a number, counts as unanswered, as it does in a notebook and on a page
    when a quiz is finished there. A response to a question that the quiz does not have is ignored. Responses to a
    released copy of ``quiz`` are understood too: there, the id of an option is made of its text.

    Raises:
        ResponseError: ``responses`` is not a mapping.
        NoKeyError: ``quiz`` is a released copy.
    """
    known = quiz.keyed_questions
    if not isinstance(responses, Mapping):
        raise ResponseError("?", f"responses are a mapping of question ids to responses (got {shorten(responses)})")
    language = (progress or Progress()).language_in(quiz)
    readable: dict[str, object] = {}
    unreadable: list[ResponseError] = []
    for name, response in responses.items():
        if name not in known:
            unreadable.append(ResponseError(excerpt(str(name)), f"the quiz '{quiz.name}' has no such question"))
            continue
        try:
            readable[name] = read_handed_in(quiz, known[name], response, language)
        except ShapeError as error:
            unreadable.append(ResponseError(name, str(error)))
    return grade(quiz, readable, progress), tuple(unreadable)


def read_handed_in(quiz: Quiz, question: QuestionBase, response: object, language: str) -> object:
    """A response to a question of ``quiz`` or of its released copy, as a response to ``quiz``; ``language`` is that of
    its numbers and units.

    Raises:
        ShapeError: it is neither.
    """
    interaction = quiz.interaction_in(language, question)
    try:
        interaction.read(response, language)
    except ShapeError:
        own = own_response(question.interaction(), response)
        if own == response:
            raise
        interaction.read(own, language)
        return own
    return response


def total(quiz: Quiz, outcomes: Mapping[str, Outcome]) -> Result:
    """The result that ``outcomes`` add up to."""
    objectives: dict[str, tuple[float, float]] = {}
    for question in quiz.questions:
        for code in question.objectives if question.id in outcomes else ():
            outcome, (score, possible) = outcomes[question.id], objectives.get(code, (0.0, 0.0))
            objectives[code] = (rounded(score + outcome.score), rounded(possible + outcome.max_score))
    marks = None
    if quiz.certainty == "marks":
        marks = rounded(sum(certainty_mark(outcome) for outcome in outcomes.values()))
    return Result(
        rounded(sum(outcome.score for outcome in outcomes.values())),
        rounded(sum(outcome.max_score for outcome in outcomes.values())),
        dict(outcomes),
        objectives,
        marks,
    )


def grade_question(
    question: QuestionBase, response: object, quiz: Quiz | None = None, progress: Progress | None = None
) -> Outcome:
    """Grade one response; ``quiz`` and ``progress`` say what attempts and hints cost, and in which language numbers
    are written. Without a quiz, attempts and hints are free, and numbers are English.

    Raises:
        ResponseError: it has the wrong shape or names an option that does not exist.
    """
    progress = progress or Progress()
    certainty = progress.certainty.get(question.id)
    try:
        language = progress.language_in(quiz) if quiz else "en"
        interaction = quiz.interaction_in(language, question) if quiz else question.interaction()
        read = interaction.read(response, language)
    except ShapeError as error:
        raise ResponseError(question.id, str(error), error.code) from None
    if isinstance(question, KeyedQuestion) and question.void:
        status: Status = "unanswered" if read is None else "correct"
        return Outcome(question.id, status, question.points, question.points, read, (), certainty)
    if read is None:
        return Outcome(question.id, "unanswered", 0.0, question.points, None)
    if not isinstance(question, KeyedQuestion) or (key := question.key()) is None:
        status = "needs-review" if question.points else "unscored"
        return Outcome(question.id, status, 0.0, question.points, read, certainty=certainty)
    share = key.share(read)
    status = "correct" if share == 1 else "incorrect" if share == 0 else "partly"
    feedback = question.token_feedback()
    numbers = own_numbers(question, read, progress.seed)
    comma = number_style(quiz.language if quiz else "en") == "comma"
    messages = tuple(filled(feedback[token], numbers, comma=comma) for token in key.tokens(read) if token in feedback)
    earned = share * (_kept(quiz, question.id, progress) if quiz else 1.0)
    score = question.points if earned == 1 else rounded(question.points * earned)
    return Outcome(question.id, status, score, question.points, read, messages, certainty)


def _kept(settings: Settings, question_id: str, progress: Progress) -> float:
    """The share of the points that is left after the cost of further attempts and of the hint."""
    attempts = max(progress.attempts.get(question_id, 1), 1)  # a response file may say 0, which earns nothing extra
    hint = settings.hint_penalty if question_id in progress.hints else 0
    return max(0, 1 - settings.attempt_penalty * (attempts - 1) - hint)


#: What a right answer earns, and a wrong one, by how sure the learner was.
_CERTAINTY_MARKS = {1: (1, 0), 2: (2, -2), 3: (3, -6)}


def certainty_mark(outcome: Outcome) -> float:
    """The certainty-based mark of an outcome, -6 to 3.

    Right answers earn 1, 2 or 3 and wrong ones 0, -2 or -6 (A. R. Gardner-Medwin, "Confidence-based marking", in Bryan
    and Clegg, Innovative Assessment in Higher Education, 2006). A partly right answer earns its share of the marks for
    a right one; an answer without a certainty counts as level 1, and one that nobody has scored yet as 0.
    """
    if outcome.status == "unanswered" or not outcome.is_scored:
        return 0.0
    right, wrong = _CERTAINTY_MARKS[outcome.certainty or 1]
    return float(wrong) if outcome.status == "incorrect" else right * (outcome.score / outcome.max_score)


def calibration(outcomes: Iterable[Outcome]) -> dict[int, tuple[int, int]]:
    """For each level of certainty, 1 to 3: (how many scored answers had it, how many of those were right)."""
    counts = dict.fromkeys(_CERTAINTY_MARKS, (0, 0))
    for outcome in outcomes:
        if outcome.certainty in counts and outcome.status != "unanswered" and outcome.is_scored:
            answers, right = counts[outcome.certainty]
            counts[outcome.certainty] = (answers + 1, right + (outcome.status == "correct"))
    return counts


def rounded(score: float) -> float:
    """To a millionth of a point, the same way as ``static/grading.js``."""
    return floor(score * 1e6 + 0.5) / 1e6
