"""Running texts: what is in brackets, and Markdown of every kind around it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from material import question_of, quiz_of

from civicquiz.authoring import markdown
from civicquiz.frontend.outline import outline_html
from civicquiz.frontend.payload import public_payload
from civicquiz.grading import grade_question
from civicquiz.model.interactions import InlineGaps
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.questions.passage import are_in_code, bracketed, passage_problems, split

CODE = """\
```python
m = [[1, 2], [3, 4]]
print(m[[[row]]][0])
```
"""

texts = st.lists(
    st.sampled_from(
        ["[[", "]]", "[", "]", "a", "b", " ", "`", "\n", "```\n", "| ", "$", "*", "(x)", "[[a]]", "[[b]]", "\n\n"]
    ),
    max_size=25,
).map("".join)


def gap(**changes: Any) -> dict[str, Any]:
    return {"type": "numeric", "answer": 0, "tolerance": 0, **changes}


def cloze(text: str, *names: str) -> Any:
    return question_of({"id": "q1", "type": "cloze", "prompt": "x", "text": text, "gaps": dict.fromkeys(names, gap())})


def shown(question: Any) -> list[dict[str, str]]:
    quiz = quiz_of({**question, "id": "q1", "prompt": "x"})
    passage = public_payload(quiz)["questions"][0]["passage"]
    assert isinstance(passage, list)
    return passage


def joined(passage: list[dict[str, str]]) -> str:
    """A running text as a browser puts it together, with a sign where a control is."""
    return "".join(part.get("html") or f"<{part.get('gap') or part.get('option')}>" for part in passage)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("a [[x]] b [[y]]", ["x", "y"], ["x", "y"]),
        ("[[ x ]]", ["x"], ["x"]),
        ("a [[x]] b [[z]]", ["x"], ["x", "z"]),
        ("`a[[x]]`, `m[[1,2],[3,4]]`", ["x"], ["x"]),
        (CODE, ["row"], ["row"]),
        ("    m = [[1, 2]]\n    n[[[x]]]", ["x"], ["x"]),
        ("[[x]] `b[c[0]]`", ["x"], ["x"]),
    ],
)
def test_in_code_only_names_of_gaps_are_gaps(text: str, names: list[str], found: list[str]) -> None:
    assert bracketed(text, names) == found
    assert "brackets are opened" not in str(passage_problems(text, names))


@example("[[a]]`[[b]]", ("a",))
@example("`[[a]]` ]]", None)
@given(texts, st.sampled_from([None, ("a",), ("a", "b")]))
def test_parts_of_a_text_are_the_text(text: str, names: tuple[str, ...] | None) -> None:
    parts = split(text, lambda words: (words,), names)
    words = [part[0] for part in parts if isinstance(part, tuple)]
    assert words == bracketed(text, names)
    again = "".join(part if isinstance(part, str) else f"[[{part[0]}]]" for part in parts)
    assert re.sub(r"\s", "", again) == re.sub(r"\s", "", text)
    assert len(are_in_code(text)) == len(bracketed(text))


@given(st.lists(texts, min_size=1, max_size=4))
def test_html_has_as_many_pieces_as_the_text(pieces: list[str]) -> None:
    html = markdown.passage(pieces)
    assert len(html) == len(pieces)
    assert "cqslot" not in "".join(html)
    if not markdown.misplaced(pieces):
        assert markdown.in_code(pieces) == {
            number
            for number in range(len(pieces) - 1)
            if "".join(html[: number + 1]).count("<code>") > "".join(html[: number + 1]).count("</code>")
        }


@pytest.mark.parametrize(
    "text",
    [
        "$x^{[[a]]}$",
        "$$[[a]]$$",
        "{math}`[[a]]`",
        "[see [[a]]](https://x.org)",
        "[x](https://x.org/[[a]])",
        "![[[a]]](a.png)",
        '![a](a.png "[[a]]")',
    ],
)
def test_formulas_links_and_images_have_no_gaps(text: str) -> None:
    for names in (["a"], None):
        (problem,) = passage_problems(text, names)
        assert problem.message.startswith("'[[a]]' is in a formula")


@pytest.mark.parametrize("word", ["cqslot", "cqslotaz", "CQSLOT", "cqslotq"])
def test_no_word_of_a_text_is_taken_for_a_gap(word: str) -> None:
    assert "".join(markdown.passage([f"{word} ", f" {word}"])).count(word) == 2


def test_markup_goes_on_behind_a_gap() -> None:
    question = {"type": "cloze", "text": "**a [[x]] b**, 2 [[y]] 3\n\n- [[z]]", "gaps": dict.fromkeys("xyz", gap())}
    html = joined(shown(question))
    assert html == "<p><strong>a <x> b</strong>, 2 <y> 3</p>\n<ul>\n<li><z></li>\n</ul>"


def test_gaps_are_in_cells_of_tables_and_in_colored_code() -> None:
    table = "| a | b |\n| --- | --- |\n| [[x]] | 2 |\n"
    html = joined(shown({"type": "cloze", "text": f"{table}\n{CODE}", "gaps": {"x": gap(), "row": gap()}}))
    assert "<td><x></td>" in html
    assert '<span class="cq-code-number">4</span>]]' in html
    assert "print(m[<row>][" in html


def test_phrases_in_code_are_code_and_others_are_not() -> None:
    passage = "Is *[[+this]]* in `a[[[__x__]]]`?"
    question = {"type": "select-text", "passage": passage}
    (asked,) = public_payload(quiz_of({**question, "id": "q1", "prompt": "x"}))["questions"]
    assert [option["html"] for option in asked["options"]] == ["this", "<code>__x__</code>"]
    assert joined(asked["passage"]) == "Is <em><this></em> in <code>a[<x-a917>]</code>?"


def test_one_line_with_gaps_stays_a_line() -> None:
    assert joined(shown({"type": "cloze", "text": "1798. [[x]]", "gaps": {"x": gap()}})) == "1798. <x>"


def test_gap_in_code_is_graded_also_in_a_copy() -> None:
    quiz = quiz_of({"id": "q1", "type": "cloze", "prompt": "x", "text": CODE, "gaps": {"row": gap()}})
    assert grade_question(quiz.keyed_questions["q1"], {"row": "0"}).status == "correct"
    copied = learner_copy(quiz).questions[0].interaction()
    assert isinstance(copied, InlineGaps)
    assert list(copied.gaps) == ["gap-1"]
    assert outline_html(quiz).count("______") == 1
