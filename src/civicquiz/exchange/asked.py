"""A question as a foreign format gets it: in one language, with one set of numbers, its texts as HTML or as words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape, unescape
from typing import Any, TypeVar

from civicquiz.authoring import markdown
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.losses import cited
from civicquiz.frontend.answers import rounding_words
from civicquiz.frontend.citations import attribution, source_in_words
from civicquiz.frontend.fragments import Images, Numbers
from civicquiz.frontend.words import strings
from civicquiz.model.interactions import (
    Choice,
    ComputedNumberKey,
    GapKey,
    IntervalRule,
    NumberEntryKey,
    NumberField,
    Option,
    filled,
)
from civicquiz.model.interactions.interaction import Interaction
from civicquiz.model.interactions.key import Key
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.settings import Section
from civicquiz.model.translations import Translation

__all__ = ["AskedQuestion", "asked_questions", "has_only_words", "sections_of", "words_of"]

PartT = TypeVar("PartT")


@dataclass(frozen=True)
class AskedQuestion:
    """A question in one language, with one set of numbers.

    Attributes:
        texts: the quiz in that language.
        id: the id of the question.
        images: the images in its texts, as the format refers to them.
        values: its numbers by their names; empty if it has none.
        position: which of its sets of numbers that is, counted from 1; 0 if it has no more than one.
        names: names of numbers that stay in braces in its HTML, for a format that has the sets of numbers itself.
        latex: whether formulas in its HTML are ``\\(...\\)``; otherwise they are MathML.
    """

    texts: Translation
    id: str
    images: Images
    values: Mapping[str, str] = field(default_factory=dict)
    position: int = 0
    names: tuple[str, ...] = ()
    latex: bool = False

    @cached_property
    def source(self) -> KeyedQuestion:
        """The question as its author wrote it, whose ids and key count."""
        return self.texts.source.keyed_questions[self.id]

    @cached_property
    def question(self) -> KeyedQuestion:
        """The question with the texts of the language."""
        return self.texts.quiz.keyed_questions[self.id]

    @cached_property
    def interaction(self) -> Interaction[Any]:
        """What students see of it, with names where its numbers are."""
        return self.texts.interaction(self.id)

    @property
    def key(self) -> Key[Any] | None:
        """How responses score."""
        return self.source.key()

    @cached_property
    def feedback(self) -> dict[str, str]:
        """Token of a response -> the author's feedback, as Markdown."""
        return self.texts.feedback(self.id)

    @property
    def names_of_numbers(self) -> tuple[str, ...]:
        """The names of all its numbers."""
        return tuple(next(iter(self.source.number_sets()), ()))

    @property
    def language(self) -> str:
        """The language of its texts."""
        return self.texts.language_of_question(self.id)

    @property
    def interface(self) -> Mapping[str, str]:
        """The words of the interface in that language."""
        return strings(self.language)

    @cached_property
    def numbers(self) -> Numbers:
        """Its numbers, as they are written in the language."""
        return Numbers(self.values, self.language, self.latex)

    # ---- HTML ----

    def block(self, text: str | None) -> str:
        """Markdown as HTML; "" if there is none."""
        if not text:
            return ""
        if self.values:
            return self.numbers.block(text, self.images)
        return markdown.render(text, self.images, self.names, latex=self.latex)

    def option(self, option: Option) -> str:
        """What an option says, as HTML."""
        if self.values or option.word:
            return self.numbers.option(option, self.interface, self.images)
        return markdown.flow(option.text, self.images, self.names, latex=self.latex)

    def passage(self, parts: Sequence[str | PartT]) -> list[str | PartT]:
        """A running text: stretches of HTML, and what is between them."""
        return self.numbers.passage(parts, self.images)

    def selectable(self, shown: Choice) -> str:
        """A running text with brackets around what can be selected; "" if the options are a list."""
        return self.numbers.passage_on_paper(shown.passage, self.images) if shown.passage else ""

    def asked(self) -> str:
        """What students read before they answer: the text that it shares with others, the question, how to round."""
        return self.shared_text() + self.asked_alone()

    def shared_text(self) -> str:
        """The text that it shares with others; "" if there is none."""
        if not self.question.stimulus:
            return ""
        stimulus = self.texts.quiz.stimuli[self.question.stimulus]
        title = f"<p><strong>{escape(stimulus.title)}</strong></p>" if stimulus.title else ""
        return title + self.block(stimulus.full_text())

    def asked_alone(self) -> str:
        """As :meth:`asked`, without the text that it shares with others."""
        notes = ""
        if isinstance(self.interaction, NumberField):
            notes = "".join(self.field_notes(self.interaction))
        return self.block(self.question.full_prompt()) + notes

    def field_notes(self, entry: NumberField) -> Iterator[str]:
        """How to round, the unit, and the other units that may be typed."""
        if rounding := rounding_words(entry, self.interface):
            yield f"<p>{escape(rounding)}</p>"
        if entry.unit:
            yield f"<p>______ {escape(entry.unit)}</p>"
        if entry.units:
            units = ", ".join(unit.name for unit in entry.units)
            yield f"<p>{escape(self.interface['other_units'].format(units=units))}</p>"

    def rubric(self) -> str:
        """The rubric as a list; "" if there is none."""
        question = self.question
        lines = question.rubric_lines() if isinstance(question, OpenResponse) else ()
        listed = "".join(f"<li>{self.block(line)}{self.block(example)}</li>" for line, example in lines)
        return f"<ul>{listed}</ul>" if listed else ""

    def explained(self) -> str:
        """What students read once the question is settled: the explanation, and the sources."""
        return self.block(self.question.full_explanation()) + self.sources()

    def sources(self) -> str:
        """The claims that it cites, and what those rest on."""
        return "".join(self._sources())

    def _sources(self) -> Iterator[str]:
        quiz = self.texts.source
        names = cited(self.source, quiz)
        if names:
            yield f"<p>{escape(self.interface['sources'])}</p><ul>"
        for name in names:
            claim = quiz.seeds.claims[name]
            yield f"<li>{escape(claim.text)} {escape(attribution(claim, self.language))}."
            for source in quiz.seeds.sources_of(claim):
                said = escape(source_in_words(source, self.language))
                yield f' <a href="{escape(source.url)}">{said}</a>.' if source.url else f" {said}."
            yield "</li>"
        if names:
            yield "</ul>"

    def feedback_on(self, part: str) -> dict[str, str]:
        """As ``feedback``, on a gap or a row alone, whose id is no longer in the tokens."""
        start = f"{part} "
        return {token.removeprefix(start): text for token, text in self.feedback.items() if token.startswith(start)}

    # ---- Words ----

    def markdown(self, text: str) -> str:
        """Markdown with the numbers in place of their names."""
        return filled(text, self.numbers.written) if self.values else text

    def words(self, option: Option) -> str:
        """What an option says, without any markup, on one line. Formulas are LaTeX code, since what is left of MathML
        without its markup would say something else; pictures are their descriptions.
        """
        return words_of(self._bare.option(option)) or option.text

    @cached_property
    def _bare(self) -> AskedQuestion:
        return replace(self, images={}, latex=True)

    def plain_words(self, options: Sequence[Option], what: str, losses: Losses) -> dict[str, str]:
        """What options say where there can only be words, by their ids. What else they have is noted; ``what`` is what
        they are called there.
        """
        html = list(map(self.option, options))
        if any(map(_PICTURE.search, html)):
            losses.lost("pictures", f"{what} have no pictures there; the description of each is in its place.")
        if not all(map(has_only_words, html)):
            losses.approximate("options", f"{what} are plain words there, without formatting; formulas are LaTeX code.")
        return {option.id: self.words(option) for option in options}

    # ---- Numbers ----

    def number_rule(self, key: GapKey | Key[Any]) -> tuple[IntervalRule, str]:
        """The numbers that are right, and the one to show as the answer."""
        if isinstance(key, ComputedNumberKey):
            variant = key.variant(self.values)
            return key.rule.of_set(variant), key.right[variant]
        assert isinstance(key, NumberEntryKey)
        return key.rule, key.right


