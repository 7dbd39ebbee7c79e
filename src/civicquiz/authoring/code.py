"""Source code -> HTML with marked keywords, strings, comments and so on, by Pygments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

__all__ = ["CODE_CLASS", "code_html", "is_known"]

#: The class of a block of code. ``static/blocks.css`` has the colors.
CODE_CLASS = "civicquiz-code"

#: What is marked, as Pygments calls it, and the class of the mark; the first that fits counts.
_MARKED = (
    ("Comment", "comment"),
    ("Literal.String", "string"),
    ("Literal.Number", "number"),
    ("Keyword", "keyword"),
    ("Operator.Word", "keyword"),
    ("Name.Function", "name"),
    ("Name.Class", "name"),
    ("Name.Tag", "name"),
    ("Name.Decorator", "name"),
)


@lru_cache(maxsize=20)
def _lexer(language: str) -> Any:
    """The lexer for a language; None if there is none."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def is_known(language: str) -> bool:
    """Whether code in this language can be marked."""
    return _lexer(language) is not None


@lru_cache(maxsize=500)
def code_html(source: str, language: str, *, is_scrolled: bool = True) -> str:
    """A block of code as HTML. In a language that is not known, nothing in it is marked.

    Where it is scrolled, it can be focused, since some browsers let nobody scroll by keyboard what cannot.
    """
    lexer = _lexer(language) if language else None
    inner = escape(source) if lexer is None else "".join(_marks(lexer.get_tokens(source)))
    focus = ' tabindex="0"' if is_scrolled else ""
    return f'<pre class="{CODE_CLASS}"{focus}><code>{inner}</code></pre>'


def _marks(tokens: Any) -> Iterator[str]:
    from pygments.token import string_to_tokentype

    marked = [(string_to_tokentype(name), mark) for name, mark in _MARKED]
    pieces = ((next((mark for token, mark in marked if kind in token), ""), text) for kind, text in tokens)
    for mark, group in groupby(pieces, itemgetter(0)):
        text = escape("".join(text for _, text in group))
        yield f'<span class="cq-code-{mark}">{text}</span>' if mark else text
