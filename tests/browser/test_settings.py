"""The settings of a quiz, as a learner sees them, on a page and in JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Lab, Watched, find_violations, focus_is_lost
from playwright.sync_api import Locator, Page, expect

TITLES = {
    "at-the-end": "Example: feedback at the end",
    "attempts": "Example: two attempts, and a hint that costs",
    "only-saved": "Example: answers are only saved",
}

Open = Callable[[str], Locator]


@pytest.fixture(params=["book", "lab"])
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(host: str, watch: Callable[..., Watched]) -> Page:
    return watch(viewport={"width": 1280, "height": 3000} if host == "lab" else {"width": 800, "height": 900}).page()


@pytest.fixture
def open_quiz(host: str, page: Page, request: pytest.FixtureRequest) -> Open:
    """Opens an example of the settings; opened again, it shows what a reload would show."""

    def opened(name: str) -> Locator:
        if host == "book":
            page.goto(f"{request.getfixturevalue('book').as_uri()}/docs/settings.html")
        else:
            lab: Lab = request.getfixturevalue("lab")
            cell = f"import civicquiz\ncivicquiz.show('../examples/settings/{name}.yml')"
            lab.open(page, lab.write("class/settings.ipynb", cell))
            lab.run_all(page)
        quiz = page.get_by_role("region", name=TITLES[name], exact=True)
        quiz.wait_for()
        return quiz

    return opened


def prompts(quiz: Locator) -> list[str]:
    return quiz.locator(".cq-prompt").all_inner_texts()


def answer_everything_but_the_first(quiz: Locator) -> None:
    """With wrong answers, if they are easy to give."""
    cards = quiz.locator(".cq-question")
    for number in range(1, cards.count()):
        card = cards.nth(number)
        if card.locator(".cq-move").count():
            card.locator(".cq-move[aria-disabled=false]").first.click()
        elif card.locator("input[type=text]").count():
            card.locator("input[type=text]").fill("77")
        else:
            card.locator("fieldset:not(.cq-certainty) .cq-option input").last.check()
            card.get_by_label("Very sure").check()
        card.get_by_role("button", name="Save answer").click()
        expect(card.get_by_role("status")).to_have_text("Your answer is saved.")


def test_timed_quiz_with_feedback_at_the_end_from_start_to_finish(page: Page, open_quiz: Open) -> None:
    quiz = open_quiz("at-the-end")
    cards = quiz.locator(".cq-question")
    expect(cards.first).to_be_hidden()
    assert "Time limit: 10 minutes" in quiz.inner_text()
    quiz.get_by_role("button", name="Start", exact=True).click()
    expect(cards.first).to_be_visible()
    assert not focus_is_lost(page)
    expect(quiz).to_contain_text("Minutes left: 10")
    expect(cards).to_have_count(4)  # two of the three on the table, and two more
    seen = prompts(quiz)
    assert quiz.get_by_role("region", name=re.compile("^For questions 1 and 2")).count() == 1
    picture = quiz.get_by_role("img", name="A line of time with 1812 and Madison")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert find_violations(page, ".civicquiz") == []

    answer_everything_but_the_first(quiz)
    cards.first.get_by_role("button", name="Flag for review").click()
    expect(quiz.locator(".cq-progress")).to_contain_text("3 of 4 questions answered. Flagged for review: 1")
    assert quiz.locator(".cq-status strong").count() == 0

    quiz = open_quiz("at-the-end")
    assert prompts(quiz) == seen
    expect(quiz.locator(".cq-progress")).to_contain_text("3 of 4 questions answered. Flagged for review: 1")
    finish = quiz.get_by_role("button", name="Finish")
    finish.click()
    expect(quiz).to_contain_text("Questions not answered yet: 1. Press Finish again")
    finish.click()
    expect(quiz).to_contain_text("You're finished. Your results are below.")
    expect(cards.first).to_contain_text("No answer")
    assert quiz.locator(".cq-explanation:not(:empty)").count() == 4
    assert not focus_is_lost(page)
    expect(quiz).to_contain_text("By objective")
    expect(quiz).to_contain_text("D2.Civ.4.9-12 (Explain how the Constitution")
    expect(quiz).to_contain_text("Very sure: ")
    expect(quiz).to_contain_text("Points for certainty: ")
    assert find_violations(page, ".civicquiz") == []

    quiz.get_by_role("button", name="Retry the ones I missed").click()
    expect(cards.first.locator(".cq-status strong")).to_have_count(0)
    assert not focus_is_lost(page)


def test_learner_switches_the_language_and_keeps_the_answers(page: Page, open_quiz: Open) -> None:
    quiz = open_quiz("at-the-end")
    quiz.get_by_role("button", name="Start", exact=True).click()
    congress = quiz.locator(".cq-question", has_text="Which branch of government")
    congress.get_by_label("Congress").check()
    quiz.get_by_label("Language / Idioma:").select_option("es")
    spanish = page.get_by_role("region", name="Ejemplo: los resultados al final", exact=True)
    expect(spanish).to_have_attribute("lang", "es")
    expect(spanish.get_by_label("el Congreso")).to_be_checked()
    expect(spanish).to_contain_text("Los tres usos contados")
    assert "Guerra de 1812" in spanish.inner_text()
    assert find_violations(page, ".civicquiz") == []
    assert not focus_is_lost(page)
    spanish.get_by_role("button", name="Terminar").click()
    spanish.get_by_role("button", name="Terminar").click()
    expect(spanish).to_contain_text("El Congreso aprueba las leyes federales")
    spanish.get_by_label("Language / Idioma:").select_option("en")
    expect(quiz).to_contain_text("Congress passes federal laws")


def test_attempts_hints_and_certainty_are_shown_and_counted(page: Page, open_quiz: Open) -> None:
    quiz = open_quiz("attempts")
    card = quiz.locator(".cq-question").first
    card.get_by_text("Hint (costs 25% of the points)").click()
    card.get_by_label("World War I").check()
    check = card.get_by_role("button", name="Check")
    check.click()
    expect(card.get_by_role("status")).to_have_text("First say how sure you are.")
    card.get_by_label("Very sure").check()
    check.click()
    expect(card.get_by_role("status")).to_contain_text("Attempt 1 of 2")
    card.get_by_role("button", name="Try again").click()
    card.get_by_label("the War of 1812").check()
    check.click()
    expect(card.get_by_role("status")).to_contain_text("Correct · 1 of 4 points")

    number = quiz.locator(".cq-question").nth(1)
    number.get_by_label("Not sure").check()
    for year in ("1797", "1799"):
        number.get_by_role("textbox").fill(year)
        number.get_by_role("button", name="Check").click()
        expect(number.get_by_role("status")).to_contain_text("Not correct")
        if year == "1797":
            number.get_by_role("button", name="Try again").click()
    expect(number).to_contain_text("On 6 July 1798.")
    expect(quiz).to_contain_text("Very sure: 1 of 1 correct")
    expect(quiz.locator(".cq-progress")).to_contain_text("Your score: 1 of 8 points")
    again = open_quiz("attempts")
    expect(again.locator(".cq-progress")).to_contain_text("Your score: 1 of 8 points")
    expect(again.get_by_role("button", name="Retry the ones I missed")).to_be_hidden()


def test_starting_over_gives_no_attempt_back_where_they_are_limited(page: Page, open_quiz: Open) -> None:
    quiz = open_quiz("attempts")
    war, number = quiz.locator(".cq-question").all()

    def start_over() -> None:
        quiz.get_by_text("Start over").click()
        quiz.get_by_role("button", name="Clear all my answers").click()

    war.get_by_label("Very sure").check()
    war.get_by_label("the War of 1812").check()
    war.get_by_role("button", name="Check").click()
    expect(war.get_by_role("status")).to_contain_text("Correct")
    number.get_by_label("Not sure").check()
    number.get_by_role("textbox").fill("1797")
    number.get_by_role("button", name="Check").click()
    expect(number.get_by_role("status")).to_contain_text("Attempt 1 of 2")
    start_over()
    expect(quiz).to_contain_text("except for questions that are finished")
    expect(war.get_by_label("the War of 1812")).to_be_checked()
    expect(war.get_by_role("button", name="Check")).to_be_hidden()
    expect(number.get_by_role("textbox")).to_have_value("")
    expect(number.get_by_role("textbox")).to_be_focused()
    number.get_by_role("textbox").fill("1799")
    number.get_by_role("button", name="Check").click()
    expect(number.get_by_role("button", name="Try again")).to_be_hidden()
    expect(number).to_contain_text("On 6 July 1798.")
    expect(quiz.get_by_text("Start over")).to_be_hidden()


def test_quiz_that_only_saves_reveals_nothing_and_has_no_key(
    host: str, page: Page, open_quiz: Open, request: pytest.FixtureRequest
) -> None:
    quiz = open_quiz("only-saved")
    text = quiz.locator(".cq-question", has_text="Which branch")
    text.get_by_role("textbox").fill("the senate")
    text.get_by_role("textbox").press("Enter")
    expect(text.get_by_role("status")).to_have_text("Your answer is saved.")
    assert text.get_by_role("button", name="Show the answer").count() == 0
    order = prompts(quiz)
    quiz = open_quiz("only-saved")
    expect(quiz.get_by_role("textbox").nth(order.index("Which branch of government makes federal law?"))).to_have_value(
        "the senate"
    )
    assert prompts(quiz) == order
    quiz.get_by_role("button", name="Finish").click()
    quiz.get_by_role("button", name="Finish").click()
    expect(quiz).to_contain_text("You're finished. Your answers are saved.")
    assert "correct" not in quiz.inner_text().lower()
    if host == "book":
        built: Path = request.getfixturevalue("book")
        html = (built / "docs/settings.html").read_text("utf-8")
        only = html[html.index('"name":"only-saved"') :]
        assert '"key"' not in only[: only.index("</script>")]
        assert "legislative" not in only


def test_answers_can_be_saved_as_a_file_that_is_a_response_file(
    watch: Callable[..., Watched], book: Path, tmp_path: Path
) -> None:
    from civicquiz.grading.responses import session_from_json

    page = watch(accept_downloads=True).page()
    page.goto(f"{book.as_uri()}/docs/settings.html")
    quiz = page.get_by_role("region", name=TITLES["only-saved"], exact=True)
    quiz.get_by_role("textbox").first.fill("Congress")
    with page.expect_download() as download:
        quiz.get_by_role("button", name="Save as a file").click()
    assert download.value.suggested_filename == "only-saved.responses.json"
    download.value.save_as(tmp_path / "file.json")
    content: dict[str, Any] = json.loads((tmp_path / "file.json").read_text("utf-8"))
    session = session_from_json(content)
    assert list(session.responses.values()) == ["Congress"]
    assert content["quiz"] == "only-saved"
    assert re.fullmatch("[0-9a-f]{16}", content["content_hash"])


def test_clock_warns_takes_nothing_away_and_can_be_extended_again_and_again(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch().page()
    page.clock.install()
    page.goto(f"{book.as_uri()}/docs/settings.html")
    quiz = page.get_by_role("region", name=TITLES["at-the-end"], exact=True)
    quiz.get_by_role("button", name="Start", exact=True).click()
    clock = quiz.locator(".cq-clock")
    page.clock.run_for("07:30")
    expect(clock.get_by_role("status")).to_have_text("")
    page.clock.run_for("01:00")
    expect(clock.get_by_role("status")).to_have_text("Not much time is left. You can ask for more.")
    more = clock.get_by_role("button", name="3 more minutes")
    for _ in range(10):
        more.click()
    expect(clock).to_contain_text("Minutes left: 32")
    page.clock.run_for("40:00")
    expect(clock).to_contain_text("Time is up. Nothing is lost")
    quiz.get_by_label("Congress").check()
    for _ in range(2):
        quiz.get_by_role("button", name="Finish").click()
    expect(quiz).to_contain_text("You're finished")


def test_printing_gives_a_worksheet_without_buttons_or_notices(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/docs/examples.html")
    page.emulate_media(media="print")
    shown = page.evaluate(
        """[...document.querySelectorAll('.civicquiz :is(button, .cq-hint, .cq-notice, .cq-start-over, .cq-grip)')]
            .filter(e => e.checkVisibility()).length"""
    )
    assert shown == 0
    assert page.locator(".cq-prompt").first.is_visible()
    assert page.locator(".cq-option input").first.is_visible()


def test_formula_is_drawn_without_a_script_of_its_own(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/docs/examples.html")
    place = page.get_by_role("group", name="Example: a number to calculate")
    place.get_by_role("textbox").fill("1")
    place.get_by_role("button", name="Check").click()
    place.get_by_role("button", name="Show the answer").click()
    above, below = (place.locator(f"math mfrac > :nth-child({number})").bounding_box() for number in (1, 2))
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"] + 1


def test_right_to_left_page_mirrors_the_quiz(watch: Callable[..., Watched], book: Path) -> None:
    page = watch(viewport={"width": 800, "height": 900}).page()
    page.goto(f"{book.as_uri()}/docs/examples.html")
    page.evaluate("document.documentElement.dir = 'rtl'")
    place = page.get_by_role("group", name="Example: single choice", exact=True)
    card = place.locator(".cq-question").evaluate(
        "e => { const s = getComputedStyle(e); return [s.borderLeftWidth, s.borderRightWidth]; }"
    )
    assert card == ["1px", "5px"]
    box = place.locator(".cq-option input").first.bounding_box()
    label = place.locator(".cq-option label").first.bounding_box()
    assert box
    assert label
    assert box["x"] > label["x"]
    assert page.locator(".civicquiz").first.evaluate("quiz => quiz.scrollWidth <= quiz.clientWidth")
