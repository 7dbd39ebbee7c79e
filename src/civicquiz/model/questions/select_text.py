"""``select-text``: mark the words in a passage that do something."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Line, MarkdownText, Model
from civicquiz.authoring.wording import did_you_mean
from civicquiz.authoring.yaml_source import YamlPath
from civicquiz.model.interactions import Choice, ChoiceKey, Option
from civicquiz.model.questions.passage import marked, passage_problems, split
from civicquiz.model.questions.question_base import KeyedQuestion, derived_id


class PhraseFeedback(Model):
    """What a learner reads who marked a phrase."""

    text: Line = Field(description="write a phrase of the passage, without the brackets")
    feedback: MarkdownText = Field(description="write what a learner reads who marked it")


class SelectText(KeyedQuestion):
    """A passage with phrases that can be marked; right marks minus wrong marks, never below 0."""

    type: Literal["select-text"]
    passage: MarkdownText = Field(
        description="write the text, with [[what can be marked]] in brackets and [[+what is right]] with a plus"
    )
    scoring: Literal["net-correct", "all-or-nothing"] = Field(
        "net-correct", description="net-correct gives partial credit; all-or-nothing does not"
    )
    feedback: tuple[PhraseFeedback, ...] = Field(
        (), description="feedback on phrases, each with 'text:' and 'feedback:'"
    )

    def _phrases(self) -> list[tuple[str, bool]]:
        """(phrase, whether it is right) of every mark."""
        return [_phrase(words) for words in marked(self.passage)]

    @model_validator(mode="after")
    def _some_right(self) -> SelectText:
        phrases = self._phrases()
        right = sum(is_right for _, is_right in phrases)
        found = passage_problems(self.passage).below("passage")
        if len(phrases) < 2:
            found.add("passage", "fewer than two phrases can be marked", "put [[ and ]] around them")
        elif not right:
            hint = "write a plus after the brackets: [[+a right phrase]]"
            found.add("passage", "no phrase is right", hint)
        elif right == len(phrases):
            message = "every phrase is right, so marking all of them would earn the points"
            found.add("passage", message, "add a wrong one")
        names = [derived_id(phrase) for phrase, _ in phrases]
        for position, (phrase, _) in enumerate(phrases):
            if not phrase:
                found.add("passage", "a phrase is empty", "write something after the plus")
            elif names[position] in names[:position]:
                hint = "put brackets around more or less of one of them"
                found.add("passage", f"two phrases are the same ('{phrase}')", hint)
        known = [phrase for phrase, _ in phrases]
        for position, each in enumerate(self.feedback):
            if each.text not in known:
                hint = did_you_mean(each.text, known, "write it exactly as it is between the brackets")
                found.add(("feedback", position, "text"), f"no phrase reads '{each.text}'", hint)
            elif each.text in [other.text for other in self.feedback[:position]]:
                found.add(("feedback", position, "text"), f"there are two feedbacks on '{each.text}'", "delete one")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> Choice:
        # Its phrases stand in the same order in a translation.
        originals = iter([phrase for phrase, _ in original._phrases()])

        def option(words: str) -> Option:
            of = next(originals)
            return Option(derived_id(of), _phrase(words)[0], original=of)

        passage = split(self.passage, option)
        options = tuple(part for part in passage if isinstance(part, Option))
        return Choice(options, multiple=True, passage=passage)

    def scored(self) -> ChoiceKey:
        right = [derived_id(phrase) for phrase, is_right in self._phrases() if is_right]
        wrong = [derived_id(phrase) for phrase, is_right in self._phrases() if not is_right]
        return ChoiceKey.of_several(right, wrong, all_or_nothing=self.scoring == "all-or-nothing")

    def echoed_texts(self, other: Self) -> dict[YamlPath, str]:
        names = {mine: theirs for (mine, _), (theirs, _) in zip(self._phrases(), other._phrases(), strict=False)}
        return {("feedback", n, "text"): names.get(each.text, each.text) for n, each in enumerate(self.feedback)}

    def translation_problems(self, other: Self) -> AuthorProblems:
        found = passage_problems(other.passage)
        ours, theirs = self._phrases(), other._phrases()
        if not found and len(theirs) != len(ours):
            message = f"there are {len(theirs)} phrases here, but {len(ours)} in the original"
            found.add((), message, "put brackets around the same phrases, in the same order")
        for (mine, right), (phrase, is_right) in () if found else zip(ours, theirs, strict=True):
            if is_right != right:
                here = f"'{phrase}' is {'right' if is_right else 'wrong'} here"
                message = f"{here}, but '{mine}' is {'right' if right else 'wrong'} in the original"
                found.add((), message, "put the plus where it is in the original")
        return found.below("passage")

    def token_feedback(self) -> dict[str, str]:
        return {derived_id(each.text): each.feedback for each in self.feedback}


def _phrase(words: str) -> tuple[str, bool]:
    """(the phrase, whether it is right) from the words between the brackets; runs of white space are one space."""
    is_right = words.startswith("+")
    return " ".join((words[1:] if is_right else words).split()), is_right
