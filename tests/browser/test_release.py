"""What a class gets from `civicquiz release`, as a learner sees it: the page, and the notebook in JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import ALSO_IN_FIREFOX, Lab, Watched, find_violations, focus_is_lost, show_as_printed
from material import ROOT, SAMPLE_COURSE, options, right_answer, write
from playwright.sync_api import Locator, Page, expect
from running_hosts import serving

import civicquiz
from civicquiz.grading import grade_handed_in
from civicquiz.grading.responses import session_from_json
from civicquiz.model.learner_copy import accepted_versions
from civicquiz.model.questions import QUESTION_TYPES
from civicquiz.model.quiz import Quiz
from civicquiz.releasing.release import release

TYPES = [model.type_name() for model in QUESTION_TYPES]


def handed_in(quiz: Quiz, file: Path) -> dict[str, str]:
    """The status of each question by the key, from the file that a learner hands in."""
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert content["content_hash"] in accepted_versions(quiz)
    session = session_from_json(content)
    result, unreadable = grade_handed_in(quiz, session.responses, session.progress())
    assert unreadable == ()
    return {name: outcome.status for name, outcome in result.outcomes.items()}


def answer(quiz: Quiz, place: Locator) -> None:
    """Answer the only question of an example, correctly if that takes no more than a choice or a text."""
    (question,) = quiz.questions
    right = right_answer(question)
    texts = {option.id: option.text for options in question.interaction().option_lists() for option in options}
    if question.type == "true-false":
        assert isinstance(right, list)
        place.get_by_label(right[0].capitalize(), exact=True).check()
    elif question.interaction().name == "choice":
        for name in right:
            place.get_by_label(re.compile(f"^{re.escape(texts[name])}")).check()
    elif question.interaction().name == "match":
        assert isinstance(right, dict)
        for row, target in right.items():
            place.get_by_label(texts[row]).select_option(label=texts[target])
    elif question.type == "order":
        place.get_by_role("button", name=re.compile("Move down")).first.click()
    elif place.get_by_role("combobox").count():
        place.get_by_role("combobox").first.select_option(index=1)
    else:
        place.get_by_role("textbox").first.fill(right if isinstance(right, str) and right else "1798")
    place.get_by_role("button", name="Save answer").click()


@pytest.mark.parametrize(
    ("browser", "question_type"),
    [*(("chromium", name) for name in TYPES), ("firefox", "match"), ("firefox", "open-response")],
    indirect=["browser"],
)
def test_learner_answers_on_the_page_and_hands_in_a_file_that_is_graded_by_the_key(
    watch: Callable[..., Watched], tmp_path: Path, question_type: str, download: Callable[[Locator], Path]
) -> None:
    path = ROOT / "examples" / f"{question_type}.yml"
    quiz = civicquiz.load(path)
    release([path], tmp_path)
    watched = watch(accept_downloads=True)
    page = watched.page()
    page.goto((tmp_path / f"{question_type}.html").as_uri())
    place = page.locator(".civicquiz")
    place.wait_for()
    assert find_violations(page, "html") == []
    answer(quiz, place)
    expect(place.get_by_role("status").first).to_have_text("Your answer is saved.")
    assert place.get_by_role("button", name=re.compile("Check|Show the answer")).count() == 0
    assert not focus_is_lost(page)
    file = download(place.get_by_role("button", name="Save as a file"))
    assert file.name == f"{question_type}.responses.json"
    (status,) = handed_in(quiz, file).values()
    partly = {"order": ("partly", "incorrect", "correct"), "cloze": ("partly", "incorrect")}
    partly |= {"timeline": ("partly", "incorrect"), "open-response": ("needs-review",), "calculated": ("incorrect",)}
    partly |= {"poll": ("unscored",)}
    assert status in partly.get(question_type, ("correct",))
    assert [url for url in watched.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@ALSO_IN_FIREFOX
def test_learner_who_comes_back_to_the_page_finds_the_answer(watch: Callable[..., Watched], tmp_path: Path) -> None:
    release([ROOT / "examples" / "short-text.yml", ROOT / "examples" / "numeric.yml"], tmp_path)
    with serving(tmp_path) as url:
        page = watch().page()
        page.goto(f"{url}/short-text.html")
        page.get_by_role("textbox").fill("the president")
        page.get_by_role("button", name="Save answer").click()
        page.goto(f"{url}/numeric.html")
        expect(page.get_by_role("textbox")).to_have_value("")
        page.goto(f"{url}/short-text.html")
        expect(page.get_by_role("textbox")).to_have_value("the president")


FORMULAS = r"""title: Formulas
questions:
  - id: root
    type: single-choice
    prompt: 'What is $\sqrt{x}$ in $\left(\frac{a}{b}\right)$? It costs $5 and $10.'
    options:
      - {text: '$\frac{1}{2}$', correct: true}
      - '$$\begin{aligned}aaa &= b \\ c &= d\end{aligned}$$'
      - '$a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r$'
  - id: half
    type: calculated
    prompt: 'What is $\frac{{mass}}{2}$?'
    variables: {mass: {values: [12, 12.5]}}
    answer: mass / 2
    decimals: 2
    tolerance: 0
