"""``civicquiz format``: which files it writes, and which it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from material import QUIZ, ROOT, SEEDS, write, write_course

import civicquiz
from civicquiz.cli import main
from civicquiz.model import formatting
from civicquiz.model.formatting import format_files

UNTIDY = "title:   A quiz\nquestions:\n- {id: a, type: true-false, prompt: x, answer: true}\n"
TIDY = "title: A quiz\nquestions:\n  - {id: a, type: true-false, prompt: x, answer: true}\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["format", *arguments])
    return result.exit_code, result.output


def test_files_are_written_and_named() -> None:
    write(Path("a.yml"), UNTIDY)
    write(Path("b.yml"), TIDY)
    assert _run("a.yml", "b.yml") == (0, "Changed a.yml\n1 file changed, 1 unchanged\n")
    assert Path("a.yml").read_text("utf-8") == TIDY
    assert _run("a.yml", "b.yml") == (0, "0 files changed, 2 unchanged\n")


def test_check_names_the_files_and_writes_nothing() -> None:
    write(Path("a.yml"), UNTIDY)
    write(Path("b.yml"), TIDY)
    assert _run("--check", "a.yml", "b.yml") == (1, "Would change a.yml\n1 file would change, 1 unchanged\n")
    assert Path("a.yml").read_text("utf-8") == UNTIDY
    assert _run("--check", "b.yml") == (0, "0 files would change, 1 unchanged\n")


def test_course_has_quizzes_translations_and_seeds(tmp_path: Path) -> None:
    write_course(tmp_path)
    write(Path("seeds/record.yml"), SEEDS.replace("claims:", "claims:    # all"))
    write(Path("quizzes/law.es.yml"), "title:  Una ley\nquestions: []\n")
    write(Path("quizzes/more.yaml"), UNTIDY)
    write(Path("_config.yml"), "title:   a book\n")
    done = format_files([Path()], write=True)
    assert sorted(path.as_posix() for path in done.changed) == [
        "quizzes/law.es.yml",
        "quizzes/law.yml",
        "quizzes/more.yaml",
        "seeds/record.yml",
    ]
    assert Path("quizzes/law.yml").read_text("utf-8") != QUIZ
    assert Path("_config.yml").read_text("utf-8") == "title:   a book\n"
    assert (format_files([Path()], write=True).changed, done.problems) == ([], [])


def test_folder_has_the_quizzes_in_it_and_below_and_nothing_of_other_programs() -> None:
    write(Path("deep/er/a.yml"), UNTIDY)
    write(Path("deep/er/a.es.yml"), "title:  x\n")
    for name in ("_build/a.yml", ".github/a.yml", "node_modules/a.yml"):
        write(Path("deep") / name, UNTIDY)
    write(Path("deep/compose.yml"), "services:   {}\n")
    output = _run("deep")[1]
    assert "Changed deep/er/a.yml\n" in output
    assert Path("deep/compose.yml").read_text("utf-8") == "services:   {}\n"
    assert all(Path("deep", name).read_text("utf-8") == UNTIDY for name in ("_build/a.yml", ".github/a.yml"))
    assert _run("deep/_build")[0] == 0  # named by the author


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [\n", "quiz.yml:2:1: not valid YAML"),
        ("title: a\ntitle: b\nquestions: []\n", "quiz.yml:2:1: key 'title' appears twice"),
        ("on: push\njobs:   {}\n", "quiz.yml:1:1: this is not a quiz, a translation, or a file of claims and sources"),
        ("- a\n", "quiz.yml:1:1: this is not a quiz"),
    ],
)
def test_file_with_a_mistake_stays_as_it_is_and_the_others_are_laid_out(text: str, message: str) -> None:
    write(Path("quiz.yml"), text)
    write(Path("other.yml"), UNTIDY)
    code, output = _run("quiz.yml", "missing.yml", "other.yml")
    assert code == 1
    assert output.startswith(message)
    assert "missing.yml:1:1: the file cannot be read" in output
    assert Path("quiz.yml").read_text("utf-8") == text
    assert Path("other.yml").read_text("utf-8") == TIDY


def test_quiz_with_a_mistake_of_another_kind_is_laid_out() -> None:
    """It can be read; ``civicquiz check`` tells the rest."""
    write(Path("quiz.yml"), "title:  x\nquestions: []\n")
    assert _run("quiz.yml")[0] == 0
    assert Path("quiz.yml").read_text("utf-8") == "title: x\nquestions: []\n"


def test_folder_without_a_quiz_is_a_problem() -> None:
    Path("empty").mkdir()
    assert _run("empty")[0] == 1


def test_released_copies_stay_as_they_were_written() -> None:
    path = ROOT / "examples" / "nbgrader" / "source" / "act" / "act.yml"
    copy = write(Path("act.yml"), path.read_text("utf-8"))
    assert _run("act.yml") == (0, "0 files changed, 1 unchanged\n")
    assert copy.read_bytes() == path.read_bytes()


def test_version_of_a_quiz_stays_the_same() -> None:
    quiz = write(Path("quiz.yml"), QUIZ)
    version = civicquiz.load(quiz).version
    assert _run("quiz.yml")[0] == 0
    assert civicquiz.load(quiz).version == version


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_permissions_and_links_stay() -> None:
    write(Path("real.yml"), UNTIDY).chmod(0o640)
    Path("link.yml").symlink_to("real.yml")
    assert _run("link.yml")[0] == 0
    assert Path("link.yml").is_symlink()
    assert Path("real.yml").read_text("utf-8") == TIDY
    assert Path("real.yml").stat().st_mode & 0o777 == 0o640


def test_file_that_cannot_be_written_is_a_problem_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(formatting, "write_file", full)
    write(Path("a.yml"), UNTIDY)
    assert _run("a.yml") == (
        1,
        "a.yml:1:1: the file cannot be written: no space left on device\n0 files changed, 0 unchanged\n",
    )
    assert Path("a.yml").read_text("utf-8") == UNTIDY


def test_examples_have_the_layout_that_the_docs_recommend() -> None:
    """The docs show them. If this fails, run ``civicquiz format examples``."""
    layout = format_files([ROOT / "examples"], write=False)
    assert [path.name for path in layout.changed] == []
    assert layout.problems == []
    assert layout.unchanged > 20
