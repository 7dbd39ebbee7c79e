"""Static exercises of R/exams become questions; R is never run, and what it would compute is not guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from import_checks import recognized
from material import PNG

import civicquiz
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.rexams import MAX_CHARACTERS, READER

CAPITAL = """\
Question
========
Which city is the *capital* of Ohio? ![a map](map.png)

Answerlist
----------
* Toledo
* Columbus
* $x_1$

Solution
========
It was chosen in 1812.

Answerlist
----------
* False.
* True. It is Columbus.
* False

Meta-information
================
exname: Ohio Capital
extype: schoice
exsolution: 010
exshuffle: TRUE
expoints: 2
"""
MEAN = r"""\begin{question}
How much is \textbf{the sum} of $x_1$ and $x_2$? % no
\end{question}
\begin{solution}
It is \(x_1 + x_2\).
\end{solution}
%% META-INFORMATION
%% \extype{num}
%% \exsolution{12.5}
%% \exname{Sum}
%% \extol{0.01}
"""
BOTH = r"""
\begin{question}
Which?
\begin{answerlist}
  \item one
  \item \emph{two}
\end{answerlist}
\end{question}
\extype{mchoice}
\exsolution{01}
"""


def question(text: str, name: str = "a.Rmd") -> FoundQuestion:
    (quiz,) = READER.read(GivenFile(Path(name), text.encode()))
    return quiz.questions[0]


def exercise(**meta: str) -> FoundQuestion:
    lines = "".join(f"{key}: {value}\n" for key, value in meta.items())
    return question(f"Question\n========\nWhat?\n\nMeta-information\n================\n{lines}")


def test_exercise_in_markdown_is_imported_with_its_picture(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(PNG)
    (tmp_path / "capital.Rmd").write_text(CAPITAL, "utf-8")
    report = import_files([tmp_path / "capital.Rmd"], tmp_path / "out")
    quiz = civicquiz.load(report.files[0])
    (found,) = quiz.questions
    assert report.questions[0].verdict == "read"
    assert (found.id, found.points, found.explanation) == ("ohio-capital", 2, "It was chosen in 1812.")
    assert [(option.text, option.correct, option.feedback) for option in found.options] == [
        ("Toledo", False, None),
        ("Columbus", True, "True. It is Columbus."),
        ("$x_1$", False, None),
    ]
    assert set(quiz.shuffle) == {"options"}
    assert len(quiz.images) == 1


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            question(MEAN, "mean.Rnw"),
            {
                "type": "numeric",
                "prompt": "How much is **the sum** of $x_1$ and $x_2$?",
                "answer": 12.5,
                "tolerance": 0.01,
                "explanation": r"It is $x_1 + x_2$.",
                "id": "Sum",
            },
        ),
        (exercise(extype="num", exsolution="3"), {"type": "numeric", "prompt": "What?", "answer": 3, "tolerance": 0}),
        (exercise(extype="essay", exsolution="nil"), {"type": "open-response", "prompt": "What?"}),
        (
            exercise(extype="string", exsolution="Like this.", exstringtype="essay"),
            {"type": "open-response", "prompt": "What?", "model_answer": "Like this."},
        ),
    ],
)
def test_types_that_score_alike(found: FoundQuestion, expected: dict[str, Any]) -> None:
    assert found.refused == ""
    assert found.values == expected
    assert not found.changes


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (question(BOTH), "a rule that is not in the file"),
        (exercise(extype="string", exsolution="Ann"), "capital letters"),
        (exercise(extype="num", exsolution="3", exsection="A/B"), "'exsection: A/B' was left out"),
        (question(CAPITAL.replace("exshuffle: TRUE", "exshuffle: 2").replace("![a map](map.png)", "")), "showed 2 of"),
        (question(f"```{{r, include=FALSE}}\nx <- 1\n```\n{MEAN}"), "The code in R in line 1 was not run"),
        (question(f"<<echo=FALSE, results=hide>>=\nx <- 1\n@\n{MEAN}"), "The code in R in line 1 was not run"),
    ],
)
def test_what_differs_is_named(found: FoundQuestion, named: str) -> None:
    assert found.verdict == "changed", found.refused
    assert [named in change for change in found.changes] == [True]


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (question("Question\n========\nIs it `r a`?\n\nMeta-information\n====\nextype: num\n"), "R computes ('`r a`')"),
        (question(MEAN.replace("12.5", r"\Sexpr{sol}")), "R computes"),
        (question(f"x\n```{{r, echo=FALSE}}\ncat(1)\n```\n{MEAN}"), "Line 2 has code in R that writes"),
        (question(f"<<echo=FALSE, results=tex>>=\ncat(1)\n@\n{MEAN}"), "Line 1 has code in R that writes"),
        (question("Meta-information\n================\nextype: num\nexsolution: 1\n"), "It has no question"),
        (question(CAPITAL.replace("010", "01")), "a 0 or a 1 for each of the 3 options"),
        (question(CAPITAL.replace("schoice", "num")), "It has options"),
        (question(MEAN.replace("the sum", r"\foo{the} mean")), "nothing for '\\foo'"),
        (exercise(extype="num", exsolution="many"), "'many' is not a number"),
        (exercise(extype="cloze", exsolution="1|2"), "'cloze' cannot be read"),
    ],
)
def test_exercise_that_cannot_be_read_says_why(found: FoundQuestion, rule: str) -> None:
    assert rule in found.refused


@pytest.mark.parametrize(
    ("text", "is_it"),
    [(CAPITAL, True), (MEAN, True), (BOTH, True), ("title: x\nquestions: []\n", False), ("What {=a}", False)],
)
def test_format_is_recognized_by_its_content(text: str, *, is_it: bool) -> None:
    assert (recognized(text) == "rexams") == is_it


def test_exercise_that_is_too_large_is_refused() -> None:
    with pytest.raises(ExchangeError, match="larger than an exercise"):
        question(CAPITAL + "x" * MAX_CHARACTERS)
