"""Pieces of a question as HTML: an option, a stretch of a running text."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from civicquiz.authoring import markdown
from civicquiz.model.interactions import Option, with_numbers

__all__ = ["Images", "html_with_numbers", "option_html", "segment_html"]

#: name of an image, as a text has it -> data URI
Images = Mapping[str, str]


def html_with_numbers(text: str, images: Images, numbers: Mapping[str, str]) -> str:
    """Markdown as HTML, with a learner's numbers in place of their names, in formulas, too."""
    return with_numbers(markdown.render(text, images, numbers), numbers)


def option_html(option: Option, words: dict[str, str], images: Images) -> str:
    """What an option says, as HTML for a label."""
    return escape(words[option.word]) if option.word else markdown.inline(option.text, images)


def segment_html(text: str, images: Images) -> str:
    """A stretch of a running text as HTML, with the blanks at its ends, which hold it apart from its neighbours."""
    words = text.strip()
    if not words:
        return " "
    before, after = text[:1].isspace() * " ", text[-1:].isspace() * " "
    return f"{before}{markdown.inline(words, images)}{after}"
