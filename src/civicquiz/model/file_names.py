"""What the name and the place of a file say about it."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["LANGUAGE", "SUFFIXES", "find_course", "quiz_file", "translation_files"]

#: A language tag, such as ``es`` or ``es-MX``.
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

#: How the name of a file of YAML ends.
SUFFIXES = (".yml", ".yaml")


def find_course(start: str | Path = ".") -> Path | None:
    """The nearest folder, from ``start`` upwards, that holds a folder ``quizzes/``."""
    start = Path(start).absolute()
    return next((folder for folder in (start, *start.parents) if (folder / "quizzes").is_dir()), None)


def quiz_file(path: Path) -> Path | None:
    """The quiz that the translation ``path`` belongs to, whether it exists or not; None for other files.

    ``law.es.yml`` is a translation of ``law.yml``. A file with a word between dots that is not a language tag is a
    translation only if such a quiz is next to it.
    """
    stem, _, tag = path.stem.rpartition(".")
    if not stem or path.suffix not in SUFFIXES:
        return None
    for suffix in (path.suffix, *SUFFIXES):
        if (quiz := path.with_name(stem + suffix)).is_file():
            return quiz
    return path.with_name(stem + path.suffix) if re.fullmatch(LANGUAGE, tag) else None


def translation_files(quiz: Path) -> list[Path]:
    """The files next to ``quiz`` that are named like translations of it, sorted."""
    files = (file for file in quiz.parent.glob("*") if file.suffix in SUFFIXES)
    return sorted(file for file in files if file.stem.rpartition(".")[0] == quiz.stem and file.is_file())
