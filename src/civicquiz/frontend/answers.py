"""A response in words: what a key, a learner's feedback and a page without JavaScript show."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import number_text
from civicquiz.frontend.fragments import Images, Numbers
from civicquiz.model.interactions import (
    Accepted,
    Choice,
    ComputedNumber,
    ExtendedText,
    InlineGaps,
    Interaction,
    Interval,
    Matching,
    NumberField,
    Option,
    Ordering,
    Response,
    Scale,
)
from civicquiz.model.settings import Section, StimulusBase

__all__ = [
    "accepted_lines",
    "accepted_text",
    "answer_lines",
    "answer_parts",
    "feedback_lines",
    "introduction_html",
    "length_words",
    "rounding_words",
]


def answer_parts(
    interaction: Interaction[Any], response: Response, numbers: Numbers
) -> Iterator[tuple[Option | str, ...]]:
    """A line for each part of ``response``: an option or a plain text, or two where one goes with the other.

    ``response`` is what ``interaction`` has read, or what its key tells as right. A gap goes by its number. ``numbers``
    are the learner's own, in the language of the text.
    """
    match interaction, response:
        case Choice(options=options) | Ordering(options=options), list():
            yield from ((_option(options, name),) for name in response)
        case Matching(rows=rows, targets=targets), dict():
            yield from ((_option(rows, row), _option(targets, target)) for row, target in response.items())
        case Scale(events=events), dict():
            yield from ((_option(events, event), year) for event, year in response.items())
        case InlineGaps(gaps=gaps), dict():
            for number, (name, gap) in enumerate(gaps.items(), start=1):
                if name in response:
                    value = response[name]
                    if isinstance(gap, NumberField):
                        value = numbers.write(value)
                    yield str(number), _option(gap.options, value) if isinstance(gap, Choice) else value
        case _:
            text = response["answer"] if isinstance(response, dict) else str(response)
            if isinstance(interaction, NumberField):
                text = f"{numbers.write(text)} {interaction.unit}".strip()
            if text:
                yield (text,)


def accepted_text(accepted: Accepted, numbers: Numbers) -> str:
    """An accepted answer in words, with the share of the points if it earns only some."""
    text = accepted.answer if isinstance(accepted.answer, str) else _interval_text(accepted.answer, numbers)
    return text if accepted.share == 1 else f"{text} ({numbers.write(number_text(accepted.share * 100))} %)"


def accepted_lines(interaction: Interaction[Any], accepted: Sequence[Accepted], numbers: Numbers) -> Iterator[str]:
    """What is ``accepted`` where students type, in words: a line for each gap, with its number, or just one. Nothing
    where only the right answer is."""
    gaps = list(interaction.gaps) if isinstance(interaction, InlineGaps) else [""]
    for number, gap in enumerate(gaps, start=1):
        here = [one for one in accepted if one.gap == gap]
        if len(here) > 1 or any(one.is_range for one in here):
            texts = "; ".join(accepted_text(one, numbers) for one in here)
            yield f"{number}: {texts}" if gap else texts


def _interval_text(interval: Interval, numbers: Numbers) -> str:
    """``9.7 – 9.9``, or with one end, ``≤ 9.9``."""
    low, high = (None if abs(end) == sys.float_info.max else numbers.write(number_text(end)) for end in interval)
    if low is None or high is None:
        return f"≥ {low}" if low else f"≤ {high}"
    return low if low == high else f"{low} – {high}"


def _option(options: tuple[Option, ...], name: str) -> Option:
    return next(option for option in options if option.id == name)


def answer_lines(
    interaction: Interaction[Any], response: Response, words: Mapping[str, str], images: Images, numbers: Numbers
) -> Iterator[str]:
    """The lines of :func:`answer_parts` as HTML."""
    for line in answer_parts(interaction, response, numbers):
        yield _line_html(line, words, images, numbers)


def _line_html(line: tuple[Option | str, ...], words: Mapping[str, str], images: Images, numbers: Numbers) -> str:
    return ": ".join(escape(part) if isinstance(part, str) else numbers.option(part, words, images) for part in line)


def feedback_lines(
    interaction: Interaction[Any],
    feedback: Mapping[str, str],
    words: Mapping[str, str],
    images: Images,
    numbers: Numbers,
    mistakes: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, str]]:
    """(what it is about, as HTML, the author's Markdown) for all ``feedback``, which is by token of a response.

    Feedback on one row of a matching is the same whatever the row was wrongly matched with, so it is there once. A
    known wrong number goes by its number in the list of them, unless ``mistakes`` says what it is, by token.
    """
    named = {token: (*_subject(interaction, token)[:-1], text) for token, text in (mistakes or {}).items()}
    lines = dict.fromkeys((named.get(token) or _subject(interaction, token), text) for token, text in feedback.items())
    for subject, text in lines:
        yield _line_html(subject, words, images, numbers), text


def _subject(interaction: Interaction[Any], token: str) -> tuple[Option | str, ...]:
    """What a token is called: an option, a text, the number of a known mistake, or a gap by its number and what is in
    the gap."""
    first, _, rest = token.partition(" ")
    match interaction:
        case Choice(options=options):
            return (_option(options, token),)
        case Matching(rows=rows):
            return (_option(rows, first),)
        case NumberField():
            return (token.removeprefix("mistake-"),)
        case InlineGaps(gaps=gaps):
            return str(list(gaps).index(first) + 1), *_subject(gaps[first], rest)
    return (token,)


def introduction_html(
    introduction: Section | StimulusBase, images: Images, language: str, numbers: Mapping[str, str] | None = None
) -> str:
    """The text of a section, or of a stimulus, as HTML; "" if there is none. A stimulus has ``numbers`` in it; if they
    are left out, the first of its sets of numbers."""
    if isinstance(introduction, Section):
        return markdown.render(introduction.text, images) if introduction.text else ""
    if numbers is None:
        numbers = next(iter(introduction.shown_variants()), {})
    return Numbers(numbers, language).block(introduction.full_text(), images)


def rounding_words(field: NumberField, words: Mapping[str, str]) -> str:
    """How exact a number should be, in words; "" if that is not said. ``number_entry.js`` has the same rule."""
    if field.significant:
        name = "round_figure" if field.significant == 1 else "round_figures"
        return words[name].format(significant=field.significant)
    decimals = field.decimals if isinstance(field, ComputedNumber) else None
    if decimals is None:
        return ""
    return words["round_to" if decimals else "round_whole"].format(decimals=decimals)


def length_words(text: ExtendedText, words: Mapping[str, str]) -> str:
    """How long a text should be, in words; "" if that is not said."""
    least, most = text.min_words, text.max_words
    if not least and not most:
        return ""
    name = "paper_words_between" if least and most else "paper_words_from" if least else "paper_words_to"
    return words[name].format(min=least, max=most)
