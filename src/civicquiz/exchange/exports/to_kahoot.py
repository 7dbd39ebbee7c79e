"""Kahoot: the spreadsheet that its question creator imports.

It has questions with two to four options, and nothing else. Students see the options as plain words.

Sources: Kahoot's quiz template (an Excel file with the limits in its header);
https://support.kahoot.com/hc/en-us/articles/115002303908 on points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from civicquiz.exchange.asked import AskedQuestion, words_of
from civicquiz.exchange.exported import Exported, Losses, UnfitError
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.numbered_rows import RowFormat, WrittenRow, note_lost_markup
from civicquiz.exchange.question_time import seconds_for_each
from civicquiz.exchange.single_fields import SingleField, row_choices, single_fields
from civicquiz.exchange.workbook_writing import table_bytes, text_length, was_written_here
from civicquiz.model.interactions import Choice, ChoiceKey, Matching, NumberField, Scale
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_MOST_QUESTIONS = 100
_MOST_OPTIONS = 4
#: The most characters of a question, and of an option.
_MOST_TEXT, _MOST_OPTION = 120, 75
_MOST_TITLE = 200
#: The seconds for a question that can be chosen.
_SECONDS = (5, 10, 20, 30, 60, 90, 120, 240)
#: The header is in row 8, and the questions are below it, as in the template.
_HEADER = (
    "",
    "Question - max 120 characters",
    *(f"Answer {number} - max 75 characters" for number in range(1, _MOST_OPTIONS + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
_WIDTHS = (5, 60, 25, 25, 25, 25, 12, 12)
#: What has no place there.
_MISSING = ("feedback", "hint", "explanation", "sources", "pictures", "tags", "length", "rubric")


class KahootExporter:
    """The spreadsheet of a kahoot."""

    name: ClassVar[str] = "kahoot"
    title: ClassVar[str] = "Kahoot"
    ending: ClassVar[str] = ".xlsx"

    def wrote(self, content: bytes) -> bool:
        return was_written_here(content, self.title)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        points = "Kahoot gives points of its own, more of them for fast answers; its report says who was right."
        table = RowFormat("Kahoot", _MOST_QUESTIONS, _MISSING, _rows, points, seconds=_SECONDS)
        done = [table.add(texts) for texts in quizzes]
        title = ", ".join(texts.title for texts in quizzes)[:_MOST_TITLE]
        above = [[], ["", title], [], [], [], [], [], _HEADER]
        below = ([number, *row.cells] for number, row in enumerate(table.rows, start=1))
        return Exported(table_bytes(self.title, [*above, *below], _WIDTHS), done)


EXPORTER = KahootExporter()


def _rows(asked: AskedQuestion, losses: Losses) -> list[WrittenRow]:
    """The rows of a question with one set of numbers."""
    if isinstance(asked.interaction, Scale):
        raise UnfitError("Kahoot's spreadsheet has no timelines.")
    rows = [row for field in single_fields(asked) for row in _field_rows(asked, field, losses)]
    if len(rows) > 1:
        losses.approximate("score", f"It becomes {len(rows)} questions, each with points of its own.")
    return rows


def _field_rows(asked: AskedQuestion, field: SingleField, losses: Losses) -> Iterator[WrittenRow]:
    shown, key = field.shown, field.key
    if isinstance(shown, Matching):
        for choice in row_choices(asked):
            yield from _field_rows(asked, choice, losses)
    elif isinstance(shown, Choice):
        if key is None:
            raise UnfitError("Every question of a kahoot needs a right answer, and a poll has none.")
        assert isinstance(key, ChoiceKey)
        right = [number for number, option in enumerate(shown.options, start=1) if option.id in key.right]
        if shown.multiple:
            reason = (
                "Kahoot scores several right answers by rules of its own; set the question to 'Multi-select' there."
            )
            losses.approximate("score", reason)
        elif len(right) > 1:
            losses.approximate("score", "Any of the right answers counts if the question is 'Single select' there.")
        words = asked.plain_words(shown.options, "Options", losses)
        yield _row(asked, field, [*words.values()], right, losses)
    elif isinstance(shown, NumberField):
        options, right_one = _number_options(asked, field, losses)
        yield _row(asked, field, options, [right_one], losses)
    else:
        raise UnfitError(f"Kahoot's spreadsheet has only questions with options, and no '{asked.source.type}'.")


def _number_options(asked: AskedQuestion, field: SingleField, losses: Losses) -> tuple[list[str], int]:
    """The right number and known mistakes as options, from small to large; and which of them is right, from 1."""
    shown = field.shown
    assert isinstance(shown, NumberField)
    assert field.key is not None
    rule, answer = asked.number_rule(field.key)
    mistakes = [bounds_of(interval) for interval in rule.mistakes]
    wrong = [one.middle for one in mistakes if one.limit is None and not rule.share(float(one.middle))]
    if not wrong:
        raise UnfitError("Kahoot's spreadsheet has only options, and no known mistake is there to choose from.")
    losses.approximate("typing", "Students choose from the right number and known mistakes.")
    right = Decimal(answer)
    numbers = sorted([right, *list(dict.fromkeys(wrong))[: _MOST_OPTIONS - 1]])
    texts = [f"{asked.numbers.write(decimal_text(number))} {shown.unit}".strip() for number in numbers]
    return texts, numbers.index(right) + 1


def _row(
    asked: AskedQuestion, field: SingleField, options: Sequence[str], right: Sequence[int], losses: Losses
) -> WrittenRow:
    html = field.html(asked)
    text = words_of(html)
    note_lost_markup(html, losses)
    if len(options) > _MOST_OPTIONS:
        raise UnfitError(f"Kahoot has room for {_MOST_OPTIONS} options; this question has {len(options)}.")
    if len(set(options)) < len(options):
        raise UnfitError("Its options are the same without their formatting.")
    _check_length(text, _MOST_TEXT, "a question")
    for option in options:
        _check_length(option, _MOST_OPTION, "an option")
    cells = [text, *options, *[""] * (_MOST_OPTIONS - len(options))]
    correct = right[0] if len(right) == 1 else ",".join(map(str, right))
    return WrittenRow("quiz", [*cells, seconds_for_each(asked.texts.source, _SECONDS), correct])


def _check_length(text: str, most: int, what: str) -> None:
    length = text_length(text)
    if length > most:
        raise UnfitError(f"Kahoot has room for {most} characters in {what}; this has {length}: '{text[:30]}…'")
