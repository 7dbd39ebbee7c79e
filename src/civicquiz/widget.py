"""The notebook host: one anywidget per quiz. The key stays in the kernel."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from civicquiz.book_cell import BOOK_VARIABLE, BookCell
from civicquiz.errors import ResponseError
from civicquiz.grading import Outcome, Result, grade_question, total
from civicquiz.payload import content_hash, front_end, outcome_payload, public_payload, restricted, static_text, strings
from civicquiz.questions import QuestionBase
from civicquiz.quiz import Quiz
from civicquiz.responses import ResponseFile, ResponseFileError

__all__ = ["QuizWidget", "show"]


class QuizWidget(anywidget.AnyWidget):
    """A quiz in a notebook.

    ``result`` is the :class:`~civicquiz.Result` of all questions shown; observe it to follow the learner:
    ``widget.observe(lambda change: print(change["new"].score), names="result")``.
    Questions that have not been checked yet count as unanswered in it.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    # All of it for every quiz: anywidget keeps one stylesheet for all widgets of a class, and the last one would win.
    _css = static_text("quiz.css") + static_text("interactions.css")

    # Kernel -> browser, but for responses, which go the other way. The names are the contract of quiz.js.
    quiz = traitlets.Dict().tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
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
        self._words = strings(quiz.language)
        public = public_payload(quiz)
        path = Path(folder).absolute() / f"{quiz.name}.responses.json"
        self._file = ResponseFile(path, quiz.name, content_hash(public))
        self._outcomes: dict[str, Outcome] = {}
        self._checked: dict[str, bool] = {}
        self._unsaved: set[str] = set()
        self._restoring = True
        responses, told = self._restored()
        set_aside = self._file.set_aside
        names = front_end(self._questions.values())
        super().__init__(
            _esm="\n".join(
                [*(static_text(f"{name}.js") for name in names), "export default { render: civicquiz.render };"]
            ),
            quiz=restricted(public, self._questions),
            responses=responses,
            outcomes=told,
            notice=self._words["set_aside" if set_aside else "saved_file"].format(file=(set_aside or path).name),
            result=self._total(),
        )
        self._restoring = False
        self.on_msg(self._on_message)

    def _restored(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The saved responses and outcomes that still fit the questions shown."""
        saved, checked = self._file.read()
        responses: dict[str, Any] = {}
        told: dict[str, Any] = {}
        for name, question in self._questions.items():
            response = saved.get(name)
            try:
                outcome = grade_question(question, response)
            except ResponseError:
                # Half a number is still what the learner typed; ids that are gone cannot be shown.
                if question.interaction().typed and isinstance(response, type(question.interaction().answer)):
                    responses[name] = response
                continue
            if response is not None:
                responses[name] = response
            if name in checked and outcome.status != "unanswered":
                told[name] = self._tell(question, outcome, settled=checked[name])
        return responses, told

    def _tell(self, question: QuestionBase, outcome: Outcome, *, settled: bool) -> dict[str, Any]:
        """Record an outcome; what the browser is told of it."""
        self._outcomes[question.id] = outcome
        self._checked[question.id] = settled or outcome.status in ("correct", "needs-review")
        return outcome_payload(question, outcome, self._quiz.seeds, settled=self._checked[question.id])

    def _total(self) -> Result:
        return total(
            {
                name: self._outcomes.get(name) or Outcome(name, "unanswered", 0.0, question.points, None)
                for name, question in self._questions.items()
            }
        )

    @traitlets.observe("responses")
    def _on_responses(self, change: dict[str, Any]) -> None:
        if not self._restoring:
            old, new = change["old"], change["new"]
            self._save([name for name in self._questions if old.get(name) != new.get(name)])

    def _save(self, names: Iterable[str]) -> None:
        """Keep what is known of these questions. No others: they may have been answered elsewhere since."""
        self._unsaved.update(names)
        file = self._file.path.name
        try:
            self._file.update(self._unsaved, self.responses, self._checked)
        except ResponseFileError as error:
            self.notice = self._words["not_saved_file"].format(file=file, reason=error)
        else:
            self._unsaved.clear()
            self.notice = self._words["saved_file"].format(file=file)

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        """One thing the learner did, as ``quiz.js`` sends it."""
        action = message.get("type") if isinstance(message, dict) else None
        name = message.get("question") if isinstance(message, dict) else None
        question = self._questions.get(name) if isinstance(name, str) else None
        if action == "reset":
            self._outcomes.clear()
            self._checked.clear()
            self._publish({}, self._questions)
        elif question is None:
            return
        elif action == "check":
            self._check(question, message.get("response"))
        elif action == "reveal" and question.id in self._outcomes:
            told = self._tell(question, self._outcomes[question.id], settled=True)
            self._publish({**self.outcomes, question.id: told}, [question.id])
        elif action == "retry" and question.id in self._outcomes and self._may_change(question):
            del self._outcomes[question.id]
            del self._checked[question.id]
            self._publish({name: told for name, told in self.outcomes.items() if name != question.id}, [question.id])

    def _may_change(self, question: QuestionBase) -> bool:
        """Whether the learner may answer again: until the answer has been told, or a text waits for its reader."""
        return not self._checked[question.id] or self._outcomes[question.id].status == "needs-review"

    def _check(self, question: QuestionBase, response: Any) -> None:
        if self._checked.get(question.id):
            return  # settled: the answer has been shown
        # What was given is kept before anything else is done with it; the update of `responses` may come later.
        if response != self.responses.get(question.id):
            self.responses = {**self.responses, question.id: response}
        try:
            outcome = grade_question(question, response)
        except ResponseError as error:
            self.send({"type": "problem", "question": question.id, "message": error.message})
            return
        if outcome.status != "unanswered":
            told = self._tell(question, outcome, settled=False)
            self._publish({**self.outcomes, question.id: told}, [question.id])

    def _publish(self, outcomes: dict[str, Any], changed: Iterable[str]) -> None:
        self.outcomes = outcomes
        self._save(changed)
        self.result = self._total()


def show(quiz: Quiz, questions: Sequence[str] | None = None) -> QuizWidget | BookCell:
    """A :class:`QuizWidget`, or a :class:`BookCell` while a book is built."""
    return BookCell(quiz, questions) if os.environ.get(BOOK_VARIABLE) else QuizWidget(quiz, questions)
