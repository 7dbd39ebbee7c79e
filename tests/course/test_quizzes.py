"""The quizzes of the book as files: their schema, and their released copies."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from key_scan import compare_translations, leaks, released, released_book
from material import ROOT
from quiz_schema import schema_errors

import civicquiz
from civicquiz.cli import main
from civicquiz.hosts.widget import QuizWidget
from civicquiz.model.formatting import format_files

QUIZZES = sorted(path for path in (ROOT / "quizzes").glob("*.yml") if "." not in path.stem)


def test_committed_schema_is_what_the_command_prints(repo: Path) -> None:
    assert (repo / "quizzes" / "quiz.schema.json").read_text("utf-8") == CliRunner().invoke(main, ["schema"]).output


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_quiz_names_the_schema_and_fits_it(file: Path) -> None:
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=quiz.schema.json\n")
    assert schema_errors(file) == []


def test_quizzes_translations_and_seeds_have_one_layout(repo: Path) -> None:
    """If this fails, run ``civicquiz format quizzes seeds``."""
    layout = format_files([repo / "quizzes", repo / "seeds"], write=False)
    assert [path.name for path in layout.changed] == []
    assert layout.problems == []
    assert layout.unchanged > len(QUIZZES)


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.yml")), ids=lambda file: file.stem)
def test_examples_cite_claims_of_the_record(file: Path) -> None:
    """The book shows them, so it has to cite sources for their answers."""
    quiz = civicquiz.load(file)
    assert all(quiz.seeds.claims[name].verified for question in quiz.questions for name in question.cites)


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_quiz_can_be_sent_to_a_notebook_in_40_kb_compressed(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    state = QuizWidget(civicquiz.load(file)).get_state()
    assert len(gzip.compress(json.dumps(state, ensure_ascii=False, default=str).encode(), 6)) <= 40_000


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_quiz_is_released_with_its_translations(file: Path, tmp_path: Path) -> None:
    quiz = civicquiz.load(file)
    compare_translations(quiz, released(quiz, tmp_path))


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with released copies of all quizzes of the book, and a book that shows the copies."""
    return released_book(QUIZZES, tmp_path_factory)


@pytest.mark.slow
@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.stem)
def test_no_text_of_a_key_is_in_what_is_released_or_in_a_book_built_from_it(path: Path, class_folder: Path) -> None:
    assert leaks(path, class_folder) == {}


def test_no_instruction_in_spanish_tells_students_to_choose_everything() -> None:
    """Without "that apply", "choose all" means all options; on paper nothing below it says otherwise."""
    texts = [path.read_text("utf-8") for path in (ROOT / "quizzes").glob("*.es.yml")]
    found = [said for text in texts for said in re.findall(r"(?:Elige|Marca) tod[ao]s\b(?! l[ao]s que).{0,20}", text)]
    assert found == []
