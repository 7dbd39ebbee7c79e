"""The pages of the preview: the list of quizzes, the page around a quiz, and the quiz itself in a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from civicquiz.errors import NoKeyError, Problem, one_line
from civicquiz.frontend.front_end import PAGE_SCRIPTS, front_end
from civicquiz.frontend.payload import page_payload
from civicquiz.frontend.static_files import json_for_script
from civicquiz.frontend.words import locale
from civicquiz.hosts.documents.page_frame import html_page
from civicquiz.hosts.documents.worksheet import teacher_page, worksheet
from civicquiz.model.quiz import Quiz
from civicquiz.previewing.desk import Desk, Previewed
from civicquiz.reviewing.quiz_review import remarks_of

__all__ = ["VIEWS", "frame_page", "list_page", "list_state", "quiz_page", "quiz_state"]

#: What can be shown of a quiz -> what the switch for it says.
VIEWS = {"student": "Student", "teacher": "Teacher", "paper": "Paper"}

_STATUS = '<p role="status" id="status"></p>'
_NO_SCRIPT = "<noscript><p><strong>The preview needs JavaScript.</strong></p></noscript>"


def list_page(folder: str) -> str:
    """The page that lists the quizzes below ``folder``; ``preview.js`` fills it in."""
    content = [f"<h1>Quizzes in {escape(one_line(folder))}</h1>", _STATUS, _NO_SCRIPT, '<ul id="quizzes"></ul>']
    return _shell(f"{folder} (preview)", content)


def quiz_page(name: str, *, in_list: bool) -> str:
    """The page around a quiz: switches and problems; ``preview.js`` fills it in.

    Args:
        name: of the quiz, as in its :class:`Desk`.
        in_list: whether there is a list to go back to.
    """
    views = "".join(
        f'<label><input type="radio" name="view" value="{view}"> {label}</label>' for view, label in VIEWS.items()
    )
    content = [
        f'<header><h1 id="title" data-name="{escape(name)}">{escape(one_line(name))}</h1>',
        '<a href="." id="list">All quizzes</a>' if in_list else "",
        "</header>",
        _NO_SCRIPT,
        '<form id="switches" autocomplete="off">',
        f"<fieldset><legend>View</legend>{views}</fieldset>",
        '<label><input type="checkbox" name="phone"> Phone width</label>',
        '<label><input type="checkbox" name="dark"> Dark</label>',
        '<label id="languages" hidden>Language <select name="language"></select></label>',
        '<button type="button" id="clean">Start clean as a student</button>',
        "</form>",
        _STATUS,
        '<section id="problems" aria-label="Problems" hidden><ol></ol></section>',
        '<p id="outdated" hidden><strong>Below is the quiz as it was before these problems.</strong></p>',
        '<div id="frames"></div>',
    ]
    return _shell(f"{name} (preview)", content)


def _shell(title: str, content: Iterable[str]) -> str:
    return html_page(
        title,
        content,
        language="en",
        styles=["preview.css"],
        scripts=["preview.js"],
        generator="civicquiz preview",
        rules=["connect-src 'self'", "frame-src 'self'"],
    )


def frame_page(shown: Previewed, view: str, language: str | None = None) -> str:
    """What is shown of a quiz, as a whole page: one of ``VIEWS``.

    Args:
        shown: a quiz that could be read.
        view: a key of ``VIEWS``.
        language: the tag of a translation for teachers and paper; if there is none, the language of the quiz. Students
            choose on the page.
    """
    quiz, on_page = shown.quiz, shown.on_page
    assert quiz is not None
    assert on_page is not None
    language = language if language in quiz.translations else None
    if view == "paper":
        return worksheet(quiz, languages=[language] if language else [])
    if view == "teacher":
        try:
            return teacher_page(quiz, language=language, remarks=_remarks(quiz, language or quiz.language))
        except NoKeyError as error:
            return html_page(quiz.title, [f"<p>{escape(str(error))}</p>"], language="en", styles=["preview_frame.css"])
    files = front_end(on_page, on_page.questions)
    island = f'<script type="application/json">{json_for_script(page_payload(on_page))}</script>'
    return html_page(
        quiz.title,
        [f'<div class="civicquiz-static">{island}</div>'],
        language=locale(quiz.language),
        styles=[*files.styles, "preview_frame.css"],
        scripts=[*files.scripts, "preview_frame.js", *PAGE_SCRIPTS],
    )


def _remarks(quiz: Quiz, language: str) -> list[tuple[str, str]]:
    """(message, hint) of what ``civicquiz review`` says of a quiz in one language."""
    numbers = {question.id: number for number, question in enumerate(quiz.questions, start=1)}
    return [
        (f"Question {numbers[remark.question]}: {remark.message}" if remark.question else remark.message, remark.hint)
        for remark in remarks_of(quiz)
        if remark.language == language
    ]


def quiz_state(desk: Desk, name: str) -> dict[str, Any]:
    """What the page around a quiz shows now: ``PreviewQuiz`` in ``types.d.ts``."""
    shown = desk.quizzes[name]
    quiz = shown.quiz
    return {
        "title": quiz.title if quiz else name,
        "problems": None if (problems := desk.problems(name)) is None else [_problem(found) for found in problems],
        "revision": shown.revision,
        "isOutdated": shown.is_outdated,
        "languages": [quiz.language, *quiz.translations] if quiz and quiz.translations else [],
    }


def list_state(desk: Desk) -> list[dict[str, Any]]:
    """What the list shows now: ``PreviewEntry`` in ``types.d.ts`` for each quiz."""
    return [
        {"name": name, "title": quiz.title if (quiz := desk.quizzes[name].quiz) else "", **_counts(desk.problems(name))}
        for name in desk.names
    ]


def _counts(problems: Sequence[Problem] | None) -> dict[str, int | None]:
    if problems is None:
        return {"problems": None, "warnings": None}
    warnings = sum(problem.is_warning for problem in problems)
    return {"problems": len(problems) - warnings, "warnings": warnings}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "place": f"{one_line(problem.path)}:{problem.line}:{problem.column}",
        "message": one_line(problem.message),
        "hint": one_line(problem.hint),
        "isWarning": problem.is_warning,
    }
