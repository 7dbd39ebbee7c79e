"""How hard the lessons are to read, as course/teaching.md reports it: words for grades 9 to 11, short sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import readability
from material import ROOT
from prose import running_text, tokenized_sentences
from readability.langdata import countsyllables_en

LESSONS = sorted((ROOT / "lessons").glob("*.md"))


def measures(lesson: str) -> tuple[float, float, float]:
    """(Dale-Chall score, Flesch-Kincaid grade, words in a sentence) of a lesson.

    Dale and Chall (1948): 0.1579 times the percentage of words that fourth-graders do not know, plus 0.0496 times the
    words in a sentence, plus 3.6365 if more than 5% of the words are among those. Kincaid and others (1975): 11.8 times
    the syllables in a word, plus 0.39 times the words in a sentence, minus 15.59. The library does the counting, but
    version 0.3.2 adds the constant of Dale and Chall in the wrong case, and finds no syllable in "the", "Act" or
    "1798". So the last steps are done here, with at least one syllable in a word, and one for each digit of a number.
    """
    sentences = tokenized_sentences(running_text(lesson))
    counted = readability.getmeasures(sentences, lang="en")
    about = counted["sentence info"]
    unknown = 100 * about["complex_words_dc"] / about["words"]
    score = 0.1579 * unknown + 0.0496 * about["words_per_sentence"] + (3.6365 if unknown > 5 else 0)
    words = [word for sentence in sentences for word in sentence.split() if re.search(r"\w", word)]
    syllables = sum(max(1, countsyllables_en(word.lower()), sum(map(str.isdigit, word))) for word in words)
    kincaid = 11.8 * syllables / len(words) + 0.39 * len(words) / len(sentences) - 15.59
    return score, kincaid, about["words_per_sentence"]


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
    """The upper half of the band for grades 11 and 12 is too hard, and so is an average of 18 words in a sentence."""
    score, kincaid, words = measures(path.read_text("utf-8"))
    assert 7.0 <= score < 8.5
    assert 7.0 <= kincaid <= 10.0
    assert words <= 17


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
    assert running_text(more) == running_text(text) == ["One law of four is still in force."]
