"""A question as a format gets it that has only questions with one field: gaps, events and rows apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion
from civicquiz.frontend.fragments import passage_text
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    Gap,
    GapKey,
    InlineGaps,
    InlineGapsKey,
    IntervalRule,
    Matching,
    MatchingKey,
    NumberEntry,
    NumberEntryKey,
    NumberField,
    Option,
    Scale,
    ScaleKey,
)
from civicquiz.model.interactions.interaction import Interaction
from civicquiz.model.interactions.key import Key

__all__ = ["SingleField", "row_choices", "single_fields"]


@dataclass(frozen=True)
class SingleField:
    """A field, and what students read before it after the text of the question.

    Attributes:
        shown: what students answer with.
        key: how that scores; None if it does not.
        feedback: token of a response to this field -> the author's feedback, as Markdown.
        passage: a running text that follows the question, as Markdown.
        about: the event or the row that the field is about.
    """

    shown: Interaction[Any]
    key: GapKey | Key[Any] | None
    feedback: Mapping[str, str]
    passage: str = ""
    about: Option | None = None

    def html(self, asked: AskedQuestion, *, is_alone: bool = False) -> str:
        """All that students read before they answer; if it ``is_alone``, without the text that questions share."""
        parts = [asked.asked_alone() if is_alone else asked.asked(), asked.block(self.passage)]
        if self.about:
            parts.append(f"<p>{asked.option(self.about)}</p>")
        if isinstance(self.shown, NumberField) and self.shown is not asked.interaction:
            parts += asked.field_notes(self.shown)
        return "".join(parts) or f"<p>{escape(asked.question.prompt)}</p>"  # a text of definitions of links is empty


def single_fields(asked: AskedQuestion) -> Iterator[SingleField]:
    """A field for each gap of a text and each event of a timeline; the question itself if it is neither."""
    shown, key, told = asked.interaction, asked.key, asked.feedback
    if isinstance(shown, InlineGaps):
        assert isinstance(key, InlineGapsKey)
        text = _numbered_text(shown)
        for number, (name, gap) in enumerate(shown.gaps.items(), start=1):
            yield SingleField(gap, key.gaps[name], asked.feedback_on(name), passage=f"{text}\n\n({number})")
    elif isinstance(shown, Scale):
        assert isinstance(key, ScaleKey)
        off = key.rule.tolerance
        for event in shown.events:
            year = key.rule.targets[event.id]
            rule = IntervalRule(year - off, year + off)
            yield SingleField(NumberEntry(), NumberEntryKey(rule, number_text(year)), {}, about=event)
    elif isinstance(shown, Choice) and shown.passage:
        yield SingleField(shown, key, told, passage=passage_text(shown.passage))
    else:
        yield SingleField(shown, key, told)


def _numbered_text(shown: InlineGaps) -> str:
    numbers = {name: number for number, name in enumerate(shown.gaps, start=1)}
    return "".join(f"({numbers[part.id]}) ______" if isinstance(part, Gap) else part for part in shown.passage)


def row_choices(asked: AskedQuestion) -> Iterator[SingleField]:
    """A choice among the targets for each row of a match."""
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    for row in shown.rows:
        right = key.right[row.id]
        wrong = [target.id for target in shown.targets if target.id != right]
        yield SingleField(
            Choice(shown.targets), ChoiceKey.of_several([right], wrong), asked.feedback_on(row.id), about=row
        )
