"""In what language a page of a book is."""

from __future__ import annotations

from sphinx.application import Sphinx

__all__ = ["page_language"]


def page_language(app: Sphinx, page: str) -> str:
    """The language of a page that has been read: its own field ``lang``, or else that of the book."""
    return str(app.env.metadata[page].get("lang") or app.config.language or "en")
