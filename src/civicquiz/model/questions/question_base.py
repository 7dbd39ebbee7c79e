"""What all question types share: the common keys, options, and ids that come from texts."""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    StrictBool,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from civicquiz.authoring.author_problems import AuthorProblems, author_error
from civicquiz.authoring.markdown import has_recording, is_block
from civicquiz.authoring.normal_form import visible_form
from civicquiz.authoring.validation import Id, MarkdownText, Model, Number, all_texts, as_written, shown_texts
from civicquiz.authoring.yaml_source import WrittenFloat, WrittenInt, YamlPath
from civicquiz.model.interactions import (
    GapInteraction,
    GapKey,
    Interaction,
    Key,
    Option,
    placeholders,
    texts_in,
    with_numbers,
    with_texts,
)
from civicquiz.model.questions.expression import Expression
from civicquiz.model.questions.number_sets import NumberSets, with_names
from civicquiz.model.questions.numbered import Numbered, names_in

__all__ = [
    "SHORT_FORM",
    "AuthorEntry",
    "AuthorOption",
    "Code",
    "GapPart",
    "KeyedGapPart",
    "KeyedQuestion",
    "Level",
    "OptionsPart",
    "QuestionBase",
    "SharedNumbers",
    "blocks_in_list",
    "derived_id",
    "distinct_ids",
    "duplicates",
    "options_of",
    "silent",
]


#: The code of an objective, such as D2.Civ.4.9-12 of the C3 Framework.
Code = Annotated[
    str, Field(strict=True, pattern=r"^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$", max_length=40), BeforeValidator(as_written)
]


#: What a question asks of a student: the six levels of Bloom's revised taxonomy (L. Anderson and D. Krathwohl, "A
#: Taxonomy for Learning, Teaching, and Assessing", 2001).
Level = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]


class QuestionBase(Model):
    """What learners see of a question, without a key. A question of a released copy has nothing more."""

    id: Id = Field(description="write a short name of letters, digits and hyphens, for example 'id: passed-in'")
    type: str
    prompt: MarkdownText = Field(description="write what the student is asked")
    hint: MarkdownText | None = Field(None, description="write one sentence that helps without giving the answer away")
    points: Number = Field(1.0, gt=0, le=1000, description="write a number above 0, at most 1000")
    tags: tuple[Id, ...] = Field((), description="words to select questions by, for example 'tags: [courts]'")
    objectives: tuple[Code, ...] = Field(
        (), description="codes such as those of the C3 Framework, for example [D2.Civ.4.9-12]"
    )
    difficulty: Literal["easy", "medium", "hard"] | None = Field(None, description="write easy, medium or hard")
    level: Level | None = Field(
        None, description="the thinking it takes: remember, understand, apply, analyze, evaluate or create"
    )
    stimulus: Id | None = Field(None, description="the name of a text under 'stimuli:' that the question refers to")

    @classmethod
    def type_name(cls) -> str:
        """What an author writes as ``type:``."""
        return str(get_args(cls.model_fields["type"].annotation)[0])

    @abstractmethod
    def shown(self, original: Self) -> Interaction[Any]:
        """The interaction with the texts of this question and the ids of ``original``, which it translates.

        ``original`` is the question itself if it is not a translation. Otherwise the two have the same shape, and
        everything but the texts comes from the original.
        """

    @cached_property
    def _interaction(self) -> Interaction[Any]:
        return self.interaction_as(self)

    def interaction(self) -> Interaction[Any]:
        """The interaction that this question compiles to; computed once."""
        return self._interaction

    def interaction_as(self, original: Self) -> Interaction[Any]:
        """As :meth:`shown`, with the sets of numbers that learners can have."""
        return self.shown(original)

    def keeps_order(self, shown: Interaction[Any]) -> bool:
        """Whether the options of ``shown``, the interaction in any language, stay in the order that people expect: true
        and false, and the steps of a poll.
        """
        return not self.points or any(option.word for options in shown.option_lists() for option in options)

    def number_sets(self) -> Sequence[Mapping[str, str]]:
        """Every set of numbers that a learner can have: name -> number as text; empty if learners have none.

        In a question with its key, these are also numbers that only explanations and feedback have.
        """
        return self.interaction().variants

    def echoed_texts(self, other: Self) -> dict[YamlPath, str]:
        """Paths of texts that only repeat another text of the question -> their texts in ``other``, a translation."""
        return {}

    def translation_problems(self, other: Self) -> AuthorProblems:
        """The differences that keep ``other``, a translation whose texts are not validated yet, from sharing ids."""
        return AuthorProblems()

    def full_prompt(self) -> str:
        """What the learner is asked, as Markdown, including anything that the type adds to the prompt."""
        return self.prompt

    def full_hint(self) -> str:
        """The hint, as Markdown; "" if there is none."""
        return self.hint or ""


