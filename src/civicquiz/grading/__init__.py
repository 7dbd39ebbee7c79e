"""Responses in, outcomes out: grading, the choice and order of a learner's questions, the session, response files."""

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
