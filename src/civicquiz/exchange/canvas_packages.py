"""Quizzes as a package for Canvas: each has a file with its items, and one with its settings.

Both have the same identifier; otherwise, Canvas drops the title and the settings. A group of items, of which each
student gets some, is also what a question with several sets of numbers becomes.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion, asked_questions, sections_of
from civicquiz.exchange.canvas_files import manifest, settings_document
from civicquiz.exchange.canvas_numbers import is_uniform
from civicquiz.exchange.canvas_questions import CanvasQuestion
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses, UnfitError
from civicquiz.exchange.losses import note_own_numbers, note_void, parts_of, section_name, settings_losses
from civicquiz.exchange.package_writing import PackagedPictures, file_in_zip, zip_bytes
from civicquiz.exchange.qti12_writing import WrittenItem, group_element, item_element, quiz_document, text_item_element
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.settings import Section
from civicquiz.model.translations import Translation

__all__ = ["CanvasExporter"]

#: The most characters of a title (quizzes.title), and of what is made of the name of a quiz in an identifier.
_MOST_TITLE = 255
_MOST_NAME = 60
#: The settings that have a place, or a reason of their own why they have none.
_PLACED = frozenset(
    (
        "attempt penalty",
        "attempts",
        "feedback",
        "hint penalty",
        "layout",
        "pick",
        "sections",
        "shuffle",
        "time limit",
    )
)


@dataclass(frozen=True)
class CanvasExporter:
    """One of the two quiz engines of Canvas.

    Attributes:
        name: its name on the command line.
        title: what it is, for people.
        question_class: what writes a question.
        has_passages: whether several items can refer to a text; otherwise it is an item before them.
        shuffles_questions: whether the questions of a quiz can be shuffled.
    """

    name: str
    title: str
    question_class: type[CanvasQuestion]
    has_passages: bool
    shuffles_questions: bool
    ending: str = ".zip"

    def wrote(self, content: bytes) -> bool:
        return file_in_zip(content, "imsmanifest.xml").startswith(self._start.encode())

    @property
    def _start(self) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- Written by civicquiz as {self.name}. -->\n'

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        files: dict[str, bytes | str] = {"imsmanifest.xml": ""}
        pictures: dict[str, bytes] = {}
        done: list[ExportedQuiz] = []
        idents: dict[str, None] = {}
        for texts in quizzes:
            quiz = _QuizWriting(self, texts, _identifier(texts.source.name, idents))
            idents[quiz.ident] = None
            files[f"{quiz.ident}/{quiz.ident}.xml"] = quiz.document()
            files[f"{quiz.ident}/assessment_meta.xml"] = quiz.settings()
            pictures |= quiz.pictures.files
            done.append(quiz.exported())
        files["imsmanifest.xml"] = self._start + manifest(idents, pictures)
        return Exported(zip_bytes({**files, **pictures}), done)


def _identifier(name: str, taken: Mapping[str, None]) -> str:
    """What a quiz is called in the package: by its name, as far as that can be in an identifier."""
    safe = re.sub("[^A-Za-z0-9-]", "-", name)[:_MOST_NAME]
    if safe != name:
        safe = f"{safe}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
    ident, number = f"quiz-{safe}", 2
    while ident in taken:
        ident, number = f"quiz-{safe}-{number}", number + 1
    return ident


@dataclass(frozen=True)
class _WrittenQuestion:
    """A question with the items that it is there: for each of its parts, one for every set of numbers.

    ``stimulus`` is the text that it shares with others, if that is not in the items.
    """

    source: KeyedQuestion
    stimulus: str
    parts: Sequence[Sequence[WrittenItem]]
    general: Sequence[str]
    losses: Losses


@dataclass
class _QuizWriting:
    """One quiz while it is written."""

    exporter: CanvasExporter
    texts: Translation
    ident: str
    losses: Losses = field(default_factory=Losses)
    points: float = 0.0

    def __post_init__(self) -> None:
        self.pictures = PackagedPictures(self.texts.quiz.images, "$IMS-CC-FILEBASE$/")
        self._done: dict[str, ExportedQuestion] = {}
        self._passages: dict[str, int] = {}

    # ---- The file with the items ----

    def document(self) -> str:
        """The file with the items."""
        source = self.texts.source
        entries: list[str] = []
        for number, (section, names) in enumerate(sections_of(self.texts), start=1):
            if section is None:
                entries += self._entries(names, source.pick or 0, self.ident)
                continue
            ident = f"{self.ident}.section.{number}"
            entries += self._introduction(section, ident, section_name(section, number))
            entries += self._entries(names, section.pick or 0, ident, section.title or "")
        minutes = {"qmd_timelimit": str(self._minutes())} if source.time_limit else {}
        attempts = str(source.attempts or "unlimited")
        return quiz_document(self.ident, self._title(), entries, {**minutes, "cc_maxattempts": attempts})

    def _title(self) -> str:
        return self.texts.title[:_MOST_TITLE]

    def _introduction(self, section: Section, ident: str, called: str) -> Iterator[str]:
        """The title and the text of a section, before its questions."""
        if not section.title and not section.text:
            return
        title = f"<h3>{escape(section.title)}</h3>" if section.title else ""
        text = markdown.render(section.text, self.pictures.images, latex=True) if section.text else ""
        self.losses.approximate("sections", f"The heading and the text of {called} are a text before its questions.")
        yield text_item_element(f"{ident}.text", section.title or "Text", self.pictures.placed(title + text))

    def _entries(self, names: Sequence[str], pick: int, ident: str, title: str = "") -> Iterator[str]:
        """The questions of a section, or a group of them from which each student gets some."""
        if pick:
            yield from self._group(names, pick, ident, title)
            return
        before = None
        for name in names:
            written = self._written(name, is_grouped=False)
            if written is None:
                continue
            stimulus = written.stimulus
            if stimulus and (stimulus not in self._passages if self.exporter.has_passages else stimulus != before):
                yield self._passage(stimulus, name)
            before = stimulus
            # Classic Quizzes do nothing with it, but whoever imports the file again knows what belongs together.
            yield from self._single(
                written, {"parent_stimulus_item_ident": self._passage_ident(stimulus)} if stimulus else {}
            )

    def _single(self, written: _WrittenQuestion, parent: Mapping[str, str]) -> Iterator[str]:
        """The items of a question that everyone gets; of several sets of numbers, everyone gets one."""
        source, ids = written.source, []
        if len(written.parts) > 1:
            reason = f"It becomes {len(written.parts)} questions there, each with its share of the points."
            written.losses.approximate("points", reason)
        for variants in written.parts:
            name = self._item_ident(source.id, variants[0].part)
            points = source.points * variants[0].share
            self.points += points
            if len(variants) == 1:
                ids.append(name)
                item = replace(variants[0], fields_of_canvas={**variants[0].fields_of_canvas, **parent})
                yield item_element(item, name, source.id, points, written.general[0])
                continue
            own = [f"{name}.{position}" for position in range(1, len(variants) + 1)]
            ids += own
            elements = (
                item_element(item, ident, source.id, points, general)
                for item, ident, general in zip(variants, own, written.general, strict=True)
            )
            yield group_element(f"{name}.numbers", source.id, elements, 1, points)
        self._finish(written, ids)

    def _group(self, names: Sequence[str], pick: int, ident: str, title: str) -> Iterator[str]:
        """A group of questions from which each student gets ``pick``. All are worth the same there."""
        found = [written for name in names if (written := self._written(name, is_grouped=True))]
        worth = [written.source.points for written in found if written.source.points]
        points = round(math.fsum(worth) / len(worth), 2) if worth else 0.0
        elements = []
        for written in found:
            source = written.source
            if source.points and source.points != points:
                reason = f"In a group, each question is worth the same there: {number_text(points)} points."
                written.losses.approximate("points", reason)
            if len(written.parts) > 1:
                written.losses.approximate("score", "Each of its blanks or events is picked as a question of its own.")
            if len(written.general) > 1:
                written.losses.approximate("numbers", "Everyone gets the first set of numbers.")
            items = [variants[0] for variants in written.parts]
            ids = [self._item_ident(source.id, item.part) for item in items]
            elements += [
                item_element(item, own, source.id, points, written.general[0])
                for item, own in zip(items, ids, strict=True)
            ]
            self._finish(written, ids)
        pick = min(pick, len(elements))
        self.points += pick * points
        if elements:
            yield group_element(f"{ident}.group", title or self.texts.title[:_MOST_TITLE], elements, pick, points)

    def _item_ident(self, question: str, part: str) -> str:
        return f"{self.ident}.{question}.{part}" if part else f"{self.ident}.{question}"

    def _passage(self, stimulus: str, question: str) -> str:
        """A text that questions share, before the first of them, or before each that does not follow another one."""
        self._passages[stimulus] = self._passages.get(stimulus, 0) + 1
        asked = asked_questions(self.texts, question, self.pictures.images, latex=True)[0]
        shared = self.texts.quiz.stimuli[stimulus]
        if self.exporter.has_passages:  # which show their titles
            html, fields = asked.block(shared.full_text()), {"passage": "true"}
        else:
            html, fields = asked.shared_text(), {}
        ident = self._passage_ident(stimulus)
        return text_item_element(ident, shared.title or "Text", self.pictures.placed(html), fields)

    def _passage_ident(self, stimulus: str) -> str:
        """The identifier of a text that questions share; of the last item with it, if there are several."""
        number = self._passages[stimulus]
        return f"{self.ident}.text.{stimulus}" + (f".{number}" if number > 1 else "")

    # ---- Questions ----

    def _written(self, name: str, *, is_grouped: bool) -> _WrittenQuestion | None:
        """A question with its items; None if it cannot be there."""
        source = self.texts.source.keyed_questions[name]
        losses = Losses(name)
        asked = asked_questions(self.texts, name, self.pictures.images, latex=True)
        if source.type == "calculated" and len(asked) > 1 and is_uniform(source):
            names = tuple(source.number_sets()[0])
            asked = [AskedQuestion(self.texts, name, self.pictures.images, names=names, latex=True)]
        is_alone = bool(source.stimulus) and len(asked) == 1 and not asked[0].names and not is_grouped
        make = self.exporter.question_class
        try:
            items = [make(one, losses, self.pictures, is_alone).items() for one in asked]
        except UnfitError as error:
            self._done[name] = ExportedQuestion.left_out(source, parts_of(source, self.texts.source), str(error))
            return None
        if source.stimulus and not is_alone:
            losses.approximate("shared text", "It is repeated in the question.")
        elif is_alone and not self.exporter.has_passages:
            losses.approximate("shared text", "It is a text of its own before the questions.")
        if len(asked) > 1 and len(items[0]) > 1:
            losses.approximate("numbers", "Its parts can have different numbers.")
        note_own_numbers(source, losses)
        general = [self.pictures.placed(one.explained()) for one in asked]
        return _WrittenQuestion(
            source, (source.stimulus or "") if is_alone else "", list(zip(*items, strict=True)), general, losses
        )

    def _finish(self, written: _WrittenQuestion, ids: Iterable[str]) -> None:
        source, losses = written.source, written.losses
        parts = parts_of(source, self.texts.source)
        if "hint" in parts:
            losses.lost("hint", "Canvas has no hints.")
        if "tags" in parts:
            losses.lost("tags", "Canvas has no tags for questions in a file.")
        note_void(source, losses)
        type_name = written.parts[0][0].type.removesuffix("_question").replace("_", " ")
        self._done[source.id] = ExportedQuestion(source.id, source.type, type_name, tuple(ids), parts, tuple(losses))

    # ---- The file with the settings ----

    def _minutes(self) -> int:
        return math.ceil(self.texts.source.time_limit or 0)

    def settings(self) -> str:
        """The file with the settings. The items have been written before."""
        source = self.texts.source
        is_secret = source.feedback == "none"
        values = {
            "title": self._title(),
            "description": "",
            "shuffle_answers": "options" in source.shuffle,
            **({"shuffle_questions": "questions" in source.shuffle} if self.exporter.shuffles_questions else {}),
            "scoring_policy": "keep_highest",
            "hide_results": "always" if is_secret else "",
            "quiz_type": "assignment",
            "points_possible": number_text(self.points),
            "show_correct_answers": not is_secret,
            **({"result_view_restricted": True} if is_secret and self.exporter.has_passages else {}),
            **({"time_limit": str(self._minutes())} if source.time_limit else {}),
            "allowed_attempts": str(source.attempts or -1),
            "one_question_at_a_time": source.layout == "one",
            "cant_go_back": False,
        }
        return settings_document(self.ident, values)

    # ---- What became of it ----

    def exported(self) -> ExportedQuiz:
        """What became of the quiz."""
        source, losses = self.texts.source, self.losses
        if len(self.texts.title) > _MOST_TITLE:
            losses.approximate("title", f"It is cut off after {_MOST_TITLE} characters.")
        if source.attempts:
            losses.approximate("attempts", "In Canvas, they count for the whole quiz and not for each question.")
        if source.attempt_penalty:
            losses.lost("attempt penalty", "Canvas takes nothing off for further attempts.")
        if source.hint_penalty:
            losses.lost("hint penalty", "Canvas has no hints.")
        if source.time_limit and self._minutes() != source.time_limit:
            losses.approximate("time limit", f"It is rounded up to {self._minutes()} minutes.")
        if "questions" in source.shuffle and not self.exporter.shuffles_questions:
            losses.lost("shuffle", "Classic Quizzes cannot shuffle questions unless they are in a question group.")
        elif "questions" in source.shuffle and source.sections:
            losses.approximate("shuffle", "Canvas shuffles all questions, and here only those of a section.")
        done = tuple(self._done[question.id] for question in source.questions)
        return ExportedQuiz(source.name, self.texts.language, done, (*settings_losses(source, _PLACED), *losses))
