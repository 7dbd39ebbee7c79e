"""Links of Markdown pages with the address that the author wrote, also if it has an ampersand in it.

MyST-Parser 3 and 4 escape ampersands in addresses, and docutils escapes them once more, so that a browser asks for
another address (github.com/executablebooks/MyST-Parser/issues/760). Jupyter Book 1 needs MyST-Parser 3. Delete this
file once the book is built with a version that leaves addresses alone; until then it does no harm there.
"""

from __future__ import annotations

from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def mend_links(_: Sphinx, doctree: nodes.document) -> None:
    """Undo the first of the two escapes."""
    for reference in doctree.findall(nodes.reference):
        if "&amp;" in reference.get("refuri", ""):
            reference["refuri"] = unescape(reference["refuri"])


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", mend_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
