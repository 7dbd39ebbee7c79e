"""``layout: one`` and links to one question, on a page, in a released copy and in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Lab, Watched, find_violations, focus_is_lost
from material import write
from playwright.sync_api import Locator, Page, expect

from civicquiz.releasing.release import release

TITLE = "Example: one question at a time"
PAGE = "docs/settings.html"
SHOW = "import civicquiz\ncivicquiz.show('../examples/settings/one-at-a-time.yml')"


def quiz_on(page: Page, title: str = TITLE) -> Locator:
    quiz = page.get_by_role("region", name=title, exact=True)
    quiz.wait_for()
    return quiz


def in_view(quiz: Locator) -> list[str]:
    """The prompts that can be seen."""
    return [prompt.inner_text() for prompt in quiz.locator(".cq-prompt").all() if prompt.is_visible()]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def entry(quiz: Locator, name: str | re.Pattern[str]) -> Locator:
    return quiz.get_by_role("navigation").get_by_role("button", name=name)


@pytest.fixture(params=["book", "lab"])
def quiz(request: pytest.FixtureRequest, watch: Callable[..., Watched]) -> Locator:
    page = watch(viewport={"width": 1280, "height": 900}).page()
    if request.param == "book":
        page.goto(f"{request.getfixturevalue('book').as_uri()}/{PAGE}")
    else:
        lab: Lab = request.getfixturevalue("lab")
        lab.open(page, lab.write("class/paging.ipynb", SHOW))
        lab.run_all(page)
    return quiz_on(page)


def press(page: Page, name: str) -> None:
    """Go to a button with Tab alone, and press it with Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")
        if str(label).startswith(name):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"the button {name} cannot be reached")


def test_learner_goes_through_a_quiz_with_the_keyboard_alone(quiz: Locator) -> None:
    page = quiz.page
    assert in_view(quiz) == ["How many wars does the table name?"]
    entry(quiz, "Question 1").focus()
    press(page, "Next")
    assert focused(page) == "Question 2 of 5"
    expect(quiz.get_by_role("heading", name="Question 2 of 5")).to_be_focused()
    expect(quiz.get_by_text("The three counted uses")).to_be_visible()  # with each of its questions
    expect(quiz.get_by_text("Reading a table")).to_be_visible()
    assert find_violations(page, ".civicquiz") == []
    press(page, "Previous")
    page.keyboard.press("Tab")
    page.keyboard.type("seven")
    expect(entry(quiz, "Question 1: can't be read")).to_be_visible()
    press(page, "Next")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(entry(quiz, "Question 2: Not correct")).to_have_attribute("aria-current", "true")
    assert not focus_is_lost(page)
    press(page, "Flag for review")
    expect(entry(quiz, "Question 2: Not correct, flagged for review")).to_be_visible()
    press(page, "Next")
    assert in_view(quiz) == ["Which branch of government passed the Act?"]
    expect(quiz.get_by_text("The three counted uses")).to_be_hidden()
    expect(quiz.get_by_role("heading", name="Who decides")).to_be_visible()
    press(page, "Next")
    press(page, "Next")
    assert focused(page) == "Question 5 of 5"
    expect(quiz.get_by_role("heading", name="Who decides")).to_be_hidden()  # of the section before
    press(page, "Next")
    assert focused(page) == "Summary"
    assert in_view(quiz) == []
    assert find_violations(page, ".civicquiz") == []
    expect(entry(quiz, "Summary")).to_have_attribute("aria-current", "true")
    expect(quiz.locator(".cq-progress")).to_contain_text("1 of 5 questions answered. Flagged for review: 1")
    assert quiz.get_by_role("button", name="Next").count() == 0
    press(page, "Question 1")
    assert focused(page) == "Question 1 of 5"
    expect(quiz.get_by_role("textbox")).to_have_value("seven")


