"""How the sentences of the book flow: long enough to say why, with short ones for effect.

A page is measured by ``pytest tests/course/test_sentences.py -k measures -rP``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

import pytest
from material import ROOT
from prose import running_text, tokenized_sentences

#: The pages that have been rewritten for the ear.
REWRITTEN = [
    "course/accessibility.md",
    "course/after.md",
    "course/before.md",
    "course/corrections.md",
    "course/informed-action.md",
    "course/privacy.md",
    "course/progress.md",
    "course/standards.md",
    "course/talking.md",
    "course/teaching.md",
    "intro.md",
    "lessons/alien-enemies-act.md",
    "lessons/courts-and-rights.md",
    "lessons/deliberation.md",
    "lessons/deportation-logistics.md",
    "lessons/reading-polls.md",
    "lessons/reading-the-article.md",
    "lessons/sanctuary-jurisdictions.md",
]
#: A sentence with fewer words than this is short.
SHORT = 9

PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [*(ROOT / "lessons").glob("*.md"), *(ROOT / "course").glob("*.md"), ROOT / "intro.md"]
)


@dataclass
class Flow:
    """The sentences of a page: words on average, share of short ones, and the longest run of short ones."""

    mean: float
    short: float
    longest_run: list[str]

    def faults(self) -> list[str]:
        found = []
        if not 12 <= self.mean <= 17:
            found.append(f"{self.mean:.1f} words in a sentence")
        if self.short > 0.25:
            found.append(f"{self.short:.0%} of the sentences are short")
        if len(self.longest_run) > 3:
            found.append(f"{len(self.longest_run)} short sentences in a row: {' | '.join(self.longest_run)}")
        return found


def flow(page: str) -> Flow:
    """The measures of a page, without headings, tables, code, quotations, and the bold labels of steps."""
    page = re.sub(r"^(\s*(?:[-*]|\d+\.)?\s*)\*\*[^*\n]+\*\*", r"\1", page, flags=re.MULTILINE)
    found = tokenized_sentences([part for part in running_text(page) if len(part.split()) > 8])
    counts = [sum(token[0].isalnum() or token[0] == "$" for token in sentence.split()) for sentence in found]
    counted = zip(counts, found, strict=True)
    runs = [[sentence for _, sentence in run] for short, run in groupby(counted, lambda pair: pair[0] < SHORT) if short]
    short = sum(count < SHORT for count in counts) / len(counts)
    return Flow(sum(counts) / len(counts), short, max(runs, key=len, default=[]))


@pytest.mark.parametrize("page", REWRITTEN)
def test_sentences_of_a_page_flow(page: str) -> None:
    assert flow((ROOT / page).read_text("utf-8")).faults() == []


@pytest.mark.parametrize("page", PAGES)
def test_the_measures_of_a_page(page: str) -> None:
    """They are printed for whoever rewrites a page."""
    found = flow((ROOT / page).read_text("utf-8"))
    run = " | ".join(found.longest_run)
    print(f"{page}: {found.mean:.1f} words, {found.short:.0%} short, {len(found.longest_run)} in a row: {run}")
    assert found.mean > 0


def test_choppy_and_endless_prose_is_found() -> None:
    choppy = "A law was made. It was short. Nobody used it. Then came a war. " * 3 + "\n"
    flowing = "Although the law was short, nobody used it for years, because there was no war to fight. " * 3 + "\n"
    endless = flowing.replace(". ", " and so it went on and on and on. ")
    run = "It was short. It was old. It was law. It was used at once, as we know from those who used it.\n"
    assert len(flow(choppy).faults()) == 3
    assert flow(flowing).faults() == []
    assert flow(endless).faults() == ["26.0 words in a sentence"]
    assert len(flow(flowing * 3 + "\n" + run).longest_run) == 3
    assert len(flow(flowing * 3 + "\n" + "Mine it is. " + run).longest_run) == 4
