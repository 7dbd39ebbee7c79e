"""The book host, in plain Sphinx: the content of a page in every builder, and the reports when something is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from material import QUIZ, ROOT, SEEDS, decoded_key, key_content, write, write_course
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

import civicquiz
from civicquiz.model.learner_copy import accepted_versions

RST = """\
A page
======

Congress passed it. :claim:`h04` It was counted. :claim:`h20` Once more. :claim:`h04`

.. quiz:: quizzes/law.yml
"""

CLAIMS = """\
Claims and sources
==================

.. claims:: record
"""

PROGRESS = """\
:orphan:

Progress
========

.. quiz-progress::

.. quiz-review::
"""

ASSETS = ("quiz.js", "page.js", "quiz.css", "notes.js", "marks.js", "claims_filter.js")


@dataclass
class Page(HTMLParser):
    """The elements of a page."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    islands: list[Any] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._inside = ""
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self._inside = dict(attrs).get("type") or "script"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "application/json":
            self.islands.append(json.loads(data))
        elif not self._inside:
            self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every element ``tag`` that has these ``attributes``."""
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]

    def assets(self, name: str) -> int:
        """How often the page loads one of our files."""
        urls = [a.get("src") for a in self.all("script")] + [a.get("href") for a in self.all("link")]
        return sum(f"civicquiz/{name}" in (url or "") for url in urls)

    def has_id(self, anchor: str) -> bool:
        return sum(found.get("id") == anchor for _, found in self.elements) == 1


@dataclass
class Built:
    """A book that has been built."""

    folder: Path
    warnings: list[str]

    def page(self, name: str = "index") -> Page:
        return Page((self.folder / f"{name}.html").read_text("utf-8"))

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


def build(source: Path, builder: str = "html", extensions: tuple[str, ...] = ("civicquiz",), **config: Any) -> Built:
    """Build the book in ``source``, on top of the results of an earlier build if there are any."""
    warnings = io.StringIO()
    out = source / "_build" / builder
    defaults = {
        "extensions": list(extensions),
        "html_theme": "basic",
        "exclude_patterns": ["_build", "lessons"],
        "source_suffix": {".rst": "restructuredtext"},  # Sphinx keeps what an earlier build added to the default
    }
    with docutils_namespace(), patch_docutils():
        app = Sphinx(
            source,
            None,
            out,
            source / "_build" / "doctrees",
            builder,
            defaults | config,
            status=io.StringIO(),
            warning=warnings,
        )
        app.build()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue()).splitlines()
    return Built(out, [line for line in lines if line.strip()])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book of two pages around one quiz."""
    source = tmp_path / "book"
    write_course(source)
    write(source / "index.rst", RST + "\n.. toctree::\n\n   claims\n")
    write(source / "claims.rst", CLAIMS)
    return source


def _key(island: Any) -> dict[str, Any]:
    return decoded_key(island["key"])


# ---- A quiz on a page ----


def test_quiz_directive_puts_the_quiz_and_its_key_on_the_page(book: Path) -> None:
    built = build(book)
    assert built.warnings == []
    page = built.page()
    (island,) = page.islands
    assert [question["id"] for question in island["quiz"]["questions"]] == list(_key(island))
    assert island["quiz"]["name"] == "law"
    assert _key(island)["by-age"]["answer"] == "14"
    assert len([found for _, found in page.elements if "civicquiz-static" in (found.get("class") or "")]) == 1


def test_page_is_readable_without_javascript_with_the_answers_folded_away(book: Path) -> None:
    page = build(book).page()
    assert len(page.all("details")) == len(page.all("summary")) == 5
    for words in (
        "In which year did Congress pass the Act?",
        "War of 1812",
        "Question 5 of 5",
        "Correct answer: 14 years",
    ):
        assert words in page.text
    assert "Explanation of the order." in page.text
    before_first_answer = page.html.split("<details>")[0]
    assert "Explanation of the year" not in before_first_answer
    assert "<em>Congress</em>" in page.html


def test_first_order_without_javascript_is_not_the_key(book: Path) -> None:
    page = build(book).page()
    (island,) = page.islands
    shown = [option["html"] for option in island["quiz"]["questions"][4]["options"]]
    question = page.html.split("Question 5 of 5")[1].split("<details>")[0]
    assert re.findall(r"<p>(first|second|third)</p>", question) == shown


def test_links_on_any_page_lead_to_one_question_with_and_without_javascript(book: Path) -> None:
    pytest.importorskip("myst_parser")
    (book / "quizzes" / "law.yml").rename(book / "quizzes" / "Law & <b>Ö.yml")
    quiz = ".. quiz:: quizzes/Law & <b>Ö.yml\n"
    write(book / "index.rst", f"A page\n======\n\n{quiz}\n{quiz}\n.. toctree::\n\n   claims\n   other\n")
    write(book / "other.md", "# Other\n\n[that](#Law-b-Ö-by-age), {ref}`it <law-b-ö-by-age>`\n")
    suffixes = {".rst": "restructuredtext", ".md": "markdown"}
    built = build(book, extensions=("myst_parser", "civicquiz"), source_suffix=suffixes)
    assert [line for line in built.warnings if "lesson" not in line] == []
    page = built.page()
    for island in page.islands:
        assert island["anchor"] == "Law-b-Ö"
    for question in page.islands[0]["quiz"]["questions"]:
        assert page.html.count(f'id="Law-b-Ö-{question["id"]}"') == 1  # although the page has it twice
    assert len(built.page("other").all("a", href="index.html#Law-b-Ö-by-age")) == 2


def test_questions_option_chooses_and_orders(book: Path) -> None:
    write(book / "index.rst", "A page\n======\n\n.. quiz:: quizzes/law.yml\n   :questions: by-age, passed-in\n")
    page = build(book).page()
    (island,) = page.islands
    assert [question["id"] for question in island["quiz"]["questions"]] == ["by-age", "passed-in"]
    assert list(_key(island)) == ["by-age", "passed-in"]
    assert "Civil War" not in page.html
    assert "Question 2 of 2" in page.text


