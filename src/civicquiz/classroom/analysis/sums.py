"""What an analysis has to know of a class, as counts: how many answers or learners have the same values.

Counts of two groups of learners add up to those of both, and their size does not grow with the number of learners, but
only with how many different values there are. So any engine can make them, for one part of a class at a time, as long
as all rows of a learner are in the same part: ``SELECT <columns>, sum(n) FROM <parts> GROUP BY <columns>`` adds them.
They name no learner. ``summing`` makes them from outcomes; ``items`` and ``gain`` turn them into figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import polars as pl

from civicquiz.classroom.outcomes_file import SCHEMA

__all__ = ["COLUMNS", "DECIMALS", "Sums", "add"]

#: Name of a table -> the table: its columns, and ``n``, how many there are of what its row describes.
Sums = Mapping[str, pl.DataFrame]


#: Where points and shares are rounded.
DECIMALS = 12


def _of_outcomes(*names: str) -> dict[str, pl.DataType]:
    return {name: SCHEMA[name] for name in names}


#: The points of a learner in one quiz or on one objective, and how many could be earned. Both are rounded to DECIMALS,
#: so that the order in which they were added up does not matter.
_TOTAL: dict[str, pl.DataType] = {"points": pl.Float64(), "possible": pl.Float64()}

#: The tables, and their columns without ``n``. ``handed_in`` says whether the learner handed in anything for the quiz;
#: ``points`` and ``possible`` are the total of a learner who has one (see ``summing.Plan``), and null for others.
COLUMNS: dict[str, dict[str, pl.DataType]] = {
    # Answers. A score is null unless ``status`` is in SCORED, and 0 for no answer.
    "answers": _of_outcomes(
        "quiz", "version", "question", "type", "objectives", "status", "score", "max_score", "certainty"
    )
    | {"handed_in": pl.Boolean()},
    # Answers, by their position among all rows of the learner in the quiz, from 0.
    "positions": _of_outcomes("quiz", "question") | {"position": pl.UInt32()},
    # Answers of those who handed in something, to questions whose options are counted.
    "responses": _of_outcomes("quiz", "question", "response") | _TOTAL,
    # Answers of those who handed in something, with a time; with at least one attempt.
    "seconds": _of_outcomes("quiz", "question", "seconds"),
    "attempts": _of_outcomes("quiz", "question", "attempts"),
    # Answers of learners with a total, to questions that are counted in it.
    "scores": _of_outcomes("quiz", "question", "score") | _TOTAL,
    # Learners.
    "learners": _of_outcomes("quiz") | {"handed_in": pl.Boolean()} | _TOTAL,
    # Learners with a scored answer to a question of the objective, and what they earned on all of those.
    "objectives": _of_outcomes("quiz") | {"objective": pl.String()} | _TOTAL,
    # Learners with a total in the quiz before a course and in the one after it, by their shares of the points; on all
    # questions, where ``objective`` is empty, and on the counted questions of each objective.
    "gains": {"objective": pl.String(), "before": pl.Float64(), "after": pl.Float64()},
}


#: How many parts are added at a time.
_PARTS = 16


def add(parts: Iterable[Sums]) -> Sums:
    """The sums of all ``parts``; empty tables if there are none."""
    total = {name: pl.DataFrame(schema={**columns, "n": pl.Int64()}) for name, columns in COLUMNS.items()}
    rest = iter(parts)
    while some := list(islice(rest, _PARTS)):
        total = {
            name: pl.concat([total[name], *(part[name] for part in some)]).group_by(*columns).agg(pl.col("n").sum())
            for name, columns in COLUMNS.items()
        }
    return total
