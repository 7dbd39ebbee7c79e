"""A quiz on paper: one HTML page to print, with an answer key on a separate sheet if you ask for it; and the same with
each answer below its question, for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from civicquiz.authoring.wording import score_text
from civicquiz.frontend.answers import answer_lines, feedback_lines, introduction_html, rounding_words
from civicquiz.frontend.citations import attribution
from civicquiz.frontend.fragments import Numbers, Passage
from civicquiz.frontend.words import strings
from civicquiz.grading.arrangement import own_numbers
from civicquiz.hosts.documents.page_frame import html_page, is_document
from civicquiz.model.claims import Claim
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
    first_numbers,
)
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import Section, StimulusBase, with_introductions
from civicquiz.model.translations import Translation
from civicquiz.output_folder import write_file

__all__ = ["default_name", "teacher_page", "worksheet", "write"]

#: How a worksheet identifies itself, so that no other file is taken for one, and how its key starts.
_GENERATOR = "civicquiz worksheet"
_KEY = '<section class="key">'

#: Lines and boxes to write on.
_LINE = '<span class="blank"></span>'


def worksheet(quiz: Quiz, *, key: bool = False, language: str | None = None) -> str:
    """The quiz as a whole HTML page that requests nothing from any host.

    Args:
        quiz: all its questions are printed, in the order written, under the headings of its sections.
        key: whether a sheet with the answers, explanations and sources follows.
        language: the tag of one of its translations; None for its own language.

    Raises:
        KeyError: there is no such translation; the message lists those that exist.
        NoKeyError: ``key`` is true and ``quiz`` is a released copy.
    """
    texts = _texts_in(quiz, language)
    sheet = _Sheet(texts)
    body = [f"<h1>{escape(texts.title)}</h1>", f'<p class="line">{escape(sheet.words["name"])}</p>', *sheet.questions()]
    if key:
        title = escape(f"{sheet.words['answer_key']}: {texts.title}")
        body += [_KEY, f"<h1>{title}</h1>", *sheet.key(), "</section>"]
    return html_page(texts.title, body, language=texts.language, styles=["worksheet.css"], generator=_GENERATOR)


def teacher_page(quiz: Quiz, *, language: str | None = None) -> str:
    """The quiz as a whole HTML page for its author: below each question are its hint, its answer, all feedback, the
    explanation and the sources. ``language`` is as for :func:`worksheet`, and so is what is raised.
    """
    texts = _texts_in(quiz, language)
    body = [f"<h1>{escape(texts.title)}</h1>", *_Sheet(texts).questions(with_answers=True)]
    return html_page(texts.title, body, language=texts.language, styles=["worksheet.css", "preview_frame.css"])


def _texts_in(quiz: Quiz, language: str | None) -> Translation:
    if language in (None, quiz.language):
        return Translation.original(quiz)
    if language in quiz.translations:
        return quiz.translations[str(language)]
    languages = ", ".join([quiz.language, *quiz.translations])
    raise KeyError(f"the quiz '{quiz.name}' has no translation into '{language}' (it exists in: {languages})")


def default_name(quiz: Quiz, *, key: bool, language: str | None = None) -> str:
    """The file name for a worksheet: never that of a page that learners get."""
    parts = [
        quiz.name,
        *([language] if language and language != quiz.language else []),
        "answers" if key else "worksheet",
    ]
    return f"{'.'.join(parts)}.html"


def write(page: str, target: Path, *, key: bool) -> None:
    """Write a worksheet to ``target``; ``key`` says whether it has the answers. It may replace an earlier worksheet of
    the same sort, with or without answers, and nothing else.

    Raises:
        FileExistsError: ``target`` is a file, but not such a worksheet.
        OSError: it cannot be written.
    """
    if target.exists():
        old = target.read_text("utf-8", "replace")
        if not is_document(old[:2000], _GENERATOR) or (_KEY in old) != key:
            raise FileExistsError(target)
    write_file(target, page.encode())


class _Sheet:
    """The parts of a page in one language."""

    def __init__(self, texts: Translation) -> None:
        self.texts = texts
        self.quiz = texts.quiz
        self.words = strings(texts.language)
        self.images = texts.quiz.images
        #: (the texts to read before it, its id) for every question on the page
        self.shown = [(before, question.id) for before, question in with_introductions(self.quiz, self.quiz.questions)]

    def questions(self, *, with_answers: bool = False) -> Iterator[str]:
        """Every question with room for the answer, and with what its author wrote for those who have answered it."""
        for number, (introductions, name) in enumerate(self.shown, start=1):
            yield from map(self._introduction, introductions)
            question = self.texts.question(name)
            points = self.words["points"].format(points=score_text(question.points))
            interaction = self.texts.interaction(name)
            numbers = Numbers(first_numbers(interaction), self.texts.language)
            prompt = numbers.block(question.full_prompt(), self.images)
            points = self.words["point"] if question.points == 1 else points
            yield f'<section class="question"><h2>{number} <small>{escape(points)}</small></h2>\n{prompt}'
            yield from self._room(interaction, numbers)
            if with_answers:
                yield f'<div class="answered">{"".join(self._answered(name))}</div>'
            yield "</section>"

    def _introduction(self, introduction: Section | StimulusBase) -> str:
        name = "section" if isinstance(introduction, Section) else "stimulus"
        heading = f"<h2>{escape(introduction.title)}</h2>" if introduction.title else ""
        text = introduction_html(introduction, self.images, self.texts.language)
        return f'<div class="{name}">{heading}{text}</div>'

    def _html(self, option: Option, numbers: Numbers) -> str:
        return numbers.option(option, self.words, self.images)

    def _room(self, interaction: Interaction[Any], numbers: Numbers) -> Iterator[str]:
        """Boxes to check, gaps to fill, and lines to write on."""
        match interaction:
            case Choice(passage=()):
                box = "☐" if interaction.multiple else "○"
                yield _items("options", (f"{box} {self._html(option, numbers)}" for option in interaction.options))
            case Choice() | InlineGaps():
                yield f'<div class="passage">{"".join(self._segments(interaction, numbers))}</div>'
            case Ordering():
                yield self._rows(interaction.options, numbers)
            case Matching():
                yield self._rows(interaction.rows, numbers)
                lettered = enumerate(interaction.targets, start=ord("A"))
                lines = (f"<b>{chr(letter)}</b> {self._html(target, numbers)}" for letter, target in lettered)
                yield _items("targets", lines)
            case Scale():
                scale = self.words["scale"].format(start=interaction.start, end=interaction.end)
                yield f"<p>{escape(scale)}</p>"
                yield self._rows(interaction.events, numbers)
            case ExtendedText():
                yield '<div class="lines"></div>'
            case NumberEntry() | ComputedNumber():
                rounding = rounding_words(interaction, self.words)
                if rounding:
                    yield f"<p>{escape(rounding)}</p>"
                yield f"<p>{_LINE}{_LINE} {escape(interaction.unit)}</p>"
            case _:
                yield f"<p>{_LINE}{_LINE} </p>"

    def _rows(self, options: Iterable[Option], numbers: Numbers) -> str:
        """Options with a line before each, to write on."""
        return _items("rows", (f"{_LINE} {self._html(option, numbers)}" for option in options))

    def _segments(self, interaction: Choice | InlineGaps, numbers: Numbers) -> Iterator[str]:
        """A running text with boxes to check or lines to write on."""
        parts: Passage = interaction.passage
        for segment in numbers.passage(parts, self.images):
            if isinstance(segment, Option):
                yield f"☐ <u>{self._html(segment, numbers)}</u>"
            elif isinstance(segment, str):
                yield segment
            elif isinstance(segment, Gap) and isinstance(interaction, InlineGaps):
                yield self._gap(interaction.gaps[segment.id], numbers)

    def _gap(self, gap: GapInteraction, numbers: Numbers) -> str:
        if isinstance(gap, (NumberEntry, ComputedNumber)):
            offered = rounding_words(gap, self.words)
            return f"{_LINE}{f' {escape(gap.unit)}' if gap.unit else ''}{f' ({escape(offered)})' if offered else ''}"
        offered = " / ".join(self._html(option, numbers) for option in gap.options) if isinstance(gap, Choice) else ""
        return f"{_LINE}{f' ({offered})' if offered else ''}"

    def _cited(self, claim: Claim) -> str:
        return f"{escape(claim.text)} <small>{escape(attribution(claim, self.texts.language))}</small>"

    def key(self) -> Iterator[str]:
        """The answers, with explanations and sources."""
        for number, (_, name) in enumerate(self.shown, start=1):
            yield f'<section class="answer"><h2>{number}</h2>\n{"".join(self._answer(name))}</section>'

    def _numbers(self, name: str) -> Numbers:
        """The first of the sets of numbers of a question, with those that only its explanation has."""
        return Numbers(own_numbers(self.texts.source.keyed_questions[name], None, None), self.texts.language)

    def _answer(self, name: str) -> tuple[str, str, str]:
        """The answer, the explanation and the sources of a question; each may be empty."""
        question, interaction = self.quiz.keyed_questions[name], self.texts.interaction(name)
        numbers = self._numbers(name)
        explanation = numbers.block(question.full_explanation(), self.images)
        claims = [self.quiz.seeds.claims[name] for name in question.cites if name in self.quiz.seeds.claims]
        key = self.texts.source.keyed_questions[name].key()
        right = key.answer_for(None) if key else ""
        answers = _items("answers", answer_lines(interaction, right, self.words, self.images, numbers))
        return answers, explanation, _items("sources", map(self._cited, claims))

    def _answered(self, name: str) -> Iterator[str]:
        """Everything that students may read on a question, each part under its name."""
        interaction, numbers = self.texts.interaction(name), self._numbers(name)
        hint = self.texts.question(name).full_hint()
        shown_hint = numbers.block(hint, self.images) if hint else ""
        lines = feedback_lines(interaction, self.texts.feedback(name), self.words, self.images, numbers)
        feedback = _items("feedback", (f"<b>{about}</b>{numbers.block(text, self.images)}" for about, text in lines))
        answers, explanation, cited = self._answer(name)
        parts = {"hint": shown_hint, "right_answer": answers + feedback, "explanation": explanation + cited}
        for word, part in parts.items():
            if part.strip():
                yield f"<h3>{escape(self.words[word])}</h3>{part}"


def _items(name: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="{name}">{items}</ul>' if items else ""
