"""The picture in the README is up to date."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import QuizPage, Watched
from material import ROOT

PICTURE = ROOT / "course" / "images" / "quiz.png"


def test_picture_shows_what_the_book_shows(
    watch: Callable[..., Watched], course_book: Path, request: pytest.FixtureRequest
) -> None:
    """Its words are in a file beside it; `--update-golden` takes the picture again."""
    page = watch(viewport={"width": 1180, "height": 800}).page()
    page.goto(f"{course_book.as_uri()}/lessons/alien-enemies-act.html")
    quiz = QuizPage(page, page.get_by_role("region", name="The Alien Enemies Act, 1798 to 2024", exact=True))
    quiz.question(0).place.locator("input").first.check()
    quiz.question(0).check()
    page.evaluate("document.querySelector('#the-full-quiz').scrollIntoView()")
    words = quiz.question(0).place.inner_text() + "\n"
    text = PICTURE.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        page.mouse.move(5, 5)
        page.screenshot(path=PICTURE)
        text.write_text(words, "utf-8")
    assert text.read_text("utf-8") == words
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    assert re.search(r"!\[[^\]]{40,}\]\(course/images/quiz\.png\)", (ROOT / "README.md").read_text("utf-8"))
