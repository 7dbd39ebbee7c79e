"""``civicquiz import``: files of other programs -> quiz files that load, and a report of what did not come over.

Every question is loaded as a quiz before anything is written. One that the rules of quizzes refuse is not written but
reported, with the rule. All files of a run appear at once, and no file that is there already is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from civicquiz.authoring.images import MAX_TOTAL_BYTES
from civicquiz.authoring.markdown import pictures
from civicquiz.authoring.normal_form import character_names
from civicquiz.authoring.validation import all_texts
from civicquiz.authoring.wording import excerpt
from civicquiz.authoring.yaml_source import CONTROL
from civicquiz.authoring.yaml_source import MAX_BYTES as MAX_QUIZ_BYTES
from civicquiz.errors import ExchangeError, QuizError, display_path, one_line
from civicquiz.exchange.given_file import GivenFile, read_given
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, Reader, Verdict, slug
from civicquiz.exchange.imports import READERS
from civicquiz.exchange.packages import Package, is_zip
from civicquiz.exchange.yaml_text import quiz_text
from civicquiz.model.quiz import load
from civicquiz.output_folder import OutputFolder

__all__ = ["ImportReport", "ImportedQuestion", "import_files"]

#: The most questions in a file; more are split into several.
_MOST_QUESTIONS = 400
#: A file stays well below the limit of the loader.
_MOST_BYTES = MAX_QUIZ_BYTES * 4 // 5


@dataclass(frozen=True)
class ImportedQuestion:
    """What became of one question: where it was, the verdict and the reasons, and where it is now."""

    source: str
    place: str
    called: str
    verdict: Verdict
    reasons: tuple[str, ...]
    file: str = ""
    id: str = ""


@dataclass
class ImportReport:
    """What an import did, for :mod:`~civicquiz.exchange.import_report`.

    ``files`` are the files that were written. ``failed`` has, for each file that could not be read at all, its name and
    why. ``remarks`` are (file, what was guessed or lost) that is not about one question.
    """

    files: list[Path] = field(default_factory=list)
    questions: list[ImportedQuestion] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Draft:
    """A quiz file that is about to be written, with the questions that are in it."""

    source: GivenFile
    quiz: FoundQuiz
    questions: list[FoundQuestion]
    name: str = ""
    ids: list[str] = field(default_factory=list)


def import_files(paths: Iterable[Path], folder: Path, format_name: str | None = None) -> ImportReport:
    """Read files of other programs, and write quizzes.

    Args:
        paths: the files.
        folder: where to write the quizzes and their images; it may exist.
        format_name: the name of the format of all files; if None, it is recognized by their content.

    Returns:
        What became of every question.

    Raises:
        ExchangeError: a file to write is there already, or the folder cannot be written to. Nothing is written then.
    """
    report = ImportReport()
    found: list[tuple[GivenFile, FoundQuiz]] = []
    for path in paths:
        try:
            file = read_given(path)
            found += [(file, quiz) for quiz in _reader_of(file, format_name).read(file)]
            if file.is_guessed:
                guess = "The file is not UTF-8; it was read as Windows-1252. Look at the accented letters."
                report.remarks.append((file.called, guess))
        except ExchangeError as error:
            report.failed.append((display_path(path), str(error)))
    for _, quiz in found:
        _leave_out_control_characters(quiz)
    drafts = [draft for file, quiz in found for draft in _drafts(file, quiz)]
    _name(drafts)
    _write(drafts, folder, report)
    return report


def _reader_of(file: GivenFile, format_name: str | None) -> Reader:
    if format_name:
        return READERS[format_name]
    for reader in READERS.values():
        if reader.recognizes(file):
            return reader
    Package(file)  # an archive that is not safe to read, or damaged, says so
    if file.text is None and not is_zip(file):
        place = file.content.find(b"\0")
        raise ExchangeError(f"'{file.called}' is not text: byte {place + 1} of it is 0; export it again")
    formats = ", ".join(reader.title for reader in READERS.values())
    raise ExchangeError(f"'{file.called}' is not in a format that can be read; the formats are: {formats}")


def _leave_out_control_characters(quiz: FoundQuiz) -> None:
    """Leave out of a quiz what no quiz file may have, and say so. A text can be full of it after a wrong conversion."""
    for question in quiz.questions:
        found = list(dict.fromkeys(sign for _, text in all_texts(question.values) for sign in CONTROL.findall(text)))
        question.values = _without(question.values)
        question.called, question.changes = _without(question.called), _without(question.changes)
        if found:
            question.changes.append(f"Characters that nobody sees were left out: {character_names(found)}.")
    quiz.name, quiz.title, quiz.settings = _without(quiz.name), _without(quiz.title), _without(quiz.settings)
    quiz.remarks = _without(quiz.remarks)


def _without(value: Any) -> Any:
    """A value of an author without control characters."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, dict):
        return {_without(key): _without(part) for key, part in value.items()}
    return [_without(part) for part in value] if isinstance(value, list) else value


