"""Grading on the workers of a cluster: what was handed in -> outcomes, tables and problems, as ``civicquiz grade``.

Every text is graded for itself, wherever it is. Then the entries of each learner meet in one place, by a shuffle, where
the rule of the ledger says which of them count, and where the results are written by the code that writes them locally.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from pydantic_core import from_json, to_json
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.collecting import FoundText, Learner, Refused, read_roster
from civicquiz.classroom.gradebook.learner_results import (
    LearnerResults,
    ResultsPlan,
    columns_on_platform,
    expected_quizzes,
    marked,
    titles_of,
    unlisted,
)
from civicquiz.classroom.gradebook.ledger import Entry, doubtful_problem, duplicate_problem, takes_place
from civicquiz.classroom.gradebook.options import GradingOptions, Keep
from civicquiz.classroom.gradebook.review import Marks, read_marks
from civicquiz.classroom.gradebook.text_grader import Graded, TextGrader
from civicquiz.classroom.outcomes_file import OutcomesBatch
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.spark.sessions import explained
from civicquiz.spark.texts import Position, Sources

__all__ = ["PROBLEM", "WRITTEN", "SparkGrading", "problems_in"]

#: The columns of ``outcomes.parquet``, as Spark and as Arrow name their types.
OUTCOMES = (
    "learner string, quiz string, version string, question string, type string, objectives array<string>, "
    "status string, score double, max_score double, response string, attempts bigint, seconds double, "
    "certainty bigint, late boolean, submitted string"
)
_ARROW = {
    "string": pa.string(),
    "array<string>": pa.list_(pa.string()),
    "double": pa.float64(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "binary": pa.binary(),
}


def _arrow(columns: str) -> pa.Schema:
    pairs = (column.split() for column in columns.split(", "))
    return pa.schema([(name, _ARROW[type_]) for name, type_ in pairs])


#: A text that was graded: the learner and the ``entry``, which are null if it could not be graded, and its problems.
_GRADED = (
    "learner string, quiz string, doubtful boolean, file bigint, number bigint, name string, score double, "
    "late boolean, submitted string, saved string, again bigint, turn bigint, place string, platform string, "
    "seed bigint, language string, upload string, rows binary, problems binary"
)

#: A piece of a file of the results, in order of ``part`` and ``number``: a CSV table without its headings, or one of
#: the tables below.
PARTS = "name string, part bigint, number bigint, content binary"
#: The problems of an entry, by its position; what was written of a part, one for each. The problems of a text are named
#: so that they come before those of the entry in it.
PROBLEM, WRITTEN, _PROBLEM_OF_TEXT = "problem", "written", "a problem"

#: Texts, learners and rows that a worker has in memory at a time.
_TEXTS, _LEARNERS, _ROWS = 1_000, 2_000, 40_000


@dataclass(frozen=True)
class _Told:
    """What every worker is told: it is sent to each of them once."""

    grader: TextGrader
    sources: Sources
    marks: Marks | None
    keep: Keep


class SparkGrading:
    """What was handed in, graded on a cluster.

    Attributes:
        quizzes: the names of the quizzes that everybody has rows and columns of.
        plan: what has to be known before results are written.
        graders: the graders of all quizzes.
        remarks: sentences about the files for a platform.
        marks: the marks that a person gave.
    """

    def __init__(self, session: SparkSession, options: GradingOptions, skip: Path | None = None) -> None:
        """Grades with ``options``, of which the folder of the results, the pages and the number of processes do not
        matter here. The folder ``skip`` is left out.

        Raises:
            CivicquizError: a key, the roster, the marks or what was handed in cannot be used.
        """
        self._session, self._options = session, options
        self._roster = read_roster(options.roster) if options.roster else None
        grader = TextGrader(
            options.keys, self._roster, due=options.due, versions=options.versions, per_learner=options.per_learner
        )
        self.marks = read_marks(options.marks) if options.marks else None
        with explained():
            sources = Sources.found(session, options.paths, grader, skip)
            known = _Told(grader, sources.to_send(), self.marks, options.keep)
            self._known = session.sparkContext.broadcast(known)
            self.graded = self._graded(sources).persist(StorageLevel.DISK_ONLY)
            quizzes, count = self._overview()
        self.quizzes = tuple(sorted(quizzes | expected_quizzes(options.keys)))
        count += len(self._roster.learners) if self._roster else 0
        # Small ones take less memory and are lost with less work; more than are needed take longer.
        cores = session.sparkContext.defaultParallelism
        self._partitions = max(1, min(2 * cores, count // 1_000), count // 20_000)
        self.titles = titles_of({name: grader.graders[name] for name in self.quizzes})
        platform, columns, self.remarks = columns_on_platform(self._roster, self.titles)
        self.plan, self.graders = ResultsPlan(self.quizzes, platform, columns, options.review), grader.graders

    def _graded(self, sources: Sources) -> DataFrame:
        """What every text earned."""
        known = self._known
        parts = []
        if sources.lines is not None:
            parts.append(sources.lines.mapInArrow(lambda batches: _grade_lines(batches, known), _GRADED))
        if sources.contents is not None:
            parts.append(sources.contents.mapInArrow(lambda batches: _grade_contents(batches, known), _GRADED))
        if sources.others or not parts:
            numbers = self._session.createDataFrame(pa.table({"number": pa.array(sources.others, pa.int64())}))
            spread = min(len(sources.others), 50 * self._session.sparkContext.defaultParallelism)
            numbers = numbers.repartition(max(1, spread))
            parts.append(numbers.mapInArrow(lambda batches: _grade_files(batches, known), _GRADED))
        return reduce(DataFrame.union, parts)

    def _entries(self) -> DataFrame:
        return self.graded.where(sql.col("learner").isNotNull())

    def _overview(self) -> tuple[set[str], int]:
        """(the quizzes of the entries that count, how many entries there are). An entry that is doubtful does not count
        if its learner has another."""
        entries = self._entries()
        found = entries.groupBy("quiz").agg(sql.min("doubtful"), sql.count("*")).collect()
        quizzes = {quiz for quiz, doubtful, _ in found if not doubtful}
        if len(quizzes) < len(found):
            learners = entries.where(~sql.col("doubtful")).select("learner")
            alone = entries.where("doubtful").join(learners, "learner", "left_anti")
            quizzes |= {quiz for (quiz,) in alone.select("quiz").distinct().collect()}
        return quizzes, sum(count for *_, count in found)

    def _sorted(self) -> DataFrame:
        """The entries of each learner in one partition, in the order in which they were found. Everybody on the roster
        is there, in a row without an entry, which comes first."""
        entries = self._entries().drop("problems")
        if self._roster:
            learners = self._session.createDataFrame(
                pa.table({"learner": pa.array(self._roster.learners, pa.string())})
            )
            nothing = (sql.lit(None).cast(type_).alias(name) for name, type_ in entries.dtypes if name != "learner")
            entries = entries.unionByName(learners.select("learner", *nothing))
        return entries.repartitionByRange(self._partitions, "learner").sortWithinPartitions("learner", "file", "number")

    def outcomes(self) -> DataFrame:
        """The rows of outcomes.parquet, sorted by learner, each of whom is in one partition."""
        known, plan = self._known, self.plan
        return self._sorted().mapInArrow(lambda batches: _outcomes(batches, known, plan), OUTCOMES)

    def parts(self) -> DataFrame:
        """The tables of the gradebook in pieces, the problems of entries that do not count, and what was written."""
        known, plan = self._known, self.plan
        return self._sorted().mapInArrow(lambda batches: _tables(batches, known, plan), PARTS)

    def problems(self) -> DataFrame:
        """The problems of what was graded, in the columns of PARTS."""
        return self.graded.where(sql.col("problems").isNotNull()).select(
            sql.lit(_PROBLEM_OF_TEXT).alias("name"),
            sql.col("file").alias("part"),
            sql.col("number"),
            sql.col("problems").alias("content"),
        )

    def close(self) -> None:
        """Forget what was graded, also on the workers."""
        self.graded.unpersist()
        self._known.unpersist()


# ---- On the workers ----


def _grade_lines(batches: Iterable[pa.RecordBatch], known: Any) -> Iterator[pa.RecordBatch]:
    grader, sources = known.value.grader, known.value.sources
    counts: dict[tuple[str, int], int] = {}
    for batch in batches:
        yield _as_batch((at, grader.grade(text)) for at, text in sources.texts_of_lines(batch, counts))


def _grade_files(batches: Iterable[pa.RecordBatch], known: Any) -> Iterator[pa.RecordBatch]:
    grader, sources = known.value.grader, known.value.sources
    for batch in batches:
        yield from _as_batches(sources.texts_of_files(batch.column(0).to_pylist(), grader.is_learner), grader)


def _grade_contents(batches: Iterable[pa.RecordBatch], known: Any) -> Iterator[pa.RecordBatch]:
    grader, sources = known.value.grader, known.value.sources
    for batch in batches:
        yield from _as_batches(sources.texts_of_contents(batch, grader.is_learner), grader)


def _as_batches(texts: Iterator[tuple[Position, FoundText | Refused]], grader: TextGrader) -> Iterator[pa.RecordBatch]:
    while some := list(itertools.islice(texts, _TEXTS)):
        yield _as_batch((at, grader.grade(text)) for at, text in some)


def _as_batch(graded: Iterable[tuple[Position, Graded]]) -> pa.RecordBatch:
    schema = _arrow(_GRADED)
    rows = [_graded_row(position, one) for position, one in graded]
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _graded_row(position: Position, graded: Graded) -> tuple[Any, ...]:
    problems = to_json([astuple(problem) for problem in graded.problems]) if graded.problems else None
    entry = graded.entry
    if entry is None:
        return (None, None, None, *position, *(None,) * 13, problems)
    known = (entry.name, entry.score, entry.late, *entry.order, entry.place, entry.platform, entry.seed, entry.language)
    return (entry.learner, entry.quiz, entry.doubtful, *position, *known, entry.upload, entry.packed, problems)


def _entries_of(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, Iterator[tuple[Position, Entry]]]]:
    """Each learner, with the learner's entries in the order in which they were found."""
    rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    for learner, group in itertools.groupby(rows, lambda row: row[0]):
        yield learner, (_entry(*row) for row in group if row[1] is not None)