def test_path_is_relative_to_the_page_or_to_the_book_with_a_slash(book: Path) -> None:
    for name, path in (("one", "../quizzes/law.yml"), ("two", "/quizzes/law.yml")):
        write(book / "parts" / f"{name}.rst", f":orphan:\n\nA page\n======\n\n.. quiz:: {path}\n")
    built = build(book)
    assert built.warnings == []
    assert len(built.page("parts/one").islands) == len(built.page("parts/two").islands) == 1


def test_myst_page_works_like_a_restructuredtext_page(book: Path) -> None:
    pytest.importorskip("myst_parser")
    (book / "index.rst").unlink()
    (book / "claims.rst").unlink()
    text = "# A page\n\nCongress passed it.{claim}`h04`\n\n```{quiz} quizzes/law.yml\n:questions: by-age\n```\n"
    write(book / "index.md", text + "\n```{toctree}\nclaims\n```\n")
    write(book / "claims.md", "# Claims and sources\n\n```{claims} record\n```\n")
    built = build(book, extensions=("myst_parser", "civicquiz"))
    assert built.warnings == []
    assert [question["id"] for question in built.page().islands[0]["quiz"]["questions"]] == ["by-age"]
    assert built.page("claims").has_id("claim-h04")
    assert built.page().all("a", href="claims.html#claim-h04")


@pytest.mark.slow
def test_notebook_cell_becomes_the_quiz_and_leaves_no_widget(book: Path) -> None:
    pytest.importorskip("myst_nb")
    (book / "index.rst").unlink()
    write(
        book / "index.md",
        "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n# A page\n\n"
        "```{code-cell} ipython3\n:tags: [remove-input]\n\nimport civicquiz\n\n"
        'law = civicquiz.load("quizzes/law.yml")\ncivicquiz.show(law, ["by-age"])\n```\n\n'
        "```{code-cell} ipython3\nseen = civicquiz.show(law)\nseen.observe(print, names='result')\nseen\n```\n"
        "\n```{toctree}\nclaims\n```\n",
    )
    built = build(
        book,
        extensions=("myst_nb", "civicquiz"),
        nb_execution_mode="force",
        nb_execution_raise_on_error=True,
        nb_ipywidgets_js={},
    )
    assert [line for line in built.warnings if "civicquiz" in line] == []
    page = built.page()
    assert [len(island["quiz"]["questions"]) for island in page.islands] == [1, 5]
    assert "civicquiz-cell" not in page.html
    assert "application/vnd.jupyter.widget" not in page.html
    assert page.assets("quiz.js") == 1
    assert str(book) not in page.html


# ---- Files ----


def test_scripts_and_style_are_loaded_once_however_many_quizzes(book: Path) -> None:
    write(book / "index.rst", RST + "\n.. quiz:: quizzes/law.yml\n   :questions: by-age\n")
    page = build(book).page()
    assert len(page.islands) == 2
    assert [page.assets(name) for name in ASSETS] == [1, 1, 1, 1, 1, 0]


def test_page_without_a_quiz_loads_no_script(book: Path) -> None:
    write(book / "plain.rst", ":orphan:\n\nPlain\n=====\n\nJust words.\n")
    write(book / "cited.rst", ":orphan:\n\nCited\n=====\n\nCongress passed it. :claim:`h04`\n")
    built = build(book)
    assert [built.page("plain").assets(name) for name in ASSETS] == [0, 0, 0, 0, 0, 0]
    assert [built.page("cited").assets(name) for name in ASSETS] == [0, 0, 0, 1, 1, 0]
    assert built.page("cited").assets("claims.css") == 1
    assert not any(
        built.page("claims").assets(name) for name in ASSETS if name.endswith(".js")
    )  # its list has no filter
    for name in ASSETS:
        assert (built.folder / "_static" / "civicquiz" / name).is_file()


def test_loaded_files_belong_to_the_book(book: Path) -> None:
    page = build(book).page()
    for url in [found.get("src") for found in page.all("script")] + [found.get("href") for found in page.all("link")]:
        assert url is None or not re.match(r"(https?:)?//", url), url


def test_page_does_not_tell_where_it_was_built(book: Path) -> None:
    built = build(book)
    for name in ("index", "claims"):
        assert str(book.parent) not in built.page(name).html


def test_author_text_cannot_leave_the_data_or_the_page(book: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)><!--"
    text = QUIZ
    for words in (
        "A law of 1798",
        "John Adams was president.",
        "1917",
        "War of 1812",
        "Explanation of the year.",
        "years",
    ):
        assert words in text
        text = text.replace(words, f"{words} {evil}")
    text = text.replace('"1917', "'1917").replace('<!--"', "<!--'")
    text = text.replace("items: [first", f"items: ['{evil}'").replace("It covers US citizens.", f"It covers {evil}")
    write(book / "quizzes" / "law.yml", text)
    write(book / "seeds" / "record.yml", SEEDS.replace("The Act is of 1798.", f"The Act is of 1798. {evil}"))
    built = build(book)
    assert built.warnings == []
    for name in ("index", "claims"):
        page = built.page(name)
        assert page.all("img") == []
        assert "alert" not in "".join(re.findall(r"<script[^>]*>(?!\{)[^<]*", page.html))
    page = built.page()
    assert page.html.count("<script>alert") == 0
    assert len(page.islands) == 1
    assert evil in page.islands[0]["quiz"]["title"]


# ---- Claims ----


def test_claim_is_cited_by_number_and_says_who_says_what_where(book: Path) -> None:
    page = build(book).page()
    buttons = [found for found in page.all("button") if "popovertarget" in found]
    assert [found["aria-label"] for found in buttons] == ["Note 1", "Note 2", "Note 1"]
    for found in buttons:
        assert page.has_id(str(found["popovertarget"]))
        assert found["aria-describedby"] == found["popovertarget"]
    assert "Congress (the legislature): text of a law, July 6, 1798" in page.text
    assert "A marshal: count, 1918" in page.text
    for words in ("passed it.\u20601", "was counted.\u20602", "The Act is of 1798.", "An Act respecting Alien Enemies"):
        assert words in page.text
    assert page.all("a", href="https://example.org/act")


