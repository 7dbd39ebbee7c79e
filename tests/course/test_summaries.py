"""The summary in Spanish: a section for every lesson, with its facts cited."""

from __future__ import annotations

import re

import pytest
from material import ROOT
from prose import is_factual, paragraphs, sentences

PAGE = "course/resumen.md"
TEXT = (ROOT / PAGE).read_text("utf-8")
LESSONS = re.findall(r"- file: (lessons/[\w-]+)$", (ROOT / "_toc.yml").read_text("utf-8"), re.MULTILINE)


def sections(text: str) -> dict[str, str]:
    """Lesson -> the section that links to it."""
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        (lesson,) = re.findall(r"\]\(\.\./(lessons/[\w-]+)\.md\?lang=es\)", section)
        found[lesson] = section
    return found


def words(section: str) -> int:
    """The number of words to read, without the heading and the links."""
    _, _, body = section.partition("\n")
    body = re.sub(r"\{claim\}`[^`]*`|<[^>]*>|\[[^\]]*\]\([^)]*\)", " ", body)
    return len(re.findall(r"\w+", body))


def uncited(text: str) -> list[str]:
    return [
        sentence
        for _, paragraph in paragraphs(text)
        for sentence, cited in sentences(re.sub(r"</?\w+[^>]*>", "", paragraph))
        if not cited and is_factual(sentence)
    ]


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub and MyST derive it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_lesson_has_its_summary_in_the_order_of_the_book() -> None:
    assert LESSONS
    assert list(sections(TEXT)) == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_summary_is_short_and_names_the_quiz_and_is_not_legal_advice(lesson: str) -> None:
    section = sections(TEXT)[lesson]
    assert 100 <= words(section) <= 300
    assert f"](../{lesson}.md?lang=es#the-full-quiz)" in section
    assert "No es asesoría legal." in section


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_links_to_its_summary(lesson: str) -> None:
    heading = re.sub(r"<[^>]*>", "", sections(TEXT)[lesson].splitlines()[0])
    link = f'[<span lang="es">Resumen en español</span>](../{PAGE}#{anchor(heading)})'
    assert re.search(rf"^# [^\n]*\n\n{re.escape(link)}$", (ROOT / f"{lesson}.md").read_text("utf-8"), re.MULTILINE)


def test_every_factual_sentence_of_the_summary_is_cited() -> None:
    assert uncited(TEXT) == []


def test_uncited_sentence_in_spanish_is_found() -> None:
    assert uncited("## A\n\n<div lang='es'>\n\nEn 1812 la usó Madison. Fue la primera vez.\n\n</div>\n") == [
        "En 1812 la usó Madison."
    ]
