"""The version of a quiz: a digest of everything its author wrote that a response depends on.

A response file names the version that was answered, and is graded only with a quiz of that version. So the digest
covers what a response means and nothing else:

* what a learner was asked: prompts, options, passages, units, numbers, scales, word counts, and the texts above a
  question, all as the author wrote them, with the content of the images in them;
* the ids that a response is made of, the name of the quiz, the points, and how many questions are picked from which,
  since that decides which questions a learner got.

It does not cover the key, feedback, explanations, hints, translations, the order of questions and options, other
settings, or anything that a program made from a text: neither another Markdown library nor other markup changes a
version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.markdown import pictures
from civicquiz.authoring.validation import all_texts
from civicquiz.model.interactions import Option
from civicquiz.model.settings import Section, StimulusBase

if TYPE_CHECKING:
    from civicquiz.model.quiz import Quiz

__all__ = ["digest", "question_versions"]


def digest(quiz: Quiz) -> str:
    """The version of ``quiz``: 16 hexadecimal digits.

    Files in the hands of learners contain it, so it must never change while the quiz does not;
    ``tests/model/versions.txt`` pins some.
    """
    return _hashed({"name": quiz.name, "picks": sorted(_picks(quiz)), "questions": _questions(quiz)}, quiz)


def question_versions(quiz: Quiz) -> dict[str, str]:
    """The version of each question of ``quiz``, by id: what the version of the quiz covers of it, as 16 digits."""
    return {name: _hashed(content, quiz) for name, content in _questions(quiz).items()}


def _hashed(content: dict[str, Any], quiz: Quiz) -> str:
    images = {name for _, text in all_texts(content) for name, _ in pictures(text)}
    content["images"] = {
        name: hashlib.sha256(uri.encode()).hexdigest() for name, uri in quiz.images.items() if name in images
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _picks(quiz: Quiz) -> Iterator[tuple[int, list[str]]]:
    """(how many, from which questions) for each pick."""
    ids = [question.id for question in quiz.questions]
    parts = [(section.pick, section.members(quiz.questions)) for section in quiz.sections] or [(quiz.pick, ids)]
    for count, members in parts:
        if count and count < len(members):
            yield count, sorted(members)


def _questions(quiz: Quiz) -> dict[str, Any]:
    """What each question asks, by id."""
    section_of = {name: section for section in quiz.sections for name in section.members(quiz.questions)}
    content: dict[str, Any] = {}
    for question in quiz.questions:
        interaction = question.interaction()
        above = [part for part in (section_of.get(question.id), quiz.stimuli.get(question.stimulus or "")) if part]
        content[question.id] = {
            "above": [[part.title or "", _text_of(part)] for part in above if part.title or part.text],
            "prompt": question.full_prompt(),
            "points": question.points,
            "interaction": interaction.name,
            **interaction.to_json(_Source()),
        }
    return content


def _text_of(part: Section | StimulusBase) -> str:
    return part.full_text() if isinstance(part, StimulusBase) else part.text or ""


class _Source:
    """Texts as their author wrote them. Options go by their ids, since their order means nothing to a response."""

    def options(self, options: tuple[Option, ...]) -> dict[str, str]:
        return {option.id: option.word or option.text for option in options}

    def passage(self, parts: Sequence[str | dict[str, str]]) -> list[str | dict[str, str]]:
        return list(parts)
