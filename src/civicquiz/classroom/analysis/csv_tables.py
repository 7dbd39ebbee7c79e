"""The figures as CSV, a row for each question, option and objective. Empty cells have no figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from civicquiz.authoring.wording import number_text
from civicquiz.classroom.analysis.figures import GainFigures, Interval, QuizFigures

__all__ = ["items_csv", "objectives_csv", "options_csv"]


def items_csv(quizzes: Sequence[QuizFigures]) -> str:
    """A row for each question."""
    head = (
        "quiz", "number", "question", "type", "objectives", "max_score", "n", "waiting", "facility", "facility_low",
        "facility_high", "omitted", "n_in_total", "correlation", "correlation_low", "correlation_high", "lower_27",
        "middle_46", "upper_27", "discrimination", "median_seconds", "median_attempts", "flags",
    )  # fmt: skip
    rows = (
        (
            quiz.quiz, each.number, each.question, each.type, " ".join(each.objectives), each.max_score, each.n,
            each.waiting, each.facility, *_ends(each.facility_interval), each.omitted, each.in_total, each.correlation,
            *_ends(each.correlation_interval), each.lower, each.middle, each.upper, each.discrimination, each.seconds,
            each.attempts, " ".join(flag.name for flag in each.flags),
        )
        for quiz in quizzes
        for each in quiz.questions
    )  # fmt: skip
    return _csv(head, rows)


def options_csv(quizzes: Sequence[QuizFigures]) -> str:
    """A row for each option of a question of choice."""
    head = ("quiz", "question", "option", "text", "right", "count", "chosen", "lower_27", "middle_46", "upper_27")
    rows = (
        (
            quiz.quiz, each.question, option.option, option.text, int(option.right), option.count, option.chosen,
            option.lower, option.middle, option.upper,
        )
        for quiz in quizzes
        for each in quiz.questions
        for option in each.options
    )  # fmt: skip
    return _csv(head, rows)


def objectives_csv(quizzes: Sequence[QuizFigures], gain: GainFigures | None = None) -> str:
    """A row for each objective of a quiz; then, for a pair of quizzes, one for each objective of both, and one for all
    questions, whose objective is empty."""
    head = (
        "quiz", "objective", "questions", "n", "mean", "post_quiz", "post_mean", "gain", "gain_error",
        "normalised_gain",
    )  # fmt: skip
    rows: list[Sequence[object]] = [
        (quiz.quiz, each.objective, each.questions, each.n, each.mean, None, None, None, None, None)
        for quiz in quizzes
        for each in quiz.objectives
    ]
    for row in gain.rows if gain else ():
        found = (row.gain, row.error, row.normalized)
        rows.append(
            (gain.pre if gain else "", row.objective, None, row.n, row.before, gain and gain.post, row.after, *found)
        )
    return _csv(head, rows)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return interval or (None, None)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    """Numbers to six digits. A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, float):
        return number_text(value, 6)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
