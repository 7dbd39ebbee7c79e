"""Mistakes that authors make in the more complex types, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from material import load_text

from civicquiz.errors import QuizError
from civicquiz.frontend.payload import outcome_payload
from civicquiz.grading import grade_question

GAPS = "{one: {type: numeric, answer: 1, tolerance: 0}}"

#: The text after the variable ``b`` in a question that has only one mistake.
REST = "answer: b / 2, decimals: 1, tolerance: 0"
ONE = "variables: {b: {values: [2]}}, decimals: 1, tolerance: 0"

CALCULATED = [
    ("variables: {}, " + REST, "'variables' is missing"),
    ("variables: {b: {}}, " + REST, "'b': there are no numbers"),
    ("variables: {b: {from: 1}}, " + REST, "'b': 'to' is missing"),
    ("variables: {b: {to: 1}}, " + REST, "'b': 'from' is missing"),
    ("variables: {b: {form: 1, to: 2}}, " + REST, "'b': unknown key 'form'"),
    ("variables: {b: {from: one, to: 2}}, " + REST, "'b': 'from' must be a number (got 'one')"),
    ("variables: {b: {from: 9, to: 1}}, " + REST, "'from' must not be above 'to' (1)"),
    ("variables: {b: {from: 1, to: 9, step: 0}}, " + REST, "'step' must be > 0 (got 0)"),
    ("variables: {b: {from: 1, to: 9, step: -1}}, " + REST, "'step' must be > 0 (got -1)"),
    ("variables: {b: {from: 0, to: 1, step: 0.00001}}, " + REST, "there must be at most 100,000 numbers (got 100,001"),
    ("variables: {b: {values: [1], to: 9}}, " + REST, "'values' cannot be combined with 'from', 'to' or 'step'"),
    ("variables: {b: {values: [1], step: 2}}, " + REST, "'values' cannot be combined with 'from', 'to' or 'step'"),
    ("variables: {b: {values: []}}, " + REST, "'values' must have at least 1 entry"),
    ("variables: {b: {values: [1, 2, 1.0]}}, " + REST, "'values' entry 3: 1 appears twice"),
    ("variables: {b: {values: [1]}, answer: {values: [1]}}, " + REST, "'answer' already means something else"),
    ("variables: {b: {values: [1]}, round: {values: [1]}}, " + REST, "'round' already means something else"),
    ("variables: {b: {values: [1]}, if: {values: [1]}}, " + REST, "'if' already means something else"),
    ("variables: {b: {values: [1]}, 2nd: {values: [1]}}, " + REST, "'2nd' cannot be the name of a variable"),
    ("variables: {b: {values: [1]}, a-c: {values: [1]}}, " + REST, "'a-c' cannot be the name of a variable"),
    ("variables: {b: {values: [1]}, c: {values: [1]}}, " + REST, "'c' is used neither in a text nor in the answer"),
    ("hint: 'of {cases}', variables: {b: {values: [1]}}, " + REST, "there is no variable 'cases'"),
    ("explanation: '{answer}', variables: {b: {values: [1]}}, " + REST, "there is no variable 'answer'"),
    (ONE, "'answer' is missing"),
    ("answer: '', " + ONE, "'answer' must not be empty"),
    ("answer: 'b /', " + ONE, "this is not a valid calculation (got 'b /')"),
    ("answer: 'b > 2', " + ONE, "this is more than a calculation with numbers (got 'b > 2')"),
    ("answer: 'b / bb', " + ONE, "there is no variable 'bb'"),
    ("answer: 'flor(b)', " + ONE, "there is no function 'flor'"),
    ("answer: 'sqrt(b, b)', " + ONE, "a function cannot work with these values"),
    ("answer: 'b * min', " + ONE, "a function cannot work with these values"),
    ("answer: 'round', " + ONE, "the result is not a number"),
    ("answer: '9 ** 9 ** 9 * b', " + ONE, "a number becomes larger than 1e60"),
    ("answer: 'b * 1e30', " + ONE, "the result is larger than 1e30"),
    ("answer: 'sqrt(-b)', " + ONE, "a root or a logarithm of a negative number, 0 ** 0, or the like"),
    (f"answer: {'b' * 201}, " + ONE, "a calculation must have at most 200 characters (got 201)"),
    ("variables: {b: {values: [0]}}, answer: 1 / b, decimals: 1, tolerance: 0", "for b=0: division by zero"),
    ("variables: {b: {values: [1]}}, answer: b, tolerance: 0", "'decimals' is missing"),
    ("variables: {b: {values: [1]}}, answer: b, decimals: 7, tolerance: 0", "'decimals' must be <= 6"),
    ("variables: {b: {values: [1]}}, answer: b, decimals: 1", "'tolerance' is missing"),
    ("variables: {b: {values: [1]}}, answer: b, decimals: 1, tolerance: 2 percent", "'tolerance' must be a number"),
    (
        "variables: {b: {values: [1]}}, answer: b, decimals: 1, tolerance: -2%",
        "'tolerance' must be a number (got '-2%')",
    ),
    ("variables: {b: {values: [1]}}, variants: 51, " + REST, "'variants' must be <= 50"),
    ("variables: {b: {values: [1]}}, seed: -1, " + REST, "'seed' must be >= 0"),
]

LEVELS = [
    (
        "holistic_rubric: [{points: 3, text: a}, {points: 0, text: b}]",
        "the best level has 3 points",
    ),
    ("holistic_rubric: [{points: 2, text: a}, {points: 2, text: b}, {points: 0, text: c}]", "before it has 2 (got 2)"),
    ("holistic_rubric: [{points: 2, text: a}]", "the last level has to be 0 points (got 2)"),
    (
        "rubric: [{points: 2, text: a}], holistic_rubric: [{points: 2, text: a}, {points: 0, text: b}]",
        "combined with",
    ),
]

MISTAKES = [
    ("type: short-text, accept: []", "'accept' must have at least 1 entry"),
    ("type: short-text, accept: ['...'], ignore: [punctuation]", "nothing is left of '...' after ignoring punctuation"),
    ("type: short-text, accept: [a, A]", "'A' is the same as 'a' after ignoring case, space"),
    ("type: short-text, accept: [{text: a, credit: 0.5}]", "no answer earns all the points"),
    ("type: short-text, accept: [a, {text: b, credit: 0.125}]", "'credit' has more than two decimals (got 0.125)"),
    ("type: short-text, accept: [a, {text: b, credit: 0.001}]", "'credit' must be >= 0.01"),
    ("type: short-text, accept: [a], typos: 3", "'typos' must be <= 2"),
    ("type: match, pairs: [{left: a, right: x}, {left: a, right: y}]", "'a' appears twice"),
    ("type: match, pairs: [{left: a, right: x}, {left: b, right: x}]", "all left sides have the same right side"),
    ("type: match, pairs: [{left: a, right: C}, {left: b, right: c}]", "'c' looks almost the same as 'C'"),
    ("type: match, pairs: [{left: a, right: x}, {left: b, right: y}], distractors: [x]", "'x' is also a right side"),
    (
        "type: categorize, categories: [law, opinion], items: [{text: a, category: lew}, {text: b, category: law}]",
        "unknown category 'lew'",
    ),
    ("type: cloze, text: 'a [[two]]', gaps: " + GAPS, "there is no gap 'two'"),
    ("type: cloze, text: 'a [[one]] [[one]]', gaps: " + GAPS, "the gap 'one' appears twice"),
    ("type: cloze, text: no gap, gaps: " + GAPS, "the gap 'one' is not in the text"),
    ("type: cloze, text: 'a [[one', gaps: " + GAPS, "brackets are opened and not closed"),
    ("type: cloze, text: '$x^{[[one]]}$', gaps: " + GAPS, "'[[one]]' is in a formula"),
    ("type: cloze, text: '[see [[one]]](https://example.org)', gaps: " + GAPS, "'[[one]]' is in a formula, a link"),
    ("type: cloze, text: '`x[[one]]` [[two]]', gaps: " + GAPS, "there is no gap 'two'"),
    ("type: cloze, text: '`[[two]]`', gaps: " + GAPS, "the gap 'one' is not in the text"),
    (
        "type: cloze, text: 'a [[one]]', gaps: {one: {type: numeric, answer: 1}}",
        "'gaps': 'one': 'tolerance' is missing",
    ),
    (
        "type: cloze, text: 'a [[one]]', gaps: {one: {type: numeric, answr: 1, tolerance: 0}}",
        "'gaps': 'one': unknown key 'answr'",
    ),
    ("type: cloze, text: 'a [[one]]', gaps: {one: {type: order}}", "unknown type 'order'"),
    ("type: select-text, passage: 'one [[+phrase]] only'", "fewer than two phrases can be selected"),
    ("type: select-text, passage: '[[a]] and [[b]]'", "no phrase is right"),
    ("type: select-text, passage: '[[+a]] and [[+b]]'", "every phrase is right"),
    ("type: select-text, passage: '[[+Act]] and [[act]]'", "two phrases are the same"),
    ("type: select-text, passage: '$[[+a]]$ and [[b]]'", "'[[+a]]' is in a formula"),
    ('type: select-text, passage: "```\\n[[+a\\nb]]\\n[[c]]\\n```"', "in code, 'a b' is more than one line"),
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
    *((f"type: calculated, {keys}", message) for keys, message in CALCULATED),
    ("type: open-response, points: 3, rubric: [{text: a, points: 1}]", "the points of the rubric add up to 1"),
    (
        "type: open-response, holistic_rubric: [{points: 2, text: a}, {points: 0, text: b}]",
        "the best level has 2 points",
    ),
    *((f"type: open-response, points: 2, {keys}", message) for keys, message in LEVELS),
    ("type: open-response, min_words: 9, max_words: 5", "'max_words' must not be below 'min_words'"),
]


@pytest.mark.parametrize(("keys", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_mistake_is_reported(tmp_path: Any, keys: str, message: str) -> None:
    with pytest.raises(QuizError) as error:
        load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    assert [str(problem) for problem in error.value.problems if message in problem.message], str(error.value)
    assert all(problem.line == 3 for problem in error.value.problems)


def test_rubric_of_tenths_adds_up(tmp_path: Any) -> None:
    rubric = "[{text: a, points: 0.1}, {text: b, points: 0.2}]"
    text = f"title: t\nquestions:\n  - {{id: q, type: open-response, prompt: p, points: 0.3, rubric: {rubric}}}\n"
    assert load_text(tmp_path, text).questions[0].points == 0.3


def test_gaps_count_in_the_order_of_the_text(tmp_path: Any) -> None:
    number = "{type: numeric, answer: 1, tolerance: 0}"
    keys = f"type: cloze, text: '[[b]] and [[a]]', gaps: {{a: {number}, b: {number}}}"
    quiz = load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    assert list(quiz.questions[0].interaction().gaps) == ["b", "a"]


def test_a_settled_answer_shows_the_share_of_each_part(tmp_path: Any) -> None:
    events = "[{text: a, year: 100}, {text: b, year: 200}, {text: c, year: 300}]"
    keys = f"type: timeline, events: {events}, start: 0, end: 400, tolerance: 2, reach: 22"
    quiz = load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
    question = quiz.questions[0]
    outcome = grade_question(question, {"a": "101", "b": "212"})
    assert "parts" not in outcome_payload(quiz, outcome, settled=False)
    payload = outcome_payload(quiz, outcome, settled=True)
    assert payload["parts"] == {"a": 1, "b": 0.5, "c": 0}


def test_accepted_text_that_nobody_can_type_is_a_mistake(tmp_path: Any) -> None:
    keys = f"type: short-text, accept: [{'a' * 201}]"
    with pytest.raises(QuizError, match="has 201 characters, but learners can type only 200"):
        load_text(tmp_path, f"title: t\nquestions:\n  - {{id: q, prompt: p, {keys}}}\n")
