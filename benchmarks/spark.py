"""Print what it takes to grade a large test on one core, on all cores, and on Spark: ``python -m benchmarks.spark``.

The quiz has 20 questions. 1,000,000 submissions (unless another number is given) are graded by ``civicquiz grade`` on
one core, with ``--jobs`` and as many processes as there are cores, and with ``--engine spark`` on a real standalone
cluster on this machine, of one master and as many workers. All of them write the same rows and tables, which is
checked. Then come the item analyses, here and on Spark. Processor time and memory are those of all processes that take
part; the memory is the highest sum, and memory that processes share is counted for each of them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.__main__ import REPO, quiz_text
from benchmarks.grading import submissions

sys.path.insert(0, str(REPO / "tests"))

#: How many submissions are different; the others are the same answers of other learners.
DISTINCT = 50_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """Seconds on the clock, processor seconds, and megabytes of all processes that took part."""

    seconds: float
    processor: float
    megabytes: float


class Watch(threading.Thread):
    """Looks at processes, and at all that they start, several times in a second."""

    def __init__(self, processes: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self._roots, self._ended = list(processes), threading.Event()
        self._used: dict[int, float] = {}
        self._before = {process: _processor_seconds(process) for process in _tree(self._roots)}
        self.megabytes = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.3):
            now = _tree(self._roots)
            self._used |= {process: _processor_seconds(process) for process in now}
            self.megabytes = max(self.megabytes, sum(map(_megabytes, now)))

    def end(self) -> float:
        """The processor seconds that were used."""
        self._ended.set()
        self.join()
        return sum(used - self._before.get(process, 0.0) for process, used in self._used.items())


def _read(process: int, name: str) -> str:
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except OSError:  # it has just ended
        return ""


def _tree(roots: Sequence[int]) -> list[int]:
    found, left = [], list(roots)
    while left:
        process = left.pop()
        found.append(process)
        for thread in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                left += map(int, thread.read_text().split())
            except OSError:
                continue
    return found


def _processor_seconds(process: int) -> float:
    fields = _read(process, "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / _TICKS if fields else 0.0


def _megabytes(process: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", _read(process, "status"))
    return int(found[1]) / 1024 if found else 0.0


def measured(arguments: Sequence[str], also: Sequence[int] = (), core: int | None = None) -> Figures:
    """The figures of a command of civicquiz, with those of the processes ``also``; on one ``core`` if that is given."""
    program = "from civicquiz.cli import main; main()"
    started = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPO / "src"), "SPARK_LOCAL_IP": "127.0.0.1"},
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )
    watch = Watch([running.pid, *also])
    watch.start()
    _, errors = running.communicate()
    seconds = time.perf_counter() - started
    figures = Figures(seconds, watch.end(), watch.megabytes)
    if running.returncode:
        raise SystemExit(errors)
    return figures


def write_class(folder: Path, quiz: Path, count: int) -> Path:
    """A folder of eight JSON Lines files with ``count`` submissions."""
    lines = [json.dumps(content | {"learner": "@@"}) for _, content in submissions(quiz, min(count, DISTINCT))]
    handed_in = folder / "class"
    handed_in.mkdir()
    for part in range(8):
        with (handed_in / f"part-{part}.jsonl").open("w", encoding="utf-8") as stream:
            for number in range(part * count // 8, (part + 1) * count // 8):
                stream.write(lines[number % len(lines)].replace('"@@"', f'"learner{number:08}"') + "\n")
    return handed_in


def digest(results: Path) -> tuple[object, ...]:
    """What is equal for equal results: of the rows their number and sums of their hashes, and the gradebook."""
    path = results / "outcomes.parquet"
    rows = pl.scan_parquet(path if path.is_file() else sorted(path.glob("*.parquet")))
    value = pl.struct(pl.exclude("objectives"), pl.col("objectives").list.join(" ")).hash(7)
    sums = rows.select(pl.len().alias("rows"), value.sum().alias("sum"), (value % 1_000_003).sum().alias("rest"))
    return (*sums.collect(engine="streaming").row(0), (results / "gradebook.csv").read_bytes())


def main(count: int) -> bool:
    """Print the figures; whether all results were the same."""
    from running_spark import running_cluster

    cores = sorted(os.sched_getaffinity(0))
    digests = []

    def show(what: str, figures: Figures) -> None:
        rate = f"{count / figures.seconds:,.0f}/s" if what.startswith("grade") else ""
        own = f"{figures.processor:,.0f} s of processor time, {figures.megabytes:,.0f} MB"
        print(f"{what:<44} {figures.seconds:>8,.0f} s {rate:>10}   {own}", flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quiz = folder / "quiz.yml"
        quiz.write_text(quiz_text(), "utf-8")
        handed_in = write_class(folder, quiz, count)
        size = sum(file.stat().st_size for file in handed_in.iterdir()) / 1e6
        print(f"{count:,} submissions of 20 questions, {size:,.0f} MB; {len(cores)} cores", flush=True)
        print(f"(load of the machine before: {os.getloadavg()[0]:.1f})\n", flush=True)

        def grade(what: str, out: str, *more: str, also: Sequence[int] = (), core: int | None = None) -> Figures:
            asked = ["grade", str(handed_in), f"--key={quiz}", f"--out={folder / out}", *more]
            figures = measured(asked, also, core)
            show(what, figures)
            digests.append(digest(folder / out))
            return figures

        one = grade("grade, one core", "one", "--no-feedback", core=cores[0])
        all_of_them = grade(f"grade, --jobs {len(cores)}", "jobs", "--no-feedback", f"--jobs={len(cores)}")
        started = time.perf_counter()
        with running_cluster(folder, len(cores)) as cluster:
            print(f"{'(the cluster was up after':<44} {time.perf_counter() - started:>8,.0f} s)", flush=True)
            spark = ("--engine=spark", f"--master={cluster.master}")
            few = folder / "few.jsonl"
            with (handed_in / "part-0.jsonl").open(encoding="utf-8") as stream:
                few.write_text("".join(line for line, _ in zip(stream, range(10), strict=False)), "utf-8")
            asked = ["grade", str(few), f"--key={quiz}", f"--out={folder / 'few'}", *spark]
            start_up = measured(asked, cluster.processes)
            show("(10 submissions on Spark: its start", start_up)
            on_spark = grade(f"grade, Spark, {len(cores)} workers", "spark", *spark, also=cluster.processes)
            key = f"--key={quiz}"
            there = measured(
                ["report", str(folder / "spark"), key, f"--out={folder / 'there'}", *spark], cluster.processes
            )
        here = measured(["report", str(folder / "one"), key, f"--out={folder / 'here'}"])
        show("report, here", here)
        show("report, Spark", there)
        reports = [{path.name: path.read_bytes() for path in (folder / out).iterdir()} for out in ("here", "there")]
    same = all(found == digests[0] for found in digests) and reports[0] == reports[1]
    print(f"\nThe rows, gradebooks and reports are {'the same' if same else 'DIFFERENT'}.")
    print(
        f"By the clock, {one.seconds / all_of_them.seconds:.2f} times as fast with --jobs as on one core, and", end=" "
    )
    print(f"{one.seconds / on_spark.seconds:.2f} times with Spark.")
    print(f"By processor time, --jobs adds {all_of_them.processor / one.processor - 1:.0%}, and", end=" ")
    print(f"Spark {on_spark.processor / one.processor - 1:.0%}.")
    return same


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("submissions", nargs="?", type=int, default=1_000_000)
    raise SystemExit(0 if main(parser.parse_args().submissions) else 1)
