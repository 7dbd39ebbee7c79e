"""Claims and sources: the content of a seed file, and which claims may be cited."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import ROOT, SAMPLE_COURSE, SEEDS, write

from civicquiz.errors import QuizError
from civicquiz.model.claims import RECORD, Seeds, citation_problem, load_seeds

SOURCE = "sources:\n  - {id: act, title: The Act, publisher: Congress}\n"


def _claim(more: str, claim_id: str = "h1") -> str:
    return f"  - {{id: {claim_id}, text: A fact., speaker: Congress, as_of: '1798', {more}}}\n"


def _load(folder: Path, **files: str) -> Seeds:
    for stem, text in files.items():
        write(folder / f"{stem}.yml", text)
    return load_seeds(folder)


def _messages(folder: Path, **files: str) -> list[str]:
    with pytest.raises(QuizError) as caught:
        _load(folder, **files)
    return [problem.message for problem in caught.value.problems]


def test_claims_and_sources_of_all_files_are_found_by_id(tmp_path: Path) -> None:
    seeds = _load(tmp_path, one=SOURCE, two="claims:\n" + _claim("statement: law, sources: [act]"))
    assert list(seeds.claims) == ["h1"]
    assert list(seeds.sources) == ["act"]
    assert [claim.id for claim in seeds.of_file("two")] == ["h1"]
    assert seeds.of_file("one") == []


def test_claims_of_a_file_keep_its_order_through_claims_omissions_and_cautions(tmp_path: Path) -> None:
    text = "cautions:\n" + _claim("statement: law, sources: [act]", "c") + "omissions:\n"
    text += _claim("statement: law, sources: [act]", "b") + "claims:\n"
    text += _claim("statement: law, sources: [act]", "z") + _claim("statement: law, sources: [act]", "a")
    seeds = _load(tmp_path, one=SOURCE, two=text)
    assert [claim.id for claim in seeds.of_file("two")] == ["z", "a", "b", "c"]


def test_sources_of_a_derived_claim_are_those_it_rests_on_each_once(tmp_path: Path) -> None:
    seeds = _load(tmp_path, one=SEEDS)
    assert [source.id for source in seeds.sources_of(seeds.claims["h30"])] == ["act-1798", "tally"]


def test_claims_that_rest_on_each_other_do_not_hang(tmp_path: Path) -> None:
    text = SOURCE + "claims:\n" + _claim("statement: derived, derived_from: [h2], sources: [act]")
    text += _claim("statement: derived, derived_from: [h1]", "h2")
    seeds = _load(tmp_path, one=text)
    assert [source.id for source in seeds.sources_of(seeds.claims["h2"])] == ["act"]


def test_verified_claim_may_be_cited_and_others_may_not(tmp_path: Path) -> None:
    claims = _load(tmp_path, one=SEEDS).claims
    assert citation_problem("h04", claims) is None
    unknown = citation_problem("h40", claims)
    unverified = citation_problem("h99", claims)
    assert unknown == ("there is no claim 'h40'", "did you mean 'h04'?") or (unknown and "did you mean" in unknown[1])
    assert unverified == (
        "claim 'h99' is not verified and cannot be cited",
        "not verified because: no record says so",
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("statement: law", "has no source"),
        ("statement: law, sources: []", "has no source"),
        ("statement: derived", "derived, but from nothing"),
        ("statement: law, verified: false", "no reason"),
        ("statement: rumour, sources: [act]", "'statement' must be 'law'"),
        ("statement: law, sources: [act], period: later", "'period' must be 'then' or 'since'"),
        ("statement: law, sources: [act], para: 3", "unknown key 'para'"),
        ("statement: law, sources: [act], paragraph: -1", "'paragraph' must be >= 0"),
        ("statement: law, sources: [act], figures: [{value: 3}]", "'unit' is missing"),
        ("statement: law, sources: [acct]", "there is no source 'acct'"),
        ("statement: derived, derived_from: [h2]", "there is no claim 'h2'"),
    ],
)
def test_claim_that_rests_on_nothing_or_is_misspelt_is_refused(tmp_path: Path, more: str, words: str) -> None:
    (message,) = _messages(tmp_path, one=SOURCE + "claims:\n" + _claim(more))
    assert message.startswith("claim 'h1': ")
    assert words in message


@pytest.mark.parametrize("date", ["6 July 1798", "1798-7-6", "1798-13", "1798-07-32", "98", "July", "1798-07-06T00:00"])
def test_date_is_a_year_a_month_or_a_day(tmp_path: Path, date: str) -> None:
    text = f"sources:\n  - {{id: a, title: T, publisher: P, date: '{date}'}}\n"
    (message,) = _messages(tmp_path, one=text)
    assert "'date'" in message


def test_derived_claim_must_not_rest_on_an_unverified_one(tmp_path: Path) -> None:
    text = SOURCE + "claims:\n" + _claim("statement: derived, derived_from: [h2]")
    text += _claim("statement: law, verified: false, reason: none found", "h2")
    (message,) = _messages(tmp_path, one=text)
    assert message == "claim 'h1': claim 'h2' is not verified and cannot be cited"


def test_same_id_in_two_files_is_reported_with_the_first_place(tmp_path: Path) -> None:
    claim = "claims:\n" + _claim("statement: law, sources: [act]")
    (message,) = _messages(tmp_path, one=SOURCE + claim, two=claim)
    assert "duplicate id 'h1'" in message
    assert "one.yml:4" in message


def test_only_https_addresses_are_sources(tmp_path: Path) -> None:
    for url in ("http://example.org", "javascript:alert(1)", "example.org"):
        (message,) = _messages(tmp_path, one=f"sources:\n  - {{id: a, title: T, publisher: P, url: '{url}'}}\n")
        assert "'url'" in message


def test_article_must_name_a_known_source(tmp_path: Path) -> None:
    text = SOURCE + "article: {title: T, publisher: P, published: '2024-11-06', source: reuters}\n"
    assert _messages(tmp_path, one=text) == ["there is no source 'reuters'"]


def test_problems_of_all_seed_files_are_reported_at_once(tmp_path: Path) -> None:
    assert len(_messages(tmp_path, one="sources: x\n", two="a: 1\na: 2\n")) == 2


def test_changed_seed_file_is_read_again(tmp_path: Path) -> None:
    seeds = _load(tmp_path, one=SOURCE, two="claims:\n" + _claim("statement: law, sources: [act]"))
    assert load_seeds(tmp_path) is seeds
    again = _load(tmp_path, two="claims:\n" + _claim("statement: law, sources: [act]", "h22"))
    assert list(again.claims) == ["h22"]


def test_folder_without_seed_files_is_empty(tmp_path: Path) -> None:
    assert load_seeds(tmp_path).claims == {}
    assert load_seeds(tmp_path / "nowhere").sources == {}


@pytest.mark.parametrize("folder", [ROOT / "seeds", SAMPLE_COURSE / "seeds"])
def test_record_has_everything_and_is_read_where_there_are_no_files(folder: Path, tmp_path: Path) -> None:
    seeds = load_seeds(folder)
    (tmp_path / RECORD).write_bytes(seeds.record())
    read = load_seeds(tmp_path)
    assert (read.claims, read.sources, read.cutoff) == (seeds.claims, seeds.sources, seeds.cutoff)
    assert list(read.claims) == list(seeds.claims)
    assert [read.stem_of(claim) for claim in read.claims] == [seeds.stem_of(claim) for claim in seeds.claims]
    assert list(_load(tmp_path, one=SOURCE).sources) == ["act"]


def test_record_that_is_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / RECORD, "{}")
    with pytest.raises(QuizError, match=f"{RECORD}:1:1: not what civicquiz writes here"):
        load_seeds(tmp_path)


# ---- Up to the cutoff, and since ----

LATER = "claims:\n" + _claim("statement: law, sources: [act], period: since")


def test_record_has_the_cutoff_date_of_the_course(tmp_path: Path) -> None:
    assert _load(tmp_path, one=SOURCE + LATER, two="cutoff: '2024-11'\n").cutoff == "2024-11"


def test_record_without_such_a_date_is_complete_where_nothing_came_later(tmp_path: Path) -> None:
    assert _load(tmp_path, one=SOURCE).cutoff is None


def test_nothing_comes_after_a_date_that_is_not_there(tmp_path: Path) -> None:
    assert _messages(tmp_path, one=SOURCE + LATER) == ["claim 'h1': 'since' needs a date to come after"]


def test_course_has_one_cutoff_date(tmp_path: Path) -> None:
    (message,) = _messages(tmp_path, one="cutoff: '2024-11'\n", two="cutoff: '2025'\n")
    assert message.startswith("'cutoff' appears in ")
    assert message.endswith("one.yml too")