def test_question_in_view_is_found_again_after_a_reload_and_cleared_answers_begin_at_the_first(
    quiz: Locator, request: pytest.FixtureRequest
) -> None:
    page = quiz.page
    entry(quiz, "Question 3").click()
    quiz.get_by_label("the president", exact=True).check()
    expect(entry(quiz, "Question 3: answered")).to_be_visible()
    if "lab" in request.node.name:
        request.getfixturevalue("lab").run_all(page)
    else:
        page.reload()
    quiz = quiz_on(page)
    expect(entry(quiz, "Question 3: answered")).to_have_attribute("aria-current", "true")
    assert in_view(quiz) == ["Which branch of government passed the Act?"]
    expect(quiz.get_by_label("the president", exact=True)).to_be_checked()
    entry(quiz, "Summary").click()
    quiz.get_by_text("Start over").click()
    quiz.get_by_role("button", name="Clear all my answers").click()
    expect(entry(quiz, "Question 1")).to_have_attribute("aria-current", "true")
    expect(quiz.get_by_role("textbox")).to_be_focused()
    expect(quiz.get_by_text("All your answers have been cleared.")).to_be_visible()
    expect(entry(quiz, "Question 3: no answer yet")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    watch: Callable[..., Watched], book: Path, width: int, scheme: str
) -> None:
    page = watch(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce").page()
    page.goto(f"{book.as_uri()}/{PAGE}#one-at-a-time-first-president")
    quiz = quiz_on(page)
    quiz.get_by_label("John Adams").check()
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_text("He signed the Act")).to_be_visible()
    listed = quiz.get_by_role("navigation").get_by_role("list")
    expect(listed).to_be_visible() if width == 1280 else expect(listed).to_be_hidden()
    for name in ("Question 2", "Question 4", "Summary"):
        if not listed.is_visible():
            quiz.get_by_text("All questions").click()
            assert find_violations(page, ".civicquiz") == []
        entry(quiz, name).click()
        expect(entry(quiz, name)).to_be_visible() if width == 1280 else expect(listed).to_be_hidden()
        assert find_violations(page, ".civicquiz") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not focus_is_lost(page)


def test_current_question_can_be_told_in_forced_colors(watch: Callable[..., Watched], book: Path) -> None:
    page = watch(forced_colors="active").page()
    page.goto(f"{book.as_uri()}/{PAGE}")
    quiz = quiz_on(page)
    widths = [
        entry(quiz, f"Question {number}").evaluate("button => getComputedStyle(button).borderTopWidth")
        for number in (1, 2)
    ]
    assert widths == ["3px", "1px"]


