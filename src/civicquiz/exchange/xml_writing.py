"""Texts in XML: with the signs that mean something escaped, and without those that XML cannot hold at all."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

__all__ = ["attribute", "element", "without_controls", "xml_text"]

#: What no XML document may have (XML 1.0, section 2.2).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """A text with a sign in place of each one that no XML document may have, nor any other text for people."""
    return text if text.isprintable() else _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def xml_text(text: str) -> str:
    """A text between two tags. A line end stays what it is."""
    return escape(without_controls(text)).replace("\r", "&#13;")


def attribute(text: str) -> str:
    """The value of an attribute, with its quotation marks."""
    return quoteattr(without_controls(text), {'"': "&quot;"})


def element(name: str, text: str) -> str:
    """An element with a text in it; ``text`` may be an element already."""
    content = text if text.startswith("<text>") else xml_text(text)
    return f"<{name}>{content}</{name}>"
