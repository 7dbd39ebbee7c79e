"""An author's texts, as HTML for the report and as plain words for tables and sentences."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from civicquiz.authoring import markdown
from civicquiz.frontend.fragments import Numbers, option_html
from civicquiz.frontend.words import strings
from civicquiz.model.interactions import Choice, Interaction, Option, filled, first_numbers, number_style, with_texts
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz

__all__ = ["choices_in", "interaction_in_report", "option_as_html", "plain_option", "prompt_html"]


def interaction_in_report(quiz: Quiz, question: QuestionBase) -> Interaction[Any]:
    """What learners see of a question; if they have different numbers, with the first of the sets."""
    shown = question.interaction()
    numbers, comma = first_numbers(shown), number_style(quiz.language) == "comma"
    return with_texts(shown, lambda text: filled(text, numbers, comma=comma)) if numbers else shown


def choices_in(quiz: Quiz) -> dict[str, Choice]:
    """The questions whose options are counted, with their interaction."""
    found = {question.id: interaction_in_report(quiz, question) for question in quiz.questions}
    return {name: interaction for name, interaction in found.items() if isinstance(interaction, Choice)}


def option_as_html(option: Option, quiz: Quiz) -> str:
    """What an option says, as HTML."""
    return option_html(option, strings(quiz.language), quiz.images)


def plain_option(option: Option) -> str:
    """What an option says, without markup and images."""
    html = option.word.capitalize() if option.word else markdown.flow(option.text, {})
    html = re.sub(r'<math [^>]*aria-label="([^"]*)".*?</math>', r"\1", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split()) or option.id


def prompt_html(quiz: Quiz, question: str) -> str:
    """What the learner is asked, as HTML; if learners have different numbers, with the first of the sets."""
    (asked,) = quiz.select([question])
    return Numbers(first_numbers(asked.interaction()), quiz.language).block(asked.full_prompt(), quiz.images)
