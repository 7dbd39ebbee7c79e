"""The layout of YAML: it is the same for everybody, and neither a value nor a comment is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from material import ROOT

from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ENTRIES,
    WrittenFloat,
    WrittenInt,
    parse,
    read_text,
)
from civicquiz.errors import QuizError

FILES = sorted(
    path
    for folder in ("examples", "quizzes", "seeds", "tests/golden")
    for path in (ROOT / folder).rglob("*.yml")
    if path.is_file()
)


def _value(text: str) -> Any:
    """The values of a text, numbers as they are written."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return (type(value).__name__, value.written) if isinstance(value, (WrittenInt, WrittenFloat)) else value

    return plain(parse(text).value)


# ---- What it looks like ----

UNTIDY = """\
---
# yaml-language-server: $schema=quiz.schema.json


language:   en
title:    "A quiz"
questions:
# about the first
- type: single-choice     # a choice
  id: one
  prompt: 'Is it "one"?'
  options:
         - text:   One
           correct: true
         # - Two
         - "three: 3"
  explanation:
    >-
        Some words
        and more.

          An indented line.



- prompt: "It's"
  type: true-false
  answer:   true
  id: two
  tags: [a,
         b]   # tags
  # after the second
...
"""

TIDY = """\
# yaml-language-server: $schema=quiz.schema.json

language: en
title: A quiz
questions:
  # about the first
  - type: single-choice # a choice
    id: one
    prompt: Is it "one"?
    options:
      - text: One
        correct: true
      # - Two
      - "three: 3"
    explanation: >-
      Some words
      and more.

        An indented line.

  - prompt: It's
    type: true-false
    answer: true
    id: two
    tags: [a,
           b] # tags
    # after the second
"""


def test_file_is_laid_out_as_the_docs_are() -> None:
    assert laid_out(UNTIDY) == TIDY


def test_keys_come_in_the_order_of_the_docs_where_no_comment_is_among_them() -> None:
    first = "  - prompt: x\n    type: b\n    id: a\n    hint: z\n"
    text = f"questions:\n  - {{type: a}}\n{first}  - type: c\n    # c\n    id: d\n"
    first = "\n  - id: a\n    type: b\n    prompt: x\n    hint: z\n"
    assert laid_out(text) == f"questions:\n  - {{type: a}}\n{first}\n  - type: c\n    # c\n    id: d\n"
    assert laid_out(text.replace("    # c\n", "") + "lesson: b\ntitle: a\n") == (
        f"title: a\nlesson: b\nquestions:\n  - {{type: a}}\n{first}\n  - id: d\n    type: c\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"plain"', "plain"),
        ("'It''s plain'", "It's plain"),
        ("plain", "plain"),
        ("'1798'", '"1798"'),
        ("'yes'", '"yes"'),
        ("'n'", '"n"'),
        ("'a: b'", '"a: b"'),
        ("'a #b'", '"a #b"'),
        ('"a \\"b\\""', 'a "b"'),
        ('"\\"a\\" b"', "'\"a\" b'"),
        ("'$\\frac{a}{b}$'", "'$\\frac{a}{b}$'"),
        ('"a\\u00a0b"', '"a\\u00a0b"'),
        ('"a\\nb"', '"a\\nb"'),
        ("''", "''"),
        ("'1798-07-06'", '"1798-07-06"'),
        ("' a'", '" a"'),
    ],
)
def test_quotation_marks_are_there_only_if_a_program_needs_them(before: str, after: str) -> None:
    assert laid_out(f"key: {before}\n") == f"key: {after}\n"


def test_there_is_one_blank_line_between_questions_above_the_comments_on_the_next() -> None:
    text = "questions:\n\n- id: a\n# b\n# c\n- id: d\n\n\n# e\n\n- id: f\n"
    assert laid_out(text) == "questions:\n  - id: a\n\n  # b\n  # c\n  - id: d\n\n  # e\n\n  - id: f\n"


def test_line_ends_of_windows_stay() -> None:
    assert laid_out("a:   1\r\nb:\r\n- |\r\n  c\r\n") == "a: 1\r\nb:\r\n  - |\r\n    c\r\n"


# ---- What stays the same ----


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_of_the_repository_keeps_its_values_and_every_line_of_its_texts(path: Path) -> None:
    try:
        text = read_text(path)
        before = _value(text)
    except QuizError:  # a file with a mistake on purpose
        return
    after = laid_out(text)
    assert _value(after) == before
    assert laid_out(after) == after
    assert re.findall(r"^\s*(#.*)", after, re.MULTILINE) == re.findall(r"^\s*(#.*)", text, re.MULTILINE)


SCALARS = ("a", "1", "1.50", "true", "a b", "'c'", '"d: e"', "~", '"f \\" g"', "'#h'", "i#j", "[k, {l: m}]", "é — “n”")


