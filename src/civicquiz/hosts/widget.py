"""The notebook host: one anywidget per quiz. The key stays in the kernel."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from civicquiz.errors import ResponseFileError
from civicquiz.frontend.front_end import NOTEBOOK_SCRIPTS, STYLES, front_end
from civicquiz.frontend.outline import outlines
from civicquiz.frontend.payload import public_payload, verdict_payloads
from civicquiz.frontend.static_files import as_module, static_text
from civicquiz.grading import Result
from civicquiz.grading.arrangement import depends_on_seed
from civicquiz.grading.kept_session import KeptSession
from civicquiz.grading.session import Session
from civicquiz.hosts.notice import Notice
from civicquiz.hosts.placeholder import BOOK_VARIABLE, QuizPlaceholder
from civicquiz.model.quiz import Quiz

__all__ = ["QuizWidget", "show"]

#: All that may change in what the browser shows.
_WHOLE = ("quiz", "responses", "notes", "overall", "outcomes", "notice", "warning", "revision", "saving")


def _front_end(quiz: Quiz, questions: Sequence[str] | None) -> dict[str, str]:
    """The traits of anywidget for these questions. Styles that only some quizzes need have a name of their own, for the
    reason that is said at ``_css``."""
    files = front_end(quiz, quiz.select(questions))
    code = {"_esm": as_module([*files.scripts, *NOTEBOOK_SCRIPTS])}
    more = [name for name in files.styles if name not in STYLES]
    if not more:
        return code
    styles = "".join(map(static_text, (*STYLES, *more)))
    return code | {"_css": styles, "_anywidget_id": f"civicquiz.{'-'.join(name.removesuffix('.css') for name in more)}"}


class _Shared(anywidget.AnyWidget):
    """What the browser has, too. The names are the contract of quiz.js and notebook.js; it writes four of them."""

    _esm = traitlets.Unicode().tag(sync=True)
    # All of it for every quiz: anywidget keeps one stylesheet for all widgets of a class, and the last one would win.
    _css = "".join(map(static_text, STYLES))

    responses = traitlets.Dict().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    overall = traitlets.Dict().tag(sync=True)
    quiz = traitlets.Dict().tag(sync=True)
    outcomes = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    warning = traitlets.Bool(False).tag(sync=True)
    # The browser counts what the learner does; the kernel answers up to where it is saved, or that it cannot be. Each
    # answer is one message with a number, because a Jupyter server drops messages of a kernel that sends too much: the
    # browser notices that one is missing, and asks for a whole answer.
    revision = traitlets.Int(0).tag(sync=True)
    saving = traitlets.Dict({"revision": 0, "saved": True, "number": 0, "whole": True}).tag(sync=True)

    _is_answering = False

    @contextmanager
    def _one_answer(self) -> Iterator[None]:
        """What is set in here goes to the browser in one message, and is nothing that the browser has set."""
        self._is_answering = True
        try:
            with self.hold_sync():
                yield
        finally:
            self._is_answering = False


class QuizWidget(_Shared):
    """A quiz in a notebook.

    ``result`` is the :class:`~civicquiz.Result` of all questions shown; observe it to follow the learner:
    ``widget.observe(lambda change: print(change["new"].score), names="result")``.
    Questions that have not been checked yet count as unanswered in it.
    """

    result = traitlets.Instance(Result)

    def __init__(self, quiz: Quiz, questions: Sequence[str] | None = None, folder: str | Path = ".") -> None:
        """
        Args:
            quiz: the quiz to show.
            questions: ids of the questions to show; all of them by default.
            folder: where the response file is kept; a notebook's kernel runs in the notebook's own folder.
        """
        self._quiz = quiz
        self._kept = kept = KeptSession(quiz, questions, Path(folder).absolute())
        store = hashlib.sha256(str(kept.file.path).encode()).hexdigest()[:16]
        self._public = public_payload(quiz, questions) | {"store": store}
        #: language -> what differs in it; sent only when a learner chooses it
        self._translations: dict[str, Any] = self._public.pop("translations", {})
        self._notice = Notice(quiz, kept)
        super().__init__(
            **_front_end(quiz, questions),
            quiz=self._public | self._translations.get(kept.language, {}),
            **self._tables(),
            outcomes=self._judge(kept.shown),
            notice=str(self._notice),
            warning=bool(self._notice.warning),
            result=kept.result(),
        )
        if depends_on_seed(quiz):
            self._save([], kept.session)  # a learner who comes back before the first answer gets the same questions
        self.on_msg(self._on_message)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Besides the widget, what a notebook shows where there is no kernel and no widget."""
        data, about = super()._repr_mimebundle_(**options) or ({}, {})
        return data | outlines(self._quiz, self._kept.shown), about

    _ipython_display_ = None  # ipywidgets 7 has it, and then nobody asks for the method above

    def _tables(self) -> dict[str, dict[str, Any]]:
        """What of the session the browser has, too."""
        session = self._kept.session
        return {"responses": dict(session.responses), "notes": dict(session.notes), "overall": dict(session.overall)}

    @traitlets.observe("responses", "notes", "overall", "revision")
    def _on_browser(self, _: Any) -> None:
        """The learner has typed, chosen, noted or set something."""
        if self._is_answering:
            return
        before, language = self._kept.session, self._kept.language
        step = self._kept.record(self.responses, self.notes, self.overall)
        with self._one_answer():
            if step.session == before:
                if self._kept.file.has_unsaved:
                    self._save([], before)  # the browser asks again
                self._confirm()
                return
            closed = self._catch_up(step.touched)
            if self._kept.language != language:
                self.quiz = self._public | self._translations.get(self._kept.language, {})
                self._publish(self._kept.shown)
            self._save(step.touched, before)
            self._confirm(closed)

    def _confirm(self, closed: bool = False, *, whole: bool = False) -> None:
        """Say up to where everything that the learner did is saved, or that it is not; and whether a question that was
        answered here had been ``closed`` in another window. A ``whole`` answer has all that the browser shows.
        """
        if closed:
            self._notice.warn("settled_elsewhere")
            self._tell()
        self._count(revision=self.revision, saved=not self._kept.file.has_unsaved, whole=whole)
        if whole:
            self.send_state(_WHOLE)

    def _count(self, **confirmed: Any) -> None:
        """Give this answer the next number. Without more, it confirms nothing that has not been confirmed before."""
        self.saving = {**self.saving, "whole": False, "number": self.saving["number"] + 1, **confirmed}

    def _tell(self) -> None:
        self.notice, self.warning = str(self._notice), bool(self._notice.warning)

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        """One thing the learner did, as ``quiz.js`` sends it."""
        if not isinstance(message, dict):
            return
        action = message.get("type")
        if action == "dismiss":
            with self._one_answer():
                self._notice.warning = ""
                self._tell()
                self._confirm()
            return
        with self._one_answer():
            if isinstance(message.get("revision"), int):
                self.revision = max(self.revision, message["revision"])
            closed = action != "reset" and self._catch_up([str(message.get("question"))] if action == "check" else [])
            before = self._kept.session
            step = self._kept.act(message)
            self._publish(step.touched)
            self._count()
        # The learner has the verdict by now; where a browser is the disk, saving takes longer than judging.
        with self._one_answer():
            if step.session != before or self._kept.file.has_unsaved:
                self._save(step.touched, before)
            if action == "reset":
                self._kept.file.forget()
            self._confirm(closed, whole=action == "ask")
        if step.refusal:
            self.send({"type": "problem", "question": step.refusal.question_id, "code": step.refusal.code})

    def _catch_up(self, answered: Collection[str]) -> bool:
        """Show what another window has done since; whether it has settled a question ``answered`` here."""
        touched, closed = self._kept.catch_up(answered)
        self._publish(touched)
        return closed

    def _judge(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """Judge these questions by the session as it is now; what the browser is told about them."""
        return verdict_payloads(self._quiz, self._kept.session, self._kept.judge(names))

    def _publish(self, names: Collection[str]) -> None:
        """Show the session as it is now, with new outcomes of these questions."""
        if not names:
            return
        judged = self._judge(names)
        others = {name: outcome for name, outcome in self.outcomes.items() if name not in names}
        with self.hold_sync(), self.hold_trait_notifications():
            for name, table in self._tables().items():
                setattr(self, name, table)
            self.outcomes = others | judged
        self.result = self._kept.result()

    def _save(self, names: Iterable[str], before: Session) -> None:
        try:
            unseen = self._kept.save(names, before.overall)
        except ResponseFileError as error:
            self._notice.tell("not_saved_file", error)
        else:
            self._notice.tell("saved_file")
            if unseen:
                self._notice.warn("replaced")
        self._tell()


def show(quiz: Quiz, questions: Sequence[str] | None = None, folder: str | Path = ".") -> QuizWidget | QuizPlaceholder:
    """A :class:`QuizWidget`, or a :class:`QuizPlaceholder` while a book is built."""
    return QuizPlaceholder(quiz, questions) if os.environ.get(BOOK_VARIABLE) else QuizWidget(quiz, questions, folder)
