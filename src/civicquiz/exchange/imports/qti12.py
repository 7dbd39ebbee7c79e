"""QTI 1.2: what Canvas exports from both kinds of quizzes, and what others write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, UnreadableError, slug
from civicquiz.exchange.packages import Package
from civicquiz.exchange.qti12_questions import Qti12Item, item_values, metadata
from civicquiz.exchange.scored_answers import plain_number, whole_number
from civicquiz.exchange.xml_text import XmlElement, parsed_xml

__all__ = ["READER"]

_ROOT = ("questestinterop",)


class Qti12Reader:
    """Zip files and XML files in QTI 1.2."""

    name: ClassVar[str] = "qti12"
    title: ClassVar[str] = "QTI 1.2 (Canvas)"
    turn: ClassVar[int] = 1

    def recognizes(self, file: GivenFile) -> bool:
        try:
            return next(Package(file).with_root(_ROOT), None) is not None
        except ExchangeError:
            return False

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        package = Package(file)
        names = list(package.with_root(_ROOT))
        if not names:
            raise ExchangeError(f"'{file.called}' has no file in QTI 1.2, which begins with <questestinterop>")
        # Canvas exports each quiz of a course twice: for others, and, with everything in it, for itself.
        own = {_identifier(name) for name in names if name.startswith("non_cc_assessments/")}
        names = [name for name in names if name.startswith("non_cc_assessments/") or _identifier(name) not in own]
        quizzes: list[FoundQuiz] = []
        for name in names:
            meta = f"{_identifier(name)}/assessment_meta.xml"
            try:
                root = parsed_xml(package.file(name))
                settings = parsed_xml(package.file(meta)) if meta in package.names else None
            except ExchangeError as error:
                if len(names) == 1:
                    raise
                refused = FoundQuestion(f"{name} in the archive", name, refused=str(error))
                quizzes.append(FoundQuiz(file.stem, questions=[refused]))
                continue
            quizzes += _quizzes(file, name, root, settings, package.reader_at(name))
        if not any(quiz.questions for quiz in quizzes):
            raise ExchangeError(f"'{file.called}' has no questions")
        return quizzes


READER = Qti12Reader()


def _identifier(name: str) -> str:
    """The name of the folder of a quiz, or of its file in the folder of quizzes for Canvas itself."""
    folder, _, last = name.rpartition("/")
    return last.partition(".")[0] if folder in ("non_cc_assessments", "") else folder


@dataclass
class _Context:
    """What reading an item needs to know of its quiz."""

    quiz: FoundQuiz
    inner: str
    read_file: Callable[[str], bytes | None]
    stimuli: dict[str, str] = field(default_factory=dict)


def _quizzes(
    file: GivenFile,
    inner: str,
    root: XmlElement,
    settings: XmlElement | None,
    read_file: Callable[[str], bytes | None],
) -> Iterator[FoundQuiz]:
    """The quizzes of one file: each assessment or bank, or the items without any."""
    holders = [*root.children("assessment", "objectbank")]
    if any(True for _ in root.children("item", "section")):
        holders.append(root)
    for holder in holders:
        title = (settings.words("title") if settings is not None else "") or holder.get("title", "")
        if holder.tag == "objectbank":
            title = title or metadata(holder).get("bank_title", "")
        quiz = FoundQuiz(title or file.stem, title)
        context = _Context(quiz, inner, read_file)
        _note_settings(quiz, settings)
        items = list(holder.below("item"))
        if holder is root:
            items = [item for part in root.children("item", "section") for item in part.below("item")]
        _read_stimuli(context, items)
        groups = {id(item): group for group in holder.below("section") for item in group.children("item")}
        for group in holder.below("section"):
            _note_group(context, group)
        quiz.questions = [found for item in items if (found := _question(context, item, groups.get(id(item))))]
        yield quiz


def _note_settings(quiz: FoundQuiz, settings: XmlElement | None) -> None:
    """Take over the settings that we have, and name the others."""
    if settings is None:
        return
    names = {"shuffle_questions": "questions", "shuffle_answers": "options"}
    shuffled = [ours for theirs, ours in names.items() if settings.words(theirs) == "true"]
    if shuffled:
        quiz.settings["shuffle"] = shuffled
    if minutes := whole_number(settings.words("time_limit")):
        quiz.settings["time_limit"] = minutes
    attempts = settings.words("allowed_attempts")
    if attempts not in ("", "1", "-1"):
        quiz.remarks.append(
            f"The whole quiz could be taken {excerpt(attempts, 10)} times, which was left out; 'attempts' counts for "
            "each question."
        )
    if settings.words("description"):
        quiz.remarks.append(f"The text before the quiz was left out: '{excerpt(settings.words('description'), 200)}'")


def _read_stimuli(context: _Context, items: Sequence[XmlElement]) -> None:
    """The texts that questions refer to."""
    wanted = {metadata(item).get("parent_stimulus_item_ident", "") for item in items}
    changes: list[str] = []
    for item in items:
        ident = item.get("ident", "")
        if ident in wanted and metadata(item).get("question_type") == "text_only_question":
            reading = Qti12Item(item, context.quiz.images, changes, context.read_file)
            name = slug(item.get("title", "")) or "text"
            while name in context.stimuli.values():
                name += "-2"
            try:
                text = reading.markdown(reading.presentation)
            except UnreadableError as error:
                changes.append(f"The text '{excerpt(item.get('title', ''), 40)}' was not read: {error}")
                continue
            context.stimuli[ident] = name
            start, _, rest = text.partition("\n\n")
            if rest and start.strip("*# ") == item.get("title"):  # it is there twice
                text = rest
            title = {"title": item.get("title", "")} if item.get("title") else {}
            context.quiz.settings.setdefault("stimuli", {})[name] = {**title, "text": text}
    context.quiz.remarks += changes


def _note_group(context: _Context, group: XmlElement) -> None:
    """Name a group of which each student got some."""
    number = whole_number(group.words("selection_ordering", "selection", "selection_number"))
    title = excerpt(group.get("title", ""), 60)
    count = len(list(group.children("item")))
    if list(group.below("sourcebank_ref")) and not count:
        context.quiz.remarks.append(f"The group '{title}' takes its questions from a bank that is not in the file.")
    elif 0 < number < count:
        context.quiz.remarks.append(
            f"Each student got {number} of the {count} questions of '{title}'; here everyone gets all of them. Their "
            f"tag is '{_tag(group)}': with it, 'sections' and 'pick' do the same."
        )


def _tag(group: XmlElement) -> str:
    return slug(group.get("title", "")) or "group"


def _question(context: _Context, item: XmlElement, group: XmlElement | None) -> FoundQuestion | None:
    """The question of an item; None for a text that other questions refer to."""
    if item.get("ident", "") in context.stimuli:
        return None
    title = item.get("title", "").strip()
    place = f"{context.inner} in the archive, line {item.line}" if context.inner else f"line {item.line}"
    found = FoundQuestion(place, "" if title in ("Question", "question") else title)
    images: dict[str, bytes] = {}
    try:
        reading = Qti12Item(item, images, found.changes, context.read_file)
        values = item_values(reading)
        if stimulus := context.stimuli.get(reading.fields.get("parent_stimulus_item_ident", "")):
            values["stimulus"] = stimulus
        if group is not None and group.first("selection_ordering", "selection", "selection_number") is not None:
            values["tags"] = [_tag(group)]
            points = group.words("selection_ordering", "selection", "selection_extension", "points_per_item")
            _take_points(values, points)
        found.values = values
        context.quiz.images |= images
    except UnreadableError as error:
        found.refused = str(error)
    return found


def _take_points(values: dict[str, Any], points: str) -> None:
    """The points that a group gives to each of its questions."""
    number = plain_number(points or "0", "a number of points")
    if number > 0:
        values.pop("points", None)
        if number != 1:
            values["points"] = number
