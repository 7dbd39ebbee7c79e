"""The item analysis in a browser: themes, small screens, paper, and its pictures in the docs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from browsing import Watched, find_violations
from learners import simulate
from material import ROOT, SAMPLE_COURSE
from playwright.sync_api import Page

import civicquiz
from civicquiz.classroom.analysis import write_report

PICTURES = ROOT / "docs" / "images"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report on a simulated class; in the test after the course, the key of the first question is wrong."""
    folder = tmp_path_factory.mktemp("results")
    pre, post = (civicquiz.load(SAMPLE_COURSE / "quizzes" / f"{name}.yml") for name in ("before", "after"))
    first = post.questions[0]
    wrong = first.options[1].id  # type: ignore[union-attr]
    before = simulate(pre, 120, seed=7, missing=3)
    after = simulate(post, 120, seed=8, ability=1, spread=1.2, certainty=True, answer={first.id: [wrong]})
    pl.concat([before, after]).write_parquet(folder / "outcomes.parquet")
    page, *_ = write_report(folder, key=[SAMPLE_COURSE / "quizzes"], pre=pre.name, post=post.name)
    return page.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme(watch: Callable[..., Watched], report: str, theme: str) -> None:
    page = watch(color_scheme=theme).page()
    page.goto(report)
    assert find_violations(page, "html") == []
    assert (page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)") == (
        theme == "light"
    )


def test_320_pixels_need_no_sideways_scrolling(watch: Callable[..., Watched], report: str) -> None:
    page = watch(viewport={"width": 320, "height": 700}).page()
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_page_is_the_same_without_scripts(watch: Callable[..., Watched], report: str) -> None:
    texts = []
    for scripts in (True, False):
        page = watch(java_script_enabled=scripts).page()
        page.goto(report)
        texts.append(page.locator("body").aria_snapshot())
    assert texts[0] == texts[1]
    assert 'img "Questions by facility and discrimination"' in texts[0]


def test_plots_keep_within_their_frames(watch: Callable[..., Watched], report: str) -> None:
    page = watch().page()
    page.goto(report)
    outside = page.evaluate(
        """[...document.querySelectorAll('svg.plot text')].filter(text => {
            const [inner, outer] = [text, text.closest('svg')].map(e => e.getBoundingClientRect());
            return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
        }).map(text => text.textContent)"""
    )
    assert outside == []


def test_labels_below_a_distribution_do_not_touch(watch: Callable[..., Watched], report: str) -> None:
    page = watch().page()
    page.goto(report)
    touching = page.evaluate(
        """[...document.querySelectorAll('svg.plot')].flatMap(svg => {
            const boxes = [...svg.querySelectorAll('text[text-anchor=middle]')].map(t => t.getBoundingClientRect());
            return boxes.filter((box, i) => boxes.some((other, j) => j > i && box.left < other.right
                && other.left < box.right && box.top < other.bottom && other.top < box.bottom)).map(box => box.left);
        })"""
    )
    assert touching == []


def test_paper_is_white_in_the_dark_theme_and_nothing_is_cut_off(watch: Callable[..., Watched], report: str) -> None:
    page = watch(color_scheme="dark").page()
    page.goto(report)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")
    page.set_viewport_size({"width": 1040, "height": 700})  # A4 on its side, less the margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 1040


def picture(page: Page, name: str, first: str, last: str, update: bool) -> None:
    """A picture from the element `first` to the element `last`, with its words in a file next to it. `--update-golden`
    takes it again."""
    boxes = [page.locator(selector).first.bounding_box() for selector in (first, last)]
    assert boxes[0]
    assert boxes[1]
    path = PICTURES / f"{name}.png"
    words = page.locator(first).first.inner_text() + "\n"
    if update:
        top, bottom = boxes[0]["y"] - 8, boxes[1]["y"] + boxes[1]["height"] + 8
        clip = {"x": 0, "y": top, "width": 1000, "height": bottom - top}
        page.screenshot(path=path, clip=clip, full_page=True)  # type: ignore[arg-type]
        path.with_suffix(".txt").write_text(words, "utf-8")
    assert path.with_suffix(".txt").read_text("utf-8") == words
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size < 200_000
    assert f"images/{name}.png" in Path(ROOT / "docs" / "item-analysis.md").read_text("utf-8")


def test_pictures_in_the_docs_show_what_the_report_shows(
    watch: Callable[..., Watched], report: str, update_golden: bool
) -> None:
    page = watch(viewport={"width": 1000, "height": 900}).page()
    page.goto(report)
    picture(page, "report-question", "#q-2-1", "#q-2-1", update_golden)
    picture(page, "report-quiz", "#quiz-2 > .scroll", "#quiz-2 > .plot", update_golden)
