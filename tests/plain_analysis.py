"""The item analysis once more, learner by learner and with the standard library only, to compare the real one with."""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.outcomes_file import SCORED
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz

Rows = Sequence[Mapping[str, Any]]


def score_of(row: Mapping[str, Any]) -> float | None:
    if row["status"] == "unanswered":
        return 0.0
    return row["score"] if row["status"] in SCORED else None


class Class:
    """What the rows of one quiz say of its learners."""

    def __init__(self, rows: Rows, quiz: str) -> None:
        self.every = [row for row in rows if row["quiz"] == quiz]
        handed_in = {row["learner"] for row in self.every if row["status"] != "missing"}
        self.rows = [row for row in self.every if row["learner"] in handed_in]
        self.not_handed_in = len({row["learner"] for row in self.every}) - len(handed_in)
        self.full: dict[str, float] = {}
        for row in self.rows:
            if self._is_counted(row["question"]):
                self.full[row["question"]] = max(row["max_score"], self.full.get(row["question"], 0))
        #: learner -> question -> score, for those who have a total
        self.scores: dict[str, dict[str, float]] = {}
        #: learner -> (points, possible)
        self.totals: dict[str, tuple[float, float]] = {}
        for learner in handed_in:
            own = [row for row in self.rows if row["learner"] == learner and row["question"] in self.full]
            if own and all(score_of(row) is not None for row in own):
                self.scores[learner] = {row["question"]: score_of(row) or 0.0 for row in own}
                self.totals[learner] = (sum(self.scores[learner].values()), sum(row["max_score"] for row in own))
        self.incomplete = len(handed_in) - len(self.totals)
        self.shares = {learner: round(points / possible, 9) for learner, (points, possible) in self.totals.items()}
        self.groups = {"lower": self._group(1), "upper": self._group(-1)}
        self.groups["middle"] = {
            learner: 1 - self.groups["lower"][learner] - self.groups["upper"][learner] for learner in self.totals
        }

    def _is_counted(self, question: str) -> bool:
        own = [row for row in self.rows if row["question"] == question]
        waits = any(row["status"] == "needs-review" for row in own)
        return not waits and any(score_of(row) is not None and row["max_score"] > 0 for row in own)

    def _group(self, sign: int) -> dict[str, float]:
        """How much each learner counts in the group at one end."""
        ranked = sorted(self.shares.values(), key=lambda share: sign * share)
        size = min(max(1, math.floor(len(ranked) * 0.27 + 0.5)), len(ranked))
        if not size:
            return {}
        edge = ranked[size - 1]
        inside = sum(sign * share < sign * edge for share in ranked)
        part = (size - inside) / ranked.count(edge)
        return {
            learner: 1.0 if sign * share < sign * edge else part if share == edge else 0.0
            for learner, share in self.shares.items()
        }

    def in_group(self, name: str, values: Mapping[str, float]) -> float | None:
        weight = sum(self.groups[name][learner] for learner in values)
        if weight <= 1e-9:
            return None
        return sum(self.groups[name][learner] * value for learner, value in values.items()) / weight


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    return statistics.correlation(one, other) if len(set(one)) > 1 and len(set(other)) > 1 else None


def question_figures(of: Class, question: str, key: Quiz | None) -> dict[str, Any]:
    rows = [row for row in of.rows if row["question"] == question]
    shares = [score_of(row) / row["max_score"] for row in rows if score_of(row) is not None and row["max_score"] > 0]  # type: ignore[operator]
    waiting = sum(row["status"] == "needs-review" for row in rows)
    seconds = [row["seconds"] for row in rows if row["seconds"] is not None]
    attempts = [row["attempts"] for row in rows if row["attempts"]]
    found: dict[str, Any] = {
        "n": len(shares),
        "waiting": waiting,
        "facility": statistics.fmean(shares) if shares else None,
        "omitted": sum(row["status"] == "unanswered" for row in rows) / (len(shares) + waiting)
        if len(shares) + waiting
        else None,
        "seconds": statistics.median(seconds) if seconds else None,
        "attempts": statistics.median(attempts) if attempts else None,
        "max_score": max(row["max_score"] for row in rows),
        "type": min(row["type"] for row in rows),
        "options": options(of, question, key) if key else [],
    }
    found |= dict.fromkeys(("correlation", "lower", "middle", "upper", "discrimination"), None)
    full = of.full.get(question, 0)
    own = {learner: scores[question] / full for learner, scores in of.scores.items() if question in scores}
    found["in_total"] = len(own)
    if len(own) >= TOO_FEW:
        rest = []
        for learner, share in own.items():
            points, possible = of.totals[learner]
            if possible - full > 1e-9:
                rest.append((share, round((points - share * full) / (possible - full), 9)))
        found["correlation"] = correlation(rest)
        found |= {name: of.in_group(name, own) for name in ("lower", "middle", "upper")}
        if found["upper"] is not None and found["lower"] is not None:
            found["discrimination"] = found["upper"] - found["lower"]
    return found