# ---- What goes into which file ----


def _drafts(file: GivenFile, quiz: FoundQuiz) -> list[_Draft]:
    """The files that a quiz is written to: one, unless it is too large."""
    parts: list[list[FoundQuestion]] = [[]]
    count = size = 0
    images: dict[str, int] = {}
    for question in quiz.questions:
        length = 2 * len(repr(question.values))  # more than it takes in YAML
        if question.verdict != "not read":
            own = {name: len(quiz.images[name]) for name in _pictures_in(question.values) if name in quiz.images}
            total = sum({**images, **own}.values())
            if count and (count == _MOST_QUESTIONS or size + length > _MOST_BYTES or total > MAX_TOTAL_BYTES):
                parts.append([])
                count, size, images = 0, 0, {}
            count, size, images = count + 1, size + length, images | own
        parts[-1].append(question)
    return [_Draft(file, quiz, part) for part in parts]


def _pictures_in(values: Any) -> list[str]:
    """The names of the images in the texts of questions or settings."""
    return list(dict.fromkeys(name for _, text in all_texts(values) for name, _ in pictures(text)))


def _name(drafts: Sequence[_Draft]) -> None:
    """Give every file a name of its own, and every question an id that no other question of its file has."""
    names: set[str] = set()
    for draft in drafts:
        draft.name = _free(slug(draft.quiz.name) or slug(draft.source.stem) or "quiz", names)
        ids: set[str] = set()
        for question in draft.questions:
            given = question.values.get("id", "") if question.values else ""
            prompt = question.values.get("prompt", "") if question.values else ""
            draft.ids.append(_free(slug(str(given)) or slug(question.called or prompt) or "question", ids))


def _free(name: str, taken: set[str]) -> str:
    """``name``, with a number if it is taken; it is taken from now on."""
    free, number = name, 2
    while free in taken:
        free = f"{name}-{number}"
        number += 1
    taken.add(free)
    return free


# ---- Writing ----


def _write(drafts: Sequence[_Draft], folder: Path, report: ImportReport) -> None:
    wanted = [folder / f"{draft.name}.yml" for draft in drafts if draft.questions]
    there = [path for path in wanted if path.exists() or path.is_symlink()]
    if there:
        shown = ", ".join(f"'{display_path(path)}'" for path in there)
        exists = "already exists" if len(there) == 1 else "already exist"
        raise ExchangeError(f"nothing was written, because {shown} {exists}; name another folder with --to")
    try:
        with OutputFolder(folder) as output:
            names: list[str] = []
            for draft in drafts:
                names += _write_quiz(draft, output.staging, folder, report)
            clash = [name for name in names if not _may_be_written(folder / name, output.staging / name)]
            if clash:
                shown = display_path(folder / clash[0])
                raise ExchangeError(f"nothing was written, because '{shown}' is a different file; name another folder")
            if names:
                output.publish(dict.fromkeys(names))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExchangeError(f"'{display_path(folder)}' cannot be written to: {reason}") from None


