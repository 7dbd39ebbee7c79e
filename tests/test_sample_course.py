"""The sample course in ``examples/course``: a course like any other, on another subject than this project's book."""

from __future__ import annotations

from material import SAMPLE_COURSE
from prose import cited_claims

import civicquiz
from civicquiz.authoring.yaml_source import read
from civicquiz.model.claims import SeedFile, load_seeds
from civicquiz.model.course import check

PAGES = sorted(SAMPLE_COURSE.rglob("*.md"))


def test_check_finds_nothing() -> None:
    assert check([SAMPLE_COURSE]) == []


def test_course_needs_no_article() -> None:
    (file,) = (SAMPLE_COURSE / "seeds").glob("*.yml")
    assert "article" not in SeedFile.model_validate(read(file).value).model_fields_set


def test_every_verified_claim_is_cited_or_another_follows_from_it() -> None:
    seeds = load_seeds(SAMPLE_COURSE / "seeds")
    cited = {name for page in PAGES for name in cited_claims(page.read_text("utf-8"))}
    for path in (SAMPLE_COURSE / "quizzes").glob("*.yml"):
        if "." not in path.stem:
            cited |= {name for question in civicquiz.load(path).questions for name in question.cites}
    cited |= {name for claim in seeds.claims.values() for name in claim.derived_from}
    assert {claim.id for claim in seeds.claims.values() if claim.verified} == cited


def test_tests_before_and_after_are_matched() -> None:
    """Question by question: the same type, the same objective, a different fact."""
    before, after = (civicquiz.load(SAMPLE_COURSE / "quizzes" / f"{name}.yml") for name in ("before", "after"))
    pairs = list(zip(before.questions, after.questions, strict=True))
    assert [(one.type, one.objectives) for one, _ in pairs] == [(other.type, other.objectives) for _, other in pairs]
    assert all(one.prompt != other.prompt for one, other in pairs if one.type != "order")
    assert before.objectives == after.objectives
