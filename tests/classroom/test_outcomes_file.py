"""The outcomes file: what was written can be read, and other files are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import polars as pl
import pytest
from class_files import write_keys
from material import write

from civicquiz.classroom.analysis.rows import prepared
from civicquiz.classroom.outcomes_file import (
    SCHEMA,
    SCORED,
    STATUSES,
    OutcomesWriter,
    Row,
    ScoreChange,
    changed_scores,
    put_together,
    readable,
    scan_outcomes,
)
from civicquiz.errors import OutcomesError
from civicquiz.grading import Status

#: A row with each status for the quiz ``law``, as grading produces them.
ROWS = [
    Row(0, "correct", 1.0, '["1798"]', 2, 3),
    Row(1, "partly", 1.0, '["war-of-1812"]', None, None),
    Row(2, "unanswered", 0.0, None, None, None),
]


def write_file(folder: Path, *rows: tuple[str, str, list[Row]], name: str = "outcomes.parquet") -> Path:
    """A file with these rows, as (learner, quiz, rows)."""
    writer = OutcomesWriter(folder, write_keys(folder))
    for learner, quiz, of_learner in rows:
        writer.write(learner, quiz, of_learner, late=learner == "bob", submitted="")
    put_together(writer.finish(), folder / name)
    return folder / name


def test_what_is_written_is_read(tmp_path: Path) -> None:
    essay = [Row(0, "needs-review", None, json.dumps("So."), None, None)]
    path = write_file(tmp_path, ("anna", "law", ROWS), ("anna", "essay", essay), ("bob", "law", ROWS))
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["outcomes.parquet"]
    assert dict(pl.read_parquet_schema(path)) == SCHEMA
    rows = scan_outcomes(path).collect()
    assert rows.equals(scan_outcomes(tmp_path).collect())
    shown = rows.select("learner", "quiz", "question", "status", "score", "max_score", "response", "attempts").rows()
    assert shown == [
        ("anna", "law", "passed-in", "correct", 1.0, 1.0, '["1798"]', 2),
        ("anna", "law", "wars", "partly", 1.0, 2.0, '["war-of-1812"]', None),
        ("anna", "law", "by-age", "unanswered", 0.0, 1.0, None, None),
        ("anna", "essay", "opinion", "needs-review", None, 3.0, '"So."', None),
        ("bob", "law", "passed-in", "correct", 1.0, 1.0, '["1798"]', 2),
        ("bob", "law", "wars", "partly", 1.0, 2.0, '["war-of-1812"]', None),
        ("bob", "law", "by-age", "unanswered", 0.0, 1.0, None, None),
    ]
    assert pl.read_parquet(path)["late"].to_list() == [False] * 4 + [True] * 3


def test_class_without_any_rows_is_a_file_too(tmp_path: Path) -> None:
    assert len(scan_outcomes(write_file(tmp_path)).collect()) == 0


@pytest.mark.parametrize("status", STATUSES)
def test_analysis_knows_every_status_that_grading_gives(tmp_path: Path, status: str) -> None:
    score = 0.0 if status in SCORED else None
    (tmp_path / "quizzes").mkdir()
    file = write_file(tmp_path, ("anna", "essay", [Row(0, status, score, None, None, None)]))
    assert prepared(scan_outcomes(file)).collect()["share"].to_list() == [score]


def test_statuses_are_those_of_grading_and_one_for_nothing_handed_in() -> None:
    assert {*STATUSES} == {*get_args(Status), "missing"}
    assert {*STATUSES} - {*SCORED} == {"needs-review", "unscored", "missing"}


def test_only_complete_scores_that_differ_have_changed(tmp_path: Path) -> None:
    waiting = [*ROWS[:2], Row(2, "needs-review", None, '"14"', None, None)]
    less = [Row(0, "incorrect", 0.0, '["1812"]', 2, 3), *ROWS[1:]]
    everybody = ("anna", ROWS), ("bob", ROWS), ("carla", waiting), ("dora", ROWS)
    before = write_file(tmp_path, *((learner, "law", rows) for learner, rows in everybody), name="before.parquet")
    now = write_file(
        tmp_path, ("anna", "law", ROWS), ("bob", "law", less), ("carla", "law", ROWS), ("eve", "law", ROWS)
    )
    assert changed_scores(before, now) == [ScoreChange("bob", "law", 2.0, 1.0), ScoreChange("dora", "law", 2.0, None)]
    with pytest.raises(OutcomesError, match="is not a file that this command wrote"):
        changed_scores(write(tmp_path / "other.parquet", "something else"), now)


def test_file_that_is_not_parquet_or_lacks_columns_is_refused(tmp_path: Path) -> None:
    file = write_file(tmp_path, ("anna", "law", ROWS))
    rows = pl.read_parquet(file)
    with pytest.raises(OutcomesError, match=r"no such file\. Run 'civicquiz grade' first"):
        scan_outcomes(tmp_path / "nowhere")
    rows.drop("score", "status").write_parquet(file)
    with pytest.raises(OutcomesError, match="no column 'status', 'score'"):
        scan_outcomes(file)
    rows.with_columns(pl.lit("many").alias("attempts")).write_parquet(file)
    with pytest.raises(OutcomesError, match="a column has values of the wrong type"), readable(file):
        scan_outcomes(file).collect()
    write(file, "not parquet")
    with pytest.raises(OutcomesError, match="not a Parquet file that can be read"):
        scan_outcomes(file)
