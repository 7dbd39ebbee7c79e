"""How long the item analysis of a large class takes: ``python -m benchmarks.report [LEARNERS] [--before COMMIT]``.

100,000 simulated learners (unless another number is given) answer the quiz of 20 questions that the other benchmarks
use. This measures ``civicquiz report`` from outcomes.parquet to the four files, in a separate process. The peak memory
is what Linux reports for that process. With ``--before``, a version of the package from the history of this repository
does the same first, so that the two are measured on the same machine at the same time.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.__main__ import REPO, quiz_text
from civicquiz.classroom.outcomes_file import ROWS_IN_GROUP

sys.path.insert(0, str(REPO / "tests"))

#: The most seconds and megabytes that 100,000 learners may take.
SECONDS, MEGABYTES = 10.0, 400

_PROGRAM = """
import json, re, sys, time
start, cpu = time.perf_counter(), time.process_time()
from civicquiz.classroom.analysis import write_report
write_report(sys.argv[1], key=[sys.argv[2]])
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
# Not ru_maxrss, which begins with what the parent had.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(json.dumps([seconds, cpu, int(peak[1]) / 1024]))
"""


def measured(folder: Path, quiz: Path, source: Path) -> tuple[float, float, float]:
    """(seconds by the clock, processor seconds, peak megabytes) of a report by the package in ``source``."""
    command = [sys.executable, "-c", _PROGRAM, str(folder), str(quiz)]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    seconds, cpu, megabytes = json.loads(done.stdout)
    return seconds, cpu, megabytes


def main(learners: int, before: str = "") -> bool:
    """Print the figures; whether both are within budget."""
    from learners import simulate

    import civicquiz

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "measured.yml"
        path.write_text(quiz_text(), "utf-8")
        quiz = civicquiz.load(path)
        rows = simulate(quiz, learners, certainty=True)
        count = len(rows)
        rows.write_parquet(folder / "outcomes.parquet", row_group_size=ROWS_IN_GROUP)
        print(f"{learners:,} learners x {len(quiz.questions)} questions = {count:,} rows")
        past = 0.0
        if before:
            packed = subprocess.run(["git", "archive", before, "src"], cwd=REPO, check=True, capture_output=True)
            with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
                archive.extractall(folder / "before", filter="data")
            past, cpu, megabytes = measured(folder, path, folder / "before" / "src")
            print(f"before ({before}): {past:.1f} s, {cpu:.1f} s of processor time, {megabytes:,.0f} MB")
        seconds, cpu, megabytes = measured(folder, path, REPO / "src")
    print(
        f"report: {seconds:.1f} s (budget {SECONDS:g} s), {cpu:.1f} s of processor time, {count / seconds:,.0f} rows/s"
    )
    print(f"peak memory: {megabytes:,.0f} MB (budget {MEGABYTES:,} MB)")
    if before:
        print(f"{past / seconds:.1f} times as fast as before")
    return bool(seconds <= SECONDS and megabytes <= MEGABYTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("learners", nargs="?", type=int, default=100_000)
    parser.add_argument("--before", default="", metavar="COMMIT")
    given = parser.parse_args()
    raise SystemExit(0 if main(given.learners, given.before) else 1)
