"""``order``: a list that is written in the right order and shown in a different one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import compiled, load_text, options, question_of, quiz_of, right_answer

from civicquiz.errors import QuizError, ResponseError
from civicquiz.grading import grade_handed_in, grade_question
from civicquiz.model.learner_copy import learner_copy

AUTHOR = {"id": "sequence", "type": "order", "prompt": "Order?", "items": ["first", "second", "third"]}


def test_written_order_is_the_right_one() -> None:
    question = question_of(AUTHOR | {"points": 3})
    assert right_answer(question) == ["first", "second", "third"]
    assert grade_question(question, ["first", "second", "third"]).score == 3


def test_one_swap_earns_a_part_and_the_reverse_nothing() -> None:
    question = question_of(AUTHOR)
    swapped = grade_question(question, ["second", "first", "third"])
    assert swapped.status == "partly"
    assert swapped.score == pytest.approx(1 / 3, abs=1e-6)
    assert grade_question(question, ["third", "second", "first"]).status == "incorrect"


@given(st.permutations(["first", "second", "third", "fourth", "fifth"]))
def test_first_order_on_screen_does_not_depend_on_the_written_order(items: list[str]) -> None:
    shown = options(question_of(AUTHOR | {"items": items}))
    again = options(question_of(AUTHOR | {"items": sorted(items)}))
    assert shown == again


@pytest.mark.parametrize("response", [["first"], ["first", "second", "second"], ["first", "second", "fourth"], "first"])
def test_incomplete_or_unknown_order_is_an_error_that_names_the_question(response: object) -> None:
    with pytest.raises(ResponseError, match="'sequence'"):
        grade_question(question_of(AUTHOR), response)


def test_entries_may_have_ids_of_their_own() -> None:
    question = question_of(AUTHOR | {"items": [{"text": "first", "id": "a"}, "second"]})
    assert right_answer(question) == ["a", "second"]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("[a]", "at least 2 entries"),
        ("[a, b, c, d, e, f, g, h, i, j, k, l, m]", "at most 12 entries"),
        ("[a, b, a]", "the same text"),
        ("[{text: a, id: x}, {text: b, id: x}]", "duplicate option id 'x'"),
        ("[{text: a, correct: true}, b]", "unknown key 'correct'"),
    ],
)
def test_list_that_cannot_be_ordered_is_refused(tmp_path: Path, items: str, words: str) -> None:
    text = f"title: x\nquestions:\n  - {{id: q, type: order, prompt: x, items: {items}}}\n"
    with pytest.raises(QuizError, match=words):
        load_text(tmp_path, text)


# ---- Lines of code ----

CODE: dict[str, Any] = AUTHOR | {
    "code": "python",
    "lines": "\n  def f(x):\n      if x:\n\t\t  return 1\n      return 1\n      return 1\n",
}
del CODE["items"]


def test_lines_keep_their_indentation_and_their_colors() -> None:
    texts = {option.id: option.text for option in options(question_of(CODE))}
    assert sorted(texts.values()) == sorted(
        f"```python\n{line}\n```"
        for line in ["def f(x):", "    if x:", "        return 1", "    return 1", "    return 1"]
    )
    ((public, _),) = compiled(quiz_of(CODE))
    shown = [option["html"] for option in public["options"]]
    assert '<pre class="civicquiz-code"><code>    <span class="cq-code-keyword">if</span> x:</code></pre>' in shown


def test_equal_lines_are_interchangeable_also_in_a_released_copy() -> None:
    quiz = quiz_of(CODE)
    (question,), (copied,) = quiz.questions, learner_copy(quiz).questions
    right = right_answer(question)
    twice = [name for name in right if name.endswith("-2")]
    assert len(twice) == 1
    exchanged = [{twice[0]: twice[0][:-2], twice[0][:-2]: twice[0]}.get(name, name) for name in right]
    assert exchanged != right
    for response in (right, exchanged):
        assert grade_question(question, response).score == 1
        assert copied.interaction().read(response) == right
        assert grade_handed_in(quiz, {"sequence": response})[0].score == 1


@pytest.mark.parametrize("line", ["``` in a line", "``````", "  `x`", "<script>", "[[a]]", "$x$"])
def test_line_of_any_code_is_shown_as_it_is(line: str) -> None:
    ((public, _),) = compiled(quiz_of(CODE | {"lines": f"{line}\nother", "code": "no-such-language"}))
    escaped = line.replace("<", "&lt;").replace(">", "&gt;")
    assert f'<pre class="civicquiz-code"><code>{escaped}</code></pre>' in [o["html"] for o in public["options"]]


@pytest.mark.parametrize(
    ("lines", "message"), [("one", "must have 2 to 20 lines"), ("a\n" * 21, "must have 2 to 20 lines"), ("", "empty")]
)
def test_number_of_lines_is_limited(tmp_path: Path, lines: str, message: str) -> None:
    text = f"title: T\nquestions: [{{id: a, type: order, prompt: x, lines: {json.dumps(lines)}}}]\n"
    with pytest.raises(QuizError, match=message):
        load_text(tmp_path, text)


def test_order_of_nothing_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(QuizError, match="'items' is missing"):
        load_text(tmp_path, "title: T\nquestions: [{id: a, type: order, prompt: x}]\n")
