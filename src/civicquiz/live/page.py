"""What civicquiz adds to the page that shows the notebooks of a live site."""

from __future__ import annotations

import shutil
from pathlib import Path

from civicquiz.errors import LiveError

__all__ = ["add_to_page"]

_STATIC = Path(__file__).with_name("static")


def add_to_page(page: Path, first_visit: int) -> None:
    """Add our script and styles to the page; ``first_visit`` is what it loads, in bytes."""
    text = page.read_text("utf-8")
    if "</head>" not in text:
        raise LiveError(f"{page.name} of JupyterLite has no head; this version of it is not supported")
    for file in sorted(_STATIC.iterdir()):
        shutil.copyfile(file, page.with_name(file.name))
    megabytes = max(1, round(first_visit / 1_000_000))
    added = (
        '<link rel="stylesheet" href="civicquiz-live.css">'
        f'<script src="civicquiz-live.js" data-megabytes="{megabytes}"></script>'
    )
    page.write_text(text.replace("</head>", f"{added}</head>", 1), "utf-8")
