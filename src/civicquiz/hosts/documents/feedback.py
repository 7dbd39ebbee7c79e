"""What a learner earned in the quizzes of a class: one HTML page that requests nothing from any host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import score_text
from civicquiz.frontend.answers import answer_lines
from civicquiz.frontend.fragments import Numbers
from civicquiz.frontend.words import locale, strings
from civicquiz.grading.arrangement import own_numbers
from civicquiz.hosts.documents.page_frame import html_page, language_attributes
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.translations import Translation

__all__ = ["Answered", "page", "question_row", "quiz_part"]

#: What the columns of a table are called.
_COLUMNS = ("feedback_number", "feedback_question", "feedback_answer", "feedback_result", "feedback_points")


@dataclass(frozen=True)
class Answered:
    """What the page says about one question; ``messages`` is Markdown.

    ``score`` is None while a person has to score it.
    """

    status: str
    score: float | None
    response: Any = None
    messages: tuple[str, ...] = ()
    #: what the person who scored it wrote
    note: str = ""
    #: the learner's seed, which decides the numbers in the question
    seed: int | None = None


def page(name: str, language: str, parts: Iterable[str]) -> str:
    """The page of the learner called ``name``, with a part for each quiz (see :func:`quiz_part`).

    Its own words are in ``language``, or in English if they have not been translated into it.
    """
    title = strings(language)["feedback_for"].format(name=name)
    content = [f"<h1>{escape(title)}</h1>", *parts]
    return html_page(title, content, language=locale(language), styles=["feedback.css"], private=True)


def quiz_part(
    texts: Translation, rows: Iterable[str], score: float, max_score: float, *, waits: bool, late: bool
) -> str:
    """A quiz with ``rows`` (see :func:`question_row`); without rows, a note that nothing was handed in."""
    words = strings(texts.language)
    heading = f"<h2 {language_attributes(texts.language_of('title'))}>{escape(texts.title)}</h2>"
    title = f'<section class="quiz" {language_attributes(texts.language)}>\n{heading}\n'
    body = "\n".join(rows)
    if not body:
        return f"{title}<p>{escape(words['feedback_missing'])}</p>\n</section>"
    template = words["feedback_so_far" if waits else "score_one" if max_score == 1 else "score"]
    total = template.format(score=score_text(score), max=score_text(max_score))
    after = f"<p>{escape(words['feedback_late'])}</p>\n" if late else ""
    # On a phone the cells of a row are stacked; the roles keep it a table for screen readers.
    heads = "".join(f'<th scope="col" role="columnheader">{escape(words[name])}</th>' for name in _COLUMNS)
    return (
        f"{title}<p><strong>{escape(total)}</strong></p>\n{after}"
        f'<table role="table">\n<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}\n</tbody>\n</table>\n</section>'
    )


def question_row(texts: Translation, question_id: str, number: int, answered: Answered, *, key: bool = False) -> str:
    """The row of a question in the table of its quiz; with ``key``, the right answer and the explanation as well."""
    language, images = texts.language_of_question(question_id), texts.quiz.images
    words = strings(language)
    question, interaction = texts.question(question_id), texts.interaction(question_id)
    response = answered.response
    own = own_numbers(texts.source.select([question_id])[0], response, answered.seed)
    numbers = Numbers(own, language)
    prompt = numbers.block(question.full_prompt(), images)
    given = [] if response is None else list(answer_lines(interaction, response, words, images, numbers))
    text = "".join(f'<div class="text">{line}</div>' for line in given)
    answer = text if isinstance(response, str) else _list(given)
    result = [f"<p>{escape(words[answered.status])}</p>"]
    if isinstance(question, KeyedQuestion) and question.void:
        result.append(f"<p>{escape(words['void_note'])}</p>")
    result += [markdown.render(message, images) for message in answered.messages]
    if answered.note:
        result.append(f'<p>{escape(words["feedback_note"])} <span class="text">{escape(answered.note)}</span></p>')
    if key:
        keyed = texts.quiz.keyed_questions[question_id]
        scoring = texts.key(question_id)
        right = scoring.answer_for(own or None) if scoring else ""
        lines = list(answer_lines(interaction, right, words, images, numbers))
        result += [f"<p>{escape(words['right_answer'])}</p>", _list(lines)] if lines else []
        result.append(numbers.block(keyed.full_explanation(), images))
    foreign = "" if language == texts.language else f" {language_attributes(language)}"
    points = f"{'–' if answered.score is None else score_text(answered.score)} / {score_text(question.points)}"
    return (
        f'<tr role="row"{foreign}><th scope="row" role="rowheader">{number}</th><td role="cell">{prompt}</td>'
        f'<td role="cell" data-label="{escape(words["feedback_answer"])}">{answer}</td>'
        f'<td role="cell" data-label="{escape(words["feedback_result"])}">{"".join(result)}</td>'
        f'<td role="cell" class="points" data-label="{escape(words["feedback_points"])}">{points}</td></tr>'
    )


def _list(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>" if lines else ""
