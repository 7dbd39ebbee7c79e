"""Texts in LaTeX -> Markdown of a quiz, as far as a quiz has something for their commands."""

from __future__ import annotations

import re
import unicodedata

from civicquiz.authoring.validation import MAX_CHARACTERS
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, code_text, escaped

__all__ = ["from_latex"]

#: Formulas, which stay as they are.
_FORMULA = re.compile(
    r"(\\\(.+?\\\)|\\\[.+?\\\]|\$\$[^$]+\$\$|(?<!\\)\$[^$]+\$"
    r"|\\begin\{(?P<name>(?:align|equation|eqnarray|gather|multline)\*?)\}.+?\\end\{(?P=name)\})",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_MARKUP = re.compile(r"\\(textbf|textit|emph|texttt|verb|code|url|text|textrm|underline)\{([^{}]*)\}")
_MARKS = {"textbf": "**", "textit": "*", "emph": "*"}
_LINK = re.compile(r"\\href\{([^{}]*)\}\{([^{}]*)\}")
_PICTURE = re.compile(r"\\includegraphics(?:\[[^\]]*\])?\{([^{}]*)\}")
_LISTS = re.compile(r"\\(?:begin|end)\{(?:itemize|enumerate|center)\}")
_SIGNS = {
    "``": "\u201c",
    "''": "\u201d",
    "---": "\u2014",
    "--": "\u2013",
    "~": " ",
    "\\ldots": "\u2026",
    "\\dots": "\u2026",
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_ACCENTS = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303"}


def from_latex(texts: TextReader, text: str, changes: list[str]) -> str:
    """The Markdown for a text in LaTeX. ``changes`` gets a sentence for everything that is lost.

    Raises:
        ExchangeError: there is a command in it that a quiz has nothing for.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExchangeError(f"A text has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be read.")
    text = re.sub("[\ue000\ue001]", "", _COMMENT.sub("", text))
    pieces, end = [], 0
    for formula in _FORMULA.finditer(text):
        pieces += [_words(texts, text[end : formula.start()], changes), escaped(formula[0])]
        end = formula.end()
    joined = "".join([*pieces, _words(texts, text[end:], changes)])
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", joined)).strip()


def _words(texts: TextReader, text: str, changes: list[str]) -> str:
    """The Markdown for a piece without formulas."""
    kept: list[str] = []

    def keep(markdown: str) -> str:
        kept.append(markdown)
        return f"\ue000{len(kept) - 1}\ue001"

    def marked(found: re.Match[str]) -> str:
        if found[1] in ("texttt", "verb", "code"):
            return keep(code_text(found[2]))
        if found[1] == "url":
            return keep(f"<{found[2]}>")
        mark = _MARKS.get(found[1], "")
        return f"{keep(mark)}{found[2]}{keep(mark)}" if mark else found[2]

    text = _PICTURE.sub(lambda found: keep(texts.image(found[1], "", changes)), text)
    text = _LINK.sub(lambda found: f"{keep('[')}{found[2]}{keep(f']({found[1]})')}", text)
    for _ in range(3):  # one inside of another
        text = _MARKUP.sub(marked, text)
    text = _LISTS.sub(lambda _: keep("\n\n"), text)
    text = re.sub(r"\s*\\item\b\s*", lambda _: keep("\n- "), text)
    text = re.sub(r"\\(?:\\|newline\b)[ \t]*\n?", lambda _: keep("\\\n"), text)
    text = re.sub(r"\\(['`\"^~])(?:\{([a-zA-Z])\}|([a-zA-Z]))", _accented, text)
    text = _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)
    text = re.sub(r"\\([#$%&_{}])", lambda sign: keep("\\" + sign[1] if sign[1] in "$_" else sign[1]), text)
    unknown = [command for command in re.findall(r"\\[a-zA-Z]+|\\.", text) if command[1:] not in _MARKS]
    if unknown:
        raise ExchangeError(f"A quiz has nothing for '{excerpt(unknown[0], 40)}' in LaTeX; write the text without it.")
    if "\\" in text or "{" in text or "}" in text:
        raise ExchangeError("A command of LaTeX has braces that do not match.")
    text = escaped(text)
    while "\ue000" in text:  # one may be inside of another that was kept after it
        text = re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], text)
    return text


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (found[2] or found[3]) + _ACCENTS[found[1]])
