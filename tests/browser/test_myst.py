"""Quizzes on a site of MyST, drawn as its theme draws them: a module of their own, in an open shadow tree.

The theme itself is downloaded while a site is built, and asks other hosts on every page; so a page of 20 lines does
here what it does with the node of a widget.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

import pytest
from browsing import FOCUSED, WCAG, QuizPage, Watched, answer_by_keyboard, find_violations
from material import write
from myst_sites import build, content_of, nodes_of, write_site
from playwright.sync_api import Page, expect
from running_hosts import serving

PAGE = """<!DOCTYPE html><html lang="en" class="light"><meta charset="utf-8"><title>A law</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><main><h1>A law</h1></main>
<script type="module">
window.stops = [];
window.draw = async (node) => {
	const host = document.createElement("div");
	document.querySelector("main").append(host);
	const root = host.attachShadow({ mode: "open" });
	const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: node.css });
	const el = document.createElement("div");
	root.append(style, el);
	await new Promise((resolve) => { style.onload = resolve; });
	const widget = (await import(node.esm)).default;
	const model = { get: (name) => node.model[name], set: (name, value) => { node.model[name] = value; } };
	Object.assign(model, { save_changes() {}, on() {}, off() {} });
	const stop = await widget.render({ model, el });
	stops.push(() => { stop(); host.remove(); });
};
window.nodes = NODES;
for (const node of nodes) await draw(node);
</script>"""


@pytest.fixture(scope="module")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site, which is in a folder of its host."""
    site = write_site(tmp_path_factory.mktemp("site"))
    done = build(site)
    assert done.returncode == 0, done.stdout + done.stderr
    nodes = list(nodes_of(content_of(site), "anywidget"))
    root = tmp_path_factory.mktemp("served")
    folder = root / "a-site"
    for node in nodes:
        for name in ("esm", "css"):
            file = node[name].rpartition("/")[2]
            node[name] = f"/a-site/build/{file}"
            (folder / "build").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(site / "_build/site/public" / file, folder / "build" / file)
    page = PAGE.replace("NODES", json.dumps(nodes).replace("<", "\\u003c"))
    write(folder / "law" / "index.html", page)
    write(folder / "again" / "index.html", page)
    with serving(root) as url:
        yield f"{url}/a-site"


def quizzes_on(page: Page) -> tuple[QuizPage, QuizPage]:
    places = page.locator(".civicquiz")
    expect(places).to_have_count(2)
    return QuizPage(page, places.nth(0)), QuizPage(page, places.nth(1))


def test_quiz_is_answered_by_keyboard_and_kept_on_every_page_of_the_site(
    watch: Callable[..., Watched], served_site: str
) -> None:
    watched = watch()
    page = watched.page()
    page.goto(f"{served_site}/law/")
    whole, some = quizzes_on(page)
    assert find_violations(page, "main", WCAG) == []
    answer_by_keyboard(page, whole)
    verdicts = whole.place.locator(".cq-status strong").all_inner_texts()
    assert len(verdicts) == 5
    # The other quiz on the page shows two of the same questions.
    expect(some.place.locator(".cq-status strong")).to_have_text(verdicts[3:])
    expect(whole.place.locator(".cq-notice")).to_contain_text("stay in this browser")
    assert find_violations(page, "main", WCAG) == []
    for place in ("law", "again"):
        page.goto(f"{served_site}/{place}/")
        whole, _ = quizzes_on(page)
        expect(whole.place.locator(".cq-status strong")).to_have_text(verdicts)
    shelves = page.evaluate("Object.keys(localStorage)")
    assert shelves == [f"civicquiz:{served_site}/:quizzes/law"]


def test_retry_keeps_the_focus_in_the_shadow_tree(watch: Callable[..., Watched], served_site: str) -> None:
    page = watch().page()
    page.goto(f"{served_site}/law/")
    question = quizzes_on(page)[0].question(2)
    question.place.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(question.place.locator(".cq-status strong")).to_be_visible()
    assert page.evaluate(f"{FOCUSED}.closest('.cq-question') !== null")
    question.retry_button.press("Enter")
    expect(question.check_button).to_be_visible()
    assert page.evaluate(f"{FOCUSED}.closest('.cq-question') !== null")


def test_reader_who_comes_back_without_loading_the_page_finds_the_answer(
    watch: Callable[..., Watched], served_site: str
) -> None:
    """The theme takes a page down and draws the next one, in the same document."""
    page = watch().page()
    page.goto(f"{served_site}/law/")
    whole, _ = quizzes_on(page)
    whole.question(3).place.get_by_role("textbox").fill("14")
    verdict = whole.question(3).check()
    page.evaluate("stops.splice(0).forEach((stop) => stop())")
    expect(page.locator(".civicquiz")).to_have_count(0)
    page.evaluate("(async () => { for (const node of nodes) await draw(node); })()")
    whole, some = quizzes_on(page)
    expect(whole.question(3).place.locator(".cq-status")).to_have_text(verdict)
    expect(some.question(0).place.locator(".cq-status")).to_have_text(verdict)


def test_address_leads_to_a_question(watch: Callable[..., Watched], served_site: str) -> None:
    page = watch(viewport={"width": 1280, "height": 500}).page()
    page.goto(f"{served_site}/law/#law-citizens")
    whole, _ = quizzes_on(page)
    expect(whole.question(2).place).to_be_in_viewport()
    expect(whole.question(0).place).not_to_be_in_viewport()


def test_colors_follow_the_theme_and_nothing_is_cut_off_at_320_pixels(
    watch: Callable[..., Watched], served_site: str
) -> None:
    page = watch(viewport={"width": 320, "height": 800}, color_scheme="light").page()
    page.goto(f"{served_site}/law/")
    whole, _ = quizzes_on(page)
    expect(whole.place).to_have_css("color-scheme", "light")
    page.evaluate("document.documentElement.className = 'dark'")
    expect(whole.place).to_have_css("color-scheme", "dark")
    assert find_violations(page, "main", WCAG) == []
    page.evaluate("document.documentElement.className = ''")
    expect(whole.place).to_have_css("color-scheme", "normal")  # that of the page, whose theme says nothing
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
