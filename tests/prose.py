"""The prose of lessons and pages for tests: links, paragraphs, sentences, and which of them state facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_ROLE = re.compile(r"\{claim\}`([^`]+)`")


def cited_claims(text: str) -> list[str]:
    """The ids of the claims that a text cites, in order."""
    return [claim_id for ids in _ROLE.findall(text) for claim_id in ids.split()]


def paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """(heading, paragraph) for the prose of a lesson, without front matter, code, figures, notes and tables."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    heading, open_fence, lines = "", "", [*text.splitlines(), ""]
    gathered: list[str] = []
    for line in lines:
        fence = re.match(r"\s*(`{3,}|:{3,})", line)
        if fence:
            open_fence = "" if open_fence and fence[1].startswith(open_fence) else open_fence or fence[1]
            line = ""
        if open_fence:
            continue
        if line.startswith("#"):
            heading, line = line.lstrip("# "), ""
        if not line.strip() or re.match(r"\s*([-*|]|\d+\.)\s?", line):
            if gathered:
                yield heading, " ".join(gathered)
            gathered = [line.strip()] if line.strip() and not line.lstrip().startswith("|") else []
        else:
            gathered.append(line.strip())


#: A mark covers the sentences of its paragraph that come before it, back to the mark before that: at most so many. Of a
#: longer stretch, readers could not tell what rests on which source.
COVERED = 6


def sentences(paragraph: str) -> Iterator[tuple[str, bool]]:
    """(sentence, whether a mark covers it); what comes after the last mark of a paragraph is not covered."""
    marked = re.sub(r"\]\([^)]*\)", "]()", _ROLE.sub("☆", paragraph))
    # Periods that do not end a sentence.
    marked = re.sub(r"\b(U\.S\.C?|U\.S|[A-Z]|v|No|Mr|Ms|Dr|St|Jr|art|sec|cl|Stat|Inc)\.(?=\s)", r"\1․", marked)
    parts = re.findall(r"[^.!?☆]+(?:[.!?]+[\"”’)*_]*|$)(?:\s*☆)*|☆", marked)
    cited = [("☆" in part) for part in parts]
    for position, part in enumerate(parts):
        sentence = part.replace("☆", "").strip()
        if sentence:
            yield sentence, any(cited[position : position + COVERED])


def repeated_marks(text: str) -> list[str]:
    """Marks that follow each other, and paragraphs that cite a claim twice, also in boxes and the cells of tables."""
    adjacent = re.findall(r"\{claim\}`[^`]*`\s*\{claim\}`[^`]*`", text)
    without_fences = re.sub(r"^\s*(`{3,}|:{3,}).*$", "", text, flags=re.MULTILINE)
    cells = (cell for row in re.findall(r"^\|.*$", text, re.MULTILINE) for cell in row.split("|"))
    twice = []
    for paragraph in [*(paragraph for _, paragraph in paragraphs(without_fences)), *cells]:
        cited = cited_claims(paragraph)
        twice += [f"{name}: {paragraph}" for name in dict.fromkeys(cited) if cited.count(name) > 1]
    return [*adjacent, *twice]


