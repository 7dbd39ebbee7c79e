"""A quiz, and how it is loaded from its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, model_validator

from civicquiz.authoring.images import IMAGE_FILE, images_of
from civicquiz.authoring.validation import Id, Line, Words, as_written, problems_of
from civicquiz.authoring.yaml_source import YamlPath, YamlSource
from civicquiz.errors import NoKeyError, Problem, QuizError
from civicquiz.model.banks import whole_quiz
from civicquiz.model.claims import Seeds, citation_problem, load_seeds
from civicquiz.model.file_names import LANGUAGE
from civicquiz.model.interactions import Interaction
from civicquiz.model.questions import KeyedQuestion, Question, QuestionBase
from civicquiz.model.released import ReleasedQuestion, ReleasedStimulus
from civicquiz.model.settings import Settings, settings_problems, share_numbers
from civicquiz.model.translations import Translation, read_translations
from civicquiz.model.version import digest

__all__ = ["Quiz", "ReleasedQuiz", "load"]


class Quiz(Settings):
    """A quiz as its author wrote it. Get one with :func:`~civicquiz.load`.

    The keys of its file are attributes: ``title``, ``language``, ``questions`` and the settings.
    """

    title: Words = Field(description="write what the quiz is about")
    lesson: Id | None = Field(
        None, description="write the name of a file in lessons/ without '.md'; not needed if both have the same name"
    )
    language: str = Field(
        "en",
        strict=True,
        pattern=LANGUAGE,
        description="write a language tag such as 'en' or 'es'",
    )
    questions: tuple[Question, ...] = Field(
        min_length=1, description="write at least one question, each starting with '- id: ...'"
    )

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Quiz:
        found = settings_problems(self, self.questions)
        borrowed = (info.context or {}).get("borrowed_stimuli", ())
        found.extend(share_numbers(self, self.questions, borrowed))
        found.raise_if_any()
        return self

    _path: Path = PrivateAttr(default=Path("quiz.yml"))
    _seeds: Seeds = PrivateAttr(default_factory=Seeds)
    _images: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _translations: Mapping[str, Translation] = PrivateAttr(default_factory=dict)
    _translation_problems: tuple[Problem, ...] = PrivateAttr(())

    def placed(
        self,
        *,
        path: Path | None = None,
        seeds: Seeds | None = None,
        images: Mapping[str, str] | None = None,
        translations: Mapping[str, Translation] | None = None,
        translation_problems: tuple[Problem, ...] | None = None,
    ) -> Self:
        """A copy of this quiz with things that are around its file and not in it; any that is None stays as it is."""
        copy = self.model_copy()
        copy._path = self._path if path is None else path
        copy._seeds = self._seeds if seeds is None else seeds
        copy._images = self._images if images is None else images
        copy._translations = self._translations if translations is None else translations
        if translation_problems is not None:
            copy._translation_problems = translation_problems
        return copy

    @property
    def path(self) -> Path:
        """The file that the quiz was loaded from."""
        return self._path

    @property
    def name(self) -> str:
        """The stem of its file, by which response files and pages identify the quiz."""
        return self._path.stem

    @cached_property
    def version(self) -> str:
        """The version of the quiz: 16 hexadecimal digits, which response files have as ``content_hash``.

        It changes with anything that a response depends on, such as an option, but not with a hint or an explanation.
        """
        return digest(self)

    @property
    def seeds(self) -> Seeds:
        """The claims and sources of the course around it; empty outside a course."""
        return self._seeds

    @property
    def images(self) -> Mapping[str, str]:
        """The images in its texts: name -> data URI. Rendering a text takes this mapping."""
        return self._images

    @cached_property
    def keyed_questions(self) -> Mapping[str, KeyedQuestion]:
        """The questions with their keys, by id.

        Raises:
            NoKeyError: this is a released copy, which has no keys.
        """
        keyed = {question.id: question for question in self.questions if isinstance(question, KeyedQuestion)}
        if len(keyed) < len(self.questions):
            raise NoKeyError(self.name)
        return keyed

    @property
    def translations(self) -> Mapping[str, Translation]:
        """The translations next to its file, by language tag."""
        return self._translations

    @property
    def translation_problems(self) -> tuple[Problem, ...]:
        """What is wrong with its translations. ``civicquiz check`` reports it; nothing else has to stop for it."""
        return self._translation_problems

    def interaction_in(self, language: str, question: QuestionBase) -> Interaction[Any]:
        """The interaction of one of the questions, with its texts and units in ``language``; in the language of the
        quiz if there is no such translation."""
        translation = self._translations.get(language)
        return translation.interaction(question.id) if translation else question.interaction()

    def select(self, ids: Sequence[str] | None) -> tuple[QuestionBase, ...]:
        """Questions by their ids.

        Args:
            ids: ids of questions; None for all of them.

        Returns:
            The questions, in the order of ``ids``.

        Raises:
            KeyError: there is no such question; the message lists those that exist.
        """
        if ids is None:
            return self.questions
        known = {question.id: question for question in self.questions}
        for question_id in ids:
            if question_id not in known:
                raise KeyError(f"quiz '{self.name}' has no question '{question_id}' (it has: {', '.join(known)})")
        return tuple(known[question_id] for question_id in ids)


class ReleasedQuiz(Quiz):
    """A copy of a quiz for learners, as ``civicquiz release`` writes it: it can be answered but has no key."""

    released: Literal[True]
    #: name of an image in a text -> its file
    image_files: dict[str, Annotated[str, Field(pattern=IMAGE_FILE)]] = Field({})
    #: the learner whom the copy is for, and the seed of that learner; None in a copy for everyone
    learner: Line | None = Field(None, max_length=200)
    seed: int | None = Field(None, ge=0, lt=2**32)
    feedback: Literal["none"] = "none"
    stimuli: dict[Id, ReleasedStimulus] = Field({})  # type: ignore[assignment]
    questions: tuple[ReleasedQuestion, ...] = Field(min_length=1)


def load(path: str | Path) -> Quiz:
    """Read a quiz and check it.

    If there is a folder ``seeds/`` next to the folder of the quiz, the quiz is part of a course: every question has
    to cite claims, and they are looked up there. Files such as ``law.es.yml`` next to ``law.yml`` are its translations.
    What it takes from other files is read from them.

    Args:
        path: the YAML file of the quiz.

    Returns:
        The quiz; if the file is a copy that ``civicquiz release`` wrote, a quiz without a key.

    Raises:
        QuizError: lists every problem of the file and of what it takes from others, and if there is one, also those
            of the translations. A problem of a translation alone stops nothing: what cannot be used of it is in the
            language of the original (see ``Quiz.translation_problems``).
    """
    whole = whole_quiz(path)
    source = whole.source
    released = isinstance(source.value, dict) and source.value.get("released") is True
    model = ReleasedQuiz if released else Quiz
    folder = Path(path).absolute().parent.parent / "seeds"
    problems = list(whole.problems)
    seeds: Seeds | None = None
    if folder.is_dir() and not released:  # a copy cites no claims, since they may give the answer away
        try:
            seeds = load_seeds(folder)
        except QuizError as error:
            problems += error.problems
    quiz = None
    try:
        quiz = model.model_validate(source.value, context={"borrowed_stimuli": whole.borrowed_stimuli})
    except ValidationError as error:
        problems += problems_of(error, model, source)
    ambiguous = list(_across_questions(source))
    problems += ambiguous
    if seeds is not None:
        problems += _citations(source, seeds)
    images, unusable = images_of(source, quiz, whole.folder_of)
    problems += unusable
    if quiz is not None:
        quiz = quiz.placed(path=Path(path).absolute(), seeds=seeds, images=images)
    translations, found = read_translations(Path(path), None if ambiguous or whole.problems else quiz, whole)
    if problems or quiz is None:
        raise QuizError([*problems, *found])
    return quiz.placed(translations=translations, translation_problems=tuple(found))


def _raw_questions(source: YamlSource) -> Iterator[tuple[YamlPath, dict[str, Any], str]]:
    """(path, mapping, how to refer to it) for everything that should be a question, valid or not."""
    questions = source.value.get("questions") if isinstance(source.value, dict) else None
    for position, question in enumerate(questions if isinstance(questions, list) else ()):
        path: YamlPath = ("questions", position)
        if isinstance(question, dict) and path not in source.reported:
            question_id = as_written(question.get("id"))
            called = (
                f"'{question_id}'" if isinstance(question_id, str) else str(source.numbers.get(position, position) + 1)
            )
            question_type = question.get("type")
            suffix = f" ({question_type})" if question_type else ""
            yield path, question, f"question {called}{suffix}"


def _across_questions(source: YamlSource) -> Iterator[Problem]:
    """Ids that two questions share, found even if a question has other problems."""
    first: dict[str, YamlPath] = {}
    for path, question, called in _raw_questions(source):
        question_id = as_written(question.get("id"))
        if not isinstance(question_id, str):
            continue
        question_id = question_id.strip()
        if question_id in first:
            here, there = source.positions[(*path, "id")], source.positions[first[question_id]]
            where = f"on line {there.line}" if here.file == there.file else f"at {source.line_of(first[question_id])}"
            message = f"{called}: duplicate question id '{question_id}' (first {where})"
            yield source.problem((*path, "id"), message, "give one of the two another id")
        first.setdefault(question_id, (*path, "id"))


def _citations(source: YamlSource, seeds: Seeds) -> Iterator[Problem]:
    """Citations that are missing in a course, or that do not name a verified claim."""
    for path, question, called in _raw_questions(source):
        cites = question.get("cites")
        if not cites and question.get("type") == "poll":
            continue  # it claims nothing
        if not cites:
            message = f"{called}: 'cites' is missing"
            yield source.problem(path, message, "every question of a course cites its claims, like 'cites: [h04]'")
        elif isinstance(cites, list):
            for position, cited in enumerate(cites):
                claim_id = as_written(cited)
                problem = citation_problem(claim_id, seeds.claims) if isinstance(claim_id, str) else None
                if problem:
                    yield source.problem((*path, "cites", position), f"{called}: {problem[0]}", problem[1])
