"""Packages of QTI 2.1 and 3.0: a test for each quiz, a file for each item, and a manifest that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from civicquiz.authoring import markdown
from civicquiz.exchange.asked import AskedQuestion, asked_questions, sections_of
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Loss, Losses
from civicquiz.exchange.losses import note_own_numbers, note_repeated_text, parts_of, settings_losses, tags_of
from civicquiz.exchange.package_writing import PackagedPictures, file_in_zip, zip_bytes
from civicquiz.exchange.qti2_interactions import WRITERS
from civicquiz.exchange.qti2_writing import (
    ItemParts,
    base_value,
    decimal,
    identifier,
    outcome,
    qti_html,
    set_outcome,
    variable,
    when,
    with_media_types,
    with_new_names,
)
from civicquiz.exchange.xml_writing import attribute, without_controls, xml_text
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

__all__ = ["QtiExporter", "QtiVersion"]

_START = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MARK = "<!-- Written by civicquiz. -->\n"
_MANIFEST = "imsmanifest.xml"


class QtiVersion(NamedTuple):
    """What differs between the versions of QTI: the namespaces, and the types of resources in a manifest."""

    items: str
    manifest: str
    schema: str
    schema_version: str
    test_type: str
    item_type: str
    #: the type of a shared text, which is a file of its own; empty if it is repeated in each item
    stimulus_type: str
    has_new_names: bool

    def document(self, xml: str) -> bytes:
        """A file with an element of QTI 2.1 in it, which is written in this version."""
        if self.has_new_names:
            xml = with_new_names(xml)
        return without_controls(_START + xml + "\n").replace("\r", "&#13;").encode("utf-8", "replace")

    def block(self, start: str, html: str, use: str = "") -> str:
        """An element around HTML, which is within a further one in QTI 3.0; ``use`` is what it is there for."""
        name = start.partition(" ")[0]
        if not self.has_new_names:
            return f"<{start}>{html}</{name}>\n"
        purpose = f' use="{use}"' if use else ""
        return f"<{start}{purpose}><contentBody>{html}</contentBody></{name}>\n"


@dataclass
class _Resource:
    """A file of a package, and those that it needs."""

    identifier: str
    type: str
    path: str
    content: bytes
    pictures: tuple[str, ...] = ()
    needed: list[str] = field(default_factory=list)
    tags: Sequence[str] = ()
    language: str = ""

    def element(self) -> str:
        """Its entry in a manifest."""
        files = "".join(f'<file href="{path}"/>' for path in (self.path, *self.pictures))
        needed = "".join(f'<dependency identifierref="{name}"/>' for name in self.needed)
        start = f'<resource identifier="{self.identifier}" type="{self.type}" href="{self.path}">'
        return f"{start}{_keywords(self.tags, self.language)}{files}{needed}</resource>\n"


def _keywords(tags: Sequence[str], language: str) -> str:
    """The tags of a question as keywords (IEEE 1484.12.3, Learning Object Metadata)."""
    if not tags:
        return ""
    words = "".join(f'<keyword><string language="{language}">{xml_text(tag)}</string></keyword>' for tag in tags)
    lom = f'<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>{words}</general></lom>'
    return f"<metadata>{lom}</metadata>"


@dataclass(frozen=True)
class QtiExporter:
    """Packages in one version of QTI, with a test for each quiz.

    Attributes:
        name: its name on the command line.
        title: what it is, for people.
        version: what differs between the versions.
    """

    name: str
    title: str
    version: QtiVersion
    ending: str = ".zip"

    def wrote(self, content: bytes) -> bool:
        return file_in_zip(content, _MANIFEST).startswith((_START + _MARK).encode())

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        version = self.version
        resources: list[_Resource] = []
        pictures: dict[str, bytes] = {}
        done = []
        folders: dict[str, None] = {}
        for texts in quizzes:
            folder = _free(identifier(re.sub(r"[^\w.-]", "-", texts.source.name, flags=re.ASCII) or "quiz"), folders)
            writer = _QuizWriter(texts, folder, version)
            done.append(writer.write())
            resources += writer.resources
            pictures |= writer.pictures.files
        listed = "".join(resource.element() for resource in resources)
        manifest = (
            f'{_MARK}<manifest xmlns="{version.manifest}" identifier="civicquiz">\n<metadata>'
            f"<schema>{version.schema}</schema><schemaversion>{version.schema_version}</schemaversion></metadata>\n"
            f"<organizations/>\n<resources>\n{listed}</resources>\n</manifest>\n"
        )
        files: dict[str, bytes | str] = {_MANIFEST: (_START + without_controls(manifest)).encode("utf-8", "replace")}
        files |= {resource.path: resource.content for resource in resources}
        return Exported(zip_bytes(files | pictures), done)


def _free(name: str, taken: dict[str, None]) -> str:
    """``name``, or with a number behind it if a file system could take it for one of the others."""
    free, count = name, 2
    while free.lower() in taken:
        free = f"{name}-{count}"
        count += 1
    taken[free.lower()] = None
    return free


class _QuizWriter:
    """A quiz as the files of a test."""

    def __init__(self, texts: Translation, folder: str, version: QtiVersion) -> None:
        self.texts = texts
        self.folder = folder
        self.version = version
        self.pictures = PackagedPictures(texts.quiz.images, "../")
        self.resources: list[_Resource] = []
        self._names: dict[str, None] = {"test": None}
        self._stimuli: dict[str, str] = {}

    def write(self) -> ExportedQuiz:
        """Write all files of the quiz."""
        source = self.texts.source
        written: dict[str, tuple[ExportedQuestion, str]] = {
            question.id: self._question(question.id) for question in source.questions
        }
        losses = Losses()
        xml = self._test({name: xml for name, (_, xml) in written.items()}, losses)
        test = self._resource(self.folder, self.version.test_type, "test", xml)
        test.needed = [one.identifier for one in self.resources if one.type == self.version.item_type]
        self.resources.insert(0, test)
        done = tuple(question for question, _ in written.values())
        return ExportedQuiz(source.name, self.texts.language, done, (*losses, *_settings(source)))

    # ---- The test ----

    def _test(self, references: dict[str, str], losses: Losses) -> str:
        quiz, source = self.texts.quiz, self.texts.source
        sections = "".join(self._sections(references, losses))
        limit = source.time_limit
        time = f'<timeLimits maxTime="{decimal(limit * 60)}" allowLateSubmission="true"/>\n' if limit else ""
        # With simultaneous submission, all is scored, and feedback shown, once the test is handed in.
        mode = "simultaneous" if source.feedback == "at-end" else "individual"
        tries = 1 if mode == "simultaneous" else source.attempts or 0
        is_shown = str(source.feedback != "none").lower()
        control = (
            f'<itemSessionControl maxAttempts="{tries}" showFeedback="{is_shown}" allowReview="true" '
            f'showSolution="{is_shown}" allowSkipping="true"/>\n'
        )
        total = "".join(
            set_outcome(name, f'<sum><testVariables variableIdentifier="{name}"/></sum>') for name in _SCORES
        )
        return (
            f'<assessmentTest xmlns="{self.version.items}" identifier="{self.folder}" title={attribute(quiz.title)} '
            f'toolName="civicquiz">\n{"".join(outcome(name, "float", "0") for name in _SCORES)}{time}'
            f'<testPart identifier="PART" navigationMode="nonlinear" submissionMode="{mode}">\n{control}{sections}'
            f"</testPart>\n<outcomeProcessing>{total}</outcomeProcessing>\n</assessmentTest>"
        )

    def _sections(self, references: dict[str, str], losses: Losses) -> Iterable[str]:
        quiz, source = self.texts.quiz, self.texts.source
        ordering = '<ordering shuffle="true"/>' if "questions" in source.shuffle else ""
        for place, (section, names) in enumerate(sections_of(self.texts), start=1):
            inside = "".join(references[name] for name in names)
            if section is None:
                yield _section("SECTION", quiz.title, _selection(source.pick) + ordering, inside, is_visible=False)
                continue
            text = qti_html(markdown.render(section.text, self.pictures.images), losses) if section.text else ""
            language = self.texts.language_of("sections", place - 1)
            start = f'rubricBlock view="candidate" xml:lang="{language}"'
            about = self.version.block(start, text, "instructions") if text else ""
            title, how = section.title or quiz.title, _selection(section.pick) + ordering
            yield _section(f"SECTION-{place}", title, how, about + inside, is_visible=bool(section.title or text))

    # ---- Questions ----

    def _question(self, name: str) -> tuple[ExportedQuestion, str]:
        """What became of a question, and how the test refers to it."""
        texts, source = self.texts, self.texts.source.keyed_questions[name]
        losses = Losses(name)
        parts = parts_of(source, texts.source)
        if source.type not in WRITERS:
            return ExportedQuestion.left_out(source, parts, f"QTI has no interaction for '{source.type}'."), ""
        asked = asked_questions(texts, name, self.pictures.images)
        names = [identifier(f"{name}.{one.position}" if len(asked) > 1 else name) for one in asked]
        references, written_as = [], ""
        for one, called in zip(asked, names, strict=True):
            made = WRITERS[source.type](one, losses)
            written_as = made.written_as
            references.append(self._item(one, called, made, losses))
        reference = "".join(references)
        if len(asked) > 1:
            reference = _section(f"ONE-OF-{names[0]}", name, _selection(1), reference, is_visible=False)
            reason = f"There is an item for each of the {len(asked)} sets of numbers, of which the test selects one."
            losses.approximate("numbers", f"{reason} A program that does not select asks all of them.")
        note_own_numbers(source, losses)
        if not self.version.stimulus_type:
            note_repeated_text(source, losses)
        return ExportedQuestion(name, source.type, written_as, tuple(names), parts, tuple(losses)), reference

    def _item(self, asked: AskedQuestion, name: str, made: ItemParts, losses: Losses) -> str:
        """Write an item; how the test refers to it."""
        points = asked.source.points if asked.key is not None or made.is_scored_by_person else 0.0
        stimulus, shared, needed = self._shared_text(asked, losses)
        if asked.source.void:
            # Everyone gets all of the points.
            made.rules += f"{set_outcome('SCORE', base_value('float', decimal(points)))}\n"
        if asked.question.hint:
            self._hint(asked, made, points, losses)
        explained = qti_html(asked.explained(), losses)
        if explained:
            made.outcomes += outcome("EXPLANATION", "identifier")
            made.rules += f"{set_outcome('EXPLANATION', base_value('identifier', 'shown'))}\n"
            made.told.append(("EXPLANATION", "shown", explained))
        score = f' normalMaximum="{decimal(points)}" normalMinimum="0"'
        if self.version.has_new_names and made.is_scored_by_person:
            score += ' externalScored="human"'
        prompt = qti_html(asked.block(asked.question.full_prompt()), losses)
        scorer = self.version.block('rubricBlock view="scorer"', made.for_scorer, "scoring") if made.for_scorer else ""
        told = "".join(
            self.version.block(f'modalFeedback outcomeIdentifier="{name}" identifier="{shown}" showHide="show"', html)
            for name, shown, html in made.told
        )
        xml = (
            f'<assessmentItem xmlns="{self.version.items}" identifier="{name}" title={attribute(asked.id)} '
            f'xml:lang="{asked.language}" adaptive="false" timeDependent="false" toolName="civicquiz">\n'
            f"{made.declarations}{outcome('SCORE', 'float', '0', more=score)}"
            f"{outcome('MAXSCORE', 'float', decimal(points))}{made.outcomes}{stimulus}"
            f"<itemBody>\n{shared}{prompt}\n{made.body}\n{scorer}</itemBody>\n"
            f"<responseProcessing>\n{made.rules}</responseProcessing>\n{told}</assessmentItem>"
        )
        file = _free(name, self._names)
        resource = self._resource(f"{self.folder}.{file}", self.version.item_type, file, xml)
        resource.needed, resource.tags, resource.language = needed, tags_of(asked.source), asked.language
        self.resources.append(resource)
        return f'<assessmentItemRef identifier="{name}" href="{file}.xml"/>\n'

    def _hint(self, asked: AskedQuestion, made: ItemParts, points: float, losses: Losses) -> None:
        """Let students read the hint after an answer that does not earn all of the points."""
        if made.is_scored_by_person or not points:
            losses.lost(
                "hint", "Students cannot open a hint, and no answer is wrong here, after which they could see it."
            )
            return
        losses.approximate("hint", "Students cannot open a hint; they read it after an answer that is not right.")
        made.outcomes += outcome("HINT", "identifier")
        test = f"<lt>{variable('SCORE')}{base_value('float', decimal(points))}</lt>"
        made.rules += when((test, set_outcome("HINT", base_value("identifier", "shown"))))
        made.told.append(("HINT", "shown", qti_html(asked.block(asked.question.full_hint()), losses)))

    def _shared_text(self, asked: AskedQuestion, losses: Losses) -> tuple[str, str, list[str]]:
        """(a reference to the shared text of a question, the text in the item itself, the resources needed)."""
        html = qti_html(asked.shared_text(), losses)
        if not html or not self.version.stimulus_type:
            return "", html, []
        stimulus = self.texts.quiz.stimuli[asked.question.stimulus or ""]
        if html not in self._stimuli:
            called = _free(f"text-{asked.question.stimulus}", self._names)
            self._stimuli[html] = called
            xml = (
                f'<assessmentStimulus xmlns="{self.version.items}" identifier="{called}" '
                f'title={attribute(stimulus.title or called)} xml:lang="{asked.language}">\n'
                f"<stimulusBody>{html}</stimulusBody>\n</assessmentStimulus>"
            )
            self.resources.append(self._resource(f"{self.folder}.{called}", self.version.stimulus_type, called, xml))
        called = self._stimuli[html]
        title = attribute(stimulus.title or called)
        reference = f'<assessmentStimulusRef identifier="{called}" href="{called}.xml" title={title}/>\n'
        return reference, "", [f"{self.folder}.{called}"]

    def _resource(self, name: str, type_name: str, file: str, xml: str) -> _Resource:
        """A file of the quiz, with the pictures and recordings that its XML shows."""
        pictures = self.pictures.used_in(xml)
        xml = self.pictures.placed(xml)
        xml = with_media_types(xml) if "<object " in xml else xml
        return _Resource(name, type_name, f"{self.folder}/{file}.xml", self.version.document(xml), pictures)


_SCORES = ("SCORE", "MAXSCORE")


def _selection(count: int | None) -> str:
    return f'<selection select="{count}"/>' if count else ""


def _section(name: str, title: str, how: str, inside: str, *, is_visible: bool) -> str:
    return (
        f'<assessmentSection identifier="{name}" title={attribute(title)} visible="{str(is_visible).lower()}">\n'
        f"{how}{inside}</assessmentSection>\n"
    )


#: The settings that a test has a place for.
_PLACED = ("feedback", "attempts", "shuffle", "time limit", "pick", "sections")


def _settings(quiz: Quiz) -> list[Loss]:
    losses = Losses()
    if quiz.time_limit:
        losses.approximate("time limit", "The program decides what happens when the time is up.")
    if quiz.attempts and quiz.feedback == "at-end":
        losses.lost("attempts", "Where feedback comes at the end, a test can be handed in just once.")
    return [*losses, *settings_losses(quiz, _PLACED, "A test has no place for it. Set it in the program if it can")]
