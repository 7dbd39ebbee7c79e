"""Links of Markdown pages with the address that the author wrote, also if it has an ampersand or a question mark in it.

MyST-Parser 3 and 4 escape ampersands in addresses, and docutils escapes them once more, so that a browser asks for
another address (github.com/executablebooks/MyST-Parser/issues/760). Jupyter Book 1 needs MyST-Parser 3. Delete
`mend_links` once the book is built with a version that leaves addresses alone; until then it does no harm there.

A link to another page of the book may end in a query: ``lesson.md?lang=es#the-full-quiz`` leads to quizzes in Spanish.
MyST-Parser by itself looks for a file of that whole name.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode


def mend_links(_: Sphinx, doctree: nodes.document) -> None:
    """Undo the first of the two escapes."""
    for reference in doctree.findall(nodes.reference):
        if "&amp;" in reference.get("refuri", ""):
            reference["refuri"] = unescape(reference["refuri"])


class LinksWithQuery(SphinxPostTransform):
    """Resolve links with a query. MyST-Parser gets, and warns of, those whose page or section is missing."""

    default_priority = 8  # MyST-Parser resolves links at 9.

    def run(self, **_: Any) -> None:
        for link in list(self.document.findall(addnodes.pending_xref)):
            parts = link["reftype"] == "myst" and re.fullmatch(r"([^?#]+)\?([^#]+)(?:#(.+))?", link["reftarget"])
            if not parts:
                continue
            path, query, section = parts.groups()
            page = self.env.path2doc(self.env.relfn2path(path, link["refdoc"])[1])
            if page not in self.env.all_docs:
                continue
            anchors = self.env.metadata[page].get("myst_slugs", {})
            if section and section not in anchors:
                continue
            resolved = make_refnode(self.app.builder, link["refdoc"], page, "", link.children)
            resolved["refuri"] += f"?{query}" + (f"#{anchors[section][1]}" if section else "")
            link.replace_self(resolved)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", mend_links)
    app.add_post_transform(LinksWithQuery)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
