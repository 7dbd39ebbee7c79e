"""Kahoot's spreadsheet: what is written keeps its limits and its right answers, and everything else is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from export_checks import well_formed, write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, question_of, questions, quiz_of
from row_scores import assert_same, chosen_positions, only_field, read_response
from workbook_reading import read_workbook

import civicquiz
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_kahoot import EXPORTER
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


class Slide(NamedTuple):
    """A question of a kahoot."""

    text: str
    options: list[str]
    seconds: int
    right: list[int]


def read(content: bytes) -> list[Slide]:
    """The questions in a spreadsheet, by what Kahoot's template says of them; fails where it would refuse one."""
    cells = read_workbook(content)
    assert str(cells["B8"]).startswith("Question")
    assert str(cells["H8"]).startswith("Correct answer(s)")
    last = max((int(name[1:]) for name in cells), default=8)
    assert last <= 108
    slides = []
    for row in range(9, last + 1):
        text, *options = (str(cells.get(f"{letter}{row}", "")) for letter in "BCDEF")
        filled = [option for option in options if option]
        assert options == [*filled, *[""] * (4 - len(filled))]
        assert 1 <= units(text) <= 120
        assert 2 <= len(filled) <= 4
        assert all(units(option) <= 75 for option in filled)
        seconds = cells[f"G{row}"]
        assert isinstance(seconds, int)
        assert seconds in (5, 10, 20, 30, 60, 90, 120, 240)
        right = [int(number) for number in str(cells[f"H{row}"]).split(",")]
        assert right
        assert set(right) <= set(range(1, len(filled) + 1))
        assert cells[f"A{row}"] == row - 8
        slides.append(Slide(text, filled, seconds, right))
    return slides


def units(text: str) -> int:
    """How many characters a browser or Excel counts."""
    return len(text.encode("utf-16-le")) // 2


def exported(quiz: Quiz) -> tuple[list[Slide], dict[str, ExportedQuestion]]:
    """The questions that are read, and what became of each."""
    content, report = write_with(EXPORTER, quiz)
    return read(content), report


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_right_answers_are_those_of_the_quiz_where_the_report_says_exact(question_type: str, draw: Any) -> None:
    author = draw.draw(questions(question_type))
    question = question_of(author)
    slides, report = exported(quiz_of(author))
    done = report[question.id]
    assert len(slides) == len(done.target_ids)
    assert bool(slides) == bool(done.written_as)
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    if not slides:
        assert done.losses[0].part == "question"
        return
    for _ in range(3):
        read_one = read_response(question, done, draw.draw(well_formed(question)))
        if read_one and isinstance(only_field(question), Choice):
            response, own = read_one
            assert_same(float(chosen_positions(question, response) == slides[0].right), own, response)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_examples_is_written_or_named(path: Path) -> None:
    slides, report = exported(civicquiz.load(path))
    assert len(slides) == sum(len(done.target_ids) for done in report.values())
    for done in report.values():
        assert not (done.written_as and done.type in ("order", "timeline", "short-text", "open-response", "poll"))
        assert done.written_as or done.losses[0].part == "question"


