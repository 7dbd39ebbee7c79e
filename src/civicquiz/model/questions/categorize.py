"""``categorize``: things to sort into categories."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from civicquiz.authoring.validation import Line, MarkdownText
from civicquiz.authoring.wording import did_you_mean
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.interactions import Matching, MatchingKey
from civicquiz.model.questions.match import wrong_targets
from civicquiz.model.questions.question_base import (
    SHORT_FORM,
    AuthorEntry,
    KeyedQuestion,
    blocks_in_list,
    duplicates,
    options_of,
)


class SortedEntry(AuthorEntry):
    """Something to sort, and where it belongs."""

    category: Line = Field(description="write one of the categories")
    feedback: MarkdownText | None = Field(None, description="feedback for students who chose a different category")


class Categorize(KeyedQuestion):
    """Things to sort into categories; every category is offered for each of them, in the order written."""

    type: Literal["categorize"]
    categories: tuple[Annotated[AuthorEntry, SHORT_FORM], ...] = Field(
        min_length=2, max_length=8, description="write at least two categories, each as '- the text'"
    )
    items: tuple[SortedEntry, ...] = Field(
        min_length=2, max_length=20, description="write at least two, each with 'text:' and 'category:'"
    )

    @model_validator(mode="after")
    def _known_categories(self) -> Categorize:
        found = duplicates(self.categories).below("categories")
        found.extend(duplicates(self.items).below("items"))
        found.extend(blocks_in_list((("categories", n), entry.text) for n, entry in enumerate(self.categories)))
        known = [category.text for category in self.categories]
        for position, entry in enumerate(self.items):
            if entry.category not in known:
                hint = did_you_mean(entry.category, known, f"the categories are: {', '.join(known)}")
                found.add(("items", position, "category"), f"unknown category '{entry.category}'", hint)
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Matching:
        return Matching(options_of(self.items, original.items), options_of(self.categories, original.categories))

    def scored(self) -> MatchingKey:
        names = {category.text: category.id for category in self.categories}
        return MatchingKey.of({entry.id: names[entry.category] for entry in self.items})

    def echoed_texts(self, other: Self) -> dict[YamlPath, str]:
        pairs = zip(self.categories, other.categories, strict=True)
        translations = {category.text: translated.text for category, translated in pairs}
        return {("items", n, "category"): translations[entry.category] for n, entry in enumerate(self.items)}

    def token_feedback(self) -> dict[str, str]:
        targets = [category.id for category in self.categories]
        return wrong_targets(self.scored(), targets, [entry.feedback for entry in self.items])
