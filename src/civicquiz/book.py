"""The book host: a plain Sphinx extension, with or without Jupyter Book.

``{quiz}`` and the quiz cells of a notebook put a quiz on a page, ``{claim}`` cites a claim inline, ``{claims}`` lists
claims with their sources and links back. A quiz is built of docutils nodes that any builder can write (no JavaScript,
PDF, text); in HTML ``static/page.js`` puts the interactive quiz in their place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from html import escape
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from zlib import crc32

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from civicquiz import markdown
from civicquiz.book_cell import BOOK_VARIABLE, parse_mark
from civicquiz.claims import Claim, Seeds, citation_problem, load_seeds
from civicquiz.errors import QuizError
from civicquiz.payload import encoded_key, public_payload, restricted, static_text, strings, who
from civicquiz.questions import QuestionBase
from civicquiz.quiz import load

__all__ = ["setup"]

logger = logging.getLogger(__name__)

_ASSETS = ("quiz.js", "page.js", "quiz.css")


class QuizNode(nodes.container):
    """A quiz; its children are what readers without JavaScript get."""


class AnswerNode(nodes.container):
    """What is folded away on a page: the answer to a question. The first child is the summary."""


class SummaryNode(nodes.paragraph):
    """The line that unfolds an :class:`AnswerNode`."""


class AuthorText(nodes.paragraph):
    """An author's Markdown: ``html`` for HTML builders, the source as it was written for the others."""


class ClaimRef(nodes.inline):
    """An inline citation."""


class ClaimsList(nodes.container):
    """Where the claims of one seed file are listed; filled when all pages are known."""


def _warn(message: str, location: Any) -> None:
    logger.warning(message, location=location, type="civicquiz", subtype="quiz")


# ---- Quizzes ----


def _author(text: str, *, inline: bool = False) -> AuthorText:
    html = f"<p>{markdown.inline(text)}</p>" if inline else markdown.render(text)
    return AuthorText("", "", nodes.Text(text), html=html)


def _build_quiz(env: BuildEnvironment, path: Path, ids: list[str] | None, location: Any) -> list[nodes.Node]:
    """The nodes of a quiz; a warning and nothing else if it cannot be shown."""
    env.note_dependency(str(path))
    for seed in (path.parent.parent / "seeds").glob("*.yml"):
        env.note_dependency(str(seed))
    if not path.is_file():
        _warn(f"there is no quiz '{path.name}' (looked for {path})", location)
        return []
    try:
        quiz = load(path)
        questions = quiz.select(ids)
    except QuizError as error:
        for problem in error.problems:
            where = str((Path.cwd() / problem.path).resolve())
            message = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
            _warn(message, f"{where}:{problem.line}")
        return []
    except KeyError as error:
        _warn(str(error.args[0]), location)
        return []
    words = strings(quiz.language)
    node = QuizNode("", path=str(path), questions=ids or [], classes=["civicquiz-static"])
    node += nodes.paragraph("", "", nodes.strong("", quiz.title))
    for number, question in enumerate(questions, start=1):
        node += _fallback(question, words, number, len(questions))
    place = env.new_serialno("civicquiz-quiz") + 1
    anchor = f"quiz-{quiz.name}-{place}"
    node["ids"].append(anchor)
    for question in questions:
        for claim_id in question.cites:
            _note_use(env, claim_id, place, anchor, f"quiz “{quiz.title}”")
    return [node]


def _fallback(question: QuestionBase, words: dict[str, str], number: int, count: int) -> nodes.container:
    """One question for readers without JavaScript: prompt, options, and the answer folded away."""
    container = nodes.container("", classes=["civicquiz-fallback"])
    heading = words["question"].format(number=number, count=count)
    container += nodes.paragraph("", "", nodes.strong("", heading))
    container += _author(question.prompt)
    interaction = question.interaction()
    options = {option.id: option.text for option in interaction.public().get("options", ())}
    if question.type == "true-false":
        options = {name: words[name] for name in options}
    if options:
        container += nodes.bullet_list(
            "", *[nodes.list_item("", _author(text, inline=True)) for text in options.values()]
        )
    answer = AnswerNode("", SummaryNode("", "", nodes.Text(words["reveal"])))
    right = interaction.answer
    if isinstance(right, str):
        unit = interaction.public().get("unit", "")
        answer += nodes.paragraph("", f"{words['right_answer']} {right} {unit}".rstrip())
    else:
        answer += nodes.paragraph("", words["right_answer"])
        listing = nodes.enumerated_list if interaction.name == "order" else nodes.bullet_list
        answer += listing("", *[nodes.list_item("", _author(options[name], inline=True)) for name in right])
    if question.explanation:
        answer += _author(question.explanation)
    container += answer
    return container


