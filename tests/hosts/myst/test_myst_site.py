"""A site of Jupyter Book 2 has no Sphinx; a check of quizzes in it tells how to add the plugin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from material import QUIZ, ROOT, write

from civicquiz.cli import main
from civicquiz.hosts.myst.myst_site import notes


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "myst.yml", "version: 1\nproject: {title: A book}\nsite: {template: book-theme}\n")
    write(tmp_path / "pages" / "quiz.yml", QUIZ)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("paths", [[], ["pages"], ["pages/quiz.yml"], ["pages", "pages/quiz.yml"]])
def test_check_says_once_what_to_do_and_is_no_failure(site: Path, paths: list[str]) -> None:
    done = CliRunner().invoke(main, ["check", *paths])
    assert done.exit_code == 0
    note, *rest = done.output.splitlines()
    assert note.startswith("note: myst.yml: ")
    for word in ("{quiz}", "'civicquiz new --myst'", "notebooks", "'jupyter-book<2'"):
        assert word in note
    assert rest == ["No problems."]


def test_a_problem_is_still_a_problem(site: Path) -> None:
    write(site / "pages" / "quiz.yml", "questions: []\n")
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 1
    assert done.output.count("note: ") == 1


@pytest.mark.parametrize("settings", ["_config.yml", "conf.py"])
def test_site_that_is_built_with_sphinx_too_needs_no_note(site: Path, settings: str) -> None:
    write(site / settings, "")
    assert list(notes([site])) == []


def test_folder_without_a_site_needs_no_note(tmp_path: Path) -> None:
    assert list(notes([tmp_path, ROOT, ROOT / "examples" / "course"])) == []


def test_site_with_the_plugin_needs_no_note(site: Path) -> None:
    write(site / "myst.yml", "version: 1\nproject:\n  plugins: [civicquiz.mjs]\n")
    assert list(notes([site])) == []


def test_docs_and_readme_say_the_same() -> None:
    page = (ROOT / "docs" / "myst.md").read_text("utf-8")
    for word in ("civicquiz new --myst", "unknown directive: quiz", "plugins: [civicquiz.mjs]", "civicquiz release"):
        assert word in page
    section = (ROOT / "docs" / "own-book.md").read_text("utf-8").partition("(jupyter-book-2)=")[2]
    assert "'jupyter-book<2'" in section
    assert "myst.md" in section
    assert re.search(
        r"Jupyter Book 2, `\{quiz\}` needs\s+\[a plugin\]\(docs/myst.md\)", (ROOT / "README.md").read_text("utf-8")
    )
