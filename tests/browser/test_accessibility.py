"""Screen readers, keyboards, small screens and forced colors, in both hosts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Lab, Question, QuizPage, Watched, assert_fits_320_pixels, find_violations
from playwright.sync_api import Page, expect

from civicquiz.model.questions import QUESTION_TYPES

LESSON = "lessons/amendments.html"
EXAMPLES = "docs/examples.html"
GOLDEN = Path(__file__).parent / "golden"
#: Of a question, one after the other.
STATES = ("open", "checked", "settled")
TYPES = [model.type_name() for model in QUESTION_TYPES]
TITLES = {
    "single-choice": "single choice",
    "multiple-choice": "multiple choice",
    "true-false": "true or false",
    "numeric": "a number",
    "calculated": "a number to calculate",
    "order": "put in order",
    "short-text": "short text",
    "match": "match",
    "categorize": "categorize",
    "cloze": "gaps in a text",
    "select-text": "mark in a text",
    "timeline": "timeline",
    "open-response": "open response",
    "poll": "a poll",
}
SHOW_ALL = (
    "from pathlib import Path\nimport civicquiz\nfrom IPython.display import display\n"
    "for path in sorted(Path('../examples').glob('*.yml')):\n    display(civicquiz.show(path))"
)


def answer_wrongly(question: Question, name: str) -> None:
    if name in ("numeric", "calculated"):
        question.place.get_by_role("textbox").fill("3")
    elif name == "order":
        question.place.get_by_role("button", name=re.compile("Move down")).first.click()
    elif name == "single-choice":
        question.choose("France")
    elif name == "multiple-choice":
        question.choose("a request of a state governor")
    elif name in ("match", "categorize"):
        select = question.place.get_by_role("combobox").first
        select.select_option(index=select.locator("option").count() - 1)
    elif name == "select-text":
        question.choose("about 2,300 people were interned")
    elif name == "true-false":
        question.choose("True")
    elif name == "poll":
        question.choose("Nowhere")
    else:
        question.place.get_by_role("textbox").first.fill("1960" if name == "timeline" else "7")


def example(page: Page, name: str) -> Question:
    """The question of the example of a type."""
    place = page.get_by_role("group", name=f"Example: {TITLES[name]}", exact=True)
    return QuizPage(page, place).question(0)


def bring(question: Question, name: str, state: str) -> None:
    """Bring the question of a type into its next state."""
    if state == "checked":
        answer_wrongly(question, name)
        question.check()
    elif state == "settled":
        if name not in ("open-response", "poll"):  # they have nothing to reveal
            question.reveal_button.click()
        expect(question.place).to_contain_text("Explanation")


def walk(page: Page, name: str) -> None:
    """Bring the example of a type into each of its states."""
    for state in STATES:
        bring(example(page, name), name, state)


def violations_of_all_states(page: Page) -> list[dict[str, Any]]:
    """What axe finds in the examples of all types: in those that are open, then checked, then settled."""
    found = []
    for state in STATES:
        for name in TYPES:
            bring(example(page, name), name, state)
        found += find_violations(page, ".civicquiz")
    return found


@pytest.fixture
def examples_in_lab(watch: Callable[..., Watched], lab: Lab) -> Page:
    page = watch(viewport={"width": 1280, "height": 6000}).page()
    lab.open(page, lab.write("class/examples.ipynb", SHOW_ALL))
    lab.run_all(page)
    expect(page.locator(".civicquiz")).to_have_count(len(TYPES))
    return page


@pytest.fixture(params=["book", "lab"])
def examples(request: pytest.FixtureRequest, watch: Callable[..., Watched]) -> Page:
    if request.param == "lab":
        return request.getfixturevalue("examples_in_lab")
    page = watch().page()
    page.goto(f"{request.getfixturevalue('book').as_uri()}/{EXAMPLES}")
    return page


def test_screen_reader_gets_the_same_in_both_hosts(examples: Page, request: pytest.FixtureRequest) -> None:
    """The accessibility tree of every type in every state, compared with one golden file for both hosts."""
    wrong = []
    for name in TYPES:
        question = example(examples, name)
        for state in STATES:
            bring(question, name, state)
            path = GOLDEN / f"{name}-{state}.txt"
            snapshot = question.place.aria_snapshot() + "\n"
            if name == "calculated":  # its numbers differ from learner to learner
                snapshot = re.sub(r"\d{2,}(\.\d)?|\d\.\d", "N", snapshot)
            if request.config.getoption("--update-golden"):
                path.parent.mkdir(exist_ok=True)
                path.write_text(snapshot, "utf-8")
            elif not path.is_file() or path.read_text("utf-8") != snapshot:
                wrong.append(f"{path.name}:\n{snapshot}")
    assert not wrong, "\n".join(wrong)


def test_axe_finds_nothing_in_any_state(examples: Page) -> None:
    assert violations_of_all_states(examples) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_quiz_or_citations_of_the_lesson(
    watch: Callable[..., Watched], book: Path, scheme: str
) -> None:
    page = watch(color_scheme=scheme).page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    quiz = QuizPage(page, page.locator(".civicquiz").last)
    quiz.question(0).place.locator("input").first.check()
    quiz.question(0).check()
    quiz.question(1).place.locator("input").first.check()
    quiz.question(1).check()
    assert find_violations(page, ".civicquiz") == []
    assert find_violations(page, ".civicquiz-claim") == []
    page.locator(".civicquiz-claim button").first.click()
    assert find_violations(page, ".civicquiz-note:popover-open") == []


def test_axe_finds_nothing_on_the_claims_page(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/claims.html")
    assert find_violations(page, ".civicquiz-claims") == []


def test_claims_are_filtered_by_kind_and_speaker_and_the_number_is_said(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/claims.html")
    terms = page.locator(".civicquiz-claims dt")
    every = terms.count()
    page.get_by_label("Kind of statement:").select_option("ruling")
    status = page.locator(".civicquiz-filter").get_by_role("status")
    expect(status).to_contain_text(f"of {every} claims shown")
    rulings = terms.locator("visible=true").count()
    assert 0 < rulings < every
    page.get_by_label("Who says it:").select_option("A court")
    shown = terms.locator("visible=true")
    assert 0 < shown.count() < rulings
    assert set(page.locator(".civicquiz-claims dd:not([hidden]) .civicquiz-speaker").all_inner_texts()) == {"A court"}
    assert find_violations(page, ".civicquiz-filter") == []
    for name in ("Kind of statement:", "Who says it:"):
        page.get_by_label(name).select_option("")
    assert terms.locator("visible=true").count() == every


def test_axe_finds_nothing_in_the_dark_theme_of_jupyterlab(watch: Callable[..., Watched], lab: Lab) -> None:
    themes = "lab/api/settings/@jupyterlab/apputils-extension:themes"
    lab.api("PUT", themes, {"raw": json.dumps({"theme": "JupyterLab Dark"})})
    try:
        page = watch(viewport={"width": 1280, "height": 6000}).page()
        lab.open(page, lab.write("class/dark.ipynb", SHOW_ALL))
        lab.run_all(page)
        expect(page.locator(".civicquiz")).to_have_count(len(TYPES))
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
        assert violations_of_all_states(page) == []
    finally:
        lab.api("PUT", themes, {"raw": "{}"})


def test_every_question_is_a_named_group_of_labelled_controls(watch: Callable[..., Watched], book: Path) -> None:
    page = watch().page()
    page.goto(f"{book.as_uri()}/{LESSON}")
    for form in page.locator(".cq-question").all():
        assert form.locator("fieldset > legend").count() == 1
        assert form.get_by_role("status").count() == 1
        for control in form.locator("input").all():
            labels = control.evaluate("control => [...control.labels].map(label => label.textContent.trim())")
            assert len(labels) == 1
            assert labels[0]
        name = form.get_by_role("group").first.evaluate("group => group.querySelector('legend').textContent")
        assert len(name) > 10


def test_ids_are_unique_on_a_page_with_many_quizzes(examples: Page) -> None:
    ids = examples.evaluate("[...document.querySelectorAll('.civicquiz, .civicquiz *')].map(e => e.id)")
    ids = [id_ for id_ in ids if id_]
    assert len(ids) == len(set(ids))


def test_320_pixels_need_no_sideways_scrolling(watch: Callable[..., Watched], book: Path) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page()
    names = ("intro.html", LESSON, "glossary.html", "claims.html", EXAMPLES, "docs/settings.html")
    for name in names:
        page.goto(f"{book.as_uri()}/{name}")
        page.wait_for_load_state("networkidle")
        assert_fits_320_pixels(page)
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    for name in TYPES:
        walk(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = page.evaluate(
        "[...document.querySelectorAll('.civicquiz *')].filter(e => e.getBoundingClientRect().right > 320"
        " && !e.closest('.cq-hidden')).map(e => e.outerHTML.slice(0, 120))"
    )
    assert wide == []


def test_targets_are_large_enough_for_a_finger(watch: Callable[..., Watched], book: Path) -> None:
    """24 px in both directions (WCAG 2.5.8); an option's target is its whole row."""
    page = watch(viewport={"width": 375, "height": 700}).page()
    for path in (EXAMPLES, "docs/settings.html"):
        page.goto(f"{book.as_uri()}/{path}")
        for name in TYPES if path == EXAMPLES else ():
            walk(page, name)
        small = page.evaluate(
            """[...document.querySelectorAll(
                    '.civicquiz :is(button, label:not(.cq-entry), summary, .cq-number, .cq-grip)')]
                .filter(e => e.offsetParent && !e.matches('.cq-hidden'))
                .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
                .filter(([box]) => box.width < 24 || box.height < 24).map(([, html]) => html)"""
        )
        assert small == []


