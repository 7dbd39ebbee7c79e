"""The translations of questions from other files: the texts are in the translations of those files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from civicquiz.authoring.validation import describe
from civicquiz.authoring.yaml_source import YamlPath, YamlSource, read
from civicquiz.errors import Problem, QuizError
from civicquiz.model.banks import WholeQuiz
from civicquiz.model.file_names import SUFFIXES
from civicquiz.model.from_files import id_of, is_from, questions_of

__all__ = ["translation_of", "with_texts_of_banks"]


def translation_of(file: Path, language: str) -> Path:
    """The translation of a quiz file, whether it exists or not."""
    names = [file.with_name(f"{file.stem}.{language}{suffix}") for suffix in dict.fromkeys((file.suffix, *SUFFIXES))]
    return next((name for name in names if name.is_file()), names[0])


def with_texts_of_banks(source: YamlSource, whole: WholeQuiz, language: str) -> tuple[YamlSource, list[Problem]]:
    """A translation of a quiz with the texts of what the quiz takes from other files, and what is wrong with these.

    A question, stimulus or objective that the translation has itself stays as it is. Of the files that a question came
    through, the first that has a translation of it counts.
    """
    if not whole.entries or not isinstance(source.value, dict):
        return source, []
    given = source.value.get("questions", [])
    if not isinstance(given, list):
        return source, []
    merged = _Merged(source, language)
    for position, entry in enumerate(given):
        if is_from(entry):
            if entry not in whole.entries:
                path: YamlPath = ("questions", position)
                message = f"{describe(path, source)[0]}the original has no such entry"
                hint = "delete it: questions from other files need no entry here"
                merged.problems.append(source.problem(path, message, hint))
        else:
            merged.add(source, position)
    for position, files in whole.origins.items():
        question = whole.source.value["questions"][position]
        merged.add_question(id_of(question), files)
    for key in ("stimuli", "objectives"):
        for path in whole.borrowed(key):
            merged.add_named(path, whole.source.positions[path].file)
    if not merged.source.value["questions"] and "questions" not in source.value:
        del merged.source.value["questions"]
    return merged.source, merged.problems


class _Merged:
    """A translation that grows."""

    def __init__(self, source: YamlSource, language: str) -> None:
        self.language = language
        self.problems: list[Problem] = []
        self.source = source.without_entries("questions")
        self._read: dict[Path, YamlSource | None] = {}
        self._ids = set(map(id_of, questions_of(source)))

    def add(self, source: YamlSource, position: int) -> None:
        """Add a question of a file."""
        questions = self.source.value["questions"]
        self.source.adopt(source, ("questions", position), ("questions", len(questions)))
        questions.append(source.value["questions"][position])

    def add_question(self, name: str, files: Iterable[Path]) -> None:
        """Add the question called ``name`` from the translation of one of these files."""
        if name in self._ids:
            return
        for translation in self._translations(files):
            for position, entry in enumerate(questions_of(translation)):
                if id_of(entry) == name:
                    self.add(translation, position)
                    return

    def add_named(self, path: YamlPath, file: Path | None) -> None:
        """Add the stimulus or objective under ``path`` from the translation of the file that it is from."""
        key, name = path
        ours = self.source.value.get(key, {})
        if not isinstance(ours, dict) or name in ours or file is None:
            return
        for translation in self._translations([file]):
            theirs = translation.value.get(key)
            if isinstance(theirs, dict) and name in theirs:
                self.source.value[key] = {**ours, name: theirs[name]}
                self.source.adopt(translation, path, path)

    def _translations(self, files: Iterable[Path]) -> Iterator[YamlSource]:
        """The translations of these files that exist and can be read."""
        for file in files:
            translation = translation_of(file, self.language)
            if translation not in self._read:
                self._read[translation] = None
                if translation.is_file():
                    try:
                        source = read(translation)
                    except QuizError as error:
                        self.problems += error.problems
                    else:
                        self._read[translation] = source if isinstance(source.value, dict) else None
            found = self._read[translation]
            if found is not None:
                yield found
