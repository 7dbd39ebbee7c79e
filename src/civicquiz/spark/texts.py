"""What learners handed in, as Spark reads it: lines of JSON Lines in blocks, other files one at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.collecting import HERE, NOTED_TIME, FoundFile, FoundText, Refused, found_files
from civicquiz.classroom.gradebook.text_grader import TextGrader
from civicquiz.errors import GradingError, display_path
from civicquiz.spark.addresses import (
    AddressFiles,
    found_at,
    is_address,
    normal_address,
    paths_of,
    whole_files,
)

__all__ = ["Position", "Sources"]

#: Where a text was found: the number of its file, and its line or, in an archive, its number.
Position = tuple[int, int]
#: The names of JSON Lines that Spark unpacks.
_PACKED_LINES = re.compile(r"\.(jsonl|ndjson)\.(gz|bz2|zst|lz4|snappy|deflate)$", re.IGNORECASE)
Texts = Iterator[tuple[Position, FoundText | Refused]]


@dataclass(frozen=True)
class Sources:
    """The files that were handed in, in the order in which they are read.

    Attributes:
        files: all of them, and what is refused. Their numbers are their indexes.
        others: the numbers of what is neither JSON Lines nor has ``contents``.
        before: for each path of a JSON Lines file as Spark writes it, its numbers, of which there are several if it was
            named more than once, and for each block of it, by the byte at which it starts, how many lines come before.
        lines: the lines of all JSON Lines files, as ``path``, ``start`` and ``line``; None if there are none.
        at_address: the numbers of the files at an address that have ``contents``, by the address, which is written as
            ``normal_address`` writes it.
        empty: the numbers of other files at an address, which are empty, or of which the name says enough.
        notes: for files at an address, what nbgrader noted next to them of the time, by their number.
        contents: the files at an address that can have answers, as ``path`` and ``content``; None if there are none.
    """

    files: Sequence[FoundFile | Refused]
    others: Sequence[int]
    before: Mapping[str, tuple[Sequence[int], Mapping[int, int]]]
    lines: DataFrame | None = None
    at_address: Mapping[str, Sequence[int]] = field(default_factory=dict)
    empty: Collection[int] = frozenset()
    notes: Mapping[int, bytes] = field(default_factory=dict)
    contents: DataFrame | None = None

    @classmethod
    def found(
        cls, session: SparkSession, paths: Sequence[str | Path], grader: TextGrader, skip: Path | None
    ) -> Sources:
        """The sources under ``paths``; the folder ``skip`` is left out.

        Raises:
            GradingError: Spark does not read one of the files.
        """
        files: list[FoundFile | Refused] = []
        with_lines, at_address = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        empty, notes = set[int](), dict[int, bytes]()
        here: dict[str, Path] = {}
        named = [one for path in paths for one in (paths_of(str(path)) if is_address(path) else [path])]
        for path in named:
            if not is_address(path):
                for found in found_files([path], skip, grader.is_learner):
                    if isinstance(found, FoundFile) and found.has_lines and found.path.is_file():
                        address = f"file:{_without_dots(found.path)}"
                        here[address] = found.path
                        with_lines[address].append(len(files))
                    files.append(found)
                continue
            there = found_at(session, str(path))
            for found in there.found_files(grader.is_learner):
                if isinstance(found, FoundFile) and _is_read_in_blocks(found):
                    with_lines[found.place].append(len(files))
                elif isinstance(found, FoundFile):
                    if found.path in there.full:
                        at_address[found.place].append(len(files))
                    else:
                        empty.add(len(files))
                    if note := there.notes.get(found.path.with_name(NOTED_TIME)):
                        notes[len(files)] = note
                files.append(found)
        lines = _lines(session, with_lines)
        before = _before(lines, with_lines, here) if lines else {}
        contents = None
        if at_address:
            contents = whole_files(session, [str(path) for path in dict.fromkeys(named) if is_address(path)])
            lost = at_address.keys() - {normal_address(unquote(file)) for file in contents.inputFiles()}
            if lost:
                raise GradingError(f"Spark does not find '{min(lost)}' again (try again)")
        read = {number for numbers in (*with_lines.values(), *at_address.values()) for number in numbers}
        others = [number for number in range(len(files)) if number not in read]
        return cls(files, others, before, lines, dict(at_address), empty, notes, contents)

    def to_send(self) -> Sources:
        """The same, to be sent to workers."""
        return replace(self, lines=None, contents=None)

    def texts_of_lines(self, batch: pa.RecordBatch, counts: dict[tuple[str, int], int]) -> Texts:
        """(position, text) of the ``lines`` in a batch; ``counts`` has how many lines of each block there were so far,
        and is changed."""
        paths, starts, lines = (column.to_pylist() for column in batch.columns)
        for path, start, line in zip(paths, starts, lines, strict=True):
            counts[path, start] = counts.get((path, start), 0) + 1
            numbers, before = self.before[path]
            at = before[start] + counts[path, start]
            for number in numbers:
                found = self.files[number]
                text = found.line(at, line) if isinstance(found, FoundFile) else found
                if text is not None:
                    yield (number, at), text

    def texts_of_contents(self, batch: pa.RecordBatch, is_learner: Callable[[str], bool]) -> Texts:
        """(position, text) of all texts in the files whose ``contents`` are in a batch."""
        paths, contents = (column.to_pylist() for column in batch.columns)
        for path, content in zip(paths, contents, strict=True):
            for number in self.at_address.get(normal_address(path), ()):
                yield from self._texts(number, is_learner, content)

    def texts_of_files(self, numbers: Sequence[int], is_learner: Callable[[str], bool]) -> Texts:
        """(position, text) of all texts in the files with these ``numbers``."""
        for number in numbers:
            yield from self._texts(number, is_learner, b"" if number in self.empty else None)

    def _texts(self, number: int, is_learner: Callable[[str], bool], content: bytes | None) -> Texts:
        """The texts in the file with this number, which is one of this machine if its ``content`` is None."""
        found = self.files[number]
        if isinstance(found, Refused):
            yield (number, 0), found
            return
        files = HERE
        if content is not None:
            note = {found.path.with_name(NOTED_TIME): self.notes[number]} if number in self.notes else {}
            files = AddressFiles("", contents={found.path: content, **note})
        for index, text in enumerate(found.texts(is_learner=is_learner, files=files)):
            yield (number, index), text


def _is_read_in_blocks(found: FoundFile) -> bool:
    """Whether a file at an address is read as JSON Lines. Spark unpacks one that is compressed."""
    return found.has_lines or (not found.in_folder and _PACKED_LINES.search(found.path.name) is not None)


def _without_dots(path: Path) -> Path:
    """A path of this machine as Spark writes it."""
    return path.parent.resolve() / path.name if ".." in path.parts else path.absolute()


def _lines(session: SparkSession, addresses: Collection[str]) -> DataFrame | None:
    """The lines of the files at these addresses."""
    if not addresses:
        return None
    # Lines end where they end for us, and not at other signs that Java takes for ends of lines. In an address, Spark
    # takes some signs for a pattern.
    escaped = [re.sub(r"([\[\]{}*?\\])", r"\\\1", address) for address in addresses]
    lines = session.read.option("lineSep", "\n").text(escaped)
    return lines.select(
        sql.col("_metadata.file_path").alias("path"),
        sql.col("_metadata.file_block_start").alias("start"),
        sql.col("value").cast("binary").alias("line"),
    )


def _before(
    lines: DataFrame, numbers: Mapping[str, Sequence[int]], here: Mapping[str, Path]
) -> Mapping[str, tuple[Sequence[int], Mapping[int, int]]]:
    """``Sources.before`` for files with these ``numbers``, by address; those of this machine are ``here``.

    Raises:
        GradingError: Spark does not read one of the files.
    """
    before: dict[str, tuple[Sequence[int], dict[int, int]]] = {}
    read = set()
    count = 0
    for path, start, lines_in_block in sorted(lines.groupBy("path", "start").count().collect()):
        if path not in before:
            address = normal_address(unquote(path))
            if address not in numbers:
                raise GradingError(f"Spark reads '{path}', which it has not found before (try again)")
            read.add(address)
            before[path], count = (numbers[address], {}), 0
        before[path][1][start] = count
        count += lines_in_block
    for address, file in here.items():
        if address not in read and file.stat().st_size:
            hint = "rename it, if its name begins with '_' or '.'"
            raise GradingError(f"Spark does not read '{display_path(file)}' ({hint})")
    return before