def is_factual(sentence: str) -> bool:
    """Whether a sentence states something about the world that a record could confirm or refute.

    It does if it contains a number of two digits or more, or a name (a capital letter inside it), and is neither a
    question nor an instruction. This finds most such sentences; the others are left to human readers.
    """
    words = re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`|\*+|_", "", sentence)
    if sentence.startswith("**") and sentence.endswith("**"):
        return False  # a label
    if words.endswith("?") or re.match(r"(This|The) (lesson|section|book|article|table|figure|quiz)\b", words):
        return False
    if re.match(
        r"(Ask|Read|Look|Compare|Write|Keep|Choose|Take|See|Try|Then|Now|Work|Find|Use|Note|Think|Say|Tell|Go|Start|Count|"
        r"Check|Sort|Mark|Place|Move|Set|Change|Remember|Do|Let|You|Your|If you)\b",
        words,
    ):
        return False
    names = re.findall(r"(?<=[\w,;:)’”] )[A-Z][a-z]+", words)
    return bool(re.search(r"\d{2,}", words) or names)


def running_text(lesson: str) -> list[str]:
    """The paragraphs and list entries of a lesson, without code, tables, headings, options, citations and quotations.

    The words of a law or a ruling are not ours to make easier.
    """
    lesson = re.sub(r"\A---\n.*?\n---\n", "", lesson, flags=re.DOTALL)
    lesson = re.sub(r"^```\{code-cell\}.*?^```$", "", lesson, flags=re.DOTALL | re.MULTILINE)
    lesson = re.sub(r"^## Sources.*?(?=^## |\Z)", "", lesson, flags=re.DOTALL | re.MULTILINE)
    lesson = re.sub(r"^\s*(`{3,}|:{3,}|:[\w-]+:|\||\(\w|#|<|>).*$", "", lesson, flags=re.MULTILINE)
    lesson = re.sub(r"^\s*([-*]|\d+\.)\s+", "\n", lesson, flags=re.MULTILINE)
    lesson = re.sub(r"\{claim\}`[^`]*`|\{term\}|(?<=\w) <[^<>`]*>(?=`)", "", lesson)
    lesson = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", lesson)
    paragraphs = (" ".join(re.sub(r"[*_`]", "", part).split()) for part in re.split(r"\n\s*\n", lesson))
    return [paragraph for paragraph in paragraphs if len(paragraph.split()) > 3]


def tokenized_sentences(paragraphs: list[str]) -> list[str]:
    """One sentence per line, with spaces around words and punctuation, as the library expects."""
    found: list[str] = []
    for paragraph in paragraphs:
        text = re.sub(r"\b(U\.S\.C?|U\.S|[A-Z]|v|No|Mr|Ms|Dr|St|Jr)\.(?=\s)", r"\1", paragraph)
        for sentence in re.split(r"(?<=[.!?])[\"”’)]*\s+", text):
            tokens = re.findall(r"[\w$%’'-]+|[.,;:!?]", sentence)
            if tokens:
                found.append(" ".join(tokens))
    return found


def linked_files(page: Path) -> list[Path]:
    """The files that the links of a Markdown page name; what it shows as code is none of them."""
    text = re.sub(r"^(```+).*?^\1|(`+).+?(?<!`)\2(?!`)", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"\]\(([^)#:?]+)(?:[?#][^)]*)?\)", text)
    return [(page.parent / name).resolve() for name in named]


def dead_links(page: Path) -> list[str]:
    """The files that a page links to but that do not exist."""
    return [str(file) for file in linked_files(page) if not file.exists()]


def external_links(files: Iterable[Path]) -> list[str]:
    """Every web address in the files, sorted."""
    pattern = r"https?://(?!www.w3.org/2000/svg)[^\s<>)\]\"'`|]+[\w/]"
    return sorted({link for file in files for link in re.findall(pattern, file.read_text("utf-8"))})


#: In a list of links, what comes before the address of a document at the body that made it: ``official https://...``.
_OFFICIAL = "official "


def official_links(listed: Path) -> set[str]:
    """The addresses in a list that are marked as official."""
    return {line.removeprefix(_OFFICIAL) for line in listed.read_text("utf-8").splitlines() if _OFFICIAL in line}


def compare_list(listed: Path, links: list[str], update_golden: bool) -> None:
    """Compare links with a list, which has one in a line, with or without the mark ``official``.

    No test opens a link: a person reads and opens what ``--update-golden`` adds, and marks it if it is official.
    """
    if update_golden:
        official = official_links(listed)
        marked = [_OFFICIAL * (link in official) + link for link in links]
        listed.write_text("\n".join(marked) + "\n", "utf-8")
    assert [line.removeprefix(_OFFICIAL) for line in listed.read_text("utf-8").splitlines()] == links
    assert [link for link in links if not link.startswith("https://")] == []
