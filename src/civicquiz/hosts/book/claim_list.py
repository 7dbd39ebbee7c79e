"""``{claim}`` and ``{claims}``: citations, and the list of what is cited with links back."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import clean_astext

from civicquiz.errors import QuizError
from civicquiz.frontend.citations import attribution, later_than, source_in_words, statement_in_words
from civicquiz.frontend.words import locale, strings
from civicquiz.hosts.book.book_warnings import warn
from civicquiz.hosts.book.page_language import page_language
from civicquiz.hosts.book.quotation_marks import with_quotation_marks
from civicquiz.model.claims import Claim, Seeds, Source, citation_problem, cited_ids, load_seeds


class ClaimRef(nodes.inline):
    """An inline citation."""


class ClaimsList(nodes.container):
    """The list of the claims of one seed file; filled once all pages are known."""


class ClaimsFilter(nodes.General, nodes.Element):
    """Controls that narrow the claims on a page; in HTML only, and only if scripts run."""


class _Use(NamedTuple):
    """A place that cites a claim; those on a page sort in the order of the page."""

    page: str
    number: int
    anchor: str
    label: str


def seeds_of(env: BuildEnvironment, location: Any = None) -> Seeds:
    folder = Path(env.srcdir) / env.config.civicquiz_seeds
    if "docname" in env.temp_data:  # a page is being read, and has to be read again if a claim changes
        for file in folder.glob("*.yml"):
            env.note_dependency(str(file))
    try:
        return load_seeds(folder)
    except QuizError as error:
        warn(str(error), location)
        return Seeds()


def _uses(env: BuildEnvironment) -> dict[str, list[_Use]]:
    """Claim id -> every use that cites it."""
    if not hasattr(env, "civicquiz_uses"):
        env.civicquiz_uses = {}  # type: ignore[attr-defined]
    uses: dict[str, list[_Use]] = env.civicquiz_uses  # type: ignore[attr-defined]
    return uses


def note_use(env: BuildEnvironment, claim_id: str, number: int, anchor: str, label: str) -> None:
    use = _Use(env.docname, number, anchor, label)
    uses = _uses(env).setdefault(claim_id, [])
    if use not in uses:
        uses.append(use)


def purge(_: Sphinx, env: BuildEnvironment, docname: str) -> None:
    for claim_id, uses in _uses(env).items():
        _uses(env)[claim_id] = [use for use in uses if use.page != docname]
    lists(env).difference_update([listed for listed in lists(env) if listed[0] == docname])


def merge(_: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    for claim_id, uses in _uses(other).items():
        _uses(env).setdefault(claim_id, []).extend(use for use in uses if use.page in docnames)
    lists(env).update(lists(other))


def lists(env: BuildEnvironment) -> set[tuple[str, str]]:
    """(page, seed file) of each list of claims; the list changes whenever any citation does."""
    if not hasattr(env, "civicquiz_lists"):
        env.civicquiz_lists = set()  # type: ignore[attr-defined]
    lists: set[tuple[str, str]] = env.civicquiz_lists  # type: ignore[attr-defined]
    return lists


class ClaimRole(SphinxRole):
    """``{claim}`ID ID ...```: one mark that cites one or more claims.

    Marks are numbered in the order of the page. One that cites what an earlier one has cited has the same number.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        cited = cited_ids(self.text)
        seeds = seeds_of(self.env, self.get_location())
        problems = {claim_id: citation_problem(claim_id, seeds.claims) for claim_id in cited}
        for problem in filter(None, problems.values()):
            warn(f"{problem[0]} ({problem[1]})", self.get_location())
        if any(problems.values()):
            shown = (f"{claim_id}?" if problems[claim_id] else claim_id for claim_id in cited)
            return [nodes.inline("", f"[{', '.join(shown)}]")], []
        numbers: dict[tuple[str, ...], int] = self.env.temp_data.setdefault("civicquiz-numbers", {})
        number = numbers.setdefault(tuple(cited), len(numbers) + 1)
        use = self.env.new_serialno("civicquiz-cite") + 1
        anchor = nodes.make_id(f"cite-{self.env.docname}-{use}")
        for claim_id in cited:
            note_use(self.env, claim_id, use, anchor, f"[{number}]")
        text = nodes.Text(f"[{', '.join(cited)}]")  # for builders without numbered notes: the list shows the ids
        return [ClaimRef("", "", text, claims=cited, number=number, ids=[anchor])], []


def note_language(app: Sphinx, doctree: nodes.document) -> None:
    """Tell the citations of a page in what language it is."""
    language = locale(page_language(app, app.env.docname))
    for citation in doctree.findall(ClaimRef):
        citation["language"] = language