class GapPart(Model):
    """A question that can also be a gap in a running text."""

    @abstractmethod
    def shown(self, original: Self) -> GapInteraction:
        """As for a question, see :meth:`QuestionBase.shown`."""


class KeyedGapPart(GapPart):
    """A gap with its key, as an author writes it."""

    @abstractmethod
    def scored(self) -> GapKey:
        """As for a question, see :meth:`KeyedQuestion.scored`."""

    def token_feedback(self) -> dict[str, str]:
        """As for a question, see :meth:`KeyedQuestion.token_feedback`."""
        return {}


@dataclass(frozen=True)
class SharedNumbers:
    """The numbers of the stimulus of a question."""

    stimulus: str
    text: str
    numbers: NumberSets


class KeyedQuestion(QuestionBase, Numbered):
    """A question with its key, as an author writes it."""

    explanation: MarkdownText | None = Field(None, description="what the student reads once the question is settled")
    cites: tuple[Id, ...] = Field((), description="write the ids of claims in seeds/, for example 'cites: [h04]'")
    void: StrictBool = Field(False, description="write 'void: true' to give everyone full points for a bad question")

    _shared: SharedNumbers | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        # The numbers of a stimulus are known only once the quiz is (see share_numbers).
        if self.variables or not self.stimulus:
            self.number_problems().raise_if_any()
        return self

    def share_numbers(self, shared: SharedNumbers) -> AuthorProblems:
        """Let the texts of this question have the numbers of its stimulus; what is wrong with them then."""
        if self.variables:
            found = AuthorProblems()
            found.add("variables", "its stimulus has variables, too", "write all of them in the stimulus")
            return found
        self._shared = shared
        return self.number_problems()

    @cached_property
    def numbers(self) -> NumberSets | None:
        """The sets of numbers of this question or of its stimulus; None if there are none."""
        return self._shared.numbers if self._shared else self.own_numbers

    def number_problems(self) -> AuthorProblems:
        """What is wrong with the numbers that differ from learner to learner."""
        found = self.variable_problems()
        if not self.numbers or found:
            return found
        found.extend(self.unknown_names(self.numbers))
        if not self._shared:
            used = self.used_names()
            for name in (name for name in self.variables if name not in used):
                hint = f"write {{{name}}} in the prompt, or delete the variable"
                found.add(("variables", name), f"'{name}' is used neither in a text nor in the answer", hint)
        visible = self.seen_names
        for name in names_in([self.hint or ""], self.numbers.variables):
            if name not in visible:
                hint = f"write {{{name}}} in the prompt too, or leave it out here"
                found.add("hint", f"the variable '{name}' is not in the prompt", hint)
        hidden = [name for name in self._sources_of_answer(visible) if self.numbers.variables[name].count() > 1]
        for name in hidden:
            message = f"the answer needs '{name}', which students never see"
            where = ("variables", name) if name in self.variables else ()
            found.add(where, message, f"write {{{name}}} in the prompt")
        found.extend(self._fixed_texts(self.numbers))
        found.extend(self.answer_problems(self.numbers))
        if not found:
            found.extend(self._alike())
        return found

    def _fixed_texts(self, numbers: NumberSets) -> AuthorProblems:
        """Names of variables in texts that are the same for all students."""
        found = AuthorProblems()
        varying = {("lines",), *(path for path, _, shown in shown_texts(self) if shown.markdown)}
        for path, text in all_texts(self):
            is_calculation = path[-1] in ("answer", "calculate")
            for name in () if is_calculation or path in varying else placeholders(text):
                if name in numbers.variables:
                    message = f"'{{{name}}}' stays as it is here, because this text is the same for all students"
                    found.add(path, message, "let students calculate a number ('type: calculated'), or reword it")
        return found

    def answer_problems(self, numbers: NumberSets) -> AuthorProblems:
        """What is wrong with calculations of the answer."""
        return AuthorProblems()

    def _sources_of_answer(self, visible: Collection[str]) -> Iterator[str]:
        """The variables that a learner would have to know for the answer and cannot see or calculate."""
        numbers = self.numbers
        waiting = list(self.needed())
        seen: set[str] = set()
        while waiting and numbers:
            name = waiting.pop(0)
            if name in seen or name in visible or name not in numbers.variables:
                continue
            seen.add(name)
            calculation = numbers.variables[name].calculate
            if calculation is None:
                yield name
            else:
                waiting += sorted(Expression(calculation).names)

    def needed(self) -> Iterable[str]:
        """The names in the calculation of the answer."""
        return ()

    def mistaken(self) -> Iterable[str]:
        """The names in wrong calculations of the answer."""
        return ()

    def _alike(self) -> AuthorProblems:
        """Options that are the same for some set of numbers."""
        found = AuthorProblems()
        public = self.numbers.public_names.values() if self.numbers else ()
        for options in self.interaction().option_lists():
            for numbers in (
                self.interaction().variants if any(placeholders(option.text, public) for option in options) else ()
            ):
                texts = [with_numbers(option.text, numbers) for option in options if not option.word]
                twice = next((text for text in texts if texts.count(text) > 1), None)
                if twice is not None:
                    own = {public: name for name, public in self.numbers.public_names.items()} if self.numbers else {}
                    given = ", ".join(f"{own[name]}={number}" for name, number in numbers.items())
                    hint = "write other numbers, for which all options differ"
                    found.add((), f"two options read '{twice}' for {given}", hint)
                    return found
        return found

    def _asked_texts(self) -> list[str]:
        """What learners read before they answer, as its author wrote it."""
        shared = [self._shared.text] if self._shared else []
        return [*shared, self.prompt, *texts_in(self.shown(self))]

    def used_names(self) -> frozenset[str]:
        """The variables in its texts and its calculations, and in what those are calculated from."""
        if not self.numbers:
            return frozenset()
        shared = [self._shared.text] if self._shared else []
        texts = [*shared, *(text for _, text, shown in shown_texts(self) if shown.markdown)]
        return self.numbers.uses((*names_in(texts, self.numbers.variables), *self.needed(), *self.mistaken()))

    @cached_property
    def seen_names(self) -> tuple[str, ...]:
        """The variables that learners see before they answer."""
        return names_in(self._asked_texts(), self.numbers.variables) if self.numbers else ()

    @property
    def shown_names(self) -> tuple[str, ...]:
        """As :attr:`seen_names`; the first variable if they see none, since learners differ in something."""
        return self.seen_names or tuple(self.numbers.variables if self.numbers else ())[:1]

    def interaction_as(self, original: Self) -> Interaction[Any]:
        shown = self.shown(original)
        numbers = original.numbers
        if not numbers:
            return shown
        public = numbers.public_names
        variants = tuple({public[name]: texts[name] for name in original.shown_names} for texts in numbers.texts)
        shared = original._shared
        return replace(
            with_texts(shown, lambda text: with_names(text, public)),
            variants=variants,
            drawn_for=shared.stimulus if shared else "",
        )

    def number_sets(self) -> Sequence[Mapping[str, str]]:
        if not self.numbers:
            return ()
        public = self.numbers.public_names
        return [{**texts, **{public[name]: text for name, text in texts.items()}} for texts in self.numbers.texts]

    def _as_public(self, text: str) -> str:
        """A text with the names of numbers as learners get them."""
        return with_names(text, self.numbers.public_names) if self.numbers else text

    @abstractmethod
    def scored(self) -> Key[Any] | None:
        """How responses to the interaction score; None if only a person can score them."""

    @cached_property
    def _key(self) -> Key[Any] | None:
        return self.scored()

    def key(self) -> Key[Any] | None:
        """How responses score, computed once; None if only a person can score them."""
        return self._key

    def token_feedback(self) -> dict[str, str]:
        """Token of a response (see ``Key.tokens``) -> the author's feedback, as Markdown, for a learner who gave it."""
        return {}

    def feedback_as(self, original: Self) -> dict[str, str]:
        """As :meth:`token_feedback`, with the tokens of ``original``, which this question translates."""
        return dict(zip(original.token_feedback(), self.token_feedback().values(), strict=True))

    def full_prompt(self) -> str:
        return self._as_public(self.prompt)

    def full_hint(self) -> str:
        return self._as_public(self.hint or "")

    def full_explanation(self) -> str:
        """What the learner reads once the question is settled, as Markdown."""
        return self.explanation or ""


