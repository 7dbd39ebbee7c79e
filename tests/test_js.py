"""The second grader, in ``static/quiz.js``: the same outcomes as the first, in Node.js."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from material import compiled, node, questions, quiz_of, responses_to, typed_numbers

from civicquiz.claims import Seeds
from civicquiz.errors import ResponseError
from civicquiz.grading import grade_question
from civicquiz.interactions import parse_number
from civicquiz.payload import outcome_payload

JS = Path(__file__).parent / "js"

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def node_path() -> str:
    found = node()
    if found is None and os.environ.get("CI"):
        pytest.fail("Node.js is missing: install the extra 'test'")
    if found is None:
        pytest.skip("needs Node.js: install the extra 'test', or put node on the path")
    return found


@pytest.fixture(scope="module")
def ask(node_path: str) -> Iterator[Ask]:
    """One Node.js process for all questions of this module."""
    process = subprocess.Popen(
        [node_path, str(JS / "grader.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(**request: Any) -> dict[str, Any]:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "the grader in Node.js died"
        answer: dict[str, Any] = json.loads(line, parse_int=float)  # JavaScript has one sort of number
        return answer

    yield ask
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


def test_node_runs_the_table_and_the_tests_in_javascript(node_path: str) -> None:
    files = sorted(str(file) for file in JS.glob("*.test.js"))
    assert files
    done = subprocess.run([node_path, "--test", *files], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def _python(author: dict[str, Any], response: Any, reveal: bool) -> dict[str, Any]:
    question = quiz_of(author).questions[0]
    try:
        outcome = grade_question(question, response)
    except ResponseError:
        return {"error": True}
    if outcome.status == "unanswered":
        return {"outcome": None}
    told = outcome_payload(question, outcome, Seeds(), settled=reveal or outcome.status in ("correct", "needs-review"))
    return {"outcome": json.loads(json.dumps(told))}


def _same(ask: Ask, author: dict[str, Any], response: Any, reveal: bool) -> None:
    ((question, key),) = compiled(quiz_of(author))
    answer = ask(question=question, key=key, response=response, reveal=reveal)
    assert "crash" not in answer, answer
    if "error" in answer:
        answer = {"error": True}
    assert answer == _python(author, response, reveal)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_both_graders_agree_on_any_question_and_any_response(ask: Ask, data: st.DataObject) -> None:
    author = data.draw(questions())
    response = data.draw(responses_to(quiz_of(author).questions[0]))
    _same(ask, author, response, data.draw(st.booleans()))


@pytest.mark.parametrize("option", ["constructor", "toString", "valueOf", "hasOwnProperty"])
@pytest.mark.parametrize("right", [True, False])
def test_both_graders_agree_on_ids_that_every_javascript_object_has(ask: Ask, option: str, right: bool) -> None:
    options = [{"text": "a", "id": option, "correct": right}, {"text": "b", "correct": not right, "feedback": "No."}]
    author = {"id": "constructor", "type": "single-choice", "prompt": "x", "options": options}
    _same(ask, author, [option], False)


@pytest.mark.parametrize(
    "response",
    [
        "\ufeff",
        "\u0085",
        "\x1c",
        "\x0b",
        "\x0c",
        "\r",
        "\u3000",
        "\u2028",
        "\u00a0",
        "14\ufeff",
        "14\u0085",
        "\r14",
        "\u200b",
    ],
)
def test_both_graders_agree_on_odd_blanks_in_a_number_field(ask: Ask, response: str) -> None:
    _same(ask, {"id": "a", "type": "numeric", "prompt": "x", "answer": 14, "tolerance": 0}, response, False)


HAND_PICKED = [
    "14",
    " 14",
    "1,000",
    "10,00",
    "1,0000",
    "1,000,000.5",
    ".5",
    "-.5",
    "5.",
    "1e3",
    "1E+3",
    "1e-3",
    "1e400",
]
HAND_PICKED += ["1e308", "4.9e-324", "1e-400", "−5", "–5", "٣", "1_000", "0x10", "Infinity", "NaN", "", "-", "+.", "e5"]
HAND_PICKED += ["0" * 40, "0" * 41, "1" * 40, "9007199254740993", "0.1", "123456789.123456789", "1\n2", "1\r2", "1 2 3"]


@pytest.mark.parametrize("text", HAND_PICKED)
def test_both_read_the_same_number_from_hand_picked_text(ask: Ask, text: str) -> None:
    assert ask(text=text)["number"] == parse_number(text)


@settings(max_examples=300)
@given(text=typed_numbers)
@example(text="-0")
def test_both_read_the_same_number_from_any_text(ask: Ask, text: str) -> None:
    assert ask(text=text)["number"] == parse_number(text)


@settings(max_examples=200)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_both_read_any_float_that_python_writes(ask: Ask, number: float) -> None:
    assert ask(text=repr(number))["number"] == parse_number(repr(number)) == number
