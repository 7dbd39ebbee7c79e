"""What a response here is in a row of a file that only has questions with one field."""

from __future__ import annotations

from typing import Any

import pytest

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.grading import grade_question
from civicquiz.model.interactions import Choice, ComputedNumber, InlineGaps, Matching, ShapeError
from civicquiz.model.questions import KeyedQuestion


def read_response(question: KeyedQuestion, report: ExportedQuestion, response: Any) -> tuple[Any, float] | None:
    """A response as it is read, and the share of the points that it earns; None if it is none, or if the report does
    not say that the score is the same."""
    if question.key() is None or report.fidelity("score") != "exact":
        return None
    if isinstance(only_field(question), (InlineGaps, ComputedNumber)) and report.type == "cloze":
        return None
    try:
        given = question.interaction().read(response)
    except ShapeError:
        return None
    return None if given is None else (given, grade_question(question, response).score / question.points)


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


def row_of(question: KeyedQuestion, given: Any) -> int:
    """Which row a response belongs to, counted from 0, if there is one for each set of numbers."""
    variants = question.interaction().variants
    if isinstance(given, dict):
        return next((n for n, one in enumerate(variants) if one.items() <= given.items()), 0)
    return 0


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
