"""The documentation of the package, as a site of its own: ``make docs``."""

from __future__ import annotations

import sys
from pathlib import Path

import civicquiz

# What makes the pages of the theme light; the book of this repository uses it, too.
sys.path.append(str(Path(__file__).parent.parent / "_ext"))

project = "civicquiz"
author = "The civicquiz authors"
version = release = civicquiz.__version__
extensions = [
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "civicquiz",
    "light_book",
]
exclude_patterns = [".*", "images"]

html_theme = "sphinx_book_theme"
html_title = "civicquiz"
html_favicon = "../_static/favicon.svg"
html_static_path = ["../_static"]
html_css_files = ["book.css"]
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "home_page_in_toc": True,
    "use_download_button": False,
    "show_navbar_depth": 1,
    # The sidebar has the search already; the theme's second bar would be empty but for another one.
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
}

# A link may name a section of another page: file.md#the-full-quiz.
myst_heading_anchors = 2
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_ipywidgets_js: dict[str, str] = {}

# The page of the Python API: its names as one imports them, and no links to what is internal.
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
autodoc_typehints_format = "short"
napoleon_attr_annotations = False
napoleon_use_ivar = True
nitpick_ignore_regex = [("py:.*", "(?!civicquiz[.]).*"), ("py:.*", "civicquiz[.].*[.].*")]
