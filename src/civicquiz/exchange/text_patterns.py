"""Accepted texts as regular expressions, for programs that compare texts in no other way that fits.

The expressions are those of XML Schema, which have to match all of a text. They stay within what PHP and JavaScript
read in the same way, also byte by byte: no sign that is not ASCII is in brackets, and no list of signs is negated.

Source: XML Schema 1.0, part 2, appendix F, https://www.w3.org/TR/xmlschema-2/#regexs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache

__all__ = ["pattern_of", "pattern_with_more"]

#: What means something in an expression, and is escaped with a backslash.
_SPECIAL = frozenset("\\|.?*+(){}-[]^")
#: What people type for one sign (``authoring.normal_form`` has more).
_ALSO = {
    "'": "\u2019\u2018`\u00b4",
    '"': "\u201c\u201d\u201e\u00ab\u00bb",
    "-": "\u2013\u2014\u2010\u2011\u2212",
}
#: Signs that are ignored as punctuation, and those that stand for a space then (``text_matching`` has more).
_PUNCTUATION = (
    r"""([!"#%&'()*,.:;?@\[\\\]_{}]"""
    "|\u2019|\u2018|\u201c|\u201d|\u2026|\u00a1|\u00bf)"
)
_SPACE = r"\s"
_JOINING = "([\\s\\-/]|\u2013|\u2014)"
#: Whether spaces, and punctuation, are ignored -> a sign that counts. Letters that are not ASCII are not among them:
#: no list of signs can have those (see above).
_MORE = {
    (True, True): "[A-Za-z0-9]",
    (True, False): r"\S",
    (False, True): r"[A-Za-z0-9\s\-/]",
    (False, False): r"[\s\S]",
}


@lru_cache(maxsize=5000)
def pattern_of(plain: str, ignore: Collection[str]) -> str:
    """The texts that are ``plain`` in their normal form, without what to ``ignore`` (see ``text_matching``)."""
    around = _ignored_around(ignore)
    return f"{around}{_core(plain, ignore)}{around}"


@lru_cache(maxsize=5000)
def pattern_with_more(plain: str, ignore: Collection[str]) -> str:
    """The texts that have ``plain`` in them, and more that counts before or after it. A program that wrongly looks for
    a part of a text that matches can tell by this one that the whole does not.
    """
    core, around = _core(plain, ignore), _ignored_around(ignore)
    more = _MORE["space" in ignore, "punctuation" in ignore]
    return rf"[\s\S]*({more}{around}{core}|{core}{around}{more})[\s\S]*"


def _ignored_around(ignore: Collection[str]) -> str:
    if "space" not in ignore:
        return f"{_PUNCTUATION}*" if "punctuation" in ignore else ""
    return f"({_PUNCTUATION}|{_JOINING})*" if "punctuation" in ignore else f"{_SPACE}*"


def _core(plain: str, ignore: Collection[str]) -> str:
    within = f"{_PUNCTUATION}*" if "punctuation" in ignore else ""
    space = _JOINING if "punctuation" in ignore else _SPACE if "space" in ignore else " "
    if "space" in ignore:
        space = f"{within}{space}({_PUNCTUATION}|{space})*" if within else f"{space}+"
    elif within:
        space = f"{within}{space}{within}"
    words = (within.join(_sign(sign, ignore) for sign in word) for word in plain.split(" "))
    return f"({space.join(words)})"


def _sign(sign: str, ignore: Collection[str]) -> str:
    """An expression for one sign of a normal form."""
    signs = {sign: None, **dict.fromkeys(_ALSO.get(sign, ""))}
    if "diacritics" in ignore:
        signs |= dict.fromkeys(_with_marks().get(sign, ""))
    if "case" in ignore:
        signs |= {other: None for one in signs for other in (one.upper(), one.title()) if len(other) == 1}
    if len(signs) == 1:
        return _escaped(sign)
    if all(one.isascii() and one.isalnum() for one in signs):
        return f"[{''.join(signs)}]"
    return f"({'|'.join(map(_escaped, signs))})"


def _escaped(sign: str) -> str:
    # A dollar has a meaning in most programs, but none in XML Schema, where it must not be escaped.
    return "[$]" if sign == "$" else f"\\{sign}" if sign in _SPECIAL else sign


@cache
def _with_marks() -> dict[str, str]:
    """Letter -> the Latin letters that are the same without their marks."""
    found: dict[str, str] = {}
    for number in (*range(0xC0, 0x180), *range(0x1CD, 0x220), *range(0x1EA0, 0x1EFA)):
        letters = unicodedata.normalize("NFD", chr(number))
        if len(letters) > 1:
            base = letters[0]
            found[base] = found.get(base, "") + chr(number)
    return found
