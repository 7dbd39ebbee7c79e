"""Print how fast 1,000 questions are exported: ``python -m benchmarks.exchange [PYTHON]``.

The questions are those of ``python -m benchmarks``, 50 times. Each figure is the best of five runs in one process, in
processor time, without reading the quizzes. PYTHON is an interpreter that has mkdocs-quiz, which exports the same
questions in the same run, to compare.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.__main__ import line, quiz_text

if TYPE_CHECKING:
    from civicquiz.model.translations import Translation

#: The least questions per second, of every format.
BUDGET = 5_000


def main() -> int:
    import civicquiz
    from civicquiz.exchange.exports import EXPORTERS
    from civicquiz.model.translations import Translation

    with tempfile.TemporaryDirectory() as folder:
        quizzes = []
        for number in range(50):
            path = Path(folder) / f"quiz-{number}.yml"
            path.write_text(quiz_text(), "utf-8")
            quizzes.append(Translation.original(civicquiz.load(path)))
    count = sum(len(texts.quiz.questions) for texts in quizzes)
    kept = []
    for name, exporter in EXPORTERS.items():
        seconds = []
        for _ in range(5):
            start = time.process_time()
            size = len(exporter.export(quizzes).content)
            seconds.append(time.process_time() - start)
        speed = count / min(seconds)
        kept.append(speed >= BUDGET)
        line(f"export {name}, {count:,} questions, {size:,} bytes", f"{speed:,.0f} /s", f"{BUDGET:,} /s", kept[-1])
    for python in sys.argv[1:]:
        for version, best in compared(python, quizzes).items():
            line(f"mkdocs-quiz, QTI {version}, {count:,} questions", f"{count / best:,.0f} /s", "", True)
    return 0 if all(kept) else 1


def compared(python: str, quizzes: list[Translation]) -> dict[str, float]:
    """Version of QTI -> seconds that mkdocs-quiz takes for the questions."""
    asked: list[Any] = [question for texts in quizzes for question in texts.quiz.questions]
    questions = [
        {
            "prompt": one.prompt,
            "options": [
                {"text": option.text, "correct": option.correct, "feedback": option.feedback} for option in one.options
            ],
            "explanation": one.explanation,
        }
        for one in asked
    ]
    script = Path(__file__).with_name("mkdocs_quiz_export.py")
    done = subprocess.run([python, script], input=json.dumps(questions), capture_output=True, text=True, check=True)
    best: dict[str, float] = json.loads(done.stdout)
    return best


if __name__ == "__main__":
    sys.exit(main())
