"""How long the item analysis of a large class takes: ``python -m benchmarks.report [LEARNERS]``.

100,000 simulated learners (unless another number is given) answer the quiz of 20 questions that the other benchmarks
use. This measures ``civicquiz report`` from outcomes.parquet to the four files, in a separate process. The peak memory
is what Linux reports for that process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.__main__ import quiz_text

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

#: The most seconds and megabytes that 100,000 learners may take.
SECONDS, MEGABYTES = 10.0, 1500

_PROGRAM = """
import json, re, sys, time
start = time.perf_counter()
from civicquiz.classroom.analysis import write_report
write_report(sys.argv[1], key=[sys.argv[2]])
seconds = time.perf_counter() - start
# Not ru_maxrss, which begins with what the parent had.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(json.dumps([seconds, int(peak[1]) / 1024]))
"""


def main(learners: int) -> bool:
    """Print the figures; whether both are within budget."""
    from learners import simulate

    import civicquiz

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "measured.yml"
        path.write_text(quiz_text(), "utf-8")
        quiz = civicquiz.load(path)
        rows = simulate(quiz, learners, certainty=True)
        rows.write_parquet(folder / "outcomes.parquet")
        command = [sys.executable, "-c", _PROGRAM, str(folder), str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, megabytes = json.loads(done.stdout)
    print(f"{learners:,} learners x {len(quiz.questions)} questions = {len(rows):,} rows")
    print(f"report: {seconds:.1f} s (budget {SECONDS:g} s), {len(rows) / seconds:,.0f} rows/s")
    print(f"peak memory: {megabytes:,.0f} MB (budget {MEGABYTES:,} MB)")
    return bool(seconds <= SECONDS and megabytes <= MEGABYTES)


if __name__ == "__main__":
    raise SystemExit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000) else 1)
