"""The page that shows a learner what was earned: self-contained, accessible, and no text in it becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, load_text, question_of, questions, quizzes, responses_to, right_answer

import civicquiz
from civicquiz.errors import ResponseError
from civicquiz.frontend.words import strings
from civicquiz.grading import grade, grade_question
from civicquiz.hosts.documents.feedback import Answered, page, question_row, quiz_part
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


class Tags(HTMLParser):
    """Checks that every tag is closed, and that none can run or load anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        assert tag not in ("script", "iframe", "object", "embed", "form", "base", "link")
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "srcset") or (value or "").startswith("data:image/")
        if tag not in ("meta", "br", "img", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def feedback_of(quiz: Quiz, responses: dict[str, Any], *, key: bool = False, name: str = "Anna", **part: Any) -> str:
    result = grade(quiz, responses)
    rows = []
    for number, outcome in enumerate(result.outcomes.values(), start=1):
        answered = Answered(outcome.status, outcome.score, outcome.response, outcome.messages, part.get("note", ""))
        rows.append(question_row(Translation.original(quiz), outcome.question_id, number, answered, key=key))
    states = {"waits": part.get("waits", False), "late": part.get("late", False)}
    return page(
        name, quiz.language, [quiz_part(Translation.original(quiz), rows, result.score, result.max_score, **states)]
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("key", [False, True])
def test_every_question_type_is_shown(path: Path, key: bool) -> None:
    quiz = civicquiz.load(path)
    for responses in ({}, {question.id: right_answer(question) for question in quiz.questions}):
        tags = Tags(feedback_of(quiz, responses, key=key))
        names = [tag for tag, _ in tags.found]
        assert names.count("table") == names.count("h1") == names.count("h2") == names.count("main") == 1
        assert ("html", {"lang": quiz.language, "dir": "ltr"}) in tags.found
        heads = [attrs.get("scope") for tag, attrs in tags.found if tag == "th"]
        assert heads.count("col") >= 5
        assert heads.count("row") == len(quiz.questions)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_texts_of_learners_and_authors_never_become_markup(data: st.DataObject) -> None:
    hostile = data.draw(
        st.sampled_from(["<script>alert(1)</script>", "</td></table><img src=x onerror=y>", "&lt;", "{name}"])
    )
    quiz = data.draw(quizzes())
    responses: dict[str, Any] = {}
    for question in quiz.questions:
        response = data.draw(responses_to(question))
        try:
            grade_question(question, response)
        except ResponseError:
            continue
        responses[question.id] = response
    tags = Tags(feedback_of(quiz, responses, key=data.draw(st.booleans()), name=hostile, note=hostile))
    assert any(hostile in words for words in tags.words)


@given(st.text(max_size=50))
def test_what_a_learner_typed_is_shown_as_it_is(text: str) -> None:
    question = {"id": "q", "type": "open-response", "prompt": "Why?"}
    quiz = Quiz.model_validate({"title": "A quiz", "questions": [question]})
    row = question_row(Translation.original(quiz), quiz.questions[0].id, 1, Answered("needs-review", None, text))
    shown = "".join(Tags(f"<table>{row}</table>").words)
    assert (
        text.strip().replace("\r\n", "\n").replace("\0", "") in shown.replace("\ufffd", "")
        or "\r" in text
        or "\0" in text
    )


def test_the_key_is_shown_only_on_request(tmp_path: Path) -> None:
    text = (
        "title: A quiz\nquestions:\n- id: q\n  type: single-choice\n  prompt: Which?\n  options:\n"
        "  - {text: Right one, correct: true}\n  - {text: Wrong one, feedback: Not this.}\n  explanation: Because.\n"
    )
    quiz = load_text(tmp_path, text)
    without, full = feedback_of(quiz, {"q": ["wrong-one"]}), feedback_of(quiz, {"q": ["wrong-one"]}, key=True)
    for page_ in (without, full):
        assert "Wrong one" in page_
        assert "Not this." in page_
        assert strings()["incorrect"] in page_
    for secret in ("Right one", "Because."):
        assert secret not in without
        assert secret in full


def test_states_are_given_in_words_and_in_the_language_of_the_quiz() -> None:
    question = {"id": "q", "type": "true-false", "prompt": "¿Sí?", "answer": True}
    quiz = Quiz.model_validate({"title": "Prueba", "language": "es", "questions": [question]})
    assert "Se entregó tarde." in feedback_of(quiz, {}, late=True)
    assert "0 de 1 puntos hasta ahora" in feedback_of(quiz, {}, waits=True)
    nothing = page("Ana", "es", [quiz_part(Translation.original(quiz), [], 0, 1, waits=False, late=False)])
    assert "No se entregó nada." in nothing
    assert "<table>" not in nothing
    assert '<html lang="es" dir="ltr">' in nothing


@given(questions(question_type="match"), st.data())
def test_rows_of_a_match_name_both_sides(author: dict[str, Any], data: st.DataObject) -> None:
    question = question_of(author)
    quiz = Quiz.model_validate({"title": "A quiz", "questions": [author]})
    response = right_answer(question)
    row = question_row(Translation.original(quiz), quiz.questions[0].id, 1, Answered("correct", 1.0, response))
    assert row.split("<td")[2].count("<li>") == len(response)
