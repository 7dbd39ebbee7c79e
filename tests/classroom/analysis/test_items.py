"""The figures of a quiz and its questions, from simulated learners who are really graded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learners import counted, scored, simulate
from material import SAMPLE_COURSE, quiz_of, write

import civicquiz
from civicquiz.classroom.analysis import items
from civicquiz.classroom.analysis.csv_tables import items_csv
from civicquiz.classroom.analysis.figures import GainFigures, QuestionFigures, QuizFigures
from civicquiz.classroom.analysis.flags import TOO_FEW
from civicquiz.classroom.analysis.gain import gain_between
from civicquiz.errors import ReportError
from civicquiz.grading import Outcome, calibration
from civicquiz.model.quiz import Quiz


@pytest.fixture(scope="module")
def quiz() -> Quiz:
    return civicquiz.load(SAMPLE_COURSE / "quizzes" / "after.yml")


@pytest.fixture(scope="module")
def pre() -> Quiz:
    return civicquiz.load(SAMPLE_COURSE / "quizzes" / "before.yml")


def analyze(rows: pl.DataFrame, quiz: Quiz | None = None) -> QuizFigures:
    (name,) = rows["quiz"].unique().to_list()
    return items.analyze(name, counted(rows, {name: quiz} if quiz else {}), quiz)


def gain(rows: pl.DataFrame, pre: str, post: str) -> GainFigures:
    return gain_between(counted(rows, pre=pre, post=post), pre, post)


def by_id(figures: QuizFigures) -> dict[str, QuestionFigures]:
    return {question.id: question for question in figures.questions}


def flag_names(figures: QuizFigures, question: str) -> set[str]:
    return {flag.name for flag in by_id(figures)[question].flags}


#: ten learners on four questions, easy enough to work out by hand
BY_HAND: list[list[float | None]] = [
    [1, 1, 1, 1],
    [1, 1, 1, 0],
    [1, 1, 1, 0],
    [1, 1, 0, 0],
    [1, 1, 0, 0],
    [1, 0, 0, 1],
    [1, 0, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 1],
    [0, 0, 0, 0],
]


# ---- By hand ----


def test_figures_of_a_small_table_are_those_worked_out_by_hand() -> None:
    found = analyze(scored(BY_HAND))
    assert (found.n, found.counted, found.points) == (10, 4, 4.0)
    assert found.mean == pytest.approx(1.9)
    assert [count for *_, count in found.distribution] == [1, 3, 3, 2, 1]
    assert [question.facility for question in found.questions] == pytest.approx([0.8, 0.5, 0.3, 0.3])
    first = found.questions[0]
    # 27% of 10 is 3. Upper group: the totals 4, 3, 3. Lower group: the total 0, and two thirds of each of the three
    # with a total of 1, two of whom have the first question right.
    assert (first.upper, first.lower) == (pytest.approx(1.0), pytest.approx(4 / 9))
    assert first.discrimination == pytest.approx(5 / 9)
    last = found.questions[3]
    assert (last.upper, last.lower) == (pytest.approx(1 / 3), pytest.approx(2 / 9))


def test_reliability_is_called_kr20_only_where_all_scores_are_right_or_wrong() -> None:
    found = analyze(scored(BY_HAND)).reliability
    assert found is not None
    assert found.name == "KR-20"
    halves = [[0.5, *line[1:]] for line in BY_HAND[:1]] + BY_HAND[1:]
    partly = analyze(scored(halves)).reliability
    assert partly is not None
    assert partly.name == "Cronbach's alpha"


def test_median_time_and_attempts_are_those_of_the_rows_that_have_them() -> None:
    rows = scored(BY_HAND).with_columns(
        pl.when(pl.col("learner") < "L0005").then(pl.col("learner").str.slice(-1).cast(pl.Float64)).alias("seconds"),
        pl.when(pl.col("learner") == "L0000").then(3).otherwise(None).alias("attempts"),
    )
    first = analyze(rows).questions[0]
    assert (first.seconds, first.attempts) == (2.0, 3.0)
    bare = analyze(scored(BY_HAND)).questions[0]
    assert (bare.seconds, bare.attempts) == (None, None)


# ---- What is missing, left out, or waits ----


def test_no_answer_counts_as_wrong_and_is_reported_as_omitted() -> None:
    rows = scored(BY_HAND)
    left_out = rows.with_columns(
        pl.when((pl.col("question") == "q0") & (pl.col("score") == 0))
        .then(pl.lit("unanswered"))
        .otherwise("status")
        .alias("status")
    )
    found, plain = analyze(left_out), analyze(rows)
    assert found.questions[0].omitted == pytest.approx(0.2)
    assert found.questions[0].facility == plain.questions[0].facility
    assert found.reliability == plain.reliability


def test_who_handed_in_nothing_is_counted_and_changes_no_figure(quiz: Quiz) -> None:
    with_them = analyze(simulate(quiz, 40, missing=7), quiz)
    without = analyze(simulate(quiz, 40), quiz)
    assert (with_them.n, with_them.not_handed_in) == (40, 7)
    assert with_them.questions == without.questions
    assert with_them.mean == without.mean


def test_question_that_waits_for_a_person_is_in_no_total_until_the_last_answer_is_scored() -> None:
    rows = scored(BY_HAND).with_columns(
        waits=(pl.col("question") == "q3") & (pl.col("learner") == "L0002"),
    )
    rows = rows.with_columns(
        pl.when("waits").then(pl.lit("needs-review")).otherwise("status").alias("status"),
        pl.when("waits").then(None).otherwise("score").alias("score"),
    ).drop("waits")
    found = analyze(rows)
    assert (found.n, found.incomplete, found.counted, found.points) == (10, 0, 3, 3.0)
    last = found.questions[3]
    assert (last.n, last.waiting, last.facility) == (9, 1, pytest.approx(3 / 9))
    assert (last.correlation, last.discrimination, last.in_total) == (None, None, 0)
    assert [flag.name for flag in last.flags] == ["waiting"]
    assert found.questions[0].correlation is not None


def test_learner_with_a_single_score_missing_has_no_total() -> None:
    rows = scored([*BY_HAND, [1, 1, 1, 1]]).with_columns(
        gone=(pl.col("question") == "q1") & (pl.col("learner") == "L0010")
    )
    rows = rows.with_columns(
        pl.when("gone").then(pl.lit("missing")).otherwise("status").alias("status"),
        pl.when("gone").then(None).otherwise("score").alias("score"),
    ).drop("gone")
    found = analyze(rows)
    assert (found.n, found.incomplete) == (10, 1)
    assert "incomplete" in {flag.name for flag in found.flags}
    assert by_id(found)["q1"].n == 10
    assert by_id(found)["q0"].n == 11


def test_where_learners_got_different_questions_totals_are_shares_and_there_is_no_reliability() -> None:
    table: list[list[float | None]] = [
        [*line[:2], None, line[3]] if n % 2 else line for n, line in enumerate(BY_HAND * 3)
    ]
    found = analyze(scored(table))
    assert not found.same_questions
    assert found.reliability is None
    assert "different questions" in found.no_reliability
    assert found.distribution[-1][:2] == (90.0, 100.0)
    assert by_id(found)["q2"].n == 15
    assert by_id(found)["q2"].in_total == 15
    assert by_id(found)["q2"].correlation is not None


# ---- Small classes ----


def test_below_ten_learners_nothing_that_compares_them_is_shown(quiz: Quiz) -> None:
    found = analyze(simulate(quiz, 9), quiz)
    assert found.flags[0].sentence == "n = 9: too few to judge the questions."
    assert found.no_reliability == "n = 9: too few to judge"
    for question in found.questions:
        assert question.facility is not None
        assert question.facility_interval is not None
        assert (question.correlation, question.discrimination, question.lower, question.upper, question.flags) == (
            None,
        ) * 4 + ((),)
        assert all((option.lower, option.middle, option.upper) == (None,) * 3 for option in question.options)


def test_from_ten_learners_on_they_are_shown_and_below_thirty_flags_say_that_they_may_be_chance(quiz: Quiz) -> None:
    found = analyze(simulate(quiz, TOO_FEW, difficulty={quiz.questions[0].id: -9}), quiz)
    assert found.reliability is not None
    assert "small-class" in {flag.name for flag in found.flags}
    (flag,) = found.questions[0].flags
    assert flag.name == "too-easy"
    assert flag.sentence.endswith("With n = 10, this may be chance.")


def test_a_single_learner_and_a_single_question_break_nothing() -> None:
    found = analyze(scored([[1.0]]))
    assert (found.n, found.mean, found.sd, found.reliability) == (1, 1.0, None, None)


# ---- Options ----


def test_options_are_counted_by_group_and_shares_of_one_right_answer_add_up(quiz: Quiz) -> None:
    rows = simulate(quiz, 200, seed=5)
    found = by_id(analyze(rows, quiz))
    question = quiz.questions[0]
    figures = found[question.id]
    assert [option.text for option in figures.options] == [option.text for option in question.options]  # type: ignore[union-attr]
    assert sum(option.count for option in figures.options) == 200
    for group in ("chosen", "lower", "middle", "upper"):
        assert sum(getattr(option, group) for option in figures.options) == pytest.approx(1)
    (right,) = [option for option in figures.options if option.right]
    assert right.chosen == pytest.approx(figures.facility)
    assert right.upper == pytest.approx(figures.upper)
    assert right.lower == pytest.approx(figures.lower)
    assert right.upper is not None
    assert right.lower is not None
    assert right.upper > right.lower


def test_options_are_left_out_without_the_key_and_for_other_interactions(quiz: Quiz) -> None:
    rows = simulate(quiz, 40)
    assert all(not figures.options for figures in analyze(rows).questions)
    with_key = by_id(analyze(rows, quiz))
    for question in quiz.questions:
        assert bool(with_key[question.id].options) == (question.interaction().name == "choice")


@pytest.mark.parametrize("response", ['["gone"]', "not json", '{"a": 1}', "[1, null]", "{", "3"])
def test_response_that_fits_no_option_of_the_key_counts_as_no_choice(quiz: Quiz, response: str) -> None:
    first = quiz.questions[0].id
    rows = simulate(quiz, 40).with_columns(
        pl.when((pl.col("question") == first) & (pl.col("learner") == "Learner Number 000003"))
        .then(pl.lit(response))
        .otherwise("response")
        .alias("response")
    )
    assert sum(option.count for option in by_id(analyze(rows, quiz))[first].options) == 39


def test_option_that_a_response_names_twice_counts_once(quiz: Quiz) -> None:
    rows = simulate(quiz, 40)
    twice = rows.with_columns(pl.col("response").str.replace(r'^\["([\w-]+)"\]$', '["$1", "$1"]'))
    assert twice["response"].str.contains(", ").sum() > rows["response"].str.contains(", ").sum()
    assert analyze(twice, quiz).questions == analyze(rows, quiz).questions


# ---- Flags on simulated classes ----


@pytest.mark.parametrize("seed", range(5))
def test_wrong_key_is_found_and_names_the_option_that_the_best_choose(quiz: Quiz, seed: int) -> None:
    question = quiz.questions[0]
    wrong = next(option for option in question.options if not option.correct)  # type: ignore[union-attr]
    right = next(option for option in question.options if option.correct)  # type: ignore[union-attr]
    found = analyze(simulate(quiz, 100, seed=seed, answer={question.id: [wrong.id]}), quiz)
    (flag,) = [flag for flag in by_id(found)[question.id].flags if flag.name == "key-error"]
    assert f"'{wrong.text}'" in flag.sentence
    assert flag.sentence.endswith(f"The key says '{right.text}'.")
    others = [figures for figures in found.questions if figures.id != question.id]
    assert all("key-error" not in {flag.name for flag in figures.flags} for figures in others)


def test_a_good_quiz_in_a_large_class_has_no_flag_on_a_key(quiz: Quiz) -> None:
    for seed in range(3):
        found = analyze(simulate(quiz, 500, seed=seed), quiz)
        names = {flag.name for figures in found.questions for flag in figures.flags}
        assert not names & {"key-error", "negative-discrimination", "low-discrimination", "often-omitted"}


def test_very_easy_very_hard_and_often_omitted_questions_are_flagged(quiz: Quiz) -> None:
    easy, hard, omitted = (quiz.questions[place].id for place in (0, 2, 3))
    rows = simulate(quiz, 200, difficulty={easy: -9, hard: 9}, omit={omitted: 0.3})
    found = analyze(rows, quiz)
    assert "too-easy" in flag_names(found, easy)
    assert "too-hard" in flag_names(found, hard)
    assert "often-omitted" in flag_names(found, omitted)
    assert by_id(found)[omitted].omitted == pytest.approx(0.3, abs=0.1)


def test_question_that_has_nothing_to_do_with_the_rest_discriminates_little(quiz: Quiz) -> None:
    question = quiz.questions[0]
    rows = simulate(quiz, 400, ability=0)
    apart = simulate(quiz, 400, seed=99).filter(pl.col("question") == question.id)
    mixed = pl.concat([rows.filter(pl.col("question") != question.id), apart]).sort("learner", maintain_order=True)
    found = analyze(mixed, quiz)
    assert {"low-discrimination", "negative-discrimination"} & flag_names(found, question.id)
    # The total includes the question itself, which raises D in a short quiz, as the docs say; r is not affected.
    figures = by_id(found)[question.id]
    assert figures.discrimination == pytest.approx(0.2, abs=0.15)
    assert figures.correlation == pytest.approx(0.0, abs=0.1)


def test_option_that_nobody_chooses_is_named(quiz: Quiz) -> None:
    question = quiz.questions[0]
    wrong = [option for option in question.options if not option.correct]  # type: ignore[union-attr]
    rows = simulate(quiz, 200)
    rows = rows.with_columns(pl.col("response").str.replace(wrong[0].id, wrong[1].id, literal=True))
    flags = by_id(analyze(rows, quiz))[question.id].flags
    (flag,) = [flag for flag in flags if flag.name == "unused-option"]
    assert f"'{wrong[0].text}'" in flag.sentence
    assert f"'{wrong[1].text}'" not in flag.sentence


def test_unreliable_totals_say_how_many_questions_it_would_take(quiz: Quiz) -> None:
    found = analyze(simulate(quiz, 300, spread=0.6), quiz)
    assert found.reliability is not None
    assert 0.1 < found.reliability.value < 0.6
    (flag,) = [flag for flag in found.flags if flag.name == "low-reliability"]
    needed = int(flag.advice.split("About ")[1].split()[0])
    longer = needed / len(quiz.questions)
    value = found.reliability.value
    assert longer * value / (1 + (longer - 1) * value) == pytest.approx(0.7, abs=0.01)


def test_two_versions_of_a_quiz_are_named() -> None:
    rows = scored(BY_HAND).with_columns(
        pl.when(pl.col("learner") < "L0004").then(pl.lit("w")).otherwise("version").alias("version")
    )
    found = analyze(rows)
    assert found.versions == ("v", "w")
    assert "versions" in {flag.name for flag in found.flags}


# ---- Certainty and objectives ----


def test_certainty_is_counted_as_grading_counts_it(quiz: Quiz) -> None:
    rows = simulate(quiz, 50, certainty=True, omit={quiz.questions[0].id: 0.4})
    outcomes = [
        Outcome(row["question"], row["status"], row["score"], row["max_score"], None, certainty=row["certainty"])
        for row in rows.to_dicts()
    ]
    found = analyze(rows, quiz)
    assert {level.certainty: (level.answers, level.right) for level in found.certainty} == calibration(outcomes)


def test_learners_who_are_sure_and_often_wrong_are_flagged_as_a_class(quiz: Quiz) -> None:
    rows = simulate(quiz, 50, ability=-1).with_columns(pl.lit(3, pl.Int64).alias("certainty"))
    assert "overconfident" in {flag.name for flag in analyze(rows, quiz).flags}
    able = simulate(quiz, 50, ability=4).with_columns(pl.lit(3, pl.Int64).alias("certainty"))
    assert "overconfident" not in {flag.name for flag in analyze(able, quiz).flags}
    assert analyze(simulate(quiz, 50), quiz).certainty == ()


def test_results_by_objective_are_the_mean_shares_of_their_questions(quiz: Quiz) -> None:
    rows = simulate(quiz, 60)
    for objective in analyze(rows, quiz).objectives:
        of = rows.filter(pl.col("objectives").list.contains(objective.code))
        assert objective.questions == of["question"].n_unique() == 2
        assert objective.n == 60
        assert objective.mean == pytest.approx(float(of["score"].sum()) / float(of["max_score"].sum()))


def test_question_that_was_changed_while_it_was_used_has_the_same_figures_each_time() -> None:
    rows = scored([[1.0, 0.0]] * 12)
    second = pl.col("learner").rank("dense") % 2 == 0
    changes = {"version": "w", "type": "number", "objectives": ["B", "C"]}
    changed = rows.with_columns(
        pl.when(second).then(pl.lit(value)).otherwise(name).alias(name) for name, value in changes.items()
    )
    assert changed["objectives"].n_unique() == 2
    first, *others = [analyze(changed) for _ in range(12)]
    assert all(other == first for other in others)


# ---- Gain ----


def test_gain_is_of_the_same_learners_over_all_and_by_objective(quiz: Quiz, pre: Quiz) -> None:
    before = simulate(pre, 40, seed=2)
    after = simulate(quiz, 35, seed=2, ability=1.0)
    found = gain(pl.concat([before, after]), pre.name, quiz.name)
    assert (found.only_pre, found.only_post) == (5, 0)
    assert [row.objective for row in found.rows] == [None, *sorted({*quiz.objectives})]
    whole = found.rows[0]
    matched = before.filter(pl.col("learner") < "Learner Number 000035")
    means = [float(rows["score"].sum()) / float(rows["max_score"].sum()) for rows in (matched, after)]
    assert (whole.n, whole.before, whole.after) == (35, pytest.approx(means[0]), pytest.approx(means[1]))
    assert whole.gain == pytest.approx(means[1] - means[0])
    assert whole.normalized == pytest.approx((means[1] - means[0]) / (1 - means[0]))
    assert whole.error is not None
    gains = [
        (
            after.filter(pl.col("learner") == name)["score"].sum()
            - matched.filter(pl.col("learner") == name)["score"].sum()
        )
        / len(quiz.questions)
        for name in after["learner"].unique()
    ]
    assert whole.error == pytest.approx(pl.Series(gains).std() / 35**0.5, rel=1e-6)  # type: ignore[operator]


def test_gain_of_fewer_than_ten_learners_is_not_shown(quiz: Quiz, pre: Quiz) -> None:
    found = gain(pl.concat([simulate(pre, 9), simulate(quiz, 30)]), pre.name, quiz.name)
    assert (found.rows, found.only_post) == ((), 21)


def test_pair_of_quizzes_that_cannot_be_compared_is_refused(quiz: Quiz, pre: Quiz) -> None:
    rows = pl.concat([simulate(pre, 12), simulate(quiz, 12), scored(BY_HAND)])
    for one, other, message in (
        ("nope", quiz.name, "--pre: nobody answered a quiz named 'nope'"),
        (pre.name, "nope", "--post: nobody answered"),
        (pre.name, pre.name, "name two different ones"),
        (pre.name, "made-up", "no objective in common"),
    ):
        with pytest.raises(ReportError, match=message):
            gain(rows, one, other)


# ---- For all tables ----

SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0, None])
TABLES = st.integers(1, 5).flatmap(
    lambda count: st.lists(st.lists(SHARES, min_size=count, max_size=count), min_size=1, max_size=40).filter(
        lambda table: any(cell is not None for line in table for cell in line)
    )
)


@given(TABLES)
def test_every_table_has_figures_within_their_bounds(table: list[list[float | None]]) -> None:
    found = analyze(scored(table))
    if found.reliability:
        assert found.reliability.value <= 1
        assert found.reliability.error >= 0
    assert sum(count for *_, count in found.distribution) == found.n
    for figures in found.questions:
        assert figures.facility is not None
        assert 0 <= figures.facility <= 1
        assert figures.discrimination is None or -1 <= figures.discrimination <= 1
        assert figures.correlation is None or -1 <= figures.correlation <= 1
        assert figures.facility_interval is not None
        assert figures.facility_interval[0] - 1e-9 <= figures.facility <= figures.facility_interval[1] + 1e-9


@given(TABLES, st.randoms())
def test_other_names_in_another_order_change_no_figure(table: list[list[float | None]], random: Any) -> None:
    shuffled = list(table)
    random.shuffle(shuffled)
    one, other = analyze(scored(table)), analyze(scored(shuffled))
    assert one.distribution == other.distribution
    assert (one.n, one.mean, one.flags) == (other.n, other.mean, other.flags)
    before, after = by_id(one), by_id(other)
    assert set(before) == set(after)
    for name, figures in before.items():
        for field in ("facility", "correlation", "discrimination", "lower", "upper"):
            assert getattr(after[name], field) == pytest.approx(getattr(figures, field), abs=1e-11)


@given(TABLES)
def test_question_on_which_all_get_the_same_breaks_nothing(table: list[list[float | None]]) -> None:
    found = analyze(scored([[*line, 1.0] for line in table]))
    last = by_id(found)[f"q{len(table[0])}"]
    assert (last.facility, last.correlation) == (1.0, None)


# ---- What is refused ----


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": pl.lit("perfect")}, "unknown status 'perfect'"),
        ({"max_score": pl.lit(-1.0)}, "'max_score' of 0 or more"),
        ({"max_score": pl.lit(None, pl.Float64)}, "'max_score' of 0 or more"),
        ({"score": pl.lit(1.5)}, "above its 'max_score'"),
        ({"score": pl.lit(-1.0)}, "below 0"),
        ({"question": pl.lit("same")}, "two rows for the same question"),
        ({"learner": pl.lit(None, pl.String)}, "a row has no 'learner'"),
    ],
)
def test_rows_that_cannot_be_are_refused(change: dict[str, pl.Expr], message: str) -> None:
    rows = scored([[1.0, 1.0], [1.0, 0.5]]).with_columns(**change)
    with pytest.raises(ValueError, match=message):
        counted(rows)


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody has handed anything in"):
        counted(scored([[1.0]]).clear())


def test_questions_with_several_right_options_and_texts_of_words(tmp_path: Path) -> None:
    write(
        tmp_path / "several.yml",
        """\
