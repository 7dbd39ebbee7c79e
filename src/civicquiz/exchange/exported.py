"""What a writer of a foreign format returns: the content of a file, and what of each question is not the same there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.translations import Translation

__all__ = ["Exported", "ExportedQuestion", "ExportedQuiz", "Exporter", "Fidelity", "Loss", "Losses", "UnfitError"]

#: How a part of a question is on the other side: the same, nearly the same, or not there.
Fidelity = Literal["exact", "approximate", "lost"]


@dataclass(frozen=True)
class Loss:
    """A part of a question, or of a whole quiz, that is not the same on the other side.

    Attributes:
        question: the id of the question; empty for the quiz as a whole.
        part: one of ``losses.parts_of`` or, for a quiz, a setting.
        fidelity: ``approximate`` or ``lost``.
        reason: a sentence for a teacher.
    """

    question: str
    part: str
    fidelity: Fidelity
    reason: str


class Losses(list[Loss]):
    """The losses of one question, or of a quiz, while it is written. Each is there once."""

    def __init__(self, question: str = "") -> None:
        super().__init__()
        self._question = question

    def approximate(self, part: str, reason: str) -> None:
        """Note that a part is nearly the same."""
        self._note(Loss(self._question, part, "approximate", reason))

    def lost(self, part: str, reason: str) -> None:
        """Note that a part is not there."""
        self._note(Loss(self._question, part, "lost", reason))

    def _note(self, loss: Loss) -> None:
        if loss not in self:
            self.append(loss)


class UnfitError(Exception):
    """A format cannot hold a question: a sentence that says why. Never raised out of an exporter."""


@dataclass(frozen=True)
class ExportedQuestion:
    """What became of one question.

    Attributes:
        id: its id in the quiz.
        type: its type in the quiz.
        written_as: its type in the format; empty if it was not written.
        target_ids: what it is called there; several if there is a question for each of its sets of numbers.
        parts: the parts that it has. Those without a loss are exact.
        losses: the others.
    """

    id: str
    type: str
    written_as: str
    target_ids: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()

    @classmethod
    def left_out(cls, question: KeyedQuestion, parts: tuple[str, ...], reason: str) -> Self:
        """A question that the format cannot hold. All that counts then is the ``reason``, whatever else was noted."""
        return cls(question.id, question.type, "", (), parts, (Loss(question.id, "question", "lost", reason),))

    def fidelity(self, part: str) -> Fidelity:
        """How a part came over."""
        found = {loss.fidelity for loss in self.losses if loss.part in (part, "question")}
        return "lost" if "lost" in found else "approximate" if found else "exact"


@dataclass(frozen=True)
class ExportedQuiz:
    """What became of one quiz, in one language; ``losses`` are those of the quiz as a whole."""

    name: str
    language: str
    questions: tuple[ExportedQuestion, ...]
    losses: tuple[Loss, ...] = ()

    def all_losses(self) -> list[Loss]:
        """The losses of the quiz and of its questions."""
        return [*self.losses, *(loss for question in self.questions for loss in question.losses)]


@dataclass(frozen=True)
class Exported:
    """The content of a file in a foreign format, and what became of the quizzes in it.

    ``remarks`` are sentences on what the format is not made for at all, so that no question has it as a part.
    """

    content: bytes
    quizzes: Sequence[ExportedQuiz] = field(default=())
    remarks: Sequence[str] = ()


class Exporter(Protocol):
    """A format that can be exported. Each is a module in ``exports/`` with one of these as ``EXPORTER``."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def title(self) -> str:
        """What it is, for people."""

    @property
    def ending(self) -> str:
        """How the name of a file in this format ends."""

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        """Quizzes, which are all in one language, as one file. The same quizzes give the same bytes.

        A question that the format cannot hold is left out, with a loss that says why.
        """

    def wrote(self, content: bytes) -> bool:
        """Whether a file is from an earlier export, and may be replaced."""
