"""Which questions a learner gets: only the seed decides, and no answer is lost because of it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from material import arrangeable, quiz_of

from civicquiz.grading.arrangement import arranged, depends_on_seed, new_seed, rank
from civicquiz.model.quiz import Quiz

seeds = st.integers(0, 2**32 - 1)


def _flat(quiz: Quiz, seed: int) -> list[str]:
    return [name for _, names in arranged(quiz, seed) for name in names]


def _statements(*names: str, **more: object) -> list[dict[str, object]]:
    return [{"id": name, "type": "true-false", "prompt": "x", "answer": True, **more} for name in names]


def test_rank_is_fixed_so_that_old_answers_keep_their_order() -> None:
    assert [rank(0, ""), rank(1, "a"), rank(2**32 - 1, "passed-in")] == RANKS


#: computed once, and never to be changed: learners' files depend on it
RANKS = [4070664416, 171730747, 828042244]


@given(quiz=arrangeable(), seed=seeds)
def test_learners_get_known_questions_once_each_and_as_many_as_picked(quiz: Quiz, seed: int) -> None:
    for section, names in arranged(quiz, seed):
        members = section.members(quiz.questions)
        assert len(names) == len(set(names)) == min(section.pick or len(members), len(members))
        assert set(names) <= set(members)


@given(quiz=arrangeable(), seed=seeds)
def test_same_seed_gives_the_same_questions(quiz: Quiz, seed: int) -> None:
    assert _flat(quiz, seed) == _flat(quiz, seed)


@given(quiz=arrangeable(), seed=seeds)
def test_without_shuffle_questions_stand_in_the_order_written(quiz: Quiz, seed: int) -> None:
    if "questions" not in quiz.shuffle:
        for section, names in arranged(quiz, seed):
            assert names == [name for name in section.members(quiz.questions) if name in names]


@given(quiz=arrangeable(), seed=seeds)
def test_shuffled_questions_on_one_stimulus_stay_together(quiz: Quiz, seed: int) -> None:
    if "questions" in quiz.shuffle:
        stimulus = {question.id: question.stimulus or question.id for question in quiz.questions}
        for _, names in arranged(quiz, seed):
            runs = [
                stimulus[name]
                for place, name in enumerate(names)
                if not place or stimulus[names[place - 1]] != stimulus[name]
            ]
            assert len(runs) == len(set(runs))


def test_picks_and_orders_are_spread_evenly_over_seeds() -> None:
    quiz = quiz_of(*_statements(*(f"q{number}" for number in range(8))), pick=2, shuffle=["questions"])
    firsts = Counter(_flat(quiz, seed)[0] for seed in range(4000))
    assert set(firsts) == {f"q{number}" for number in range(8)}
    assert all(400 < count < 600 for count in firsts.values()), firsts


def test_new_seeds_fit_the_browser() -> None:
    assert all(0 <= new_seed() < 2**32 for _ in range(100))


def test_only_quizzes_with_something_to_draw_depend_on_the_seed() -> None:
    plain = _statements("a", "b", tags=["t"])
    assert not depends_on_seed(quiz_of(*plain))
    assert not depends_on_seed(quiz_of(*plain, sections=[{"tag": "t"}]))
    for keys in ({"pick": 1}, {"shuffle": ["options"]}, {"sections": [{"tag": "t", "pick": 1}]}):
        assert depends_on_seed(quiz_of(*plain, **keys))
