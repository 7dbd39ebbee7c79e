"""HTML of other programs as Markdown: pictures and recordings that are lost, and what no browser shows."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import PNG

from civicquiz.exchange.foreign_text import TextReader, without_markup
from civicquiz.exchange.html_text import FoundTexts, has_media, plain_words
from civicquiz.exchange.imported import FoundQuiz, UnreadableError

#: Address -> what is said of it, of pictures that are lost.
LOST = {
    "old%20map.png": "'old map.png' is not in the file",
    "": "is not in the file",
    "file:///maps/map.png": "was not fetched",
    "broken.png": "'broken.png' is neither a picture nor a recording",
    "large.png": "'large.png' has 300 kB",
    "data:image/png;base64,AAAA": "neither a picture nor a recording",
    "data:image/png;base64,A": "is not in the file",
    "x-uri-3": "is not in the file",  # what stands for an address while the text is read
    f"x-uri-{'9' * 5_000}": "is not in the file",
}
CONTENTS = {"broken.png": b"<html>", "large.png": PNG + bytes(300_000), "map.png": PNG}
#: Descriptions that are none.
NAMES = ["", " ", "map.png", "old map.PNG", "Screenshot 2024-01-01 at 10.00.00.jpeg", "clip.mp4"]


def read(address: str, description: str) -> tuple[str, list[str], dict[str, bytes]]:
    """A text with a picture as Markdown, what was said, and the files."""
    images: dict[str, bytes] = {}
    changes: list[str] = []
    picture = f'<img src="{escape(address)}" alt="{escape(description)}">'
    return FoundTexts(images, changes, CONTENTS.get).from_html(f"<p>Look: {picture}</p>"), changes, images


@pytest.mark.parametrize("address", LOST)
def test_picture_that_is_lost_leaves_its_description_and_never_a_file_name(address: str) -> None:
    for description in ("a map", *NAMES):
        text, changes, images = read(address, description)
        assert text == ("Look: a map" if description == "a map" else "Look:")
        assert LOST[address] in " ".join(changes)
        assert not images


@given(st.sampled_from(sorted(LOST)), st.text(max_size=20), st.sampled_from(["png", "JPG", "svg", "mp3"]))
def test_no_file_name_is_left_of_a_lost_picture(address: str, stem: str, ending: str) -> None:
    text, _, _ = read(address, f"{stem}.{ending}")
    assert text == "Look:"


@pytest.mark.parametrize("description", NAMES)
def test_picture_that_is_kept_is_described_by_words_and_not_by_a_file_name(description: str) -> None:
    for address in ("map.png", f"data:image/png;base64,{b64encode(PNG).decode()}"):
        text, changes, images = read(address, description)
        (file,) = images
        assert text == f"Look: ![{'map' if address == 'map.png' else 'picture'}]({file})"
        assert "has no description" in changes[0]


def test_picture_of_another_site_is_a_link_in_words() -> None:
    for description in NAMES:
        text, changes, _ = read("https://example.org/map.png", description)
        assert text == "Look: [a picture](https://example.org/map.png)"
        assert "was not fetched" in changes[0]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<![if !supportLists]>First. <![endif]>A <b>law</b>", "First. A **law**"),  # what Word leaves in texts
        ("<!--[if gte mso 9]><xml></xml><![endif]-->A <b>law</b>", "A **law**"),
        ('<?xml:namespace prefix = o ns = "urn:x" />A <b>law</b>', "A **law**"),
        ("<!DOCTYPE html><p>A <b>law</b></p>", "A **law**"),
        ("A <!-- <b>bill</b> --> <b>law</b>", "A **law**"),
        ("A <b>law</b><![", "A **law**"),
        (f"A <b>law</b>&#{'9' * 5_000};", "A **law**\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_no_browser_shows_is_left_out(html: str, shown: str, tmp_path: Path) -> None:
    assert FoundTexts({}, []).from_html(html) == shown
    changes: list[str] = []
    assert TextReader(FoundQuiz("quiz"), tmp_path).html(html, changes) == shown
    assert not changes


@pytest.mark.parametrize("number", ["9" * 5_000, "\N{SUPERSCRIPT TWO}", "-1", "99999999", ""])
def test_odd_numbers_in_attributes_and_entities_are_read_or_refused_and_never_a_crash(number: str) -> None:
    for html in (
        f'<table><tr><td colspan="{number}">a</td></tr></table>',
        f'<ol start="{number}"><li>a</li></ol>',
        f"<h{number}>a</h{number}>",
        f"<b>a</b> &#{number};",
        f"a &#{number};",
        f"\\(x&#{number};\\)",
        f"<sup>&#{number};</sup>",
    ):
        with suppress(UnreadableError):
            assert isinstance(FoundTexts({}, []).from_html(html), str)
        assert "a" in plain_words(html + "a")
        assert "a" in without_markup(html + "a")


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("<p><IMG src='a.png'></p>", True),
        ("<video><source src='a.mp4'></video>", True),
        ("![](a.png)", True),
        ("<p>&nbsp;<b></b></p>", False),
        ("<imgs>", False),
        ("", False),
    ],
)
def test_text_is_not_empty_if_it_has_a_picture(text: str, *, has: bool) -> None:
    assert has_media(text) == has
