"""Aiken: a question on a line, options with letters, and the letter of the right one.

Source: https://docs.moodle.org/405/en/Aiken_format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import ClassVar

from civicquiz.exchange.asked import AskedQuestion, asked_questions, has_only_words, words_of
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses
from civicquiz.exchange.losses import parts_of, settings_losses
from civicquiz.model.interactions import Choice, ChoiceKey
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_QUESTION = re.compile(r"[^\n]+\n([A-Z]\. [^\n]*\n){2,26}ANSWER: [A-Z]\n")
#: What the format has no place for.
_LOST = {
    "feedback": "The format has no feedback.",
    "hint": "The format has no hints.",
    "explanation": "The format has no explanations.",
    "sources": "The format has no sources.",
    "pictures": "The format has no pictures; the description of each is in its place.",
    "tags": "The format has no tags.",
}


class AikenExporter:
    """Plain text with one right option for each question."""

    name: ClassVar[str] = "aiken"
    title: ClassVar[str] = "Aiken"
    ending: ClassVar[str] = ".txt"

    def wrote(self, content: bytes) -> bool:
        try:
            questions = content.decode().split("\n\n")
        except UnicodeDecodeError:
            return False
        return all(_QUESTION.fullmatch(f"{question.rstrip()}\n") for question in questions)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        lines: list[str] = []
        done = [_quiz(texts, lines) for texts in quizzes]
        return Exported("\n".join(lines).encode("utf-8", "replace"), done)


EXPORTER = AikenExporter()


def _quiz(texts: Translation, lines: list[str]) -> ExportedQuiz:
    questions = []
    for question in texts.source.questions:
        done, written = _question(texts, question.id, len(lines))
        questions.append(done)
        lines += written
    return ExportedQuiz(texts.source.name, texts.language, tuple(questions), tuple(settings_losses(texts.source)))


def _question(texts: Translation, name: str, before: int) -> tuple[ExportedQuestion, list[str]]:
    """What became of a question, and its blocks of lines; ``before`` is how many blocks the file has already."""
    source = texts.source.keyed_questions[name]
    parts = parts_of(source, texts.source)
    losses = Losses(name)
    asked = asked_questions(texts, name, {})
    blocks = [block for one in asked if (block := _block(one, losses))]
    if not blocks:
        return ExportedQuestion(name, source.type, "", (), parts, tuple(losses)), []
    if len(blocks) > 1:
        losses.approximate("numbers", f"There is a question for each of the {len(blocks)} sets of numbers.")
    if source.points != 1:
        losses.lost("points", "The format has no points; set them there.")
    if source.stimulus:
        losses.approximate("shared text", "It is repeated in each of its questions.")
    if source.void:
        losses.lost("score", "The question is void here: everyone gets full points. There, its key counts.")
    for part, reason in _LOST.items():
        if part in parts:
            losses.lost(part, reason)
    # Nothing in the file has a name, so questions go by their numbers.
    ids = tuple(str(before + number) for number, _ in enumerate(blocks, start=1))
    return ExportedQuestion(name, source.type, "multiple choice", ids, parts, tuple(losses)), blocks


def _block(asked: AskedQuestion, losses: Losses) -> str:
    """The lines of a question; "" if the format cannot hold it, which is noted."""
    shown, key = asked.interaction, asked.key
    if not isinstance(shown, Choice) or not isinstance(key, ChoiceKey) or shown.multiple or len(key.right) != 1:
        losses.lost("question", "The format has only questions with options of which exactly one is right.")
        return ""
    options = [asked.words(option) for option in shown.options]
    html = asked.asked()
    text = words_of(html)
    if len(options) > len(ascii_uppercase) or len(set(options)) < len(options):
        losses.lost("question", "Its options have no letters left, or are the same without their formatting.")
        return ""
    if _LOOKS_LIKE.match(text) or any(_LOOKS_LIKE.match(option) for option in options):
        losses.lost("question", "A line of it would be taken for an option or for the answer.")
        return ""
    if not has_only_words(html):
        losses.approximate("text", "The question is on one line, without formatting, formulas or tables.")
    if not all(map(asked.is_plain, shown.options)):
        losses.approximate("options", "Options are plain words: no formatting, formulas or pictures.")
    right = next(number for number, option in enumerate(shown.options) if option.id in key.right)
    return (
        "".join(
            (f"{text}\n", *(f"{letter}. {option}\n" for letter, option in zip(ascii_uppercase, options, strict=False)))
        )
        + f"ANSWER: {ascii_uppercase[right]}\n"
    )


#: A line that is taken for an option or for the answer (question/format/aiken/format.php of Moodle 4.5).
_LOOKS_LIKE = re.compile(r"[A-Z][.)](?:\s|$)|ANSWER:", re.IGNORECASE)
