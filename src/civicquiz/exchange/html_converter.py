"""markdownify, which makes Markdown of HTML, with what our Markdown has in another way. Only ``html_text`` uses it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from markdownify import MarkdownConverter

from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.html_text import FORMULA_MARK, LINE_END, FoundTexts, at_line_start

__all__ = ["HtmlConverter"]

#: What runs or is fetched, and can be in no quiz.
_ACTIVE = {
    "script": "a script",
    "iframe": "a page of another site",
    "object": "an embedded object",
    "embed": "an embedded object",
    "applet": "an applet",
    "form": "a form",
    "input": "a field of a form",
    "canvas": "a drawing by a script",
}

#: Elements of which each begins a line, and after which one begins.
_BLOCKS = ("[document]", "blockquote", "body", "dd", "div", "li", "ol", "p", "section", "table", "ul")

_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_ORDINAL = re.compile(r"st|nd|rd|th|e|er|re|[oaº]|TM", re.IGNORECASE)


def _nothing(*_: object, **__: object) -> str:
    return ""


class HtmlConverter(MarkdownConverter):
    """markdownify, with what our Markdown has in another way."""

    def __init__(self, texts: FoundTexts) -> None:
        super().__init__(bullets="-", table_infer_header=True)
        self.texts = texts

    def get_conv_fn(self, tag_name: str) -> Any:
        """What converts the elements of a tag. It is called for every element."""
        if tag_name not in _ACTIVE:
            return super().get_conv_fn(tag_name)  # type: ignore[misc]
        self.texts.change(f"The text had {_ACTIVE[tag_name]}, which was left out.")
        return _nothing

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = re.sub(r"\s*\n\s*", " ", text)
        return self.texts.escaped(text, in_table=bool(parent_tags & {"td", "th"}))

    def process_text(self, el: Any, parent_tags: Any = None) -> str:
        text = str(super().process_text(el, parent_tags))  # type: ignore[misc]
        before = el.previous_sibling
        begins = el.parent.name in _BLOCKS if before is None else before.name == "br" or before.name in _BLOCKS
        return at_line_start(text) if begins else text

    def convert_img(self, element: Any, text: str, parent_tags: Any) -> str:
        address, description = str(element.get("src") or ""), str(element.get("alt") or "")
        latex = element.get("data-equation-content") or (
            description.removeprefix("LaTeX:") if "equation_image" in (element.get("class") or ()) else ""
        )
        if latex:
            return self.texts.formula(unquote(str(latex)) if "%20" in str(latex) else str(latex))
        return self.texts.image(address, description)

    def convert_a(self, element: Any, text: str, parent_tags: Any) -> str:
        address = str(element.get("href") or "")
        if re.match(r"(https?://|mailto:)", address):
            return str(super().convert_a(element, text, parent_tags))  # type: ignore[misc]
        if address and not address.startswith("#"):
            self.texts.change(
                f"The link to '{excerpt(address, 80)}' leads nowhere outside of that program; only its text was kept."
            )
        return text

    def convert_br(self, element: Any, text: str, parent_tags: Any) -> str:
        return " " if "_inline" in parent_tags or parent_tags & {"td", "th"} else f"{LINE_END}\n"

    def convert_p(self, element: Any, text: str, parent_tags: Any) -> str:
        return str(super().convert_p(element, at_line_start(text), parent_tags))  # type: ignore[misc]

    def convert_sup(self, element: Any, text: str, parent_tags: Any) -> str:
        return self._script(text, _RAISED, "^")

    def convert_sub(self, element: Any, text: str, parent_tags: Any) -> str:
        return self._script(text, _LOWERED, "_")

    def _script(self, text: str, signs: dict[int, int], sign: str) -> str:
        plain = text.strip()
        if not plain or FORMULA_MARK in plain or (sign == "^" and _ORDINAL.fullmatch(plain)):
            return plain
        if all(ord(character) in signs for character in plain):
            return plain.translate(signs)
        if re.fullmatch(r"[\w+\-., ]+", plain):
            return self.texts.formula(f"{{}}{sign}{{\\mathrm{{{plain}}}}}")
        return f"{sign}({plain})"

    def convert_hN(self, n: int, element: Any, text: str, parent_tags: Any) -> str:  # noqa: N802, the library's name
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_audio(self, element: Any, text: str, parent_tags: Any) -> str:
        sources = [element, *element.find_all("source")]
        address = next((str(source["src"]) for source in sources if source.get("src")), "")
        words = str(element.get("title") or element.get("aria-label") or "")
        return self.texts.image(address, words) if address else text

    convert_video = convert_audio
