"""What all questions of a released copy have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from civicquiz.model.interactions import Gap, Option
from civicquiz.model.questions.question_base import SHORT_FORM, AuthorEntry, QuestionBase

__all__ = ["AS_RELEASED", "Options", "ReleasedBase", "texts_of", "written"]

#: The hint for a mistake in a copy: people do not write these files.
AS_RELEASED = "use the file as 'civicquiz release' wrote it"

#: Options as nothing but their texts; the ids are derived from them.
Options = Annotated[tuple[Annotated[AuthorEntry, SHORT_FORM], ...], Field(max_length=30)]


class ReleasedBase(QuestionBase):
    """A question of a copy: what learners see of it, and nothing else."""

    @classmethod
    @abstractmethod
    def content_of(cls, interaction: Any) -> dict[str, Any]:
        """The keys that a copy has for ``interaction``, an interaction of its type, besides those of all questions."""


def texts_of(options: Iterable[Option]) -> list[str]:
    """The texts of options, as a copy has them."""
    return [option.text for option in options]


def written(passage: Iterable[str | Option | Gap]) -> str:
    """A running text with its options or gaps in brackets."""

    def part(segment: str | Option | Gap) -> str:
        if isinstance(segment, str):
            return segment
        return f"[[{segment.text if isinstance(segment, Option) else segment.id}]]"

    return "".join(map(part, passage))
