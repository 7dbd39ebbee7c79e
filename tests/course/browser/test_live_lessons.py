"""The lessons that compute, in the Python of a browser."""

from __future__ import annotations

from collections.abc import Callable

from browsing import Watched
from live_sites import BOOK, COMPUTING, PATIENCE, BuiltSite, open_live
from playwright.sync_api import expect
from running_hosts import PagesHandler, serving

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


def test_lessons_that_compute_run_without_an_error(live_site: BuiltSite, watch: Callable[..., Watched]) -> None:
    watched = watch(locale="en-US")
    with serving(live_site.folder, PagesHandler) as url:
        for lesson in COMPUTING:
            page = watched.page()
            open_live(page, url, f"{BOOK}/lessons/{lesson}.ipynb")
            # Whoever has begun to read stays there.
            expect(page.locator(".jp-Notebook h1").first).to_be_in_viewport()
            shown = page.evaluate(SHOWN)
            assert shown["errors"] == [], lesson
            assert "<svg" in shown["html"], lesson  # its charts
            assert "application/vnd.jupyter.widget-view+json" in shown["types"], lesson
            page.evaluate("index => jupyterapp.shell.currentWidget.content.scrollToItem(index)", shown["sliders"])
            expect(page.locator(".widget-slider").first).to_be_visible(timeout=PATIENCE)
            page.close()
