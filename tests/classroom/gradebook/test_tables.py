"""The gradebook, and the files that Canvas and Moodle import."""

from __future__ import annotations

from pathlib import Path

from civicquiz.classroom.collecting import GradeColumn, Learner
from civicquiz.classroom.gradebook.tables import GradebookTables, Standing


def test_platforms_get_the_share_of_what_a_learner_could_get(tmp_path: Path) -> None:
    """Two learners with half of their points, of whom one got the heavier questions, have the same grade."""
    with GradebookTables(tmp_path, {"law": ("Law", 10.0)}) as tables:
        tables.write(Learner("anna"), {"law": Standing(1, 2, False, False)})
        tables.write(Learner("bob"), {"law": Standing(9, 18, False, False)})
        tables.write(Learner("carla"), {"law": Standing(5, 10, False, False)})
        tables.write(Learner("dan"), {"law": Standing(1, 3, False, False)})
    lines = (tmp_path / "canvas.csv").read_text("utf-8-sig").splitlines()
    assert lines[2:] == ["anna,,,,,5", "bob,,,,,5", "carla,,,,,5", "dan,,,,,3.333333"]
    assert "anna,,1,2,graded,,1" in (tmp_path / "gradebook.csv").read_text("utf-8-sig")


def test_gradebook_canvas_and_moodle(tmp_path: Path) -> None:
    quizzes = {"essay": ("Same title", 3.0), "law": ("Same title", 4.0)}
    with GradebookTables(tmp_path, quizzes) as tables:
        anna = Learner("anna", "=Anna", login="anna", email="anna@x.org", number="7", canvas="11", section="P1")
        tables.write(anna, {"law": Standing(2.5, 4, False, True), "essay": Standing(0, 3, True, False)})
        tables.write(Learner("bob"), {})
        tables.write(Learner("carla"), {"law": Standing(0, 4, False, False)})
    assert (tmp_path / "gradebook.csv").read_text("utf-8-sig").splitlines() == [
        "learner,name,essay,essay: out of,essay: status,essay: late,essay: so far,"
        "law,law: out of,law: status,law: late,law: so far",
        "anna,'=Anna,,3,needs-review,,0,2.5,4,graded,late,2.5",
        "bob,,,,missing,,,,,missing,,",
        "carla,,,,missing,,,0,4,graded,,0",
    ]
    assert (tmp_path / "canvas.csv").read_text("utf-8-sig").splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Same title [essay],Same title [law]",
        "    Points Possible,,,,,3,4",
        "'=Anna,11,7,anna,P1,,2.5",
        "carla,,,,,,0",
    ]
    assert (tmp_path / "moodle.csv").read_text("utf-8-sig").splitlines() == [
        "Username,ID number,Email address,Full name,Same title [essay],Same title [law]",
        "anna,7,anna@x.org,'=Anna,,2.5",
        ",,,carla,,0",
    ]


def test_scores_go_into_the_columns_of_the_roster_out_of_their_points(tmp_path: Path) -> None:
    quizzes = {"essay": ("Essay", 3.0), "law": ("Law", 4.0)}
    anna = Learner("anna", "Anna Lee", login="anna", number="7", canvas="11", first="Anna", last="Lee")
    standings = {"law": Standing(3, 4, False, False), "essay": Standing(2, 3, False, False)}
    with GradebookTables(tmp_path, quizzes, "canvas", {"law": GradeColumn("Law (1234)", 100.0)}) as tables:
        tables.write(anna, standings)
    assert (tmp_path / "canvas.csv").read_text("utf-8-sig").splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay,Law (1234)",
        "    Points Possible,,,,,3,100",
        "Anna Lee,11,7,anna,,2,75",
    ]
    assert (tmp_path / "moodle.csv").read_text("utf-8-sig").splitlines()[1] == "anna,7,,Anna Lee,2,3"
    heading = "Law [Total Pts: 8 Score] |66"
    with GradebookTables(tmp_path, quizzes, "blackboard", {"law": GradeColumn(heading, 8.0)}) as tables:
        tables.write(anna, standings)
        tables.write(Learner("bob@x.org", "Bob", email="bob@x.org"), standings)
    assert (tmp_path / "blackboard.csv").read_text("utf-8-sig").splitlines() == [
        f'"Last Name","First Name","Username","Student ID","Essay","{heading}"',
        '"Lee","Anna","anna","7","2","6"',
    ]
