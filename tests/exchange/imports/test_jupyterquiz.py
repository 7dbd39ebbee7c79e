"""Questions for jupyterquiz become quizzes, from JSON files and from notebooks, whose code is never run."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_checks import recognized

import civicquiz
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.jupyterquiz import READER

CHOICE = {
    "question": "Which is $\\pi$?",
    "type": "multiple_choice",
    "answer_cols": 2,
    "answers": [
        {"answer": "3", "correct": False, "feedback": "Close."},
        {"code": "math.pi", "correct": True},
        {"answer": "*x*", "code": "a = 1\nb = 2", "correct": False},
    ],
}


def found(*questions: Any) -> list[FoundQuestion]:
    (quiz,) = READER.read(GivenFile(Path("q.json"), json.dumps(questions, indent=1).encode()))
    return list(quiz.questions)


def typed(type_name: str, *answers: Any, **more: Any) -> FoundQuestion:
    return found({"question": "What?", "type": type_name, "answers": answers, **more})[0]


def notebook(*cells: tuple[str, str]) -> bytes:
    made = [{"cell_type": name, "source": source.splitlines(keepends=True)} for name, source in cells]
    return json.dumps({"cells": made, "metadata": {"language_info": {"name": "python"}}}).encode()


# ---- Types ----


def test_choices_with_text_and_code() -> None:
    (question,) = found(CHOICE)
    assert question.values == {
        "type": "single-choice",
        "prompt": "Which is $\\pi$?",
        "options": [
            {"text": "3", "feedback": "Close."},
            {"text": "`math.pi`", "correct": True},
            "\\*x\\*\n\n```\na = 1\nb = 2\n```",
        ],
    }
    assert not question.changes


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            typed("many_choice", {"answer": "a", "correct": True}, {"answer": "b", "correct": False}, code="x = 1"),
            {
                "type": "multiple-choice",
                "prompt": "What?\n\n```\nx = 1\n```",
                "options": [{"text": "a", "correct": True}, "b"],
            },
        ),
        (
            typed("numeric", {"type": "value", "value": 2, "correct": True}, {"value": 3, "feedback": "No."}),
            {
                "type": "numeric",
                "prompt": "What?",
                "answer": 2,
                "tolerance": 0,
                "mistakes": [{"number": 3, "feedback": "No."}],
            },
        ),
        (
            typed("string", {"answer": "Ann", "correct": True, "match_case": True}),
            {"type": "short-text", "prompt": "What?", "accept": ["Ann"], "ignore": ["space"]},
        ),
        (
            found(
                {
                    "question": "What?",
                    "type": "match",
                    "pairs": [{"label": "a", "answer": "1"}, {"label": "b", "answer": "2"}],
                    "options": ["1", "2", "3"],
                }
            )[0],
            {
                "type": "match",
                "prompt": "What?",
                "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}],
                "distractors": ["3"],
            },
        ),
    ],
)
def test_types_that_score_alike(question: FoundQuestion, expected: dict[str, Any]) -> None:
    assert question.refused == ""
    assert question.values == expected
    assert not question.changes


@pytest.mark.parametrize(
    ("question", "keys", "named"),
    [
        (typed("numeric", {"value": 3.14, "correct": True}, precision=3), {"tolerance": 0.005}, "significant digits"),
        (typed("numeric", {"value": 1200, "correct": True}, precision=2), {"tolerance": 50}, "significant digits"),
        (
            typed("numeric", {"range": [1, 2], "correct": True}),
            {"range": {"from": 1, "to": 2}},
            "The end of the range, 2",
        ),
        (
            typed("numeric", {"value": 1, "correct": True}, {"type": "default", "feedback": "Sorry."}),
            {"answer": 1},
            "any other number was left out: 'Sorry.'",
        ),
        (
            typed("string", {"answer": "Washington", "correct": True, "fuzzy_threshold": 0.8}),
            {"typos": 2},
            "similarity of 0.8",
        ),
        (
            typed("string", {"answer": "a", "correct": True}, {"type": "default", "feedback": "No."}),
            {"accept": ["a"]},
            "any other answer was left out: 'No.'",
        ),
        (
            typed("string", {"answer": "a", "correct": True, "match_case": True}, {"answer": "b", "correct": True}),
            {"ignore": ["space"]},
            "did not depend on capital letters",
        ),
        (
            typed("many_choice", {"answer": "a"}, {"answer": "b", "correct": True}, topic="x"),
            {},
            "'topic' was left out",
        ),
    ],
)
def test_what_differs_is_named(question: FoundQuestion, keys: dict[str, Any], named: str) -> None:
    assert question.values is not None
    assert {key: question.values[key] for key in keys} == keys
    assert any(named in change for change in question.changes)


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("text", "not a question"),
        ({"question": "What?", "type": "slider"}, "'slider' is not a type"),
        ({"question": "What?"}, "is not a type"),
        ({"question": "", "type": "numeric", "answers": []}, "no text under 'question'"),
        ({"question": "What?", "type": "many_choice", "answers": "a"}, "no list of answers"),
        ({"question": "What?", "type": "many_choice", "answers": ["a"]}, "no list of answers"),
        ({"question": "What?", "type": "numeric", "answers": []}, "no number is right"),
        ({"question": "What?", "type": "numeric", "answers": [{"value": "x"}]}, "'x' is not a number"),
        ({"question": "What?", "type": "numeric", "answers": [{"range": [1]}]}, "two numbers"),
        ({"question": "What?", "type": "numeric", "answers": [], "precision": 99}, "from 1 to 15"),
        ({"question": "What?", "type": "match", "pairs": [1]}, "no list of pairs"),
    ],
)
def test_question_that_cannot_be_read_says_why_and_others_are_read(question: Any, rule: str) -> None:
    good, refused = found(CHOICE, question)
    assert rule in refused.refused
    assert good.verdict == "read"


# ---- Files ----


def test_file_is_imported_with_the_lines_of_the_questions(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text(json.dumps([CHOICE, {"question": "x", "type": "?"}], indent=1), "utf-8")
    report = import_files([tmp_path / "q.json"], tmp_path / "out")
    assert [question.place for question in report.questions] == ["line 2", "line 23"]
    (question,) = civicquiz.load(report.files[0]).questions
    assert [option.correct for option in question.options] == [False, True, False]


def test_notebook_is_read_and_never_run(tmp_path: Path) -> None:
    ran = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    code = f"%matplotlib inline\nfrom jupyterquiz import display_quiz\n{ran}q = [{CHOICE!r}]\ndisplay_quiz(q)\n"
    hidden = json.dumps([CHOICE, CHOICE])
    content = notebook(
        ("code", code),
        ("markdown", f'<span style="display:none" id="a">{hidden}</span>'),
        ("markdown", f"<div>{base64.b64encode(hidden.encode()).decode()}</div> <b>bold</b>"),
        ("code", 'display_quiz("#a")\ndisplay_quiz("https://example.org/q.json", num=3)'),
        ("code", "x = [f(), 1]\nq = ["),
    )
    quizzes = READER.read(GivenFile(Path("n.ipynb"), content))
    assert [len(quiz.questions) for quiz in quizzes] == [1, 2, 2]
    assert [quiz.name for quiz in quizzes] == ["n", "n-2", "n-3"]
    assert quizzes[1].questions[1].place == "cell 2, question 2"
    assert "https://example.org/q.json" in quizzes[0].remarks[0]
    assert len(quizzes[0].remarks) == 1
    assert not (tmp_path / "ran").exists()
    assert all(question.verdict == "read" for quiz in quizzes for question in quiz.questions)
    options = [quiz.questions[0].values for quiz in quizzes]
    assert "```python" in str(options[0])


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b'[{"question": "What?",\n "type": }]', "line 2, is not JSON"),
        (json.dumps([CHOICE], indent=1).encode()[:-30], "is not JSON"),
        (b'[{"question": "What?"}, ' + b"[" * 100_000, "too many lists"),
        (b'[{"question": "x", "type": "?"},' * 1 + b'{"question": 1},' * 20_000 + b"{}]", "more than 20,000"),
        (notebook(("code", "from jupyterquiz import display_quiz")), "no questions for jupyterquiz"),
        (b'{"cells": 3, "x": "jupyterquiz"}', "no questions for jupyterquiz"),
    ],
)
def test_damaged_files_are_refused_with_the_place(content: bytes, rule: str) -> None:
    file = GivenFile(Path("q.json"), content)
    assert READER.recognizes(file)
    with pytest.raises(ExchangeError, match=rule):
        READER.read(file)


@pytest.mark.parametrize(
    ("content", "is_it"),
    [
        (json.dumps([CHOICE]).encode(), True),
        (notebook(("code", "import jupyterquiz")), True),
        (notebook(("code", "import civicquiz")), False),
        (b'[{"q": "What?"}]', False),
        (b"What?{=a ~b}", False),
    ],
)
def test_format_is_recognized_by_its_content(content: bytes, *, is_it: bool) -> None:
    assert (recognized(content) == "jupyterquiz") == is_it


VALUES = st.recursive(
    st.one_of(st.text(max_size=5), st.integers(), st.floats(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(
    st.sampled_from(["many_choice", "multiple_choice", "numeric", "string", "match"]),
    st.lists(
        st.dictionaries(
            st.sampled_from(["answer", "code", "correct", "feedback", "value", "range", "type", "fuzzy_threshold"]),
            VALUES,
        ),
        max_size=3,
    ),
    VALUES,
    VALUES | st.just([{"label": "a", "answer": "b"}]),
)
def test_no_value_breaks_the_reader(type_name: str, answers: list[Any], other: Any, pairs: Any) -> None:
    entry = {
        "question": "What?",
        "type": type_name,
        "answers": answers,
        "precision": other,
        "pairs": pairs,
        "options": other,
    }
    quiz: FoundQuiz
    (quiz,) = READER.read(GivenFile(Path("q.json"), json.dumps([entry]).encode()))
    (question,) = quiz.questions
    assert (question.values is None) == bool(question.refused)
