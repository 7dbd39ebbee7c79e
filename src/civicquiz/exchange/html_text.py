"""HTML of other programs -> Markdown as an author would write it, with formulas, and images as files.

The library markdownify makes Markdown of the HTML. What our Markdown says in another way is prepared for it: formulas,
raised and lowered signs, images, links, headings. Whatever is lost is named in the changes of the question.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote

from civicquiz.authoring.formulas import formula
from civicquiz.authoring.markdown import formula_sources
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import MissingPackagesError
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.mathml import MathmlError, latex_of

__all__ = [
    "FORMULA_MARK",
    "LINE_END",
    "FoundTexts",
    "at_line_start",
    "decoded_base64",
    "has_media",
    "image_name",
    "plain_words",
    "unescaped",
    "without_hidden",
]

#: The most characters of one text, without the images in it. A text of a quiz has at most 10,000.
_MOST_CHARACTERS = 60_000
#: A formula is not longer than this (see ``authoring.formulas``).
_MOST_FORMULA = 2_000

#: What a browser draws; anything else is named and left out.
_ENDINGS = {
    re.compile(rb"\x89PNG\r\n\x1a\n"): "png",
    re.compile(rb"\xff\xd8\xff"): "jpg",
    re.compile(rb"GIF8[79]a"): "gif",
    re.compile(rb"RIFF....WEBP", re.DOTALL): "webp",
    # What has been read in the lookahead is not read again in another way.
    re.compile(
        rb"(?=(?P<before>(?:\s+|<\?xml.{0,500}?\?>|<!--.{0,2000}?-->|<!DOCTYPE.{0,500}?>)*))(?P=before)<svg\b",
        re.DOTALL,
    ): "svg",
}
_RECORDINGS = ("mp3", "m4a", "ogg", "wav", "mp4", "webm")
#: What some programs write as the description of a picture: the name of its file.
_FILE_NAME = re.compile(rf".*\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|{'|'.join(_RECORDINGS)})", re.IGNORECASE)
#: What says something without words, in HTML or Markdown.
_MEDIA = re.compile(r"<(?:img|audio|video|object|embed|iframe|svg|canvas|applet)\b|!\[", re.IGNORECASE)

#: What is for one program alone, such as ``<![if !supportLists]>`` and ``<?xml:namespace ... />`` of Word.
_FOR_ONE_PROGRAM = re.compile(r"<!\[(?!CDATA\[)[^<>]*>?|<\?[^<>]*>|<!DOCTYPE\b[^<>]*>", re.IGNORECASE)
#: The number of a character that no text has, which may be longer than Python reads.
_TOO_LONG = re.compile("&#[0-9]{8,};?")
_CODE = re.compile(r"<(/?)(pre|code)\b[^<>]*>", re.IGNORECASE)
#: A paragraph without anything in it, as most texts are.
_PARAGRAPH = re.compile(
    r"(?=(?P<before>\s*(?:<(?:div|p|span)\b[^<>]*>\s*)*))(?P=before)(?P<text>[^<]*)(?:</(?:div|p|span)\s*>\s*)*",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    rf"\\\((?P<inline>(?:(?!\\\().){{0,{_MOST_FORMULA}}}?)\\\)|\\\[(?P<display>(?:(?!\\\[).){{0,{_MOST_FORMULA}}}?)\\\]"
    rf"|\$\$(?P<dollars>[^$]{{1,{_MOST_FORMULA}}})\$\$"
    # As our Markdown reads a dollar, and only what is surely no money.
    rf"|(?<![\\$\w])\$(?![\s$])(?P<dollar>(?=[^$]*[\\^_={{}}]|[^$\s]{{1,3}}\$)[^$<>]{{1,{_MOST_FORMULA}}}?)(?<![\s\\])\$(?!\d)",
    re.DOTALL,
)
_MATHML = re.compile(r"<(/?)((?:\w{1,20}:)?math)\b[^<>]*>", re.IGNORECASE)
_DATA_URI = re.compile(r"""data:(?:image|audio|video)/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)""")
#: Two of them around a number stand for a formula while the HTML becomes Markdown.
FORMULA_MARK = "\ue000"
#: The end of a line within a paragraph.
LINE_END = "\ue001"
#: What stands for a data URI.
_URI = "x-uri-"


class FoundTexts:
    """The texts of one question as Markdown.

    Args:
        images: where to put the images that texts have: name -> content. Usually those of the quiz.
        changes: where to say what was lost. Usually those of the question.
        read_file: the content of a file that came along, by the address in the HTML; None if there is no such file.
    """

    def __init__(
        self, images: dict[str, bytes], changes: list[str], read_file: Callable[[str], bytes | None] = lambda _: None
    ) -> None:
        self._images = images
        self._changes = changes
        self.read_file = read_file
        self._formulas: list[tuple[str, bool]] = []
        self._uris: list[str] = []
        self._keeps_dollars = True

    def escaped(self, text: str, *, in_table: bool = False) -> str:
        """A piece of text as Markdown; a dollar in it begins no formula."""
        text = escaped(text, in_table=in_table)
        return text if self._keeps_dollars else text.replace("$", "\\$")

    def change(self, sentence: str) -> None:
        """Say once that something was changed or lost."""
        if sentence not in self._changes:
            self._changes.append(sentence)

    # ---- From HTML, Markdown or plain text ----

    def from_html(self, html: str) -> str:
        """HTML as Markdown, without blank lines around it.

        Raises:
            UnreadableError: it is too long, nested too deeply, or has a formula that cannot be read.
            MissingPackagesError: markdownify is not installed.
        """
        self._formulas, self._uris = [], []
        html = _DATA_URI.sub(self._keep_uri, html)
        if len(html) > _MOST_CHARACTERS:
            raise UnreadableError(f"a text has {len(html):,} characters; a text of a quiz has at most 10,000")
        html = without_hidden(html.replace(FORMULA_MARK, "").replace(LINE_END, ""))
        html = _TOO_LONG.sub("\N{REPLACEMENT CHARACTER}", html)
        parts = _split_at(_MATHML, html)
        html = "".join(self._mathml(part) if number % 2 else part for number, part in enumerate(parts))
        parts = _split_at(_CODE, html)
        whole = "".join(part if number % 2 else _FORMULA.sub(self._formula, part) for number, part in enumerate(parts))
        plain = unescape(re.sub(r"<[^<>]*>", " ", whole))
        self._keeps_dollars = not self._formulas and "<su" not in whole and not formula_sources(plain[:10_000])
        if simple := _PARAGRAPH.fullmatch(whole):
            text = at_line_start(self.escaped(" ".join(unescape(simple["text"]).split())))
        else:
            try:
                text = _converted(whole, self)
            except RecursionError:
                raise UnreadableError("a text has elements nested too deeply") from None
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        text = "\n".join(line.rstrip() for line in text.split("\n"))
        text = re.sub(f"(?:{LINE_END}\\s*)+(?=\n\n|$)", "\n", text.strip())  # the end of a paragraph ends its line
        text = re.sub(f"{LINE_END}\n((?:> )*) (?=\\S)", f"{LINE_END}\n\\1", text)
        text = re.sub(f" *(?:{LINE_END}\n?)+", "\\\\\n", text)
        text = re.sub(r"\n{3,}", "\n\n", text).strip()
        return re.sub(f"{FORMULA_MARK}(\\d{{1,5}}){FORMULA_MARK}(\\d?)", self._as_formula, text)

    def from_plain(self, text: str) -> str:
        """Plain text as Markdown."""
        text = text.strip()
        self._keeps_dollars = not formula_sources(text)
        if "\n" not in text:
            return self.escaped(text)
        return "\n".join(at_line_start(self.escaped(line.strip())) for line in text.split("\n"))

    # ---- Formulas ----

    def _formula(self, found: re.Match[str]) -> str:
        name = found.lastgroup or "inline"
        source = unescape(re.sub(r"<(?=[/a-zA-Z])[^>]*>", " ", found[name]))
        source = " ".join(source.split())
        return self.formula(source, is_display=name in ("display", "dollars")) if source else ""

    def formula(self, latex: str, *, is_display: bool = False) -> str:
        """What stands for a formula until the text is Markdown."""
        self._formulas.append((" ".join(latex.split()), is_display))
        return f"{FORMULA_MARK}{len(self._formulas) - 1}{FORMULA_MARK}"

    def _mathml(self, source: str) -> str:
        try:
            latex = latex_of(source)
        except MathmlError as error:
            raise UnreadableError(f"a formula in MathML {error}; write it in LaTeX there") from None
        is_display = 'display="block"' in source[:300]
        return self.formula(latex, is_display=is_display) if latex else ""

    def _as_formula(self, found: re.Match[str]) -> str:
        if int(found[1]) >= len(self._formulas):  # an entity can stand for any character, also for that of a mark
            return found[2]
        source, is_display = self._formulas[int(found[1])]
        if problem := formula(source, display=is_display).problem:
            self.change(
                f"The formula '{excerpt(source, 60)}' {problem}, so it is written as code; write it in another way."
            )
            fence = "`" * (1 + max(map(len, re.findall("`+", source)), default=0))
            return f"{fence} {source} {fence}{found[2]}"
        if "$" in source or (found[2] and not is_display):
            ticks = "`" * (1 + max(map(len, re.findall("`+", source)), default=0))
            return f"{{math}}{ticks}{source}{ticks}{found[2]}"
        return f"$${source}$${found[2]}" if is_display else f"${source}${found[2]}"

    # ---- Images and recordings ----

    def _keep_uri(self, found: re.Match[str]) -> str:
        self._uris.append(found[1])
        return f"{_URI}{len(self._uris) - 1}"

    def image(self, address: str, description: str) -> str:
        """An image or a recording as Markdown; it comes along as a file, or is named as lost. Of one that is lost, its
        description stays, if it has one; the name of a file does not describe it.
        """
        name = PurePosixPath(unquote(address.partition("?")[0])).name
        words = " ".join(description.split())
        words = "" if words == name or _FILE_NAME.fullmatch(words) else words.replace("[", "(").replace("]", ")")
        if kept := re.fullmatch(rf"{_URI}(\d{{1,5}})", address):
            name, content = "picture", self._decoded(int(kept[1]))
        elif re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE):
            shown = words or "a picture"
            self.change(
                f"The picture at {excerpt(address, 200)} was not fetched. Save it next to the quiz, and write "
                f"![{excerpt(shown, 40)}](its file name)."
            )
            link = address if address.startswith("http") and not re.search(r"[\s()<>]", address) else ""
            return f"[{shown}]({link})" if link else words
        else:
            content = self.read_file(address)
        if content is None:
            called = excerpt(name or address or description, 80)
            self.change(f"The picture '{called}' is not in the file, so it was left out.")
            return words
        return self._kept(name, content, words)

    def _kept(self, name: str, content: bytes, words: str) -> str:
        file = image_name(name, content)
        if not file:
            self.change(
                f"'{excerpt(name, 80)}' is neither a picture nor a recording that browsers show; it was left out."
            )
            return words
        limit = 1_000_000 if file.rpartition(".")[2] in _RECORDINGS else 200_000
        if len(content) > limit:
            self.change(
                f"The file '{excerpt(name, 80)}' has {len(content) // 1000} kB, where {limit // 1000} kB is the limit. "
                "It was left out; make it smaller, and put it back."
            )
            return words
        if not words:
            words = re.sub(r"[\W_]+", " ", PurePosixPath(name).stem).strip() or "picture"
            self.change(
                f"The picture '{excerpt(name, 80)}' has no description, so it has its name; write what it shows, for "
                "students who cannot see it."
            )
        self._images[file] = content
        return f"![{words}]({file})"

    def _decoded(self, number: int) -> bytes | None:
        return decoded_base64(self._uris[number]) if number < len(self._uris) else None


def has_media(text: str) -> bool:
    """Whether a text, in HTML or Markdown, has a picture or the like: even if that is lost, the text was not empty."""
    return _MEDIA.search(text) is not None


def without_hidden(html: str) -> str:
    """HTML without what no browser shows: comments, and marks for one program."""
    first, *others = html.split("<!--")
    return _FOR_ONE_PROGRAM.sub("", first + "".join(other.partition("-->")[2] for other in others))


def unescaped(text: str) -> str:
    """A text with the characters that its entities stand for."""
    return unescape(_TOO_LONG.sub("\N{REPLACEMENT CHARACTER}", text))


def plain_words(html: str) -> str:
    """HTML as plain text in one line."""
    return " ".join(unescaped(re.sub(r"<(?=[/a-zA-Z!])[^>]*>", " ", html)).split())


def decoded_base64(text: str) -> bytes | None:
    """The bytes of a text in Base64, which may have line breaks; None if it is not one."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def image_name(name: str, content: bytes) -> str:
    """The name of the file for an image or a recording: its own, with a digest, so that two files of one name do not
    meet. Empty if it is neither.
    """
    ending = next((ending for signature, ending in _ENDINGS.items() if signature.match(content)), "")
    written = PurePosixPath(name).suffix.lower().lstrip(".")
    ending = ending or (written if written in _RECORDINGS else "")
    if not ending:
        return ""
    stem = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(name).stem.lower())[:40].strip("-") or "picture"
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:6]}.{ending}"


