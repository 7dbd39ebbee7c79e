"""When a flag is raised, tested at the thresholds."""

from __future__ import annotations

import pytest

from civicquiz.classroom.analysis import flags
from civicquiz.classroom.analysis.figures import Flag, LevelFigures, OptionFigures, QuestionFigures, QuizFigures

QUIZ = QuizFigures(
    name="q",
    n=100,
    not_handed_in=0,
    incomplete=0,
    questions=(),
    counted=10,
    points=10.0,
    same_questions=True,
    mean=6.0,
    sd=2.0,
    distribution=(),
    reliability=None,
    no_reliability="",
    certainty=(),
    objectives=(),
    versions=("v",),
)


def option(
    name: str, chosen: float = 0.2, *, right: bool = False, lower: float = 0.25, upper: float = 0.25
) -> OptionFigures:
    return OptionFigures(name, name, right, round(100 * chosen), chosen, lower, chosen, upper)


def question(
    *options: OptionFigures, n: int = 100, facility: float = 0.5, r: float = 0.4, d: float = 0.5, omitted: float = 0.0
) -> QuestionFigures:
    return QuestionFigures(
        id="x",
        number=1,
        type="single-choice",
        objectives=(),
        max_score=1.0,
        n=n,
        waiting=0,
        facility=facility,
        facility_interval=None,
        omitted=omitted,
        correlation=r,
        correlation_interval=None,
        in_total=n,
        lower=0.0,
        middle=0.0,
        upper=0.0,
        discrimination=d,
        seconds=None,
        attempts=None,
        options=options,
    )


def raised(figures: QuestionFigures) -> list[str]:
    return [flag.name for flag in flags.of_question(figures)]


def test_good_question_has_no_flag() -> None:
    assert raised(question(option("a", 0.5, right=True, lower=0.3, upper=0.8), option("b"), option("c"))) == []


@pytest.mark.parametrize(
    ("wrong", "r", "d", "expected"),
    [
        # the upper group prefers it, and does worse here than the others
        ({"lower": 0.2, "upper": 0.6}, -0.1, -0.2, ["key-error"]),
        # most of the upper group choose it, and hardly anybody earns points
        ({"lower": 0.8, "upper": 0.9}, 0.02, 0.0, ["key-error"]),
        # a misconception: many choose it, the upper group less often than the lower
        ({"lower": 0.9, "upper": 0.6}, 0.3, 0.3, []),
        ({"lower": 0.9, "upper": 0.6}, -0.1, 0.1, ["negative-discrimination"]),
        # the upper group chooses it more often than the lower, but the right option even more often
        ({"lower": 0.1, "upper": 0.2}, -0.1, 0.1, ["negative-discrimination"]),
    ],
)
def test_key_is_doubted_only_where_the_best_prefer_a_wrong_option(
    wrong: dict[str, float], r: float, d: float, expected: list[str]
) -> None:
    right = option("a", 0.3, right=True, lower=0.3, upper=0.3)
    assert raised(question(right, option("b", 0.5, **wrong), facility=0.6, r=r, d=d)) == expected


@pytest.mark.parametrize(
    ("facility", "options", "expected"),
    [
        (0.90, 0, ["too-easy"]),
        (0.89, 0, []),
        (0.20, 0, ["too-hard"]),
        (0.21, 0, []),
        (0.33, 3, ["too-hard"]),
        (0.34, 3, []),
        (0.50, 2, ["too-hard"]),
    ],
)
def test_easy_and_hard_have_borders_and_guessing_counts(facility: float, options: int, expected: list[str]) -> None:
    some = [option(str(number), 0.3, right=not number) for number in range(options)]
    assert raised(question(*some, facility=facility)) == expected


@pytest.mark.parametrize(
    ("r", "d", "expected"),
    [(0.10, 0.20, []), (0.09, 0.20, ["low-discrimination"]), (0.10, 0.19, ["low-discrimination"])],
)
def test_low_discrimination_is_below_a_border_of_either_figure(r: float, d: float, expected: list[str]) -> None:
    assert raised(question(r=r, d=d)) == expected
    assert raised(question(r=r, d=d, facility=0.95)) == ["too-easy"]  # the easiness explains the rest


@pytest.mark.parametrize(("share", "n", "expected"), [(0.04, 30, ["unused-option"]), (0.05, 30, []), (0.04, 29, [])])
def test_unused_options_are_named_from_thirty_learners_on(share: float, n: int, expected: list[str]) -> None:
    options = option("a", 0.6, right=True, upper=0.9), option("b", share), option("c", 0.3)
    assert raised(question(*options, n=n)) == expected


def test_omitted_questions_are_flagged_from_a_tenth_on() -> None:
    assert raised(question(omitted=0.10)) == ["often-omitted"]
    assert raised(question(omitted=0.09)) == []


@pytest.mark.parametrize(
    ("n", "ending"), [(10, "With n = 10, this may be chance."), (29, "n = 29, this may be chance.")]
)
def test_small_classes_are_told_of_chance(n: int, ending: str) -> None:
    (flag,) = flags.of_question(question(n=n, facility=0.95))
    assert flag.sentence.endswith(ending)
    (large,) = flags.of_question(question(n=30, facility=0.95))
    assert "chance" not in large.sentence
    assert flags.of_question(question(n=9, facility=0.95)) == ()


@pytest.mark.parametrize(
    ("right", "answers", "expected"),
    [
        (60, 100, True),
        # 75 of 100 could just as well be 80% (Wilson: 0.66 to 0.82)
        (75, 100, False),
        (0, 9, False),
        (0, 10, True),
    ],
)
def test_class_is_overconfident_only_where_the_interval_says_so(right: int, answers: int, expected: bool) -> None:
    quiz = QuizFigures(**{**vars(QUIZ), "certainty": (LevelFigures(3, answers, right),)})
    names = [flag.name for flag in flags.of_quiz(quiz)]
    assert (names == ["overconfident"]) == expected
    other = QuizFigures(**{**vars(QUIZ), "certainty": (LevelFigures(2, answers, right),)})
    assert flags.of_quiz(other) == ()


def test_bands_of_d_are_those_of_ebel_and_frisbie() -> None:
    words = [flags.discrimination_band(d) for d in (1, 0.4, 0.39, 0.3, 0.29, 0.2, 0.19, -1)]
    assert words == ["very good", "very good", "good", "good", "marginal", "marginal", "poor", "poor"]


def test_every_flag_says_what_and_what_to_do_in_sentences() -> None:
    found: list[Flag] = [
        *flags.of_question(question(facility=0.95, omitted=0.5)),
        *flags.of_question(question(r=-0.1, d=-0.1)),
        *flags.of_quiz(QuizFigures(**{**vars(QUIZ), "n": 5, "versions": ("v", "w"), "incomplete": 1})),
    ]
    assert len(found) == 6
    for flag in found:
        assert flag.sentence.endswith(".")
        assert flag.advice.endswith(".")
