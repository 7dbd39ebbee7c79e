"""Sounds and videos in the texts of authors."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import pytest
from material import load_text, quiz_of, write
from pydantic import ValidationError

import civicquiz
from civicquiz.authoring.images import read_images
from civicquiz.authoring.markdown import mistakes, render
from civicquiz.authoring.recordings import MAX_BYTES
from civicquiz.errors import QuizError
from civicquiz.frontend.front_end import BLOCK_STYLE, front_end
from civicquiz.frontend.outline import outline_html, outline_text
from civicquiz.hosts.documents.worksheet import worksheet
from civicquiz.releasing.copied_files import copied_files


def sound(seconds: float = 0.1) -> bytes:
    """Silence, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(b"\x80" * int(8000 * seconds))
    return file.getvalue()


QUIZ = """
title: Dictation
questions:
  - id: word
    type: short-text
    prompt: 'Listen, and write what you hear. ![a word, said twice](sounds/word.wav)'
    accept: [Wahl]
"""


@pytest.fixture
def quiz(tmp_path: Path) -> civicquiz.Quiz:
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "word.wav").write_bytes(sound())
    return load_text(tmp_path, QUIZ)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.wav", sound(), "audio/wav"),
        ("a.mp3", b"ID3\x04" + bytes(20), "audio/mpeg"),
        ("a.MP3", b"\xff\xfb\x90\x00" + bytes(20), "audio/mpeg"),
        ("a.ogg", b"OggS\0" + bytes(20), "audio/ogg"),
        ("a.opus", b"OggS\0" + bytes(20), "audio/ogg"),
        ("a.m4a", b"\0\0\0\x20ftypM4A " + bytes(20), "audio/mp4"),
        ("a.mp4", b"\0\0\0\x20ftypisom" + bytes(20), "video/mp4"),
        ("a.webm", b"\x1a\x45\xdf\xa3" + bytes(20), "video/webm"),
    ],
)
def test_recording_is_embedded_as_what_its_content_is(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    recordings, mistaken = read_images(tmp_path, [name])
    assert mistaken == {}
    assert recordings[name].startswith(f"data:{kind};base64,")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.mp3", b"<html>", "the recording 'a.mp3' is not a recording that browsers can play"),
        ("a.mp4", b"\0\0\0\x14ftypqt  " + bytes(20), "the recording 'a.mp4' is not a recording that browsers can play"),
        ("a.png", sound(), "the image 'a.png' is not a PNG, JPEG, GIF, WebP or well-formed SVG image"),
        ("a.mov", sound(), "the image 'a.mov' does not have the name of an image or a recording"),
        (
            "a.wav",
            sound() + bytes(MAX_BYTES),
            "the recording 'a.wav' is too large: 1001 kB, where",
        ),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    recordings, mistaken = read_images(tmp_path, [name])
    assert recordings == {}
    assert mistaken[name][0].startswith(message)


def test_recording_has_a_player_with_its_words_which_are_escaped(quiz: civicquiz.Quiz) -> None:
    uri = quiz.images["sounds/word.wav"]
    html = render('![a "<b>" *word*](sounds/word.wav)', quiz.images)
    words = "a &quot;&lt;b&gt;&quot; word"
    player = f'<audio controls preload="metadata" src="{uri}" aria-label="{words}"></audio>'
    assert html == f'<p>{player}<span class="civicquiz-recording">{words}</span></p>'
    assert render("![a word](a.mp4)", {"a.mp4": "data:video/mp4;base64,AA=="}).startswith("<p><video controls")


def test_recording_needs_a_description() -> None:
    ((message, hint),) = mistakes("![](word.mp3)")
    assert message == "the recording 'word.mp3' has no description"
    assert hint == "write what is heard: ![what is heard](word.mp3)"


def test_script_and_style_come_only_with_recordings(quiz: civicquiz.Quiz) -> None:
    files = front_end(quiz, quiz.questions)
    assert "recordings.js" in files.scripts
    assert BLOCK_STYLE in files.styles
    silent = quiz_of({"id": "q", "type": "true-false", "prompt": "x", "answer": True})
    assert "recordings.js" not in front_end(silent, silent.questions).scripts


@pytest.mark.parametrize(
    "question",
    [
        {"type": "single-choice", "options": [{"text": "![a](a.mp3)", "correct": True}, "b"]},
        {"type": "poll", "options": ["![a](a.mp3)", "b"]},
        {"type": "order", "items": ["![a](a.mp3)", "b"]},
        {"type": "match", "pairs": [{"left": "![a](a.mp3)", "right": "a"}, {"left": "b", "right": "b"}]},
        {"type": "match", "pairs": [{"left": "a", "right": "![a](a.mp3)"}, {"left": "b", "right": "b"}]},
        {
            "type": "categorize",
            "categories": ["a", "b"],
            "items": [{"text": "![a](a.mp3)", "category": "a"}, {"text": "b", "category": "b"}],
        },
    ],
    ids=lambda question: str(question["type"]),
)
def test_player_is_never_inside_of_another_control(question: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        quiz_of({"id": "q", "prompt": "x", **question})
    (problem,) = caught.value.errors()[0]["ctx"]["problems"]
    assert problem.message.startswith("a recording cannot be in an option")


def test_copy_has_the_recording_under_a_name_of_its_own(quiz: civicquiz.Quiz, tmp_path: Path) -> None:
    files = copied_files(quiz)
    (name,) = [name for name in files if name.startswith("images/")]
    assert name.endswith(".wav")
    for file, content in files.items():
        (tmp_path / "copy" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / file).write_bytes(content)
    copied = civicquiz.load(tmp_path / "copy" / "quiz.yml")
    assert list(copied.images.values()) == list(quiz.images.values())
    assert "recordings.js" in front_end(copied, copied.questions).scripts


def test_where_nothing_plays_its_words_are_read(quiz: civicquiz.Quiz) -> None:
    assert "a word, said twice" in worksheet(quiz)
    assert "a word, said twice" in outline_html(quiz)
    assert "a word, said twice" in outline_text(quiz)


def test_content_of_a_recording_belongs_to_the_version(quiz: civicquiz.Quiz, tmp_path: Path) -> None:
    (tmp_path / "sounds" / "word.wav").write_bytes(sound(0.2))
    assert civicquiz.load(tmp_path / "quiz.yml").version != quiz.version


def test_missing_recording_is_reported_at_its_text(tmp_path: Path) -> None:
    write(tmp_path / "quiz.yml", QUIZ)
    with pytest.raises(QuizError, match=r"the recording 'sounds/word\.wav' does not exist"):
        civicquiz.load(tmp_path / "quiz.yml")
