"""The settings of a whole quiz: feedback, attempts, sections, time, certainty, shared texts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Id, MarkdownText, Model, Number, Words
from civicquiz.authoring.wording import did_you_mean
from civicquiz.model.questions import QuestionBase
from civicquiz.model.questions.number_sets import with_names
from civicquiz.model.questions.numbered import Numbered, names_in
from civicquiz.model.questions.question_base import Code, KeyedQuestion, SharedNumbers

__all__ = [
    "Section",
    "Settings",
    "Stimulus",
    "StimulusBase",
    "settings_problems",
    "share_numbers",
    "with_introductions",
]


class StimulusBase(Model):
    """What learners see of a text, table or image that several questions refer to."""

    title: Words | None = Field(None, description="what it is, in a few words")
    text: MarkdownText = Field(description="write the text or table, or an image as ![what it shows](file.png)")

    def full_text(self) -> str:
        """The text, as Markdown, with the names of numbers as learners get them."""
        return self.text

    def shown_variants(self) -> Sequence[Mapping[str, str]]:
        """The numbers in its text, for every set that a learner can have; empty if there are none."""
        return ()


class Stimulus(StimulusBase, Numbered):
    """A text, table or image that several questions refer to, and numbers that all of them can have."""

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        found = self.variable_problems()
        if self.own_numbers and not found:
            found.extend(self.unknown_names(self.own_numbers))
        found.raise_if_any()
        return self

    def full_text(self) -> str:
        return with_names(self.text, self.own_numbers.public_names) if self.own_numbers else self.text

    def shown_variants(self) -> Sequence[Mapping[str, str]]:
        if not self.own_numbers:
            return ()
        public, names = self.own_numbers.public_names, names_in([self.text], self.variables)
        return [{public[name]: texts[name] for name in names} for texts in self.own_numbers.texts] if names else ()


class Section(Model):
    """A part of a quiz: questions named one by one or by a tag, either all of them or some picked for each student."""

    title: Words | None = Field(None, description="a heading above the questions")
    text: MarkdownText | None = Field(None, description="what students read before the questions")
    questions: tuple[Id, ...] = Field((), description="the ids of its questions, in their order")
    tag: Id | None = Field(None, description="instead of 'questions': all questions with this tag")
    pick: StrictInt | None = Field(None, ge=1, description="how many of them each student gets")

    def members(self, questions: Iterable[QuestionBase]) -> list[str]:
        """The ids of the questions in it, in order."""
        return list(self.questions) or [question.id for question in questions if self.tag in question.tags]


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


class Settings(Model):
    """The keys of a quiz besides its texts and questions."""

    feedback: Literal["immediate", "at-end", "none"] = Field(
        "immediate", description="when students get feedback: immediate, at-end, or none (their answers are only saved)"
    )
    attempts: StrictInt | None = Field(
        None,
        ge=1,
        le=100,
        description="how many times a question may be checked; no limit if left out",
    )
    attempt_penalty: Number = Field(
        0, ge=0, le=1, description="the share of the points that every attempt after the first costs, such as 0.25"
    )
    hint_penalty: Number = Field(
        0, ge=0, le=1, description="the share of the points that opening the hint costs, such as 0.1"
    )
    shuffle: Annotated[tuple[Literal["questions", "options"], ...], AfterValidator(_once)] = Field(
        (), description="a list of what to shuffle for each student: questions, options"
    )
    pick: StrictInt | None = Field(None, ge=1, description="how many questions each student gets")
    sections: tuple[Section, ...] = Field((), description="parts, each with 'questions:' or 'tag:'")
    time_limit: Number | None = Field(
        None, gt=0, le=1440, description="minutes; students get a warning and can ask for more; no answer is lost"
    )
    certainty: Literal["off", "reflect", "marks"] = Field(
        "off", description="whether students say how sure they are: off, reflect, or marks (certainty-based marking)"
    )
    layout: Literal["all", "one"] = Field(
        "all", description="how many questions are in view: all of them, or one at a time, with a list to go through"
    )
    objectives: dict[Code, Words] = Field(
        {}, description="what the codes of objectives mean, like 'D2.Civ.4.9-12: Explain how ...'"
    )
    stimuli: dict[Id, Stimulus] = Field({}, description="shared texts by name, each with 'text:'")


def with_introductions(
    settings: Settings,
    questions: Sequence[QuestionBase],
    *,
    sections: bool = True,
    arranged: Iterable[tuple[Section, list[str]]] | None = None,
) -> Iterator[tuple[list[Section | StimulusBase], QuestionBase]]:
    """The questions in the order in which they are shown, each with what learners read before it.

    That is the section that starts with the question, if it has a title or a text, and its shared text, unless the
    question before it in the same section refers to that text too. ``static/settings.js`` has the same rule.

    Args:
        settings: the settings of the quiz.
        questions: all questions of the quiz; without sections, any of them.
        sections: whether to use sections. Without them, the questions stay in the order given.
        arranged: the sections with the questions that one learner gets; all questions of all sections if left out.
    """
    known = {question.id: question for question in questions}
    parts: list[tuple[list[Section | StimulusBase], list[str]]] = [([], list(known))]
    if arranged is None and sections and settings.sections:
        arranged = [(section, section.members(questions)) for section in settings.sections]
    if arranged is not None:
        parts = [([section] if section.title or section.text else [], names) for section, names in arranged]
    for introductions, names in parts:
        before = None
        for name in names:
            stimulus = known[name].stimulus
            if stimulus and stimulus != before:
                introductions.append(settings.stimuli[stimulus])
            yield introductions, known[name]
            before, introductions = stimulus, []


def settings_problems(settings: Settings, questions: tuple[QuestionBase, ...]) -> AuthorProblems:
    """Contradictions between the settings of a quiz and its questions."""
    found = AuthorProblems()
    if settings.feedback == "none":
        for key in ("attempts", "attempt_penalty"):
            if getattr(settings, key):
                found.add(key, "has no effect with 'feedback: none'", "delete one of the two")
    if settings.sections and settings.pick:
        found.add("pick", "has no effect together with 'sections'", "write 'pick:' in a section")
    if settings.pick and settings.pick > len(questions):
        message = f"is more than the number of questions in the quiz ({len(questions)})"
        found.add("pick", message, "write a smaller number, or more questions")
    found.extend(_section_problems(settings.sections, questions))
    found.extend(_poll_problems(settings, questions))
    used = set()
    for position, question in enumerate(questions):
        used.add(question.stimulus)
        if question.stimulus and question.stimulus not in settings.stimuli:
            hint = did_you_mean(question.stimulus, settings.stimuli, f"write '{question.stimulus}:' under 'stimuli:'")
            found.add(("questions", position, "stimulus"), f"there is no stimulus '{question.stimulus}'", hint)
    for name in settings.stimuli:
        if name not in used:
            found.add(("stimuli", name), f"no question has 'stimulus: {name}'", "use it or delete it")
    known = {code for question in questions for code in question.objectives}
    for code in settings.objectives:
        if code not in known:
            found.add(("objectives", code), f"no question has the objective '{code}'", "use it or delete it")
    return found


def share_numbers(
    settings: Settings, questions: tuple[QuestionBase, ...], borrowed: Container[str] = ()
) -> AuthorProblems:
    """Let questions have the numbers of their stimuli; what is wrong with them then, and with numbers nobody uses.

    The stimuli ``borrowed`` are from another file, where other questions may use their numbers.
    """
    found = AuthorProblems()
    used: dict[str, set[str]] = {}
    for position, question in enumerate(questions):
        stimulus = settings.stimuli.get(question.stimulus or "")
        if not isinstance(question, KeyedQuestion) or not isinstance(stimulus, Stimulus):
            continue
        numbers = stimulus.own_numbers
        if numbers:
            shared = SharedNumbers(question.stimulus or "", stimulus.text, numbers)
            found.extend(question.share_numbers(shared).below(("questions", position)))
            used.setdefault(shared.stimulus, set()).update(question.used_names())
        elif not question.variables:
            found.extend(question.number_problems().below(("questions", position)))
    for name, names in used.items():
        variables = settings.stimuli[name].variables
        for variable in variables if not found and name not in borrowed else ():
            if variable not in names:
                hint = f"write {{{variable}}} in the text or in a question, or delete the variable"
                where = ("stimuli", name, "variables", variable)
                found.add(where, f"'{variable}' is used neither in a text nor in an answer", hint)
    return found


def _poll_problems(settings: Settings, questions: tuple[QuestionBase, ...]) -> AuthorProblems:
    """Polls among questions of which each student gets only some: not all would be graded on the same points."""
    found = AuthorProblems()
    whole = Section(questions=tuple(question.id for question in questions), pick=settings.pick)
    parts = [(section.pick, section.members(questions)) for section in (whole, *settings.sections)]
    drawn = {name for pick, members in parts if pick and pick < len(members) for name in members}
    for position, question in enumerate(questions):
        if not question.points and question.id in drawn:
            message = "a poll cannot be among questions that only some students get"
            hint = (
                "put it into a section without 'pick'; otherwise students would be graded on fewer points than others"
            )
            found.add(("questions", position), message, hint)
    return found


def _section_problems(sections: tuple[Section, ...], questions: tuple[QuestionBase, ...]) -> AuthorProblems:
    found = AuthorProblems()
    known = [question.id for question in questions]
    tags = {tag for question in questions for tag in question.tags}
    placed: dict[str, int] = {}
    for position, section in enumerate(sections):
        path = ("sections", position)
        if bool(section.questions) == bool(section.tag):
            what = "both 'questions' and 'tag'" if section.tag else "neither 'questions' nor 'tag'"
            found.add(path, f"has {what}", "write one of the two")
            continue
        if section.tag and section.tag not in tags:
            hint = did_you_mean(section.tag, tags, f"write 'tags: [{section.tag}]' in a question")
            found.add((*path, "tag"), f"no question has the tag '{section.tag}'", hint)
        members = section.members(questions)
        for number, name in enumerate(members):
            where = (*path, "questions", number) if section.questions else (*path, "tag")
            if name not in known:
                hint = did_you_mean(name, known, f"the questions are: {', '.join(known)}")
                found.add(where, f"there is no question '{name}'", hint)
            elif name in placed:
                message = f"question '{name}' is also in section {placed[name] + 1}"
                if placed[name] == position:
                    message = f"question '{name}' appears twice in the section"
                found.add(where, message, "delete one of the two")
            placed.setdefault(name, position)
        if section.pick and members and section.pick > len(members):
            message = f"is more than the number of questions in the section ({len(members)})"
            found.add((*path, "pick"), message, "write a smaller number")
    if sections:
        for position, name in enumerate(known):
            if name not in placed:
                hint = "list it in a section, or give it the tag of one"
                found.add(("questions", position), "is not in any section", hint)
    return found
