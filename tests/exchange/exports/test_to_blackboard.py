"""Blackboard's text file: every line is as Blackboard reads it, and scores as here wherever the report says so."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from export_checks import exact_texts, number_set, on_an_edge, well_formed, write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, question_of, questions, quiz_of
from row_scores import assert_same, chosen_positions, read_response, typed

import civicquiz
from civicquiz.authoring.markdown import flow
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_blackboard import EXPORTER
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

Line = list[str]


def read(content: bytes) -> list[Line]:
    """The fields of each line, by the guidelines of *Upload Questions*; fails where Blackboard would refuse a line."""
    assert content == b"" or content.endswith(b"\n")
    lines = [line.split("\t") for line in content.decode().split("\n")[:-1]]
    assert len(lines) <= 250
    for name, text, *fields in lines:
        assert text.strip()
        assert not re.search("[\x00-\x1f\x85\u2028\u2029]", "".join(fields) + text)
        if name != "FIB_PLUS":
            assert all(fields)
        match name:
            case "MC" | "MA":
                assert len(fields) % 2 == 0
                assert 4 <= len(fields) <= 200
                assert set(fields[1::2]) <= {"correct", "incorrect"}
                assert fields[1::2].count("correct") == 1 if name == "MC" else fields[1::2].count("correct") >= 1
            case "TF":
                assert fields in (["true"], ["false"])
            case "ESS":
                assert len(fields) <= 1
            case "MAT":
                assert len(fields) % 2 == 0
                assert len(set(fields[1::2])) == len(fields[1::2]) >= 2
            case "FIB":
                assert 1 <= len(fields) <= 100
            case "FIB_PLUS":
                blanks = blanks_of(fields)
                assert 1 <= len(blanks) <= 10
                assert re.findall(r"\[(.*?)\]", text) == list(blanks)
            case "NUM":
                assert len(fields) == 2
                assert float(fields[1]) >= 0
            case _:
                raise AssertionError(name)
    return lines


def blanks_of(fields: list[str]) -> dict[str, list[str]]:
    """The accepted texts of each blank, which an empty field separates from the next."""
    blanks: dict[str, list[str]] = {}
    start = True
    for value in fields:
        if start:
            assert value not in blanks
            name, start = value, False
            blanks[name] = []
        elif value:
            blanks[name].append(value)
        else:
            start = True
    assert all(blanks.values())
    return blanks


def share(line: Line, response: Any) -> float:
    """The share of the points that a response earns: chosen positions, a text, targets by row, texts by blank."""
    name, _, *fields = line
    match name:
        case "MC" | "MA":
            return float([n for n, mark in enumerate(fields[1::2], 1) if mark == "correct"] == response)
        case "TF":
            return float(response == [1 if fields == ["true"] else 2])
        case "NUM":
            middle, reach = map(float, fields)
            return float(abs(float(response) - middle) <= reach + 1e-12 * max(1, abs(middle)))
        case "FIB":
            return float(response.strip().lower() in [text.lower() for text in fields])
        case "MAT":
            return sum(fields[1::2][row] == target for row, target in response.items()) / (len(fields) // 2)
        case "FIB_PLUS":
            blanks = blanks_of(fields)
            right = [response.get(name, "").strip().lower() in map(str.lower, texts) for name, texts in blanks.items()]
            return float(all(right))
    raise AssertionError(name)


def exported(quiz: Quiz) -> tuple[list[Line], dict[str, ExportedQuestion]]:
    """The lines, and what became of each question."""
    content, report = write_with(EXPORTER, quiz)
    assert EXPORTER.wrote(content), "even if it has no line"
    return read(content), report


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(question_type: str, draw: st.DataObject) -> None:
    author = draw.draw(questions(question_type))
    if question_type in ("short-text", "cloze"):
        author = exact_texts(author)
    question = question_of(author)
    lines, report = exported(quiz_of(author))
    done = report[question.id]
    assert len(lines) == len(done.target_ids)
    assert bool(lines) == bool(done.written_as) == (question_type != "poll")
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    for _ in range(3):
        read_one = read_response(question, done, draw.draw(well_formed(question)))
        if read_one is None or on_an_edge(question, read_one[0]):
            continue
        response, own = read_one
        line = lines[number_set(question, response) if len(lines) > 1 else 0]
        if line[0] in ("MC", "MA", "TF"):
            response = chosen_positions(question, response)
        elif line[0] == "MAT":
            targets = [flat(flow(target.text)) for target in question.interaction().option_lists()[1]]
            response = {row: targets[place] for row, place in typed(question, response).items()}
            line = [*line[:2], *map(flat, line[2:])]
        elif line[0] != "FIB_PLUS":
            response = typed(question, response)
        assert_same(share(line, response), own, response)


def flat(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_examples_is_written_or_named(path: Path) -> None:
    lines, report = exported(civicquiz.load(path))
    assert len(lines) == sum(len(done.target_ids) for done in report.values())
    for done in report.values():
        assert bool(done.written_as) == (done.type != "poll")
        assert done.written_as or done.losses[0].reason.endswith("and a poll has none.")


def test_lines_are_as_the_guidelines_have_them() -> None:
    choice = {"type": "single-choice", "prompt": "Who?", "options": ["I", {"text": "C++", "correct": True}]}
    several = {**choice, "type": "multiple-choice", "scoring": "all-or-nothing"}
    word = {"type": "short-text", "accept": ["Law", "Act", {"text": "Rule", "credit": 0.5}]}
    cloze = {
        "type": "cloze",
        "prompt": "Fill in.",
        "text": "The [[x]] is a [[y]] [sic].",
        "gaps": {"x": word, "y": word},
    }
    pairs = {"type": "match", "prompt": "Match.", "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]}
    lines, report = exported(
        quiz_of(
            {"id": "mc", **choice},
            {"id": "ma", **several},
            {"id": "tf", "type": "true-false", "prompt": "So?", "answer": False},
            {"id": "num", "type": "numeric", "prompt": "How many?", "answer": 9.8, "tolerance": 0.25},
            {"id": "fib", "prompt": "What?", **word},
            {"id": "plus", **cloze},
            {"id": "mat", **pairs},
            {"id": "more", **pairs, "distractors": ["3"]},
            {"id": "ord", "type": "order", "prompt": "Order.", "items": ["one", "two"]},
            {"id": "ess", "type": "open-response", "prompt": "Why?", "model_answer": "So.\n\nAnd\tso."},
        )
    )
    assert lines == [
        ["MC", "Who?", "I", "incorrect", "C++", "correct"],
        ["MA", "Who?", "I", "incorrect", "C++", "correct"],
        ["TF", "So?", "false"],
        ["NUM", "How many?", "9.8", "0.25"],
        ["FIB", "What?", "Law", "Act"],
        ["FIB_PLUS", "<p>Fill in.</p>The [x] is a [y] &#91;sic&#93;.", "x", "Law", "Act", "", "y", "Law", "Act"],
        ["MAT", "Match.", "a", "1", "b", "2"],
        ["MC", "<p>Match.</p><p>a</p>", "3", "incorrect", "1", "correct", "2", "incorrect"],
        ["MC", "<p>Match.</p><p>b</p>", "3", "incorrect", "1", "incorrect", "2", "correct"],
        ["MAT", "Order.", *(["one", "1", "two", "2"] if lines[9][2] == "one" else ["two", "2", "one", "1"])],
        ["ESS", "Why?", "<p>So.</p> <p>And so.</p>"],
    ]
    assert report["more"].target_ids == ("8", "9")
    exact = {name for name, done in report.items() if done.fidelity("score") == "exact"}
    assert exact == {"mc", "ma", "tf", "num", "mat", "ess"}
    reasons = [loss.reason for loss in report["num"].losses if loss.part == "points"]
    assert reasons == ["Blackboard takes no points from such a file; set them there. Here it has 1."]


@pytest.mark.parametrize(
    "text",
    [
        "a\tb",
        "a\nb",
        "a\n\nb",
        "a\u2028b",
        "]]>",
        "<b>&amp;\"'",
        '"quoted"',
        "correct",
        "[x] [[y]]",
        "\x01",
        "é 日本",
        "x" * 9_000,
    ],
)
def test_whatever_a_text_says_stays_on_its_line_and_is_shown(text: str) -> None:
    short = text[:100].replace("\n", " ").replace("[[", "").replace("]]", "") or "y"
    pick = {"options": [{"text": text, "correct": True}, "other"]}
    word = {"type": "short-text", "accept": [short, "other"]}
    lines, report = exported(
        quiz_of(
            {"id": "a", "type": "single-choice", "prompt": text, **pick},
            {"id": "b", "type": "true-false", "prompt": text, "answer": True},
            {"id": "c", "type": "open-response", "prompt": text, "model_answer": text},
            {"id": "d", "type": "cloze", "prompt": text, "text": f"{short} [[x]]", "gaps": {"x": word}},
            {"id": "e", "prompt": text, **word},
        )
    )
    assert [line[0] for line in lines] == ["MC", "TF", "ESS", "FIB_PLUS", "FIB"]
    assert all(done.written_as for done in report.values())
    shown = flat(flow(text)).replace("\x01", "\ufffd")
    for line in (*lines[:3], lines[4]):
        assert flat(line[1]) == shown
    assert flat(lines[0][2]) == flat(lines[2][2]) == shown
    assert lines[4][2].split() == short.replace("\x01", "\ufffd").split()


def test_code_keeps_its_lines() -> None:
    lines, _ = exported(quiz_of({"id": "a", "type": "true-false", "prompt": "```\nx\n\ty\n```", "answer": True}))
    assert lines[0][1] == "<pre><code>x<br>    y</code></pre>"


def test_formulas_are_latex() -> None:
    lines, _ = exported(quiz_of({"id": "a", "type": "true-false", "prompt": "Is $x^2 < 1$?", "answer": True}))
    assert lines[0][1] == r"Is \(x^2 &lt; 1\)?"


def test_more_questions_than_a_file_may_have_are_left_out_and_named() -> None:
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    quizzes = [quiz_of(*({"id": f"q{n}", **statement} for n in range(150))) for _ in "ab"]
    done = EXPORTER.export([Translation.original(quiz) for quiz in quizzes])
    assert len(read(done.content)) == 250
    second = done.quizzes[1].questions
    assert [question.id for question in second if not question.written_as] == [f"q{n}" for n in range(100, 150)]
    assert "room for 250 questions" in second[-1].losses[0].reason
    assert second[99].target_ids == ("250",)


def test_a_file_of_another_program_is_not_taken_for_ours() -> None:
    for content in (b"mine\n", b"MC\n", b"MC\tq", b"\xff", b"MC\tq\ta\n\n"):
        assert not EXPORTER.wrote(content)
