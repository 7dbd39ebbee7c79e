"""A reading of packages for Canvas that knows nothing of the writer: what both importers find, and how that scores.

``new_quizzes_share`` follows https://github.com/instructure/qti, ``classic_share`` the importer and the questions of
https://github.com/instructure/canvas-lms. Both fail where an importer does, or reads something as nonsense.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any
from xml.etree import ElementTree

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
SETTINGS = "{http://canvas.instructure.com/xsd/cccv1p0}"
#: What both importers take for a blank.
BLANK = re.compile(r"\[([A-Za-z0-9_\-.]+)\]")


def _path(path: str) -> str:
    return "/".join(part if part in (".", "..", "*", "") else f"{QTI}{part}" for part in path.split("/"))


@dataclass
class Entry:
    """An item, and the group that it is in."""

    element: ElementTree.Element
    group: ElementTree.Element | None = None

    def all(self, path: str) -> list[ElementTree.Element]:
        return self.element.findall(_path(path))

    @property
    def ident(self) -> str:
        return self.element.get("ident", "")

    @property
    def fields(self) -> dict[str, str]:
        found = {}
        for one in self.all(".//qtimetadatafield"):
            name, value = one  # the entry comes right after its label, with nothing between them
            assert not (name.tail or "").strip()
            found[name.text or ""] = value.text or ""
        return found

    @property
    def type(self) -> str:
        return self.fields["question_type"]

    @property
    def points(self) -> float:
        return float(self.fields["points_possible"])

    @property
    def text(self) -> str:
        """What students read, as HTML."""
        return self.element.find(_path(".//presentation"))[0][0].text or ""  # type: ignore[index]

    @property
    def responses(self) -> list[ElementTree.Element]:
        return [part for part in self.element.iter() if part.tag in (f"{QTI}response_lid", f"{QTI}response_str")]

    def labels(self, response: ElementTree.Element | None = None) -> dict[str, str]:
        """Ident -> text of the options of a field."""
        response = self.responses[0] if response is None else response
        found = {}
        for one in response.iter(f"{QTI}response_label"):
            text = one.find(_path(".//mattext"))
            found[one.get("ident", "")] = (text.text or "") if text is not None else ""
            assert "".join(one.itertext()) == found[one.get("ident", "")]
        return found

    @property
    def conditions(self) -> Iterator[tuple[ElementTree.Element, ElementTree.Element | None, str]]:
        """(the test, what it does to the score, the feedback that it shows) of each condition."""
        for one in self.all("resprocessing/respcondition"):
            test = one.find(_path("conditionvar"))
            assert test is not None
            shown = one.find(_path("displayfeedback"))
            yield test, one.find(_path("setvar")), shown.get("linkrefid", "") if shown is not None else ""

    def feedback(self, ident: str) -> str:
        for one in self.all("itemfeedback"):
            if one.get("ident") == ident:
                return one[0][0][0].text or ""
        return ""

    @property
    def told(self) -> dict[str, str]:
        """Answer -> its feedback."""
        found = {}
        for test, _, ident in self.conditions:
            equal = test.find(_path(".//varequal"))
            if ident and ident != "general_fb" and equal is not None:
                found[equal.text or ""] = self.feedback(ident)
                assert found[equal.text or ""]
        return found

    def blanks(self) -> dict[str, ElementTree.Element]:
        """Name -> field of each blank, each of which is in the text once."""
        named = {one.get("ident", "").removeprefix("response_"): one for one in self.responses}
        found = [name for name in BLANK.findall(unescape(self.text)) if name in named]
        assert sorted(found) == sorted(named), (found, list(named))
        return named


@dataclass
class CanvasQuiz:
    """A quiz in a package."""

    ident: str
    title: str
    entries: list[Entry]
    settings: Mapping[str, str]
    groups: list[ElementTree.Element] = field(default_factory=list)

    def entry(self, ident: str) -> Entry:
        (found,) = (one for one in self.entries if one.ident == ident)
        return found


@dataclass
class CanvasPackage:
    """The quizzes and the files of a package."""

    quizzes: list[CanvasQuiz]
    files: dict[str, bytes]


def read_package(content: bytes) -> CanvasPackage:
    """What is in a package. Every file is in the manifest, and everything in the manifest is there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    resources = {one.get("identifier", ""): one for one in manifest.iter(f"{PACKAGE}resource")}
    listed = [one.get("href", "") for one in manifest.iter(f"{PACKAGE}file")]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
    quizzes = []
    for ident, resource in resources.items():
        if resource.get("type") != "imsqti_xmlv1p2":
            continue
        (dependency,) = resource.iter(f"{PACKAGE}dependency")
        settings_resource = resources[dependency.get("identifierref", "")]
        assert settings_resource.get("type") == "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        settings = ElementTree.fromstring(files[settings_resource[0].get("href", "")])
        (assessment,) = ElementTree.fromstring(files[resource[0].get("href", "")])
        assert ident == assessment.get("ident") == settings.get("identifier")
        values = {one.tag.removeprefix(SETTINGS): one.text or "" for one in settings}
        assert values["title"] == assessment.get("title")
        quizzes.append(_quiz(assessment, values))
    return CanvasPackage(quizzes, files)


