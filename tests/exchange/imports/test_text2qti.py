"""Text files for text2qti become quizzes; what only Canvas has is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_checks import check_not_broken, recognized

import civicquiz
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.text2qti import READER


def read(text: str) -> FoundQuiz:
    (quiz,) = READER.read(GivenFile(Path("quiz.txt"), text.encode()))
    return quiz


def question(text: str) -> FoundQuestion:
    (found,) = read(text).questions
    return found


EXACT = [
    (
        "1.  How many *senators*?\n\n    Add $x_1$.\n... Count.\na)  435\n... Too many.\nb) 50\n    or so\n*c) 100\n",
        {
            "type": "single-choice",
            "prompt": "How many *senators*?\n\nAdd $x_1$.",
            "options": [{"text": "435", "feedback": "Too many."}, "50\n or so", {"text": "100", "correct": True}],
            "explanation": "Count.",
        },
    ),
    (
        "7. So?\n*a) True\n... Yes, it is.\nb) False\n",
        {"type": "true-false", "prompt": "So?", "answer": True, "feedback": {"true": "Yes, it is."}},
    ),
    ("1. Who?\n* Adams\n* Jay\n", {"type": "short-text", "prompt": "Who?", "accept": ["Adams", "Jay"]}),
    ("1. N?\n=   1.5 +- 0.25\n", {"type": "numeric", "prompt": "N?", "answer": 1.5, "tolerance": 0.25}),
    ("1. N?\n= 200 +- 5%\n", {"type": "numeric", "prompt": "N?", "answer": 200, "tolerance": 10}),
    ("1. N?\n= [1, 2]\n", {"type": "numeric", "prompt": "N?", "answer": 1.5, "range": {"from": 1, "to": 2}}),
    ("1. N?\n= 1_000\n", {"type": "numeric", "prompt": "N?", "answer": 1000, "tolerance": 0}),
    ("1. Explain.\n____\n", {"type": "open-response", "prompt": "Explain."}),
    (
        "1. Explain.\n! Like this.\n____\n",
        {"type": "open-response", "prompt": "Explain.", "model_answer": "Like this."},
    ),
    (
        "Title: Sum\nPoints: 2.5\n1. N?\n= 2\n",
        {"type": "numeric", "prompt": "N?", "answer": 2, "tolerance": 0, "points": 2.5},
    ),
]


@pytest.mark.parametrize(("text", "values"), EXACT)
def test_question_that_scores_alike_is_read_without_a_remark(text: str, values: dict[str, Any]) -> None:
    found = question(text)
    assert found.refused == ""
    assert found.values == values
    assert not found.changes


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1. Which?\n[ ] a\n[*] b\n[] c\n", "a right option earns 100% of the points, and a wrong one costs 100%"),
        ("1. Who?\n+ Good.\n* Ann\n", "feedback on a right answer was left out: 'Good.'"),
        ("1. Who?\n- Look again.\n* Ann\n", "feedback on a wrong answer was left out: 'Look again.'"),
        ("1. Who is ![Ann](https://example.org/a.png)?\n* Ann\n", "was not fetched"),
    ],
)
def test_what_differs_is_named(text: str, named: str) -> None:
    found = question(text)
    assert found.verdict == "changed"
    assert named in found.changes[0]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1. What?\n", "It has no answer"),
        ("1. What?\nmore\n*a) b\nb) c\n", "Line 2 is 'more'"),
        ("1. Hand it in.\n^^^^\n", "a file to hand in"),
        ("1. N?\n= many\n", "'many' is not a number"),
        ("1. N?\n= [1, 2, 3]\n", "not a number"),
        ("Points: lots\n1. N?\n= 1\n", "'lots' is not a number"),
    ],
)
def test_question_that_cannot_be_read_says_why_and_others_are_read(text: str, rule: str) -> None:
    refused, good = read(f"{text}\n2. Good?\n*a) True\nb) False\n").questions
    assert rule in refused.refused
    assert good.verdict == "read"


def test_settings_of_the_quiz_come_along_or_are_named(tmp_path: Path) -> None:
    (tmp_path / "quiz.txt").write_text(
        "Quiz title: My quiz\nQuiz description: About\n  something.\nShuffle answers: true\n"
        "One question at a time: true\nCan't go back: true\n\n% nothing\nCOMMENT\n1. no\n* no\nEND_COMMENT\n\n"
        "Text title: Part\nText: Read.\n\n"
        "```{.python .run}\nprint(1)\n```\n\nGROUP\npick: 1\npoints per question: 3\n1. N?\n= 1\n2. M?\n= 2\n"
        "END_GROUP\n3. K?\n= 3\n",
        "utf-8",
    )
    report = import_files([tmp_path / "quiz.txt"], tmp_path / "out")
    quiz = civicquiz.load(report.files[0])
    assert (quiz.title, set(quiz.shuffle), quiz.layout) == ("My quiz", {"options"}, "one")
    assert [one.points for one in quiz.questions] == [3, 3, 1]
    assert [one.place for one in report.questions] == ["line 24", "line 26", "line 29"]
    said = [remark for _, remark in report.remarks]
    for line, remark in zip((2, 6, 14, 15, 17, 22), said, strict=True):
        assert f"line {line} " in remark.replace(",", "").replace(":", "")


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        *((text, True) for text, _ in EXACT),
        ("1. Who?\nA) Ann\nB) Bo\nANSWER: A\n", False),
        ("1. Who?{=Ann ~Bo}\n", False),
        ("1. one\n2. two\n", False),
        (" \n" * 5_000 + "1. a\n" + " \n" * 5_000, False),
    ],
)
def test_format_is_recognized_by_its_content(text: str, *, is_it: bool) -> None:
    assert (recognized(text) == "text2qti") == is_it


@given(
    st.lists(
        st.sampled_from(["1. a", "*a) b", "b) c", "[*] d", "* e", "= 1", "... f", "  g", "", "____", "h", "GROUP"])
    )
)
def test_no_lines_break_the_reader(lines: list[str]) -> None:
    check_not_broken(READER, "\n".join(lines))
