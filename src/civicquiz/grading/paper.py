"""A quiz on paper: its versions, the letters of the options in each, and answers written in letters.

A version is what a learner with a certain seed gets. What is typed in from paper becomes the responses that this
learner would have given on a screen, so that both are graded alike.
"""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from civicquiz.authoring.normal_form import is_blank, normal_form
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import NoKeyError, PaperError, display_path
from civicquiz.grading.arrangement import arranged, depends_on_seed, own_options, own_variant, seed_of_learner
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Interaction,
    Matching,
    Option,
    Ordering,
    Response,
    Scale,
    ShapeError,
)
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz, ReleasedQuiz

__all__ = [
    "MOST_VERSIONS",
    "PaperQuestion",
    "PaperVersion",
    "in_letters",
    "labels",
    "paper_questions",
    "paper_versions",
    "response_in",
    "seed_of_version",
]

MOST_VERSIONS = len(string.ascii_uppercase)
#: How many seeds are tried for a version that differs from those before it.
_TRIES = 200
#: The characters of a check code: none looks like another.
_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 6


@dataclass(frozen=True)
class PaperQuestion:
    """A question as it is printed: its number, and its options in the order of their letters."""

    number: int
    id: str
    interaction: Interaction[Any]
    #: as ``interaction.option_lists()``, in the order of this version
    lists: tuple[tuple[Option, ...], ...]
    #: the numbers in it, by their names
    variant: Mapping[str, str]


@dataclass(frozen=True)
class PaperVersion:
    """One version of ``quiz``, called by a letter: what the learner with ``seed`` gets."""

    quiz: Quiz
    letter: str
    seed: int

    @cached_property
    def questions(self) -> tuple[PaperQuestion, ...]:
        """Its questions in their order."""
        return paper_questions(self.quiz, self.seed)

    @cached_property
    def arrangement(self) -> str:
        """Everything that a letter on this version depends on besides the texts, as JSON without positions."""
        content = [
            [question.id, [[option.id for option in options] for options in question.lists], dict(question.variant)]
            for question in self.questions
        ]
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    def code(self, version: str = "") -> str:
        """The check code that is printed on this version: it changes with whatever changes what an answer on it means.
        It contains nothing of a key.

        ``version`` is a version of the quiz with the same arrangement; that of ``quiz`` if left out.
        """
        content = "\n".join((self.quiz.name, version or self.quiz.version, self.letter, self.arrangement))
        number = int.from_bytes(hashlib.sha256(content.encode("utf-8", "replace")).digest()[:8], "big")
        return "".join(_CODE[number >> 5 * place & 31] for place in range(_CODE_LENGTH))


def seed_of_version(quiz: str, letter: str, seed: int | None = None, attempt: int = 0) -> int:
    """The seed of a version: it depends on the name of the quiz and the letter alone, unless a person chose ``seed``.
    A higher ``attempt`` gives another one, for a version that would be the same as an earlier one.
    """
    words = [f"version {letter}", *([] if seed is None else [str(seed)]), *([str(attempt)] if attempt else [])]
    return seed_of_learner(quiz, "\n".join(words))


def paper_versions(quiz: Quiz, count: int, seed: int | None = None) -> list[PaperVersion]:
    """The first ``count`` versions of ``quiz``, A, B, C and so on, each different from the others.

    Args:
        quiz: the quiz with its key.
        count: from 1 to ``MOST_VERSIONS``.
        seed: a whole number that gives other versions than without it.

    Raises:
        PaperError: there are not as many different versions.
        NoKeyError: ``quiz`` is a released copy, in which options have other ids.
    """
    if isinstance(quiz, ReleasedQuiz):
        raise NoKeyError(display_path(quiz.path))
    if count > 1 and not depends_on_seed(quiz):
        message = (
            f"all versions of '{quiz.name}' would be the same, because nothing in it differs from student to student"
        )
        raise PaperError(f"{message}; write 'shuffle: [questions, options]' into the quiz, or print one version")
    versions: list[PaperVersion] = []
    for letter in string.ascii_uppercase[:count]:
        seeds = (seed_of_version(quiz.name, letter, seed, attempt) for attempt in range(_TRIES))
        candidates = (PaperVersion(quiz, letter, of_letter) for of_letter in seeds)
        known = {version.arrangement for version in versions}
        new = next((version for version in candidates if version.arrangement not in known), None)
        if new is None:
            message = f"'{quiz.name}' has no more than {len(versions)} different versions"
            raise PaperError(f"{message}; print fewer, or let more of it differ, with 'shuffle: [questions, options]'")
        versions.append(new)
    return versions


