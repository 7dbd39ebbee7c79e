"""An author's Markdown -> safe HTML.

CommonMark with tables, but without raw HTML (it is shown as text) and without headings (they would break the outline of
the page around the quiz). Links lead to the web or to a mailbox.

* Images come from a mapping of names to data URIs (see ``images``), so that no page requests anything from any host.
* Math becomes MathML (see ``formulas``). It is written as Jupyter authors write it: ``$x^2$``, ``$$x^2$$``, an
  environment such as ``\\begin{align}``, the role ``{math}`x^2```, a fence ```` ```{math} ````. Money stays money: a
  dollar sign begins a formula only if no space follows it, and one ends it only if no space is before it and no digit
  after it (as in Pandoc), and what begins with an amount and continues in words is money. Any other role stays as it
  was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from civicquiz.authoring.code import code_html, is_known
from civicquiz.authoring.formulas import formula, latex_html, names_in_formula, no_latex
from civicquiz.authoring.recordings import is_recording, recording_html
from civicquiz.authoring.wording import excerpt

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

__all__ = [
    "TABLE_CLASS",
    "doubtful",
    "flow",
    "formula_in",
    "formula_sources",
    "has_block",
    "has_formula",
    "has_recording",
    "in_code",
    "inline",
    "is_block",
    "misplaced",
    "mistakes",
    "names_in_formulas",
    "parsed",
    "passage",
    "pictures",
    "render",
    "with_placeholders",
]

#: The class of a table. ``static/blocks.css`` has its lines.
TABLE_CLASS = "civicquiz-table"

#: A text that is a plain paragraph, as most texts of a quiz are: on one line, without anything that may be markup, and
#: without what could begin a list or the line below a heading.
_SIGN, _INNER_SIGN = (rf"[^{space}\x00\\`*_{{}}\[\]~|><&$\"]" for space in (r"\s", r"\r\n"))
_PLAIN = re.compile(rf"(?![-+=#]|\d+[.)]){_SIGN}(?:{_INNER_SIGN}*{_SIGN})?")

#: The most images, and link definitions, in one text; the most brackets, and other characters that may be markup; and
#: the most cells of a table.
_MOST_IMAGES = 50
_MOST_BRACKETS = 500
_MOST_MARKUP = 3_000
_MOST_CELLS = 2_000
_MARKUP_CHARACTERS = re.compile(r"[\[\]*_`<&{}!$]")


def render(
    text: str, images: Mapping[str, str] | None = None, numbers: Iterable[str] = (), *, latex: bool = False
) -> str:
    r"""Block Markdown as HTML: paragraphs, lists, tables, code, quotations.

    ``images`` maps the name of an image, as :func:`pictures` gives it, to its data URI. An image that is not in it is
    shown as its description. ``numbers`` are names of numbers that come later: ``{name}`` stays as it is, also where
    a formula has it in place of a number. With ``latex``, formulas are ``\(...\)`` or ``\[...\]`` instead of MathML.
    """
    return _block(text, images, numbers, in_label=False, latex=latex)


def _block(text: str, images: Mapping[str, str] | None, numbers: Iterable[str], *, in_label: bool, latex: bool) -> str:
    if _PLAIN.fullmatch(text):
        return f"<p>{text}</p>"
    if _too_large(text):
        return f"<p>{_text_html(text, latex=latex)}</p>"
    env = {"images": images or {}, "numbers": tuple(numbers), "in_label": in_label, "latex": latex}
    html: str = _parser().render(text, env).strip()
    return html


def inline(
    text: str, images: Mapping[str, str] | None = None, numbers: Iterable[str] = (), *, latex: bool = False
) -> str:
    """Markdown inside one line as HTML, for a label: emphasis, code, links, images and math, no paragraphs.

    ``images``, ``numbers`` and ``latex`` are as for :func:`render`.
    """
    if _PLAIN.fullmatch(text):
        return text
    if _too_large(text):
        return _text_html(text, latex=latex)
    env = {"images": images or {}, "numbers": tuple(numbers), "latex": latex}
    html: str = _parser().renderInline(text, env).strip()
    return html


def _text_html(text: str, *, latex: bool) -> str:
    return no_latex(escape(text)) if latex else escape(text)


def is_block(text: str) -> bool:
    """Whether ``text`` is more than one paragraph: a list, a table, code, or several paragraphs on several lines.

    One line is never more: ``1798. Or so`` and ``- 3`` are options, and no lists.
    """
    if "\n" not in text.strip() or _too_large(text):
        return False
    tokens = _parser().parse(text)
    return len(tokens) != 3 or tokens[0].type != "paragraph_open"


def flow(
    text: str, images: Mapping[str, str] | None = None, numbers: Iterable[str] = (), *, latex: bool = False
) -> str:
    """As :func:`render` if ``text`` is a block, otherwise as :func:`inline`: for options, which may be either.

    There is nothing to focus in it, since it may be in a label; code is wrapped and not scrolled there.
    """
    if is_block(text):
        return _block(text, images, numbers, in_label=True, latex=latex)
    return inline(text, images, numbers, latex=latex)


def passage(
    pieces: Sequence[str], images: Mapping[str, str] | None = None, numbers: Iterable[str] = (), *, latex: bool = False
) -> list[str]:
    """A text with a slot between any two of its ``pieces``, which may be a block, as as many pieces of HTML.

    It is read as a whole, so a table can have slots in its cells, and a tag of the HTML can begin in one piece and end
    in another. ``images``, ``numbers`` and ``latex`` are as for :func:`render`.
    """
    whole, pattern = with_placeholders(pieces)
    if misplaced(pieces):  # only in a copy that somebody has changed
        return [inline(piece, images, numbers, latex=latex) for piece in pieces]
    return re.split(pattern, (render if is_block(whole) else inline)(whole, images, numbers, latex=latex))[::2]


def misplaced(pieces: Sequence[str]) -> list[int]:
    """The slots between ``pieces`` (see :func:`passage`), counted from 0, that are inside of something that cannot have
    any: a formula, a link, the description of an image.
    """
    whole, pattern = with_placeholders(pieces)
    images = {name: "data:image/png," for name, _ in pictures(whole)}  # others are shown as their description
    found = _numbers_of_placeholders(pattern, _CLOSED.sub("", flow(whole, images)))
    return [number for number in range(len(pieces) - 1) if number not in found]


def in_code(pieces: Sequence[str]) -> set[int]:
    """The slots between ``pieces`` (see :func:`passage`), counted from 0, that are in code."""
    whole, pattern = with_placeholders(pieces)
    return {
        number
        for code in re.findall(r"<code>.*?</code>", flow(whole), re.DOTALL)
        for number in _numbers_of_placeholders(pattern, code)
    }


#: What cannot have a slot in it: a link, a formula, a tag.
_CLOSED = re.compile(r"<a\b.*?</a>|<math\b.*?</math>|<[^>]*>", re.DOTALL)


def with_placeholders(pieces: Sequence[str]) -> tuple[str, str]:
    """(``pieces`` joined by placeholders, a pattern that finds these and their numbers, in letters).

    A placeholder is a word that the text does not have, since a word is a name or a text in every programming language.
    """
    everything = "".join(pieces).lower()
    stem = "cqslot"
    while stem in everything:
        stem += "q"
    first, *others = pieces
    placeholders = (f"{stem}{str(number).translate(_TO_LETTERS)}z" for number in range(len(others)))
    whole = first + "".join(f"{slot}{piece}" for slot, piece in zip(placeholders, others, strict=True))
    return whole, f"{stem}([a-j]+)z"


_TO_LETTERS = str.maketrans("0123456789", "abcdefghij")
_TO_DIGITS = str.maketrans("abcdefghij", "0123456789")


def _numbers_of_placeholders(pattern: str, html: str) -> set[int]:
    return {int(found.translate(_TO_DIGITS)) for found in re.findall(pattern, html)}


def parsed(text: str) -> SyntaxTreeNode | None:
    """The tree of what :func:`flow` shows; None for a text that it shows as it is."""
    from markdown_it.tree import SyntaxTreeNode

    if _too_large(text):
        return None
    parser = _parser()
    return SyntaxTreeNode(parser.parse(text) if is_block(text) else parser.parseInline(text))


def has_block(text: str) -> bool:
    """Whether there is a block of code, a table or a recording in ``text``."""
    return bool(_BLOCK.search(text)) and any(
        (token.type in ("fence", "code_block", "table_open") and not formula_in(token))
        or (token.type == "image" and is_recording(_name(token)))
        for token in _read(text)
    )


def has_recording(text: str) -> bool:
    """Whether there is a recording in ``text``."""
    return any(is_recording(name) for name, _ in pictures(text))


def names_in_formulas(text: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that stand in braces in the formulas of ``text``, in order, and where a number can be."""
    known = tuple(names)
    return [name for source in formula_sources(text) for name in names_in_formula(source, known)]


