r"""Exercises of the R package exams, in Markdown (.Rmd) or LaTeX (.Rnw), that are static: R is never run.

The rules are those of exams 2.4. An exercise has a question, a solution, and meta-information such as ``extype``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, without_markup
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice
from civicquiz.exchange.latex_text import from_latex
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    numeric,
    plain_number,
    scored_elsewhere,
    short_text,
    whole_number,
)

__all__ = ["READER"]

#: The most characters of an exercise.
MAX_CHARACTERS = 500_000

_META = re.compile(r"^extype:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_LATEX_META = re.compile(r"^[ \t%]*\\(ex[a-z]+)(?:\[[^\]\n]*\])?\{(.*)\}[ \t]*$", re.MULTILINE)
_SECTION = re.compile(r"^(Question|Solution|Meta-information)[ \t]*\n=+[ \t]*$", re.MULTILINE | re.IGNORECASE)
_LIST = re.compile(r"^Answerlist[ \t]*\n-+[ \t]*$", re.MULTILINE | re.IGNORECASE)
_CHUNK = re.compile(r"^```+\s*\{r\b([^}\n]*)\}.*?^```+[ \t]*$|^<<(.*?)>>=.*?^@[^\n]*$", re.MULTILINE | re.DOTALL)
#: Options of a chunk that keep it from writing anything into the question.
_SILENT = re.compile(r"include\s*=\s*F|results\s*=\s*[\"']?hide")
_INLINE = re.compile(r"`r\s[^`]+`|\\Sexpr\s*\{")
#: What an option is told that only says whether it is right.
_BARE = re.compile(r"(?:true|false|right|wrong|correct|incorrect|richtig|falsch)[.!]?", re.IGNORECASE)


@dataclass
class _Exercise:
    """The parts of an exercise, as they are written."""

    question: str = ""
    options: list[str] = field(default_factory=list)
    solution: str = ""
    feedback: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    is_latex: bool = False


class RexamsReader:
    """Static exercises for R/exams."""

    name: ClassVar[str] = "rexams"
    title: ClassVar[str] = "R/exams (static Rmd and Rnw)"
    turn: ClassVar[int] = 2

    def recognizes(self, file: GivenFile) -> bool:
        text = file.text or ""
        if text.lstrip()[:1] in ("{", "<") and not text.lstrip().startswith("<<"):
            return False
        return "extype" in text and (_META.search(text) is not None or r"\extype{" in text)

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        text = file.text or ""
        if len(text) > MAX_CHARACTERS:
            raise ExchangeError(f"'{file.called}' is larger than an exercise can be ({MAX_CHARACTERS:,} characters)")
        quiz = FoundQuiz(file.stem)
        found = FoundQuestion("line 1", file.stem)
        quiz.questions.append(found)
        try:
            exercise = _exercise(text, found)
            found.called = exercise.meta.get("exname") or file.stem
            found.values = _values(exercise, TextReader(quiz, file.path.parent), found)
            _add_shuffle(quiz, exercise, found)
        except ExchangeError as error:
            found.refused = str(error)
        return [quiz]


READER = RexamsReader()


# ---- Parts ----


def _exercise(text: str, found: FoundQuestion) -> _Exercise:
    """The parts of an exercise.

    Raises:
        ExchangeError: it is not complete, or not static.
    """
    for chunk in _CHUNK.finditer(text):
        if not _SILENT.search(chunk[1] or chunk[2] or ""):
            raise ExchangeError(f"{_line(text, chunk.start())} has code in R that writes a part of it. {_WAY_OUT}")
        found.changes.append(f"The code in R in {_line(text, chunk.start()).lower()} was not run.")
    static = _CHUNK.sub("", text)
    if inline := _INLINE.search(static):
        raise ExchangeError(f"It has values that R computes ('{excerpt(inline[0], 40)}'). {_WAY_OUT}")
    exercise = _of_latex(static) if r"\extype{" in static else _of_markdown(static)
    if not exercise.question.strip():
        raise ExchangeError("It has no question, which in Markdown is below a line 'Question' with === below that.")
    return exercise


_WAY_OUT = "Write it with exams2moodle, and import the file in Moodle XML."


def _line(text: str, position: int) -> str:
    return f"Line {text.count(chr(10), 0, position) + 1}"


def _of_markdown(text: str) -> _Exercise:
    exercise = _Exercise()
    pieces = _SECTION.split(text)
    for name, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if name.lower() == "meta-information":
            for line in content.split("\n"):
                key, colon, value = line.partition(":")
                if colon and key.strip().startswith("ex"):
                    exercise.meta[key.strip()] = value.strip()
            continue
        words, *lists = _LIST.split(content, maxsplit=1)
        entries = re.split(r"^[*+-][ \t]+", lists[0], flags=re.MULTILINE)[1:] if lists else []
        if name.lower() == "question":
            exercise.question, exercise.options = words, entries
        else:
            exercise.solution, exercise.feedback = words, entries
    return exercise


def _of_latex(text: str) -> _Exercise:
    exercise = _Exercise(is_latex=True)
    exercise.meta = {name: value.strip() for name, value in _LATEX_META.findall(text)}
    exercise.question, exercise.options = _environment(text, "question")
    exercise.solution, exercise.feedback = _environment(text, "solution")
    return exercise


def _environment(text: str, name: str) -> tuple[str, list[str]]:
    """(text, entries of its answer list) of an environment."""
    content = text.partition(f"\\begin{{{name}}}")[2].partition(f"\\end{{{name}}}")[0]
    words, _, answers = content.partition(r"\begin{answerlist}")
    return words, answers.partition(r"\end{answerlist}")[0].split(r"\item")[1:]


# ---- The question ----


def _values(exercise: _Exercise, texts: TextReader, found: FoundQuestion) -> dict[str, Any]:
    """What an author would write.

    Raises:
        ExchangeError: it is not a question that a quiz can have.
    """

    def shown(text: str) -> str:
        return (from_latex if exercise.is_latex else TextReader.markdown)(texts, text, found.changes)

    meta = exercise.meta
    explanation = shown(exercise.solution)
    values: dict[str, Any] = {"type": "", "prompt": shown(exercise.question)}
    values |= _answered(exercise, [shown(option) for option in exercise.options], explanation, found)
    feedback = {position: shown(text) for position, text in enumerate(exercise.feedback)}
    for position, option in enumerate(values.get("options", ())):
        said = feedback.get(position, "")
        if said and not _BARE.fullmatch(said):
            written = {"text": option} if isinstance(option, str) else option
            values["options"][position] = {**written, "feedback": said}
    if explanation:
        values.setdefault("explanation", explanation)
    if meta.get("expoints"):
        values["points"] = plain_number(meta["expoints"])
    if meta.get("exname"):
        values["id"] = meta["exname"]
    for key in ("extags", "exsection"):
        if meta.get(key):
            found.changes.append(f"'{key}: {excerpt(meta[key], 60)}' was left out; write it as 'tags' if you use them.")
    return values


def _answered(exercise: _Exercise, options: list[str], explanation: str, found: FoundQuestion) -> dict[str, Any]:
    meta = exercise.meta
    name, solution = meta.get("extype", ""), meta.get("exsolution", "")
    if name in ("schoice", "mchoice"):
        if not re.fullmatch("[01]+", solution) or len(solution) != len(options):
            raise ExchangeError(
                f"'exsolution: {excerpt(solution, 40)}' must have a 0 or a 1 for each of the {len(options)} options."
            )
        right = [position for position, sign in enumerate(solution) if sign == "1"]
        if name == "schoice":
            return {"type": "single-choice", "options": choice(options, right)}
        shown = choice(options, right)
        scored_elsewhere(shown, "R/exams", found.changes.append)
        return {"type": "multiple-choice", "options": shown}
    if options and name in ("num", "string", "essay"):
        raise ExchangeError(f"It has options, although it is of the type '{name}'.")
    if name == "num":
        margin = abs(plain_number(meta.get("extol") or "0"))
        answer = Band.around(plain_number(solution), margin, 1)
        return {"type": "numeric", **numeric([answer], found.changes.append, explanation)}
    if name == "essay" or (name == "string" and "essay" in meta.get("exstringtype", "")):
        return {"type": "open-response", **({"model_answer": solution} if solution not in ("", "nil") else {})}
    if name == "string":
        found.changes.append("R/exams may tell capital letters apart; here, they make no difference.")
        texts = [ScoredAnswer(without_markup(text), 1) for text in solution.split("|")]
        return {"type": "short-text", **short_text(texts, found.changes.append, explanation)}
    raise ExchangeError(f"Exercises of the type '{excerpt(name, 40)}' cannot be read. {_WAY_OUT}")


def _add_shuffle(quiz: FoundQuiz, exercise: _Exercise, found: FoundQuestion) -> None:
    written = exercise.meta.get("exshuffle", "")
    shown = whole_number(written)
    if written.upper() in ("TRUE", "T") or shown:
        quiz.settings["shuffle"] = ["options"]
    if 0 < shown < len(exercise.options):
        found.changes.append(f"R/exams showed {shown} of the options; here, all are shown.")
