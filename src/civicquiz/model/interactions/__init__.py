"""The closed set of interactions: what a browser shows, what shape its response has, and how that response scores.

Each has a file with two values: the interaction is what learners see, without any part of a key; its key says what is
right. The scoring rules are in ``rules``. Weights are whole numbers so that Python and JavaScript compute exactly the
same score; ``tests/grading_cases.json`` and a property test keep the two in step.
"""

from __future__ import annotations

from civicquiz.model.interactions.choice import Choice, ChoiceKey
from civicquiz.model.interactions.computed_number import (
    ComputedNumber,
    ComputedNumberKey,
    filled,
    first_numbers,
    placeholders,
    with_numbers,
)
from civicquiz.model.interactions.extended_text import ExtendedText
from civicquiz.model.interactions.inline_gaps import Gap, GapInteraction, GapKey, InlineGaps, InlineGapsKey
from civicquiz.model.interactions.interaction import (
    Interaction,
    Option,
    Response,
    ShapeError,
    Texts,
    initial_order,
    texts_in,
    with_texts,
)
from civicquiz.model.interactions.intervals import (
    Interval,
    SignificantFigures,
    interval_around,
    interval_between,
    rounded_to_figures,
)
from civicquiz.model.interactions.key import Accepted, Key
from civicquiz.model.interactions.matching import Matching, MatchingKey
from civicquiz.model.interactions.number_entry import (
    NumberEntry,
    NumberEntryKey,
    NumberField,
    Unit,
    number_style,
    parse_number,
)
from civicquiz.model.interactions.ordering import Ordering, OrderingKey
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
from civicquiz.model.interactions.scale import Scale, ScaleKey
from civicquiz.model.interactions.text_entry import TextEntry, TextEntryKey

__all__ = [
    "Accepted",
    "Choice",
    "ChoiceKey",
    "ComputedNumber",
    "ComputedNumberKey",
    "DistanceRule",
    "ExtendedText",
    "Gap",
    "GapInteraction",
    "GapKey",
    "GapsRule",
    "InlineGaps",
    "InlineGapsKey",
    "Interaction",
    "Interval",
    "IntervalRule",
    "Key",
    "MapRule",
    "Matching",
    "MatchingKey",
    "NumberEntry",
    "NumberEntryKey",
    "NumberField",
    "Option",
    "Ordering",
    "OrderingKey",
    "Response",
    "Rule",
    "Scale",
    "ScaleKey",
    "ShapeError",
    "SignificantFigures",
    "TextEntry",
    "TextEntryKey",
    "TextRule",
    "Texts",
    "Unit",
    "VariantsRule",
    "filled",
    "first_numbers",
    "initial_order",
    "interval_around",
    "interval_between",
    "net_correct",
    "number_style",
    "parse_number",
    "placeholders",
    "rounded_to_figures",
    "texts_in",
    "with_numbers",
    "with_texts",
]
