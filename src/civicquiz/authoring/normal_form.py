"""The normal form of a text: undoes what phones, word processors, file systems and clipboards change in a text.

Two texts that look the same to a person have the same normal form. Answers, numbers and names are compared in it.
``static/interactions/normal_form.js`` does the same, character for character; a test compares the two for every
character there is. The sets are spelled out, because Python and JavaScript, and their versions, support different
versions of Unicode.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "character_names",
    "is_blank",
    "normal_form",
    "replaced_characters",
    "unusual_characters",
    "visible_form",
]

#: Invisible characters: soft hyphen, joiners, direction marks, byte order mark, operators, variation selectors.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: Spaces of every width, and line ends.
_SPACES = "\t\n\x0b\x0c\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
#: Straight quotes, curly ones, and characters that keyboards offer in their place.
_SINGLE_QUOTES = (
    "`\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u0374\u055a\u05f3\u2018-\u201b\u2032\u2035\u2039\u203a\ua78c"
)
_DOUBLE_QUOTES = "\u00ab\u00bb\u02ba\u02dd\u02ee\u05f4\u201c-\u201f\u2033\u2036\u275d\u275e\u301d-\u301f"
#: Hyphens, dashes and the minus sign.
_DASHES = "\u02d7\u058a\u05be\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\u2e3a\u2e3b\ufe58\ufe63"

_INVISIBLE_SIGN = re.compile(f"[{_INVISIBLE}]")
_SPACE_SIGN = re.compile(f"[{_SPACES}]")
_REPLACED = (
    (re.compile(f"[{_SINGLE_QUOTES}]"), "'"),
    (re.compile(f"[{_DOUBLE_QUOTES}]"), '"'),
    (re.compile(f"[{_DASHES}]"), "-"),
    (re.compile("\u2026"), "..."),
)
#: Full-width forms of ASCII, which keyboards for Chinese and Japanese type.
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")


#: How many marks on one letter count. Words have one to four.
_MOST_MARKS = 100


def _composed(text: str) -> str:
    """``text`` in NFC, with at most 100 marks on a letter.

    To compose is to sort the marks of a letter, and Unicode's algorithm takes time by the square of their number: for
    the 500,000 that fit into a response file, minutes. Unicode Standard Annex #15, section 13, has the same remedy.
    """
    # In a longer run of marks, every hundredth character of the text is one.
    if len(text) > _MOST_MARKS and any(map(_is_mark, text[::_MOST_MARKS])):
        kept, run = [], 0
        for character in text:
            run = run + 1 if _is_mark(character) else 0
            if run <= _MOST_MARKS:
                kept.append(character)
        text = "".join(kept)
    return unicodedata.normalize("NFC", text)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def visible_form(text: str) -> str:
    """``text`` composed (NFC), with ordinary spaces and without invisible characters: two texts look alike if their
    visible forms are the same.
    """
    return _composed(_SPACE_SIGN.sub(" ", _INVISIBLE_SIGN.sub("", _composed(text))))


def normal_form(text: str) -> str:
    """``text`` with plain quotes, dashes, spaces and letters, composed (NFC), without invisible characters.

    The normal form of a normal form is itself.
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return text
    text = _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - 0xFEE0), visible_form(text))
    for characters, plain in _REPLACED:
        text = characters.sub(plain, text)
    return _composed(text)


def replaced_characters(text: str) -> list[str]:
    """The characters in ``text`` that its normal form has not, each once, in order: curly quotes, dashes, special
    spaces, invisible characters, accents that are characters of their own."""
    plain = normal_form(text)
    return [character for character in dict.fromkeys(text) if character not in plain]


def is_blank(text: str) -> bool:
    """Whether a person who reads ``text`` sees nothing."""
    return not normal_form(text).strip(" ")


_UNUSUAL = re.compile(
    f"[{_INVISIBLE}\x0b\x0c\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]"
)


def unusual_characters(text: str) -> list[str]:
    """The characters in ``text`` that are invisible, or that look like an ordinary space, each once, in order."""
    return list(dict.fromkeys(_UNUSUAL.findall(text)))


def character_names(characters: list[str]) -> str:
    """Characters by their names: ``U+200B (zero width space)``."""
    return ", ".join(
        f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character').lower()})"
        for character in characters
    )
