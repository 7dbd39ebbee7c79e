"""The notebook host: one anywidget per quiz. The key stays in the kernel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from civicquiz.errors import ResponseError, ResponseFileError
from civicquiz.frontend.payload import front_end, outcome_payload, public_payload
from civicquiz.frontend.static_files import static_text
from civicquiz.frontend.words import strings
from civicquiz.grading import Outcome, Result, grade_question, total
from civicquiz.grading.arrangement import arranged, depends_on_seed, new_seed
from civicquiz.grading.responses import ResponseFile, Sitting
from civicquiz.hosts.placeholder import BOOK_VARIABLE, QuizPlaceholder
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz

__all__ = ["QuizWidget", "show"]


class QuizWidget(anywidget.AnyWidget):
    """A quiz in a notebook.

    ``result`` is the :class:`~civicquiz.Result` of all questions shown; observe it to follow the learner:
    ``widget.observe(lambda change: print(change["new"].score), names="result")``.
    Questions that have not been checked yet count as unanswered in it.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    # All of it for every quiz: anywidget keeps one stylesheet for all widgets of a class, and the last one would win.
    _css = "".join(static_text(f"{name}.css") for name in ("quiz", "interactions", "settings"))

    # The names are the contract of quiz.js. Three of them the browser writes; the rest goes there.
    responses = traitlets.Dict().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    session = traitlets.Dict().tag(sync=True)
    quiz = traitlets.Dict().tag(sync=True)
    outcomes = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    result = traitlets.Instance(Result)

    def __init__(self, quiz: Quiz, questions: Sequence[str] | None = None, folder: str | Path = ".") -> None:
        """
        Args:
            quiz: the quiz to show.
            questions: ids of the questions to show; all of them by default.
            folder: where the response file is kept; a notebook's kernel runs in the notebook's own folder.
        """
        self._quiz = quiz
        self._questions: dict[str, QuestionBase] = {question.id: question for question in quiz.select(questions)}
        public = public_payload(quiz, questions)
        #: language -> what differs in it; sent only when a learner chooses it
        self._translations: dict[str, Any] = public.pop("translations", {})
        self._public = public
        path = Path(folder).absolute() / f"{quiz.name}.responses.json"
        self._file = ResponseFile(path, quiz.name, quiz.version)
        self._outcomes: dict[str, Outcome] = {}
        self._unsaved: set[str] = set()
        self._restoring = True
        kept = self._file.open()
        set_aside = self._file.set_aside
        kept.session.setdefault("seed", new_seed())
        self._speak(kept.session)
        #: what of the session this widget has changed
        self._changes: dict[str, Any] = {"seed": kept.session["seed"]}
        #: the questions that were answered here; others may have been answered elsewhere since
        self._touched: set[str] = set()
        self._sitting = Sitting(attempts=kept.attempts, marks=kept.marks, session=kept.session)
        self._picked = list(self._questions)
        if questions is None:
            self._picked = [name for _, names in arranged(quiz, kept.session["seed"]) for name in names]
        responses, told = self._restored(kept)
        names = front_end(quiz, list(self._questions.values()))
        super().__init__(
            _esm="\n".join(
                [*(static_text(f"{name}.js") for name in names), "export default { render: civicquiz.render };"]
            ),
            quiz=public | self._translations.get(str(kept.session.get("language")), {}),
            responses=responses,
            marks=kept.marks,
            session=kept.session,
            outcomes=told,
            notice=self._words[
                ("restored" if self._file.restored else "set_aside") if set_aside else "saved_file"
            ].format(file=(set_aside or path).name),
            result=self._total(),
        )
        self._restoring = False
        if depends_on_seed(quiz):
            self._save([])  # a learner who comes back before the first answer gets the same questions
        self.on_msg(self._on_message)

    def _restored(self, kept: Sitting) -> tuple[dict[str, Any], dict[str, Any]]:
        """The saved responses and outcomes that still fit the questions shown."""
        responses: dict[str, Any] = {}
        told: dict[str, Any] = {}
        for name, question in self._questions.items():
            response = kept.responses.get(name)
            try:
                outcome = self._grade(question, response)
            except ResponseError:
                # Half a number is still what the learner typed; ids that are gone cannot be shown.
                if not isinstance(response, question.interaction().typed):
                    continue
                responses[name] = response
                if not kept.checked.get(name):
                    continue
                outcome = self._grade(question, None)
            if response is not None:
                responses[name] = response
            if (
                self._quiz.feedback != "none"
                and name in kept.checked
                and (outcome.status != "unanswered" or kept.checked[name])
            ):
                told[name] = self._tell(outcome, settled=kept.checked[name])
        return responses, told

    def _grade(self, question: QuestionBase, response: Any) -> Outcome:
        return grade_question(question, response, self._quiz, self._sitting.progress())

    def _tell(self, outcome: Outcome, *, settled: bool) -> dict[str, Any]:
        """Record an outcome; what the browser is told of it."""
        name = outcome.question_id
        attempt = self._sitting.attempts.get(name, 1)
        settled = (
            settled or outcome.status in ("correct", "needs-review") or attempt >= (self._quiz.attempts or attempt + 1)
        )
        self._outcomes[name] = outcome
        self._sitting.checked[name] = settled
        session = self._sitting.session
        return outcome_payload(
            self._quiz,
            outcome,
            settled=settled,
            attempt=attempt,
            language=session.get("language"),
            seed=session["seed"],
        )

    def _total(self) -> Result:
        return total(
            self._quiz,
            {
                name: self._outcomes.get(name) or Outcome(name, "unanswered", 0.0, self._questions[name].points, None)
                for name in self._picked
            },
        )

    @traitlets.observe("responses", "marks")
    def _on_table(self, change: dict[str, Any]) -> None:
        if not self._restoring:
            old, new = change["old"], change["new"]
            self._save([name for name in self._questions if old.get(name) != new.get(name)])

    @traitlets.observe("session")
    def _on_session(self, change: dict[str, Any]) -> None:
        if self._restoring:
            return
        before = self._sitting.session
        self._changes |= {
            key: value for key, value in change["new"].items() if before.get(key) != value and key != "seed"
        }
        self._sitting.session = {**change["new"], "seed": before["seed"]}
        self._speak(self._sitting.session)
        self._save([])
        language = self._sitting.session.get("language")
        if before.get("language") != language:
            self.quiz = self._public | self._translations.get(str(language), {})
            checked = self._sitting.checked
            self.outcomes = {name: self._tell(self._outcomes[name], settled=checked[name]) for name in self._outcomes}

    def _speak(self, session: Mapping[str, Any]) -> None:
        """Tell what there is to tell in the language that the learner has chosen."""
        language = session.get("language")
        self._words = strings(language if language in self._quiz.translations else self._quiz.language)

    def _save(self, names: Iterable[str]) -> None:
        """Keep what is known of these questions. No others: they may have been answered elsewhere since."""
        self._unsaved.update(names)
        self._touched |= self._unsaved
        self._sitting.responses, self._sitting.marks = self.responses, self.marks
        file = self._file.path.name
        try:
            unseen = self._file.update(self._unsaved, replace(self._sitting, session=self._changes))
        except ResponseFileError as error:
            self.notice = self._words["not_saved_file"].format(file=file, reason=error)
        else:
            self._unsaved.clear()
            self.notice = self._words["replaced" if unseen else "saved_file"].format(file=file)

    def _take_over(self, names: Iterable[str]) -> None:
        """Before these questions are graded: what was answered in another widget or kernel counts here too."""
        kept = self._file.read()
        responses, marks = dict(self.responses), dict(self.marks)
        for name in names:
            attempts = max(self._sitting.attempts.get(name, 0), kept.attempts.get(name, 0))
            if attempts:
                self._sitting.attempts[name] = attempts
            if name not in self._touched and name in kept.responses:
                responses[name] = self._file.known[name] = kept.responses[name]
                marks |= {name: kept.marks[name]} if name in kept.marks else {}
        self._restoring = True  # it is in the file already
        self.responses, self.marks = responses, marks
        self._sitting.responses, self._sitting.marks = responses, marks
        self._restoring = False

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        """One thing the learner did, as ``quiz.js`` sends it."""
        if not isinstance(message, dict):
            return
        action, several = message.get("type"), message.get("questions")
        named = several if isinstance(several, list) else [message.get("question")]
        names = [name for name in named if isinstance(name, str) and name in self._questions]
        if action == "reset":
            self._outcomes.clear()
            self._sitting.checked.clear()
            self._sitting.attempts.clear()
            self._publish(None, self._questions)
            self._file.forget()
        elif self._quiz.feedback == "none" or not names:
            return
        elif action == "check":
            self._check(self._questions[names[0]], message.get("response"))
        elif action == "reveal" and names[0] in self._outcomes:
            self._publish({names[0]: self._tell(self._outcomes[names[0]], settled=True)}, names)
        elif action == "retry" and self._may_change(names[0]):
            self._forget(names[:1])
        elif action == "finish":
            self._finish(names)
        elif action == "again":
            left = [name for name in names if self._attempts_left(name)]
            self.responses = {name: given for name, given in self.responses.items() if name not in left}
            self._forget(left)

    def _attempts_left(self, name: str) -> bool:
        """Whether a question may be checked once more; a text that a person reads is not counted."""
        question = self._questions[name]
        unlimited = self._quiz.attempts is None or not isinstance(question, KeyedQuestion) or question.key() is None
        return unlimited or self._sitting.attempts.get(name, 0) < (self._quiz.attempts or 0)

    def _may_change(self, name: str) -> bool:
        """Whether the learner may answer again: until the answer has been told, or a text waits for its reader."""
        outcome = self._outcomes.get(name)
        return outcome is not None and (not self._sitting.checked[name] or outcome.status == "needs-review")

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            self._outcomes.pop(name, None)
            self._sitting.checked.pop(name, None)
        self._publish(dict.fromkeys(names), names)

    def _attempt(self, question: QuestionBase, response: Any, *, settled: bool) -> dict[str, Any] | None:
        """Grade a response and count the attempt; what the browser is told, None where there is nothing to tell.

        Raises:
            ResponseError: the response is malformed; nothing has changed.
        """
        outcome = self._grade(question, response)
        if outcome.status != "unanswered":
            attempts = self._sitting.attempts
            attempts[question.id] = attempts.get(question.id, 0) + 1
            outcome = self._grade(question, response)
        elif not settled:
            return None
        return self._tell(outcome, settled=settled)

    def _check(self, question: QuestionBase, response: Any) -> None:
        if self._sitting.checked.get(question.id):
            return  # settled: the answer has been shown
        self._take_over([question.id])
        # What was given is kept before anything else is done with it; the update of `responses` may come later.
        if response != self.responses.get(question.id):
            self.responses = {**self.responses, question.id: response}
        try:
            if self._attempts_left(question.id):
                told = self._attempt(question, response, settled=False)
            else:  # they were used up elsewhere, or there were more of them once
                told = self._tell(self._grade(question, response), settled=True)
        except ResponseError as error:
            self.send({"type": "problem", "question": question.id, "message": error.message})
            return
        if told:
            self._publish({question.id: told}, [question.id])

    def _finish(self, names: Sequence[str]) -> None:
        """Settle these questions; what cannot be graded counts as no answer."""
        told = {}
        self._take_over(names)
        for name in names:
            if not self._sitting.checked.get(name):
                try:
                    told[name] = self._attempt(self._questions[name], self.responses.get(name), settled=True)
                except ResponseError:
                    told[name] = self._attempt(self._questions[name], None, settled=True)
        self._publish(told, told)

    def _publish(self, outcomes: Mapping[str, Any] | None, changed: Iterable[str]) -> None:
        """Tell the browser of changed outcomes; None instead of one, or of all, says that there is none any more."""
        merged = {} if outcomes is None else {**self.outcomes, **outcomes}
        self.outcomes = {name: told for name, told in merged.items() if told is not None}
        self._save(changed)
        self.result = self._total()


def show(quiz: Quiz, questions: Sequence[str] | None = None) -> QuizWidget | QuizPlaceholder:
    """A :class:`QuizWidget`, or a :class:`QuizPlaceholder` while a book is built."""
    return QuizPlaceholder(quiz, questions) if os.environ.get(BOOK_VARIABLE) else QuizWidget(quiz, questions)
