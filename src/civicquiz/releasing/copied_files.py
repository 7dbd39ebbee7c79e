"""The YAML files and images of a released copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from civicquiz.authoring.images import image_file
from civicquiz.grading.arrangement import seed_of_learner
from civicquiz.model.learner_copy import content_of_copy, content_of_translation, learner_copy
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

__all__ = ["copied_files"]

_COMMENT = "# A copy for learners, written by 'civicquiz release'. It contains no key.\n"


class _Dumper(yaml.SafeDumper):
    """YAML without anchors, which quizzes may not have."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def copied_files(quiz: Quiz, learner: str | None = None) -> dict[str, bytes]:
    """The files of the copy, by their paths in its folder: the quiz, its translations, and the images in them.

    With a ``learner``, it is the copy of the learner with this id, who gets the questions that go with the id.

    Raises:
        QuizError: ``quiz`` cannot be released as it is.
    """
    copy = learner_copy(quiz)
    images: dict[str, str] = dict(copy.images)
    for texts in copy.translations.values():
        images |= texts.quiz.images
    files = {name: image_file(uri) for name, uri in images.items()}
    content = content_of_copy(Translation.original(quiz))
    if learner is not None:
        content |= {"learner": learner, "seed": seed_of_learner(quiz.name, learner)}
    if files:
        content["image_files"] = {name: path for name, (path, _) in files.items()}
    translations = {
        f"{quiz.name}.{language}.yml": _yaml(content_of_translation(texts))
        for language, texts in quiz.translations.items()
    }
    return {f"{quiz.name}.yml": _yaml(content), **translations, **dict(files.values())}


def _yaml(content: Mapping[str, Any]) -> bytes:
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    return (_COMMENT + text).encode()