def derived_id(text: str) -> str:
    """A stable option id that depends only on the option's text.

    It is the text's letters and digits in lower case, joined by hyphens, with a hash of the text if that loses
    anything: ``1798`` -> ``1798``, ``C++`` -> ``c-6bc2``.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if slug and len(slug) <= 32 and re.fullmatch(r"[A-Za-z0-9]+([ -][A-Za-z0-9]+)*\.?", text):
        return slug
    stem = slug[:27].rstrip("-")
    return f"{stem}-{_digest(text)[:4]}" if stem else f"o-{_digest(text)[:8]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _option(value: Any) -> Any:
    """An option as a mapping, even if the author wrote only its text."""
    if isinstance(value, (str, WrittenInt, WrittenFloat)):
        return {"text": value}
    if not isinstance(value, dict):
        what = "is empty" if value is None else "must be text, or a mapping with 'text:'"
        raise author_error(what, "write '- text: ...'")
    return value


class AuthorEntry(Model):
    """A text with an id: one entry of a list that the student puts in order."""

    text: MarkdownText = Field(description="write what it says")
    id: Id = Field("", description="only needed if saved answers must survive changes to the text")

    @field_validator("text")
    @classmethod
    def _is_silent(cls, text: str) -> str:
        return silent(text)

    @model_validator(mode="before")
    @classmethod
    def _derive_id(cls, value: Any) -> Any:
        text = as_written(value.get("text")) if isinstance(value, dict) else None
        if isinstance(text, str) and "id" not in value:
            return {**value, "id": derived_id(text.strip())}
        return value


def silent(text: str) -> str:
    """``text``, which is shown where nothing else can be pressed.

    Raises:
        PydanticCustomError: there is a recording in it.
    """
    if has_recording(text):
        message = "a recording cannot be in an option or an entry, because it has buttons of its own"
        raise author_error(message, "put it into the prompt, and give it a letter")
    return text


def options_of(entries: Iterable[AuthorEntry], originals: Iterable[AuthorEntry]) -> tuple[Option, ...]:
    """``entries`` as options with the ids of ``originals``, which they translate one by one or are themselves."""
    originals = list(originals)
    return tuple(
        Option(name, entry.text, getattr(original, "word", None) or "", original.text)
        for name, entry, original in zip(
            distinct_ids(original.id for original in originals), entries, originals, strict=True
        )
    )


def distinct_ids(ids: Iterable[str]) -> Iterator[str]:
    """``ids``, of which one that is there already gets a number: of two equal lines, the second is ``return-2``."""
    seen: Counter[str] = Counter()
    for name in ids:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


class AuthorOption(AuthorEntry):
    """One option of a choice."""

    correct: StrictBool = Field(False, description="write 'correct: true' for a right option")
    feedback: MarkdownText | None = Field(None, description="feedback for students who chose this option")


class _OnlyText:
    """Annotation: the text alone is as good as a mapping with a text, also in the JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_option, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"type": ["string", "number"], "minLength": 1}]}


