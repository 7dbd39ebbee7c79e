"""Wayground, which was Quizizz: the spreadsheet that its creator of quizzes imports.

Source: Wayground's sample sheet, whose first row names the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from civicquiz.exchange.asked import AskedQuestion, has_only_words, words_of
from civicquiz.exchange.exported import Exported, Losses, UnfitError
from civicquiz.exchange.losses import cited
from civicquiz.exchange.numbered_rows import RowFormat, WrittenRow, note_lost_markup
from civicquiz.exchange.question_time import seconds_for_each
from civicquiz.exchange.single_fields import SingleField, row_choices, single_fields
from civicquiz.exchange.typed_answers import right_texts
from civicquiz.exchange.workbook_writing import MOST_CHARACTERS, table_bytes, text_length, was_written_here
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ExtendedText,
    Matching,
    NumberField,
    Ordering,
    Scale,
    TextEntry,
    TextEntryKey,
    number_style,
)
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

#: Far more than anyone plays; Wayground names no limit.
_MOST_QUESTIONS = 1_000
_MOST_OPTIONS = 5
#: Seconds for a question that can be chosen.
_SECONDS = (5, 10, 20, 30, 60, 120, 180, 300, 600, 900)
_HEADER = (
    "Question Text",
    "Question Type",
    *(f"Option {number}" for number in range(1, _MOST_OPTIONS + 1)),
    "Correct Answer",
    "Time in seconds",
    "Image Link",
    "Answer explanation",
)
_WIDTHS = (60, 18, 25, 25, 25, 25, 25, 12, 12, 12, 60)
#: What has no place there.
_MISSING = ("feedback", "hint", "pictures", "tags", "length", "rubric")


class WaygroundExporter:
    """The spreadsheet of a quiz."""

    name: ClassVar[str] = "wayground"
    title: ClassVar[str] = "Wayground"
    ending: ClassVar[str] = ".xlsx"

    def wrote(self, content: bytes) -> bool:
        return was_written_here(content, self.title)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        points = "Wayground gives points of its own, more of them for fast answers; its report says who was right."
        table = RowFormat("Wayground", _MOST_QUESTIONS, _MISSING, _rows, points, seconds=_SECONDS)
        done = [table.add(texts) for texts in quizzes]
        return Exported(table_bytes(self.title, [_HEADER, *(row.cells for row in table.rows)], _WIDTHS), done)


EXPORTER = WaygroundExporter()


def _rows(asked: AskedQuestion, losses: Losses) -> list[WrittenRow]:
    """The rows of a question with one set of numbers."""
    if isinstance(asked.interaction, (Ordering, Scale)):
        raise UnfitError(f"Wayground's spreadsheet has no question like '{asked.source.type}'.")
    rows = [row for field in single_fields(asked) for row in _field_rows(asked, field, losses)]
    if len(rows) > 1:
        losses.approximate("score", f"It becomes {len(rows)} questions, each with points of its own.")
    return rows


def _field_rows(asked: AskedQuestion, field: SingleField, losses: Losses) -> Iterator[WrittenRow]:
    shown, key = field.shown, field.key
    options: list[str] = []
    right: list[int] = []
    if isinstance(shown, Matching):
        for choice in row_choices(asked):
            yield from _field_rows(asked, choice, losses)
        return
    if isinstance(shown, Choice):
        options = list(asked.plain_words(shown.options, "Options", losses).values())
        if len(set(options)) < len(options):
            raise UnfitError("Its options are the same without their formatting.")
        assert key is None or isinstance(key, ChoiceKey)
        right = [number for number, option in enumerate(shown.options, start=1) if key and option.id in key.right]
        written_as = _choice_type(shown, right, losses)
    elif isinstance(shown, NumberField):
        assert key is not None
        written_as = "Fill-in-the-Blank"
        options = _number_texts(asked, field, losses)
    elif isinstance(shown, TextEntry):
        assert isinstance(key, TextEntryKey)
        written_as = "Fill-in-the-Blank"
        options = right_texts(key, "Wayground", losses)
        if len(options) > _MOST_OPTIONS:
            reason = f"Only the first {_MOST_OPTIONS} of {len(options)} right texts are there."
            losses.approximate("score", reason)
            options = options[:_MOST_OPTIONS]
    else:
        assert isinstance(shown, ExtendedText)
        written_as = "Open-Ended"
    yield _row(asked, field, written_as, options, right, losses)


def _choice_type(shown: Choice, right: Sequence[int], losses: Losses) -> str:
    if not right:
        if shown.multiple:
            losses.lost("options", "In a poll of Wayground's spreadsheet, only one option can be chosen.")
        return "Poll"
    if not shown.multiple and len(right) == 1:
        return "Multiple Choice"
    if shown.multiple:
        losses.approximate("score", "Wayground scores several right answers by a rule of its own.")
    else:
        losses.approximate("score", "Several options are right, and there, students have to choose all of them.")
    return "Checkbox"


def _number_texts(asked: AskedQuestion, field: SingleField, losses: Losses) -> list[str]:
    """How the right number may be typed."""
    shown = field.shown
    assert isinstance(shown, NumberField)
    assert field.key is not None
    rule, answer = asked.number_rule(field.key)
    if len(rule.intervals()) > 1 or rule.low < rule.high:
        losses.lost("score", f"In Wayground, only {answer} is right, and no number near it.")
    losses.approximate("typing", "Wayground compares numbers as texts: they must be typed in one of the ways listed.")
    texts = [answer, asked.numbers.write(answer)]
    if answer.removeprefix("-").isdigit():
        grouped = f"{int(answer):,}"
        texts.append(grouped.replace(",", ".") if number_style(asked.language) == "comma" else grouped)
    texts = list(dict.fromkeys(texts))
    return texts + [f"{text} {shown.unit}" for text in texts if shown.unit]


def _row(
    asked: AskedQuestion,
    field: SingleField,
    written_as: str,
    options: Sequence[str],
    right: Sequence[int],
    losses: Losses,
) -> WrittenRow:
    if len(options) > _MOST_OPTIONS:
        raise UnfitError(f"Wayground has room for {_MOST_OPTIONS} options; this question has {len(options)}.")
    html = field.html(asked)
    note_lost_markup(html, losses)
    explanation = asked.question.full_explanation()
    if explanation and not has_only_words(asked.block(explanation)):
        losses.approximate("explanation", "It is on one line, without formatting or tables; formulas are LaTeX code.")
    if cited(asked.source, asked.texts.source):
        losses.approximate("sources", "They are in the explanation, on one line.")
    cells = [words_of(html), written_as, *options, *[""] * (_MOST_OPTIONS - len(options))]
    seconds = seconds_for_each(asked.texts.source, _SECONDS)
    correct: str | int = right[0] if len(right) == 1 else ",".join(map(str, right))
    cells_after: list[str | int] = [correct, seconds, "", words_of(asked.explained(), links=True)]
    for cell in (cells[0], cells_after[-1], *options):
        length = text_length(str(cell))
        if length > MOST_CHARACTERS:
            raise UnfitError(
                f"A cell has room for {MOST_CHARACTERS:,} characters; one of this question has {length:,}."
            )
    return WrittenRow(written_as, [*cells, *cells_after])
