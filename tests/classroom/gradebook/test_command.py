"""``civicquiz grade`` on a terminal, and without the packages that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from class_files import HALF, LAW, RIGHT, response_file, write_keys
from material import write

COMMAND = [str(Path(sys.executable).parent / "civicquiz"), "grade", "in", "--key", "quizzes", "--out", "results"]


def on_a_terminal(folder: Path, typed: bytes = b"") -> tuple[int, str]:
    """(exit code, everything that the terminal shows) of the command."""
    ours, theirs = pytest.importorskip("pty", reason="needs a pseudo-terminal").openpty()
    process = subprocess.Popen(COMMAND, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    os.write(ours, typed)
    shown = b""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            part = os.read(ours, 10_000)
        except OSError:  # it has ended
            break
        shown += part
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "code", "score"), [(b"n\n", 1, ",4,4,"), (b"y\n", 0, ",3,4,")])
def test_a_person_is_asked_before_scores_change(tmp_path: Path, typed: bytes, code: int, score: str) -> None:
    keys = write_keys(tmp_path)
    write(tmp_path / "in/anna/law.json", response_file(keys["law"], RIGHT))
    assert on_a_terminal(tmp_path)[0] == 0
    other = LAW.replace('{text: "1798", correct: true}', '"1798"').replace(
        '{text: "1812",', '{text: "1812", correct: true,'
    )
    write(tmp_path / "quizzes/law.yml", other)
    done, shown = on_a_terminal(tmp_path, typed)
    assert "anna, law: 4 -> 3 (-1)" in shown
    assert "Write the new results? [y/N]:" in shown
    assert done == code
    assert score in (tmp_path / "results/gradebook.csv").read_text("utf-8")


@pytest.mark.slow
def test_a_long_run_shows_a_bar_on_a_terminal_and_nothing_elsewhere(tmp_path: Path) -> None:
    keys = write_keys(tmp_path)
    lines = (response_file(keys["law"], HALF, learner=f"learner {number}") for number in range(3000))
    write(tmp_path / "in/class.jsonl", "\n".join(lines))
    done, shown = on_a_terminal(tmp_path)
    assert done == 0
    assert "Grading" in shown
    assert "%" in shown
    assert "3,000 submissions graded" in shown
    elsewhere = subprocess.run(COMMAND, cwd=tmp_path, capture_output=True, text=True)
    assert elsewhere.stdout == "3,000 submissions graded; the results are in results/.\n"
    assert elsewhere.stderr == ""


@pytest.mark.parametrize("package", ["polars"])
def test_missing_packages_are_named(tmp_path: Path, package: str) -> None:
    keys = write_keys(tmp_path)
    write(tmp_path / "in/anna/law.json", response_file(keys["law"], RIGHT))
    program = f"import sys; sys.modules[{package!r}] = None\nfrom civicquiz.cli import main\nmain({COMMAND[1:]!r})\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: Grading a class needs packages that are not installed. Run: pip install 'civicquiz[grading]'\n"
    )
    assert not (tmp_path / "results").exists()
