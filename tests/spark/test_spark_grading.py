"""What the workers of a cluster do, without a cluster: the results do not depend on how a class is divided."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from browsing import skip_without
from hypothesis import given, settings
from hypothesis import strategies as st
from running_spark import missing_for_spark
from spark_classes import DUE, graded_here, lines, quizzes, rows_of_problems

from civicquiz.classroom.collecting import FoundFile, Layout
from civicquiz.classroom.gradebook.learner_results import ResultsPlan
from civicquiz.classroom.gradebook.options import Keep
from civicquiz.classroom.gradebook.text_grader import TextGrader
from civicquiz.classroom.outcomes_file import SCHEMA

#: A few of the quizzes, so that a class is small; all are in ``test_on_spark``.
NAMES = ("cloze", "essay", "law", "numeric")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    if missing := missing_for_spark():
        skip_without(missing)
    folder = tmp_path_factory.mktemp("class")
    quizzes(folder)
    return tuple(folder / "quizzes" / f"{name}.yml" for name in NAMES)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32),
    blocks=st.lists(st.integers(0, 40), min_size=1, max_size=8),
    keep=st.sampled_from(["last", "first", "best"]),
    partitions=st.integers(1, 6),
)
def test_rows_do_not_depend_on_blocks_and_partitions(
    keys: tuple[Path, ...], seed: int, blocks: list[int], keep: Keep, partitions: int
) -> None:
    """A block is a part of a file that one task reads; what a learner handed in may be in several."""
    from civicquiz.spark import spark_grading
    from civicquiz.spark.texts import Sources

    grader = TextGrader(keys, due=DUE)
    found = [line.encode("utf-8", "replace") for line in lines([of.quiz for of in grader.graders.values()], 12, seed)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "class.jsonl"
        path.write_bytes(b"\n".join(found))
        options = {"paths": (path,), "keys": keys, "due": DUE, "keep": keep, "feedback": False}
        expected = graded_here(options, folder / "out")
        outcomes = pl.read_parquet(folder / "out" / "outcomes.parquet")
        files = [FoundFile(path, str(path), (path.name,), Layout(), in_folder=False)]

    starts = list(itertools.accumulate(blocks, initial=0))
    pieces = [found[start:end] for start, end in itertools.pairwise([*starts, len(found)])]
    before = {number: min(start, len(found)) for number, start in enumerate(starts)}
    sources = Sources(files, [], {"file:a": ([0], before)})
    known = SimpleNamespace(value=spark_grading._Told(grader, sources, None, keep))
    graded = [
        row
        for number, piece in enumerate(pieces)
        for batch in spark_grading._grade_lines(_batches(number, piece), known)
        for row in batch.to_pylist()
    ]
    entries = sorted((row for row in graded if row["learner"]), key=lambda row: (row["learner"], row["number"]))
    names = sorted({row["learner"] for row in entries})
    groups = [set(names[part::partitions]) for part in range(partitions)]
    columns = spark_grading._arrow(spark_grading._GRADED)
    parts = [[row for row in entries if row["learner"] in group] for group in groups]
    plan = ResultsPlan(tuple(sorted(grader.graders)))

    def tasks(work: Any) -> Iterator[Any]:
        import pyarrow as pa

        for part in parts:
            table = pa.Table.from_pylist(part, columns).drop(["problems"])
            yield from work(iter(table.to_batches(max_chunksize=3)), known, plan)

    rows = pl.concat(
        [pl.DataFrame(schema=SCHEMA), *map(pl.DataFrame, map(pl.from_arrow, tasks(spark_grading._outcomes)))]
    )
    assert rows.sort("learner", maintain_order=True).equals(outcomes)
    tables = [row for batch in tasks(spark_grading._tables) for row in batch.to_pylist()]
    gradebook = b"".join(row["content"] for row in tables if row["name"] == "gradebook.csv").splitlines()
    assert sorted(gradebook) == sorted(expected["gradebook.csv"].splitlines()[1:])
    problems = [row["problems"] for row in graded if row["problems"]]
    problems += [row["content"] for row in tables if row["name"] == spark_grading.PROBLEM]
    told = [problem for content in problems for problem in spark_grading.problems_in(content)]
    assert rows_of_problems(told) == rows_of_problems(expected["problems.csv"])


def _batches(block: int, found: Sequence[bytes]) -> Iterator[Any]:
    """The lines of a block in batches of three, as Spark hands them to a task."""
    import pyarrow as pa

    for start in range(0, len(found), 3):
        some = list(found[start : start + 3])
        yield pa.RecordBatch.from_pydict({"path": ["file:a"] * len(some), "start": [block] * len(some), "line": some})


def test_columns_are_those_of_the_outcomes(keys: tuple[Path, ...]) -> None:
    from civicquiz.spark import spark_grading

    arrow = spark_grading._arrow(spark_grading.OUTCOMES)
    frame = pl.from_arrow(arrow.empty_table())
    assert isinstance(frame, pl.DataFrame)
    assert dict(frame.schema) == SCHEMA
