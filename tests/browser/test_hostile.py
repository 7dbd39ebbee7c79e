"""Author text is hostile until escaped: nothing in it runs, in either host."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browsing import Lab, QuizPage, Watched, run
from playwright.sync_api import Page

from civicquiz.model.questions import QUESTION_TYPES

STRINGS = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "<svg onload='window.pwned = 1'></svg>",
    '"><img src=x onerror="window.pwned = 1">',
    "'><details open ontoggle='window.pwned = 1'>",
    "</script><script>window.pwned = 1</script>",
    "<!--<script>window.pwned = 1//",
    "[run](javascript:window.pwned=1)",
    "[run](JaVaScRiPt&colon;window.pwned=1)",
    "<javascript:window.pwned=1>",
    "[run](data:text/html,<script>parent.pwned=1</script>)",
    "<a href='javascript:window.pwned=1' style='position:fixed;inset:0'>x</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "`<b onmouseover=window.pwned=1>`",
    "[a](x \"' onmouseover='window.pwned=1\")",
    "\u2028window.pwned = 1\u2029</textarea></style></title><base href=//evil.example/>",
    "{{constructor.constructor('window.pwned=1')()}}",
    "<math><mtext><table><mglyph><style><img src=x onerror='window.pwned=1'>",
]


#: All of them in three texts, for a quiz of a size that a notebook may have: a Jupyter server drops messages of a
#: kernel that sends more than 1 MB in a second.
TOGETHER = [" ".join(STRINGS[start::3]) for start in range(3)]


def hostile_quiz(texts: list[str]) -> dict[str, Any]:
    """A quiz with each of these texts in every text field of every type."""
    questions: list[dict[str, Any]] = []
    for number, text in enumerate(texts):
        common = {"prompt": text, "hint": text, "explanation": text, "cites": [f"c{number}"]}
        options = [{"text": text, "feedback": text}, {"text": f"{text} ", "id": f"b{number}", "feedback": text}]
        options[1]["text"] = f"right {text}"
        options[1]["correct"] = True
        questions += [
            {"id": f"single-{number}", "type": "single-choice", "options": options, **common},
            {"id": f"multiple-{number}", "type": "multiple-choice", "options": options, **common},
            {"id": f"tf-{number}", "type": "true-false", "answer": False, "feedback": {"true": text}, **common},
            {"id": f"number-{number}", "type": "numeric", "answer": 1, "tolerance": 0, "unit": text, **common},
            {"id": f"order-{number}", "type": "order", "items": [text, f"b {text}", f"c {text}"], **common},
            {
                "id": f"match-{number}",
                "type": "match",
                "pairs": [{"left": text, "right": text, "feedback": text}, {"left": f"b {text}", "right": f"b {text}"}],
                "distractors": [f"c {text}"],
                **common,
            },
            {
                "id": f"sort-{number}",
                "type": "categorize",
                "categories": [text, f"b {text}"],
                "items": [{"text": text, "category": text, "feedback": text}, {"text": "x", "category": f"b {text}"}],
                **common,
            },
            {
                "id": f"words-{number}",
                "type": "short-text",
                "accept": [text[:200]],
                "ignore": ["space"],
                "mistakes": [{"text": "7", "feedback": text}],
                **common,
            },
            {
                "id": f"gaps-{number}",
                "type": "cloze",
                "text": f"{text} [[one]] {text} [[two]] {text}",
                "gaps": {
                    "one": {"type": "single-choice", "options": options},
                    "two": {"type": "numeric", "answer": 1, "tolerance": 0, "unit": text},
                },
                **common,
            },
            {
                "id": f"marks-{number}",
                "type": "select-text",
                "passage": f"{text} [[{text.replace('[', '(').replace(']', ')')}]] {text} [[+right]] {text}",
                **common,
            },
            {
                "id": f"years-{number}",
                "type": "timeline",
                "events": [{"text": text, "year": 1}, {"text": f"b {text}", "year": 2}],
                "start": 0,
                "end": 9,
                "tolerance": 0,
                "reach": 1,
                **common,
            },
            {
                "id": f"computed-{number}",
                "type": "calculated",
                "variables": {"a": {"values": [1, 2]}},
                "answer": "a",
                "decimals": 0,
                "tolerance": 0,
                "unit": text,
                "stimulus": f"shared-{number}",
                "objectives": [f"C.{number}"],
                **common,
                "prompt": f"{{a}} {text}",
            },
            {
                "id": f"essay-{number}",
                "type": "open-response",
                "rubric": [{"text": text, "points": 1}],
                "model_answer": text,
                **common,
            },
            {
                "id": f"poll-{number}",
                "type": "poll",
                "options": [f"{text} 1", f"{text} 2"],
                **common,
            },
        ]
    everywhere = range(len(texts))
    ids = [question["id"] for question in questions]
    return {
        "title": " ".join(STRINGS),
        "stimuli": {f"shared-{number}": {"title": texts[number], "text": texts[number]} for number in everywhere},
        "objectives": {f"C.{number}": texts[number] for number in everywhere},
        "sections": [{"title": texts[0], "text": texts[1], "questions": ids}],
        "questions": questions,
    }


def hostile_seeds(texts: list[str]) -> dict[str, Any]:
    sources, claims = [], []
    for number, text in enumerate(texts):
        url = "https://example.org/\"onmouseover='window.pwned=1'<script>window.pwned=1</script>"
        sources.append(
            {"id": f"s{number}", "title": text, "publisher": text, "author": text, "citation": text, "url": url}
        )
        claims.append(
            {
                "id": f"c{number}",
                "text": text,
                "speaker": text,
                "role": text,
                "statement": "opinion",
                "as_of": "2024",
                "sources": [f"s{number}"],
                "locator": text,
                "working": text,
            }
        )
    return {"sources": sources, "claims": claims}


def write_hostile_course(folder: Path, texts: list[str]) -> Path:
    for name, content in (("quizzes/hostile.yml", hostile_quiz(texts)), ("seeds/hostile.yml", hostile_seeds(texts))):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")
    return folder


def use_everything(page: Page, texts: list[str]) -> None:
    """Answer wrongly, show the answers, open every hint and source, point at everything; then look for damage."""
    quiz = QuizPage(page, page.locator(".civicquiz").first)
    count = quiz.questions.count()
    assert count == len(texts) * len(QUESTION_TYPES)
    page.evaluate(
        """() => document.querySelectorAll(".civicquiz .cq-question").forEach((form) => {
            const input = form.querySelector("input, select, textarea");
            if (!input) form.querySelector(".cq-move[aria-disabled=false]").click();
            else if (input.matches("select")) {
                input.selectedIndex = input.options.length - 1;
                input.dispatchEvent(new Event("change"));
            } else if (input.matches("textarea, [type=text]")) {
                input.value = "7";
                input.dispatchEvent(new Event("input"));
            } else input.click();
            form.querySelector(".cq-main").click();
        })"""
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('.cq-question')].every(form => form.dataset.state !== 'open')"
    )
    page.evaluate("document.querySelectorAll('.cq-reveal:not([hidden])').forEach(button => button.click())")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.cq-explanation')].every(place => place.childElementCount > 0)"
    )
    page.evaluate(
        """() => {
            document.querySelectorAll(".civicquiz details").forEach(details => { details.open = true; });
            document.querySelectorAll(".civicquiz *, .civicquiz-note *").forEach(element => {
                const names = ["mouseover", "mouseenter", "focus", "toggle"];
                for (const name of names) element.dispatchEvent(new Event(name));
            });
        }"""
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.pwned") is None
    found = page.evaluate(
        """() => [...document.querySelectorAll(
                ".civicquiz :is(script, iframe, img, svg, base, style, object), .civicquiz-note :is(script, img)")]
            .map(element => element.outerHTML.slice(0, 100))"""
    )
    assert found == []
    links = page.evaluate("[...document.querySelectorAll('.civicquiz a, .civicquiz-note a')].map(a => a.protocol)")
    assert set(links) <= {"https:", "http:", "file:"}
    ids = page.evaluate("[...document.querySelectorAll('.civicquiz [id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    handlers = page.evaluate(
        """() => [...document.querySelectorAll(".civicquiz *, .civicquiz-note, .civicquiz-note *")]
            .filter(element => [...element.attributes].some(({name}) => name.startsWith("on"))).length"""
    )
    assert handlers == 0
    # The text itself is there to be read.
    for text in ("<script>window.pwned = 1</script>", "<img src=x onerror='window.pwned = 1'>"):
        assert text in page.locator(".civicquiz").first.inner_text()


def test_nothing_runs_on_a_page(watch: Callable[..., Watched], tmp_path: Path) -> None:
    course = write_hostile_course(tmp_path / "course", STRINGS)
    cites = " ".join(f"{{claim}}`c{number}`" for number in range(len(STRINGS)))
    (course / "index.md").write_text(
        f"# Page\n\n{cites}\n\n```{{quiz}} /quizzes/hostile.yml\n```\n\n## List\n\n```{{claims}} hostile\n```\n"
    )
    (course / "conf.py").write_text("extensions = ['myst_parser', 'civicquiz']\n")
    out = tmp_path / "html"
    run(sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", course, out)
    for java_script in (True, False):
        page = watch(java_script_enabled=java_script).page()
        page.goto((out / "index.html").as_uri())
        if java_script:
            assert page.evaluate("window.pwned") is None
            use_everything(page, STRINGS)
        else:
            assert page.locator(".civicquiz-static script:not([type='application/json'])").count() == 0
            assert page.locator(".civicquiz-static :is(img, iframe, svg)").count() == 0
            assert page.locator("dl.civicquiz-claims :is(script, img, iframe, svg)").count() == 0


def test_nothing_runs_in_a_notebook(watch: Callable[..., Watched], lab: Lab) -> None:
    write_hostile_course(lab.root / "hostile", TOGETHER)
    page = watch(viewport={"width": 1280, "height": 3000}).page()
    notebook = lab.write("hostile/nb/n.ipynb", "import civicquiz\ncivicquiz.show('../quizzes/hostile.yml')")
    lab.open(page, notebook)
    lab.run_all(page)
    page.locator(".civicquiz").wait_for()
    use_everything(page, TOGETHER)


def test_what_a_learner_types_is_shown_as_text(watch: Callable[..., Watched], lab: Lab) -> None:
    """A saved answer may be hostile too: somebody else may have written the response file."""
    page = watch().page()
    file = lab.root / "class" / "numeric.responses.json"
    file.parent.mkdir(exist_ok=True)
    text = STRINGS[1]
    file.write_text(
        json.dumps(
            {"schema": 1, "quiz": "numeric", "content_hash": "", "responses": {"registered": text}, "checked": {}}
        )
    )
    lab.open(page, lab.write("class/typed.ipynb", "import civicquiz\ncivicquiz.show('../examples/numeric.yml')"))
    lab.run_all(page)
    box = page.locator(".civicquiz").get_by_role("textbox")
    assert box.input_value() == text
    page.locator(".civicquiz").get_by_role("button", name="Check").click()
    page.locator(".cq-status", has_text=re.compile("not a number")).wait_for()
    assert page.evaluate("window.pwned") is None
