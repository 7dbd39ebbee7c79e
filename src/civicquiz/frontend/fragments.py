"""Pieces of a question as HTML: an option, a stretch of a running text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import written_number
from civicquiz.model.interactions import Option, number_style, with_numbers

__all__ = ["Images", "Numbers", "option_html", "segment_html"]

#: name of an image, as a text has it -> data URI
Images = Mapping[str, str]


@dataclass(frozen=True)
class Numbers:
    """A learner's numbers by their names, and how they are written in the language of the text."""

    values: Mapping[str, str]
    language: str

    @cached_property
    def written(self) -> Mapping[str, str]:
        """The numbers as people write them."""
        return {name: self.write(number) for name, number in self.values.items()}

    def write(self, number: str) -> str:
        """Any number as people write it."""
        return written_number(number, comma=number_style(self.language) == "comma")

    def block(self, text: str, images: Images) -> str:
        """Markdown as HTML, with the numbers in place of their names, in formulas, too."""
        return with_numbers(markdown.render(text, images, self.values), self.written)

    def option(self, option: Option, words: dict[str, str], images: Images) -> str:
        """As :func:`option_html`, with the numbers."""
        return with_numbers(option_html(option, words, images, self.values), self.written)

    def segment(self, text: str, images: Images) -> str:
        """As :func:`segment_html`, with the numbers."""
        return with_numbers(segment_html(text, images, self.values), self.written)


def option_html(option: Option, words: dict[str, str], images: Images, names: Iterable[str] = ()) -> str:
    """What an option says, as HTML for a label; ``names`` are those of numbers that come later."""
    return escape(words[option.word]) if option.word else markdown.flow(option.text, images, names)


def segment_html(text: str, images: Images, names: Iterable[str] = ()) -> str:
    """A stretch of a running text as HTML, with the blanks at its ends, which hold it apart from its neighbours."""
    words = text.strip()
    if not words:
        return " "
    before, after = text[:1].isspace() * " ", text[-1:].isspace() * " "
    return f"{before}{markdown.inline(words, images, names)}{after}"
