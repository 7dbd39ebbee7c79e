"""Which files questions may be taken from, and that reading them ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import write

import civicquiz
from civicquiz.errors import QuizError
from civicquiz.model.from_files import MAX_CHAIN, MAX_FILES, MAX_FROM

ONE = "title: x\nquestions:\n  - {id: one, type: true-false, prompt: One?, answer: true}\n"


def take(quiz: Path, *names: str) -> list[str]:
    """The problems of a quiz that takes questions from these files."""
    entries = "".join(f"  - from: '{name}'\n" for name in names)
    write(quiz, f"title: x\nquestions:\n{entries}")
    try:
        civicquiz.load(quiz)
    except QuizError as error:
        return [problem.message for problem in error.problems]
    return []


@pytest.mark.parametrize("name", ["one.yml", "./one.yml", "bank/../one.yml", "bank/deep/one.yaml"])
def test_file_below_the_folder_of_the_quiz_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "bank").mkdir()
    write(tmp_path / name, ONE)
    assert take(tmp_path / "quiz.yml", name) == []


@pytest.mark.parametrize("name", ["../one.yml", "bank/../../one.yml", "/etc/one.yml", "../../../../../../etc/one.yml"])
def test_nothing_is_read_outside_the_folder_of_a_quiz_without_a_course(tmp_path: Path, name: str) -> None:
    (tmp_path / "quiet" / "bank").mkdir(parents=True)
    write(tmp_path / "one.yml", ONE)
    (message,) = take(tmp_path / "quiet" / "quiz.yml", name)
    assert message.endswith("the file is outside the folder of the quiz, which is not part of a course")


def test_whole_course_can_be_read_and_nothing_outside(tmp_path: Path) -> None:
    quiz = tmp_path / "course" / "quizzes" / "week-1" / "quiz.yml"
    write(tmp_path / "course" / "bank" / "one.yml", ONE)
    write(tmp_path / "one.yml", ONE)
    assert take(quiz, "../../bank/one.yml") == []
    assert take(quiz, "../../../one.yml") == ["questions from '../../../one.yml': the file is outside the course"]


@pytest.mark.parametrize(
    "path", ["quiz.yml", "../quizzes/quiz.yml", "../bank/../quizzes/quiz.yml", "../link/../quiz.yml"]
)
def test_quiz_may_be_named_in_any_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    quizzes = tmp_path / "quizzes"
    (quizzes / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(quizzes / "deep")
    write(tmp_path / "bank" / "one.yml", ONE)
    monkeypatch.chdir(quizzes)
    assert take(Path(path), "../bank/one.yml") == []


@pytest.mark.parametrize(("link", "target"), [("bank/link.yml", "one.yml"), ("bank/inside", ".")])
def test_symbolic_link_does_not_lead_out_of_the_course(tmp_path: Path, link: str, target: str) -> None:
    outside, course = tmp_path / "outside", tmp_path / "course"
    write(outside / "one.yml", ONE)
    (course / "bank").mkdir(parents=True)
    (course / link).symlink_to(outside / target)
    name = link if link.endswith(".yml") else f"{link}/one.yml"
    (message,) = take(course / "quiz.yml", name)
    assert "outside the folder of the quiz" in message
    (course / "bank" / "near.yml").symlink_to(course / "near.yml")
    write(course / "near.yml", ONE)
    assert take(course / "quiz.yml", "bank/near.yml") == []


def test_folder_and_loop_of_links_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "loop.yml").symlink_to(tmp_path / "loop.yml")
    assert take(tmp_path / "quiz.yml", "folder.yml", "loop.yml", "nul\\0.yml") == [
        "questions from 'folder.yml': this is not a file",
        "questions from 'loop.yml': the file cannot be read",
        "questions from 'nul\\0.yml': this has a backslash in its path",
    ]


def test_files_that_take_from_each_other_are_told_with_all_their_names(tmp_path: Path) -> None:
    write(tmp_path / "a.yml", "title: x\nquestions: [{from: b.yml}]\n")
    write(tmp_path / "b.yml", "title: x\nquestions: [{from: quiz.yml}]\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        (message,) = take(Path("quiz.yml"), "a.yml")
    assert message.endswith("from each other: 'quiz.yml' -> 'a.yml' -> 'b.yml' -> 'quiz.yml'")


def _chain(folder: Path, length: int) -> None:
    for number in range(1, length):
        write(folder / f"{number}.yml", f"title: x\nquestions: [{{from: {number + 1}.yml}}]\n")
    write(folder / f"{length}.yml", ONE)


def test_few_files_in_a_row_are_read_and_no_more(tmp_path: Path) -> None:
    _chain(tmp_path, MAX_CHAIN)
    assert take(tmp_path / "quiz.yml", "1.yml") == []
    _chain(tmp_path, MAX_CHAIN + 1)
    (message,) = take(tmp_path / "quiz.yml", "1.yml")
    assert (
        message
        == f"questions from '{MAX_CHAIN + 1}.yml': more than 5 files in a row that take questions from the next one"
    )


def test_number_of_files_and_of_entries_is_limited(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 1):
        write(tmp_path / f"{number}.yml", ONE.replace("id: one", f"id: q{number}"))
    names = [f"{number}.yml" for number in range(MAX_FILES + 1)]
    assert take(tmp_path / "quiz.yml", *names[:-1]) == []
    (message,) = take(tmp_path / "quiz.yml", *names)
    assert message == f"questions from '{MAX_FILES}.yml': the quiz takes questions from more than {MAX_FILES} files"
    found = take(tmp_path / "quiz.yml", *["gone.yml"] * (MAX_FROM + 9))
    assert len(found) == MAX_FROM + 1
    assert found[-1].endswith(f"more than {MAX_FROM} entries with 'from' in one file")
