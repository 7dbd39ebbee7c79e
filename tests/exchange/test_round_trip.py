"""What is exported and imported again is the same, in every part that the report calls exact."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, PNG, TYPES, plain, questions, quiz_of, responses_to, texts, write
from round_trip import Pair, differences, round_trip, shares

import civicquiz
from civicquiz.exchange.asked import words_of
from civicquiz.model.quiz import Quiz

#: The exporters of formats that can be imported, too.
FORMATS = ["aiken", "canvas", "canvas-classic", "csv", "gift", "moodle", "qti21", "qti3"]


def check(pair: Pair, responses: list[Any]) -> None:
    """Every exact part of a question is the same, and so is the score of every response if that is exact."""
    exported = pair.exported
    found = {part: both for part, both in differences(pair).items() if exported.fidelity(part) == "exact"}
    assert not found, (exported.written_as, pair.imported.reasons)
    if exported.fidelity("score") != "exact":
        return
    for response in responses:
        earned = shares(pair, response)
        if earned is not None:
            assert earned[1] == pytest.approx(earned[0], abs=1e-4), (response, pair.imported.reasons)


@st.composite
def _authors(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questions of every type, some with tags, some about a shared text."""
    types = draw(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=4))
    found = []
    for number, name in enumerate(types):
        author = {**draw(questions(name)), "id": f"q{number}"}
        if not author["prompt"].strip("-+*>#~|. "):
            author["prompt"] = "Which?"  # a list without anything in it asks nothing
        if draw(st.booleans()):
            author["tags"] = draw(st.lists(st.sampled_from(["law", "Courts", "a-b"]), min_size=1, unique=True))
        if draw(st.booleans()):
            author["difficulty"] = "hard"
        found.append(author)
    if draw(st.booleans()) and "variables" not in found[0]:
        found[0]["stimulus"] = "law"
    return found


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(draw=st.data())
def test_every_exact_part_of_random_questions_comes_back(name: str, draw: st.DataObject) -> None:
    authors = draw.draw(_authors())
    is_shared = "stimulus" in authors[0]
    stimuli = {"law": {"title": draw.draw(plain), "text": draw.draw(texts) + "!"}} if is_shared else {}
    quiz = quiz_of(*authors, stimuli=stimuli)
    with tempfile.TemporaryDirectory() as folder:
        for pair in round_trip(quiz, name, Path(folder)):
            is_scored = pair.asked.key is not None and pair.back is not None
            check(pair, [draw.draw(responses_to(pair.asked.source)) for _ in range(2)] if is_scored else [])


@pytest.mark.parametrize("name", FORMATS)
def test_model_answer_comes_back_with_its_formatting_and_once(name: str, tmp_path: Path) -> None:
    answers = ["*both*", "`x` and **y**", "One\n\n- two\n- _three_", "...", "1 * 2 * 3", "[law](https://example.org/)"]
    more = {"explanation": "It says so."}, {}
    quiz = quiz_of(
        *(
            {"id": f"q{number}-{len(own)}", "type": "open-response", "prompt": "Why?", "model_answer": answer, **own}
            for number, answer in enumerate(answers)
            for own in more
        )
    )
    for pair in round_trip(quiz, name, tmp_path):
        check(pair, [])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_exact_part_of_the_examples_comes_back(name: str, path: Path, tmp_path: Path) -> None:
    quiz = civicquiz.load(path)
    for pair in round_trip(quiz, name, tmp_path):
        key = pair.asked.key
        check(pair, [key.answer] if key is not None and not pair.asked.source.void else [])


