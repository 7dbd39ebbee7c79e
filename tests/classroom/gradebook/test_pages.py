"""The names of feedback pages: safe in every file system, and different for each learner."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.gradebook.pages import file_name


@pytest.mark.parametrize("learner", ["anna", "anna.lee@example.org", "340934", "a_b-c+d"])
def test_plain_ids_are_names(learner: str) -> None:
    assert file_name(learner) == f"{learner}.html"


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_are_safe_and_differ(one: str, other: str) -> None:
    name = file_name(one)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,90}\.html", name)
    assert one == other or name != file_name(other)


@pytest.mark.parametrize(
    "learner", ["../../etc/passwd", "CON", "con", "nul.x", "Anna", "a/b", "a\\b", ".", "日本", "a" * 300]
)
def test_dangerous_ids_get_a_hash(learner: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{10}\.html", file_name(learner))
