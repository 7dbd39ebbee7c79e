"""``match``: pairs to find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import MarkdownText, Model
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.interactions import Matching, MatchingKey, Option, initial_order
from civicquiz.model.questions.question_base import (
    SHORT_FORM,
    AuthorEntry,
    KeyedQuestion,
    blocks_in_list,
    derived_id,
    options_of,
    silent,
)


class Pair(Model):
    """Two things that belong together."""

    left: MarkdownText = Field(description="write what the student starts from")
    right: MarkdownText = Field(description="write what goes with it")
    feedback: MarkdownText | None = Field(None, description="feedback for students who chose something else")

    @field_validator("left", "right")
    @classmethod
    def _is_silent(cls, text: str) -> str:
        return silent(text)


class Match(KeyedQuestion):
    """Pairs to find. The right sides, and distractors if there are any, are offered for every left side."""

    type: Literal["match"]
    pairs: tuple[Pair, ...] = Field(
        min_length=2, max_length=12, description="write at least two pairs, each with 'left:' and 'right:'"
    )
    distractors: tuple[Annotated[AuthorEntry, SHORT_FORM], ...] = Field(
        (), max_length=12, description="extra right sides, which match nothing"
    )

    @model_validator(mode="after")
    def _different_sides(self) -> Match:
        found = AuthorProblems()
        rows: dict[str, str] = {}
        targets: dict[str, str] = {}
        for position, pair in enumerate(self.pairs):
            if derived_id(pair.left) in rows:
                found.add(("pairs", position, "left"), f"'{pair.left}' appears twice", "delete or reword one")
            rows[derived_id(pair.left)] = pair.left
            # Several left sides may have the same right side, but right sides must not merely look the same.
            known = targets.setdefault(derived_id(pair.right), pair.right)
            if known != pair.right:
                message = f"'{pair.right}' looks almost the same as '{known}'"
                found.add(("pairs", position, "right"), message, "reword one")
        if len(targets) < 2:
            found.add("pairs", "all left sides have the same right side", "add a pair with a different one")
        for position, distractor in enumerate(self.distractors):
            if distractor.id in targets:
                message = f"'{distractor.text}' is also a right side or another distractor"
                found.add(("distractors", position), message, "delete or reword it")
            targets[distractor.id] = distractor.text
        found.extend(blocks_in_list(self.offered()))
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Matching:
        pairs = list(zip(self.pairs, original.pairs, strict=True))
        rows = (_side(pair.left, source.left) for pair, source in pairs)
        # The same right side may belong to several left sides.
        rights = {source.right: _side(pair.right, source.right) for pair, source in pairs}
        distractors = options_of(self.distractors, original.distractors)
        # In the order in which they are written, they would reveal what goes with what.
        return Matching(tuple(rows), initial_order((*rights.values(), *distractors)))

    def scored(self) -> MatchingKey:
        return MatchingKey.of({derived_id(pair.left): derived_id(pair.right) for pair in self.pairs})

    def offered(self) -> list[tuple[YamlPath, str]]:
        """(path, text) of everything that is offered, a right side as often as it is written."""
        rights: list[tuple[YamlPath, str]] = [(("pairs", n, "right"), pair.right) for n, pair in enumerate(self.pairs)]
        return [*rights, *((("distractors", n), entry.text) for n, entry in enumerate(self.distractors))]

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = AuthorProblems()
        originals, translations = ([text for _, text in question.offered()] for question in (self, other))
        for position, (path, text) in enumerate(other.offered()):
            first, translated = originals.index(originals[position]), translations.index(text)
            if first < position and translated == position:
                message = f"two right sides are the same in the original ('{originals[first]}'), but not here"
                found.add(path, message, f"write '{translations[first]}' in both places")
            elif translated != first:
                message = f"the same text appears twice ('{text}'), but not in the original"
                found.add(path, message, "reword one")
        return found

    def token_feedback(self) -> dict[str, str]:
        targets = dict.fromkeys(derived_id(pair.right) for pair in self.pairs)
        targets |= dict.fromkeys(distractor.id for distractor in self.distractors)
        return wrong_targets(self.scored(), targets, [pair.feedback for pair in self.pairs])


def _side(text: str, original: str) -> Option:
    """A side of a pair, which translates ``original`` or is the original itself."""
    return Option(derived_id(original), text, original=original)


def wrong_targets(key: MatchingKey, targets: Iterable[str], feedback: Iterable[str | None]) -> dict[str, str]:
    """Token -> a row's feedback, for every one of ``targets`` that does not go with the row."""
    return {
        f"{row} {target}": text
        for (row, right), text in zip(key.right.items(), feedback, strict=True)
        if text
        for target in targets
        if right != target
    }
