"""No student can answer the book's questions by their looks."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from material import ROOT

from civicquiz.reviewing.looks import Guess
from civicquiz.reviewing.quiz_review import IN_A_QUIZ, OVERALL, Review, review


@pytest.fixture(scope="module")
def reviewed() -> Review:
    return review([ROOT / "quizzes"])


def _far(guesses: Iterable[Guess], limit: float) -> dict[str, float]:
    """The strategies that are more than ``limit`` points away from chance."""
    return {guess.strategy.name: round(guess.lead, 1) for guess in guesses if abs(guess.lead) > limit}


def test_no_strategy_that_looks_only_at_form_is_far_from_chance(reviewed: Review) -> None:
    """Over all single choices and all gaps with a list, and over all multiple choices, in English and in Spanish."""
    assert {figures.language for figures in reviewed.figures[""]} == {"en", "es"}
    for figures in reviewed.figures[""]:
        assert figures.single
        assert figures.several
        assert (figures.language, _far(figures.single, OVERALL)) == (figures.language, {})
        assert (figures.language, _far(figures.several, OVERALL)) == (figures.language, {})


def test_no_strategy_is_far_from_chance_in_a_single_quiz(reviewed: Review) -> None:
    """In each quiz with five or more choices; with fewer, one question moves a strategy by 25 points."""
    far = {
        (quiz, figures.language): found
        for quiz, in_languages in reviewed.figures.items()
        for figures in in_languages
        if figures.single and figures.single[0].count >= 5
        for found in [_far(figures.single, IN_A_QUIZ)]
        if found
    }
    assert far == {}


def test_the_review_has_nothing_to_remark_on(reviewed: Review) -> None:
    assert [(remark.quiz, remark.question, remark.language, remark.message) for remark in reviewed.remarks] == []


def test_right_options_are_about_as_long_as_the_others(reviewed: Review) -> None:
    assert [figures.ratio for figures in reviewed.figures[""] if not 0.9 <= (figures.ratio or 0) <= 1.1] == []


def test_as_many_statements_are_true_as_false(reviewed: Review) -> None:
    for figures in reviewed.figures[""]:
        true, count = figures.true
        assert abs(2 * true - count) <= 2
