"""Which files get into a live site."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import QUIZ, write, write_course

import civicquiz
from civicquiz.errors import LiveError
from civicquiz.live.contents import write_contents

#: What only the key of a question has; each question has one of its own.
SECRET = "a secret of"


def question(name: str) -> str:
    return f"""\
  - id: {name}
    type: short-text
    prompt: Question {name}
    accept: ["{SECRET} {name}"]
    explanation: Explained by {SECRET} {name}
"""


def quiz(*entries: str, **settings: str) -> str:
    written = "".join(f"{name}: {value}\n" for name, value in settings.items())
    return f"title: A quiz\n{written}questions:\n{''.join(entries)}"


def translation(name: str) -> str:
    return f"""\
title: Un cuestionario
questions:
  - {{id: {name}, prompt: Pregunta, accept: ["{SECRET} {name}"], explanation: {SECRET}}}
"""


def contents(course: Path, to: Path) -> dict[str, str]:
    """What of a course is in the site."""
    files = {path.relative_to(course).as_posix(): path for path in sorted(course.rglob("*")) if path.is_file()}
    write_contents(files, to)
    return {path.relative_to(to).as_posix(): path.read_text("utf-8") for path in to.rglob("*") if path.is_file()}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with a test that gives no feedback, and gets its questions from everywhere."""
    course = tmp_path / "course"
    write(course / "bank" / "deep.yml", quiz(question("deep"), question("deeper")))
    write(course / "bank" / "more.yaml", quiz(question("more"), "  - from: deep.yml\n"))
    write(course / "bank" / "more.es.yaml", translation("more"))
    write(course / "bank" / "pool.yml", quiz(question("first"), question("second"), question("unused")))
    taken = ["  - from: ../bank/more.yaml\n", "  - {from: ../bank/pool.yml, ids: [first, second], number: 1}\n"]
    write(course / "quizzes" / "test.yaml", quiz(question("own"), *taken, feedback="none"))
    write(course / "quizzes" / "test.es.yml", translation("own"))
    return course


def test_nothing_that_a_quiz_without_feedback_is_made_of_gives_its_key_away(course: Path, tmp_path: Path) -> None:
    """Its own file, banks, banks of banks, what it draws from, and the translations of all."""
    write(course / "quizzes" / "practice.yml", QUIZ)
    write(course / "quizzes" / "notes.yml", "- no quiz\n")
    write(course / "quizzes" / "broken.yml", "a: b: c\n")
    found = contents(course, tmp_path / "out")
    assert [name for name, text in found.items() if SECRET in text] == []
    copy = civicquiz.load(tmp_path / "out" / "quizzes" / "test.yaml")
    assert copy.released
    assert {one.id for one in copy.questions} == {"own", "more", "deep", "deeper", "first", "second"}
    assert "es" in copy.translations
    assert found["quizzes/practice.yml"] == QUIZ
    assert found["quizzes/notes.yml"] == "- no quiz\n"
    assert not [name for name in found if name.startswith("bank/")]


def test_seeds_become_one_record_unless_they_have_problems(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course").parent.parent
    write(course / "other" / "seeds" / "garden.yml", "- carrots\n")
    found = contents(course, tmp_path / "out")
    assert sorted(name for name in found if "seeds" in name) == ["other/seeds/garden.yml", "seeds/seeds.json"]
    (file,) = (tmp_path / "out" / "quizzes").glob("*.yml")
    here, there = civicquiz.load(course / "quizzes" / file.name), civicquiz.load(file)
    assert there.seeds.claims == here.seeds.claims != {}


@pytest.mark.parametrize("bank", ["more.yaml", "deep.yml", "pool.yml"])
def test_bank_that_a_quiz_with_feedback_needs_too_is_refused(course: Path, tmp_path: Path, bank: str) -> None:
    write(course / "quizzes" / "practice.yml", quiz(f"  - from: ../bank/{bank}\n"))
    with pytest.raises(LiveError, match=rf"practice\.yml takes questions from .*{bank}.* and so does .*test\.yaml"):
        contents(course, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bank_of_quizzes_with_feedback_is_there(tmp_path: Path) -> None:
    write(tmp_path / "course" / "bank.yml", quiz(question("first")))
    write(tmp_path / "course" / "quizzes" / "practice.yml", quiz("  - from: ../bank.yml\n"))
    assert contents(tmp_path / "course", tmp_path / "out").keys() == {"bank.yml", "quizzes/practice.yml"}
