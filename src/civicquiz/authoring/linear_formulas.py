"""A formula in one line of text: x^2, (a + b)/2, √(x), as people type it.

Screen readers say it where a browser leaves MathML out of the name of a control, and tables and plain texts have it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

__all__ = ["linear_form"]

#: Signs with a space on either side. The invisible ones are left out, but a function is apart from what it is of.
_SPACED = frozenset("=≠<>≤≥≪≫≈∼≅≡∝→←↔⇌⇒⇔↦⟶⟵+−±∓×⋅÷∈∉⊂⊆∪∩∧∨")
_INVISIBLE = {"\u2061": " ", "\u2062": "", "\u2063": "", "\u2064": ""}
#: An accent -> the combining character that follows a letter instead.
_ACCENTS = {
    **dict.fromkeys(("¯", "‾", "\u0305", "\u0332"), "\u0305"),
    **dict.fromkeys(("^", "ˆ", "\u0302"), "\u0302"),
    **dict.fromkeys(("~", "˜", "\u0303"), "\u0303"),
    **dict.fromkeys(("→", "⃗"), "\u20d7"),
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
}
_RAISED = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")


def linear_form(element: Element) -> str:
    """The MathML of a formula in one line."""
    text = _LETTERS.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), _text(element))
    return _tight(" ".join(text.translate(_LOOKS).split()))


#: Bold, italic, script and other letters of formulas, which few screen readers can say; and what selects their looks.
_LETTERS = re.compile("[\U0001d400-\U0001d7ff\u2100-\u214f]")
_LOOKS = {0xFE00: None, 0xFE01: None}


def _tight(text: str) -> str:
    """Without the space between a sign and the number that it belongs to."""
    return re.sub(r"(^|[([{|^_]|[=<>] ) ?([−+±]) ", r"\1\2", text)


def _text(element: Element) -> str:
    children = list(element)
    if element.tag in _SCHEMES:
        return _SCHEMES[element.tag](element, children)
    if children:
        return "".join(map(_text, children))
    text = element.text or ""
    if element.tag == "mspace":
        return " " if element.get("width", "0") > "0.16" else ""
    if element.tag == "mo" and text in _SPACED:
        return text if element.get("form") == "prefix" else f" {text} "
    return "".join(_INVISIBLE.get(sign, sign) for sign in text)


def _group(element: Element) -> str:
    """In parentheses, unless it is one number, letter or word."""
    text = re.sub(r" ([−+])$", r"\1", _tight(_text(element).strip()))
    return text if len(text) <= 1 or text.isalpha() or text.replace(".", "").isdigit() else f"({text})"


def _joined(base: str, sign: str, element: Element) -> str:
    """``base`` with something above or below; a place that is left empty is not told."""
    if not _text(element).strip():
        return base
    return f"{base.rstrip()}{sign}{_group(element)}{' ' if base.endswith(' ') else ''}"


def _fraction(element: Element, children: Sequence[Element]) -> str:
    sign = "¦" if element.get("linethickness") == "0" else "/"
    return f"{_group(children[0])}{sign}{_group(children[1])}"


def _raised(_: Element, children: Sequence[Element]) -> str:
    power = _text(children[1]).strip()
    if power and not power.strip("′″‴°∘"):
        return f"{_text(children[0])}{power.replace('∘', '°')}"
    return _joined(_text(children[0]), "^", children[1])


def _lowered(_: Element, children: Sequence[Element]) -> str:
    return _joined(_text(children[0]), "_", children[1])


def _both(_: Element, children: Sequence[Element]) -> str:
    return _joined(_joined(_text(children[0]), "_", children[1]), "^", children[2])


def _over(_: Element, children: Sequence[Element]) -> str:
    base, accent = _text(children[0]), _text(children[1]).strip()
    if accent in _ACCENTS:
        return "".join(letter + _ACCENTS[accent] for letter in base)
    return f"{_group(children[0])}{accent}" if accent in ("⏞", "⎴") else _joined(base, "^", children[1])


def _under(_: Element, children: Sequence[Element]) -> str:
    base, accent = _text(children[0]), _text(children[1]).strip()
    if accent in ("\u0332", "_"):
        return "".join(f"{letter}\u0332" for letter in base)
    return f"{_group(children[0])}{accent}" if accent in ("⏟", "⎵") else _joined(base, "_", children[1])


def _root(_: Element, children: Sequence[Element]) -> str:
    return f"{_text(children[1]).strip().translate(_RAISED)}√{_group(children[0])}"


def _square_root(_: Element, children: Sequence[Element]) -> str:
    inside = "".join(map(_text, children)).strip()
    return f"√{inside if len(inside) == 1 or inside.isalnum() else f'({inside})'}"


def _table(_: Element, rows: Sequence[Element]) -> str:
    lines = (", ".join(filter(None, (_text(cell).strip() for cell in row))) for row in rows)
    return re.sub(rf", (?=[{''.join(_SPACED)}])", " ", "; ".join(lines))


#: element -> its text in one line
_SCHEMES: dict[str, Callable[[Element, Sequence[Element]], str]] = {
    "mfrac": _fraction,
    "msup": _raised,
    "msub": _lowered,
    "msubsup": _both,
    "munderover": _both,
    "mover": _over,
    "munder": _under,
    "mroot": _root,
    "msqrt": _square_root,
    "mtable": _table,
    "mphantom": lambda *_: "",
}
