"""Folders, archives and other files at an address that Spark reads, as if they were on this machine."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

import pyarrow as pa
from pydantic_core import from_json, to_json
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from civicquiz.classroom.collecting import (
    NOTED_TIME,
    SIBLING,
    EntryType,
    Files,
    FoundFile,
    Limits,
    Refused,
    found_files,
    names_in_archive,
    writable,
)
from civicquiz.errors import GradingError, UnusableError

__all__ = [
    "AddressFiles",
    "Found",
    "found_at",
    "is_address",
    "normal_address",
    "paths_of",
    "whole_files",
]

#: The names of what is read whole.
_WHOLE = "*.{[jJ][sS][oO][nN],[zZ][iI][pP]}"
#: The names of what is looked into beforehand: archives, and notes of the time.
_LOOKED_INTO = f"{{*.[zZ][iI][pP],{NOTED_TIME}}}"
#: How many bytes a file may have that is read whole.
_MOST_BYTES = 1_000_000_000
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*:)(//[^/]*)?(.*)", re.IGNORECASE | re.DOTALL)


def is_address(path: str | Path) -> bool:
    """Whether a path is an address such as ``s3a://bucket/class.jsonl``."""
    return isinstance(path, str) and re.match(r"[a-z][a-z0-9+.-]*://", path, re.IGNORECASE) is not None


def paths_of(address: str) -> list[str | Path]:
    """The paths of this machine that an address names if it begins with ``file:``; any other address itself, which only
    Spark can read.

    Raises:
        GradingError: there is nothing at the address.
    """
    before, path = _split(address)
    if before.lower() != "file:":
        return [address]
    root = Path(path.anchor)
    found = [path] if path.exists() else sorted(root.glob(path.relative_to(root).as_posix()))
    if not found:
        raise GradingError(f"there is nothing at '{address}'")
    return [*found]


def _split(address: str) -> tuple[str, Path]:
    """(what comes before the path in an address, the path)."""
    found = _ADDRESS.fullmatch(address)
    assert found is not None
    scheme, host, path = found.groups()
    return scheme + ("" if host in (None, "//") else host), Path(posixpath.normpath(path or "/"))


def normal_address(address: str) -> str:
    """An address, always written in the same way: Spark has two for a file of a machine."""
    before, path = _split(address)
    return before + path.as_posix()


class AddressFiles(Files):
    """The files at addresses that all begin alike, as with ``s3a://bucket``."""

    def __init__(
        self,
        before: str,
        paths: Iterable[Path] = (),
        names: Mapping[Path, Sequence[str]] | None = None,
        contents: Mapping[Path, bytes] | None = None,
    ) -> None:
        """What is known of the files: their ``paths``, the ``names`` in archives, or what is in some of them."""
        self._before, self._names, self._contents = before, names or {}, contents or {}
        self._folders: dict[Path, dict[str, EntryType]] = {}
        for path in paths:
            type_: EntryType = "file"
            for folder in path.parents:
                self._folders.setdefault(folder, {})[path.name] = type_
                path, type_ = folder, "folder"

    def place(self, path: Path) -> str:
        return writable(self._before + path.as_posix())

    def resolved(self, path: Path) -> Path:
        return path

    def is_folder(self, path: Path) -> bool:
        return path in self._folders

    def entries(self, folder: Path) -> list[tuple[str, EntryType]]:
        return sorted(self._folders[folder].items())

    def is_file(self, path: Path) -> bool:
        return True

    def size(self, path: Path) -> int:
        return len(self._contents[path])

    def open(self, path: Path) -> IO[bytes]:
        return io.BytesIO(self._contents[path])

    def names_in(self, archive: Path, most: int) -> list[str]:
        known = self._names.get(archive)
        return super().names_in(archive, most) if known is None else list(known)

    def read_sibling(self, path: Path, name: str) -> bytes | None:
        return self._contents.get(path.with_name(name))


def _files(session: SparkSession, addresses: Sequence[str], names: str) -> DataFrame:
    reader = session.read.format("binaryFile").option("recursiveFileLookup", "true").option("pathGlobFilter", names)
    return reader.load(list(addresses))


