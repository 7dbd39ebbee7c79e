"""``{quiz-progress}`` and ``{quiz-review}``: the quizzes of a book by page, how far the reader is in each of them, and
their questions once more, some days later.

The list is made while the book is built. What a reader has done is filled in by ``static/progress.js`` and
``static/review.js`` from the answers in the browser. For each quiz that has any, they load a script with the content of
the quiz, which grades them as the page of the quiz does, so that no result has to be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import crc32

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import clean_astext
from sphinx.util.osutil import relative_uri

from civicquiz.frontend.front_end import FrontEnd, front_end
from civicquiz.frontend.payload import page_anchor, page_payload
from civicquiz.frontend.static_files import json_for_script
from civicquiz.frontend.words import locale, strings, word_groups
from civicquiz.grading.arrangement import arranged
from civicquiz.hosts.book.claim_list import claim_uri
from civicquiz.hosts.book.page_language import page_language
from civicquiz.model.learner_copy import shown_on_page
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.translations import Translation
from civicquiz.model.version import question_versions

__all__ = [
    "BookQuizzes",
    "ProgressDirective",
    "ReviewDirective",
    "front_ends",
    "is_review",
    "list_quizzes",
    "merge_shown",
    "note_shown",
    "overviews",
    "path_in_book",
    "purge_shown",
    "visit_book_quizzes",
]


class BookQuizzes(nodes.container):
    """What is made of all quizzes of a book: their list, or the review; filled once all pages are known."""


@dataclass(frozen=True)
class _Shown:
    """Questions of a quiz on a page. ``is_whole`` if they are all of them, so that its sections and picks count."""

    path: str
    questions: tuple[str, ...]
    is_whole: bool


@dataclass
class _Known:
    """What the environment knows of the quizzes of a book."""

    #: page -> what it shows, in its order
    shown: dict[str, list[_Shown]] = field(default_factory=dict)
    #: the pages that list the quizzes of the book, and change whenever any of them does
    overviews: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Listed:
    """A quiz of the book, on the page that has the most of its questions."""

    path: str
    page: str
    #: its questions in the book, with the page of each
    pages: dict[str, str]
    is_whole: bool

    def quiz(self) -> Quiz:
        return shown_on_page(load(self.path))

    def ids(self) -> list[str] | None:
        return None if self.is_whole else list(self.pages)


def _known(env: BuildEnvironment) -> _Known:
    if not hasattr(env, "civicquiz_known"):
        env.civicquiz_known = _Known()  # type: ignore[attr-defined]
    known: _Known = env.civicquiz_known  # type: ignore[attr-defined]
    return known


def note_shown(env: BuildEnvironment, path: Path, questions: Sequence[str], *, is_whole: bool) -> None:
    """Note that the page that is being read shows these questions of a quiz."""
    _known(env).shown.setdefault(env.docname, []).append(_Shown(str(path), tuple(questions), is_whole))


def purge_shown(_: Sphinx, env: BuildEnvironment, page: str) -> None:
    _known(env).shown.pop(page, None)
    _known(env).overviews.discard(page)


def merge_shown(_: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment) -> None:
    _known(env).shown |= {page: shown for page, shown in _known(other).shown.items() if page in set(pages)}
    _known(env).overviews |= _known(other).overviews & set(pages)


def overviews(env: BuildEnvironment) -> list[str]:
    """The pages that list the quizzes of the book."""
    return sorted(_known(env).overviews)


def _reading_order(env: BuildEnvironment) -> Iterator[str]:
    """The pages of a book as its table of contents has them, then those that are not in it."""
    relations = env.collect_relations()
    seen: dict[str, None] = {}
    page: str | None = env.config.root_doc
    while page and page not in seen:
        seen[page] = None
        page = relations.get(page, [None, None, None])[2]
    yield from seen
    yield from sorted(env.all_docs.keys() - seen.keys())


def _quizzes(env: BuildEnvironment) -> dict[str, list[_Listed]]:
    """page -> the quizzes that are listed with it, in the order of the book."""
    shown_by_path: dict[str, list[tuple[str, _Shown]]] = {}
    order = list(_reading_order(env))
    for page in order:
        for shown in _known(env).shown.get(page, ()):
            shown_by_path.setdefault(shown.path, []).append((page, shown))
    listed: dict[str, list[_Listed]] = {page: [] for page in order}
    for path, places in shown_by_path.items():
        on_page: dict[str, set[str]] = {}
        for page, shown in places:
            on_page.setdefault(page, set()).update(shown.questions)
        home = max(on_page, key=lambda page: len(on_page[page]))  # the first of those with as many
        everywhere = set().union(*on_page.values())
        pages = {
            question.id: next(page for page in (home, *on_page) if question.id in on_page[page])
            for question in load(path).questions
            if question.id in everywhere
        }
        listed[home].append(_Listed(path, home, pages, any(shown.is_whole for _, shown in places)))
    return {page: quizzes for page, quizzes in listed.items() if quizzes}


def front_ends(env: BuildEnvironment) -> Iterator[FrontEnd]:
    """What a browser needs for each quiz of the book."""
    for quizzes in _quizzes(env).values():
        for listed in quizzes:
            quiz = listed.quiz()
            yield front_end(quiz, quiz.select(listed.ids()))


class ProgressDirective(SphinxDirective):
    """``{quiz-progress}``: the quizzes of the book by page; a browser shows how far its reader is."""

    def run(self) -> list[nodes.Node]:
        _known(self.env).overviews.add(self.env.docname)
        return [BookQuizzes("", classes=["civicquiz-progress"])]


class ReviewDirective(SphinxDirective):
    """``{quiz-review}``: questions that the reader has answered come up again when they are due."""

    def run(self) -> list[nodes.Node]:
        _known(self.env).overviews.add(self.env.docname)
        return [BookQuizzes("", classes=["civicquiz-review"])]


def list_quizzes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill what a page has of all quizzes."""
    for node in doctree.findall(BookQuizzes):
        node["language"] = locale(page_language(app, docname))
        node["listed"] = [listed for quizzes in _quizzes(app.env).values() for listed in quizzes]
        words = strings(node["language"])
        if is_review(node):
            # Without its script, there is nothing more of it.
            node += nodes.paragraph("", words["review_needs_script"], classes=["civicquiz-total"])
            continue
        if app.builder.format == "html" and app.builder.name != "epub":
            node += nodes.paragraph("", words["progress_needs_script"], classes=["civicquiz-total"])
        pages = nodes.bullet_list()
        for page, quizzes in _quizzes(app.env).items():
            title = clean_astext(app.env.titles[page]) if page in app.env.titles else page
            of_page = nodes.bullet_list("", *[_entry(app, docname, listed, node["language"]) for listed in quizzes])
            link = _link(app, title, _address(app, docname, page), page_language(app, page))
            pages += nodes.list_item("", nodes.paragraph("", "", link), of_page)
        node += pages


