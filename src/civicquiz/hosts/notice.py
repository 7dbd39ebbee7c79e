"""What a learner reads in a notebook about the answer file."""

from __future__ import annotations

from collections.abc import Iterator

from civicquiz.frontend.words import strings
from civicquiz.grading.kept_session import KeptSession
from civicquiz.model.quiz import Quiz

__all__ = ["Notice"]


class Notice:
    """Where the answers are, after a ``warning`` that stays until it is dismissed; in the language of the learner."""

    def __init__(self, quiz: Quiz, kept: KeptSession) -> None:
        self._quiz, self._kept = quiz, kept
        self.warning = " ".join(self._opening_warnings())
        file = kept.file
        if file.quarantined:
            opened = "restored" if file.restored else "set_aside"
        else:
            opened = "saved_file" if file.path.exists() else "saves_file"
        self._state = self._words(opened, file=(file.quarantined or file.path).name)

    def __str__(self) -> str:
        return f"{self.warning} {self._state}".strip()

    def tell(self, name: str, reason: object = "") -> None:
        """Say where the answers are; ``name`` is that of the words."""
        self._state = self._words(name, reason=reason)

    def warn(self, name: str) -> None:
        """Say something that the learner has to know."""
        self.warning = self._words(name)

    def _opening_warnings(self) -> Iterator[str]:
        if self._kept.other:
            yield self._words("other_quiz", file=self._kept.other.name)
        changed = [str(number) for number, name in enumerate(self._kept.shown, start=1) if name in self._kept.changed]
        if changed:
            yield self._words("question_changed", numbers=", ".join(changed))

    def _words(self, name: str, *, file: str = "", reason: object = "", numbers: str = "") -> str:
        words = strings(self._kept.language or self._quiz.language)
        return words[name].format(file=file or self._kept.file.path.name, reason=reason, numbers=numbers)
