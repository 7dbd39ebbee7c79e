"""The closed set of interactions: what a browser shows, what shape its response has, how that response scores.

One file each; the scoring rules are in ``rules``. Weights are whole numbers so that Python and JavaScript compute the
very same score; ``tests/grading_cases.json`` and a property test hold the two together.
"""

from __future__ import annotations

from civicquiz.model.interactions.choice import Choice
from civicquiz.model.interactions.computed_number import ComputedNumber, placeholders, with_numbers
from civicquiz.model.interactions.extended_text import ExtendedText
from civicquiz.model.interactions.inline_gaps import InlineGaps
from civicquiz.model.interactions.interaction import Interaction, Option, Response, ShapeError, initial_order
from civicquiz.model.interactions.matching import Matching
from civicquiz.model.interactions.number_entry import NumberEntry, parse_number
from civicquiz.model.interactions.ordering import Ordering
from civicquiz.model.interactions.rules import (
    DistanceRule,
    GapsRule,
    IntervalRule,
    MapRule,
    Rule,
    TextRule,
    VariantsRule,
    net_correct,
)
from civicquiz.model.interactions.scale import Scale
from civicquiz.model.interactions.text_entry import TextEntry

__all__ = [
    "Choice",
    "ComputedNumber",
    "DistanceRule",
    "ExtendedText",
    "GapsRule",
    "InlineGaps",
    "Interaction",
    "IntervalRule",
    "MapRule",
    "Matching",
    "NumberEntry",
    "Option",
    "Ordering",
    "Response",
    "Rule",
    "Scale",
    "ShapeError",
    "TextEntry",
    "TextRule",
    "VariantsRule",
    "initial_order",
    "net_correct",
    "parse_number",
    "placeholders",
    "with_numbers",
]
