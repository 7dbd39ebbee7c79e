"""The analysis from sums: it is that of each learner's rows, and sums of parts of a class add up to those of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learners import counted, scored, simulate
from material import SAMPLE_COURSE
from plain_analysis import gains, quiz_figures

import civicquiz
from civicquiz.classroom.analysis import rows as reading
from civicquiz.classroom.analysis.figures import QuizFigures
from civicquiz.classroom.analysis.gain import gain_between
from civicquiz.classroom.analysis.items import analyze
from civicquiz.classroom.analysis.rows import checked, prepared
from civicquiz.classroom.analysis.summing import Plan, sums_of_batch
from civicquiz.classroom.analysis.sums import COLUMNS, Sums, add
from civicquiz.classroom.outcomes_file import SCHEMA
from civicquiz.model.quiz import Quiz

CLOSE = 1e-9


@cache
def keys() -> dict[str, Quiz]:
    return {name: civicquiz.load(SAMPLE_COURSE / "quizzes" / f"{name}.yml") for name in ("before", "after")}


def changed(rows: pl.DataFrame, random: Random) -> pl.DataFrame:
    """``rows`` with everything that may be in outcomes: partial credit, answers that wait or are missing, questions
    without points or that only some were given, versions, several attempts, no times, any order."""
    waits, polls, picked, missing, partly = (random.random() < chance for chance in (0.5, 0.4, 0.4, 0.3, 0.7))
    questions = sorted({(row["quiz"], row["question"]) for row in rows.to_dicts()})
    worth = {question: random.choice([1.0, 1.0, 2.0, 0.1]) for question in questions}
    waiting, poll = random.choice(questions), random.choice(questions)
    found = []
    for row in rows.to_dicts():
        question = (row["quiz"], row["question"])
        if picked and random.random() < 0.3:
            continue
        row["max_score"] *= worth[question]
        row["version"] = random.choice(["v", "w"])
        row["attempts"] = random.choice([row["attempts"], 0, 3])
        row["seconds"] = random.choice([row["seconds"], None])
        if row["score"] is not None:
            row["score"] *= worth[question]
            if partly and row["status"] == "correct" and random.random() < 0.3:
                row |= {"status": "partly", "score": row["score"] * random.choice([1 / 3, 0.5])}
        if polls and question == poll and row["status"] != "missing":
            row |= {"status": "unscored", "score": None, "max_score": 0.0}
        elif waits and question == waiting and row["status"] != "missing" and random.random() < 0.2:
            row |= {"status": "needs-review", "score": None}
        elif missing and random.random() < 0.02:
            row |= {"status": "missing", "score": None}
        found.append(row)
    if random.random() < 0.3:
        random.shuffle(found)
    return pl.DataFrame(found or rows.to_dicts()[:1], schema=SCHEMA)


@st.composite
def classes(draw: st.DrawFn) -> pl.DataFrame:
    """What a small class did before and after a course."""
    random = Random(draw(st.integers(0, 2**32)))
    return changed(
        pl.concat(
            [
                simulate(
                    quiz,
                    draw(st.integers(1, 40)),
                    seed=random.randrange(99),
                    missing=random.choice([0, 2]),
                    certainty=random.random() < 0.5,
                    omit={quiz.questions[0].id: 0.3},
                )
                for quiz in keys().values()
            ]
        ),
        random,
    )


def assert_same(found: QuizFigures, plain: Mapping[str, Any], key: Quiz | None) -> None:
    """Whether the real figures are the plain ones."""
    for name in ("n", "not_handed_in", "incomplete", "counted", "points", "same_questions", "mean", "sd"):
        assert getattr(found, name) == pytest.approx(plain[name], abs=CLOSE), name
    assert list(found.versions) == plain["versions"]
    assert sum(count for *_, count in found.distribution) == found.n
    assert (found.reliability.value if found.reliability else None) == pytest.approx(plain["alpha"], abs=CLOSE)
    certain = {level.certainty: (level.answers, level.right) for level in found.certainty}
    assert certain == (plain["certainty"] if any(answers for answers, _ in plain["certainty"].values()) else {})
    assert {row.code: (row.questions, row.n, row.mean) for row in found.objectives} == {
        name: (*counts, pytest.approx(mean, abs=CLOSE)) for name, (*counts, mean) in plain["objectives"].items()
    }
    assert {question.id for question in found.questions} == set(plain["questions"])
    for question in found.questions:
        expected = dict(plain["questions"][question.id])
        options = expected.pop("options")
        for name, value in expected.items():
            assert getattr(question, name) == pytest.approx(value, abs=CLOSE), (question.id, name)
        shown = [(o.id, o.count, o.chosen, o.lower, o.middle, o.upper) for o in question.options]
        assert shown == [pytest.approx(option, abs=CLOSE) for option in options]


@given(classes(), st.booleans())
def test_figures_are_those_worked_out_learner_by_learner(rows: pl.DataFrame, with_keys: bool) -> None:
    known = keys() if with_keys else {}
    sums, plain = counted(rows, known, "before", "after"), rows.to_dicts()
    for name in set(rows["quiz"]):
        key = known.get(name)
        assert_same(analyze(name, sums, key), quiz_figures(plain, name, key), key)
    if rows["quiz"].n_unique() == 2:
        found = gain_between(sums, "before", "after").rows
        assert {row.objective: (row.n, row.before, row.after, row.error) for row in found} == {
            objective: pytest.approx(figures, abs=CLOSE)
            for objective, figures in gains(plain, "before", "after").items()
        }


def test_figures_of_every_question_type_are_those_worked_out_learner_by_learner(repo: Path) -> None:
    for number, path in enumerate(sorted((repo / "examples").glob("*.yml"))):
        quiz, random = civicquiz.load(path), Random(number)
        for rows in (simulate(quiz, 12), changed(simulate(quiz, 25, missing=1), random)):
            found = analyze(quiz.name, counted(rows, {quiz.name: quiz}), quiz)
            assert_same(found, quiz_figures(rows.to_dicts(), quiz.name, quiz), quiz)


def in_order(sums: Sums) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(sums[name].rows(), key=repr) for name in COLUMNS}


@given(classes(), st.randoms())
def test_sums_of_parts_of_a_class_add_up_to_those_of_the_class(rows: pl.DataFrame, random: Random) -> None:
    ready = prepared(rows.lazy())
    plan = Plan.of(checked(ready), keys(), "before", "after")
    learners = sorted(set(rows["learner"]))
    part = {learner: random.randrange(3) for learner in learners}
    sorted_rows = ready.collect().sort("learner", maintain_order=True)
    batches = [
        sorted_rows.filter(pl.col("learner").is_in([learner for learner in learners if part[learner] == number]))
        for number in range(3)
    ]
    random.shuffle(batches)
    assert in_order(add(sums_of_batch(batch, plan) for batch in batches)) == in_order(
        counted(rows, keys(), "before", "after")
    )


@pytest.mark.parametrize("order", [lambda rows: rows, lambda rows: rows.sample(fraction=1, shuffle=True, seed=1)])
def test_size_of_the_batches_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, order: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    rows = order(pl.concat([simulate(quiz, 30, missing=1) for quiz in keys().values()]).sort("learner"))
    whole = in_order(counted(rows, keys(), "before", "after"))
    for size in (7, 10, 64, len(rows), len(rows) + 1):
        monkeypatch.setattr(reading, "BATCH", size)
        assert in_order(counted(rows, keys(), "before", "after")) == whole


def test_many_quizzes_with_many_questions_are_told_apart() -> None:
    table: list[list[float | None]] = [[float((line + place) % 3 == 0) for place in range(30)] for line in range(12)]
    rows = pl.concat([scored(table, quiz=f"quiz-{number:02}") for number in range(40)])
    last = (pl.col("quiz") == "quiz-39") & (pl.col("question") == "q29")
    rows = rows.with_columns(
        pl.when(last).then(pl.lit("needs-review")).otherwise("status").alias("status"),
        pl.when(last).then(None).otherwise("score").alias("score"),
    )
    sums = counted(rows)
    for name in ("quiz-00", "quiz-08", "quiz-39"):
        assert_same(analyze(name, sums), quiz_figures(rows.filter(pl.col("quiz") == name).to_dicts(), name), None)


def test_sums_do_not_grow_with_the_class_and_name_nobody() -> None:
    rows = simulate(keys()["before"], 40)
    more = pl.concat([rows.with_columns(pl.col("learner") + f" {copy}") for copy in range(5)])
    once, often = (counted(found, keys()) for found in (rows, more))
    assert {name: len(table) for name, table in once.items()} == {name: len(table) for name, table in often.items()}
    assert all(often[name]["n"].sum() == 5 * table["n"].sum() for name, table in once.items())
    texts = [value for table in often.values() for row in table.rows() for value in row if isinstance(value, str)]
    assert not any("Learner" in text for text in texts)
    assert all(dict(often[name].schema) == columns | {"n": pl.Int64()} for name, columns in COLUMNS.items())


def test_responses_are_only_kept_where_options_are_counted(repo: Path) -> None:
    quiz = civicquiz.load(repo / "examples" / "open-response.yml")
    assert not len(counted(simulate(quiz, 20), {quiz.name: quiz})["responses"])
    assert not len(counted(simulate(keys()["before"], 20))["responses"])


def test_two_rows_for_one_question_are_found_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = scored([[1.0] * 6] * 20)
    monkeypatch.setattr(reading, "BATCH", 10)
    for twice in (pl.concat([rows, rows[:1]]), pl.concat([rows, rows[-6:-5]])):
        with pytest.raises(ValueError, match="two rows for the same question"):
            counted(twice)
