"""``select-text``: a passage in which learners select phrases."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Line, MarkdownText, Model
from civicquiz.authoring.wording import did_you_mean
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.interactions import Choice, ChoiceKey, Option
from civicquiz.model.questions.passage import are_in_code, bracketed, passage_problems, split
from civicquiz.model.questions.question_base import KeyedQuestion, derived_id


class PhraseFeedback(Model):
    """Feedback for students who selected a phrase."""

    text: Line = Field(description="write a phrase of the passage, without the brackets")
    feedback: MarkdownText = Field(description="write feedback for students who selected it")


class SelectText(KeyedQuestion):
    """A passage with phrases to select. The score is right selections minus wrong selections, never below 0."""

    type: Literal["select-text"]
    passage: MarkdownText = Field(
        description="write the text, with [[each phrase to select]] in brackets and [[+each right phrase]] with a plus"
    )
    scoring: Literal["net-correct", "all-or-nothing"] = Field(
        "net-correct", description="net-correct gives partial credit; all-or-nothing does not"
    )
    feedback: tuple[PhraseFeedback, ...] = Field(
        (), description="feedback on phrases, each with 'text:' and 'feedback:'"
    )

    def _phrases(self) -> list[tuple[str, bool]]:
        """(phrase, whether it is right) for every phrase in brackets."""
        return [_phrase(words) for words in bracketed(self.passage)]

    @model_validator(mode="after")
    def _some_right(self) -> SelectText:
        phrases = self._phrases()
        right = sum(is_right for _, is_right in phrases)
        found = passage_problems(self.passage).below("passage")
        if len(phrases) < 2:
            found.add("passage", "fewer than two phrases can be selected", "put [[ and ]] around them")
        elif not right:
            hint = "write a plus after the brackets: [[+a right phrase]]"
            found.add("passage", "no phrase is right", hint)
        elif right == len(phrases):
            message = "every phrase is right, so selecting all of them would earn the points"
            found.add("passage", message, "add a wrong one")
        words, in_code = bracketed(self.passage), are_in_code(self.passage)
        names = [derived_id(phrase) for phrase, _ in phrases]
        for position, (phrase, _) in enumerate(phrases):
            if "\n" in words[position] and in_code[position]:
                found.add("passage", f"in code, '{phrase}' is more than one line", "put brackets around each line")
            if not phrase:
                found.add("passage", "a phrase is empty", "write something after the plus")
            elif names[position] in names[:position]:
                hint = "put brackets around more or less of one of them"
                found.add("passage", f"two phrases are the same ('{phrase}')", hint)
        known = [phrase for phrase, _ in phrases]
        for position, entry in enumerate(self.feedback):
            if entry.text not in known:
                hint = did_you_mean(entry.text, known, "write it exactly as it is between the brackets")
                found.add(("feedback", position, "text"), f"no phrase reads '{entry.text}'", hint)
            elif entry.text in [other.text for other in self.feedback[:position]]:
                found.add(("feedback", position, "text"), f"there is already feedback on '{entry.text}'", "delete one")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Choice:
        # A translation has the phrases in the same order.
        originals = iter([phrase for phrase, _ in original._phrases()])
        code = iter(are_in_code(self.passage))

        def option(words: str) -> Option:
            source, text = next(originals), _phrase(words)[0]
            return Option(derived_id(source), _as_code(text) if next(code) else text, original=source)

        passage = split(self.passage, option)
        options = tuple(part for part in passage if isinstance(part, Option))
        return Choice(options, multiple=True, passage=passage)

    def scored(self) -> ChoiceKey:
        right = [derived_id(phrase) for phrase, is_right in self._phrases() if is_right]
        wrong = [derived_id(phrase) for phrase, is_right in self._phrases() if not is_right]
        return ChoiceKey.of_several(right, wrong, all_or_nothing=self.scoring == "all-or-nothing")

    def echoed_texts(self, other: Self) -> dict[YamlPath, str]:
        pairs = zip(self._phrases(), other._phrases(), strict=False)
        translations = {phrase: translated for (phrase, _), (translated, _) in pairs}
        return {
            ("feedback", n, "text"): translations.get(entry.text, entry.text) for n, entry in enumerate(self.feedback)
        }

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.passage)
        originals, translations = self._phrases(), other._phrases()
        if not found and len(translations) != len(originals):
            message = f"there are {len(translations)} phrases here, but {len(originals)} in the original"
            found.add((), message, "put brackets around the same phrases, in the same order")
        for (phrase, right), (translated, is_right) in () if found else zip(originals, translations, strict=True):
            if is_right != right:
                said = f"'{translated}' is {'right' if is_right else 'wrong'} here"
                message = f"{said}, but '{phrase}' is {'right' if right else 'wrong'} in the original"
                found.add((), message, "put the plus where it is in the original")
        return found.below("passage")

    def token_feedback(self) -> dict[str, str]:
        return {derived_id(entry.text): entry.feedback for entry in self.feedback}


def _as_code(phrase: str) -> str:
    """A phrase of a program as Markdown, so that nothing in it is taken for markup."""
    fence = "`" * (1 + max(map(len, re.findall("`+", phrase)), default=0))
    return f"{fence} {phrase} {fence}"


def _phrase(words: str) -> tuple[str, bool]:
    """(the phrase, whether it is right) from the words between brackets; runs of white space become one space."""
    is_right = words.startswith("+")
    return " ".join((words[1:] if is_right else words).split()), is_right
