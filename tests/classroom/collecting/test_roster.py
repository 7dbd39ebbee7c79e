"""Class lists: ours, and those that Canvas and Moodle export."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from material import write

from civicquiz.classroom.collecting import Learner, read_roster
from civicquiz.errors import RosterError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (17)
    Points Possible,,,,,10
"Smith, Bob",340934,S-1,bob,Period 1,9
"Lee, Anna",340935,S-2,anna,Period 1,
"""
MOODLE = (
    "\ufeffFirst name;Last name;ID number;Email address\nAnna;Lee;7;anna@example.org\nBob;Smith;8;bob@example.org\n"
)
GRADING = "Identifier,Full name,Email address,Status\nParticipant 657737,Anna Lee,anna@example.org,Submitted\n"


def test_a_roster_of_ours_needs_one_column(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path / "r.csv", "learner\nanna\n\n bob \n"))
    assert list(roster.learners) == ["anna", "bob"]
    assert roster.learners["anna"] == Learner("anna")


def test_canvas_export_is_a_roster(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path / "r.csv", CANVAS))
    assert roster.learners["bob"] == Learner(
        "bob", "Smith, Bob", login="bob", number="S-1", canvas="340934", section="Period 1"
    )
    for known in ("bob", "BOB", "340934", "S-1"):
        assert roster.by_id(known) == "bob"
    assert roster.by_name("smithbob") == "bob"
    assert roster.by_name("Bob Smith") == "bob"
    assert roster.by_id("nobody") is None


def test_moodle_exports_are_rosters(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path / "r.csv", MOODLE))
    assert roster.learners["anna@example.org"] == Learner(
        "anna@example.org", "Anna Lee", email="anna@example.org", number="7"
    )
    assert roster.by_name("Anna Lee") == "anna@example.org"
    roster = read_roster(write(tmp_path / "g.csv", GRADING))
    assert roster.by_id("657737") == "anna@example.org"


def test_name_or_id_that_two_share_identifies_nobody(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path / "r.csv", "learner,name,email\n1,Anna Lee,x@y\n2,Lee Anna,x@y\n3,Bob,z@y\n"))
    assert roster.by_name("Anna Lee") is None
    assert roster.by_id("x@y") is None
    assert roster.by_id("z@y") == "3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.csv:1: no column tells students apart"),
        ("colour\nred\n", "r.csv:1: no column tells students apart"),
        ("learner\n", "r.csv: lists no students"),
        ("learner\na\nb\na\n", "r.csv:4: student 'a' appears twice"),
        ("learner,name\n,Anna\n", "r.csv:2: 'Anna' has no id"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "r.csv", text)
    with pytest.raises(RosterError, match=r"r\.csv") as raised:
        read_roster(path)
    assert message in str(raised.value)


def test_roster_that_is_not_text_or_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("learner\nJosé\n".encode("latin-1"))
    assert list(read_roster(tmp_path / "r.csv").learners) == ["José"]
    (tmp_path / "r.csv").write_bytes(b"learner\n\x81\x8d\n")
    with pytest.raises(RosterError, match=r"not text that can be read .save it as 'CSV UTF-8'"):
        read_roster(tmp_path / "r.csv")
    with pytest.raises(RosterError, match="cannot be read: no such file"):
        read_roster(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "header",
    ["LastName,FirstName,ID,SIS Login ID", "Last Name,First Name,ID,SIS Login ID", "Student,ID,SIS Login ID"],
)
def test_canvas_export_is_read_in_all_its_settings(tmp_path: Path, header: str) -> None:
    """With the row of points and the teacher's test student, which are not students."""
    apart = header.startswith("Last")
    rows = [
        "    Points Possible,,,," if apart else "    Points Possible,,,",
        "Poe,Ann,101,ann" if apart else '"Poe, Ann",101,ann',
        "Student,Test,999," if apart else '"Student, Test",999,',
    ]
    write(tmp_path / "r.csv", "\n".join([header, *rows]) + "\n")
    (learner,) = read_roster(tmp_path / "r.csv").learners.values()
    assert (learner.id, learner.login, learner.canvas) == ("ann", "ann", "101")
    assert read_roster(tmp_path / "r.csv").by_name("poeann") == "ann"


def test_names_are_compared_however_a_system_writes_their_accents(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", "learner,name\nl1,José Núñez\nl2,D\u2019Arcy O\u2019Neil\n")
    roster = read_roster(tmp_path / "r.csv")
    assert roster.by_name(unicodedata.normalize("NFD", "José Núñez")) == "l1"
    assert roster.by_name("D'Arcy O'Neil") == "l2"
    assert roster.by_id("L1\u200b") == "l1"


def test_blackboard_download_is_a_roster(tmp_path: Path) -> None:
    """In UTF-16, with tabs, and with the user as whom a teacher looks at the course."""
    header = '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Law [Total Pts: 10 Score] |66"\n'
    rows = '"Núñez"\t"José"\t"jnunez"\t"S-1"\t"2026-11-02"\t""\n"T_PreviewUser"\t"T"\t"t_previewuser"\t""\t""\t""\n'
    (tmp_path / "gc_law_fullgc.xls").write_bytes((header + rows).encode("utf-16"))
    roster = read_roster(tmp_path / "gc_law_fullgc.xls")
    assert list(roster.learners) == ["jnunez"]
    learner = roster.learners["jnunez"]
    assert (learner.name, learner.first, learner.last, learner.number) == ("José Núñez", "José", "Núñez", "S-1")
    assert (roster.platform, list(roster.columns)) == ("blackboard", ["law"])


def test_a_student_in_several_sections_is_one_student(tmp_path: Path) -> None:
    both = '"Lee, Anna",340935,S-2,anna,Period 1 and Period 2,\n'
    roster = read_roster(write(tmp_path / "one.csv", CANVAS.replace('"Lee, Anna",340935,S-2,anna,Period 1,\n', both)))
    assert roster.learners["anna"].section == "Period 1 and Period 2"
    again = '"Lee, Anna",340935,S-2,anna,Period 2,\n'
    roster = read_roster(write(tmp_path / "two.csv", CANVAS + again))
    assert roster.learners["anna"].section == "Period 1 and Period 2"
    assert roster.by_name("Anna Lee") == "anna"
    with pytest.raises(RosterError, match="student 'anna' appears twice"):
        read_roster(write(tmp_path / "three.csv", CANVAS + '"Lee, Ann",340935,S-2,anna,Period 2,\n'))


def test_students_without_names_are_known_by_their_numbers(tmp_path: Path) -> None:
    rows = "Student,ID,SIS Login ID,Section,Law (1)\nStudent,101,,P1,\nStudent,102,,P1,\n"
    roster = read_roster(write(tmp_path / "anonymous.csv", rows))
    assert list(roster.learners) == ["101", "102"]
    assert roster.by_name("Student") is None
