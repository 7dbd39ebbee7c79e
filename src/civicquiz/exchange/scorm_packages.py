"""SCORM: the practice page of a quiz in a package that a learning platform opens, and that reports to it.

Each quiz is a page of its own, which has everything in it; ``frontend/static/scorm.js`` speaks to the platform. Both
versions have the same pages, and differ in the manifest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import ClassVar

from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Loss, Losses
from civicquiz.exchange.losses import parts_of
from civicquiz.exchange.package_writing import file_in_zip, zip_bytes
from civicquiz.exchange.xml_writing import element
from civicquiz.frontend.front_end import PAGE_SCRIPTS, front_end
from civicquiz.frontend.payload import page_payload
from civicquiz.frontend.static_files import json_for_script
from civicquiz.frontend.words import locale, strings
from civicquiz.hosts.documents.page_frame import html_page, language_attributes
from civicquiz.model.learner_copy import shown_on_page
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

__all__ = ["ScormExporter"]

_MANIFEST = "imsmanifest.xml"
_START = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Written by civicquiz. -->\n'
_REMARK = "The key is in the package, where students can read it: use it for practice, not for graded work."
#: The most characters of a response in the report of a platform, by version.
_LONGEST = {"1.2": "255", "2004": "4,000"}


class ScormExporter:
    """A version of SCORM: what its manifest says, and how its pages speak to a platform."""

    name: ClassVar[str]
    title: ClassVar[str]
    ending: ClassVar[str] = ".zip"
    #: how ``scorm.js`` calls it
    version: ClassVar[str]
    #: the version and the namespaces in the manifest
    schema: ClassVar[str]
    namespaces: ClassVar[Mapping[str, str]]
    #: the attribute that says that a resource speaks to the platform
    resource_type: ClassVar[str]
    #: elements about the order of all pages, and about each page
    order_of_pages: ClassVar[str] = ""
    rules_of_page: ClassVar[str] = ""

    def wrote(self, content: bytes) -> bool:
        return file_in_zip(content, _MANIFEST).startswith(f"{_START}<manifest identifier=".encode())

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        pages: dict[str, str] = {}
        for texts in quizzes:
            pages[_file_name(texts.source.name, pages)] = _page(texts, self.version)
        manifest = self._manifest(quizzes, list(pages))
        done = [_exported(texts, self.version, len(quizzes)) for texts in quizzes]
        remarks = () if all(texts.source.feedback == "none" for texts in quizzes) else (_REMARK,)
        return Exported(zip_bytes({_MANIFEST: manifest, **pages}), done, remarks)

    def _manifest(self, quizzes: Sequence[Translation], files: Sequence[str]) -> str:
        names = "-".join([*(texts.source.name for texts in quizzes), quizzes[0].language])
        whole = "civicquiz-" + re.sub(r"[^A-Za-z0-9.]+", "-", names)[:100].strip("-")
        namespaces = "".join(f' {name}="{address}"' for name, address in self.namespaces.items())
        items = "".join(
            f'<item identifier="item-{number}" identifierref="page-{number}">'
            f"{_title(texts)}{self.rules_of_page}</item>\n"
            for number, texts in enumerate(quizzes, start=1)
        )
        resources = "".join(
            f'<resource identifier="page-{number}" type="webcontent" {self.resource_type}="sco" href="{file}">'
            f'<file href="{file}"/></resource>\n'
            for number, file in enumerate(files, start=1)
        )
        return (
            f'{_START}<manifest identifier="{whole}" version="1"{namespaces}>\n'
            f"<metadata><schema>ADL SCORM</schema><schemaversion>{self.schema}</schemaversion></metadata>\n"
            f'<organizations default="quizzes"><organization identifier="quizzes">{_title(quizzes[0])}\n'
            f"{items}{self.order_of_pages}</organization></organizations>\n"
            f"<resources>\n{resources}</resources>\n</manifest>\n"
        )


def _title(texts: Translation) -> str:
    return element("title", " ".join(texts.title.split()))


def _file_name(name: str, others: Collection[str]) -> str:
    """A name for the page of a quiz that every server and platform can have, and that no other page has."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-") or "quiz"
    names = (f"{stem}{number}.html" for number in ("", *(f"-{position}" for position in range(2, len(others) + 3))))
    return next(name for name in names if name not in others)


def _page(texts: Translation, version: str) -> str:
    """The whole page, which opens in the language of ``texts``; without feedback, that of a copy without a key."""
    # A translation knows its original without the other translations: its page has these two languages.
    whole = texts.source if texts.quiz is texts.source else texts.source.placed(translations={texts.language: texts})
    shown = shown_on_page(whole)
    files = front_end(shown, shown.questions)
    payload = page_payload(shown, words=[*files.words, "scorm"])
    opens = f' data-opens="{escape(texts.language)}"' if shown.translations else ""
    island = f'<script type="application/json">{json_for_script(payload)}</script>'
    content = [
        f"<h1 {language_attributes(texts.language_of('title'))}>{escape(texts.title)}</h1>",
        f'<p role="status" data-scorm="{version}"{opens}></p>',
        f"<noscript><p><strong>{escape(strings(texts.language)['needs_script'])}</strong></p></noscript>",
        f'<div class="civicquiz-static">{island}</div>',
    ]
    return html_page(
        texts.title,
        content,
        language=locale(texts.language),
        styles=[*files.styles, "handout.css"],
        scripts=[*files.scripts, "scorm_records.js", "scorm.js", *PAGE_SCRIPTS],
        generator="civicquiz export",
    )


# ---- What a platform does not get ----


def _exported(texts: Translation, version: str, count: int) -> ExportedQuiz:
    quiz = texts.source
    questions = tuple(_question(question, quiz, version) for question in quiz.keyed_questions.values())
    return ExportedQuiz(quiz.name, texts.language, questions, tuple(_quiz_losses(quiz, count)))


def _question(question: KeyedQuestion, quiz: Quiz, version: str) -> ExportedQuestion:
    losses = Losses(question.id)
    if quiz.feedback == "none":
        reason = "The package has no key: the platform gets answers and no score. Grade them with 'civicquiz grade'."
        losses.lost("score", reason)
    elif isinstance(question, OpenResponse) and not question.void:
        reason = (
            "A person has to score the answer, so the score in the platform is that of the other questions. Its report "
            f"has the first {_LONGEST[version]} characters of the answer."
        )
        losses.approximate("score", reason)
    target = re.sub(r"[^\w.]", "_", question.id)
    return ExportedQuestion(question.id, question.type, "page", (target,), parts_of(question, quiz), tuple(losses))


def _quiz_losses(quiz: Quiz, count: int) -> list[Loss]:
    losses = Losses()
    if count > 1:
        reason = (
            f"The package has {count} quizzes, each with a score of its own. The platform decides what it makes of "
            "them; for a grade each, export one quiz at a time."
        )
        losses.approximate("score", reason)
    if quiz.certainty != "off":
        losses.lost("certainty", "Students are asked how sure they are; the platform does not get that, only points.")
    return losses
