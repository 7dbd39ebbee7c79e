"""Answers that a translation adds, on a page in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browsing import Watched, find_violations
from material import write
from playwright.sync_api import expect
from running_hosts import running_preview

QUIZ = """
title: A poll
questions:
  - {id: word, type: short-text, prompt: Whom is it about?, accept: [population]}
  - {id: again, type: short-text, prompt: Whom else?, accept: [people]}
  - id: gaps
    type: cloze
    prompt: Complete.
    text: By [[who]].
    gaps:
      who: {type: short-text, accept: [Congress]}
"""
SPANISH = """
title: Una encuesta
questions:
  - id: word
    prompt: ¿De quiénes trata?
    accept: [universo]
    mistakes: [{text: muestra, feedback: Es solo una parte.}]
  - {id: again, prompt: ¿De quién más?, accept: [gente]}
  - {id: gaps, prompt: Complete., text: "Por [[who]].", gaps: {who: {accept: [el Congreso]}}}
"""


def test_page_grades_by_all_languages_and_shows_answer_and_feedback_of_its_own(
    tmp_path: Path, watch: Callable[..., Watched]
) -> None:
    write(tmp_path / "poll.es.yml", SPANISH)
    page = watch(viewport={"width": 375, "height": 700}).page()
    with running_preview(write(tmp_path / "poll.yml", QUIZ), tmp_path) as running:
        page.goto(running.url)
        page.wait_for_selector("#frames iframe:not(.next)")
        page.goto(f"{running.url}frame?view=student")
        word, again, gaps = (page.locator(".cq-question").nth(index) for index in range(3))
        again.get_by_role("textbox").fill("Gente")
        again.get_by_role("button", name="Check").click()
        expect(again.locator(".cq-status")).to_contain_text("Correct")
        word.get_by_role("textbox").fill("muestra")
        word.get_by_role("button", name="Check").click()
        expect(word.locator(".cq-status")).to_contain_text("Not correct")
        expect(word).not_to_contain_text("Es solo una parte.")
        gaps.get_by_role("textbox").fill("la Corte")
        gaps.get_by_role("button", name="Check").click()
        for question in (word, gaps):
            question.get_by_role("button", name="Show the answer").click()
        expect(word).to_contain_text("population")
        expect(gaps).to_contain_text("Congress")

        page.get_by_label("Language / Idioma:").select_option("es")
        expect(again.locator(".cq-status")).to_contain_text("Correcto")
        expect(word).to_contain_text("Es solo una parte.")
        expect(word).to_contain_text("universo")
        expect(word).not_to_contain_text("population")
        expect(gaps).to_contain_text("el Congreso")
        expect(gaps).not_to_contain_text("Congress")
        assert find_violations(page, "body") == []
