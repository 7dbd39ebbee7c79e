"""A reading of Moodle XML that knows nothing of the writer: what the importer checks, and how its questions score.

The rules are those of Moodle 4.5: question/format/xml/format.php and, in question/type/, the files question.php of each
type and multianswer/questiontype.php.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree import ElementTree

#: The shares of the points that the importer accepts, in percent.
GRADES = [100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111]
GRADES += [10, 5, 0]


def text_of(element: ElementTree.Element, path: str) -> str:
    """The text of what is at ``path``, without white space around it, as the importer takes it."""
    found = element.find(path)
    assert found is not None, path
    return (found.text or "").strip()


@dataclass
class Answer:
    """What earns a share of the points, from -1 to 1: a text, or a number and how far off it may be."""

    text: str
    share: float
    feedback: str = ""
    tolerance: float = 0.0
    is_relative: bool = False

    def has(self, number: float, value: float | None = None) -> bool:
        """Whether ``number`` is near enough (qtype_numerical_answer::get_tolerance_interval)."""
        middle = float(self.text) if value is None else value
        if self.is_relative:
            reach = abs(middle) * (abs(self.tolerance) + 1e-14)
        else:
            reach = self.tolerance + 1e-14 * max(abs(self.tolerance), abs(middle), 1e-14)
        return middle - reach <= number <= middle + reach


@dataclass
class BankQuestion:
    """A question of the bank, or a blank of one."""

    type: str
    answers: list[Answer] = field(default_factory=list)
    element: ElementTree.Element | None = None
    single: bool = True
    use_case: bool = False
    weight: int = 1
    blanks: list[BankQuestion] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)
    datasets: Mapping[str, list[str]] = field(default_factory=dict)
    category: str = ""

    def text(self, path: str = "questiontext/text") -> str:
        assert self.element is not None
        return text_of(self.element, path)

    @property
    def grade(self) -> float:
        """How many points it is worth; of a text with blanks, those of the blanks, whatever the file says."""
        return sum(blank.weight for blank in self.blanks) if self.blanks else float(self.text("defaultgrade"))

    def share(self, response: Any, number_set: int = 0) -> float:
        """The share of the points that a response earns."""
        return getattr(self, f"_{self.type}")(response, number_set)

    def _multichoice(self, response: Collection[int], _: int) -> float:
        if self.single:
            (chosen,) = response or (None,)
            return 0.0 if chosen is None else self.answers[chosen].share
        return min(max(sum(self.answers[chosen].share for chosen in response), 0.0), 1.0)

    def _truefalse(self, response: str, _: int) -> float:
        return next(answer.share for answer in self.answers if answer.text == response)

    def _numerical(self, response: str, _: int) -> float:
        number = float(response)
        return next((answer.share for answer in self.answers if answer.has(number)), 0.0)

    def _calculated(self, response: str, number_set: int) -> float:
        number = float(response)
        return next(
            (answer.share for answer in self.answers if answer.has(number, self.value(answer.text, number_set))), 0.0
        )

    def value(self, formula: str, number_set: int) -> float:
        """What a formula is for one of the sets of numbers; only a name in braces is understood."""
        found = re.fullmatch(r"\{([a-z]+)\}", formula)
        assert found, formula
        return float(self.datasets[found[1]][number_set])

    def shown(self, path: str, number_set: int) -> str:
        """A text with the numbers of a set (qtype_calculated_variable_substituter)."""
        text = self.text(path)
        for name, values in self.datasets.items():
            text = text.replace(f"{{{name}}}", values[number_set])
        assert "{" not in text
        return text

    def _shortanswer(self, response: str, _: int) -> float:
        """qtype_shortanswer_question::compare_string_with_wildcard."""
        given = unicodedata.normalize("NFC", response).strip()
        for answer in self.answers:
            pieces = re.split(r"(?<!\\)\*+", unicodedata.normalize("NFC", answer.text))
            pattern = ".*".join(re.escape(piece.replace(r"\*", "*")) for piece in pieces)
            if re.fullmatch(pattern, given, 0 if self.use_case else re.IGNORECASE):
                return answer.share
        return 0.0

    def _multianswer(self, response: Sequence[Any], number_set: int) -> float:
        shares = [
            0.0 if given is None else blank.share(given, number_set) * blank.weight
            for blank, given in zip(self.blanks, response, strict=True)
        ]
        return sum(shares) / sum(blank.weight for blank in self.blanks)

    def _ordering(self, response: Sequence[int], _: int) -> float:
        """All previous and next: for each entry, those that belong before it and are, and those after it."""
        good = count = 0
        for place, entry in enumerate(response):
            good += len({*response[:place]} & {*range(entry)}) + len({*response[place + 1 :]} & {*range(entry + 1, 99)})
            count += len(response) - 1
        return good / count

    def _matching(self, response: Sequence[str | None], _: int) -> float:
        asked = [right for left, right in self.rows if left]
        return sum(given == right for given, right in zip(response, asked, strict=True)) / len(asked)


def read_bank(content: bytes) -> list[BankQuestion]:
    """The questions in a file; fails where the importer would skip one, or change a share."""
    root = ElementTree.fromstring(content)
    assert root.tag == "quiz"
    found: list[BankQuestion] = []
    category = ""
    ids = set()
    for element in root:
        if element.get("type") == "category":
            category = text_of(element, "category/text")
            assert category.startswith("$course$/top/")
            continue
        question = _question(element)
        question.category = category
        _check_files(element)
        assert text_of(element, "name/text")
        number = text_of(element, "idnumber")
        assert 0 < len(number) <= 100
        assert (category, number) not in ids
        ids.add((category, number))
        found.append(question)
    return found


def _check_files(element: ElementTree.Element) -> None:
    """Every picture is in a file next to the text that shows it, and every file is shown."""
    for parent in element.iter():
        files = {file.get("name") for file in parent.findall("file")}
        text = parent.findtext("text") or ""
        assert set(re.findall(r"@@PLUGINFILE@@/([^\"]+)\"", text)) == files
        assert not re.search(r"<[^>]* src=\"(?!@@PLUGINFILE@@/)", text)
        for file in parent.findall("file"):
            assert base64.b64decode(file.text or "", validate=True)


def _question(element: ElementTree.Element) -> BankQuestion:
    name = element.get("type") or ""
    question = BankQuestion(name, element=element)
    question.answers = [_answer(answer, name) for answer in element.findall("answer")]
    if name in ("multichoice", "truefalse", "numerical", "calculated", "shortanswer"):
        shares = [answer.share for answer in question.answers]
        assert all(any(abs(abs(share) * 100 - grade) < 0.001 for grade in GRADES) for share in shares), shares
        question.single = element.findtext("single", "true") == "true" or name != "multichoice"
        if question.single:
            assert max(shares) == 1
        else:
            assert abs(sum(share for share in shares if share > 0) - 1) < 0.01
    if name == "shortanswer":
        question.use_case = text_of(element, "usecase") == "1"
    if name == "multianswer":
        question.blanks = _blanks(question.text())
        assert question.blanks
    if name == "matching":
        question.rows = [
            (text_of(row, "text"), formatted(text_of(row, "answer/text"))) for row in element.findall("subquestion")
        ]
        assert sum(bool(left) for left, _ in question.rows) >= 2
        assert all(right for _, right in question.rows)
    if name == "ordering":
        assert text_of(element, "shownumcorrect") == "1"
        assert text_of(element, "gradingtype") == "RELATIVE_ALL_PREVIOUS_AND_NEXT"
        assert len(question.answers) >= 2
        assert all(answer.text for answer in question.answers)
    if name == "calculated":
        assert text_of(element, "synchronize") == "1"
        question.datasets = {
            text_of(one, "name/text"): [text_of(entry, "value") for entry in one.iter("dataset_item")]
            for one in element.iter("dataset_definition")
        }
        assert all(re.fullmatch("[a-z]+", name) for name in question.datasets)
        assert len({len(values) for values in question.datasets.values()}) == 1
        assert all(float(value) is not None for values in question.datasets.values() for value in values)
    return question


def formatted(text: str) -> str:
    """What students read of a text that has no format of its own: no tags, and entities as what they stand for
    (format_string)."""
    return unescape(re.sub(r"<[a-zA-Z/!?][^>]*>?", "", text))


def _answer(element: ElementTree.Element, name: str) -> Answer:
    share = float(element.get("fraction") or 0) / 100
    answer = Answer(text_of(element, "text"), share, element.findtext("feedback/text") or "")
    if name in ("numerical", "calculated"):
        answer.tolerance = float(text_of(element, "tolerance"))
        answer.is_relative = element.findtext("tolerancetype") == "1"
    return answer


# ---- Blanks in a text ----

_ANSWER = r".+?(?<!\\)(?<!&)(?<!&amp;)(?=[~#}]|$)"
_ALTERNATIVE = (
    rf"(=|%(?P<percent>-?[0-9]+(?:[.,][0-9]*)?)%)?(?P<answer>{_ANSWER})(#(?P<feedback>.*?(?<!\\)(?=[~}}]|$)))?"
)
_UNNAMED = re.sub(r"\?P<\w+>", "", _ALTERNATIVE)
_TYPES = "NUMERICAL|MULTICHOICE|MULTIRESPONSE|SHORTANSWER|SHORTANSWER_C"
_BLANK = re.compile(rf"\{{([0-9]*):({_TYPES}):({_UNNAMED}(?:~{_UNNAMED})*)\}}", re.DOTALL)
_NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"


def _blanks(text: str) -> list[BankQuestion]:
    found = []
    rest = text
    for blank in _BLANK.finditer(text):
        rest = rest.replace(blank[0], "", 1)
        found.append(_blank(int(blank[1] or 1), blank[2], blank[3]))
    assert "{" not in rest, rest
    return found


def _blank(weight: int, name: str, alternatives: str) -> BankQuestion:
    types = {"NUMERICAL": "numerical", "SHORTANSWER": "shortanswer", "SHORTANSWER_C": "shortanswer"}
    blank = BankQuestion(types.get(name, "multichoice"), weight=weight, use_case=name == "SHORTANSWER_C")
    blank.single = name != "MULTIRESPONSE"
    while alternatives and (one := re.match(f"~?{_ALTERNATIVE}", alternatives, re.DOTALL)):
        share = 1.0 if one[1] == "=" else float(one["percent"] or 0) / 100
        answer = Answer(_decoded(one["answer"]), share, _decoded(one["feedback"] or ""))
        if blank.type == "numerical":
            number = re.fullmatch(rf"({_NUMBER})(?::({_NUMBER}))?", one["answer"])
            assert number, one["answer"]
            answer.text, answer.tolerance = number[1], float(number[2] or 0)
        blank.answers.append(answer)
        alternatives = alternatives[one.end() :]
    if not blank.single:
        total = sum(answer.share for answer in blank.answers if answer.share > 0)
        for answer in blank.answers:
            answer.share = answer.share / total if answer.share > 0 else answer.share
    assert max(answer.share for answer in blank.answers) == 1 or not blank.single
    assert len(blank.answers) > 1 or blank.type != "multichoice"
    return blank


def _decoded(text: str) -> str:
    return unescape(text).replace(r"\}", "}").replace(r"\#", "#")
