"""A live site in a real browser: Python runs in the page, and the answers stay there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import ALSO_IN_FIREFOX, QuizPage, Watched, find_violations
from key_scan import own_words, secrets, spellings
from live_sites import MOST_BYTES, PATIENCE, BuiltSite, bytes_loaded, open_live
from material import SAMPLE_COURSE, write
from playwright.sync_api import Locator, Page, expect
from running_hosts import PagesHandler, serving

import civicquiz
from civicquiz.frontend.words import strings
from civicquiz.grading.grade import grade
from civicquiz.model.quiz_files import quiz_files

QUIZ = SAMPLE_COURSE / "quizzes" / "amendments.yml"
KEY = civicquiz.load(QUIZ)
PROPOSING = next(question for question in KEY.questions if question.id == "who-proposes")
RIGHT = next(option for option in PROPOSING.options if option.correct)
WRONG = next(option for option in PROPOSING.options if not option.correct)
NOTEBOOK = "lessons/quiz.ipynb"
ANSWERS = "amendments.responses.json"
WITHOUT_NETWORK = "opens without a network"


@pytest.fixture
def served_site(live_site: BuiltSite) -> Iterator[str]:
    """The address of the site in a subfolder, as on GitHub Pages."""
    with serving(live_site.folder.parent, PagesHandler) as url:
        yield f"{url}/{live_site.folder.name}"


def quiz_on(page: Page) -> QuizPage:
    place = page.locator(".civicquiz").first
    place.locator(".cq-question").first.wait_for()
    return QuizPage(page, place)


def question_of(page: Page, question_id: str):
    return quiz_on(page).question([question.id for question in KEY.questions].index(question_id))


def saved(page: Page) -> None:
    expect(page.locator(".civicquiz .cq-notice").first).to_contain_text(f"saved in {ANSWERS}", timeout=PATIENCE)
    expect(page.locator(".civicquiz .cq-notice").first).not_to_contain_text("will be")


@ALSO_IN_FIREFOX
def test_student_answers_saves_comes_back_and_goes_on_elsewhere(
    live_site: BuiltSite,
    served_site: str,
    watch: Callable[..., Watched],
    download: Callable[[Locator], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the first visit to another machine; no page requests anything from another host (`watch`)."""
    watched = watch(locale="en-US")
    page = watched.page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{served_site}/notebooks/index.html?path={NOTEBOOK}")
    # Before Python has started, the quiz is there as text.
    expect(page.get_by_text(RIGHT.text).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".civicquiz-live")).to_contain_text(re.compile(r"loads about \d+ MB|running|Ready"))
    expect(page.locator(".civicquiz-live p")).to_contain_text("Ready. Your answers stay", timeout=PATIENCE)
    expect(page.locator(".civicquiz-live p")).to_contain_text(WITHOUT_NETWORK, timeout=PATIENCE)
    assert not [text for text in said if "unregister" in text], "a kernel that starts at that moment finds no files"
    loaded = bytes_loaded(watched, live_site.folder.parent)
    assert loaded < MOST_BYTES
    assert loaded == pytest.approx(live_site.about.first_visit, rel=0.15), "what the command and the button say"

    question = question_of(page, "who-proposes")
    question.choose(WRONG.text)
    assert "Not correct" in question.check()
    question.retry_button.click()
    question.choose(RIGHT.text)
    assert "Correct" in question.check()
    saved(page)
    assert find_violations(page, ".civicquiz-live") == []

    # Another tab has the answer, and what is answered there is not lost.
    other = watched.page()
    open_live(other, served_site, NOTEBOOK)
    assert "Correct" in question_of(other, "who-proposes").status.inner_text()
    number = question_of(other, "how-many-states")
    number.place.get_by_role("textbox").fill("38")
    assert "Correct" in number.check()
    saved(other)
    here = question_of(page, "how-many-states")
    here.place.get_by_role("textbox").fill("18")
    expect(here.status).to_contain_text("Correct", timeout=PATIENCE)
    expect(page.locator(".civicquiz .cq-notice").first).to_contain_text(strings()["settled_elsewhere"])
    other.close()

    # The lesson opens without a network, the answers are there, another one is judged, and they can be graded.
    with monkeypatch.context() as no_network:
        no_network.setattr(PagesHandler, "do_GET", lambda handler: setattr(handler, "close_connection", True))
        page.close()
        page = watched.page()
        open_live(page, served_site, NOTEBOOK)
        expect(page.locator(".civicquiz-live p")).to_contain_text(WITHOUT_NETWORK)
        expect(question_of(page, "who-proposes").status).to_contain_text("Correct")
        last = question_of(page, "can-be-repealed")
        last.place.get_by_role("radio").first.check()
        assert "orrect" in last.check()
        saved(page)
        saved_as = download(page.get_by_role("button", name="Save answers as files"))
        assert saved_as.name == ANSWERS
        content = json.loads(saved_as.read_text("utf-8"))
    file = write(tmp_path / ANSWERS, json.dumps(content))
    assert civicquiz.check_answers(file, QUIZ).result.outcomes["who-proposes"].status == "correct"
    assert grade(KEY, content["responses"]).outcomes["how-many-states"].status == "correct"

    # On another machine.
    elsewhere = watch(locale="en-US").page()
    open_live(elsewhere, served_site, NOTEBOOK)
    expect(question_of(elsewhere, "who-proposes").check_button).to_be_visible()
    elsewhere.locator(".civicquiz-live input[type=file]").set_input_files(file)
    expect(elsewhere.locator(".civicquiz-live p")).to_contain_text(f"Restored: {ANSWERS}", timeout=PATIENCE)
    expect(question_of(elsewhere, "who-proposes").status).to_contain_text("Correct", timeout=PATIENCE)
    for name, text in {"x.json": "[1]", "y.json": '{"schema": 1, "quiz": "../x", "responses": {}}'}.items():
        elsewhere.locator(".civicquiz-live input[type=file]").set_input_files(write(tmp_path / name, text))
        expect(elsewhere.locator(".civicquiz-live p")).to_contain_text(f"{name} is not a file with answers")


