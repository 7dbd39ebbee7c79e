"""The columns for scores in what Canvas, Moodle and Blackboard export."""

from __future__ import annotations

import pytest

from civicquiz.classroom.collecting.grade_columns import GradeColumn, columns_of_quizzes, grade_columns

CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE = ["First name", "Last name", "ID number", "Email address"]
BLACKBOARD = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]


def column(title: str, people: list[str], *headings: str, points: str = "") -> GradeColumn | None:
    """The column of a quiz with this title, which is called ``law``."""
    rows = [[*people, *headings], ["    Points Possible", *[""] * (len(people) - 1), *[points] * len(headings)]]
    platform, columns = grade_columns(rows)
    assert platform is not None
    return columns_of_quizzes(columns, {"law": (title, "law")})[0].get("law")


@pytest.mark.parametrize("people", [CANVAS, ["LastName", "FirstName", *CANVAS[1:]], ["Student", "ID", "Section"]])
def test_canvas_assignment_is_found_by_its_title_with_its_number_and_points(people: list[str]) -> None:
    headings = ["Essay (12)", "Law of 1798 (1234)", "Assignments Current Points", "Final Score"]
    assert column("Law of  1798", people, *headings, points="10.00") == GradeColumn("Law of 1798 (1234)", 10)
    assert column("LAW OF 1798", people, *headings, points="") == GradeColumn("Law of 1798 (1234)")
    assert column("Law of 1798", people, *headings, points="0") == GradeColumn("Law of 1798 (1234)")
    assert column("Other", people, "law (3)") == GradeColumn("law (3)")
    assert column("War (1812)", people, "War (1812) (77)") == GradeColumn("War (1812) (77)")
    assert column("War", people, "War", "Final Score") is None


def test_points_of_canvas_are_below_the_row_on_posting() -> None:
    rows = [[*CANVAS, "Law (1)"], [*[""] * 5, "Manual Posting"], ["    Points Possible", *[""] * 4, "20"]]
    assert grade_columns(rows) == ("canvas", {"law": [GradeColumn("Law (1)", 20)]})


def test_moodle_grade_is_found_by_its_name_in_any_language_once() -> None:
    forms = [f"Assignment: Law of 1798 ({form})" for form in ("Real", "Percentage", "Letter", "Feedback")]
    assert column("Law of 1798", MOODLE, *forms, "Course total (Real)") == GradeColumn(forms[0])
    assert column("Una ley", MOODLE, "Tarea: Una ley (Real)") == GradeColumn("Tarea: Una ley (Real)")
    assert column("Law: 1798", MOODLE, "Quiz: Law: 1798 (Real)") == GradeColumn("Quiz: Law: 1798 (Real)")
    assert column("Law", MOODLE, "Assignment: Law (Real)", "Quiz: Law (Real)") is None
    assert grade_columns([[*MOODLE, "Groups"]]) == ("moodle", {})


def test_blackboard_column_is_found_by_its_title_with_its_number_and_points() -> None:
    heading = "Law of 1798 [Total Pts: 10 Score] |664617"
    assert column("Law of 1798", BLACKBOARD, "Total [Total Pts: up to 0 Percentage] |1", heading) == GradeColumn(
        heading, 10
    )
    assert column("Law", BLACKBOARD, "Law |7") == GradeColumn("Law |7")
    decimal = "Ley [Puntos totales: 7,5 Puntuación] |8"
    assert column("Ley", BLACKBOARD, decimal) == GradeColumn(decimal, 7.5)


def test_nothing_is_guessed_where_two_columns_or_two_quizzes_have_the_same_title() -> None:
    _, columns = grade_columns([[*CANVAS, "Law (1)", "Law (2)", "Same (3)", "Same [b] (4)"]])
    quizzes = {"law": ("Law", "law"), "a": ("Same [a]", "Same", "a"), "b": ("Same [b]", "Same", "b")}
    assert columns_of_quizzes(columns, quizzes) == (
        {"a": GradeColumn("Same (3)"), "b": GradeColumn("Same [b] (4)")},
        ["law"],
    )
    assert columns_of_quizzes(columns, {"x": ("Same", "x"), "y": ("Same", "y")}) == ({}, ["x", "y"])


def test_a_class_list_of_ours_is_from_no_platform() -> None:
    assert grade_columns([["learner", "name", "email", "Law (1)"]]) == (None, {})
    assert grade_columns([]) == (None, {})
