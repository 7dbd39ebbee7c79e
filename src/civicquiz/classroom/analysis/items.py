"""The sums of a class -> the figures of a quiz as a whole and of every question; ``flags`` comments on them."""

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
from civicquiz.classroom.analysis.plain_text import choices_in, plain_option
from civicquiz.classroom.analysis.sums import Sums
from civicquiz.classroom.analysis.totals import GROUPS, Totals, totals_of
from civicquiz.grading import Outcome, calibration
from civicquiz.model.interactions import Choice, Option
from civicquiz.model.quiz import Quiz

__all__ = ["analyze"]


def analyze(name: str, sums: Sums, quiz: Quiz | None = None) -> QuizFigures:
    """The figures of the quiz ``name`` from the ``sums`` of a class.

    With ``quiz``, the quiz with its key, questions are in its order, and choices of options are counted.
    """
    sums = {
        table: rows.filter(pl.col("quiz") == name) if "quiz" in rows.columns else rows for table, rows in sums.items()
    }
    order = _order(sums, quiz)
    totals = totals_of(sums, order)
    choices = choices_in(quiz) if quiz else {}
    options = _options(sums, totals, quiz, choices) if quiz else {}
    several = {question for question, choice in choices.items() if choice.multiple}
    facts = _facts(sums)
    questions = tuple(
        _with_flags(_question(number, facts[question], totals, quiz, options.get(question, ()), question in several))
        for number, question in enumerate(order, start=1)
        if question in facts
    )
    n, frame = totals.n, totals.frame
    same = totals.same_questions
    values = frame["points"] if same else frame["points"] / frame["possible"] * 100
    full = sum(totals.full.values())
    spread = formulas.sd(values, frame["n"])
    reliability, why_not = _reliability(totals, spread)
    figures = QuizFigures(
        name=name,
        n=n,
        not_handed_in=totals.not_handed_in,
        incomplete=totals.incomplete,
        questions=questions,
        counted=len(totals.full),
        points=full,
        same_questions=same,
        mean=formulas.round_stable(float((values * frame["n"]).sum()) / n) if n else None,
        sd=spread,
        distribution=_distribution(values, frame["n"], full if same else 100.0),
        reliability=reliability,
        no_reliability=why_not,
        certainty=_certainty(sums),
        objectives=_objectives(sums),
        versions=tuple(sorted(version for version in sums["answers"]["version"].unique().to_list() if version)),
    )
    return replace(figures, flags=flags.of_quiz(figures))


def _order(sums: Sums, quiz: Quiz | None) -> list[str]:
    """The ids of the questions: in the order of ``quiz``, and those not in it in the order of most learners' rows."""
    mean = ((pl.col("position") * pl.col("n")).sum() / pl.col("n").sum()).alias("position")
    answered = sums["positions"].group_by("question").agg(mean).sort("position", "question")["question"].to_list()
    known = [question.id for question in quiz.questions] if quiz else []
    return [*known, *(question for question in answered if question not in known)]


def _facts(sums: Sums) -> dict[str, dict[str, Any]]:
    """The figures of each question that need no totals."""
    share = pl.when(pl.col("max_score") > 0).then(pl.col("score") / pl.col("max_score"))
    n, objectives = pl.col("n"), pl.col("objectives")
    found = (
        sums["answers"]
        .filter("handed_in")
        .with_columns(share.alias("share"))
        .group_by("question")
        .agg(
            pl.col("type").min(),
            objectives.sort_by("n", objectives.list.join(" "), descending=[True, False]).first(),
            pl.col("max_score").max(),
            n.filter(pl.col("share").is_not_null()).sum().alias("n"),
            (pl.col("share") * n).sum().alias("earned"),
            n.filter(pl.col("status") == "unanswered").sum().alias("omitted"),
            n.filter(pl.col("status") == "needs-review").sum().alias("waiting"),
        )
    )
    medians = {
        name: {
            question: formulas.median(rows[name], rows["n"])
            for (question,), rows in sums[name].partition_by("question", as_dict=True).items()
        }
        for name in ("seconds", "attempts")
    }
    return {
        fact["question"]: fact | {name: of.get(fact["question"]) for name, of in medians.items()}
        for fact in found.to_dicts()
    }


def _with_flags(figures: QuestionFigures) -> QuestionFigures:
    return replace(figures, flags=flags.of_question(figures))


