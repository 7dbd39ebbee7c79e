"""The sheets of course/print on paper: six for each lesson, one page each, and nothing on them but the sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from browsing import Watched
from material import ROOT

LESSONS = sorted(path.stem for path in (ROOT / "course" / "print").glob("*.md"))
SHEETS = ["Lesson plan", "Organizer", "Activity cards", "Key for the teacher", "Exit ticket", "Rubric"]


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_sheets_of_a_lesson_print_on_one_page_each(watch: Callable[..., Watched], course_book: Path) -> None:
    """As many pages as sheets, each of which begins a new page, means that no sheet needs two."""
    page = watch().page()
    found = {}
    for lesson in LESSONS:
        page.goto(f"{course_book.as_uri()}/course/print/{lesson}.html")
        headings = page.locator(".sheets > section > h2").all_inner_texts()
        assert [heading.split(":")[0] for heading in headings] == SHEETS, lesson
        found |= {(lesson, paper): pages_in(page.pdf(format=paper)) for paper in ("Letter", "A4")}
    assert found == {(lesson, paper): len(SHEETS) for lesson in LESSONS for paper in ("Letter", "A4")}


def test_paper_shows_the_sheets_without_menus_or_citation_marks(
    watch: Callable[..., Watched], course_book: Path
) -> None:
    page = watch().page()
    for lesson in LESSONS:
        page.goto(f"{course_book.as_uri()}/course/print/{lesson}.html")
        marks = page.locator(".sheets .civicquiz-claim sup")
        assert marks.count() > 0, lesson
        page.emulate_media(media="print")
        assert [mark for mark in marks.all() if mark.is_visible()] == [], lesson
        printed = page.locator("body").inner_text()
        page.emulate_media(media="screen")
        assert printed.startswith("Lesson plan: "), lesson
        assert not re.search(r"\w \.", printed), "a mark took the word before it along"