def add_control(app: Sphinx, doctree: nodes.document, _: str) -> None:
    """Below the title of a page with citations, the button of ``static/marks.js`` that hides and shows them."""
    citation = next(iter(doctree.findall(ClaimRef)), None)
    title = next(iter(doctree.findall(nodes.title)), None)
    if app.builder.format != "html" or citation is None or title is None:
        return
    language = citation["language"]
    button = f'<button type="button">{escape(strings(language)["notes"])}</button>'
    html = f'<p class="civicquiz-marks" lang="{language}">{button}</p>'
    title.parent.insert(title.parent.index(title) + 1, nodes.raw("", html, format="html"))


class ClaimsDirective(SphinxDirective):
    """``{claims} STEM``: every claim of the file STEM.yml in the seeds folder."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        lists(self.env).add((self.env.docname, self.arguments[0]))
        seeds_of(self.env, self.get_location())
        return [ClaimsList("", stem=self.arguments[0])]


class ClaimsFilterDirective(SphinxDirective):
    """``{claims-filter}``: narrows the claims listed below it by kind of statement and by speaker."""

    def run(self) -> list[nodes.Node]:
        seeds_of(self.env, self.get_location())
        return [ClaimsFilter()]


def visit_claims_filter(self: Any, _: ClaimsFilter) -> None:
    """HTML of the controls; ``static/claims_filter.js`` shows them and makes them work."""
    language = self.builder.config.language or "en"
    words = strings(language)
    claims = seeds_of(self.builder.env).claims.values()
    statements = sorted((statement_in_words(name, language), name) for name in {claim.statement for claim in claims})
    speakers = sorted({_set(self.builder, claim.speaker) for claim in claims}, key=str.casefold)
    everything = escape(words["all"])

    def select(name: str, options: Iterable[tuple[str, str]]) -> str:
        listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
        label = escape(words[name])
        return f'<label>{label} <select name="{name}"><option value="">{everything}</option>{listed}</select></label> '

    shown = escape(words["claims_shown"])
    self.body.append(
        '<form class="civicquiz-filter" hidden>'
        + select("statement", ((name, text) for text, name in statements))
        + select("speaker", ((name, name) for name in speakers))
        + f'<p role="status" data-text="{shown}"></p></form>\n'
    )
    raise nodes.SkipNode


def skip_claims_filter(_: Any, __: ClaimsFilter) -> None:
    raise nodes.SkipNode


def claim_uri(builder: Any, claim_id: str) -> str | None:
    """The address of a claim on the page that lists it, from the page that is being written."""
    stem = seeds_of(builder.env).stem_of(claim_id)
    for docname, listed in sorted(lists(builder.env)):
        if listed == stem:
            # In a single-page book, the address of a page is already an anchor.
            page = builder.get_relative_uri(builder.current_docname, docname).partition("#")[0]
            return f"{page}#claim-{claim_id}"
    return None


def visit_claim_ref(self: Any, node: ClaimRef) -> None:
    """HTML of a citation: a button with its number and a note, which the browser opens by itself (a popover)."""
    seeds = seeds_of(self.builder.env)
    language = self.builder.config.language or "en"
    number, anchor = node["number"], node["ids"][0]
    name = escape(strings(node["language"])["note"].format(number=number))
    claims = [_claim_html(self.builder, seeds, seeds.claims[claim_id], language) for claim_id in node["claims"]]
    content = claims[0]
    if len(claims) > 1:  # an element of a list may not be in a paragraph
        content = "".join(f'<span role="listitem">{claim}</span>' for claim in claims)
        content = f'<span role="list">{content}</span>'
    position = node.parent.index(node)
    while position and isinstance(node.parent[position - 1], nodes.Text):
        self.body[-1] = self.body[-1].rstrip()
        if self.body[-1]:
            break
        self.body.pop()  # the end of a line
        position -= 1
    joint = "&#8288;" if position else ""  # a word joiner: the mark stays in the line of what is before it
    # Both languages are stated: the note is in that of the book, as the claims are, whatever the page is in.
    self.body.append(
        f'<span class="civicquiz-claim" id="{anchor}">{joint}<sup>'
        f'<button type="button" popovertarget="{anchor}-note" lang="{node["language"]}" aria-label="{name}"'
        f' aria-describedby="{anchor}-note">'
        f"{number}</button></sup></span>"
        f'<span class="civicquiz-note" id="{anchor}-note" lang="{escape(language)}" popover="auto">'
        f"{content}</span>"
    )
    raise nodes.SkipNode


def _claim_html(builder: Any, seeds: Seeds, claim: Claim, language: str) -> str:
    """A claim in a note: its text, who says it, its sources, and the way to the page that lists it."""
    uri = claim_uri(builder, claim.id)
    more = escape(strings(language)["claim_more"])
    said = _set(builder, attribution(claim, language))
    sources = "; ".join(_source_html(builder, source, language) for source in seeds.sources_of(claim))
    parts = [escape(_set(builder, claim.text)), f"<strong>{escape(said)}</strong>", sources]
    parts.append(f'<a href="{escape(uri)}">{more}</a>' if uri else "")
    return "".join(f"<span>{part}</span>" for part in parts if part)


def _source_html(builder: Any, source: Source, language: str) -> str:
    said = escape(_set(builder, source_in_words(source, language)))
    return f'<a href="{escape(source.url)}" rel="noopener">{said}</a>' if source.url else said


def _set(builder: Any, text: str) -> str:
    """A text of the record with the quotation marks that the pages of the book have."""
    return with_quotation_marks(builder.app, text)


def fill_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(ClaimsList)):
        seeds = seeds_of(app.env, node)
        listing = nodes.definition_list("", classes=["civicquiz-claims"])
        for claim in seeds.of_file(node["stem"]):
            listing += _claim_entry(app, docname, seeds, claim)
        if not len(listing):
            warn(f"there are no claims in {app.config.civicquiz_seeds}/{node['stem']}.yml", node)
        node.replace_self(listing)


def _claim_entry(app: Sphinx, docname: str, seeds: Seeds, claim: Claim) -> nodes.definition_list_item:
    # The filter of the page finds the speaker and the kind of statement in a name; names may not hold spaces.
    term = nodes.term("", _set(app.builder, claim.text), ids=[f"claim-{claim.id}"], classes=[f"is-{claim.statement}"])
    about = nodes.definition()

    def line(*parts: nodes.Node | str, label: str = "") -> None:
        paragraph = nodes.paragraph()
        if label:
            paragraph += nodes.strong("", label)
        paragraph += [nodes.Text(_set(app.builder, part)) if isinstance(part, str) else part for part in parts]
        nonlocal about
        about += paragraph

    language = app.config.language or "en"
    words = strings(language)
    whole, since = attribution(claim, language), later_than(claim, seeds, language)
    since = f" {since[0].upper()}{since[1:]}." if since else ""
    speaker, said = whole[: len(claim.speaker)], whole[len(claim.speaker) :]
    named = nodes.inline("", _set(app.builder, speaker), classes=["civicquiz-speaker"])
    line(nodes.literal("", claim.id), " ", named, f"{said}.{since}")
    if not claim.verified:
        line(f" {claim.reason}", label=words["claim_unverified"])
    sources: list[nodes.Node | str] = []
    for number, source in enumerate(seeds.sources_of(claim)):
        name = _set(app.builder, source_in_words(source, language))
        sources.append("; " if number else " ")
        sources.append(nodes.reference("", name, refuri=source.url) if source.url else name)
        if claim.locator and not number:
            sources.append(f", {claim.locator}")
    if sources:
        line(*sources, label=words["claim_source"])
    if claim.working:
        line(f" {claim.working}", label=words["claim_working"])
    if uses := _listed_uses(app, docname, claim):
        line(*uses, label=words["claim_cited"])
    return nodes.definition_list_item("", term, about)


def _listed_uses(app: Sphinx, docname: str, claim: Claim) -> list[nodes.Node | str]:
    """Where the book cites a claim: by page, each label once, with a link to the first place that has it."""
    uses: list[nodes.Node | str] = []
    for page, uses_on_page in groupby(sorted(_uses(app.env).get(claim.id, [])), key=lambda use: use.page):
        title = clean_astext(app.env.titles[page]) if page in app.env.titles else page
        uses.append("; " if uses else " ")
        uses.append(nodes.inline("", title, classes=[f"language-{page_language(app, page)}"]))
        uses.append(" " if title.endswith(("?", "!")) else ": ")
        by_label: dict[str, _Use] = {}
        for use in uses_on_page:
            by_label.setdefault(use.label, use)
        for number, use in enumerate(by_label.values()):
            uses.append(", " if number else "")
            if app.builder.format == "html":
                # In a single-page book, the address of a page is already an anchor.
                uri = f"{app.builder.get_relative_uri(docname, page).partition('#')[0]}#{use.anchor}"
                uses.append(nodes.reference("", _set(app.builder, use.label), refuri=uri, internal=True))
            else:
                uses.append(use.label)
    return uses