def asked_questions(
    texts: Translation, question_id: str, images: Images, *, latex: bool = False
) -> list[AskedQuestion]:
    """A question with each of its sets of numbers; just the question if it has none."""
    sets = texts.source.keyed_questions[question_id].number_sets()
    if not sets:
        return [AskedQuestion(texts, question_id, images, latex=latex)]
    if len(sets) == 1:
        return [AskedQuestion(texts, question_id, images, sets[0], latex=latex)]
    return [
        AskedQuestion(texts, question_id, images, values, number, latex=latex)
        for number, values in enumerate(sets, start=1)
    ]


def sections_of(texts: Translation) -> Iterator[tuple[Section | None, list[str]]]:
    """Each section of a quiz, with its texts in the language, and the ids of its questions; None and all of them if
    there are no sections."""
    quiz = texts.quiz
    if not quiz.sections:
        yield None, [question.id for question in quiz.questions]
    for section, original in zip(quiz.sections, texts.source.sections, strict=True):
        yield section, original.members(texts.source.questions)


_TAG = re.compile(r"<[^>]*>")
#: Tags inside a word or between words, where no space belongs.
_INLINE = re.compile(r"</?(?:a|code|del|em|s|small|span|strong|sub|sup)\b[^>]*>")
#: A picture, or a recording.
_PICTURE = re.compile("<(?:img|audio|video) ")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def words_of(html: str, *, links: bool = False) -> str:
    """The words in a piece of our HTML, on one line; with ``links``, the address of each link follows it."""
    if "<" in html:
        html = _LINK.sub(r"\2 (\1)", html) if links else html
        html = _TAG.sub(" ", _INLINE.sub("", html))
    return " ".join(unescape(html).split())


def has_only_words(html: str) -> bool:
    """Whether a piece of our HTML is no more than words on one line: no markup, and no formula."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return "<" not in inner and r"\(" not in inner and r"\[" not in inner
