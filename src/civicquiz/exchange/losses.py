"""What a question, and a quiz, consists of, so that a report can say of each part how it came over."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from civicquiz.authoring.images import used_images
from civicquiz.authoring.wording import number_text
from civicquiz.exchange.exported import Loss, Losses
from civicquiz.model.interactions import InlineGaps, NumberField, Ordering, Scale, TextEntry
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import Section

__all__ = [
    "cited",
    "note_equal_lines",
    "note_own_numbers",
    "note_repeated_text",
    "note_void",
    "parts_of",
    "section_name",
    "settings_losses",
    "tags_of",
]


def parts_of(question: KeyedQuestion, quiz: Quiz) -> tuple[str, ...]:
    """The parts of a question, by the names that a report has for them."""
    return tuple(dict.fromkeys(_parts(question, quiz)))


def _parts(question: KeyedQuestion, quiz: Quiz) -> Iterator[str]:
    yield "text"
    yield "score"
    interaction = question.interaction()
    fields = interaction.gaps.values() if isinstance(interaction, InlineGaps) else (interaction,)
    if any(isinstance(field, (NumberField, Scale, TextEntry)) for field in fields):
        yield "typing"
    if interaction.option_lists():
        yield "options"
    if question.points:
        yield "points"
    there = {
        "feedback": question.token_feedback(),
        "hint": question.hint,
        "explanation": question.full_explanation(),
        "sources": cited(question, quiz),
        "shared text": question.stimulus,
        "numbers": len(interaction.variants) > 1,
        "pictures": quiz.images and _pictures(question, quiz),
        "tags": tags_of(question),
    }
    yield from (name for name, value in there.items() if value)
    if isinstance(question, OpenResponse):
        if question.min_words or question.max_words:
            yield "length"
        if question.rubric or question.holistic_rubric:
            yield "rubric"


def _pictures(question: KeyedQuestion, quiz: Quiz) -> list[str]:
    """The images in the texts of a question, and in the one that it shares with others."""
    shared = [quiz.stimuli[question.stimulus]] if question.stimulus else []
    return [name for part in (question, *shared) for name in used_images(part)]


def cited(question: KeyedQuestion, quiz: Quiz) -> list[str]:
    """The claims of the course that a question cites."""
    return [name for name in question.cites if name in quiz.seeds.claims]


def tags_of(question: KeyedQuestion) -> list[str]:
    """The tags of a question, its objectives, its difficulty and its level."""
    words = [*question.tags, *question.objectives, question.difficulty, question.level]
    return list(dict.fromkeys(word for word in words if word))


def note_equal_lines(shown: Ordering, losses: Losses) -> None:
    """Note that lines of an order with the same text count as different lines in another program."""
    if len({option.original or option.text for option in shown.options}) < len(shown.options):
        losses.approximate("score", "Equal lines are not interchangeable there.")


def note_own_numbers(question: KeyedQuestion, losses: Losses) -> None:
    """Note that questions about a text that they share can have different numbers in another program."""
    interaction = question.interaction()
    if interaction.drawn_for and len(interaction.variants) > 1:
        losses.approximate("numbers", "Each question has numbers of its own, also where several share a text.")


def note_repeated_text(question: KeyedQuestion, losses: Losses) -> None:
    """Note that a text that questions share is repeated in each of them."""
    if question.stimulus:
        losses.approximate("shared text", "It is repeated in each of its questions.")


def note_void(question: KeyedQuestion, losses: Losses) -> None:
    """Note that a void question scores by its key in a program that knows no void questions."""
    if question.void:
        losses.lost("score", "The question is void here: everyone gets full points. There, its key counts.")


def settings_losses(
    quiz: Quiz,
    placed: Collection[str] = (),
    reason: str = "The file has only questions. Set it there yourself",
) -> list[Loss]:
    """A loss for each setting of a quiz that is not the default, for a format of questions, which has no place for
    them; not for those that are ``placed``. ``reason`` says why they are lost.
    """
    found = Losses()
    for part, what in _settings(quiz):
        if part not in placed:
            found.lost(part, f"{reason}: {what}.")
    if quiz.certainty != "off":
        found.lost("certainty", "Students are not asked how sure they are.")
    return found


def _settings(quiz: Quiz) -> Iterator[tuple[str, str]]:
    if quiz.feedback != "immediate":
        when = {"at-end": "once the quiz is finished", "none": "never"}[quiz.feedback]
        yield "feedback", f"feedback {when}"
    if quiz.attempts:
        yield "attempts", f"at most {quiz.attempts} attempts at each question"
    if quiz.attempt_penalty:
        yield "attempt penalty", f"every further attempt costs {_percent(quiz.attempt_penalty)} of the points"
    if quiz.hint_penalty:
        yield "hint penalty", f"opening the hint costs {_percent(quiz.hint_penalty)} of the points"
    if quiz.shuffle:
        yield "shuffle", f"shuffle the {' and the '.join(quiz.shuffle)}"
    if quiz.time_limit:
        yield "time limit", f"{number_text(quiz.time_limit)} minutes"
    if quiz.layout == "one":
        yield "layout", "one question at a time"
    if quiz.pick:
        yield "pick", f"{quiz.pick} questions for each student, picked from all of them"
    for number, section in enumerate(quiz.sections, start=1):
        called = section_name(section, number)
        members = ", ".join(section.members(quiz.questions))
        picked = f"{section.pick} questions, picked from: " if section.pick else "the questions "
        yield "sections", f"{called} with {picked}{members}"
        if section.text:
            yield "sections", f"the text above {called}"


def section_name(section: Section, number: int) -> str:
    """What a report calls a section; ``number`` is counted from 1."""
    return f"'{section.title}'" if section.title else f"section {number}"


def _percent(share: float) -> str:
    return f"{number_text(share * 100, 2)}%"
