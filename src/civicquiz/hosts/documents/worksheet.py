"""A quiz on paper: one HTML page to print, with an answer key on a sheet of its own if that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import score_text
from civicquiz.errors import NoKeyError
from civicquiz.frontend.citations import attribution
from civicquiz.frontend.fragments import option_html, segment_html
from civicquiz.frontend.words import strings
from civicquiz.hosts.documents.answers import answer_lines
from civicquiz.hosts.documents.page_frame import html_page
from civicquiz.model.claims import Claim
from civicquiz.model.interactions import Interaction, Option, with_numbers
from civicquiz.model.quiz import Quiz, ReleasedQuiz
from civicquiz.model.settings import Section, Stimulus, with_introductions
from civicquiz.model.translations import Translation

__all__ = ["worksheet"]


def worksheet(quiz: Quiz, *, key: bool = False, language: str | None = None) -> str:
    """The quiz as a whole HTML page that asks nothing of any host.

    Args:
        quiz: all its questions are printed, in the order written, under the headings of its sections.
        key: whether a sheet with the answers, explanations and sources follows.
        language: the tag of one of its translations; its own language where it is None.

    Raises:
        KeyError: there is no such translation; the message lists those there are.
        NoKeyError: the key of a released copy is asked for.
    """
    if key and isinstance(quiz, ReleasedQuiz):
        raise NoKeyError(quiz.name)
    if language in (None, quiz.language):
        texts = Translation.original(quiz)
    elif language in quiz.translations:
        texts = quiz.translations[str(language)]
    else:
        there = ", ".join([quiz.language, *quiz.translations])
        raise KeyError(f"quiz '{quiz.name}' is not there in '{language}' (it is in: {there})")
    sheet = _Sheet(texts)
    body = [f"<h1>{escape(texts.title)}</h1>", f'<p class="line">{escape(sheet.words["name"])}</p>', *sheet.questions()]
    if key:
        title = escape(f"{sheet.words['answer_key']}: {texts.title}")
        body += ['<section class="key">', f"<h1>{title}</h1>", *sheet.key(), "</section>"]
    return html_page(texts.title, body, language=texts.language, styles=["worksheet"])


class _Sheet:
    """The parts of a page in one language."""

    def __init__(self, texts: Translation[Quiz]) -> None:
        self.texts = texts
        self.quiz = texts.quiz
        self.words = strings(texts.language)
        self.images = texts.quiz.images
        #: (what is read before it, its id) of every question on the page
        self.shown = [(before, question.id) for before, question in with_introductions(self.quiz, self.quiz.questions)]

    def questions(self) -> Iterator[str]:
        """Every question with room for the answer."""
        for number, (introductions, name) in enumerate(self.shown, start=1):
            yield from map(self._introduction, introductions)
            question = self.texts.question(name)
            points = self.words["points"].format(points=score_text(question.points))
            interaction = self.texts.interaction(name)
            numbers = _first_numbers(interaction)
            prompt = with_numbers(markdown.render(question.full_prompt(), self.images), numbers)
            points = self.words["point"] if question.points == 1 else points
            yield f'<section class="question"><h2>{number} <small>{escape(points)}</small></h2>\n{prompt}'
            yield from self._room(interaction)
            yield "</section>"

    def _introduction(self, introduction: Section | Stimulus) -> str:
        name = "section" if isinstance(introduction, Section) else "stimulus"
        heading = f"<h2>{escape(introduction.title)}</h2>" if introduction.title else ""
        text = markdown.render(introduction.text, self.images) if introduction.text else ""
        return f'<div class="{name}">{heading}{text}</div>'

    def _html(self, option: Option) -> str:
        return option_html(option, self.words, self.images)

    def _room(self, interaction: Interaction) -> Iterator[str]:
        """What there is to tick, to fill or to write on."""
        public = interaction.public()
        line = '<span class="blank"></span>'
        box = "☐" if public.get("multiple") else "○"
        if public.get("passage"):
            yield f'<p class="passage">{"".join(self._segment(segment, public) for segment in public["passage"])}</p>'
        elif public.get("targets"):
            letters = {target.id: chr(ord("A") + place) for place, target in enumerate(public["targets"])}
            yield _items("rows", (f"{line} {self._html(row)}" for row in public["options"]))
            yield _items("targets", (f"<b>{letters[each.id]}</b> {self._html(each)}" for each in public["targets"]))
        elif interaction.name == "choice":
            yield _items("options", (f"{box} {self._html(option)}" for option in public["options"]))
        elif public.get("options"):
            if "start" in public:
                yield f"<p>{escape(self.words['scale'].format(start=public['start'], end=public['end']))}</p>"
            yield _items("rows", (f"{line} {self._html(option)}" for option in public["options"]))
        elif interaction.name == "extended":
            yield '<div class="lines"></div>'
        else:
            yield from self._rounding(public)
            yield f"<p>{line}{line} {escape(public.get('unit', ''))}</p>"

    def _rounding(self, public: Mapping[str, Any]) -> Iterator[str]:
        if "decimals" in public:
            decimals = public["decimals"]
            word = self.words["round_to" if decimals else "round_whole"]
            yield f"<p>{escape(word.format(decimals=decimals))}</p>"

    def _segment(self, segment: str | Option | tuple[str, str], public: Mapping[str, Any]) -> str:
        if isinstance(segment, Option):
            return f"☐ <u>{self._html(segment)}</u>"
        if isinstance(segment, str):
            return segment_html(segment, self.images)
        gap = public["gaps"][segment[1]]
        offered = " / ".join(self._html(option) for option in gap.get("options", ()))
        unit = f" {escape(gap['unit'])}" if gap.get("unit") else ""
        return f'<span class="blank"></span>{unit}{f" ({offered})" if offered else ""}'

    def _cited(self, claim: Claim) -> str:
        return f"{escape(claim.text)} <small>{escape(attribution(claim, self.texts.language))}</small>"

    def key(self) -> Iterator[str]:
        """The answers, with explanations and sources."""
        for number, (_, name) in enumerate(self.shown, start=1):
            question, interaction = self.texts.question(name), self.texts.interaction(name)
            numbers = _first_numbers(interaction)
            explanation = with_numbers(markdown.render(question.full_explanation(), self.images), numbers)
            claims = [self.quiz.seeds.claims[each] for each in question.cites if each in self.quiz.seeds.claims]
            said = (
                f"{escape(claim.text)} <small>{escape(attribution(claim, self.texts.language))}</small>"
                for claim in claims
            )
            cited = _items("sources", said)
            right = interaction.answer_to(numbers or interaction.answer)
            answers = _items("answers", answer_lines(interaction, right, self.words, self.images))
            yield f'<section class="answer"><h2>{number}</h2>\n{answers}{explanation}{cited}</section>'


def _first_numbers(interaction: Interaction) -> Mapping[str, str]:
    """On paper everybody has the first set of numbers, where a question has several."""
    numbers: Mapping[str, str] = interaction.public().get("variants", [{}])[0]
    return numbers


def _items(name: str, lines: Iterator[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="{name}">{items}</ul>' if items else ""
