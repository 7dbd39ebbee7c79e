"""The balance of the book: the numbers in course/teaching.md are the ones counted here."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from material import ROOT
from prose import cited_claims

import civicquiz
from civicquiz.model.claims import load_seeds
from civicquiz.model.questions.single_choice import SingleChoice
from civicquiz.model.questions.true_false import TrueFalse

PAGE = "course/teaching.md"

#: The speakers who argue for a side. A law or ruling is counted as such, no matter who signed it; for any other
#: speaker, the first pattern below that matches decides. A test fails if a cited speaker matches no pattern.
SIDES = {
    "People and groups for stricter enforcement": (
        "Center for Immigration Studies",
        "National Sheriffs' Association",
        "attorneys general of Texas and 15 other states, with two governors",
        "Andrew R. Arthur",
        "Jon Feere",
        "George Fishman",
        "Tom Homan",
        "Ken Cuccinelli",
        "Christopher Landau",
        "Stephen Miller",
        "Scott Jones",
        "JD Vance",
        "Donald Trump",
        "Donald J. Trump",
        "six unnamed former Trump officials and allies",
        "several unnamed Trump allies",
        "several unnamed Trump backers",
        "unnamed Trump backers",
    ),
    "People and groups for limits on it": (
        "American Immigration Council",
        "Brennan Center for Justice",
        "Joseph Nunn",
        "authors at Just Security",
        "Immigrant Legal Resource Center",
        "Lee Gelernt",
        "Naureen Shah",
        "Jose Antonio Vargas",
        "Richard Biehl",
        "Joan V. Churchill",
        "Zoe Lofgren",
        "Ilya Somin, with the Brennan Center, the Cato Institute and others",
        "attorneys general of New York, California, the District of Columbia, Oregon, Rhode Island and Washington",
        "unnamed immigrant advocates",
        "Ilhan Omar and Mazie Hirono",
        "Mazie Hirono",
    ),
}
LAW = "Laws and rulings"
PATTERNS = {
    "This book, worked out from other claims": r"this book",
    "Press": (
        r"Reuters|Associated Press|Christian Science Monitor|Fox News|New York Times|Bloomberg|Daily Star|ABC News|CNN|"
        r"Morning Call|Poynter|The Atlantic|Dayton City Paper"
    ),
    "Official bodies and judges": (
        r"Congress|\bCourt|[Ll]egislature|"
        r"\bJudge|\bJustice\b|Department|Office|Immigration and Customs|National Archives|Marshals"
    ),
    "Research, polls, history and teaching": (
        r"Research|Pew|Gallup|TRAC|Forum|American Progress|Migration Studies|Hausman|Titus|Daniels|Neuman|Himel|Densho|"
        r"HistoryLink|Smithsonian|Digital Inquiry|Dettman|Social Studies|University|Historical Society|"
        r"Detention Watch Network and House"
    ),
}
GROUPS = (*SIDES, LAW, *PATTERNS)


def group(speaker: str, statement: str) -> str | None:
    if statement in ("law", "ruling"):
        return LAW
    for name, speakers in SIDES.items():
        if speaker in speakers:
            return name
    for name, pattern in PATTERNS.items():
        if re.search(pattern, speaker):
            return name
    return None


@pytest.fixture(scope="module")
def groups() -> dict[tuple[str, str], str | None]:
    """(claim, speaker) -> group, for each claim that a lesson or a quiz cites."""
    claims = load_seeds(ROOT / "seeds").claims
    cited = {name for path in (ROOT / "lessons").glob("*.md") for name in cited_claims(path.read_text("utf-8"))}
    cited |= {name for quiz in _quizzes() for question in quiz.questions for name in question.cites}
    return {(name, claims[name].speaker): group(claims[name].speaker, claims[name].statement) for name in cited}


def _quizzes() -> list[civicquiz.Quiz]:
    return [civicquiz.load(path) for path in sorted((ROOT / "quizzes").glob("*.yml")) if "." not in path.stem]


def table(head: tuple[str, str], counts: dict[str, int]) -> str:
    rows = [head, ("---", "---"), *((name, str(count)) for name, count in counts.items())]
    return "\n".join(f"| {left} | {right} |" for left, right in rows)


def stands_in_the_page(shown: str) -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    assert shown in text, f"{PAGE} has other counts. Put there:\n\n{shown}\n"


def test_every_speaker_belongs_to_a_group(groups: dict[tuple[str, str], str | None]) -> None:
    assert sorted({speaker for (_, speaker), name in groups.items() if name is None}) == []


def test_every_speaker_of_a_side_is_cited(groups: dict[tuple[str, str], str | None]) -> None:
    cited = {speaker for _, speaker in groups}
    assert [speaker for speakers in SIDES.values() for speaker in speakers if speaker not in cited] == []


def test_page_says_how_many_claims_each_group_makes(groups: dict[tuple[str, str], str | None]) -> None:
    counts = Counter(groups.values())
    stands_in_the_page(table(("Who speaks", "Claims cited"), {name: counts[name] for name in GROUPS}))


def test_page_says_how_the_keys_are_spread() -> None:
    questions = [question for quiz in _quizzes() for question in quiz.questions]
    judged = Counter(question.answer for question in questions if isinstance(question, TrueFalse))
    places = Counter(
        [option.correct for option in question.options].index(True)
        for question in questions
        if isinstance(question, SingleChoice)
    )
    counts = {"true/false, the answer is true": judged[True], "true/false, the answer is false": judged[False]}
    counts |= {f"one of several options, option {place + 1} is right": places[place] for place in sorted(places)}
    stands_in_the_page(table(("Kind of question", "Questions"), counts))
