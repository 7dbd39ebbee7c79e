"""The frame of every self-contained HTML document: the same head, and nothing that people wrote becomes markup."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import QUIZ, load_text

from civicquiz.classroom.analysis.report import report
from civicquiz.hosts.documents import feedback
from civicquiz.hosts.documents.page_frame import html_page, language_attributes
from civicquiz.hosts.documents.worksheet import worksheet
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.quiz import Quiz
from civicquiz.releasing import handout

HOSTILE = "</title><script>alert(1)</script><h1 onclick='x'>\"&amp;"

#: How each document is made from a quiz, the language it is in, and whether it runs scripts.
DOCUMENTS: dict[str, tuple[Callable[[Quiz], str], str, bool]] = {
    "worksheet": (worksheet, "es", False),
    "feedback": (lambda quiz: feedback.page(quiz.title, quiz.language, []), "es", False),
    "report": (lambda quiz: report([], {quiz.name: quiz}), "en", False),
    "handout": (lambda quiz: handout.page(learner_copy(quiz)), "es", True),
}


class Document(HTMLParser):
    """The elements of a document with their attributes and texts; checks that every one is closed."""

    VOID = ("meta", "br", "img", "hr", "input", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.path: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert self.path == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.path.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop() == tag

    def handle_data(self, data: str) -> None:
        where = "/".join(self.path)
        self.texts[where] = self.texts.get(where, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _policy(document: Document) -> dict[str, str]:
    (policy,) = [
        meta["content"] for meta in document.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    return {name: value for name, _, value in (rule.strip().partition(" ") for rule in policy.split(";"))}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_has_the_same_frame(name: str, tmp_path: Path) -> None:
    make, language, runs_scripts = DOCUMENTS[name]
    text = QUIZ.replace("title: A law of 1798", f"title: {json.dumps(HOSTILE)}")
    quiz = load_text(tmp_path, f"{text}language: es\n")
    page = make(quiz)
    document = Document(page)
    assert page.startswith("<!DOCTYPE html>\n")
    assert document.all("html") == [{"lang": language, "dir": "ltr"}]
    assert {"charset": "utf-8"} in document.all("meta")
    assert {"name": "viewport", "content": "width=device-width"} in document.all("meta")
    assert len(document.all("main")) == len(document.all("title")) == 1
    policy = _policy(document)
    assert policy["default-src"] == "'none'"
    assert ("script-src" in policy) == runs_scripts
    title = document.texts["html/head/title"]
    assert (title == "Item analysis") if name == "report" else (HOSTILE in title)
    assert HOSTILE not in page
    assert bool(document.all("script")) == runs_scripts
    assert not any(attribute.startswith("on") for _, attributes in document.elements for attribute in attributes)
    no_icon = {"rel": "icon", "href": "data:,"}  # so that browsers ask no server for one
    assert document.all("link") == ([no_icon] if runs_scripts else [])
    assert all((attributes.get("src") or "data:").startswith("data:") for _, attributes in document.elements)


@given(title=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), language=st.text(max_size=10))
def test_no_title_or_language_can_leave_its_place(title: str, language: str) -> None:
    document = Document(html_page(title, ["<p>x</p>"], language=language, styles=["worksheet.css"]))
    assert document.texts["html/head/title"] == title
    names = [name for name, _ in document.elements if name != "meta"]
    assert names == ["html", "head", "title", "style", "body", "main", "p"]
    assert set(document.all("html")[0]) == {"lang", "dir"}


def test_only_a_document_about_a_person_asks_not_to_be_listed() -> None:
    private, public = (
        Document(html_page("t", [], language="en", styles=[], private=private)).all("meta") for private in (True, False)
    )
    assert {"name": "robots", "content": "noindex"} in private
    assert not any(meta.get("name") == "robots" for meta in public)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("es", "ltr"), ("arn", "ltr")])
def test_writing_goes_the_way_of_its_language(language: str, direction: str) -> None:
    assert language_attributes(language) == f'lang="{language}" dir="{direction}"'


def test_words_of_ours_are_not_said_to_be_in_a_language_that_we_do_not_have(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, QUIZ + "language: ar\n")
    for page in (handout.page(learner_copy(quiz)), feedback.page("Anna", "ar", [])):
        assert Document(page).all("html") == [{"lang": "en", "dir": "ltr"}]
    assert {"lang": "ar", "dir": "rtl"} in Document(handout.page(learner_copy(quiz))).all("h1")
