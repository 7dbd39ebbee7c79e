"""What the names that platforms give to files reveal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.collecting import PathHints, hints_from_path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("smithbob_340934_20849_law.responses.json", PathHints("canvas", "340934", "smithbob", False, (0, 20849))),
        ("smithbob_LATE_340934_9_law.responses-2.json", PathHints("canvas", "340934", "smithbob", True, (2, 9))),
        ("lee_anna_1_2_3_4.json", PathHints("canvas", "1", "lee_anna", False, (0, 2))),
        ("muñozana_12_34_work.zip/law.json", PathHints("canvas", "12", "muñozana", False, (0, 34))),
        ("Anna María_657737_assignsubmission_file_/law.responses.json", PathHints("moodle", "657737", "Anna María")),
        ("Anna Smith_657737_assignsubmission_file/law.json", PathHints("moodle", "657737", "Anna Smith")),
        ("Anna Smith_657737_assignsubmission_file_law.json", PathHints("moodle", "657737", "Anna Smith")),
        ("Participant_12_assignsubmission_file_/sub/law.json", PathHints("moodle", "12", "Participant")),
        ("submitted/anna/ps1/law.responses.json", PathHints("nbgrader", "anna")),
        ("course/submitted/anna/ps1/deep/law.json", PathHints("nbgrader", "anna")),
        ("class/anna.json", PathHints(learner="anna")),
        ("class/anna-law.responses.json", PathHints(learner="anna")),
        ("class/law_anna (1).json", PathHints(learner="anna", order=(1, 0))),
        ("class/anna/law.responses (2).json", PathHints(learner="anna", order=(2, 0))),
        ("class/anna/law-3.json", PathHints(learner="anna", order=(3, 0))),
        ("law.responses.json", PathHints()),
    ],
)  # fmt: skip
def test_patterns(path: str, expected: PathHints) -> None:
    assert hints_from_path(tuple(path.split("/")), "law") == expected


@pytest.mark.parametrize(
    "path",
    [
        "smithbob_1_2_work.zip/Other One_99_assignsubmission_file_/law.json",
        "smithbob_1_2_work.zip/submitted/other/ps1/law.json",
        "smithbob_1_2_work.zip/other_5_6_law.json",
    ],
)
def test_a_learner_cannot_speak_for_another_with_folders_inside_of_an_archive(path: str) -> None:
    assert hints_from_path(tuple(path.split("/")), "law").learner == "1"


@pytest.mark.parametrize(
    "path",
    [
        "own/bob/anna_34_9_law.json",
        "own/bob/submitted/anna/ps1/law.json",
        "own/bob/Anna_9_assignsubmission_file_/x.json",
    ],
)
def test_names_of_platforms_say_nothing_below_what_was_hints_from_path(path: str) -> None:
    assert hints_from_path(tuple(path.split("/")), "law").platform == "plain"
    assert hints_from_path(tuple(path.split("/")[1:]), "law", top=0).platform == "plain"  # in an archive


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=10))
def test_any_path_has_a_name(parts: list[str], quiz: str) -> None:
    assert isinstance(hints_from_path(tuple(parts), quiz), PathHints)


def test_a_long_name_is_read_at_once() -> None:
    assert hints_from_path(("a_" * 100_000 + "1",)).platform == "plain"
    assert hints_from_path(("1_" * 100_000,)).platform in ("plain", "canvas")


# ---- Names of files as browsers, systems and people make them ----


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("law.responses.json", 0),
        ("law.responses (1).json", 1),
        ("law.responses (10).json", 10),
        ("law.responses(2).json", 2),
        ("law.responses - Copy.json", 1),
        ("law.responses - Copy (3).json", 3),
        ("law.responses copy.json", 1),
        ("law.responses copy 2.json", 2),
        ("law.responses 2.json", 2),
        ("law.responses - copia.json", 1),
        ("law.responses - Kopie (2).json", 2),
        ("law_responses.json", 0),
        ("law_responses (4).json", 4),
        ("law-responses-2.json", 2),
        ("law.responses.json.json", 0),
        ("LAW.RESPONSES.JSON".replace("LAW", "law"), 0),
    ],
)
def test_copy_of_a_file_in_a_folder_is_from_the_folder_and_copies_count_as_numbers(name: str, copy: int) -> None:
    hints = hints_from_path(("in", "ann", name), "law", top=1)
    assert (hints.platform, hints.learner, hints.order[0]) == ("plain", "ann", copy)


@pytest.mark.parametrize("learner", ["lawrence", "lawson", "marlaw", "ann", "o'lawry", "José", "outlaw2"])
@pytest.mark.parametrize(
    "pattern", ["{}.json", "{}-law.responses.json", "law-{}.responses.json", "{} law.json", "law_{}.json"]
)
def test_name_of_a_quiz_is_taken_off_only_at_a_separator(learner: str, pattern: str) -> None:
    assert hints_from_path(("in", pattern.format(learner)), "law", top=1).learner == learner


@pytest.mark.parametrize("date", ["2026_11_25", "25_11_2026", "11_25_2026", "20261125_1430", "2026_1_5"])
def test_date_in_a_name_is_not_taken_for_the_numbers_of_canvas(date: str) -> None:
    assert hints_from_path(("in", f"ann_{date}_law.responses.json"), "law", top=1).platform == "plain"


def test_numbers_of_canvas_are_still_read() -> None:
    hints = hints_from_path(("s.zip", "poeann_2026_9001_law.responses-2.json"), "law", top=1)
    assert (hints.platform, hints.learner, hints.order) == ("canvas", "2026", (2, 9001))