MARKED = """
Marks
=====

A word. {claim}
A line ends.
{claim}
*Emphasis* {claim} and ``code``
{claim}

{claim} At the start.
"""


def test_mark_stays_in_the_line_of_what_is_before_it(book: Path) -> None:
    """Whatever that is, and with no space before the mark: a mark alone at the start of a line belongs to nothing."""
    write(book / "marks.rst", ":orphan:\n" + MARKED.replace("{claim}", ":claim:`h04`"))
    html = build(book).page("marks").html
    before = re.findall(r'(.{3,5})<span class="civicquiz-claim" id="[^"]+">(.*?)<sup>', html)
    assert before == [
        ("word.", "&#8288;"),
        ("ends.", "&#8288;"),
        ("</em>", "&#8288;"),
        ("code>", "&#8288;"),
        ("<p>", ""),
    ]


def test_control_of_the_marks_is_below_the_title_of_pages_with_citations_only(book: Path) -> None:
    write(book / "plain.rst", ":orphan:\n\nPlain\n=====\n\nJust words.\n")
    built = build(book)
    assert 'class="civicquiz-marks"' not in built.page("plain").html
    before, control, after = re.split(r'(<p class="civicquiz-marks".*?</p>)', built.page().html, flags=re.DOTALL)
    assert control == '<p class="civicquiz-marks" lang="en"><button type="button">Show notes</button></p>'
    assert re.search(r"</h1>\s*$", before)
    assert "civicquiz-claim" in after
    assert "Show notes" not in build(book, "text").text("index.txt")


def test_page_in_another_language_has_its_marks_in_it_and_its_notes_in_that_of_the_book(book: Path) -> None:
    """The claims, and what is said about them, are in the language of the book wherever they are cited."""
    write(book / "resumen.rst", f":orphan:\n:lang: es\n\n{RST}\n:term:`Act`\n")
    write(book / "glossary.rst", ":orphan:\n\nGlossary\n========\n\n.. glossary::\n\n   Act\n      A law.\n")
    built = build(book)
    for name, language, label, control in (
        ("index", "en", "Note 1", "Show notes"),
        ("resumen", "es", "Nota 1", "Mostrar las notas"),
    ):
        page = built.page(name)
        marks = [found for found in page.all("button") if found.get("aria-label")]
        assert marks[0]["aria-label"] == label
        assert {found["lang"] for found in marks} == {language}
        assert f'<p class="civicquiz-marks" lang="{language}"><button type="button">{control}<' in page.html
        notes = [found for found in page.all("span") if found.get("popover")]
        assert len(notes) == (4 if name == "resumen" else 3)
        assert {found["lang"] for found in notes} == {"en"}


def test_numbers_of_claims_start_again_on_every_page(book: Path) -> None:
    write(book / "more.rst", ":orphan:\n\nMore\n====\n\nCounted. :claim:`h20` Passed. :claim:`h04`\n")
    buttons = build(book).page("more").all("button")
    labels = [found["aria-label"] for found in buttons if "popovertarget" in found]
    assert labels == ["Note 1", "Note 2"]


def test_one_mark_cites_several_claims_and_its_note_lists_them(book: Path) -> None:
    text = RST.replace(":claim:`h20`", ":claim:`h20\nh04 h20`")
    write(book / "index.rst", text + "\n.. toctree::\n\n   claims\n")
    built = build(book)
    assert built.warnings == []
    page = built.page()
    assert [found["aria-label"] for found in page.all("button") if "popovertarget" in found] == [
        "Note 1",
        "Note 2",
        "Note 1",
    ]
    note = page.html.split('id="cite-index-2-note"')[1].split('id="cite-index-3-note"')[0]
    listed = note.split('role="listitem"')[1:]
    assert len(listed) == 2
    for claim, text in zip(("h20", "h04"), listed, strict=True):
        assert f'href="claims.html#claim-{claim}"' in text
    assert "A marshal: count, 1918" in listed[0]
    assert 'href="https://example.org/act"' in listed[1]
    for claim in ("h04", "h20"):
        entry = built.page("claims").html.split(f'id="claim-{claim}"')[1].split("</dd>")[0]
        assert 'href="index.html#cite-index-2"' in entry
    assert "[h20, h04]" in build(book, "text").text("index.txt")


def test_claims_page_lists_every_claim_of_the_file_with_its_source_and_standing(book: Path) -> None:
    page = build(book).page("claims")
    for claim in ("h04", "h20", "h30", "h60", "h99"):
        assert page.has_id(f"claim-{claim}")
    for words in (
        "section 1",
        "1918 is after 1798.",
        "worked out from other claims",
        "no record says so",
        "Not verified",
        "After November 2024.",
    ):
        assert words in page.text
    assert page.all("a", href="https://example.org/act")


def test_claims_page_speaks_the_language_of_the_book(book: Path) -> None:
    page = build(book, language="es").page("claims")
    labels = ("texto de una ley, 6 de julio de 1798", "Después de noviembre de 2024.", "Fuente:", "Cómo se deduce:")
    for words in (*labels, "Citada en:", "Sin verificar, y no se cita en ninguna parte:"):
        assert words in page.text
    for words in ("text of a law", "After", "Source:", "Cited in:", "Not verified"):
        assert words not in page.text


def test_claims_page_links_back_to_every_place_that_cites_it(book: Path) -> None:
    built = build(book)
    listing = built.page("claims")
    entry = listing.html.split('id="claim-h04"')[1].split('id="claim-h20"')[0]
    back = re.findall(r'href="(index\.html#[^"]+)"', entry)
    assert len(back) == 2  # the mark that the page has twice is listed once
    for address in back:
        assert built.page().has_id(address.partition("#")[2])
    assert "A page" in Page(entry).text
    assert "href" not in listing.html.split('id="claim-h60"')[1].split('id="claim-h99"')[0]


