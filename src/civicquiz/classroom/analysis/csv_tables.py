"""The figures as CSV, a row for each question, option and objective. Empty cells have no figure."""

from __future__ import annotations

from collections.abc import Sequence

from civicquiz.classroom.analysis.figures import GainFigures, Interval, QuizFigures
from civicquiz.exchange.csv_files import csv_text

__all__ = ["items_csv", "objectives_csv", "options_csv"]


def items_csv(quizzes: Sequence[QuizFigures]) -> str:
    """A row for each question."""
    header = (
        "quiz", "number", "question", "type", "objectives", "max_score", "n", "waiting", "facility", "facility_low",
        "facility_high", "omitted", "n_in_total", "correlation", "correlation_low", "correlation_high", "lower_27",
        "middle_46", "upper_27", "discrimination", "median_seconds", "median_attempts", "flags", "level", "difficulty",
    )  # fmt: skip
    rows = (
        (
            quiz.name, question.number, question.id, question.type, " ".join(question.objectives), question.max_score,
            question.n, question.waiting, question.facility, *_ends(question.facility_interval), question.omitted,
            question.in_total, question.correlation, *_ends(question.correlation_interval), question.lower,
            question.middle, question.upper, question.discrimination, question.seconds, question.attempts,
            " ".join(flag.name for flag in question.flags), question.level, question.difficulty,
        )
        for quiz in quizzes
        for question in quiz.questions
    )  # fmt: skip
    return csv_text(header, rows)


def options_csv(quizzes: Sequence[QuizFigures]) -> str:
    """A row for each option of a question of choice."""
    header = ("quiz", "question", "option", "text", "right", "count", "chosen", "lower_27", "middle_46", "upper_27")
    rows = (
        (
            quiz.name, question.id, option.id, option.text, int(option.right), option.count, option.chosen,
            option.lower, option.middle, option.upper,
        )
        for quiz in quizzes
        for question in quiz.questions
        for option in question.options
    )  # fmt: skip
    return csv_text(header, rows)


def objectives_csv(quizzes: Sequence[QuizFigures], gain: GainFigures | None = None) -> str:
    """A row for each objective of a quiz; for a pair of quizzes, then a row for each objective they share, and one for
    all questions, whose objective is empty."""
    header = (
        "quiz", "objective", "questions", "n", "mean", "post_quiz", "post_mean", "gain", "gain_error",
        "normalized_gain",
    )  # fmt: skip
    rows: list[Sequence[str | float | None]] = [
        (quiz.name, objective.code, objective.questions, objective.n, objective.mean, None, None, None, None, None)
        for quiz in quizzes
        for objective in quiz.objectives
    ]
    if gain:
        rows += (
            (
                gain.pre, row.objective, None, row.n, row.before, gain.post, row.after, row.gain, row.error,
                row.normalized,
            )
            for row in gain.rows
        )  # fmt: skip
    return csv_text(header, rows)


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return interval or (None, None)
