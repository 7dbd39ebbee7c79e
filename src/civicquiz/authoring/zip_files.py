"""What is checked of a zip file of strangers before anything in it is read: its list of files, and each entry."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from typing import IO

__all__ = ["BROKEN", "MAX_RATIO", "is_bomb", "is_link", "leads_outside", "lists_too_many", "needs_password"]

#: How many times larger an entry may be unpacked than packed, not counting the first megabyte.
MAX_RATIO = 200

#: The errors of a damaged archive, and of one that was packed in a way that Python cannot read.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError),
    *(MemoryError, OverflowError, struct.error, LookupError, AttributeError),
)

#: Bytes that an entry takes in the list of files if its name and its comment are long.
_LONGEST_ENTRY = 1_000


def lists_too_many(stream: IO[bytes], most: int) -> bool:
    """Whether the list at the end of an archive (APPNOTE 6.3.10, section 4.3.16) is far too long for ``most`` entries.

    Reading the list takes many times the memory that it takes in the file. The stream is at its start afterwards.
    """
    stream.seek(0, io.SEEK_END)
    stream.seek(max(0, stream.tell() - 65_557))
    end = stream.read()
    place = end.rfind(b"PK\x05\x06")
    size = int.from_bytes(end[place + 12 : place + 16], "little") if place >= 0 else 0
    stream.seek(0)
    return size > most * _LONGEST_ENTRY


def leads_outside(name: str) -> bool:
    """Whether the path of an entry could lead out of a folder on some system."""
    parts = [part for part in name.split("/") if part != "."] or [""]
    return name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts


def is_link(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a symbolic link."""
    return stat.S_ISLNK(entry.external_attr >> 16)


def needs_password(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is encrypted."""
    return bool(entry.flag_bits & 1)


def is_bomb(entry: zipfile.ZipInfo, most: int = MAX_RATIO) -> bool:
    """Whether an entry is more than ``most`` times larger than it was packed, by what the archive says."""
    return entry.file_size > 1_000_000 + most * entry.compress_size
