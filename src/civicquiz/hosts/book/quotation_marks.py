"""The quotation marks of texts that are not part of a page's source, as Sphinx sets those of the page itself."""

from __future__ import annotations

from docutils.utils.smartquotes import educate_tokens
from sphinx.application import Sphinx

__all__ = ["with_quotation_marks"]


def with_quotation_marks(app: Sphinx, text: str) -> str:
    """Plain text with the curly quotation marks of the language of the book, unless ``conf.py`` turns them off."""
    config = app.config
    builders, languages = (config.smartquotes_excludes.get(name, ()) for name in ("builders", "languages"))
    language = config.language or "en"
    if not config.smartquotes or app.builder.name in builders or language in languages:
        return text
    return "".join(educate_tokens([("plain", text)], "q", language))  # "q": quotation marks alone, no dashes