def test_focus_is_visible_with_own_colours_too(watch: Callable[..., Watched], book: Path) -> None:
    for forced in ("none", "active"):
        page = watch(forced_colors=forced).page()
        page.goto(f"{book.as_uri()}/{EXAMPLES}")
        place = page.get_by_role("group", name="Example: put in order")
        for control in ("button.cq-move", "summary", "button.cq-main"):
            place.locator(control).first.focus()
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
            )
            assert outline[0] != "none"
            assert outline[1] >= 2


def test_forced_colours_keep_borders_and_say_right_and_wrong_in_words(
    watch: Callable[..., Watched], book: Path
) -> None:
    page = watch(forced_colors="active").page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    walk(page, "single-choice")
    place = page.get_by_role("group", name="Example: single choice")
    expect(place).to_contain_text("your answer, not correct")
    expect(place).to_contain_text("correct answer")
    for selector in (".cq-question", "button.cq-jump", ".cq-option[data-state=right]"):
        found = place.locator(selector)
        if found.count():
            assert found.first.evaluate("e => getComputedStyle(e).borderTopStyle") != "none"


def test_nothing_moves_by_itself(watch: Callable[..., Watched], book: Path) -> None:
    page = watch(reduced_motion="reduce").page()
    page.goto(f"{book.as_uri()}/{EXAMPLES}")
    moving = page.evaluate(
        """[...document.querySelectorAll('.civicquiz, .civicquiz *')]
            .map(e => getComputedStyle(e))
            .filter(s => s.animationName !== 'none' || s.transitionDuration.split(', ').some(d => parseFloat(d) > 0))
            .length"""
    )
    assert moving == 0