def test_claims_page_has_titles_as_text_and_the_locator_with_the_first_source(book: Path) -> None:
    """Whatever is in the titles of pages and quizzes; and quotation marks as in the text of a page."""
    write(book / "quizzes" / "law.yml", QUIZ.replace("A law of 1798", "'\"Law\" of 1798'", 1))
    seeds = SEEDS.replace("sources: [act-1798]", "sources: [act-1798, tally]").replace("of 1798.", '"of" 1798.')
    write(book / "seeds" / "record.yml", seeds)
    write(book / "claims.md", "# Claims\n\n```{claims} record\n```\n")
    (book / "claims.rst").unlink()
    title = "# *Who* says <span lang='es'>`qué` & cómo</span>?"
    write(book / "index.md", f"{title}\n\n{{claim}}`h04`\n\n```{{quiz}} quizzes/law.yml\n```\n")
    (book / "index.rst").unlink()
    write(book / "progress.rst", PROGRESS)
    suffixes = {".md": "markdown", ".rst": "restructuredtext"}
    built = build(book, extensions=("civicquiz", "myst_parser"), source_suffix=suffixes)
    entry = Page(built.page("claims").html.split('id="claim-h04"')[1].split("</dd>")[0]).text
    assert "Cited in: Who says qué & cómo? [1], quiz “‘Law’ of 1798”" in entry
    assert "United States Congress (July 6, 1798), section 1; A count. Marshals Service" in entry
    assert "The Act is “of” 1798." in entry
    assert "The Act is “of” 1798." in built.page().text  # in the note
    for page in ("claims", "index", "progress"):
        assert not re.search(r"&lt;/?\w+", built.page(page).html.partition("<body")[2]), page


def test_every_link_to_a_claim_leads_to_the_page_that_lists_it(book: Path) -> None:
    claim = "{id: k04, text: More., speaker: us, statement: count, as_of: '2024', sources: [tally]}"
    write(book / "seeds" / "second.yml", f"claims:\n  - {claim}\n")
    write(book / "a-second-list.rst", ":orphan:\n\nA second list\n=============\n\n.. claims:: second\n")
    write(book / "index.rst", RST.replace("Once more.", "Once more. :claim:`k04` "))
    built = build(book)
    links = [str(found["href"]) for found in built.page().all("a") if "#claim-" in str(found.get("href"))]
    assert {link.partition("#")[2] for link in links} >= {"claim-h04", "claim-k04"}
    for link in links:
        address, _, anchor = link.partition("#")
        assert built.page(address.removesuffix(".html")).has_id(anchor), link


def test_claim_in_the_key_links_to_the_claims_page(book: Path) -> None:
    key = _key(build(book).page().islands[0])
    assert [source["href"] for source in key["wars"]["sources"]] == ["claims.html#claim-h04", "claims.html#claim-h20"]


def test_claims_cited_by_a_quiz_are_among_the_links_back(book: Path) -> None:
    built = build(book)
    entry = built.page("claims").html.split('id="claim-h30"')[1].split('id="claim-h60"')[0]
    (address,) = re.findall(r'href="(index\.html#[^"]+)"', entry)
    assert built.page().has_id(address.partition("#")[2])


# ---- Warnings ----


def _warning(built: Built, words: str) -> str:
    (line,) = [line for line in built.warnings if words in line]
    return line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Passed. :claim:`h40`", "there is no claim 'h40'"),
        ("Used. :claim:`h99`", "claim 'h99' is not verified"),
        ("Used. :claim:`h04 h99 h40`", "claim 'h99' is not verified"),
        ("Used. :claim:`h04 h99 h40`", "there is no claim 'h40'"),
        (".. claims:: nope", "no claims in seeds/nope.yml"),
        (".. quiz:: quizzes/law.yml\n   :questions: nope", "no question 'nope'"),
        (".. quiz:: quizzes/nope.yml", "nope.yml"),
    ],
)
def test_mistake_on_a_page_is_a_warning_at_its_line(book: Path, line: str, words: str) -> None:
    write(book / "index.rst", f"A page\n======\n\nWords.\n\n{line}\n")
    warning = _warning(build(book), words)
    assert warning.startswith(f"{book / 'index.rst'}:6: WARNING: ")


def test_warnings_are_of_a_type_that_can_be_silenced(book: Path) -> None:
    write(book / "index.rst", "A page\n======\n\nPassed. :claim:`h40`\n\n.. quiz:: quizzes/nope.yml\n")
    assert [line for line in build(book, suppress_warnings=["civicquiz"]).warnings if "toctree" not in line] == []


def test_mistake_in_a_quiz_is_a_warning_at_its_line_in_the_quiz(book: Path) -> None:
    write(book / "quizzes" / "law.yml", QUIZ.replace("    tolerance: 0.5\n", "").replace("answer: false", "answer: no"))
    built = build(book)
    line = QUIZ.splitlines().index("  - id: citizens") + 1
    assert _warning(built, "'answer' must be true or false").startswith(f"{book / 'quizzes' / 'law.yml'}:{line + 3}:")
    assert "'tolerance' is missing" in _warning(built, "by-age")
    assert built.page().islands == []


def test_broken_seed_file_is_a_warning_at_its_line(book: Path) -> None:
    write(book / "seeds" / "record.yml", SEEDS.replace("statement: count", "statement: rumour", 1))
    built = build(book)
    line = next(number for number, text in enumerate(SEEDS.splitlines(), 1) if "h20" in text)
    assert any(f"record.yml:{line}" in warning for warning in built.warnings)


def test_warnings_stop_a_build_that_asks_for_it(book: Path) -> None:
    write(book / "index.rst", "A page\n======\n\nPassed. :claim:`h40`\n")
    done = _sphinx_build(book, "-W", "--keep-going")
    assert done.returncode == 1
    assert "there is no claim 'h40'" in done.stderr


# ---- Other builders ----


def test_text_builder_writes_prompts_options_and_answers(book: Path) -> None:
    built = build(book, "text")
    assert built.warnings == []
    text = built.text("index.txt")
    for words in (
        "A law of 1798",
        "Question 1 of 5",
        "War of 1812",
        "Correct answer: 14 years",
        "Explanation of the year.",
    ):
        assert words in text
    assert "[h04]" in text  # nothing opens in plain text; the list of claims shows the same id
    assert "Show the answer" not in text
    assert "The Act is of 1798." in built.text("claims.txt")


