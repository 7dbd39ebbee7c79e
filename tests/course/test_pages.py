"""The pages of the book together: each can be reached, no link is dead, and the lesson plans add up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from material import ROOT
from prose import compare_list, dead_links, external_links

import civicquiz

PAGES = [*ROOT.glob("lessons/*.md"), *ROOT.glob("course/*.md"), ROOT / "intro.md", ROOT / "claims.md"]


def test_external_links_are_listed_for_a_person_to_open(update_golden: bool) -> None:
    links = external_links([*PAGES, *ROOT.glob("seeds/*.yml")])
    compare_list(ROOT / "tests" / "course" / "data" / "external-links.txt", links, update_golden)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_every_page_is_in_the_table_of_contents_once(repo: Path) -> None:
    contents = yaml.safe_load((repo / "_toc.yml").read_text("utf-8"))
    listed = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    pages = [
        str(page.relative_to(repo).with_suffix(""))
        for page in [*PAGES, *repo.glob("docs/*.md")]
        if page.stem != "intro"
    ]
    assert contents["root"] == "intro"
    assert sorted(listed) == sorted(pages)


def test_table_of_contents_tells_the_course_from_the_package(repo: Path) -> None:
    """One part holds all pages of the package and nothing else."""
    contents = yaml.safe_load((repo / "_toc.yml").read_text("utf-8"))
    rooms = {part["caption"]: {str(Path(c["file"]).parent) for c in part["chapters"]} for part in contents["parts"]}
    assert rooms.pop("civicquiz for your own quizzes") == {"docs"}
    assert all("docs" not in folders for folders in rooms.values())


def test_plans_for_class_add_up_and_name_sections_and_quick_checks_that_exist(repo: Path) -> None:
    text = (repo / "course/teaching.md").read_text("utf-8")
    plans = re.findall(r"^### \[[^\n]*lessons/([\w-]+)\.md\)\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert sorted(lesson for lesson, _ in plans) == sorted(path.stem for path in (repo / "lessons").glob("*.md"))
    for lesson, plan in plans:
        sections = re.findall(r"^##+ (.*)$", (repo / f"lessons/{lesson}.md").read_text("utf-8"), re.MULTILINE)
        checks = {question.id for question in civicquiz.load(repo / f"quizzes/{lesson}-checks.yml").questions}
        tables = re.split(r"^\*\*(\d+) minutes\*\*", plan, flags=re.MULTILINE)[1:]
        assert tables[::2] == ["50", "90"]
        for minutes, table in zip(tables[::2], tables[1::2], strict=True):
            rows = [line.strip("|").split("|") for line in re.findall(r"^\|\s*\d.*$", table, re.MULTILINE)]
            assert sum(int(row[0]) for row in rows) == int(minutes), (lesson, minutes)
            assert {name for row in rows for name in row[2].strip().split("; ") if name} <= set(sections)
            assert {name for row in rows for name in re.findall(r"`([^`]+)`", row[3])} <= checks
