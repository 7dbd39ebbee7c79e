"""``timeline``: place events on a scale of years."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictInt, model_validator

from civicquiz.model.interactions import DistanceRule, Scale, ScaleKey
from civicquiz.model.questions.question_base import AuthorEntry, KeyedQuestion, duplicates, options_of


class Event(AuthorEntry):
    """Something that happened in a year."""

    year: StrictInt = Field(ge=-10_000, le=10_000, description="write the year as a number")


class Timeline(KeyedQuestion):
    """Events to place on a scale. The closer to the right year, the more credit."""

    type: Literal["timeline"]
    events: tuple[Event, ...] = Field(
        min_length=2, max_length=12, description="write at least two events, each with 'text:' and 'year:'"
    )
    start: StrictInt = Field(ge=-10_000, le=10_000, description="write the first year of the scale")
    end: StrictInt = Field(ge=-10_000, le=10_000, description="write the last year of the scale")
    tolerance: StrictInt = Field(
        ge=0, description="write how many years off still earns full points; 0 for the exact year"
    )
    reach: StrictInt = Field(gt=0, description="write how many years off earns nothing at all")

    @model_validator(mode="after")
    def _fits(self) -> Timeline:
        found = duplicates(self.events).below("events")
        if self.end <= self.start:
            found.add("end", f"'end' must be after 'start' ({self.start})", "swap the two")
        if self.reach <= self.tolerance:
            found.add("reach", f"'reach' must be more than 'tolerance' ({self.tolerance})", "write a larger number")
        if self.reach > self.end - self.start > 0:
            message = f"'reach' is longer than the whole scale ({self.end - self.start} years)"
            found.add("reach", message, "write a smaller number")
        for position, event in enumerate(self.events):
            if not self.start <= event.year <= self.end:
                message = f"'{event.text}': {event.year} is not on the scale ({self.start} to {self.end})"
                found.add(("events", position, "year"), message, "move 'start' or 'end'")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Scale:
        return Scale(options_of(self.events, original.events), original.start, original.end)

    def scored(self) -> ScaleKey:
        return ScaleKey(DistanceRule({event.id: event.year for event in self.events}, self.tolerance, self.reach))
