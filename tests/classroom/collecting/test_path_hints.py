"""What the names that platforms give to files reveal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.classroom.collecting import PathHints, layout_of


def hints_of(path: str, *others: str, top: int = 1, quiz: str = "law") -> PathHints:
    """What a path shows next to others; the first ``top`` names of each are those of what was named."""
    parts = tuple(path.split("/"))
    return layout_of([parts, *(tuple(other.split("/")) for other in others)], top).hints(parts, quiz)


#: What Blackboard writes before the name of a file, and the ids that may be in front of it.
_AT = "attempt_2026-11-27-10-11-12"
_IDS = ("C1_Law_a_b", "Law_a_b", "a_b", "b")
_TWO_WAYS = "the numbers in its name can be read in more than one way"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("in/smithbob_340934_20849_law.responses.json", PathHints("canvas", "340934", "smithbob", False, (0, 20849))),
        ("in/smithbob_LATE_340934_9_law.responses-2.json", PathHints("canvas", "340934", "smithbob", True, (2, 9))),
        ("in/lee_anna_1_2_3_4.json", PathHints("canvas", unclear=_TWO_WAYS)),
        ("in/lee_anna_1_2_law_4.json", PathHints("canvas", "1", "lee_anna", False, (0, 2))),
        ("in/muñozana_12_34_work.zip/law.json", PathHints("canvas", "12", "muñozana", False, (0, 34))),
        ("in/LATE_anon_aB3dE_9002_law.responses.json", PathHints("anonymous", "aB3dE", "", True, (0, 9002))),
        ("in/anon_12345_9003_law.responses.json", PathHints("anonymous", "12345", "", False, (0, 9003))),
        ("in/Anna María_657737_assignsubmission_file_/law.responses.json", PathHints("moodle", "657737", "Anna María")),
        ("in/Anna Smith_657737_assignsubmission_file/law.json", PathHints("moodle", "657737", "Anna Smith")),
        ("in/Anna Smith_657737_assignsubmission_file_law.json", PathHints("moodle", "657737", "Anna Smith")),
        ("in/Participant_12_assignsubmission_file_/sub/law.json", PathHints("moodle", "12", "Participant")),
        (f"in/Law test_anna_{_AT}_law.responses.json", PathHints("blackboard", "anna", order=(0, 20261127101112))),
        (f"in/gradebook_C1_Law_a_b_{_AT}_x.json", PathHints("blackboard", "", order=(0, 20261127101112), ids=_IDS)),
        (f"in/Law_anna_{_AT}_ben_attempt_2026-01-01-01-01-01_x-2.json",
         PathHints("blackboard", "anna", order=(2, 20261127101112))),
        ("in/12-34 - Anna María - Nov 27, 2026 1011 AM/law.json", PathHints("brightspace", "", "Anna María")),
        ("in/12-34 - Anna-Lee O'Hara - Jr. - 27 novembre, 2026 911/law.json",
         PathHints("brightspace", "", "Anna-Lee O'Hara - Jr.")),
        ("in/12-34 - 2330430 Angood - 05 March 2026 612 PM/a/law.json", PathHints("brightspace", "2330430", "Angood")),
        ("submitted/anna/ps1/law.responses.json", PathHints("nbgrader", "anna")),
        ("course/submitted/anna/ps1/deep/law.json", PathHints("nbgrader", "anna")),
        ("submitted/anna.json", PathHints(learner="anna")),
        ("class/anna.json", PathHints(learner="anna")),
        ("class/anna-law.responses.json", PathHints(learner="anna")),
        ("class/law_anna (1).json", PathHints(learner="anna", order=(1, 0))),
        ("class/anna/law.responses (2).json", PathHints(learner="anna", order=(2, 0))),
        ("class/anna/law-3.json", PathHints(learner="anna", order=(3, 0))),
        ("anna/law.responses.json", PathHints(learner="anna", guessed=True)),
    ],
)  # fmt: skip
def test_patterns(path: str, expected: PathHints) -> None:
    parts = path.split("/")
    if ".zip" in path:  # what is inside is not part of the listing
        assert layout_of([tuple(parts[:-1])], 1).hints(tuple(parts), "law") == expected
    else:
        assert hints_of(path) == expected


def test_file_that_is_named_by_itself() -> None:
    assert hints_of("law.responses.json", top=0) == PathHints()
    assert hints_of("smithbob_34_9_law.json", top=0).learner == "34"


@pytest.mark.parametrize("around", ["", "submissions/", "Downloads/submissions/", "submissions (2)/"])
@pytest.mark.parametrize(
    ("names", "platform", "learners"),
    [
        (["poeann_11_901_law.json", "roeben_22_902_law.json"], "canvas", ["11", "22"]),
        (["anon_aB3dE_901_law.json", "LATE_anon_Zz9x1_902_law.json"], "anonymous", ["aB3dE", "Zz9x1"]),
        (["Ann Poe_11_assignsubmission_file_/a.json", "Ben_22_assignsubmission_file_/b.json"], "moodle", ["11", "22"]),
        (["Ann Poe_11_assignsubmission_file_a.json", "Ben_22_assignsubmission_file_b.json"], "moodle", ["11", "22"]),
        (["submitted/ann/ps/law.json", "submitted/ben/ps/law.json"], "nbgrader", ["ann", "ben"]),
        ([f"L_ann_{_AT}_a.json", f"L_ben_{_AT}_b.json"], "blackboard", ["ann", "ben"]),
        (
            ["1-2 - 111 Ann - May 1, 2026 909 PM/a.json", "3-2 - 222 Ben - May 1, 2026 109 AM/b.json"],
            "brightspace",
            ["111", "222"],
        ),
    ],
)
def test_download_in_folders_around_it_is_still_one(
    around: str, names: list[str], platform: str, learners: list[str]
) -> None:
    paths = [around + name for name in names]
    for top in (0, 1):
        found = [hints_of(*(f"in/{one}" if top else one for one in order), top=top) for order in (paths, paths[::-1])]
        assert [(hints.platform, hints.learner) for hints in found] == [(platform, name) for name in learners]


def test_folder_of_somebody_in_the_class_is_not_one_around_a_download() -> None:
    names = [("in", "bob", "poeann_11_901_law.json"), ("in", "bob", "roeben_22_902_law.json")]
    assert layout_of(names, 1, is_learner=lambda name: name == "bob").platform == "plain"


@pytest.mark.parametrize("name", ["Group A-Ann Poe", "Grupo 1-Ann Poe", "A-B-Ann Poe", "Group A-Anne-Marie Poe"])
def test_name_of_a_group_can_be_left_out_if_every_name_has_one(name: str) -> None:
    path, other = (f"in/{who}_1{who[-1:] == 'x'}_assignsubmission_file_/law.json" for who in (name, "B-Xi"))
    path, other = path.replace("False", "1"), other.replace("False", "2")
    person = name.split("-", 2)[-1] if name.startswith("A-B") else name.split("-", 1)[1]
    assert person in hints_of(path, other).without_group
    assert hints_of(path, "in/Ben Roe_3_assignsubmission_file_/law.json").without_group == ()


@pytest.mark.parametrize(
    ("name", "others", "learner", "ids"),
    [
        ("Law_a_b", [], "", ("a_b", "b")),  # nothing says where the id begins
        ("Law_a_b", ["Law_bsmith"], "a_b", ()),
        ("Law_ann", ["Essay_ben"], "ann", ()),
        ("a_b_c_d_e_f_g", ["a_b_c_d_e_f_h"], "", ("d_e_f_g", "e_f_g", "f_g", "g")),
        ("Law_test_bob", ["Law_test_a_b"], "", ("test_bob", "bob")),
        ("gradebook_C1_Law20test_bob", ["gradebook_C1_Law20test_ann", "gradebook_C1_Law20test_ben"], "",
         ("C1_Law20test_bob", "Law20test_bob", "bob")),
    ],
)  # fmt: skip
def test_id_in_a_name_of_blackboard_begins_where_the_names_begin_to_differ_or_before(
    name: str, others: list[str], learner: str, ids: tuple[str, ...]
) -> None:
    hints = hints_of(*(f"in/{one}_{_AT}_law.json" for one in (name, *others)))
    assert (hints.platform, hints.learner, hints.ids) == ("blackboard", learner, ids)


# ---- A learner's own part of a name ----


@pytest.mark.parametrize(
    "path",
    [
        "smithbob_1_2_work.zip/Other One_99_assignsubmission_file_/law.json",
        "smithbob_1_2_work.zip/submitted/other/ps1/law.json",
        "smithbob_1_2_work.zip/other_5_6_law.json",
    ],
)
def test_a_learner_cannot_speak_for_another_with_folders_inside_of_an_archive(path: str) -> None:
    parts = tuple(path.split("/"))
    assert layout_of([parts[:1]]).hints(parts, "law").learner == "1"


#: What a learner called the file: everything that one platform or another would read a learner from.
_TAILS = (
    "law.json",
    "x_340935_assignsubmission_file_-9.json",
    "340935_200_law.json",
    "200_x_340935_assignsubmission_file_-9.json",
    "_340935_9_law.json",
    "LATE_340935_9_law.json",
    "anon_340935_9_law.json",
    f"Law_340935_{_AT}_law.json",
    f"{_AT}_340935_{_AT}_law.json",
    "1-2 - 340935 Ann - May 1, 2026 909 PM.json",
    "Other One_340935_assignsubmission_file_law.json",
    "submitted.json",
)


@pytest.mark.parametrize("tail", _TAILS)
@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("smithbob_340934_77_{}", "poeann_340935_78_law.json"),
        ("Bob Smith_340934_assignsubmission_file_{}", "Ann Poe_340935_assignsubmission_file_law.json"),
        ("Bob Smith_340934_assignsubmission_file_/{}", "Ann Poe_340935_assignsubmission_file_/law.json"),
        (f"Law test_340934_{_AT}_{{}}", f"Law test_340935_{_AT}_law.json"),
        ("1-2 - 340934 Bob - May 1, 2026 909 PM/{}", "2-2 - 340935 Ann - May 1, 2026 909 PM/law.json"),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_end_of_a_name_never_gives_the_place_of_another(own: str, other: str, tail: str, alone: bool) -> None:
    hints = hints_of("in/" + own.format(tail), *([] if alone else ["in/" + other]))
    assert hints.learner == "340934" or (hints.learner == "" and hints.unclear)


@pytest.mark.parametrize(
    "path",
    [
        "own/bob/anna_34_9_law.json",
        "own/bob/submitted/anna/ps1/law.json",
        "own/bob/Anna_9_assignsubmission_file_/x.json",
        f"own/bob/Law_anna_{_AT}_x.json",
        "own/bob/1-2 - anna - May 1, 2026 909 PM/x.json",
    ],
)
def test_names_of_platforms_say_nothing_below_a_learner(path: str) -> None:
    """Neither in a folder nor in an archive."""
    for found in (hints_of(path, "own/carl/law.json"), hints_of(path[4:], "carl/law.json", top=0)):
        assert found.platform == "plain"
        assert found.learner in ("bob", "x") or found.unclear


def test_file_named_as_on_a_platform_among_others_is_nobodys() -> None:
    assert hints_of("in/poeann_11_901_law.json", "in/ben.json").unclear
    assert hints_of("in/Ann_11_assignsubmission_file_law.json", "in/ben.json").unclear
    assert hints_of(f"in/Law_ann_{_AT}_law.json", "in/ben.json").unclear
    assert hints_of("in/ben.json", "in/poeann_11_901_law.json").learner == "ben"


@pytest.mark.parametrize("inside", ["anna.json", "anna/law.json", "poeann_11_9_law.json", "submitted/anna/ps/law.json"])
def test_inside_an_archive_of_a_learner_no_name_counts_but_its_own(inside: str) -> None:
    for archive in ("bob.zip", "bob (1).zip", "law-bob.zip", "bob/work.zip", "bob/law.zip"):
        parts = ("in", *archive.split("/"), *inside.split("/"))
        hints = layout_of([parts[: -inside.count("/") - 1], ("in", "ann.json")], 1).hints(parts, "law")
        assert hints.learner in ("bob", "work") or hints.unclear


def test_a_name_that_may_end_in_a_number_is_read_only_if_the_file_name_begins_with_that_of_the_quiz() -> None:
    assert hints_of("in/smithbob_34_9_01_intro.json", quiz="01_intro").learner == "34"
    assert hints_of("in/smithbob_7_34_9_law.json", quiz="law").unclear
    assert hints_of("in/smithbob_34_9_78_law.json", quiz="law").unclear
    assert hints_of("in/smithbob_7_34_9_law.json", quiz="intro").unclear


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=10), st.integers(0, 4))
def test_any_path_has_a_name(parts: list[str], quiz: str, top: int) -> None:
    path = tuple(parts)
    top = min(top, max(len(path) - 1, 0))
    assert isinstance(layout_of([path], top).hints(path, quiz), PathHints)
    assert isinstance(layout_of([path, ("a", "b", "c", "d", "e", "f")], top).hints(path, quiz), PathHints)


def test_a_long_name_is_read_at_once() -> None:
    assert hints_of("a_" * 100_000 + "1", top=0).platform == "plain"
    assert hints_of("1_" * 100_000, top=0).platform in ("plain", "canvas")
    assert hints_of("1-2 - " + "a - " * 100_000 + "May 1, 2026 909 PM/law.json", top=0).platform == "brightspace"
    assert hints_of("a" + "_attempt_2026" * 100_000, top=0).platform == "plain"


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
    hints = hints_of(f"in/ann/{name}")
    assert (hints.platform, hints.learner, hints.order[0]) == ("plain", "ann", copy)


@pytest.mark.parametrize("learner", ["lawrence", "lawson", "marlaw", "ann", "o'lawry", "José", "outlaw2"])
@pytest.mark.parametrize(
    "pattern", ["{}.json", "{}-law.responses.json", "law-{}.responses.json", "{} law.json", "law_{}.json"]
)
def test_name_of_a_quiz_is_taken_off_only_at_a_separator(learner: str, pattern: str) -> None:
    assert hints_of(f"in/{pattern.format(learner)}").learner == learner


@pytest.mark.parametrize("date", ["2026_11_25", "25_11_2026", "11_25_2026", "20261125_1430", "2026_1_5"])
def test_date_in_a_name_is_not_taken_for_the_numbers_of_canvas(date: str) -> None:
    assert hints_of(f"in/ann_{date}_law.responses.json").platform == "plain"


def test_numbers_of_canvas_are_still_read() -> None:
    hints = hints_of("in/poeann_2026_9001_law.responses-2.json")
    assert (hints.platform, hints.learner, hints.order) == ("canvas", "2026", (2, 9001))
