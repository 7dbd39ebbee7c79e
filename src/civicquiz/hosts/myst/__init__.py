"""The host on sites of MyST and Jupyter Book 2, which are built without Python.

Their program, ``mystmd``, loads a plugin, which ``civicquiz new --myst`` writes. For each page, the plugin asks the
command ``civicquiz myst-nodes`` once for all quizzes and citations, and gets nodes of MyST's own tree. A quiz is an
``anywidget``, which a theme draws with the front end of a page of a book, and the questions as text, for readers
without JavaScript and for PDF. A citation is a footnote.
"""

from civicquiz.hosts.myst.myst_page import answer_json
from civicquiz.hosts.myst.myst_site import notes

__all__ = ["answer_json", "notes"]
