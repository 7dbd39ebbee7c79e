"""Texts of other programs become Markdown that shows the same; pictures and formulas come along or are named."""

from __future__ import annotations

import base64
import re
from html import escape, unescape
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from material import PNG

from civicquiz.authoring.markdown import formula_sources, render
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, from_plain, without_markup
from civicquiz.exchange.html_text import FoundTexts
from civicquiz.exchange.imported import FoundQuiz

TINY = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def reader(folder: Path = Path("/nowhere")) -> tuple[TextReader, FoundQuiz]:
    quiz = FoundQuiz("q")
    return TextReader(quiz, folder), quiz


def html(text: str) -> tuple[str, list[str]]:
    changes: list[str] = []
    return reader()[0].html(text, changes), changes


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@given(
    st.text(st.sampled_from("abc 12 \n*_`[](){}<>!#+-=|~.:;\\&'\"/%^"), min_size=1, max_size=40).filter(
        lambda text: "\\(" not in text and "\\[" not in text
    )
)
@example("1. one\n2. two")
@example("- a\n- b")
@example("* * *")
@example("a *b* __c__ `d` [e](f) ![g](h) <http://x> &amp; {math}`x`")
@example("___ is the ______.")
@example("|a|b|\n|-|-|\n|c|d|")
@example("~~~\ncode\n~~~")
@example("\\begin{x}")
def test_plain_text_shows_the_same_as_before(text: str) -> None:
    written = from_plain(text)
    shown = re.sub(r"\s+", "", unescape(re.sub(r"</?(?:p|br)\b[^<>]*>", "", render(written))))
    assert shown == re.sub(r"\s+", "", text)


@given(
    st.lists(
        st.text(st.sampled_from("ab 1.-*_`[]<>&;#!|~{}:'+="), max_size=12).filter(str.strip)
        | st.sampled_from(["______", "- a", "1. a", "* * *", "---", "> a", " + a", "# a", "===", "-"]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["<br>", "<br/>\n ", "</p><p>", "</div>\n<div>"]),
    st.sampled_from(["<p>{}</p>", "<div>{}</div>", "<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>", "{}"]),
)
def test_lines_in_html_are_text_whatever_they_begin_with(lines: list[str], between: str, around: str) -> None:
    written = FoundTexts({}, []).from_html(around.format(between.join(map(escape, lines))))
    assert "".join(words(render(written)).split()) == "".join("".join(lines).split())


@pytest.mark.parametrize(
    "text",
    ["Who was first?", "5 * 3 = 15", "snake_case", "It cost $5 and then $6.", "vector<int> v", "a_ _b", "so _____."],
)
def test_text_without_any_markup_is_written_as_it_was_typed(text: str) -> None:
    assert from_plain(text).replace("\\_", "_") == text


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"Is \(a_1 < b\) so?", ["a_1 < b"]),
        (r"\[ x^2 \]", ["x^2"]),
        ("[tex]x^2[/tex] is it", ["x^2"]),
        ("$$x^2$$", ["x^2"]),
        (r"<p>\(x &lt; y\)</p>", ["x < y"]),
        (r"$ 1 \neq 0 $ holds", [r"1 \neq 0"]),
        (r"\(5\) of them", ["5"]),
        ("<math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math>", ["x^2"]),
        ("<math><msup><mi>x</mi><mn>3</mn></msup></math>", ["x^{3}"]),
        ("a <sup>n+1x</sup>", [r"{}^{\mathrm{n+1x}}"]),
        ("$x_1$ and *$y$*", ["x_1", "y"]),
    ],
)
def test_formulas_stay_formulas(text: str, formulas: list[str]) -> None:
    written, changes = html(text)
    assert [source.strip() for source in formula_sources(written)] == formulas
    assert not changes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>The <b>sun</b> and <i>moon</i></p>", "The **sun** and *moon*"),
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\\\nthree"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<h3>Part</h3>text", "**Part**\n\ntext"),
        ("H<sub>2</sub>O and x<sup>10</sup>", "H₂O and x¹⁰"),
        ("a &lt; b &amp; c&nbsp;d", "a < b & c d"),
        ("<pre><code>a_b\n  c</code></pre>", "```\na_b\n  c\n```"),
        ("<table><tr><td>a</td></tr><tr><td>1</td></tr></table>", "| a |\n| --- |\n| 1 |"),
        ("vector<int> is <b>good</b>", "vector<int> is **good**"),
        ("a <a href='https://example.org/x'>link</a>", "a [link](https://example.org/x)"),
        ("2 * 3 * 4 <b>x</b>", "2 * 3 * 4 **x**"),
        ("a <!-- <b>no</b> --> <i>b</i>", "a *b*"),
        ("1 <b 2 <i>b</i>", "1 <b 2 *b*"),
    ],
)
def test_html_becomes_markdown_as_a_person_would_write_it(text: str, expected: str) -> None:
    assert html(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<script>alert(1)</script>x", "a script"),
        ("<iframe src='https://example.org'></iframe>x", "a page of another site"),
        ("<video src='x.mp4'></video>x", "'x.mp4' is not in the file"),
        ("<img src='https://example.org/a.png' alt='A map'>", "https://example.org/a.png"),
        ("<img src='@@PLUGINFILE@@/a%20b.png' alt='A map'>", "'a b.png'"),
        ("<img src='../../etc/passwd'>", "'passwd'"),
        ("<img src='data:text/html;base64,AAAA'>", "is not in the file"),
    ],
)
def test_what_cannot_come_along_is_named(text: str, named: str) -> None:
    written, changes = html(text)
    assert len(changes) == 1
    assert named in changes[0]
    assert "<" not in written


def test_pictures_in_the_text_and_next_to_the_file_come_along(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(PNG)
    texts, quiz = reader(tmp_path)
    changes: list[str] = []
    written = texts.html(f"<img src='{TINY}' alt='dot'><img alt='[dot]' src='{TINY}'>", changes)
    (first,) = quiz.images
    assert written == f"![dot]({first})![(dot)]({first})"
    written = texts.markdown("![A map](images/map.png)", changes)
    (second,) = quiz.images.keys() - {first}
    assert written == f"![A map]({second})"
    assert second.startswith("map-")
    assert set(quiz.images.values()) == {PNG}
    assert not changes
    assert texts.html("<img src='map.png'>", changes) == f"![map]({second})"
    assert "no description" in changes[0]


def test_markdown_of_other_programs_loses_only_what_is_named() -> None:
    texts, _ = reader()
    changes: list[str] = []
    text = "### Logic ###\n\nA <br> b `<br>` <b>c</b> \\(x\\)\n\n```html\n# <div>\n```"
    assert texts.markdown(text, changes) == "**Logic**\n\nA\\\nb `<br>` **c** $x$\n\n```html\n# <div>\n```"
    assert not changes
    assert texts.markdown("<div>x</div> vector<int>", changes) == "x vector<int>"
    assert changes == ["The tag <div> was left out."]


def test_what_students_type_has_no_markup() -> None:
    assert without_markup("<p>a &lt;b&gt;\n c</p>") == "a <b> c"
    assert without_markup("a  b\nc") == "a b c"


@pytest.mark.parametrize("text", ["<b>" * 5_000, "<p>" + "x" * 100_001])
def test_text_that_would_keep_the_computer_busy_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError, match="A text has"):
        html(text)