def paper_questions(quiz: Quiz, seed: int | None = None) -> tuple[PaperQuestion, ...]:
    """The questions that the learner with ``seed`` gets; without one, all questions in the order written."""
    known = {question.id: question for question in quiz.questions}
    members = ([name for section in quiz.sections for name in section.members(quiz.questions)]) or list(known)
    names = members if seed is None else [name for _, ids in arranged(quiz, seed) for name in ids]
    return tuple(_paper_question(quiz, known[name], number, seed) for number, name in enumerate(names, start=1))


def _paper_question(quiz: Quiz, question: QuestionBase, number: int, seed: int | None) -> PaperQuestion:
    shown = question.interaction()
    variant = own_variant(question, seed) if seed is not None else dict(next(iter(shown.variants), {}))
    return PaperQuestion(number, question.id, shown, own_options(quiz, question.id, shown, seed), variant)


# ---- Letters ----


def labels(count: int) -> Sequence[str]:
    """What ``count`` options are called: A, B, C and so on, or numbers if there are more than the alphabet has."""
    return string.ascii_uppercase[:count] if count <= MOST_VERSIONS else [str(n) for n in range(1, count + 1)]


def _offered(count: int) -> str:
    names = labels(count)
    return f"{names[0]} to {names[-1]}"


def _tokens(text: str, count: int) -> list[str]:
    """The letters in ``text``, whatever is between them; if options have numbers, the numbers."""
    plain = normal_form(text).upper()
    return re.findall(r"[^\s,;/.+&()]" if count <= MOST_VERSIONS else r"[^\s,;/.+&()]+", plain)


def _chosen(tokens: Iterable[str], options: Sequence[Option]) -> list[Option]:
    """The options that these letters mean, each at most once."""
    known = dict(zip(labels(len(options)), options, strict=True))
    tokens = list(tokens)
    for token in tokens:
        if token not in known:
            raise ShapeError(f"'{excerpt(token, 20)}' is not one of the letters {_offered(len(options))}")
    for token in tokens:
        if tokens.count(token) > 1:
            raise ShapeError(f"the letter {token} appears twice")
    return [known[token] for token in tokens]


def _parts(text: str, count: int, each: str) -> list[str]:
    """The parts between semicolons, as many as there are blanks. In a part, ``\\;`` is a semicolon."""
    if count == 1:
        return [text]
    parts = [part.replace(r"\;", ";").strip() for part in re.split(r"(?<!\\);", text)]
    if len(parts) != count:
        message = f"there are {count} blanks and {len(parts)} {each} (separate them with ';', including empty ones)"
        raise ShapeError(message)
    return parts


