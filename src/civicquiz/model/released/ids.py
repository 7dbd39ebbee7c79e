"""The ids of a released copy, and the way back to those of its quiz.

In a copy the ids of options are made of their texts again, and gaps are counted, so that a name that an author chose,
such as ``right``, cannot give anything away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civicquiz.model.interactions import Interaction, Option
from civicquiz.model.questions.question_base import derived_id

__all__ = ["gap_names", "own_response", "same_ids"]


def gap_names(gaps: Iterable[str]) -> dict[str, str]:
    """The author's name of each gap -> its name in a copy: they are counted in the order of the text."""
    return {name: f"gap-{number}" for number, name in enumerate(gaps, start=1)}


def _lists(interaction: Interaction) -> list[tuple[Option, ...]]:
    """The options of an interaction, in lists within which ids differ."""
    public = interaction.public()
    of_gaps = [gap["options"] for gap in public.get("gaps", {}).values() if "options" in gap]
    return [*(public[name] for name in ("options", "targets") if public.get(name)), *of_gaps]


def same_ids(interaction: Interaction) -> tuple[str, str] | None:
    """Two texts (of gaps: their names) that a copy could not tell apart because of what their author called them.

    None if all is well.
    """
    names = gap_names(interaction.public().get("gaps", ()))
    for name, released in names.items():
        if released in names and released != name:
            return name, released
    for options in _lists(interaction):
        taken: dict[str, str] = {}
        for option in options:
            if not option.word:
                other = taken.setdefault(derived_id(option.text), option.text)
                if other != option.text:
                    return other, option.text
        for option in options:
            if not option.word and taken.get(option.id, option.text) != option.text:
                return taken[option.id], option.text
    return None


def own_response(interaction: Interaction, response: Any) -> Any:
    """A response to a released copy, as a response to ``interaction``, which has the key and the author's own ids.

    What is no response to a copy is returned as it is.
    """

    def renamed(options: Iterable[Option], value: Any) -> Any:
        own = {derived_id(option.text): option.id for option in options if not option.word}
        return own.get(value, value) if isinstance(value, str) else value

    public = interaction.public()
    if isinstance(response, list):
        return [renamed(public.get("options", ()), value) for value in response]
    if not isinstance(response, Mapping):
        return response
    if "gaps" in public:
        names = {released: name for name, released in gap_names(public["gaps"]).items()}
        given = {names.get(name, name): value for name, value in response.items()}
        return {name: renamed(public["gaps"].get(name, {}).get("options", ()), value) for name, value in given.items()}
    return {
        renamed(public.get("options", ()), name): renamed(public.get("targets", ()), value)
        for name, value in response.items()
    }
