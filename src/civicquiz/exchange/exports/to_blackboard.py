"""Blackboard: the text file with tabs that *Upload questions* reads in a test of an Ultra course.

Texts are HTML, on one line. What the format has no line for, such as a match with distractors, becomes several lines.

Sources: https://help.blackboard.com/Learn/Instructor/Ultra/Tests_Pools_Surveys/Reuse_Questions/Upload_Questions; on
partial credit of matching questions, https://help.blackboard.com/node/46866.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from civicquiz.exchange.asked import AskedQuestion
from civicquiz.exchange.exported import Exported, Losses, UnfitError
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.numbered_rows import RowFormat, WrittenRow
from civicquiz.exchange.single_fields import SingleField, row_choices, single_fields
from civicquiz.exchange.typed_answers import right_texts
from civicquiz.exchange.xml_writing import without_controls
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ExtendedText,
    Gap,
    InlineGaps,
    InlineGapsKey,
    Matching,
    MatchingKey,
    NumberField,
    Ordering,
    OrderingKey,
    Scale,
    TextEntry,
    TextEntryKey,
)
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_MOST_LINES = 250
#: The most options of a question, and the most blanks of a text.
_MOST_OPTIONS, _MOST_BLANKS = 100, 10
_LINE = re.compile(r"(?:MC|MA|TF|ESS|MAT|FIB|FIB_PLUS|NUM)\t[^\t\n]+(?:\t[^\t\n]*)*")
#: What has no place there.
_MISSING = ("feedback", "hint", "explanation", "sources", "pictures", "tags", "length", "rubric")


class BlackboardExporter:
    """A text file with a question on each line."""

    name: ClassVar[str] = "blackboard"
    title: ClassVar[str] = "Blackboard"
    ending: ClassVar[str] = ".txt"

    def wrote(self, content: bytes) -> bool:
        try:
            lines = content.decode().split("\n")
        except UnicodeDecodeError:
            return False
        return all(_LINE.fullmatch(line) for line in lines[:-1]) and lines[-1] == ""

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        points = "Blackboard takes no points from such a file; set them there. Here it has {}."
        file = RowFormat("Blackboard", _MOST_LINES, _MISSING, _rows, points, has_all_sets=True)
        done = [file.add(texts) for texts in quizzes]
        lines = ["\t".join((row.written_as, *map(str, row.cells))) + "\n" for row in file.rows]
        return Exported("".join(lines).encode("utf-8", "replace"), done)


EXPORTER = BlackboardExporter()


# ---- Texts ----

_TAG = re.compile(r"<[^>]*>")
_STYLE = re.compile(r' (?:class|tabindex)="[^"]*"')
_CODE = re.compile(r"<pre.*?</pre>", re.DOTALL)
#: Everything that some program takes for the end of a line, and tabs, which end a field.
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def _field(html: str) -> str:
    """HTML as a field: on one line, without tabs, and without the paragraph around it if there is just one."""
    inner = html.strip().removeprefix("<p>").removesuffix("</p>")
    if "<" in inner:
        html = _TAG.sub(lambda tag: _STYLE.sub("", tag[0]), html if "</p>" in inner or "<p>" in inner else inner)
        html = _CODE.sub(lambda code: code[0].replace("\t", "    ").rstrip().replace("\n", "<br>"), html)
    else:
        html = inner
    return _plain(html)


def _plain(text: str) -> str:
    """A text as a field: on one line, without tabs."""
    return without_controls(_BREAKS.sub(" ", text)).strip()


# ---- Lines ----


def _rows(asked: AskedQuestion, losses: Losses) -> list[WrittenRow]:
    """The lines of a question with one set of numbers."""
    shown = asked.interaction
    if isinstance(shown, InlineGaps):
        gaps = shown.gaps.values()
        if len(gaps) <= _MOST_BLANKS and all(isinstance(gap, TextEntry) for gap in gaps):
            return [_blanks(asked, shown, losses)]
        if len(gaps) > 1:
            losses.approximate("score", "There is a question for each blank, with its share of the points.")
    elif isinstance(shown, Scale):
        losses.approximate("score", "There is a question for each event; a year that is not near enough earns nothing.")
    return [row for field in single_fields(asked) for row in _field_rows(asked, field, losses)]


def _field_rows(asked: AskedQuestion, field: SingleField, losses: Losses) -> Iterator[WrittenRow]:
    shown, key = field.shown, field.key
    text = _field(field.html(asked))
    if isinstance(shown, Matching):
        pairs = _pairs(asked, field)
        if pairs:
            yield WrittenRow("MAT", [text, *pairs])
        else:
            reason = (
                "There is a question for each row, with its share of the points: Blackboard has only pairs, each once."
            )
            losses.approximate("score", reason)
            for choice in row_choices(asked):
                yield from _field_rows(asked, choice, losses)
    elif isinstance(shown, Choice):
        if key is None:
            raise UnfitError("Every question in such a file needs a right answer, and a poll has none.")
        assert isinstance(key, ChoiceKey)
        yield _choice(asked, shown, key, text, losses)
    elif isinstance(shown, NumberField):
        yield _number(asked, field, text, losses)
    elif isinstance(shown, TextEntry):
        assert isinstance(key, TextEntryKey)
        yield WrittenRow("FIB", [text, *map(_plain, right_texts(key, "Blackboard", losses)[:_MOST_OPTIONS])])
    elif isinstance(shown, Ordering):
        assert isinstance(key, OrderingKey)
        yield _order(asked, shown, key, text, losses)
    else:
        assert isinstance(shown, ExtendedText)
        assert isinstance(asked.question, OpenResponse)
        sample = _field(asked.block(asked.question.model_answer))
        yield WrittenRow("ESS", [text, *([sample] if sample else [])])


def _choice(asked: AskedQuestion, shown: Choice, key: ChoiceKey, text: str, losses: Losses) -> WrittenRow:
    if all(option.word for option in shown.options):
        return WrittenRow("TF", [text, key.right[0]])
    options = [_field(asked.option(option)) for option in shown.options]
    _check_count(options, "options")
    marks = ["correct" if option.id in key.right else "incorrect" for option in shown.options]
    pairs = [cell for pair in zip(options, marks, strict=True) for cell in pair]
    if not shown.multiple and len(key.right) == 1:
        return WrittenRow("MC", [text, *pairs])
    if not shown.multiple:
        losses.approximate("score", "Several options are right, and there, students have to choose all of them.")
    elif len(key.right) > 1 and not key.rule.all_or_nothing:
        reason = "Blackboard gives points only for exactly the right options, unless you set partial credit there."
        losses.approximate("score", reason)
    return WrittenRow("MA", [text, *pairs])


def _check_count(cells: Sequence[str], what: str) -> None:
    if len(cells) > _MOST_OPTIONS:
        raise UnfitError(f"Blackboard has room for {_MOST_OPTIONS} {what}; this question has {len(cells)}.")


def _number(asked: AskedQuestion, field: SingleField, text: str, losses: Losses) -> WrittenRow:
    shown = field.shown
    assert isinstance(shown, NumberField)
    assert field.key is not None
    rule, _ = asked.number_rule(field.key)
    bounds = bounds_of((rule.low, rule.high))
    if bounds.limit is not None:
        losses.approximate("score", f"Without an end, the right numbers stop at {decimal_text(bounds.limit)}.")
    if rule.also:
        losses.lost("score", "Blackboard takes one number and what is near it: further right numbers are not there.")
    if shown.units:
        losses.lost("typing", "No unit can be typed after the number.")
    losses.approximate("typing", "Blackboard reads plain numbers, and nothing like 1/2 or 3·10⁸.")
    return WrittenRow("NUM", [text, decimal_text(bounds.middle), decimal_text(bounds.reach)])


def _pairs(asked: AskedQuestion, field: SingleField) -> list[str]:
    """The cells of rows and targets that belong together; none if they are not pairs, each once."""
    shown, key = field.shown, field.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    targets = {target.id: _field(asked.option(target)) for target in shown.targets}
    rows = [_field(asked.option(row)) for row in shown.rows]
    if sorted(key.right.values()) != sorted(targets) or len(set(targets.values())) < len(rows):
        return []
    _check_count(rows, "pairs")
    return [cell for text, row in zip(rows, shown.rows, strict=True) for cell in (text, targets[key.right[row.id]])]


def _order(asked: AskedQuestion, shown: Ordering, key: OrderingKey, text: str, losses: Losses) -> WrittenRow:
    losses.approximate(
        "score", "Students match each line with its place: each right place earns its share of the points."
    )
    options = {option.id: _field(asked.option(option)) for option in shown.options}
    _check_count(tuple(options), "lines")
    places = {name: str(place) for place, name in enumerate(key.right, start=1)}
    return WrittenRow("MAT", [text, *(cell for name in options for cell in (options[name], places[name]))])


def _blanks(asked: AskedQuestion, shown: InlineGaps, losses: Losses) -> WrittenRow:
    key = asked.key
    assert isinstance(key, InlineGapsKey)
    parts = [asked.asked(), *asked.passage(shown.passage)]
    # A bracket in the text would be taken for a blank.
    html = [
        f"[{part.id}]" if isinstance(part, Gap) else part.replace("[", "&#91;").replace("]", "&#93;") for part in parts
    ]
    cells = [_field("".join(html))]
    for name in shown.gaps:
        own = key.gaps[name]
        assert isinstance(own, TextEntryKey)
        cells += [*([""] if len(cells) > 1 else []), name, *map(_plain, right_texts(own, "Blackboard", losses))]
    if len(shown.gaps) > 1:
        losses.approximate("score", "Blackboard may give points only if all blanks are right; see the question there.")
    return WrittenRow("FIB_PLUS", cells)
