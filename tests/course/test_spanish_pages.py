"""The pages in Spanish: each says what its English page says, and what they lead to is in Spanish where it can be."""

from __future__ import annotations

import json
import posixpath
import re

import pytest
from material import PACKAGE, ROOT

SUMMARY = "course/resumen.md"
#: Page in Spanish -> the page in English, and the heading of the section that it translates, or "" for the whole page.
PAGES = {
    "course/es/before.md": ("course/before.md", ""),
    "course/es/after.md": ("course/after.md", ""),
    "course/es/families.md": ("course/teaching.md", "What to tell families"),
    "course/es/privacy.md": ("course/privacy.md", ""),
    "course/es/progress.md": ("course/progress.md", ""),
}
LINK = re.compile(r"\[((?:<[^>]*>|[^\]])*)\]\(([^)]*)\)")


def text_of(page: str, section: str = "") -> str:
    """What is below the title of a page, or of a section, without front matter, cells and tags."""
    text = re.sub(r"\A---\n.*?\n---\n", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"^```\{code-cell\}.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    _, _, below = re.sub(r"<[^>]*>", "", text).partition(f"# {section}")
    body = below.partition("\n")[2]
    return re.split(r"^## ", body, flags=re.MULTILINE)[0] if section else body


def outline(text: str) -> list[str]:
    """Its parts in order: headings, rows with their number of cells, entries of lists, paragraphs, quoted or not."""
    parts = []
    for block in re.split(r"\n\s*\n", text.strip()):
        for line in re.sub(r"\n(?![-|>])", " ", block).splitlines():
            start = re.match(r"#+|- |\||>|", line.strip())
            assert start
            parts.append("|" * line.count("|") or start[0] or "paragraph")
    return [part for part, before in zip(parts, ["", *parts], strict=False) if not part == before == ">"]


def links(page: str, text: str) -> list[str]:
    """Where its links lead: web addresses, labels, and files as seen from the root, without query and section."""
    found = []
    for _, address in LINK.findall(text):
        if not re.match(r"https:|#", address):
            path = re.split(r"[?#]", address)[0]
            address = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        found.append(address)
    return found


def has_quiz(page: str) -> bool:
    return bool(re.search(r"civicquiz\.show\(|^```\{quiz\}", (ROOT / page).read_text("utf-8"), re.MULTILINE))


def words(language: str) -> dict[str, str]:
    """The words of the interface, by name."""
    groups = json.loads((PACKAGE / f"frontend/static/locale/{language}.json").read_text("utf-8"))
    return {name: word for group in groups.values() for name, word in group.items()}


def without_switch(page: str, section: str = "") -> str:
    """The text of a page below the link to the same page in the other language."""
    switch, _, text = text_of(page, section).lstrip().partition("\n")
    assert re.fullmatch(r"\[(Español|English)\]\(.*\)", switch)
    return text


def test_every_page_in_spanish_is_held_to_its_english_page() -> None:
    assert sorted(PAGES) == sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("course/es/*.md"))


@pytest.mark.parametrize("page", PAGES)
def test_both_have_the_same_sections_tables_and_lists(page: str) -> None:
    ours, theirs = without_switch(page), without_switch(*PAGES[page])
    # A page that leads to the quiz of its English page has a paragraph for that.
    opened = [block for block in re.split(r"\n\s*\n", ours) if re.fullmatch(r"\*\*\[.*\]\(.*\)\*\*", block)]
    assert len(opened) == has_quiz(PAGES[page][0])
    for block in opened:
        ours = ours.replace(f"{block}\n\n", "")
    assert outline(ours) == outline(theirs)
    code = r"(?<!`)`[^`]+`(?!`)"
    assert re.findall(code, ours) == re.findall(code, theirs)


@pytest.mark.parametrize("page", PAGES)
def test_both_lead_to_the_same_pages(page: str) -> None:
    english, section = PAGES[page]
    spanish_of = {theirs: ours for ours, (theirs, part) in PAGES.items() if not part}
    expected = [spanish_of.get(link, link) for link in links(english, without_switch(english, section))]
    assert expected
    assert [link for link in links(page, without_switch(page)) if link not in (SUMMARY, english)] == expected


@pytest.mark.parametrize("page", PAGES)
def test_both_lead_to_each_other_at_the_top(page: str) -> None:
    english, section = PAGES[page]
    anchor = f"#{section.lower().replace(' ', '-')}" if section else ""
    to_english = f'<div lang="es">\n\n[<span lang="en">English</span>](../{posixpath.basename(english)}{anchor})\n'
    to_spanish = f'[<span lang="es">Español</span>](es/{posixpath.basename(page)})\n'
    assert re.search(rf"^# [^\n]*\n\n{re.escape(to_english)}", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    title = rf"## {section}" if section else r"# [^\n]*"
    assert re.search(rf"^{title}\n\n{re.escape(to_spanish)}", (ROOT / english).read_text("utf-8"), re.MULTILINE)


def test_the_summary_leads_to_every_page_in_spanish() -> None:
    assert set(links(SUMMARY, text_of(SUMMARY))) >= set(PAGES)


@pytest.mark.parametrize("page", [SUMMARY, *PAGES])
def test_what_a_page_in_spanish_leads_to_has_its_quizzes_in_spanish(page: str) -> None:
    text = text_of(page)
    addresses = [address for label, address in LINK.findall(text) if label != "English"]
    targets = links(page, "".join(f"[]({address})" for address in addresses))
    for address, target in zip(addresses, targets, strict=True):
        if target.endswith(".md") and not target.startswith("course/es/"):
            assert ("?lang=es" in address) == has_quiz(target), address


@pytest.mark.parametrize("page", PAGES)
def test_a_button_has_the_words_that_it_has_in_spanish(page: str) -> None:
    spanish = words("es")
    named = [set(re.findall(r"\*\*([^*]+)\*\*", text_of(*names))) for names in (PAGES[page], (page,))]
    expected = {spanish[name] for name, word in words("en").items() if word in named[0]}
    assert expected - named[1] == set()


@pytest.mark.parametrize("page", [SUMMARY, *PAGES])
def test_all_of_a_page_is_marked_as_spanish(page: str) -> None:
    """For the marks of its notes and for screen readers, which would read it as English."""
    front, *parts = re.split(r"^#+ ", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
    assert front == "---\nlang: es\n---\n\n"
    assert parts
    for part in parts:
        heading, _, body = part.partition("\n")
        assert re.fullmatch(r'<span lang="es">[^<]+</span>', heading)
        assert re.fullmatch(r'\s*<div lang="es">\n\n.*\n\n</div>\s*', body, re.DOTALL), heading
        assert body.count("<div") == body.count("</div>") == 1
