"""How a claim is attributed, in the words of a language."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import SEEDS, write

from civicquiz.frontend.citations import attribution, date_in_words, later_than, source_in_words, statement_in_words
from civicquiz.model.claims import Seeds, Source, Statement, load_seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Seeds:
    write(tmp_path / "record.yml", SEEDS)
    return load_seeds(tmp_path)


def test_attribution_says_who_in_what_role_what_and_when(seeds: Seeds) -> None:
    assert attribution(seeds.claims["h04"], "en") == "Congress (the legislature): text of a law, July 6, 1798"
    assert attribution(seeds.claims["h20"], "en") == "A marshal: count, 1918"
    assert attribution(seeds.claims["h04"], "es") == "Congress (the legislature): texto de una ley, 6 de julio de 1798"


def test_what_comes_after_the_cutoff_of_the_course_is_marked_with_its_date(seeds: Seeds) -> None:
    assert later_than(seeds.claims["h60"], seeds, "en") == "after November 2024"
    assert later_than(seeds.claims["h60"], seeds, "es") == "después de noviembre de 2024"
    assert later_than(seeds.claims["h04"], seeds, "en") == ""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ({"title": "T.", "author": "A", "date": "1798-07", "citation": "1 Stat. 1"}, "A. T. P (1 Stat. 1, July 1798)"),
        ({"title": "Report of the P"}, "Report of the P"),
        ({"title": "T", "date": "2025-05-01", "citation": "S.D. Tex., May 1, 2025"}, "T. P (S.D. Tex., May 1, 2025)"),
        ({"title": "Act of July 6, 1798", "date": "1798-07-06"}, "Act of July 6, 1798. P"),
        ({"title": "T", "date": "2020", "citation": "140 S. Ct. 1959 (2020)"}, "T. P (140 S. Ct. 1959 (2020))"),
    ],
)
def test_source_is_one_line_that_gives_its_date_once(source: dict[str, str], line: str) -> None:
    assert source_in_words(Source.model_validate({"id": "a", "publisher": "P"} | source), "en") == line


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sort_of_statement_has_words(language: str) -> None:
    words = {statement_in_words(name, language) for name in typing.get_args(Statement)}
    assert len(words) == len(typing.get_args(Statement))


@pytest.mark.parametrize(
    ("date", "english", "spanish"),
    [
        ("1798", "1798", "1798"),
        ("1798-07", "July 1798", "julio de 1798"),
        ("2024-11-06", "November 6, 2024", "6 de noviembre de 2024"),
    ],
)
def test_date_reads_as_people_write_it(date: str, english: str, spanish: str) -> None:
    assert date_in_words(date, "en") == english
    assert date_in_words(date, "es-MX") == spanish


@given(st.dates(), st.sampled_from(["en", "es"]))
def test_no_two_days_read_the_same(day: object, language: str) -> None:
    shown = date_in_words(str(day), language)
    assert shown.endswith(str(day)[:4])
    months = [date_in_words(f"2024-{month:02}", language) for month in range(1, 13)]
    assert len(set(months)) == 12
