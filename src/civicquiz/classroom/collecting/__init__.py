"""What learners handed in -> submissions, from files, folders, archives and JSON Lines. None of it is ever executed."""

from civicquiz.classroom.collecting.archives import (
    NOTED_TIME,
    FoundFile,
    FoundText,
    Limits,
    Refused,
    found_files,
    long_line,
    walk,
)
from civicquiz.classroom.collecting.files import HERE, SIBLING, EntryType, Files, names_in_archive, writable
from civicquiz.classroom.collecting.grade_columns import GradeColumn, Platform, columns_of_quizzes
from civicquiz.classroom.collecting.path_hints import Layout, PathHints, layout_of
from civicquiz.classroom.collecting.roster import Learner, Roster, read_roster
from civicquiz.classroom.collecting.submissions import Submission, read_submission

__all__ = [
    "HERE",
    "NOTED_TIME",
    "SIBLING",
    "EntryType",
    "Files",
    "FoundFile",
    "FoundText",
    "GradeColumn",
    "Layout",
    "Learner",
    "Limits",
    "PathHints",
    "Platform",
    "Refused",
    "Roster",
    "Submission",
    "columns_of_quizzes",
    "found_files",
    "layout_of",
    "long_line",
    "names_in_archive",
    "read_roster",
    "read_submission",
    "walk",
    "writable",
]
