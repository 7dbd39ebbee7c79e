"""The files that were handed in, as they are looked at and opened."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path
from typing import IO, Literal

from civicquiz.authoring.zip_files import BROKEN, lists_too_many
from civicquiz.errors import display_path

__all__ = ["HERE", "SIBLING", "EntryType", "Files", "names_in_archive", "writable"]

EntryType = Literal["file", "folder", "link", "other"]

#: How many bytes are read of a file next to a submission.
SIBLING = 200


class Files:
    """The files of this machine. Those of another place are a class of their own, with the same methods, which raise an
    OSError for what cannot be read."""

    def place(self, path: Path) -> str:
        """What a person is told about where ``path`` is."""
        return writable(display_path(path))

    def resolved(self, path: Path) -> Path:
        """The ``path`` with the names of all folders above it, and without links."""
        return path.resolve()

    def is_folder(self, path: Path) -> bool:
        """Whether there is a folder at ``path``, or a link to one."""
        return path.is_dir()

    def entries(self, folder: Path) -> list[tuple[str, EntryType]]:
        """What is in a folder, sorted by name."""
        with os.scandir(folder) as listing:
            return sorted((entry.name, _type_of(entry)) for entry in listing)

    def is_file(self, path: Path) -> bool:
        """Whether there is a regular file at ``path``, or a link to one."""
        return stat.S_ISREG(path.stat().st_mode)

    def size(self, path: Path) -> int:
        """How many bytes a file has."""
        return path.stat().st_size

    def open(self, path: Path) -> IO[bytes]:
        """A file, to be read."""
        return path.open("rb")

    def names_in(self, archive: Path, most: int) -> list[str]:
        """The names in an archive; none if it cannot be read, or has more than ``most``."""
        try:
            with self.open(archive) as stream:
                return names_in_archive(stream, most)
        except OSError:
            return []

    def read_sibling(self, path: Path, name: str) -> bytes | None:
        """The beginning of the file with that ``name`` next to ``path``; None if there is none, or it is a link."""
        other = path.with_name(name)
        try:
            if not stat.S_ISREG(other.lstat().st_mode):
                return None
            with other.open("rb") as stream:
                return stream.read(SIBLING)
        except OSError:
            return None


#: The files of this machine.
HERE = Files()


def _type_of(entry: os.DirEntry[str]) -> EntryType:
    if entry.is_symlink():
        return "link"
    if entry.is_dir():
        return "folder"
    return "file" if entry.is_file() else "other"


def names_in_archive(stream: IO[bytes], most: int) -> list[str]:
    """The names in an archive; none if it cannot be read, or has more than ``most``."""
    if lists_too_many(stream, most):
        return []
    try:
        with zipfile.ZipFile(stream) as archive:
            return archive.namelist()
    except BROKEN:
        return []


def writable(name: str) -> str:
    """A file name, which may not be valid Unicode, as a text that can be written."""
    return name.encode("utf-8", "replace").decode()
