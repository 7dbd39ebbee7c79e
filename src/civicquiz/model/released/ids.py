"""The ids of a released copy, and how to get from them to those of its quiz.

In a copy, the ids of options are derived from their texts, and gaps are numbered, so that an id that an author chose,
such as ``right``, cannot give anything away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from civicquiz.model.interactions import Choice, InlineGaps, Interaction, Matching, Option, Scale
from civicquiz.model.questions.question_base import derived_id, distinct_ids

__all__ = ["gap_names", "own_response", "same_ids"]


def gap_names(gaps: Iterable[str]) -> dict[str, str]:
    """The author's name of each gap -> its name in a copy: its number in the order of the text."""
    return {name: f"gap-{number}" for number, name in enumerate(gaps, start=1)}


def same_ids(interaction: Interaction[Any]) -> tuple[str, str] | None:
    """Two texts (for gaps, two names) that a copy could not tell apart because of the ids that their author chose.

    None if there are no such texts.
    """
    names = gap_names(interaction.gaps) if isinstance(interaction, InlineGaps) else {}
    for name, released in names.items():
        if released in names and released != name:
            return name, released
    for options in interaction.option_lists():
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


def own_response(interaction: Interaction[Any], response: object) -> object:
    """A response to a released copy, as a response to ``interaction``, which has the author's ids.

    Anything that is not a response to a copy is returned unchanged.
    """
    options = [option for options in interaction.option_lists() for option in options]
    named = len(options)
    if isinstance(interaction, InlineGaps):
        named = len(interaction.gaps) + len(interaction.number_names())
    if not isinstance(response, (list, dict)) or len(response) > named:
        return response
    if isinstance(response, list):
        return [_own_id(options, value) for value in response]
    match interaction:
        case InlineGaps(gaps=gaps):
            names: dict[Any, str] = {released: name for name, released in gap_names(gaps).items()}
            options_in = {name: gap.options for name, gap in gaps.items() if isinstance(gap, Choice)}
            own: dict[Any, Any] = {names.get(name, name): value for name, value in response.items()}
            return {name: _own_id(options_in.get(name, ()), value) for name, value in own.items()}
        case Matching(rows=rows, targets=targets):
            return {_own_id(rows, name): _own_id(targets, value) for name, value in response.items()}
        case Scale(events=events):
            return {_own_id(events, name): value for name, value in response.items()}
        case _:
            return response


def _own_id(options: Iterable[Option], value: Any) -> Any:
    """The id of the option whose id in a copy is ``value``; anything else is returned unchanged."""
    written = [option for option in options if not option.word]
    own = dict(zip(distinct_ids(derived_id(option.text) for option in written), (o.id for o in written), strict=True))
    return own.get(value, value) if isinstance(value, str) else value
