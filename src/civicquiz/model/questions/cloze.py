"""``cloze``: a running text with gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, Union

from pydantic import Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Id, MarkdownText
from civicquiz.authoring.wording import did_you_mean
from civicquiz.model.interactions import Gap, InlineGaps, InlineGapsKey
from civicquiz.model.questions.numeric import NumericPart
from civicquiz.model.questions.passage import bracketed, passage_problems, split
from civicquiz.model.questions.question_base import KeyedGapPart, KeyedQuestion
from civicquiz.model.questions.short_text import ShortTextPart
from civicquiz.model.questions.single_choice import SingleChoicePart

GapPart = Annotated[Union[SingleChoicePart, ShortTextPart, NumericPart], Field(discriminator="type")]  # noqa: UP007


class Cloze(KeyedQuestion):
    """A text with gaps, each a choice, a text or a number, and each scored on its own."""

    type: Literal["cloze"]
    text: MarkdownText = Field(description="write the text, with the name of a gap in brackets: [[year]]")
    gaps: dict[Id, GapPart] = Field(
        description="write the name of each gap and what belongs there, such as 'year: {type: numeric, ...}'"
    )

    @model_validator(mode="after")
    def _each_gap_once(self) -> Cloze:
        names = bracketed(self.text)
        found = passage_problems(self.text).below("text")
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
        if not names:
            found.add("text", "there is no gap in the text", "write the name of a gap in brackets: [[year]]")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> InlineGaps:
        # In the order of the original's text, by which they are numbered.
        parts: Mapping[str, KeyedGapPart] = self.gaps
        originals: Mapping[str, KeyedGapPart] = original.gaps
        gaps = {name: parts[name].shown(originals[name]) for name in bracketed(original.text)}
        return InlineGaps(split(self.text, Gap), gaps)

    def scored(self) -> InlineGapsKey:
        return InlineGapsKey.of({name: self.gaps[name].scored() for name in bracketed(self.text)})

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.text)
        originals, translations = sorted(bracketed(self.text)), sorted(bracketed(other.text))
        if not found and originals != translations:
            names = ", ".join(f"[[{name}]]" for name in translations) or "no gap"
            message = f"the text has {names} here and {', '.join(f'[[{name}]]' for name in originals)} in the original"
            found.add((), message, "write every gap of the original once, by its name, in any order")
        return found.below("text")

    def token_feedback(self) -> dict[str, str]:
        return {
            f"{name} {token}": text for name, gap in self.gaps.items() for token, text in gap.token_feedback().items()
        }
