"""Measures the time between a click and its feedback in a real JupyterLab."""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

#: In the page: click, and note when the feedback is in the document and the browser has painted.
_CLICK = """form => new Promise(done => {
    const watcher = new MutationObserver(() => {
        if (!form.querySelector(".cq-status strong")) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    });
    watcher.observe(form, {childList: true, subtree: true});
    form.querySelector("input").click(); // its saving is part of what comes first
    const start = performance.now();
    form.querySelector(".cq-main").click();
})"""


@dataclass
class Measured:
    """``clicks`` in ms; ``wire`` in bytes: all messages of the kernel from running the cell to the drawn quiz, except
    those on the control channel, on which JupyterLab's debugger asks for its state now and then.
    """

    wire: int = 0
    clicks: list[float] = field(default_factory=list)


def _control(frame: str | bytes) -> bool:
    """Whether a frame belongs to the control channel.

    In the protocol v1.kernel.websocket.jupyter.org, a frame starts with the number of its offsets and the offsets, each
    of 8 bytes, low byte first; the first part is the name of the channel.
    """
    if isinstance(frame, str):
        return False
    start, end = struct.unpack("<2Q", frame[8:24])
    return frame[start:end] == b"control"


def click_to_feedback(quiz: Path, clicks: int) -> Measured | str:
    """Open ``quiz`` in JupyterLab and check its first ``clicks`` questions. Returns the reason if that is impossible
    here."""
    try:
        from playwright.sync_api import sync_playwright
        from running_hosts import CHROMIUM_FLAGS, find_chromium, running_lab
    except ImportError as error:
        return f"{error.name} is not installed"
    chromium = find_chromium()
    if chromium is None:
        return "there is no Chromium"
    measured = Measured()
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as home:
        shutil.copy(quiz, Path(root) / "quiz.yml")
        with running_lab(Path(root), Path(home)) as lab, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            page = browser.new_page()
            sizes: list[int] = []
            page.on(
                "websocket",
                lambda socket: socket.on(
                    "framereceived", lambda frame: sizes.append(len(frame) * (not _control(frame)))
                ),
            )
            lab.open(page, lab.write("notebook.ipynb", "import civicquiz\ncivicquiz.show('quiz.yml')"))
            sizes.clear()
            lab.run_all(page)
            page.locator(".civicquiz").wait_for()
            page.wait_for_timeout(1000)
            measured.wire = sum(sizes)
            for number in range(clicks):
                form = page.locator(".cq-question").nth(number)
                measured.clicks.append(form.evaluate(_CLICK))
            browser.close()
    return measured
