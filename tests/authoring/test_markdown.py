"""An author's Markdown becomes harmless HTML."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicquiz.authoring.code import code_html
from civicquiz.authoring.formulas import MAX_FORMULA
from civicquiz.authoring.markdown import (
    _parser,
    doubtful,
    flow,
    has_formula,
    inline,
    is_block,
    mistakes,
    passage,
    pictures,
    render,
)

Convert = Callable[..., str]

#: The MathML elements that may come out, with their attributes.
LENGTHS = {"depth", "height", "lspace", "rspace", "voffset", "width", "linethickness", "maxsize", "minsize"}
SETTINGS = {"accent", "accentunder", "displaystyle", "mathvariant", "scriptlevel", "style"}
OPERATOR = {"form", "movablelimits", "stretchy"}
STYLE = r"(?:(?:text-align|justify-items|padding|border|font)[a-z-]*: ?[a-z0-9. ]+(?:;|$))*"
MATHML_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
MATHML = (
    *("mi", "mn", "mo", "mtext", "mspace", "mrow", "msqrt", "mstyle", "mpadded", "mphantom", "mtable", "mtr", "mtd"),
    *("mfrac", "mroot", "msub", "msup", "munder", "mover", "msubsup", "munderover"),
)

ALLOWED = {
    **dict.fromkeys(MATHML, LENGTHS | SETTINGS | OPERATOR),
    "math": {"xmlns", "display", "class", "aria-label"},
    "img": {"src", "alt", "title"},
    "p": set(),
    "em": set(),
    "strong": set(),
    "code": set(),
    "pre": {"class", "tabindex"},
    "span": {"class"},
    "a": {"href", "title"},
    "br": set(),
    "hr": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "blockquote": set(),
    "table": {"class"},
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"style"},
    "td": {"style"},
}

#: The images that tests may use.
IMAGES = {"a.png": "data:image/png;base64,QQ==", "figures/b c.svg": "data:image/svg+xml;base64,Qg=="}

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
    "![x](a.png)",
    '!["><script>alert(1)</script>](a.png)',
    '![x" onerror="alert(1)](a.png)',
    "![<img src=x onerror=alert(1)>](a.png 'x\" onerror=\"alert(1)')",
    "![&quot; onerror=&quot;alert(1)](a.png '&quot;onload=&quot;x')",
    "![&lt;script&gt;](nope.png)",
    '![x](a.png" onerror="alert(1))',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](//example.org/x.png)",
    "![x][r]\n\n[r]: a.png 'title'",
    "![![inner](a.png)](figures/b%20c.svg)",
    "[![x](a.png)](javascript:alert(1))",
    "{math}`x^2`",
    "{math}`<script>alert(1)</script>`",
    "{math}`\\text{</mtext></math><script>alert(1)</script>}`",
    "{math}`\\text{&lt;script&gt;&#x3c;img src=x onerror=alert(1)&#x3e;}`",
    "{math}`\\unicode{x3c}\\unicode{x22}`",
    "{math}`\\href{javascript:alert(1)}{x}`",
    "{math}`\\style{position:fixed;inset:0}{x}\\class{x}{y}`",
    '{math}`\\color{red" onmouseover="alert(1)}x`',
    '{math}`\\hspace{9em"onclick="alert(1)}\\rule{9999em}{9999em}`',
    '{math}`\\begin{array}{c"onclick=x}a\\end{array}`',
    "{math}`\\operatorname{<b>}\\verb|<b>|\\mbox{<b>}`",
    "{math}`x^{`",
    "{<script>}`x`",
    "{script}`<script>alert(1)</script>`",
    "{a:b}``<b>`</b>``",
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
        if tag not in ("br", "hr", "img"):
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
            assert urlsplit(href.strip().lower()).scheme in ("", "http", "https", "mailto"), href
        if tag == "img":
            assert attributes["src"] in IMAGES.values()
            assert "alt" in attributes
        if tag == "math":
            assert attributes["display"] in ("inline", "block")
            assert (attributes["xmlns"], attributes["class"]) == (MATHML_NAMESPACE, "civicquiz-formula")
        elif tag in MATHML:
            for name, value in attributes.items():
                allowed = STYLE if name == "style" else r"[a-z-]+|-?[0-9]{0,2}(\.[0-9]+)?(em|ex|px|pt|rem)?"
                assert re.fullmatch(allowed, value or ""), attributes
        elif "style" in attributes:
            assert attributes["style"] in ("text-align:left", "text-align:center", "text-align:right")
    return reader


@pytest.mark.parametrize("convert", [render, inline])
@pytest.mark.parametrize("text", INJECTIONS)
def test_markup_in_author_text_is_harmless(convert: Convert, text: str) -> None:
    _assert_harmless(convert(text))
    _assert_harmless(convert(text, IMAGES))


_pieces = st.sampled_from(
    [
        *INJECTIONS,
        "\n",
        "\n\n",
        " ",
        "`",
        "*",
        "_",
        "[",
        "](",
        ")",
        "<",
        ">",
        '"',
        "'",
        "    ",
        "> ",
        "- ",
        "![",
        "](a.png)",
        "](<figures/b c.svg>",
        "{math}`",
        "{role}`",
        "``",
        "&quot;",
        "\\",
    ]
)


@pytest.mark.parametrize("convert", [render, inline])
@given(text=st.one_of(st.text(), st.lists(_pieces, max_size=12).map("".join)))
def test_output_of_arbitrary_text_is_harmless(convert: Convert, text: str) -> None:
    _assert_harmless(convert(text, IMAGES))
    pictures(text)
    mistakes(text)


@given(st.text("<>&\"'abc =/", min_size=1, max_size=30))
def test_text_without_markdown_is_read_back_as_it_was_written(text: str) -> None:
    shown = _read(inline(text)).text
    assert shown.strip() == text.strip()


@given(st.text("ab1 .)-+=#:;,'!?()/%é\u00a0\t\u2028", min_size=1, max_size=12))
def test_text_that_is_recognized_as_plain_is_what_the_parser_makes_of_it(text: str) -> None:
    env = {"images": {}, "numbers": (), "in_label": False}
    assert render(text) == _parser().render(text, env).strip()
    assert inline(text) == _parser().renderInline(text, env).strip()


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


# ---- Images ----


@pytest.mark.parametrize("convert", [render, inline])
@given(words=st.text(max_size=30), title=st.text(max_size=30), name=st.sampled_from([*IMAGES, "nope.png"]))
def test_no_description_and_no_title_breaks_out_of_its_attribute(
    convert: Convert, words: str, title: str, name: str
) -> None:
    _assert_harmless(convert(f'![{words}](<{name}> "{title}")', IMAGES))


def test_image_that_is_given_is_shown_with_its_description_and_title() -> None:
    uri = IMAGES["a.png"]
    assert render("![A map](a.png)", IMAGES) == f'<p><img src="{uri}" alt="A map" /></p>'
    assert inline("See ![A map](a.png 'Of 1798')", IMAGES) == f'See <img src="{uri}" alt="A map" title="Of 1798" />'
    assert IMAGES["figures/b c.svg"] in inline("![x](<figures/b c.svg>)", IMAGES)


def test_markup_in_a_description_is_left_out_and_its_words_are_kept() -> None:
    shown = inline("![A *map* of `x` &amp; [y](z)\nin {math}`x^2`](a.png)", IMAGES)
    assert 'alt="A map of x &amp; y in x^2"' in shown


@pytest.mark.parametrize("images", [None, {}, {"b.png": "data:image/png;base64,QQ=="}])
def test_image_that_is_not_given_is_shown_as_its_description(images: dict[str, str] | None) -> None:
    assert inline("See ![A <map>](a.png)", images) == "See A &lt;map&gt;"
    assert render("![A map](https://example.org/a.png)", images) == "<p>A map</p>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("![a](b.png)", [("b.png", "a")]),
        ("see ![a *b*](c/d.svg 'title') here", [("c/d.svg", "a b")]),
        ("![a][r]\n\n[r]: b.png", [("b.png", "a")]),
        ("- x\n- ![a](b)\n\n| ![c](d) |\n| --- |", [("b", "a"), ("d", "c")]),
        ("![](<my map.png>) ![ü](größe.png)", [("my map.png", ""), ("größe.png", "ü")]),
        ("[[![a](b.png)]] and [![c](d.png)](e)", [("b.png", "a"), ("d.png", "c")]),
        ("# ![a](b.png)", [("b.png", "a")]),
        ("![a](file:///etc/passwd)", [("file:///etc/passwd", "a")]),
        ("![a](javascript:x)", [("javascript:x", "a")]),
        ("![a](../b%2e%2e/c)", [("../b../c", "a")]),
    ],
)
def test_every_image_of_a_text_is_found_with_its_name_as_written(text: str, found: list[tuple[str, str]]) -> None:
    assert pictures(text) == found


@pytest.mark.parametrize("text", ["a!", "[a](b)", "`![a](b)`", "wow![", "\\![a](b)", "    ![a](b)"])
def test_what_only_looks_like_an_image_is_none(text: str) -> None:
    assert pictures(text) == []


@given(name=st.text("abcü ._-%#?&'/", min_size=1, max_size=20).map(str.strip).filter(bool))
def test_image_is_shown_under_the_name_that_was_found(name: str) -> None:
    text = f"![x](<{name}>)"
    for found, _ in pictures(text):
        assert "<img" in inline(text, {found: IMAGES["a.png"]})


@pytest.mark.parametrize("text", ["![](a.png)", "![ ](a.png)", "![&#32;](a.png)", "![\u00a0](a.png)"])
def test_image_without_a_description_is_a_mistake(text: str) -> None:
    ((message, hint),) = mistakes(text)
    assert message == "the image 'a.png' has no description"
    assert hint == "write what it shows: ![what it shows](a.png)"


# ---- Math ----


SQUARE = (
    f'<math xmlns="{MATHML_NAMESPACE}" class="civicquiz-formula" display="inline" aria-label="x^2 + 1">'
    "<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn></math>"
)


def test_math_becomes_mathml() -> None:
    assert inline("{math}`x^2 + 1`") == SQUARE
    assert render("So {math}``x^2 + 1``.") == f"<p>So {SQUARE}.</p>"
    assert inline("So $x^2 + 1$.") == f"So {SQUARE}."


@pytest.mark.parametrize(
    "text",
    [
        "$$x^2 + 1$$",
        "$$\nx^2\n+ 1\n$$",
        "```{math}\nx^2 + 1\n```",
        "```math\nx^2 + 1\n```",
        "\\begin{equation}\nx^2 + 1\n\\end{equation}",
        "Einstein: $$x^2 + 1$$",
    ],
)
def test_display_formulas_of_jupyter_authors_are_shown(text: str) -> None:
    html = render(text)
    assert 'display="block"' in html
    assert _assert_harmless(html).text.strip().removeprefix("Einstein: ") == "x2+1"
    assert has_formula(text)


def test_markdown_changes_nothing_in_a_formula() -> None:
    reader = _assert_harmless(inline(r"$a_1 b_2$, $c+d_e+f_g$, $5\,\%$, **$f$**"))
    assert reader.text == "a1b2, c+de+fg, 5%, f"
    assert [tag for tag, _ in reader.elements if tag in ("em", "strong")] == ["strong"]


@pytest.mark.parametrize("place", ["{}", "- {}", "> {}", "**{}**", "[{}](https://example.org)", "| a |\n| - |\n| {} |"])
def test_a_formula_may_stand_in_any_markup(place: str) -> None:
    assert "<msup>" in render(place.format("$x^2$"))


MONEY = [
    "It cost $5 and $10.",
    "US$5 to US$10",
    "$5-$10",
    "from $480,000 to $1.5 million",
    "5$ or 6$",
    "$100 (in 1990$)",
    "$100 in 1990$",
    "a $ sign",
    r"\$5 and \$6",
    r"\$x\$",
    "`$x$`",
    "$5M/$6M",
    "cost: $5; price: $6",
    "$3.3 billion to the states, $2 billion to cities",
]


@pytest.mark.parametrize("text", [*MONEY, "a {} b", "{math} `x`", r"\{math}`x`", "$ x^2 $", "$x$2", "$$", "$"])
def test_money_and_other_text_is_no_formula(text: str) -> None:
    assert "<math" not in render(text)
    assert "<math" not in inline(text)
    assert mistakes(text) == []
    assert not has_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "$2x$",
        "$5$",
        "$3 + 4$",
        "$1,000$",
        "$v = 5$",
        "$10^3 in$",
        "$2 m$",
        r"$2 \pi r$",
        r"$1 \ne 0$",
        "costs $x$ dollars",
    ],
)
def test_formula_that_begins_with_a_number_is_one(text: str) -> None:
    assert "<math" in inline(text)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), st.sampled_from(" ,;-/("))
def test_amounts_of_money_are_never_formulas(cents: list[int], between: str) -> None:
    text = f" and{between}".join(f"${amount / 100:,.2f}" for amount in cents) + " were paid."
    assert "<math" not in inline(text)
    assert _read(inline(text)).text == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$100 in 1990$", "'$100 in 1990$' is read as amounts of money"),
        ("$5 (or 6$)", "'$5 (or 6$' is read as amounts of money"),
        ("$ x^2 $", "'$ x^2 $' is not read as a formula"),
        (r"$\alpha$2", r"'$\alpha$' is not read as a formula"),
        (r"the value \frac{1}{2}", r"'\frac' is shown as it is typed"),
        (r"a $5 coin and \ce{H2O}", r"'\ce' is shown as it is typed"),
        (r"the angle \alpha.", r"'\alpha' is shown as it is typed"),
    ],
)
def test_what_could_be_money_or_a_formula_is_told(text: str, message: str) -> None:
    ((found, hint),) = doubtful(text)
    assert found == message
    assert hint


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("word.mp3", "word.mp3"),
        ("audio/a%20b.ogg", "audio/a b.ogg"),
        ("../sheet.pdf?x#y", "../sheet.pdf"),
        ("data.csv", "data.csv"),
    ],
)
def test_link_to_a_file_that_does_not_come_along_is_told(url: str, file: str) -> None:
    ((message, hint),) = mistakes(f"Listen to [this]({url}) first.")
    assert message == f"the link leads to the file '{file}', which is not copied along with the quiz"
    assert hint


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a.mp3", "mailto:a@example.org", "lesson.html", "../law.md#x", "#place", "/a.mp3", "nb.ipynb"],
)
def test_link_to_the_web_or_within_the_site_is_no_mistake(url: str) -> None:
    assert mistakes(f"See [this]({url}).") == []


@pytest.mark.parametrize(
    "text", ["It cost $5 and $10.", r"$\frac{1}{2}$", "no dollar", r"a\_b", "{math}`x`", r"`\frac`", "$"]
)
def test_clear_text_is_not_in_doubt(text: str) -> None:
    assert doubtful(text) == []


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"a < b \& c", "a<b&c"),
        (r"\text{5\% of <b>}", "5% of <b>"),
        (r"\$480{,}000 \le \alpha", "$480,000≤α"),
        (r"\left\{ x \right.", "{x\N{INVISIBLE SEPARATOR}"),
        (r"\mathop{abc} \mathrel{R}", "abcR"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(abcd)"),
    ],
)
def test_symbols_in_a_formula_are_shown(formula: str, shown: str) -> None:
    reader = _assert_harmless(inline(f"{{math}}`{formula}`"))
    assert reader.elements[0][0] == "math"
    assert reader.text.replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize("role", ["{claim}`h04`", "{a}``b`c``", "{x:y-z}`<b>`", "{Math}`x`"])
def test_other_roles_stay_as_they_were_typed(role: str) -> None:
    reader = _read(inline(f"See {role}."))
    assert (reader.elements, reader.text) == ([], f"See {role}.")


BAD_FORMULAS = [
    ("x^{", "cannot be read"),
    ("x}", "cannot be read"),
    ("}{", "cannot be read"),
    ("x^", "cannot be read"),
    (" ", "is empty"),
    (r"\frac{1}", "cannot be read"),
    (r"\left( x", "cannot be read"),
    (r"\begin{matrix} a", "cannot be read"),
    (r"\begin{nothing} a & b \end{nothing}", "has the unknown environment 'nothing'"),
    (r"\unicode{zzz}", "has an unknown command"),
    ("a & b", "cannot be read"),
    ("{" * 200 + "x" + "}" * 200, "is nested too deeply"),
    (r"\sqrt" * 99 + " x", "is nested too deeply"),
    (r"\left(" * 60 + r"\right)" * 60, "is nested too deeply"),
    ("x" * (MAX_FORMULA + 1), "has more than 2,000 characters"),
    (r"\farc{1}{2}", r"has an unknown command '\farc'"),
    ("\\" + "x" * 400, "has an unknown command"),
    (r"\def\a{b}\a", r"uses '\def', which defines a command"),
    (r"\href{x}{y}", r"uses '\href', which is a link"),
    (r"\cancel{x}", r"uses '\cancel', which crosses something out"),
    (r"50 % of x", "has a '%' without a backslash"),
    ("\x0crac{1}{2}", "contains a control character"),
    (r"\ce{~}", r"has '~' in \ce"),
]


@pytest.mark.parametrize(("formula", "words"), BAD_FORMULAS)
def test_formula_that_cannot_be_read_is_a_mistake_and_is_shown_as_its_source(formula: str, words: str) -> None:
    text = f"{{math}}`{formula}`"
    ((message, hint),) = mistakes(text)
    assert message.startswith("the formula '")
    assert words in message
    assert len(message) < 180
    assert message.isprintable()
    assert hint
    reader = _assert_harmless(inline(text))
    assert [tag for tag, _ in reader.elements] == ["code"]
    assert reader.text == formula


@pytest.mark.parametrize("formula", ["x" * MAX_FORMULA, r"\frac{1}{2}", r"x'", r"100\,\%", r"\{x\}", r"\sum_{i=1}^n i"])
def test_good_formula_is_not_a_mistake(formula: str) -> None:
    assert mistakes(f"{{math}}`{formula}`") == []


def test_mistakes_in_a_text_are_reported_together_in_order() -> None:
    found = mistakes("{math}`x^{` and ![](a.png)\n\n- {math}`\\nope`")
    assert [message.split("'")[1] for message, _ in found] == ["x^{", "a.png", "\\nope"]


#: Commands and characters that could do harm or go wrong, especially in combination.
TEX = r"""
\frac \sqrt \sqrt[3] \left( \right) \left< \text{ \mbox{ \operatorname{ \verb| \unicode{ \begin{array} \end{array}
\begin{cases} \end{cases} \mathbf \hspace{ \raise \skew \genfrac \not \over \choose \limits \sum \lim \bmod \hat
\overbrace \underbrace \xrightarrow \phantom \smash \mathop \mathchoice \big \Huge \displaystyle \LaTeX \\ \& \%
{ } [ ] ^ _ & # $ % < > \" ' | 1 x 9999em &#x3c; &lt; <b> onclick=x ~
"""
_tex = st.sampled_from(TEX.split())


@settings(max_examples=300)
@given(tex=st.lists(st.one_of(_tex, st.text(max_size=3)), max_size=30).map(" ".join))
def test_formula_of_arbitrary_commands_is_harmless_and_is_shown_or_is_a_mistake(tex: str) -> None:
    text = f"{{math}}```````{tex}```````"
    reader = _assert_harmless(inline(text))
    if reader.elements and reader.elements[0][0] == "math":
        assert mistakes(text) == []


@pytest.mark.parametrize(
    "formula",
    [
        "{" * 250 + "}" * 250,
        r"\sideset{}{}{" * 35 + "x" + "}" * 35,
        r"\def\a{{x}}"
        + "".join(rf"\def\{b}{{{{\{a}}}{{\{a}}}{{\{a}}}}}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        r"\frac" * 100,
        "x_" * 250,
        "'" * 500,
        r"\begin{matrix}" * 35,
        r"\operatorname{" + " " * 480,
        r"\hbox{$" * 60,
        "1" * 500,
        r"\left\{" * 70,
    ],
)
def test_formula_never_keeps_the_reader_busy(formula: str) -> None:
    start = time.perf_counter()
    inline(f"{{math}}`{formula}`")
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("sign", ["![", "![a](", "![a](b.png)", "{math}`", "{math}`x`", "[!["])
def test_text_as_long_as_may_be_is_read_in_time(sign: str) -> None:
    text = sign * (10_000 // len(sign))
    start = time.perf_counter()
    pictures(text)
    mistakes(text)
    render(text, IMAGES)
    assert time.perf_counter() - start < 5


# ---- Speed ----


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("Just words", []),
        ("Words *with* emphasis!", ["markdown_it"]),
        ("It cost $5 in {1798}", ["markdown_it"]),
        ("{math}`x`", ["markdown_it", "math_core"]),
        ("$x$", ["markdown_it", "math_core"]),
    ],
)
def test_libraries_are_loaded_only_when_a_text_needs_them(text: str, loaded: list[str]) -> None:
    program = f"""
import sys
from civicquiz.authoring.markdown import mistakes, pictures, render
pictures({text!r}) + mistakes({text!r})
if {"math" not in text and "$" not in text}:
    assert "markdown_it" not in sys.modules
render({text!r})
print([name for name in ("markdown_it", "math_core") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(loaded), done.stderr


# ---- Links ----

#: Schemes that start a program, run a script, read a file, or call a number.
SCHEMES = (
    *("javascript", "vbscript", "data", "file", "blob", "about", "view-source", "jar", "ftp", "sftp", "smb", "ssh"),
    *("ms-msdt", "ms-word", "ms-excel", "ms-officecmd", "ms-settings", "search-ms", "mhtml", "shell", "intent", "itms"),
    *(
        "tel",
        "sms",
        "facetime",
        "skype",
        "zoommtg",
        "vscode",
        "steam",
        "magnet",
        "ldap",
        "gopher",
        "ws",
        "x",
        "a+b.c-1",
    ),
)
#: What a browser drops or decodes before it looks for the scheme, or writes in another way.
SPELLINGS = (
    "{}:x",
    " {}:x",
    "&#32;{}:x",
    "{}&#58;x",
    "{}&colon;x",
    "{}%3ax",
    "&#1;{}:x",
    "&#9;{}:x",
    "<{}:x>",
    "{}:x?a=b#c",
    "{}://x/y",
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_link_with_any_other_scheme_than_those_of_the_web_and_mail_is_no_link(scheme: str) -> None:
    halves = (scheme[:1], scheme[1:])
    for name in (scheme, scheme.upper(), "&#9;".join(halves), "&#10;".join(halves), "&#xa0;".join(halves)):
        for spelling in SPELLINGS:
            url = spelling.format(name)
            for text in (f"[x]({url})", f"[x]: {url}\n\n[x]", f"[![x](a.png)]({url})", f"<{url}>"):
                html = render(text)
                for href in re.findall(r'href="([^"]*)"', html):
                    assert urlsplit(re.sub(r"[\x00-\x20]", "", unescape(href))).scheme in (
                        "",
                        "http",
                        "https",
                        "mailto",
                    )


@pytest.mark.parametrize(
    "url",
    [
        *("https://example.org/a:b?c=d:e#f:g", "http://example.org", "mailto:ann@example.org", "HTTPS://example.org"),
        *("page.html", "../page.html#part", "#part", "/page", "?a=b:c", "page/a:b", "#a:b", "//example.org/x"),
    ],
)
def test_link_to_the_web_to_a_mailbox_or_within_the_site_is_a_link(url: str) -> None:
    assert f'href="{url}"' in render(f"[x]({url})")


# ---- Blocks ----


@pytest.mark.parametrize(
    "text", ["1798. Or so", "- 3", "+ 5", "> 5", "# 1", "    x", "a", "$$x$$", "one\nand the same line"]
)
def test_one_paragraph_is_no_block_whatever_it_starts_with(text: str) -> None:
    assert not is_block(text)
    assert flow(text) == inline(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("```\na\n```", "<pre"),
        ("a\n\nb", "<p>"),
        ("- a\n- b", "<ul>"),
        ("| a |\n| - |\n| b |", '<table class="civicquiz-table">'),
        ("a\n\n    b", "<pre"),
    ],
)
def test_block_of_an_option_is_shown_as_one(text: str, tag: str) -> None:
    assert is_block(text)
    assert tag in flow(text)


def test_code_is_marked_by_its_language_and_escaped() -> None:
    html = render("```python\nif x < '<b>':  # why\n```")
    assert html == (
        '<pre class="civicquiz-code" tabindex="0"><code><span class="cq-code-keyword">if</span> x &lt; '
        '<span class="cq-code-string">&#x27;&lt;b&gt;&#x27;</span>:  '
        '<span class="cq-code-comment"># why</span></code></pre>'
    )


@pytest.mark.parametrize("language", ["", "no-such-language", "<script>", "python'"])
def test_code_of_an_unknown_language_is_shown_without_marks(language: str) -> None:
    assert render(f"```{language}\nif 1: <b>\n```") == (
        '<pre class="civicquiz-code" tabindex="0"><code>if 1: &lt;b&gt;</code></pre>'
    )


@pytest.mark.parametrize("text", ["```python\nx = 1\n```", "a\n\n    x = 1"])
def test_code_can_be_focused_to_scroll_it_but_not_in_a_label(text: str) -> None:
    assert ' tabindex="0"' in render(text)
    assert " tabindex" not in flow(text)


def test_cell_without_words_is_no_heading() -> None:
    html = render("| | a |\n| :-: | - |\n| b | |\n")
    assert '<td style="text-align:center"></td>\n<th>a</th>' in html
    assert html.count("<th") + html.count("<td") == 4 + 1  # and <thead>


@given(
    st.text(st.characters(exclude_characters="\r"), max_size=200),
    st.sampled_from(["python", "java", "sql", "html", "c", "javascript", "bash"]),
)
def test_marks_change_nothing_of_the_code(source: str, language: str) -> None:
    html = code_html(source, language)
    assert unescape(re.sub(r"<[^>]*>", "", html)) == source


@pytest.mark.parametrize(
    ("language", "code"),
    [("python", 'print(f"{n} {x}")  # {n}'), ("js", "let a = `${n}`;"), ("bash", 'echo "${n}" ${n}'), ("", "{n} {x}")],
)
def test_names_of_numbers_in_code_stay_whole_for_the_numbers(language: str, code: str) -> None:
    html = render(f"```{language}\n{code}\n```", {}, ("n",))
    assert html.count("{n}") == code.count("{n}")
    assert unescape(re.sub(r"<[^>]*>", "", html)) == code


def test_unknown_language_is_a_warning() -> None:
    assert doubtful("```pyhton\nx\n```") == [
        ("'pyhton' is not a language whose code can be colored", "write python, for example, or nothing")
    ]
    assert doubtful("```python\nx\n```") == []


def test_formulas_are_latex_for_a_program_that_draws_it() -> None:
    tex, html = r"$x^2 < {n}$", r"\(x^2 &lt; {{n}}\)"
    assert render(f"a {tex}", numbers=["n"], latex=True) == f"<p>a {html}</p>"
    assert inline(tex, numbers=["n"], latex=True) == html
    assert flow(f"- {tex}\n- b", numbers=["n"], latex=True).startswith(f"<ul>\n<li>{html}</li>")
    assert passage([f"{tex} is ", ""], numbers=["n"], latex=True)[0] == f"{html} is "
    assert render("$$\\frac12$$", latex=True) == "<p>\\[\\frac12\\]</p>"


def test_text_that_looks_like_latex_is_no_formula_for_such_a_program() -> None:
    for sign in "([":
        shown = rf"a \<span>{sign}</span>x"
        assert inline(rf"a \\{sign}x", latex=True) == shown
        assert render(f"{'|' * 3000}\n\\{sign}", latex=True).endswith(rf"\<span>{sign}</span></p>")
        assert inline(rf"{{role}}`\{sign}`", latex=True) == rf"{{role}}`\<span>{sign}</span>`"
        assert inline(rf"a \\{sign}x") == rf"a \{sign}x"
