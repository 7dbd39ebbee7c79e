"""Which questions a learner gets, and in what order: the same for the same seed, in Python and in the browser.

``static/arrangement.js`` arranges a quiz in the same way; ``tests/js/test_same_in_both_languages.py`` compares the two.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from civicquiz.model.interactions import Choice, InlineGaps, Interaction, Option
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import Section, StimulusBase

__all__ = [
    "arranged",
    "depends_on_seed",
    "new_seed",
    "numbers_of_stimulus",
    "own_numbers",
    "own_options",
    "own_variant",
    "rank",
    "seed_of_learner",
]


def new_seed() -> int:
    """A random seed for a learner who does not have one yet: a whole number below 2**32."""
    return secrets.randbits(32)


def seed_of_learner(quiz: str, learner: str) -> int:
    """The seed of a learner who must not choose it: it depends on the name of the quiz and the learner's id alone."""
    return int.from_bytes(hashlib.sha256(f"{quiz}\n{learner}".encode("utf-8", "replace")).digest()[:4], "big")


def rank(seed: int, name: str) -> int:
    """The position of ``name`` in the order for ``seed``: a number below 2**32, spread evenly.

    FNV-1a over the ASCII text ``seed:name``, then the finalizer of MurmurHash3, which also spreads names that differ
    only in their last letter. Both are in the public domain, and short enough to write in two languages.
    """
    value = 2166136261
    for character in f"{seed}:{name}":
        value = (value ^ ord(character)) * 16777619 % 2**32
    value = (value ^ value >> 16) * 0x85EBCA6B % 2**32
    value = (value ^ value >> 13) * 0xC2B2AE35 % 2**32
    return value ^ value >> 16


def depends_on_seed(quiz: Quiz) -> bool:
    """Whether two learners may see different things."""
    picks = quiz.pick or any(section.pick for section in quiz.sections)
    return bool(picks or quiz.shuffle or any(question.interaction().variants for question in quiz.questions))


def own_numbers(question: QuestionBase, response: object, seed: int | None) -> Mapping[str, str]:
    """The learner's numbers by their names, also those that only explanations have; empty if the question has none.

    Args:
        question: a question.
        response: what the learner answered; if it has numbers in it, they count.
        seed: the learner's seed; without one, the first set counts.
    """
    sets, shown = question.number_sets(), question.interaction()
    if isinstance(response, dict):
        for numbers, variant in zip(sets, shown.variants, strict=True):
            if all(response.get(name) == number for name, number in variant.items()):
                return numbers
    return _drawn(sets, shown.drawn_for or question.id, seed)


def own_variant(question: QuestionBase, seed: int) -> Mapping[str, str]:
    """The numbers that the learner with ``seed`` sees in a question, by their names; empty if it has none."""
    shown = question.interaction()
    return _drawn(shown.variants, shown.drawn_for or question.id, seed)


def own_options(
    quiz: Quiz, question_id: str, interaction: Interaction[Any], seed: int | None
) -> tuple[tuple[Option, ...], ...]:
    """The lists of options of a question in the order of the learner with ``seed``; without one, as they are.

    Options within a text stay where they are, and others in the order that people expect.
    """
    lists = interaction.option_lists()
    (question,) = quiz.select([question_id])
    in_text = isinstance(interaction, InlineGaps) or (isinstance(interaction, Choice) and interaction.passage)
    if seed is None or "options" not in quiz.shuffle or question.keeps_order(interaction) or in_text:
        return lists
    return tuple(
        tuple(sorted(options, key=lambda option: rank(seed, f"{question_id} {option.id}"))) for options in lists
    )


def numbers_of_stimulus(name: str, stimulus: StimulusBase, seed: int | None) -> Mapping[str, str]:
    """The learner's numbers in a shared text, by their names; as :func:`own_numbers`."""
    return _drawn(stimulus.shown_variants(), name, seed)


def _drawn(sets: Sequence[Mapping[str, str]], name: str, seed: int | None) -> Mapping[str, str]:
    """The set of numbers that the learner with ``seed`` gets in what is called ``name``; without a seed, the first."""
    return sets[0 if seed is None else rank(seed, name) % len(sets)] if sets else {}


def arranged(quiz: Quiz, seed: int) -> list[tuple[Section, list[str]]]:
    """Each section with the ids of the questions that the learner with ``seed`` gets, in that learner's order.

    A quiz without sections is one section without a title. Questions on one stimulus stay together.
    """
    questions = {question.id: question for question in quiz.questions}
    whole = Section(questions=tuple(questions), pick=quiz.pick)
    result = []
    for section in quiz.sections or (whole,):
        ids = section.members(quiz.questions)
        if section.pick and section.pick < len(ids):
            chosen = set(sorted(ids, key=lambda name: rank(seed, f"pick {name}"))[: section.pick])
            ids = [name for name in ids if name in chosen]
        if "questions" in quiz.shuffle:
            ids.sort(key=lambda name: (rank(seed, questions[name].stimulus or name), rank(seed, f"next {name}")))
        result.append((section, ids))
    return result
