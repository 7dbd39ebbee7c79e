"""``{term}`` in HTML: the word as a button, and its meaning from the glossary in a note.

The role and the ``{glossary}`` directive are Sphinx's own. Where a page of HTML uses them, the meaning opens in place,
by pointer, by keyboard and by touch, as the note of a citation does. Other builders keep the plain reference.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from civicquiz.frontend.words import strings
from civicquiz.hosts.book.claim_list import ClaimRef


class TermNote(nodes.inline):
    """A word of the glossary and what it means."""


def _meanings(glossary: nodes.document, label: str) -> list[str]:
    """The paragraphs that explain the term with this label in the glossary, without citations."""
    for entry in glossary.findall(nodes.definition_list_item):
        if any(label in term["ids"] for term in entry.findall(nodes.term)):
            paragraphs = [paragraph.deepcopy() for paragraph in entry.findall(nodes.paragraph)]
            for paragraph in paragraphs:
                for citation in list(paragraph.findall(ClaimRef)):
                    citation.parent.remove(citation)
            return [" ".join(paragraph.astext().split()) for paragraph in paragraphs]
    return []


def mark_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each reference to a term with a note, on HTML pages."""
    if app.builder.format != "html":
        return
    references = [found for found in doctree.findall(nodes.reference) if _is_term(found)]
    pages = {
        label: page
        for _, _, object_type, page, label, _ in app.env.domains["std"].get_objects()
        if object_type == "term"
    }
    read = cache(app.env.get_doctree)
    for number, reference in enumerate(references, start=1):
        uri = reference.get("refuri") or f"#{reference.get('refid', '')}"
        label = uri.rpartition("#")[2]
        meanings = _meanings(read(pages[label]), label) if label in pages else []
        if meanings:
            anchor = f"{nodes.make_id(f'term-{docname}-{number}')}-note"
            note = TermNote("", reference.astext(), meanings=meanings, uri=uri, ids=[anchor])
            reference.replace_self(note)


def _is_term(reference: nodes.reference) -> bool:
    return any("std-term" in inline["classes"] for inline in reference.findall(nodes.inline))


def visit_term_note(self: Any, node: TermNote) -> None:
    """HTML of the word and of its note, which the browser opens by itself (a popover)."""
    language = self.builder.config.language or "en"
    words = strings(language)
    anchor = node["ids"][0]
    meanings = "".join(f"<span>{escape(meaning)}</span>" for meaning in node["meanings"])
    # Word joiners: lines may break around a button, but a quotation mark or a comma stays with the word.
    position = node.parent.index(node)
    before = "".join(sibling.astext() for sibling in node.parent[:position])
    after = "".join(sibling.astext() for sibling in node.parent[position + 1 :])
    joint, joint_after = ("&#8288;" if text and not text.isspace() else "" for text in (before[-1:], after[:1]))
    self.body.append(
        f'<span class="civicquiz-term">{joint}'
        f'<button type="button" popovertarget="{anchor}" aria-describedby="{anchor}">{escape(node.astext())}</button>'
        f"{joint_after}</span>"
        f'<span class="civicquiz-note" id="{anchor}" lang="{escape(language)}" popover="auto">{meanings}'
        f'<span><a href="{escape(node["uri"])}">{escape(words["glossary_more"])}</a></span></span>'
    )
    raise nodes.SkipNode
