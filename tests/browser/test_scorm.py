"""A package in a platform that is made of scorm-again, the most used library for them: what a student does arrives."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from browsing import Question, QuizPage, Watched, find_violations
from material import ROOT, right_answer
from playwright.sync_api import expect
from running_hosts import serving

import civicquiz
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.grading import grade_handed_in
from civicquiz.grading.responses import session_from_json
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

#: Where the status is.
STATUS = {"scorm12": ".core.lesson_status", "scorm2004": ".completion_status"}
LIBRARY = ROOT / "node_modules/scorm-again/dist"
#: The page of a platform around that of a package. ``begin`` opens an attempt, with what an earlier session left of it.
PLATFORM = """<!DOCTYPE html><title>A platform</title><script src="library.js"></script><iframe title="A quiz"
style="width: 100%; height: 90vh"></iframe><script>
const [Library, API, prefix] = IS_2004 ? [Scorm2004API, "API_1484_11", ""] : [Scorm12API, "API", "LMS"];
let library;
let refused = [];
let commits = 0;
function begin(kept) {
	library = new Library({ autocommit: false, logLevel: 5 });
	if (kept) library.loadFromJSON(kept);
	const names = ["Initialize", "GetValue", "SetValue", "Commit", IS_2004 ? "Terminate" : "Finish"];
	window[API] = Object.fromEntries(names.map((name) => [prefix + name, (...values) => {
		const said = library[`lms${name}`](...values);
		if (String(said) === "false") refused.push([name, ...values, library.lmsGetLastError()]);
		if (name === "Commit") commits += 1;
		return said;
	}]));
	document.querySelector("iframe").src = "quiz.html";
}
const leave = () => { document.querySelector("iframe").src = "about:blank"; };
const state = () => JSON.parse(JSON.stringify(library.cmi));
</script>"""


def quiz_of_all_types(folder: Path) -> Quiz:
    """A quiz with the questions of all examples."""
    questions: list[dict[str, Any]] = []
    for path in sorted((ROOT / "examples").glob("*.yml")):
        if "." not in path.stem:
            content = yaml.safe_load(path.read_text("utf-8"))
            questions += [{**question, "cites": []} for question in content["questions"]]
    path = folder / "quiz.yml"
    path.write_text(json.dumps({"title": "All types", "questions": questions}), "utf-8")
    return civicquiz.load(path)


def answer(asked: KeyedQuestion, shown: Question) -> None:
    """Answer a question, correctly if that takes no more than a choice or a text, and check the answer."""
    place, right, interaction = shown.place, right_answer(asked), asked.interaction()
    texts = {option.id: option.text for options in interaction.option_lists() for option in options}
    if asked.type in ("single-choice", "multiple-choice"):
        for name in right:
            place.get_by_label(re.compile(f"^{re.escape(texts[name])}")).check()
    elif interaction.name == "choice":
        place.locator("input").first.check()
    elif interaction.name == "match":
        for row, target in right.items():
            place.get_by_label(texts[row]).select_option(label=texts[target])
    elif asked.type == "order":
        place.get_by_role("button", name=re.compile("Move down")).first.click()
    elif asked.type == "cloze":
        for box in place.get_by_role("combobox").all():
            box.select_option(index=1)
        for box in place.get_by_role("textbox").all():
            box.fill("14")
    else:
        for box in place.get_by_role("textbox").all():
            box.fill(right if isinstance(right, str) and right else "1798")
    shown.check()


@pytest.mark.parametrize("version", ["scorm12", "scorm2004"])
def test_platform_gets_the_score_that_civicquiz_gives_and_gives_the_answers_back(
    watch: Callable[..., Watched], tmp_path: Path, version: str
) -> None:
    is_2004 = version == "scorm2004"
    quiz = quiz_of_all_types(tmp_path)
    folder = tmp_path / "package"
    content = EXPORTERS[version].export([Translation.original(quiz)]).content
    (tmp_path / "package.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        archive.extractall(folder)
    library = LIBRARY / f"{version}.min.js"
    assert library.is_file(), "scorm-again is missing: run 'npm ci'"
    (folder / "library.js").write_bytes(library.read_bytes())
    (folder / "platform.html").write_text(PLATFORM.replace("IS_2004", str(is_2004).lower()), "utf-8")
    page = watch().page()

    def cmi() -> dict[str, Any]:
        state: dict[str, Any] = page.evaluate("state()")
        return state

    def score(state: dict[str, Any]) -> str:
        return str((state if is_2004 else state["core"])["score"]["raw"])

    def status(state: dict[str, Any]) -> str:
        return str(state["completion_status"] if is_2004 else state["core"]["lesson_status"])

    def graded(state: dict[str, Any]) -> float:
        """What civicquiz gives for the answers that the platform keeps, in percent, without those for a person."""
        session = session_from_json(json.loads(state["suspend_data"]))
        result, unreadable = grade_handed_in(quiz, session.responses, session.progress())
        assert unreadable == ()
        by_rule = [one for name, one in result.outcomes.items() if quiz.keyed_questions[name].key()]
        scored = [one for one in by_rule if one.max_score]
        return 100 * sum(one.score for one in scored) / sum(one.max_score for one in scored)

    with serving(folder) as address:
        page.goto(f"{address}/quiz.html")
        expect(page.get_by_text("This page was not opened by a learning platform")).to_be_visible()
        assert find_violations(page, "html") == []
        page.goto(f"{address}/platform.html")
        page.evaluate("begin()")
        place = page.frame_locator("iframe").locator(".civicquiz")
        expect(place).to_be_visible()
        line = page.frame_locator("iframe").locator("[data-scorm]")
        expect(line).to_have_text("Each time you check an answer, your learning platform gets your score.")
        page.evaluate("leave()")
        page.wait_for_function("!document.querySelector('iframe').contentDocument.querySelector('.civicquiz')")
        untouched = cmi()
        assert (score(untouched), status(untouched)) == ("", "incomplete")

        page.evaluate("begin()")
        expect(place).to_be_visible()
        shown = QuizPage(page, place)
        for number, asked in enumerate(quiz.keyed_questions.values()):
            answer(asked, shown.question(number))
            state = cmi()
            if score(state):
                assert float(score(state)) == pytest.approx(graded(state), abs=0.01)
            assert page.evaluate("commits") == number + 1
        assert float(score(state)) not in (0, 100)
        assert status(state) == "incomplete"
        assert page.evaluate("refused") == []
        records = page.evaluate("library.cmi.interactions.childArray.map((record) => record.toJSON().id)")
        assert records == [name.replace("-", "_") for name in quiz.keyed_questions]
        page.evaluate("leave()")
        page.wait_for_function("!document.querySelector('iframe').contentDocument.querySelector('.civicquiz')")

        page.evaluate("begin(state())")
        again = QuizPage(page, place)
        expect(again.question(0).place.locator(".cq-status strong")).to_be_visible()
        for number in range(len(quiz.questions)):
            if again.question(number).reveal_button.is_visible():
                again.question(number).reveal_button.click()
        page.wait_for_function(f"state(){STATUS[version]} === 'completed'")
        assert float(score(cmi())) == pytest.approx(float(score(state)), abs=0.01)
        assert page.evaluate("refused") == []

        page.evaluate("begin()")  # a second attempt
        expect(line).to_be_visible()
        expect(place.locator(".cq-status strong")).to_have_count(0)
