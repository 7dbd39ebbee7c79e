"""Which state of the original a translation was made from, so that one that is out of date is noticed.

A translation says so with ``translates:``, once for each question and once for the texts around them. Its value is a
digest of what the original says there. ``civicquiz accept-translation`` writes it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from civicquiz.authoring.validation import shown_texts
from civicquiz.authoring.yaml_source import YamlPath

if TYPE_CHECKING:
    from civicquiz.model.quiz import Quiz

__all__ = ["TRANSLATES", "states_of"]

#: the key in a translation file
TRANSLATES = "translates"
#: Letters alone: ``12345678`` or ``1e234567`` would be numbers in YAML.
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


def states_of(quiz: Quiz) -> dict[YamlPath, str]:
    """The state of each question of ``quiz``, by its path, and under ``()`` that of the texts around them."""
    texts: dict[YamlPath, list[tuple[YamlPath, str]]] = {(): []}
    for path, text, _ in shown_texts(quiz):
        above = path[:2] if path[0] == "questions" else ()
        texts.setdefault(above, []).append((path[len(above) :], text))
    return {path: _digest(found) for path, found in texts.items()}


def _digest(texts: list[tuple[YamlPath, str]]) -> str:
    content = json.dumps(sorted(texts, key=str), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:8].translate(_LETTERS)
