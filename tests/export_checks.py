"""What the tests of exporters have in common: a file and its report, responses to compare, and what they earn here."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from material import responses_to

from civicquiz.exchange.exported import ExportedQuestion, Exporter
from civicquiz.grading import grade_question
from civicquiz.model.interactions import Scale, ShapeError, TextEntry, parse_number
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


def write_with(exporter: Exporter, quiz: Quiz) -> tuple[bytes, dict[str, ExportedQuestion]]:
    """The file of a quiz, which is the same each time and known as ours, and what became of each question."""
    done = exporter.export([Translation.original(quiz)])
    assert exporter.export([Translation.original(quiz)]).content == done.content
    assert not done.content or exporter.wrote(done.content)
    (report,) = done.quizzes
    return done.content, {question.id: question for question in report.questions}


def earned(question: KeyedQuestion, report: ExportedQuestion, response: Any) -> tuple[Any, float] | None:
    """A response as it is read, and the share of the points that it earns; None if it is none, or if the report does
    not say that the score is the same."""
    if question.key() is None or report.fidelity("score") != "exact":
        return None
    try:
        given = question.interaction().read(response)
    except ShapeError:
        return None
    return None if given is None else (given, grade_question(question, response).score / question.points)


def number_set(question: KeyedQuestion, response: Any) -> int:
    """Which of its sets of numbers a response belongs to, counted from 0."""
    variants = question.interaction().variants
    if isinstance(response, dict):
        return next((n for n, one in enumerate(variants) if one.items() <= response.items()), 0)
    return 0


def on_an_edge(question: KeyedQuestion, response: Any) -> bool:
    """Whether a number is so near the end of what is right that a program which computes it takes it for the end."""
    key = question.key()
    assert key is not None
    ends = [end for one in key.accepted_for(response) if not isinstance(one.answer, str) for end in one.answer]
    typed = response.values() if isinstance(response, dict) else [response] if isinstance(response, str) else ()
    numbers = [number for text in typed if (number := parse_number(text)) is not None]
    return any(0 < abs(number - end) <= 1e-12 * max(1, abs(end)) for number in numbers for end in ends)


def exact_texts(author: Any) -> Any:
    """The question with texts that are compared in the same way: one word each, no typing errors forgiven."""
    if isinstance(author, dict):
        author = {name: exact_texts(value) for name, value in author.items()}
        if author.get("type") == "short-text":
            words = iter(("Paris", "Élysée", "Rome", "a1", "b", "c"))
            author["accept"] = [
                {**(one if isinstance(one, dict) else {}), "text": next(words)} for one in author["accept"]
            ]
            author["ignore"] = ["space", *(["case"] if "case" in author["ignore"] else [])]
            author |= {"typos": 0, "mistakes": [{"text": "wrong", "feedback": "No."}]}
    return author


def well_formed(question: KeyedQuestion) -> st.SearchStrategy[Any]:
    """Responses that can be given in other programs too: whole years, and texts like those of :func:`exact_texts`."""
    shown = question.interaction()
    if isinstance(shown, TextEntry):
        return st.sampled_from(["Paris", "paris", "ÉLYSÉE", "Élysée", " Paris ", "élysee", "nothing", "a*", "Pa"])
    if isinstance(shown, Scale):
        years = st.integers(1650, 1850).map(str)
        return st.fixed_dictionaries({}, optional={event.id: years for event in shown.events})
    return responses_to(question) if question.key() else st.just(None)
