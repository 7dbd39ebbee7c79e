"""``civicquiz format``: which files it lays out, and writing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import parse, read_text
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.model.claims import SeedFile
from civicquiz.model.course import quizzes_of
from civicquiz.model.file_names import SUFFIXES
from civicquiz.output_folder import write_file

__all__ = ["Formatted", "format_files"]


@dataclass
class Formatted:
    """What has been done: the files that were (or would be) written, how many stay as they are, and every problem."""

    changed: list[Path] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def format_files(paths: Iterable[Path], *, write: bool) -> Formatted:
    """Lay out the quizzes, translations and seeds that ``paths`` name. A file with a problem stays as it is.

    Args:
        paths: files, courses, or folders, which mean all quizzes in them and below.
        write: whether to write the files; otherwise they are only compared.
    """
    done = Formatted()
    for path in paths:
        files = list(dict.fromkeys(_files(path)))
        if not files:
            hint = "name a folder with .yml files that have questions in them"
            done.problems.append(Problem(display_path(path), 1, 1, "there is no quiz in this folder", hint))
        for file in files:
            try:
                changed = _format(file, write=write)
            except QuizError as error:
                done.problems += error.problems
                continue
            except OSError as error:
                message = f"the file cannot be written: {(error.strerror or str(error)).lower()}"
                done.problems.append(Problem(display_path(file), 1, 1, message))
                continue
            if changed:
                done.changed.append(file)
            else:
                done.unchanged += 1
    return done


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
    elif (path / "quizzes").is_dir():
        yield from _files_in(path / "quizzes")
        if (path / "seeds").is_dir():
            yield from _files_in(path / "seeds")
    elif path.name in ("quizzes", "seeds"):
        yield from _files_in(path)
    else:
        yield from quizzes_of(path)


def _files_in(folder: Path) -> Iterator[Path]:
    yield from sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES and file.name[0] not in "._")


def _format(file: Path, *, write: bool) -> bool:
    """Lay out one file; returns whether that changes it.

    Raises:
        QuizError: it cannot be read, is not a quiz, or cannot be laid out.
        OSError: it cannot be written; it stays as it is.
    """
    text = read_text(file)
    source = parse(text, display_path(file))
    keys = source.value.keys() if isinstance(source.value, dict) else ()
    if not {"questions", *SeedFile.model_fields} & set(keys):
        message = "this is not a quiz, a translation, or a file of claims and sources"
        raise QuizError([source.problem((), message, "name a file that has 'questions:' or 'claims:' in it")])
    if source.value.get("released") is True:  # these stay as 'civicquiz release' wrote them
        return False
    content = laid_out(text, source.path).encode()
    if content == file.read_bytes():
        return False
    if write:
        write_file(file.resolve(), content)  # a link to a file stays one
    return True
