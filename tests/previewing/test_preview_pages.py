"""The pages of the preview: nothing that an author wrote becomes markup, and nothing loads from anywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from material import EXAMPLES, QUIZ, write, write_course

from civicquiz.previewing.desk import Desk, Previewed
from civicquiz.previewing.preview_pages import VIEWS, frame_page, list_page, list_state, quiz_page, quiz_state
from civicquiz.releasing.release import release

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


def previewed(path: Path) -> Previewed:
    desk = Desk(path)
    desk.refresh(lambda: None)
    return desk.quizzes[path.name]


def policy(page: str) -> str:
    (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return str(found)


def test_pages_around_quizzes_talk_to_their_own_server_only() -> None:
    for page in (list_page("folder"), quiz_page("quiz.yml", in_list=True)):
        assert re.fullmatch(
            r"default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'unsafe-inline'; img-src data:; "
            r"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'",
            policy(page),
        )


@pytest.mark.parametrize("view", VIEWS)
def test_quiz_in_its_frame_loads_nothing(tmp_path: Path, view: str) -> None:
    page = frame_page(previewed(write(tmp_path / "quiz.yml", QUIZ)), view)
    assert policy(page).startswith("default-src 'none'; ")
    assert "'self'" not in policy(page)
    assert not re.search(r"<link(?! rel=\"icon\" href=\"data:,\">)|<iframe|\bsrc=\"(?!data:)", page)


@pytest.mark.parametrize("view", VIEWS)
def test_what_an_author_wrote_is_escaped_in_every_view(tmp_path: Path, view: str) -> None:
    text = QUIZ.replace("title: A law of 1798", f"title: {json.dumps(HOSTILE)}")
    text = text.replace("It covers US citizens.", json.dumps(HOSTILE)).replace(
        "Feedback on the wrong year.", json.dumps(HOSTILE)
    )
    page = frame_page(previewed(write(tmp_path / "quiz.yml", text)), view)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_names_of_files_and_folders_are_escaped() -> None:
    for page in (list_page(HOSTILE), quiz_page(HOSTILE, in_list=False)):
        assert "<script>alert" not in page
        assert "<img" not in page


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_has_every_view(path: Path) -> None:
    shown = previewed(path)
    student, teacher, paper = (frame_page(shown, view) for view in VIEWS)
    assert ('"key":"' in student) == (shown.quiz is not None and shown.quiz.feedback != "none")
    assert shown.quiz is not None
    assert teacher.count('class="answered"') == len(shown.quiz.questions)
    assert "answered" not in paper.partition("<body>")[2]


def test_teachers_see_answers_feedback_explanations_hints_and_sources(tmp_path: Path) -> None:
    page = frame_page(previewed(write_course(tmp_path)), "teacher")
    for text in (
        "John Adams was president",
        "Feedback on the wrong year",
        "Explanation of the wars",
        "The Act is of 1798",
    ):
        assert page.count(text) >= 1, text
    assert page.index("Feedback on the wrong year") < page.index("In which wars")
    assert '<ul class="feedback"><li><b>1798</b><p>Feedback on the right year.</p>' in page
    assert page.count("<h3>Hint</h3>") == 1


def test_views_are_in_the_language_that_was_chosen(tmp_path: Path) -> None:
    source = next(path for path in EXAMPLES if path.with_name(f"{path.stem}.es.yml").exists())
    for file in source.parent.glob(f"{source.stem}*.yml"):
        write(tmp_path / file.name, file.read_text("utf-8"))
    shown = previewed(tmp_path / source.name)
    assert shown.quiz is not None
    spanish = shown.quiz.translations["es"].title
    for view in ("teacher", "paper"):
        assert f"<h1>{spanish}</h1>" in frame_page(shown, view, "es")
        assert f"<h1>{shown.quiz.title}</h1>" in frame_page(shown, view, "xx")


def test_teachers_see_what_a_review_says_in_the_language_that_they_look_at(tmp_path: Path) -> None:
    question = "  - {id: q, type: numeric, prompt: 'How many <b>?', answer: 3, tolerance: 0}\n"
    shown = previewed(write(tmp_path / "quiz.yml", f"title: x\nquestions:\n{question}"))
    page = frame_page(shown, "teacher")
    assert "1 remark of civicquiz review" in page
    assert "Question 1: no wrong number has feedback" in page
    assert "civicquiz review" not in frame_page(shown, "student") + frame_page(shown, "paper")


def test_released_copy_says_to_teachers_that_it_has_no_key(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", QUIZ)
    release([quiz], tmp_path / "copies")
    shown = previewed(tmp_path / "copies" / "quiz.yml")
    assert "is a released copy, which has no key" in frame_page(shown, "teacher")
    assert '"key":"' not in frame_page(shown, "student")


def test_page_is_told_place_message_and_hint_of_every_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Desk(write(tmp_path / "quiz.yml", QUIZ.replace("prompt:", "promt:", 1)))
    assert quiz_state(desk, "quiz.yml")["problems"] is None
    desk.refresh(lambda: None)
    assert quiz_state(desk, "quiz.yml")["problems"] == [
        {
            "place": "quiz.yml:5:5",
            "message": "question 'passed-in' (single-choice): unknown key 'promt'",
            "hint": "did you mean 'prompt'?",
            "isWarning": False,
        }
    ]


def test_list_has_the_number_of_problems_and_warnings_of_each_quiz(tmp_path: Path) -> None:
    write(tmp_path / "a.yml", QUIZ.replace("prompt:", "promt:", 1))
    write(tmp_path / "b.yml", QUIZ + "language: xx\n")
    desk = Desk(tmp_path)
    assert [entry["problems"] for entry in list_state(desk)] == [None, None]
    desk.refresh(lambda: None)
    assert list_state(desk) == [
        {"name": "a.yml", "title": "", "problems": 1, "warnings": 0},
        {"name": "b.yml", "title": "A law of 1798", "problems": 0, "warnings": 1},
    ]