def _entry(
    learner: str, quiz: str, doubtful: bool, file: int, number: int, name: str, score: float, late: bool, *more: Any
) -> tuple[Position, Entry]:
    submitted, saved, again, turn, place, platform, seed, language, upload, rows = more
    order = (submitted, saved, again, turn)
    own = (platform, doubtful, seed, language, upload)
    return (file, number), Entry(learner, name, quiz, score, late, order, place, rows, *own)


def _counted(
    entries: Iterable[tuple[Position, Entry]], keep: Keep, note: Callable[[Position, SubmissionProblem], object]
) -> list[Entry]:
    """Those of a learner's ``entries`` that count, by quiz, as the ledger has it; ``note`` is called with problems."""
    kept: dict[tuple[str, bool], tuple[Position, Entry]] = {}
    for position, entry in entries:
        group = (entry.quiz, entry.doubtful)
        before = kept[group][1] if group in kept else None
        if before is None or takes_place((entry.order, entry.score), (before.order, before.score), keep):
            kept[group] = position, entry
        if before is not None:
            used = kept[group][1]
            unused = before if used is entry else entry
            note(position, duplicate_problem(entry, unused.place, used.place, keep))
    sure = any(not doubtful for _, doubtful in kept)
    for position, entry in kept.values():
        if sure and entry.doubtful:
            note(position, doubtful_problem(entry))
    return [entry for _, (_, entry) in sorted(kept.items()) if not (sure and entry.doubtful)]


