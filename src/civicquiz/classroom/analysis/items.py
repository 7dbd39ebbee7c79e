"""The rows of a quiz -> its figures, for the quiz as a whole and for every question; ``flags`` comments on them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from civicquiz.classroom.analysis import flags
from civicquiz.classroom.analysis import statistics as formulas
from civicquiz.classroom.analysis.figures import (
    LevelFigures,
    ObjectiveFigures,
    OptionFigures,
    QuestionFigures,
    QuizFigures,
    Reliability,
)
from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.analysis.plain_text import interaction_in_report, plain_option
from civicquiz.classroom.analysis.totals import Totals, totals_of
from civicquiz.grading import Outcome, calibration
from civicquiz.model.interactions import Choice, Option
from civicquiz.model.quiz import Quiz

__all__ = ["analyze", "shares_by_objective"]


def analyze(name: str, rows: pl.DataFrame, quiz: Quiz | None = None) -> QuizFigures:
    """The figures of the quiz ``name`` from its ``rows`` (see ``rows.numbered``).

    With ``quiz``, the quiz with its key, questions are in its order, and choices of options are counted.
    """
    order = _order(rows, quiz)
    totals = totals_of(rows, order)
    handed_in = rows.join(
        rows.filter(pl.col("status") != "missing").select("learner").unique(), on="learner", how="semi"
    )
    options = _options(handed_in, totals, quiz)
    facts = {fact["question"]: fact for fact in _facts(handed_in)}
    questions = tuple(
        _with_flags(_question(number, facts[question], totals, quiz, options.get(question, ())))
        for number, question in enumerate(order, start=1)
        if question in facts
    )
    n, frame = len(totals.frame), totals.frame
    same = totals.same_questions
    values = frame["points"] if same else frame["share"] * 100
    full = sum(totals.full[question] for question in totals.counted)
    spread = formulas.sd(values)
    reliability, why_not = _reliability(totals, spread)
    figures = QuizFigures(
        name=name,
        n=n,
        not_handed_in=totals.not_handed_in,
        incomplete=totals.incomplete,
        questions=questions,
        counted=len(totals.counted),
        points=full,
        same_questions=same,
        mean=formulas.round_stable(float(values.sum()) / n) if n else None,
        sd=spread,
        distribution=_distribution(values, full if same else 100.0),
        reliability=reliability,
        no_reliability=why_not,
        certainty=_certainty(handed_in),
        objectives=_objectives(handed_in),
        versions=tuple(sorted(version for version in rows["version"].unique().to_list() if version)),
    )
    return replace(figures, flags=flags.of_quiz(figures))


def _order(rows: pl.DataFrame, quiz: Quiz | None) -> list[str]:
    """The ids of the questions: in the order of ``quiz``, and those not in it in the order of most learners' rows."""
    answered = (
        rows.select("question", pl.int_range(pl.len()).over("learner").alias("position"))
        .group_by("question")
        .agg(pl.col("position").mean())
        .sort("position", "question")["question"]
        .to_list()
    )
    known = [question.id for question in quiz.questions] if quiz else []
    return [*known, *(question for question in answered if question not in known)]


