"""``civicquiz review``: quizzes read as a test editor would read them, one by one and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from civicquiz.errors import Problem, QuizError
from civicquiz.model.course import checked_paths, load_checked, quizzes_of
from civicquiz.model.file_names import quiz_file
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.true_false import TrueFalse
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation
from civicquiz.reviewing.item_rules import Remark, remarks_on
from civicquiz.reviewing.looks import Guess, guesses, length_ranks, length_ratio, option_sets
from civicquiz.reviewing.word_lists import ABSOLUTE, has, visible

__all__ = ["Figures", "Review", "remarks_of", "review"]

#: A strategy may be this many points out of 100 away from chance: over everything, and in one quiz.
OVERALL, IN_A_QUIZ = 8.0, 20.0
#: In a quiz with fewer sets of options, a strategy can be right by accident.
_ENOUGH = 5
#: With fewer sets in all, so can it over everything.
_ENOUGH_IN_ALL = 20

_LOOKS = "Haladyna, Downing and Rodriguez 2002, guideline 28"


@dataclass(frozen=True)
class Figures:
    """What is counted over some questions, in one language.

    Attributes:
        language: the language of the texts.
        questions: how many there are.
        single: what each strategy would score where one option is right: single choices and gaps with a list.
        several: the same for multiple choices: how often the option that it takes first is right.
        positions: how often each position of an option, from 1, is right, where one is.
        ranks: how often the right option is the shortest (1), the second shortest (2) and so on.
        ratio: the median of the length of the right option, divided by the mean length of the others; None if there are
            no such questions.
        true: (how many statements are true, how many there are).
        doubted: how often a statement with an absolute word is false: (false ones, all of them).
        levels, difficulties: how many questions have which; "" counts those without one.
        objectives: how many questions serve which objective.
    """

    language: str
    questions: int
    single: tuple[Guess, ...]
    several: tuple[Guess, ...]
    positions: dict[int, int]
    ranks: dict[int, float]
    ratio: float | None
    true: tuple[int, int]
    doubted: tuple[int, int]
    levels: dict[str, int]
    difficulties: dict[str, int]
    objectives: dict[str, int]


@dataclass
class Review:
    """What ``civicquiz review`` found.

    ``figures`` has, for each quiz by its name and for all of them under "", the figures in each language. ``remarks``
    are in the order of the quizzes; those on all quizzes together have an empty ``quiz`` and come last.
    """

    quizzes: list[str] = field(default_factory=list)
    figures: dict[str, list[Figures]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def review(paths: Sequence[str | Path]) -> Review:
    """Review quizzes.

    Args:
        paths: quizzes, courses or folders, as for ``civicquiz check``.

    Raises:
        QuizError: one of the quizzes cannot be loaded; it says what ``civicquiz check`` says.
    """
    files = dict.fromkeys(
        file
        for path in checked_paths(paths)
        for file in (quizzes_of(path) if path.is_dir() else [path])
        if quiz_file(file) is None  # translations are read with their quizzes
    )
    quizzes: list[Quiz] = []
    problems: list[Problem] = []
    for file in files:
        quiz, found = load_checked(file)
        if quiz is None:
            problems += found
        else:
            quizzes.append(quiz)
    if problems:
        raise QuizError(problems)
    return review_of(quizzes)


def review_of(quizzes: Iterable[Quiz]) -> Review:
    """Review quizzes that are loaded."""
    found = Review()
    languages: dict[str, list[tuple[Quiz, Translation]]] = {}
    for quiz in quizzes:
        found.quizzes.append(quiz.name)
        for texts in _in_each_language(quiz):
            languages.setdefault(texts.language, []).append((quiz, texts))
            figures = _figures(texts.language, [(quiz, texts)])
            found.figures.setdefault(quiz.name, []).append(figures)
        found.remarks += remarks_of(quiz)
    if len(found.quizzes) > 1:
        found.figures[""] = [_figures(language, read) for language, read in languages.items()]
        for figures in found.figures[""]:
            found.remarks += _about_looks("", figures, OVERALL, _ENOUGH_IN_ALL)
    return found


def remarks_of(quiz: Quiz) -> list[Remark]:
    """The remarks on one quiz, in all its languages: on each question, and on what its options give away together."""
    found: list[Remark] = []
    for texts in _in_each_language(quiz):
        found += remarks_on(quiz, texts)
        found += _about_looks(quiz.name, _figures(texts.language, [(quiz, texts)]), IN_A_QUIZ, _ENOUGH)
    return found


def _in_each_language(quiz: Quiz) -> list[Translation]:
    return [Translation.original(quiz), *quiz.translations.values()]


def _figures(language: str, read: Sequence[tuple[Quiz, Translation]]) -> Figures:
    sets = [options for quiz, texts in read for options in option_sets(quiz, texts)]
    one = [options for options in sets if not options.several]
    questions: list[KeyedQuestion] = [question for quiz, _ in read for question in quiz.keyed_questions.values()]
    statements = [
        (question.answer, has(ABSOLUTE, language, visible(texts.question(name).full_prompt())))
        for quiz, texts in read
        for name, question in quiz.keyed_questions.items()
        if isinstance(question, TrueFalse)
    ]
    doubted = [answer for answer, words in statements if words]
    scored = [question for question in questions if question.points]
    return Figures(
        language,
        len(questions),
        tuple(guesses(one)),
        tuple(guesses(options for options in sets if options.several)),
        dict(sorted(Counter(position + 1 for options in one for position in options.right).items())),
        length_ranks(options for options in one if len(options.options) > 2),
        median(ratios) if (ratios := length_ratio(one)) else None,
        (sum(answer for answer, _ in statements), len(statements)),
        (sum(not answer for answer in doubted), len(doubted)),
        dict(Counter(question.level or "" for question in scored)),
        dict(Counter(question.difficulty or "" for question in scored)),
        dict(Counter(code for question in scored for code in question.objectives)),
    )


def _about_looks(quiz: str, figures: Figures, limit: float, enough: int) -> list[Remark]:
    found = []
    for several, by_strategy in ((False, figures.single), (True, figures.several)):
        for guess in by_strategy:
            if guess.count < enough or abs(guess.lead) <= limit:
                continue
            score, chance = f"{100 * guess.expected:.0f}%", f"{100 * guess.chance:.0f}%"
            what = "is right" if several else "scores"
            message = f"a student who always takes {guess.strategy.words} {what} {score}{' of the time' * several}"
            message += f"; chance is {chance} ({guess.count} {'multiple choices' if several else 'choices'})"
            hint = "see " + ", ".join(guess.worst)
            found.append(Remark(f"looks-{guess.strategy.name}", quiz, "", figures.language, message, hint, _LOOKS))
    return found
