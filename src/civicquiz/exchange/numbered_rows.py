"""Formats with a row for each question, which have no names for them: questions go by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion, asked_questions, has_only_words
from civicquiz.exchange.exported import ExportedQuestion, ExportedQuiz, Losses, UnfitError
from civicquiz.exchange.losses import note_repeated_text, note_void, parts_of, settings_losses
from civicquiz.exchange.question_time import note_time
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.translations import Translation

__all__ = ["RowFormat", "WrittenRow", "note_lost_markup"]

#: What a format may have no place for, in a sentence with its name.
_MISSING = {
    "feedback": "{} has no feedback on single answers in such a file.",
    "hint": "{} has no hints in such a file.",
    "explanation": "{} has no explanations in such a file.",
    "sources": "{} has no place for sources in such a file.",
    "pictures": "{} takes no pictures from such a file; the description of each is in its place.",
    "tags": "{} has no tags in such a file.",
    "length": "{} has no limits for the number of words in such a file.",
    "rubric": "{} has no rubrics in such a file.",
}


class WrittenRow(NamedTuple):
    """A question in a file: what it is there, and its cells."""

    written_as: str
    cells: Sequence[str | int]


@dataclass
class RowFormat:
    """A file while it is written.

    Attributes:
        program: who reads it, for sentences.
        most: how many rows it may have; None if there is no limit.
        missing: the parts that have no place in a row, of those that questions can have.
        write: the rows of a question with one set of numbers. It notes what is lost, and raises an ``UnfitError`` if
            the format cannot hold the question.
        points: what becomes of the points of a question: a sentence, in which ``{}`` is how many it has.
        usual_points: how many points each question has there; None if that is not known.
        seconds: how long a question can last, where each has a time.
        has_all_sets: whether there is a row for each set of numbers; otherwise only the first one is there.
        rows: the rows so far.
    """

    program: str
    most: int | None
    missing: Iterable[str]
    write: Callable[[AskedQuestion, Losses], list[WrittenRow]]
    points: str
    usual_points: float | None = None
    seconds: Sequence[int] = ()
    has_all_sets: bool = False
    rows: list[WrittenRow] = field(default_factory=list)

    def add(self, texts: Translation) -> ExportedQuiz:
        """Add the rows of a quiz."""
        quiz = texts.source
        losses = Losses()
        if self.seconds:
            note_time(quiz, self.seconds, self.program, losses)
        settings = settings_losses(quiz, ("time limit",) if self.seconds else ())
        questions = tuple(self._add(texts, question.id) for question in quiz.questions)
        return ExportedQuiz(quiz.name, texts.language, questions, (*settings, *losses))

    def _add(self, texts: Translation, name: str) -> ExportedQuestion:
        source = texts.source.keyed_questions[name]
        parts = parts_of(source, texts.source)
        losses = Losses(name)
        # Formulas are code that can be read, if nobody draws them: MathML without its markup would be nonsense.
        sets = asked_questions(texts, name, {}, latex=True)
        try:
            rows = [row for asked in (sets if self.has_all_sets else sets[:1]) for row in self.write(asked, losses)]
            if self.most is not None and len(self.rows) + len(rows) > self.most:
                raise UnfitError(f"The file has room for {self.most} questions; export fewer quizzes into it.")
        except UnfitError as error:
            return ExportedQuestion.left_out(source, parts, str(error))
        self._note(source, parts, len(sets), losses)
        ids = tuple(str(len(self.rows) + number) for number, _ in enumerate(rows, start=1))
        self.rows += rows
        return ExportedQuestion(name, source.type, rows[0].written_as, ids, parts, tuple(losses))

    def _note(self, source: KeyedQuestion, parts: Sequence[str], sets: int, losses: Losses) -> None:
        """Note what no question of the format has."""
        if sets > 1 and self.has_all_sets:
            losses.approximate(
                "numbers", f"There is a question for each of the {sets} sets of numbers; use one of them."
            )
        elif sets > 1:
            losses.approximate("numbers", f"Everyone gets the same numbers, the first of {sets} sets.")
        note_repeated_text(source, losses)
        note_void(source, losses)
        if "points" in parts and source.points != self.usual_points:
            losses.lost("points", self.points.format(number_text(source.points)))
        for part in self.missing:
            if part in parts:
                losses.lost(part, _MISSING[part].format(self.program))


def note_lost_markup(html: str, losses: Losses) -> None:
    """Note that a text has more than the words that are left of it."""
    if not has_only_words(html):
        losses.approximate(
            "text", "The question is on one line, without formatting or tables; formulas are LaTeX code."
        )
