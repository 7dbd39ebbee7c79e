"""For which responses an item of QTI shows its feedback, and which of its rules are only for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civicquiz.exchange.xml_text import XmlElement, text_at

__all__ = ["ToldFeedback", "scoring_rules", "told_feedback"]


@dataclass(frozen=True)
class ToldFeedback:
    """A feedback below an item, and the condition for it; None if everyone reads it."""

    element: XmlElement
    condition: XmlElement | None

    @property
    def outcome(self) -> str:
        """The outcome that it is shown for."""
        return self.element.get("outcomeIdentifier", "")

    def pairs(self) -> list[str]:
        """The pairs of a match that it is shown for; empty if it is for anything else."""
        test = self.condition
        members = [test] if test is not None and test.tag == "member" else []
        if test is not None and test.tag == "or":
            members = list(test.children("member"))
        return [
            " ".join(member.words("baseValue").split()) for member in members if member.first("baseValue") is not None
        ]

    def choice_of(self, response: str) -> str:
        """The choice in a response that it is shown for; "" if it is for anything else."""
        test = self.condition
        if test is None or test.tag != "match" or not _is_about(test, response):
            return ""
        return test.words("baseValue")

    def pattern_of(self, response: str) -> str:
        """The pattern of the texts that it is shown for; "" if it is for anything else."""
        test = self.condition
        found = test.first("patternMatch") if test is not None else None
        return found.get("pattern", "") if found is not None and _is_about(found, response) else ""

    def range_of(self, response: str) -> XmlElement | None:
        """The condition on a number that it is shown for; None if it is for anything else."""
        test = self.condition
        found = test.first("and") if test is not None else None
        ends = list(found.children("gte", "lte")) if found is not None else []
        return found if ends and all(_is_about(end, response) for end in ends) else None


def _is_about(test: XmlElement, response: str) -> bool:
    return any(variable.get("identifier") == response for variable in test.children("variable"))


def told_feedback(item: XmlElement) -> list[ToldFeedback]:
    """The feedback below an item for which one rule, outside of any other, says when it is shown."""
    processing = item.first("responseProcessing")
    rules = list(_rules(processing)) if processing is not None else []
    found = []
    for shown in item.children("modalFeedback"):
        name, value = shown.get("outcomeIdentifier"), shown.get("identifier")
        tests = [
            test
            for test, action in rules
            if action.get("identifier") == name and text_at(action.first("baseValue")) == value
        ]
        if len(tests) == 1:
            found.append(ToldFeedback(shown, tests[0]))
    return found


def _rules(processing: XmlElement) -> Iterator[tuple[XmlElement | None, XmlElement]]:
    """(condition, rule that gives an outcome a value) of the rules that depend on one condition or none."""
    for rule in processing.children("setOutcomeValue", "responseCondition"):
        if rule.tag == "setOutcomeValue":
            yield None, rule
            continue
        branch = rule.first("responseIf")
        if branch is None or len(rule) != 1 or not len(branch):
            continue
        for action in branch.children("setOutcomeValue"):
            yield next(iter(branch)), action  # type: ignore[misc]


def scoring_rules(item: XmlElement) -> list[XmlElement]:
    """The rules of an item but for those that only decide which feedback is shown."""
    processing = item.first("responseProcessing")
    if processing is None:
        return []
    shown = {found.get("outcomeIdentifier") for found in item.below("modalFeedback", "feedbackInline", "feedbackBlock")}
    rules: list[XmlElement] = list(processing)  # type: ignore[arg-type]
    return [rule for rule in rules if not _outcomes(rule) or _outcomes(rule) - shown]


def _outcomes(rule: XmlElement) -> set[str | None]:
    own = [rule] if rule.tag == "setOutcomeValue" else []
    return {found.get("identifier") for found in (*own, *rule.below("setOutcomeValue"))}
