"""The normal form of a text: what a phone, a word processor or a file system changes does not cost a point."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.authoring.normal_form import character_names, is_blank, normal_form, unusual_characters, visible_form

SAME = {
    "people's choice": [
        "people\u2019s choice",
        "people\u2018s choice",
        "people\u02bcs choice",
        "people\u2032s choice",
        "people\u00b4s choice",
        "peo\u00adple's choice",
        "people's\u200b choice",
        "\u200epeople's choice",
        "\u2066people's choice\u2069",
        "people's\u00a0choice",
        "people's\u202fchoice",
        "people's\u2007choice",
        "\uff50eople's choice",
        "\ufeffpeople's choice",
        "people's\u2060 choice",
    ],
    "1798-1801": [
        "1798\u20131801",
        "1798\u20111801",
        "1798\u22121801",
        "1798\u20141801",
        "1798\uff0d1801",
        "1798\u20101801",
    ],
    '"so"': ["\u201cso\u201d", "\u201eso\u201c", "\u00abso\u00bb", "\uff02so\uff02", "\u201fso\u201d"],
    "and so on...": ["and so on\u2026"],
    "Jos\u00e9": ["Jose\u0301", "Jos\u00e9\u200d"],
    "\ud55c": ["\u1112\u1161\u11ab"],
}


@pytest.mark.parametrize(("plain", "text"), [(plain, text) for plain, texts in SAME.items() for text in texts])
def test_text_as_a_device_writes_it_has_the_same_normal_form(plain: str, text: str) -> None:
    assert normal_form(text) == normal_form(plain) == plain


@pytest.mark.parametrize(
    ("one", "other"), [("x\u00b2", "x2"), ("resume", "r\u00e9sum\u00e9"), ("a b", "ab"), ("\u03b1", "a")]
)
def test_texts_that_look_different_stay_different(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


_MARKED = st.lists(
    st.text("ae\u00e9 \u0105", max_size=2)
    | st.builds(
        lambda marks, times: marks * times,
        st.text("\u0301\u0323\u05b0\u0f73\u3099\u200b\u034f", max_size=4),
        st.integers(0, 150),
    )
).map("".join)


@given(st.text() | _MARKED)
def test_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)
    assert visible_form(visible_form(text)) == visible_form(text)


@given(st.text())
def test_decomposed_text_has_the_same_normal_form(text: str) -> None:
    assert normal_form(unicodedata.normalize("NFD", text)) == normal_form(text)


#: Format characters that are visible: number signs of Arabic and Syriac, joiners of hieroglyphs.
VISIBLE_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}


def test_every_space_and_every_format_character_is_covered() -> None:
    """Whatever Unicode calls a space is a space; whatever it calls a format character is invisible."""
    for code in set(range(0x110000)) - VISIBLE_FORMATS:
        expected = {"Zs": "a b", "Cf": "ab"}.get(unicodedata.category(chr(code)))
        assert expected in (None, normal_form(f"a{chr(code)}b")), hex(code)


def test_blank_is_what_shows_nothing() -> None:
    assert is_blank(" \u200b\u00a0\ufeff\t")
    assert not is_blank(".")


def test_invisible_characters_are_named() -> None:
    assert unusual_characters("a\u200bb\u00a0c\u200bd e\tf") == ["\u200b", "\u00a0"]
    assert character_names(["\u200b", "\u00a0"]) == "U+200B (zero width space), U+00A0 (no-break space)"


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0301\u200b\u0323\u200d", "\u0f73\u0301", "\u0301\u034f\u0323"])
def test_half_a_million_marks_on_one_letter_take_no_time_and_most_are_left_out(marks: str) -> None:
    """Sorting them as Unicode says takes minutes."""
    started = time.process_time()
    made = normal_form("a" + marks * (500_000 // len(marks)) + "b")
    assert time.process_time() - started < 20
    assert len(made) <= 102
    assert made.endswith("b")


def test_all_marks_of_a_word_count() -> None:
    """In Hebrew and Vietnamese, up to three of them; here as many as count at all."""
    word = "\u05d1" + "\u05bc\u05b8\u0591" * 33
    assert normal_form(word * 3) == unicodedata.normalize("NFC", word) * 3
