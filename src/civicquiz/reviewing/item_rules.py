"""What a test editor would say of a single question: each rule is a function in :data:`RULES`, with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from civicquiz.authoring.wording import excerpt
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.multiple_choice import MultipleChoice
from civicquiz.model.questions.numeric import NumericPart
from civicquiz.model.questions.question_base import OptionsPart
from civicquiz.model.questions.select_text import SelectText
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation
from civicquiz.reviewing.looks import OptionSet, option_sets
from civicquiz.reviewing.word_lists import (
    ABSOLUTE,
    ALL_OR_NONE,
    COUNTED,
    NEGATIVE,
    content_words,
    has,
    occurrences,
    visible,
)

__all__ = ["RULES", "Remark", "Rule", "grade_of", "remarks_on"]


@dataclass(frozen=True)
class Remark:
    """Something to look at: ``rule`` is the name of a rule, and ``question`` is empty if it is about the whole quiz."""

    rule: str
    quiz: str
    question: str
    language: str
    message: str
    hint: str
    source: str = ""


@dataclass(frozen=True)
class _Asked:
    """A question in a language, with the sets of its options, and the others of its quiz."""

    quiz: Quiz
    texts: Translation
    question: KeyedQuestion
    sets: list[OptionSet]

    @property
    def prompt(self) -> str:
        return visible(self.texts.question(self.question.id).full_prompt())

    @property
    def hint(self) -> str:
        return visible(self.texts.question(self.question.id).full_hint())

    @property
    def language(self) -> str:
        return self.texts.language


@dataclass(frozen=True)
class Rule:
    """``find`` yields (message, hint) for a question; ``source`` says where the rule is from."""

    name: str
    source: str
    find: Callable[[_Asked], Iterator[tuple[str, str]]]
    #: whether it is about what is the same in every language
    is_once: bool = False


def remarks_on(quiz: Quiz, texts: Translation) -> Iterator[Remark]:
    """The remarks on the questions of ``quiz``, read in the language of ``texts``."""
    by_question: dict[str, list[OptionSet]] = {}
    for options in option_sets(quiz, texts):
        by_question.setdefault(options.question, []).append(options)
    is_original = texts.language == quiz.language
    for name, question in quiz.keyed_questions.items():
        asked = _Asked(quiz, texts, question, by_question.get(name, []))
        for rule in RULES:
            if is_original or not rule.is_once:
                for message, hint in rule.find(asked):
                    yield Remark(rule.name, quiz.name, name, texts.language, message, hint, rule.source)


def _quoted(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in dict.fromkeys(words))


# ---- Options ----


def _absolute_words(asked: _Asked) -> Iterator[tuple[str, str]]:
    for options in asked.sets:
        wrong = [text for n, text in enumerate(options.options) if n not in options.right]
        found = [word for text in wrong for word in has(ABSOLUTE, asked.language, text)]
        right = [word for n in options.right for word in has(ABSOLUTE, asked.language, options.options[n])]
        if found and not right:
            message = f"only wrong options have absolute words: {_quoted(found)}"
            yield message, "leave them out, or let a right option have one too"


def _all_or_none(asked: _Asked) -> Iterator[tuple[str, str]]:
    for options in asked.sets:
        for text in options.options:
            if len(text.split()) <= 7 and (found := occurrences(ALL_OR_NONE, asked.language, text)):
                yield f"the option '{excerpt(found[0], 40)}' is about the others", "write an option that stands alone"


def _lengths(asked: _Asked) -> Iterator[tuple[str, str]]:
    for options in asked.sets:
        if len(options.right) == 1 and not options.several:
            (right,) = options.right
            length = len(options.options[right])
            others = [len(text) for n, text in enumerate(options.options) if n != right]
            if max(length, *others) < 20:
                continue  # single words
            if length > _FAR * max(others):
                yield "the right option is by far the longest", "shorten it, or give the others as many details"
            elif length * _FAR < min(others):
                yield "the right option is by far the shortest", "shorten the others"


#: How many times as long an option is that anybody sees at once to be the longest.
_FAR = 1.3


def _overlapping(asked: _Asked) -> Iterator[tuple[str, str]]:
    for options in asked.sets:
        if options.several:
            continue
        texts = [text.lower().rstrip(".") for text in options.options]
        for n, text in enumerate(texts):
            for other in texts[n + 1 :]:
                if sorted(content_words(text, asked.language)) == sorted(content_words(other, asked.language)) != []:
                    yield f"two options have the same words: '{excerpt(text, 40)}'", "reword one of them"
        found = [_RANGE.search(text) for text in texts]
        ranges = sorted((_number(one[1]), _number(one[2])) for one in found if one)
        if any(high > low for (_, high), (low, _) in pairwise(ranges)):
            yield "the ranges of two options overlap", "let each range begin after the one before it ends"


_RANGE = re.compile(r"(\d[\d,.]*)\s*(?:-|–|to|a)\s*(\d[\d,.]*)")


def _number(text: str) -> float:
    digits = text.rstrip(".,").replace(",", "")
    return float(digits) if digits.count(".") < 2 else 0.0


def _missing_feedback(asked: _Asked) -> Iterator[tuple[str, str]]:
    part = asked.question
    if isinstance(part, OptionsPart):
        missing = sum(not option.correct and not option.feedback for option in part.options)
        if missing:
            what = "a wrong option has" if missing == 1 else f"{missing} wrong options have"
            yield f"{what} no feedback", "write why it is tempting and why it is wrong"


def _usual_mistakes(asked: _Asked) -> Iterator[tuple[str, str]]:
    if isinstance(asked.question, NumericPart) and not asked.question.mistakes:
        yield "no wrong number has feedback", "write the usual wrong number under 'mistakes:'"


# ---- The prompt and the hint ----


def _negative(asked: _Asked) -> Iterator[tuple[str, str]]:
    sentences = re.split(r"(?<=[.!?:])\s+", asked.prompt)
    asking = next((sentence for sentence in sentences if "?" in sentence), sentences[-1])
    found = has(NEGATIVE, asked.language, asking)
    if found and asked.sets:
        yield (
            f"the question is negative: {_quoted(found)}",
            "ask for what is true, or set the word in bold if it has to be",
        )


def _counting_hint(asked: _Asked) -> Iterator[tuple[str, str]]:
    if isinstance(asked.question, (MultipleChoice, SelectText)):
        for called, text in (("hint", asked.hint), ("prompt", asked.prompt)):
            if found := occurrences(COUNTED, asked.language, text):
                yield f"the {called} tells how many are right: '{excerpt(found[0], 40)}'", "leave the number out"


def _answered_elsewhere(asked: _Asked) -> Iterator[tuple[str, str]]:
    """The right option of a single choice, almost word for word in the prompt of another question."""
    own = content_words(asked.prompt, asked.language)
    for options in asked.sets:
        if len(options.right) != 1 or options.several or options.gap:
            continue
        (right,) = options.right
        others = [text for n, text in enumerate(options.options) if n != right]
        telling = content_words(options.options[right], asked.language) - own
        telling -= frozenset().union(*(content_words(text, asked.language) for text in others))
        if len(telling) < 3:
            continue
        for question in asked.texts.quiz.questions:
            if question.id != asked.question.id and telling <= content_words(visible(question.prompt), asked.language):
                hint = "reword one of them, or put them into different quizzes"
                yield f"the prompt of '{question.id}' gives the answer away", hint


def grade_of(text: str) -> float | None:
    """The Flesch-Kincaid grade of an English text; None for fewer than 12 words, which say too little.

    Source: J. Kincaid, R. Fishburne, R. Rogers and B. Chissom, "Derivation of New Readability Formulas" (1975).
    Syllables are estimated as groups of vowels, without a silent e at the end.
    """
    sentences = [sentence for sentence in re.split(r"[.!?:]+(?:\s|$)", text) if sentence.strip()]
    words = re.findall(r"[A-Za-z][A-Za-z'’]*", text)
    if len(words) < 12:
        return None
    syllables = 0
    for word in words:
        groups = len(re.findall("[aeiouy]+", word.lower()))
        silent = word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1
        syllables += max(groups - silent, 1)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


#: From this grade on, a prompt is as hard to read as a college text.
_HARDEST = 13.0


def _reading_level(asked: _Asked) -> Iterator[tuple[str, str]]:
    grade = grade_of(asked.prompt) if asked.language.partition("-")[0] == "en" else None
    if grade is not None and grade >= _HARDEST:
        yield f"the prompt reads like grade {grade:.0f}", "split its sentences, and use shorter words"


def _labels(asked: _Asked) -> Iterator[tuple[str, str]]:
    labels: tuple[str, ...] = ("objectives", "difficulty", "level")
    used = [name for name in labels if any(getattr(question, name) for question in asked.quiz.questions)]
    missing = [name for name in used if not getattr(asked.question, name)] if asked.question.points else []
    if missing:
        yield f"{_quoted(missing)} missing, which other questions of the quiz have", "add it"


_WRITING = "Haladyna, Downing and Rodriguez 2002, guideline {}"
_OURS = "civicquiz"

#: Every rule about a single question.
RULES: tuple[Rule, ...] = (
    Rule("absolute-words", _WRITING.format("28a"), _absolute_words),
    Rule("all-or-none-of-the-above", _WRITING.format("25 and 26"), _all_or_none),
    Rule("length", _WRITING.format("24"), _lengths),
    Rule("overlapping-options", _WRITING.format("22"), _overlapping),
    Rule("negative", _WRITING.format("17"), _negative),
    Rule("counting-hint", _OURS, _counting_hint),
    Rule("answered-elsewhere", _WRITING.format("4"), _answered_elsewhere),
    Rule("missing-feedback", _OURS, _missing_feedback, is_once=True),
    Rule("usual-mistakes", _WRITING.format("30"), _usual_mistakes, is_once=True),
    Rule("reading-level", _WRITING.format("8"), _reading_level),
    Rule("missing-labels", _OURS, _labels, is_once=True),
)
