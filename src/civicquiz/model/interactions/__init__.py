"""The closed set of interactions: what a browser shows, what shape its response has, how that response scores.

One file each; the scoring rules are in ``rules``. Weights are whole numbers so that Python and JavaScript compute the
very same score; ``tests/grading_cases.json`` and a property test hold the two together.
"""

from __future__ import annotations

from civicquiz.interactions.base import Interaction, Option, Response, ShapeError, initial_order
from civicquiz.interactions.calculated import Calculated, placeholders, with_numbers
from civicquiz.interactions.choice import Choice
from civicquiz.interactions.extended import ExtendedText
from civicquiz.interactions.gaps import Gaps
from civicquiz.interactions.match import Match
from civicquiz.interactions.number import NumberEntry, parse_number
from civicquiz.interactions.order import Order
from civicquiz.interactions.place import Place
from civicquiz.interactions.rules import (
    DistanceRule,
    GapsRule,
    IntervalRule,
    MapRule,
    Rule,
    TextRule,
    VariantsRule,
    net_correct,
)
from civicquiz.interactions.text import TextEntry

__all__ = [
    "Calculated",
    "Choice",
    "DistanceRule",
    "ExtendedText",
    "Gaps",
    "GapsRule",
    "Interaction",
    "IntervalRule",
    "MapRule",
    "Match",
    "NumberEntry",
    "Option",
    "Order",
    "Place",
    "Response",
    "Rule",
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
