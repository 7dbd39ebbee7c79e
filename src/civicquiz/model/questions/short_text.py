"""``short-text``: a word or a few words, compared with accepted answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, PrivateAttr, StrictInt, model_validator

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


class Answer(NamedTuple):
    """A text that an author has listed: under which key and where in its list, and the share of the points for it."""

    key: str
    position: int
    text: str
    credit: float


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

    _translated: Mapping[str, ShortTextPart] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _all_different(self) -> ShortTextPart:
        found = AuthorProblems()
        seen: dict[str, str] = {}
        for key, position, text, _ in self.answers():
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
        written: dict[str, str] = {}  # normal form -> the text as it was first written
        accept: dict[str, int] = {}
        mistakes: dict[str, None] = {}
        for part in (self, *self._translated.values()):
            for entry in part.accept:
                plain = normalized(entry.text, self.ignore)
                written.setdefault(plain, entry.text)
                accept[plain] = round(entry.credit * 100)
            mistakes |= dict.fromkeys(normalized(mistake.text, self.ignore) for mistake in part.mistakes)
        return TextEntryKey(
            TextRule(accept, self.ignore, self.typos, tuple(mistakes)),
            self.shown_answer(),
            {text: accept[plain] for plain, text in written.items()},
            {language: part.shown_answer() for language, part in self._translated.items()},
        )

    def shown_answer(self) -> str:
        """The answer that is shown: the first one that earns all the points."""
        return next(entry.text for entry in self.accept if entry.credit == 1)

    @property
    def translated(self) -> Mapping[str, ShortTextPart]:
        """The same part in other languages, with the answers that their files add."""
        return self._translated

    def also_in(self, language: str, part: ShortTextPart) -> None:
        """Accept what ``part``, the same in ``language``, accepts. Call this before anything asks for the key."""
        self._translated = {**self._translated, language: part}

    def answers(self) -> list[Answer]:
        """Every text that is listed."""
        accept = [Answer("accept", position, entry.text, entry.credit) for position, entry in enumerate(self.accept)]
        return accept + [Answer("mistakes", position, entry.text, 0) for position, entry in enumerate(self.mistakes)]

    def token_feedback(self) -> dict[str, str]:
        """Normalized text -> the author's feedback, as Markdown."""
        return {normalized(mistake.text, self.ignore): mistake.feedback for mistake in self.mistakes}


class ShortText(ShortTextPart, KeyedQuestion):
    """A word or a few words; right if they match one of the accepted answers."""

    type: Literal["short-text"]

    def feedback_as(self, original: Self) -> dict[str, str]:
        return self.token_feedback()  # a translation may add mistakes; their tokens are the same in all languages
