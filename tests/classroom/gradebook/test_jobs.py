"""Grading in several processes: the same results, and nothing half done if one of them ends."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from class_files import HALF, RIGHT, response_file, write_keys

from civicquiz.classroom.collecting import walk
from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.errors import GradingError, UnusableError


def write_class(folder: Path) -> Path:
    """What a large class handed in, in all sorts of ways, with duplicates and what cannot be used."""
    law = write_keys(folder)["law"]
    handed_in = folder / "in"
    handed_in.mkdir()
    lines = []
    for number in range(450):
        responses = HALF if number % 3 else RIGHT
        content = response_file(law, responses, learner=f"learner-{number % 430:03}")
        lines.append("{" if number % 50 == 7 else content)
    (handed_in / "class.jsonl").write_text("\n".join(lines), "utf-8")
    (handed_in / "zoe.json").write_text(response_file(law, RIGHT), "utf-8")
    (handed_in / "notes.txt").write_text("no answers", "utf-8")
    with ZipFile(handed_in / "yan.zip", "w") as archive:
        archive.writestr("law.responses.json", response_file(law, HALF))
    for name, time in (("ann", "2026-11-27 10:00:00 UTC"), ("bob", "2026-11-30 10:00:00 UTC"), ("cat", "so 3 IST")):
        own = folder / "submitted" / name / "law"
        own.mkdir(parents=True)
        (own / "law.responses.json").write_text(response_file(law, RIGHT), "utf-8")
        (own / "timestamp.txt").write_text(time, "utf-8")
    return handed_in


def graded(
    folder: Path, out: Path, jobs: int, on_progress: Callable[[str, float], None] | None = None
) -> dict[str, bytes]:
    paths = (folder / "in", folder / "submitted")
    options = GradingOptions(paths, (folder / "quizzes",), out, jobs=jobs)
    with GradingRun(options, on_progress) as run:
        run.run()
        run.publish()
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_results_are_the_same_bytes_in_any_number_of_processes(tmp_path: Path) -> None:
    write_class(tmp_path)
    one, three = (graded(tmp_path, tmp_path / f"out-{jobs}", jobs) for jobs in (1, 3))
    assert len(one) > 400
    assert one == three
    problems = one["problems.csv"].decode("utf-8-sig")
    assert all(reason in problems for reason in ("unreadable", "duplicate", "not-a-response-file", "unreadable-time"))
    assert not multiprocessing.active_children()


def test_process_that_ends_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    write_class(tmp_path)
    killed = []

    def kill(task: str, done: float) -> None:
        for child in multiprocessing.active_children()[:1]:
            if not killed and child.pid:
                os.kill(child.pid, signal.SIGTERM)
                killed.append(child.pid)

    with pytest.raises(GradingError, match="ended unexpectedly, perhaps for lack of memory; nothing was written"):
        graded(tmp_path, tmp_path / "out", 2, kill)
    assert killed
    assert not multiprocessing.active_children()
    assert not (tmp_path / "out").exists()


def test_run_that_is_interrupted_ends_its_processes_and_writes_nothing(tmp_path: Path) -> None:
    write_class(tmp_path)

    def interrupt(task: str, done: float) -> None:
        if multiprocessing.active_children():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graded(tmp_path, tmp_path / "out", 2, interrupt)
    assert not multiprocessing.active_children()
    assert not (tmp_path / "out").exists()


def test_quiz_that_is_changed_while_it_is_used_is_reported(tmp_path: Path) -> None:
    write_class(tmp_path)
    path = tmp_path / "quizzes" / "law.yml"

    def change(task: str, done: float) -> None:
        path.write_text(path.read_text("utf-8").replace("In which wars", "In what wars"), "utf-8")

    with pytest.raises(GradingError, match="were changed while they were used"):
        graded(tmp_path, tmp_path / "out", 2, change)
    assert not (tmp_path / "out").exists()


def test_what_is_sent_to_another_process_arrives_whole(tmp_path: Path) -> None:
    write_class(tmp_path)
    for found in walk([tmp_path / "in", tmp_path / "submitted"]):
        if hasattr(found, "why"):
            assert isinstance(found.why, UnusableError)
            again = pickle.loads(pickle.dumps(found)).why
            assert (again.reason, str(again), again.hint) == (found.why.reason, str(found.why), found.why.hint)
        else:
            again = pickle.loads(pickle.dumps(found.on_its_own()))
            assert (again.content, again.parts, again.layout) == (found.content, found.parts, found.layout)
            assert again.read_sibling("timestamp.txt") == found.read_sibling("timestamp.txt")
