"""Wayground's spreadsheet: each row is a question of its type with its right answer, and everything else is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from export_checks import exact_texts, well_formed, write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, question_of, questions, quiz_of, write_course
from row_scores import assert_same, chosen_positions, only_field, read_response, typed
from workbook_reading import read_workbook

import civicquiz
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_wayground import EXPORTER
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz

COLUMNS = ["Question Text", "Question Type", "Option 1", "Option 2", "Option 3", "Option 4", "Option 5"]
COLUMNS += ["Correct Answer", "Time in seconds", "Image Link", "Answer explanation"]


class Slide(NamedTuple):
    """A question of a quiz."""

    text: str
    type: str
    options: list[str]
    right: list[int]
    seconds: int
    explanation: str

    def share(self, response: Any) -> float:
        """Whether chosen positions, or a text, are right."""
        if self.type == "Fill-in-the-Blank":
            return float(response.strip().lower() in map(str.lower, self.options))
        return float(response == self.right)


def read(content: bytes) -> list[Slide]:
    """The questions in a spreadsheet, by the names of the columns; fails where a row would be refused."""
    cells = read_workbook(content)
    assert [cells[f"{letter}1"] for letter in "ABCDEFGHIJK"] == COLUMNS
    slides = []
    for row in range(2, max(int(name[1:]) for name in cells) + 1):
        text, type_, *options = (str(cells.get(f"{letter}{row}", "")) for letter in "ABCDEFG")
        filled = [option for option in options if option]
        assert options == [*filled, *[""] * (5 - len(filled))]
        right = [int(number) for number in str(cells.get(f"H{row}", "")).split(",") if number]
        assert text
        if type_ in ("Multiple Choice", "Checkbox"):
            assert len(filled) >= 2
            assert set(right) <= set(range(1, len(filled) + 1))
            assert len(right) == 1 if type_ == "Multiple Choice" else right
        else:
            assert not right
            assert type_ in ("Fill-in-the-Blank", "Poll", "Open-Ended")
            assert bool(filled) == (type_ != "Open-Ended")
        seconds = cells[f"I{row}"]
        assert isinstance(seconds, int)
        slides.append(Slide(text, type_, filled, right, seconds, str(cells.get(f"K{row}", ""))))
    return slides


def exported(quiz: Quiz) -> tuple[list[Slide], dict[str, ExportedQuestion]]:
    """The questions that are read, and what became of each."""
    content, report = write_with(EXPORTER, quiz)
    return read(content), report


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_right_answers_are_those_of_the_quiz_where_the_report_says_exact(question_type: str, draw: Any) -> None:
    author = draw.draw(questions(question_type))
    if question_type in ("short-text", "cloze"):
        author = exact_texts(author)
    question = question_of(author)
    slides, report = exported(quiz_of(author))
    done = report[question.id]
    assert len(slides) == len(done.target_ids)
    assert bool(slides) == bool(done.written_as)
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    for _ in range(3 if slides else 0):
        read_one = read_response(question, done, draw.draw(well_formed(question)))
        is_choice = isinstance(only_field(question), Choice)
        if read_one is None or (question.interaction().variants and not is_choice):
            continue
        response, own = read_one
        given_there = chosen_positions(question, response) if is_choice else typed(question, response)
        assert_same(slides[0].share(given_there), own, response)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_examples_is_written_or_named(path: Path) -> None:
    slides, report = exported(civicquiz.load(path))
    assert len(slides) == sum(len(done.target_ids) for done in report.values())
    for done in report.values():
        assert bool(done.written_as) == (done.type not in ("order", "timeline"))
        assert done.written_as or done.losses[0].part == "question"


def test_each_type_has_its_row() -> None:
    slides, report = exported(
        quiz_of(
            {"id": "a", "type": "single-choice", "prompt": "Who?", "options": ["I", {"text": "You", "correct": True}]},
            {
                "id": "b",
                "type": "multiple-choice",
                "prompt": "Which?",
                "options": [{"text": "x", "correct": True}, "y", {"text": "z", "correct": True}],
                "explanation": "See [here](https://example.org/a).",
            },
            {"id": "c", "type": "short-text", "prompt": "What?", "accept": ["Law", {"text": "Rule", "credit": 0.5}]},
            {"id": "d", "type": "numeric", "prompt": "How many?", "answer": 480000, "tolerance": 10, "unit": "people"},
            {"id": "e", "type": "open-response", "prompt": "Why?", "model_answer": "So."},
            {"id": "f", "type": "poll", "prompt": "How?", "options": ["well", "badly"]},
        )
    )
    assert [slide[:4] for slide in slides] == [
        ("Who?", "Multiple Choice", ["I", "You"], [2]),
        ("Which?", "Checkbox", ["x", "y", "z"], [1, 3]),
        ("What?", "Fill-in-the-Blank", ["Law"], []),
        ("How many? ______ people", "Fill-in-the-Blank", ["480000", "480,000", "480000 people", "480,000 people"], []),
        ("Why?", "Open-Ended", [], []),
        ("How?", "Poll", ["well", "badly"], []),
    ]
    assert slides[1].explanation == "See here (https://example.org/a)."
    assert slides[4].explanation == "So."
    assert [report[name].fidelity("score") for name in "abcdef"] == [
        "exact",
        "approximate",
        "approximate",
        "lost",
        "exact",
        "exact",
    ]
    assert report["b"].fidelity("explanation") == "approximate"


def test_sources_are_in_the_explanation(tmp_path: Path) -> None:
    slides, report = exported(civicquiz.load(write_course(tmp_path)))
    assert "Sources " in slides[1].explanation
    assert report["wars"].fidelity("sources") == "approximate"


@pytest.mark.parametrize(
    ("author", "reason"),
    [
        (
            {"type": "single-choice", "options": [{"text": "a", "correct": True}, *"bcdef"]},
            "room for 5 options; this question has 6",
        ),
        ({"type": "single-choice", "options": [{"text": "a", "correct": True}, "*a*"]}, "the same without"),
        ({"type": "order", "items": ["a", "b"]}, "no question like 'order'"),
    ],
    ids=["six", "alike", "order"],
)
def test_what_no_row_can_hold_is_left_out_with_the_reason(author: dict[str, Any], reason: str) -> None:
    statement = {"id": "fits", "type": "true-false", "prompt": "x", "answer": True}
    slides, report = exported(quiz_of(statement, {"id": "not", "prompt": "x", **author}))
    assert len(slides) == 1
    assert (report["not"].written_as, report["not"].losses[0].part) == ("", "question")
    assert reason in report["not"].losses[0].reason


def test_a_text_too_long_for_a_cell_is_named() -> None:
    long = {"id": "q", "type": "true-false", "prompt": "\N{GRINNING FACE}" * 9_000, "answer": True}
    stimuli = {"s": {"text": "\N{GRINNING FACE}" * 9_000}}
    slides, report = exported(
        quiz_of(
            {"id": "a", "type": "true-false", "prompt": "x", "answer": True}, {**long, "stimulus": "s"}, stimuli=stimuli
        )
    )
    assert len(slides) == 1
    assert "A cell has room for 32,767 characters" in report["q"].losses[0].reason


@pytest.mark.parametrize(
    "text", ["=1+1", "#REF!", "]]>", "<b>&amp;\"'", "a\tb\nc", "\x01", "a_x0041_b", "é 日本", "x" * 9_000]
)
def test_whatever_a_text_says_is_in_its_cell(text: str) -> None:
    pick = {"type": "single-choice", "prompt": text, "options": [{"text": text, "correct": True}, "other"]}
    word = {"type": "short-text", "accept": [text[:100].replace("\n", " ")]}
    slides, _ = exported(quiz_of({"id": "a", **pick, "explanation": text}, {"id": "b", "prompt": text, **word}))
    shown = " ".join(text.replace("\x01", "\ufffd").replace("&amp;", "&").split())
    assert slides[0][:4] == (shown, "Multiple Choice", [shown, "other"], [1])
    assert slides[0].explanation == shown
    assert slides[1].options[0].split() == text[:100].replace("\x01", "\ufffd").split()
