"""Aiken, the text format with a question, its options by letter, and a line ``ANSWER: B``.

Moodle and other programs read it. Its texts are plain, and one option is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from civicquiz.authoring.validation import MAX_CHARACTERS
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import from_plain, note
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice

__all__ = ["READER"]

#: The most questions of a file.
MAX_QUESTIONS = 20_000

_OPTION = re.compile(r"([A-Za-z])[.)][ \t]+(\S.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)
_SIGN = re.compile(r"^[ \t]*[A-Za-z][.)][ \t]+\S.*\n(?:[ \t]*\n)*[ \t]*ANSWER[ \t]*:[ \t]*[A-Za-z]\b", re.MULTILINE)


@dataclass
class _Lines:
    """A question while it is read."""

    number: int
    prompt: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str | None = None
    changes: list[str] = field(default_factory=list)


class AikenReader:
    """Text files in the Aiken format."""

    name: ClassVar[str] = "aiken"
    title: ClassVar[str] = "Aiken"
    turn: ClassVar[int] = 5

    def recognizes(self, file: GivenFile) -> bool:
        return _SIGN.search((file.text or "")[:200_000]) is not None

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        if file.text is None:
            raise ExchangeError(f"'{file.called}' is not a text file; save it as UTF-8")
        quiz = FoundQuiz(file.stem)
        for lines in _questions(file.text):
            if len(quiz.questions) == MAX_QUESTIONS:
                raise ExchangeError(f"'{file.called}' has more than {MAX_QUESTIONS:,} questions; split it")
            quiz.questions.append(_question(lines))
        if not quiz.questions:
            raise ExchangeError(f"'{file.called}' has no questions")
        return [quiz]


READER = AikenReader()


def _questions(text: str) -> Iterator[_Lines]:
    """The questions; each ends with its answer, or where another one begins."""
    question: _Lines | None = None
    after_blank = True
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if not line:
            after_blank = True
            continue
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if question and question.options and after_blank and not answer and not _is_next(option, question):
            yield question
            question = None
        question = question or _Lines(number)
        if answer:
            question.answer = answer[1].strip()
            yield question
            question = None
        elif option and _is_next(option, question):
            question.options.append(option[2])
        elif question.options:
            letter = _letter(len(question.options) - 1)
            note(question.changes, f"What is below the line of option {letter} was read as its continuation.")
            if len(question.options[-1]) <= MAX_CHARACTERS:
                question.options[-1] += f" {line}"
        else:
            if question.prompt and after_blank:
                question.changes.append(
                    "There was a blank line in the question; all lines above the options were read."
                )
                question.prompt.append("")
            question.prompt.append(line)
        after_blank = False
    if question:
        yield question


def _letter(position: int) -> str:
    return chr(ord("A") + position)


def _is_next(option: re.Match[str] | None, question: _Lines) -> bool:
    """Whether a line has the letter that comes next, so that ``D. Trump`` in a text is no option."""
    return option is not None and option[1].upper() == _letter(len(question.options))


def _question(lines: _Lines) -> FoundQuestion:
    """The question in some lines; with the reason if it cannot be read."""
    prompt = from_plain("\n".join(lines.prompt))
    found = FoundQuestion(f"line {lines.number}", prompt or " ".join(lines.options)[:200], changes=lines.changes)
    letters = [_letter(position) for position in range(len(lines.options))]
    answers = re.findall(r"\w+", lines.answer or "")
    wrong = [answer for answer in answers if answer.upper() not in letters]
    if not prompt:
        found.refused = "It has no text above its options."
    elif len(letters) < 2:
        found.refused = "It has fewer than two options; write each on a line of its own, as in 'A. Congress'."
    elif lines.answer is None:
        found.refused = "It has no line with its answer, as in 'ANSWER: B'."
    elif wrong or not answers:
        shown = excerpt(lines.answer, 40)
        found.refused = f"'ANSWER: {shown}' is not the letter of an option, from A to {letters[-1]}."
    else:
        right = [letters.index(answer.upper()) for answer in answers]
        name = "multiple-choice" if len(right) > 1 else "single-choice"
        if len(right) > 1:
            found.changes.append("Several options are right, so it is a 'multiple-choice'.")
        found.values = {"type": name, "prompt": prompt, "options": choice(map(from_plain, lines.options), right)}
    return found