def is_review(node: BookQuizzes) -> bool:
    return "civicquiz-review" in node["classes"]


def _address(app: Sphinx, docname: str, page: str) -> str:
    # In a single-page book, the address of a page is already an anchor, which its first page does not even have.
    return app.builder.get_relative_uri(docname, page).partition("#")[0]


def _link(app: Sphinx, text: str, address: str, language: str) -> nodes.Node:
    """A link whose text is in ``language``."""
    if app.builder.format != "html" or not address:
        return nodes.Text(text)
    # docutils makes an attribute of such a class.
    return nodes.reference("", text, refuri=address, internal=True, classes=[f"language-{language}"])


def _entry(app: Sphinx, docname: str, listed: _Listed, language: str) -> nodes.list_item:
    quiz = listed.quiz()
    shown = _translation(quiz, language) or Translation.original(quiz)
    first = f"{_address_in(app, docname, listed.page, quiz, language)}#{page_anchor(quiz)}-{next(iter(listed.pages))}"
    count = sum(len(ids) for _, ids in arranged(quiz, 0)) if listed.is_whole else len(listed.pages)
    state = nodes.inline("", strings(language)["quiz_questions"].format(count=count), classes=["civicquiz-state"])
    link = _link(app, shown.title, first, shown.language_of("title"))
    return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(": "), state), classes=["civicquiz-listed"])


def _translation(quiz: Quiz, language: str) -> Translation | None:
    """The translation of a quiz for a page in ``language``; None if the quiz is in it, or there is none."""
    bases = {tag.split("-")[0]: found for tag, found in quiz.translations.items()}
    return None if quiz.language.split("-")[0] == language else bases.get(language)


def _address_in(app: Sphinx, docname: str, page: str, quiz: Quiz, language: str) -> str:
    """The address of a page, which then shows a quiz in the language of the page that leads to it, if it can."""
    address, translation = _address(app, docname, page), _translation(quiz, language)
    return f"{address}?lang={translation.language}" if address and translation else address


def visit_book_quizzes(self: Any, node: BookQuizzes) -> None:
    """The HTML: what a script reads, then what readers without scripts get."""
    self.body.append(self.starttag(node, "div", lang=node["language"]))
    if self.builder.name == "epub":
        return  # e-book readers run no scripts
    words = word_groups(node["language"])["review" if is_review(node) else "progress"]
    quizzes = [_for_script(self.builder, listed, node["language"]) for listed in node["listed"]]
    self.body.append(
        f'<script type="application/json">{json_for_script({"quizzes": quizzes, "strings": words})}</script>\n'
    )


def _for_script(builder: Any, listed: _Listed, language: str) -> dict[str, Any]:
    """What ``progress.js`` knows of a quiz from the beginning."""
    quiz = listed.quiz()
    address = {
        other: _address_in(builder.app, builder.current_docname, other, quiz, language)
        for other in {listed.page, *listed.pages.values()}
    }
    path = path_in_book(builder.srcdir, listed.path)
    return {
        "path": path,
        "language": quiz.language,
        "script": _write_content(builder, listed, quiz, path),
        "page": address[listed.page],
        "elsewhere": {name: address[other] for name, other in listed.pages.items() if other != listed.page},
    }


def _write_content(builder: Any, listed: _Listed, quiz: Quiz, path: str) -> str:
    """Write the script with the content of a quiz; its address. It is made for one page, where its links lead from."""
    name = f"_static/civicquiz/quizzes/{builder.current_docname}/{path}.js"
    content = page_payload(quiz, listed.ids(), lambda claim_id: claim_uri(builder, claim_id))
    versions = question_versions(quiz)
    content |= {"path": path, "versions": {name: versions[name] for name in listed.pages}}
    file = Path(builder.outdir) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = f"(civicquiz.contents ??= {{}})[{json_for_script(path)}] = {json_for_script(content)};\n"
    file.write_text(text, "utf-8")
    address = relative_uri(builder.get_target_uri(builder.current_docname).partition("#")[0], name)
    return f"{quote(address)}?v={crc32(text.encode()):08x}"  # a browser may have kept an earlier one


def path_in_book(folder: str | Path, path: str) -> str:
    """The path that identifies a quiz in its book, where quizzes in two folders may have the same name."""
    try:
        return Path(path).resolve().relative_to(Path(folder).resolve()).with_suffix("").as_posix()
    except ValueError:
        return Path(path).stem
