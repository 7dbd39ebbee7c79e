"""``civicquiz export``: quizzes -> a file of another program for each language, and a report of what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from civicquiz.errors import ExchangeError, display_path
from civicquiz.exchange.export_report import ExportedFile, ExportReport, full_text, report_json
from civicquiz.exchange.exported import Exported, Exporter
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.model.quiz import Quiz
from civicquiz.model.quiz_files import load_keys
from civicquiz.model.translations import Translation
from civicquiz.output_folder import write_file

__all__ = ["export_quizzes"]


def export_quizzes(
    format_name: str, paths: Iterable[Path], target: Path, *, report_file: Path | None = None, strict: bool = False
) -> ExportReport:
    """Write quizzes in a format of another program.

    Args:
        format_name: one of ``EXPORTERS``.
        paths: files and folders as in :func:`~civicquiz.model.quiz_files.quiz_files`.
        target: the file to write. A translation into Spanish goes into a file with ``.es`` before the ending.
        report_file: where to write all of the report: JSON if the name ends in ``.json``, otherwise text.
        strict: write no quiz unless everything is exact.

    Returns:
        What became of every question.

    Raises:
        QuizError: a quiz has problems.
        NoKeyError: a quiz is a released copy.
        ExchangeError: no question can be written in this format, a file that is there is not from an earlier export,
            or a file cannot be written. Nothing has been written then.
    """
    exporter = EXPORTERS[format_name]
    if target.suffix.lower() != exporter.ending:
        name = f"{target.stem or 'quiz'}{exporter.ending}"
        raise ExchangeError(f"'{display_path(target)}' must end in '{exporter.ending}'; name it '{name}', for example")
    quizzes = list(load_keys(paths).values())
    report = ExportReport(exporter.name)
    made: list[tuple[Path, bytes]] = []
    for language, texts, place in _languages(quizzes, target, report):
        done = exporter.export(texts)
        if not any(question.written_as for quiz in done.quizzes for question in quiz.questions):
            raise ExchangeError(_nothing_to_write(exporter, done))
        made.append((place, done.content))
        report.files.append(ExportedFile(place, language, tuple(done.quizzes)))
        report.remarks += [remark for remark in done.remarks if remark not in report.remarks]
    _refuse_to_replace(exporter, made)
    if strict and not report.is_exact:
        report.files = [ExportedFile(file.path, file.language, file.quizzes, written=False) for file in report.files]
        made = []
    if report_file:
        text = report_json(report) if report_file.suffix.lower() == ".json" else full_text(report)
        made.append((report_file, text.encode()))
    for place, content in made:
        try:
            write_file(place, content)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ExchangeError(f"'{display_path(place)}' cannot be written: {reason}") from None
    return report


def _languages(
    quizzes: Sequence[Quiz], target: Path, report: ExportReport
) -> Iterator[tuple[str, list[Translation], Path]]:
    """(language, quizzes in it, file) for the language of the quizzes and each that some are translated into."""
    own = list(dict.fromkeys(quiz.language for quiz in quizzes))
    if len(own) > 1:
        first, second = (next(quiz for quiz in quizzes if quiz.language == language) for language in own[:2])
        message = f"'{first.name}' is in '{own[0]}', and '{second.name}' in '{own[1]}'"
        raise ExchangeError(f"{message}; a file has one language, so export them one by one")
    yield own[0], [Translation.original(quiz) for quiz in quizzes], target
    for language in sorted({tag for quiz in quizzes for tag in quiz.translations}):
        texts = [quiz.translations[language] for quiz in quizzes if language in quiz.translations]
        missing = [quiz.name for quiz in quizzes if language not in quiz.translations]
        report.remarks += [f"The quiz '{name}' has no translation into '{language}'." for name in missing]
        for one in texts:
            for name in one.untranslated_questions:
                report.remarks.append(f"In '{one.source.name}', '{name}' is not translated into '{language}'.")
        yield language, texts, target.with_name(f"{target.stem}.{language}{target.suffix}")


def _nothing_to_write(exporter: Exporter, done: Exported) -> str:
    (first, *_) = (question for quiz in done.quizzes for question in quiz.questions)
    reason = first.losses[0].reason if first.losses else ""
    return f"no question can be written as {exporter.title}: '{first.id}' ({first.type}): {reason}"


def _refuse_to_replace(exporter: Exporter, made: Iterable[tuple[Path, bytes]]) -> None:
    for place, content in made:
        try:
            there = place.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ExchangeError(f"'{display_path(place)}' cannot be replaced: {reason}") from None
        if there != content and not exporter.wrote(there):
            refused = f"'{display_path(place)}' is not from an earlier export, and would be replaced"
            raise ExchangeError(f"{refused}; name another file with --to")
