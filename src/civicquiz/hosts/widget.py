"""The notebook host: one anywidget per quiz. The key stays in the kernel."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from civicquiz.errors import ResponseFileError
from civicquiz.frontend.front_end import NOTEBOOK_SCRIPTS, STYLES, front_end
from civicquiz.frontend.outline import outline_html, outline_text
from civicquiz.frontend.payload import public_payload, verdict_payloads
from civicquiz.frontend.static_files import as_module, static_text
from civicquiz.frontend.words import strings
from civicquiz.grading import Result
from civicquiz.grading.arrangement import arranged, depends_on_seed, new_seed
from civicquiz.grading.responses import ResponseFile
from civicquiz.grading.session import Session, Verdict, act, caught_up, outdated, recorded, restored, result, verdict
from civicquiz.hosts.placeholder import BOOK_VARIABLE, QuizPlaceholder
from civicquiz.model.quiz import Quiz, ReleasedQuiz

__all__ = ["QuizWidget", "show"]


class QuizWidget(anywidget.AnyWidget):
    """A quiz in a notebook.

    ``result`` is the :class:`~civicquiz.Result` of all questions shown; observe it to follow the learner:
    ``widget.observe(lambda change: print(change["new"].score), names="result")``.
    Questions that have not been checked yet count as unanswered in it.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    # All of it for every quiz: anywidget keeps one stylesheet for all widgets of a class, and the last one would win.
    _css = "".join(map(static_text, STYLES))

    # The names are the contract of quiz.js and notebook.js. Four of them the browser writes; the rest goes there.
    responses = traitlets.Dict().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    overall = traitlets.Dict().tag(sync=True)
    quiz = traitlets.Dict().tag(sync=True)
    outcomes = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    warning = traitlets.Bool(False).tag(sync=True)
    # The browser counts what the learner does; the kernel answers up to where it is saved, or that it cannot be.
    revision = traitlets.Int(0).tag(sync=True)
    saving = traitlets.Dict({"revision": 0, "saved": True}).tag(sync=True)

    result = traitlets.Instance(Result)

    def __init__(self, quiz: Quiz, questions: Sequence[str] | None = None, folder: str | Path = ".") -> None:
        """
        Args:
            quiz: the quiz to show.
            questions: ids of the questions to show; all of them by default.
            folder: where the response file is kept; a notebook's kernel runs in the notebook's own folder.
        """
        self._quiz = quiz
        self._shown = [question.id for question in quiz.select(questions)]
        folder = Path(folder).absolute()
        source = _path_from(folder, quiz.path)
        path = folder / f"{quiz.name}.responses.json"
        other = path if ResponseFile(path, quiz.name, quiz.version, source).is_of_another_quiz() else None
        if other:  # never the answers of two quizzes in one file
            path = folder / f"{quiz.name}-{hashlib.sha256(source.encode()).hexdigest()[:6]}.responses.json"
        self._outline = outline_text(quiz, questions), outline_html(quiz, questions)
        self._public = public_payload(quiz, questions) | {"store": hashlib.sha256(str(path).encode()).hexdigest()[:16]}
        #: language -> what differs in it; sent only when a learner chooses it
        self._translations: dict[str, Any] = self._public.pop("translations", {})
        learner, seed = (quiz.learner, quiz.seed) if isinstance(quiz, ReleasedQuiz) else (None, None)
        self._file = ResponseFile(path, quiz.name, quiz.version, source, learner)
        kept = self._file.open()
        self._session = restored(quiz, kept, self._shown, new_seed() if seed is None else seed)
        changed = [name for name in outdated(kept, self._session) if name in self._shown]
        self._file.outdated = set(changed)
        #: the questions that this learner gets, of which the result is
        self._picked = self._shown
        if questions is None:
            self._picked = [name for _, names in arranged(quiz, self._session.overall["seed"]) for name in names]
        self._verdicts: dict[str, Verdict] = {}
        numbers = ", ".join(str(number) for number, name in enumerate(self._shown, start=1) if name in changed)
        self._warning = self._words("question_changed", numbers=numbers) if numbers else ""
        if other:
            self._warning = f"{self._words('other_quiz', file=other.name)} {self._warning}".strip()
        opened = ("restored" if self._file.restored else "set_aside") if self._file.quarantined else "saved_file"
        self._state = self._words(opened, file=(self._file.quarantined or path).name)
        super().__init__(
            _esm=as_module([*front_end(quiz, quiz.select(questions)).scripts, *NOTEBOOK_SCRIPTS]),
            quiz=self._public | self._translations.get(self._language, {}),
            responses=dict(self._session.responses),
            notes=dict(self._session.notes),
            overall=dict(self._session.overall),
            outcomes=self._judge(self._shown),
            notice=f"{self._warning} {self._state}".strip(),
            warning=bool(self._warning),
            result=result(quiz, self._verdicts, self._picked),
        )
        if depends_on_seed(quiz):
            self._save([], self._session)  # a learner who comes back before the first answer gets the same questions
        self.on_msg(self._on_message)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Besides the widget, what a notebook shows where there is no kernel and no widget."""
        found = super()._repr_mimebundle_(**options)
        if found is None:
            return None
        data, about = found
        data["text/plain"], data["text/html"] = self._outline
        return data, about

    @property
    def _language(self) -> str:
        """The language that the learner has chosen; empty where that is the quiz's own."""
        language = str(self._session.overall.get("language"))
        return language if language in self._quiz.translations else ""

    def _words(self, name: str, *, file: str = "", reason: object = "", numbers: str = "") -> str:
        """A notice about the file of answers, in the learner's language."""
        words = strings(self._language or self._quiz.language)
        return words[name].format(file=file or self._file.path.name, reason=reason, numbers=numbers)

    @traitlets.observe("responses", "notes", "overall", "revision")
    def _on_browser(self, _: Any) -> None:
        """The learner has typed, chosen, noted or set something."""
        before, language = self._session, self._language
        step = recorded(before, self._shown, responses=self.responses, notes=self.notes, overall=self.overall)
        if step.session == before:
            if self._file.has_unsaved:
                self._save([], before)  # the browser asks again
            self._confirm()
            return
        self._session = step.session
        closed = self._catch_up(step.touched)
        if self._language != language:
            self.quiz = self._public | self._translations.get(self._language, {})
            self._publish(self._shown)
        self._save(step.touched, before)
        if closed:
            self._warn("settled_elsewhere")
        self._confirm()

    def _confirm(self) -> None:
        """Say up to where everything that the learner did is saved, or that it is not."""
        self.saving = {"revision": self.revision, "saved": not self._file.has_unsaved}

    def _warn(self, name: str) -> None:
        """Say something that the learner has to know, until it is dismissed."""
        self._warning = self._words(name)
        self.warning = True
        self._tell(self._state)

    def _tell(self, state: str) -> None:
        """Say where the answers are; after a warning that has not been dismissed."""
        self._state = state
        self.notice = f"{self._warning} {state}".strip()

    def _on_message(self, _: Any, message: Any, __: Any) -> None:
        """One thing the learner did, as ``quiz.js`` sends it."""
        if not isinstance(message, dict):
            return
        action = message.get("type")
        if action == "dismiss":
            self._warning, self.warning = "", False
            self._tell(self._state)
            return
        if isinstance(message.get("revision"), int):
            self.revision = max(self.revision, message["revision"])
        closed = action != "reset" and self._catch_up([str(message.get("question"))] if action == "check" else [])
        before = self._session
        step = act(self._quiz, before, message, self._shown)
        self._session = step.session
        self._publish(step.touched)
        if step.session != before:
            self._save(step.touched, before)
        if action == "reset":
            self._file.forget()
        if closed:
            self._warn("settled_elsewhere")
        self._confirm()
        if step.refusal:
            self.send({"type": "problem", "question": step.refusal.question_id, "code": step.refusal.code})

    def _catch_up(self, answered: Collection[str]) -> bool:
        """Take over what another window has done since; whether it has settled a question ``answered`` here."""
        news = self._file.news()
        if news is None:
            return False
        kept = restored(self._quiz, news, self._shown, self._session.overall["seed"])
        step = caught_up(self._session, kept, self._file.written.union(answered), self._shown)
        self._session = step.session
        taken = [name for name in step.touched if kept.responses.get(name) == step.session.responses.get(name)]
        self._file.known |= {name: kept.responses.get(name) for name in taken}
        self._publish(step.touched)
        return any(kept.checked.get(name) and name in step.touched for name in answered)

    def _judge(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """Judge these questions by the session as it is now; what the browser is told about them."""
        found = {name: verdict(self._quiz, self._session, name) for name in names}
        judged = {name: shown for name, shown in found.items() if shown}
        self._verdicts = {name: shown for name, shown in self._verdicts.items() if name not in found} | judged
        return verdict_payloads(self._quiz, self._session, judged)

    def _publish(self, names: Collection[str]) -> None:
        """Show the session as it is now, with new outcomes of these questions."""
        if not names:
            return
        judged = self._judge(names)
        others = {name: outcome for name, outcome in self.outcomes.items() if name not in names}
        with self.hold_sync(), self.hold_trait_notifications():
            self.responses = dict(self._session.responses)
            self.notes = dict(self._session.notes)
            self.overall = dict(self._session.overall)
            self.outcomes = others | judged
        self.result = result(self._quiz, self._verdicts, self._picked)

    def _save(self, names: Iterable[str], before: Session) -> None:
        """Keep what is known of these questions, and what holds for the quiz and did not before. Nothing else: other
        questions may have been answered elsewhere since.
        """
        overall = [name for name, value in self._session.overall.items() if before.overall.get(name) != value]
        try:
            unseen = self._file.update(names, self._session, overall)
        except ResponseFileError as error:
            self._tell(self._words("not_saved_file", reason=error))
        else:
            self._tell(self._words("saved_file"))
            if unseen:
                self._warn("replaced")


def _path_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.name


def show(quiz: Quiz, questions: Sequence[str] | None = None) -> QuizWidget | QuizPlaceholder:
    """A :class:`QuizWidget`, or a :class:`QuizPlaceholder` while a book is built."""
    return QuizPlaceholder(quiz, questions) if os.environ.get(BOOK_VARIABLE) else QuizWidget(quiz, questions)
