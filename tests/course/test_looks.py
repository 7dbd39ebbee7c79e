"""No student can answer the book's questions by their looks."""

from __future__ import annotations

import pytest
from material import ROOT

from civicquiz.reviewing.quiz_review import OVERALL, Review, review


@pytest.fixture(scope="module")
def reviewed() -> Review:
    return review([ROOT / "quizzes"])


def test_no_strategy_that_looks_only_at_form_is_far_from_chance(reviewed: Review) -> None:
    """Over all single choices and all gaps with a list, in English and in Spanish."""
    languages = {figures.language: figures for figures in reviewed.figures[""]}
    assert set(languages) == {"en", "es"}
    far = {
        (language, guess.strategy.name): round(guess.lead, 1)
        for language, figures in languages.items()
        for guess in figures.single
        if abs(guess.lead) > OVERALL
    }
    assert far == {}


def test_right_options_are_about_as_long_as_the_others(reviewed: Review) -> None:
    assert [figures.ratio for figures in reviewed.figures[""] if not 0.9 <= (figures.ratio or 0) <= 1.1] == []


def test_as_many_statements_are_true_as_false(reviewed: Review) -> None:
    for figures in reviewed.figures[""]:
        true, count = figures.true
        assert abs(2 * true - count) <= 2
