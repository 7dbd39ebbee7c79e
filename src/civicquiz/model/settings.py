"""The settings of a whole quiz: feedback, attempts, sections, time, certainty, shared texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt

from civicquiz.authoring.author_problems import AuthorProblems
from civicquiz.authoring.validation import Id, MarkdownText, Model, Number, Words
from civicquiz.authoring.wording import did_you_mean
from civicquiz.model.questions import QuestionBase
from civicquiz.model.questions.question_base import Code

__all__ = ["Section", "Settings", "Stimulus", "settings_problems", "with_introductions"]


class Stimulus(Model):
    """A text, table or image that several questions refer to."""

    title: Words | None = Field(None, description="what it is, in a few words")
    text: MarkdownText = Field(description="write the text or table, or an image as ![what it shows](file.png)")


class Section(Model):
    """A part of a quiz: questions named one by one or by a tag, either all of them or some picked for each learner."""

    title: Words | None = Field(None, description="a heading above the questions")
    text: MarkdownText | None = Field(None, description="what learners read before the questions")
    questions: tuple[Id, ...] = Field((), description="the ids of its questions, in their order")
    tag: Id | None = Field(None, description="instead of 'questions': all questions with this tag")
    pick: StrictInt | None = Field(None, ge=1, description="how many of them each learner gets")

    def members(self, questions: Iterable[QuestionBase]) -> list[str]:
        """The ids of the questions in it, in order."""
        return list(self.questions) or [question.id for question in questions if self.tag in question.tags]


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


class Settings(Model):
    """The keys of a quiz besides its texts and questions."""

    feedback: Literal["immediate", "at-end", "none"] = Field(
        "immediate", description="when learners get feedback: immediate, at-end, or none (their answers are only saved)"
    )
    attempts: StrictInt | None = Field(
        None,
        ge=1,
        le=100,
        description="how often a question may be checked; no limit if left out",
    )
    attempt_penalty: Number = Field(
        0, ge=0, le=1, description="the share of the points that every attempt after the first costs, such as 0.25"
    )
    hint_penalty: Number = Field(
        0, ge=0, le=1, description="the share of the points that opening the hint costs, such as 0.1"
    )
    shuffle: Annotated[tuple[Literal["questions", "options"], ...], AfterValidator(_once)] = Field(
        (), description="a list of what to put in a different order for each learner: questions, options"
    )
    pick: StrictInt | None = Field(None, ge=1, description="how many questions each learner gets")
    sections: tuple[Section, ...] = Field((), description="parts, each with 'questions:' or 'tag:'")
    time_limit: Number | None = Field(
        None, gt=0, le=1440, description="minutes; learners get a warning and can ask for more; no answer is lost"
    )
    certainty: Literal["off", "reflect", "marks"] = Field(
        "off", description="whether learners say how sure they are: off, reflect, or marks (certainty-based marking)"
    )
    objectives: dict[Code, Words] = Field(
        {}, description="what the codes of objectives stand for, like 'D2.Civ.4.9-12: Explain how ...'"
    )
    stimuli: dict[Id, Stimulus] = Field({}, description="shared texts by name, each with 'text:'")


def with_introductions(
    settings: Settings, questions: Sequence[QuestionBase], *, sections: bool = True
) -> Iterator[tuple[list[Section | Stimulus], QuestionBase]]:
    """The questions in the order in which they are shown, each with what learners read before it.

    That is the section that starts with the question, and its shared text, unless the question before it in the same
    section refers to that text too. ``static/settings.js`` has the same rule.

    Args:
        settings: the settings of the quiz.
        questions: all questions of the quiz; without sections, any of them.
        sections: whether to use sections. Without them, the questions stay in the order given.
    """
    known = {question.id: question for question in questions}
    parts: list[tuple[list[Section | Stimulus], list[str]]] = [([], list(known))]
    if sections and settings.sections:
        parts = [([section], section.members(questions)) for section in settings.sections]
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
