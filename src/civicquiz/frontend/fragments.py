"""Pieces of a question as HTML: an option, a running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TypeVar

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import number_in_formula, written_number
from civicquiz.model.interactions import Gap, Option, number_style, with_numbers

__all__ = ["Images", "Numbers", "Passage", "option_html", "passage_html", "passage_text", "slotted"]

PartT = TypeVar("PartT")
#: A running text as interactions have it.
Passage = Sequence[str | Option | Gap]

_GAP_ON_PAPER = "______"

#: A formula in HTML with LaTeX, where no text has a backslash before a parenthesis or a bracket.
_LATEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)

#: name of an image, as a text has it -> data URI
Images = Mapping[str, str]


@dataclass(frozen=True)
class Numbers:
    """A learner's numbers by their names, and how they are written in the language of the text; and whether formulas
    are LaTeX in the HTML, as in :func:`~civicquiz.authoring.markdown.render`.
    """

    values: Mapping[str, str]
    language: str
    latex: bool = False

    @cached_property
    def written(self) -> Mapping[str, str]:
        """The numbers as people write them."""
        return {name: self.write(number) for name, number in self.values.items()}

    @cached_property
    def _in_formulas(self) -> Mapping[str, str]:
        return {name: number_in_formula(number, comma=self._has_comma) for name, number in self.values.items()}

    @property
    def _has_comma(self) -> bool:
        return number_style(self.language) == "comma"

    def write(self, number: str) -> str:
        """Any number as people write it."""
        return written_number(number, comma=self._has_comma)

    def _filled(self, html: str) -> str:
        """HTML with the numbers in place of their names; those in LaTeX are written in LaTeX."""
        if not self.values:
            return html
        if self.latex:
            html = _LATEX.sub(lambda found: with_numbers(found[0], self._in_formulas), html)
        return with_numbers(html, self.written)

    def block(self, text: str, images: Images) -> str:
        """Markdown as HTML, with the numbers in place of their names, in formulas, too."""
        return self._filled(markdown.render(text, images, self.values, latex=self.latex))

    def option(self, option: Option, words: Mapping[str, str], images: Images) -> str:
        """As :func:`option_html`, with the numbers."""
        return self._filled(option_html(option, words, images, self.values, latex=self.latex))

    def passage(self, parts: Sequence[str | PartT], images: Images) -> list[str | PartT]:
        """As :func:`passage_html`, with the numbers."""
        html = passage_html(parts, images, self.values, latex=self.latex)
        return [self._filled(part) if isinstance(part, str) else part for part in html]

    def passage_on_paper(self, passage: Passage, images: Images) -> str:
        """A running text as HTML where nothing runs: lines for gaps, and brackets around what can be selected."""
        parts = self.passage(passage, images)
        return "".join(
            part
            if isinstance(part, str)
            else f"[{self.option(part, {}, images)}]"
            if isinstance(part, Option)
            else _GAP_ON_PAPER
            for part in parts
        )


def passage_text(passage: Passage) -> str:
    """A running text as its author wrote it, with lines and brackets as on paper."""
    return "".join(
        part if isinstance(part, str) else f"[{part.text}]" if isinstance(part, Option) else _GAP_ON_PAPER
        for part in passage
    )


def option_html(
    option: Option, words: Mapping[str, str], images: Images, names: Iterable[str] = (), *, latex: bool = False
) -> str:
    """What an option says, as HTML for a label; ``names`` are those of numbers that come later."""
    return escape(words[option.word]) if option.word else markdown.flow(option.text, images, names, latex=latex)


def slotted(parts: Sequence[str | PartT]) -> tuple[list[str], list[PartT]]:
    """(the stretches of Markdown of a running text, what is between any two of them)."""
    between = [part for part in parts if not isinstance(part, str)]
    stretches = [""]
    for part in parts:
        if isinstance(part, str):
            stretches[-1] += part
        else:
            stretches.append("")
    return stretches, between


def passage_html(
    parts: Sequence[str | PartT], images: Images, names: Iterable[str] = (), *, latex: bool = False
) -> list[str | PartT]:
    """A running text as HTML: stretches of Markdown, and between them whatever it is made of, which stays as it is.

    The stretches are pieces of one text: a tag may begin in one and end in another.
    """
    stretches, between = slotted(parts)
    first, *others = markdown.passage(stretches, images, names, latex=latex)
    html: list[str | PartT] = [first]
    for part, stretch in zip(between, others, strict=True):
        html += [part, stretch]
    return [part for part in html if part != ""]
