"""An author's Markdown for programs that take more of it for markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from civicquiz.authoring.markdown import flow
from civicquiz.authoring.plain_markdown import escaped, plain_markdown

SAME = {
    "a paragraph": "One *two* **three** `four <b>` [five](https://example.org/a_b)\nsix\\\nseven",
    "lists in lists": "- a\n- b\n  1. c\n  2. d\n\nlast",
    "a list from 3": "3. a\n4. b",
    "a table": "| a | b |\n| --- | --- |\n| *c* | `d\\|e` |",
    "code": "```python\nif a < b:\n    pass\n```\n\n    more `code`",
    "a quotation": "> a\n> b\n\nc",
    "formulas": "$a < b$ and $$c^2$$\n\n$$\nd\n$$\n\n\\begin{align}\na &= b\n\\end{align}",
    "no heading and no HTML": "# One <b>two</b> &amp; <script>three</script>\n\n<div>\n\n*four*\n\n</div>",
    "a refused link": "[a](javascript:alert(1)) and [b](data:text/html,x)\n\nc",
    "money": "It cost $5 and $10.",
    "options that look like lists": "1798. Or so",
    "a role": "{abbr}`x`",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_it_shows_the_same_where_the_same_rules_hold(text: str) -> None:
    assert flow(plain_markdown(text)) == flow(text)


def test_image_becomes_its_description() -> None:
    assert plain_markdown("![A map of *Ohio*](map.png)") == "A map of *Ohio*"


#: As other programs read it: with raw HTML, headings, and links to anywhere.
OTHER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OTHER.validateLink = lambda url: True  # type: ignore[method-assign]
PIECES = ["a", "1", "3.", " ", "    ", "\n", "\n\n", *"`*_[]()!<>&$|#-+=\\~{}:'\"^/", "<b>", "&lt;", "](javascript:x)"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("`<b>`` <b>")
@example("[a]: javascript:x\n\n[a]")
@example("$<script>$")
def test_no_tag_heading_or_link_of_an_author_comes_through(text: str) -> None:
    plain = plain_markdown(text)
    tokens = [inner for token in OTHER.parse(plain) for inner in (token, *(token.children or ()))]
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "html_inline", "heading_open", "image"}
    assert all("javascript:" not in str(token.attrs.get("href")) for token in tokens)


@given(st.text("ab1.\n -+#=*_`<>&$~^|{}[]()!\\", max_size=40))
def test_escaped_words_are_shown_as_they_are(words: str) -> None:
    words = " ".join(words.split())
    shown = unescape(re.sub(r"</?p>\n?", "", OTHER.render(escaped(words))))
    assert shown == words