@pytest.mark.parametrize(
    ("script", "language", "expected"),
    [
        ("delete globalThis.WebAssembly", "en-US", "Python could not start: this browser is too old"),
        ("delete Navigator.prototype.serviceWorker", "es-MX", "Python no pudo iniciarse: este navegador no permite"),
        (
            "WebAssembly.Memory = function () { throw new RangeError('could not allocate memory'); }",
            "en-US",
            "too little memory",
        ),
    ],
)
def test_browser_that_cannot_run_python_says_why_and_shows_the_questions(
    served_site: str, watch: Callable[..., Watched], script: str, language: str, expected: str
) -> None:
    watched = watch(locale=language, viewport={"width": 375, "height": 700})
    watched.ours = False  # JupyterLite itself says in the console what it misses
    page = watched.page()
    page.add_init_script(script)
    page.goto(f"{served_site}/notebooks/index.html?path={NOTEBOOK}")
    expect(page.locator(".civicquiz-live p")).to_contain_text(expected, timeout=PATIENCE)
    expect(page.get_by_text(RIGHT.text).first).to_be_visible(timeout=PATIENCE)
    assert watched.other_hosts() == []


def test_error_that_is_not_the_end_of_python_is_taken_back(served_site: str, watch: Callable[..., Watched]) -> None:
    """Once Python has answered, it is not even told: WebKit reports such an error of Pyodide at each start."""
    page = watch(locale="en-US").page()
    page.add_init_script(
        """globalThis.said = [];
        globalThis.Worker = class extends Worker {
            constructor(...asked) {
                super(...asked);
                const fail = (message) => this.dispatchEvent(new ErrorEvent("error", { message }));
                const listen = () => {
                    const state = document.querySelector(".civicquiz-live p");
                    if (!state) return setTimeout(listen, 10);
                    new MutationObserver(() => {
                        said.push(state.textContent);
                        if (/is running/.test(state.textContent)) fail("a late error");
                    }).observe(state, { childList: true });
                    fail("an early error");
                };
                setTimeout(listen);
            }
        }"""
    )
    open_live(page, served_site, NOTEBOOK)
    said = "\n".join(page.evaluate("said"))
    assert "Python could not start: it stopped with an error (an early error)" in said
    assert "is running" in said
    assert "a late error" not in said
    expect(page.locator(".civicquiz-live-failed")).to_have_count(0)
    question = question_of(page, "who-proposes")
    question.choose(RIGHT.text)
    assert "Correct" in question.check()


def test_copies_without_a_key_have_none_in_a_live_site(live_site: BuiltSite) -> None:
    """The copies that a class gets, and those of quizzes without feedback; their notebooks have run, too."""
    of_any_quiz = own_words()
    files = [
        file
        for place in ("lessons", "quizzes", "class")
        for file in (live_site.folder / "files" / place).rglob("*")
        if file.is_file()
    ]
    for quiz in sorted(quiz_files(live_site.source / "quizzes")):
        hidden = civicquiz.load(quiz).feedback == "none"
        own = [file for file in files if file.name.split(".")[0] == quiz.stem and (hidden or "class" in file.parts)]
        assert {file.suffix for file in own} >= {".yml", ".ipynb", ".html"}
        for secret in secrets(quiz):
            if secret in of_any_quiz:
                continue
            spelled = spellings(secret)
            found = [file.name for file in own if any(one in file.read_text("utf-8") for one in spelled)]
            assert found == [], (quiz.name, secret)