@dataclass(frozen=True)
class Found:
    """What is at an address.

    Attributes:
        named: the files and folders that it names.
        files: all files there.
        full: those that Spark reads whole: they are not empty, and have _MOST_BYTES at most.
        too_large: those that would be read whole, and have more.
        notes: how the notes of the time begin.
    """

    named: Sequence[Path]
    files: AddressFiles
    full: Collection[Path]
    too_large: Collection[Path]
    notes: Mapping[Path, bytes]

    def found_files(self, is_learner: Callable[[str], bool]) -> Iterator[FoundFile | Refused]:
        """The files, and what is refused, as ``collecting.found_files`` has them."""
        for found in found_files(self.named, None, is_learner, self.files):
            if isinstance(found, FoundFile) and found.path in self.too_large:
                why = UnusableError("too-large", f"larger than the limit of {_MOST_BYTES:,} bytes at an address")
                yield Refused(found.place, found.parts, why, found.layout)
            else:
                yield found


def found_at(session: SparkSession, address: str) -> Found:
    """What is at an address.

    Raises:
        GradingError: the address cannot be understood, or names what Spark does not read.
        PySparkException: Spark cannot read it.
    """
    if _has_slash_in_braces(address):
        raise GradingError(f"'{address}' has '/' between braces (name one address for each of the alternatives)")
    before, asked = _split(address)
    listed = [_split(unquote(file)) for file in _files(session, [address], "*").inputFiles()]
    paths = {path for _, path in listed}
    if not paths and (hidden := next((part for part in asked.parts if part[0] in "_."), None)):
        raise GradingError(f"Spark reads nothing at '{address}' (rename '{hidden}': it must not begin with '_' or '.')")
    full, too_large = set[Path](), set[Path]()
    names: dict[Path, Sequence[str]] = {}
    notes: dict[Path, bytes] = {}
    # Each of these takes Spark some time, and JSON Lines need neither.
    if any(path.suffix.lower() in (".json", ".zip") for path in paths):
        for row in _files(session, [address], _WHOLE).select("path", "length").collect():
            (full if row.length <= _MOST_BYTES else too_large).add(_split(row.path)[1])
    if any(path.suffix.lower() == ".zip" or path.name == NOTED_TIME for path in paths):
        looked_into = _not_too_large(_files(session, [address], _LOOKED_INTO))
        for row in looked_into.mapInArrow(_look, "path string, names binary, note binary").collect():
            path = _split(row.path)[1]
            if row.names is None:
                notes[path] = bytes(row.note)
            else:
                names[path] = from_json(row.names)
    named = {Path(*path.parts[: len(asked.parts)]) for path in paths}
    files = AddressFiles(listed[0][0] if listed else before, paths, names)
    return Found(sorted(named), files, full, too_large, notes)


def _has_slash_in_braces(address: str) -> bool:
    braces = 0
    for sign in address:
        braces += (sign == "{") - (sign == "}")
        if sign == "/" and braces > 0:
            return True
    return False


def _not_too_large(files: DataFrame) -> DataFrame:
    return files.where(sql.col("length") <= _MOST_BYTES).select("path", "content")


def _look(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Of archives the names in them, of other files how they begin."""
    most = Limits().entries
    for batch in batches:
        found: dict[str, list[Any]] = {"path": [], "names": [], "note": []}
        for path, content in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            archive = path.lower().endswith(".zip")
            found["path"].append(path)
            names = names_in_archive(io.BytesIO(content), most) if archive else None
            found["names"].append(names if names is None else to_json(list(map(writable, names))))
            found["note"].append(None if archive else content[:SIBLING])
        types = (pa.string(), pa.binary(), pa.binary())
        yield pa.RecordBatch.from_arrays(
            [pa.array(values, type_) for values, type_ in zip(found.values(), types, strict=True)], names=list(found)
        )


def whole_files(session: SparkSession, addresses: Sequence[str]) -> DataFrame:
    """The files at ``addresses`` that are read whole, as ``path`` and ``content``; each of them once."""
    return _not_too_large(_files(session, addresses, _WHOLE))