def _question(
    number: int,
    fact: Mapping[str, Any],
    totals: Totals,
    quiz: Quiz | None,
    options: tuple[OptionFigures, ...],
    several: bool,
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
        several=several,
        options=options,
        void=bool(key and key.void),
        level=(key and key.level) or "",
        difficulty=(key and key.difficulty) or "",
    )
    if name not in totals.full:
        return shown
    scores = totals.scores[name]
    in_total = int(scores["n"].sum())
    if in_total < TOO_FEW:
        return replace(shown, in_total=in_total)
    share = scores["score"] / totals.full[name]
    r = formulas.correlation(share, totals.rest(name), scores["n"])
    lower, middle, upper = (formulas.group_mean(share, scores[group] * scores["n"]) for group in GROUPS)
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


def _options(
    sums: Sums, totals: Totals, quiz: Quiz, choices: Mapping[str, Choice]
) -> dict[str, tuple[OptionFigures, ...]]:
    """For each choice question: its options, and how often each was chosen.

    Equal responses are counted first, since few of them differ. Anything in a response that is not an option of this
    quiz (because it was given to another version) counts as no choice.
    """
    keys = {name: quiz.keyed_questions[name].key() for name in choices}
    right = {name: key.answer if key else [] for name, key in keys.items()}
    # A learner without a total is in no group.
    weights = totals.frame.select("points", "possible", *GROUPS)
    tally = (
        sums["responses"]
        .filter(pl.col("question").is_in(list(choices)))
        .join(weights, on=["points", "possible"], how="left")
        .group_by("question", "response")
        .agg(pl.col("n").sum(), *((pl.col(name) * pl.col("n")).sum() for name in GROUPS))
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
    n, count = totals.n, len(totals.full)
    if n < TOO_FEW:
        return None, f"n = {n}: too few to judge"
    if not totals.same_questions:
        return None, "not computed: students got different questions"
    if count < 2:
        return None, "not computed: it takes at least two scored questions"
    variances = [formulas.variance(scores["score"], scores["n"]) for scores in totals.scores.values()]
    value = formulas.alpha(variances, formulas.variance(totals.frame["points"], totals.frame["n"]))
    if value is None or spread is None:
        return None, "not computed: all totals are the same"
    dichotomous = len(set(totals.full.values())) == 1 and all(
        scores["score"].is_in([0.0, totals.full[name]]).all() for name, scores in totals.scores.items()
    )
    return Reliability(
        "KR-20" if dichotomous else "Cronbach's alpha",
        value,
        formulas.alpha_interval(value, n, count),
        formulas.error_of_measurement(spread, value),
    ), ""


def _distribution(values: pl.Series, learners: pl.Series, full: float) -> tuple[tuple[float, float, int], ...]:
    """How many learners have which total: a bin for each point if totals are few whole numbers, otherwise ten bins.
    As many ``learners`` have each of the ``values``."""
    if not len(values):
        return ()
    whole = full == int(full) and full <= 25 and bool((values == values.round()).all())
    counts = [0] * (int(full) + 1 if whole else 10)
    for value, count in zip(values, learners, strict=True):
        counts[int(value) if whole else min(9, math.floor(value / full * 10 + 1e-9))] += count
    if whole:
        return tuple((float(step), float(step), count) for step, count in enumerate(counts))
    return tuple((full * step / 10, full * (step + 1) / 10, count) for step, count in enumerate(counts))


def _certainty(sums: Sums) -> tuple[LevelFigures, ...]:
    """How often each level of certainty was right, by the rule of ``grading.calibration``."""
    sure = sums["answers"].filter("handed_in", pl.col("certainty").is_not_null(), pl.col("score").is_not_null())
    counts = sure.group_by("certainty", "status").agg(pl.col("n").sum()).sort("certainty", "status")
    tally: dict[int, tuple[int, int]] = {}
    for level, status, count in counts.iter_rows():
        for known, (answers, right) in calibration([Outcome("", status, 0.0, 1.0, None, certainty=level)]).items():
            before = tally.get(known, (0, 0))
            tally[known] = (before[0] + answers * count, before[1] + right * count)
    levels = tuple(LevelFigures(level, *counts) for level, counts in sorted(tally.items()))
    return levels if any(level.answers for level in levels) else ()


def _objectives(sums: Sums) -> tuple[ObjectiveFigures, ...]:
    answers = sums["answers"].filter("handed_in").select("question", pl.col("objectives").alias("objective"))
    questions = answers.explode("objective").unique().group_by("objective").len()
    share, n = pl.col("points") / pl.col("possible"), pl.col("n")
    means = (
        sums["objectives"]
        .group_by("objective")
        .agg(n.sum(), ((share * n).sum() / n.sum()).alias("mean"))
        .join(questions, on="objective")
        .sort("objective")
    )
    return tuple(
        ObjectiveFigures(name, count, n, formulas.round_stable(mean)) for name, n, mean, count in means.iter_rows()
    )