SHORT_FORM = _OnlyText()

Options = Annotated[tuple[Annotated[AuthorOption, SHORT_FORM], ...], Field(min_length=2, max_length=30)]


class OptionsPart(Model):
    """Options that an author lists, with feedback."""

    options: Options = Field(description="write at least two options, each as '- text: ...'")

    def token_feedback(self) -> dict[str, str]:
        """Option id -> the author's feedback, as Markdown, for a learner who chose it."""
        return {option.id: option.feedback for option in self.options if option.feedback}


def blocks_in_list(texts: Iterable[tuple[YamlPath, str]]) -> AuthorProblems:
    """A problem for each of the texts, which are offered in a drop-down list, that is more than a line."""
    found = AuthorProblems()
    for path, text in texts:
        if is_block(text):
            message = "a drop-down list cannot show a table, a list, code, or several paragraphs"
            found.add(path, message, "write it on one line, or put it into the prompt and give it a letter")
    return found


def duplicates(options: Iterable[AuthorEntry]) -> AuthorProblems:
    """A problem for each option that repeats the id or text of an earlier one."""
    found = AuthorProblems()
    ids: set[str] = set()
    texts: dict[str, str] = {}  # what an option looks like -> its text
    for position, option in enumerate(options):
        look = visible_form(option.text).strip()
        if look and look in texts:
            exact = texts[look] == option.text
            message = "the same text appears twice" if exact else "looks like an earlier option"
            found.add((position,), f"{message} ('{option.text}')", "delete or reword one")
        elif option.id in ids:
            hint = "give each of the two its own 'id:'"
            found.add((position,), f"duplicate option id '{option.id}'", hint)
        ids.add(option.id)
        texts.setdefault(look, option.text)
    return found
