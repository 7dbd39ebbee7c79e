"""How fast mkdocs-quiz exports the same questions, for ``python -m benchmarks.exchange``. It is run by an interpreter
that has mkdocs-quiz, and reads questions as JSON: [{"prompt", "options": [{"text", "correct", "feedback"}],
"explanation"}].

Prints JSON: version of QTI -> the best of five runs, in seconds of processor time.
"""

from __future__ import annotations

import json
import sys
import time

from mkdocs_quiz.qti import (  # type: ignore[import-not-found, unused-ignore]
    Answer,
    QTIExporter,
    QTIVersion,
    Quiz,
    QuizCollection,
)


def main() -> None:
    questions = [
        Quiz(
            question=asked["prompt"],
            answers=[Answer(one["text"], one["correct"], feedback=one["feedback"]) for one in asked["options"]],
            content=asked["explanation"],
        )
        for asked in json.load(sys.stdin)
    ]
    best = {}
    for version in QTIVersion:
        seconds = []
        for _ in range(5):
            collection = QuizCollection("A quiz to measure with")
            for question in questions:
                collection.add_quiz(question)
            start = time.process_time()
            QTIExporter.create(collection, version).export_to_bytes()
            seconds.append(time.process_time() - start)
        best[version.value] = min(seconds)
    print(json.dumps(best))


if __name__ == "__main__":
    main()
