"""A quiz as readers see it where nothing runs: in a notebook on a code host, or exported to HTML, PDF or Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from civicquiz.authoring.markdown import in_code, with_placeholders
from civicquiz.authoring.plain_markdown import indented, plain_markdown
from civicquiz.frontend.fragments import Numbers, Passage, passage_text, slotted
from civicquiz.frontend.words import strings
from civicquiz.model.interactions import Choice, Gap, InlineGaps, Option, Scale, first_numbers, with_numbers
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz

__all__ = ["outline_html", "outline_markdown", "outline_text", "outlines"]


def outlines(quiz: Quiz, ids: Sequence[str] | None = None) -> dict[str, str]:
    """The quiz in each form that a program may choose from: media type -> text."""
    return {
        "text/plain": outline_text(quiz, ids),
        "text/markdown": outline_markdown(quiz, ids),
        "text/html": outline_html(quiz, ids),
    }


def outline_html(quiz: Quiz, ids: Sequence[str] | None = None) -> str:
    """The title, the questions with what can be chosen, and how to answer, as HTML without scripts and images.

    ``ids`` are those of the questions; None for all of them. There is no part of a key in it.
    """
    words = strings(quiz.language)
    parts = [f"<p><strong>{escape(quiz.title)}</strong></p>", "<ol>"]
    for question in quiz.select(ids):
        interaction = question.interaction()
        numbers = Numbers(first_numbers(interaction), quiz.language)
        prompt = numbers.block(question.full_prompt(), {})
        parts.append(f"<li>{prompt}")
        if passage := _passage(question):
            parts.append(f"<div>{numbers.passage_on_paper(passage, {})}</div>")
        parts += [
            f"<ul>{''.join(f'<li>{numbers.option(option, words, {})}</li>' for option in options)}</ul>"
            for options in _choices(question)
        ]
        parts += [f"<p>{escape(line)}</p>" for line in _scale(question, words)]
        parts.append("</li>")
    return "".join([*parts, "</ol>", f"<p>{escape(words['run_again'])}</p>"])


def outline_text(quiz: Quiz, ids: Sequence[str] | None = None) -> str:
    """The same as plain text: what the author wrote, which reads well as it is."""
    return _outline(quiz, ids, str, "\n")


def outline_markdown(quiz: Quiz, ids: Sequence[str] | None = None) -> str:
    """The same as Markdown, for programs that make PDF, LaTeX or Markdown of a notebook."""
    return _outline(quiz, ids, plain_markdown, "\n\n")


def _outline(quiz: Quiz, ids: Sequence[str] | None, write: Callable[[str], str], between: str) -> str:
    """``write`` writes a text of the author, and ``between`` is between the parts of a question."""
    words = strings(quiz.language)
    entries = []
    for number, question in enumerate(quiz.select(ids), start=1):
        numbers = Numbers(first_numbers(question.interaction()), quiz.language).written

        def written(text: str, numbers: Mapping[str, str] = numbers) -> str:
            return write(with_numbers(text, numbers).strip())

        parts = [written(question.full_prompt())]
        if passage := _passage(question):
            parts.append(_passage_as(passage, written))
        parts += [
            "\n".join(indented("- ", written(_words_of(option, words))) for option in options)
            for options in _choices(question)
        ]
        parts += map(write, _scale(question, words))
        entries.append(indented(f"{number}. ", between.join(parts)))
    return "\n\n".join([write(quiz.title), *entries, write(words["run_again"])])


def _passage_as(passage: Passage, written: Callable[[str], str]) -> str:
    """A running text, with lines and brackets as on paper, which are no markup for what is around them."""
    parts: tuple[list[str], list[Option | Gap]] = slotted(passage)
    stretches, between = parts
    whole, pattern = with_placeholders(stretches)
    code = in_code(stretches)
    slots = (
        text if number in code else written(text)
        for number, text in enumerate(passage_text([part]) for part in between)
    )
    return re.sub(pattern, lambda _: next(slots), written(whole))


def _passage(question: QuestionBase) -> Passage:
    """The parts of a running text; empty if the question has none."""
    interaction = question.interaction()
    return interaction.passage if isinstance(interaction, (InlineGaps, Choice)) else ()


def _choices(question: QuestionBase) -> Sequence[tuple[Option, ...]]:
    interaction = question.interaction()
    return () if isinstance(interaction, InlineGaps) or _passage(question) else interaction.option_lists()


def _scale(question: QuestionBase, words: dict[str, str]) -> Iterator[str]:
    interaction = question.interaction()
    if isinstance(interaction, Scale):
        yield words["scale"].format(start=interaction.start, end=interaction.end)


def _words_of(option: Option, words: dict[str, str]) -> str:
    return words[option.word] if option.word else option.text
