"""The formulas, tested against published worked examples and against SciPy."""

from __future__ import annotations

import math
from itertools import pairwise

import polars as pl
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.analysis import statistics as formulas

#: R. D. Bock and M. Lieberman, "Fitting a response model for n dichotomously scored items", Psychometrika 35 (1970):
#: 179-197: five questions of section 6 of the Law School Admission Test, right (1) or wrong (0), and how many of 1,000
#: people answered so.
LSAT_6 = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4, "01000": 1,
    "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29, "10010": 14, "10011": 81,
    "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56, "11010": 21, "11011": 173,
    "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip

#: K. L. Wuensch, "The Kuder-Richardson 20" (core.ecu.edu/wuenschk/StatHelp/KR20.txt): ten students, ten questions.
WUENSCH = [
    "1111110110", "1011011101", "1111011001", "0010001000", "0000010010",
    "1110111111", "1101110111", "1111111101", "0101111101", "1101101110",
]  # fmt: skip


def columns(lines: list[str]) -> list[pl.Series]:
    return [pl.Series([int(line[place]) for line in lines], dtype=pl.Float64) for place in range(len(lines[0]))]


@pytest.fixture(scope="module")
def lsat() -> list[pl.Series]:
    return columns([pattern for pattern, count in LSAT_6.items() for _ in range(count)])


def total(questions: list[pl.Series]) -> pl.Series:
    return sum(questions[1:], questions[0])


def alpha(questions: list[pl.Series]) -> float | None:
    """Cronbach's alpha from the scores of everybody on each question."""
    return formulas.alpha([formulas.variance(scores) for scores in questions], formulas.variance(total(questions)))


# ---- Reliability ----


def test_kr20_is_that_of_a_worked_example() -> None:
    questions = columns(WUENSCH)
    assert [round(float(scores.mean()), 1) for scores in questions] == [
        0.7,
        0.7,
        0.6,
        0.7,
        0.6,
        0.8,
        0.7,
        0.7,
        0.5,
        0.6,
    ]
    assert total(questions).var(ddof=0) == pytest.approx(5.84)
    # The example gives the intermediate results: sum of pq 2.18, variance of the totals 5.84.
    assert alpha(questions) == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))


def test_alpha_of_the_law_school_test_is_what_the_r_package_ltm_prints(lsat: list[pl.Series]) -> None:
    assert alpha(lsat) == pytest.approx(0.2950, abs=5e-5)


def test_interval_of_alpha_is_close_to_the_one_from_the_f_distribution() -> None:
    """Bonett's interval, which needs no F distribution, against Feldt's, computed with SciPy."""
    for value, n, count, apart in (
        (0.295, 1000, 5, 0.01),
        (0.7, 200, 20, 0.01),
        (0.8, 60, 30, 0.02),
        (0.5, 30, 10, 0.06),
    ):
        found = formulas.alpha_interval(value, n, count)
        f = scipy.stats.f(n - 1, (n - 1) * (count - 1))
        assert found == pytest.approx((1 - (1 - value) * f.ppf(0.975), 1 - (1 - value) * f.ppf(0.025)), abs=apart)


def test_error_of_measurement_is_the_spread_times_the_root_of_what_is_not_reliable() -> None:
    assert formulas.error_of_measurement(10, 0.84) == pytest.approx(4)
    assert formulas.error_of_measurement(10, -0.3) == 10


def test_alpha_is_none_where_it_means_nothing() -> None:
    same = pl.Series([1.0, 1.0, 1.0])
    assert formulas.alpha([], None) is None
    assert alpha([same]) is None
    assert alpha([same, same]) is None
    assert alpha([pl.Series([1.0]), pl.Series([0.0])]) is None
    # every total is 1, though the parts differ
    assert alpha([pl.Series([0.1, 0.7, 1.0]), pl.Series([0.9, 0.3, 0.0])]) is None
    assert formulas.alpha_interval(0.5, 2, 5) is None
    assert formulas.alpha_interval(1.0, 20, 5) == (1.0, 1.0)


TABLES = st.integers(2, 6).flatmap(
    lambda questions: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=questions, max_size=questions),
        min_size=2,
        max_size=40,
    )
)


@given(TABLES)
def test_alpha_is_at_most_1_and_a_question_that_all_get_the_same_on_never_breaks_it(table: list[list[float]]) -> None:
    questions = [pl.Series(column) for column in zip(*table, strict=True)]
    value = alpha(questions)
    assert value is None or value <= 1
    more = alpha([*questions, pl.Series([1.0] * len(table))])
    assert (value is None) == (more is None)
    if value is not None and more is not None:
        count = len(questions)
        assert more == pytest.approx(value * (count - 1) / count * (count + 1) / count, abs=1e-9)


# ---- Discrimination ----


