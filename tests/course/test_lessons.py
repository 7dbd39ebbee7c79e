"""The text of the lessons: every factual sentence is cited, and nothing is copied from the article."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from material import ROOT
from prose import is_factual, paragraphs, repeated_marks, sentences

from civicquiz.authoring.validation import shown_texts
from civicquiz.model.claims import Seeds, load_seeds
from civicquiz.model.quiz import Quiz, load

LESSONS = sorted((ROOT / "lessons").glob("*.md"))
QUIZZES = sorted(path for path in (ROOT / "quizzes").glob("*.yml") if "." not in path.stem)
_ROLE = re.compile(r"\{claim\}`([^`]+)`")

#: Sections that instruct rather than state facts: class activities, goals, terms, sources. A definition in the list of
#: terms repeats what the text has cited.
INSTRUCTIONS = (
    "Before you start",
    "What you will be able to do",
    "A question to start from",
    "In class",
    "Terms",
    "Sources",
    "The full quiz",
)


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return load_seeds(ROOT / "seeds")


def uncited(path: Path) -> list[str]:
    return [
        sentence
        for heading, paragraph in paragraphs(path.read_text("utf-8"))
        if not heading.startswith(INSTRUCTIONS)
        for sentence, cited in sentences(paragraph)
        if not cited and is_factual(sentence)
    ]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_factual_sentence_of_a_lesson_is_cited(path: Path) -> None:
    assert uncited(path) == []


def test_uncited_sentence_is_found(tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.md"
    lesson.write_text("# A\n\nCongress passed it in 1798. {claim}`h04`\n\nThen Madison used it in 1812.\n", "utf-8")
    assert uncited(lesson) == []
    lesson.write_text("# A\n\nIn 1812 Madison used it. It was the first time.\n\nCited. {claim}`h04`\n", "utf-8")
    assert uncited(lesson) == ["In 1812 Madison used it."]


def test_mark_covers_the_six_sentences_before_it_and_none_after_it(tmp_path: Path) -> None:
    """As a note at the end of a paragraph does in a work of history."""
    lesson = tmp_path / "lesson.md"
    said = [f"In {year} Madison used it." for year in range(1812, 1820)]
    lesson.write_text(f"# A\n\n{' '.join(said[:7])} {{claim}}`h04 h05` {said[7]}\n", "utf-8")
    assert uncited(lesson) == [said[0], said[7]]
    lesson.write_text(f"# A\n\n{' '.join(said[:6])} {{claim}}`h04`\n{said[7]} {{claim}}`h05`\n", "utf-8")
    assert uncited(lesson) == []
    lesson.write_text(f"# A\n\nMadison, {{claim}}`h04` in {said[0]}\n", "utf-8")
    assert len(uncited(lesson)) == 1


@pytest.mark.parametrize(
    "path", [*LESSONS, *sorted((ROOT / "course").rglob("*.md")), ROOT / "intro.md"], ids=lambda path: path.stem
)
def test_a_paragraph_names_its_sources_once(path: Path) -> None:
    """Neighboring citations share one mark, and no claim is cited twice."""
    assert repeated_marks(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It passed. {claim}`h04 h05` It ended. {claim}`h06`\n\nSo it was. {claim}`h04`", 0),
        ("It passed. {claim}`h04` {claim}`h05`", 1),
        ("It passed. {claim}`h04`\n{claim}`h05`", 1),
        ("It passed. {claim}`h04 h05` It ended.\nThen, {claim}`h06 h04` it did.", 1),
        ("- It passed. {claim}`h04`\n- It ended. {claim}`h04`", 0),
        ("- It passed. {claim}`h04` It\n  ended. {claim}`h04`", 1),
        ("```{admonition} Since\n:class: since\n\nIt passed. {claim}`h04` It ended. {claim}`h04`\n```", 1),
        ("| a {claim}`h04` | b {claim}`h04` |\n", 0),
        ("| a {claim}`h04` and b {claim}`h04` | c |\n", 1),
    ],
)
def test_a_paragraph_that_names_a_source_twice_is_found(text: str, count: int) -> None:
    assert len(repeated_marks(text)) == count


# ---- Nothing is copied ----

#: The first 12 hex digits of the SHA-256 of every seven consecutive words of the article (lower case, only letters,
#: digits, $ and %, one space between words). They show whether a text contains seven words of it, but not the words.
SEVEN_WORDS = frozenset((Path(__file__).parent / "data" / "article-seven-words.txt").read_text("ascii").split())


def shared_with_article(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9$%]+", _ROLE.sub(" ", text).lower())
    runs = (" ".join(words[start : start + 7]) for start in range(len(words) - 6))
    return [run for run in runs if hashlib.sha256(run.encode()).hexdigest()[:12] in SEVEN_WORDS]


def _files() -> list[Path]:
    names = ("lessons/*.md", "course/**/*.md", "quizzes/*.yml", "seeds/*.yml", "docs/*.md", "examples/**/*.yml", "*.md")
    return sorted(path for name in names for path in ROOT.glob(name))


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_more_than_six_words_in_a_row_are_those_of_the_article(path: Path) -> None:
    assert shared_with_article(path.read_text("utf-8")) == []


def test_no_text_contains_a_known_misspelling() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in _files()]
    texts = [name for name in names if not re.search(r"/es/|resumen|\.es\.yml$", name)]
    done = subprocess.run(
        [Path(sys.executable).with_name("codespell"), "--ignore-regex", '<span lang="es">.*?</span>', *texts],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


# ---- The record ----

#: Hosts that republish other people's documents; the document itself should be the source.
MIRRORS = ("wikipedia.org", "wikisource.org", "archive.org", "justia.com", "findlaw.com", "casetext.com", "oyez.org")
MIRRORS += (
    "courtlistener.com",
    "everycrsreport.com",
    "scribd.com",
    "yahoo.com",
    "msn.com",
    "medium.com",
    "substack.com",
)
MIRRORS += ("law.cornell.edu", "govtrack.us", "docslib.org", "documentcloud.org", "researchgate.net", "jstor.org")


def test_no_source_is_a_mirror(seeds: Seeds) -> None:
    assert [s.id for s in seeds.sources.values() if s.url and any(host in s.url for host in MIRRORS)] == []


# ---- The balance ----


def _all() -> list[Quiz]:
    return [load(path) for path in QUIZZES]


def test_every_distractor_and_text_of_a_quiz_is_said_once() -> None:
    """No prompt is in two quizzes: seeing it again teaches nothing."""
    prompts = [question.prompt for quiz in _all() for question in quiz.questions]
    assert len(prompts) == len(set(prompts))


def test_texts_hold_no_words_that_take_sides() -> None:
    # A text of a single word is a term that is talked about.
    loaded = re.compile(
        r"\b(stunning|vast|struggled|illegals?|radical|so-called|crackdown|horde|flood of)\b", re.IGNORECASE
    )
    found = [
        (quiz.name, text)
        for quiz in _all()
        for _, text, _ in shown_texts(quiz)
        if loaded.search(text) and " " in text and "word" not in text and "“" not in text and '"' not in text
    ]
    assert found == []
