"""Values written as YAML are the same values, in the layout of ``civicquiz format``."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import parse
from civicquiz.exchange.yaml_text import quiz_text

#: Texts as authors write them, and some that YAML would take for something else.
TEXTS = st.one_of(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"
        ),
        max_size=30,
    ),
    st.text(st.sampled_from("ab:#-?'\"\\,[]{}&*!|>%@` \n"), max_size=20),
    st.sampled_from(
        ["yes", "No", "1798", "1_000", "12:30", "null", "~", "- a", "a: b", "a #b", "'", '"', "a\\b", "x\ny", "a\n\nb"]
    ),
)
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.integers(-(10**6), 10**6), st.sampled_from([0.5, 1e-7, 6.022e23, -2.25])),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.from_regex("[a-z]{1,5}", fullmatch=True), inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


def without_last_line_ends(value: Any) -> Any:
    """A text of several lines is written below ``|``, which adds a line end; every text of a quiz is stripped."""
    if isinstance(value, dict):
        return {key: without_last_line_ends(part) for key, part in value.items()}
    if isinstance(value, list):
        return [without_last_line_ends(part) for part in value]
    return value.removesuffix("\n") if isinstance(value, str) and "\n" in value.rstrip("\n") else value


@given(
    TEXTS,
    st.dictionaries(st.sampled_from(["shuffle", "stimuli", "pick"]), VALUES, max_size=2),
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["prompt", "options", "tags", "answer"]), VALUES, min_size=1, max_size=3),
            st.lists(TEXTS, max_size=2),
        ),
        min_size=1,
        max_size=3,
    ),
)
@example("a", {}, [({"options": [{"text": "  a\nb "}, "x", 7]}, ["a comment\nof two lines"])])
@example("a", {}, [({"tags": ["a, b", "[c]", "", 7]}, [])])
def test_values_come_back_as_they_were(title: str, settings: dict[str, Any], questions: list[Any]) -> None:
    written = quiz_text(title, settings, questions)
    expected = {"title": title, **settings, "questions": [values for values, _ in questions]}
    assert without_last_line_ends(parse(written).value) == without_last_line_ends(expected)


@given(
    TEXTS,
    st.lists(
        st.dictionaries(st.sampled_from(["prompt", "hint", "text"]), TEXTS, min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
)
def test_nothing_is_left_to_format(title: str, questions: list[dict[str, str]]) -> None:
    written = quiz_text(title, {}, [({"id": f"q{number}", **values}, []) for number, values in enumerate(questions)])
    assert laid_out(written) == written


def test_file_reads_as_a_person_would_write_it() -> None:
    question = {
        "type": "single-choice",
        "prompt": "Which law?\n\nThink of 1798.",
        "options": [{"text": "The Act", "correct": True}, "1798", "It was: none"],
        "tags": ["courts", "law"],
        "id": "which",
        "points": 2,
    }
    assert quiz_text("Laws", {"shuffle": ["options"]}, [(question, ["The points were guessed."])]) == (
        """\
title: Laws
shuffle: [options]
questions:
  # The points were guessed.
  - id: which
    type: single-choice
    prompt: |
      Which law?

      Think of 1798.
    options:
      - text: The Act
        correct: true
      - "1798"
      - "It was: none"
    tags: [courts, law]
    points: 2
"""
    )


@pytest.mark.parametrize("sign", ["\x07", "\x85", "\u2028", "\N{ZERO WIDTH SPACE}", "\U000e0001"])
def test_invisible_characters_are_written_so_that_they_can_be_seen(sign: str) -> None:
    written = quiz_text(f"a{sign}b", {}, [({"id": "q"}, [])])
    assert sign not in written
