"""The widget in a real JupyterLab in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from browsing import ALSO_IN_FIREFOX, Lab, QuizPage, Watched, focus_is_lost, wait_until
from material import SAMPLE_COURSE
from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

import civicquiz

SHOW = "import civicquiz\nquiz = civicquiz.load('../quizzes/amendments.yml')\nwidget = civicquiz.show(quiz)\nwidget"


KEY = civicquiz.load(SAMPLE_COURSE / "quizzes/amendments.yml")
PROPOSING = next(question for question in KEY.questions if question.id == "who-proposes")
RIGHT = next(option for option in PROPOSING.options if option.correct)
WRONG = next(option for option in PROPOSING.options if not option.correct)


def shown(page: Page) -> QuizPage:
    place = page.locator(".civicquiz").first
    place.wait_for()
    return QuizPage(page, place)


def start(lab: Lab, page: Page, *cells: str, name: str = "class/notebook.ipynb") -> QuizPage:
    lab.open(page, lab.write(name, *cells))
    lab.run_all(page)
    return shown(page)


def answers(lab: Lab, name: str = "class/amendments.responses.json") -> dict:
    return json.loads((lab.root / name).read_text("utf-8"))


def outputs_saved(lab: Lab, notebook: str) -> bool:
    """Whether the file of a notebook has an output; JupyterLab may just be writing it."""
    try:
        return bool(json.loads((lab.root / notebook).read_text("utf-8"))["cells"][0]["outputs"])
    except json.JSONDecodeError:
        return False


def question_of(quiz: QuizPage, question_id: str):
    ids = [question.id for question in KEY.questions]
    return quiz.question(ids.index(question_id))


def test_learner_answers_and_sees_the_score(watch: Callable[..., Watched], lab: Lab) -> None:
    page = watch().page()
    quiz = start(lab, page, SHOW)
    question = question_of(quiz, "who-proposes")
    question.choose(WRONG.text)
    assert "Not correct" in question.check()
    assert WRONG.feedback in question.status.inner_text()
    assert not focus_is_lost(page)
    expect(question.place).not_to_contain_text("Explanation")

    question.retry_button.click()
    question.choose(RIGHT.text)
    assert "Correct" in question.check()
    expect(question.place).to_contain_text("Explanation")
    question.place.locator(".cq-sources summary").click()
    expect(question.place.locator(".cq-sources li")).to_have_count(len(PROPOSING.cites))
    expect(question.place.locator(".cq-sources li").last).to_contain_text("text of a law")
    assert not focus_is_lost(page)

    number = question_of(quiz, "how-many-states")
    number.place.get_by_role("textbox").fill("18")
    assert "Not correct" in number.check()
    number.reveal_button.click()
    expect(number.place).to_contain_text("Correct answer: 38 states")
    expect(quiz.place.locator(".cq-progress")).to_contain_text("2 of 5 questions answered. Your score: 1 of 8 points")


def test_notebook_commands_stay_out_of_the_quiz(watch: Callable[..., Watched], lab: Lab) -> None:
    """Arrows, letters and Enter belong to the quiz while it has the focus; JupyterLab would add or delete cells."""
    page = watch().page()
    quiz = start(lab, page, SHOW, "1 + 1")
    first = quiz.question(0).place.locator("input")
    first.first.focus()
    page.keyboard.press("Space")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(first.nth(1)).to_be_checked()
    for key in ("a", "b", "d", "d", "x", "m"):
        page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)
    page.keyboard.press("Enter")  # in a form: check
    expect(quiz.question(0).place.locator(".cq-status strong")).to_be_visible()
    assert not focus_is_lost(page)


@ALSO_IN_FIREFOX
def test_answers_are_saved_as_they_are_given_and_found_after_restart_and_reload(
    watch: Callable[..., Watched], lab: Lab
) -> None:
    page = watch().page()
    quiz = start(lab, page, SHOW)
    question_of(quiz, "who-proposes").choose(RIGHT.text)
    question_of(quiz, "who-proposes").check()
    question_of(quiz, "how-many-states").place.get_by_role("textbox").press_sequentially("1")
    expect(quiz.place.locator(".cq-notice")).to_contain_text("amendments.responses.json")
    expected = {"responses": {"who-proposes": [RIGHT.id], "how-many-states": "1"}, "checked": {"who-proposes": True}}
    wait_until(page, lambda: expected.items() <= answers(lab).items())

    def found_again(quiz: QuizPage) -> None:
        proposing = question_of(quiz, "who-proposes")
        expect(proposing.place.get_by_label(RIGHT.text)).to_be_checked()
        expect(proposing.status).to_contain_text("Correct")
        expect(question_of(quiz, "how-many-states").place.get_by_role("textbox")).to_have_value("1")

    # A restarted kernel knows nothing: the cell is run again and reads the file.
    (session,) = lab.api("GET", "api/sessions")
    lab.api("POST", f"api/kernels/{session['kernel']['id']}/restart")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
    lab.run_all(page)
    found_again(shown(page))

    # A reloaded page has lost the widget's view, and draws it from the kernel or from the file.
    page.keyboard.press("Control+s")
    wait_until(page, lambda: outputs_saved(lab, "class/notebook.ipynb"))
    lab.open(page, "class/notebook.ipynb")
    lab.run_all(page)
    found_again(shown(page))


def test_answer_that_no_kernel_has_saved_is_never_called_saved_and_goes_into_the_next_widget(
    watch: Callable[..., Watched], lab: Lab
) -> None:
    page = watch().page()
    quiz = start(lab, page, SHOW)
    notice = quiz.place.locator(".cq-notice")
    expect(notice).to_contain_text("Your answers will be saved in")
    for session in lab.api("GET", "api/sessions"):
        lab.api("POST", f"api/kernels/{session['kernel']['id']}/restart")
    number = question_of(quiz, "how-many-states")
    number.place.get_by_role("textbox").fill("38")
    expect(notice).not_to_contain_text("are saved in")
    expect(notice).to_contain_text("the notebook's kernel has stopped or is busy. Run this cell again.", timeout=30_000)
    number.check_button.click()
    expect(number.status).to_contain_text("not saved yet", timeout=30_000)
    expect(number.place.get_by_role("textbox")).to_have_value("38")

    lab.run_all(page)
    again = question_of(shown(page), "how-many-states")
    expect(again.place.get_by_role("textbox")).to_have_value("38", timeout=60_000)
    expect(page.locator(".civicquiz .cq-notice").first).to_contain_text("Your answers are saved in", timeout=60_000)
    assert answers(lab)["responses"]["how-many-states"] == "38"


def test_answer_of_the_kernel_that_gets_lost_on_the_way_is_asked_for_again(
    watch: Callable[..., Watched], lab: Lab
) -> None:
    """A Jupyter server drops messages when a kernel sends too much, whether it is the last one or others follow it."""
    page = watch().page()
    lost: list[bool] = []

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)

        def arrive(message: str | bytes) -> None:
            content = message.encode() if isinstance(message, str) else message
            if b'"outcomes"' in content and b'"saving"' in content and lost and not lost[-1]:
                lost[-1] = True
            else:
                socket.send(message)

        server.on_message(arrive)

    page.route_web_socket(re.compile("/channels"), connect)
    quiz = start(lab, page, SHOW)
    proposing, number = question_of(quiz, "who-proposes"), question_of(quiz, "how-many-states")
    proposing.choose(WRONG.text)
    lost.append(False)
    proposing.check_button.click()
    expect(proposing.place.locator(".cq-status strong")).to_be_visible()
    lost.append(False)
    proposing.reveal_button.click()
    number.place.get_by_role("textbox").fill("38")
    expect(proposing.place.locator(".cq-explanation")).not_to_be_empty()
    expect(number.place.get_by_role("textbox")).to_have_value("38")
    assert lost == [True, True]


def test_two_parts_of_one_quiz_share_the_file(watch: Callable[..., Watched], lab: Lab) -> None:
    part = "civicquiz.show(quiz, questions=['{}'])"
    load = "import civicquiz\nquiz = civicquiz.load('../quizzes/amendments.yml')\n"
    page = watch().page()
    start(lab, page, load + part.format("who-proposes"), part.format("how-many-states"))
    parts = page.locator(".civicquiz")
    expect(parts).to_have_count(2)
    parts.nth(1).get_by_role("textbox").fill("38")
    parts.nth(0).get_by_label(WRONG.text).check()
    parts.nth(1).get_by_role("button", name="Check").click()
    expect(parts.nth(1)).to_contain_text("Correct")
    wait_until(page, lambda: answers(lab)["responses"].keys() == {"who-proposes", "how-many-states"})


def test_result_can_be_observed_and_the_widget_works_in_a_layout(watch: Callable[..., Watched], lab: Lab) -> None:
    page = watch().page()
    quiz = start(
        lab,
        page,
        SHOW.removesuffix("widget").rstrip()
        + "\nimport ipywidgets\nlabel = ipywidgets.Label('none yet')\n"
        + "widget.observe(lambda change: setattr(label, 'value', f'score {change[\"new\"].score}'), names='result')\n"
        + "ipywidgets.VBox([label, widget])",
    )
    expect(page.locator(".widget-label")).to_have_text("none yet")
    question_of(quiz, "how-many-states").place.get_by_role("textbox").fill("38")
    question_of(quiz, "how-many-states").check()
    expect(page.locator(".widget-label")).to_have_text("score 1.0")


def test_key_does_not_cross_before_a_question_is_settled(watch: Callable[..., Watched], lab: Lab) -> None:
    """Reads every message of the kernel: no explanation, feedback on options not chosen, answer or weight."""
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda payload: frames.append(payload if isinstance(payload, str) else payload.decode("utf-8", "replace")),
        )

    page = watch().page()
    page.on("websocket", listen)
    quiz = start(lab, page, SHOW)

    def heard(text: str) -> bool:
        # JSON may or may not escape characters, so look for a run of plain words from the text.
        words = max(re.findall(r"[A-Za-z0-9 ,]{12,}", text), key=len)
        return any(words in frame for frame in frames)

    explanations = {question.id: question.explanation for question in KEY.questions}
    feedback = {(q.id, option): text for q in KEY.questions for option, text in q.token_feedback().items()}
    assert heard(PROPOSING.prompt)  # the listener works
    for text in (*explanations.values(), *feedback.values()):
        assert text
        assert not heard(text), text
    sent = "\n".join(frames)
    for name in ('"answer"', '"weights"', '"low"', '"scoring"', '"explanation": "<'):
        assert name not in sent

    # A wrong answer reveals only its own feedback, and settles nothing.
    proposing = question_of(quiz, "who-proposes")
    proposing.choose(WRONG.text)
    proposing.check()
    heard_for = [name for name, text in feedback.items() if heard(text)]
    assert heard_for == [("who-proposes", WRONG.id)]
    assert not any(heard(text) for text in explanations.values() if text)

    # Once it is settled, this explanation is sent, and no other.
    proposing.reveal_button.click()
    expect(proposing.place).to_contain_text("Explanation")
    assert [name for name, text in explanations.items() if text and heard(text)] == ["who-proposes"]


def test_lesson_opens_as_a_notebook_and_its_cells_show_the_quiz(watch: Callable[..., Watched], lab: Lab) -> None:
    page = watch().page()
    page.goto(f"{lab.url}/lab/tree/lessons?reset")
    page.wait_for_selector(".jp-Launcher")
    page.locator(".jp-DirListing-itemText", has_text="amendments.md").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text="Open With").hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Notebook$")).click()
    lab.wait_until_ready(page)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    lab.run_all(page)
    # JupyterLab scrolls to the last cell, which is the full quiz.
    quiz = page.get_by_role("region", name="Amending the Constitution", exact=True)
    quiz.wait_for()
    expect(quiz.locator(".cq-question")).to_have_count(5)


def test_unwritable_folder_is_reported_and_nothing_typed_is_lost(watch: Callable[..., Watched], lab: Lab) -> None:
    page = watch().page()
    cell = (
        "import civicquiz, civicquiz.hosts.widget\nquiz = civicquiz.load('../quizzes/amendments.yml')\n"
        "civicquiz.hosts.widget.QuizWidget(quiz, folder='/proc')"
    )
    quiz = start(lab, page, cell)
    number = question_of(quiz, "how-many-states")
    number.place.get_by_role("textbox").fill("38")
    assert "Correct" in number.check()
    expect(quiz.place.locator(".cq-notice")).to_contain_text("could not be saved")
    expect(number.place.get_by_role("textbox")).to_have_value("38")


def test_two_views_of_one_widget_agree(watch: Callable[..., Watched], lab: Lab) -> None:
    page = watch(viewport={"width": 1280, "height": 2000}).page()
    start(lab, page, "import civicquiz\nw = civicquiz.show('../examples/single-choice.yml')\nw", "w")
    views = page.locator(".civicquiz")
    expect(views).to_have_count(2)
    views.nth(0).get_by_label("Spain").check()
    expect(views.nth(1).get_by_label("Spain")).to_be_checked()
    views.nth(1).get_by_role("button", name="Check").click()
    expect(views.nth(0)).to_contain_text("Not correct")


def answer_one_and_find_it_saved(page: Page, lab: Lab) -> None:
    number = question_of(shown(page), "how-many-states")
    number.place.get_by_role("textbox").fill("38")
    assert "Correct" in number.check()
    assert not focus_is_lost(page)
    assert answers(lab)["checked"] == {"how-many-states": True}


def in_notebook_7(watch: Callable[..., Watched], lab: Lab, cell: str) -> Page:
    watched = watch()
    watched.ours = False  # Notebook itself logs an error
    page = watched.page()
    page.goto(f"{lab.url}/notebooks/{lab.write('class/seven.ipynb', cell)}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content")
    lab.wait_for_kernel(page)
    lab.run_all(page)
    return page


def in_voila(watch: Callable[..., Watched], lab: Lab, cell: str) -> Page:
    watched = watch()
    watched.ours = False  # Voila's own template asks a CDN for icons
    page = watched.page()
    page.goto(f"{lab.url}/voila/render/{lab.write('class/app.ipynb', cell)}")
    return page


@pytest.mark.parametrize("opened", [in_notebook_7, in_voila])
def test_notebook_7_and_voila_show_the_same_quiz(
    watch: Callable[..., Watched], lab: Lab, opened: Callable[..., Page]
) -> None:
    answer_one_and_find_it_saved(opened(watch, lab, SHOW), lab)


SETTINGS = "import civicquiz\ncivicquiz.show('../examples/settings/at-the-end.yml')"


def start_answer_and_finish(page: Page) -> None:
    """A timed quiz with sections, certainty and two languages, from start to finish."""
    quiz = page.get_by_role("region", name="Example: feedback at the end", exact=True)
    quiz.get_by_role("button", name="Start", exact=True).click()
    quiz.get_by_label("Congress").check()
    quiz.get_by_label("Language / Idioma:").select_option("es")
    quiz = page.get_by_role("region", name="Ejemplo: los resultados al final", exact=True)
    expect(quiz.get_by_label("el Congreso")).to_be_checked()
    for _ in range(2):
        quiz.get_by_role("button", name="Terminar").click()
    expect(quiz).to_contain_text("El Congreso aprueba las leyes federales")
    expect(quiz).to_contain_text("Por objetivo")


@pytest.mark.parametrize("opened", [in_notebook_7, in_voila])
def test_notebook_7_and_voila_show_what_a_quiz_is_set_to(
    watch: Callable[..., Watched], lab: Lab, opened: Callable[..., Page]
) -> None:
    start_answer_and_finish(opened(watch, lab, SETTINGS))
