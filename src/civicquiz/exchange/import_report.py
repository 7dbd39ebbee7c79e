"""The report of an import: lines for people, or JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

from civicquiz.errors import display_path
from civicquiz.exchange.imported import Verdict
from civicquiz.exchange.importing import ImportReport

__all__ = ["report_json", "report_lines"]


def report_lines(report: ImportReport) -> list[str]:
    """What was written, and everything that did not come over as it was."""
    lines = [f"{file}: {reason}" for file, reason in report.failed]
    lines += [f"{file}: {remark}" for file, remark in report.remarks]
    for question in report.questions:
        if question.verdict != "read":
            target = f" -> {question.file}, {question.id}" if question.file else ""
            lines.append(
                f"{question.source}, {question.place}: '{question.called}' {_IN_WORDS[question.verdict]}{target}"
            )
            lines += [f"    {reason}" for reason in question.reasons]
    counts = Counter(question.verdict for question in report.questions)
    said = [f"{counts[verdict]} {words}" for verdict, words in _COUNTED.items() if counts[verdict]]
    if report.questions:
        total = len(report.questions)
        lines.append(f"{total} {'question' if total == 1 else 'questions'}: {', '.join(said)}.")
    lines += [f"Wrote {display_path(file)}" for file in report.files]
    return lines


_IN_WORDS: dict[Verdict, str] = {"changed": "was read with changes", "not read": "was not read"}
_COUNTED: dict[Verdict, str] = {"read": "read", "changed": "read with changes", "not read": "not read"}


def report_json(report: ImportReport) -> str:
    """The whole report as JSON: every question with its place, its verdict and the reasons."""
    value = {
        "files": [display_path(file) for file in report.files],
        "questions": [asdict(question) for question in report.questions],
        "remarks": [{"source": file, "remark": remark} for file, remark in report.remarks],
        "failed": [{"source": file, "reason": reason} for file, reason in report.failed],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
