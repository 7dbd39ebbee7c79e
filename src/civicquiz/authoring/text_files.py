"""Text files from outside: decoded, and never read beyond a limit."""

from __future__ import annotations

import codecs
from pathlib import Path

__all__ = ["TextFileError", "line_and_column", "read_text", "read_utf8"]


class TextFileError(ValueError):
    """A file cannot be read as text. The message says why and does not name the file; ``hint`` says what to do.

    ``line`` and ``column`` count from 1.
    """

    def __init__(self, message: str, hint: str = "", line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.hint, self.line, self.column = hint, line, column


def read_utf8(path: str | Path, limit: int) -> str:
    """The text of a UTF-8 file of at most ``limit`` bytes, with or without a byte order mark.

    Raises:
        TextFileError: the file cannot be read, is larger, or is not UTF-8.
    """
    content = _content(path, limit).removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = line_and_column(content[: error.start].decode("utf-8"))
        message = f"is not UTF-8 (byte 0x{content[error.start]:02x})"
        raise TextFileError(message, "save it as UTF-8 in your editor", line, column) from None


def read_text(path: str | Path, limit: int) -> str:
    """The text of a file of at most ``limit`` bytes that a spreadsheet saved: UTF-8, UTF-16 with a byte order mark, or
    Windows-1252, which Excel writes as "CSV" in the West.

    Raises:
        TextFileError: the file cannot be read, is larger, or is not in any of these encodings.
    """
    content = _content(path, limit)
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise TextFileError("is not text that can be read", "save it as 'CSV UTF-8'") from None


def _content(path: str | Path, limit: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(limit + 1)
    except IsADirectoryError:
        raise TextFileError("cannot be read: it is a folder", "name a file in it") from None
    except (OSError, ValueError) as error:  # the latter for a NUL in the path
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise TextFileError(f"cannot be read: {reason}", "check the path") from None
    if len(content) > limit:
        raise TextFileError(f"is larger than {_size(limit)}", "split it")
    return content


def line_and_column(before: str) -> tuple[int, int]:
    """The position after the text ``before``; both count from 1."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _size(limit: int) -> str:
    return f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1000} kB"