def _option_ids(argument: str) -> list[str]:
    return argument.replace(",", " ").split()


class QuizDirective(SphinxDirective):
    """``{quiz} PATH``: the quiz in the file PATH, relative to the page, or to the book's folder with a leading ``/``.

    ``:questions:`` names the questions to show; all of them by default.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"questions": _option_ids}

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        return _build_quiz(self.env, Path(path), self.options.get("questions"), self.get_location())


def _replace_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Quiz cells of a notebook, which left a mark, become quizzes."""
    for raw in list(doctree.findall(nodes.raw)):
        mark = parse_mark(raw.astext()) if "civicquiz-cell" in raw.astext() else None
        if mark is None:
            continue
        # MyST-NB wraps each output in one container per MIME type and picks one later; this output needs no choice.
        place: nodes.Node = raw
        parent = raw.parent
        while isinstance(parent, nodes.container):
            if parent.get("nb_element") == "mime_bundle":
                place = parent
            parent = parent.parent
        assert place.parent is not None  # an output stands in a document
        place.parent.replace(place, _build_quiz(app.env, mark[0], mark[1], raw))


def _visit_quiz(self: Any, node: QuizNode) -> None:
    quiz = load(node["path"])
    ids = node["questions"] or [question.id for question in quiz.questions]
    content = {
        "quiz": restricted(public_payload(quiz), ids),
        "key": encoded_key(quiz, quiz.select(ids), lambda claim_id: _claim_uri(self.builder, claim_id)),
    }
    self.body.append(self.starttag(node, "div", CLASS="docutils"))
    self.body.append(f'<script type="application/json">{_island(content)}</script>')


