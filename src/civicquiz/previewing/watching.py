"""Which folders matter to some quizzes, and every save in them."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import TypeVar

from civicquiz.authoring.images import has_image_name
from civicquiz.authoring.yaml_source import MAX_BYTES
from civicquiz.errors import PreviewError, Problem, one_line
from civicquiz.model.banks import files_around
from civicquiz.model.course import check, checked_paths, folders_below, quizzes_of
from civicquiz.model.file_names import SUFFIXES
from civicquiz.previewing.preview_packages import require_preview

__all__ = ["check_after_saves", "files_shown", "folders_around", "interruptible", "is_read", "retried", "saves"]

ResultT = TypeVar("ResultT")

#: How long nothing may be saved before the saves until then are told, and how long that may be put off, in ms: an
#: editor takes a few steps to save a file.
_STEP, _LONGEST = 20, 200
#: How often it is looked whether the folders are still the same, in ms.
_LOOK = 1000
#: The file of an image in Markdown, as it is written in YAML.
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(\s*<?([^)>\s]+)")


def is_read(path: Path) -> bool:
    """Whether a file or folder of this name can change a quiz or a lesson; an editor's own files cannot."""
    if path.name.startswith("."):
        return False
    is_folder = not path.suffix
    return is_folder or path.suffix.lower() in (*SUFFIXES, ".md") or has_image_name(path.name)


def files_shown(quiz: Path) -> list[Path]:
    """The files that are shown with a quiz, whether they exist or not: those that it is made of, and the images that
    any of its texts names.
    """
    files = files_around(quiz)
    images = {file.parent / name for file in files for name in _images_in(file)}
    return [*files, *sorted(images)]


def _images_in(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    # Only those below the folder of the quiz are ever read.
    names = _IMAGE.findall(text) if "![" in text else []
    return [name for name in names if is_read(Path(name)) and not Path(name).is_absolute() and ".." not in name]


def folders_around(path: Path) -> set[Path]:
    """The folders in which something may change what is shown of the quizzes that ``path`` names: a file, or a folder
    with all quizzes below it. All of them exist.
    """
    quizzes = list(quizzes_of(path)) if path.is_dir() else [path]
    folders = {folder for folder, _ in folders_below(path)} if path.is_dir() else set()
    for quiz in quizzes:
        folders |= {file.parent for file in files_shown(quiz)}
        folders |= {quiz.parent, quiz.parent.parent, quiz.parent.parent / "seeds"}
    # Something that is not there yet, or no longer, comes back in the nearest folder above it.
    return {next(above for above in (folder, *folder.parents) if above.is_dir()) for folder in folders}


def saves(
    folders: Callable[[], set[Path]], stop: Event | None = None, matters: Callable[[Path], bool] = is_read
) -> Iterator[frozenset[Path]]:
    """The files and folders that were saved, made, moved or deleted, until ``stop`` is set.

    It begins with an empty set. Whenever it watches other folders than before, it tells which; an empty set follows in
    a moment, since what was saved while it began to is not in any other.

    Args:
        folders: the folders to watch, without those below them; asked again after every save.
        stop: ends the watching, soon.
        matters: whether a file is reported; by its name, what a quiz is made of. Folders are reported in any case.

    Raises:
        PreviewError: the system cannot watch so many folders, or not these.
    """
    from watchfiles import watch

    stop = stop or Event()
    watched = _identified(folders())
    changed: frozenset[Path] = frozenset()
    while not stop.is_set():
        yield changed
        is_new = True
        try:
            for changes in watch(
                *sorted(path for path, _ in watched),
                watch_filter=lambda _, path: matters(Path(path)) or _is_folder(Path(path)),
                debounce=_LONGEST,
                step=_STEP,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                stop_event=stop,
                recursive=False,
                ignore_permission_denied=True,
            ):
                if changes or is_new:
                    yield frozenset(Path(path) for _, path in changes)
                    is_new = False
                    if _identified(folders()) != watched:
                        break
        except FileNotFoundError:
            pass  # a folder was deleted in this moment
        except OSError as error:
            reason = one_line(error.strerror or str(error))
            raise PreviewError(f"the folders of the quizzes cannot be watched: {reason}; name fewer of them") from None
        before, watched = watched, _identified(folders())
        changed = frozenset(path for path, _ in watched ^ before)


def _is_folder(saved: Path) -> bool:
    return saved.name[:1] not in "._" and saved.is_dir()


def _identified(folders: Iterable[Path]) -> set[tuple[Path, int]]:
    """Folders with what tells them from others that had the same path."""
    found = set()
    for folder in folders:
        with suppress(OSError):
            found.add((folder, folder.stat().st_ino))
    return found


def check_after_saves(paths: Sequence[str | Path], report: Callable[[list[Problem]], object]) -> None:
    """Tell what ``civicquiz check`` finds in ``paths``, now and after every save, until the program is interrupted.

    Raises:
        MissingPackagesError: the packages of the extra ``preview`` are not installed.
        PreviewError: the folders cannot be watched.
    """
    require_preview("Watching")
    chosen = [path.absolute() for path in checked_paths(paths)]
    last: list[Problem] | None = None
    with interruptible():
        for saved in saves(lambda: set().union(*map(folders_around, chosen))):
            found = retried(lambda: check(paths))
            if saved or found != last:
                report(found)
            last = found


def retried(look: Callable[[], ResultT]) -> ResultT:
    """The result of looking at files, again if one of them was deleted while it was looked at.

    Raises:
        FileNotFoundError: this happened ten times, so that there must be another reason.
    """
    for _ in range(9):
        with suppress(FileNotFoundError):
            return look()
    return look()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl+C, or the signal that ends a program, end the block and nothing else."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
