"""The questions of a released copy: what learners see of a quiz, and nothing that says which response is right.

One model for each interaction. A copy has the texts of options and none of the ids that authors wrote (see ``ids``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from civicquiz.model.interactions import Interaction
from civicquiz.model.released.choices import ReleasedChoice, ReleasedMatching, ReleasedOrdering, ReleasedScale
from civicquiz.model.released.entries import (
    ReleasedComputedNumber,
    ReleasedExtendedText,
    ReleasedInlineGaps,
    ReleasedNumberEntry,
    ReleasedTextEntry,
)
from civicquiz.model.released.ids import own_response, same_ids
from civicquiz.model.released.released_base import ReleasedBase, ReleasedStimulus

__all__ = ["RELEASED_TYPES", "ReleasedQuestion", "ReleasedStimulus", "own_response", "same_ids", "type_of"]

RELEASED_TYPES: tuple[type[ReleasedBase], ...] = (
    ReleasedChoice,
    ReleasedOrdering,
    ReleasedMatching,
    ReleasedScale,
    ReleasedTextEntry,
    ReleasedNumberEntry,
    ReleasedComputedNumber,
    ReleasedInlineGaps,
    ReleasedExtendedText,
)

if TYPE_CHECKING:
    ReleasedQuestion = ReleasedBase
else:
    #: Any question of a released copy; pydantic picks the model by ``type``, the name of its interaction.
    ReleasedQuestion = Annotated[Union[RELEASED_TYPES], Field(discriminator="type")]  # noqa: UP007


def type_of(interaction: Interaction[Any]) -> type[ReleasedBase]:
    """The model for an interaction."""
    return next(model for model in RELEASED_TYPES if model.type_name() == interaction.name)
