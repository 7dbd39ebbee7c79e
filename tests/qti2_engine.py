"""A small engine for items and tests of QTI 2.1 and 3.0, which knows nothing of what wrote them.

It has the expressions of IMS QTI 2.1, Assessment Test, Section and Item Information Model, sections 15 and 16, that
our items use, and fails on any other.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

Value = Any

_NUMBERS = ("float", "integer")


def _old_name(name: str) -> str:
    name = name.partition("}")[2] or name
    return re.sub(r"-(\w)", lambda found: found[1].upper(), name.removeprefix("qti-")) if "-" in name else name


def parsed(content: bytes) -> ElementTree.Element:
    """An element and all below it with names of QTI 2.1, without namespaces; HTML and MathML as they are."""
    root = ElementTree.fromstring(content)
    is_new = root.tag.partition("}")[2].startswith("qti-")
    for element in root.iter():
        local = element.tag.partition("}")[2]
        assert is_new or not local.startswith("qti-"), local
        if is_new and local.startswith("qti-"):
            element.attrib = {name if "}" in name else _old_name(name): value for name, value in element.attrib.items()}
        element.tag = _old_name(element.tag)
    return root


def html_of(element: ElementTree.Element | None) -> str:
    """What is in an element, as HTML."""
    if element is None:
        return ""
    body = element.find("contentBody")
    holder = element if body is None else body
    inside = "".join(ElementTree.tostring(child, "unicode") for child in holder)
    return ElementTree.tostring(ElementTree.Element("x"), "unicode").replace("<x />", holder.text or "") + inside


@dataclass
class Declared:
    """A response that an item declares."""

    cardinality: str
    base_type: str
    correct: Value
    mapping: dict[str, float] = field(default_factory=dict)
    low: float = 0.0
    high: float = 0.0
    default: float = 0.0


class Item:
    """An item that can be scored. With ``searches``, a pattern may match a part of a text, as some engines do it."""

    def __init__(self, content: bytes, *, searches: bool = False) -> None:
        self.root = parsed(content)
        self.name = self.root.get("identifier", "")
        self.searches = searches
        self.responses = {
            found.get("identifier", ""): self._declared(found) for found in self.root.findall("responseDeclaration")
        }
        body = self.root.find("itemBody")
        assert body is not None
        self.body = body
        self.interactions = [found for found in body.iter() if found.tag.endswith("Interaction")]
        self.type = {found.tag for found in self.interactions}
        assert {found.get("responseIdentifier") for found in self.interactions} == set(self.responses)

    def _declared(self, found: ElementTree.Element) -> Declared:
        cardinality, base_type = found.get("cardinality", ""), found.get("baseType", "")
        values = [_typed(value.text or "", base_type) for value in found.findall("correctResponse/value")]
        assert cardinality != "single" or len(values) < 2
        correct = (values or [None])[0] if cardinality == "single" else values or None
        declared = Declared(cardinality, base_type, correct)
        mapping = found.find("mapping")
        if mapping is not None:
            declared.mapping = {
                e.get("mapKey", ""): float(e.get("mappedValue", "")) for e in mapping.findall("mapEntry")
            }
            declared.low, declared.high = float(mapping.attrib["lowerBound"]), float(mapping.attrib["upperBound"])
            declared.default = float(mapping.attrib["defaultValue"])
        return declared

    def choices(self) -> dict[str, ElementTree.Element]:
        """What can be chosen, by identifier."""
        tags = ("simpleChoice", "simpleAssociableChoice", "hottext", "inlineChoice")
        found = [element for element in self.body.iter() if element.tag in tags]
        return {element.get("identifier", ""): element for element in found}

    def points(self) -> float:
        """MAXSCORE, which has to be the most that SCORE can be."""
        found = {one.get("identifier"): one for one in self.root.findall("outcomeDeclaration")}
        points = float(found["MAXSCORE"].findtext("defaultValue/value") or "")
        assert float(found["SCORE"].get("normalMaximum", "")) == points
        mapped = [declared.high for declared in self.responses.values() if declared.mapping]
        assert len(self.responses) > 1 or not mapped or mapped == [points]
        return points

    def outcomes(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """The outcomes for responses, typed by their declarations."""
        assert set(given) <= set(self.responses)
        values: dict[str, Value] = {name: given.get(name) for name in self.responses}
        for found in self.root.findall("outcomeDeclaration"):
            default = found.findtext("defaultValue/value")
            number = 0 if found.get("baseType") in _NUMBERS and found.get("cardinality") == "single" else None
            values[found.get("identifier", "")] = (
                number if default is None else _typed(default, found.get("baseType", ""))
            )
        rules = self.root.find("responseProcessing")
        self._run([] if rules is None else list(rules), values)
        return values

    def score(self, given: Mapping[str, Value]) -> float:
        """SCORE."""
        return float(self.outcomes(given)["SCORE"])

    def shown(self, given: Mapping[str, Value]) -> list[str]:
        """The feedback that students read, as HTML."""
        outcomes = self.outcomes(given)
        texts = []
        for found in (*self.body.iter("feedbackInline"), *self.root.findall("modalFeedback")):
            assert found.get("showHide") == "show"
            value = outcomes[found.get("outcomeIdentifier", "")]
            if found.get("identifier") in (value if isinstance(value, list) else [value]):
                texts.append(html_of(found))
        return texts

    def _run(self, rules: list[ElementTree.Element], values: dict[str, Value]) -> None:
        for rule in rules:
            if rule.tag == "setOutcomeValue":
                assert rule.get("identifier") in values
                values[rule.get("identifier", "")] = self._value(rule[0], values)
                continue
            assert rule.tag == "responseCondition", rule.tag
            for number, branch in enumerate(rule):
                assert branch.tag == ("responseElseIf" if number else "responseIf")
                if self._value(branch[0], values) is True:
                    self._run(list(branch[1:]), values)
                    break

    def _value(self, expression: ElementTree.Element, values: dict[str, Value]) -> Value:
        name = expression.get("identifier", "")
        match expression.tag:
            case "baseValue":
                return _typed(expression.text or "", expression.get("baseType", ""))
            case "variable":
                return values[name]
            case "correct":
                return self.responses[name].correct
            case "mapResponse":
                return self._mapped(self.responses[name], values[name])
        parts = [self._value(part, values) for part in expression]
        match expression.tag:
            case "isNull":
                return parts[0] is None or parts[0] == []
            case "and":
                return False if False in parts else None if None in parts else True
            case "or":
                return True if True in parts else None if None in parts else False
        if None in parts:
            return None
        first, *others = parts
        match expression.tag:
            case "not":
                return not first
            case "match":
                return sorted(first) == sorted(others[0]) if _is_bag(expression, self) else first == others[0]
            case "member":
                return first in others[0]
            case "index":
                place = int(expression.get("n", ""))
                return first[place - 1] if place <= len(first) else None
            case "patternMatch":
                return self._matches(expression.get("pattern", ""), first)
            case "lt" | "lte" | "gte":
                return {"lt": first < others[0], "lte": first <= others[0], "gte": first >= others[0]}[expression.tag]
            case "sum":
                return sum(parts)
            case "subtract":
                return first - others[0]
            case "divide":
                return first / others[0]
            case "max" | "min":
                return {"max": max, "min": min}[expression.tag](parts)
        raise AssertionError(expression.tag)

    def _matches(self, pattern: str, text: str) -> bool:
        assert set(re.findall(r"\\(.)", pattern)) <= set("\\|.?*+(){}-[]^sS"), pattern
        bare = re.sub(r"\\.", "", pattern).replace("[$]", "")
        assert not set(bare) & {"^", "$"}, pattern
        find = re.search if self.searches else re.fullmatch
        return find(pattern, text) is not None

    @staticmethod
    def _mapped(declared: Declared, value: Value) -> float:
        chosen = [] if value is None else value if isinstance(value, list) else [value]
        total = sum(declared.mapping.get(one, declared.default) for one in dict.fromkeys(chosen))
        return min(max(total, declared.low), declared.high)


def _is_bag(expression: ElementTree.Element, item: Item) -> bool:
    """Whether the order of the values that are compared makes no difference."""
    names = [part.get("identifier", "") for part in expression if part.tag in ("variable", "correct")]
    return any(name in item.responses and item.responses[name].cardinality == "multiple" for name in names)


def _typed(text: str, base_type: str) -> Value:
    assert base_type in ("identifier", "string", "directedPair", *_NUMBERS), base_type
    return {"float": float, "integer": lambda one: int(float(one))}.get(base_type, str)(text)


class Package:
    """A package, all of whose files are in its manifest, and all of whose references lead to a file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        names = self.archive.namelist()
        assert len({name.lower() for name in names}) == len(names)
        manifest = parsed(self.archive.read("imsmanifest.xml"))
        resources = list(manifest.iter("resource"))
        identifiers = [found.get("identifier", "") for found in resources]
        assert len(set(identifiers)) == len(identifiers)
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name, re.ASCII) for name in identifiers)
        assert {found.get("identifierref") for found in manifest.iter("dependency")} <= set(identifiers)
        listed = {found.get("href", "") for found in manifest.iter("file")}
        assert listed == set(names) - {"imsmanifest.xml"}
        self.keywords = {found.get("href", ""): [word.text for word in found.iter("string")] for found in resources}
        self.tests = [name for name in names if name.endswith("/test.xml")]

    def read(self, path: str) -> bytes:
        """A file, which has to be there."""
        return self.archive.read(path)

    def test(self, path: str = "") -> ElementTree.Element:
        """A test; the only one if no path is given."""
        return parsed(self.read(path or self.tests[0]))

    def items(self, path: str = "", *, searches: bool = False) -> dict[str, Item]:
        """The items of a test in their order, by identifier."""
        path = path or self.tests[0]
        folder = path.rpartition("/")[0]
        found = {}
        for reference in self.test(path).iter("assessmentItemRef"):
            item = Item(self.read(f"{folder}/{reference.get('href')}"), searches=searches)
            assert item.name == reference.get("identifier")
            assert item.name not in found
            found[item.name] = item
        return found