def test_questions_are_below_the_header_of_the_template() -> None:
    number = {"type": "numeric", "prompt": "Age?", "answer": 14, "tolerance": 0, "unit": "years"}
    wrong = [{"number": 18, "feedback": "No."}, {"number": 1200, "feedback": "No."}]
    slides, report = exported(
        quiz_of(
            {
                "id": "a",
                "type": "single-choice",
                "prompt": "Who?",
                "options": ["I", {"text": "*You*", "correct": True}],
            },
            {
                "id": "b",
                "type": "multiple-choice",
                "prompt": "Which?",
                "options": [{"text": "x", "correct": True}, "y", {"text": "z", "correct": True}],
            },
            {"id": "c", "type": "true-false", "prompt": "So?", "answer": True},
            {"id": "d", **number, "mistakes": wrong},
            {
                "id": "e",
                "type": "categorize",
                "prompt": "Where?",
                "categories": ["here", "there"],
                "items": [{"text": "it", "category": "there"}, {"text": "that", "category": "here"}],
            },
        )
    )
    assert slides == [
        Slide("Who?", ["I", "You"], 60, [2]),
        Slide("Which?", ["x", "y", "z"], 60, [1, 3]),
        Slide("So?", ["True", "False"], 60, [1]),
        Slide("Age? ______ years", ["14 years", "18 years", "1200 years"], 60, [1]),
        Slide("Where? it", ["here", "there"], 60, [2]),
        Slide("Where? that", ["here", "there"], 60, [1]),
    ]
    assert [report[name].fidelity("score") for name in "abcde"] == [
        "exact",
        "approximate",
        "exact",
        "exact",
        "approximate",
    ]
    assert report["a"].fidelity("options") == "approximate"
    assert report["d"].fidelity("typing") == "approximate"
    assert report["e"].target_ids == ("5", "6")


@pytest.mark.parametrize(("limit", "expected"), [(None, 60), (0.2, 10), (1, 30), (2, 60), (3, 90), (60, 240)], ids=str)
def test_time_of_a_quiz_is_shared_among_its_questions(limit: float | None, expected: int) -> None:
    statement = {"type": "true-false", "prompt": "So?", "answer": True}
    quiz = quiz_of({"id": "a", **statement}, {"id": "b", **statement}, **({"time_limit": limit} if limit else {}))
    slides, _ = exported(quiz)
    assert {slide.seconds for slide in slides} == {expected}
    (loss,) = EXPORTER.export([Translation.original(quiz)]).quizzes[0].losses
    assert (loss.part, loss.fidelity) == ("time limit", "approximate")
    assert f"{expected} seconds" in loss.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"prompt": "x" * 121}, "room for 120 characters in a question; this has 121"),
        ({"prompt": "\N{GRINNING FACE}" * 61}, "room for 120 characters in a question; this has 122"),
        ({"options": [{"text": "x" * 76, "correct": True}, "b"]}, "room for 75 characters in an option; this has 76"),
        ({"options": [{"text": "a", "correct": True}, *"bcdef"]}, "room for 4 options; this question has 6"),
        ({"options": [{"text": "a", "correct": True}, "*a*"]}, "the same without their formatting"),
    ],
    ids=["long", "emoji", "long-option", "six", "alike"],
)
def test_what_kahoot_has_no_room_for_is_left_out_with_the_reason(change: dict[str, Any], reason: str) -> None:
    author = {"type": "single-choice", "prompt": "x" * 120, "options": [{"text": "y" * 75, "correct": True}, "b"]}
    slides, report = exported(quiz_of({"id": "fits", **author}, {"id": "not", **author, **change}))
    assert len(slides) == 1
    assert report["fits"].written_as == "quiz"
    assert (report["not"].written_as, report["not"].losses[0].part) == ("", "question")
    assert reason in report["not"].losses[0].reason


def test_more_than_a_hundred_questions_are_left_out_and_named() -> None:
    statement = {"type": "true-false", "prompt": "So?", "answer": True}
    slides, report = exported(quiz_of(*({"id": f"q{n}", **statement} for n in range(102))))
    assert len(slides) == 100
    assert [name for name, done in report.items() if not done.written_as] == ["q100", "q101"]


@pytest.mark.parametrize(
    "text", ["=1+1", "#REF!", "]]>", "<b>&amp;\"'", "a\tb\nc", "\x01", "a_x0041_b", "é 日本", "@x"]
)
def test_whatever_a_text_says_is_in_its_cell(text: str) -> None:
    pick = {"type": "single-choice", "prompt": text, "options": [{"text": text, "correct": True}, "other"]}
    slides, _ = exported(quiz_of({"id": "a", **pick}, title=text.replace("\n", " ")))
    shown = " ".join(text.replace("\x01", "\ufffd").replace("&amp;", "&").split())
    assert slides == [Slide(shown, [shown, "other"], 60, [1])]
