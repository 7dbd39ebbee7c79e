"""Lines in, outcomes out: the rows are those that ``civicquiz grade`` writes."""

from __future__ import annotations

import json
import pickle
from contextlib import closing
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from material import right_answer

import civicquiz
from civicquiz.classroom.collecting import FoundText
from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.gradebook.text_grader import TextGrader
from civicquiz.classroom.outcomes_file import SCHEMA
from civicquiz.errors import QuizError

EXAMPLES = Path(__file__).parents[2] / "examples"


def line(quiz: civicquiz.Quiz, learner: str, **more: object) -> str:
    """A response file on one line, in which everything is answered."""
    responses = {name: right_answer(question) for name, question in quiz.keyed_questions.items()}
    content = {"schema": 1, "quiz": quiz.name, "content_hash": quiz.version, "responses": responses, "learner": learner}
    return json.dumps(content | {"checked": {}, "attempts": {}, "marks": {}, "session": {"seed": 1}} | more)


def padded(text: str, size: int) -> str:
    """``text`` with spaces where they mean nothing, so that it has ``size`` bytes."""
    return text[0] + " " * (size - len(text.encode())) + text[1:]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Answers to a quiz of every question type, and lines that cannot be graded."""
    quizzes = [civicquiz.load(path) for path in sorted(EXAMPLES.glob("*.yml"))]
    found = [line(quiz, f"learner-{number}") for quiz in quizzes for number in range(3)]
    found += [line(quizzes[0], "empty", responses={}), line(quizzes[0], "late", submitted="2026-11-30T12:00:00+00:00")]
    found += [padded(line(quizzes[0], f"long-{more}"), 2_000_000 + more) for more in (0, 1)]
    return [*found, "{", "[]", line(quizzes[0], "old", content_hash="other"), "", line(quizzes[0], "")]


def test_rows_and_problems_are_those_of_grading_a_file_with_these_lines(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "class.jsonl").write_text("\n".join(lines), "utf-8")
    due = datetime.fromisoformat("2026-11-30T11:00:00+00:00")
    options = GradingOptions((tmp_path / "class.jsonl",), (EXAMPLES,), tmp_path / "out", feedback=False, due=due)
    with closing(GradingRun(options)) as run:
        run.run()
        run.publish()
    expected = pl.read_parquet(tmp_path / "out" / "outcomes.parquet").filter(pl.col("status") != "missing")
    halves = list(civicquiz.grade_lines([lines[:7], lines[7:]], [EXAMPLES], due=due))
    found = pl.concat([half.outcomes for half in halves])
    assert dict(found.schema) == SCHEMA
    order = ["learner", "quiz", "question"]
    assert found.sort(order).equals(expected.sort(order))
    assert set(found.filter("late")["learner"]) == {"late"}
    problems = [(problem.reason, int(problem.place) + 7) for problem in halves[1].problems]
    broken = len(lines) - 4
    assert problems == [
        ("too-large", broken - 1),
        ("unreadable", broken),
        ("not-a-response-file", broken + 1),
        ("other-version", broken + 2),
        ("unknown-student", broken + 4),
    ]
    assert not halves[0].problems


def test_bytes_are_read_as_text_and_no_lines_are_an_empty_table(lines: list[str]) -> None:
    texts, bytes_, nothing = civicquiz.grade_lines([lines, [text.encode() for text in lines], []], [EXAMPLES])
    assert texts.outcomes.equals(bytes_.outcomes)
    assert (dict(nothing.outcomes.schema), len(nothing.outcomes), nothing.problems) == (SCHEMA, 0, ())


def test_a_batch_is_graded_before_the_next_is_read(lines: list[str]) -> None:
    read = []

    def batches() -> object:
        for number in range(3):
            read.append(number)
            yield lines[:2]

    graded = civicquiz.grade_lines(batches(), [str(EXAMPLES)])  # type: ignore[arg-type]
    next(graded)
    assert read == [0]


def test_key_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuizError, match="there is no quiz in this folder"):
        next(civicquiz.grade_lines([[]], [tmp_path]))


def test_grader_is_the_same_in_another_process(lines: list[str], tmp_path: Path) -> None:
    keys = [path for path in EXAMPLES.glob("*.yml") if path.suffixes == [".yml"]]
    grader = TextGrader(keys, due=datetime.fromisoformat("2026-11-30T11:00:00+00:00"))
    texts = [FoundText(str(number), ("class.jsonl",), text.encode(), line=True) for number, text in enumerate(lines)]
    graded = [grader.grade(text) for text in texts]
    again = pickle.loads(pickle.dumps(grader))  # also after it was used
    assert [again.grade(text) for text in texts] == graded
    assert len(again.graders) == len(keys)
