"""The exceptions of the package: one module for all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import civicquiz
from civicquiz import errors


def _exceptions(cls: type[Exception]) -> Iterator[type[Exception]]:
    yield cls
    for below in cls.__subclasses__():
        yield from _exceptions(below)


def test_every_exception_that_leaves_the_package_is_in_one_module() -> None:
    for module in pkgutil.walk_packages(civicquiz.__path__, "civicquiz."):
        importlib.import_module(module.name)
    raised = set(_exceptions(civicquiz.CivicquizError))
    assert {exception.__module__ for exception in raised} == {"civicquiz.errors"}
    assert {exception.__name__ for exception in raised} <= set(errors.__all__)
    assert all(exception.__doc__ for exception in raised)


def test_a_problem_says_where_it_is_what_is_wrong_and_what_to_do() -> None:
    problem = errors.Problem("quizzes/law.yml", 3, 7, "'points' must be a number (got 'two')", "write a number")
    assert str(problem) == "quizzes/law.yml:3:7: 'points' must be a number (got 'two')\n    hint: write a number"


def test_problems_of_a_file_come_in_its_order_and_once() -> None:
    later, earlier = errors.Problem("a.yml", 9, 1, "x"), errors.Problem("a.yml", 2, 1, "y")
    assert errors.QuizError([later, earlier, later]).problems == (earlier, later)
