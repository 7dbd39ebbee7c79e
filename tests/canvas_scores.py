"""Whether a response scores in Canvas, by the reading in ``canvas_bank``, as it does here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from canvas_bank import CanvasQuiz, Entry
from export_checks import earned, number_set, on_an_edge

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Matching,
    NumberField,
    Ordering,
    Scale,
    TextEntry,
)
from civicquiz.model.questions import KeyedQuestion

#: What an item earns: the item, what was answered there, and which of its sets of numbers counts.
Share = Callable[[Entry, Any, int], float]


def own_items(quiz: CanvasQuiz, report: ExportedQuestion, question: KeyedQuestion, response: Any) -> list[Entry]:
    """The items that a student gets whose numbers are those of ``response``."""
    items = [quiz.entry(ident) for ident in report.target_ids]
    sets = len(question.number_sets())
    if sets < 2 or items[0].type == "calculated_question":
        return items
    assert len(items) % sets == 0
    return items[number_set(question, response) :: sets]


def _chosen(entry: Entry, options: Sequence[Any], response: Sequence[str], field: Any = None) -> list[str]:
    """The idents of what was chosen, which is in the same order there."""
    idents = list(entry.labels(field))
    assert len(idents) == len(options)
    places = [option.id for option in options]
    return [idents[places.index(name)] for name in response]


def answers_there(question: KeyedQuestion, items: list[Entry], response: Any) -> list[Any]:
    """What a student would do in Canvas, in each of the items, who gave ``response`` here; None for nothing."""
    shown, first = question.interaction(), items[0]
    match shown:
        case Choice():
            return [_chosen(first, shown.options, response)]
        case ComputedNumber():
            return [response["answer"]]
        case NumberField():
            return [response]
        case TextEntry():
            if first.type == "fill_in_multiple_blanks_question":
                return [dict.fromkeys(first.blanks(), response)]
            return [response]
        case Scale(events=events):
            return [response.get(event.id) for event in events]
        case InlineGaps(gaps=gaps) if first.type in (
            "fill_in_multiple_blanks_question",
            "multiple_dropdowns_question",
        ):
            blanks = dict(zip(gaps, first.blanks().items(), strict=True))
            return [
                {
                    called: _chosen(first, gap.options, [response[name]], field)[0]
                    if isinstance(gap, Choice)
                    else response[name]
                    for name, gap in gaps.items()
                    if name in response
                    for called, field in [blanks[name]]
                }
            ]
        case InlineGaps(gaps=gaps):
            return [
                None
                if name not in response
                else _chosen(item, gap.options, [response[name]])
                if isinstance(gap, Choice)
                else response[name]
                for (name, gap), item in zip(gaps.items(), items, strict=True)
            ]
        case Ordering() if first.type == "ordering_question":
            return [_chosen(first, shown.options, response)]
        case Ordering():
            places = {text: ident for ident, text in first.labels().items()}
            return [[places[str(response.index(option.id) + 1)] for option in shown.options]]
        case Matching() if first.type == "categorization_question":
            idents = dict(zip((row.id for row in shown.rows), first.labels(), strict=True))
            return [[[idents[row] for row, to in response.items() if to == target.id] for target in shown.targets]]
        case Matching():
            return [
                [
                    _chosen(first, shown.targets, [response[row.id]])[0] if row.id in response else None
                    for row in shown.rows
                ]
            ]
    raise AssertionError(shown)


def share_there(question: KeyedQuestion, items: list[Entry], response: Any, share: Share) -> float:
    """The share of the points of a question that a response earns."""
    given = answers_there(question, items, response)
    position = number_set(question, response)
    earned = [
        0.0 if answer is None else share(item, answer, position) * item.points
        for item, answer in zip(items, given, strict=True)
    ]
    return math.fsum(earned) / math.fsum(item.points for item in items)


def compare(question: KeyedQuestion, quiz: CanvasQuiz, report: ExportedQuestion, response: Any, share: Share) -> bool:
    """Check that a response earns the same share in both, if the report says so; whether that was compared."""
    found = earned(question, report, response)
    if found is None or on_an_edge(question, found[0]):
        return False
    given, own = found
    their = share_there(question, own_items(quiz, report, question, given), given, share)
    assert their == pytest.approx(own, abs=1e-5), given
    return True
