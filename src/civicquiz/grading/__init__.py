"""Responses in, outcomes out: grading, which questions a learner gets, the response file."""

from __future__ import annotations

from civicquiz.grading.grade import (
    Outcome,
    Progress,
    Result,
    Status,
    calibration,
    certainty_mark,
    grade,
    grade_handed_in,
    grade_question,
    read_handed_in,
    rounded,
    total,
)

__all__ = [
    "Outcome",
    "Progress",
    "Result",
    "Status",
    "calibration",
    "certainty_mark",
    "grade",
    "grade_handed_in",
    "grade_question",
    "read_handed_in",
    "rounded",
    "total",
]
