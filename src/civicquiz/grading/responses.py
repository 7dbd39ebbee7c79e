"""The response file: what a learner answered, kept next to the notebook."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from civicquiz.errors import ResponseFileError
from civicquiz.grading.session import Session

with warnings.catch_warnings():  # where Python has no locks, as in a browser, the library would say so in the notebook
    warnings.simplefilter("ignore")
    from filelock import FileLock, SoftFileLock, Timeout

__all__ = ["FILES_VARIABLE", "SCHEMA_VERSION", "ResponseFile", "session_from_json"]

SCHEMA_VERSION = 1
#: Whether the system frees the lock of a program that dies. In a browser, a file would be the lock, and stay forever.
_HAS_LOCKS = FileLock is not SoftFileLock
#: The environment variable that says who besides the learner may read response files.
FILES_VARIABLE = "CIVICQUIZ_FILES"
#: its values -> the mode of a file
_MODES = {"": 0o600, "group": 0o640, "everyone": 0o644}
#: field of a session -> what a response file calls it
_FIELDS = {
    "responses": "responses",
    "checked": "checked",
    "attempts": "attempts",
    "notes": "marks",
    "overall": "session",
}
#: how many answers that another window replaced are kept
_REPLACED_KEPT = 100
#: seconds to wait for another window that is writing, which takes it milliseconds
_LOCK_TIMEOUT = 5
#: seconds to wait before reading again what cannot be read, such as while a scanner or a program that copies the folder
#: to other machines has it
_PAUSES = (0.02, 0.1, 0.4)


def session_from_json(content: Any) -> Session:
    """The session that the content of a response file describes; anything of the wrong shape is left out.

    Raises:
        ValueError: it contains no responses, or was written by another version.
    """
    if not isinstance(content, dict) or content.get("schema") != SCHEMA_VERSION:
        raise ValueError("not a response file of this version")
    tables = {name: content.get(field_, {}) for name, field_ in _FIELDS.items()}
    if not all(isinstance(table, dict) for table in tables.values()) or "responses" not in content:
        raise ValueError("not mappings")
    tables["checked"] = {name: bool(settled) for name, settled in tables["checked"].items()}
    tables["attempts"] = {name: count for name, count in tables["attempts"].items() if _is_whole(count, 10**6)}
    tables["notes"] = {name: noted for name, noted in tables["notes"].items() if isinstance(noted, dict)}
    if not _is_whole(tables["overall"].get("seed"), 2**32):
        tables["overall"].pop("seed", None)
    return Session(**tables)


def _is_whole(value: Any, below: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below


@dataclass
class ResponseFile:
    """The answers of one learner to one quiz, in the file ``path``.

    Next to it are two hidden files: the state before the last save, and a lock that is held while one is made.
    """

    path: Path
    quiz: str
    version: str
    #: the file of the quiz, from the folder of ``path``
    source: str = ""
    #: the learner whom a released copy is for
    learner: str | None = None
    #: how many questions the learner gets
    questions: int = 0
    #: where a file that could not be read was moved to
    quarantined: Path | None = None
    #: whether the state before the last save took the place of a file that could not be read
    restored: bool = False
    #: question id -> the response in the file that the learner has seen here or given here
    known: dict[str, Any] = field(default_factory=dict)
    #: the questions whose answer in the file did not fit anymore, because their author has changed them
    outdated: set[str] = field(default_factory=set)
    #: the questions that were written here; others may have been answered elsewhere since
    written: set[str] = field(default_factory=set)
    #: what could not be written yet, and goes with the next update: ids of questions, names in ``Session.overall``
    unsaved: set[str] = field(default_factory=set)
    unsaved_overall: set[str] = field(default_factory=set)
    #: which state of the file has been read or written here
    _seen: tuple[int, ...] = ()

    @property
    def has_unsaved(self) -> bool:
        """Whether something could not be written yet."""
        return bool(self.unsaved or self.unsaved_overall)

    @property
    def previous(self) -> Path:
        """Where the state before the last save is."""
        return self.path.with_name(f".{self.path.name}.previous")

    def is_of_another_quiz(self) -> bool:
        """Whether the file has answers to another quiz: one of another name, or a different one from another file.

        A quiz that was edited, and one that was moved, is still the same quiz.
        """
        try:
            content = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return False
        if not isinstance(content, dict) or "quiz" not in content:
            return False
        moved = bool(self.source) and content.get("source", self.source) != self.source
        return content["quiz"] != self.quiz or (moved and content.get("content_hash") != self.version)

    def forget(self) -> None:
        """Drop the state before the last save: the learner has cleared the answers."""
        with suppress(OSError):
            self.previous.unlink(missing_ok=True)

    def open(self) -> Session:
        """The saved session, to be shown to the learner; empty if there is no file yet.

        Raises:
            ResponseFileError: the file is there and cannot be read just now, or it is not clear who may read it.
        """
        _mode()
        self._seen = self._state()
        kept = self.read()
        self.known = dict(kept.responses)
        return kept

    def news(self) -> Session | None:
        """The saved session, if another window has written it since this one last read or wrote; otherwise None."""
        state = self._state()
        if state == self._seen:
            return None
        try:
            kept = self.read()
        except ResponseFileError:
            return None  # still news the next time
        self._seen = state
        return kept

    def _state(self) -> tuple[int, ...]:
        """Which state the file is in: every save makes a new file."""
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> Session:
        """The saved session; empty if there is no file yet.

        A file that is not a response file is moved out of the way, never overwritten, and the state before the last
        save takes its place.

        Raises:
            ResponseFileError: the file is there and cannot be read just now.
        """
        return self._read()[0]

    def _read(self) -> tuple[Session, dict[str, Any]]:
        """The saved session, and what else the file has to keep; see :func:`_parsed`."""
        try:
            return _parsed(self.path)
        except FileNotFoundError:
            return Session(), {}
        except (IsADirectoryError, ValueError, RecursionError):
            self.quarantined = _quarantined(self.path)
        try:
            kept = _parsed(self.previous)
        except (FileNotFoundError, IsADirectoryError, ValueError, RecursionError):
            return Session(), {}
        self.restored = True
        with suppress(OSError):  # if it cannot be put back, it is found here again
            shutil.copy(self.previous, self.path)
        return kept

    def update(self, questions: Iterable[str], now: Session, overall: Iterable[str] = ()) -> list[str]:
        """Replace what the file says about ``questions`` and keep the rest: the same quiz may be shown in parts or
        twice, and answers to questions that an edited quiz no longer has are not ours to drop. Of the values for the
        whole quiz, only those named in ``overall`` are replaced. A seed in the file is never replaced, because it
        decides what the learner has seen.

        The file is written whole or not at all: a temporary file next to it takes its place.

        Returns:
            The questions whose answer in the file is neither known here nor given now: another window gave it. The new
            answer takes its place; the other one is kept in the file, in ``replaced``.

        Raises:
            ResponseFileError: it cannot be written; the existing file is untouched. The next update writes what this
                one could not.
        """
        self.unsaved.update(questions)
        self.written |= self.unsaved
        self.unsaved_overall.update(overall)
        with self._locked():
            was_seen = self._state() == self._seen
            try:
                unseen = self._update(self.unsaved, self.unsaved_overall, now)
            except ResponseFileError:
                raise
            except Exception as error:  # whatever it is, nobody may read that the answers are saved
                raise ResponseFileError(f"{type(error).__name__}: {error}") from error
            if was_seen:  # otherwise what another window wrote a moment ago is still news
                self._seen = self._state()
        self.unsaved.clear()
        self.unsaved_overall.clear()
        return unseen

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lets only one window read, merge and write at a time. The system frees the lock of a program that dies."""
        if not _HAS_LOCKS:
            yield
            return
        file = self.path.with_name(f".{self.path.name}.lock")
        lock = FileLock(file, timeout=_LOCK_TIMEOUT)
        try:
            file.touch()  # fails at once if nothing can be written; the lock would wait
            lock.acquire()
        except Timeout:
            raise ResponseFileError("another program is writing it") from None
        except (OSError, NotImplementedError):
            pass  # a folder without locks, or one that cannot be written to, which writing will report better
        try:
            yield
        finally:
            lock.release()

    def _update(self, changed: set[str], overall: set[str], now: Session) -> list[str]:
        kept, besides = self._read()
        replaced = besides.pop("replaced", [])
        others = {name: kept.responses[name] for name in sorted(changed) if kept.responses.get(name) is not None}
        unseen = [
            name
            for name, response in others.items()
            if response != self.known.get(name) and response != now.responses.get(name)
        ]
        lost = {*unseen, *(self.outdated & others.keys())}
        replaced += [{"question": name, "response": others[name]} for name in sorted(lost)]
        unseen = [name for name in unseen if name not in self.outdated]
        self.outdated -= changed
        content: dict[str, Any] = {"schema": SCHEMA_VERSION, "quiz": self.quiz, "content_hash": self.version}
        content |= {"source": self.source} if self.source else {}
        content |= {"learner": self.learner} if self.learner else {}
        content |= {"questions": self.questions} if self.questions else {}
        content["saved"] = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for name in ("responses", "checked", "attempts", "notes"):
            before, after = getattr(kept, name), getattr(now, name)
            others = {question: value for question, value in before.items() if question not in changed}
            content[_FIELDS[name]] = others | {
                question: value for question, value in after.items() if question in changed
            }
        set_now = {name: value for name, value in now.overall.items() if name in overall and name != "seed"}
        seed = {name: value for name, value in now.overall.items() if name == "seed"}
        content[_FIELDS["overall"]] = {**seed, **kept.overall, **set_now}
        content |= besides
        if replaced:
            content["replaced"] = replaced[-_REPLACED_KEPT:]
        self._write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        self.known |= {name: now.responses.get(name) for name in changed}
        return unseen

    def _write(self, text: str) -> None:
        temporary, mode = None, _mode()
        try:
            for left in self.path.parent.glob(f"{self.path.name}.*.tmp"):  # from a program that died while it wrote
                left.unlink(missing_ok=True)
            self._keep_previous()
            handle, temporary = tempfile.mkstemp(prefix=f"{self.path.name}.", suffix=".tmp", dir=self.path.parent)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
                Path(temporary).chmod(mode)
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(self.path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise ResponseFileError(error.strerror or str(error)) from error

    def _keep_previous(self) -> None:
        """Give the current file a second name, which costs nothing. It has just been read, so it is whole."""
        link = self.previous.with_name(f"{self.path.name}.previous.tmp")
        with suppress(FileNotFoundError):
            try:
                os.link(self.path, link)
            except FileNotFoundError:
                raise
            except (OSError, AttributeError):  # a file system, or a Python, that does not allow a second name
                shutil.copy(self.path, link)
            link.replace(self.previous)


def _mode() -> int:
    """The mode of a response file, whatever the umask is.

    Raises:
        ResponseFileError: the environment variable says nothing that is known.
    """
    value = os.environ.get(FILES_VARIABLE, "")
    if value not in _MODES:
        known = " or ".join(f"'{name}'" for name in _MODES if name)
        raise ResponseFileError(f"the environment variable {FILES_VARIABLE} must be {known} (got '{value}')")
    return _MODES[value]


def _parsed(path: Path) -> tuple[Session, dict[str, Any]]:
    """The content of a response file: the session, and what else it has to keep, if there is any: the answers that
    another window replaced, and from a page, when each question is due for review.

    Raises:
        FileNotFoundError, IsADirectoryError: there is no such file.
        ResponseFileError: it cannot be read just now, even after a while.
        ValueError, RecursionError: it is not a response file.
    """
    for pause in (*_PAUSES, None):
        try:
            content = json.loads(path.read_text("utf-8"))
            break
        except (FileNotFoundError, IsADirectoryError, RecursionError):
            raise
        except (OSError, ValueError) as error:
            if pause is None and isinstance(error, OSError):  # which says nothing about the content
                reason = error.strerror or str(error)
                raise ResponseFileError(f"{path.name} cannot be read just now ({reason}); try again") from error
            if pause is None:
                raise
            time.sleep(pause)
    session = session_from_json(content)
    shapes = {"replaced": list, "reviews": dict}
    return session, {name: content[name] for name, shape in shapes.items() if isinstance(content.get(name), shape)}


def _quarantined(path: Path) -> Path | None:
    """Move ``path`` to a free name next to it; None if even that is impossible."""
    for number in range(1, 1000):
        target = path.with_name(f"{path.name}.unreadable-{number}")
        if not target.exists():
            try:
                return path.rename(target)
            except OSError:
                return None
    return None
