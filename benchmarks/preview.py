"""Print how long it takes from saving a quiz to seeing it in ``civicquiz preview``, and what its page weighs:
``python -m benchmarks.preview``.

The quiz has 30 questions of several types. Each save replaces the file, as editors do that write another file first. A
save is seen when the browser has painted a frame with the new text. Needs Chromium.

On two cores that have nothing else to do, the median was 196 ms, the maximum 259 ms.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from civicquiz import load
from civicquiz.frontend.front_end import PAGE_SCRIPTS, front_end
from civicquiz.frontend.payload import page_payload
from civicquiz.frontend.static_files import static_text

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

#: The longest that a save may take to be seen, in ms, as the median of how many saves.
BUDGET = 300
SAVES = 30

#: Resolves with the time, in ms since 1970, at which a text has been painted in the frame that is shown.
_SEEN = """text => new Promise((resolve) => {
    const look = () => {
        const page = document.querySelector("#frames iframe:not(.next)")?.contentDocument;
        const place = page?.querySelector(".cq-prompt");
        if (place?.textContent !== text) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
    };
    look();
})"""


def quiz_text(first: str) -> str:
    """30 questions in YAML, of five types; ``first`` is the prompt of the first one."""
    lines = ["title: A quiz to measure with", "questions:"]
    for number in range(30):
        prompt = first if number == 0 else f"Question {number}, about which of the statements below is right?"
        lines += [f"  - id: question-{number}", f"    prompt: {prompt}", "    hint: Look at the second one."]
        lines.append("    explanation: Teaches in a sentence or two why the right statement is right.")
        if number % 5 == 1:
            lines += ["    type: numeric", "    answer: 14", "    tolerance: 0"]
        elif number % 5 == 2:
            lines += ["    type: short-text", "    accept: [Congress, the Congress]"]
        elif number % 5 == 3:
            lines += ["    type: order", "    items: [first of them, second of them, third of them, last of them]"]
        else:
            lines += [f"    type: {'single' if number % 5 == 0 else 'multiple'}-choice", "    options:"]
            for option in range(4):
                lines.append(f"      - text: Statement {option} of question {number}, as long as an option often is")
                lines.append("        correct: true" if option == 1 else "        feedback: Says why this is not so.")
    return "\n".join(lines) + "\n"


def weigh(quiz: Path) -> None:
    """Print what a browser gets of a quiz on a page, compressed as servers send it."""
    loaded = load(quiz)
    files = front_end(loaded, loaded.questions)
    content = len(gzip.compress(json.dumps(page_payload(loaded), ensure_ascii=False).encode(), 6))
    names = (*files.scripts, *PAGE_SCRIPTS, *files.styles)
    others = sum(len(gzip.compress(static_text(name).encode(), 6)) for name in names)
    print(
        f"page of 30 questions, compressed: {content / 1000:.1f} kB, and {others / 1000:.1f} kB of scripts and styles"
    )


def main() -> int:
    from playwright.sync_api import sync_playwright
    from running_hosts import CHROMIUM_FLAGS, find_chromium, running_preview

    chromium = find_chromium()
    if chromium is None:
        print("Not measured: no Chromium is installed, and CHROMIUM names none")
        return 0
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        quiz, draft = folder / "quiz.yml", folder / ".quiz.yml.new"
        quiz.write_text(quiz_text("Number -1"), "utf-8")
        weigh(quiz)
        with running_preview(quiz, folder) as preview:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            page = browser.new_page()
            page.goto(preview.url)
            page.evaluate(_SEEN, "Number -1")
            figures = []
            for number in range(-3, SAVES):
                draft.write_text(quiz_text(f"Number {number + 100}"), "utf-8")
                start = time.time()
                draft.replace(quiz)
                seen = page.evaluate(_SEEN, f"Number {number + 100}")
                if number >= 0:
                    figures.append(seen - start * 1000)
            browser.close()
    figures.sort()
    median = statistics.median(figures)
    print(f"from saving to seeing, 30 questions, median of {SAVES}: {median:,.0f} ms   budget {BUDGET} ms")
    print(f"  minimum and maximum: {figures[0]:,.0f} to {figures[-1]:,.0f} ms")
    return 0 if median <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
