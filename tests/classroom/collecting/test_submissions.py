"""Whose response file it is, for which quiz, when it came, and what cannot be used."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from class_files import RIGHT, response_file, write_keys
from hypothesis import given
from hypothesis import strategies as st
from material import write

from civicquiz.classroom.collecting import FoundText, Roster, Submission, layout_of, read_roster, read_submission
from civicquiz.errors import UnusableError
from civicquiz.model.learner_copy import accepted_versions
from civicquiz.model.quiz import Quiz

#: What Blackboard writes between the id of a student and the name of a file.
_AT = "attempt_2026-11-27-10-11-12"

Quizzes = dict[str, tuple[Quiz, frozenset[str]]]


@pytest.fixture(scope="module")
def quizzes(tmp_path_factory: pytest.TempPathFactory) -> Quizzes:
    keys = write_keys(tmp_path_factory.mktemp("class"))
    return {name: (quiz, accepted_versions(quiz)) for name, quiz in keys.items()}


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return read_roster(write(tmp_path / "r.csv", "learner,name,canvas id\nanna,Anna Lee,11\nbob,Bob Smith,22\n"))


def read(quizzes: Quizzes, path: str, content: str | bytes, roster: Roster | None = None, **more: Any) -> Submission:
    line = more.pop("line", False)
    text = content.encode() if isinstance(content, str) else content
    parts, top = tuple(path.split("/")), more.pop("top", 0)
    layout = layout_of([parts], top, is_learner=lambda name: roster is not None and bool(roster.by_id(name)))
    found = FoundText(path, parts, text, lambda name: more.get("beside", {}).get(name), line=line, layout=layout)
    given = {name: value for name, value in more.items() if name != "beside"}
    accepted = given.pop("accepted", set())
    return read_submission(found, {name: known | accepted for name, (_, known) in quizzes.items()}, roster, **given)


def reason(*arguments: Any, **more: Any) -> str:
    with pytest.raises(UnusableError) as raised:
        read(*arguments, **more)
    assert str(raised.value)
    return raised.value.reason


def test_learner_from_file_path_or_roster(quizzes: Quizzes, roster: Roster) -> None:
    law = quizzes["law"][0]
    plain, signed = response_file(law, RIGHT), response_file(law, RIGHT, learner="anna")
    assert read(quizzes, "bob/law.responses.json", plain).learner == "bob"
    assert read(quizzes, "bob/law.responses.json", signed).learner == "anna"
    assert read(quizzes, "class.jsonl", signed, line=True).learner == "anna"
    assert read(quizzes, "leeanna_11_5_law.json", plain).learner == "11"
    assert read(quizzes, "leeanna_11_5_law.json", plain, roster).learner == "anna"
    assert read(quizzes, "leeanna_99_5_law.json", plain, roster).learner == "anna"  # by the name
    assert read(quizzes, "Lee Anna_777_assignsubmission_file_/law.json", plain, roster).learner == "anna"
    assert read(quizzes, "anna-law.json", plain, roster).name == "Anna Lee"
    assert read(quizzes, f"Law test_anna_{_AT}_law.json", plain).learner == "anna"
    assert read(quizzes, f"The_law_anna_{_AT}_law.json", plain, roster).learner == "anna"
    assert read(quizzes, "1-2 - Lee, Anna - May 1, 2026 909 PM/law.json", plain, roster).learner == "anna"
    assert read(quizzes, "1-2 - 0011 Lee - May 1, 2026 909 PM/law.json", plain).learner == "0011"


def test_two_ways_to_read_an_id_are_no_way_to_tell(quizzes: Quizzes, tmp_path: Path) -> None:
    plain = response_file(quizzes["law"][0], RIGHT)
    roster = read_roster(write(tmp_path / "r.csv", "learner,name\nb,Bob Smith\na_b,Anna Lee\n"))
    assert reason(quizzes, f"Law_a_b_{_AT}_law.json", plain, roster) == "unknown-student"
    assert reason(quizzes, f"Law_a_b_{_AT}_law.json", plain) == "unknown-student"
    assert read(quizzes, f"Law_b_{_AT}_law.json", plain, roster).learner == "b"


def test_the_platforms_word_is_better_than_the_files(quizzes: Quizzes, roster: Roster) -> None:
    forged = response_file(quizzes["law"][0], RIGHT, learner="bob")
    handed_in = read(quizzes, "leeanna_11_5_law.json", forged, roster)
    assert (handed_in.learner, handed_in.claimed) == ("anna", "bob")
    handed_in = read(quizzes, "submitted/anna/ps1/law.json", forged)
    assert (handed_in.learner, handed_in.claimed) == ("anna", "bob")
    handed_in = read(quizzes, f"Law_anna_{_AT}_law.json", forged)
    assert (handed_in.learner, handed_in.claimed) == ("anna", "bob")
    handed_in = read(quizzes, "leeanna_11_5_law.json", forged)
    assert (handed_in.learner, handed_in.claimed) == ("11", "")  # without a roster nobody can tell
    honest = response_file(quizzes["law"][0], RIGHT, learner="anna")
    assert read(quizzes, "leeanna_11_5_law.json", honest, roster).claimed == ""


@pytest.mark.parametrize(
    "path",
    [
        "own/bob/leeanna_11_9_law.responses.json",
        "own/bob/submitted/anna/ps1/law.responses.json",
        "own/bob/Anna Lee_901_assignsubmission_file_/law.responses.json",
        "own/bob/anna.json",
        "own/bob/anna/law.responses.json",
        "own/Bob Smith/anna-law.responses.json",
    ],
)
def test_a_learner_cannot_take_anothers_place_with_names_inside_of_an_own_folder(
    quizzes: Quizzes, roster: Roster, path: str
) -> None:
    law = quizzes["law"][0]
    assert read(quizzes, path, response_file(law, RIGHT), roster, top=1).learner == "bob"
    handed_in = read(quizzes, path, response_file(law, RIGHT, learner="anna"), roster, top=1)
    assert (handed_in.learner, handed_in.claimed) == ("bob", "anna")


def test_file_with_the_name_of_another_learner_is_reported(quizzes: Quizzes, roster: Roster) -> None:
    plain = response_file(quizzes["law"][0], RIGHT)
    assert read(quizzes, "own/bob/anna.json", plain, roster, top=1).claimed == "anna"
    assert read(quizzes, "own/bob/law.json", plain, roster, top=1).claimed == ""
    assert read(quizzes, "own/bob/work.json", plain, roster, top=1).claimed == ""


def test_unknown_learners(quizzes: Quizzes, roster: Roster) -> None:
    plain = response_file(quizzes["law"][0], RIGHT)
    assert reason(quizzes, "law.responses.json", plain) == "unknown-student"
    assert reason(quizzes, "class.jsonl", plain, line=True) == "unknown-student"
    assert reason(quizzes, "carla-law.json", plain, roster) == "unknown-student"
    assert reason(quizzes, "doe_33_5_law.json", plain, roster) == "unknown-student"
    for learner in ("x" * 201, "a\nb", "\x1b[2J"):
        signed = response_file(quizzes["law"][0], RIGHT, learner=learner)
        assert reason(quizzes, "class.jsonl", signed, line=True) == "unknown-student"


def test_other_quizzes_and_versions(quizzes: Quizzes) -> None:
    law = quizzes["law"][0]
    assert reason(quizzes, "a/x.json", response_file(law, RIGHT, quiz="other")) == "no-key"
    assert reason(quizzes, "a/x.json", response_file(law, RIGHT, quiz=["law"])) == "no-key"
    older = response_file(law, RIGHT, content_hash="0123456789abcdef")
    assert reason(quizzes, "a/law.json", older) == "other-version"
    assert read(quizzes, "a/law.json", older, accepted={"0123456789abcdef"}).learner == "a"
    assert reason(quizzes, "a/law.json", response_file(law, RIGHT, content_hash=["x"])) == "other-version"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "unreadable"),
        ("{", "unreadable"),
        ("\x00", "unreadable"),
        ("[" * 100_000, "unreadable"),
        ('{"schema": 1, "responses": {"a": ' + "9" * 10_000 + "}}", "unreadable"),
        ('{"schema": 1, "responses": {"a": NaN}}', "unreadable"),
        ("[]", "not-a-response-file"),
        ("1", "not-a-response-file"),
        ('{"schema": 2, "responses": {}}', "not-a-response-file"),
        ('{"schema": 1}', "not-a-response-file"),
        ('{"schema": 1, "responses": []}', "not-a-response-file"),
        ('{"nbformat": 4, "cells": []}', "not-a-response-file"),
    ],
)
def test_file_that_is_not_a_response_file_is_refused(quizzes: Quizzes, content: str, expected: str) -> None:
    assert reason(quizzes, "a/law.json", content) == expected


def test_lone_surrogate_loses_nothing_else(quizzes: Quizzes) -> None:
    text = response_file(quizzes["law"][0], {"by-age": "14"}).replace('"14"', '"14\\ud83d"')
    assert read(quizzes, "a/law.json", text).session.responses == {"by-age": "14?"}


def test_late_is_what_canvas_says_or_what_the_time_says(quizzes: Quizzes) -> None:
    due = datetime.fromisoformat("2026-11-20T12:00:00-05:00")
    law = quizzes["law"][0]
    plain = response_file(law, RIGHT)
    assert read(quizzes, "lee_LATE_1_2_law.json", plain).late
    assert not read(quizzes, "lee_1_2_law.json", plain, due=due).late
    for moment, late in (
        ("2026-11-20T17:00:00Z", False),
        ("2026-11-20T17:00:01Z", True),
        ("2026-11-20T12:00:00", False),
    ):
        handed_in = read(quizzes, "a/law.json", response_file(law, RIGHT, submitted=moment), due=due)
        assert handed_in.late is late
    beside = {"timestamp.txt": b"2026-11-20 17:00:01.123456 UTC\n"}
    handed_in = read(quizzes, "submitted/anna/ps1/law.json", plain, due=due, beside=beside)
    assert (handed_in.late, handed_in.submitted) == (True, "2026-11-20T17:00:01+00:00")


_KEYS = ("schema", "quiz", "content_hash", "responses", "session", "marks", "learner", "submitted", "seed")
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=3), inner, max_size=8)
    ),
    max_leaves=25,
)


@given(_VALUES)
def test_any_json_is_a_submission_or_says_why_not(quizzes: Quizzes, value: Any) -> None:
    base = json.loads(response_file(quizzes["law"][0], {}))
    for content in (value, {**base, **value} if isinstance(value, dict) else [value]):
        with contextlib.suppress(UnusableError):
            assert read(quizzes, "a/law.json", json.dumps(content)).learner


# ---- When it was saved, and when it was handed in ----


@pytest.mark.parametrize(
    ("stamp", "submitted"),
    [
        ("2026-12-05 23:58:00.000000 EST", "2026-12-06T04:58:00+00:00"),
        ("2026-12-05 23:58:00 PDT", "2026-12-06T06:58:00+00:00"),
        ("2026-12-05 23:58:00.5 CEST", "2026-12-05T21:58:00+00:00"),
        ("2026-12-05 23:58:00 UTC", "2026-12-05T23:58:00+00:00"),
        ("2026-12-05 23:58:00+05:30", "2026-12-05T18:28:00+00:00"),
        ("2026-12-05 23:58:00", "2026-12-05T23:58:00+00:00"),
    ],
)
def test_time_that_nbgrader_noted_is_read_with_its_zone(quizzes: Quizzes, stamp: str, submitted: str) -> None:
    due = datetime.fromisoformat("2026-11-30T23:59-05:00")
    plain = response_file(quizzes["law"][0], RIGHT)
    handed_in = read(quizzes, "submitted/anna/ps1/law.json", plain, due=due, beside={"timestamp.txt": stamp.encode()})
    assert (handed_in.submitted, handed_in.late, handed_in.unread_time) == (submitted, True, "")


@pytest.mark.parametrize("stamp", ["2026-12-05 23:58:00 IST", "yesterday", "2026-13-05 23:58:00 UTC"])
def test_time_that_cannot_be_read_is_not_ignored(quizzes: Quizzes, stamp: str) -> None:
    plain = response_file(quizzes["law"][0], RIGHT)
    handed_in = read(quizzes, "submitted/anna/ps1/law.json", plain, beside={"timestamp.txt": stamp.encode()})
    assert (handed_in.submitted, handed_in.unread_time) == ("", stamp)


def test_time_among_a_learner_s_own_files_says_nothing(quizzes: Quizzes) -> None:
    plain = response_file(quizzes["law"][0], RIGHT)
    for place in ("submitted/anna/ps1/mine/law.json", "in/anna/law.json"):
        handed_in = read(quizzes, place, plain, beside={"timestamp.txt": b"2020-01-01 00:00:00 UTC"})
        assert (handed_in.submitted, handed_in.unread_time) == ("", "")


def test_of_two_files_the_one_that_was_saved_later_counts_whatever_it_is_called(quizzes: Quizzes) -> None:
    law = quizzes["law"][0]
    early = read(quizzes, "in/a/law.responses (9).json", response_file(law, RIGHT, saved="2026-11-06T12:00:00.001Z"))
    late = read(quizzes, "in/a/law.responses.json", response_file(law, RIGHT, saved="2026-11-06T12:00:00.002Z"))
    unknown = read(quizzes, "in/a/law.responses (1).json", response_file(law, RIGHT))
    assert unknown.order < early.order < late.order
