"""Aiken: what is written is read by its rules, and everything else is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from export_checks import write_with
from hypothesis import HealthCheck, given, settings
from material import EXAMPLES, question_of, questions, quiz_of

import civicquiz
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_aiken import EXPORTER
from civicquiz.grading import grade_question
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


def read(text: str) -> list[tuple[str, list[str], int]]:
    """(question, options, position of the right one), as question/format/aiken/format.php of Moodle reads lines."""
    found = []
    question, options = "", []
    for line in filter(None, map(str.strip, text.split("\n"))):
        if option := re.match(r"([A-Z])[).] ?(.*)", line):
            assert question
            assert ord(option[1]) - ord("A") == len(options)
            options.append(option[2])
        elif answer := re.fullmatch(r"ANSWER: ([A-Z])", line):
            found.append((question, options, ord(answer[1]) - ord("A")))
            question, options = "", []
        else:
            assert not options, "the question continues after its options"
            assert not question, "a second line"
            question = line
    assert not question
    return found


def exported(quiz: Quiz) -> tuple[list[tuple[str, list[str], int]], dict[str, ExportedQuestion]]:
    """The questions that are read, and what became of each."""
    content, report = write_with(EXPORTER, quiz)
    return read(content.decode()), report


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_right_option_of_what_is_written_is_right_here(author: dict[str, object]) -> None:
    question = question_of(author)
    found, report = exported(quiz_of(author))
    done = report[question.id]
    assert len(found) == len(done.target_ids)
    assert bool(found) == bool(done.written_as)
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    for _, options, right in found:
        shown = question.interaction()
        assert isinstance(shown, Choice)
        assert len(options) == len(shown.options)
        for position, option in enumerate(shown.options):
            assert (grade_question(question, [option.id]).status == "correct") == (position == right)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_examples_is_written_or_named(path: Path) -> None:
    quiz = civicquiz.load(path)
    found, report = exported(quiz)
    written = [done for done in report.values() if done.written_as]
    assert len(found) == sum(len(done.target_ids) for done in written)
    for question in quiz.questions:
        if question.type in ("single-choice", "true-false"):
            assert report[question.id].written_as
        elif not report[question.id].written_as:
            assert report[question.id].losses[0].part == "question"


def test_lines_are_as_the_format_wants_them() -> None:
    done = EXPORTER.export(
        [
            Translation.original(
                quiz_of(
                    {"id": "a", "type": "true-false", "prompt": "So\n*it* is?", "answer": False, "hint": "No."},
                    {
                        "id": "b",
                        "type": "single-choice",
                        "prompt": "Who?",
                        "options": ["I", {"text": "C++", "correct": True}],
                    },
                )
            )
        ]
    )
    assert done.content.decode() == "So it is?\nA. True\nB. False\nANSWER: B\n\nWho?\nA. I\nB. C++\nANSWER: B\n"
    first, second = done.quizzes[0].questions
    assert {loss.part for loss in first.losses} == {"hint", "text"}
    assert (second.losses, second.target_ids) == ((), ("2",))


@pytest.mark.parametrize("text", ["A. Which?", "b) x", "ANSWER: A", "answer: it"])
def test_text_that_would_be_taken_for_another_line_is_left_out_and_named(text: str) -> None:
    options = [{"text": "x", "correct": True}, "y"]
    found, report = exported(quiz_of({"id": "q", "type": "single-choice", "prompt": text, "options": options}))
    assert found == []
    assert "would be taken for" in report["q"].losses[0].reason
    options = [{"text": text, "correct": True}, "y"]
    found, _ = exported(quiz_of({"id": "q", "type": "single-choice", "prompt": "x", "options": options}))
    assert found == []
