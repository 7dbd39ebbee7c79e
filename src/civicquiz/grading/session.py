"""The session of one learner on one quiz: what each action does to it, and what the learner is told.

State in, state out: nothing here reads a file, a clock or a page. A host keeps the session, passes in each action as
``static/quiz.js`` sends it, and shows the result. ``static/session.js`` has the same rules for pages without a kernel;
``tests/session_cases.json`` and a property test keep the two in step.

The words are those of QTI 3.0 (1EdTech, "Item sessions"): a session has attempts, and an attempt has an outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from civicquiz.errors import ResponseError
from civicquiz.grading.grade import Outcome, Progress, Result, Status, grade_question, total
from civicquiz.model.interactions import ShapeError
from civicquiz.model.quiz import Quiz

__all__ = ["Session", "Step", "Verdict", "act", "caught_up", "outdated", "recorded", "restored", "result", "verdict"]

#: the statuses that "Retry the ones I missed" opens again
_MISSED: tuple[Status, ...] = ("incorrect", "partly", "unanswered")


@dataclass(frozen=True)
class Session:
    """One learner's work on one quiz, by question id except for ``overall``.

    It holds no scores: they come from the key whenever they are needed.
    """

    responses: Mapping[str, Any] = field(default_factory=dict)
    #: the questions whose outcome is shown: True once the right answer has been shown too
    checked: Mapping[str, bool] = field(default_factory=dict)
    #: how often each was checked
    attempts: Mapping[str, int] = field(default_factory=dict)
    #: what the learner noted: ``flag``, ``hint`` (it was opened), ``certainty`` (1 to 3)
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: ``seed``, ``language``, ``started`` (ms since 1970), ``extra`` (minutes asked for), ``finished``
    overall: Mapping[str, Any] = field(default_factory=dict)

    def progress(self) -> Progress:
        """The part of it that matters for a score."""
        levels = {name: noted.get("certainty") for name, noted in self.notes.items()}
        return Progress(
            self.overall.get("seed"),
            self.attempts,
            {name for name, noted in self.notes.items() if noted.get("hint") is True},
            {name: level for name, level in levels.items() if level in (1, 2, 3)},
            str(self.overall.get("language", "")),
        )


@dataclass(frozen=True)
class Verdict:
    """What the learner is told about one question.

    Once it is ``settled``, the right answer and the explanation are shown and the question is closed. ``attempt``, from
    1, is the attempt that the outcome belongs to.
    """

    outcome: Outcome
    settled: bool
    attempt: int


@dataclass(frozen=True)
class Step:
    """The result of one action: the new session, and the ids of the questions that it touched.

    ``refusal`` says why a response could not be graded.
    """

    session: Session
    touched: tuple[str, ...] = ()
    refusal: ResponseError | None = None


def verdict(quiz: Quiz, session: Session, question_id: str) -> Verdict | None:
    """What the learner is told about a question; None while it is open, and in a quiz without feedback.

    Half a number counts as unanswered once a question is settled.
    """
    settled = session.checked.get(question_id)
    if quiz.feedback == "none" or settled is None:
        return None
    outcome = _outcome(quiz, session, question_id, session.responses.get(question_id))
    if outcome is None and settled:
        outcome = _outcome(quiz, session, question_id, None)
    if outcome is None or (outcome.status == "unanswered" and not settled):
        return None
    attempt = max(session.attempts.get(question_id, 0), 1)
    closed = outcome.status == "correct" or not outcome.is_scored or attempt >= (quiz.attempts or attempt + 1)
    return Verdict(outcome, settled or closed, attempt)


def result(quiz: Quiz, verdicts: Mapping[str, Verdict], question_ids: Sequence[str]) -> Result:
    """What these questions have earned together; one without a verdict counts as unanswered."""
    outcomes = {
        question.id: verdicts[question.id].outcome
        if question.id in verdicts
        else Outcome(question.id, "unanswered", 0.0, question.points, None)
        for question in quiz.select(question_ids)
    }
    return total(quiz, outcomes)


def recorded(
    session: Session,
    shown: Collection[str],
    *,
    responses: Mapping[str, Any],
    notes: Mapping[str, Any],
    overall: Mapping[str, Any],
) -> Step:
    """The session with what the learner has typed, chosen, noted and set. The seed stays as it is, and so does the
    response to a settled question, which is closed.
    """
    closed = {name for name, settled in session.checked.items() if settled}
    now = replace(
        session,
        responses={name: response for name, response in responses.items() if name in shown and name not in closed}
        | {name: response for name, response in session.responses.items() if name in closed},
        notes={name: noted for name, noted in notes.items() if name in shown},
        overall={**session.overall, **{name: value for name, value in overall.items() if name != "seed"}},
    )
    tables = ((now.responses, session.responses), (now.notes, session.notes))
    return Step(now, tuple(name for name in shown if any(new.get(name) != old.get(name) for new, old in tables)))


def act(quiz: Quiz, session: Session, message: Mapping[str, Any], shown: Sequence[str]) -> Step:
    """One thing that the learner did.

    Args:
        quiz: the quiz with its key.
        session: what the learner did before.
        message: ``{"type": "check", "question", "response"}``, ``{"type": "reveal" | "retry", "question"}``,
            ``{"type": "finish" | "again", "questions"}`` or ``{"type": "reset"}``. Anything else changes nothing.
        shown: the ids of the questions that the host shows; no others are touched.
    """
    action = message.get("type")
    if action == "reset":
        return _reset(quiz, session, shown)
    several = message.get("questions")
    named = several if isinstance(several, list) else [message.get("question")]
    names = [name for name in named if isinstance(name, str) and name in shown]
    if quiz.feedback == "none" or not names or not isinstance(action, str):
        return Step(session)
    if action == "check":
        return _check(quiz, session, names[0], message.get("response"))
    return _ACTIONS[action](quiz, session, names) if action in _ACTIONS else Step(session)


def _outcome(quiz: Quiz, session: Session, question_id: str, response: Any) -> Outcome | None:
    """What a response earns; None where it cannot be graded."""
    try:
        return _graded(quiz, session, question_id, response)
    except ResponseError:
        return None


def _graded(quiz: Quiz, session: Session, question_id: str, response: Any) -> Outcome:
    question = next(question for question in quiz.questions if question.id == question_id)
    return grade_question(question, response, quiz, session.progress())


def _check(quiz: Quiz, session: Session, name: str, response: Any) -> Step:
    """Grade a response and count the attempt. A question that is already checked stays as it is until it is retried: a
    learner who presses the button twice because the kernel is slow has made one attempt.
    """
    if verdict(quiz, session, name):
        return Step(session, (name,))
    session = _without(session, [name], "checked", "responses")
    if response is not None:
        session = replace(session, responses={**session.responses, name: response})
    try:
        outcome = _graded(quiz, session, name, response)
    except ResponseError as error:
        return Step(session, (name,), error)
    if outcome.status == "unanswered":
        return Step(session, (name,))
    return Step(_attempted(quiz, session, name, outcome, settled=False), (name,))


def _attempted(quiz: Quiz, session: Session, name: str, outcome: Outcome, *, settled: bool) -> Session:
    """One more attempt at a question. If no attempt is left (they were used up in another window, or the author has
    lowered their number since), the question is settled as it is. An answer that is not scored here may be changed any
    number of times.
    """
    used = session.attempts.get(name, 0)
    left = quiz.attempts is None or used < quiz.attempts or not outcome.is_scored
    if left:
        session = replace(session, attempts={**session.attempts, name: used + 1})
    session = replace(session, checked={**session.checked, name: settled or not left})
    shown = verdict(quiz, session, name)
    return replace(session, checked={**session.checked, name: shown is None or shown.settled})


def _reveal(quiz: Quiz, session: Session, names: Sequence[str]) -> Step:
    """Show the answer to a question that has been checked."""
    (name, *_) = names
    if not verdict(quiz, session, name):
        return Step(session)
    return Step(replace(session, checked={**session.checked, name: True}), (name,))


def _retry(quiz: Quiz, session: Session, names: Sequence[str]) -> Step:
    """Open a question again, unless its answer has been shown; an answer that is not scored always can be."""
    (name, *_) = names
    shown = verdict(quiz, session, name)
    if not shown or (shown.settled and shown.outcome.is_scored):
        return Step(session)
    return Step(_without(session, [name], "checked"), (name,))


def _finish(quiz: Quiz, session: Session, names: Sequence[str]) -> Step:
    """Settle these questions. Open answers that can be graded are one more attempt; the rest count as unanswered."""
    touched = []
    for name in names:
        shown = verdict(quiz, session, name)
        if shown and shown.settled:
            continue
        touched.append(name)
        outcome = None if shown else _outcome(quiz, session, name, session.responses.get(name))
        if outcome and outcome.status != "unanswered":
            session = _attempted(quiz, session, name, outcome, settled=True)
        else:
            session = replace(session, checked={**session.checked, name: True})
    return Step(session, tuple(touched))


def _again(quiz: Quiz, session: Session, names: Sequence[str]) -> Step:
    """Empty those of these questions that were missed and have an attempt left."""
    missed = []
    for name in names:
        shown = verdict(quiz, session, name)
        if shown and shown.outcome.status in _MISSED and shown.attempt < (quiz.attempts or shown.attempt + 1):
            missed.append(name)
    return Step(_without(session, missed, "responses", "checked"), tuple(missed))


def _reset(quiz: Quiz, session: Session, shown: Sequence[str]) -> Step:
    """Forget these questions and the clock, but not the seed and the language: the quiz stays the same, but empty.

    Where attempts are limited, none is given back: a settled question stays as it is, and the attempts and hints that
    were used on the others count on.
    """
    names = list(shown)
    if quiz.attempts:
        names = [name for name in shown if not ((found := verdict(quiz, session, name)) and found.settled)]
    session = _without(session, names, "responses", "checked", *([] if quiz.attempts else ["attempts", "notes"]))
    overall = {**session.overall, "started": 0, "extra": 0, "finished": False}
    return Step(replace(session, overall=overall), tuple(names))


_ACTIONS: dict[str, Callable[[Quiz, Session, Sequence[str]], Step]] = {
    "reveal": _reveal,
    "retry": _retry,
    "finish": _finish,
    "again": _again,
}


def _without(session: Session, names: Collection[str], *tables: str) -> Session:
    """The session without the entries of some questions in these of its tables."""
    return replace(
        session,
        **{
            table: {name: value for name, value in getattr(session, table).items() if name not in names}
            for table in tables
        },
    )


def restored(quiz: Quiz, kept: Session, shown: Sequence[str], seed: int) -> Session:
    """The part of a saved session that still fits the questions shown, as their author has them now.

    Half a number is still what the learner typed and is kept. A response with ids that no longer exist cannot be shown,
    and attempts at it do not count (see :func:`outdated`). ``seed`` is for a learner who does not have one yet.
    """
    responses: dict[str, Any] = {}
    gone = set()
    checked: dict[str, bool] = {}
    language = kept.progress().language_in(quiz)
    for question in quiz.select(shown):
        response, settled = kept.responses.get(question.id), kept.checked.get(question.id)
        interaction = quiz.interaction_in(language, question)
        try:
            empty = interaction.read(response, language) is None
        except ShapeError:
            if interaction.typed is None or not isinstance(response, interaction.typed):
                gone.add(question.id)
                continue
            empty = True
        if response is not None:
            responses[question.id] = response
        if settled is not None and (settled or not empty) and quiz.feedback != "none":
            checked[question.id] = settled
    return Session(
        responses,
        checked,
        {name: count for name, count in kept.attempts.items() if name in shown and name not in gone},
        {name: noted for name, noted in kept.notes.items() if name in shown and name not in gone},
        {"seed": seed, **kept.overall},
    )


def outdated(kept: Session, session: Session) -> list[str]:
    """The questions that their author has changed, so that their answer in ``kept`` did not fit when ``session`` was
    restored from it.
    """
    return [name for name, response in kept.responses.items() if response is not None and name not in session.responses]


def caught_up(current: Session, kept: Session, own: Collection[str], shown: Iterable[str]) -> Step:
    """The session ``current`` with what another window has done since, as ``kept`` has it.

    ``own`` are the questions that were answered in this window. For those, the attempts in both windows count, and one
    that the other window has settled is settled here too, with the answer it had there. All others are taken from
    ``kept``. (A page needs no such rule: a browser notifies all its tabs of every change at once.)
    """
    tables: dict[str, dict[str, Any]] = {
        table: dict(getattr(current, table)) for table in ("responses", "checked", "attempts", "notes")
    }
    touched = []
    for name in shown:
        settled_there = kept.checked.get(name) is True and not current.checked.get(name)
        if settled_there or (name not in own and (name in kept.responses or name in kept.checked)):
            for table, values in tables.items():
                values.pop(name, None)
                if name in getattr(kept, table):
                    values[name] = getattr(kept, table)[name]
        elif kept.attempts.get(name, 0) > current.attempts.get(name, 0):
            tables["attempts"][name] = kept.attempts[name]
        if any(tables[table].get(name) != getattr(current, table).get(name) for table in tables):
            touched.append(name)
    return Step(replace(current, **tables), tuple(touched))
