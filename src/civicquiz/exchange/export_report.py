"""The report of an export: a short table of what is not the same, or all of it as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from civicquiz.errors import display_path
from civicquiz.exchange.exported import ExportedQuiz, Loss

__all__ = ["ExportReport", "ExportedFile", "full_text", "report_json", "short_lines"]

#: How many ids of questions a line of the short table has.
_MOST_IDS = 3


@dataclass(frozen=True)
class ExportedFile:
    """A file, the language of what is in it, and what became of the quizzes. ``written`` is false if it stayed as it
    was, because something was not exact."""

    path: Path
    language: str
    quizzes: tuple[ExportedQuiz, ...]
    written: bool = True


@dataclass
class ExportReport:
    """What an export did; ``remarks`` are sentences about whole quizzes, such as one without a translation, and about
    the format."""

    format: str
    files: list[ExportedFile] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        """Whether everything is the same on the other side."""
        return not any(quiz.all_losses() for file in self.files for quiz in file.quizzes)


def short_lines(report: ExportReport) -> list[str]:
    """What is not exact: a line for each reason, with the questions. What a translation loses as its original does is
    there once.
    """
    reasons: dict[tuple[str, str, str], dict[str, None]] = {}
    several = len({quiz.name for file in report.files for quiz in file.quizzes}) > 1
    for file in report.files:
        for quiz in file.quizzes:
            for loss in quiz.all_losses():
                called = f"{quiz.name}/{loss.question}" if several and loss.question else loss.question or quiz.name
                reasons.setdefault((loss.fidelity, loss.part, loss.reason), {}).setdefault(called)
    rows = [(fidelity, part, _ids(list(ids)), reason) for (fidelity, part, reason), ids in reasons.items()]
    lines = []
    if rows:
        table = [("", "part", "questions", "why"), *sorted(rows, key=lambda row: row[0])]
        widths = [max(len(row[column]) for row in table) for column in range(3)]
        lines = ["  ".join([*map(str.ljust, row[:3], widths), row[3]]) for row in table]
    lines += report.remarks
    for file in report.files:
        questions = [question for quiz in file.quizzes for question in quiz.questions]
        counts = {"exact": sum(not question.losses for question in questions)}
        counts["left out"] = sum(not question.written_as for question in questions)
        counts["not exact"] = len(questions) - sum(counts.values())
        said = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
        wrote = "Wrote" if file.written else "Did not write"
        count = "1 question" if len(questions) == 1 else f"{len(questions)} questions"
        lines.append(f"{wrote} {display_path(file.path)} ({file.language}): {count}, {said}.")
    return lines


def _ids(ids: list[str]) -> str:
    return ", ".join(ids[:_MOST_IDS]) + (f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else "")


def full_text(report: ExportReport) -> str:
    """All of the report, for people."""
    lines = [f"Export as {report.format}", *report.remarks]
    for file in report.files:
        lines += ["", f"{display_path(file.path)} ({file.language}){'' if file.written else ', not written'}"]
        for quiz in file.quizzes:
            lines += ["", f"  Quiz {quiz.name}", *_loss_lines(quiz.losses, "    ")]
            for question in quiz.questions:
                where = (
                    f"{question.written_as}: {', '.join(question.target_ids)}" if question.written_as else "left out"
                )
                lines.append(f"    {question.id} ({question.type}) -> {where}")
                exact = [part for part in question.parts if question.fidelity(part) == "exact"]
                lines += [f"      exact: {', '.join(exact)}"] if exact else []
                lines += _loss_lines(question.losses, "      ")
    return "\n".join(lines) + "\n"


def _loss_lines(losses: Iterable[Loss], indent: str) -> Iterator[str]:
    return (f"{indent}{loss.part}: {loss.fidelity}. {loss.reason}" for loss in losses)


def report_json(report: ExportReport) -> str:
    """All of the report as JSON: every part of every question, and a map from our ids to those of the target."""
    value = {
        "format": report.format,
        "exact": report.is_exact,
        "remarks": report.remarks,
        "files": [
            {
                "file": display_path(file.path),
                "language": file.language,
                "written": file.written,
                "quizzes": [_quiz_json(quiz) for quiz in file.quizzes],
            }
            for file in report.files
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _quiz_json(quiz: ExportedQuiz) -> dict[str, object]:
    return {
        "quiz": quiz.name,
        "settings": [{"part": loss.part, "fidelity": loss.fidelity, "reason": loss.reason} for loss in quiz.losses],
        "ids": {question.id: list(question.target_ids) for question in quiz.questions if question.written_as},
        "questions": [
            {
                "id": question.id,
                "type": question.type,
                "written_as": question.written_as or None,
                "parts": {
                    part: {
                        "fidelity": question.fidelity(part),
                        "reasons": [loss.reason for loss in question.losses if loss.part in (part, "question")],
                    }
                    for part in question.parts
                },
            }
            for question in quiz.questions
        ],
    }
