"""The button "Open live" on the pages of a book that are notebooks of a live site (``civicquiz live``).

The setting ``civicquiz_live`` says where that site is, from the folder of the book's sources. It becomes part of the
book, in the folder ``live/``. If there is no site at that place, the book is built without buttons.
"""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.osutil import relative_uri

from civicquiz.frontend.words import locale, strings
from civicquiz.hosts.book.page_language import page_language
from civicquiz.hosts.live_mark import LIVE_MARK

__all__ = ["LIVE_STYLE", "add_button", "copy_live_site", "has_button", "read_live_site"]

LIVE_STYLE = "live_link.css"
#: The folder of a live site in a book.
_PLACE = "live"


def read_live_site(app: Sphinx, config: Config) -> None:
    """Note what the live site says about itself; all pages are written again when that has changed."""
    mark = Path(app.srcdir) / config.civicquiz_live / LIVE_MARK
    if config.civicquiz_live and mark.is_file():
        config.civicquiz_live_site = json.loads(mark.read_text("utf-8"))


def has_button(app: Sphinx, page: str) -> bool:
    """Whether the live site has this page as a notebook."""
    return f"{page}.ipynb" in app.config.civicquiz_live_site.get("notebooks", ())


def copy_live_site(app: Sphinx, error: Exception | None) -> None:
    """Make the live site part of the book."""
    if error is None and app.builder.format == "html" and app.config.civicquiz_live_site:
        target = Path(app.outdir) / _PLACE
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(app.srcdir) / app.config.civicquiz_live, target)


def add_button(app: Sphinx, page: str, _: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Write the button below the title of a page that the live site has as a notebook."""
    body = context.get("body")
    if doctree is None or not body or not has_button(app, page):
        return
    language = page_language(app, page)
    words = strings(language)
    here = app.builder.get_target_uri(page)
    address = f"{relative_uri(here, f'{_PLACE}/notebooks/index.html')}?path={quote(page)}.ipynb"
    megabytes = max(1, round(app.config.civicquiz_live_site["first_visit"] / 1_000_000))
    button = (
        f'<p class="civicquiz-open-live" lang="{escape(locale(language))}">'
        f'<a href="{escape(address)}">{escape(words["open_live"])}</a> '
        f"<span>{escape(words['open_live_size'].format(megabytes=megabytes))}</span></p>"
    )
    context["body"] = body.replace("</h1>", f"</h1>{button}", 1)