def _facts(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The figures of each question that need no totals."""
    return (
        rows.group_by("question")
        .agg(
            pl.col("type").cast(pl.String).min(),
            pl.col("objectives").first(),
            pl.col("max_score").max(),
            pl.col("share").count().alias("n"),
            pl.col("share").sum().alias("earned"),
            (pl.col("status") == "unanswered").sum().alias("omitted"),
            (pl.col("status") == "needs-review").sum().alias("waiting"),
            pl.col("seconds").median(),
            pl.col("attempts").filter(pl.col("attempts") > 0).median(),
        )
        .to_dicts()
    )


def _with_flags(figures: QuestionFigures) -> QuestionFigures:
    return replace(figures, flags=flags.of_question(figures))


def _question(
    number: int, fact: Mapping[str, Any], totals: Totals, quiz: Quiz | None, options: tuple[OptionFigures, ...]
) -> QuestionFigures:
    name, n, waiting = fact["question"], fact["n"], fact["waiting"]
    key = quiz.keyed_questions.get(name) if quiz else None
    facility = formulas.round_stable(min(1.0, fact["earned"] / n)) if n else None
    shown = QuestionFigures(
        id=name,
        number=number,
        type=fact["type"] or "",
        objectives=tuple(fact["objectives"] or ()),
        max_score=fact["max_score"],
        n=n,
        waiting=waiting,
        facility=facility,
        facility_interval=None if facility is None else formulas.proportion_interval(facility, n),
        omitted=fact["omitted"] / (n + waiting) if n + waiting else None,
        correlation=None,
        correlation_interval=None,
        in_total=0,
        lower=None,
        middle=None,
        upper=None,
        discrimination=None,
        seconds=fact["seconds"],
        attempts=fact["attempts"],
        several=_is_several(quiz, name),
        options=options,
        void=bool(key and key.void),
        level=(key and key.level) or "",
        difficulty=(key and key.difficulty) or "",
    )
    if name not in totals.counted:
        return shown
    share = totals.wide[name] / totals.full[name]
    in_total = len(share) - share.null_count()
    if in_total < TOO_FEW:
        return replace(shown, in_total=in_total)
    rest = totals.rest(name)
    r = formulas.correlation(share, rest)
    lower, middle, upper = (formulas.group_mean(share, totals.frame[group]) for group in ("lower", "middle", "upper"))
    return replace(
        shown,
        in_total=in_total,
        correlation=r,
        correlation_interval=None if r is None else formulas.correlation_interval(r, in_total),
        lower=lower,
        middle=middle,
        upper=upper,
        discrimination=formulas.discrimination_index(upper, lower),
    )


def _choices(quiz: Quiz | None) -> dict[str, Choice]:
    """The questions whose options are counted, with their interaction."""
    found = {question.id: interaction_in_report(quiz, question) for question in quiz.questions} if quiz else {}
    return {name: interaction for name, interaction in found.items() if isinstance(interaction, Choice)}


def _is_several(quiz: Quiz | None, question: str) -> bool:
    choice = _choices(quiz).get(question)
    return bool(choice and choice.multiple)


def _options(rows: pl.DataFrame, totals: Totals, quiz: Quiz | None) -> dict[str, tuple[OptionFigures, ...]]:
    """For each choice question: its options, and how often each was chosen.

    Equal responses are counted first, since few of them differ. Anything in a response that is not an option of this
    quiz (because it was given to another version) counts as no choice.
    """
    choices = _choices(quiz)
    keys = {name: quiz.keyed_questions[name].key() for name in choices} if quiz else {}
    right = {name: key.answer if key else [] for name, key in keys.items()}
    groups = ("lower", "middle", "upper")
    weights = totals.frame.select("learner", *groups)
    answers = rows.filter(pl.col("question").is_in(list(choices))).join(weights, on="learner", how="left")
    tally = answers.group_by("question", "response").agg(
        pl.len().alias("all"), *(pl.col(name).sum() for name in groups)
    )
    #: for each question and each of its options: how many learners, in all and in each group
    answered: dict[str, _Counts] = {}
    chosen: dict[tuple[str, str], _Counts] = {}
    for question, response, *counts in tally.sort("question", "response").iter_rows():
        answered[question] = _sum(answered.get(question), counts)
        for option in _chosen(response):
            chosen[question, option] = _sum(chosen.get((question, option)), counts)
    return {
        question: tuple(
            _option(option, option.id in right[question], chosen.get((question, option.id), (0.0,) * 4), counts)
            for option in choices[question].options
        )
        for question, counts in answered.items()
    }


#: Numbers of learners in all and in the lower, middle and upper group; a learner can be partly in two groups.
_Counts = tuple[float, ...]


def _sum(one: _Counts | None, other: Sequence[float]) -> _Counts:
    return tuple(other) if one is None else tuple(a + b for a, b in zip(one, other, strict=True))


def _option(option: Option, right: bool, chosen: _Counts, answered: _Counts) -> OptionFigures:
    enough = sum(answered[1:]) > TOO_FEW - 0.5
    lower, middle, upper = (
        formulas.round_stable(min(1.0, part / whole)) if enough and whole > 1e-9 else None
        for part, whole in zip(chosen[1:], answered[1:], strict=True)
    )
    share = chosen[0] / answered[0]
    return OptionFigures(option.id, plain_option(option), right, round(chosen[0]), share, lower, middle, upper)


def _chosen(response: str | None) -> list[str]:
    """The options in a response; empty if it is not a response to a choice."""
    try:
        chosen = json.loads(response) if response else []
    except ValueError:
        return []
    return list(
        dict.fromkeys(option for option in chosen if isinstance(option, str)) if isinstance(chosen, list) else ()
    )


def _reliability(totals: Totals, spread: float | None) -> tuple[Reliability | None, str]:
    """The reliability, or why there is none."""
    n, count = len(totals.frame), len(totals.counted)
    if n < TOO_FEW:
        return None, f"n = {n}: too few to judge"
    if not totals.same_questions:
        return None, "not computed: students got different questions"
    if count < 2:
        return None, "not computed: it takes at least two scored questions"
    scores = [totals.wide[name] for name in totals.counted]
    value = formulas.alpha(scores)
    if value is None or spread is None:
        return None, "not computed: all totals are the same"
    dichotomous = len(set(totals.full.values())) == 1 and all(
        series.is_in([0.0, totals.full[name]]).all() for name, series in zip(totals.counted, scores, strict=True)
    )
    return Reliability(
        "KR-20" if dichotomous else "Cronbach's alpha",
        value,
        formulas.alpha_interval(value, n, count),
        formulas.error_of_measurement(spread, value),
    ), ""


def _distribution(values: pl.Series, full: float) -> tuple[tuple[float, float, int], ...]:
    """How many learners have which total: a bin for each point if totals are few whole numbers, otherwise ten bins."""
    if not len(values):
        return ()
    if full == int(full) and full <= 25 and bool((values == values.round()).all()):
        counts = dict(values.value_counts().iter_rows())
        return tuple((float(step), float(step), counts.get(float(step), 0)) for step in range(int(full) + 1))
    steps = [min(9, math.floor(value / full * 10 + 1e-9)) for value in values]
    return tuple((full * step / 10, full * (step + 1) / 10, steps.count(step)) for step in range(10))


def _certainty(rows: pl.DataFrame) -> tuple[LevelFigures, ...]:
    """How often each level of certainty was right, by the rule of ``grading.calibration``."""
    sure = rows.filter(pl.col("certainty").is_not_null() & pl.col("score").is_not_null())
    tally: dict[int, tuple[int, int]] = {}
    for level, status, count in sure.group_by("certainty", "status").len().sort("certainty", "status").iter_rows():
        for known, (answers, right) in calibration([Outcome("", status, 0.0, 1.0, None, certainty=level)]).items():
            before = tally.get(known, (0, 0))
            tally[known] = (before[0] + answers * count, before[1] + right * count)
    levels = tuple(LevelFigures(level, *counts) for level, counts in sorted(tally.items()))
    return levels if any(level.answers for level in levels) else ()


def shares_by_objective(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each ``objective`` and ``learner`` with the ``share`` of the points of its scored questions."""
    return (
        rows.filter(pl.col("score").is_not_null())
        .explode("objectives")
        .filter(pl.col("objectives").is_not_null())
        .group_by(pl.col("objectives").alias("objective"), "learner")
        .agg((pl.col("score").sum() / pl.col("max_score").sum()).alias("share"))
        .sort("objective", "learner")
    )


def _objectives(rows: pl.DataFrame) -> tuple[ObjectiveFigures, ...]:
    questions = rows.select("question", "objectives").unique("question").explode("objectives")
    counts = dict(questions.group_by("objectives").len().iter_rows())
    means = shares_by_objective(rows).group_by("objective").agg(pl.len(), pl.col("share").mean()).sort("objective")
    return tuple(
        ObjectiveFigures(name, counts[name], n, formulas.round_stable(mean)) for name, n, mean in means.iter_rows()
    )
