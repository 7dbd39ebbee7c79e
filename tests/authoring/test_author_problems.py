"""The collector of authors' mistakes."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError, model_validator

from civicquiz.authoring.author_problems import AuthorProblem, AuthorProblems, author_error


def test_nothing_found_raises_nothing() -> None:
    found = AuthorProblems()
    found.raise_if_any()
    assert not found
    assert list(found) == []


def test_where_is_a_key_or_a_path() -> None:
    found = AuthorProblems()
    found.add("end", "too early", "swap the two")
    found.add(("events", 2, "year"), "off the scale", "make the scale longer")
    found.add((), "not enough", "write more")
    assert [problem.path for problem in found] == [("end",), ("events", 2, "year"), ()]
    assert next(iter(found)) == AuthorProblem(("end",), "too early", "swap the two")


def test_problems_of_a_part_become_problems_of_the_whole() -> None:
    part = AuthorProblems()
    part.add((1,), "the same text", "reword it")
    found = AuthorProblems()
    found.extend(part.below("options"))
    found.extend(part.below(("gaps", "year")))
    assert [problem.path for problem in found] == [("options", 1), ("gaps", "year", 1)]
    assert [problem.path for problem in part] == [(1,)]


def test_everything_found_arrives_as_one_error_of_the_model() -> None:
    class Scale(BaseModel):
        start: int
        end: int

        @model_validator(mode="after")
        def _fits(self) -> Scale:
            found = AuthorProblems()
            found.add("start", "first", "one")
            found.add("end", "second", "two")
            found.raise_if_any()
            return self

    with pytest.raises(ValidationError) as caught:
        Scale(start=1, end=0)
    (details,) = caught.value.errors()
    assert details["type"] == "author"
    assert [message for _, message, _ in details["ctx"]["problems"]] == ["first", "second"]


def test_an_error_of_one_problem_says_where_it_is() -> None:
    (problem,) = author_error("must be a list", "write one", at="variants").context["problems"]
    assert problem == (("variants",), "must be a list", "write one")
