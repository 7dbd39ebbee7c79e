"""``short-text``: a word or a few words, compared with accepted answers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Line, MarkdownText, Model, Number
from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import TextEntry, TextEntryKey, TextRule
from civicquiz.model.interactions.text_entry import MAX_CHARACTERS
from civicquiz.model.interactions.text_matching import normalized
from civicquiz.model.questions.question_base import SHORT_FORM, KeyedGapPart, KeyedQuestion


class AcceptedText(Model):
    """A text that is right, or partly right."""

    text: Line = Field(description="write a right answer")
    credit: Number = Field(
        1, ge=0.01, le=1, description="write the share of the points with at most two decimals, such as 0.5"
    )


class KnownMistake(Model):
    """A text that is wrong, and what to say about it."""

    text: Line = Field(description="write what students write by mistake")
    feedback: MarkdownText = Field(description="write why it is tempting and why it is wrong")


class ShortTextPart(KeyedGapPart):
    """A line of text with accepted answers. Also what a gap of a cloze can be."""

    type: Literal["short-text"]
    accept: tuple[Annotated[AcceptedText, SHORT_FORM], ...] = Field(
        min_length=1, max_length=50, description="write every right answer, each as '- the text'"
    )
    ignore: tuple[Literal["case", "space", "diacritics", "punctuation"], ...] = Field(
        ("case", "space"), description="what makes no difference: any of case, space, diacritics, punctuation"
    )
    typos: StrictInt = Field(
        0, ge=0, le=2, description="how many typing errors are forgiven; the text needs four characters for each"
    )
    mistakes: tuple[KnownMistake, ...] = Field((), description="common mistakes, each with 'text:' and 'feedback:'")

    @model_validator(mode="after")
    def _all_different(self) -> ShortTextPart:
        found = AuthorProblems()
        seen: dict[str, str] = {}
        texts = [("accept", position, entry.text) for position, entry in enumerate(self.accept)]
        texts += [("mistakes", position, entry.text) for position, entry in enumerate(self.mistakes)]
        for key, position, text in texts:
            plain = normalized(text, self.ignore)
            if len(text) > MAX_CHARACTERS:
                message = f"has {len(text)} characters, but learners can type only {MAX_CHARACTERS}"
                found.add((key, position, "text"), message, "write a shorter answer, or use 'type: open-response'")
            elif not plain:
                message = f"nothing is left of '{text}' after ignoring {', '.join(self.ignore)}"
                found.add((key, position, "text"), message, "ignore less")
            elif plain in seen:
                message = f"'{text}' is the same as '{seen[plain]}' after ignoring {', '.join(self.ignore)}"
                found.add((key, position, "text"), message, "delete one of the two")
            seen.setdefault(plain, text)
        for position, entry in enumerate(self.accept):
            if round(entry.credit, 2) != entry.credit:
                message = f"'credit' has more than two decimals (got {number_text(entry.credit)})"
                found.add(("accept", position, "credit"), message, f"write {number_text(entry.credit, 2)}")
        if all(entry.credit < 1 for entry in self.accept):
            found.add("accept", "no answer earns all the points", "leave out 'credit:' for a right answer")
        found.raise_if_any()
        return self

    def shown(self, original: Self) -> TextEntry:
        return TextEntry()

    def scored(self) -> TextEntryKey:
        accept = {normalized(entry.text, self.ignore): round(entry.credit * 100) for entry in self.accept}
        right = next(entry.text for entry in self.accept if entry.credit == 1)
        mistakes = tuple(normalized(mistake.text, self.ignore) for mistake in self.mistakes)
        written = {entry.text: round(entry.credit * 100) for entry in self.accept}
        return TextEntryKey(TextRule(accept, self.ignore, self.typos, mistakes), right, written)

    def token_feedback(self) -> dict[str, str]:
        """Normalized text -> the author's feedback, as Markdown."""
        return {normalized(mistake.text, self.ignore): mistake.feedback for mistake in self.mistakes}


class ShortText(ShortTextPart, KeyedQuestion):
    """A word or a few words; right if they match one of the accepted answers."""

    type: Literal["short-text"]
