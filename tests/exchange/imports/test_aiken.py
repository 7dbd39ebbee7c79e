"""Questions in the Aiken format become single choices; a line that does not fit is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_checks import check_not_broken, recognized

import civicquiz
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.aiken import READER


def found(text: str) -> list[FoundQuestion]:
    (quiz,) = READER.read(GivenFile(Path("bank.txt"), text.encode()))
    return list(quiz.questions)


def test_questions_are_read_with_both_signs_after_the_letters(tmp_path: Path) -> None:
    text = (
        "Who passes laws?\nA. Congress\nB. *The* courts\nANSWER: A\n\nIs it 5 * 3?\nA) no\nB) yes\nC) $5\nanswer: b\n"
    )
    (tmp_path / "bank.txt").write_text(text, "utf-8")
    report = import_files([tmp_path / "bank.txt"], tmp_path / "out")
    quiz = civicquiz.load(report.files[0])
    assert [question.verdict for question in report.questions] == ["read", "read"]
    assert [question.place for question in report.questions] == ["line 1", "line 6"]
    assert [[(option.text, option.correct) for option in question.options] for question in quiz.questions] == [
        [("Congress", True), (r"\*The\* courts", False)],
        [("no", False), ("yes", True), ("$5", False)],
    ]


@pytest.mark.parametrize(
    ("text", "prompt", "options", "named"),
    [
        ("What?\nSo?\nA. a\nB. b\nANSWER: A", "What?\nSo?", ["a", "b"], []),
        ("What?\n\nA. a\n\nB. b\n\nANSWER: A", "What?", ["a", "b"], []),
        ("Unit\n\nWhat?\nA. a\nB. b\nANSWER: A", "Unit\n\nWhat?", ["a", "b"], ["blank line in the question"]),
        (
            "What?\nA. a\nmore\nB. b\nANSWER: A",
            "What?",
            ["a more", "b"],
            ["below the line of option A was read as its continuation"],
        ),
        ("D. Trump?\nA. a\nB. b\nANSWER: A", "D. Trump?", ["a", "b"], []),
        ("What?\nA. a\nB. b\nC. c\nANSWER: A, C", "What?", ["a", "b", "c"], ["Several options are right"]),
    ],
)
def test_lines_that_could_be_meant_otherwise_are_named(
    text: str, prompt: str, options: list[str], named: list[str]
) -> None:
    (question,) = found(text)
    assert question.values is not None
    assert question.values["prompt"] == prompt
    assert [option if isinstance(option, str) else option["text"] for option in question.values["options"]] == options
    assert [words in change for words, change in zip(named, question.changes, strict=True)] == [True] * len(named)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("What?\nA. a\nB. b\nANSWER: C", "from A to B"),
        ("What?\nA. a\nB. b\nANSWER:", "from A to B"),
        ("What?\nA. a\nANSWER: A", "fewer than two options"),
        ("A. a\nB. b\nANSWER: A", "no text above"),
        ("What?\nA. a\nB. b", "no line with its answer"),
        ("What?\nANSWER: A", "fewer than two options"),
    ],
)
def test_question_that_is_not_complete_says_what_is_missing_and_others_are_read(text: str, rule: str) -> None:
    refused, good = found(f"{text}\n\nGood?\nA. a\nB. b\nANSWER: A\n")
    assert rule in refused.refused
    assert good.verdict == "read"


@pytest.mark.parametrize(
    ("text", "is_aiken"),
    [
        ("What?\nA. a\nB. b\nANSWER: A\n", True),
        ("What {x}?\r\nA) a\r\nB) {b}\r\n\r\nANSWER: B\r\n", True),
        ("1. What?\na) a\n*b) b\n", False),
        ("What?{=a ~b}\n", False),
        ("ANSWER: A", False),
    ],
)
def test_format_is_recognized_by_its_content(text: str, *, is_aiken: bool) -> None:
    assert (recognized(text) == "aiken") == is_aiken


@given(st.text(st.sampled_from("AB. )ANSWER:\n a"), max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    check_not_broken(READER, text)