def test_latex_builder_writes_prompts_options_and_answers(book: Path) -> None:
    built = build(book, "latex")
    assert built.warnings == []
    (text,) = [file.read_text("utf-8") for file in built.folder.glob("*.tex")]
    for words in ("A law of 1798", "War of 1812", "Correct answer: 14 years", "The Act is of 1798."):
        assert words in text
    assert "application/json" not in text


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml", "pseudoxml", "man", "gettext"])
def test_other_builders_do_not_stumble(book: Path, builder: str) -> None:
    built = build(book, builder)
    assert [line for line in built.warnings if "man_pages" not in line] == []


def test_links_to_claims_hold_in_a_book_of_one_page(book: Path) -> None:
    page = build(book, "singlehtml").page()
    for found in page.all("a"):
        address, _, anchor = str(found.get("href")).partition("#")
        if "claim-" in anchor or "cite-" in anchor:
            assert address in ("", "index.html")
            assert page.has_id(anchor), found


# ---- Building again ----


def test_page_is_read_again_when_its_quiz_changes(book: Path) -> None:
    build(book)
    write(book / "quizzes" / "law.yml", QUIZ.replace("From what age", "At what age"))
    os.utime(book / "quizzes" / "law.yml", ns=(2**62, 2**62))
    page = build(book).page()
    assert "At what age" in page.text
    assert "At what age" in page.islands[0]["quiz"]["questions"][3]["prompt"]


def test_page_is_read_again_when_a_claim_changes(book: Path) -> None:
    build(book)
    write(book / "seeds" / "record.yml", SEEDS.replace("The Act is of 1798.", "The Act is of July 1798."))
    os.utime(book / "seeds" / "record.yml", ns=(2**62, 2**62))
    built = build(book)
    assert "The Act is of July 1798." in built.page().text
    assert "The Act is of July 1798." in built.page("claims").text


def test_page_that_only_cites_is_read_again_when_a_claim_changes(book: Path) -> None:
    write(book / "cited.rst", ":orphan:\n\nCited\n=====\n\nPassed. :claim:`h04`\n")
    build(book)
    write(book / "seeds" / "record.yml", SEEDS.replace("The Act is of 1798.", "The Act is of July 1798."))
    os.utime(book / "seeds" / "record.yml", ns=(2**62, 2**62))
    assert "The Act is of July 1798." in build(book).page("cited").text


def test_page_is_read_again_when_a_broken_or_missing_quiz_is_fixed(book: Path) -> None:
    file = book / "quizzes" / "law.yml"
    for broken in ("title: x\n", None):
        file.unlink()
        if broken:
            write(file, broken)
        assert build(book).warnings
        write(file, QUIZ)
        assert len(build(book).page().islands) == 1


def test_quiz_that_cannot_be_shown_warns_in_every_build(book: Path) -> None:
    write(book / "quizzes" / "law.yml", QUIZ.replace("prompt:", "promt:"))
    for _ in range(3):
        assert any("promt" in warning for warning in build(book).warnings)


def test_translation_that_is_added_or_taken_away_changes_the_page(book: Path) -> None:
    quiz = "title: T\nquestions:\n- {id: a, type: true-false, prompt: Odd?, answer: true, cites: [h04]}\n"
    write(book / "quizzes" / "law.yml", quiz)
    assert "languages" not in build(book).page().islands[0]["quiz"]
    translation = "title: T\nquestions:\n- {id: a, prompt: \u00bfImpar?}\n"
    spanish = write(book / "quizzes" / "law.es.yml", translation)
    assert build(book).page().islands[0]["quiz"]["languages"] == ["en", "es"]
    spanish.unlink()
    assert "languages" not in build(book).page().islands[0]["quiz"]


def test_words_of_the_interface_are_once_on_a_page_with_several_quizzes(book: Path) -> None:
    """Each quiz has those that none above it has, in each of its languages."""
    start, end = "title: {}\nquestions: [{{id: a, prompt: How?, type: ", ", cites: [h04]}}]\n"
    single, number = f"{start}true-false, answer: true{end}", f"{start}numeric, answer: 3, tolerance: 0{end}"
    for name, text in {"one": single, "two": single, "three": number}.items():
        write(book / "quizzes" / f"{name}.yml", text.format(name))
    write(book / "quizzes" / "two.es.yml", "title: dos\nquestions: [{id: a, prompt: ¿Sí?}]\n")
    directives = "\n\n".join(f".. quiz:: quizzes/{name}.yml" for name in ("one", "two", "three"))
    write(book / "index.rst", f"A page\n======\n\n{directives}\n")
    one, two, three = (island["quiz"] for island in build(book).page().islands)
    assert one["strings"]["check"] == "Check"
    assert two["strings"] == {}
    assert two["translations"]["es"]["strings"]["check"] == "Comprobar"
    assert "write_number" in three["strings"]
    assert not one["strings"].keys() & three["strings"].keys()