def _island(content: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _close_div(self: Any, _: nodes.Node) -> None:
    self.body.append("</div>\n")


def _visit_author_text(self: Any, node: AuthorText) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def _tags(name: str) -> tuple[Any, Any]:
    """HTML visitors for a node that is one plain element."""
    return (
        lambda self, _: self.body.append(f"<{name}>"),
        lambda self, _: self.body.append(f"</{name}>\n"),
    )


# ---- Claims ----


class _Use(NamedTuple):
    """A place that cites a claim; places of a page sort as they stand there."""

    page: str
    number: int
    anchor: str
    label: str


def _seeds(env: BuildEnvironment, location: Any = None) -> Seeds:
    folder = Path(env.srcdir) / env.config.civicquiz_seeds
    if "docname" in env.temp_data:  # a page is being read, and has to be read again when a claim changes
        for file in folder.glob("*.yml"):
            env.note_dependency(str(file))
    try:
        return load_seeds(folder)
    except QuizError as error:
        _warn(str(error), location)
        return Seeds()


def _uses(env: BuildEnvironment) -> dict[str, list[_Use]]:
    """Claim id -> every place that cites it."""
    if not hasattr(env, "civicquiz_uses"):
        env.civicquiz_uses = {}  # type: ignore[attr-defined]
    uses: dict[str, list[_Use]] = env.civicquiz_uses  # type: ignore[attr-defined]
    return uses


def _note_use(env: BuildEnvironment, claim_id: str, number: int, anchor: str, label: str) -> None:
    place = _Use(env.docname, number, anchor, label)
    places = _uses(env).setdefault(claim_id, [])
    if place not in places:
        places.append(place)


def _purge(_: Sphinx, env: BuildEnvironment, docname: str) -> None:
    for claim_id, places in _uses(env).items():
        _uses(env)[claim_id] = [place for place in places if place.page != docname]
    _lists(env).difference_update([each for each in _lists(env) if each[0] == docname])


def _merge(_: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    for claim_id, places in _uses(other).items():
        _uses(env).setdefault(claim_id, []).extend(place for place in places if place.page in docnames)
    _lists(env).update(_lists(other))


def _lists(env: BuildEnvironment) -> set[tuple[str, str]]:
    """(page, seed file) of each list of claims; it changes whenever a citation anywhere does."""
    if not hasattr(env, "civicquiz_lists"):
        env.civicquiz_lists = set()  # type: ignore[attr-defined]
    lists: set[tuple[str, str]] = env.civicquiz_lists  # type: ignore[attr-defined]
    return lists


class ClaimRole(SphinxRole):
    """``{claim}`ID```: cites the claim ID. Its number counts the claims of the page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim_id = self.text.strip()
        seeds = _seeds(self.env, self.get_location())
        problem = citation_problem(claim_id, seeds.claims)
        if problem:
            _warn(f"{problem[0]} ({problem[1]})", self.get_location())
            return [nodes.inline("", f"[{claim_id}?]")], []
        numbers: dict[str, int] = self.env.temp_data.setdefault("civicquiz-numbers", {})
        number = numbers.setdefault(claim_id, len(numbers) + 1)
        place = self.env.new_serialno("civicquiz-cite") + 1
        anchor = f"cite-{claim_id}-{place}"
        _note_use(self.env, claim_id, place, anchor, f"[{number}]")
        text = nodes.Text(f"[{number}]")
        return [ClaimRef("", "", text, claim=claim_id, number=number, ids=[anchor])], []


class ClaimsDirective(SphinxDirective):
    """``{claims} STEM``: every claim of the file STEM.yml in the seeds folder."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        _lists(self.env).add((self.env.docname, self.arguments[0]))
        _seeds(self.env, self.get_location())
        return [ClaimsList("", stem=self.arguments[0])]


def _claim_uri(builder: Any, claim_id: str) -> str | None:
    """The address of a claim on the page that lists it, from the page that is being written."""
    stem = _seeds(builder.env).stem_of(claim_id)
    for docname, listed in sorted(_lists(builder.env)):
        if listed == stem:
            # In a book of one page the address of a page is an anchor already.
            page = builder.get_relative_uri(builder.current_docname, docname).partition("#")[0]
            return f"{page}#claim-{claim_id}"
    return None


def _visit_claim_ref(self: Any, node: ClaimRef) -> None:
    seeds = _seeds(self.builder.env)
    claim = seeds.claims[node["claim"]]
    number, anchor = node["number"], node["ids"][0]
    told = escape(who(claim))
    sources = "; ".join(_source_html(seeds, claim))
    uri = _claim_uri(self.builder, claim.id)
    link = f'<span><a href="{escape(uri)}">More about this claim</a></span>' if uri else ""
    self.body.append(
        f'<span class="civicquiz-claim" id="{anchor}">'
        f'<button type="button" popovertarget="{anchor}-note" aria-label="Claim {number}. {told}">[{number}]</button>'
        f'</span><span class="civicquiz-note" id="{anchor}-note" popover>'
        f"<span>{escape(claim.text)}</span><span><strong>{told}</strong></span><span>{sources}</span>{link}</span>"
    )
    raise nodes.SkipNode


def _source_html(seeds: Seeds, claim: Claim) -> list[str]:
    return [
        f'<a href="{escape(source.url)}" rel="noopener">{escape(str(source))}</a>'
        if source.url
        else escape(str(source))
        for source in seeds.sources_of(claim)
    ]


def _fill_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(ClaimsList)):
        seeds = _seeds(app.env, node)
        listing = nodes.definition_list("", classes=["civicquiz-claims"])
        for claim in seeds.of_file(node["stem"]):
            listing += _claim_entry(app, docname, seeds, claim)
        if not len(listing):
            _warn(f"there are no claims in {app.config.civicquiz_seeds}/{node['stem']}.yml", node)
        node.replace_self(listing)


def _claim_entry(app: Sphinx, docname: str, seeds: Seeds, claim: Claim) -> nodes.definition_list_item:
    term = nodes.term("", claim.text, ids=[f"claim-{claim.id}"])
    about = nodes.definition()

    def line(*parts: nodes.Node | str, label: str = "") -> None:
        paragraph = nodes.paragraph()
        if label:
            paragraph += nodes.strong("", label)
        paragraph += [nodes.Text(part) if isinstance(part, str) else part for part in parts]
        nonlocal about
        about += paragraph

    since = " After November 2024." if claim.period == "since" else ""
    line(nodes.literal("", claim.id), f" {who(claim)}.{since}")
    if not claim.verified:
        line(f" {claim.reason}", label="Not verified, and cited nowhere:")
    sources: list[nodes.Node | str] = []
    for source in seeds.sources_of(claim):
        sources.append("; " if sources else " ")
        sources.append(nodes.reference("", str(source), refuri=source.url) if source.url else str(source))
    if sources:
        line(*sources, f", {claim.locator}" if claim.locator else "", label="Source:")
    if claim.working:
        line(f" {claim.working}", label="How it follows:")
    places: list[nodes.Node | str] = []
    for page, places_of_page in groupby(sorted(_uses(app.env).get(claim.id, [])), key=lambda place: place.page):
        title = app.env.titles[page].astext() if page in app.env.titles else page
        places.append(f"; {title}: " if places else f" {title}: ")
        for number, place in enumerate(places_of_page):
            places.append(", " if number else "")
            if app.builder.format == "html":
                uri = f"{app.builder.get_relative_uri(docname, page)}#{place.anchor}"
                places.append(nodes.reference("", place.label, refuri=uri, internal=True))
            else:
                places.append(place.label)
    if places:
        line(*places, label="Cited in:")
    return nodes.definition_list_item("", term, about)


# ---- The extension ----


def _start(app: Sphinx) -> None:
    os.environ[BOOK_VARIABLE] = "1"
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static" / "civicquiz"
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ASSETS:
            (folder / name).write_text(static_text(name), "utf-8")


def _finish(_: Sphinx, __: Exception | None) -> None:
    os.environ.pop(BOOK_VARIABLE, None)


def _add_assets(app: Sphinx, page: str, _: str, __: dict[str, Any], doctree: nodes.document | None) -> None:
    """Script and style once per page, and only on pages that need them."""
    if doctree is None:
        return
    quiz = next(iter(doctree.findall(QuizNode)), None)
    if quiz is not None:
        app.add_js_file("civicquiz/quiz.js", loading_method="defer")
        app.add_js_file("civicquiz/page.js", loading_method="defer")
    cites = next(iter(doctree.findall(ClaimRef)), None) is not None
    if quiz is not None or cites or page in _stale_lists(app, app.env):
        app.add_css_file("civicquiz/quiz.css")


def _stale_lists(_: Sphinx, env: BuildEnvironment) -> list[str]:
    return sorted({page for page, _ in _lists(env)})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.add_config_value("civicquiz_seeds", "seeds", "env", str)
    # Not to be set: pages hold what their scripts read, so all are built anew when the scripts change.
    app.add_config_value("civicquiz_scripts", crc32("".join(map(static_text, _ASSETS)).encode()), "env", int)
    app.add_directive("quiz", QuizDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_role("claim", ClaimRole())
    app.add_node(QuizNode, html=(_visit_quiz, _close_div))
    app.add_node(AnswerNode, html=_tags("details"))
    app.add_node(SummaryNode, html=_tags("summary"))
    app.add_node(AuthorText, html=(_visit_author_text, None))
    app.add_node(ClaimRef, html=(_visit_claim_ref, None))
    app.add_node(ClaimsList)
    app.connect("builder-inited", _start)
    app.connect("build-finished", _finish)
    app.connect("doctree-read", _replace_cells)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _stale_lists)
    app.connect("doctree-resolved", _fill_lists)
    app.connect("html-page-context", _add_assets)
    return {"version": version("civicquiz"), "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
