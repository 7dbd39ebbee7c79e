"""The content of this book: its record, its lessons and its quizzes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from material import ROOT
from prose import cited_claims

import civicquiz
from civicquiz.authoring.yaml_source import read
from civicquiz.model.claims import Claim, Seeds, load_seeds
from civicquiz.model.course import check
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz

QUIZZES = sorted(path for path in (ROOT / "quizzes").glob("*.yml") if "." not in path.stem)
LESSONS = sorted((ROOT / "lessons").glob("*.md"))


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return load_seeds(ROOT / "seeds")


def _load(file: Path) -> Quiz:
    return civicquiz.load(file)


def _questions(question_type: str) -> list[Any]:
    found: list[QuestionBase] = [question for file in QUIZZES for question in _load(file).questions]
    return [question for question in found if question.type == question_type]


def test_check_of_this_course_is_clean() -> None:
    assert [str(problem) for problem in check([ROOT])] == []


def test_lesson_and_quiz_of_the_act_are_there() -> None:
    assert ROOT / "lessons" / "alien-enemies-act.md" in LESSONS
    assert ROOT / "quizzes" / "alien-enemies-act.yml" in QUIZZES


# ---- The record ----


def test_article_says_where_it_comes_from() -> None:
    article = read(ROOT / "seeds" / "article.yml").value["article"]
    assert article["publisher"] == "Reuters"
    assert article["published"] == "2024-11-06"
    assert [reprint["date"] for reprint in article["reprints"]] == ["2024-11-10"]


def test_every_claim_of_the_article_says_which_paragraph_it_is_in() -> None:
    """Except for claims about the article as a whole, and about what it leaves out."""
    claims = read(ROOT / "seeds" / "article.yml").value["claims"]
    without = [claim["id"] for claim in claims if "paragraph" not in claim]
    assert len(without) <= len(claims) // 10, without
    assert [claim["paragraph"] for claim in claims if "paragraph" in claim] == sorted(
        claim["paragraph"] for claim in claims if "paragraph" in claim
    )


def test_record_says_what_the_article_leaves_out() -> None:
    assert read(ROOT / "seeds" / "article.yml").value["omissions"]


def test_every_cited_claim_is_verified(seeds: Seeds) -> None:
    cited = {name for file in LESSONS for name in cited_claims(file.read_text("utf-8"))}
    cited |= {name for file in QUIZZES for question in _load(file).questions for name in question.cites}
    assert cited
    assert [name for name in sorted(cited) if name not in seeds.claims or not seeds.claims[name].verified] == []


def uncited(claims: Iterable[Claim], texts: Iterable[str], cites: Iterable[str]) -> list[str]:
    """Ids of the verified claims that no text or question cites, and that no cited claim is derived from."""
    by_id = {claim.id: claim for claim in claims}
    used, new = set[str](), set(cites) | {name for text in texts for name in cited_claims(text)}
    while new:
        used |= new
        new = {base for name in new if name in by_id for base in by_id[name].derived_from} - used
    return [claim.id for claim in by_id.values() if claim.verified and claim.id not in used]


def test_no_verified_claim_is_cited_nowhere(seeds: Seeds) -> None:
    pages = [path for folder in (".", "lessons", "docs", "course") for path in (ROOT / folder).glob("*.md")]
    texts = [path.read_text("utf-8") for path in pages]
    cites = [name for file in QUIZZES for question in _load(file).questions for name in question.cites]
    assert uncited(seeds.claims.values(), texts, cites) == []


def test_claim_that_nothing_cites_is_found(seeds: Seeds) -> None:
    derived = seeds.claims["h20c"]
    chain = [derived, *(seeds.claims[name] for name in derived.derived_from)]
    assert uncited(chain, [], []) == [claim.id for claim in chain]
    assert uncited(chain, ["Counts differ. {claim}`h04 h20c`"], []) == []
    assert uncited(chain, [], [chain[1].id]) == [claim.id for claim in chain if claim is not chain[1]]


def test_every_verified_claim_leads_to_a_source(seeds: Seeds) -> None:
    assert [claim.id for claim in seeds.claims.values() if claim.verified and not seeds.sources_of(claim)] == []


def test_every_source_is_used(seeds: Seeds) -> None:
    used = {name for claim in seeds.claims.values() for name in claim.sources}
    used.add(read(ROOT / "seeds" / "article.yml").value["article"]["source"])
    assert set(seeds.sources) - used == set()


def test_numbers_in_a_count_are_recorded_as_figures(seeds: Seeds) -> None:
    counts = [claim for claim in seeds.claims.values() if claim.statement == "count" and claim.verified]
    assert counts
    assert [claim.id for claim in counts if not claim.figures] == []


# ---- The quizzes ----


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_no_question_needs_what_came_after_the_article(file: Path, seeds: Seeds) -> None:
    late = [
        (question.id, name)
        for question in _load(file).questions
        for name in question.cites
        if seeds.claims[name].period == "since"
    ]
    assert late == []


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_every_question_explains_itself(file: Path) -> None:
    assert [question.id for question in _load(file).questions if not question.explanation] == []


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_every_wrong_option_says_why(file: Path) -> None:
    silent = [
        (question.id, option.id)
        for question in _load(file).questions
        for option in getattr(question, "options", ())
        if not option.correct and not option.feedback
    ]
    assert silent == []


def test_full_quiz_has_at_least_fifteen_questions_of_several_types() -> None:
    quiz = _load(ROOT / "quizzes" / "alien-enemies-act.yml")
    assert len(quiz.questions) >= 15
    assert len({question.type for question in quiz.questions}) >= 5


def test_right_option_of_single_choices_is_in_every_position_about_as_often() -> None:
    questions = _questions("single-choice")
    places = Counter(next(n for n, option in enumerate(q.options) if option.correct) for q in questions)
    assert set(places) == set(range(4))
    assert max(places.values()) <= len(questions) / 2


def test_right_option_is_not_given_away_by_its_length() -> None:
    questions = _questions("single-choice")
    longest = [q for q in questions if max(q.options, key=lambda option: len(option.text)).correct]
    assert len(longest) <= len(questions) / 2


def test_statements_are_true_about_as_often_as_false() -> None:
    answers = Counter(question.answer for question in _questions("true-false"))
    assert answers[True] >= 1
    assert answers[False] >= 1
    assert abs(answers[True] - answers[False]) <= max(1, sum(answers.values()) // 3)


def test_multiple_choices_do_not_always_have_the_same_number_of_right_options() -> None:
    counts = {sum(option.correct for option in question.options) for question in _questions("multiple-choice")}
    assert len(counts) > 1


def expulsions_in_spanish_only(english: Iterable[Any], spanish: Iterable[Any]) -> list[str]:
    """Ids of the questions that mention an expulsion in Spanish but not in English, where it is a removal."""
    texts = {question["id"]: str(question).lower() for question in english}
    return [
        question["id"]
        for question in spanish
        if "expuls" in str(question).lower() and not re.search(r"expulsion|expel", texts[question["id"]])
    ]


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_a_removal_is_not_called_an_expulsion_in_spanish(file: Path) -> None:
    """They are counted separately: a removal is "remoción"; "expulsión" is what is counted under Title 42."""
    english, spanish = (read(path).value["questions"] for path in (file, file.with_suffix(".es.yml")))
    assert expulsions_in_spanish_only(english, spanish) == []


def test_a_removal_that_is_called_an_expulsion_is_found() -> None:
    english = [{"id": "a", "prompt": "A removal"}, {"id": "b", "prompt": "An expulsion"}]
    spanish = [{"id": "a", "prompt": "Una expulsión"}, {"id": "b", "prompt": "Una expulsión"}]
    assert expulsions_in_spanish_only(english, spanish) == ["a"]


# ---- The lessons ----


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_lesson_shows_only_questions_that_there_are(file: Path) -> None:
    text = file.read_text("utf-8")
    loaded = dict(re.findall(r'(\w+) = civicquiz\.load\("([^"]+)"\)', text))
    assert loaded
    for name, path in loaded.items():
        quiz = _load(file.parent / path)
        for ids in re.findall(rf"civicquiz\.show\({name}, questions=\[([^\]]*)\]", text):
            assert quiz.select(re.findall(r'"([^"]+)"', ids))
        assert re.search(rf"civicquiz\.show\({name}\b", text)


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_every_quick_check_of_a_lesson_is_shown_in_it(file: Path) -> None:
    checks = ROOT / "quizzes" / f"{file.stem}-checks.yml"
    if not checks.exists():
        pytest.skip("has no quick checks")
    shown = set(re.findall(r'"(check-[\w-]+)"', file.read_text("utf-8")))
    assert {question.id for question in _load(checks).questions} == shown


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_figure_of_a_lesson_has_a_description(file: Path) -> None:
    for figure in re.findall(r"```\{figure\} (\S+)\n(.*?)```", file.read_text("utf-8"), re.DOTALL):
        path, options = figure
        assert (file.parent / path).is_file()
        assert re.search(r"^:alt: \S", options, re.MULTILINE), path
