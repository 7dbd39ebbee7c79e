"""How long a live site takes from opening a notebook to the first answer, and how much it loads.

usage: python -m benchmarks.live [SITE NOTEBOOK]

Without arguments, the sample course is built. The server sends files as GitHub Pages does.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from civicquiz.errors import CivicquizError
from civicquiz.live.site import build_live

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from running_hosts import CHROMIUM_FLAGS, PagesHandler, find_chromium, serving  # noqa: E402

#: in ms
_PATIENCE = 300_000


def _visit(context: Any, address: str, *, answers: bool) -> dict[str, float]:
    """One visit: seconds until the quiz is there; with ``answers``, also until its first answer is judged, and from a
    click to the feedback once all cells have run."""
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    begun = time.perf_counter()
    page.goto(address)
    page.locator(".civicquiz .cq-question").first.wait_for()
    shown = time.perf_counter() - begun
    if not answers:
        page.close()
        return {"quiz shown": shown}
    _answer(page)
    first = time.perf_counter() - begun
    page.locator(".civicquiz-live p", has_text="Ready").wait_for()
    click = _answer(page)
    page.close()
    return {"quiz shown": shown, "first answer": first, "click to feedback": click}


def _answer(page: Any) -> float:
    """Answer the first open question with choices; seconds from the click to the feedback."""
    question = page.locator(".civicquiz .cq-question:has(input[type=radio]:enabled)").first
    question.locator("input").first.check()
    judged = page.locator(".civicquiz .cq-status strong").count()
    begun = time.perf_counter()
    question.get_by_role("button", name=re.compile("^(Check|Save answer)$")).click()
    page.wait_for_function("count => document.querySelectorAll('.cq-status strong').length > count", arg=judged)
    return time.perf_counter() - begun


def _measure(site: Path, notebook: str) -> None:
    from playwright.sync_api import sync_playwright

    with serving(site, PagesHandler) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        context = browser.new_context(locale="en-US")
        for name in ("first visit", "second visit"):
            address = f"{url}/notebooks/index.html?path={notebook}"
            figures = _visit(context, address, answers=name == "first visit")
            print(f"live, {name}: " + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in figures.items()))
        browser.close()


def main() -> None:
    if find_chromium() is None:
        print("live: needs Chromium")
        return
    if len(sys.argv) == 3:
        _measure(Path(sys.argv[1]), sys.argv[2])
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "course")
        shutil.copytree(ROOT / "examples" / "course", source)
        (source / "lessons" / "quiz.md").write_text("# Quiz\n\n```{quiz} ../quizzes/after.yml\n```\n", "utf-8")
        begun = time.perf_counter()
        try:
            site = build_live(source, Path(folder, "site"), ["lessons", "quizzes", "seeds"])
        except CivicquizError as error:
            print(f"live: {error}")
            return
        print(f"live, build: {time.perf_counter() - begun:.1f} s, {site.size / 1e6:.1f} MB in {site.files} files")
        print(f"live, first visit: {site.first_visit / 1e6:.1f} MB compressed")
        _measure(Path(folder, "site"), "lessons/quiz.ipynb")


if __name__ == "__main__":
    main()
