"""The pages of the book together: each can be reached, no link is dead, and the lesson plans add up."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from material import ROOT
from prose import compare_list, dead_links, external_links, official_links

import civicquiz

LINKS = ROOT / "tests" / "course" / "data" / "external-links.txt"
PAGES = [*ROOT.glob("lessons/*.md"), *ROOT.glob("course/**/*.md"), ROOT / "intro.md", ROOT / "claims.md"]


def test_external_links_are_listed_for_a_person_to_open(update_golden: bool) -> None:
    links = external_links([*PAGES, *ROOT.glob("seeds/*.yml")])
    compare_list(LINKS, links, update_golden)


def test_official_links_lead_to_the_government_that_made_the_document() -> None:
    """A copy elsewhere may be exact, but a reader should not have to trust whoever made the copy."""
    official = official_links(LINKS)
    assert official
    assert {link for link in official if not re.match(r"https://([\w-]+\.)+(gov|mil)/", link)} == set()


def test_mark_of_an_official_link_outlives_an_update_of_the_list(tmp_path: Path) -> None:
    listed = tmp_path / "links.txt"
    listed.write_text("https://a.example/\nofficial https://b.gov/\n", "utf-8")
    compare_list(listed, ["https://b.gov/", "https://c.example/"], update_golden=True)
    assert listed.read_text("utf-8") == "official https://b.gov/\nhttps://c.example/\n"
    assert official_links(listed) == {"https://b.gov/"}
    with pytest.raises(AssertionError):
        compare_list(listed, ["https://b.gov/"], update_golden=False)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_every_page_is_in_the_table_of_contents_once(repo: Path) -> None:
    contents = yaml.safe_load((repo / "_toc.yml").read_text("utf-8"))
    listed = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"] if "file" in chapter]
    pages = [str(page.relative_to(repo).with_suffix("")) for page in PAGES if page.stem != "intro"]
    assert contents["root"] == "intro"
    assert sorted(listed) == sorted(pages)


def test_the_documentation_of_the_package_is_a_site_beside_the_book_that_the_book_leads_to(repo: Path) -> None:
    """The table of contents has a link to its front page and none of its pages; a link to a page of it names one."""
    site = tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Documentation"]
    contents = yaml.safe_load((repo / "_toc.yml").read_text("utf-8"))
    linked = [chapter["url"] for part in contents["parts"] for chapter in part["chapters"] if "url" in chapter]
    assert linked == [site]
    pages = [name for page in PAGES for name in re.findall(rf"{site}([^)\s]+)", page.read_text("utf-8"))]
    assert len(pages) >= 3
    for name in pages:
        assert (repo / "docs" / name).with_suffix(".md").is_file(), name
    workflow = (repo / ".github" / "workflows" / "book.yml").read_text("utf-8")
    assert "make docs" in workflow
    assert "mv _build/docs _build/html/docs" in workflow


def test_plans_for_90_minutes_add_up_and_name_sections_and_quick_checks_that_exist(repo: Path) -> None:
    text = (repo / "course/teaching.md").read_text("utf-8")
    plans = re.findall(r"^### \[[^\n]*lessons/([\w-]+)\.md\)\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert sorted(lesson for lesson, _ in plans) == sorted(path.stem for path in (repo / "lessons").glob("*.md"))
    for lesson, plan in plans:
        sections = re.findall(r"^##+ (.*)$", (repo / f"lessons/{lesson}.md").read_text("utf-8"), re.MULTILINE)
        checks = {question.id for question in civicquiz.load(repo / f"quizzes/{lesson}-checks.yml").questions}
        tables = re.split(r"^\*\*(\d+) minutes\*\*", plan, flags=re.MULTILINE)[1:]
        assert tables[::2] == ["90"]
        assert f"**50 minutes:** [the plan and five more sheets to print](print/{lesson}.md)" in plan
        for minutes, table in zip(tables[::2], tables[1::2], strict=True):
            rows = [line.strip("|").split("|") for line in re.findall(r"^\|\s*\d.*$", table, re.MULTILINE)]
            assert sum(int(row[0]) for row in rows) == int(minutes), (lesson, minutes)
            assert {name for row in rows for name in row[2].strip().split("; ") if name} <= set(sections)
            assert {name for row in rows for name in re.findall(r"`([^`]+)`", row[3])} <= checks


SHEETS = sorted((ROOT / "course" / "print").glob("*.md"))


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.stem)
def test_plan_on_a_sheet_fills_50_minutes_with_steps_that_must_or_may_be_done(page: Path) -> None:
    """It names sections that the lesson has, and serves the standards that the lesson serves."""
    lesson = (ROOT / "lessons" / page.name).read_text("utf-8")
    plan = page.read_text("utf-8").split("\n## ")[1]
    rows = [line.strip("|").split("|") for line in re.findall(r"^\|\s*\d.*$", plan, re.MULTILINE)]
    times = [tuple(map(int, row[0].split("–"))) for row in rows]
    assert times[0][0] == 0
    assert times[-1][1] == 50
    assert all(before[1] == after[0] < after[1] for before, after in pairwise(times))
    assert {name for row in rows for name in row[2].strip().split("; ") if name} <= set(
        re.findall(r"^##+ (.*)$", lesson, re.MULTILINE)
    )
    assert {row[3].strip() for row in rows} == {"must", "may"}
    codes = r"D\d\.(?:\w+\.)*\d+\.9-12|D\d\.\d\.9-12"
    assert set(re.findall(codes, plan)) == set(re.findall(codes, lesson))
    assert re.search("^\\*\\*Opting out", plan, re.MULTILINE)


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.stem)
def test_rubric_on_a_sheet_describes_the_levels_4_to_0(page: Path) -> None:
    rubric = page.read_text("utf-8").split("\n## Rubric")[1]
    assert re.findall(r"^\| \*\*(\d)\*\* \| \w", rubric, re.MULTILINE) == ["4", "3", "2", "1", "0"]


def test_page_of_standards_gives_each_lesson_the_codes_that_it_has(repo: Path) -> None:
    text = (repo / "course/standards.md").read_text("utf-8")
    rows = re.findall(r"^\| \[[^]]*\]\((?:\.\./)?([\w/-]+)\.md\) \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) == len(SHEETS) + 1
    for name, listed in rows:
        page = repo / (f"{name}.md" if "/" in name else f"course/{name}.md")
        codes = re.findall(r"(D\d\.(?:\w+\.)*\d+)\.9-12", page.read_text("utf-8"))
        assert set(listed.split(", ")) == set(codes), name


def test_front_page_gives_the_time_that_each_lesson_says_it_takes() -> None:
    cards = re.findall(
        r":link: (lessons/[a-z-]+)\n.*?\*(\d+) minutes\*", (ROOT / "intro.md").read_text("utf-8"), re.DOTALL
    )
    assert len(cards) == len([*ROOT.glob("lessons/*.md")])
    for lesson, minutes in cards:
        text = (ROOT / f"{lesson}.md").read_text("utf-8")
        assert f"**Time:** about {minutes} minutes" in text, lesson
