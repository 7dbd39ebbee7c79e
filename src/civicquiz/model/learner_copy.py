"""Quiz -> its copy for learners, without the key in any form.

``docs/releasing.md`` lists what a copy contains. Anything not listed stays out: the copy is built from what a browser
may know about a quiz, not by deleting from what its author wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civicquiz.authoring.images import used_images
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.model.quiz import Quiz, ReleasedQuiz
from civicquiz.model.released import same_ids, type_of
from civicquiz.model.translations import Translation

__all__ = ["accepted_versions", "content_of_copy", "learner_copy", "shown_on_page"]

#: The settings that a copy takes over from the quiz, with their defaults; attempts mean nothing without checking.
_SETTINGS: dict[str, Any] = {
    "hint_penalty": 0,
    "shuffle": (),
    "pick": None,
    "time_limit": None,
    "certainty": "off",
    "layout": "all",
}


def learner_copy(quiz: Quiz) -> ReleasedQuiz:
    """The copy of ``quiz`` with its translations, not written to any file.

    Raises:
        QuizError: ``quiz`` cannot be released as it is.
    """
    problems = list(_problems(quiz))
    if problems:
        raise QuizError(problems)
    copy = _in_one_language(Translation.original(quiz))
    translations = {
        language: Translation(_in_one_language(texts), copy, texts.untranslated)
        for language, texts in quiz.translations.items()
    }
    return copy.placed(translations=translations)


def shown_on_page(quiz: Quiz) -> Quiz:
    """The quiz as its page shows it. Where students get no feedback, that is a copy without a key: an id that an author
    chose, such as ``right``, or the order of what has to be sorted would give answers away.

    Raises:
        QuizError: there can be no copy of ``quiz`` as it is.
    """
    return learner_copy(quiz) if quiz.feedback == "none" and not isinstance(quiz, ReleasedQuiz) else quiz


def _in_one_language(texts: Translation) -> ReleasedQuiz:
    copy = ReleasedQuiz.model_validate(content_of_copy(texts))
    images = {name: texts.quiz.images[name] for name in used_images(copy)}
    return copy.placed(path=texts.source.path, images=images)


def accepted_versions(quiz: Quiz) -> frozenset[str]:
    """The versions that a response file may name to be graded with ``quiz``: its own, and that of its copy if it can be
    released. The two are the same unless an author chose ids, which a copy does not have."""
    try:
        return frozenset((quiz.version, learner_copy(quiz).version))
    except QuizError:
        return frozenset((quiz.version,))


def _problems(quiz: Quiz) -> Iterator[Problem]:
    path = display_path(quiz.path)
    if isinstance(quiz, ReleasedQuiz):
        yield Problem(path, 1, 1, "this is already a released copy", "release the quiz that it was made from")
        return
    for question in quiz.questions:
        alike = same_ids(question.interaction())
        if alike:
            message = f"question '{question.id}': a copy could not distinguish '{alike[0]}' from '{alike[1]}'"
            yield Problem(
                path, 1, 1, message, "ids in a copy come from the texts alone: reword one of them, or delete its 'id:'"
            )


def content_of_copy(texts: Translation) -> dict[str, Any]:
    """The content of a copy in one language, as plain values."""
    quiz = texts.quiz
    content: dict[str, Any] = {
        "released": True,
        "title": quiz.title,
        "language": quiz.language,
        "feedback": "none",
        **{name: _plain(value) for name, unset in _SETTINGS.items() if (value := getattr(quiz, name)) != unset},
    }
    # By their ids, since a copy has no tags: a tag may give an answer away.
    sections = [
        {
            **{name: value for name in ("title", "text", "pick") if (value := getattr(section, name))},
            "questions": section.members(quiz.questions),
        }
        for section in quiz.sections
    ]
    stimuli = {
        name: {
            **({"title": stimulus.title} if stimulus.title else {}),
            "text": stimulus.full_text(),
            **({"variants": variants} if (variants := list(map(dict, stimulus.shown_variants()))) else {}),
        }
        for name, stimulus in quiz.stimuli.items()
    }
    around = {"sections": sections, "objectives": dict(quiz.objectives), "stimuli": stimuli}
    content |= {name: value for name, value in around.items() if value}
    content["questions"] = [_question(texts, name) for name in texts.questions]
    return content


def content_of_translation(texts: Translation) -> dict[str, Any]:
    """The content of a copy's translation: without what is in the language of the original, so that a learner gets that
    from the original."""
    content = content_of_copy(texts)
    content["questions"] = [
        question for question in content["questions"] if question["id"] not in texts.untranslated_questions
    ]
    for path in texts.untranslated:
        key = path[0]
        if key == "title":
            del content[key]
        elif key == "sections":
            for name in ("title", "text"):
                content[key][path[1]].pop(name, None)
        elif key != "questions":
            del content[str(key)][path[1]]
    return content


def _question(texts: Translation, question_id: str) -> dict[str, Any]:
    question, interaction = texts.question(question_id), texts.interaction(question_id)
    shown: Mapping[str, Any] = {
        "prompt": question.full_prompt(),
        "hint": question.full_hint(),
        "points": _plain(question.points),
        "objectives": list(question.objectives),
        "stimulus": question.stimulus,
        "variants": list(map(dict, interaction.variants)),
        "drawn_for": interaction.drawn_for,
    }
    public = {name: value for name, value in shown.items() if value or name == "points"}
    return {"id": question.id, "type": interaction.name, **public, **type_of(interaction).content_of(interaction)}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return list(value) if isinstance(value, tuple) else value
