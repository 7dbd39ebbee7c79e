"""What authors get wrong in the types with more to write, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from material import load_text

from civicquiz.errors import QuizError
from civicquiz.grading import grade_question
from civicquiz.payload import outcome_payload

GAPS = "{one: {type: numeric, answer: 1, tolerance: 0}}"

MISTAKES = [
    ("type: short-text, accept: []", "'accept' must have at least 1 entry"),
    ("type: short-text, accept: ['...'], ignore: [punctuation]", "nothing is left of '...' without punctuation"),
    ("type: short-text, accept: [a, A]", "'A' is the same as 'a' without case, space"),
    ("type: short-text, accept: [{text: a, credit: 0.5}]", "no answer earns all the points"),
    ("type: short-text, accept: [a, {text: b, credit: 0.125}]", "'credit' has more than two decimals (got 0.125)"),
    ("type: short-text, accept: [a, {text: b, credit: 0.001}]", "'credit' must be >= 0.01"),
    ("type: short-text, accept: [a], typos: 3", "'typos' must be <= 2"),
    ("type: match, pairs: [{left: a, right: x}, {left: a, right: y}]", "'a' stands twice"),
    ("type: match, pairs: [{left: a, right: x}, {left: b, right: x}]", "all left sides go with the same right side"),
    ("type: match, pairs: [{left: a, right: C}, {left: b, right: c}]", "'c' can hardly be told from 'C'"),
    ("type: match, pairs: [{left: a, right: x}, {left: b, right: y}], distractors: [x]", "'x' is a right side"),
    (
        "type: categorize, categories: [law, opinion], items: [{text: a, category: lew}, {text: b, category: law}]",
        "unknown category 'lew'",
    ),
    ("type: cloze, text: 'a [[two]]', gaps: " + GAPS, "there is no gap 'two'"),
    ("type: cloze, text: 'a [[one]] [[one]]', gaps: " + GAPS, "the gap 'one' stands twice"),
    ("type: cloze, text: no gap, gaps: " + GAPS, "the gap 'one' does not stand in the text"),
    ("type: cloze, text: 'a [[one', gaps: " + GAPS, "brackets are opened and not closed"),
    (
        "type: cloze, text: 'a [[one]]', gaps: {one: {type: numeric, answer: 1}}",
        "'gaps': 'one': 'tolerance' is missing",
    ),
    (
        "type: cloze, text: 'a [[one]]', gaps: {one: {type: numeric, answr: 1, tolerance: 0}}",
        "'gaps': 'one': unknown key 'answr'",
    ),
    ("type: cloze, text: 'a [[one]]', gaps: {one: {type: order}}", "unknown type 'order'"),
    ("type: select-text, passage: 'one [[+phrase]] only'", "fewer than two phrases can be marked"),
    ("type: select-text, passage: '[[a]] and [[b]]'", "no phrase is right"),
    ("type: select-text, passage: '[[+a]] and [[+b]]'", "every phrase is right"),
    ("type: select-text, passage: '[[+Act]] and [[act]]'", "two phrases are the same"),
    ("type: select-text, passage: '[[+ ]] and [[b]]'", "a phrase is empty"),
    ("type: select-text, passage: '[[+a]] and [[b]] and [[+c'", "brackets are opened and not closed"),
    ("type: select-text, passage: '[[+a]] and [[b]]', feedback: [{text: bb, feedback: x}]", "no phrase reads 'bb'"),
    (
        "type: timeline, events: [{text: a, year: 1}, {text: b, year: 99}], start: 0, end: 9, tolerance: 0, reach: 5",
        "'b': 99 is not on the scale (0 to 9)",
    ),
    (
        "type: timeline, events: [{text: a, year: 1}, {text: b, year: 2}], start: 0, end: 9, tolerance: 5, reach: 5",
        "'reach' must be more than 'tolerance'",
    ),
    (
        "type: timeline, events: [{text: a, year: 1}, {text: b, year: 2}], start: 0, end: 9, tolerance: 0, reach: 50",
        "'reach' is longer than the whole scale",
    ),
    ("type: open-response, points: 3, rubric: [{text: a, points: 1}]", "the points of the rubric add up to 1"),
    ("type: open-response, min_words: 9, max_words: 5", "'max_words' is below 'min_words'"),
]


@pytest.mark.parametrize(("keys", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_mistake_is_told(tmp_path: Any, keys: str, told: str) -> None:
    with pytest.raises(QuizError) as error:
        load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    assert [str(problem) for problem in error.value.problems if told in problem.message], str(error.value)
    assert all(problem.line == 3 for problem in error.value.problems)


def test_rubric_of_tenths_adds_up(tmp_path: Any) -> None:
    rubric = "[{text: a, points: 0.1}, {text: b, points: 0.2}]"
    text = f"title: t\nquestions:\n  - {{id: q, type: open-response, prompt: p, points: 0.3, rubric: {rubric}}}\n"
    assert load_text(tmp_path, text).questions[0].points == 0.3


def test_gaps_count_in_the_order_of_the_text(tmp_path: Any) -> None:
    number = "{type: numeric, answer: 1, tolerance: 0}"
    keys = f"type: cloze, text: '[[b]] and [[a]]', gaps: {{a: {number}, b: {number}}}"
    quiz = load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    assert list(quiz.questions[0].interaction().public()["gaps"]) == ["b", "a"]


def test_a_settled_answer_tells_the_share_of_each_part(tmp_path: Any) -> None:
    events = "[{text: a, year: 100}, {text: b, year: 200}, {text: c, year: 300}]"
    keys = f"type: timeline, events: {events}, start: 0, end: 400, tolerance: 2, reach: 22"
    quiz = load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    question = quiz.questions[0]
    outcome = grade_question(question, {"a": "101", "b": "212"})
    assert "parts" not in outcome_payload(quiz, outcome, settled=False)
    told = outcome_payload(quiz, outcome, settled=True)
    assert told["parts"] == {"a": 1, "b": 0.5, "c": 0}
