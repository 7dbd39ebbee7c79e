"""Text matching: normalization and edit distance. The JavaScript twin does the same, character for character.

The character sets are spelled out, because Python and JavaScript, and their versions, differ in what they call white
space or punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from civicquiz.authoring.normal_form import normal_form

__all__ = ["NORMALIZATIONS", "distance", "normalized"]

#: What can be ignored, and how that changes a text.
NORMALIZATIONS = {
    "case": "capital and small letters are the same",
    "space": "runs of white space are one space, and none at the ends",
    "diacritics": "accents and other combining marks are dropped",
    "punctuation": "punctuation is dropped, and hyphens, dashes and slashes are spaces",
}

_SPACE = re.compile(" +")
_MARKS = re.compile("[\u0300-\u036f]")
_JOINING = re.compile("[-/]")
_PUNCTUATION = re.compile(
    "[!-#%-*,.:;?@\\[-\\]_{}\u00a1\u00a7\u00b6\u00b7\u00bf\u2016\u2017\u2020-\u2027\u2030-\u205e]"
)


def normalized(text: str, ignore: Collection[str]) -> str:
    """The normal form of ``text``, without what to ``ignore`` (names from :data:`NORMALIZATIONS`)."""
    text = normal_form(text)
    if "diacritics" in ignore:
        text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
    if "case" in ignore:
        text = text.lower()
    if "punctuation" in ignore:
        text = _PUNCTUATION.sub("", _JOINING.sub(" ", text))
    if "space" in ignore:
        text = _SPACE.sub(" ", text).strip(" ")
    return text


def distance(first: str, second: str) -> int:
    """The number of insertions, deletions, substitutions and swaps of adjacent characters between two texts.

    The restricted Damerau-Levenshtein distance (optimal string alignment).
    """
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