"""


def test_root_signs_and_brackets_are_drawn_with_the_font_that_comes_with_the_page(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    """As on a phone that has no font for formulas; the font is in the page, and its content security policy lets it."""
    release([write(tmp_path / "formulas.yml", FORMULAS)], tmp_path / "out")
    page = watch().page()
    page.goto((tmp_path / "out" / "formulas.html").as_uri())
    page.locator("msqrt").wait_for()
    page.add_style_tag(content="math.civicquiz-formula { font-family: 'civicquiz formulas', serif !important; }")
    assert page.evaluate("document.fonts.load('16px \"civicquiz formulas\"').then(fonts => fonts.length)") == 1
    width, height = (
        "element => element.getBoundingClientRect().width",
        "element => element.getBoundingClientRect().height",
    )
    root, inside = page.locator("msqrt").evaluate(width), page.locator("msqrt mi").evaluate(width)
    assert root - inside > 5  # without a root sign they are equally wide
    bracket = page.locator("math:has(mfrac) mo").first.evaluate(height)
    assert bracket > 1.2 * page.locator("msqrt mi").evaluate(height)
    right, left = (page.locator("mtd").nth(number).locator("mi").first for number in (0, 2))
    edges = [
        place.evaluate("element => element.parentElement.getBoundingClientRect().right") for place in (right, left)
    ]
    assert edges[0] == edges[1]
    expect(page.get_by_role("radio").first).to_have_accessible_name("1/2")
    half = page.locator("math").last
    expect(half.locator("mn").first).to_have_text(re.compile(r"12(\.5)?"))
    expect(half).to_have_accessible_name(re.compile(r"12(\.5)?/2"))
    assert find_violations(page, "html") == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_answer_that_cannot_be_read_is_not_counted_as_one(watch: Callable[..., Watched], tmp_path: Path) -> None:
    number = "{id: long, type: numeric, prompt: How long?, answer: 0.5, tolerance: 0, unit: s}"
    other = "{id: law, type: true-false, prompt: Is it?, answer: true}"
    quiz = write(tmp_path / "numbers.yml", f"title: Numbers\nquestions:\n  - {number}\n  - {other}\n")
    release([quiz], tmp_path / "out")
    page = watch().page()
    page.goto((tmp_path / "out" / "numbers.html").as_uri())
    summary = page.get_by_role("group", name="Summary")
    for typed, count in (("0.5 kg", 0), ("0,5 s", 1), ("half", 0), ("1/2", 1)):
        page.get_by_role("textbox").fill(typed)
        page.get_by_role("button", name="Save answer").first.click()
        expect(summary).to_contain_text(f"{count} of 2 questions answered")
    expect(page.get_by_text("Your answer is saved.")).to_have_count(1)


def test_page_shows_images_sections_and_translations(watch: Callable[..., Watched], tmp_path: Path) -> None:
    release([ROOT / "examples" / "settings" / "at-the-end.yml"], tmp_path)
    page: Page = watch().page()
    page.goto((tmp_path / "at-the-end.html").as_uri())
    quiz = page.get_by_role("region", name="Example: feedback at the end", exact=True)
    quiz.get_by_role("button", name="Start", exact=True).click()
    expect(quiz.get_by_role("heading", name="Who decides")).to_be_visible()
    picture = quiz.get_by_role("img", name="A line of time with 1812 and Madison")
    assert picture.evaluate("image => image.naturalWidth") > 0
    quiz.get_by_label("Language / Idioma:").select_option("es")
    spanish = page.get_by_role("region", name="Ejemplo: los resultados al final", exact=True)
    expect(spanish.get_by_label("el Congreso")).to_be_visible()
    spanish.get_by_role("button", name="Terminar").click()
    spanish.get_by_role("button", name="Terminar").click()
    expect(spanish).to_contain_text("Terminaste. Tus respuestas están guardadas.")
    assert find_violations(page, "html") == []


def test_page_says_what_to_do_where_no_script_runs(watch: Callable[..., Watched], tmp_path: Path) -> None:
    release([ROOT / "examples" / "order.yml"], tmp_path)
    page = watch(java_script_enabled=False).page()
    page.goto((tmp_path / "order.html").as_uri())
    assert "This page needs JavaScript." in page.locator("main").inner_text()


def test_learner_answers_in_the_class_notebook_and_the_file_is_graded_by_the_key(
    watch: Callable[..., Watched], lab: Lab
) -> None:
    folder = lab.root / "handed-out"
    key = SAMPLE_COURSE / "quizzes" / "amendments.yml"
    write(folder / "readme.txt", "for a class")
    release([key], folder)
    page = watch(viewport={"width": 1280, "height": 3000}).page()
    lab.open(page, "handed-out/amendments.ipynb")
    lab.run_all(page)
    quiz = civicquiz.load(key)
    question = next(candidate for candidate in quiz.questions if candidate.type == "single-choice")
    (right,) = right_answer(question)
    text = next(option.text for option in options(question) if option.id == right)
    card = page.locator(".cq-question").nth(list(quiz.questions).index(question))
    card.get_by_label(text, exact=True).check()
    card.get_by_role("button", name="Save answer").click()
    expect(card.get_by_role("status")).to_have_text("Your answer is saved.")
    expect(page.locator(".cq-notice")).to_have_text("Your answers are saved in amendments.responses.json.")
    statuses = handed_in(quiz, folder / "amendments.responses.json")
    assert statuses.pop(question.id) == "correct"
    assert set(statuses.values()) == {"unanswered"}


@ALSO_IN_FIREFOX
def test_printed_page_has_the_whole_answer_the_numbers_of_the_summary_and_empty_radios(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    options = "options: [{text: a, correct: true}, b]"
    write(
        tmp_path / "law.yml",
        "title: T\nfeedback: none\nquestions:\n- {id: why, type: open-response, prompt: Why?, max_words: 500}\n"
        f"- {{id: pick, type: single-choice, prompt: Which?, {options}}}\n",
    )
    release([tmp_path / "law.yml"], tmp_path / "class")
    page = watch(color_scheme="dark").page()
    page.goto((tmp_path / "class" / "law.html").as_uri())
    text = "BEGINNING " + "A week has seven days. " * 60 + "END"
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Save answer").first.click()
    show_as_printed(page)
    expect(page.locator("textarea")).to_be_hidden()
    expect(page.locator(".cq-printed")).to_have_text(text)
    expect(page.locator(".cq-printed")).to_be_visible()
    expect(page.locator(".cq-results li").first).to_contain_text("Question 1 answered", use_inner_text=True)
    expect(page.locator(".cq-jump").first).to_be_visible()
    for button in ("Save answer", "Print", "Save as a file"):
        expect(page.get_by_role("button", name=button).first).to_be_hidden()
    scheme = page.locator("input[type=radio]").first.evaluate("input => getComputedStyle(input).colorScheme")
    assert scheme == "light"


@ALSO_IN_FIREFOX
def test_one_choice_of_language_holds_for_all_pages(watch: Callable[..., Watched], tmp_path: Path) -> None:
    """The one of the browser until another is made: by an address, or in a quiz, also for pages that are open."""
    question = "{{id: a, type: true-false, prompt: {}, answer: true}}"
    for name in ("one", "two"):
        write(tmp_path / f"{name}.yml", f"title: In English {name}\nquestions: [{question.format('Yes?')}]\n")
        write(tmp_path / f"{name}.es.yml", f"title: En español {name}\nquestions: [{{id: a, prompt: ¿Sí?}}]\n")
    write(tmp_path / "alone.yml", f"title: Only English\nquestions: [{question.format('Yes?')}]\n")
    release([tmp_path], tmp_path / "out")
    first, second, alone = ((tmp_path / "out" / f"{name}.html").as_uri() for name in ("one", "two", "alone"))

    spanish = watch(locale="es-MX")
    page = spanish.page()
    page.goto(first)
    expect(page.get_by_role("group", name="En español one")).to_be_visible()
    page.get_by_label("Verdadero").check()
    page.get_by_label("Language / Idioma:").select_option("en")
    expect(page.get_by_role("group", name="In English one")).to_be_visible()
    expect(page.get_by_label("True")).to_be_checked()
    other = spanish.page()
    other.goto(second)
    expect(other.get_by_role("group", name="In English two")).to_be_visible()
    other.get_by_label("Language / Idioma:").select_option("es")
    expect(page.get_by_role("group", name="En español one")).to_be_visible()
    page.reload()
    expect(page.get_by_role("group", name="En español one")).to_be_visible()
    expect(page.get_by_label("Verdadero")).to_be_checked()

    undecided = watch()
    page, other = undecided.page(), undecided.page()
    page.goto(first)
    other.goto(second)
    expect(page.get_by_role("group", name="In English one")).to_be_visible()
    other.get_by_label("Language / Idioma:").select_option("es")
    expect(page.get_by_role("group", name="En español one")).to_be_visible()

    english = watch().page()
    english.goto(f"{first}?lang=es-419")
    expect(english.get_by_role("group", name="En español one")).to_be_visible()
    unknown = f"{second}?lang=xx"
    for address, title in ((alone, "Only English"), (second, "En español two"), (unknown, "En español two")):
        english.goto(address)
        expect(english.get_by_role("group", name=title)).to_be_visible()


def test_choice_of_language_holds_for_the_page_where_nothing_can_be_stored(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    write(tmp_path / "one.yml", "title: One\nquestions: [{id: a, type: true-false, prompt: Yes?, answer: true}]\n")
    write(tmp_path / "one.es.yml", "title: Uno\nquestions: [{id: a, prompt: ¿Sí?}]\n")
    release([tmp_path / "one.yml"], tmp_path / "out")
    watched = watch()
    refuses = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }});"
    watched.context.add_init_script(refuses)
    page = watched.page()
    page.goto((tmp_path / "out" / "one.html").as_uri())
    page.get_by_label("Language / Idioma:").select_option("es")
    expect(page.get_by_label("Verdadero")).to_be_visible()
    page.get_by_label("Language / Idioma:").select_option("en")
    expect(page.get_by_label("True")).to_be_visible()
