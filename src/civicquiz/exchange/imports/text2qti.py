"""The text format of text2qti, from which Canvas quizzes are made: Markdown with numbered questions.

The rules are those of text2qti 0.8. Code in a file is never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    numeric,
    plain_number,
    scored_elsewhere,
    short_text,
)

__all__ = ["READER"]

#: The most bytes and questions of a file, and the most remarks on lines that are in no question.
MAX_BYTES = 10_000_000
MAX_QUESTIONS = 20_000
MAX_REMARKS = 200

#: What begins a part of a question or of a quiz. A text follows after a blank, and goes on in lines that are indented.
_PARTS = {
    "question": r"\d+\.",
    "right": r"\*[a-zA-Z]\)",
    "wrong": r"[a-zA-Z]\)",
    "right box": r"\[\*\]",
    "wrong box": r"\[ ?\]",
    "text": r"\*",
    "feedback": r"\.\.\.",
    "right feedback": r"\+",
    "wrong feedback": r"-",
    "solution": "!",
    "number": "=",
    "title": r"[Tt]itle:",
    "points": r"[Pp]oints:",
    "heading": r"[Tt]ext [Tt]itle:",
    "passage": r"[Tt]ext:",
    "quiz title": r"[Qq]uiz [Tt]itle:",
    "quiz description": r"[Qq]uiz description:",
    "pick": r"[Pp]ick:",
    "points of group": r"[Pp]oints per question:",
    "shuffle answers": r"[Ss]huffle answers:",
    "one at a time": r"[Oo]ne question at a time:",
    "setting": r"(?:[Ss]how correct answers|[Cc]an't go back|[Ff]eedback is solution|[Ss]olutions [a-z ]{4,20}):",
}
_START = re.compile("|".join(f"(?P<p{number}>{part}[ \t]+(?=\\S))" for number, part in enumerate(_PARTS.values())))
_NAMES = list(_PARTS)
_WHOLE_LINE = re.compile(r"(?P<essay>___+)\s*|(?P<upload>\^\^\^+)\s*|(?P<group>GROUP)\s*|(?P<end>END_GROUP)\s*")
_CODE = re.compile(r"(```+)\s*\{.*\.run\b.*\}\s*")
_SIGN = re.compile(
    r"^\d+\.[ \t]+\S[^\n]*\n(?:(?:[ \t.!+][^\n]*)?\n){0,60}?"
    r"(?:\*?[a-zA-Z]\)[ \t]|\[[ *]?\][ \t]|\*[ \t]+\S|=[ \t]+\S|___+[ \t]*$|\^\^\^+[ \t]*$)",
    re.MULTILINE,
)


@dataclass
class _Part:
    """A part of the file: where it is, which it is, and its text."""

    line: int
    name: str
    text: str


@dataclass
class _Text2qtiQuestion:
    """The parts of a question, and the title and the points before it; the points may be those of its group."""

    line: int
    prompt: str
    parts: list[_Part] = field(default_factory=list)
    title: str = ""
    points: str = ""


class Text2qtiReader:
    """Text files for text2qti."""

    name: ClassVar[str] = "text2qti"
    title: ClassVar[str] = "text2qti"
    turn: ClassVar[int] = 6

    def recognizes(self, file: GivenFile) -> bool:
        return _SIGN.search((file.text or "")[:200_000]) is not None

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        if file.text is None:
            raise ExchangeError(f"'{file.called}' is not a text file; save it as UTF-8")
        if len(file.content) > MAX_BYTES:
            raise ExchangeError(f"'{file.called}' is larger than {MAX_BYTES // 1_000_000} MB; split it")
        quiz = FoundQuiz(file.stem)
        texts = TextReader(quiz, file.path.parent)
        for question in _questions(file, quiz):
            if len(quiz.questions) == MAX_QUESTIONS:
                raise ExchangeError(f"'{file.called}' has more than {MAX_QUESTIONS:,} questions; split it")
            quiz.questions.append(_read(question, texts))
        if not quiz.questions:
            raise ExchangeError(f"'{file.called}' has no questions")
        return [quiz]


READER = Text2qtiReader()


# ---- Lines ----


def _parts(file: GivenFile) -> Iterator[_Part]:
    """The parts of a file, in order. Lines that belong to none have the name ``unknown``."""
    lines = (file.text or "").split("\n")
    position = 0
    while position < len(lines):
        line, number = lines[position], position + 1
        position += 1
        start = _START.match(line)
        whole = _WHOLE_LINE.fullmatch(line)
        if whole:
            yield _Part(number, whole.lastgroup or "", "")
        elif code := _CODE.fullmatch(line):
            end = _end_of(lines, position, code[1])
            yield _Part(number, "code", "")
            position = end + 1
        elif start:
            found = [line[start.end() :].strip()]
            indent = len(start[0].expandtabs(4)) if not start[0].rstrip().endswith(":") else 2
            blank = 0
            while position + blank < len(lines):
                following = lines[position + blank].expandtabs(4)
                if not following.strip():
                    blank += 1
                elif len(following) - len(following.lstrip()) >= indent:
                    found += [""] * blank + [following[indent:].rstrip()]
                    position, blank = position + blank + 1, 0
                else:
                    break
            yield _Part(number, _NAMES[int((start.lastgroup or "p0")[1:])], "\n".join(found))
        elif line.startswith("%"):
            continue
        elif line.strip() == "COMMENT":
            position = _end_of(lines, position, "END_COMMENT") + 1
        elif line.strip():
            yield _Part(number, "unknown", line)


def _end_of(lines: Sequence[str], position: int, mark: str) -> int:
    """The position of the next line that is ``mark``, or the end of the file."""
    while position < len(lines) and lines[position].strip() != mark:
        position += 1
    return position


def _questions(file: GivenFile, quiz: FoundQuiz) -> Iterator[_Text2qtiQuestion]:
    """The questions; what is about the whole quiz becomes a setting or a remark."""
    question: _Text2qtiQuestion | None = None
    before: dict[str, str] = {}
    points_of_group = ""
    for part in _parts(file):
        if len(quiz.remarks) > MAX_REMARKS:
            raise ExchangeError(
                f"'{file.called}' has hundreds of lines that are in no question; look at line {part.line}"
            )
        if part.name == "question":
            if question:
                yield question
            points = before.get("points", points_of_group)
            question = _Text2qtiQuestion(part.line, part.text, title=before.get("title", ""), points=points)
            before = {}
        elif part.name in ("title", "points"):
            before[part.name] = part.text
        elif part.name == "points of group":
            points_of_group = part.text
        elif part.name in ("group", "end"):
            points_of_group = ""
        elif part.name in _OF_QUIZ or (part.name == "unknown" and question is None):
            _note_of_quiz(quiz, part)
        elif question is None:
            quiz.remarks.append(f"Line {part.line} belongs to no question; it was left out.")
        else:
            question.parts.append(part)
    if question:
        yield question


#: Parts that are about the whole quiz, or about several questions.
_OF_QUIZ = frozenset(
    ("quiz title", "quiz description", "heading", "passage", "pick", "shuffle answers", "one at a time", "setting")
) | {"code"}


def _note_of_quiz(quiz: FoundQuiz, part: _Part) -> None:
    """Take over what a part says about the whole quiz, or say that it was lost."""
    is_true = part.text.strip().lower() == "true"
    shown = excerpt(part.text, 200)
    if part.name == "quiz title":
        quiz.title = " ".join(part.text.split())
    elif part.name == "shuffle answers":
        quiz.settings |= {"shuffle": ["options"]} if is_true else {}
    elif part.name == "one at a time":
        quiz.settings |= {"layout": "one"} if is_true else {}
    elif part.name == "pick":
        quiz.remarks.append(
            f"In line {part.line}, {shown} of the questions of a group are picked; all of them were read. Write a "
            "section with 'pick' for them."
        )
    elif part.name == "code":
        quiz.remarks.append(f"The code in line {part.line} was not run; whatever it would have written is not here.")
    elif part.name == "setting":
        quiz.remarks.append(f"The setting in line {part.line} was left out.")
    else:
        quiz.remarks.append(f"The text in line {part.line} was left out, because it is in no question: '{shown}'.")


# ---- Questions ----


def _read(question: _Text2qtiQuestion, texts: TextReader) -> FoundQuestion:
    called = question.title or question.prompt
    found = FoundQuestion(f"line {question.line}", " ".join(called[:200].split()))
    try:
        found.values = _values(question, texts, found.changes)
    except ExchangeError as error:
        found.refused = str(error)
    return found


def _values(question: _Text2qtiQuestion, texts: TextReader, changes: list[str]) -> dict[str, Any]:
    """What an author would write.

    Raises:
        ExchangeError: it is not a question that a quiz can have.
    """
    for part in question.parts:
        if part.name in ("unknown", "upload"):
            what = "a file to hand in" if part.name == "upload" else f"'{excerpt(part.text, 40)}'"
            hint = "" if part.name == "upload" else "; indent lines that belong to a text"
            raise ExchangeError(f"Line {part.line} is {what}, which cannot be read{hint}.")
    explanation: list[str] = []
    for part in _of(question, "feedback", "solution", "right feedback", "wrong feedback"):
        shown = texts.markdown(part.text, changes)
        if part.name in ("feedback", "solution") and not _is_of_option(part, question):
            explanation.append(shown)
        elif part.name in ("right feedback", "wrong feedback"):
            when = "a right" if part.name == "right feedback" else "a wrong"
            changes.append(f"The feedback on {when} answer was left out: '{excerpt(shown, 300)}'.")
    text = "\n\n".join(explanation)
    answered = _answered(question, text, texts, changes)
    if text and answered["type"] == "open-response" and _of(question, "solution"):
        answered["model_answer"] = text
    elif text:
        answered.setdefault("explanation", text)
    values = {"type": answered.pop("type"), "prompt": texts.markdown(question.prompt, changes), **answered}
    if question.points:
        values["points"] = plain_number(question.points)
    return values


def _of(question: _Text2qtiQuestion, *names: str) -> list[_Part]:
    return [part for part in question.parts if part.name in names]


def _is_of_option(part: _Part, question: _Text2qtiQuestion) -> bool:
    """Whether there is an answer above a feedback, so that it is about that one."""
    before = question.parts[: question.parts.index(part)]
    return any(one.name in _OPTIONS or one.name == "text" for one in before)


_OPTIONS = frozenset(("right", "wrong", "right box", "wrong box"))


def _answered(question: _Text2qtiQuestion, explanation: str, texts: TextReader, changes: list[str]) -> dict[str, Any]:
    if _of(question, "essay"):
        return {"type": "open-response"}
    if numbers := _of(question, "number"):
        return {"type": "numeric", **numeric([_numbers(numbers[0].text)], changes.append, explanation)}
    options: list[_Part] = []
    feedback: dict[int, str] = {}
    for part in question.parts:
        if part.name in _OPTIONS or part.name == "text":
            options.append(part)
        elif part.name == "feedback" and options:
            feedback[len(options) - 1] = texts.markdown(part.text, changes)
    if not options:
        raise ExchangeError("It has no answer: options such as 'a) text', '[*] text', '* text', '= number', or '____'.")
    if options[0].name == "text":
        answers = [ScoredAnswer(part.text, 1, feedback.get(number, "")) for number, part in enumerate(options)]
        return {"type": "short-text", **short_text(answers, changes.append, explanation)}
    shown = [texts.markdown(part.text, changes) for part in options]
    right = [position for position, part in enumerate(options) if part.name.startswith("right")]
    if any(part.name.endswith("box") for part in options):
        boxes = choice(shown, right, feedback)
        scored_elsewhere(boxes, "Canvas", changes.append)
        return {"type": "multiple-choice", "options": boxes}
    sides = [text.strip().lower() for text in shown]
    if sorted(sides) == ["false", "true"] and len(right) == 1:
        said = {sides[position]: text for position, text in sorted(feedback.items()) if text}
        return {"type": "true-false", "answer": sides[right[0]] == "true", **({"feedback": said} if said else {})}
    return {"type": "single-choice", "options": choice(shown, right, feedback)}


def _numbers(text: str) -> Band:
    """``5``, ``1.5 +- 0.1``, ``2 +- 5%``, or ``[1, 2]``."""
    if text.startswith("[") and text.endswith("]") and "," in text:
        low, high = (plain_number(end) for end in text[1:-1].split(",", 1))
        return Band(low, high, 1)
    number, sign, margin = (part.strip() for part in text.partition("+-"))
    answer = plain_number(number.replace("_", ""))
    if sign and margin.endswith("%"):
        share = abs(answer) * plain_number(margin[:-1]) / 100
        return Band.around(answer, plain_number(f"{share:.12g}"), 1)
    return Band.around(answer, abs(plain_number(margin)) if sign else 0, 1)
