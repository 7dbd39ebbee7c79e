"""What the questions of a released copy share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from civicquiz.model.interactions import Option
from civicquiz.model.questions.question_base import SHORT_FORM, AuthorItem, QuestionBase

__all__ = ["AS_RELEASED", "Options", "ReleasedBase", "options_of", "texts_of", "written"]

#: What to do about a mistake in a copy: people do not write these files.
AS_RELEASED = "as 'civicquiz release' writes it"

#: Options by their texts alone; the ids follow from them.
Options = Annotated[tuple[Annotated[AuthorItem, SHORT_FORM], ...], Field(max_length=30)]


class ReleasedBase(QuestionBase):
    """A question without its key."""

    has_key: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def parts(cls, interaction: Any) -> dict[str, Any]:
        """What a copy says of ``interaction`` besides the keys that all questions have."""


def texts_of(options: Iterable[Option]) -> list[str]:
    """The texts of options, as a copy has them."""
    return [option.text for option in options]


def options_of(items: Iterable[AuthorItem]) -> tuple[Option, ...]:
    """The options of a copy."""
    return tuple(item.as_option() for item in items)


def written(passage: Iterable[str | Option | tuple[str, str]]) -> str:
    """A running text with its options or gaps in brackets."""

    def part(segment: str | Option | tuple[str, str]) -> str:
        if isinstance(segment, str):
            return segment
        return f"[[{segment.text if isinstance(segment, Option) else segment[1]}]]"

    return "".join(map(part, passage))
