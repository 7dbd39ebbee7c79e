"""Print how fast a class is graded, and in how much memory: ``python -m benchmarks.grading``.

The quiz is that of ``python -m benchmarks``: 20 questions. Each figure is a separate run on one core, from reading to
the last file of the results. The budget is for processor time, which does not include other work on the machine; the
time on the clock is in parentheses. Then come the largest class in one process and in two, on all cores, the item
analysis of it, and the time that nbgrader takes for the notebook of one learner. ``--sizes=1000,10000`` uses other
sizes than 1,000, 10,000 and 100,000.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.__main__ import quiz_text

SIZES = (1_000, 10_000, 100_000)


def submissions(quiz: Path, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """(learner, response file) of ``count`` learners, who answer by chance; the same on every run."""
    import civicquiz

    loaded = civicquiz.load(quiz)
    questions = []
    for question in loaded.questions:
        (options,) = question.interaction().option_lists()
        questions.append((question.id, question.type_name(), [option.id for option in options]))
    dice = random.Random(count)
    for number in range(count):
        responses = {
            name: dice.sample(options, dice.randint(1, 3) if kind == "multiple-choice" else 1)
            for name, kind, options in questions
        }
        content = {"schema": 1, "quiz": loaded.name, "content_hash": loaded.version, "responses": responses}
        content |= {"checked": dict.fromkeys(responses, True), "attempts": dict.fromkeys(responses, 1)}
        content |= {"marks": {}, "session": {"seed": dice.randrange(2**32)}}
        yield f"learner{number:06}", content


def write_class(folder: Path, quiz: Path, count: int) -> tuple[Path, Path]:
    """The same class as JSON Lines and as an archive with a file for each learner."""
    lines, archive = folder / f"{count}.jsonl", folder / f"{count}.zip"
    with lines.open("w") as stream, zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for number, (learner, content) in enumerate(submissions(quiz, count)):
            stream.write(json.dumps(content | {"learner": learner}) + "\n")
            packed.writestr(f"{learner}_{1000 + number}_{number}_quiz.responses.json", json.dumps(content))
    return lines, archive


def graded(quiz: Path, source: Path, out: Path, *, feedback: bool) -> tuple[float, float, float]:
    """(processor seconds, seconds on the clock, peak memory in MB) of grading ``source`` in a separate process on one
    core."""
    program = (
        "import sys, time, resource\nfrom pathlib import Path\n"
        "from contextlib import closing\nfrom civicquiz.classroom.gradebook.grading_run import GradingRun\n"
        "from civicquiz.classroom.gradebook.options import GradingOptions\n"
        "clock, started = time.perf_counter(), time.process_time()\n"
        f"paths = (Path({str(source)!r}),), (Path({str(quiz)!r}),), Path({str(out)!r})\n"
        f"options = GradingOptions(*paths, feedback={feedback})\n"
        "with closing(GradingRun(options)) as run:\n    run.run()\n    run.publish()\n    used = run.used\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(time.process_time() - started, time.perf_counter() - clock, peak, used)\n"
    )
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    seconds, clock, peak, used = done.stdout.split()
    assert int(used) == int(source.stem), f"{used} of {source.stem} graded"
    return float(seconds), float(clock), int(peak) / 1024


def in_processes(quiz: Path, source: Path, out: Path, jobs: int) -> tuple[float, float]:
    """(seconds on the clock, processor seconds of all processes) of grading ``source`` in so many processes."""
    program = (
        "import resource, time\nfrom pathlib import Path\n"
        "from contextlib import closing\nfrom civicquiz.classroom.gradebook.grading_run import GradingRun\n"
        "from civicquiz.classroom.gradebook.options import GradingOptions\n"
        "started = time.perf_counter()\n"
        f"paths = (Path({str(source)!r}),), (Path({str(quiz)!r}),), Path({str(out)!r})\n"
        f"with closing(GradingRun(GradingOptions(*paths, feedback=False, jobs={jobs}))) as run:\n"
        "    run.run()\n    run.publish()\n"
        "used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n"
        "print(time.perf_counter() - started, sum(own.ru_utime + own.ru_stime for own in used))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    seconds, cpu = map(float, done.stdout.split())
    return seconds, cpu


def reported(results: Path) -> tuple[float, float]:
    """(seconds on the clock, peak memory in MB) of the item analysis of ``results`` in a separate process."""
    program = (
        "import time, resource\nfrom civicquiz.classroom.analysis import write_report\nstarted = time.perf_counter()\n"
        f"write_report({str(results)!r})\n"
        "print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak) / 1024


def autograded(folder: Path) -> float:
    """Seconds that nbgrader takes, in process, for one notebook of ``examples/nbgrader``; the second of two, once
    everything is imported."""
    course = folder / "nbgrader"
    shutil.copytree(Path(__file__).parents[1] / "examples" / "nbgrader", course)
    program = (
        "import logging, shutil, time\nfrom nbgrader.apps import NbGraderAPI\nfrom traitlets.config import Config\n"
        "config = Config()\nconfig.CourseDirectory.root = '.'\nconfig.CourseDirectory.course_id = 'civics'\n"
        "api = NbGraderAPI(config=config)\nlogging.disable(logging.CRITICAL)\n"
        "assert api.generate_assignment('act', create=True)['success']\n"
        "for learner in ('first', 'second'):\n"
        "    shutil.copytree('release/act', f'submitted/{learner}/act')\n"
        "    started = time.perf_counter()\n    done = api.autograde('act', learner)\n"
        "    seconds = time.perf_counter() - started\n    assert done['success'], done\n"
        "print(seconds)\n"
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=course,
        env={**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(folder), "HOME": str(folder)},
    )
    return float(done.stdout.split()[-1])


def main(sizes: tuple[int, ...] = SIZES) -> int:
    kept, peaks = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        quiz = folder / "quiz.yml"
        quiz.write_text(quiz_text(), "utf-8")
        print(f"20 questions; one core; by processor time (by the clock); Python {sys.version.split()[0]}\n")
        for size in sizes:
            started = time.perf_counter()
            sources = write_class(folder, quiz, size)
            made = time.perf_counter() - started
            for source, called, feedback in (
                (sources[0], "JSON Lines", False),
                (sources[1], "one archive", False),
                (sources[0], "JSON Lines, with a page for each learner", True),
            ):
                seconds, clock, peak = graded(quiz, source, folder / f"{source.name}-{feedback}", feedback=feedback)
                what = f"{size:>9,}, {called}"
                figure = f"{size / seconds:,.0f}/s ({size / clock:,.0f}/s), {peak:,.0f} MB"
                if feedback or size < 10_000:
                    print(f"{what:<50} {figure:>30}")
                else:
                    kept.append(size / seconds >= 5000)
                    print(f"{what:<50} {figure:>30}   budget 5,000/s {'kept' if kept[-1] else 'BROKEN'}")
                if called == "JSON Lines":
                    peaks.append(peak)
            print(f"{'':>9}  (made in {made:.1f} s)")
            if size == sizes[-1]:
                clocks = []
                for jobs in (1, 2):
                    clock, cpu = in_processes(quiz, sources[0], folder / f"jobs-{jobs}", jobs)
                    clocks.append(clock)
                    print(f"{size:>9,}, --jobs {jobs}, by the clock {clock:>23,.1f} s, {cpu:,.1f} s of processor time")
                print(f"{'':>9}  (two processes were {clocks[0] / clocks[1]:.2f} times as fast as one)")
                seconds, peak = reported(folder / f"{sources[0].name}-False")
                print(f"{size:>9,}, item analysis of them {seconds:>21,.1f} s, {peak:,.0f} MB")
        seconds = autograded(folder)
        print(f"{1:>9,}, nbgrader's autograde of a notebook, in process {1 / seconds:>6.1f}/s")
    grown = peaks[-1] / peaks[0]
    print(f"\n{sizes[-1] // sizes[0]} times as large a class took {grown:.1f} times the memory.")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"(This process, which made the classes: {own:,.0f} MB.)")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    given = [argument.partition("=")[2] for argument in sys.argv[1:] if argument.startswith("--sizes=")]
    sys.exit(main(tuple(map(int, given[0].split(","))) if given else SIZES))
