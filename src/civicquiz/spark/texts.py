"""What learners handed in, as Spark reads it: lines of JSON Lines in blocks, other files one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.collecting import FoundFile, FoundText, Layout, Refused, found_files
from civicquiz.classroom.gradebook.text_grader import TextGrader
from civicquiz.errors import GradingError, display_path

__all__ = ["Position", "Sources", "is_address"]

#: Where a text was found: the number of its file, and its line or, in an archive, its number.
Position = tuple[int, int]


def is_address(path: str | Path) -> bool:
    """Whether a path is an address such as ``s3a://bucket/class.jsonl``, which only Spark can read."""
    return isinstance(path, str) and re.match(r"[a-z][a-z0-9+.-]*://", path, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Sources:
    """The files that were handed in, in the order in which they are read.

    Attributes:
        files: all of them, and what is refused. Their numbers are their indexes.
        before: for each path of a JSON Lines file as Spark writes it, its number, and for each block of it, by the byte
            at which it starts, how many lines come before it.
        lines: the lines of all JSON Lines files, as ``path``, ``start`` and ``line``; None if there are none.
    """

    files: Sequence[FoundFile | Refused]
    before: Mapping[str, tuple[int, Mapping[int, int]]]
    lines: DataFrame | None

    @classmethod
    def found(
        cls, session: SparkSession, paths: Sequence[str | Path], grader: TextGrader, skip: Path | None
    ) -> Sources:
        """The sources under ``paths``; the folder ``skip`` is left out.

        Raises:
            GradingError: Spark does not read one of the files.
        """
        files: list[FoundFile | Refused] = []
        read: list[str] = []
        expected: dict[str, int] = {}
        for path in paths:
            if is_address(path):
                read.append(str(path))
                continue
            for found in found_files([path], skip, grader.is_learner):
                if isinstance(found, FoundFile) and found.has_lines and found.path.is_file():
                    expected[str(found.path.absolute())] = len(files)
                    read.append(_escaped(found.path.absolute()))
                files.append(found)
        if not read:
            return cls(files, {}, None)
        # Lines end where they end for us, and not at other signs that Java takes for ends of lines.
        lines = session.read.option("lineSep", "\n").text(read)
        lines = lines.select(
            sql.col("_metadata.file_path").alias("path"),
            sql.col("_metadata.file_block_start").alias("start"),
            sql.col("value").cast("binary").alias("line"),
        )
        blocks = sorted(lines.groupBy("path", "start").count().collect())
        before: dict[str, tuple[int, dict[int, int]]] = {}
        count = 0
        for path, start, lines_in_block in blocks:
            if path not in before:
                number = expected.pop(unquote(urlsplit(path).path), None) if path.startswith("file:") else None
                if number is None:
                    number = len(files)
                    name = PurePosixPath(unquote(urlsplit(path).path)).name
                    if not re.search(r"\.(jsonl|ndjson)(\.\w+)?$", name, re.IGNORECASE):
                        hint = "at an address, name JSON Lines files; folders and archives need a path on all workers"
                        raise GradingError(f"'{unquote(path)}' does not end in .jsonl or .ndjson ({hint})")
                    files.append(FoundFile(Path(name), unquote(path), (name,), Layout(), in_folder=False))
                before[path], count = (number, {}), 0
            before[path][1][start] = count
            count += lines_in_block
        for name in expected:
            if Path(name).stat().st_size:
                hint = "rename it, if its name begins with '_' or '.'"
                raise GradingError(f"Spark does not read '{display_path(Path(name))}' ({hint})")
        return cls(files, before, lines)

    def other_numbers(self) -> list[int]:
        """The numbers of files that are not JSON Lines, and of what is refused."""
        read = {number for number, _ in self.before.values()}
        return [
            number
            for number, found in enumerate(self.files)
            if number not in read and not (isinstance(found, FoundFile) and found.has_lines and found.path.is_file())
        ]

    def without_lines(self) -> Sources:
        """The same, to be sent to workers."""
        return Sources(self.files, self.before, None)

    def texts_of_lines(self, batch: pa.RecordBatch, counts: dict[tuple[str, int], int]) -> Iterator[Any]:
        """(position, text) of the ``lines`` in a batch; ``counts`` has how many lines of each block there were so far,
        and is changed."""
        paths, starts, lines = (column.to_pylist() for column in batch.columns)
        for path, start, line in zip(paths, starts, lines, strict=True):
            counts[path, start] = counts.get((path, start), 0) + 1
            file, before = self.before[path]
            number = before[start] + counts[path, start]
            found = self.files[file]
            text = found.line(number, line) if isinstance(found, FoundFile) else found
            if text is not None:
                yield (file, number), text

    def texts_of_files(
        self, numbers: Sequence[int], grader: TextGrader
    ) -> Iterator[tuple[Position, FoundText | Refused]]:
        """(position, text) of all texts in the files with these ``numbers``."""
        for number in numbers:
            found = self.files[number]
            texts = [found] if isinstance(found, Refused) else found.texts(is_learner=grader.is_learner)
            for index, text in enumerate(texts):
                yield (number, index), text


def _escaped(path: Path) -> str:
    """The address of a file, for Spark, which would take some signs in a name for a pattern."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", str(path))