def _split_at(tag: re.Pattern[str], html: str) -> list[str]:
    """``html`` as what is outside and inside of elements, in turn. ``tag`` finds their tags: a slash, and the name.

    One pass, however many elements are not closed.
    """
    parts: list[str] = []
    end, start, name = 0, -1, ""
    for found in tag.finditer(html):
        if start < 0 and not found[1]:
            start, name = found.start(), found[2].lower()
        elif start >= 0 and found[1] and found[2].lower() == name:
            parts += [html[end:start], html[start : found.end()]]
            end, start = found.end(), -1
    return [*parts, html[end:]]


# ---- Text as Markdown ----


def escaped(text: str, *, in_table: bool = False) -> str:
    """``text`` as Markdown that means just these characters."""
    text = re.sub(r"\\(?![^\W_])", r"\\\\", text)
    text = text.replace("`", "\\`")
    text = re.sub(r"(?<!\s)\*|\*(?!\s)", r"\\*", text)
    text = re.sub(r"(?<=[^\s_])_+(?!\w)|(?<=[^\w\s])_+", lambda found: "\\_" * len(found[0]), text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"\](?=[(:\[])", r"\\]", text).replace("[[", "\\[\\[").replace("]]", "\\]\\]")
    text = re.sub(r"<(?=[A-Za-z][^\s<>]*[:@][^\s<>]*>)", r"\\<", text)
    return text.replace("|", "\\|") if in_table else text


def at_line_start(text: str) -> str:
    """A paragraph that would begin a list, a quotation or code, or be a line across the page."""
    if re.fullmatch(r"\s*(?:(?:_[ \t]*){3,}|(?:-[ \t]*){3,})", text):
        return re.sub("([_-])", r"\\\1", text)
    text = re.sub(r"^(\s*)(\d{1,9})([.)])(?=\s)", r"\1\2\\\3", text)
    return re.sub(r"^(\s*)(>|~(?=~~)|[-+*](?=\s|>|$))", r"\1\\\2", text)


def _converted(html: str, texts: FoundTexts) -> str:
    try:
        from civicquiz.exchange.html_converter import HtmlConverter
    except ImportError:
        raise MissingPackagesError("Reading texts in HTML", "exchange") from None
    try:
        markdown: str = HtmlConverter(texts).convert(html)
    except ValueError:  # it makes numbers of attributes
        raise UnreadableError("a text has an attribute of HTML with a number that cannot be read") from None
    return markdown
