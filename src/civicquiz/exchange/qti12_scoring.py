"""How QTI 1.2 scores: conditions on what was answered, each with what it does to the score.

IMS Question & Test Interoperability: ASI XML Binding, version 1.2, section 3.2 (``resprocessing``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.scored_answers import Band, plain_number
from civicquiz.exchange.xml_text import XmlElement, text_at

__all__ = ["Named", "Scoring"]

#: What was answered: ident of the response -> the idents of labels, or texts.
Given = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Named:
    """A value that a condition names as part of an answer: of which response, and whether capitals count."""

    response: str
    value: str
    is_case_sensitive: bool = False


@dataclass(frozen=True)
class Condition:
    """A condition with what follows if it holds."""

    element: XmlElement

    @cached_property
    def test(self) -> XmlElement | None:
        """The test itself."""
        return self.element.first("conditionvar")

    @cached_property
    def named(self) -> list[Named]:
        """The values that it wants, and not those that it does not want."""
        return list(_named(self.test)) if self.test is not None else []

    @cached_property
    def unwanted(self) -> list[Named]:
        """The values that it does not want."""
        return [] if self.test is None else [entry for part in self.test.below("not") for entry in _named(part)]

    @cached_property
    def feedback(self) -> list[str]:
        """The idents of the feedback that is shown."""
        return [shown.get("linkrefid", "") for shown in self.element.children("displayfeedback")]

    @cached_property
    def changes(self) -> list[tuple[str, float]]:
        """(action, number) for each change of the score."""
        return [
            (change.get("action", "Set"), float(plain_number(text_at(change) or "0", "a score")))
            for change in self.element.children("setvar")
        ]

    @property
    def gain(self) -> float:
        """What it adds to a score of 0."""
        return _changed(0.0, self.changes)

    def holds(self, given: Given) -> bool:
        """Whether it holds for an answer."""
        return self.test is not None and all(_holds(part, given) for part in self.test.children(*_TESTS))


class Scoring:
    """The conditions of an item, and the score that is all of the points."""

    def __init__(self, item: XmlElement) -> None:
        found = [part for processing in item.children("resprocessing") for part in processing.below("respcondition")]
        self.conditions: Sequence[Condition] = [Condition(element) for element in found]
        self.scored = [condition for condition in self.conditions if condition.changes]
        declared = [variable.get("maxvalue") for variable in item.below("decvar")]
        self._declared = next((float(plain_number(value, "a score")) for value in declared if value), 0.0)

    @property
    def most(self) -> float:
        """The score that is all of the points: as declared, or the most that the conditions add or set."""
        added = sum(max(condition.gain, 0.0) for condition in self.scored if _adds(condition))
        at_once = max((condition.gain for condition in self.scored if not _adds(condition)), default=0.0)
        best = max(added, at_once)
        return self._declared if self._declared >= 0.9 * best and self._declared else best or 1.0

    def score(self, given: Given) -> float:
        """The score of an answer."""
        score = 0.0
        for condition in self.scored:
            if condition.holds(given):
                score = _changed(score, condition.changes)
                # Exports forget to say that further conditions may add to this one.
                if condition.element.get("continue", "No") == "No" and not _adds(condition):
                    break
        return score

    def share(self, given: Given) -> float:
        """The share of the points that an answer earns."""
        return self.score(given) / self.most

    def right(self) -> list[Named]:
        """The values that some condition rewards."""
        return [entry for condition in self.scored if condition.gain > 0 for entry in condition.named]

    def bands(self) -> list[Band]:
        """The numbers that conditions name, with the share of the points for each."""
        return [_band(condition, condition.gain / self.most) for condition in self.scored if condition.gain > 0]

    def feedback_on(self, value: str) -> list[str]:
        """The idents of the feedback on one value alone."""
        return [
            ident
            for condition in self.conditions
            if [entry.value for entry in condition.named] == [value] and not condition.unwanted
            for ident in condition.feedback
        ]


def _adds(condition: Condition) -> bool:
    return all(action == "Add" for action, _ in condition.changes)


def _changed(score: float, changes: Sequence[tuple[str, float]]) -> float:
    for action, number in changes:
        if action == "Set":
            score = number
        elif action == "Add":
            score += number
        elif action == "Subtract":
            score -= number
        elif action == "Multiply":
            score *= number
        elif action == "Divide" and number:
            score /= number
    return score


#: The elements that are tests.
_TESTS = (
    "and",
    "or",
    "not",
    "other",
    "unanswered",
    "varequal",
    "varsubset",
    "varsubstring",
    "vargte",
    "vargt",
    "varlte",
    "varlt",
)


def _named(test: XmlElement) -> list[Named]:
    found = []
    for part in test.children(*_TESTS):
        if part.tag in ("varequal", "varsubset", "varsubstring"):
            found.append(Named(part.get("respident", ""), text_at(part), part.get("case", "No") == "Yes"))
        elif part.tag in ("and", "or"):
            found += _named(part)
    return found


def _holds(test: XmlElement, given: Given) -> bool:
    values = given.get(test.get("respident", ""), ())
    if test.tag == "and":
        return all(_holds(part, given) for part in test.children(*_TESTS))
    if test.tag == "or":
        return any(_holds(part, given) for part in test.children(*_TESTS))
    if test.tag == "not":
        return not all(_holds(part, given) for part in test.children(*_TESTS))
    if test.tag == "other":
        return True
    if test.tag == "unanswered":
        return not values
    if test.tag in ("varequal", "varsubset", "varsubstring"):
        return text_at(test) in values
    return False  # numbers are read as bands


def _band(condition: Condition, share: float) -> Band:
    """The numbers for which a condition holds."""
    test = condition.test
    if test is None:
        raise UnreadableError("a condition on the number is empty")
    numbers = [plain_number(text_at(part)) for part in test.below("varequal")]
    low = [plain_number(text_at(part)) for part in test.below("vargte", "vargt")]
    high = [plain_number(text_at(part)) for part in test.below("varlte", "varlt")]
    if len(numbers) > 1 or len(low) > 1 or len(high) > 1:
        raise UnreadableError("a condition on the number has several ranges")
    number = numbers[0] if numbers else None
    if not low and not high:
        if number is None:
            raise UnreadableError(f"a condition on the number cannot be read: {excerpt(text_at(test), 60)}")
        return Band(number, number, share, number=number)
    if not low or not high:
        raise UnreadableError("a range of numbers has only one end")
    if low[0] > high[0]:
        raise UnreadableError(f"a range of numbers goes from {low[0]} down to {high[0]}")
    is_middle = number is not None and abs((low[0] + high[0]) / 2 - number) <= 1e-9 * max(1.0, abs(number))
    return Band(low[0], high[0], share, number=number if is_middle else None)
