"""The frame around every self-contained HTML document: a worksheet, feedback, a report, a handout.

Such a document is one file that can be opened from anywhere. It requests nothing from any host, and its content
security policy enforces that: browsers show only what is in the file, and run only the scripts that it was written
with.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from html import escape

from civicquiz.authoring.code import CODE_CLASS
from civicquiz.authoring.formulas import FORMULA_CLASS
from civicquiz.authoring.markdown import TABLE_CLASS
from civicquiz.authoring.recordings import RECORDING_CLASS
from civicquiz.frontend.front_end import BLOCK_STYLE, FORMULA_STYLE
from civicquiz.frontend.static_files import static_text

__all__ = ["css_text", "html_page", "is_document", "language_attributes"]

#: Languages that are written from right to left.
_RIGHT_TO_LEFT = ("ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


def _styles_of(content: Sequence[str], styles: Sequence[str]) -> list[str]:
    """The styles for what only some texts have, without those that are among ``styles``."""
    parts = {
        FORMULA_CLASS: FORMULA_STYLE,
        CODE_CLASS: BLOCK_STYLE,
        TABLE_CLASS: BLOCK_STYLE,
        RECORDING_CLASS: BLOCK_STYLE,
    }
    needed = [style for name, style in parts.items() if any(f'class="{name}"' in piece for piece in content)]
    return [style for style in dict.fromkeys(needed) if style not in styles]


@cache
def _source_hash(script: str) -> str:
    """What a policy calls a script; there are few of them, and many pages have the same."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _policy(scripts: Sequence[str], styles: Sequence[str], rules: Iterable[str]) -> str:
    """The content security policy of a page with these ``scripts``, which are their texts."""
    # Only these scripts run: an author's text that got into the page as a script would not.
    hashes = map(_source_hash, scripts)
    policy = [
        "default-src 'none'",
        *([f"script-src {' '.join(hashes)}"] if scripts else []),
        "style-src 'unsafe-inline'",
        "img-src data:",
        *(["font-src data:"] if FORMULA_STYLE in styles else []),
        *(["media-src data: blob:"] if BLOCK_STYLE in styles else []),
        *rules,
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(policy)


def html_page(
    title: str,
    content: Iterable[str],
    *,
    language: str,
    styles: Sequence[str],
    scripts: Iterable[str] = (),
    private: bool = False,
    generator: str = "civicquiz",
    rules: Iterable[str] = (),
    own_style: str = "",
) -> str:
    """A whole HTML document.

    Args:
        title: what the browser calls the page; text, not HTML.
        content: the HTML of the page, piece by piece; the caller has escaped what people wrote.
        language: the tag of the language that the page is in.
        styles: names of files of ``static/``.
        scripts: names of files of ``static/``, in the order in which they run.
        private: whether it is about a person, so that no search engine should list it.
        generator: the program that wrote the page.
        rules: what more its content security policy allows, for a page that has a server.
        own_style: a style for this page alone; the caller has escaped what people wrote (see :func:`css_text`).
    """
    content = list(content)
    styles = [*styles, *_styles_of(content, styles)]
    texts = [static_text(name) for name in scripts]
    code = "\n".join(f"<script>{text}</script>" for text in texts)
    policy = _policy(texts, styles, rules)
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width">',
        f'<meta name="generator" content="{escape(generator)}">',
        # A page for a class may be on a server, which browsers ask for an icon, against the policy.
        *(['<link rel="icon" href="data:,">'] if texts else []),
        *(['<meta name="robots" content="noindex">'] if private else []),
        f"<title>{escape(title)}</title>",
        f"<style>\n{''.join(static_text(name) for name in styles)}{own_style}</style>",
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html {language_attributes(language)}>",
            "<head>",
            *head,
            "</head>",
            "<body>",
            "<main>",
            *content,
            "</main>",
            *([code] if code else []),
            "</body>",
            "</html>",
            "",
        ]
    )


def css_text(text: str) -> str:
    """``text`` as a string in a style, whatever a person wrote in it: every character but letters and digits is a
    number there, so that none of them ends the string or the style.
    """
    return '"' + "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in text) + '"'


def is_document(start: str, generator: str) -> bool:
    """Whether an HTML file that starts with ``start``, 2,000 characters of it, was written by ``generator``."""
    return f'<meta name="generator" content="{escape(generator)}">' in start


def language_attributes(language: str) -> str:
    """The attributes of an element whose text is in ``language``: the language and the direction of its writing."""
    direction = "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"
    return f'lang="{escape(language)}" dir="{direction}"'
