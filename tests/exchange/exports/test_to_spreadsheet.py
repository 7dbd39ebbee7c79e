"""A table of questions: what the report calls exact is the same once the table is imported again."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from export_checks import write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, question_of, questions, quiz_of, responses_to

import civicquiz
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_spreadsheet import EXPORTER
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.spreadsheet import READER
from civicquiz.grading import grade_question
from civicquiz.model.interactions import Choice, ComputedNumber, Matching, Ordering, ShapeError
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


def exported(quiz: Quiz) -> tuple[list[dict[str, str]], dict[str, ExportedQuestion], bytes]:
    """The rows of the table, what became of each question, and the table itself."""
    content, report = write_with(EXPORTER, quiz)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))), report, content


def read_again(content: bytes) -> list[Any]:
    """The values that ``civicquiz import`` makes of each row."""
    (quiz,) = READER.read(GivenFile(Path("quiz.csv"), content))
    assert [question.refused for question in quiz.questions] == [""] * len(quiz.questions)
    assert quiz.remarks == []
    return [question.values for question in quiz.questions]


def by_position(question: KeyedQuestion, again: KeyedQuestion, response: Any) -> Any:
    """A response with the ids that the question has after it was read again."""
    mine, theirs = question.interaction(), again.interaction()
    key, other = question.key(), again.key()
    assert key is not None
    assert other is not None
    match mine, theirs:
        case Choice(), Choice():
            names = dict(zip((one.id for one in mine.options), (one.id for one in theirs.options), strict=True))
            return [names[name] for name in response]
        case Ordering(), _:
            names = dict(zip(key.answer, other.answer, strict=True))
            return [names[name] for name in response]
        case Matching(), Matching():
            rows = dict(zip((one.id for one in mine.rows), (one.id for one in theirs.rows), strict=True))
            texts = {one.text: one.id for one in theirs.targets}
            targets = {one.id: texts[one.text] for one in mine.targets}
            return {rows[row]: targets[target] for row, target in response.items()}
        case ComputedNumber(), _:
            return response["answer"]
    return response


def is_of_first_set(question: KeyedQuestion, response: Any) -> bool:
    """Whether the numbers of a response are those of the first row."""
    shown = question.interaction()
    return not isinstance(shown, ComputedNumber) or shown.variants[0].items() <= response.items()


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_what_is_exact_scores_the_same_once_it_is_read_again(question_type: str, draw: st.DataObject) -> None:
    author = draw.draw(questions(question_type))
    question = question_of(author)
    rows, report, content = exported(quiz_of(author))
    done = report[question.id]
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    if not done.written_as:
        assert rows == []
        return
    assert len(rows) == len(done.target_ids)
    values = read_again(content)
    if done.fidelity("score") != "exact" or done.fidelity("text") != "exact" or question.key() is None:
        return
    again = question_of({**values[0], "id": "again"})
    if len(rows) == 1:
        assert again.points == pytest.approx(question.points)
        if not question.interaction().variants:
            assert again.prompt.startswith(question.prompt)
            assert again.hint == question.hint
    for _ in range(3):
        try:
            response = question.interaction().read(draw.draw(responses_to(question)))
        except ShapeError:
            continue
        if response is not None and is_of_first_set(question, response):
            share = grade_question(question, response).score / question.points
            other = grade_question(again, by_position(question, again, response)).score / again.points
            assert other == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_can_be_imported_again(path: Path, tmp_path: Path) -> None:
    quiz = civicquiz.load(path)
    _, report, content = exported(quiz)
    assert all(done.written_as for done in report.values())
    table = tmp_path / "quiz.csv"
    table.write_bytes(content)
    for picture in path.parent.glob("*.svg"):
        shutil.copy(picture, tmp_path)
    done = import_files([table], tmp_path / "out")
    assert [(question.called, question.reasons) for question in done.questions if question.verdict == "not read"] == []


def test_a_row_has_everything_that_has_a_column() -> None:
    author = {
        "id": "q",
        "type": "multiple-choice",
        "prompt": "Which?\n\nTwo paragraphs.",
        "options": [{"text": "a", "correct": True, "feedback": "Yes."}, "b", {"text": "c", "correct": True}],
        "points": 2.5,
        "hint": "Look.",
        "explanation": "So.",
        "difficulty": "easy",
        "level": "apply",
        "tags": ["x", "y"],
        "objectives": ["A.1"],
    }
    (row,), report, content = exported(quiz_of(author))
    assert {name: cell for name, cell in row.items() if cell} == {
        "question": "Which?\n\nTwo paragraphs.",
        "type": "multiple-choice",
        "answer": "A, C",
        "option A": "a",
        "option B": "b",
        "option C": "c",
        "feedback A": "Yes.",
        "points": "2.5",
        "hint": "Look.",
        "explanation": "So.",
        "difficulty": "easy",
        "level": "apply",
        "tags": "x, y",
        "objectives": "A.1",
        "id": "q",
    }
    assert report["q"].losses == ()
    assert read_again(content) == [author]


def test_what_no_row_can_hold_is_left_out_and_named() -> None:
    many = [f"o{number}" for number in range(13)]
    base = {"id": "q", "prompt": "x"}
    for author, why in (
        ({"type": "single-choice", "options": [{"text": "r", "correct": True}, *many]}, "room for 12 options"),
        ({"type": "short-text", "accept": ["a|b"]}, "contains '|'"),
        ({"type": "match", "pairs": [{"left": "a = b", "right": "c"}, {"left": "d", "right": "e"}]}, "' = '"),
        ({"type": "single-choice", "options": [{"text": "B", "correct": True}, "A", "1"]}, "read like letters"),
    ):
        rows, report, _ = exported(quiz_of({**base, **author}))
        assert rows == []
        assert report["q"].written_as == ""
        assert why in report["q"].losses[0].reason


def test_formulas_do_not_run_and_are_named() -> None:
    rows, report, _ = exported(quiz_of({"id": "q", "type": "true-false", "prompt": "=1+1; =2", "answer": True}))
    assert rows[0]["question"].startswith("'=")
    assert report["q"].fidelity("text") == "approximate"


def test_rows_of_several_quizzes_have_different_ids() -> None:
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    quizzes = [quiz_of({"id": "q", **statement}).placed(path=Path(f"{name}.yml")) for name in ("one", "two")]
    done = EXPORTER.export([Translation.original(quiz) for quiz in quizzes])
    assert [quiz.questions[0].target_ids for quiz in done.quizzes] == [("q",), ("two-q",)]


@pytest.mark.parametrize("ends", [{"from": 1.4e-45}, {"from": 1e-40, "to": 5}, {"to": 1e30}])
def test_ends_of_very_different_size_are_numbers_that_can_be_read_again(ends: dict[str, float]) -> None:
    author = {"id": "a", "type": "numeric", "prompt": "x", "answer": 1, "range": ends}
    _, report, content = exported(quiz_of(author))
    (values,) = read_again(content)
    again = question_of({**author, "range": None, **values})
    assert grade_question(again, "1").status == "correct"
    assert report["a"].fidelity("score") == "approximate"
