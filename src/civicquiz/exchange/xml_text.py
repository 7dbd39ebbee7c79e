"""XML of strangers as a tree of elements that know their lines; what could keep a computer busy is refused.

A document type with declarations of its own is refused, because it is the only place where entities can be made, which
can grow without limit or stand for other files (OWASP, XML External Entity Prevention). One that only names a file is
read over: nothing is ever fetched, so that file cannot do anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element
from xml.parsers import expat

from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile

__all__ = ["XmlElement", "first_tag", "inner_xml", "local", "parsed_xml", "text_at"]

#: The most elements of a file, and how deeply they may be inside each other.
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 200


class XmlElement(Element):
    """An element with the line of the file that it starts in. Its tag has no namespace."""

    line: int = 0

    def children(self, *tags: str) -> Iterator[XmlElement]:
        """The elements directly in it that have one of these tags."""
        return (child for child in self if child.tag in tags)  # type: ignore[misc]

    def below(self, *tags: str) -> Iterator[XmlElement]:
        """The elements anywhere in it that have one of these tags, in order."""
        return (found for found in self.iter() if found.tag in tags)  # type: ignore[misc]

    def first(self, *path: str) -> XmlElement | None:
        """The first element along a path of tags; None if there is none."""
        found: XmlElement | None = self
        for tag in path:
            found = next(found.children(tag), None) if found is not None else None
        return found

    def words(self, *path: str) -> str:
        """The text of the first element along a path, without spaces around it; "" if there is none."""
        found = self.first(*path)
        return "".join(found.itertext()).strip() if found is not None else ""


def text_at(element: XmlElement | None) -> str:
    """The text in an element, without spaces around it; "" if there is no element."""
    return "".join(element.itertext()).strip() if element is not None else ""


class _TreeBuilder:
    """Makes the tree of what expat reads."""

    def __init__(self, parser: expat.XMLParserType, called: str) -> None:
        self._parser = parser
        self._called = called
        self._open: list[XmlElement] = []
        self._last: XmlElement | None = None
        self._text: list[str] = []
        self._count = 0
        self.root: XmlElement | None = None

    def doctype(self, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        raise ExchangeError(
            f"'{self._called}' has a document type (<!DOCTYPE>) with declarations of its own in line {line}, which can "
            "make a reader open other files; delete it, from '<!DOCTYPE' to ']>'"
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._count += 1
        if self._count > MAX_ELEMENTS:
            message = f"'{self._called}' has more than {MAX_ELEMENTS:,} elements; export it in several parts"
            raise ExchangeError(message)
        if len(self._open) >= MAX_DEPTH:
            message = f"line {self._parser.CurrentLineNumber} has more than {MAX_DEPTH} elements inside each other"
            raise ExchangeError(f"'{self._called}' cannot be read: {message}")
        element = XmlElement(local(tag), {local(name): value for name, value in attributes.items()})
        element.line = self._parser.CurrentLineNumber
        if self._open:
            self._open[-1].append(element)
        else:
            self.root = element
        self._open.append(element)
        self._last = None

    def end(self, _: str) -> None:
        self._flush()
        self._last = self._open.pop()

    def text(self, text: str) -> None:
        self._text.append(text)

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text and self._last is not None:
            self._last.tail = text
        elif text and self._open:
            self._open[-1].text = text


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _once(name: str, pattern: str) -> str:
    """A pattern that, once it has matched, is not tried in another way, by a group called ``name``.

    Possessive groups, ``(?>...)`` and ``(...)*+``, would say this, but match wrongly before Python 3.11.5
    (https://github.com/python/cpython/issues/106052).
    """
    return f"(?=(?P<{name}>{pattern}))(?P={name})"


#: What may be before a document type, and a document type up to declarations of its own. What has been read is not read
#: again in another way: a file could begin with so many comments that trying all ways would take forever.
_PROLOG = r"(?:\s+|<\?.*?\?>|<!--.*?-->)*"
_DOCTYPE = "<!DOCTYPE" + _once("named", r"""(?:[^\[>"']+|"[^"]*"|'[^']*')*""")
_WHOLE_DOCTYPE = _once("type", _DOCTYPE + r"(?:\[.*?\]\s*)?>")
_FIRST_TAG = re.compile(
    rf"{_once('before', _PROLOG)}(?:{_WHOLE_DOCTYPE})?{_once('after', _PROLOG)}<(?P<tag>[\w:.-]+)", re.DOTALL
)
_EXTERNAL_DOCTYPE = re.compile(f"{_once('before', _PROLOG)}(?P<type>{_DOCTYPE}>)", re.DOTALL)


def first_tag(text: str) -> str:
    """The name of the first element of a text that may be XML, without its namespace; "" if there is none."""
    found = _FIRST_TAG.match(text[:5000])
    return local(found["tag"]) if found else ""


def _without_external_doctype(text: str) -> str:
    """A text with blanks instead of a document type that only names a file.

    With it, a parser would take every unknown entity for one that is declared in that file, and skip it.
    """
    found = _EXTERNAL_DOCTYPE.match(text)
    return (
        text
        if found is None
        else text[: found.start("type")] + re.sub(r"[^\n]", " ", found["type"]) + text[found.end() :]
    )


#: An entity that is neither one of the five that all of XML has nor the number of a character.
_UNKNOWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)[^;\s&<]{1,40};")


def _position(text: str, before: int, error: expat.ExpatError) -> int:
    """Where in a text expat found an error, if it got the text without the white space ``before`` it."""
    lines = text[before:].split("\n")[: error.lineno - 1]
    return before + sum(len(line) + 1 for line in lines) + error.offset


def _place(text: str, position: int) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}, column {position - text.rfind(chr(10), 0, position)}"


def parsed_xml(file: GivenFile) -> XmlElement:
    """The root element of a file.

    Raises:
        ExchangeError: it is not well-formed XML, has an entity that XML does not have or a document type with
            declarations, or is too large.
    """
    if file.text is None:
        raise ExchangeError(f"'{file.called}' is not text, so it is not XML")
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    builder = _TreeBuilder(parser, file.called)
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    text = _without_external_doctype(file.text)
    before = len(text) - len(text.lstrip())  # an XML declaration has to be at the very beginning
    try:
        parser.Parse(text.strip().encode("utf-8"), True)
    except expat.ExpatError as error:
        position = _position(text, before, error)
        reason = expat.ErrorString(error.code)
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY] and (
            # In the value of an attribute, expat gives the place of the element.
            entity := _UNKNOWN_ENTITY.search(text, position)
        ):
            message = (
                f"has the entity '{entity[0]}' in {_place(text, entity.start())}, which XML does not have; write the "
                "character itself"
            )
        else:
            message = f"is not well-formed XML: {reason} in {_place(text, position)}; export it again"
        raise ExchangeError(f"'{file.called}' {message}") from None
    assert builder.root is not None  # expat has said that there is one
    return builder.root


def inner_xml(element: XmlElement) -> str:
    """What is in an element, as HTML: texts and elements, without the element itself."""
    from xml.etree.ElementTree import tostring

    copy = Element("x")
    copy.text = element.text
    copy.extend(element)
    return tostring(copy, encoding="unicode", method="html").removeprefix("<x>").removesuffix("</x>")
