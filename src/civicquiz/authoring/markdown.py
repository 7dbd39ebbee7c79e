"""An author's Markdown -> safe HTML.

CommonMark with tables, but without raw HTML (it is shown as text) and without headings (they would break the outline of
the page around the quiz). Links lead to the web or to a mailbox.

* Images come from a mapping of names to data URIs (see ``images``), so that no page requests anything from any host.
* Math is the MyST role ``{math}`x^2``` and becomes MathML. A dollar sign is just a dollar sign, because quizzes on
  civics are full of amounts of money. Any other role stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from civicquiz.authoring.wording import excerpt

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["MAX_FORMULA", "inline", "mistakes", "pictures", "render"]

#: Without any of these characters a text is a plain paragraph, as most options of a quiz are.
_MARKUP = frozenset("\\`*_{}[]()#+-.!~|>&<\n\"'0123456789")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

#: The most images, and link definitions, in one text; the most brackets and other signs that may be markup; and the
#: most cells of a table.
_MOST_IMAGES = 50
_MOST_BRACKETS = 500
_MOST_SIGNS = 3_000
_MOST_CELLS = 2_000
_SIGNS = re.compile(r"[\[\]*_`<&{}!]")

#: The most characters that one formula may have.
MAX_FORMULA = 500


def render(text: str, images: Mapping[str, str] | None = None) -> str:
    """Block Markdown as HTML: paragraphs, lists, tables, code, quotations.

    ``images`` maps the name of an image, as :func:`pictures` gives it, to its data URI. An image that is not in it is
    shown as its description.
    """
    if _MARKUP.isdisjoint(text) or _too_large(text):
        return f"<p>{escape(text)}</p>"
    html: str = _parser().render(text, {"images": images or {}}).strip()
    return html


def inline(text: str, images: Mapping[str, str] | None = None) -> str:
    """Markdown inside one line as HTML, for a label: emphasis, code, links, images and math, no paragraphs.

    ``images`` is as for :func:`render`.
    """
    if _MARKUP.isdisjoint(text) or _too_large(text):
        return escape(text)
    html: str = _parser().renderInline(text, {"images": images or {}}).strip()
    return html


def pictures(text: str) -> list[tuple[str, str]]:
    """(name, description) of every image in ``text``, in order. The name may be anything, even a URL."""
    if "![" not in text or _too_large(text):
        return []
    return list(_look(text)[0])


def mistakes(text: str) -> list[tuple[str, str]]:
    """(message, hint) of what would take too long to read, or of every image without a description and every formula
    that cannot be shown, in order.
    """
    if too_large := _too_large(text):
        return [too_large]
    if "![" not in text and "{math}`" not in text:
        return []
    return list(_look(text)[1])


@lru_cache(maxsize=200)
def _look(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What :func:`pictures` and :func:`mistakes` say of a text."""
    images, found = [], []
    for token in _read(text):
        if token.type == "image":
            name, words = _name(token), _words(token.children)
            images.append((name, words))
            if not words.strip():
                shown = excerpt(name, 40)
                hint = f"write what it shows: ![what it shows]({shown})"
                found.append((f"the image '{shown}' has no description", hint))
        elif _is_math(token):
            _, what, hint = _mathml(token.content)
            if what:
                found.append((f"the formula '{excerpt(token.content, 40).strip()}' {what}", hint))
    return tuple(images), tuple(found)


def _too_large(text: str) -> tuple[str, str] | None:
    """(message, hint) if the parser would be busy with ``text`` for seconds: it fills every row of a table up to the
    number of its columns, and reads the rest of a text again for every image and every link definition.
    """
    if text.count("![") > _MOST_IMAGES or text.count("]:") > _MOST_IMAGES:
        return f"more than {_MOST_IMAGES} images, or link definitions, in one text", "split the text"
    if text.count("[") > _MOST_BRACKETS or len(_SIGNS.findall(text)) > _MOST_SIGNS:
        return "more characters that are markup than a text can need", "delete some, or split the text"
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
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(myst_role_plugin)
    parser.disable(["heading", "lheading", "html_block", "html_inline"])
    parser.add_render_rule("image", _image_html)
    parser.add_render_rule("myst_role", _role_html)
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


def _read(text: str) -> Iterator[Token]:
    """The tokens inside the paragraphs, cells and so on of ``text``."""
    for block in _parser(any_link=True).parse(text):
        yield from block.children or ()


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
    title = f' title="{escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
    return f'<img src="{escape(uri)}" alt="{words}"{title} />'


# ---- Math ----


