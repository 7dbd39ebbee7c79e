"""A question on paper: letters before the options, blanks to write in, in one language or in two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from civicquiz.frontend.answers import length_words, rounding_words
from civicquiz.frontend.fragments import Numbers, Passage
from civicquiz.frontend.words import locale, strings, worth
from civicquiz.grading.paper import PaperQuestion, labels
from civicquiz.hosts.documents.page_frame import language_attributes
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    ExtendedText,
    Gap,
    GapInteraction,
    InlineGaps,
    Interaction,
    Matching,
    NumberEntry,
    Option,
    Ordering,
    Scale,
)
from civicquiz.model.translations import Translation

__all__ = ["BLANK", "Languages", "items", "letter", "printed_question"]

#: A line to write on.
BLANK = '<span class="blank"></span>'
#: How many lines there are for a text.
_LINES = 8
_LONG = '<span class="blank long"></span>'


@dataclass(frozen=True)
class Languages:
    """The languages of a page: every text is in each of them, side by side."""

    texts: tuple[Translation, ...]

    def of_question(self, question_id: str) -> Languages:
        """The languages that a question is in: the original takes the place of any that it is not translated into."""
        texts = (
            Translation.original(one.source) if question_id in one.untranslated_questions else one for one in self.texts
        )
        return Languages(tuple({one.language: one for one in texts}.values()))

    def each(self, html: Callable[[Translation], str], tag: str = "div") -> str:
        """What ``html`` gives for each language, in elements called ``tag`` that say which language they are in."""
        if len(self.texts) == 1:
            return html(self.texts[0])
        parts = (f"<{tag} {language_attributes(one.language)}>{html(one)}</{tag}>" for one in self.texts)
        return f'<{tag} class="both">{"".join(parts)}</{tag}>'

    def say(self, words: Callable[[Mapping[str, str]], str]) -> str:
        """A text of the interface, as HTML; ``words`` takes the words of a language. One that two languages share is
        there once."""
        if len(self.texts) == 1:
            return escape(words(strings(self.texts[0].language)))
        said = {words(strings(one.language)): locale(one.language) for one in reversed(self.texts)}
        parts = [f"<span {language_attributes(tag)}>{escape(text)}</span>" for text, tag in reversed(said.items())]
        return " / ".join(parts)


def items(name: str, lines: Iterable[str]) -> str:
    """A list of lines of HTML; "" if there are none."""
    found = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="{name}">{found}</ul>' if found else ""


def letter(label: str, *, several: bool = False) -> str:
    """The letter of an option, in a circle, or in a box where several can be chosen."""
    return f'<b class="letter{" several" if several else ""}">{label}</b>'


def printed_question(question: PaperQuestion, languages: Languages) -> Iterator[str]:
    """The heading, the prompt, what to do, and room for the answer."""
    points = languages.texts[0].source.select([question.id])[0].points
    yield f"<h2>{question.number} <small>{languages.say(lambda words: worth(points, words))}</small></h2>"
    yield languages.each(
        lambda one: _numbers(question, one).block(one.question(question.id).full_prompt(), one.quiz.images)
    )
    for line in _instructions(question.interaction, languages):
        yield f'<p class="how">{line}</p>'
    yield from _room(question, languages)


def _numbers(question: PaperQuestion, one: Translation) -> Numbers:
    return Numbers(question.variant, one.language)


def _instructions(shown: Interaction[Any], languages: Languages) -> Iterator[str]:
    """What to do, as HTML."""
    match shown:
        case Choice(multiple=True):
            yield languages.say(lambda words: words["choose_all"])
        case Choice():
            yield languages.say(lambda words: words["choose_one"])
        case Ordering():
            yield languages.say(lambda words: words["paper_order"])
        case Matching():
            yield languages.say(lambda words: words["paper_match"])
        case InlineGaps():
            yield languages.say(lambda words: words["paper_gaps"])
        case Scale(start=start, end=end):
            yield languages.say(lambda words: f"{words['paper_years']} {words['scale'].format(start=start, end=end)}")
        case NumberEntry() | ComputedNumber():
            if rounding_words(shown, strings()):
                yield languages.say(lambda words: rounding_words(shown, words))
            if shown.units:
                units = ", ".join(unit.name for unit in shown.units)
                yield languages.say(lambda words: words["paper_units"].format(units=units))
        case ExtendedText() if length_words(shown, strings()):
            yield languages.say(lambda words: length_words(shown, words))


def _room(question: PaperQuestion, languages: Languages) -> Iterator[str]:
    """Letters, blanks, and lines to write on."""
    shown = question.interaction
    match shown:
        case Choice(passage=()):
            yield items("options", _lettered(question, 0, languages, several=shown.multiple))
        case Choice() | InlineGaps():
            yield languages.each(lambda one: f'<div class="passage">{"".join(_segments(question, one))}</div>')
        case Ordering():
            yield items("options", _lettered(question, 0, languages))
            yield f'<p class="blanks">{" ".join([BLANK] * len(question.lists[0]))}</p>'
        case Matching():
            yield items("rows", _numbered(question, 0, languages))
            yield items("targets", _lettered(question, 1, languages))
        case Scale():
            yield items("rows", _numbered(question, 0, languages))
        case ExtendedText():
            yield f'<div class="lines">{"<span></span>" * _LINES}</div>'
        case NumberEntry() | ComputedNumber():
            is_same = all(_unit(question, one) == shown.unit for one in languages.texts)
            unit = escape(shown.unit) if is_same else languages.each(lambda one: escape(_unit(question, one)), "span")
            yield f"<p>{_LONG} {unit}</p>"
        case _:
            yield f"<p>{_LONG}</p>"


def _unit(question: PaperQuestion, one: Translation) -> str:
    shown = one.interaction(question.id)
    return shown.unit if isinstance(shown, (NumberEntry, ComputedNumber)) else ""


def _text(question: PaperQuestion, index: int, name: str, one: Translation) -> str:
    """What the option ``name`` in the list of options number ``index`` says in a language."""
    options = one.interaction(question.id).option_lists()[index]
    option = next(option for option in options if option.id == name)
    return _numbers(question, one).option(option, strings(one.language), one.quiz.images)


def _lettered(question: PaperQuestion, index: int, languages: Languages, *, several: bool = False) -> Iterator[str]:
    """The options of a list with their letters."""
    options = question.lists[index]
    for label, option in zip(labels(len(options)), options, strict=True):
        text = languages.each(partial(_text, question, index, option.id))
        yield f"{letter(label, several=several)}<div>{text}</div>"


def _numbered(question: PaperQuestion, index: int, languages: Languages) -> Iterator[str]:
    """The options of a list with their numbers and a line before each, to write on."""
    for number, option in enumerate(question.lists[index], start=1):
        text = languages.each(partial(_text, question, index, option.id))
        yield f"<span>({number}) {BLANK}</span><div>{text}</div>"


def _segments(question: PaperQuestion, one: Translation) -> Iterator[str]:
    """A running text with letters to choose or lines to write on."""
    shown, numbers = one.interaction(question.id), _numbers(question, one)
    assert isinstance(shown, (Choice, InlineGaps))  # as the original
    words, images = strings(one.language), one.quiz.images
    chosen = [part for part in shown.passage if isinstance(part, Option)]
    letters = dict(zip((option.id for option in chosen), labels(len(chosen)), strict=True)) if chosen else {}
    parts: Passage = shown.passage
    for segment in numbers.passage(parts, images):
        if isinstance(segment, Option):
            yield f"{letter(letters[segment.id], several=True)} <u>{numbers.option(segment, words, images)}</u>"
        elif isinstance(segment, str):
            yield segment
        elif isinstance(segment, Gap) and isinstance(shown, InlineGaps):
            number = list(shown.gaps).index(segment.id) + 1
            yield f"({number})\N{NO-BREAK SPACE}{_gap(shown.gaps[segment.id], numbers, one)}"


def _gap(gap: GapInteraction, numbers: Numbers, one: Translation) -> str:
    words = strings(one.language)
    if isinstance(gap, (NumberEntry, ComputedNumber)):
        rounding = rounding_words(gap, words)
        return f"{BLANK}{f' {escape(gap.unit)}' if gap.unit else ''}{f' ({escape(rounding)})' if rounding else ''}"
    if not isinstance(gap, Choice):
        return BLANK
    offered = zip(labels(len(gap.options)), gap.options, strict=True)
    choices = " · ".join(
        f"{letter(label)} {numbers.option(option, words, one.quiz.images)}" for label, option in offered
    )
    return f'{BLANK} <span class="offered">[{choices}]</span>'
