"""The course folder in examples/nbgrader/, run through by nbgrader itself, with a learner in JupyterLab."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Lab, Watched, wait_until
from material import ROOT
from playwright.sync_api import expect

import civicquiz
from civicquiz.releasing.release import release

COURSE = ROOT / "examples" / "nbgrader"
KEY = COURSE / "keys" / "act.yml"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "civics"
    shutil.copytree(COURSE, folder)
    return folder


def nbgrader(course: Path, *arguments: str, code: int = 0) -> str:
    """What a command of nbgrader says in the course folder, without any user's settings."""
    home = course.parent / "home"
    environment = os.environ | {name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it calls alembic by name
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, done.stderr
    return done.stderr


def scores(course: Path) -> dict[str, float]:
    """Learner -> score of the assignment, as nbgrader exports it."""
    nbgrader(course, "export", "--to=grades.csv")
    with (course / "grades.csv").open(newline="", encoding="utf-8") as stream:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream) if row["assignment"] == "act"}


def hand_in(course: Path, folder: Path, learner: str) -> None:
    shutil.copytree(folder, course / "submitted" / learner / "act")


def test_copy_in_the_assignment_is_the_one_that_release_writes(tmp_path: Path) -> None:
    release([KEY], tmp_path)
    assert (COURSE / "source" / "act" / "act.yml").read_bytes() == (tmp_path / "act.yml").read_bytes()


def test_answers_of_the_teacher_are_never_handed_out(course: Path) -> None:
    own = course / "source" / "act" / "act.responses.json"
    own.write_text("{}")
    said = nbgrader(course, "generate_assignment", "act", "--create", code=1)
    assert "act.responses.json would be handed out with the notebook" in said
    assert not (course / "release" / "act").exists()
    own.unlink()
    nbgrader(course, "generate_assignment", "act", "--create")
    assert {path.name for path in (course / "release" / "act").iterdir()} == {"act.yml", "quiz.ipynb"}


def test_learner_answers_in_jupyterlab_and_partial_credit_arrives_in_the_gradebook(
    watch: Callable[..., Watched], lab: Lab, course: Path
) -> None:
    nbgrader(course, "generate_assignment", "act", "--create")
    released = course / "release" / "act"
    assert sorted(path.name for path in released.iterdir()) == ["act.yml", "quiz.ipynb"]

    # The learner's files contain no part of the key: no explanation, no feedback, no hidden test.
    quiz = civicquiz.load(KEY)
    text = "".join(path.read_text("utf-8") for path in released.iterdir())
    secrets = [question.explanation for question in quiz.questions]
    secrets += [option.feedback for question in quiz.questions for option in getattr(question, "options", ())]
    secrets = [secret for secret in secrets if secret]
    assert len(secrets) == 8
    assert [secret for secret in [*secrets, "check_answers", "keys/", "1798", "correct"] if secret in text] == []

    own = lab.root / "act"
    shutil.copytree(released, own)
    page = watch().page()
    lab.open(page, "act/quiz.ipynb")
    lab.run_all(page)
    place = page.locator(".civicquiz").first
    expect(place.locator(".cq-question")).to_have_count(4)
    place.get_by_role("textbox").first.fill("1798")
    place.get_by_label("An invasion or predatory incursion").check()
    place.get_by_label("A noncitizen of 14 or over who belongs to the hostile nation").check()  # one of two
    expect(place.locator(".cq-notice")).to_contain_text("saved")
    answers = own / "act.responses.json"
    wait_until(page, lambda: answers.is_file() and len(json.loads(answers.read_text("utf-8"))["responses"]) == 3)
    hand_in(course, own, "alice")

    # Somebody who handed in only the notebook has no points, and does not affect anybody else's.
    hand_in(course, released, "bob")

    nbgrader(course, "autograde", "act")
    assert scores(course) == {"alice": 1 + 1 + 1, "bob": 0}
    assert list(course.glob("release/**/*.responses.json")) == []
