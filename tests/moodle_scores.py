"""Whether a response scores in Moodle, by the reading in ``moodle_bank``, as it does here."""

from __future__ import annotations

from typing import Any

import pytest
from export_checks import earned, number_set, on_an_edge
from moodle_bank import BankQuestion

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


def moodle_response(question: KeyedQuestion, there: BankQuestion, response: Any) -> Any:
    """What a student would do in Moodle who gave ``response`` here, which was read."""
    shown, key = question.interaction(), question.key()
    match shown:
        case Choice() if there.type == "truefalse":
            return response[0]
        case Choice():
            places = [option.id for option in shown.options]
            chosen = [places.index(name) for name in response]
            return [chosen] if there.type == "multianswer" else chosen
        case ComputedNumber():
            return response["answer"]
        case NumberField():
            return response
        case TextEntry():
            return [response] if there.type == "multianswer" else response
        case InlineGaps(gaps=gaps):
            return [_gap(gap, response.get(name)) for name, gap in gaps.items()]
        case Scale(events=events):
            return [response.get(event.id) for event in events]
        case Ordering():
            assert key is not None
            return [key.answer.index(name) for name in response]
        case Matching(rows=rows, targets=targets):
            assert key is not None
            used = [key.answer[row.id] for row in rows]
            rights = [*used, *(target.id for target in targets if target.id not in used)]
            texts = dict(zip(rights, (right for _, right in there.rows), strict=True))
            assert len(set(texts.values())) == len(targets)
            return [texts[response[row.id]] if row.id in response else None for row in rows]
    raise AssertionError(shown)


def _gap(gap: Any, response: str | None) -> Any:
    if response is None:
        return None
    return [[option.id for option in gap.options].index(response)] if isinstance(gap, Choice) else response


def compare(question: KeyedQuestion, bank: list[BankQuestion], report: ExportedQuestion, response: Any) -> bool:
    """Check that a response earns the same share in both, if the report says so; whether that was compared."""
    found = earned(question, report, response)
    if found is None or on_an_edge(question, found[0]):
        return False
    given, own = found
    position = number_set(question, given)
    there = bank[position] if len(bank) > 1 else bank[0]
    their = there.share(moodle_response(question, there, given), position)
    assert their == pytest.approx(own, abs=1e-5), (given, there.text())
    return True
