"""Author's Markdown comes out as harmless HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.markdown import inline, is_image, render

ALLOWED = {
    "p": set(),
    "em": set(),
    "strong": set(),
    "code": {"class"},
    "pre": set(),
    "a": {"href", "title"},
    "br": set(),
    "hr": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "blockquote": set(),
    "table": set(),
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"style"},
    "td": {"style"},
}

INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "```<img/onerror=x>\n</code><script>alert(1)</script>\n```",
    '```" onmouseover="alert(1)\nx\n```',
    "| <script>x</script> | b |\n| --- | :-: |\n| <b onclick=x>c</b> | d |",
    "</p></div></script><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --><iframe src=x>",
    "<style>*{}</style>",
    "![x](https://example.org/x.png)",
    "![x](x onerror=alert(1))",
    "# heading\n\ntext\n===\n",
    "\x00<b>",
]


class _Reader(HTMLParser):
    """Collects every element and comment of some HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.other: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def _assert_harmless(html: str) -> _Reader:
    reader = _read(html)
    assert not reader.open, f"never closed: {reader.open}"
    assert not reader.other
    for tag, attributes in reader.elements:
        assert tag in ALLOWED, tag
        assert set(attributes) <= ALLOWED[tag], attributes
        href = attributes.get("href")
        if href is not None:
            assert urlsplit(href.strip().lower()).scheme not in ("javascript", "vbscript", "file"), href
            assert not href.strip().lower().startswith("data:text"), href
        if "style" in attributes:
            assert attributes["style"] in ("text-align:left", "text-align:center", "text-align:right")
    return reader


@pytest.mark.parametrize("convert", [render, inline])
@pytest.mark.parametrize("text", INJECTIONS)
def test_markup_in_author_text_is_harmless(convert: type[str], text: str) -> None:
    _assert_harmless(convert(text))


_pieces = st.sampled_from(
    [*INJECTIONS, "\n", "\n\n", " ", "`", "*", "_", "[", "](", ")", "<", ">", '"', "'", "    ", "> ", "- "]
)


@pytest.mark.parametrize("convert", [render, inline])
@given(text=st.one_of(st.text(), st.lists(_pieces, max_size=12).map("".join)))
def test_output_of_arbitrary_text_is_harmless(convert: type[str], text: str) -> None:
    _assert_harmless(convert(text))


@given(st.text("<>&\"'abc =/", min_size=1, max_size=30))
def test_text_without_markdown_is_read_back_as_it_was_written(text: str) -> None:
    shown = _read(inline(text)).text
    assert shown.strip() == text.strip()


def test_raw_html_is_shown_as_text() -> None:
    assert render("a <b>c</b> & d") == "<p>a &lt;b&gt;c&lt;/b&gt; &amp; d</p>"
    assert inline("a <b>c</b> & d") == "a &lt;b&gt;c&lt;/b&gt; &amp; d"


def test_markdown_counts() -> None:
    assert render("*a* and **b** and `c`") == "<p><em>a</em> and <strong>b</strong> and <code>c</code></p>"
    assert "<li>" in render("- a\n- b")
    assert "<td>" in render("| a |\n| --- |\n| b |")
    assert render("[a](https://example.org/)") == '<p><a href="https://example.org/">a</a></p>'


def test_plain_text_is_one_paragraph_and_inline_none() -> None:
    assert render("Just words") == "<p>Just words</p>"
    assert inline("Just words") == "Just words"
    assert render("Two. Sentences!") == "<p>Two. Sentences!</p>"


@pytest.mark.parametrize("text", ["# a", "###### a", "a\n===", "a\n---"])
def test_there_are_no_headings(text: str) -> None:
    assert not [tag for tag, _ in _read(render(text)).elements if tag.startswith("h") and tag != "hr"]


@pytest.mark.parametrize("text", ["1798", "3. of May", "* star", "# sign", "> quote", "1812"])
def test_label_that_starts_like_a_list_stays_one_line(text: str) -> None:
    assert inline(text) == text.replace(">", "&gt;")


@pytest.mark.parametrize("text", ["![a](b.png)", "see ![a](b.png) here", "![a][r]\n\n[r]: b.png", "- x\n- ![a](b)"])
def test_image_is_recognised(text: str) -> None:
    assert is_image(text)


@pytest.mark.parametrize("text", ["a!", "[a](b)", "`![a](b)`", "wow![", "\\![a](b)", "    ![a](b)"])
def test_what_only_looks_like_an_image_is_none(text: str) -> None:
    assert not is_image(text)


def test_image_never_reaches_the_page() -> None:
    assert "<img" not in render("![a](https://example.org/a.png)")