def _is_math(token: Token) -> bool:
    return token.type == "myst_role" and token.meta["name"] == "math"


def _role_html(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    if _is_math(token):
        return _mathml(token.content)[0] or f"<code>{escape(token.content)}</code>"
    ticks = "`" * (1 + max(map(len, re.findall("`+", token.content)), default=0))
    return escape(f"{{{token.meta['name']}}}{ticks}{token.content}{ticks}")


#: Commands that define others (a few of them in a short formula can keep a computer busy for years), one that doubles
#: its argument each time, and those that would leave nothing in the MathML that is allowed.
_REFUSED = re.compile(
    r"\\(?:newcommand|newenvironment|def|DeclareMathOperator|sideset|href|class|style|color|textcolor|colorbox|"
    r"fcolorbox|boxed|fbox|cancel|bcancel|xcancel|sout|rule)(?![A-Za-z])"
)

#: The MathML that is allowed: elements, with the number of children where that is fixed, attributes, and their values.
_ELEMENTS = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "mspace"), 0),
    **dict.fromkeys(("math", "mrow", "msqrt", "mstyle", "mpadded", "mphantom", "mtable", "mtr", "mtd"), None),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_ATTRIBUTES = {
    *("depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rspace", "voffset", "width"),
    *("accent", "accentunder", "displaystyle", "mathvariant", "scriptlevel"),
    *("fence", "form", "largeop", "movablelimits", "separator", "stretchy"),
}
_VALUE = re.compile(r"[a-z-]+|[0-9]{0,2}(\.[0-9]{1,4})?(em|ex|px|pt)?")
_DEPTH = 40

_CANNOT = "cannot be read"


@lru_cache(maxsize=1000)
def _mathml(tex: str) -> tuple[str, str, str]:
    """(MathML, "", "") of a formula, or ("", what is wrong with it, what to do about it)."""
    mistake = _mistake_in_source(tex)
    if mistake:
        return ("", *mistake)
    from latex2mathml.converter import convert_to_element

    try:
        math = convert_to_element(tex)
        for element in math.iter():
            if element.tag != "mtext" and re.match(r"\\[A-Za-z]", element.text or ""):
                return "", f"has an unknown command '{excerpt(element.text or '', 40)}'", "check its spelling"
        return _markup(math), "", ""
    except RecursionError:
        return "", "is nested too deeply", "split it into several formulas"
    except Exception:  # the library lets any error through, such as an IndexError
        return "", _CANNOT, r"check what belongs after each command, as in \frac{1}{2}"


def _mistake_in_source(tex: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) for mistakes that the library would report too late or not at all."""
    if len(tex) > MAX_FORMULA:
        return f"has more than {MAX_FORMULA} characters", "split it into several formulas"
    if _CONTROL.search(tex):
        return "contains a control character", "put text that contains backslashes in single quotes"
    refused = _REFUSED.search(tex)
    if refused:
        return f"uses '{refused[0]}', which is not supported", "write it without that command"
    unescaped = re.sub(r"\\.", "", tex)  # after a backslash, a brace or percent sign is just that character
    if "%" in unescaped:
        return "has a '%' without a backslash, which hides the rest", r"write \%"
    depth = 0
    for character in unescaped:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    return (_CANNOT, "write a } for each {") if depth else None


def _markup(element: Element, depth: int = 0) -> str:
    """The MathML of an element, if everything in it is allowed.

    Raises:
        ValueError: something in it is not allowed.
        RecursionError: it is nested too deeply.
    """
    tag, children = element.tag, len(element)
    if tag in ("mi", "mo") and children:
        tag = "mrow"  # the library wraps whole terms in operators
    if depth > _DEPTH:
        raise RecursionError
    if tag not in _ELEMENTS or _ELEMENTS[tag] not in (None, children):
        raise ValueError(tag)
    text = "" if children else element.text or ""
    if tag == "mtext":
        text = re.sub(r"\\([%$#&_{}])", r"\1", text)
    elif text in ("&", "{", "}"):
        raise ValueError(text)
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and tag == element.tag and _VALUE.fullmatch(value)
    )
    if tag == "math":
        attributes = ' xmlns="http://www.w3.org/1998/Math/MathML" display="inline"'  # an e-book needs the first
    inner = "".join(_markup(child, depth + 1) for child in element)
    # The library writes symbols as character references, for a browser to read.
    text = re.sub("&#x[0-9A-Fa-f]{1,6};", lambda reference: unescape(reference[0]), text)
    if "&#x" in text:
        raise ValueError(text)
    return f"<{tag}{attributes}>{escape(text)}{inner}</{tag}>"
