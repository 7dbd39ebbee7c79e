"""What a response here is in a row of a file that only has questions with one field."""

from __future__ import annotations

from typing import Any

import pytest
from export_checks import earned

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.model.interactions import Choice, ComputedNumber, InlineGaps, Matching
from civicquiz.model.questions import KeyedQuestion


def read_response(question: KeyedQuestion, report: ExportedQuestion, response: Any) -> tuple[Any, float] | None:
    """As :func:`earned`; None also for a text with several gaps, or with numbers of its own."""
    if isinstance(only_field(question), (InlineGaps, ComputedNumber)) and report.type == "cloze":
        return None
    return earned(question, report, response)


def only_field(question: KeyedQuestion) -> Any:
    """What students answer with: the only gap of a text, if it has no others."""
    shown = question.interaction()
    return next(iter(shown.gaps.values())) if isinstance(shown, InlineGaps) and len(shown.gaps) == 1 else shown


def chosen_positions(question: KeyedQuestion, given: Any) -> list[int]:
    """The positions of the options that were chosen, counted from 1."""
    shown = only_field(question)
    assert isinstance(shown, Choice)
    places = [option.id for option in shown.options]
    return sorted(places.index(name) + 1 for name in (given.values() if isinstance(given, dict) else given))


def typed(question: KeyedQuestion, given: Any) -> Any:
    """What was typed, or for each row of a match the position of its target."""
    shown = question.interaction()
    if isinstance(shown, ComputedNumber):
        return given["answer"]
    if isinstance(shown, InlineGaps):
        (text,) = given.values()
        return text
    if isinstance(shown, Matching):
        places = [target.id for target in shown.targets]
        return {number: places.index(given[row.id]) for number, row in enumerate(shown.rows) if row.id in given}
    return given


def assert_same(their: float, own: float, given: Any) -> None:
    assert their == pytest.approx(own, abs=1e-5), given