def _may_be_written(target: Path, new: Path) -> bool:
    """Whether there is nothing at ``target``, or a file with the same content."""
    return not target.exists() or (target.is_file() and target.read_bytes() == new.read_bytes())


def _write_quiz(draft: _Draft, staging: Path, folder: Path, report: ImportReport) -> list[str]:
    """Write one quiz with those of its questions that load, and note what became of all of them; the names written."""
    report.remarks += [(draft.source.called, remark) for remark in draft.quiz.remarks]
    file = staging / f"{draft.name}.yml"
    images = _write_images(draft, staging)
    readable = {
        name: question
        for name, question in zip(draft.ids, draft.questions, strict=True)
        if question.values is not None and not question.refused
    }
    title = draft.quiz.title or _title_of(draft.source.stem)
    settings = dict(draft.quiz.settings)
    while readable:
        written = ((_with_id(question, name), question.changes) for name, question in readable.items())
        text = quiz_text(title, _fitting(settings, readable), written)
        heading = f"# Imported from {one_line(draft.source.path.name)}.{_hint_to_cite(readable)}\n"
        file.write_text(heading + text, "utf-8", newline="\n")
        try:
            load(file)
            break
        except QuizError as error:
            problems = {problem.question: problem for problem in error.problems if problem.question in readable}
            if not problems:  # it is about the settings, which no question needs
                if not settings:
                    raise
                left_out = ", ".join(f"'{name}'" for name in settings)
                report.remarks.append((draft.source.called, f"{left_out} left out: {error.problems[0].message}."))
                settings = {}
            for name, problem in problems.items():
                rule = problem.message.partition(": ")[2] or problem.message
                readable.pop(name).refused = f"{rule} ({problem.hint})" if problem.hint else rule
    target = folder / file.name
    for name, question in zip(draft.ids, draft.questions, strict=True):
        reasons = (*question.changes, *([question.refused] if question.refused else []))
        where = (display_path(target), name) if name in readable else ()
        called = excerpt(question.called or name, 60)
        report.questions.append(
            ImportedQuestion(draft.source.called, question.place, called, question.verdict, reasons, *where)
        )
    if not readable:
        file.unlink(missing_ok=True)
        return []
    report.files.append(target)
    used = {name for question in readable.values() for name in _pictures_in(question.values)}
    used.update(_pictures_in(_fitting(settings, readable)))
    return [file.name, *(name for name in images if name in used)]


def _hint_to_cite(questions: Mapping[str, FoundQuestion]) -> str:
    """What is missing in a course: other programs have no claims."""
    cites = any(question.values.get("cites") for question in questions.values() if question.values)
    return "" if cites else " In a course, add the claims that each question cites ('cites: [...]')."


def _title_of(stem: str) -> str:
    """The title of a quiz by the name of its file: words instead of hyphens, and a capital letter."""
    words = " ".join(re.split(r"[\s_-]+", stem)).strip()
    return words[:1].upper() + words[1:] or "Quiz"


def _with_id(question: FoundQuestion, name: str) -> Mapping[str, Any]:
    assert question.values is not None  # only those are written
    return {**question.values, "id": name}


def _fitting(settings: Mapping[str, Any], readable: Mapping[str, FoundQuestion]) -> dict[str, Any]:
    """The settings, without the stimuli that no question in the file has."""
    used = {question.values.get("stimulus") for question in readable.values() if question.values}
    stimuli = {name: value for name, value in settings.get("stimuli", {}).items() if name in used}
    others = {key: value for key, value in settings.items() if key != "stimuli"}
    return {**others, "stimuli": stimuli} if stimuli else others


def _write_images(draft: _Draft, staging: Path) -> list[str]:
    """Write the images that a quiz came with; their names."""
    for name, content in draft.quiz.images.items():
        target = staging / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return list(draft.quiz.images)
