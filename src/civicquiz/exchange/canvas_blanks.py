"""Blanks in a text as Canvas has them: their names in brackets, or a question for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape

from civicquiz.exchange.canvas_questions import CanvasQuestion
from civicquiz.exchange.qti12_writing import WrittenItem, option_list, plain_material
from civicquiz.frontend.answers import rounding_words
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    Gap,
    InlineGaps,
    InlineGapsKey,
    NumberField,
    TextEntryKey,
)

__all__ = ["GapText", "QuestionWithBlanks"]

#: What stands for a blank in a text where its name cannot be.
_LINE = "______"


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
        return lambda token: self.html(self.asked.block(self.asked.feedback.get(f"{gap} {token}")))

    def dropdown_words(self, gap: Choice) -> dict[str, str]:
        """What the options of a blank say."""
        return self.words(gap.options, "The options of a blank")

    def blank_field(self, name: str, labels: Iterable[str]) -> str:
        """The field of a blank, which Canvas finds by its name."""
        return option_list(labels, f"response_{name}", about=plain_material(name))

    def items_of_gaps(self, shown: InlineGaps, key: InlineGapsKey) -> list[WrittenItem]:
        """A question for each blank, with the whole text."""
        self.losses.approximate("text", "There is a question for each blank, with its share of the points.")
        numbers = {name: number for number, name in enumerate(shown.gaps, start=1)}
        parts = self.asked.passage(shown.passage)
        passage = "".join(f"({numbers[part.id]}) {_LINE}" if isinstance(part, Gap) else part for part in parts)
        return [self._gap_item(shown, key, name, f"{passage}<p>({numbers[name]})</p>") for name in shown.gaps]

    def _gap_item(self, shown: InlineGaps, key: InlineGapsKey, name: str, passage: str) -> WrittenItem:
        gap, own = shown.gaps[name], key.gaps[name]
        if isinstance(gap, Choice):
            assert isinstance(own, ChoiceKey)
            told, text = self.told_in_gap(name), self.text(passage)
            made = self.choice_item("multiple_choice_question", gap.options, own.right, told, text)
        elif isinstance(gap, NumberField):
            rule, right = self.asked.number_rule(own)
            notes = f" {escape(gap.unit)}" if gap.unit else ""
            if rounding := rounding_words(gap, self.asked.interface):
                notes += f" {escape(rounding)}"
            made = self.number_item(gap, rule, right, self.text(passage, f"<p>{_LINE}{notes}</p>" if notes else ""))
        else:
            assert isinstance(own, TextEntryKey)
            made = self.text_item(own, self.text(passage))
        return replace(made, share=1 / len(shown.gaps), part=name)