def response_in(question: PaperQuestion, text: str) -> Response | None:
    """The response that ``text``, which a person typed from paper, means on this version; None if it is blank.

    What is not letters, such as a number, stays as it was typed. :meth:`Interaction.read` says whether it can be read.

    Raises:
        ShapeError: the letters do not fit the question; the message says how, and what to write.
    """
    if is_blank(text):
        return None
    shown, lists = question.interaction, question.lists
    match shown:
        case Choice():
            (options,) = lists
            chosen = _chosen(_tokens(text, len(options)), options)
            if not chosen:
                raise ShapeError(f"it has none of the letters {_offered(len(options))}")
            if len(chosen) > 1 and not shown.multiple:
                raise ShapeError(f"only one of the letters {_offered(len(options))} can be chosen, not {len(chosen)}")
            return [option.id for option in options if option in chosen]
        case Ordering():
            (options,) = lists
            ids = [option.id for option in _chosen(_tokens(text, len(options)), options)]
            if len(ids) != len(options):
                raise ShapeError(
                    f"an order needs all {len(options)} letters, {_offered(len(options))} (got {len(ids)})"
                )
            return ids
        case Matching():
            return _matched(text, *lists) or None
        case InlineGaps():
            return _filled(question, shown, _parts(text, len(shown.gaps), "answers")) or None
        case Scale():
            (events,) = lists
            years = _parts(text, len(events), "years")
            return {event.id: year for event, year in zip(events, years, strict=True) if not is_blank(year)} or None
        case ComputedNumber():
            return {"answer": text, **question.variant}
    return text


def _matched(text: str, rows: Sequence[Option], targets: Sequence[Option]) -> dict[str, str]:
    tokens = [part.strip() or "-" for part in normal_form(text).split(";")] if ";" in text else None
    tokens = [token.upper() for token in tokens] if tokens else _tokens(text, len(targets))
    if len(tokens) != len(rows):
        hint = "write a letter for each row, in their order, and - for a row without an answer"
        raise ShapeError(f"there are {len(rows)} rows and {len(tokens)} letters ({hint})")
    given = [(row, token) for row, token in zip(rows, tokens, strict=True) if token not in ("-", "_")]
    return {row.id: _chosen([token], targets)[0].id for row, token in given}


def _filled(question: PaperQuestion, shown: InlineGaps, parts: Sequence[str]) -> dict[str, str]:
    response = {}
    for number, (name, part) in enumerate(zip(shown.gaps, parts, strict=True), start=1):
        gap = shown.gaps[name]
        if is_blank(part):
            continue
        if not isinstance(gap, Choice):
            response[name] = part
            continue
        try:
            chosen = _chosen(_tokens(part, len(gap.options)), gap.options)
        except ShapeError as error:
            raise ShapeError(f"blank {number}: {error}") from None
        if len(chosen) != 1:
            raise ShapeError(f"blank {number}: write one of the letters {_offered(len(gap.options))}")
        response[name] = chosen[0].id
    if response and shown.number_names():
        response |= {name: question.variant[name] for name in shown.number_names()}
    return response


def in_letters(question: PaperQuestion, response: Response) -> str:
    """``response`` as a person types it from this version: what :func:`response_in` reads as ``response``."""
    shown, lists = question.interaction, question.lists
    match shown, response:
        case Choice(), list():
            (options,) = lists
            return _joined([label for label, option in _labeled(options) if option.id in response], options)
        case Ordering(), list():
            (options,) = lists
            return _joined([_label(options, name) for name in response], options)
        case Matching(), dict():
            rows, targets = lists
            return _joined([_label(targets, response[row.id]) if row.id in response else "-" for row in rows], targets)
        case InlineGaps(), dict():
            parts = (
                _label(gap.options, response[name])
                if isinstance(gap, Choice) and name in response
                else response.get(name, "")
                for name, gap in shown.gaps.items()
            )
            return _with_semicolons(list(parts))
        case Scale(), dict():
            (events,) = lists
            return _with_semicolons([response.get(event.id, "") for event in events])
        case ComputedNumber(), dict():
            return response["answer"]
    return str(response)


def _labeled(options: Sequence[Option]) -> Iterable[tuple[str, Option]]:
    return zip(labels(len(options)), options, strict=True)


def _label(options: Sequence[Option], name: str) -> str:
    return next(label for label, option in _labeled(options) if option.id == name)


def _joined(names: Sequence[str], options: Sequence[Option]) -> str:
    return ("" if len(options) <= MOST_VERSIONS else " ").join(names)


def _with_semicolons(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else "; ".join(part.replace(";", r"\;") for part in parts)
