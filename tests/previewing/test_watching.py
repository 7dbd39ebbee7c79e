"""Which folders matter to a quiz, and that every way of saving in them is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Timer

import pytest
from material import QUIZ, write, write_course

from civicquiz.previewing.watching import files_shown, folders_around, is_read, retried, saves


@pytest.mark.parametrize("name", ["law.yml", "law.es.yaml", "Poll.PNG", "lesson.md", "images", "seeds"])
def test_files_of_quizzes_are_read_and_so_are_folders(name: str) -> None:
    assert is_read(Path("folder", name))


@pytest.mark.parametrize("name", [".law.yml.swp", "law.yml~", "law.yml.tmp", ".git", "law.responses.json", "a.py"])
def test_files_of_editors_and_programs_are_not(name: str) -> None:
    assert not is_read(Path("folder", name))


def test_translations_seeds_and_images_belong_to_a_quiz(tmp_path: Path) -> None:
    quiz = write_course(tmp_path)
    quiz.write_text(QUIZ.replace("It covers", "![a](art/a.png) It covers"), "utf-8")
    translation = write(quiz.with_name("law.es.yml"), "title: '![b](b.svg)'\n")
    write(quiz.with_name("other.yml"), QUIZ)
    seeds = tmp_path / "seeds" / "record.yml"
    images = [quiz.parent / "art" / "a.png", quiz.parent / "b.svg"]
    assert files_shown(quiz) == [quiz, translation, seeds, *images]


def test_files_that_a_quiz_takes_questions_from_belong_to_it_with_all_that_is_theirs(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quizzes" / "exam.yml", "title: x\nquestions: [{from: ../bank/law.yml}]\n")
    bank = tmp_path / "bank" / "law.yml"
    assert files_shown(quiz) == [quiz, bank]  # also before there is one
    write(bank, QUIZ.replace("It covers", "![a](art/a.png) It covers"))
    translation = write(bank.with_name("law.es.yml"), "title: '![b](b.svg)'\n")
    images = [bank.parent / "art" / "a.png", bank.parent / "b.svg"]
    assert files_shown(quiz) == [quiz, bank, translation, *images]
    assert folders_around(quiz) == {tmp_path, quiz.parent, bank.parent}


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/secret.png", "https://example.org/a.png", ".hidden/../../a.png"]
)
def test_no_file_outside_the_folder_belongs_to_a_quiz(tmp_path: Path, name: str) -> None:
    quiz = write(tmp_path / "quiz.yml", f"title: '![x]({name})'\n")
    assert all(file.resolve().is_relative_to(tmp_path) for file in files_shown(quiz))


def test_folder_that_is_missing_is_watched_for_where_it_would_be(tmp_path: Path) -> None:
    quiz = write(tmp_path / "course" / "quizzes" / "law.yml", QUIZ.replace("It covers", "![a](art/a.png) It covers"))
    course = tmp_path / "course"
    assert folders_around(quiz) == {quiz.parent, course}
    (course / "seeds").mkdir()
    (quiz.parent / "art").mkdir()
    assert folders_around(quiz) == {quiz.parent, course, course / "seeds", quiz.parent / "art"}
    shutil.rmtree(course)
    assert folders_around(quiz) == {tmp_path}


def test_folders_of_other_programs_are_not_watched(tmp_path: Path) -> None:
    write(tmp_path / "more" / "law.yml", QUIZ)
    for name in ("node_modules", ".git", "_build"):
        write(tmp_path / name / "law.yml", QUIZ)
    assert folders_around(tmp_path) == {tmp_path, tmp_path / "more"}


def _write(quiz: Path) -> None:
    quiz.write_text("title: new\n", "utf-8")


def _rename(quiz: Path) -> None:
    draft = write(quiz.with_name("4913"), "title: new\n")
    draft.replace(quiz)


def _keep_old(quiz: Path) -> None:
    quiz.rename(quiz.with_name("quiz.yml~"))
    quiz.write_text("title: new\n", "utf-8")


def _delete(quiz: Path) -> None:
    quiz.unlink()


@pytest.fixture
def saving(tmp_path: Path) -> Iterator[tuple[Path, Iterator[frozenset[Path]]]]:
    """A quiz, and the saves around it, which are watched already."""
    quiz = write(tmp_path / "quizzes" / "quiz.yml", QUIZ)
    stop = Event()
    timer = Timer(60, stop.set)  # then what is waited for has not been told
    timer.start()
    told = saves(lambda: folders_around(quiz), stop)
    assert [next(told), next(told)] == [frozenset(), frozenset()]
    yield quiz, told
    timer.cancel()
    stop.set()
    assert next(told, None) is None


@pytest.mark.parametrize("save", [_write, _rename, _keep_old, _delete])
def test_save_is_told_however_an_editor_saves(
    saving: tuple[Path, Iterator[frozenset[Path]]], save: Callable[[Path], None]
) -> None:
    quiz, told = saving
    save(quiz)
    assert quiz in next(told)


def test_file_that_was_deleted_with_its_folder_comes_back(saving: tuple[Path, Iterator[frozenset[Path]]]) -> None:
    quiz, told = saving
    shutil.rmtree(quiz.parent)
    assert quiz.parent in next(told)
    write(quiz, QUIZ)
    while quiz.parent not in next(told):
        pass
    while next(told):  # what was saved before it watches the new folder is not in any other set
        pass
    write(quiz, "title: new\n")
    assert quiz in next(told)


def test_file_that_is_deleted_while_it_is_looked_at_is_no_error(tmp_path: Path) -> None:
    """Nothing that looks at a file can know that it will still be there a moment later."""
    files = [write(tmp_path / f"quiz-{number}.yml", QUIZ) for number in range(3)]

    def look() -> list[str]:
        listed = sorted(tmp_path.iterdir())
        for file in files[1:]:
            file.unlink(missing_ok=True)
        return [file.read_text() for file in listed]

    assert retried(look) == [QUIZ]
    shutil.rmtree(tmp_path)
    with pytest.raises(FileNotFoundError):
        retried(look)
