"""The lessons that compute, in the Python of a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Watched
from live_sites import PATIENCE, built, open_live
from material import ROOT
from playwright.sync_api import expect
from running_hosts import serving

LESSONS = ("deportation-logistics", "reading-polls")

#: What the cells have shown: their media types, their HTML, their errors.
SHOWN = """() => {
    const cells = jupyterapp.shell.currentWidget.content.model.toJSON().cells;
    const outputs = cells.flatMap((cell) => cell.outputs || []);
    return {
        errors: outputs.filter((output) => output.output_type === "error" || output.name === "stderr"),
        types: outputs.flatMap((output) => Object.keys(output.data || {})),
        html: outputs.map((output) => [output.data?.["text/html"] || ""].flat().join("")).join(""),
        sliders: cells.findIndex((cell) => [cell.source].flat().join("").includes("IntSlider(")),
    };
}"""


@pytest.fixture(scope="module")
def live_lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live") / "site"
    wanted = ["lessons/data", "lessons/figures", "quizzes", "seeds", *(f"lessons/{name}.md" for name in LESSONS)]
    built(ROOT, folder, wanted)
    return folder


def test_lessons_that_compute_run_without_an_error(live_lessons: Path, watch: Callable[..., Watched]) -> None:
    with serving(live_lessons) as url:
        for lesson in LESSONS:
            watched = watch(locale="en-US")
            page = watched.page()
            open_live(page, url, f"lessons/{lesson}.ipynb")
            shown = page.evaluate(SHOWN)
            assert shown["errors"] == [], lesson
            assert "<svg" in shown["html"], lesson  # its charts
            assert "application/vnd.jupyter.widget-view+json" in shown["types"], lesson
            page.evaluate("index => jupyterapp.shell.currentWidget.content.scrollToItem(index)", shown["sliders"])
            expect(page.locator(".widget-slider").first).to_be_visible(timeout=PATIENCE)
            watched.context.close()
