"""Print how fast 1,000 questions are exported: ``python -m benchmarks.exchange``.

The questions are those of ``python -m benchmarks``, 50 times. Each figure is the best of five runs in one process, in
processor time, without reading the quizzes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import line, quiz_text

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
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