@pytest.mark.parametrize("name", FORMATS)
def test_how_to_round_and_the_unit_come_back_after_the_question(name: str, tmp_path: Path) -> None:
    number = {"type": "calculated", "variables": {"n": {"from": 1, "to": 75}}, "answer": "n + 1"}
    exact: list[dict[str, Any]] = [
        {"decimals": 0, "tolerance": 0, "unit": "Mr. O'Neill's & a <b>"},
        {"decimals": 2, "tolerance": 0, "unit": "km"},
        {"decimals": 1, "tolerance": 0},
        {"significant": 1, "unit": "km"},
        {"significant": 3},
    ]
    for position, keys in enumerate(exact):
        folder = tmp_path / str(position)
        folder.mkdir()
        for pair in round_trip(quiz_of({**number, **keys, "id": "q", "prompt": "What is after {n}?"}), name, folder):
            check(pair, [])


@pytest.mark.parametrize("name", FORMATS)
def test_pictures_come_back_byte_for_byte_where_they_are_exact(name: str, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(PNG)
    text = (
        "title: Pictures\nquestions:\n  - id: q\n    type: single-choice\n"
        "    prompt: 'Which? ![a dot](pictures/a.png)'\n    explanation: '![a dot](pictures/a.png)'\n"
        "    options: [{text: '![a dot](pictures/a.png)', correct: true}, b]\n"
    )
    quiz = civicquiz.load(write(tmp_path / "quiz.yml", text))
    (pair,) = round_trip(quiz, name, tmp_path)
    assert pair.back is not None
    check(pair, [])
    if pair.exported.fidelity("pictures") == "exact":
        files = [file for file in (tmp_path / "back").rglob("*") if file.suffix == ".png"]
        assert [file.read_bytes() for file in files] == [PNG]


@pytest.mark.parametrize("name", FORMATS)
def test_feedback_comes_back_where_a_row_has_the_id_of_a_target(name: str, tmp_path: Path) -> None:
    rows = [
        {"text": "State", "id": "nation", "category": "Nation", "feedback": "No, that one."},
        {"text": "Union", "category": "State"},
    ]
    author = {"id": "q", "type": "categorize", "prompt": "Which?", "categories": ["Nation", "State"], "items": rows}
    for pair in round_trip(quiz_of(author), name, tmp_path):
        check(pair, [])


HOSTILE = [
    "]]>",
    "a & b < c > d",
    "<b>&amp;</b>",
    "\"e\" 'f' ''g''",
    "= ~ # % { } :",
    "tab\there",
    "\\(x\\) $y$ and \\\\",
    "A. b",
    "ANSWER: B",
    "// x",
    "[html]x",
    "=1+1; -2",
    "é 日本 \U0001f600 \u200f\u00a0x",
    "word " * 400,
]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_text_says_comes_back(name: str, text: str, tmp_path: Path) -> None:
    quiz = hostile_quiz(text.strip())
    for pair in round_trip(quiz, name, tmp_path):
        key = pair.asked.key
        check(pair, [key.answer] if key is not None else [])


def hostile_quiz(text: str) -> Quiz:
    """A quiz that has a text wherever there may be one."""
    said = {"prompt": text, "explanation": text, "hint": text}
    option = {"text": text, "correct": True, "feedback": text}
    typed = {"accept": [text[:150]], "mistakes": [{"text": "no", "feedback": text}], "ignore": ["case", "space"]}
    pairs = [{"left": text, "right": text, "feedback": text}, {"left": "l", "right": "r"}]
    return quiz_of(
        {"id": "a", "type": "single-choice", **said, "options": [option, "other"]},
        {"id": "b", "type": "multiple-choice", **said, "options": [option, {"text": "x", "correct": True}, "y"]},
        {"id": "c", "type": "true-false", **said, "answer": True, "feedback": {"true": text, "false": text}},
        {"id": "d", "type": "short-text", **said, **typed},
        {"id": "e", "type": "match", **said, "pairs": pairs},
        {"id": "f", "type": "order", **said, "items": [text, "second"]},
        {"id": "g", "type": "open-response", **said},
        {"id": "h", "type": "cloze", **said, "text": "Here: [[g]]", "gaps": {"g": {"type": "short-text", **typed}}},
        title=words_of(text)[:50] or "A quiz",
    )