def options(of: Class, question: str, key: Quiz) -> list[tuple[Any, ...]]:
    (asked,) = key.select([question])
    interaction = asked.interaction()
    if not isinstance(interaction, Choice):
        return []
    answered = {row["learner"]: row["response"] for row in of.rows if row["question"] == question}
    chosen = {learner: json.loads(response) if response else [] for learner, response in answered.items()}
    found = []
    in_total = {learner for learner in answered if learner in of.totals}
    for option in interaction.options:
        count = sum(option.id in ids for ids in chosen.values())
        groups = [
            of.in_group(name, {learner: float(option.id in chosen[learner]) for learner in in_total})
            if len(in_total) >= TOO_FEW
            else None
            for name in ("lower", "middle", "upper")
        ]
        found.append((option.id, count, count / len(answered), *groups))
    return found


def quiz_figures(rows: Rows, quiz: str, key: Quiz | None = None) -> dict[str, Any]:
    """The figures of a quiz that the real analysis works out, by the names that they have there."""
    of = Class(rows, quiz)
    n = len(of.totals)
    questions = {row["question"] for row in of.rows}
    same = all(question in scores for scores in of.scores.values() for question in of.full)
    values = [points if same else points / possible * 100 for points, possible in of.totals.values()]
    spread = statistics.stdev(values) if n > 1 else None
    found: dict[str, Any] = {
        "n": n,
        "not_handed_in": of.not_handed_in,
        "incomplete": of.incomplete,
        "counted": len(of.full),
        "points": sum(of.full.values()),
        "same_questions": same,
        "mean": statistics.fmean(values) if n else None,
        "sd": spread,
        "versions": sorted({row["version"] for row in of.every}),
        "questions": {question: question_figures(of, question, key) for question in questions},
        "objectives": objectives(of),
        "certainty": certainty(of),
        "alpha": None,
    }
    if n >= TOO_FEW and same and len(of.full) > 1 and spread and spread > 1e-6:
        parts = [statistics.variance(scores[question] for scores in of.scores.values()) for question in of.full]
        count = len(of.full)
        found["alpha"] = min(1.0, count / (count - 1) * (1 - sum(parts) / spread**2))
    return found


def shares_by_objective(rows: Rows) -> dict[str, dict[str, float]]:
    """Objective -> learner -> share of the points."""
    points: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row in rows:
        if score_of(row) is not None:
            for objective in row["objectives"]:
                points[objective][row["learner"]][0] += score_of(row) or 0.0
                points[objective][row["learner"]][1] += row["max_score"]
    return {name: {learner: earned / most for learner, (earned, most) in of.items()} for name, of in points.items()}


def objectives(of: Class) -> dict[str, tuple[int, int, float]]:
    """Objective -> questions, learners, mean share."""
    return {
        name: (
            len({row["question"] for row in of.rows if name in row["objectives"]}),
            len(shares),
            statistics.fmean(shares.values()),
        )
        for name, shares in shares_by_objective(of.rows).items()
    }


def certainty(of: Class) -> dict[int, tuple[int, int]]:
    """Level -> answers, right ones."""
    sure = [row for row in of.rows if row["certainty"] and row["status"] in ("correct", "partly", "incorrect")]
    return {
        level: (
            sum(row["certainty"] == level for row in sure),
            sum(row["certainty"] == level and row["status"] == "correct" for row in sure),
        )
        for level in (1, 2, 3)
        if sure
    }


def gains(rows: Rows, pre: str, post: str) -> dict[str | None, tuple[float, ...]]:
    """Objective, or None for all questions -> learners, mean before, mean after, standard error of the gain."""
    one, other = Class(rows, pre), Class(rows, post)
    both = set(one.totals) & set(other.totals)
    of: list[dict[str | None, dict[str, float]]] = []
    for found in (one, other):
        counted = [row for row in found.rows if row["question"] in found.full]
        shares = {learner: points / possible for learner, (points, possible) in found.totals.items()}
        of.append({None: shares, **shares_by_objective(counted)})
    result = {}
    for objective in set(of[0]) & set(of[1]):
        pairs = [
            (of[0][objective][name], of[1][objective][name]) for name in both if all(name in x[objective] for x in of)
        ]
        if len(both) >= TOO_FEW and len(pairs) >= TOO_FEW:
            spread = statistics.stdev(after - before for before, after in pairs)
            means = (statistics.fmean(before for before, _ in pairs), statistics.fmean(after for _, after in pairs))
            result[objective] = (len(pairs), *means, spread / math.sqrt(len(pairs)))
    return result
