"""Texts in LaTeX become Markdown; a command that a quiz has nothing for is an error and never lost."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader
from civicquiz.exchange.imported import FoundQuiz
from civicquiz.exchange.latex_text import from_latex


def converted(text: str) -> str:
    return from_latex(TextReader(FoundQuiz("q"), Path("/nowhere")), text, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a \textbf{bold} and \emph{so}", "a **bold** and *so*"),
        (r"\textbf{the \emph{mean}}", "**the *mean***"),
        (r"\texttt{a_b} and \texttt{\textbf{c}}", "`a_b` and `**c**`"),
        (r"$x_1$ and \(x\) and \[y\] 5\,", None),
        (r"$x_1$, \(x\), \[ y \]", "$x_1$, $x$, $$y$$"),
        ("it's 5\\% % a comment\n of it", "it's 5% of it"),
        (r"``so'' --- 1--2~m \ldots", "“so” — 1–2 m …"),
        (r"Universit\"at, caf\'{e}", "Universität, café"),
        ("\\begin{itemize}\n\\item one\n\\item two\n\\end{itemize}", "- one\n- two"),
        (r"one\\two", "one\\\ntwo"),
        (r"\$5 \& \#1 \{a\}", r"\$5 & #1 {a}"),
        (r"*a* b_c \href{https://example.org}{d}", r"\*a\* b_c [d](https://example.org)"),
        (r"\frac{1}{2}", None),
        (r"\begin{tabular}a\end{tabular}", None),
    ],
)
def test_commands_become_markdown_or_are_refused(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ExchangeError, match="A quiz has nothing for"):
            converted(text)
    else:
        assert converted(text) == expected


def test_picture_that_is_not_there_is_named() -> None:
    changes: list[str] = []
    from_latex(TextReader(FoundQuiz("q"), Path("/nowhere")), r"\includegraphics{map.png}", changes)
    assert "The picture 'map.png' is not in the file" in changes[0]


@given(st.text(st.sampled_from("ab \\{}$%*_~'`\n\ue000\ue0010")))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(ExchangeError):
        assert "\ue000" not in converted(text)


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ExchangeError, match="at most 10,000"):
        converted("a" * 10_001)
