"""Commands write all of their files or none, whenever they are killed, and never what somebody else wrote."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from class_files import HALF, LAW, RIGHT, response_file, write_keys
from hypothesis import given
from hypothesis import strategies as st
from material import write

import civicquiz
from civicquiz.classroom.analysis import write_report
from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.paper.printing import print_versions
from civicquiz.hosts.documents import worksheet
from civicquiz.output_folder import PLAN, OutputFolder, write_file
from civicquiz.releasing.release import release

Files = dict[str, bytes]


def visible(folder: Path) -> Files:
    """The files that a person sees in a folder, by their paths."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = {str(path.relative_to(folder)): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(".")}


def put(folder: Path, files: Files, obsolete: tuple[str, ...] = ()) -> None:
    with OutputFolder(folder) as output:
        for name, content in files.items():
            (output.staging / name).parent.mkdir(parents=True, exist_ok=True)
            (output.staging / name).write_bytes(content)
        output.publish(files, obsolete)


def test_files_replace_others_and_nothing_else_is_left(tmp_path: Path) -> None:
    put(tmp_path / "new", {"a": b"1", "pages/b": b"1"})
    put(tmp_path / "new", {"a": b"2", "pages/c": b"2"}, obsolete=("pages/b", "a"))
    assert visible(tmp_path) == {"new/a": b"2", "new/pages/c": b"2"}
    assert [path.name for path in tmp_path.rglob(".*")] == []


def test_what_is_not_published_leaves_no_trace(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "new"):
        with OutputFolder(folder) as output:
            (output.staging / "a").write_text("1")
    assert list(tmp_path.iterdir()) == []


def test_what_killed_programs_left_behind_is_deleted_after_an_hour(tmp_path: Path) -> None:
    for name in (".civicquiz-new-1", ".civicquiz-new-2"):
        write(tmp_path / name / "a", "1")
    write(tmp_path / ".civicquiz-new-3", "1")
    for name in (".civicquiz-new-1", ".civicquiz-new-3"):
        os.utime(tmp_path / name, (0, 0))
    put(tmp_path, {"a": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".civicquiz-new-2", "a"]


class Killed(BaseException):
    """Stands for the end of the process: nothing that comes after it runs."""


def _killed_at(steps: int) -> dict[str, Callable[..., object]]:
    """The methods that change a file system: after so many calls, the process ends."""
    left = [steps]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return real(*arguments, **options)

        return step

    return {name: counted(getattr(Path, name)) for name in ("replace", "rename", "unlink", "mkdir", "rmdir")}


@pytest.mark.parametrize("exists", [True, False])
def test_killed_at_any_step_it_changes_nothing_or_is_finished_by_the_next_run(tmp_path: Path, exists: bool) -> None:
    before = {"a": b"1", "b": b"1", "old": b"1"} if exists else {}
    after = {"a": b"2", "b": b"2", "pages/c": b"2"}
    steps = 0
    while True:
        folder = tmp_path / str(steps) / "results"
        if exists:
            put(folder, before)
        with mock.patch.multiple(Path, **_killed_at(steps)):
            try:
                output = OutputFolder(folder)
                for name, content in after.items():
                    (output.staging / name).parent.mkdir(parents=True, exist_ok=True)
                    (output.staging / name).write_bytes(content)
                output.publish(after, obsolete=["old"] if exists else [])
                killed = False
            except Killed:
                killed = True
        unfinished = (folder / PLAN).exists()
        if not unfinished:
            assert visible(folder) in (before, after), steps
        finished = OutputFolder(folder)
        assert finished.finished_earlier is unfinished
        finished.close()
        assert visible(folder) in (before, after), steps
        if not killed:
            break
        steps += 1
    assert visible(folder) == after
    assert steps > 3


def test_error_while_files_are_moved_is_made_good_by_the_next_run(tmp_path: Path) -> None:
    put(tmp_path, {"a": b"1", "b": b"1"})
    (tmp_path / "b").unlink()
    (tmp_path / "b").mkdir()  # a file cannot take the place of a folder
    (tmp_path / "b" / "mine").write_text("x")
    with pytest.raises(OSError, match="b"):
        put(tmp_path, {"a": b"2", "b": b"2"})
    (tmp_path / "b" / "mine").unlink()
    (tmp_path / "b").rmdir()
    with OutputFolder(tmp_path) as output:
        assert output.finished_earlier
    assert visible(tmp_path) == {"a": b"2", "b": b"2"}


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "[]",
        '{"from": "..", "move": ["a"], "delete": []}',
        '{"from": ".civicquiz-new-01234567", "move": ["../a"], "delete": []}',
        '{"from": ".civicquiz-new-01234567", "move": [], "delete": ["../mine"]}',
        '{"from": ".civicquiz-new-01234567", "move": [], "delete": ["/etc/passwd"]}',
        '{"from": ".civicquiz-new-01234567", "move": [], "delete": ["a/../../mine"]}',
        '{"from": ".civicquiz-new-01234567", "move": [], "delete": ["C:x", "..\\\\mine"]}',
        '{"from": ".civicquiz-new-01234567", "move": 1, "delete": [2]}',
    ],
)
def test_plan_of_somebody_else_is_not_carried_out(tmp_path: Path, plan: str) -> None:
    mine = write(tmp_path / "mine", "x")
    write(tmp_path / "folder" / PLAN, plan)
    with pytest.raises(OSError, match="is not from civicquiz"):
        OutputFolder(tmp_path / "folder")
    assert mine.read_text() == "x"


