"""The item analysis on a cluster: sums of parts of a class, each with all rows of its learners, which add up.

The figures are made from the sums by the code that makes them locally, so that they are the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.analysis.rows import BATCH, CHECKED, checked_batch, overview_of, prepared, whole_learners
from civicquiz.classroom.analysis.summing import Plan, sums_of_batch
from civicquiz.classroom.analysis.sums import COLUMNS, Sums, add
from civicquiz.classroom.analysis.writing import publish, report_files, require_pair
from civicquiz.classroom.outcomes_file import FILE_NAME, SCHEMA
from civicquiz.errors import OutcomesError, ReportError, display_path
from civicquiz.model.quiz_files import load_keys
from civicquiz.spark.addresses import is_address
from civicquiz.spark.sessions import explained

__all__ = ["write"]

#: A table of an intermediate result, as Arrow; ``name`` is "error" for what is wrong with the rows.
_TABLES = "name string, content binary"
_SCHEMA = pa.schema([("name", pa.string()), ("content", pa.binary())])

#: The columns of the outcomes that an analysis needs.
_NEEDED = {name: type_ for name, type_ in SCHEMA.items() if name not in ("late", "submitted")}
_TYPES = {pl.String(): "string", pl.Float64(): "double", pl.Int64(): "bigint", pl.List(pl.String()): "array<string>"}

#: How many sums one task adds.
_ADDED = 16

Tables = Iterable[tuple[str, pl.DataFrame]]


def write(
    session: SparkSession, results: str, key: Sequence[Path], out: Path | None, pre: str | None, post: str | None
) -> list[Path]:
    """See :func:`civicquiz.spark.report`."""
    require_pair(pre, post)
    if out is None:
        if is_address(results):
            raise ReportError(f"'{results}' is not on this machine; name a folder with --out")
        out = Path(results) if not results.rstrip("/").endswith(".parquet") else Path(results).parent
    rows = _rows(session, results)
    overview = _overview(rows, results)
    keys = load_keys(key, wanted=overview.quizzes)
    plan = Plan.of(overview, keys, pre, post)
    return publish(report_files(_sums(rows, plan, results), keys, pre, post), out)


def _rows(session: SparkSession, results: str) -> DataFrame:
    """The outcomes in the folder ``results``, with the ``file`` and the ``row`` in it of each.

    Raises:
        OutcomesError: they cannot be read, or are not what ``civicquiz grade`` writes.
    """
    place = results.rstrip("/")
    if not place.endswith(".parquet"):
        place = f"{place}/{FILE_NAME}"
    if not is_address(place):
        if not Path(place).exists():
            hint = "Run 'civicquiz grade' first, and name the folder it wrote to"
            raise OutcomesError(f"{display_path(Path(place))}: no such file. {hint}")
        place = Path(place).absolute().as_uri()
    with explained():
        rows = session.read.parquet(place)
        missing = [f"'{name}'" for name in _NEEDED if name not in rows.columns]
        if missing:
            message = f"no column {', '.join(missing)}. 'civicquiz grade' writes all that are needed"
            raise OutcomesError(f"{results}: {message}")
        where = (sql.col("_metadata.file_path").alias("file"), sql.col("_metadata.row_index").alias("row"))
        return rows.select(*(sql.col(name).cast(_TYPES[type_]) for name, type_ in _NEEDED.items()), *where)


def _overview(rows: DataFrame, results: str) -> Any:
    columns = rows.select("learner", "quiz", "question", "status", "score", "max_score")

    def look(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        def found() -> Tables:
            for frame in _frames(batches):
                yield "count", pl.DataFrame({"count": [len(frame)]})
                yield "checked", checked_batch(frame.select(CHECKED))

        yield from _as_tables(found)

    tables = _collected(columns.mapInArrow(look, _TABLES), results)
    count = sum(frame.item() for name, frame in tables if name == "count")
    try:
        return overview_of([frame for name, frame in tables if name == "checked"], count, in_order=True)
    except ValueError as error:
        raise OutcomesError(f"{results}: {error}") from None


def _sums(rows: DataFrame, plan: Plan, results: str) -> Sums:
    """The sums of all rows: of each part first, then of more and more parts, so that nowhere are there many."""
    partitions = max(1, min(200, plan.overview.count // (2 * BATCH)))
    # As they are in the files: the position of a question is that among the rows of its learner.
    learners = rows.repartition(partitions, "learner").sortWithinPartitions("learner", "file", "row")

    def count(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        def found() -> Tables:
            whole = whole_learners(_frames(batches))
            yield from add(sums_of_batch(batch, plan) for batch in whole).items()

        yield from _as_tables(found)

    def add_up(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        tables = [row for batch in batches for row in _tables_in(batch)]
        errors = [(name, content) for name, content in tables if name == "error"]
        if errors:
            yield _batch(errors[:1])
        else:
            yield from _as_tables(lambda: add(_as_sums([(name, _frame(content)) for name, content in tables])).items())

    parts = learners.drop("file", "row").mapInArrow(count, _TABLES)
    while partitions > _ADDED:
        partitions = -(-partitions // _ADDED)
        parts = parts.repartition(partitions).mapInArrow(add_up, _TABLES)
    return add(_as_sums(_collected(parts, results)))


def _as_sums(tables: Sequence[tuple[str, pl.DataFrame]]) -> Iterator[Sums]:
    """Sums that have one of the ``tables`` each: tables that add up need not be of the same part."""
    nothing = {name: pl.DataFrame(schema={**columns, "n": pl.Int64()}) for name, columns in COLUMNS.items()}
    for name, frame in tables:
        yield {**nothing, name: frame}


def _collected(parts: DataFrame, results: str) -> list[tuple[str, pl.DataFrame]]:
    """
    Raises:
        OutcomesError: something is wrong with the rows.
    """
    with explained():
        found = [(name, content) for name, content in parts.collect()]
    for name, content in found:
        if name == "error":
            raise OutcomesError(f"{results}: {content.decode()}")
    return [(name, _frame(content)) for name, content in found]


# ---- On the workers ----


def _frames(batches: Iterable[pa.RecordBatch]) -> Iterator[pl.DataFrame]:
    """Outcomes in frames of about BATCH rows, with the columns that ``rows.prepared`` adds."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows:
            waiting.append(batch)
        if sum(some.num_rows for some in waiting) >= BATCH:
            yield _prepared(waiting)
            waiting = []
    if waiting:
        yield _prepared(waiting)


def _prepared(batches: list[pa.RecordBatch]) -> pl.DataFrame:
    frame = pl.from_arrow(pa.Table.from_batches(batches))
    assert isinstance(frame, pl.DataFrame)
    return prepared(frame.lazy()).collect()


def _as_tables(found: Callable[[], Tables]) -> Iterator[pa.RecordBatch]:
    try:
        yield _batch([(name, _content(frame)) for name, frame in found()])
    except ValueError as error:  # what is wrong with the rows; anything else is a fault of the task
        yield _batch([("error", str(error).encode())])


def _batch(tables: Sequence[tuple[str, bytes]]) -> pa.RecordBatch:
    names, contents = [name for name, _ in tables], [content for _, content in tables]
    return pa.RecordBatch.from_arrays([pa.array(names, pa.string()), pa.array(contents, pa.binary())], schema=_SCHEMA)


def _tables_in(batch: pa.RecordBatch) -> list[tuple[str, bytes]]:
    names, contents = (column.to_pylist() for column in batch.columns)
    return list(zip(names, contents, strict=True))


def _content(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="zstd")
    return stream.getvalue()


def _frame(content: bytes) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(content))
