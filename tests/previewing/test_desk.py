"""The quizzes of a preview: the last good state of each stays, beside what is wrong now."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from material import QUIZ, write, write_course

from civicquiz.errors import PreviewError
from civicquiz.model.course import check
from civicquiz.previewing.desk import Desk

BROKEN = QUIZ.replace("prompt:", "promt:", 1)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def refreshed(desk: Desk) -> int:
    """Read what was saved; how often there was something new to show."""
    told: list[None] = []
    desk.refresh(lambda: told.append(None))
    return len(told)


def test_broken_quiz_has_the_problems_of_check_and_nothing_to_show(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", BROKEN)
    desk = Desk(quiz)
    assert desk.problems("quiz.yml") is None
    assert refreshed(desk) == 1
    assert list(desk.problems("quiz.yml") or ()) == check([quiz]) != []
    shown = desk.quizzes["quiz.yml"]
    assert (shown.quiz, shown.is_outdated) == (None, False)


def test_last_good_state_stays_until_the_mistake_is_mended(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", QUIZ)
    desk = Desk(quiz)
    refreshed(desk)
    good = desk.quizzes["quiz.yml"]
    assert (good.is_outdated, desk.problems("quiz.yml")) == (False, ())
    write(quiz, BROKEN)
    refreshed(desk)
    outdated = desk.quizzes["quiz.yml"]
    assert (outdated.quiz, outdated.revision, outdated.is_outdated) == (good.quiz, good.revision, True)
    write(quiz, QUIZ.replace("A law", "Another law"))
    refreshed(desk)
    mended = desk.quizzes["quiz.yml"]
    assert mended.quiz is not None
    assert (mended.quiz.title, mended.is_outdated) == ("Another law of 1798", False)
    assert mended.revision != good.revision


def test_file_that_is_deleted_is_a_mistake_until_it_comes_back(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", QUIZ)
    desk = Desk(quiz)
    refreshed(desk)
    quiz.unlink()
    refreshed(desk)
    assert desk.quizzes["quiz.yml"].is_outdated
    write(quiz, QUIZ)
    refreshed(desk)
    assert not desk.quizzes["quiz.yml"].is_outdated


def test_nothing_is_told_if_nothing_was_saved(tmp_path: Path) -> None:
    write_course(tmp_path)
    desk = Desk(tmp_path)
    assert refreshed(desk) == 1
    assert refreshed(desk) == 0


def test_quiz_follows_its_translation_its_seeds_and_its_images(tmp_path: Path) -> None:
    quiz = write_course(tmp_path)
    quiz.write_text(QUIZ.replace("It covers US citizens.", "'![a](art/a.png) It covers US citizens.'"), "utf-8")
    desk = Desk(quiz)
    refreshed(desk)
    assert [problem.message for problem in desk.problems("law.yml") or ()] == [
        "question 'citizens' (true-false): 'prompt': the image 'art/a.png' does not exist"
    ]
    (quiz.parent / "art").mkdir()
    (quiz.parent / "art" / "a.png").write_bytes(PNG)
    refreshed(desk)
    assert desk.problems("law.yml") == ()
    translation = write(quiz.with_name("law.es.yml"), "title: x\n")
    refreshed(desk)
    assert all(problem.path.endswith("law.es.yml") for problem in desk.problems("law.yml") or ())
    assert desk.problems("law.yml") != ()
    translation.unlink()
    write(tmp_path / "seeds" / "record.yml", "claims: []\n")
    refreshed(desk)
    assert len(desk.problems("law.yml") or ()) >= 5


def test_quiz_that_gives_no_feedback_is_shown_without_its_key(tmp_path: Path) -> None:
    desk = Desk(write(tmp_path / "quiz.yml", QUIZ + "feedback: none\n"))
    refreshed(desk)
    shown = desk.quizzes["quiz.yml"]
    assert shown.quiz is not None
    assert shown.on_page is not None
    assert shown.quiz.keyed_questions
    assert type(shown.on_page).__name__ == "ReleasedQuiz"


def test_folder_lists_the_quizzes_that_check_checks_and_no_translation(tmp_path: Path) -> None:
    for name in ("b.yml", "a/c.yml", "_build/d.yml", "node_modules/e.yml", ".f.yml"):
        write(tmp_path / name, QUIZ)
    write(tmp_path / "b.es.yml", "title: x\n")
    write(tmp_path / "settings.yml", "port: 1\n")
    assert Desk(tmp_path).names == ("a/c.yml", "b.yml")


def test_new_quiz_appears_and_a_deleted_one_disappears(tmp_path: Path) -> None:
    first = write(tmp_path / "first.yml", QUIZ)
    desk = Desk(tmp_path)
    refreshed(desk)
    write(tmp_path / "more" / "second.yml", BROKEN)
    first.unlink()
    assert refreshed(desk) > 0
    assert desk.names == ("more/second.yml",)
    assert len(desk.problems("more/second.yml") or ()) == 1
    assert "first.yml" in desk.quizzes  # a page may show it still


def test_two_quizzes_of_one_name_are_warned_about_as_check_does(tmp_path: Path) -> None:
    write(tmp_path / "a" / "law.yml", QUIZ)
    write(tmp_path / "b" / "law.yml", QUIZ.replace("A law", "Another law"))
    desk = Desk(tmp_path)
    refreshed(desk)
    found = [problem for name in desk.names for problem in desk.problems(name) or ()]
    assert found == check([tmp_path]) != []


def test_translation_means_its_quiz(tmp_path: Path) -> None:
    write(tmp_path / "law.yml", QUIZ)
    assert Desk(write(tmp_path / "law.es.yml", "title: x\n")).names == ("law.yml",)


def test_path_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"there is no file or folder '.*nothing.yml'; name a quiz"):
        Desk(tmp_path / "nothing.yml")


def test_quiz_follows_the_files_that_it_takes_questions_from(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", "title: x\nquestions: [{from: bank/law.yml, ids: [citizens]}]\n")
    desk = Desk(quiz)
    refreshed(desk)
    (problem,) = desk.problems("quiz.yml") or ()
    assert problem.message == "questions from 'bank/law.yml': there is no such file"
    bank = write(tmp_path / "bank" / "law.yml", QUIZ)
    refreshed(desk)
    assert desk.problems("quiz.yml") == ()
    write(bank, QUIZ.replace("It covers US citizens.", "Does it cover citizens?"))
    assert refreshed(desk) == 1
    shown = desk.quizzes["quiz.yml"].quiz
    assert shown is not None
    assert [question.prompt for question in shown.questions] == ["Does it cover citizens?"]
    assert refreshed(desk) == 0
