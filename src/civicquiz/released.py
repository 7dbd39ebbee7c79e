"""The questions of a released copy: what learners see of a quiz, and nothing that says which response is right.

One model for each interaction. A copy holds the texts of options and no ids that authors wrote (see ``released_ids``).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, Union

from pydantic import Field, StrictBool, StrictInt, model_validator

from civicquiz.interactions import (
    Calculated,
    Choice,
    DistanceRule,
    ExtendedText,
    Gaps,
    Interaction,
    IntervalRule,
    Match,
    NumberEntry,
    Option,
    Order,
    Place,
    TextEntry,
    TextRule,
    VariantsRule,
    initial_order,
)
from civicquiz.questions.base import (
    SHORT_FORM,
    AuthorItem,
    AuthorProblem,
    QuestionBase,
    below,
    derived_id,
    duplicates,
    no_problems,
)
from civicquiz.questions.passage import marked, passage_problems, split
from civicquiz.released_ids import gap_names
from civicquiz.validation import Id, Line, MarkdownText, Model, Words

__all__ = ["RELEASED_TYPES", "ReleasedQuestion", "type_of"]

_TEXTS = "as 'civicquiz release' writes it"

#: Options by their texts alone; the ids follow from them.
_Options = Annotated[tuple[Annotated[AuthorItem, SHORT_FORM], ...], Field(max_length=30)]


def _texts(options: Iterable[Option]) -> list[str]:
    return [option.text for option in options]


def _options(items: Iterable[AuthorItem]) -> tuple[Option, ...]:
    return tuple(item.as_option() for item in items)


class _Released(QuestionBase):
    """A question without its key."""

    has_key: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def parts(cls, interaction: Any) -> dict[str, Any]:
        """What a copy says of ``interaction`` besides the keys that all questions have."""


class ChoicePart(Model):
    """Options to choose from. Also what a gap can be."""

    type: Literal["choice"]
    options: _Options = Field((), description=_TEXTS)

    @model_validator(mode="after")
    def _all_different(self) -> Self:
        no_problems(below("options", duplicates(self.options)))
        return self

    def entry(self) -> Choice:
        return Choice(_options(self.options), ())


class TextPart(Model):
    """A line of text. Also what a gap can be."""

    type: Literal["text"]

    def entry(self) -> TextEntry:
        return TextEntry(TextRule({}), "")


class NumberPart(Model):
    """A number. Also what a gap can be."""

    type: Literal["number"]
    unit: Words | None = Field(None, description=_TEXTS)

    def entry(self) -> NumberEntry:
        return NumberEntry(IntervalRule(0, 0), "", self.unit or "")


class ReleasedChoice(ChoicePart, _Released):
    """Options, true and false (``statement``), or phrases of a running text (``passage``, each in brackets)."""

    type: Literal["choice"]
    multiple: StrictBool = False
    statement: StrictBool = False
    passage: MarkdownText | None = Field(None, description=_TEXTS)

    @model_validator(mode="after")
    def _two_to_choose_from(self) -> Self:
        if len(self.interaction().options) < 2:
            no_problems([(("options",), "there are fewer than two options", _TEXTS)])
        return self

    @classmethod
    def parts(cls, interaction: Choice) -> dict[str, Any]:
        several = {"multiple": True} if interaction.multiple else {}
        if interaction.passage:
            return {**several, "passage": _written(interaction.passage)}
        if any(option.word for option in interaction.options):
            return {"statement": True}
        return {**several, "options": _texts(interaction.options)}

    def interaction(self) -> Choice:
        if self.statement:
            return Choice((Option("true", word="true"), Option("false", word="false")), ())
        if self.passage is None:
            return Choice(_options(self.options), (), self.multiple)
        segments = split(self.passage, lambda phrase: Option(derived_id(phrase), phrase))
        options = tuple(segment for segment in segments if isinstance(segment, Option))
        return Choice(options, (), self.multiple, passage=segments)

    def translation_problems(self, other: Self) -> list[AuthorProblem]:
        if self.passage is None or other.passage is None:
            return []
        problems = passage_problems(other.passage)
        if not problems and len(marked(other.passage)) != len(marked(self.passage)):
            problems = [((), "there are not as many phrases as in the original", _TEXTS)]
        return below("passage", problems)


class ReleasedOrder(_Released):
    """A list to put in order."""

    type: Literal["order"]
    options: _Options = Field(min_length=2, description=_TEXTS)

    @classmethod
    def parts(cls, interaction: Order) -> dict[str, Any]:
        return {"options": _texts(initial_order(interaction.options))}

    def interaction(self) -> Order:
        return Order(_options(self.options), ())


class ReleasedMatch(_Released):
    """Rows, each of which goes with one of the targets."""

    type: Literal["match"]
    rows: _Options = Field(min_length=2, description=_TEXTS)
    targets: _Options = Field(min_length=2, description=_TEXTS)

    @classmethod
    def parts(cls, interaction: Match) -> dict[str, Any]:
        # Who writes a key sorts by it: the rows of one category stand together, and the first pair is the best known.
        return {
            "rows": _texts(initial_order(interaction.rows)),
            "targets": _texts(interaction.public()["targets"]),
        }

    def interaction(self) -> Match:
        return Match(_options(self.rows), _options(self.targets), {}, as_written=True)


class ReleasedPlace(_Released):
    """Events to place on a scale of years."""

    type: Literal["place"]
    options: _Options = Field(min_length=2, description=_TEXTS)
    start: StrictInt = Field(description=_TEXTS)
    end: StrictInt = Field(description=_TEXTS)

    @classmethod
    def parts(cls, interaction: Place) -> dict[str, Any]:
        events = initial_order(interaction.options)
        return {"options": _texts(events), "start": int(interaction.start), "end": int(interaction.end)}

    def interaction(self) -> Place:
        return Place(_options(self.options), self.start, self.end, DistanceRule({}, 0, 1))


class ReleasedText(TextPart, _Released):
    """A line of text."""

    type: Literal["text"]

    @classmethod
    def parts(cls, interaction: TextEntry) -> dict[str, Any]:
        return {}

    def interaction(self) -> TextEntry:
        return self.entry()


class ReleasedNumber(NumberPart, _Released):
    """A number."""

    type: Literal["number"]

    @classmethod
    def parts(cls, interaction: NumberEntry) -> dict[str, Any]:
        return {"unit": interaction.unit} if interaction.unit else {}

    def interaction(self) -> NumberEntry:
        return self.entry()


class ReleasedCalculated(_Released):
    """A number to compute; ``variants`` are the sets of numbers that were drawn."""

    type: Literal["calculated"]
    variants: tuple[dict[str, Line], ...] = Field(min_length=1, max_length=50, description=_TEXTS)
    decimals: StrictInt = Field(ge=0, le=6, description=_TEXTS)
    unit: Words | None = Field(None, description=_TEXTS)

    @model_validator(mode="after")
    def _same_names(self) -> Self:
        if any(not variant or variant.keys() != self.variants[0].keys() for variant in self.variants):
            no_problems([(("variants",), "the names are not the same in all of them", _TEXTS)])
        return self

    @classmethod
    def parts(cls, interaction: Calculated) -> dict[str, Any]:
        unit = {"unit": interaction.unit} if interaction.unit else {}
        return {"variants": interaction.variants(), "decimals": interaction.decimals, **unit}

    def interaction(self) -> Calculated:
        names = tuple(self.variants[0])
        keys = [" ".join(variant[name] for name in names) for variant in self.variants]
        rule = VariantsRule(names, dict.fromkeys(keys, (0.0, 0.0)))
        return Calculated(rule, dict.fromkeys(keys, ""), self.decimals, self.unit or "")


_Gap = Annotated[Union[ChoicePart, TextPart, NumberPart], Field(discriminator="type")]  # noqa: UP007


class ReleasedGaps(_Released):
    """A running text with gaps."""

    type: Literal["gaps"]
    passage: MarkdownText = Field(description=_TEXTS)
    gaps: dict[Id, _Gap] = Field(description=_TEXTS)

    @model_validator(mode="after")
    def _each_gap_once(self) -> Self:
        if sorted(marked(self.passage)) != sorted(self.gaps):
            no_problems([(("gaps",), "they are not those of the text", _TEXTS)])
        return self

    @classmethod
    def parts(cls, interaction: Gaps) -> dict[str, Any]:
        names = gap_names(interaction.gaps)
        gaps = {}
        for name, part in interaction.gaps.items():
            gaps[names[name]] = {"type": part.name, **type_of(part).parts(part)}
        passage = (("gap", names[each[1]]) if isinstance(each, tuple) else each for each in interaction.passage)
        return {"passage": _written(passage), "gaps": gaps}

    def interaction(self) -> Gaps:
        gaps = {name: self.gaps[name].entry() for name in marked(self.passage)}
        return Gaps(split(self.passage, lambda name: ("gap", name)), gaps)

    def translation_problems(self, other: Self) -> list[AuthorProblem]:
        problems = passage_problems(other.passage)
        if not problems and sorted(marked(self.passage)) != sorted(marked(other.passage)):
            problems = [((), "the gaps are not those of the original", _TEXTS)]
        return below("passage", problems)


class ReleasedExtended(_Released):
    """A text that a person reads."""

    type: Literal["extended"]
    min_words: StrictInt = Field(0, ge=0, description=_TEXTS)
    max_words: StrictInt = Field(0, ge=0, description=_TEXTS)

    @classmethod
    def parts(cls, interaction: ExtendedText) -> dict[str, Any]:
        words = {"min_words": interaction.min_words, "max_words": interaction.max_words}
        return {name: number for name, number in words.items() if number}

    def interaction(self) -> ExtendedText:
        return ExtendedText(self.min_words, self.max_words)


RELEASED_TYPES: tuple[type[_Released], ...] = (
    ReleasedChoice,
    ReleasedOrder,
    ReleasedMatch,
    ReleasedPlace,
    ReleasedText,
    ReleasedNumber,
    ReleasedCalculated,
    ReleasedGaps,
    ReleasedExtended,
)

if TYPE_CHECKING:
    ReleasedQuestion = _Released
else:
    #: Any question of a released copy; pydantic picks the model by ``type``, the name of its interaction.
    ReleasedQuestion = Annotated[Union[RELEASED_TYPES], Field(discriminator="type")]  # noqa: UP007


def type_of(interaction: Interaction) -> type[_Released]:
    """The model for an interaction."""
    return next(model for model in RELEASED_TYPES if model.type_name() == interaction.name)


def _written(passage: Iterable[str | Option | tuple[str, str]]) -> str:
    """A running text with its options or gaps in brackets."""

    def part(segment: str | Option | tuple[str, str]) -> str:
        if isinstance(segment, str):
            return segment
        return f"[[{segment.text if isinstance(segment, Option) else segment[1]}]]"

    return "".join(map(part, passage))