def test_page_is_read_again_when_a_file_that_its_quiz_takes_questions_from_changes(book: Path) -> None:
    """Also its translations and images, and a file that comes only later."""
    write(book / "quizzes" / "law.yml", "title: T\nquestions: [{from: ../bank/all.yml}]\n")
    assert any("there is no such file" in warning for warning in build(book).warnings)
    write(book / "bank" / "all.yml", "title: T\nquestions: [{from: more/odd.yml}]\n")
    question = "{id: a, type: true-false, prompt: 'Odd? ![x](x.svg)', answer: true, cites: [h04]}"
    bank = write(book / "bank" / "more" / "odd.yml", f"title: T\nquestions: [{question}]\n")
    image = write(bank.with_name("x.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    built = build(book)
    assert "Odd?" in built.page().text
    assert built.warnings == []

    def later(file: Path, text: str) -> Any:
        write(file, text)
        os.utime(file, ns=(2**62, 2**62))
        return build(book).page().islands[0]["quiz"]

    before = build(book).page().islands[0]["quiz"]
    after = later(image, '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>')
    assert before["questions"][0]["prompt"] != after["questions"][0]["prompt"]
    assert "Even?" in later(bank, bank.read_text("utf-8").replace("Odd?", "Even?"))["questions"][0]["prompt"]
    write(book / "quizzes" / "law.es.yml", "title: T\nquestions: [{id: a, prompt: '\u00bfUno?'}]\n")
    assert build(book).page().islands[0]["quiz"]["translations"]["es"]["questions"][0]["prompt"] == "\u00bfUno?"
    write(book / "quizzes" / "law.es.yml", "title: T\n")
    assert any("'questions' is missing" in warning for warning in build(book).warnings)
    write(bank.with_name("odd.es.yml"), "questions: [{id: a, prompt: '\u00bfPar?'}]\n")
    assert build(book).page().islands[0]["quiz"]["translations"]["es"]["questions"][0]["prompt"] == "\u00bfPar?"


def test_quizzes_of_one_name_in_two_folders_are_told_apart(book: Path) -> None:
    (book / "more").mkdir()
    write(book / "more" / "law.yml", QUIZ)
    write(book / "more.rst", ":orphan:\n\nMore\n====\n\n.. quiz:: more/law.yml\n")
    built = build(book)
    assert built.page().islands[0]["path"] == "quizzes/law"
    assert built.page("more").islands[0]["path"] == "more/law"
    assert built.warnings == []  # the two are the same


def test_different_quizzes_of_one_name_are_a_warning(book: Path) -> None:
    (book / "more").mkdir()
    write(book / "more" / "law.yml", QUIZ.replace("A law of 1798", "Another law"))
    write(book / "more.rst", ":orphan:\n\nMore\n====\n\n.. quiz:: more/law.yml\n")
    (warning,) = build(book).warnings
    assert "another quiz in this book is also named 'law'" in warning
    assert "more.rst" in warning


def test_answers_are_shown_as_they_have_to_be_typed(book: Path) -> None:
    quiz = "title: T\nquestions:\n- {id: a, type: short-text, prompt: p, accept: ['--all'], cites: [h04]}\n"
    quiz += "- {id: b, type: order, prompt: p, items: [\"'one'\", 'two...'], cites: [h04]}\n"
    write(book / "quizzes" / "signs.yml", quiz)
    write(book / "signs.rst", ":orphan:\n\nSigns\n=====\n\n.. quiz:: quizzes/signs.yml\n")
    text = build(book).page("signs").text
    for literal in ("--all", "'one'", "two..."):
        assert literal in text


def test_claims_page_forgets_a_citation_that_is_gone(book: Path) -> None:
    write(book / "more.rst", ":orphan:\n\nMore\n====\n\nCounted. :claim:`h60`\n")
    assert "more.html#" in build(book).page("claims").html
    write(book / "more.rst", ":orphan:\n\nMore\n====\n\nNothing more.\n")
    assert "more.html#" not in build(book).page("claims").html
    (book / "more.rst").unlink()
    assert "More" not in build(book).page("claims").text


def test_book_built_again_in_parts_has_the_same_claims_page_as_a_new_one(book: Path) -> None:
    for name in "abc":
        write(book / f"{name}.rst", f":orphan:\n\nPage {name}\n======\n\nPassed. :claim:`h04`\n")
    fresh = build(book).page("claims").html
    write(book / "a.rst", ":orphan:\n\nPage a\n======\n\nPassed. :claim:`h04` More words.\n")
    assert build(book).page("claims").html == fresh


def _sphinx_build(book: Path, *options: str, out: str = "html") -> subprocess.CompletedProcess[str]:
    write(
        book / "conf.py", 'extensions = ["civicquiz"]\nhtml_theme = "basic"\nexclude_patterns = ["_build", "lessons"]\n'
    )
    folder = book.parent / f"out-{out}"
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-d", str(folder / "doctrees"), *options]
    return subprocess.run([*command, str(book), str(folder / "html")], capture_output=True, text=True)


@pytest.mark.slow
def test_parallel_build_writes_the_same_pages(book: Path) -> None:
    for number in range(12):
        text = f":orphan:\n\nPage {number}\n=======\n\nPassed. :claim:`h04` Counted. :claim:`h20`\n\n"
        write(book / f"page-{number:02}.rst", text + ".. quiz:: quizzes/law.yml\n")
    write(book / "progress.rst", PROGRESS)
    for out, options in (("serial", ("-j", "1")), ("parallel", ("-j", "2"))):
        done = _sphinx_build(book, "-W", *options, out=out)
        assert done.returncode == 0, done.stderr
    for name in ("claims", "index", "page-03", "progress"):
        serial, parallel = (book.parent / f"out-{out}" / "html" / f"{name}.html" for out in ("serial", "parallel"))
        assert serial.read_text("utf-8") == parallel.read_text("utf-8")


def test_notebooks_know_of_the_book_only_while_it_is_built(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIVICQUIZ_BOOK", raising=False)
    build(book)
    assert "CIVICQUIZ_BOOK" not in os.environ


# ---- Builders with one page, and e-books ----


def test_in_a_book_of_one_page_ids_are_unique_and_every_link_leads_somewhere(book: Path) -> None:
    write(book / "more.rst", "More\n====\n\nCounted. :claim:`h20` Passed. :claim:`h04`\n\n.. quiz:: quizzes/law.yml\n")
    write(book / "progress.rst", PROGRESS)
    write(book / "index.rst", RST + "\n.. toctree::\n\n   more\n   progress\n   claims\n")
    page = build(book, "singlehtml").page()
    ids = re.findall(r'\bid="([^"]+)"', page.html)
    assert sorted(ids) == sorted(set(ids))
    targets = re.findall(r'href="(?:index\.html)?#([^"]+)"', page.html)
    assert [target for target in targets if target.startswith(("cite-", "quiz-", "claim-"))]
    assert set(targets) <= set(ids)


def test_e_book_is_well_formed_and_carries_no_key(book: Path) -> None:
    write(book / "progress.rst", PROGRESS)
    built = build(book, "epub", epub_show_urls="no", version="1", copyright="2026")
    for path in built.folder.glob("*.xhtml"):
        text = path.read_text("utf-8")
        ElementTree.fromstring(re.sub(r"&(?!amp|lt|gt|quot|apos|#)\w+;", "", text))
        assert "application/json" not in text
    assert "Correct answer" in built.text("index.xhtml")


@pytest.mark.parametrize("builder", ["text", "latex", "html"])
def test_every_type_can_be_read_where_nothing_runs(tmp_path: Path, builder: str) -> None:
    """All examples on one page: the prompt, the choices, and the answer."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("course"))
    examples = sorted((tmp_path / "examples").glob("*.yml"))
    quizzes = "".join(f".. quiz:: examples/{path.name}\n\n" for path in examples)
    write(tmp_path / "index.rst", f"All\n===\n\n{quizzes}")
    built = build(tmp_path, builder)
    assert built.warnings == []
    if builder == "text":
        text = " ".join(built.text("index.txt").split())
        for words in (
            "______",
            "[6,300 people",
            "Sedition Act: made some writing",
            "First use: 1812",
            "Correct answer: executive",
        ):
            assert words in text, words


# ---- Terms ----

GLOSSARY = """
.. glossary::

   Habeas corpus
      Asking a judge whether someone is <held> lawfully :claim:`h04`

      A second meaning
"""


def test_term_opens_its_meanings_from_the_glossary_in_place(book: Path) -> None:
    write(book / "words.rst", "Words\n=====\n" + GLOSSARY)
    write(book / "index.rst", RST + "\nAsk for :term:`habeas corpus`.\n\n.. toctree::\n\n   claims\n   words\n")
    built = build(book)
    assert built.warnings == []
    page = built.page()
    (button,) = [found for found in page.all("button") if "term-" in str(found.get("popovertarget"))]
    assert button["aria-describedby"] == button["popovertarget"]
    assert page.has_id(str(button["popovertarget"]))
    assert "Asking a judge whether someone is &lt;held&gt; lawfully</span><span>A second meaning</span>" in page.html
    assert page.all("a", href="words.html#term-Habeas-corpus")
    # The numbers of citations stay with the glossary.
    assert "[h04]</span>" not in page.html


def test_punctuation_stays_in_the_line_of_its_term(book: Path) -> None:
    """Lines may break around a button; spaces before and after it are all that is left to break at."""
    write(book / "words.rst", "Words\n=====\n" + GLOSSARY)
    text = '":term:`habeas corpus`", a :term:`habeas corpus` and (:term:`habeas corpus`)'
    write(book / "index.rst", f"{RST}\n{text}\n\n.. toctree::\n\n   claims\n   words\n")
    html = build(book).page().html
    found = re.findall(r'<span class="civicquiz-term">(.*?)<button.*?</button>(.*?)</span>', html)
    assert found == [("&#8288;", "&#8288;"), ("", ""), ("&#8288;", "&#8288;")]


def test_term_stays_a_reference_where_no_note_can_open(book: Path) -> None:
    write(book / "index.rst", RST + GLOSSARY + "\nAsk for :term:`habeas corpus`.\n\n.. toctree::\n\n   claims\n")
    built = build(book, "text")
    assert built.warnings == []
    assert "Ask for *habeas corpus*." in built.text("index.txt")


def test_page_without_feedback_has_no_id_that_an_author_chose_and_no_order_of_the_key(tmp_path: Path) -> None:
    """Everything on it is what a released copy has, in every language."""
    text = """\
title: An exam
feedback: none
questions:
  - id: one
    type: single-choice
    prompt: One of them.
    options: [{text: War of 1812, id: zz-wrong-1}, {text: World War I, id: zz-right, correct: true}]
  - id: two
    type: order
    prompt: In order.
    items: [{text: later, id: zz-y1812}, {text: sooner, id: zz-y1798}]
  - id: three
    type: categorize
    prompt: Sort them.
    categories: [{text: law, id: zz-law}, {text: opinion, id: zz-opinion}]
    items: [{text: b, category: opinion, id: zz-opinion-1}, {text: a, category: law, id: zz-law-1}]
  - id: four
    type: timeline
    prompt: When?
    events: [{text: the Act, id: zz-1798, year: 1798}, {text: the war, id: zz-1812, year: 1812}]
    start: 1780
    end: 1820
    tolerance: 1
    reach: 5
  - id: five
    type: cloze
    prompt: Fill in.
    text: "In [[zz-year-1798]]."
    gaps: {zz-year-1798: {type: numeric, answer: 1798, tolerance: 0}}
"""
    write(tmp_path / "exam.yml", text)
    write(tmp_path / "exam.es.yml", text.replace("An exam", "Un examen").replace("sooner", "antes"))
    write(tmp_path / "index.rst", "A book\n======\n\n.. quiz:: exam.yml\n")
    built = build(tmp_path)
    assert built.warnings == []
    page = built.text("index.html")
    assert "zz-" not in page
    assert "antes" in page
    public = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[0])["quiz"]
    assert public["version"] in accepted_versions(civicquiz.load(tmp_path / "exam.yml"))


# ---- The quizzes of a book ----


def _parts(book: Path) -> None:
    """A page before the index page's quiz that has one of its questions, and a page that lists the quizzes."""
    write(book / "first.rst", "First\n=====\n\n.. quiz:: quizzes/law.yml\n   :questions: wars\n")
    write(book / "sub" / "progress.rst", PROGRESS)
    text = "Book\n====\n\n.. toctree::\n\n   first\n   law\n   claims\n"
    write(book / "index.rst", text)
    write(book / "law.rst", RST.replace("quizzes/law.yml", "quizzes/law.yml\n   :questions: citizens, passed-in"))


def _content_of_script(built: Built, page: str, address: str) -> dict[str, Any]:
    """What a script puts where ``progress.js`` finds it."""
    file = (built.folder / page).parent / address.partition("?")[0]
    start, _, content = file.read_text("utf-8").partition("] = ")
    assert start == '(civicquiz.contents ??= {})["quizzes/law"'
    return dict(json.loads(content.removesuffix(";\n")))


def test_quizzes_are_listed_with_the_page_that_has_most_of_their_questions(book: Path) -> None:
    _parts(book)
    built = build(book)
    assert built.warnings == []
    page = built.page("sub/progress")
    island, review = page.islands
    assert review["quizzes"] == island["quizzes"]
    (listed,) = island["quizzes"]
    assert {name: listed[name] for name in ("path", "language", "page", "elsewhere")} == {
        "path": "quizzes/law",
        "language": "en",
        "page": "../law.html",
        "elsewhere": {"wars": "../first.html"},
    }
    links = [found["href"] for found in page.all("a") if "law.html" in str(found.get("href"))]
    assert links == ["../law.html", "../law.html#law-passed-in"]
    assert " ".join(page.text.split()).count("A law of 1798: Questions: 3") == 1
    content = _content_of_script(built, "sub/progress", listed["script"])
    assert [question["id"] for question in content["quiz"]["questions"]] == ["passed-in", "wars", "citizens"]
    assert content["path"] == "quizzes/law"
    assert list(content["versions"]) == ["passed-in", "wars", "citizens"]
    claims = key_content(content["key"])["claims"]
    assert claims["h04"]["href"] == "../claims.html#claim-h04"  # from the page that has the list


def test_a_page_that_lists_quizzes_gets_the_scripts_that_grade_them_and_other_pages_do_not(book: Path) -> None:
    _parts(book)
    built = build(book)
    needed = ("grading.js", "page.js", "progress.js", "progress.css", "interactions/number_entry.js", "review.js")
    listed, cited = built.page("sub/progress"), built.page("claims")
    assert [listed.assets(name) for name in needed] == [1, 1, 1, 1, 0, 1]
    assert [cited.assets(name) for name in needed] == [0] * 6
    scripts = [str(found.get("src")) for found in listed.all("script")]
    positions = [
        next(n for n, url in enumerate(scripts) if f"/{name}" in url) for name in ("index.umd.js", "review.js")
    ]
    assert positions == sorted(positions)
    assert "Permission is hereby granted" in built.text("_static/civicquiz/ts-fsrs-5.4.2/LICENSE")
    write(book / "sub" / "progress.rst", PROGRESS.replace(".. quiz-review::", ""))
    listed = build(book).page("sub/progress")
    assert [listed.assets(name) for name in ("progress.js", "review.js", "ts-fsrs-5.4.2/index.umd.js")] == [1, 0, 0]
    assert built.page("law").assets("progress.js") == 0


def test_list_of_quizzes_follows_every_change_of_the_book(book: Path) -> None:
    write(book / "progress.rst", PROGRESS)
    first = build(book).page("progress")
    write(book / "index.rst", RST + "\nMore words.\n\n.. toctree::\n\n   claims\n")
    again = build(book).page("progress")
    assert again.html == first.html
    write(book / "quizzes" / "other.yml", QUIZ.replace("A law of 1798", "Another law"))
    write(book / "other.rst", ":orphan:\n\nOther\n=====\n\n.. quiz:: quizzes/other.yml\n")
    assert "Another law: Questions: 5" in build(book).page("progress").text
    (book / "other.rst").unlink()
    assert "Another law" not in build(book).page("progress").text


def test_list_of_quizzes_can_be_read_in_every_builder_and_speaks_the_language_of_its_page(book: Path) -> None:
    write(book / "progress.rst", PROGRESS)
    text = build(book, "text").text("progress.txt")
    assert "A law of 1798: Questions: 5" in text
    assert "shows how far you are" not in text
    assert "come up again here after some days" in " ".join(text.split())
    assert build(book, "latex").warnings == []
    write(book / "progress.rst", ":lang: es\n" + PROGRESS)
    page = build(book).page("progress")
    assert "Preguntas: 5" in page.text
    assert page.islands[0]["strings"]["quiz_open"] == "sin empezar"


def test_list_on_a_page_in_spanish_has_titles_in_spanish_and_leads_to_quizzes_in_spanish(book: Path) -> None:
    """What there is in English only is marked as English, for screen readers."""
    questions = "questions:\n- {id: a, type: true-false, prompt: Odd?, answer: true, cites: [h04]}\n"
    for name in ("law", "other"):
        write(book / "quizzes" / f"{name}.yml", f"title: The {name}\n{questions}")
    write(book / "quizzes" / "law.es.yml", "title: La ley\nquestions:\n- {id: a, prompt: \u00bfImpar?}\n")
    write(book / "index.rst", RST + "\n.. quiz:: quizzes/other.yml\n")
    for language, expected in (
        ("es", [("index.html", "en"), ("index.html?lang=es#law-a", "es"), ("index.html#other-a", "en")]),
        ("es-MX", [("index.html", "en"), ("index.html?lang=es#law-a", "es"), ("index.html#other-a", "en")]),
        ("en", [("index.html", "en"), ("index.html#law-a", "en"), ("index.html#other-a", "en")]),
    ):
        write(book / "progress.rst", f":lang: {language}\n{PROGRESS}")
        page = build(book).page("progress")
        links = [(found["href"], found["lang"]) for found in page.all("a") if found.get("lang")]
        assert links == expected
        assert ("La ley: Preguntas: 1" in page.text) == (language != "en")
        assert [listed["page"] for listed in page.islands[0]["quizzes"]] == [
            address.partition("#")[0] for address, _ in expected[1:]
        ]


def test_a_quiz_without_feedback_is_listed_without_a_key_and_picks_count(book: Path) -> None:
    write(book / "quizzes" / "law.yml", QUIZ.replace("questions:", "feedback: none\npick: 2\nquestions:", 1))
    write(book / "progress.rst", PROGRESS)
    built = build(book)
    page = built.page("progress")
    assert "A law of 1798: Questions: 2" in page.text
    (listed,) = page.islands[0]["quizzes"]
    assert "key" not in _content_of_script(built, "progress", listed["script"])
