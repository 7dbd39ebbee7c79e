"""QTI 2.1 and 3.0: every type of question is an item that scores as it does here wherever the report says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, questions, quiz_of, responses_to
from qti2_engine import Item, Package

import civicquiz
from civicquiz.exchange.exported import ExportedQuiz
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.grading import grade_question
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Matching,
    NumberField,
    Ordering,
    Scale,
    ShapeError,
    TextEntry,
)
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

FORMATS = ("qti21", "qti3")


def exported(name: str, quiz: Quiz) -> tuple[Package, ExportedQuiz]:
    """The package in a format, and what became of the quiz by the report."""
    done = EXPORTERS[name].export([Translation.original(quiz)])
    (report,) = done.quizzes
    return Package(done.content), report


def called(name: str) -> str:
    """The identifier of an id. It can be undone."""
    new = name if name[0].isalpha() and not name.startswith("q-") else f"q-{name}"
    assert (new.removeprefix("q-") if new.startswith("q-") else new) == name
    return new


def qti_responses(question: KeyedQuestion, item: Item, response: Any) -> dict[str, Any]:
    """What a student would do in an item who gave ``response`` here, which was read."""
    shown = question.interaction()
    match shown:
        case Choice(multiple=multiple):
            names = [called(name) for name in response]
            return {"RESPONSE": names if multiple else names[0]}
        case ComputedNumber():
            return {"RESPONSE": float(response["answer"])}
        case NumberField():
            return {"RESPONSE": float(response)}
        case TextEntry():
            return {"RESPONSE": response}
        case Ordering():
            return {"RESPONSE": [called(name) for name in response]}
        case Matching():
            return {"RESPONSE": [f"row-{row} target-{target}" for row, target in response.items()]}
        case Scale():
            return {f"event-{name}": int(float(year)) for name, year in response.items()}
        case InlineGaps(gaps=gaps):
            values: dict[str, Any] = {}
            for name, gap in gaps.items():
                if name in response:
                    value = response[name]
                    typed = float(value) if isinstance(gap, NumberField) else value
                    values[f"gap-{name}"] = called(value) if isinstance(gap, Choice) else typed
            return values
    raise AssertionError(shown)


def number_set(question: KeyedQuestion, response: Any) -> int:
    """Which of its sets of numbers a response belongs to, counted from 0."""
    variants = question.interaction().variants
    return next(
        (n for n, one in enumerate(variants) if isinstance(response, dict) and one.items() <= response.items()), 0
    )


def well_formed(question: KeyedQuestion) -> st.SearchStrategy[Any]:
    """Responses that a program can give: whole years on the scale, texts without rare signs."""
    shown = question.interaction()
    if isinstance(shown, Scale):
        years = st.integers(shown.start, shown.end).map(str)
        return st.fixed_dictionaries({}, optional={event.id: years for event in shown.events})
    if isinstance(shown, TextEntry):
        return _near(question)
    return responses_to(question)


def _near(question: KeyedQuestion) -> st.SearchStrategy[str]:
    """Texts that are right, or right but for capitals, spaces, punctuation, accents, or for what is before or after."""
    key = question.key()
    assert key is not None
    texts = [*key.accept, *key.rule.accept, *key.rule.mistakes]  # type: ignore[attr-defined]
    changes = [
        str.upper,
        str.lower,
        str.title,
        lambda text: f"  {text} ",
        lambda text: f"{text}.",
        lambda text: f"“{text}”",
        lambda text: f"the {text}",
        lambda text: f"{text}s",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "-"),
        lambda text: text.replace("é", "e").replace("É", "E"),
        lambda text: text.replace("e", "é"),
        lambda text: text[1:],
        lambda text: text + text,
    ]
    return st.builds(
        lambda text, some: _changed(text, some), st.sampled_from(texts), st.lists(st.sampled_from(changes))
    )


def _changed(text: str, changes: list[Any]) -> str:
    for change in changes[:3]:
        text = change(text)
    return text


def compare(question: KeyedQuestion, items: list[Item], response: Any) -> bool:
    """Check that a response earns the same points in both; whether it is one."""
    try:
        read = question.interaction().read(response)
    except ShapeError:
        return False
    if read is None:
        return False
    item = items[number_set(question, read)] if len(items) > 1 else items[0]
    their = item.score(qti_responses(question, item, read))
    assert their == pytest.approx(grade_question(question, response).score, abs=1e-6), (response, item.name)
    return True


# ---- All types ----


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(format_name=st.sampled_from(FORMATS), draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(
    question_type: str, format_name: str, draw: st.DataObject
) -> None:
    author = draw.draw(questions(question_type))
    quiz = quiz_of(author)
    (question,) = quiz.keyed_questions.values()
    package, report = exported(format_name, quiz)
    (done,) = report.questions
    items = package.items(searches=draw.draw(st.booleans()))
    assert list(items) == list(done.target_ids)
    assert done.written_as
    assert all(loss.part in done.parts for loss in done.losses)
    assert {item.points() for item in items.values()} == {question.points}
    assert all(item.score({}) == 0 for item in items.values())
    if question.key() is None or done.fidelity("score") != "exact":
        return
    for _ in range(4):
        compare(question, list(items.values()), draw.draw(well_formed(question)))


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_written_whole_and_its_right_answer_earns_everything(format_name: str, path: Path) -> None:
    quiz = civicquiz.load(path)
    package, report = exported(format_name, quiz)
    assert EXPORTERS[format_name].export([Translation.original(quiz)]).content == package.content
    assert EXPORTERS[format_name].wrote(package.content)
    items = package.items()
    names = [name for done in report.questions for name in done.target_ids]
    assert sorted(names) == sorted(items)
    for done in report.questions:
        question = quiz.keyed_questions[done.id]
        key = question.key()
        if key is not None:
            own = [items[name] for name in done.target_ids]
            assert compare(question, own, key.answer)
