"""Every exception that civicquiz raises on purpose, and the problems of authors.

They are here and not next to the code that raises them, so that code that catches them imports nothing else. An
exception that is never raised out of its own package, such as the one for a response of the wrong shape, is defined
there and is not a :class:`CivicquizError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = [
    "AnswersError",
    "CivicquizError",
    "ExchangeError",
    "GradingError",
    "LiveError",
    "MarksError",
    "MissingPackagesError",
    "MystError",
    "NoKeyError",
    "OutcomesError",
    "PaperError",
    "PreviewError",
    "Problem",
    "QuizError",
    "ReleaseError",
    "ReportError",
    "ResponseError",
    "ResponseFileError",
    "RosterError",
    "StartError",
    "UnreadableError",
    "UnusableError",
    "display_path",
    "one_line",
]


class CivicquizError(Exception):
    """Base class: catch this to catch everything that civicquiz raises on purpose."""


# ---- What an author wrote ----


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author has to change, or to know.

    Attributes:
        path: the file, as a person would write it.
        line: the line, from 1.
        column: the column, from 1.
        message: what the problem is about, the rule, and what was found.
        hint: what to do; empty if the message already says so.
        is_warning: whether the file can be used anyway.
        is_note: whether there is nothing to change; it is only good to know.
        question: the id of the question that it is in; empty if it is in none, or the question has no id.
    """

    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    is_warning: bool = False
    is_note: bool = False
    question: str = field(default="", compare=False)

    @property
    def severity(self) -> Literal["error", "warning", "note"]:
        """How bad it is; only with an error a file cannot be used."""
        return "warning" if self.is_warning else "note" if self.is_note else "error"

    def __str__(self) -> str:
        kind = "" if self.severity == "error" else f"{self.severity}: "
        text = f"{one_line(self.path)}:{self.line}:{self.column}: {kind}{one_line(self.message)}"
        return f"{text}\n    hint: {one_line(self.hint)}" if self.hint else text


#: How many problems of a file are listed.
_MOST_PROBLEMS = 200


class QuizError(CivicquizError):
    """A YAML file or a course cannot be used.

    Attributes:
        problems: every reason as a :class:`~civicquiz.Problem`, in the order of the file; the first 200 if there are
            more.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(set(problems))
        if len(found) > _MOST_PROBLEMS:  # nobody reads thousands, and printing them takes time
            *found, last = found[: _MOST_PROBLEMS + 1]
            more = f"there are more problems from here on than the {_MOST_PROBLEMS} that are listed"
            found.append(Problem(last.path, last.line, last.column, more, "fix these first, and check again"))
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NoKeyError(CivicquizError):
    """A released copy was given where the quiz with its key is needed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' is a released copy, which has no key; name the quiz that it was released from")


class ReleaseError(CivicquizError):
    """Some or all of the copies for a class could not be written; the message says why."""


class PaperError(CivicquizError):
    """A quiz cannot be printed in versions as asked for; the message says why and what to do."""


# ---- What a learner gave ----


class ResponseError(CivicquizError):
    """A response cannot be graded, because it has the wrong shape or an unknown id.

    Attributes:
        question_id: the question.
        message: what is wrong with the response.
        code: what the learner is told, as a key of the words of the interface.
    """

    def __init__(self, question_id: str, message: str, code: str = "not_readable") -> None:
        self.question_id = question_id
        self.message = message
        self.code = code
        super().__init__(f"question '{question_id}': {message}")


class ResponseFileError(CivicquizError):
    """A response file cannot be written, or not be read just now; the message says why."""


class AnswersError(CivicquizError):
    """``civicquiz check-answers`` cannot use a response file; the message says why."""


# ---- What a class handed in ----


class UnusableError(CivicquizError):
    """Something that was handed in cannot be used.

    ``reason`` is a code for tables (``docs/grading.md`` lists them), the message says more, ``hint`` says what to do.
    """

    def __init__(self, reason: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.hint = hint

    def __reduce__(self) -> tuple[type[UnusableError], tuple[str, str, str]]:
        return UnusableError, (self.reason, str(self), self.hint)


class RosterError(CivicquizError):
    """A roster cannot be used; the message says where and why."""


class GradingError(CivicquizError):
    """A class cannot be graded; the message says why and what to do."""


class MarksError(CivicquizError):
    """A table of marks cannot be used at all, or would be overwritten; the message says why and what to do."""


class MissingPackagesError(CivicquizError):
    """Packages that only some commands need are not installed; the message says how to get them.

    Args:
        purpose: what needs them, to begin a sentence.
        extra: the extra of civicquiz that installs them.
    """

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs packages that are not installed. Run: pip install 'civicquiz[{extra}]'")


class LiveError(CivicquizError):
    """A live site cannot be built; the message says why and what to do."""


class PreviewError(CivicquizError):
    """There is nothing to preview or to watch, or no port for the server; the message says why and what to do."""


class ExchangeError(CivicquizError):
    """A file of another program cannot be read or written; the message says why and what to do."""


class UnreadableError(ExchangeError):
    """A question cannot be read; the message says why. Readers catch it and go on with the next one."""


class StartError(CivicquizError):
    """Files to begin with cannot be written, or would replace others; the message says why and what to do."""


class MystError(CivicquizError):
    """The quizzes of a page of a MyST site cannot be given to the plugin; the message says why."""


class OutcomesError(CivicquizError):
    """A file of outcomes cannot be read, or is not one; the message says why and what to do."""


class ReportError(CivicquizError):
    """There is nothing to analyze, or the report cannot be written; the message says why and what to do."""


# ---- Texts and paths in messages ----

_LINE_ENDS = re.compile(r"\r\n|[\t\n\r\x0b\x0c\x85\u2028\u2029]")

#: Control characters, characters that reverse the direction of a line, and lone surrogates, which cannot be printed.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def one_line(text: str) -> str:
    """``text`` on one line, with escapes such as ``\\x1b`` for what a terminal could take for more than text."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], _LINE_ENDS.sub(" ", text))


def display_path(path: str | Path) -> str:
    """``path`` as a person would write it: relative to the working directory where that is shorter."""
    absolute = Path(path).absolute()
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute.as_posix()
