"""An author's mistakes, collected by a validator and raised all at once.

A validator sees one value and not the file around it, so it locates a problem by its path below that value;
``validation.problems_of`` turns the paths into lines and columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from civicquiz.authoring.yaml_source import YamlPath

__all__ = ["AuthorProblem", "AuthorProblems", "author_error"]


class AuthorProblem(NamedTuple):
    """One problem; ``path`` leads to it from the value that is being validated."""

    path: YamlPath
    message: str
    hint: str


class AuthorProblems:
    """The problems found so far, in order.

    ``where`` is a key of the value that is being validated, or a path that leads further down, such as
    ``("events", 2, "year")``; ``()`` is the value itself.
    """

    def __init__(self, problems: Iterable[AuthorProblem] = ()) -> None:
        self._found = list(problems)

    def __iter__(self) -> Iterator[AuthorProblem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, where: str | YamlPath, message: str, hint: str) -> None:
        """Note a problem: ``message`` names the subject, the rule and what was found; ``hint`` says what to do."""
        self._found.append(AuthorProblem(_path(where), message, hint))

    def extend(self, problems: Iterable[AuthorProblem]) -> None:
        """Note several problems."""
        self._found.extend(problems)

    def below(self, where: str | YamlPath) -> AuthorProblems:
        """The problems of the value under ``where`` as problems of the value around it."""
        return AuthorProblems(problem._replace(path=(*_path(where), *problem.path)) for problem in self._found)

    def raise_if_any(self) -> None:
        """Raise everything that was found as one error, which pydantic takes from a validator."""
        if self._found:
            raise _error(self._found)


def author_error(message: str, hint: str, *, at: str | YamlPath = ()) -> PydanticCustomError:
    """The error of a validator that stops at its first problem."""
    return _error([AuthorProblem(_path(at), message, hint)])


def _error(problems: Iterable[AuthorProblem]) -> PydanticCustomError:
    return PydanticCustomError("author", "see the problems", {"problems": tuple(problems)})


def _path(where: str | YamlPath) -> YamlPath:
    return (where,) if isinstance(where, str) else where
