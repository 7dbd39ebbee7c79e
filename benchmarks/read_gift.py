"""How fast questions in GIFT are imported: ``python -m benchmarks.read_gift [QUESTIONS]``.

2,000 questions (unless another number is given) of five types are read, and then imported as a whole: read, checked by
the rules of quizzes, and written as YAML. The figures are for the time of one core.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports.gift import READER

#: The fewest questions in a second.
QUESTIONS_PER_SECOND = 2_000

_TYPES = (
    "::Q{0}:: Which branch passes law number {0}?{{=Congress#See Article I. ~The president#No. ~The courts ~A state}}",
    "How many senators does state number {0} have?{{#2:0 ####Each state has two.}}",
    "[html]<p>Match the <b>branches</b>, {0}.</p>{{=Congress -> laws =President -> execution =Courts -> rulings}}",
    "Law number {0} is constitutional.{{T#Nobody has struck it down.#Yes.}}",
    "Who was president number {0}?{{=Washington =%50%Adams}}",
)


def main(questions: int) -> bool:
    """Print the figures; whether both are within budget."""
    text = "\n\n".join(_TYPES[number % len(_TYPES)].format(number) for number in range(questions))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bank.gift"
        path.write_text(text, "utf-8")
        start = time.process_time()
        READER.read(GivenFile(path, text.encode()))
        read = questions / (time.process_time() - start)
        start = time.process_time()
        report = import_files([path], Path(name) / "quizzes")
        whole = questions / (time.process_time() - start)
    assert {question.verdict for question in report.questions} == {"read"}
    print(f"{questions:,} questions in GIFT (budget {QUESTIONS_PER_SECOND:,} questions/s)")
    print(f"read: {read:,.0f} questions/s")
    print(f"import: {whole:,.0f} questions/s")
    return min(read, whole) >= QUESTIONS_PER_SECOND


if __name__ == "__main__":
    raise SystemExit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000) else 1)
