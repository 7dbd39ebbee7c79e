"""HTML of other programs -> Markdown of a quiz, by the library markdownify, which is in the extra ``exchange``."""

from __future__ import annotations

import re
from typing import Any, Protocol

from markdownify import MarkdownConverter

from civicquiz.exchange.foreign_text import escaped, inline_formula, note

__all__ = ["Converter"]

_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
#: Elements that a quiz cannot have, and what they are called.
_LOST = {
    "script": "a script",
    "iframe": "a page of another site",
    "video": "a video",
    "audio": "a recording",
    "object": "an embedded object",
    "embed": "an embedded object",
    "svg": "a drawing",
    "input": "a field of a form",
}


class _Pictures(Protocol):
    def image(self, source: str, words: str, changes: list[str]) -> str: ...


class Converter(MarkdownConverter):
    """Converts one text. The library calls a method ``convert_NAME`` for each element.

    Args:
        pictures: says what a picture is in Markdown.
        changes: gets a sentence for everything that is lost.
    """

    def __init__(self, pictures: _Pictures, changes: list[str]) -> None:
        super().__init__(bullets="-", newline_style="backslash", table_infer_header=True)
        self._pictures = pictures
        self._changes = changes

    def markdown(self, html: str) -> str:
        """The Markdown for ``html``.

        Raises:
            RecursionError: too many elements are inside of one another.
        """
        return str(self.convert(html))

    def escape(self, text: str, parent_tags: Any = None) -> str:
        return escaped(text) if text else ""

    def _lost(self, element: Any, text: str, parent_tags: Any) -> str:
        note(self._changes, f"There was {_LOST[element.name]}, which was left out.")
        return ""

    convert_script = convert_iframe = convert_video = convert_audio = convert_object = convert_embed = _lost
    convert_svg = convert_input = _lost

    def convert_img(self, element: Any, text: str, parent_tags: Any) -> str:
        return self._pictures.image(element.get("src") or "", element.get("alt") or "", self._changes)

    def convert_hN(self, number: int, element: Any, text: str, parent_tags: Any) -> str:  # noqa: N802
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_style(self, element: Any, text: str, parent_tags: Any) -> str:
        return ""

    def convert_sup(self, element: Any, text: str, parent_tags: Any) -> str:
        return _script(text, "^", _RAISED)

    def convert_sub(self, element: Any, text: str, parent_tags: Any) -> str:
        return _script(text, "_", _LOWERED)

    def convert_math(self, element: Any, text: str, parent_tags: Any) -> str:
        source = element.find("annotation", encoding=re.compile("tex", re.IGNORECASE))
        tex = source.get_text() if source else element.get("alttext") or ""
        if tex.strip():
            return inline_formula(tex.strip().strip("$"))
        note(self._changes, "A formula in MathML came over only as its signs; write it in LaTeX.")
        return f" {element.get_text(' ', strip=True)} "


def _script(text: str, sign: str, table: dict[int, int]) -> str:
    """Raised or lowered text: as characters if there are some, otherwise as a formula."""
    text = text.strip()
    if not text or all(ord(letter) in table for letter in text):
        return text.translate(table)
    if re.fullmatch(r"[A-Za-z0-9 ,.+-]{1,40}", text):
        return f"${sign}{{\\mathrm{{{text}}}}}$"
    return text
