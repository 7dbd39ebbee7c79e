"""Files, folders, archives and JSON Lines -> the texts in them, one at a time and within limits.

Nothing is unpacked to disk, so that no name in an archive can lead out of a folder, and nothing stays in memory longer
than it takes to read it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from civicquiz.authoring.normal_form import visible_form
from civicquiz.authoring.zip_files import (
    BROKEN,
    MAX_RATIO,
    is_bomb,
    is_link,
    leads_outside,
    lists_too_many,
    needs_password,
)
from civicquiz.classroom.collecting.files import HERE, SIBLING, Files, writable
from civicquiz.classroom.collecting.path_hints import Layout, layout_of, stem_of_archive
from civicquiz.errors import UnusableError

__all__ = ["NOTED_TIME", "FoundFile", "FoundText", "Limits", "Refused", "found_files", "long_line", "walk"]

_LINES = (".jsonl", ".ndjson")
#: The file in which nbgrader notes when something was handed in.
NOTED_TIME = "timestamp.txt"
#: Files that operating systems, Jupyter and nbgrader leave next to the files that people hand in; they are not read.
_IGNORED = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini", NOTED_TIME)


@dataclass(frozen=True)
class Limits:
    """How much is read at most. Anything beyond a limit is refused, and reading continues with the rest."""

    #: bytes of one response file, or of one line of a JSON Lines file
    file: int = 2_000_000
    #: entries of one archive
    entries: int = 200_000
    #: bytes of one archive, unpacked
    unpacked: int = 4_000_000_000
    #: how many times larger an archive or an entry may be unpacked than packed, not counting the first megabyte
    ratio: int = MAX_RATIO
    #: bytes of an archive that a learner may have made: inside another, or among files that no platform made
    inner: int = 50_000_000
    #: entries of such an archive
    inner_entries: int = 1_000
    #: bytes that are read of such an archive, unpacked
    inner_unpacked: int = 20_000_000
    #: how deep archives may be nested: 2 is an archive inside the one that a learning platform hands out
    depth: int = 2


def _no_sibling(_: str) -> None:
    return None


@dataclass(frozen=True)
class FoundText:
    """One text that was found. ``place`` says where, for people; ``parts`` are the folders and the file name.

    ``parts[layout.top]`` is directly in the folder or archive that was named.
    """

    place: str
    parts: tuple[str, ...]
    content: bytes
    #: name -> the first 200 bytes of the file of that name in the same folder, None if there is no such file
    read_sibling: Callable[[str], bytes | None] = _no_sibling
    #: how much of what was named has been read, 0.0 to 1.0
    done: float = 0.0
    #: whether it is one line of a file, whose name then says nothing about it
    line: bool = False
    #: what the names of all files in the named path show together
    layout: Layout = field(default_factory=Layout)

    @property
    def upload(self) -> str:
        """The file or the folder that one learner handed in, in which it is."""
        return self.layout.upload(self.parts)

    def on_its_own(self) -> FoundText:
        """The same without the folder or archive that it is in, so that it can be sent to another process."""
        if self.read_sibling is _no_sibling:
            return self
        # Only nbgrader leaves a file next to a submission that matters.
        stamp = self.read_sibling(NOTED_TIME) if "submitted" in self.parts else None
        return replace(self, read_sibling=_no_sibling if stamp is None else partial(_noted_time, stamp))


def _noted_time(stamp: bytes, name: str) -> bytes | None:
    return stamp if name == NOTED_TIME else None


@dataclass(frozen=True)
class Refused:
    """Something that is not read, and why; ``parts`` and ``layout`` are as in :class:`FoundText`."""

    place: str
    parts: tuple[str, ...]
    why: UnusableError
    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True)
class FoundFile:
    """A file that may have answers in it. It is opened by :meth:`texts`, also in another process or on another machine
    that has the same file."""

    path: Path
    place: str
    #: as in :class:`FoundText`; empty for an archive whose own name means nothing
    parts: tuple[str, ...]
    layout: Layout
    #: whether it was found in a folder; otherwise it was named itself
    in_folder: bool
    #: which part of what was named it is in: where that starts, and how much of the whole that is
    start: float = 0.0
    span: float = 1.0

    @property
    def has_lines(self) -> bool:
        """Whether it is read as JSON Lines: it was named, or is directly in a named folder that no platform made."""
        named = self.layout.platform == "plain" and len(self.parts) <= self.layout.top + 1
        return self.path.suffix.lower() in _LINES and named

    def line(
        self, number: int, content: bytes, limits: Limits | None = None, done: float = 0.0
    ) -> FoundText | Refused | None:
        """The text on a line, without the sign at its end; ``number`` counts from 1, and ``done`` is as in
        :class:`FoundText`. None if it is blank."""
        limit, place = (limits or Limits()).file, f"{self.place}:{number}"
        if len(content) > limit:
            return Refused(place, self.parts, long_line(limit), self.layout)
        if not content.strip():
            return None
        return FoundText(place, self.parts, content, done=done, line=True, layout=self.layout)

    def texts(
        self,
        limits: Limits | None = None,
        is_learner: Callable[[str], bool] = lambda name: False,
        files: Files = HERE,
    ) -> Iterator[FoundText | Refused]:
        """The texts in it; ``limits`` and ``is_learner`` as for :func:`walk`, ``files`` as for :func:`found_files`."""
        walker = _Walker(limits or Limits(), self.start, self.span, None, is_learner, files)
        walker.layout = self.layout
        yield from walker.in_folder(self) if self.in_folder else walker.file(self)


def walk(
    paths: Iterable[str | Path],
    limits: Limits | None = None,
    skip: Path | None = None,
    is_learner: Callable[[str], bool] = lambda name: False,
) -> Iterator[FoundText | Refused]:
    """Everything under ``paths``, in the order given; folders sorted by name, archives and JSON Lines in their own
    order. The folder ``skip`` is left out. ``is_learner`` says of a folder's or an archive's name whether it is that of
    somebody in the class, whose own work is then in it.

    A path may be a response file, a JSON Lines file, an archive, or a folder of all of these. Links in a folder or an
    archive are refused; one that is passed as a path was chosen by the caller and is followed.
    """
    for found in found_files(paths, skip, is_learner):
        if isinstance(found, FoundFile):
            yield from found.texts(limits, is_learner)
        else:
            yield found


def found_files(
    paths: Iterable[str | Path],
    skip: Path | None = None,
    is_learner: Callable[[str], bool] = lambda name: False,
    files: Files = HERE,
) -> Iterator[FoundFile | Refused]:
    """The files under ``paths`` that :func:`walk` opens, in its order, and what it refuses before it opens a file;
    ``files`` are those of the place where the paths are."""
    chosen = [Path(path) for path in paths]
    skip = skip and skip.resolve()
    for number, path in enumerate(chosen):
        walker = _Walker(Limits(), number / len(chosen), 1 / len(chosen), skip, is_learner, files)
        yield from walker.named(path)


def long_line(limit: int) -> UnusableError:
    """Why a line of more than ``limit`` bytes is not read."""
    return UnusableError("too-large", f"the line is longer than the limit of {limit:,} bytes")


def _above(folder: Path) -> tuple[str, ...]:
    """The name of a folder that was passed as a path. For a folder in nbgrader's ``submitted``, also the names of those
    above it, down from ``submitted``, so that the learner is known."""
    names = tuple(map(writable, folder.parts[-3:]))
    return names[names.index("submitted") :] if "submitted" in names else names[-1:]


class _Walker:
    """Reads one of the named paths; ``start`` and ``span`` say what part of the whole that is."""

    def __init__(
        self,
        limits: Limits,
        start: float,
        span: float,
        skip: Path | None,
        is_learner: Callable[[str], bool],
        files: Files,
    ) -> None:
        self.limits, self.start, self.span, self.skip, self.is_learner = limits, start, span, skip, is_learner
        self.files = files
        self.layout = Layout()

    def named(self, path: Path) -> Iterator[FoundFile | Refused]:
        """The files in a named path."""
        if not self.files.is_folder(path):
            archive = path.suffix.lower() == ".zip"
            parts = () if archive else (writable(path.name),)
            self.layout = layout_of(self._names_in(path) if archive else [parts], is_learner=self.is_learner)
            yield self._found(path, parts, in_folder=False)
            return
        above = _above(self.files.resolved(path))
        # By their visible forms, as a layout compares names: macOS writes accents as characters of their own.
        files = {tuple(map(visible_form, (*above, *name))): file for name, file in self._files(path)}
        self.layout = layout_of(
            files,
            len(above),
            is_learner=self.is_learner,
            is_archive_of_platform=lambda parts: self._layout_of_archive(files[parts]) is not None,
        )
        yield from self.folder(path, above)

    def _found(self, path: Path, parts: tuple[str, ...], *, in_folder: bool) -> FoundFile:
        place = self.files.place(path)
        return FoundFile(path, place, parts, self.layout, in_folder, self.start, self.span)

    def _files(self, folder: Path, inside: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Path]]:
        """(names below the folder, path) of the files that are opened."""
        try:
            entries = self.files.entries(folder)
        except OSError:  # it is refused when its turn comes
            return
        for name, type_ in entries:
            path, names = folder / name, (*inside, writable(name))
            if type_ == "folder" and not self._is_left_out(path):
                yield from self._files(path, names)
            if type_ != "folder" and _is_opened(name) and not _is_ignored(name) and not self.files.is_folder(path):
                yield names, path

    def _is_left_out(self, folder: Path) -> bool:
        return _is_ignored(folder.name) or (self.skip is not None and self.files.resolved(folder) == self.skip)

    def _names_in(self, archive: Path) -> list[tuple[str, ...]]:
        """The folders and the name of every file in an archive that is opened; none if it cannot be read."""
        names = filter(_is_opened, self.files.names_in(archive, Limits().entries))
        inside = (tuple(part for part in name.split("/") if part not in ("", ".")) for name in names)
        return [parts for parts in inside if parts and not any(map(_is_ignored, parts))]

    def _layout_of_archive(self, path: Path) -> Layout | None:
        """The layout of an archive that a platform wrote; None if it is not one, or is named after a learner."""
        if path.suffix.lower() != ".zip" or self.is_learner(stem_of_archive(writable(path.name))):
            return None
        layout = layout_of(self._names_in(path), is_learner=self.is_learner)
        return None if layout.platform == "plain" and layout.submitted is None else layout

    def folder(self, folder: Path, parts: tuple[str, ...]) -> Iterator[FoundFile | Refused]:
        try:
            entries = self.files.entries(folder)
        except OSError as error:
            yield self.refused(self.files.place(folder), parts, "unreadable", error.strerror or str(error))
            return
        for name, type_ in entries:
            path, entry_parts = folder / name, (*parts, writable(name))
            if _is_ignored(name):
                continue
            if type_ == "link":
                place = self.files.place(path)
                yield self.refused(place, entry_parts, "link", "links are not followed", "hand in the file itself")
            elif type_ == "folder":
                if not self._is_left_out(path):
                    yield from self.folder(path, entry_parts)
            elif type_ == "file":
                yield self._found(path, entry_parts, in_folder=True)
            else:
                place = self.files.place(path)
                yield self.refused(place, entry_parts, "unreadable", "neither a file nor a folder")

    def in_folder(self, found: FoundFile) -> Iterator[FoundText | Refused]:
        """A file in a folder. An archive that a platform may have written speaks for itself only if a platform wrote
        everything next to it; otherwise it may come from a learner, who can write any name into it."""
        parts = found.parts
        below = parts[self.layout.top :]
        own = self.layout.submitted_at(parts) is None and self.layout.platform in ("archives", "plain")
        layout = self._layout_of_archive(found.path) if own else None
        if layout is None or any(map(self.is_learner, below)):
            yield from self.file(found)
        elif self.layout.platform == "archives":
            for text in self.file(replace(found, parts=())):
                if isinstance(text, FoundText) or not layout.is_note(text.parts):
                    yield replace(text, layout=layout)
        else:
            message = "an archive that looks like a platform's, next to files that are not from a platform"
            hint = (
                "if it is from the platform, grade it by itself; if from a student, unpack it into the student's folder"
            )
            yield self.refused(found.place, parts, "unknown-student", message, hint)

    def file(self, found: FoundFile) -> Iterator[FoundText | Refused]:
        """The texts in a file."""
        files, path, parts, place = self.files, found.path, found.parts, found.place
        try:
            if not files.is_file(path):
                yield self.refused(place, parts, "unreadable", "neither a file nor a folder")
            elif path.suffix.lower() == ".zip":
                by_learner = bool(parts)
                if by_learner and files.size(path) > self.limits.inner:
                    message = f"larger than the limit of {self.limits.inner:,} bytes"
                    yield self.refused(place, parts, "too-large", message)
                    return
                with files.open(path) as stream:
                    yield from self.archive(stream, place, parts, 2 if by_learner else 1)
            elif path.suffix.lower() in _LINES and not found.has_lines:
                yield self.refused(place, parts, "not-a-response-file", *_LINES_OF_A_LEARNER)
            elif found.has_lines:
                with files.open(path) as stream:
                    yield from self.lines(stream, found, files.size(path))
            elif path.suffix.lower() != ".json":
                yield from self.other(place, parts)
            else:
                with files.open(path) as stream:
                    yield self.text(stream, place, parts, partial(files.read_sibling, path))
        except OSError as error:
            yield self.refused(place, parts, "unreadable", error.strerror or str(error))

    def text(
        self,
        stream: IO[bytes],
        place: str,
        parts: tuple[str, ...],
        read_sibling: Callable[[str], bytes | None],
        done: float = 0.0,
    ) -> FoundText | Refused:
        content = stream.read(self.limits.file + 1)
        if len(content) > self.limits.file:
            return self.refused(place, parts, "too-large", f"larger than the limit of {self.limits.file:,} bytes")
        done = self.start + self.span * done
        return FoundText(place, parts, content, read_sibling, done, layout=self.layout)

    def lines(self, stream: IO[bytes], found: FoundFile, size: int) -> Iterator[FoundText | Refused]:
        """One response file in each line; a line that is too long is skipped without reading it into memory."""
        limit, number, read = self.limits.file, 0, 0
        while line := stream.readline(limit + 1):
            number += 1
            read += len(line)
            done = self.start + self.span * min(1.0, read / max(size, 1))
            text = found.line(number, line.removesuffix(b"\n"), self.limits, done)
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
                read += len(line)
            if text:
                yield text

    def archive(
        self, stream: IO[bytes], place: str, parts: tuple[str, ...], depth: int
    ) -> Iterator[FoundText | Refused]:
        """What is in an archive; ``depth`` is 1 for one that a platform or the person who grades made."""
        limits = self.limits
        most = limits.entries if depth == 1 else limits.inner_entries
        most_unpacked = limits.unpacked if depth == 1 else limits.inner_unpacked
        by_learner = " that a student made" * (depth > 1)
        reason = None
        if lists_too_many(stream, most):
            reason = f"more than {most:,} entries, the limit for an archive{by_learner}"
            yield self.refused(place, parts, "archive-bomb", reason)
            return
        try:
            archive = zipfile.ZipFile(stream)
        except BROKEN as error:
            yield self.refused(place, parts, "unreadable", f"not a readable zip file ({error})")
            return
        with archive:
            entries = archive.infolist()
            # Files that are not opened cost nothing, however well they are packed: a white bitmap is not an attack.
            unpacked = sum(entry.file_size for entry in entries if _is_opened(entry.filename))
            if len(entries) > most:
                reason = f"more than {most:,} entries, the limit for an archive{by_learner}"
            elif unpacked > most_unpacked:
                reason = f"larger than the limit of {most_unpacked:,} bytes when unpacked"
            if reason:
                yield self.refused(place, parts, "archive-bomb", reason)
                return
            for number, entry in enumerate(entries, start=1):
                if not entry.filename.endswith("/"):  # is_dir() fails on an empty name
                    yield from self.entry(archive, entry, place, parts, depth, number / len(entries))

    def _unread(self, entry: zipfile.ZipInfo, where: str, entry_parts: tuple[str, ...]) -> Refused | None:
        """Why an entry is not even opened; None if it is."""
        if is_link(entry):
            return self.refused(where, entry_parts, "link", "links are not followed", "hand in the file itself")
        if needs_password(entry):
            return self.refused(where, entry_parts, "unreadable", "protected by a password")
        if _is_opened(entry.filename) and is_bomb(entry, self.limits.ratio):
            more = f"more than {self.limits.ratio} times larger unpacked than packed"
            return self.refused(where, entry_parts, "archive-bomb", more)
        return None

    def entry(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        place: str,
        parts: tuple[str, ...],
        depth: int,
        done: float,
    ) -> Iterator[FoundText | Refused]:
        name, limits = entry.filename, self.limits
        inside = tuple(part for part in name.split("/") if part != ".")
        entry_parts, where = (*parts, *inside), f"{place}!{name}"
        if leads_outside(name):
            yield self.refused(where, entry_parts, "unsafe-name", "its path leads outside the archive")
            return
        if not inside or any(map(_is_ignored, inside)):  # nothing is left of "."
            return
        if refused := self._unread(entry, where, entry_parts):
            yield refused
            return

        def read_sibling(other: str) -> bytes | None:
            try:
                with archive.open("/".join((*inside[:-1], other))) as stream:
                    return stream.read(SIBLING)
            except (KeyError, *BROKEN):
                return None

        suffix = Path(inside[-1]).suffix.lower()
        try:
            if suffix == ".zip":
                if depth >= limits.depth:
                    message = f"more than {limits.depth} archives inside each other"
                    yield self.refused(where, entry_parts, "archive-bomb", message)
                elif entry.file_size > limits.inner:
                    yield self.refused(
                        where, entry_parts, "too-large", f"larger than the limit of {limits.inner:,} bytes"
                    )
                else:
                    with archive.open(entry) as stream:
                        content = stream.read(limits.inner + 1)
                    yield from self.archive(io.BytesIO(content), where, entry_parts, depth + 1)
            elif suffix in _LINES:
                yield self.refused(where, entry_parts, "not-a-response-file", *_LINES_OF_A_LEARNER)
            elif suffix != ".json":
                yield from self.other(where, entry_parts)
            else:
                with archive.open(entry) as stream:
                    yield self.text(stream, where, entry_parts, read_sibling, done)
        except BROKEN as error:
            yield self.refused(where, entry_parts, "unreadable", f"the archive is damaged here ({error})")

    def other(self, place: str, parts: tuple[str, ...]) -> Iterator[Refused]:
        """Refuses a file that cannot hold answers, except what an nbgrader course has next to them, the notebook and
        what was handed out with it, and what a platform adds."""
        hint = "students hand in the file whose name ends in .responses.json"
        suffix = PurePosixPath(parts[-1]).suffix.lower()
        if self.layout.is_note(parts) or ("submitted" in parts and (suffix in _HANDED_OUT or "images" in parts)):
            return
        if suffix == ".ipynb":
            message = "notebooks are never opened, and the answers are not in them"
            yield self.refused(place, parts, "not-a-response-file", message, hint)
        else:
            message = "not a response file: its name does not end in .json"
            yield self.refused(place, parts, "not-a-response-file", message, hint)

    def refused(self, place: str, parts: tuple[str, ...], reason: str, message: str, hint: str = "") -> Refused:
        return Refused(place, parts, UnusableError(reason, message, hint), self.layout)


#: What is handed out with a quiz in an nbgrader course, and comes back with every submission.
_HANDED_OUT = (".ipynb", ".yml", ".yaml", ".html", ".md")


#: (message, hint) for lines in a place where a learner may have put them.
_LINES_OF_A_LEARNER = (
    "response files of several students in one file are read only if you name it",
    "students hand in the file whose name ends in .responses.json",
)


def _is_ignored(name: str) -> bool:
    """Whether a file or a folder with this name is passed over."""
    return name in _IGNORED or name.startswith(".")


def _is_opened(name: str) -> bool:
    """Whether an archive's file with this name is read."""
    return Path(name).suffix.lower() in {".json", ".zip", *_LINES}
