"""A response in words, as HTML: what a key and a learner's feedback show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from civicquiz.frontend.fragments import option_html
from civicquiz.model.interactions import Interaction

__all__ = ["answer_lines"]


def answer_lines(
    interaction: Interaction, response: Any, words: Mapping[str, str], images: Mapping[str, str]
) -> Iterator[str]:
    """A line of HTML for each part of ``response``, which ``interaction`` has read: options and gaps by their texts."""
    public = interaction.public()
    gaps = list(public.get("gaps", ()))
    options = {option.id: option for key in ("options", "targets") for option in public.get(key, ())}
    for gap in public.get("gaps", {}).values():
        options |= {option.id: option for option in gap.get("options", ())}
    if isinstance(response, dict) and "variants" in public:
        response = response["answer"]
    if isinstance(response, str):
        if response:
            yield escape(f"{response} {public.get('unit', '')}".strip())
    elif isinstance(response, list):
        yield from (option_html(options[name], dict(words), images) for name in response)
    else:
        for name, value in response.items():
            left = str(gaps.index(name) + 1) if gaps else option_html(options[name], dict(words), images)
            right = option_html(options[value], dict(words), images) if value in options else escape(value)
            yield f"{left}: {right}"
