"""How words and numbers are written for people."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civicquiz.authoring.wording import did_you_mean, excerpt, nearest, number_text, score_text
from civicquiz.errors import one_line


def test_a_slip_of_the_keyboard_finds_the_word_that_was_meant() -> None:
    assert nearest("tolerence", ["answer", "tolerance", "unit"]) == "tolerance"
    assert did_you_mean("tolerence", ["answer", "tolerance", "unit"], "known keys: …") == "did you mean 'tolerance'?"


def test_upper_and_lower_case_do_not_hide_a_word() -> None:
    assert did_you_mean("PASSED-IN", ["Passed-in"]) == "did you mean 'Passed-in'?"


def test_a_word_like_none_that_is_known_gets_the_other_hint() -> None:
    assert did_you_mean("zebra", ["answer", "unit"], "known keys: answer, unit") == "known keys: answer, unit"
    assert did_you_mean("zebra", []) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("exactly 10", "exactly 10"),
        ("eleven char", "eleven ch…"),
        ("word after", "word after"),
        ("1\n2\r\n3\u20284", "1 2 3 4"),
        ("  14 ", "  14 "),
        ("cut after a space", "cut after…"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("\u202eb", r"\u202eb"),
        ("\ud83d", r"\ud83d"),
    ],
)
def test_excerpt_is_a_line_that_says_where_it_is_cut(text: str, shown: str) -> None:
    assert excerpt(text, 10) == shown


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(1, 60))
@example("\r\n" * 11, 10)
def test_an_excerpt_fits_and_can_be_printed(text: str, limit: int) -> None:
    line = excerpt(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    if line.endswith("…"):
        assert one_line(text).startswith(line[:-1])
    else:
        assert line == one_line(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.0, "14"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (1e20, "1" + "0" * 20),
        (1e21, "1e+21"),
        (1e-6, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (Decimal("1E-7"), "0.0000001"),
        (1234567.0, "1234567"),
        (1000, "1000"),
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_number_is_written_without_zeros_that_say_nothing(value: float | Decimal, text: str) -> None:
    assert number_text(value) == text


def test_number_is_rounded_only_when_decimals_are_asked_for() -> None:
    assert number_text(0.1 + 0.2) == "0.30000000000000004"
    assert number_text(0.1 + 0.2, 6) == "0.3"
    assert number_text(-0.0000001, 6) == "0"
    assert number_text(1234567.25, 0) == "1234567"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_as_the_same_number(value: float) -> None:
    assert float(number_text(value)) == value


@pytest.mark.parametrize(("score", "text"), [(2 / 3, "0.67"), (0.125, "0.13"), (1.0, "1"), (0.0, "0"), (12.5, "12.5")])
def test_score_has_at_most_two_decimals(score: float, text: str) -> None:
    assert score_text(score) == text
