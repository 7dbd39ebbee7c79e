"""Aiken: a question on a line, options with letters, and the letter of the right one.

Source: https://docs.moodle.org/405/en/Aiken_format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase
from typing import ClassVar

from civicquiz.exchange.asked import AskedQuestion, words_of
from civicquiz.exchange.exported import Exported, Losses, UnfitError
from civicquiz.exchange.numbered_rows import RowFormat, WrittenRow, note_lost_markup
from civicquiz.model.interactions import Choice, ChoiceKey
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_QUESTION = re.compile(r"[^\n]+\n([A-Z]\. [^\n]*\n){2,26}ANSWER: [A-Z]\n")
#: What has no place there.
_MISSING = ("feedback", "hint", "explanation", "sources", "pictures", "tags")


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
        points = "Aiken has no points; change them in the quiz to {}."
        file = RowFormat("Aiken", None, _MISSING, _rows, points, usual_points=1, has_all_sets=True)
        done = [file.add(texts) for texts in quizzes]
        blocks = ("".join(f"{line}\n" for line in row.cells) for row in file.rows)
        return Exported("\n".join(blocks).encode("utf-8", "replace"), done)


EXPORTER = AikenExporter()


def _rows(asked: AskedQuestion, losses: Losses) -> list[WrittenRow]:
    """The lines of a question with one set of numbers."""
    shown, key = asked.interaction, asked.key
    if not isinstance(shown, Choice) or not isinstance(key, ChoiceKey) or shown.multiple or len(key.right) != 1:
        raise UnfitError("Aiken has only questions with options of which exactly one is right.")
    html = asked.asked()
    text, options = words_of(html), list(asked.plain_words(shown.options, "Options", losses).values())
    if len(options) > len(ascii_uppercase) or len(set(options)) < len(options):
        raise UnfitError("Its options have no letters left, or are the same without their formatting.")
    if any(map(_LOOKS_LIKE.match, (text, *options))):
        raise UnfitError("A line of it would be taken for an option or for the answer.")
    note_lost_markup(html, losses)
    letters = {option.id: letter for letter, option in zip(ascii_uppercase, shown.options, strict=False)}
    lines = (f"{letter}. {option}" for letter, option in zip(ascii_uppercase, options, strict=False))
    return [WrittenRow("multiple choice", [text, *lines, f"ANSWER: {letters[key.right[0]]}"])]


#: A line that is taken for an option or for the answer (question/format/aiken/format.php of Moodle 4.5).
_LOOKS_LIKE = re.compile(r"[A-Z][.)](?:\s|$)|ANSWER:", re.IGNORECASE)
