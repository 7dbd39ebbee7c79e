"""Grading in several processes: the same results, and nothing half done if one of them ends."""

from __future__ import annotations

import csv
import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from class_files import HALF, RIGHT, response_file, write_keys

from civicquiz.classroom.collecting import walk
from civicquiz.classroom.gradebook import grading_run
from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.errors import GradingError, UnusableError


def write_class(folder: Path) -> Path:
    """What a large class handed in, in all sorts of ways, with duplicates and what cannot be used."""
    law, essay = write_keys(folder).values()
    handed_in = folder / "in"
    handed_in.mkdir()
    lines = []
    for number in range(450):
        responses = HALF if number % 3 else RIGHT
        content = response_file(law, responses, learner=f"learner-{number % 430:03}")
        lines.append("{" if number % 50 == 7 else content)
        if number % 7 == 0:
            lines.append(response_file(essay, {"opinion": f"It is {number}"}, learner=f"learner-{number:03}"))
    (handed_in / "class.jsonl").write_text("\n".join(lines), "utf-8")
    (handed_in / "zoe.json").write_text(response_file(law, RIGHT), "utf-8")
    (handed_in / "notes.txt").write_text("no answers", "utf-8")
    with ZipFile(handed_in / "yan.zip", "w") as archive:
        archive.writestr("law.responses.json", response_file(law, HALF))
    for name, at in (("ann", "2026-11-27 10:00:00 UTC"), ("bob", "2026-11-30 10:00:00 UTC"), ("cat", "so 3 IST")):
        own = folder / "submitted" / name / "law"
        own.mkdir(parents=True)
        (own / "law.responses.json").write_text(response_file(law, RIGHT), "utf-8")
        (own / "timestamp.txt").write_text(at, "utf-8")
    return handed_in


def graded(
    folder: Path, out: Path, jobs: int, on_progress: Callable[[str, float], None] | None = None, **more: Any
) -> dict[str, bytes]:
    paths = (folder / "in", folder / "submitted")
    options = GradingOptions(paths, (folder / "quizzes",), out, jobs=jobs, **more)
    with closing(GradingRun(options, on_progress)) as run:
        run.run()
        run.publish()
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("roster", [False, True])
def test_results_are_the_same_bytes_in_any_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, roster: bool
) -> None:
    monkeypatch.setattr(grading_run, "LEARNERS_IN_PART", 100)
    write_class(tmp_path)
    options: dict[str, Any] = {"review": True}
    if roster:
        learners = [f"learner-{number:03},learner {number},{number}" for number in range(500)]
        (tmp_path / "roster.csv").write_text("\n".join(["learner,name,id number", *learners]), "utf-8")
        options["roster"] = tmp_path / "roster.csv"
    first = graded(tmp_path, tmp_path / "first", 2, **options)["review.csv"].decode("utf-8-sig")
    heading, *answers = csv.reader(first.splitlines())
    assert len(answers) > 50
    for number, answer in enumerate(answers[:40]):
        answer[6] = str(number % 5)  # the last is more than there is
    with (tmp_path / "marks.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([heading, *answers, *answers[3:5], ["nobody", "essay", *answers[0][2:]]])
    options["marks"] = tmp_path / "marks.csv"
    one, three = (graded(tmp_path, tmp_path / f"out-{jobs}", jobs, **options) for jobs in (1, 3))
    assert len(one) > 400
    assert one == three
    assert one.keys() >= {"review.csv", "outcomes.parquet", "gradebook.csv", "moodle.csv"}
    assert not [path for path in (tmp_path / "out-3").iterdir() if path.is_dir() and path.name != "feedback"]
    problems = one["problems.csv"].decode("utf-8-sig")
    reasons = ("unreadable", "duplicate", *(["unknown-student"] if roster else ["unreadable-time"]), "mark")
    assert all(reason in problems for reason in reasons)
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


def test_process_that_starts_while_another_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool ends the processes that it knows, and then this one is not yet among them."""
    write_class(tmp_path)
    started = []
    start = SpawnProcess.start

    def start_as_the_first_ends(process: SpawnProcess) -> None:
        start(process)
        started.append(process)
        if len(started) == 2:
            started[0].terminate()
            started[0].join()
            time.sleep(0.5)  # the pool notices, and ends what it knows

    monkeypatch.setattr(SpawnProcess, "start", start_as_the_first_ends)
    with pytest.raises(GradingError, match="ended unexpectedly"):
        graded(tmp_path, tmp_path / "out", 2)
    assert len(started) >= 2
    assert not multiprocessing.active_children()


def test_run_that_is_interrupted_ends_its_processes_and_writes_nothing(tmp_path: Path) -> None:
    write_class(tmp_path)

    def interrupt(task: str, done: float) -> None:
        if multiprocessing.active_children():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graded(tmp_path, tmp_path / "out", 2, interrupt)
    assert not multiprocessing.active_children()
    assert not (tmp_path / "out").exists()


def test_quiz_that_is_changed_while_it_is_used_is_used_as_it_was(tmp_path: Path) -> None:
    write_class(tmp_path)
    path = tmp_path / "quizzes" / "law.yml"
    before = graded(tmp_path, tmp_path / "before", 2)

    def change(task: str, done: float) -> None:
        path.write_text(path.read_text("utf-8").replace("In which wars", "In what wars"), "utf-8")

    assert graded(tmp_path, tmp_path / "after", 2, change) == before


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
