r"""Texts of other programs -> Markdown of a quiz: HTML, plain text, and Markdown as others write it.

Formulas become ``$...$``, wherever they were: in ``\(...\)``, ``\[...\]``, ``[tex]...[/tex]`` or as MathML that has its
LaTeX with it. Pictures come along if they are in the file or next to it. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import unquote

from civicquiz.authoring.validation import MAX_CHARACTERS
from civicquiz.errors import ExchangeError
from civicquiz.exchange.html_text import FoundTexts, unescaped, without_hidden
from civicquiz.exchange.imported import FoundQuiz, UnreadableError

__all__ = [
    "TextReader",
    "code_text",
    "escaped",
    "from_plain",
    "inline_formula",
    "is_html",
    "note",
    "without_markup",
]

#: The elements of HTML that texts of a quiz have. Any other word after < is text: ``vector<int>``, ``a<b``.
_ELEMENTS = (
    "a|abbr|address|article|audio|b|big|blockquote|body|br|caption|center|code|col|colgroup|dd|del|div|dl|dt|em|embed|"
    "font|figure|figcaption|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|mark|math|object|ol|p|pre|q|s|samp|"
    "script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video"
)
_TAG = re.compile(rf"</?(?:{_ELEMENTS})\b[^<>]*>|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
_NO_TAG = re.compile(rf"<(?!/?(?:{_ELEMENTS}|m[a-z]+|annotation|semantics)\b[^<>]*>)", re.IGNORECASE)

#: Formulas as some sites write them: in tags of their own, or with blanks inside of the dollars.
_OTHER_FORMULA = re.compile(
    r"\[tex\](?P<tex>(?:(?!\[/?tex\]).)+)\[/tex\]|\$[ ]+(?P<spaced>[^$\n]*\\[a-zA-Z]{2}[^$\n]*?)[ ]+\$(?!\d)", re.DOTALL
)
_FORMULA = re.compile(
    r"""
    \\\((?P<round>(?:(?!\\[()]).)+)\\\)
    | \\\[(?P<square>(?:(?!\\[\[\]]).)+)\\\]
    | \$\$(?P<double>[^$]+)\$\$
    | \[tex\](?P<tex>(?:(?!\[/?tex\]).)+)\[/tex\]
    | \$[ ]+(?P<spaced>[^$\n]*\\[a-zA-Z]{2}[^$\n]*?)[ ]+\$(?!\d)
    | (?P<dollars>\$(?![\s$])(?:\\.|[^$\\])+(?<!\s)\$(?!\d))
    | (?P<environment>\\begin\{(?P<name>(?:align(?:at)?|equation|eqnarray|flalign|gather|multline)\*?)\}
        (?:(?!\\begin\{(?:al|eq|fl|ga|mu)).)*?\\end\{(?P=name)\})
    """,
    re.DOTALL | re.VERBOSE,
)
#: What means something in Markdown. A sign between two blanks does not, and neither does _ inside of a word.
_MARKS = re.compile(
    r"""
    (?P<gap>(?<=\S[ ])_{2,}|(?<!\S)_{2,}(?=[ ]*[^\s_]))  # a line to write on; it ends no emphasis
    | \\(?=[!-/:-@\[-`{-~\n])        # a backslash before punctuation or a line end
    | `
    | (?<!\s)\*|\*(?!\s)           # emphasis
    | (?<![^\W_])_|_(?![^\W_])
    | \[(?=[^\[\]]*\][\[(:])|!(?=\[)  # links, their definitions, pictures
    | <(?=[a-z][a-z0-9+.-]*[:@])   # links in angle brackets
    | &(?=\#?\w+;)
    | \{(?=[\w:-]+\}`)             # roles
    | ^[ \t]*(?:>|\||[+-](?=\s|$)|-(?=-)|~(?=~~))  # quotations, tables, lists, lines, code
    | ^[ \t]*\*(?=\s|$)
    | ^[ \t]*\d{1,9}(?=[.)](?:\s|$))
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
#: Without any of these characters, a text is the same as Markdown.
_RISKY = re.compile(r"[\\`*_\[<&{>+~|$-]|^[ \t]*\d+[.)]", re.MULTILINE)
#: What could be an amount of money after a dollar, so that it needs another way to say that it is a formula.
_MONEY = re.compile(r"[\d.,]+(?:\s[^\\^_={}+*/<>|]*)?")
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^()<>\s]+)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)")
_CODE = re.compile(
    r"(^(?P<fence>`{3,9}|~{3,9})(?![`~]).*?^(?P=fence)[`~]*\s*$|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)


def is_html(text: str) -> bool:
    """Whether there is a tag or an entity of HTML in ``text``."""
    return ("<" in text or "&" in text) and _TAG.search(text) is not None


def without_markup(text: str) -> str:
    """The words of a text that may be HTML: for what students type, which has no markup."""
    if not is_html(text):
        return " ".join(text.split())
    return " ".join(unescaped(_TAG.sub(lambda tag: tag[0] if tag[0][0] == "&" else " ", text)).split())


def from_plain(text: str) -> str:
    """Plain text, in which only formulas mean something, as Markdown that shows the same."""
    text = text.strip()
    return escaped(re.sub(r"[ \t]*\n[ \t]*", "\n", text) if "\n" in text else text)


def escaped(text: str) -> str:
    """Words, among which formulas are formulas, as Markdown that shows the same."""
    if len(text) > MAX_CHARACTERS or not _RISKY.search(text):  # one that is too long is refused anyway
        return text
    return _with_formulas(text, _marked)


def _marked(text: str) -> str:
    return _MARKS.sub(_with_backslash, text) if _RISKY.search(text) else text


def _with_backslash(mark: re.Match[str]) -> str:
    found = mark[0]
    if mark["gap"]:
        return found
    return f"{found}\\" if found[-1].isdigit() else f"{found[:-1]}\\{found[-1]}"


def _with_formulas(text: str, outside: Callable[[str], str]) -> str:
    """``text`` with its formulas as a quiz has them, and ``outside`` applied to what is between them."""
    pieces, end = [], 0
    for found in _FORMULA.finditer(text):
        pieces += [outside(text[end : found.start()]), _formula(found, text)]
        end = found.end()
    return "".join([*pieces, outside(text[end:])])


def _formula(found: re.Match[str], text: str) -> str:
    if found["dollars"] or found["environment"]:
        return found[0]
    shown = found["square"] or found["double"]
    if shown:
        return f"$${' '.join(shown.split())}$$" if shown.strip() else found[0]
    return inline_formula(found["round"] or found["tex"] or found["spaced"] or "", text[found.end() : found.end() + 1])


def inline_formula(tex: str, after: str = "") -> str:
    """A formula in a line; ``after`` is the character that follows."""
    tex = " ".join(tex.split())
    if "$" in tex or after.isdigit() or _MONEY.fullmatch(tex):  # it could be taken for money
        return f"{{math}}`{tex}`"
    return f"${tex}$" if tex else ""


def code_text(code: str, language: str = "", *, is_block: bool = False) -> str:
    """Code as Markdown: between backticks, or a block if it has several lines."""
    is_block = is_block or "\n" in code
    ticks = "`" * max(3 if is_block else 1, *(len(run) + 1 for run in re.findall("`+", code)), 1)
    if is_block:
        return f"{ticks}{language}\n{code}\n{ticks}"
    blank = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{blank}{code}{blank}{ticks}"


class TextReader:
    """Reads the texts of one quiz of another program.

    Args:
        quiz: where its pictures go.
        folder: where the file is; pictures next to it come along.

    Every method takes a text and a list, to which it adds what was guessed or lost, each as a sentence.
    """

    def __init__(self, quiz: FoundQuiz, folder: Path) -> None:
        self._quiz = quiz
        self._folder = folder

    def html(self, text: str, changes: list[str]) -> str:
        """A text that may be HTML; without any tag, it is plain text.

        Raises:
            ExchangeError: it is too long or too deeply nested.
            MissingPackagesError: it is HTML, and markdownify is not installed.
        """
        return self._converted(text, changes) if is_html(text) else from_plain(text)

    def _converted(self, html: str, changes: list[str]) -> str:
        texts = FoundTexts(self._quiz.images, changes, self._beside)
        try:
            return texts.from_html(_OTHER_FORMULA.sub(_in_parentheses, _NO_TAG.sub("&lt;", without_hidden(html))))
        except UnreadableError as error:
            message = str(error)
            raise ExchangeError(f"{message[:1].upper()}{message[1:]}.") from None

    def _beside(self, address: str) -> bytes | None:
        """The content of a file next to the one that is read; None if there is none."""
        name = unquote(address.rpartition("/")[2])
        file = self._folder / name
        return file.read_bytes() if re.fullmatch(r"[\w-][\w. -]*", name) and file.is_file() else None

    def markdown(self, text: str, changes: list[str]) -> str:
        """Markdown of another program. Headings, line breaks and simple tags become what a quiz has for them."""
        text = _PICTURE.sub(lambda found: self.image(found[2], found[1], changes), text.strip())
        if len(text) > MAX_CHARACTERS:  # it is refused anyway
            return text
        pieces, end = [], 0
        for code in _CODE.finditer(text):
            pieces += [self._between(text[end : code.start()], changes), code[0]]
            end = code.end()
        return "".join([*pieces, self._between(text[end:], changes)]).strip()

    def _between(self, text: str, changes: list[str]) -> str:
        """Markdown without any code in it."""
        text = re.sub(r"\n{3,}", "\n\n", _HEADING.sub(_bold, text))
        text = _with_formulas(text, str)
        text = re.sub(r"(?<=\S) {2,}\n(?=\w)", "\\\\\n", text)
        text = re.sub(r"[ \t]+\n", "\n", text)
        text = re.sub(r"[ \t]*\n?[ \t]*<br\s*/?>[ \t]*\n?", "\\\\\n", text, flags=re.IGNORECASE)
        text = re.sub(r"<(/?)(b|strong|i|em|code|tt)\s*>", _mark_of_tag, text, flags=re.IGNORECASE)
        text = re.sub(r"<img\b[^<>]*>", lambda tag: self._converted(tag[0], changes), text, flags=re.IGNORECASE)
        names = {name.lower() for name in re.findall(rf"<({_ELEMENTS})\b[^<>]*>", text, re.IGNORECASE)}
        for name in sorted(names):
            note(changes, f"The tag <{name}> was left out.")
        return re.sub(rf"</?(?:{_ELEMENTS})\b[^<>]*>", "", text, flags=re.IGNORECASE) if names else text

    def image(self, source: str, words: str, changes: list[str]) -> str:
        """A picture by its address and its description, as Markdown."""
        return self._converted(f'<img src="{escape(source)}" alt="{escape(words)}">', changes)


def _in_parentheses(formula: re.Match[str]) -> str:
    return f"\\({formula['tex'] or formula['spaced']}\\)"


def note(changes: list[str], sentence: str) -> None:
    """Add a sentence to ``changes``, once."""
    if sentence not in changes:
        changes.append(sentence)


def _bold(heading: re.Match[str]) -> str:
    words = heading[1].rstrip().rstrip("#").rstrip()
    return f"\n\n{words}\n\n" if "**" in words or not words else f"\n\n**{words}**\n\n"


def _mark_of_tag(tag: re.Match[str]) -> str:
    return {"b": "**", "strong": "**", "i": "*", "em": "*"}.get(tag[2].lower(), "`")
