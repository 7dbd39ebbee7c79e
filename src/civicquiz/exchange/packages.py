"""Packages of files, such as the zip files that platforms export; any other file is a package of itself.

Nothing is written to the disk, so that no path in an archive leads anywhere. An archive whose paths would lead out of
it is refused all the same: no program exports one. How much is unpacked is bounded before and while it is read.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from civicquiz.authoring.zip_files import (
    BROKEN,
    MAX_RATIO,
    is_bomb,
    is_link,
    leads_outside,
    lists_too_many,
    needs_password,
)
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import MAX_BYTES, GivenFile
from civicquiz.exchange.xml_text import first_tag

__all__ = ["Package", "is_zip"]

#: The most files in an archive, and the most bytes of all of them.
MAX_ENTRIES = 10_000
MAX_UNPACKED = 300_000_000

#: How platforms call the folder of the files of a package.
_BASE = re.compile(r"\$?(?:IMS[-_]CC[-_]FILE_?BASE)\$?/?|%24IMS-CC-FILEBASE%24/?|\$CANVAS_COURSE_REFERENCE\$/?")


def is_zip(file: GivenFile) -> bool:
    """Whether a file is an archive."""
    return file.content.startswith(b"PK\x03\x04")


class Package:
    """The files of an archive by their paths, or a single file.

    Raises:
        ExchangeError: the archive cannot be read, or is not safe to read.
    """

    def __init__(self, file: GivenFile) -> None:
        self._file = file
        self._archive: zipfile.ZipFile | None = None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._by_last_part: dict[str, list[str]] = {}
        if not is_zip(file):
            return
        if lists_too_many(io.BytesIO(file.content), MAX_ENTRIES):
            raise self._error(f"has more than {MAX_ENTRIES:,} files; export it in several parts")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(file.content))
        except BROKEN as error:
            raise self._error(f"is not a readable zip file ({error}); export it again") from None
        entries = [entry for entry in self._archive.infolist() if not entry.filename.endswith("/")]
        if len(entries) > MAX_ENTRIES:
            raise self._error(f"has more than {MAX_ENTRIES:,} files; export it in several parts")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise self._error(f"has more than {MAX_UNPACKED // 1_000_000} MB of files; export it in several parts")
        for entry in entries:
            self._check(entry)
            name = posixpath.normpath(entry.filename)
            if name in self._entries:
                raise self._error(f"has two files with the name '{name[:200]}'; export it again")
            self._entries[name] = entry
            self._by_last_part.setdefault(posixpath.basename(name), []).append(name)

    def _error(self, message: str) -> ExchangeError:
        return ExchangeError(f"'{self._file.called}' {message}")

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename[:200]
        if leads_outside(entry.filename):
            raise self._error(f"has a file '{name}', whose path leads outside of the archive; it is not safe")
        if is_link(entry):
            raise self._error(f"has a file '{name}' that is a link to another one; put the file itself there")
        if needs_password(entry):
            raise self._error(f"has a file '{name}' with a password; export it without")
        if is_bomb(entry):
            raise self._error(f"has a file '{name}' that is more than {MAX_RATIO} times larger unpacked than packed")

    @property
    def names(self) -> list[str]:
        """The paths of its files; none if it is a single file."""
        return list(self._entries)

    def read(self, name: str, most: int = MAX_BYTES) -> bytes:
        """The content of a file, or its first ``most`` bytes."""
        assert self._archive is not None
        try:
            with self._archive.open(self._entries[name]) as stream:
                return stream.read(most)
        except BROKEN as error:
            raise self._error(f"is damaged at '{name[:200]}' ({error}); export it again") from None

    def file(self, name: str) -> GivenFile:
        """A file of it, by its path; the file itself if that is empty."""
        if not name:
            return self._file
        return GivenFile(Path(f"{self._file.called}, {name}"), self.read(name))

    def with_root(self, tags: Iterable[str]) -> Iterator[str]:
        """The paths of the XML files that begin with one of these elements, in order; "" for the file itself."""
        wanted = frozenset(tags)
        if self._archive is None:
            if first_tag(self._file.text or "") in wanted:
                yield ""
            return
        for name in sorted(self._entries, key=_in_order):
            if name.lower().endswith((".xml", ".qti")):
                start = GivenFile(Path(name), self.read(name, 6_000))
                if first_tag(start.text or start.content.decode("latin-1")) in wanted:
                    yield name

    def reader_at(self, base: str) -> Callable[[str], bytes | None]:
        """What reads a file by the address that a text in the file ``base`` has for it; None if there is none."""

        def read(address: str) -> bytes | None:
            path = unquote(_BASE.sub("", address).partition("?")[0].partition("#")[0]).lstrip("/")
            tried = (posixpath.join(posixpath.dirname(base), path), path, f"web_resources/{path}")
            found = next((name for name in map(posixpath.normpath, tried) if name in self._entries), None)
            if found is None:
                alike = self._by_last_part.get(posixpath.basename(path), [])
                found = alike[0] if len(alike) == 1 else None
            return self.read(found) if found else None

        return read


def _in_order(name: str) -> list[int | str]:
    """A key that puts item2 before item10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d{1,99})", name)]