def formula_sources(text: str) -> list[str]:
    """The LaTeX of each formula in ``text``, in order."""
    if not _MATH.search(text) or _too_large(text):
        return []
    return [source[0] for token in _read(text) if (source := formula_in(token))]


def pictures(text: str) -> list[tuple[str, str]]:
    """(name, description) of every image in ``text``, in order. The name may be anything, even a URL."""
    if "![" not in text or _too_large(text):
        return []
    return list(_look(text)[0])


def mistakes(text: str) -> list[tuple[str, str]]:
    """(message, hint) of what would take too long to read, or of every image without a description, every formula that
    cannot be shown and every link to a file, which leads nowhere once the quiz is elsewhere, in order.
    """
    if too_large := _too_large(text):
        return [too_large]
    if "![" not in text and "](" not in text and not _MATH.search(text):
        return []
    return list(_look(text)[1])


def doubtful(text: str) -> list[tuple[str, str]]:
    """(message, hint) of every place in ``text`` where dollars could mean money or a formula, and what they were taken
    for, and of LaTeX that is outside of any formula.
    """
    if not re.search(r"[$\\]|\]\(|\{math\}|```|~~~", text) or _too_large(text):
        return []
    return list(_look(text)[2])


#: What a text has if anything in it could be a formula.
_MATH = re.compile(r"\$|\{math\}|\\begin\{|[`~]{3}\s*math")


