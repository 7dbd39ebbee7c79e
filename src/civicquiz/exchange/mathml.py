"""MathML of other programs -> LaTeX, as far as it is plain: fractions, roots, powers, indices, tables of numbers."""

from __future__ import annotations

import re
from pathlib import Path

from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.xml_text import XmlElement, parsed_xml

__all__ = ["MathmlError", "latex_of"]

#: Signs that have a command in LaTeX; all others stay as they are.
_SIGNS = {
    "×": r"\times ",
    "⋅": r"\cdot ",
    "·": r"\cdot ",
    "±": r"\pm ",
    "−": "-",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "≈": r"\approx ",
    "∞": r"\infty ",
    "∑": r"\sum ",
    "∏": r"\prod ",
    "∫": r"\int ",
    "→": r"\to ",
    "π": r"\pi ",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "$": r"\$",
    "\\": r"\backslash ",
    "\u2061": "",  # signs that say how two things belong together, and are not seen
    "\u2062": "",
    "\u2063": "",
    "\u2064": "",
}
_FUNCTIONS = re.compile(
    "sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|sinh|cosh|tanh|ln|log|exp|lim|min|max|det",
)


class MathmlError(Exception):
    """A formula cannot be read; the message continues "a formula in MathML ..."."""


def latex_of(source: str) -> str:
    """A ``math`` element as LaTeX.

    Raises:
        MathmlError: it has an element that is not known here.
    """
    named = re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\w+);)\w*;?", " ", source)
    try:
        # A prefix needs no declaration here: it is left out.
        root = parsed_xml(GivenFile(Path("formula"), named.encode()))
    except ExchangeError as error:
        raise MathmlError(f"is not well-formed ({error})") from None
    for note in root.below("annotation"):
        if "tex" in note.get("encoding", "").lower():
            return _stripped(note.text or "")
    return " ".join(_row(root).split())


def _stripped(latex: str) -> str:
    latex = latex.strip()
    found = re.fullmatch(r"\$\$?(.*?)\$\$?|\\\((.*)\\\)|\\\[(.*)\\\]", latex, re.DOTALL)
    return next((part for part in found.groups() if part is not None), "") if found else latex


def _row(element: XmlElement) -> str:
    return "".join(_latex(child) for child in element)  # type: ignore[arg-type]


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def _identifier(text: str) -> str:
    if _FUNCTIONS.fullmatch(text):
        return f"\\{text} "
    return _signs(text) if len(text) == 1 or text in _SIGNS else f"\\mathrm{{{_signs(text)}}}"


def _parts(element: XmlElement, count: int) -> list[str]:
    """What is in an element with as many parts; the base of a power or an index in braces if it is not one sign."""
    if len(element) != count:
        raise MathmlError(f"has '{element.tag}' with {len(element)} parts instead of {count}")
    first, *others = [_latex(child) for child in element]  # type: ignore[arg-type]
    if element.tag in ("msup", "msub", "msubsup") and len(first) > 1:
        first = f"{{{first}}}"
    return [first, *others]


def _latex(element: XmlElement) -> str:
    tag, text = element.tag, " ".join((element.text or "").split())
    if tag in ("mrow", "mstyle", "mpadded", "semantics", "math"):
        return _row(element)
    if tag in ("annotation", "annotation-xml", "mphantom"):
        return ""
    if tag == "mn":
        return _signs(text)
    if tag == "mi":
        return _identifier(text)
    if tag == "mo":
        return _signs(text)
    if tag in ("mtext", "ms"):
        return f"\\text{{{_signs(text)}}}" if text else "\\ "
    if tag == "mspace":
        return "\\ "
    if tag == "msqrt":
        return f"\\sqrt{{{_row(element)}}}"
    if tag == "mfenced":
        inside = element.get("separators", ",")[:1].join(_latex(child) for child in element)  # type: ignore[arg-type]
        return f"{element.get('open', '(')}{inside}{element.get('close', ')')}"
    if tag == "mtable":
        rows = (" & ".join(_row(cell) for cell in row) for row in element)  # type: ignore[arg-type]
        lines = " \\\\ ".join(rows)
        return f"\\begin{{matrix}}{lines}\\end{{matrix}}"
    if tag in _SHAPES:
        count, shape = _SHAPES[tag]
        return shape.format(*_parts(element, count))
    raise MathmlError(f"has the element '{tag}', which is not known here")


#: Element -> (how many parts it has, LaTeX with a place for each of them).
_SHAPES = {
    "mfrac": (2, "\\frac{{{}}}{{{}}}"),
    "msup": (2, "{}^{{{}}}"),
    "msub": (2, "{}_{{{}}}"),
    "msubsup": (3, "{}_{{{}}}^{{{}}}"),
    "munder": (2, "{}_{{{}}}"),
    "mover": (2, "\\overset{{{1}}}{{{0}}}"),
    "munderover": (3, "{}_{{{}}}^{{{}}}"),
    "mroot": (2, "\\sqrt[{1}]{{{0}}}"),
}
