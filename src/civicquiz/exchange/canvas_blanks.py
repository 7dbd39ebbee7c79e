"""Blanks in a text as Canvas has them: their names in brackets, or a question for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from civicquiz.exchange.canvas_questions import CanvasQuestion
from civicquiz.exchange.qti12_writing import WrittenItem, option_list, plain_material
from civicquiz.exchange.single_fields import SingleField, single_fields
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    Gap,
    InlineGaps,
    NumberField,
    Scale,
    ScaleKey,
    TextEntryKey,
)

__all__ = ["GapText", "QuestionWithBlanks"]


@dataclass(frozen=True)
class GapText:
    """A text with blanks: its HTML, in which each has its name in brackets, and the names by the ids of the gaps."""

    html: str
    names: Mapping[str, str]


@dataclass
class QuestionWithBlanks(CanvasQuestion):
    """A question that may be a text with blanks."""

    def gap_text(self, shown: InlineGaps) -> GapText:
        """A text with the names of its blanks in brackets. No other text may have one of them in brackets."""
        parts = self.asked.passage(shown.passage)
        html = "".join(part for part in parts if isinstance(part, str)) + self.text()
        names: dict[str, str] = {}
        for name in shown.gaps:
            free = name
            while f"[{free}]" in html or free in names.values():
                free += "_"
            names[name] = free
        text = "".join(f"[{names[part.id]}]" if isinstance(part, Gap) else part for part in parts)
        return GapText(self.text(text), names)

    def told_in_gap(self, gap: str) -> Callable[[str], str]:
        """The feedback on a token of a gap."""
        return lambda token: self.told(f"{gap} {token}")

    def dropdown_words(self, gap: Choice) -> dict[str, str]:
        """What the options of a blank say."""
        return self.words(gap.options, "The options of a blank")

    def blank_field(self, name: str, labels: Iterable[str]) -> str:
        """The field of a blank, which Canvas finds by its name."""
        return option_list(labels, f"response_{name}", about=plain_material(name))

    def single_items(self) -> list[WrittenItem]:
        """A question for each blank or event, with its share of the points."""
        shown = self.asked.interaction
        assert isinstance(shown, (InlineGaps, Scale))
        names = list(shown.gaps) if isinstance(shown, InlineGaps) else [event.id for event in shown.events]
        return [
            replace(self._single_item(one), share=1 / len(names), part=name)
            for one, name in zip(single_fields(self.asked), names, strict=True)
        ]

    def _single_item(self, one: SingleField) -> WrittenItem:
        shown, key = one.shown, one.key
        text = self.html(one.html(self.asked, is_alone=self.is_alone))
        if isinstance(shown, Choice):
            assert isinstance(key, ChoiceKey)
            told = {token: self.html(self.asked.block(feedback)) for token, feedback in one.feedback.items()}
            return self.choice_item(
                "multiple_choice_question", shown.options, key.right, lambda token: told.get(token, ""), text
            )
        if isinstance(shown, NumberField):
            assert key is not None
            return self.number_item(shown, *self.asked.number_rule(key), text)
        assert isinstance(key, TextEntryKey)
        return self.text_item(key, text)

    def items_of_gaps(self) -> list[WrittenItem]:
        """A question for each blank, with the whole text."""
        self.losses.approximate("text", "There is a question for each blank, with its share of the points.")
        return self.single_items()

    def timeline(self, shown: Scale, key: ScaleKey) -> list[WrittenItem]:
        self.losses.approximate(
            "score", "There is a question for each event; a year that is not near enough earns nothing."
        )
        self.losses.approximate("typing", "Students type years; there is no scale.")
        return self.single_items()
