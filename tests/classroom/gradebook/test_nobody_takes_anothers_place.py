"""Whatever one learner hands in, under whatever name, the scores of the others stay as they are."""

from __future__ import annotations

import csv
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from class_files import HALF, RIGHT, response_file, write_keys, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import write

from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.model.quiz import Quiz

#: learner -> (name on Moodle, name on Canvas, number)
CLASS = {
    "anna": ("Anna Lee", "leeanna", 340935),
    "bob": ("Bob Smith", "smithbob", 340934),
    "carla": ("Carla-Ruth Díaz", "díazcarlaruth", 340936),
}
#: The one who tries.
BOB = "bob"

#: Where a platform or a teacher puts what ``learner`` hands in as ``file``, which may have folders in it.
LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "canvas": lambda learner, file: f"{CLASS[learner][1]}_{CLASS[learner][2]}_77_{file.rpartition('/')[2]}",
    "canvas-late": lambda learner, file: f"{CLASS[learner][1]}_LATE_{CLASS[learner][2]}_7_{file.rpartition('/')[2]}",
    "anonymous": lambda learner, file: f"anon_{CLASS[learner][2] % 100000}_77_{file.rpartition('/')[2]}",
    "moodle": lambda learner, file: f"{CLASS[learner][0]}_{CLASS[learner][2]}_assignsubmission_file_/{file}",
    "moodle-files": lambda learner, file: (
        f"{CLASS[learner][0]}_{CLASS[learner][2]}_assignsubmission_file_{file.rpartition('/')[2]}"
    ),
    "nbgrader": lambda learner, file: f"submitted/{learner}/ps1/{file}",
    "folders": lambda learner, file: f"{learner}/{file}",
}

_OTHERS = ("anna", "carla")
_WORDS = (
    *(
        "anna",
        "Anna Lee",
        "leeanna",
        "340935",
        "340936",
        "carla",
        "LATE",
        "anon",
        "assignsubmission",
        "file",
        "submitted",
    ),
    *("law", "law.responses", "77", "-9", "-", "(2)", "x", "", "2026", "11"),
)
#: The name of a file: words in any order, or in one that some platform has.
_NAMES = st.one_of(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7).map("_".join),
    st.sampled_from(
        [
            *("law", "anna", "anna-law", "Anna Lee", "leeanna_340935_78_law", "anon_40935_9_law"),
            *("x_340935_assignsubmission_file_-9", "Anna Lee_340935_assignsubmission_file_law", "340935_78_law"),
        ]
    ),
)
_PATHS = st.builds(
    lambda folders, name: "/".join([*folders, f"{name}.json"]),
    st.sampled_from(
        [
            (),
            ("anna",),
            ("Anna Lee",),
            ("submitted", "anna", "ps1"),
            ("course", "submitted", "anna", "ps1"),
            ("Anna Lee_340935_assignsubmission_file_",),
            ("submissions",),
        ]
    ),
    _NAMES,
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Quiz]:
    folder = tmp_path_factory.mktemp("class")
    keys = write_keys(folder)
    columns = ("learner", "name", "ID", "Identifier")
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [columns, *((learner, name, number, number) for learner, (name, _, number) in CLASS.items())]
        )
    return folder, keys["law"]


