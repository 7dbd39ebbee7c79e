"""A file that was given to be imported: its bytes, and the same as text, as far as they are any."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from civicquiz.errors import ExchangeError, display_path

__all__ = ["MAX_BYTES", "GivenFile", "read_given"]

#: The most bytes that a file may have.
MAX_BYTES = 50_000_000

#: The encoding that an XML file says it has (XML 1.0, section 4.3.3), and those that are believed.
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_BELIEVED = re.compile(
    r"us-ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|latin-?1|macintosh|koi8-[ru]|shift_jis|gb2312|gbk|gb18030|"
    r"big5|euc-(?:jp|kr)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GivenFile:
    """A file to import: what it is called in messages, and its content."""

    path: Path
    content: bytes

    @property
    def called(self) -> str:
        """The file as a person would write it."""
        return display_path(self.path)

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return self.path.stem

    @cached_property
    def _decoded(self) -> tuple[str | None, str]:
        """(text, encoding); the text is None if the content is not text."""
        for start, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
            if self.content.startswith(start):
                return _decode(self.content, encoding), encoding
        if b"\0" in self.content[:1000]:
            encoding = _utf_16_without_mark(self.content[:1000])
            return (_decode(self.content, encoding), encoding) if encoding else (None, "")
        declared = _DECLARED.match(self.content)
        name = declared[1].decode() if declared else ""
        if _BELIEVED.fullmatch(name) and (text := _decode(self.content, name)) is not None:
            return text, name
        text = _decode(self.content, "utf-8-sig")
        return (text, "utf-8") if text is not None else (_decode(self.content, "cp1252"), "cp1252")

    @property
    def text(self) -> str | None:
        """The content as text, in UTF-8, UTF-16, the encoding that an XML file declares, or Windows-1252; None if it is
        not text."""
        return self._decoded[0]

    @property
    def is_guessed(self) -> bool:
        """Whether the encoding is only a guess: every file that is not UTF-8 could be in Windows-1252."""
        return self._decoded[1] == "cp1252"


def _utf_16_without_mark(start: bytes) -> str:
    """The order of the bytes of a text in UTF-16, most of whose characters are Latin; "" if it is not one."""
    counts = {encoding: start[first::2].count(0) for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be"))}
    encoding = max(counts, key=lambda name: counts[name])
    return encoding if counts[encoding] > len(start) / 4 and min(counts.values()) == 0 else ""


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_given(path: Path) -> GivenFile:
    """The file at ``path``.

    Raises:
        ExchangeError: it cannot be read, is empty, or has more than :data:`MAX_BYTES`.
    """
    shown = display_path(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ExchangeError(f"'{shown}' is neither a file nor a folder")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise ExchangeError(f"'{shown}' is a folder; name the files in it") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise ExchangeError(f"'{shown}' cannot be read: {reason}") from None
    if len(content) > MAX_BYTES:
        raise ExchangeError(f"'{shown}' is larger than {MAX_BYTES // 1_000_000} MB; export it in several parts")
    if not content.removeprefix(codecs.BOM_UTF8).strip(b"\xfe\xff \t\r\n\f\v"):
        raise ExchangeError(f"'{shown}' is empty")
    return GivenFile(path, content)
