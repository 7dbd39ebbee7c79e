"""Whether a response scores in Moodle, by the reading in ``moodle_bank``, as it does here."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from material import responses_to
from moodle_bank import BankQuestion

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.grading import grade_question
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Matching,
    NumberField,
    Ordering,
    Scale,
    ShapeError,
    TextEntry,
    parse_number,
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


def number_set(question: KeyedQuestion, response: Any) -> int:
    """Which of its sets of numbers a response belongs to, counted from 0."""
    variants = question.interaction().variants
    if isinstance(response, dict):
        return next((n for n, one in enumerate(variants) if one.items() <= response.items()), 0)
    return 0


def on_an_edge(question: KeyedQuestion, response: Any) -> bool:
    """Whether a number is so near the end of what is right that Moodle, which computes it, takes it for the end."""
    key = question.key()
    assert key is not None
    ends = [end for one in key.accepted_for(response) if not isinstance(one.answer, str) for end in one.answer]
    typed = response.values() if isinstance(response, dict) else [response] if isinstance(response, str) else ()
    numbers = [number for text in typed if (number := parse_number(text)) is not None]
    return any(0 < abs(number - end) <= 1e-12 * max(1, abs(end)) for number in numbers for end in ends)


def compare(question: KeyedQuestion, bank: list[BankQuestion], report: ExportedQuestion, response: Any) -> bool:
    """Check that a response earns the same share in both, if the report says so; whether that was compared."""
    if question.key() is None or report.fidelity("score") != "exact":
        return False
    try:
        given = question.interaction().read(response)
    except ShapeError:
        return False
    if given is None or on_an_edge(question, given):
        return False
    own = grade_question(question, response).score / question.points
    position = number_set(question, given)
    there = bank[position] if len(bank) > 1 else bank[0]
    their = there.share(moodle_response(question, there, given), position)
    assert their == pytest.approx(own, abs=1e-5), (given, there.text())
    return True


def exact_texts(author: Any) -> Any:
    """The question with texts that are compared in the same way: one word each, no typing errors forgiven."""
    if isinstance(author, dict):
        author = {name: exact_texts(value) for name, value in author.items()}
        if author.get("type") == "short-text":
            words = iter(("Paris", "Élysée", "Rome", "a1", "b", "c"))
            author["accept"] = [
                {**(one if isinstance(one, dict) else {}), "text": next(words)} for one in author["accept"]
            ]
            author["ignore"] = ["space", *(["case"] if "case" in author["ignore"] else [])]
            author |= {"typos": 0, "mistakes": [{"text": "wrong", "feedback": "No."}]}
    return author


def well_formed(question: KeyedQuestion) -> st.SearchStrategy[Any]:
    key = question.key()
    shown = question.interaction()
    if isinstance(shown, TextEntry):
        return st.sampled_from(["Paris", "paris", "ÉLYSÉE", "Élysée", " Paris ", "élysee", "nothing", "a*", "Pa"])
    if isinstance(shown, Scale):
        years = st.integers(1650, 1850).map(str)
        return st.fixed_dictionaries({}, optional={event.id: years for event in shown.events})
    return responses_to(question) if key else st.just(None)
