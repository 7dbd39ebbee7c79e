"""How hard the lessons are to read, as course/teaching.md reports it: words for grades 9 to 11, short sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import readability
from material import ROOT

LESSONS = sorted((ROOT / "lessons").glob("*.md"))


def prose(lesson: str) -> list[str]:
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


def sentences(paragraphs: list[str]) -> list[str]:
    """One sentence per line, with spaces around words and punctuation, as the library expects."""
    found: list[str] = []
    for paragraph in paragraphs:
        text = re.sub(r"\b(U\.S\.C?|U\.S|[A-Z]|v|No|Mr|Ms|Dr|St|Jr)\.(?=\s)", r"\1", paragraph)
        for sentence in re.split(r"(?<=[.!?])[\"”’)]*\s+", text):
            tokens = re.findall(r"[\w$%’'-]+|[.,;:!?]", sentence)
            if tokens:
                found.append(" ".join(tokens))
    return found


def measures(lesson: str) -> tuple[float, float, float]:
    """(Dale-Chall score, Flesch-Kincaid grade, words in a sentence) of a lesson.

    Dale and Chall (1948): 0.1579 times the percentage of words that fourth-graders do not know, plus 0.0496 times the
    words in a sentence, plus 3.6365 if more than 5% of the words are among those. The library does the counting, but
    adds the constant in the wrong case (version 0.3.2), so the last step is done here.
    """
    counted = readability.getmeasures(sentences(prose(lesson)), lang="en")
    about = counted["sentence info"]
    unknown = 100 * about["complex_words_dc"] / about["words"]
    score = 0.1579 * unknown + 0.0496 * about["words_per_sentence"] + (3.6365 if unknown > 5 else 0)
    return score, counted["readability grades"]["Kincaid"], about["words_per_sentence"]


def grades(score: float) -> str:
    """The grades of a Dale-Chall score, by the authors' table."""
    bands = ((5, "4 or below"), (6, "5 to 6"), (7, "7 to 8"), (8, "9 to 10"), (9, "11 to 12"))
    return next((grade for below, grade in bands if score < below), "13 or above")


def row(path: Path) -> str:
    lesson = path.read_text("utf-8")
    title = re.findall(r"^# (.*)$", lesson, re.MULTILINE)[0]
    score, kincaid, words = measures(lesson)
    return f"| {title} | {score:.1f} | {grades(score)} | {kincaid:.1f} | {words:.0f} |"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_written_for_grades_9_to_11(path: Path) -> None:
    """The upper half of the band for grades 11 and 12 is too hard, and so is an average of 15 words in a sentence."""
    score, _, words = measures(path.read_text("utf-8"))
    assert 7.0 <= score < 8.5
    assert words <= 15


def test_teachers_are_told_the_figures_as_they_are() -> None:
    reported = re.findall(
        r"^\| .* \| \d\.\d \| [\w ]+ \| -?\d+\.\d \| \d+ \|$", (ROOT / "course/teaching.md").read_text(), re.MULTILINE
    )
    assert reported == [row(path) for path in LESSONS]


def test_harder_words_and_longer_sentences_are_found() -> None:
    easy = "The king was glad to see the boy. He gave him some bread and milk, and they ate by the fire.\n"
    hard = "Constitutional adjudication presupposes jurisdictional prerequisites which litigants habitually overlook.\n"
    assert measures(easy)[0] < 5 < 9 < measures(hard)[0]
    assert measures(easy * 20)[0] == pytest.approx(measures(easy)[0])


def test_what_nobody_reads_is_not_counted() -> None:
    text = "One law of four is still in force. {claim}`h04\nh02`\n"
    more = (
        "---\na: b\n---\n# Title of it\n\n```{code-cell} ipython3\nimport civicquiz as quiz\n```\n\n| a | b |\n" + text
    )
    assert prose(more) == prose(text) == ["One law of four is still in force."]
