"""The words of the user interface, from ``static/locale/``, in the language of a quiz."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from civicquiz.authoring.wording import score_text
from civicquiz.frontend.static_files import static_text

__all__ = ["locale", "strings", "word_groups", "worth"]


@cache
def locale(language: str) -> str:
    """The language that the user interface speaks around a quiz in ``language``: the same, or English."""
    wanted = language.split("-")[0]
    return wanted if files("civicquiz").joinpath("frontend", "static", "locale", f"{wanted}.json").is_file() else "en"


@cache
def word_groups(language: str) -> dict[str, dict[str, str]]:
    """The words by group, one group for each script that asks for them."""
    words: dict[str, dict[str, str]] = json.loads(static_text(f"locale/{locale(language)}.json"))
    return words


def worth(points: float, words: Mapping[str, str]) -> str:
    """How many points there are, in words."""
    if points == 1:
        return words["point"]
    return words["points"].format(points=score_text(points)) if points else words["no_points"]


@cache
def strings(language: str = "en") -> dict[str, str]:
    """All words of the user interface around a quiz in ``language``."""
    return {name: text for group in word_groups(language).values() for name, text in group.items()}
