"""The menus and buttons of a page in its own language: with ``lang: es`` at its top, they are in Spanish.

Sphinx builds a book in one language, and its themes ask the catalogs of that language on every page. The titles of
pages in the menu, which are in the language of the book, are marked as such for screen readers. What the templates get
from the configuration of the book, such as its footer, has its translations there: `in_language` in `html_context`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from docutils import nodes
from sphinx import locale
from sphinx.application import Sphinx

#: catalog -> the packages and folders that have it, the first with a text counts; the names are those of Sphinx and the
#: themes
_FOLDERS = {
    "sphinx": [("pydata_sphinx_theme", "locale"), ("sphinx", "locale")],
    "booktheme": [("sphinx_book_theme", "theme/sphinx_book_theme/static/locales")],
}


def language_of(app: Sphinx, page: str) -> str:
    """The language of a page: its own field ``lang``, or that of the book."""
    return str(app.env.metadata[page].get("lang") or app.config.language or "en")


def _catalogs(language: str) -> dict[str, Any]:
    """The catalogs of ``language``, read once; Sphinx keeps them under a name."""
    namespace = f"page-{language}"
    for catalog, folders in _FOLDERS.items():
        if (namespace, catalog) not in locale.translators:
            paths = [str(files(package).joinpath(folder)) for package, folder in folders]
            locale.init(paths, language, catalog, namespace)
    return {catalog: locale.translators[namespace, catalog] for catalog in _FOLDERS}


def speak(app: Sphinx, page: str, _: str, context: dict[str, Any], __: nodes.document | None) -> None:
    """Let the templates and the theme write this page in its language. Every page sets it, so none sets it back."""
    language = language_of(app, page)
    catalogs = _catalogs(language)
    locale.translators["general", "booktheme"] = catalogs["booktheme"]
    app.builder.templates.environment.install_gettext_translations(catalogs["sphinx"])
    context["language"] = language


def translate(app: Sphinx, page: str, _: str, context: dict[str, Any], __: nodes.document | None) -> None:
    """What else a page in another language needs: the translations of the configuration, the name of its search field,
    and word that the titles in its menu are in the language of the book.
    """
    write: Callable[..., Any] | None = context.get("generate_toctree_html")
    own = app.config.language or "en"
    language = language_of(app, page)
    context |= context.get("in_language", {}).get(language, {})
    if write is not None and language != own:
        context["theme_search_bar_text"] = f"{_catalogs(language)['sphinx'].gettext('Search')}..."
        context["generate_toctree_html"] = lambda *args, **options: f'<div lang="{own}">{write(*args, **options)}</div>'


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx: before the theme writes anything of a page, and after it has said how to write the menu."""
    app.connect("html-page-context", speak, priority=1)
    app.connect("html-page-context", translate, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
