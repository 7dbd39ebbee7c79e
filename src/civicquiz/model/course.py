"""A whole course, checked: quizzes, lessons and seeds together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from civicquiz.authoring.validation import as_written
from civicquiz.authoring.yaml_source import MAX_BYTES, YamlSource, read, read_text
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.model.advice import advice
from civicquiz.model.banks import banks_of, unused_questions, whole_quiz
from civicquiz.model.claims import Seeds, citation_problem, load_seeds
from civicquiz.model.file_names import SUFFIXES, find_course, quiz_file
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.quiz_files import quiz_files, translation_without_quiz

__all__ = ["check", "checked_paths", "folders_below", "load_checked", "quizzes_of", "same_names"]

#: A citation, which may go on in the next line, but not in the next paragraph; and the ids in it, also in a quotation.
_CLAIM_ROLE = re.compile(r"\{claim\}`((?:[^`\n]|\n(?!\s*(?:\n|\Z)))*)`")
_ID = re.compile(r"[^\s>]+")
_OF_A_COPY = re.compile(rb"^released: *true\s*$", re.MULTILINE)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*(\S*)")


def check(paths: Iterable[str | Path] = ()) -> list[Problem]:
    """Every problem of the quizzes, lessons and seed files under ``paths``, and warnings about quizzes that are valid;
    without any paths, of the whole course, or if there is none, of the folder that the program runs in.

    A path may be a quiz, a translation (which is checked with its quiz), a lesson, a seed file, a course, or a folder:
    that means the lessons in it and all quizzes in it and below. The files that its quizzes take questions from belong
    to a course or folder, and notes tell which of their questions none of its quizzes takes.
    """
    chosen = checked_paths(paths)
    named = [path for path in chosen if path.suffix != ".md" and path.exists()]
    problems: set[Problem] = set(same_names(file for path in named for file in quizzes_of(path)))
    for path in chosen:
        problems.update(_check_path(path))
        if path.is_dir():
            quizzes = [file for file in quizzes_of(path) if not _is_translation(file)]
            here = {quiz.resolve() for quiz in quizzes}
            for bank in banks_of(quizzes):
                problems.update(load_checked(bank)[1] if bank.resolve() not in here else ())
            problems.update(unused_questions(quizzes))
    return sorted(problems)


def checked_paths(paths: Iterable[str | Path]) -> list[Path]:
    """``paths``, or if there are none, what :func:`check` checks then."""
    return [Path(path) for path in paths] or [find_course() or Path()]


def same_names(quizzes: Iterable[Path]) -> Iterator[Problem]:
    """Warnings about different quizzes of one name: nobody could tell which of them an answer file is for. A
    released copy has the name of its quiz.
    """
    first: dict[str, Path] = {}
    for path in (path for path in quizzes if not _is_copy(path)):
        other = first.setdefault(path.stem, path)
        if other != path and _are_different(path, other):
            message = f"another quiz is also named '{path.stem}': '{display_path(other)}'"
            hint = "rename one of them, so that their answer files can be told apart"
            yield Problem(display_path(path), 1, 1, message, hint, is_warning=True)


def _is_copy(path: Path) -> bool:
    """Whether a file looks like a released copy."""
    try:
        with path.open("rb") as stream:
            return _OF_A_COPY.search(stream.read(MAX_BYTES)) is not None
    except OSError:
        return False


def _are_different(one: Path, other: Path) -> bool:
    """Whether two files can be read and are not copies of each other."""
    try:
        return one.read_bytes() != other.read_bytes()
    except OSError:
        return False  # it was never there, or was deleted a moment ago


def _check_path(path: Path) -> Iterator[Problem]:
    if (path / "quizzes").is_dir():
        yield from _check_course(path)
    elif path.is_dir():
        files = sorted({*path.glob("*.md"), *quizzes_of(path)})
        if path.name == "seeds":
            files += sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        if not files:
            hint = "name a folder with .yml files that have questions in them"
            yield Problem(display_path(path), 1, 1, "there is no quiz in this folder", hint)
        for file in files:
            yield from _check_file(file)
    else:
        yield from _check_file(path)


#: What only a file with questions has, even if it cannot be read as YAML.
_OF_A_QUIZ = re.compile(rb"""^\s*(?:-\s+)?["']?(?:questions|prompt)["']?\s*:""", re.MULTILINE)
#: Folders of other programs.
_OF_PROGRAMS = frozenset(("node_modules", "site-packages", "__pycache__"))


def quizzes_of(path: Path) -> Iterator[Path]:
    """The quiz files that ``path`` names; for a folder that is no course, those in it and below, with translations.

    Files and folders whose names begin with a dot or an underscore are left out (a Jupyter Book has ``_config.yml`` and
    ``_build``), as are files without any question, which belong to other programs.
    """
    if not path.is_dir() or (path / "quizzes").is_dir():
        yield from quiz_files(path)
        return
    for folder, names in folders_below(path):
        for file in sorted(folder / name for name in names if name[0] not in "._"):
            if file.suffix in SUFFIXES and file.is_file() and (_is_translation(file) or _looks_like_a_quiz(file)):
                yield file


def folders_below(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folder ``path`` and those below it where quizzes are looked for, each with the names of its files."""
    for place, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name[0] not in "._" and name not in _OF_PROGRAMS)
        if "pyvenv.cfg" in names:
            folders.clear()
        else:
            yield Path(place), names


def _is_translation(file: Path) -> bool:
    quiz = quiz_file(file)
    return quiz is not None and quiz.is_file() and _looks_like_a_quiz(quiz)


def _looks_like_a_quiz(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return _OF_A_QUIZ.search(stream.read(MAX_BYTES)) is not None
    except OSError:
        return True  # what is wrong with it is told when it is checked


def _check_file(path: Path) -> Iterator[Problem]:
    course = path.absolute().parent.parent
    if path.suffix == ".md":
        seeds, problems = _seeds_of(course)
        yield from problems
        yield from _check_lesson(path, seeds)
    elif path.absolute().parent.name == "seeds" and path.is_file():
        yield from _seeds_of(course)[1]
    else:
        yield from load_checked(path)[1]


def load_checked(path: Path) -> tuple[Quiz | None, tuple[Problem, ...]]:
    """The quiz that a file holds or translates, with problems of its translations and warnings; or None, and the
    reasons why it cannot be used."""
    quiz = quiz_file(path) if path.is_file() else None
    if quiz is not None and not quiz.is_file():
        return None, (translation_without_quiz(path, quiz),)
    return _load(quiz or path)


def _check_course(course: Path) -> Iterator[Problem]:
    seeds, problems = _seeds_of(course)
    yield from problems
    lessons = {path.stem: path for path in sorted((course / "lessons").glob("*.md"))}
    has_lessons = (course / "lessons").is_dir()
    served = set()
    for path in sorted(file for file in (course / "quizzes").iterdir() if file.suffix in SUFFIXES):
        original = quiz_file(path)
        if original is not None:
            if not original.is_file():
                yield from load_checked(path)[1]
            continue
        quiz, found = _load(path)
        yield from found
        source = _source(path)
        named = as_written(source.value.get("lesson")) if source and isinstance(source.value, dict) else None
        lesson = named if isinstance(named, str) else path.stem
        served.add(lesson)
        if not has_lessons and not isinstance(named, str):
            continue  # nobody has to sort quizzes into lessons
        if quiz is not None and source is not None and lesson not in lessons:
            message = f"there is no lesson 'lessons/{lesson}.md' for this quiz"
            yield source.problem(("lesson",), message, "write it, or name another lesson with 'lesson: ...'")
    for stem, path in lessons.items():
        if stem not in served:
            message = f"there is no quiz 'quizzes/{stem}.yml' for this lesson"
            yield Problem(display_path(path), 1, 1, message, f"write it, or write 'lesson: {stem}' in another quiz")
        yield from _check_lesson(path, seeds)


def _load(path: Path) -> tuple[Quiz | None, tuple[Problem, ...]]:
    """The quiz in a file, with problems of its translations and warnings; or None, and why it cannot be used."""
    try:
        quiz = load(path)
        return quiz, (*quiz.translation_problems, *advice(quiz, whole_quiz(path).source))
    except QuizError as error:
        return None, error.problems


def _source(path: Path) -> YamlSource | None:
    """The content of a quiz file, even if the quiz is not valid: a broken quiz still belongs to its lesson."""
    try:
        return read(path)
    except QuizError:
        return None


def _seeds_of(course: Path) -> tuple[Seeds | None, tuple[Problem, ...]]:
    """The seeds of a course, or None and the reasons why they cannot be used."""
    if not (course / "seeds").is_dir():
        return None, ()
    try:
        return load_seeds(course / "seeds"), ()
    except QuizError as error:
        return None, error.problems


def _check_lesson(path: Path, seeds: Seeds | None) -> Iterator[Problem]:
    """Citations in a lesson that do not name a verified claim. Code blocks contain no citations."""
    shown = display_path(path)
    try:
        lines = read_text(path).splitlines()
    except QuizError as error:
        yield from error.problems
        return
    if seeds is None:
        return
    text = "\n".join(_without_code(lines))
    for found in _CLAIM_ROLE.finditer(text):
        ids = [(name[0], found.start(1) + name.start()) for name in _ID.finditer(found[1])]
        for claim_id, position in ids or [("", found.start(1))]:
            problem = citation_problem(claim_id, seeds.claims)
            if problem:
                line_start = text.rfind("\n", 0, position) + 1
                yield Problem(shown, text.count("\n", 0, position) + 1, position - line_start + 1, *problem)


def _without_code(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a page, with an empty one in place of each line of code and each fence."""
    fences: list[tuple[str, bool]] = []  # the open ones: how they start, and whether they contain code
    for line in lines:
        fence = _FENCE.match(line)
        is_code = bool(fences and fences[-1][1])
        if fence and fences and not fence[2] and fence[1].startswith(fences[-1][0]):
            fences.pop()
        elif fence and not is_code:
            fences.append((fence[1], fence[2].startswith("{code") or not fence[2].startswith("{")))
        yield "" if fence or is_code else line
