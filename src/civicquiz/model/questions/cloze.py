"""``cloze``: a running text with gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self, Union

from pydantic import Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Id, MarkdownText
from civicquiz.authoring.wording import did_you_mean
from civicquiz.model.interactions import ComputedNumber, Gap, GapKey, InlineGaps, InlineGapsKey
from civicquiz.model.questions.computed_part import ComputedPart
from civicquiz.model.questions.number_sets import NumberSets
from civicquiz.model.questions.numeric import NumericPart
from civicquiz.model.questions.passage import bracketed, passage_problems, split
from civicquiz.model.questions.question_base import GapPart, KeyedQuestion, blocks_in_list
from civicquiz.model.questions.short_text import ShortTextPart
from civicquiz.model.questions.single_choice import SingleChoicePart


class ComputedGap(ComputedPart, GapPart):
    """A number that is computed from the numbers of the question."""

    type: Literal["calculated"]

    def shown(self, original: Self) -> ComputedNumber:
        return self.computed_field(original)


AnyGap = Annotated[
    Union[SingleChoicePart, ShortTextPart, NumericPart, ComputedGap],  # noqa: UP007
    Field(discriminator="type"),
]


class Cloze(KeyedQuestion):
    """A text with gaps, each a choice, a text or a number, and each scored on its own."""

    type: Literal["cloze"]
    text: MarkdownText = Field(description="write the text, with the name of a gap in brackets: [[year]]")
    gaps: dict[Id, AnyGap] = Field(
        description="write the name of each gap and what belongs there, such as 'year: {type: numeric, ...}'"
    )

    @model_validator(mode="after")
    def _each_gap_once(self) -> Cloze:
        names = bracketed(self.text, self.gaps)
        found = passage_problems(self.text, self.gaps).below("text")
        for name in dict.fromkeys(names):
            if name not in self.gaps:
                hint = did_you_mean(name, self.gaps, f"write '{name}:' under 'gaps:'")
                found.add("text", f"there is no gap '{name}'", hint)
            elif names.count(name) > 1:
                found.add("text", f"the gap '{name}' appears twice in the text", "give each gap its own name")
        for name in self.gaps:
            if name not in names:
                found.add(
                    ("gaps", name),
                    f"the gap '{name}' is not in the text",
                    f"write [[{name}]] in the text, or delete the gap",
                )
        for name, gap in self.gaps.items():
            if isinstance(gap, SingleChoicePart):
                options = ((("gaps", name, "options", n), option.text) for n, option in enumerate(gap.options))
                found.extend(blocks_in_list(options))
        if not names:
            found.add("text", "there is no gap in the text", "write the name of a gap in brackets: [[year]]")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> InlineGaps:
        # In the order of the original's text, by which they are numbered.
        parts: Mapping[str, GapPart] = self.gaps
        originals: Mapping[str, GapPart] = original.gaps
        # This may be asked before the text and the gaps are known to fit together.
        gaps = {
            name: parts[name].shown(originals[name])
            for name in bracketed(original.text, originals)
            if name in originals
        }
        return InlineGaps(split(self.text, Gap, gaps), gaps)

    def number_problems(self) -> AuthorProblems:
        found = super().number_problems()
        for name, gap in self.gaps.items():
            where = ("gaps", name)
            if self.numbers and name in self.numbers.public_names:
                found.add(where, f"the gap '{name}' has the name of a variable", "rename one of the two")
            if isinstance(gap, ComputedGap) and not self.numbers:
                hint = "write 'variables:' in the question, such as 'm: {values: [2, 4]}', and {m} in the text"
                found.add(where, "there are no variables to calculate with", hint)
        return found

    def answer_problems(self, numbers: NumberSets) -> AuthorProblems:
        found = AuthorProblems()
        for name, gap in self.gaps.items():
            if isinstance(gap, ComputedGap):
                found.extend(gap.problems(numbers, self.shown_names).below(("gaps", name)))
        return found

    def _computed_gaps(self) -> list[ComputedGap]:
        return [gap for gap in self.gaps.values() if isinstance(gap, ComputedGap)]

    def needed(self) -> Iterable[str]:
        return dict.fromkeys(name for gap in self._computed_gaps() for name in gap.names_in_answer(self.numbers))

    def mistaken(self) -> Iterable[str]:
        return [name for gap in self._computed_gaps() for name in gap.names_in_mistakes(self.numbers)]

    def _key_of_gap(self, gap: AnyGap) -> GapKey:
        if isinstance(gap, ComputedGap):
            assert self.numbers  # without them it is not valid
            return gap.key_of(self.numbers, self.shown_names)
        return gap.scored()

    def scored(self) -> InlineGapsKey:
        return InlineGapsKey.of({name: self._key_of_gap(self.gaps[name]) for name in bracketed(self.text, self.gaps)})

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.text, self.gaps)
        originals, translations = (sorted(bracketed(text, self.gaps)) for text in (self.text, other.text))
        if not found and originals != translations:
            names = ", ".join(f"[[{name}]]" for name in translations) or "no gap"
            message = f"the text has {names} here and {', '.join(f'[[{name}]]' for name in originals)} in the original"
            found.add((), message, "write every gap of the original once, by its name, in any order")
        return found.below("text")

    def token_feedback(self) -> dict[str, str]:
        return self.feedback_as(self)

    def feedback_as(self, original: Self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, gap in self.gaps.items():
            texts = gap.token_feedback()
            # A translation may add mistakes to a gap for a text, whose tokens are the same in all languages.
            tokens = texts if isinstance(gap, ShortTextPart) else original.gaps[name].token_feedback()
            found |= {f"{name} {token}": text for token, text in zip(tokens, texts.values(), strict=True)}
        return found