#: What a text has if anything in it could be a block of code, a table or a recording.
_BLOCK = re.compile(r"```|~~~|^(?: {4}|\t)|\||!\[", re.MULTILINE)


def has_formula(text: str) -> bool:
    """Whether there is a formula in ``text``."""
    return bool(formula_sources(text))


@lru_cache(maxsize=200)
def _look(text: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """What :func:`pictures`, :func:`mistakes` and :func:`doubtful` say of a text."""
    images: list[tuple[str, str]] = []
    found: list[tuple[str, str]] = []
    doubts: list[tuple[str, str]] = []
    for token in _read(text):
        if token.type == "image":
            name, words = _name(token), _words(token.children)
            images.append((name, words))
            if not words.strip():
                shown = excerpt(name, 40)
                kind, what = ("recording", "what is heard") if is_recording(name) else ("image", "what it shows")
                found.append((f"the {kind} '{shown}' has no description", f"write {what}: ![{what}]({shown})"))
        elif source := formula_in(token):
            _, problem, hint = formula(source[0], display=source[1])
            if problem:
                found.append((f"the formula '{excerpt(source[0].strip(), 40)}' {problem}", hint))
        elif token.type == "text":
            doubts += _doubts(token.content)
        elif token.type == "fence" and _language(token) and not is_known(_language(token)):
            shown = excerpt(_language(token), 40)
            doubts.append(
                (f"'{shown}' is not a language whose code can be colored", "write python, for example, or nothing")
            )
        elif token.type == "link_open" and (file := _local_file(str(token.attrs["href"]))):
            hint = "show a picture, or play a recording, with ![what it is](file); or link to a place on the web"
            message = f"the link leads to the file '{excerpt(file, 40)}', which is not copied along with the quiz"
            found.append((message, hint))
    return tuple(images), tuple(found), tuple(doubts)


def _too_large(text: str) -> tuple[str, str] | None:
    """(message, hint) if the parser would be busy with ``text`` for seconds: it fills every row of a table up to the
    number of its columns, and reads the rest of a text again for every image and every link definition.
    """
    if text.count("![") > _MOST_IMAGES or text.count("]:") > _MOST_IMAGES:
        return f"more than {_MOST_IMAGES} images, or link definitions, in one text", "split the text"
    if text.count("[") > _MOST_BRACKETS or len(_MARKUP_CHARACTERS.findall(text)) > _MOST_MARKUP:
        return "more markup than a text can need", "delete some, or split the text"
    if text.count("|") < 2:
        return None
    lines = text.split("\n")
    if max(line.count("|") for line in lines) * len(lines) > _MOST_CELLS:
        return f"a table with more than {_MOST_CELLS:,} cells", "make it smaller"
    return None


@cache
def _parser(*, any_link: bool = False) -> MarkdownIt:
    """The parser; with ``any_link`` it refuses no links, so that every image is recognized, wherever it is from."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(myst_role_plugin)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_blank_lines=False, double_inline=True)
    parser.use(amsmath_plugin)
    parser.inline.ruler.before("math_inline", "money", _money)
    parser.disable(["heading", "lheading", "html_block", "html_inline"])
    parser.add_render_rule("text", _words_html)
    parser.add_render_rule("image", _image_html)
    parser.add_render_rule("myst_role", _role_html)
    for kind in _MATH_TOKENS:
        parser.add_render_rule(kind, _math_html)
    parser.add_render_rule("fence", _fence_html)
    parser.add_render_rule("code_block", _fence_html)
    parser.add_render_rule("table_open", _table_html)
    parser.add_render_rule("th_open", _heading_html)
    parser.add_render_rule("th_close", _heading_html)
    parser.validateLink = _is_anything if any_link else _is_allowed  # type: ignore[assignment,method-assign]
    return parser


def _is_anything(_: str) -> bool:
    return True


#: Where a link may lead: to the web, to a mailbox, or elsewhere on the page or the site. Any other scheme may start a
#: program on the computer of the reader.
_SCHEMES = frozenset({"http", "https", "mailto"})


def _is_allowed(url: str) -> bool:
    """Whether a link may lead to ``url``: what a browser takes for its scheme is in the list (WHATWG, URL Standard)."""
    scheme = re.match(r"([^/?#]*?):", re.sub(r"[\x00-\x20\x7f-\xa0]", "", unquote(url)))
    return scheme is None or scheme[1].lower() in _SCHEMES


def _local_file(url: str) -> str:
    """The file next to the quiz that a link leads to, or ''. A page of a site is not one."""
    path = unquote(url.partition("#")[0].partition("?")[0])
    suffix = path.rpartition("/")[2].rpartition(".")[2].lower()
    is_local = not re.match(r"[a-z][a-z0-9+.-]*:|/", url, re.IGNORECASE) and "." in path.rpartition("/")[2]
    return path if is_local and suffix not in ("html", "htm", "md", "ipynb") else ""


def _read(text: str) -> Iterator[Token]:
    """The tokens of ``text``: blocks without any inside, and those inside the paragraphs, cells and so on."""
    for block in _parser(any_link=True).parse(text):
        yield from block.children or (block,)


# ---- Images ----


def _name(image: Token) -> str:
    """The name of an image as its author wrote it, before markdown-it encoded it."""
    return unquote(str(image.attrs["src"]))


def _words(tokens: Iterable[Token] | None) -> str:
    """The words of tokens, without any markup."""
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else _words(token.children) or token.content
        for token in tokens or ()
    )


def _image_html(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Mapping[str, Mapping[str, str]]) -> str:
    token = tokens[index]
    words = escape(_words(token.children))
    uri = env["images"].get(_name(token))
    if uri is None:
        return words
    if not uri.startswith("data:image/"):
        return recording_html(uri, _words(token.children))
    title = f' title="{escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
    return f'<img src="{escape(uri)}" alt="{words}"{title} />'


# ---- Math ----


#: Kinds of tokens that are a formula, and whether it is in display style.
_MATH_TOKENS = {"math_inline": False, "math_inline_double": True, "math_block": True, "amsmath": True}

#: A formula between two dollars of one line, or of two, and what is between them.
_DOLLARS = re.compile(r"\$(?![\s$])((?:\\.|[^$\\])*)(?<!\s)\$(?!\d)", re.DOTALL)
#: An amount of money with more text: "5 for one and 6". Signs of a formula are none of this.
_AMOUNT = re.compile(r"[\d.,]*\d[\d.,]*[^\\^_={}+*/<>|]*?\s[^\w\\^={}+*/<>|]?[^\W\d_]{2,}[^\\^_={}+*/<>|]*")
#: What is probably meant as a formula.
_TEX = re.compile(r"\\[A-Za-z]|[\^_]\S")


def formula_in(token: Token) -> tuple[str, bool] | None:
    """(LaTeX source, whether it is in display style) of a token that is a formula."""
    if token.type in _MATH_TOKENS:
        return token.content, _MATH_TOKENS[token.type]
    if token.type == "myst_role" and token.meta["name"] == "math":
        return token.content, False
    if token.type == "fence" and token.info.split()[:1] in (["{math}"], ["math"]):
        return token.content, True
    return None


def _money(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: the dollar at this place is just a dollar, because no formula begins here."""
    if state.src[state.pos] != "$" or state.src.startswith("$$", state.pos):
        return False
    found = _DOLLARS.match(state.src, state.pos)
    if found and not _AMOUNT.fullmatch(found[1]):
        return False
    if not silent:
        state.pending += "$"
    state.pos += 1
    return True


def _doubts(words: str) -> Iterator[tuple[str, str]]:
    """What :func:`doubtful` says of words that are in no formula."""
    position = 0
    while found := re.compile(r"\$([^$]*)\$").search(words, position):
        shown = excerpt(found[0], 40)
        if _TEX.search(found[1]):
            message = f"'{shown}' is not read as a formula"
            yield message, "put no space after the first dollar or before the last one, and no digit after it"
        elif (whole := _DOLLARS.match(words, found.start())) and _AMOUNT.fullmatch(whole[1]):
            yield f"'{shown}' is read as amounts of money", r"write \$ for a dollar, or {math}`...` around a formula"
        position = found.end() - 1
    if command := re.search(r"\\[A-Za-z]{2,}(?=[{\s^_.,;:)]|$)", words):
        yield f"'{command[0]}' is shown as it is typed", "write a formula between dollars: $...$"


def _math_html(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Mapping[str, Any]) -> str:
    source = formula_in(tokens[index])
    assert source
    tex, display = source
    numbers = env.get("numbers", ())
    html = latex_html(tex, display=display, numbers=numbers) if env.get("latex") else ""
    html = html or formula(tex, display=display, numbers=numbers).html
    return f"<p>{html}</p>\n" if tokens[index].block else html


def _fence_html(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    if formula_in(tokens[index]):
        return _math_html(renderer, tokens, index, options, env)
    # A language may have a meaning for braces, which would be marked apart from the name of a number between them.
    pieces = re.split(_names_in_braces(env.get("numbers", ())), tokens[index].content.removesuffix("\n"))
    source, pattern = with_placeholders(pieces[::2])
    html = code_html(source, _language(tokens[index]), is_scrolled=not env.get("in_label"))
    names = iter(pieces[1::2])
    return re.sub(pattern, lambda _: f"{{{next(names)}}}", html) + "\n"


def _names_in_braces(names: Sequence[str]) -> str:
    """A pattern that finds ``names`` in braces; nothing if there are none."""
    return rf"\{{({'|'.join(map(re.escape, names))})\}}" if names else r"(?!)()"


def _words_html(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Mapping[str, Any]) -> str:
    html: str = renderer.text(tokens, index, options, env)
    return no_latex(html) if env.get("latex") else html


def _table_html(*_: Any) -> str:
    return f'<table class="{TABLE_CLASS}">\n'


def _heading_html(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The start or the end of a cell in the first row of a table. One without words is no heading."""
    token = tokens[index]
    words = tokens[index + token.nesting]
    html: str = renderer.renderToken(tokens, index, options, env)
    return html if words.content else html.replace("th", "td", 1)


def _language(token: Token) -> str:
    """What an author wrote after the fence; "" if that is nothing."""
    return next(iter(token.info.split()), "")


def _role_html(_: Any, tokens: Sequence[Token], index: int, options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[index]
    if formula_in(token):
        return _math_html(_, tokens, index, options, env)
    ticks = "`" * (1 + max(map(len, re.findall("`+", token.content)), default=0))
    return _text_html(f"{{{token.meta['name']}}}{ticks}{token.content}{ticks}", latex=bool(env.get("latex")))
