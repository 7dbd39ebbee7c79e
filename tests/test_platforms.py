"""Does what the pages on platforms say, with downloads that are named as each platform names them."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest
from class_files import HALF, LAW, RIGHT, response_file, write_keys, zipped
from click.testing import CliRunner
from material import ROOT, write

from civicquiz.cli import main

PAGES = sorted((ROOT / "docs" / "platforms").glob("*.md"))
NAMES = [page.stem for page in PAGES]


def text_of(name: str) -> str:
    return (ROOT / "docs" / "platforms" / f"{name}.md").read_text("utf-8")


def commands_on(text: str) -> list[list[str]]:
    """The words of every command that a page shows, in a block or in a sentence."""
    blocks = re.findall(r"^ *\$ civicquiz (.*)$", text, re.MULTILINE)
    return [shlex.split(command) for command in [*blocks, *re.findall(r"`civicquiz ([^`]+)`", text)]]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "platforms.md"], ids=lambda page: page.stem)
def test_commands_on_a_page_have_the_formats_and_options_that_they_use(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "quizzes" / "law.yml", LAW)
    commands = [words for words in commands_on(page.read_text("utf-8")) if len(words) > 2]
    for name, *words in commands:
        for file in words:
            if file.endswith((".zip", ".csv")):  # what the command reads
                write(tmp_path / file, "")
        main.commands[name].make_context(name, words)
    assert commands or page.stem == "platforms"


@pytest.mark.parametrize("name", NAMES)
def test_page_says_which_way_to_take_what_gets_lost_and_what_not_to_do(name: str) -> None:
    text = text_of(name)
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    assert [row for row in rows if row != "---"] == ["Practice", "Graded work", "Scores back"]
    assert {"What gets lost", "What not to do", "A released copy"} <= set(re.findall(r"^## (.*)$", text, re.MULTILINE))
    assert re.search(r"--report \S+", text)
    assert f"](platforms/{name}.md)" in (ROOT / "docs" / "platforms.md").read_text("utf-8")


#: What each platform calls what two students handed in, with the file as they called it at the end.
DOWNLOADS = {
    "canvas": ("smithbob_340934_9001_{}", "garciaana_340935_9002_{}"),
    "moodle": ("Bob Smith_657737_assignsubmission_file_/{}", "Ana Garcia_657738_assignsubmission_file_/{}"),
    "blackboard": ("Law test_bob_attempt_2026-11-27-10-11-12_{}", "Law test_ana_attempt_2026-11-27-10-15-12_{}"),
    "brightspace": ("1-7 - Bob Smith - Nov 27, 2026 1011 AM/{}", "2-7 - Ana Garcia - Nov 27, 2026 1015 AM/{}"),
    "google-classroom": ("Law/{}", "Law/{}"),
    "teams": ("Submitted files/Bob Smith/Law/{}", "Submitted files/Ana Garcia/Law/Version 2/{}"),
}
#: Class lists: as Canvas, Moodle and Blackboard export them, and one of our own.
ROSTERS = {
    "canvas": "Student,ID,SIS Login ID\n    Points Possible,,\nBob Smith,340934,bob\nAna Garcia,340935,ana\n",
    "moodle": "First name,Last name,Email address\nBob,Smith,bob@example.org\nAna,Garcia,ana@example.org\n",
    "blackboard": '"Last Name","First Name","Username"\n"Smith","Bob","bob"\n"Garcia","Ana","ana"\n',
    "": "learner,name,username\nbob,Bob Smith,bob\nana,Ana Garcia,ana\n",
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_what_students_hand_in_on_a_platform_is_graded_by_the_command_on_its_page(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    law = write_keys(tmp_path)["law"]
    text = text_of(name)
    named = "put their" in text  # whether students put their names in front
    (command,) = [words for words in commands_on(text) if words[0] == "grade" and len(words) > 2]
    files = ["Bob Smith law.responses.json", "Ana Garcia law.responses.json"] if named else ["law.responses.json"] * 2
    entries = {
        where.format(file): response_file(law, answers)
        for where, file, answers in zip(DOWNLOADS[name], files, (RIGHT, HALF), strict=True)
    }
    zipped(tmp_path / command[1], entries)
    write(tmp_path / command[command.index("--roster") + 1], ROSTERS.get(name, ROSTERS[""]))
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, done.output) == (0, "2 submissions graded; the results are in results/.\n")
    rows = list(csv.DictReader((tmp_path / "results" / "gradebook.csv").read_text("utf-8-sig").splitlines()))
    assert {row["name"]: row["law"] for row in rows} == {"Bob Smith": "4", "Ana Garcia": "2"}


def test_table_for_brightspace_is_made_from_columns_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    law = write_keys(tmp_path)["law"]
    zipped(tmp_path / "submissions.zip", {"bob-law.responses.json": response_file(law, RIGHT)})
    write(tmp_path / "roster.csv", ROSTERS[""].replace("bob,Bob Smith,bob", "bob,Bob Smith,bsmith"))
    words = ["grade", "submissions.zip", "--key", "quizzes/law.yml", "--roster", "roster.csv", "--out", "results"]
    assert CliRunner().invoke(main, words).exit_code == 0
    (row,) = csv.DictReader((tmp_path / "results" / "moodle.csv").read_text("utf-8-sig").splitlines())
    header, line = re.search(r"text\n +(Username,.*)\n +(.*)\n", text_of("brightspace")).groups()
    title = next(iter(re.findall(r"^title: (.*)$", LAW, re.MULTILINE)))
    assert header == f"Username,{title} Points Grade,End-of-Line Indicator"
    assert line == f"{row['Username']},{row[title]},#"