def _quiz(assessment: ElementTree.Element, settings: Mapping[str, str]) -> CanvasQuiz:
    quiz = CanvasQuiz(assessment.get("ident", ""), assessment.get("title", ""), [], settings)
    (root,) = assessment.findall(_path("section"))
    for part in root:
        if part.tag == f"{QTI}section":
            quiz.groups.append(part)
            quiz.entries += [Entry(item, part) for item in part.findall(_path("item"))]
        else:
            quiz.entries.append(Entry(part))
    idents = [entry.ident for entry in quiz.entries]
    assert len(set(idents)) == len(idents)
    return quiz


def pick_and_points(group: ElementTree.Element) -> tuple[int, float]:
    """How many items each student gets of a group, and what each is worth."""
    number = group.findtext(_path("selection_ordering/selection/selection_number"))
    points = group.findtext(_path("selection_ordering/selection/selection_extension/points_per_item"))
    return int(number or ""), float(points or "")


# ---- Both ----


def number_of(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def is_right_number(entry: Entry, response: str, *, in_floats: bool) -> bool:
    """Whether a number is in one of the ranges. One of the importers subtracts in floats."""
    number = number_of(response)
    found = False
    for test, change, _ in entry.conditions:
        if test.find(_path("other")) is not None:
            continue
        assert change is not None  # everything else counts as an answer
        equal, low, high = (test.find(_path(f".//{name}")) for name in ("varequal", "vargte", "varlte"))
        assert low is not None
        assert high is not None
        ends = Decimal(low.text or ""), Decimal(high.text or "")
        if equal is not None:
            middle = Decimal(equal.text or "")
            reach = ends[1] - middle
            if in_floats:
                same = [one.text == equal.text for one in (low, high)]
                assert same[0] == same[1]
                reach = Decimal(repr(float(middle) - float(ends[0])))
            ends = middle - reach, middle + reach
        found |= number is not None and ends[0] <= number <= ends[1]
    return found


def is_right_result(entry: Entry, response: str, position: int) -> bool:
    """Whether a number is the answer for a set of numbers."""
    (calculated,) = entry.element.iter(f"{QTI}calculated")
    tolerance = calculated.findtext(_path("answer_tolerance")) or ""
    answer = Decimal(calculated.findall(_path("var_sets/var_set"))[position].findtext(_path("answer")) or "")
    reach = abs(answer) * Decimal(tolerance[:-1]) / 100 if tolerance.endswith("%") else Decimal(tolerance)
    number = number_of(response)
    return number is not None and answer - reach <= number <= answer + reach


# ---- New Quizzes ----


def new_quizzes_share(entry: Entry, response: Any, position: int = 0) -> float:
    """The share of the points of an item. Where a service of Canvas decides, it is a guess."""
    for response_field in entry.responses:
        for one in response_field.iter(f"{QTI}mattext"):
            assert one.text is not None
    match entry.type:
        case "multiple_choice_question" | "true_false_question":
            right = {_equal(test) for test, change, _ in entry.conditions if change is not None}
            assert not entry.all(".//and")
            return float(response[0] in right)
        case "multiple_answers_question":
            (wanted,) = entry.all(".//and")
            right = {one.text for one in wanted.findall(_path("varequal"))}
            assert entry.fields.get("scoring_algorithm") in ("AllOrNothing", "PartialScore", None)
            if entry.fields.get("scoring_algorithm") == "AllOrNothing":
                return float({*response} == right)
            return max(0.0, (len(right & {*response}) - len({*response} - right)) / len(right))
        case "numerical_question":
            return float(is_right_number(entry, response, in_floats=True))
        case "calculated_question":
            return float(is_right_result(entry, response, position))
        case "short_answer_question":
            texts = {one.text for test, change, _ in entry.conditions if change is not None for one in test}
            return float(response.strip().lower() in {(text or "").lower() for text in texts})
        case "fill_in_multiple_blanks_question":
            return _blanks_share(entry, response)
        case "matching_question":
            right_of = {_respident(test): _equal(test) for test, change, _ in entry.conditions if change is not None}
            texts = entry.labels()
            assert len(set(texts.values())) == len(texts)  # pairs are compared by their texts
            rows = [one.get("ident", "") for one in entry.responses]
            return sum(right_of[row] == chosen for row, chosen in zip(rows, response, strict=True)) / len(rows)
        case "ordering_question":
            order = [one.text for one in entry.all(".//varequal")]
            assert sorted(map(str, order)) == sorted(entry.labels())
            return float(order == response)
        case "categorization_question":
            wanted_in: dict[str, set[str]] = {one.get("ident", ""): set() for one in entry.responses}
            for test, change, _ in entry.conditions:
                if change is not None:
                    wanted_in[_respident(test)] = {one.text or "" for one in test}
            given = [{*chosen} for chosen in response]
            return sum(a == b for a, b in zip(wanted_in.values(), given, strict=True)) / len(wanted_in)
    raise AssertionError(entry.type)


def _equal(test: ElementTree.Element) -> str:
    return test.find(_path(".//varequal")).text or ""  # type: ignore[union-attr]


def _respident(test: ElementTree.Element) -> str:
    return test.find(_path(".//varequal")).get("respident", "")  # type: ignore[union-attr]


def _blanks_share(entry: Entry, response: Mapping[str, str | None]) -> float:
    # For each blank, the last answer that any condition names is the right one.
    right = {one.get("respident", ""): one.text or "" for one in entry.all(".//varequal")}
    shares = []
    for name, blank in entry.blanks().items():
        (first, *_) = blank.iter(f"{QTI}response_label")
        labels, given = entry.labels(blank), response.get(name)
        assert right[f"response_{name}"] in labels
        if first.get("answer_type") == "dropdown":
            assert first.get("scoring_algorithm") == "Equivalence"
            shares.append(given == right[f"response_{name}"])
            continue
        assert first.get("answer_type") == "openEntry"
        if first.get("scoring_algorithm") == "TextCloseEnough":
            assert len(labels) == 1
            assert int(first.get("levenshtein_distance", "")) in (1, 2)
        texts = {text.strip().lower() for text in labels.values()}
        shares.append(given is not None and given.strip().lower() in texts)
    return sum(shares) / len(shares)


# ---- Classic Quizzes ----


def classic_share(entry: Entry, response: Any, position: int = 0) -> float:
    """The share of the points of an item."""
    numbers = [one for one in entry.fields.get("original_answer_ids", "").split(",") if one]
    assert all(re.fullmatch("[1-9][0-9]*", one) for one in numbers)
    match entry.type:
        case "multiple_choice_question" | "true_false_question" | "multiple_answers_question":
            return _classic_choice(entry, response)
        case "numerical_question":
            return float(is_right_number(entry, response, in_floats=False))
        case "calculated_question":
            return float(is_right_result(entry, response, position))
        case "short_answer_question":
            texts = {(one.text or "").strip().lower() for one in entry.all(".//varequal")}
            return float(response.strip().lower() in texts)
        case "fill_in_multiple_blanks_question":
            # Whatever is offered is right.
            right_in = {
                name: {text.strip().lower() for text in entry.labels(blank).values()}
                for name, blank in entry.blanks().items()
            }
            return _mean((response.get(name) or "").strip().lower() in texts for name, texts in right_in.items())
        case "multiple_dropdowns_question":
            known = [ident for blank in entry.blanks().values() for ident in entry.labels(blank)]
            assert len(set(known)) == len(known)
            right = {_equal(test) for test, change, _ in entry.conditions if _adds(change)}
            return _mean(response.get(name) in right for name in entry.blanks())
        case "matching_question":
            lists = [entry.labels(one) for one in entry.responses]
            assert all(one == lists[0] for one in lists)  # only the first one is read
            right_of = {_respident(test): _equal(test) for test, change, _ in entry.conditions if _adds(change)}
            rows = [one.get("ident", "") for one in entry.responses]
            assert all(re.fullmatch("response_[1-9][0-9]*", row) for row in rows)
            return _mean(right_of[row] == chosen for row, chosen in zip(rows, response, strict=True))
    raise AssertionError(f"Classic Quizzes read '{entry.type}' as nonsense")


def _mean(shares: Iterator[bool]) -> float:
    found = list(shares)
    return sum(found) / len(found)


def _adds(change: ElementTree.Element | None) -> bool:
    return change is not None and change.get("action") == "Add"


def _classic_choice(entry: Entry, response: Sequence[str]) -> float:
    weights = dict.fromkeys(entry.labels(), 0)
    for test, change, _ in entry.conditions:
        several = test.find(_path("and"))
        if several is not None:
            weights |= {one.text or "": 100 for one in several.findall(_path("varequal"))}
        elif (equal := test.find(_path("varequal"))) is not None:
            # The last condition on an answer counts.
            weights[equal.text or ""] = 100 if change is not None and float(change.text or 0) > 0 else 0
    right = {ident for ident, weight in weights.items() if weight}
    if entry.type == "true_false_question":
        assert list(entry.labels().values()) == ["True", "False"]
    if entry.type != "multiple_answers_question":
        return float(response[0] in right)
    return max(0.0, (len(right & {*response}) - len({*response} - right)) / len(right))
