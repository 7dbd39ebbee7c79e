"""Print what Lighthouse says about each page of the book on a phone: ``python -m benchmarks.book [FOLDER] [PAGE...]``.

The book is built as ``make book`` builds it, unless FOLDER is a built book, and sent as GitHub Pages sends it. The
scores are Lighthouse's own with its settings for a phone: from what it sees here, it estimates how long a page takes on
a slow connection and a slow processor. Other work on the machine makes that longer. So this gets a higher priority than
other work if the system allows it (on Linux, as root), and a page that is too slow is loaded twice more and the median
counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

REPO = Path(__file__).parent.parent
LIGHTHOUSE = REPO / "benchmarks" / "node_modules" / ".bin" / "lighthouse"
#: The lowest score, out of 100, in each category; and the most kilobytes of a first visit, compressed.
BUDGET = {"performance": 90, "accessibility": 100, "best-practices": 100}
KILOBYTES = 300


@dataclass(frozen=True)
class Visit:
    """A first visit: ``scores`` out of 100 by category, ``kilobytes`` on the wire, the titles of ``failed`` audits."""

    scores: dict[str, int]
    kilobytes: float
    failed: tuple[str, ...]

    @property
    def kept(self) -> bool:
        return self.kilobytes <= KILOBYTES and all(self.scores[name] >= least for name, least in BUDGET.items())


def visit(address: str, chromium: str, flags: list[str]) -> Visit:
    """Let Lighthouse load the page at ``address`` in a new Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--only-categories={','.join(BUDGET)}", "--form-factor=mobile", "--throttling-method=simulate"]
        command += ["--no-enable-error-reporting", f"--chrome-flags={' '.join(['--headless=new', *flags])}"]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium}, timeout=300)
        report: dict[str, Any] = json.loads(out.read_text("utf-8"))
    if problem := report.get("runtimeError"):
        raise RuntimeError(f"Lighthouse could not load {address}: {problem['message']}")
    audits = report["audits"]
    weighed = {
        part["id"]
        for name in ("accessibility", "best-practices")
        for part in report["categories"][name]["auditRefs"]
        if part["weight"]
    }
    return Visit(
        {name: round(report["categories"][name]["score"] * 100) for name in BUDGET},
        audits["total-byte-weight"]["numericValue"] / 1000,
        tuple(audits[name]["title"] for name in sorted(weighed) if audits[name]["score"] not in (1, None)),
    )


def median_visit(address: str, chromium: str, flags: list[str]) -> Visit:
    """One visit if it is fast enough, otherwise the one of three whose performance is in the middle."""
    visits = [visit(address, chromium, flags)]
    if visits[0].scores["performance"] < BUDGET["performance"]:
        visits += [visit(address, chromium, flags) for _ in range(2)]
    return sorted(visits, key=lambda made: made.scores["performance"])[len(visits) // 2]


def pages_of(book: Path) -> Iterator[str]:
    """The pages of a built book, except for the first address, which only redirects to the front page."""
    for path in sorted(book.rglob("*.html")):
        if "_static" not in path.parts and path != book / "index.html":
            yield path.relative_to(book).as_posix()


def build(folder: Path) -> Path:
    """The book, built below ``folder`` as ``make book`` builds it."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "-W", "-n", "--keep-going"]
    done = subprocess.run([*command, "--path-output", str(folder), str(REPO)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the book cannot be built:\n{done.stderr[-4000:]}")
    return folder / "_build" / "html"


def run_before_other_work() -> bool:
    """Give this process and those that it starts a higher priority; whether the system allows that."""
    with contextlib.suppress(AttributeError, PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        return True
    return False


def main(folder: str = "", *names: str) -> int:
    from running_hosts import CHROMIUM_FLAGS, PagesHandler, find_chromium, serving

    chromium = find_chromium()
    if chromium is None or not LIGHTHOUSE.exists():
        print(f"Not measured: there is no {'Chromium' if LIGHTHOUSE.exists() else 'Lighthouse: run make bench'}")
        return 1
    with tempfile.TemporaryDirectory() as place:
        book = Path(folder) if folder else build(Path(place))
        least = ", ".join(f"{name} {score}" for name, score in BUDGET.items())
        print(f"A first visit on a phone; budget: {least}, {KILOBYTES} kB compressed")
        print("Run before other work on this machine.\n" if run_before_other_work() else "")
        print(f"{'':<38}{'perf.':>6}{'access.':>9}{'practices':>11}{'kB':>7}")
        started, visits = time.monotonic(), []
        with serving(book, PagesHandler) as address:
            for name in names or tuple(pages_of(book)):
                made = median_visit(f"{address}/{name}", chromium, CHROMIUM_FLAGS)
                visits.append(made)
                scores = made.scores.values()
                figures = "".join(f"{score:>{width}}" for score, width in zip(scores, (6, 9, 11), strict=True))
                verdict = "kept" if made.kept else "BROKEN"
                failed = "; ".join(made.failed)
                print(f"{name:<38}{figures}{made.kilobytes:>7.0f}   {verdict}  {failed}".rstrip(), flush=True)
    performances = [made.scores["performance"] for made in visits]
    print(f"\n{len(visits)} pages in {time.monotonic() - started:.0f} s; performance at the median", end=" ")
    print(f"{statistics.median(performances):.0f}, the least {min(performances)}")
    return 0 if all(made.kept for made in visits) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
