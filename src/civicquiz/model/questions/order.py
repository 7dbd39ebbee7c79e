"""``order``: a list to put in the right order."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from civicquiz.authoring.author_problems import author_error
from civicquiz.authoring.validation import CodeText, Words
from civicquiz.model.interactions import Option, Ordering, OrderingKey
from civicquiz.model.questions.number_parts import one_of, required_without
from civicquiz.model.questions.question_base import (
    SHORT_FORM,
    AuthorEntry,
    KeyedQuestion,
    derived_id,
    distinct_ids,
    duplicates,
    options_of,
)


class Order(KeyedQuestion):
    """A list, or lines of code, that the author writes in the right order and the student gets in a different order."""

    model_config = ConfigDict(json_schema_extra=one_of("items", "lines"))

    type: Literal["order"]
    lines: CodeText | None = Field(
        None,
        description="instead of 'items': lines of code below '|', in the right order; equal lines are interchangeable",
    )
    code: Words | None = Field(None, description="the language of the lines, for colors: python, java, sql, ...")
    items: Annotated[tuple[Annotated[AuthorEntry, SHORT_FORM], ...], required_without("lines")] = Field(
        (),
        validate_default=True,
        max_length=12,
        json_schema_extra={"minItems": 2},
        description="write at least two entries, in the right order",
    )

    @field_validator("items")
    @classmethod
    def _all_different(cls, items: tuple[AuthorEntry, ...], info: ValidationInfo) -> tuple[AuthorEntry, ...]:
        if len(items) < 2 and (items or info.data.get("lines") is None):
            raise PydanticCustomError("too_short", "too short", {"min_length": 2})
        duplicates(items).raise_if_any()
        return items

    @model_validator(mode="after")
    def _items_or_lines(self) -> Self:
        if self.items and self.lines is not None:
            raise author_error("cannot be combined with 'items'", "delete one or the other", at="lines")
        if self.code and self.lines is None:
            raise author_error("has no effect without 'lines'", "write 'lines: |' instead of 'items:'", at="code")
        return self

    @field_validator("lines")
    @classmethod
    def _some_lines(cls, lines: str | None) -> str | None:
        count = len(_split(lines or ""))
        if lines is not None and not 2 <= count <= 20:
            raise author_error(
                f"must have 2 to 20 lines (got {count})", "write one line for each step, below 'lines: |'"
            )
        return lines

    def shown(self, original: Self) -> Ordering:
        if original.lines is None:
            return Ordering(options_of(self.items, original.items))
        texts = [_as_markdown(line, original.code or "") for line in _split(original.lines)]
        ids = distinct_ids(map(derived_id, texts))
        return Ordering(tuple(Option(name, text, original=text) for name, text in zip(ids, texts, strict=True)))

    def scored(self) -> OrderingKey:
        if self.lines is None:
            return OrderingKey.of(entry.id for entry in self.items)
        texts = (_as_markdown(line, self.code or "") for line in _split(self.lines))
        return OrderingKey.of(distinct_ids(map(derived_id, texts)))


def _split(lines: str) -> list[str]:
    """The lines with something on them, without the indentation that all of them have."""
    written = [line.expandtabs(4).rstrip() for line in lines.splitlines() if line.strip()]
    common = min((len(line) - len(line.lstrip()) for line in written), default=0)
    return [line[common:] for line in written]


def _as_markdown(line: str, language: str) -> str:
    """A line of code as a fence, which keeps its indentation."""
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall("`+", line)), 3)
    return f"{fence}{language}\n{line}\n{fence}"
