"""The book host: a plain Sphinx extension, with or without Jupyter Book.

``{quiz}`` and the quiz cells of a notebook put a quiz on a page, ``{claim}`` cites claims inline, ``{claims}`` lists
claims with their sources and links back. ``{quiz-progress}`` lists the quizzes of the book, and how far its reader is;
``{quiz-review}`` asks their questions again. A quiz is built of docutils nodes that any builder can write (no
JavaScript, PDF, text); in HTML ``static/page.js`` puts the interactive quiz in their place. Sphinx's own ``{term}``
opens its meaning in place.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from zlib import crc32

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from civicquiz.frontend.front_end import BLOCK_STYLE, FORMULA_STYLE, PAGE_SCRIPTS, SCRIPTS, STYLES
from civicquiz.frontend.static_files import static_text
from civicquiz.hosts.book.claim_list import (
    ClaimRef,
    ClaimRole,
    ClaimsDirective,
    ClaimsFilter,
    ClaimsFilterDirective,
    ClaimsList,
    add_control,
    fill_lists,
    lists,
    merge,
    note_language,
    purge,
    skip_claims_filter,
    visit_claim_ref,
    visit_claims_filter,
)
from civicquiz.hosts.book.live_link import LIVE_STYLE, add_button, copy_live_site, has_button, read_live_site
from civicquiz.hosts.book.outdated import (
    find_outdated,
    has_translations,
    merge_quizzes,
    purge_quizzes,
    warn_of_same_names,
)
from civicquiz.hosts.book.quiz_directive import (
    AnswerNode,
    AuthorText,
    QuizDirective,
    QuizNode,
    SummaryNode,
    close_div,
    drop_summaries,
    keep_first_anchors,
    replace_cells,
    tags,
    visit_author_text,
    visit_quiz,
)
from civicquiz.hosts.book.quiz_list import (
    BookQuizzes,
    ProgressDirective,
    ReviewDirective,
    front_ends,
    is_review,
    list_quizzes,
    merge_shown,
    overviews,
    purge_shown,
    visit_book_quizzes,
)
from civicquiz.hosts.book.terms import TermNote, mark_terms, visit_term_note
from civicquiz.hosts.placeholder import BOOK_VARIABLE

__all__ = ["setup"]

#: Says when a question is due again: ts-fsrs, as it is published, with its license.
SCHEDULER = "ts-fsrs-5.4.2/index.umd.js"
SCHEDULER_LICENSE = "ts-fsrs-5.4.2/LICENSE"

_ASSETS = (
    *SCRIPTS,
    *PAGE_SCRIPTS,
    "notes.js",
    "marks.js",
    "claims_filter.js",
    "progress.js",
    SCHEDULER,
    "review.js",
    *STYLES,
    FORMULA_STYLE,
    BLOCK_STYLE,
    "claims.css",
    "progress.css",
    LIVE_STYLE,
    SCHEDULER_LICENSE,
)


def _start(app: Sphinx) -> None:
    os.environ[BOOK_VARIABLE] = str(app.srcdir)
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static" / "civicquiz"
        for name in _ASSETS:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(static_text(name), "utf-8")


def _finish(_: Sphinx, __: Exception | None) -> None:
    os.environ.pop(BOOK_VARIABLE, None)


def _add_assets(app: Sphinx, page: str, _: str, __: dict[str, Any], doctree: nodes.document | None) -> None:
    """Script and style once per page, and only on pages that need them."""
    if doctree is None:
        return
    quizzes = list(doctree.findall(QuizNode))
    cites, filtered, has_terms = (
        next(iter(doctree.findall(node)), None) is not None for node in (ClaimRef, ClaimsFilter, TermNote)
    )
    of_book = list(doctree.findall(BookQuizzes))
    needed = [node["front_end"] for node in quizzes] + (list(front_ends(app.env)) if of_book else [])
    used = {name for front_end in needed for name in (*front_end.scripts, *front_end.styles)}
    # Any page may be the one whose address chooses the language, as in "?lang=es".
    languages = ["grading.js", "languages.js"] if has_translations(app.env) else []
    files = sorted({*(name for name in used if name.endswith(".js")), *languages}, key=_ASSETS.index)
    files += PAGE_SCRIPTS if needed else []
    files += ["progress.js"] if of_book and needed else []
    files += [SCHEDULER, "review.js"] if any(map(is_review, of_book)) and needed else []
    files += ["notes.js"] if cites or has_terms else []
    files += ["marks.js"] if cites else []
    files += ["claims_filter.js"] if filtered else []
    for name in files:
        app.add_js_file(f"civicquiz/{name}", loading_method="defer")
    for name in (*STYLES, FORMULA_STYLE, BLOCK_STYLE):
        if name in used:
            app.add_css_file(f"civicquiz/{name}")
    if cites or has_terms or page in _pages_with_lists(app.env):
        app.add_css_file("civicquiz/claims.css")
    if of_book:
        app.add_css_file("civicquiz/progress.css")
    if has_button(app, page):
        app.add_css_file(f"civicquiz/{LIVE_STYLE}")


def _pages_with_lists(env: BuildEnvironment) -> list[str]:
    return sorted({page for page, _ in lists(env)})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.add_config_value("civicquiz_seeds", "seeds", "env", str)
    # Not for users to set: pages contain what their scripts read, so all of them are rebuilt when the scripts change.
    app.add_config_value("civicquiz_scripts", crc32("".join(map(static_text, _ASSETS)).encode()), "env", int)
    app.add_config_value("civicquiz_live", "", "html", str)
    app.add_config_value("civicquiz_live_site", {}, "html", dict)  # not for users to set
    app.add_directive("quiz", QuizDirective)
    app.add_directive("quiz-progress", ProgressDirective)
    app.add_directive("quiz-review", ReviewDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_directive("claims-filter", ClaimsFilterDirective)
    app.add_role("claim", ClaimRole())
    app.add_node(QuizNode, html=(visit_quiz, close_div))
    app.add_node(BookQuizzes, html=(visit_book_quizzes, close_div))
    app.add_node(AnswerNode, html=tags("details"))
    app.add_node(SummaryNode, html=tags("summary"))
    app.add_node(AuthorText, html=(visit_author_text, None))
    app.add_node(ClaimRef, html=(visit_claim_ref, None))
    app.add_node(TermNote, html=(visit_term_note, None))
    app.add_node(ClaimsList)
    skip = (skip_claims_filter, None)
    app.add_node(ClaimsFilter, html=(visit_claims_filter, None), latex=skip, text=skip, man=skip, texinfo=skip)
    app.connect("config-inited", read_live_site)
    app.connect("builder-inited", _start)
    app.connect("build-finished", _finish)
    app.connect("doctree-read", replace_cells)
    app.connect("doctree-read", note_language)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-purge-doc", purge_quizzes)
    app.connect("env-merge-info", merge_quizzes)
    app.connect("env-purge-doc", purge_shown)
    app.connect("env-merge-info", merge_shown)
    app.connect("env-get-outdated", find_outdated)
    app.connect("env-check-consistency", warn_of_same_names)
    # They list citations and quizzes of other pages, which may have changed.
    app.connect("env-updated", lambda _, env: [*_pages_with_lists(env), *overviews(env)])
    app.connect("doctree-resolved", fill_lists)
    app.connect("doctree-resolved", list_quizzes)
    app.connect("doctree-resolved", drop_summaries)
    app.connect("doctree-resolved", keep_first_anchors)
    app.connect("doctree-resolved", mark_terms)
    app.connect("doctree-resolved", add_control)
    app.connect("html-page-context", _add_assets)
    app.connect("html-page-context", add_button)
    app.connect("build-finished", copy_live_site)
    return {"env_version": 11, "parallel_read_safe": True, "parallel_write_safe": True}
