"""How long a live site takes from opening a notebook to the first answer, and how much it loads.

usage: python -m benchmarks.live [SITE NOTEBOOK]

Without arguments, the sample course is built. The server sends files as GitHub Pages does. Compare only figures that
were measured one after the other: all of them depend on what else the machine does.
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
#: What is seen in the page -> the JavaScript that says whether it is there.
_SEEN = {
    "page": "document.querySelector('.jp-Notebook .jp-Cell')",
    "kernel": "/running/.test(document.querySelector('.civicquiz-live p')?.textContent)",
    "quiz": "document.querySelector('.civicquiz .cq-question')",
}
#: Notes when each of these was there first, from the moment when the page was asked for.
_WATCH = f"""
window.firstSeen = {{}};
const look = () => {{
    const seen = {{ {", ".join(f"{name!r}: () => {script}" for name, script in _SEEN.items())} }};
    for (const [name, isThere] of Object.entries(seen))
        if (!(name in firstSeen) && isThere()) firstSeen[name] = performance.now() / 1000;
    if (!("quiz" in firstSeen)) setTimeout(look, 10);
}};
look();
"""
#: Presses the button; how long until there is a verdict, and until the browser says that it is saved, in seconds.
_PRESS = """async (button) => {
    const count = () => document.querySelectorAll(".civicquiz .cq-status strong").length;
    const notice = () => document.querySelector(".civicquiz .cq-notice").textContent;
    const until = async (isTrue) => { while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 4)); };
    const [before, begun] = [count(), performance.now()];
    button.click();
    await until(() => count() > before);
    const judged = performance.now();
    await until(() => /saved in/.test(notice()) && !/will be/.test(notice()));
    return { "click to feedback": (judged - begun) / 1000, "to saved": (performance.now() - begun) / 1000 };
}"""
_QUIZ = "".join(
    f"  - {{id: q{number}, type: true-false, prompt: Statement {number}, answer: true, cites: [two-thirds]}}\n"
    for number in range(8)
)


def _visit(context: Any, address: str) -> dict[str, float]:
    """One visit: when each part is there, in seconds from the beginning."""
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    page.add_init_script(_WATCH)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.locator(".civicquiz .cq-question").first.wait_for()
    figures = dict(page.evaluate("firstSeen"))
    first = _answer(page)
    figures["first answer, if given at once"] = figures["quiz"] + first["click to feedback"]
    page.locator(".civicquiz-live p", has_text="without a network").wait_for()
    figures |= _answer(page)
    parts = re.findall(r"civicquiz: Python and packages (\S+) s, imports (\S+) s", "\n".join(said))
    figures |= dict(zip(("Python with packages", "imports"), map(float, parts[-1]), strict=True)) if parts else {}
    page.close()
    return figures


def _answer(page: Any) -> dict[str, float]:
    """Answer the first open question with choices."""
    question = page.locator(".civicquiz .cq-question:has(input[type=radio]:enabled)").first
    question.locator("input").first.check()
    page.wait_for_timeout(1000)  # what a reader needs between the two, at least
    button = question.get_by_role("button", name=re.compile("^Check$"))
    return dict(page.evaluate(_PRESS, button.element_handle()))


def _measure(site: Path, notebook: str) -> None:
    from playwright.sync_api import sync_playwright

    with (
        serving(site, PagesHandler) as url,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as profile,
    ):
        for name in ("first visit", "second visit"):
            # A browser of its own for each: what it keeps is on the disk.
            options: dict[str, Any] = {"executable_path": find_chromium(), "args": CHROMIUM_FLAGS, "locale": "en-US"}
            context = playwright.chromium.launch_persistent_context(profile, **options)
            figures = _visit(context, f"{url}/notebooks/index.html?path={notebook}")
            print(f"live, {name}: " + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in figures.items()))
            context.close()


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
        (source / "quizzes" / "speed.yml").write_text(f"title: Speed\nquestions:\n{_QUIZ}", "utf-8")
        (source / "lessons" / "quiz.md").write_text("# Quiz\n\n```{quiz} ../quizzes/speed.yml\n```\n", "utf-8")
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
