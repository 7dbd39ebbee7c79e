"""Quizzes for nbautoeval become quizzes; penalties and shares that differ are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from import_checks import recognized

import civicquiz
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.nbautoeval import MAX_BYTES, READER

FILE = """\
globals:
  points: &points [4, 0]
first:
  type: Quiz
  max_attempts: 3
  max_grade: 20
  questions: [one, two]
second:
  type: Quiz
  shuffle: no
  questions: two
one:
  type: QuizQuestion
  score: *points
  exactly_one_option: yes
  question: |
    ### Logic
    Is *this* `so`  <br>
    or $x$?
  question_sequel: Think.
  explanation: It is so.
  options:
    - text: no
      explanation: Not so.
    - text: yes
      correct: true
    - {text: "f(x)", type: CodeOption}
    - text: "*maybe*"
      type: TextOption
two:
  type: QuizQuestion
  score: *points
  all_or_nothing: true
  question: {type: CodeContent, text: "a = 1\\nb = 2"}
  options:
    - {text: a, correct: True}
    - b
three:
  type: QuizQuestion
  question: Alone?
  options:
    - {text: a, correct: True}
    - b
  option_none: {text: none}
"""


def read(text: str) -> list[FoundQuiz]:
    return list(READER.read(GivenFile(Path("q.yaml"), text.encode())))


def question(**keys: Any) -> FoundQuestion:
    written = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    (quiz,) = read(f"q:\n  type: QuizQuestion\n{written}")
    return quiz.questions[0]


def test_quizzes_are_read_with_their_questions(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(FILE, "utf-8")
    report = import_files([tmp_path / "q.yaml"], tmp_path / "out")
    assert [file.name for file in report.files] == ["q-first.yml", "q-second.yml", "q.yml"]
    first, second, rest = map(civicquiz.load, report.files)
    assert [[one.id for one in quiz.questions] for quiz in (first, second, rest)] == [
        ["one", "two"],
        ["two"],
        ["three"],
    ]
    assert (first.attempts, set(first.shuffle), second.attempts, set(second.shuffle)) == (
        3,
        {"questions", "options"},
        None,
        set(),
    )
    one, two = first.questions
    assert one.prompt == "**Logic**\n\nIs *this* `so`\\\nor $x$?\n\nThink."
    assert [(option.text, option.correct, option.feedback) for option in one.options] == [
        ("no", False, "Not so."),
        ("yes", True, None),
        ("`f(x)`", False, None),
        ("\\*maybe\\*", False, None),
    ]
    assert (one.points, one.explanation, two.scoring, two.prompt) == (
        4,
        "It is so.",
        "all-or-nothing",
        "```\na = 1\nb = 2\n```",
    )
    assert [one.verdict for one in report.questions] == ["read", "read", "read", "changed"]
    assert [one.place for one in report.questions] == ["line 12", "line 30", "line 30", "line 38"]
    remarks = " ".join(remark for _, remark in report.remarks)
    assert "'attempts' counts for each question" in remarks
    assert "'max_grade' was left out" in remarks


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"exactly_one_option": "true"}, ["A wrong answer cost 1 point"]),
        ({"exactly_one_option": "true", "score": "[6, -3, 1]"}, ["cost 3 points", "No answer earned 1 point"]),
        ({"score": "[1, 0]"}, ["Each option that was rightly checked"]),
        ({"score": "[1, 0]", "all_or_nothing": "true", "topic": "x"}, ["'topic' was left out"]),
        ({"score": "[1, 0]", "all_or_nothing": "true", "option_none": "none"}, ["The last option always came last"]),
    ],
)
def test_rules_that_a_quiz_does_not_have_are_named(keys: dict[str, str], named: list[str]) -> None:
    found = question(question="What?", options="[{text: a, correct: true}, {text: b}]", **keys)
    assert found.refused == ""
    assert [words in change for words, change in zip(named, found.changes, strict=True)] == [True] * len(named)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"options": "[a, b]"}, "no text under 'question'"),
        ({"question": "What?"}, "no list under 'options'"),
        ({"question": "['What?']", "options": "[a, b]"}, "must be a string"),
        ({"question": "What?", "options": "[[a], b]"}, "must be a string"),
        ({"question": "What?", "options": "[a, b]", "score": "lots"}, "'lots' is not a number"),
        ({"question": "What?", "options": "[a, b]", "score": "{a: 1}"}, "'score' must be"),
    ],
)
def test_question_that_cannot_be_read_says_why(keys: dict[str, str], rule: str) -> None:
    assert rule in question(**keys).refused


def test_name_without_a_question_is_named() -> None:
    quiz, _ = read("a:\n  type: Quiz\n  questions: [b]\nc:\n  type: QuizQuestion\n  question: x\n")
    assert "no question 'b'" in quiz.questions[0].refused


ALIASES = "".join(f"b{number}: &b{number} [*b{number - 1}, *b{number - 1}]\n" for number in range(1, 60))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("q:\n  type: QuizQuestion\n  question: [\n", "line 4, is not YAML"),
        ("q:\n  type: QuizQuestion\n  question: *x\n", "line 3, is not YAML"),
        ("q: &q\n  type: QuizQuestion\n  question: x\n  options: *q\n", "is not YAML"),
        ("q:\n  type: QuizQuestion\n  x: " + "[" * 5_000, "too many lists"),
        ("- a\n-\n  type: QuizQuestion\n", "has no names"),
        ("q:\n  type: Quiz\n  questions: [a]\n", "no entry with 'type: QuizQuestion'"),
        ("q:\n  type: QuizQuestion\n# " + "x" * MAX_BYTES, "larger than 1 MB"),
    ],
)
def test_damaged_and_hostile_files_are_refused_with_the_place(text: str, rule: str) -> None:
    with pytest.raises(ExchangeError, match=rule):
        read(text)


def test_many_aliases_take_no_time() -> None:
    (quiz,) = read(f"b0: &b0 [x]\n{ALIASES}q:\n  type: QuizQuestion\n  question: *b59\n  options: *b59\n")
    assert "must be a string" in quiz.questions[0].refused


@pytest.mark.parametrize(("text", "is_it"), [(FILE, True), ("title: x\nquestions:\n  - type: numeric\n", False)])
def test_format_is_recognized_by_its_content(text: str, *, is_it: bool) -> None:
    assert (recognized(text) == "nbautoeval") == is_it