def test_printing_gives_all_questions_with_their_numbers(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{PAGE}")
    quiz = quiz_on(page)
    page.emulate_media(media="print")
    assert len(in_view(quiz)) == 5
    for number in range(1, 6):
        expect(quiz.get_by_text(f"Question {number} of 5 · ")).to_be_visible()
    expect(quiz.get_by_text("Who decides")).to_be_visible()
    for name in ("Next", "Previous", re.compile("^Question")):
        assert quiz.get_by_role("button", name=name, exact=True).count() == 0


# ---- Links ----


def is_at_top(place: Locator) -> bool:
    """Whether it begins in the upper half of the window."""
    return bool(
        place.evaluate("e => { const {top} = e.getBoundingClientRect(); return top > -5 && top < innerHeight / 2; }")
    )


def test_links_lead_to_a_question_in_each_layout_and_back(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{PAGE}#one-at-a-time-who-passed")
    quiz = quiz_on(page)
    heading = quiz.get_by_role("heading", name="Question 3 of 5")
    expect(heading).to_be_focused()
    assert is_at_top(heading)
    page.evaluate("location.hash = '#attempts-passed-in'")
    other = page.locator("#attempts-passed-in")
    assert "it become law" in other.inner_text()
    assert is_at_top(other)
    assert in_view(quiz) == ["Which branch of government passed the Act?"]
    page.evaluate("location.hash = '#one-at-a-time-signed'")
    expect(quiz.get_by_role("heading", name="Question 5 of 5")).to_be_focused()
    page.go_back()
    page.go_back()
    expect(heading).to_be_focused()
    page.go_forward()
    page.go_forward()
    expect(quiz.get_by_role("heading", name="Question 5 of 5")).to_be_focused()
    # The address names what is in view, so a reload or a copy of it does not lead somewhere else.
    quiz.get_by_role("button", name="Previous").click()
    assert page.url.endswith("#one-at-a-time-order-of-steps")
    page.reload()
    expect(quiz.get_by_role("heading", name="Question 4 of 5")).to_be_focused()


def test_link_that_is_opened_scrolls_to_the_question_of_a_quiz_that_shows_all(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{PAGE}#attempts-passed-in")
    quiz_on(page)
    expect(page.locator("#attempts-passed-in.cq-question")).to_be_in_viewport()
    assert is_at_top(page.locator("#attempts-passed-in"))
    page.goto(f"{book.as_uri()}/{PAGE}#%E0%A4%A")  # an address of no question, and of nothing at all
    quiz_on(page)


def test_question_that_a_page_has_twice_has_one_anchor(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{PAGE}")
    quiz_on(page)
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
        )
        == []
    )
    # Another language draws the quiz again.
    first = page.get_by_role("region", name="Example: feedback at the end", exact=True)
    anchors = (
        "[...document.querySelectorAll('.civicquiz')].map(q => [...q.querySelectorAll('.cq-question')].map(c => c.id))"
    )
    before = page.evaluate(anchors)
    assert all(names and all(names) for names in before)
    first.get_by_label("Language / Idioma:").select_option("es")
    expect(page.get_by_role("region", name="Ejemplo: los resultados al final", exact=True)).to_be_visible()
    assert page.evaluate(anchors) == before


# ---- A released copy, with everything else that a quiz can be set to ----

QUIZ = """title: A timed quiz
layout: one
time_limit: 5
certainty: reflect
shuffle: [options]
sections:
  - {title: First, text: What comes first., questions: [one]}
  - {title: Second, questions: [two, three]}
questions:
  - {id: one, type: true-false, prompt: Is it one?, answer: true, hint: It may be.}
  - {id: two, type: short-text, prompt: Which is two?, accept: [two]}
  - {id: three, type: true-false, prompt: Is it three?, answer: true}
"""
SPANISH = """title: Una prueba
sections:
  - {title: Primero, text: Lo que viene primero.}
  - {title: Segundo}
questions:
  - {id: one, prompt: ¿Es uno?, hint: Puede ser.}
  - {id: two, prompt: ¿Cuál es dos?}
"""


def test_released_quiz_with_a_clock_certainty_and_languages_shows_one_question_at_a_time(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    name = "zeit <b>& ü"
    write(tmp_path / f"{name}.es.yml", SPANISH)
    release([write(tmp_path / f"{name}.yml", QUIZ)], tmp_path / "out")
    (file,) = (tmp_path / "out").glob("*.html")
    page = watch().page()
    page.goto(f"{file.as_uri()}#zeit-b-%C3%BC-two")
    quiz = quiz_on(page, "A timed quiz")
    expect(quiz.get_by_role("navigation")).to_be_hidden()
    assert in_view(quiz) == []
    quiz.get_by_role("button", name="Start", exact=True).click()
    assert not focus_is_lost(page)
    assert in_view(quiz) == ["Which is two?"]
    expect(quiz.get_by_role("heading", name="Second")).to_be_visible()
    quiz.get_by_role("textbox").fill("deux")
    quiz.get_by_role("radio", name="Fairly sure").check()
    quiz.get_by_role("button", name="Save answer").click()
    expect(entry(quiz, "Question 2: answered")).to_be_visible()
    assert find_violations(page, "html") == []

    quiz.get_by_label("Language / Idioma:").select_option("es")
    quiz = quiz_on(page, "Una prueba")
    expect(quiz.get_by_label("Language / Idioma:")).to_be_focused()
    assert in_view(quiz) == ["¿Cuál es dos?"]
    expect(quiz.get_by_role("textbox")).to_have_value("deux")
    quiz.get_by_role("button", name="Anterior").click()
    expect(quiz.get_by_text("Lo que viene primero.")).to_be_visible()
    quiz.get_by_text("Pista").click()
    expect(quiz.get_by_text("Puede ser.", exact=True)).to_be_visible()
    prompts = quiz.locator(".cq-prompt").evaluate_all("found => found.map(e => e.closest('[lang]').lang)")
    assert prompts == ["es", "es", "en"]  # the last is not translated
    entry(quiz, "Resumen").click()
    quiz.get_by_role("button", name="Terminar").click()
    expect(quiz).to_contain_text("1, 3")
    quiz.get_by_role("button", name="Terminar").click()
    expect(quiz.get_by_role("button", name="Guardar como archivo")).to_be_visible()
    assert not focus_is_lost(page)
    assert find_violations(page, "html") == []


def test_what_was_saved_is_said_below_every_question(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """A learner who reads that an answer is not saved, and why, may not have come to the end of the quiz."""
    release([write(tmp_path / "quiz.yml", QUIZ.replace("time_limit: 5\n", ""))], tmp_path / "out")
    watched = watch()
    watched.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page = watched.page()
    page.goto((tmp_path / "out" / "quiz.html").as_uri())
    quiz = quiz_on(page, "A timed quiz")
    for number in (1, 2, 3):
        entry(quiz, f"Question {number}").click()
        expect(quiz.get_by_text("This browser does not keep your answers.")).to_be_visible()
        expect(quiz.get_by_role("heading", name=f"Question {number} of 3")).to_be_focused()


def test_quiz_of_one_question_has_nothing_to_go_through(watch: Callable[..., Watched], tmp_path: Path) -> None:
    text = "title: T\nlayout: one\nquestions:\n  - {id: a, type: true-false, prompt: Is it?, answer: true}\n"
    release([write(tmp_path / "quiz.yml", text)], tmp_path / "out")
    page = watch().page()
    page.goto((tmp_path / "out" / "quiz.html").as_uri())
    expect(page.get_by_text("Is it?")).to_be_visible()
    assert page.get_by_role("navigation").count() == 0