title: Several
questions:
  - id: which
    type: multiple-choice
    prompt: Which?
    options: [{text: "*one*", correct: true}, {text: two, correct: true}, three, four]
  - id: is-it
    type: true-false
    prompt: Is it?
    answer: true
""",
    )
    several = civicquiz.load(tmp_path / "several.yml")
    which, is_it = analyze(simulate(several, 60), several).questions
    assert which.several
    assert which.chance is None
    assert [option.text for option in which.options] == ["one", "two", "three", "four"]
    assert sum(option.chosen for option in which.options) > 1
    assert is_it.chance == 0.5
    assert [(option.text, option.right) for option in is_it.options] == [("True", True), ("False", False)]


def test_level_and_difficulty_are_those_that_the_author_wrote() -> None:
    quiz = quiz_of(
        {"id": "a", "type": "true-false", "prompt": "x", "answer": True, "level": "apply", "difficulty": "hard"},
        {"id": "b", "type": "true-false", "prompt": "y", "answer": True},
    )
    rows = simulate(quiz, 12)
    assert [(found.level, found.difficulty) for found in analyze(rows, quiz).questions] == [("apply", "hard"), ("", "")]
    assert [found.level for found in analyze(rows).questions] == ["", ""]
    assert items_csv([analyze(rows, quiz)]).splitlines()[1].endswith(",apply,hard")
