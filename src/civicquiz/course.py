"""A whole course, checked: quizzes, lessons and seeds together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from civicquiz.claims import Seeds, citation_problem, load_seeds
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.quiz import Quiz, load

__all__ = ["check", "find_course"]

_CLAIM_ROLE = re.compile(r"\{claim\}`([^`\n]*)`")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def find_course(start: str | Path = ".") -> Path | None:
    """The nearest folder, from ``start`` upwards, that holds a folder ``quizzes/``."""
    start = Path(start).absolute()
    return next((folder for folder in (start, *start.parents) if (folder / "quizzes").is_dir()), None)


def check(paths: Iterable[str | Path] = ()) -> list[Problem]:
    """Every problem of the quizzes, lessons and seed files under ``paths``; of the whole course without any path.

    A path may be a quiz, a lesson, a seed file, a folder of them, or a course.
    """
    chosen = [Path(path) for path in paths]
    if not chosen:
        course = find_course()
        if course is None:
            message = "there is no folder 'quizzes' here or in any folder above"
            return [Problem(display_path("."), 1, 1, message, "run this inside a course, or name the files to check")]
        chosen = [course]
    problems: set[Problem] = set()
    for path in chosen:
        problems.update(_check_path(path))
    return sorted(problems)


def _check_path(path: Path) -> Iterator[Problem]:
    if (path / "quizzes").is_dir():
        yield from _check_course(path)
    elif path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in (".yml", ".yaml", ".md"))
        if not files:
            yield Problem(display_path(path), 1, 1, "the folder holds no quiz", "name a folder with .yml files")
        for file in files:
            yield from _check_file(file)
    else:
        yield from _check_file(path)


def _check_file(path: Path) -> Iterator[Problem]:
    if path.suffix == ".md":
        seeds, problems = _seeds_of(path.absolute().parent.parent)
        yield from problems
        yield from _check_lesson(path, seeds)
    elif path.absolute().parent.name == "seeds":
        yield from _seeds_of(path.absolute().parent.parent)[1]
    else:
        yield from _load(path)[1]


def _check_course(course: Path) -> Iterator[Problem]:
    seeds, problems = _seeds_of(course)
    yield from problems
    quizzes: list[tuple[Path, Quiz | None]] = []
    for path in sorted((course / "quizzes").glob("*.yml")):
        quiz, found = _load(path)
        quizzes.append((path, quiz))
        yield from found
    lessons = {path.stem: path for path in sorted((course / "lessons").glob("*.md"))}
    served = set()
    for path, quiz in quizzes:
        lesson = (quiz.lesson if quiz else None) or path.stem
        served.add(lesson)
        if quiz is not None and lesson not in lessons:
            message = f"there is no lesson 'lessons/{lesson}.md' for this quiz"
            yield Problem(display_path(path), 1, 1, message, "write it, or name another lesson with 'lesson: ...'")
    for stem, path in lessons.items():
        if stem not in served:
            message = f"there is no quiz 'quizzes/{stem}.yml' for this lesson"
            yield Problem(display_path(path), 1, 1, message, f"write it, or write 'lesson: {stem}' in another quiz")
        yield from _check_lesson(path, seeds)


def _load(path: Path) -> tuple[Quiz | None, tuple[Problem, ...]]:
    try:
        return load(path), ()
    except QuizError as error:
        return None, error.problems


def _seeds_of(course: Path) -> tuple[Seeds, tuple[Problem, ...]]:
    try:
        return load_seeds(course / "seeds"), ()
    except QuizError as error:
        return Seeds(), error.problems


def _check_lesson(path: Path, seeds: Seeds) -> Iterator[Problem]:
    """Citations in a lesson that name no verified claim."""
    shown = display_path(path)
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(shown, 1, 1, f"cannot be read: {error}", "save it as UTF-8")
        return
    fence = ""
    for number, line in enumerate(lines, start=1):
        mark = _FENCE.match(line)
        if mark and not fence and line.strip(" `~").startswith("{code"):
            fence = mark[1]
        elif mark and fence and line.strip() == fence:
            fence = ""
        if fence or not seeds.claims:
            continue
        for found in _CLAIM_ROLE.finditer(line):
            problem = citation_problem(found[1].strip(), seeds.claims)
            if problem:
                yield Problem(shown, number, found.start(1) + 1, *problem)
