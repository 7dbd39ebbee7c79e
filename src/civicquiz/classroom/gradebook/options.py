"""The options of ``civicquiz grade``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

__all__ = ["GradingOptions", "Keep"]

#: Which of a learner's submissions to one quiz counts.
Keep = Literal["last", "first", "best"]


@dataclass(frozen=True)
class GradingOptions:
    """What to grade, with which keys, and where the results go."""

    #: with Spark, also addresses
    paths: tuple[str | Path, ...]
    #: as in ``model.quiz_files``
    keys: tuple[Path, ...]
    #: the folder for the results
    out: Path
    roster: Path | None = None
    keep: Keep = "last"
    #: with a time zone
    due: datetime | None = None
    #: whether open answers are written to a table, for a person to mark
    review: bool = False
    #: such a table, filled in
    marks: Path | None = None
    #: versions of a quiz that are accepted besides that of its key
    versions: tuple[str, ...] = ()
    #: whether learners were given copies of their own, so that none could choose a seed
    per_learner: bool = False
    #: whether each learner gets a page
    feedback: bool = True
    #: whether the pages tell the right answers
    show_key: bool = False
    #: tables of answers on paper
    sheets: tuple[Path, ...] = ()
    #: in how many processes answers are graded
    jobs: int = 1