@given(st.text(max_size=20) | st.lists(st.sampled_from(["..", "a", "/", "\\", ":", ""])).map("/".join))
def test_no_plan_leads_out_of_its_folder(name: str) -> None:
    from civicquiz.output_folder import _is_below

    if _is_below(name):
        assert (Path("/x") / name).parts[:2] == ("/", "x")
        assert ".." not in Path(name).parts


def test_file_has_its_old_content_if_it_cannot_be_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a", "old")
    with (
        mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(OSError, match="space"),
    ):
        write_file(path, b"new")
    assert visible(tmp_path) == {"a": b"old"}


# ---- Whole commands, killed for real ----


def _grade(folder: Path, version: int) -> None:
    quizzes = (folder / "class" / "quizzes" / "law.yml",)
    sources = (folder / f"handed-in-{version}",)
    with closing(GradingRun(GradingOptions(sources, quizzes, folder / "out", review=True))) as run:
        run.run()
        run.publish()


def _release(folder: Path, version: int) -> None:
    release([folder / f"quizzes-{version}"], folder / "out")


def _report(folder: Path, version: int) -> None:
    write_report(folder / f"results-{version}", out=folder / "out")


def _worksheet(folder: Path, version: int) -> None:
    quiz = civicquiz.load(folder / f"quizzes-{version}" / "law1.yml")
    (folder / "out").mkdir(exist_ok=True)
    worksheet.write(worksheet.worksheet(quiz, key=True), folder / "out" / "law.answers.html", key=True)


def _paper(folder: Path, version: int) -> None:
    quiz = civicquiz.load(folder / f"quizzes-{version}" / "law1.yml")
    print_versions(quiz, folder / "out", count=1, key=True)


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """Two versions of everything that a command reads."""
    law = write_keys(tmp_path / "class")["law"]
    for version in (0, 1):
        for number in range(4):
            text = LAW.replace("A law of 1798", f"Law {number}, version {version}")
            write(tmp_path / f"quizzes-{version}" / f"law{number}.yml", text)
        for number in range(8):
            answers = RIGHT if number % 2 or version else HALF
            write(tmp_path / f"handed-in-{version}" / f"s{number + version}.json", response_file(law, answers))
        key = (tmp_path / "class" / "quizzes" / "law.yml",)
        options = GradingOptions((tmp_path / f"handed-in-{version}",), key, tmp_path / f"results-{version}")
        with closing(GradingRun(options)) as run:
            run.run()
            run.publish()
    return tmp_path


def _killed_after(seconds: float, command: Callable[[Path, int], None], folder: Path, version: int) -> None:
    child = os.fork()
    if child == 0:
        try:
            command(folder, version)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    "command", [_release, _grade, _report, _worksheet, _paper], ids=lambda command: command.__name__[1:]
)
def test_command_that_is_killed_a_hundred_times_never_leaves_two_versions_mixed(
    material: Path, command: Callable[[Path, int], None]
) -> None:
    wanted = []
    for version in (0, 1):
        started = time.perf_counter()
        command(material, version)
        seconds = time.perf_counter() - started
        wanted.append(visible(material / "out"))
    assert wanted[0] != wanted[1]
    chance = random.Random(1)
    current = 1
    for _ in range(100):
        _killed_after(chance.uniform(0, 1.2 * seconds), command, material, 1 - current)
        if (material / "out" / PLAN).exists():
            OutputFolder(material / "out").close()
        found = visible(material / "out")
        assert found in wanted, {name: [found[name] == one.get(name) for one in wanted] for name in found}
        current = wanted.index(found)
    command(material, 1 - current)
    assert visible(material / "out") == wanted[1 - current]
    assert not (material / "out" / PLAN).exists()