def test_item_total_correlations_of_the_law_school_test_are_what_ltm_prints(lsat: list[pl.Series]) -> None:
    all_ = total(lsat)
    whole = [formulas.correlation(scores, all_) for scores in lsat]
    assert whole == pytest.approx([0.3620, 0.5668, 0.6184, 0.5344, 0.4354], abs=5e-5)
    corrected = [formulas.correlation(scores, all_ - scores) for scores in lsat]
    assert corrected == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=5e-5)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=4, max_size=60))
def test_correlation_and_its_interval_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    one, other = ([pair[place] for pair in pairs] for place in (0, 1))
    found = formulas.correlation(pl.Series(one, dtype=pl.Float64), pl.Series(other, dtype=pl.Float64))
    if len(set(one)) < 2 or len(set(other)) < 2:
        assert found is None
        return
    assert found == pytest.approx(scipy.stats.pointbiserialr(one, other).statistic, abs=2e-12)
    assert found is not None
    if abs(found) < 1 - 1e-9:
        expected = scipy.stats.pearsonr(one, other).confidence_interval(0.95)
        assert formulas.correlation_interval(found, len(pairs)) == pytest.approx(tuple(expected), abs=1e-9)


def test_correlation_leaves_out_who_has_only_one_of_the_two() -> None:
    one, other = pl.Series([1.0, 0.0, None, 1.0, 0.0]), pl.Series([3.0, 1.0, 9.0, None, 2.0])
    assert formulas.correlation(one, other) == pytest.approx(scipy.stats.pearsonr([1, 0, 0], [3, 1, 2]).statistic)


def test_thresholds_for_small_classes_rest_on_the_intervals_that_their_comments_name() -> None:
    assert formulas.correlation_interval(0.3, 9) == pytest.approx((-0.46, 0.80), abs=0.006)
    assert formulas.correlation_interval(0.3, 29) == pytest.approx((-0.08, 0.60), abs=0.006)
    assert formulas.correlation_interval(0.3, 3) is None


def test_groups_have_27_per_cent_of_a_hundred_learners() -> None:
    upper, lower = formulas.group_weights(pl.Series([float(n) for n in range(100)]))
    assert upper.to_list() == [0.0] * 73 + [1.0] * 27
    assert lower.to_list() == [1.0] * 27 + [0.0] * 73


def test_learners_who_tie_at_the_border_share_the_places_that_are_left() -> None:
    upper, lower = formulas.group_weights(pl.Series([5.0, 4.0, 4.0, 4.0, 3.0, 3.0, 2.0, 1.0, 1.0, 1.0]))
    assert upper.to_list() == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0, 0, 0, 0, 0, 0])
    assert lower.to_list() == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 10), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=60), st.randoms())
def test_index_d_is_between_minus_1_and_1_and_does_not_depend_on_the_order_of_learners(
    learners: list[tuple[int, float]], random: object
) -> None:
    def index(rows: list[tuple[int, float]]) -> float | None:
        totals = pl.Series([float(row[0]) for row in rows])
        share = pl.Series([row[1] for row in rows])
        upper, lower = formulas.group_weights(totals)
        assert float(upper.sum()) == pytest.approx(float(lower.sum()))
        return formulas.discrimination_index(formulas.group_mean(share, upper), formulas.group_mean(share, lower))

    found = index(learners)
    assert found is not None
    assert -1 <= found <= 1
    shuffled = list(learners)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert index(shuffled) == found


# ---- Proportions and gains ----


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_of_a_proportion_is_that_of_newcombe_1998(right: int, n: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998): 857-872, table I, method 3."""
    assert formulas.proportion_interval(right / n, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_of_a_proportion_is_that_of_scipy_and_holds_the_proportion(pair: tuple[int, int]) -> None:
    right, n = pair
    found = formulas.proportion_interval(right / n, n)
    expected = scipy.stats.binomtest(right, n).proportion_ci(method="wilson")
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert found is not None
    assert 0 <= found[0] <= right / n + 1e-12
    assert right / n - 1e-12 <= found[1] <= 1


def test_there_is_no_interval_without_learners() -> None:
    assert formulas.proportion_interval(0.0, 0) is None


def test_normalized_gain_is_the_gain_out_of_what_could_be_gained() -> None:
    # Hake (1998) defines it by class means: from 40% to 70%, half of the possible gain is made.
    assert formulas.normalized_gain(0.4, 0.7) == pytest.approx(0.5)
    assert formulas.normalized_gain(0.5, 0.25) == pytest.approx(-0.5)
    assert formulas.normalized_gain(1.0, 1.0) is None
    steps = [formulas.normalized_gain(0.2, after / 10) for after in range(2, 11)]
    assert all(one < other for one, other in pairwise(step for step in steps if step is not None))
    assert steps[-1] == 1


def test_spread_of_one_score_is_not_known() -> None:
    assert formulas.sd(pl.Series([1.0])) is None
    assert formulas.sd(pl.Series([1.0, 3.0])) == pytest.approx(math.sqrt(2))
