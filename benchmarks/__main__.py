"""Print the budgets and this machine's figures: ``python -m benchmarks`` (or ``make bench``).

The quiz is the one that other quiz tools were measured with: 20 questions (14 single, 6 multiple choice), 83 options.
The figures for the browser need Chromium, and JupyterLab from the test environment.
"""

from __future__ import annotations

import gc
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.lab import click_to_feedback

REPO = Path(__file__).parent.parent


def quiz_text() -> str:
    """20 questions in YAML: every seventh list of options has one more, which makes 83 options."""
    lines = ["title: A quiz to measure with", "questions:"]
    for number in range(20):
        multiple = number >= 14
        lines += [
            f"  - id: question-{number}",
            f"    type: {'multiple' if multiple else 'single'}-choice",
            f"    prompt: Question {number}, about which of the statements below is right?",
            "    hint: Look at the second one.",
            "    options:",
        ]
        for option in range(5 if number % 7 == 0 else 4):
            lines.append(f"      - text: Statement {option} of question {number}, as long as an option often is")
            if option == 1 or (multiple and option == 2):
                lines.append("        correct: true")
            else:
                lines.append("        feedback: Says why this one tempts and why it is not so.")
        lines.append("    explanation: Teaches in a sentence or two why the right statement is right.")
    return "\n".join(lines) + "\n"


def compressed(name: str) -> int:
    """The compressed size of a front-end file, as servers send it, in bytes."""
    from civicquiz.frontend.static_files import static_text

    return len(gzip.compress(static_text(name).encode(), 6))


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """How long `run` takes, in ms, sorted; the first runs do not count."""
    figures = []
    for number in range(times + 3):
        gc.collect()
        start = time.perf_counter()
        run()
        if number >= 3:
            figures.append((time.perf_counter() - start) * 1000)
    return sorted(figures)


def line(what: str, figure: str, budget: str, kept: bool) -> None:
    print(f"{what:<58} {figure:>22}   budget {budget:<14} {'kept' if kept else 'BROKEN'}")


def main() -> int:
    from ipywidgets.widgets.widget import _instances

    import civicquiz

    kept = []

    def report(what: str, value: float, unit: str, budget: float, detail: str = "") -> None:
        kept.append(value <= budget)
        line(
            what, f"{value:,.{0 if unit in ('bytes', 'models') else 1}f} {unit}{detail}", f"{budget:,} {unit}", kept[-1]
        )

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quiz.yml"
        path.write_text(quiz_text(), "utf-8")
        quiz = civicquiz.load(path)
        options = quiz_text().count("- text:")
        print(f"{len(quiz.questions)} questions, {options} options; Python {sys.version.split()[0]}\n")

        figures = milliseconds(lambda: civicquiz.show(civicquiz.load(path)), 40)
        report("load, validate and build the widget, median of 40", statistics.median(figures), "ms", 20)
        loading = statistics.median(milliseconds(lambda: civicquiz.load(path), 40))
        print(f"{'  of which load and validate':<58} {loading:>19,.1f} ms")
        lesson = REPO / "quizzes" / "alien-enemies-act.yml"
        if lesson.is_file():  # only if the book is next to the package
            figures = milliseconds(lambda: civicquiz.show(civicquiz.load(lesson)), 40)
            print(f"{'  a quiz of the book, with its claims':<58} {statistics.median(figures):>19,.1f} ms")

        before = set(_instances)
        civicquiz.show(quiz)
        models = [_instances[name] for name in set(_instances) - before]
        report("widget models", len(models), "models", 2)
        state = sum(len(json.dumps(model.get_state()).encode()) for model in models)
        report("their state, as JSON", state, "bytes", 80_000)
        from civicquiz.frontend.front_end import PAGE_SCRIPTS, SCRIPTS, STYLES, front_end

        files = front_end(quiz, quiz.questions)
        plain = sum(map(compressed, (*files.scripts, *files.styles, *PAGE_SCRIPTS)))
        report("front end of a plain quiz on a page, compressed", plain, "bytes", 16_000)
        names = (*SCRIPTS, *PAGE_SCRIPTS, "notes.js", "claims_filter.js", *STYLES, "claims.css")
        report("the whole front end, compressed", sum(map(compressed, names)), "bytes", 45_000)

        browser = click_to_feedback(path, clicks=14)
        if isinstance(browser, str):
            print(f"\nNot measured: {browser}")
        else:
            report("over the wire to JupyterLab (messages of the cell)", browser.wire, "bytes", 80_000)
            report("click to feedback in JupyterLab, median of 14", statistics.median(browser.clicks), "ms", 65)
            print(f"{'  minimum and maximum':<58} {min(browser.clicks):>10,.1f} to {max(browser.clicks):,.1f} ms")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
