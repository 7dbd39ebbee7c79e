"""An item of QTI 2.1, 2.2 or 3.0: its text, its interactions, and which responses are right.

QTI 3.0 has the same elements as 2.x under other names: ``qti-choice-interaction`` is ``choiceInteraction``. Everything
here has the names of 2.x. https://www.imsglobal.org/spec/qti/v3p0/impl
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from math import inf

from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.html_text import FoundTexts
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.qti2_feedback import scoring_rules, told_feedback
from civicquiz.exchange.question_values import gap_mark
from civicquiz.exchange.scored_answers import Band, plain_number
from civicquiz.exchange.xml_text import XmlElement, text_at

__all__ = ["Declaration", "Qti2Item", "is_added", "with_old_names"]

#: A text that is HTML as a whole.
_WRAPPED = re.compile(r"\s*<(p|div|span|ul|ol|table)\b[^<>]*>.*</\1>\s*", re.DOTALL)


def with_old_names(root: XmlElement) -> XmlElement:
    """An element and all below it with the names of QTI 2.x."""
    for element in root.iter():
        if element.tag.startswith("qti-"):
            element.tag = _camel(element.tag.removeprefix("qti-"))
            for name in [name for name in element.attrib if "-" in name]:
                element.attrib[_camel(name)] = element.attrib.pop(name)
    return root


def _camel(name: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name)


@dataclass(frozen=True)
class Declaration:
    """What a response can be and what is right.

    ``rule`` says how it is scored: ``match`` only if it is exactly what is correct, ``map`` by ``mapped``.
    """

    cardinality: str = "single"
    base_type: str = "identifier"
    correct: tuple[str, ...] = ()
    mapped: dict[str, float] = field(default_factory=dict)
    #: the keys of ``mapped`` whose capitals count
    case_sensitive: frozenset[str] = frozenset()
    rule: str = "match"
    upper: float | None = None
    default: float = 0.0

    @property
    def most(self) -> float:
        """The score that is all of the points, by its mapping."""
        gains = [number for number in self.mapped.values() if number > 0]
        best = sum(gains) if self.cardinality == "multiple" else max(gains, default=0.0)
        return min(best, self.upper) if self.upper and self.upper > 0 else best

    def right_texts(self) -> list[str]:
        """The texts in its mapping that earn points, or one that no pattern can be for if there are none."""
        return [text for text, points in self.mapped.items() if points > 0] or [""]

    def share(self, value: str) -> float:
        """The share of the points that one value earns by the mapping, or by what is correct."""
        if self.rule == "map" and self.most:
            return self.mapped.get(value, self.default) / self.most
        return float(value in self.correct)


#: What a response is compared with in rules that are read: anything else is named.
_KNOWN_RULES = re.compile(
    "responseProcessing|responseCondition|responseIf|responseElseIf|responseElse|setOutcomeValue|exitResponse|baseValue|"
    "variable|correct|default|match|mapResponse|sum|max|min|multiple|containerSize|isNull|not|and|or|gte|lte|equal|"
    "stringMatch|patternMatch"
)


class Qti2Item:
    """An item with its text as Markdown."""

    def __init__(
        self,
        element: XmlElement,
        images: dict[str, bytes],
        changes: list[str],
        read_file: Callable[[str], bytes | None],
    ) -> None:
        self.element = element
        self.texts = FoundTexts(images, changes, read_file)
        self.note = self.texts.change
        self.is_ours = element.get("toolName") == "civicquiz"
        self.processing = element.first("responseProcessing")
        template = (self.processing.get("template") or "") if self.processing is not None else ""
        self._template = "map" if "map_response" in template else "match" if "match_correct" in template else ""
        self.body = element.first("itemBody")
        everything: list[XmlElement] = list(self.body.iter()) if self.body is not None else []  # type: ignore[arg-type]
        self.interactions = [found for found in everything if _is_interaction(found)]
        self.scorer: list[str] = []
        #: the position of a gap -> the unit behind it
        self.units: dict[int, str] = {}
        self.rules = scoring_rules(element)
        self.told = told_feedback(element)
        #: rules that were recognized as a way of scoring that is ours
        self.known_rules: set[str] = set()

    # ---- What is right ----

    def declaration(self, interaction: XmlElement) -> Declaration:
        """The declaration of the response to an interaction.

        Raises:
            UnreadableError: there is none.
        """
        name = interaction.get("responseIdentifier", "")
        for found in self.element.children("responseDeclaration"):
            if found.get("identifier") == name:
                return self._declaration(found, name)
        raise UnreadableError(f"the response '{excerpt(name, 40)}' is not declared")

    def _declaration(self, found: XmlElement, name: str) -> Declaration:
        correct = found.first("correctResponse")
        mapping = found.first("mapping")
        entries = list(mapping.children("mapEntry")) if mapping is not None else []
        upper = mapping.get("upperBound") if mapping is not None else None
        return Declaration(
            found.get("cardinality", "single"),
            found.get("baseType", "identifier"),
            tuple(" ".join(text_at(value).split()) for value in correct.children("value"))
            if correct is not None
            else (),
            {
                entry.get("mapKey", ""): float(plain_number(entry.get("mappedValue", "0"), "a score"))
                for entry in entries
            },
            frozenset(e.get("mapKey", "") for e in entries if e.get("caseSensitive", "false").lower() in ("true", "1")),
            self._rule(name, has_mapping=bool(entries)),
            float(plain_number(upper, "a score")) if upper else None,
            float(plain_number(mapping.get("defaultValue", "0"), "a score")) if mapping is not None else 0.0,
        )

    def _rule(self, name: str, *, has_mapping: bool) -> str:
        if self._template:
            return self._template if has_mapping or self._template == "match" else "match"
        if self.processing is not None and len(self.processing):
            if any(found.get("identifier") == name for found in self.processing.below("mapResponse")):
                return "map"
            return "match"
        return "map" if has_mapping else "match"

    def note_rules(self) -> None:
        """Name rules of scoring that are not read."""
        tags = {found.tag for rule in self.rules for found in rule.iter()} - self.known_rules
        unknown = {tag for tag in tags if not _KNOWN_RULES.fullmatch(tag)}
        if unknown:
            self.note(f"Its score was computed by rules that were not read ({', '.join(sorted(unknown))}); ours apply.")

    def scores_by_pairs(self, count: int) -> bool:
        """Whether it scores an order of so many entries as we do: by the positions of all, two by two."""
        found = [part.tag for rule in self.rules for part in rule.iter()]
        is_so = found.count("index") == count**2 and found.count("lt") == count * (count - 1) // 2
        if is_so:
            self.known_rules |= {"index", "lt", "subtract", "divide"}
        return is_so

    def _in_rules(self, *tags: str) -> Iterator[XmlElement]:
        for rule in self.rules:
            yield from rule.below(*tags)

    def bands(self, name: str) -> list[Band]:
        """The numbers with which a response is compared in the rules, each with all of the points."""
        found = [band for test in self._in_rules("and") if (band := self.band(test, name))]
        for test in self._in_rules("equal"):
            found += self._equal(test, name)
        return list(dict.fromkeys(found))

    def band(self, test: XmlElement, name: str) -> Band | None:
        """The numbers for which a condition on a response is true; None if it is on anything else."""
        low, high = (self._compared(test, tag, name) for tag in ("gte", "lte"))
        if len(test) == 1 and (low or high):
            return Band(low[0] if low else -inf, high[0] if high else inf, 1)
        if low and high and low[0] <= high[0]:
            return Band(low[0], high[0], 1, number=(low[0] + high[0]) / 2)
        return None

    def _compared(self, test: XmlElement, tag: str, name: str) -> list[float]:
        return [
            float(plain_number(part.words("baseValue")))
            for part in test.children(tag)
            if any(variable.get("identifier") == name for variable in part.children("variable"))
            and part.words("baseValue")
        ]

    def _equal(self, test: XmlElement, name: str) -> Iterator[Band]:
        if not any(variable.get("identifier") == name for variable in test.children("variable")):
            return
        numbers = [text_at(value) for value in test.children("baseValue")]
        if any(found.get("identifier") == name for found in test.children("correct")):
            numbers = [
                value
                for found in self.element.children("responseDeclaration")
                if found.get("identifier") == name
                for value in Qti2Item._declaration(self, found, name).correct[:1]
            ]
        for written in numbers:
            number = float(plain_number(written))
            below, above = ([*(test.get("tolerance") or "0").split(), "0"] * 2)[:2]
            low, high = (
                float(plain_number(below)),
                float(plain_number(above if " " in (test.get("tolerance") or "") else below)),
            )
            if test.get("toleranceMode") == "relative":
                low, high = abs(number) * low / 100, abs(number) * high / 100
            elif test.get("toleranceMode", "exact") == "exact":
                low = high = 0.0
            around, other = Band.around(number, low, 1), Band.around(number, high, 1)
            yield around if low == high else Band(around.low, other.high, 1)

    def compared_texts(self, name: str) -> list[tuple[str, bool]]:
        """(text, whether capitals count) that a response is compared with in the rules."""
        tests = [
            test
            for test in self._in_rules("stringMatch", "match", "patternMatch")
            if any(variable.get("identifier") == name for variable in test.children("variable"))
        ]
        found = [
            (text_at(value), test.get("caseSensitive", "true").lower() != "false")
            for test in tests
            for value in test.children("baseValue")
        ]
        return [*found, *((_literal(test.get("pattern", "")), True) for test in tests if test.tag == "patternMatch")]

    def patterns(self, name: str) -> list[str]:
        """The patterns that all of a response must match to be right."""
        denied = {id(found) for test in self._in_rules("not") for found in test.iter()}
        return [
            test.get("pattern", "")
            for test in self._in_rules("patternMatch")
            if id(test) not in denied
            and any(variable.get("identifier") == name for variable in test.children("variable"))
        ]

    def is_without_points(self) -> bool:
        """Whether it says that there are no points for it."""
        return any(
            outcome.get("identifier") == "MAXSCORE" and outcome.words("defaultValue", "value") in ("0", "0.0")
            for outcome in self.element.children("outcomeDeclaration")
        )

    def points(self) -> int | float:
        """How many points it is worth: the outcome MAXSCORE, or the most that SCORE can be."""
        for name in ("MAXSCORE", "SCORE"):
            for outcome in self.element.children("outcomeDeclaration"):
                if outcome.get("identifier") != name:
                    continue
                written = (
                    outcome.words("defaultValue", "value") if name == "MAXSCORE" else outcome.get("normalMaximum", "")
                )
                number = plain_number(written or "0", "a number of points")
                if number > 0:
                    return number
        declared = [self.declaration(interaction) for interaction in self.interactions]
        most = sum(found.most for found in declared if found.rule == "map")
        return plain_number(str(most)) if most > 0 and len(declared) == 1 else 1

    # ---- Texts ----

    def html(self, holder: XmlElement, inside: Callable[[XmlElement], str | None] = lambda _: None) -> str:
        """What is in an element, as HTML. ``inside`` may give the HTML for an element in it.

        Some programs write HTML as text, in a CDATA section: a text that is wrapped in an element is meant as such.
        """
        if not len(holder) and _WRAPPED.fullmatch(holder.text or ""):
            return holder.text or ""
        parts = [escape(holder.text or "", quote=False)]
        for child in holder:
            given = inside(child)  # type: ignore[arg-type]
            parts.append(self._element(child, inside) if given is None else given)  # type: ignore[arg-type]
            parts.append(escape(child.tail or "", quote=False))
        return "".join(parts)

    def _element(self, element: XmlElement, inside: Callable[[XmlElement], str | None]) -> str:
        tag = element.tag
        if tag in ("feedbackInline", "feedbackBlock", "modalFeedback", "stylesheet", "stimulusBody"):
            return ""
        if tag == "rubricBlock":
            if "candidate" in element.get("view", "candidate"):
                return self.html(element, inside)
            self.scorer.append(self.html(element))
            return ""
        if tag in ("printedVariable", "templateInline", "templateBlock"):
            raise UnreadableError("its text has numbers that are made by rules (templates); write it with 'variables'")
        if tag == "object" and element.get("data") and "image" in element.get("type", "image"):
            words = element.get("alt") or " ".join("".join(element.itertext()).split())
            return f'<img src="{escape(element.get("data", ""))}" alt="{escape(words)}">'
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.items() if ":" not in name)
        if tag in _EMPTY:
            return f"<{tag}{attributes}>"
        return f"<{tag}{attributes}>{self.html(element, inside)}</{tag}>"

    def markdown(self, holder: XmlElement | None, inside: Callable[[XmlElement], str | None] = lambda _: None) -> str:
        """What is in an element, as Markdown; "" if there is no element."""
        return self.texts.from_html(self.html(holder, inside)) if holder is not None else ""

    def prompt(self) -> str:
        """The text around the only interaction, with its own prompt, as Markdown."""

        def inside(element: XmlElement) -> str | None:
            if is_added(element):
                return ""
            if not _is_interaction(element):
                return None
            prompt = element.first("prompt")
            return f"<p>{self.html(prompt)}</p>" if prompt is not None else ""

        return self.markdown(self.body, inside)

    def text_with_gaps(self, holder: XmlElement | None, tags: tuple[str, ...]) -> tuple[str, list[XmlElement]]:
        """(the text in an element as Markdown with marks of gaps, the elements with these tags, which are the gaps)."""
        gaps: list[XmlElement] = []

        def inside(element: XmlElement) -> str | None:
            if element.tag in tags:
                gaps.append(element)
                return gap_mark(len(gaps) - 1)
            if gaps and element.tag == "span" and element.get("class") == "unit":
                self.units[len(gaps) - 1] = " ".join("".join(element.itertext()).split())
                return ""
            return "" if element.tag in ("prompt", "gapText", "gapImg") else None

        return self.markdown(holder, inside), gaps

    def feedback_on(self, choice: XmlElement) -> str:
        """The feedback on a choice: in it, or shown for its identifier."""
        own = next(choice.below("feedbackInline"), None)
        if own is not None:
            return self.markdown(own)
        name = choice.get("identifier")
        shown = [found for found in self.element.children("modalFeedback") if found.get("identifier") == name]
        return "\n\n".join(self.markdown(found) for found in shown)


def _literal(pattern: str) -> str:
    """The only text, apart from the blanks around it, that a pattern accepts.

    Raises:
        UnreadableError: it accepts others.
    """
    inside = re.sub(r"^\^?(?:\\s\*)?|(?:\\s\*)?\$?$", "", pattern)
    plain = re.sub(r"\\([^\w\s])", "", inside)
    if not inside or re.search(r"[\\.*+?\[\](){}|^$]", plain):
        raise UnreadableError(f"it accepts a pattern, '{excerpt(pattern, 60)}', where our questions accept texts")
    return re.sub(r"\\([^\w\s])", r"\1", inside)


def is_added(element: XmlElement) -> bool:
    """Whether an element says in words what a question of ours has as a value."""
    return element.tag == "p" and re.match("scale$|words-from-", element.get("class", "")) is not None


def _is_interaction(element: XmlElement) -> bool:
    return element.tag.endswith("Interaction")


#: Elements of HTML without an end.
_EMPTY = ("img", "br", "hr", "col", "source")
