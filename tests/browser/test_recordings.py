"""Recordings in a real browser: they play, also where a browser refuses addresses that contain them."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Watched, find_violations
from material import write
from playwright.sync_api import Page, expect
from running_hosts import running_preview

QUIZ = """
title: Dictation
questions:
  - id: word
    type: short-text
    prompt: 'Write what you hear. ![a word, said twice](word.wav)'
    accept: [Wahl]
"""


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(b"\x80" * 4000)
    (tmp_path / "word.wav").write_bytes(file.getvalue())
    return write(tmp_path / "dictation.yml", QUIZ)


@pytest.fixture
def page(quiz: Path, watch: Callable[..., Watched]) -> Iterator[Page]:
    page = watch(viewport={"width": 375, "height": 700}).page()
    with running_preview(quiz, quiz.parent) as running:
        page.goto(running.url)
        page.wait_for_selector("#frames iframe:not(.next)")
        page.goto(f"{running.url}frame?view=student")
        expect(page.locator("audio")).to_have_count(1)
        yield page


def test_recording_plays_and_has_a_name(page: Page) -> None:
    page.wait_for_function("document.querySelector('audio').duration === 0.5")
    expect(page.get_by_label("a word, said twice")).to_have_count(1)
    expect(page.locator(".civicquiz-recording")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".civicquiz-recording")).to_be_visible()
    page.emulate_media(media="screen")
    assert find_violations(page, "body") == []


def test_recording_plays_where_addresses_that_contain_it_are_refused(page: Page) -> None:
    page.evaluate("document.querySelector('audio').dispatchEvent(new Event('error'))")
    page.wait_for_function("document.querySelector('audio').src.startsWith('blob:')")
    page.wait_for_function("document.querySelector('audio').duration === 0.5")