def _scores(folder: Path, source: Path, with_roster: bool) -> dict[str, str]:
    """Who handed something in -> its score, without Bob."""
    out = source.parent / "results"
    roster = folder / "roster.csv" if with_roster else None
    options = GradingOptions((source,), (folder / "quizzes" / "law.yml",), out, roster=roster, feedback=False)
    with closing(GradingRun(options)) as run:
        run.run()
        run.publish()
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    shutil.rmtree(out)
    number = str(CLASS[BOB][2])
    return {row["learner"]: row["law"] for row in rows if row["learner"] not in (BOB, number, number[1:])}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize("with_roster", [False, True], ids=["alone", "roster"])
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_PATHS, inside=st.none() | st.lists(_PATHS, min_size=1, max_size=3), claim=st.sampled_from(["", *CLASS]))
def test_nobody_takes_anothers_place(
    keys: tuple[Path, Quiz],
    layout: str,
    with_roster: bool,
    packed: bool,
    path: str,
    inside: list[str] | None,
    claim: str,
) -> None:
    """In no layout, with or without a roster, as a file or in an archive."""
    folder, quiz = keys
    place = LAYOUTS[layout]
    honest = {place(learner, "law.responses.json"): response_file(quiz, RIGHT) for learner in _OTHERS}
    more: dict[str, Any] = {"saved": "2099-01-01T00:00:00Z", "submitted": "2099-01-01T00:00:00Z"}
    forged = response_file(quiz, HALF, **({"learner": claim} if claim else {}), **more)
    with tempfile.TemporaryDirectory() as temporary:
        results = []
        for files in (honest, {**honest, **_handed_in(Path(temporary), place, path, inside, forged)}):
            source = Path(temporary, f"class{len(results)}.zip" if packed else f"class{len(results)}")
            if packed:
                zipped(source, files)
            else:
                for name, content in files.items():
                    (source / name).parent.mkdir(parents=True, exist_ok=True)
                    (source / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            results.append(_scores(folder, source, with_roster))
    before, after = results
    assert {learner: after.get(learner) for learner in before} == before
    if layout != "folders" or with_roster:
        assert after == before


def _handed_in(
    folder: Path, place: Callable[[str, str], str], path: str, inside: list[str] | None, content: str
) -> dict[str, str | bytes]:
    """What Bob hands in: a file, or an archive of that name with files in it."""
    if inside is None:
        return {place(BOB, path): content}
    archive = zipped(folder / "work.zip", dict.fromkeys(inside, content))
    return {place(BOB, path.removesuffix(".json") + ".zip"): archive.read_bytes()}


def test_archives_of_platforms_in_a_folder_are_read_each_for_itself(keys: tuple[Path, Quiz], tmp_path: Path) -> None:
    folder, quiz = keys
    for layout in ("canvas", "moodle", "nbgrader"):
        files = {LAYOUTS[layout](learner, "law.json"): response_file(quiz, RIGHT) for learner in _OTHERS}
        zipped(tmp_path / layout / "download.zip", files)
        assert _scores(folder, tmp_path / layout, True) == {"anna": "4", "carla": "4"}


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "folders"])
def test_archive_as_from_a_platform_beside_files_of_learners_takes_nobodys_place(
    keys: tuple[Path, Quiz], tmp_path: Path, layout: str
) -> None:
    folder, quiz = keys
    for learner in _OTHERS:
        write(tmp_path / "in" / f"{learner}.json", response_file(quiz, RIGHT))
    forged = response_file(quiz, HALF, saved="2099-01-01T00:00:00Z")
    zipped(tmp_path / "in" / "work.zip", {LAYOUTS[layout](learner, "law.json"): forged for learner in _OTHERS})
    for with_roster in (False, True):
        assert {who: score for who, score in _scores(folder, tmp_path / "in", with_roster).items() if score} == {
            "anna": "4",
            "carla": "4",
        }


@pytest.mark.parametrize("wrapped", ["", "submissions/", "Law quiz/submissions/"])
@pytest.mark.parametrize("layout", ["canvas", "moodle", "moodle-files", "nbgrader"])
def test_download_that_was_unpacked_and_packed_again_is_graded(
    keys: tuple[Path, Quiz], tmp_path: Path, layout: str, wrapped: str
) -> None:
    folder, quiz = keys
    files = {wrapped + LAYOUTS[layout](learner, "law.json"): response_file(quiz, RIGHT) for learner in _OTHERS}
    packed = zipped(tmp_path / "in.zip", {**files, f"__MACOSX/{wrapped}._x": ""})
    assert _scores(folder, packed, True) == {"anna": "4", "carla": "4"}
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "in")
    assert _scores(folder, tmp_path / "in", True) == {"anna": "4", "carla": "4"}


def test_names_with_groups_are_found_on_the_roster(keys: tuple[Path, Quiz], tmp_path: Path) -> None:
    folder, quiz = keys
    for number, name in enumerate(("Group A-Anna Lee", "Group-B-Carla-Ruth Díaz")):
        place = f"{name}_{number + 1}_assignsubmission_file_/law.json"
        write(tmp_path / "in" / place, response_file(quiz, RIGHT))
    assert _scores(folder, tmp_path / "in", True) == {"anna": "4", "carla": "4"}


def test_only_canvas_numbers_go_into_the_columns_of_canvas(keys: tuple[Path, Quiz], tmp_path: Path) -> None:
    folder, quiz = keys
    ids = ("ID", "SIS User ID", "SIS Login ID")
    for number, (layout, expected) in enumerate(
        {
            "canvas": {("340935", "", ""), ("340936", "", "")},
            "anonymous": {("", "", "")},
            "moodle": {("", "", "")},
            "nbgrader": {("", "", "anna"), ("", "", "carla")},
        }.items()
    ):
        source, out = tmp_path / str(number), tmp_path / f"results{number}"
        for learner in _OTHERS:
            write(source / LAYOUTS[layout](learner, "law.json"), response_file(quiz, RIGHT))
        write(tmp_path / "plain" / "12345.json", response_file(quiz, RIGHT))
        options = GradingOptions((source,), (folder / "quizzes" / "law.yml",), out, feedback=False)
        with closing(GradingRun(options)) as run:
            run.run()
            run.publish()
        with (out / "canvas.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))[1:]
        assert {tuple(row[column] for column in ids) for row in rows} == expected, layout


def test_archives_with_accents_as_macos_writes_them_are_found(keys: tuple[Path, Quiz], tmp_path: Path) -> None:
    folder, quiz = keys
    for name in ("Entregas de la sección", "Ángel\x1b\n"):
        files = {LAYOUTS["moodle"](learner, "law.json"): response_file(quiz, RIGHT) for learner in _OTHERS}
        zipped(tmp_path / "in" / (unicodedata.normalize("NFD", name) + ".zip"), files)
    assert _scores(folder, tmp_path / "in", True) == {"anna": "4", "carla": "4"}
