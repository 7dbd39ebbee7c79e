"""The XML of QTI 2.1: items, expressions and HTML; and the same with the names of QTI 3.0.

QTI 3.0 has the elements of 2.1 under other names: ``choiceInteraction`` is ``qti-choice-interaction``. HTML and MathML
stay as they are. https://www.imsglobal.org/spec/qti/v3p0/impl
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from civicquiz.authoring.recordings import ENDINGS, RECORDING_CLASS
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.xml_writing import xml_text

__all__ = [
    "ItemParts",
    "base_value",
    "correct",
    "decimal",
    "declaration",
    "id_of",
    "identifier",
    "mapping",
    "outcome",
    "qti_html",
    "set_outcome",
    "variable",
    "when",
    "with_media_types",
    "with_new_names",
]

#: What goes before an id that is no identifier in XML, which starts with a letter.
_PREFIX = "q-"


@lru_cache(maxsize=10_000)
def identifier(name: str) -> str:
    """An id as an identifier. It can be undone: one that starts with ``q-`` is the id without it."""
    return name if name[0].isalpha() and not name.startswith(_PREFIX) else _PREFIX + name


def id_of(name: str) -> str:
    """The id that became this identifier."""
    return name.removeprefix(_PREFIX)


@lru_cache(maxsize=1000)
def decimal(value: float) -> str:
    """A number as all programs read it, with all of its digits."""
    return repr(float(value)).removesuffix(".0")


# ---- Expressions ----


def base_value(base_type: str, value: str) -> str:
    """A constant."""
    return f'<baseValue baseType="{base_type}">{xml_text(value)}</baseValue>'


def variable(name: str) -> str:
    """A response or an outcome."""
    return f'<variable identifier="{name}"/>'


def correct(name: str) -> str:
    """The right response."""
    return f'<correct identifier="{name}"/>'


def set_outcome(name: str, expression: str) -> str:
    """A rule that gives an outcome a value."""
    return f'<setOutcomeValue identifier="{name}">{expression}</setOutcomeValue>'


def when(*branches: tuple[str, str]) -> str:
    """A rule for the first of the (condition, rules) whose condition is true."""
    names = ("responseIf", *["responseElseIf"] * (len(branches) - 1))
    parts = (f"<{name}>{test}{rules}</{name}>" for name, (test, rules) in zip(names, branches, strict=True))
    return f"<responseCondition>{''.join(parts)}</responseCondition>\n"


# ---- Declarations ----


def declaration(name: str, cardinality: str, base_type: str, right: Iterable[str] = (), mapped: str = "") -> str:
    """The declaration of a response, with what is ``right`` and a mapping if there is one."""
    values = "".join(f"<value>{xml_text(value)}</value>" for value in right)
    values = f"<correctResponse>{values}</correctResponse>" if values else ""
    start = f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base_type}"'
    return f"{start}>{values}{mapped}</responseDeclaration>\n" if values or mapped else f"{start}/>\n"


def mapping(entries: Iterable[tuple[str, float]], most: float) -> str:
    """A mapping of values to points, from 0 to ``most``. Some programs take -1 for a default that is not there."""
    inside = "".join(f'<mapEntry mapKey="{key}" mappedValue="{decimal(points)}"/>' for key, points in entries)
    return f'<mapping lowerBound="0" upperBound="{decimal(most)}" defaultValue="0">{inside}</mapping>'


def outcome(name: str, base_type: str, value: str = "", *, cardinality: str = "single", more: str = "") -> str:
    """The declaration of an outcome."""
    start = f'<outcomeDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base_type}"{more}'
    if not value:
        return f"{start}/>\n"
    return f"{start}><defaultValue><value>{value}</value></defaultValue></outcomeDeclaration>\n"


# ---- Items ----


@dataclass
class ItemParts:
    """What an item consists of, as XML.

    Attributes:
        written_as: the name of its interaction.
        declarations: those of its responses.
        body: what students see, below the texts that all items have.
        rules: those that set SCORE.
        outcomes: declarations of outcomes that only this item has.
        told: (outcome, identifier, HTML) of texts that students read if an outcome has a value.
        is_scored_by_person: whether a person has to score it.
        for_scorer: HTML for that person.
    """

    written_as: str
    declarations: str
    body: str
    rules: str = ""
    outcomes: str = ""
    told: list[tuple[str, str, str]] = field(default_factory=list)
    is_scored_by_person: bool = False
    for_scorer: str = ""

    def tell(self, condition: str, html: str) -> None:
        """Let students read ``html`` if the condition is true."""
        name = f"FEEDBACK-{len(self.told) + 1}"
        self.outcomes += outcome(name, "identifier")
        self.rules += when((condition, set_outcome(name, base_value("identifier", "shown"))))
        self.told.append((name, "shown", html))


# ---- HTML ----

#: An attribute that QTI does not have, and the alignment of the cell of a table.
_UNKNOWN = re.compile(
    r' (?:style="(?:text-align:(left|right|center))?[^"]*"|(?:title|tabindex|role|start|aria-\w+)="[^"]*")'
)
#: A tag of MathML with attributes, and those of them that MathML 2, which QTI 2.1 has, knows only elsewhere or not at
#: all: how large a part of a formula is.
_MATH = re.compile(r"<m(?!style|ath\b)\w+ [^>]*>")
_SIZE = re.compile(r' (?:displaystyle|scriptlevel|voffset|height="0)(?:="[^"]*)?"')
_RECORDING = re.compile(
    rf'<(audio|video) [^>]*?src="([^"]*)" aria-label="([^"]*)"></\1><span class="{RECORDING_CLASS}">[^<]*</span>'
)
_OBJECT = re.compile(r'<object src="([^"]*\.(\w+))">')
_MEDIA = {ending: media for media, ending in ENDINGS.items()}


def qti_html(html: str, losses: Losses) -> str:
    """Our HTML with what QTI knows of it: fewer attributes, and recordings as objects."""
    if '="' not in html:
        return html
    if RECORDING_CLASS in html:
        html = _RECORDING.sub(_recording, html)
    if 'start="' in html:
        losses.approximate("text", "Numbered lists start at 1 there.")
    if "<math" in html:
        html = _MATH.sub(lambda tag: _SIZE.sub("", tag[0]), html)
    return _UNKNOWN.sub(_aligned, html)


def _aligned(found: re.Match[str]) -> str:
    # A name of the shared vocabulary of QTI 3.0; in 2.1 it is a class like any other.
    return f' class="qti-align-{found[1]}"' if found[1] else ""


def _recording(found: re.Match[str]) -> str:
    return f'<object src="{found[2]}">{found[3]}</object>'


def with_media_types(xml: str) -> str:
    """Objects, whose files are known by now, with their attributes."""
    return _OBJECT.sub(lambda found: f'<object data="{found[1]}" type="{_MEDIA[found[2]]}">', xml)


# ---- QTI 3.0 ----

#: Elements that have the same name but for the prefix; all others have a capital letter.
_SHORT = frozenset(
    re.findall(
        r"\w+",
        """
        and correct divide gte hottext index lte lt mapping match max member min multiple not or ordering prompt
        selection subtract sum value variable
        """,
    )
)
#: A tag. A sign that would end it is escaped within.
_TAG = re.compile(r"(<\w[^>]*>|</[^>]*>)")
_PARTS = re.compile(r'(</?)(\w+)((?: [\w:]+="[^"]*")*)( ?/?>)')
_ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"')
_CAPITAL = re.compile("[A-Z]")


class _NewTags(dict[str, str]):
    """Tag of QTI 2.1 -> the same in QTI 3.0. A tag of HTML or MathML stays as it is."""

    def __missing__(self, tag: str) -> str:
        found = _PARTS.fullmatch(tag)
        assert found, tag
        start, name, attributes, end = found.groups()
        if name not in _SHORT and name.islower():
            return tag
        new = f"{start}qti-{_kebab(name)}{_ATTRIBUTE.sub(_renamed_attribute, attributes)}{end}"
        if len(self) < _MOST_KEPT:
            self[tag] = new
        return new


class _NewLines(dict[str, str]):
    """Line of XML -> the same with new names. Many lines, such as those with rules, are the same in many items."""

    def __missing__(self, line: str) -> str:
        pieces = _TAG.split(line)
        pieces[1::2] = map(_NEW_TAGS.__getitem__, pieces[1::2])
        new = "".join(pieces)
        if len(self) < _MOST_KEPT:
            self[line] = new
        return new


#: How many lines, and tags, are kept.
_MOST_KEPT = 5_000
_NEW_TAGS, _NEW_LINES = _NewTags(), _NewLines()


def with_new_names(xml: str) -> str:
    """Elements and attributes of QTI 2.1 with their names in QTI 3.0. No tag is on two lines."""
    return "\n".join(map(_NEW_LINES.__getitem__, xml.split("\n")))


def _renamed_attribute(found: re.Match[str]) -> str:
    name = found[1] if found[1].startswith("xml") else _kebab(found[1])
    return f' {name}="{found[2]}"'


def _kebab(name: str) -> str:
    return _CAPITAL.sub(lambda capital: f"-{capital[0].lower()}", name)
