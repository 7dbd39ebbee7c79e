"""Phrases that messages share."""

from __future__ import annotations

from civicquiz.authoring.wording import did_you_mean, nearest


def test_a_slip_of_the_keyboard_finds_the_word_that_was_meant() -> None:
    assert nearest("tolerence", ["answer", "tolerance", "unit"]) == "tolerance"
    assert did_you_mean("tolerence", ["answer", "tolerance", "unit"], "known keys: …") == "did you mean 'tolerance'?"


def test_upper_and_lower_case_do_not_hide_a_word() -> None:
    assert did_you_mean("PASSED-IN", ["Passed-in"]) == "did you mean 'Passed-in'?"


def test_a_word_like_none_that_is_known_gets_the_other_hint() -> None:
    assert did_you_mean("zebra", ["answer", "unit"], "known keys: answer, unit") == "known keys: answer, unit"
    assert did_you_mean("zebra", []) == ""
