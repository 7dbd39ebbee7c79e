"""Author's Markdown -> safe HTML.

CommonMark with tables, without raw HTML (it is shown as text), images (they could ask another host for something) and
headings (they would break the outline of the page around the quiz). markdown-it refuses ``javascript:`` and other
script-bearing links.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["inline", "is_image", "render"]

#: Without any of these a text is a plain paragraph, and most options of a quiz are.
_SIGNS = frozenset("\\`*_{}[]()#+-.!~|>&<\n\"'0123456789")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["heading", "lheading", "image", "html_block", "html_inline"])


def render(text: str) -> str:
    """Block Markdown as HTML: paragraphs, lists, tables, code, quotations."""
    if _SIGNS.isdisjoint(text):
        return f"<p>{escape(text)}</p>"
    html: str = _parser().render(text).strip()
    return html


def inline(text: str) -> str:
    """Markdown inside one line as HTML, for a label: emphasis, code and links, no paragraphs."""
    if _SIGNS.isdisjoint(text):
        return escape(text)
    html: str = _parser().renderInline(text).strip()
    return html


def is_image(text: str) -> bool:
    """Whether ``text`` holds Markdown for an image, which :func:`render` would show as a link."""
    if "![" not in text:
        return False
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    return any(child.type == "image" for token in tokens for child in token.children or ())
