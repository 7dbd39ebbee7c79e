"""What a student who knows nothing would score by the looks of the options, compared with chance.

A strategy prefers some of the options: the longest, for example, or those without an absolute word. If it prefers
several equally, each is as likely to be taken, so an expected score is exact and needs no random numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from civicquiz.model.interactions import Choice, ChoiceKey, InlineGaps, InlineGapsKey
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation
from civicquiz.reviewing.word_lists import ABSOLUTE, HEDGE, content_words, has, visible

__all__ = ["STRATEGIES", "Guess", "OptionSet", "Strategy", "guesses", "option_sets"]


@dataclass(frozen=True)
class OptionSet:
    """The options of a question or of a gap, as a student sees them.

    Attributes:
        quiz: the name of the quiz.
        question: the id of the question.
        gap: the name of the gap; empty if it is the question itself.
        language: the language of the texts.
        prompt: what is asked.
        options: the options, without markup.
        right: the positions of the right ones, from 0.
        several: whether any number of them can be chosen.
    """

    quiz: str
    question: str
    gap: str
    language: str
    prompt: str
    options: tuple[str, ...]
    right: frozenset[int]
    several: bool = False

    @property
    def chance(self) -> float:
        """The share of the options that are right."""
        return len(self.right) / len(self.options)


def option_sets(quiz: Quiz, texts: Translation) -> list[OptionSet]:
    """The options of all single and multiple choices and of all gaps with a list, in the language of ``texts``.

    True and false are not options of the author's, and the parts of a running text cannot be reworded; both are left
    out.
    """
    found = []
    for name, question in quiz.keyed_questions.items():
        shown, key = texts.interaction(name), question.key()
        prompt = visible(texts.question(name).full_prompt())
        about = (quiz.name, name, texts.language, prompt)
        if isinstance(shown, Choice) and isinstance(key, ChoiceKey):
            if not shown.passage and not any(option.word for option in shown.options):
                found.append(_set(about, "", shown, key))
        elif isinstance(shown, InlineGaps) and isinstance(key, InlineGapsKey):
            gaps = ((gap, shown.gaps[gap], key.gaps[gap]) for gap in shown.gaps)
            found += [
                _set(about, gap, list_, own)
                for gap, list_, own in gaps
                if isinstance(list_, Choice) and isinstance(own, ChoiceKey)
            ]
    return found


def _set(about: tuple[str, str, str, str], gap: str, shown: Choice, key: ChoiceKey) -> OptionSet:
    quiz, question, language, prompt = about
    right = frozenset(position for position, option in enumerate(shown.options) if option.id in key.right)
    texts = tuple(visible(option.text) for option in shown.options)
    return OptionSet(quiz, question, gap, language, prompt, texts, right, shown.multiple)


# ---- Strategies ----

#: For each option of a set, how much a strategy prefers it.
_Preference = Callable[[OptionSet], Sequence[float]]


@dataclass(frozen=True)
class Strategy:
    """A way to answer without knowing anything: ``name`` for programs, ``words`` after "a student who takes"."""

    name: str
    words: str
    preference: _Preference

    def expected(self, options: OptionSet) -> float:
        """The expected share of right choices, 0 to 1, of a student who takes one of the preferred options."""
        values = self.preference(options)
        best = [position for position, value in enumerate(values) if value == max(values)]
        return len(options.right.intersection(best)) / len(best)


def _counting(count: Callable[[OptionSet, str], float], sign: int = 1) -> _Preference:
    return lambda options: [sign * count(options, text) for text in options.options]


def _absolutes(options: OptionSet, text: str) -> int:
    return len(has(ABSOLUTE, options.language, text))


def _hedges(options: OptionSet, text: str) -> int:
    return len(has(HEDGE, options.language, text))


def _in_prompt(options: OptionSet, text: str) -> float:
    words = content_words(text, options.language)
    return len(words & content_words(options.prompt, options.language)) / max(len(words), 1)


def _in_others(options: OptionSet, text: str) -> float:
    words = content_words(text, options.language)
    others = [content_words(other, options.language) for other in options.options if other != text]
    return mean(len(words & other) / max(len(words | other), 1) for other in others) if others else 0


def _by_rank(rank: int) -> _Preference:
    """Prefers the option that is at ``rank`` by length: 0 is the shortest, -1 the longest."""

    def preference(options: OptionSet) -> list[float]:
        lengths = sorted(map(len, options.options))
        wanted = lengths[max(rank, -len(lengths)) if rank < 0 else min(rank, len(lengths) - 1)]
        return [float(len(text) == wanted) for text in options.options]

    return preference


def _middle(options: OptionSet) -> list[float]:
    lengths = sorted(map(len, options.options))
    count = len(lengths)
    middle = {lengths[(count - 1) // 2], lengths[count // 2]}
    return [float(len(text) in middle) for text in options.options]


def _at(position: int) -> _Preference:
    return lambda options: [float(n == min(position, len(options.options) - 1)) for n in range(len(options.options))]


def _shortest_without_absolutes(options: OptionSet) -> list[float]:
    return [-1000 * _absolutes(options, text) - len(text) for text in options.options]


def _longest_with_hedges(options: OptionSet) -> list[float]:
    return [1000 * min(_hedges(options, text), 1) + len(text) for text in options.options]


def _digits(_: OptionSet, text: str) -> int:
    return len(re.findall(r"\d", text))


def _commas(_: OptionSet, text: str) -> int:
    return text.count(",")


STRATEGIES: tuple[Strategy, ...] = (
    Strategy("longest", "the longest option", _by_rank(-1)),
    Strategy("second-longest", "the second longest option", _by_rank(-2)),
    Strategy("middle", "an option of middle length", _middle),
    Strategy("second-shortest", "the second shortest option", _by_rank(1)),
    Strategy("shortest", "the shortest option", _by_rank(0)),
    Strategy(
        "shortest-without-absolute", "the shortest option without a word like 'always'", _shortest_without_absolutes
    ),
    Strategy("longest-with-hedge", "the longest option with a word like 'may'", _longest_with_hedges),
    Strategy("no-absolute", "an option without words like 'always'", _counting(_absolutes, -1)),
    Strategy("absolute", "an option with words like 'always'", _counting(_absolutes)),
    Strategy("hedge", "an option with words like 'may'", _counting(_hedges)),
    Strategy("no-hedge", "an option without words like 'may'", _counting(_hedges, -1)),
    Strategy("digits", "the option with the most digits", _counting(_digits)),
    Strategy("no-digits", "the option with the fewest digits", _counting(_digits, -1)),
    Strategy("commas", "the option with the most commas", _counting(_commas)),
    Strategy("no-commas", "the option with the fewest commas", _counting(_commas, -1)),
    Strategy("like-prompt", "the option most like the question", _counting(_in_prompt)),
    Strategy("unlike-prompt", "the option least like the question", _counting(_in_prompt, -1)),
    Strategy("like-others", "the option most like the others", _counting(_in_others)),
    Strategy("unlike-others", "the option least like the others", _counting(_in_others, -1)),
    Strategy("first", "the first option", _at(0)),
    Strategy("second", "the second option", _at(1)),
    Strategy("third", "the third option", _at(2)),
    Strategy("last", "the last option", _at(10_000)),
)


@dataclass(frozen=True)
class Guess:
    """What a strategy would score on some sets of options, as shares, and the questions that give most away."""

    strategy: Strategy
    expected: float
    chance: float
    count: int
    worst: tuple[str, ...]

    @property
    def lead(self) -> float:
        """How many points out of 100 it is above chance, or below."""
        return 100 * (self.expected - self.chance)


#: How many of the questions that give most away are named.
_NAMED = 5


def guesses(sets: Iterable[OptionSet]) -> list[Guess]:
    """What each strategy would score; nothing if there are no sets."""
    sets = list(sets)
    if not sets:
        return []
    chance = mean(options.chance for options in sets)
    found = []
    for strategy in STRATEGIES:
        scores = [strategy.expected(options) for options in sets]
        expected = mean(scores)
        sign = 1 if expected >= chance else -1
        given = sorted(zip(scores, sets, strict=True), key=lambda pair: sign * (pair[1].chance - pair[0]))
        worst = [_called(options) for score, options in given if sign * (score - options.chance) > 0]
        found.append(Guess(strategy, expected, chance, len(sets), tuple(dict.fromkeys(worst[:_NAMED]))))
    return found


def _called(options: OptionSet) -> str:
    return f"{options.quiz}/{options.question}" + (f" (gap {options.gap})" if options.gap else "")


def length_ratio(sets: Iterable[OptionSet]) -> list[float]:
    """The length of the right option, divided by the mean length of the others, for each set with one right option."""
    found = []
    for options in sets:
        if len(options.right) == 1:
            (right,) = options.right
            others = [len(text) for position, text in enumerate(options.options) if position != right]
            found.append(len(options.options[right]) / max(mean(others), 1))
    return found


def length_ranks(sets: Iterable[OptionSet]) -> dict[int, float]:
    """How often the right option is the shortest (1), the second shortest (2) and so on; equal lengths share a rank."""
    counts: dict[int, float] = {}
    for options in sets:
        lengths = sorted(map(len, options.options))
        for position in options.right:
            length = len(options.options[position])
            ranks = [rank for rank, other in enumerate(lengths, start=1) if other == length]
            for rank in ranks:
                counts[rank] = counts.get(rank, 0) + 1 / len(ranks) / len(options.right)
    return dict(sorted(counts.items()))
