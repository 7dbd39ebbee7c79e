"""Close readings: the record's own words, few and exact, with where they are, the official original and a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from material import ROOT
from prose import external_links, official_links

LESSONS = sorted((ROOT / "lessons").glob("*.md"))
OFFICIAL = official_links(Path(__file__).parent / "data" / "external-links.txt")
#: The words of one quotation, and of all quotations of a reading.
QUOTATION, READING = 15, 40
#: What to ask of any source, in this order.
SOURCING = ["Who", "When", "Why", "For whom"]

_READING = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{admonition\} (?P<title>[^\n]*)\n:class: close-reading\n(?P<body>.*?)^(?P=fence)$"
    r"(?P<after>.*?)(?=^#|\Z)",
    re.MULTILINE | re.DOTALL,
)


def words(text: str) -> int:
    return len(re.findall(r"\w[\w’'.-]*", text))


@dataclass
class Reading:
    """A close reading: its title, its text, and what follows it in its section."""

    title: str
    body: str
    after: str

    def quotations(self) -> Iterator[tuple[str, str]]:
        """(the words, where they are) of each quotation."""
        for block in re.findall(r"(?:^>.*\n)+", self.body, re.MULTILINE):
            paragraphs = re.split(r"\n\s*\n", re.sub(r"^> ?", "", block, flags=re.MULTILINE).strip())
            place = paragraphs.pop() if paragraphs[-1].startswith("— ") else ""
            yield " ".join(paragraphs), place.removeprefix("— ")

    def faults(self, page: Path) -> list[str]:
        """What is wrong with it, as a reading on ``page``."""
        found = list(self.quotations())
        rest = re.sub(r"^>.*$", "", self.body, flags=re.MULTILINE)
        counts = [words(quoted) for quoted, _ in found]
        faults = [
            f"{count} words: {quoted}" for count, (quoted, _) in zip(counts, found, strict=True) if count > QUOTATION
        ]
        faults += [f"where is it? {quoted}" for quoted, place in found if not place]
        faults += [f"quoted outside: {text}" for text in re.findall(r"[“\"]([^”\"]+)", rest) if words(text) > 3]
        if not found or sum(counts) > READING:
            faults.append(f"{sum(counts)} words in all")
        page.write_text(self.body, "utf-8")
        if not set(external_links([page])) & OFFICIAL or not re.search(r"\[[^\]]+\]\(https://", self.body):
            faults.append("no link to an official original")
        if re.findall(r"^- \*\*(Who|When|Why|For whom)\b", rest, re.MULTILINE) != SOURCING:
            faults.append("not the four questions of sourcing")
        if not self.title.startswith("Read it yourself: "):
            faults.append("its title")
        if not re.match(r"\s*```\{code-cell\}[^`]*civicquiz\.show\(\w+, questions=\[", self.after):
            faults.append("no question after it")
        return faults


def readings(lesson: str) -> list[Reading]:
    return [Reading(found["title"], found["body"], found["after"]) for found in _READING.finditer(lesson)]


def test_the_words_of_the_act_are_read_closely() -> None:
    (reading,) = readings((ROOT / "lessons" / "alien-enemies-act.md").read_text("utf-8"))[:1]
    assert "predatory incursion" in " ".join(quoted for quoted, _ in reading.quotations())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_close_reading_is_short_and_says_where_its_words_are_and_asks_about_them(path: Path, tmp_path: Path) -> None:
    lesson = path.read_text("utf-8")
    assert {reading.title: reading.faults(tmp_path / "page.md") for reading in readings(lesson)} == {
        reading.title: [] for reading in readings(lesson)
    }
    # Whatever is called so, or looks so, is one.
    assert len(re.findall(r"Read it yourself:|close-reading", lesson)) == 2 * len(readings(lesson))


MODEL = """\
## A section

```{admonition} Read it yourself: what has to happen
:class: close-reading

From the [United States Code](LINK).

> any invasion … against the territory of the United States
>
> — 50 U.S.C. 21, first sentence

> natives, citizens, denizens, or subjects
>
> — the same

- **Who** wrote this?
- **When** was it?
- **Why?**
- **For whom?**
```

```{code-cell} ipython3
:tags: [remove-input]

civicquiz.show(checks, questions=["check-words"])
```
"""


@pytest.mark.parametrize(
    ("text", "other", "fault"),
    [
        ("", "", ""),
        ("any invasion", "word " * 7 + "any invasion", "16 words: "),
        (
            "> natives",
            f"> {'word ' * 14}\n>\n> — here\n\n> {'word ' * 15}\n>\n> — here\n\n> natives",
            "43 words in all",
        ),
        (">\n> — the same\n", "", "where is it? natives"),
        (">\n> — the same\n", "> — the same\n", "where is it? natives"),
        ("From the", "“One two three four” is in the", "quoted outside: One two"),
        ("LINK", "https://example.org/code", "no link to an official original"),
        ("[United States Code](LINK)", "United States Code, LINK", "no link to an official original"),
        ("- **Why?**\n", "", "not the four questions of sourcing"),
        ("Read it yourself", "The words", "its title"),
        ('questions=["check-words"]', "", "no question after it"),
        ("```{code-cell}", "More text.\n\n```{code-cell}", "no question after it"),
    ],
)
def test_fault_of_a_close_reading_is_found(text: str, other: str, fault: str, tmp_path: Path) -> None:
    assert text in MODEL
    lesson = (MODEL.replace(text, other, 1) if text else MODEL).replace("LINK", min(OFFICIAL))
    (reading,) = readings(lesson)
    faults = reading.faults(tmp_path / "page.md")
    assert len(faults) == bool(fault)
    assert "".join(faults).startswith(fault)
