"""A session with the response file that keeps it, for a host that has a disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from civicquiz.grading.arrangement import arranged, new_seed
from civicquiz.grading.grade import Result
from civicquiz.grading.responses import ResponseFile
from civicquiz.grading.session import Step, Verdict, act, caught_up, outdated, recorded, restored, result, verdict
from civicquiz.model.quiz import Quiz, ReleasedQuiz

__all__ = ["KeptSession"]


class KeptSession:
    """The session of a learner on some questions of a quiz; ``session`` is its state now, and ``file`` keeps it."""

    def __init__(self, quiz: Quiz, questions: Sequence[str] | None, folder: Path) -> None:
        """
        Args:
            quiz: the quiz.
            questions: the ids of the questions that the host shows; None for all of them.
            folder: where the response file is.

        Raises:
            ResponseFileError: the file is there and cannot be read just now.
        """
        self._quiz = quiz
        #: the ids of the questions that the host shows
        self.shown = shown = [question.id for question in quiz.select(questions)]
        source = _path_from(folder, quiz.path)
        learner, seed = (quiz.learner, quiz.seed) if isinstance(quiz, ReleasedQuiz) else (None, None)
        path = folder / f"{quiz.name}.responses.json"
        #: the file of another quiz of this name, if there is one: never the answers of two quizzes in one file
        self.other = path if ResponseFile(path, quiz.name, quiz.version, source).is_of_another_quiz() else None
        if self.other:
            path = folder / f"{quiz.name}-{hashlib.sha256(source.encode()).hexdigest()[:6]}.responses.json"
        self.file = ResponseFile(path, quiz.name, quiz.version, source, learner)
        kept = self.file.open()
        self.session = restored(quiz, kept, shown, new_seed() if seed is None else seed)
        #: the questions that their author has changed since they were answered
        self.changed = [name for name in outdated(kept, self.session) if name in shown]
        self.file.outdated = set(self.changed)
        picked = [name for _, names in arranged(quiz, self.session.overall["seed"]) for name in names]
        self.file.questions = len(picked)
        #: the questions that this learner gets, of which the result is
        self.picked = picked if questions is None else shown
        self._verdicts: dict[str, Verdict] = {}

    @property
    def language(self) -> str:
        """The language that the learner has chosen; empty where that is the quiz's own."""
        language = str(self.session.overall.get("language"))
        return language if language in self._quiz.translations else ""

    def record(self, responses: Mapping[str, Any], notes: Mapping[str, Any], overall: Mapping[str, Any]) -> Step:
        """As :func:`~civicquiz.grading.session.recorded`."""
        return self._take(recorded(self.session, self.shown, responses=responses, notes=notes, overall=overall))

    def act(self, message: Mapping[str, Any]) -> Step:
        """As :func:`~civicquiz.grading.session.act`."""
        return self._take(act(self._quiz, self.session, message, self.shown))

    def _take(self, step: Step) -> Step:
        self.session = step.session
        return step

    def catch_up(self, answered: Collection[str]) -> tuple[tuple[str, ...], bool]:
        """Take over what another window has done since.

        Returns (the questions that this touched, whether it has settled a question ``answered`` here).
        """
        news = self.file.news()
        if news is None:
            return (), False
        kept = restored(self._quiz, news, self.shown, self.session.overall["seed"])
        step = self._take(caught_up(self.session, kept, self.file.written.union(answered), self.shown))
        taken = [name for name in step.touched if kept.responses.get(name) == step.session.responses.get(name)]
        self.file.known |= {name: kept.responses.get(name) for name in taken}
        return step.touched, any(kept.checked.get(name) and name in step.touched for name in answered)

    def judge(self, names: Iterable[str]) -> dict[str, Verdict]:
        """What the learner is told about those of these questions that are not open, by the session as it is now."""
        found = {name: verdict(self._quiz, self.session, name) for name in names}
        judged = {name: shown for name, shown in found.items() if shown}
        self._verdicts = {name: shown for name, shown in self._verdicts.items() if name not in found} | judged
        return judged

    def result(self) -> Result:
        """What all questions have earned together, as they were judged last."""
        return result(self._quiz, self._verdicts, self.picked)

    def save(self, names: Iterable[str], before: Mapping[str, Any]) -> list[str]:
        """Keep what is known of these questions, and what holds for the quiz and did not ``before``. Nothing else:
        other questions may have been answered elsewhere since.

        Returns and raises as :meth:`ResponseFile.update`.
        """
        overall = [name for name, value in self.session.overall.items() if before.get(name) != value]
        return self.file.update(names, self.session, overall)


def _path_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.name
