"""The quizzes that a path names."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from class_files import ESSAY, LAW
from material import write

from civicquiz.errors import NoKeyError, QuizError
from civicquiz.model.quiz_files import load_keys, quiz_files
from civicquiz.releasing.release import release

BROKEN = "title: x\nquestions: []\n"


@pytest.fixture
def quizzes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two quizzes, a translation, and files beside and below them that naming the folder does not include."""
    monkeypatch.chdir(tmp_path)
    write(Path("quizzes/law.yml"), LAW)
    write(Path("quizzes/law.es.yml"), LAW.replace("A law of 1798", "Una ley de 1798"))
    write(Path("quizzes/essay.yaml"), ESSAY)
    for other in ("quizzes/.draft.yml", "quizzes/old/law.yml", "quizzes/notes.txt"):
        write(Path(other), BROKEN)
    return Path("quizzes")


def problems(*paths: str | Path, wanted: Collection[str] | None = None) -> list[str]:
    with pytest.raises(QuizError) as raised:
        load_keys(map(Path, paths), wanted)
    return [f"{problem.path}: {problem.message}" for problem in raised.value.problems]


def test_folder_stands_for_the_quizzes_directly_in_it_and_a_course_for_those_in_its_folder(quizzes: Path) -> None:
    for path in (quizzes, quizzes.parent):
        assert list(quiz_files(path)) == [quizzes / "essay.yaml", quizzes / "law.yml"]
        assert list(load_keys([path])) == ["essay", "law"]


def test_translation_stands_for_its_quiz_and_a_quiz_named_twice_counts_once(quizzes: Path) -> None:
    law = Path("quizzes/law.yml")
    assert list(load_keys([law, quizzes / "law.es.yml", law.absolute(), quizzes / "old" / ".." / "law.yml"])) == ["law"]


def test_only_wanted_quizzes_are_read(quizzes: Path) -> None:
    write(quizzes / "essay.yaml", BROKEN)
    assert list(load_keys([quizzes], wanted=["law", "gone"])) == ["law"]
    assert load_keys([quizzes], wanted=[]) == {}
    assert problems("quizzes", "nowhere", wanted=[]) == ["nowhere: the file cannot be read: no such file or directory"]


def test_every_problem_of_every_path_is_listed(quizzes: Path) -> None:
    write(quizzes / "essay.yaml", BROKEN)
    write(quizzes / "tax.es.yml", LAW)
    write(Path("more/law.yml"), LAW)
    Path("empty/below").mkdir(parents=True)
    assert problems("quizzes", "more", "empty", "gone.yml") == [
        "empty: there is no quiz in this folder",
        "gone.yml: the file cannot be read: no such file or directory",
        "more/law.yml: another quiz is also named 'law': 'quizzes/law.yml'",
        "quizzes/essay.yaml: 'questions' must have at least 1 entry (got an empty list)",
        "quizzes/tax.es.yml: there is no quiz 'tax.yml' for this translation",
    ]


@pytest.mark.parametrize("path", ["class", "class/law.yml", "class/law.es.yml"])
def test_released_copy_is_refused_however_it_is_named(quizzes: Path, path: str) -> None:
    release([quizzes], "class")
    with pytest.raises(NoKeyError, match=r"'class/law\.yml' is a released copy, which has no key"):
        load_keys([Path(path)], wanted=["law"])
