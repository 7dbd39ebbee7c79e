"""What the names say that platforms give to what learners hand in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.collecting import Named, named


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("smithbob_340934_208490284_law.responses.json", Named("canvas", "340934", "smithbob", False, (0, 208490284))),
        ("smithbob_LATE_340934_9_law.responses-2.json", Named("canvas", "340934", "smithbob", True, (2, 9))),
        ("lee_anna_1_2_3_4.json", Named("canvas", "1", "lee_anna", False, (0, 2))),
        ("muñozana_12_34_work.zip/law.json", Named("canvas", "12", "muñozana", False, (0, 34))),
        ("Anna María S_657737_assignsubmission_file_/law.responses.json", Named("moodle", "657737", "Anna María S")),
        ("Anna Smith_657737_assignsubmission_file/law.json", Named("moodle", "657737", "Anna Smith")),
        ("Anna Smith_657737_assignsubmission_file_law.json", Named("moodle", "657737", "Anna Smith")),
        ("Participant_12_assignsubmission_file_/sub/law.json", Named("moodle", "12", "Participant")),
        ("submitted/anna/ps1/law.responses.json", Named("nbgrader", "anna")),
        ("course/submitted/anna/ps1/deep/law.json", Named("nbgrader", "anna")),
        ("class/anna.json", Named(learner="anna")),
        ("class/anna-law.responses.json", Named(learner="anna")),
        ("class/law_anna (1).json", Named(learner="anna")),
        ("class/anna/law.responses (2).json", Named(learner="anna")),
        ("class/anna/law-3.json", Named(learner="anna", turn=(3, 0))),
        ("law.responses.json", Named()),
    ],
)  # fmt: skip
def test_patterns(path: str, expected: Named) -> None:
    assert named(tuple(path.split("/")), "law") == expected


@pytest.mark.parametrize(
    "path",
    [
        "smithbob_1_2_work.zip/Other One_99_assignsubmission_file_/law.json",
        "smithbob_1_2_work.zip/submitted/other/ps1/law.json",
        "smithbob_1_2_work.zip/other_5_6_law.json",
    ],
)
def test_a_learner_cannot_speak_for_another_with_folders_inside_of_an_archive(path: str) -> None:
    assert named(tuple(path.split("/")), "law").learner == "1"


@pytest.mark.parametrize(
    "path",
    [
        "own/bob/anna_34_9_law.json",
        "own/bob/submitted/anna/ps1/law.json",
        "own/bob/Anna_9_assignsubmission_file_/x.json",
    ],
)
def test_names_of_platforms_say_nothing_below_what_was_named(path: str) -> None:
    assert named(tuple(path.split("/")), "law").by == "plain"
    assert named(tuple(path.split("/")[1:]), "law", top=0).by == "plain"  # in an archive


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=10))
def test_any_path_has_a_name(parts: list[str], quiz: str) -> None:
    assert isinstance(named(tuple(parts), quiz), Named)


def test_a_long_name_is_read_at_once() -> None:
    assert named(("a_" * 100_000 + "1",)).by == "plain"
    assert named(("1_" * 100_000,)).by in ("plain", "canvas")