def _outcomes(batches: Iterable[pa.RecordBatch], known: Any, plan: ResultsPlan) -> Iterator[pa.RecordBatch]:
    graders = {name: known.value.grader.graders[name] for name in plan.quizzes}
    marks, keep = known.value.marks, known.value.keep
    table = OutcomesBatch({name: grader.quiz for name, grader in graders.items()})
    for learner, entries in _entries_of(batches):
        by_quiz = {entry.quiz: entry for entry in _counted(entries, keep, lambda position, problem: None)}
        for name, grader in graders.items():
            entry = by_quiz.get(name)
            rows, _ = marked(learner, grader, entry, marks)
            late, submitted = (entry.late, entry.submitted) if entry else (False, "")
            table.add(learner, name, rows, late=late, submitted=submitted)
        if len(table) >= _ROWS:
            yield from _as_arrow(table.frame())
            table.clear()
    yield from _as_arrow(table.frame())


def _as_arrow(frame: pl.DataFrame) -> list[pa.RecordBatch]:
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    batches: list[pa.RecordBatch] = table.cast(_arrow(OUTCOMES)).to_batches()
    return batches


def _tables(batches: Iterable[pa.RecordBatch], known: Any, plan: ResultsPlan) -> Iterator[pa.RecordBatch]:
    from pyspark import TaskContext

    context = TaskContext.get()
    part = context.partitionId() if context else 0
    grader, keep = known.value.grader, known.value.keep
    learners = _entries_of(batches)
    for number in itertools.count():
        some = list[tuple[str, int, int, bytes]]()

        def note(position: Position, problem: SubmissionProblem, into: list[Any] = some) -> None:
            into.append((PROBLEM, *position, to_json([astuple(problem)])))

        with tempfile.TemporaryDirectory() as folder:
            used, any_learner = 0, False
            own = LearnerResults(Path(folder), grader.graders, plan, known.value.marks, continued=True, outcomes=False)
            with closing(own) as results:
                for learner, found in itertools.islice(learners, _LEARNERS):
                    any_learner = True
                    entries = _counted(found, keep, note)
                    used += len(entries)
                    results.write(_learner(learner, entries, grader), entries)
                written = results.finish()
            if not any_learner:
                return
            tables = sorted(Path(folder).glob("*.csv"))
            some += [(table.name, part, number, table.read_bytes()) for table in tables]
        problems = [(astuple(at), reason) for at, reason in written.problems]
        content = (used, written.rows, written.waiting, [astuple(at) for at in written.used_marks], problems)
        some.append((WRITTEN, part, number, to_json(content)))
        schema = _arrow(PARTS)
        arrays = [pa.array(values, field.type) for values, field in zip(zip(*some, strict=True), schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _learner(learner: str, entries: list[Entry], grader: TextGrader) -> Learner:
    return grader.roster.learners[learner] if grader.roster else unlisted(learner, entries)


def problems_in(content: bytes) -> Sequence[SubmissionProblem]:
    """The problems in a PROBLEM."""
    return [SubmissionProblem(*values) for values in from_json(content)]