@st.composite
def documents(draw: Callable[..., Any]) -> tuple[str, list[str]]:
    """A text in any layout, and its comments."""
    comments: list[str] = []
    lines: list[str] = []

    def comment() -> str:
        comments.append(f"# {len(comments)}" + draw(st.sampled_from(("", ": -", " 'x", "  # y"))))
        return comments[-1]

    def between(most: int) -> None:
        """Comments that are indented by at most ``most``, and blank lines."""
        for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
            is_comment = draw(st.booleans())
            lines.extend(
                [" " * draw(st.integers(0, most)) + comment() if is_comment else draw(st.sampled_from(("", " ")))]
            )

    def at_end() -> None:
        if draw(st.integers(0, 4)) == 0:
            lines[-1] += draw(st.sampled_from((" ", "   "))) + comment()

    def value(indent: int, depth: int, *, in_list: bool) -> int:
        """What follows a key or a dash; returns the largest indentation that a comment after it may have."""
        choice = draw(
            st.sampled_from(("plain", "below", "text", "long", "empty", *(("map", "list") * 2 if depth else ())))
        )
        inside = indent + draw(st.integers(1, 4))
        if choice == "plain":
            lines[-1] += draw(st.sampled_from((" ", "   "))) + draw(st.sampled_from(SCALARS))
            at_end()
        elif choice == "below":
            at_end()
            between(inside)
            lines.append(" " * inside + draw(st.sampled_from(SCALARS)))
        elif choice == "text":
            lines[-1] += " " + draw(st.sampled_from("|>")) + draw(st.sampled_from(("", "-", "+")))
            at_end()
            for text in draw(
                st.sampled_from((("a",), ("a", "", "  # b"), ("a  ", "c: d"), ("a", "", "", "   e", ""), ("f", "")))
            ):
                lines.extend([" " * inside + text if text else ""])
            return indent
        elif choice == "long":
            first, last = draw(
                st.sampled_from((("a", "b"), ("'a", "b'"), ('"a \\', 'b"'), ("[a,", "b]"), ("{a: b,", "c: d}")))
            )
            lines[-1] += f" {first}"
            lines.append(" " * inside + last)
        elif choice == "empty":
            at_end()
        else:
            at_end()
            if choice == "list" and not in_list and draw(st.booleans()):
                inside = indent  # dashes may be below the key
            return block(inside, depth - 1, is_list=choice == "list")
        return inside

    def block(indent: int, depth: int, *, is_list: bool) -> int:
        names = draw(
            st.lists(
                st.sampled_from(("id", "type", "title", "questions", "a", "b", "'c'")),
                min_size=1,
                max_size=4,
                unique=True,
            )
        )
        most = indent
        for name in names:
            between(most)
            lines.append(" " * indent + ("-" if is_list else f"{name}:"))
            most = value(indent, depth, in_list=is_list)
        return most

    block(0, 3, is_list=False)
    between(0)
    return "\n".join(lines) + draw(st.sampled_from(("", "\n", "\n\n"))), comments


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(documents())
@example(("id: a\ntype: | # 0\n a\nquestions: a\ntitle: | # 1\n a\n", ["# 0", "# 1"]))
@example(("questions: a\ntitle: |-\n  x", []))
@example(("id: a\ntype: [ # 0\n a]\nquestions: a\ntitle: | # 1\n a\n", ["# 0", "# 1"]))
def test_any_layout_becomes_one_that_has_the_same_values_and_comments_and_stays(
    document: tuple[str, list[str]],
) -> None:
    text, comments = document
    after = laid_out(text)
    assert _value(after) == _value(text)
    assert re.findall(r"(?<=[ \n])# \d+.*|^# \d+.*", after) == [comment.rstrip() for comment in comments]
    assert laid_out(after) == after


@settings(max_examples=200)
@given(st.lists(st.text("ab:- #\n'\"|>[]{},+2?&*!%\t\r\\\u2028", max_size=12), max_size=12).map("".join))
@example("- - a\n  - b\n")
@example("? a\n: b\n")
@example("a: |2\n   b\n")
@example("%YAML 1.1\n---\na: b\n...\n")
@example("{a: b}")
def test_whatever_is_written_is_laid_out_without_a_change_or_refused(text: str) -> None:
    try:
        after = laid_out(text)
    except QuizError:
        return
    assert _value(after) == _value(text)
    assert laid_out(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "a: [b",
        "a: b\na: c\n",
        "a: &b c\n",
        "a:\n\tb: c\n",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "a:\n" + "- b\n" * (MAX_ENTRIES + 1),
        "",
    ],
)
def test_file_that_cannot_be_read_is_refused_in_the_words_of_the_loader(text: str) -> None:
    with pytest.raises(QuizError) as loading:
        parse(text, "quiz.yml")
    with pytest.raises(QuizError) as formatting:
        laid_out(text, "quiz.yml")
    assert str(formatting.value) == str(loading.value)


def test_largest_file_is_laid_out_in_seconds() -> None:
    questions = [{"id": f"q{number}", "prompt": "x" * 200, "options": ["a", "b"]} for number in range(1700)]
    text = "questions:\n" + "".join(f"- {json.dumps(question)}\n# c\n" for question in questions)
    assert 400_000 < len(text) < MAX_BYTES
    assert laid_out(text).count("\n  # c\n") == len(questions) - 1  # the last is about nothing more
