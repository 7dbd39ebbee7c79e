"""What a student who knows nothing scores by looks: exact expected values, compared with chance."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import quiz_of

from civicquiz.model.translations import Translation
from civicquiz.reviewing.looks import STRATEGIES, OptionSet, guesses, length_ranks, length_ratio, option_sets

BY_NAME = {strategy.name: strategy for strategy in STRATEGIES}
POSITIONS = {"first", "second", "third", "last"}


def asked(*options: str, right: int = 0, prompt: str = "Which one?", language: str = "en") -> OptionSet:
    return OptionSet("quiz", "q", "", language, prompt, options, frozenset([right]))


@pytest.mark.parametrize(
    ("strategy", "options", "expected"),
    [
        ("longest", asked("four words are long", "two", "one"), 1),
        ("longest", asked("aa", "bb", "c"), 1 / 2),
        ("shortest", asked("aaa", "bb", "c"), 0),
        ("second-shortest", asked("bb", "aaa", "c", "dddd"), 1),
        ("second-longest", asked("aaa", "bb", "c", "dddd"), 1),
        ("middle", asked("bb", "aaa", "c"), 1),
        ("middle", asked("bb", "aaa", "c", "dddd"), 1 / 2),
        ("no-absolute", asked("It may end", "It always ends", "It never ends"), 1),
        ("absolute", asked("It may end", "It always ends", "It never ends"), 0),
        ("hedge", asked("It may end", "It always ends", "It never ends"), 1),
        ("no-absolute", asked("Puede acabar", "Siempre acaba", "Nunca acaba", language="es"), 1),
        ("no-absolute", asked("Peut finir", "Toujours", "Jamais", language="fr"), 1 / 3),
        ("shortest-without-absolute", asked("It may end then", "It ends in a year's time", "Always"), 1),
        ("longest-with-hedge", asked("It may end then", "It may end", "It ends in a year's time"), 1),
        ("digits", asked("In 1798", "Then", "In 98"), 1),
        ("no-digits", asked("Then", "In 1798", "In 98"), 1),
        ("commas", asked("a, b, and c", "a, b", "a"), 1),
        ("like-prompt", asked("the courts", "the army", prompt="What may courts do?"), 1),
        ("unlike-prompt", asked("the army", "the courts", prompt="What may courts do?"), 1),
        ("like-others", asked("a blue car", "a blue house", "a green pool", right=1), 1 / 2),
        ("unlike-others", asked("a green pool", "a blue house", "a blue car"), 1),
        ("first", asked("a", "b"), 1),
        ("third", asked("a", "b", right=1), 1),
        ("last", asked("a", "b", "c", right=2), 1),
    ],
)
def test_strategy_takes_what_it_says(strategy: str, options: OptionSet, expected: float) -> None:
    assert BY_NAME[strategy].expected(options) == pytest.approx(expected)


WORDS = st.sampled_from(["law", "court", "always", "may", "1798", "a, b", "state"])
SETS = st.lists(WORDS.flatmap(lambda word: st.just(word)), min_size=2, max_size=6).flatmap(
    lambda options: st.integers(0, len(options) - 1).map(lambda right: asked(*options, right=right))
)


@given(SETS)
def test_expected_score_is_a_share(options: OptionSet) -> None:
    assert all(0 <= strategy.expected(options) <= 1 for strategy in STRATEGIES)


@given(SETS, st.randoms(use_true_random=False))
def test_order_of_the_options_matters_only_for_positions(options: OptionSet, random: Any) -> None:
    order = list(range(len(options.options)))
    random.shuffle(order)
    (right,) = options.right
    moved = asked(*(options.options[n] for n in order), right=order.index(right))
    for strategy in STRATEGIES:
        if strategy.name not in POSITIONS:
            assert strategy.expected(moved) == pytest.approx(strategy.expected(options))


@given(st.integers(2, 6), st.data())
def test_options_that_look_alike_give_exactly_chance(count: int, data: st.DataObject) -> None:
    options = asked(*(["word"] * count), right=data.draw(st.integers(0, count - 1)))
    for guess in guesses([options]):
        if guess.strategy.name not in POSITIONS:
            assert guess.lead == pytest.approx(0)
            assert guess.worst == ()


@given(st.lists(SETS, min_size=1, max_size=5))
def test_over_all_positions_the_mean_is_chance(sets: list[OptionSet]) -> None:
    """Each position is taken with the same probability by a student who takes any."""
    for options in sets:
        by_position = [float(n in options.right) for n in range(len(options.options))]
        assert sum(by_position) / len(by_position) == pytest.approx(options.chance)


def test_questions_that_give_most_away_are_named_first() -> None:
    sets = [OptionSet("quiz", name, "", "en", "x", texts, frozenset([0])) for name, texts in (
        ("gives", ("a long option", "b", "c", "d")),
        ("half", ("as long", "as long", "c", "d")),
        ("not", ("a", "bbb", "c", "d")),
    )]  # fmt: skip
    (longest,) = [guess for guess in guesses(sets) if guess.strategy.name == "longest"]
    assert longest.expected == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert longest.chance == pytest.approx(1 / 4)
    assert longest.worst == ("quiz/gives", "quiz/half")


def test_choices_and_gaps_with_a_list_are_read_in_every_language() -> None:
    choice = {
        "type": "single-choice",
        "prompt": "Which **law**?",
        "options": [{"text": "`a`", "correct": True}, "b & c"],
    }
    cloze = {
        "type": "cloze",
        "prompt": "Fill.",
        "text": "In [[year]] and [[place]]",
        "gaps": {
            "year": {"type": "numeric", "answer": 1798, "tolerance": 0},
            "place": {"type": "single-choice", "options": ["x", {"text": "y", "correct": True}]},
        },
    }
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    several = {"type": "multiple-choice", "prompt": "x", "options": [{"text": "a", "correct": True}, "b"]}
    quiz = quiz_of(
        {"id": "one", **choice}, {"id": "two", **cloze}, {"id": "three", **statement}, {"id": "four", **several}
    )
    found = option_sets(quiz, Translation.original(quiz))
    assert [(one.question, one.gap, one.prompt, one.options, one.right, one.several) for one in found] == [
        ("one", "", "Which law ?", ("a", "b & c"), frozenset([0]), False),
        ("two", "place", "Fill.", ("x", "y"), frozenset([1]), False),
        ("four", "", "x", ("a", "b"), frozenset([0]), True),
    ]


def test_ranks_by_length_share_a_rank_between_equal_lengths() -> None:
    sets = [asked("aa", "b", "ccc"), asked("aa", "bb", "c")]
    assert length_ranks(sets) == {2: 1 + 1 / 2, 3: 1 / 2}
    assert length_ratio(sets) == [pytest.approx(1), pytest.approx(2 / 1.5)]
    assert guesses([]) == []
