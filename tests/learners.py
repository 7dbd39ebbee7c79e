"""Simulated classes: learners of different abilities answer real quizzes and are really graded.

The chance that a learner answers correctly is 1 / (1 + exp(difficulty - ability)), by the model of G. Rasch
(Probabilistic Models for Some Intelligence and Attainment Tests, 1960). Otherwise the learner picks one of the other
answers that a question offers. The same seed gives the same class.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import polars as pl
from material import right_answer

from civicquiz.classroom.analysis.rows import checked, prepared
from civicquiz.classroom.analysis.summing import Plan, sums_of
from civicquiz.classroom.analysis.sums import Sums
from civicquiz.classroom.outcomes_file import SCHEMA
from civicquiz.grading import Outcome, Progress, grade_question
from civicquiz.model.interactions import Choice, ComputedNumber
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz


def wrong_answers(question: KeyedQuestion) -> list[Any]:
    """Responses that are not entirely right; for a choice, one for each wrong option."""
    interaction, right = question.interaction(), right_answer(question)
    if isinstance(interaction, Choice):
        return [[option.id] for option in interaction.options if option.id not in right]
    if isinstance(right, list):
        return [right[::-1], [right[1], right[0], *right[2:]]]
    if isinstance(right, dict):
        if isinstance(interaction, ComputedNumber):
            return [{**right, "answer": "0"}]
        return [dict(list(right.items())[:count]) for count in range(1, len(right))]
    return ["0"]


def simulate(
    quiz: Quiz,
    learners: int,
    *,
    seed: int = 1,
    ability: float = 0.0,
    spread: float = 1.0,
    difficulty: Mapping[str, float] | None = None,
    omit: Mapping[str, float] | None = None,
    answer: Mapping[str, Any] | None = None,
    certainty: bool = False,
    missing: int = 0,
) -> pl.DataFrame:
    """A row for each learner and question, as ``civicquiz grade`` writes them.

    Args:
        quiz: the quiz that they answer.
        learners: how many hand something in.
        seed: the seed of the random numbers.
        ability: the mean ability of the class.
        spread: the standard deviation of their abilities.
        difficulty: question id -> difficulty; the others go from -1 to 1, in the order of the quiz.
        omit: question id -> the chance that it is left out.
        answer: question id -> what able learners answer instead of the answer in the key, as if the key were wrong.
        certainty: whether they say how sure they are; more able learners are more certain.
        missing: how many additional learners hand in nothing.
    """
    random = Random(seed)
    version = quiz.version
    count = len(quiz.questions)
    hard = {question.id: 2 * position / max(1, count - 1) - 1 for position, question in enumerate(quiz.questions)}
    hard |= difficulty or {}
    offered = {
        question.id: _offered(question, (answer or {}).get(question.id), version)
        for question in quiz.keyed_questions.values()
    }
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    for number in range(learners + missing):
        able = random.gauss(ability, spread)
        for question in quiz.questions:
            right, wrong, blank = offered[question.id]
            if number >= learners:
                row: dict[str, Any] = blank | {"status": "missing", "score": None}
            elif random.random() < (omit or {}).get(question.id, 0.0):
                row = blank
            elif random.random() < 1 / (1 + math.exp(hard[question.id] - able)):
                row = right
            else:
                row = wrong[int(random.random() * len(wrong))]
            for name, value in row.items():
                columns[name].append(value)
            handed_in = number < learners
            columns["learner"].append(f"Learner Number {number:06}")
            columns["quiz"].append(quiz.name)
            columns["seconds"].append(round(random.uniform(5, 90), 1) if handed_in else None)
            columns["attempts"].append(1 + (random.random() < 0.2) if handed_in else None)
            sure = 3 if able > 0.7 else 2 if able > -0.4 else 1
            columns["certainty"].append(sure if certainty and handed_in and row is not blank else None)
    columns["late"] = [False] * len(columns["learner"])
    columns["submitted"] = [None] * len(columns["learner"])
    return pl.DataFrame(columns, schema=SCHEMA)


def _offered(question: KeyedQuestion, believed: Any, version: str) -> tuple[dict[str, Any], list[dict[str, Any]], Any]:
    """The rows of those who know the answer, of those who do not, and of those who give no answer."""
    right = right_answer(question) if believed is None else believed
    wrong = [response for response in wrong_answers(question) if response != right]
    if believed is not None:
        wrong.append(right_answer(question))
    graded = [_row(question, response, version) for response in (right, *wrong, None)]
    return graded[0], graded[1:-1], graded[-1]


def _row(question: KeyedQuestion, response: Any, version: str) -> dict[str, Any]:
    outcome: Outcome = grade_question(question, response, None, Progress())
    return {
        "version": version,
        "question": question.id,
        "type": question.type,
        "objectives": list(question.objectives),
        "status": outcome.status,
        "score": None if outcome.status == "needs-review" else outcome.score,
        "max_score": outcome.max_score,
        "response": None if outcome.response is None else json.dumps(outcome.response),
    }


def scored(scores: Sequence[Sequence[float | None]], *, quiz: str = "made-up", full: float = 1.0) -> pl.DataFrame:
    """Rows for a table of scores, with a line for each learner; None is a question that the learner was not given."""
    rows: list[dict[str, Any]] = [
        {
            "learner": f"L{number:04}",
            "quiz": quiz,
            "version": "v",
            "question": f"q{place}",
            "type": "numeric",
            "objectives": [],
            "status": "correct" if score == full else "incorrect" if score == 0 else "partly",
            "score": score,
            "max_score": full,
            "response": "x",
        }
        for number, line in enumerate(scores)
        for place, score in enumerate(line)
        if score is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def counted(
    rows: pl.DataFrame, keys: Mapping[str, Quiz] | None = None, pre: str | None = None, post: str | None = None
) -> Sums:
    """The sums of ``rows``, as ``civicquiz report`` makes them."""
    ready = prepared(rows.lazy())
    return sums_of(ready, Plan.of(checked(ready), keys or {}, pre, post))
