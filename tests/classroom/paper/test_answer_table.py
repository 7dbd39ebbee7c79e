"""Answers on paper are graded like the same answers on a screen, and what cannot be read is never graded in silence."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from class_files import LAW, RIGHT, response_file
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, ROOT, write
from paper_answers import answered_on_screen, shuffled

import civicquiz
from civicquiz.classroom.collecting import Submission
from civicquiz.classroom.gradebook.grader import Grader
from civicquiz.classroom.paper.answer_table import AnswerTable, TableProblem
from civicquiz.classroom.paper.printing import print_versions, table_columns
from civicquiz.cli import main
from civicquiz.grading.paper import PaperVersion, in_letters, paper_versions
from civicquiz.grading.session import Session
from civicquiz.model.quiz import Quiz

RECORD = {
    "schema": 1,
    "quiz": "law",
    "content_hash": "x",
    "languages": ["en"],
    "versions": {"A": {"seed": 1, "code": "ABCDEF"}},
}
SHUFFLED = f"shuffle: [questions, options]\n{LAW}"
QUIZZES = [*EXAMPLES, ROOT / "examples" / "more" / "numbers-and-code.yml"]


def _write_rows(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def _cells(version: PaperVersion, responses: dict[str, Any]) -> list[str]:
    """The cells of a row after the name, as a person types what is on the sheet."""
    answers = (responses.get(question.id) for question in version.questions)
    typed = [
        "" if answer is None else in_letters(question, answer)
        for question, answer in zip(version.questions, answers, strict=True)
    ]
    return [version.letter, *typed]


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quiz:
    """Three versions of a quiz, in the folder ``paper`` of the working directory."""
    monkeypatch.chdir(tmp_path)
    quiz = civicquiz.load(write(tmp_path / "law.yml", SHUFFLED))
    print_versions(quiz, Path("paper"), count=3)
    return quiz


def _typed(*rows: Sequence[str], columns: Sequence[str] = ()) -> Path:
    """The table next to the worksheets, with these rows."""
    return _write_rows(Path("paper/law.answers.csv"), [columns or table_columns(3), *rows])


def _grade(*more: str) -> Result:
    arguments = ["grade", "--sheet", "paper/law.answers.csv", "--key", "law.yml", "--out", "results", *more]
    return CliRunner().invoke(main, arguments)


def _table(name: str) -> list[dict[str, str]]:
    with Path("results", name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _right(quiz: Quiz, letter: str) -> list[str]:
    version = next(version for version in paper_versions(quiz, 3) if version.letter == letter)
    return _cells(version, RIGHT)


# ---- The same as on a screen ----


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.stem)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_answers_typed_in_from_paper_earn_what_they_earn_on_a_screen(
    tmp_path_factory: pytest.TempPathFactory, path: Path, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("paper")
    quiz = shuffled(civicquiz.load(path))
    languages = data.draw(st.sampled_from([[], *([[tag] for tag in quiz.translations])]))
    print_versions(quiz, folder, count=1, seed=data.draw(st.integers(0, 1000)), languages=languages)
    record = json.loads((folder / f"{quiz.name}.paper.json").read_text("utf-8"))
    version = PaperVersion(quiz, "A", record["versions"]["A"]["seed"])
    drawn = {question.id: data.draw(answered_on_screen(question)) for question in version.questions}
    responses = {name: response for name, response in drawn.items() if response is not None}
    columns = table_columns(len(version.questions))
    table = _write_rows(folder / "table.csv", [columns, ["anna", "", *_cells(version, responses)]])

    found = list(AnswerTable(table, {quiz.name: quiz}).read(None))
    (submission,) = (row for row in found if isinstance(row, Submission))
    language = languages[0] if languages else quiz.language
    on_screen = Session(responses, overall={"seed": version.seed, "language": language})
    grader = Grader(quiz)
    rows, unreadable = grader.grade(on_screen)
    on_paper, left = grader.grade(submission.session)
    assert left == []
    assert [(row[:3], _plain(row.response)) for row in on_paper] == [(row[:3], _plain(row.response)) for row in rows]
    problems = [row for row in found if isinstance(row, TableProblem)]
    assert [problem.reason for problem in problems] == ["unreadable-answer"] * len(unreadable)


def _plain(response: str | None) -> Any:
    return None if response is None else json.loads(response)


def test_all_results_are_the_same_as_from_response_files(printed: Quiz) -> None:
    versions = paper_versions(printed, 3)
    answers = {"anna": RIGHT, "bob": {"wars": ["civil-war"], "by-age": "15"}, "cleo": {"passed-in": ["1812"]}}
    rows = []
    for (learner, responses), version in zip(answers.items(), versions, strict=True):
        rows.append([learner, "", *_cells(version, responses)])
        content = response_file(printed, responses, session={"seed": version.seed})
        write(Path("in") / learner / "law.json", content)
    _typed(*rows)
    assert _grade().output == "3 submissions graded; the results are in results/.\n"
    on_paper = {path.name: path.read_bytes() for path in Path("results").rglob("*") if path.is_file()}
    done = CliRunner().invoke(main, ["grade", "in", "--key", "law.yml", "--out", "screen"])
    assert done.exit_code == 0
    on_screen = {path.name: path.read_bytes() for path in Path("screen").rglob("*") if path.is_file()}
    assert on_paper.keys() == on_screen.keys()
    for name in on_paper.keys() - {"outcomes.parquet"}:
        assert on_paper[name] == on_screen[name], name
    assert pl.read_parquet("results/outcomes.parquet").equals(pl.read_parquet("screen/outcomes.parquet"))


def test_some_may_answer_on_paper_and_others_on_a_screen(printed: Quiz) -> None:
    _typed(["anna", "", *_right(printed, "B")])
    write(Path("in/bob/law.json"), response_file(printed, RIGHT))
    done = _grade("in")
    assert "2 submissions graded" in done.output
    assert [(row["learner"], row["law"]) for row in _table("gradebook.csv")] == [("anna", "4"), ("bob", "4")]


def test_copies_that_are_made_for_each_student_say_nothing_about_paper(printed: Quiz) -> None:
    _typed(["anna", "", *_right(printed, "A")])
    assert "problem" not in _grade("--per-learner").output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_table_may_come_from_any_spreadsheet(printed: Quiz, encoding: str, separator: str) -> None:
    rows = [table_columns(3), ["josé", "", *_right(printed, "A")]]
    Path("paper/law.answers.csv").write_text("\r\n".join(separator.join(row) for row in rows), encoding)
    assert _grade().exit_code == 0
    assert [(row["learner"], row["law"]) for row in _table("gradebook.csv")] == [("josé", "4")]


def test_open_answers_wait_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    essay = {"id": "why", "type": "open-response", "prompt": "Why?", "points": 3}
    write(tmp_path / "law.yml", json.dumps({"title": "x", "questions": [essay]}))
    print_versions(civicquiz.load("law.yml"), Path("paper"), count=1)
    _write_rows(Path("paper/law.answers.csv"), [table_columns(1), ["anna", "", "A", "on paper"]])
    _grade("--review")
    (row,) = _table("review.csv")
    assert (row["learner"], row["response"]) == ("anna", "on paper")


def test_feedback_page_has_the_numbers_of_the_sheet(printed: Quiz) -> None:
    prompts = {"passed-in": "In which year", "wars": "In which wars", "by-age": "From what age"}
    versions = paper_versions(printed, 3)
    _typed(*([version.letter.lower(), "", *_right(printed, version.letter)] for version in versions))
    _grade()
    for version in versions:
        page = Path("results", "feedback", f"{version.letter.lower()}.html").read_text("utf-8")
        places = [page.index(prompts[question.id]) for question in version.questions]
        assert places == sorted(places)
    assert len({tuple(question.id for question in version.questions) for version in versions}) > 1


# ---- Whose it is ----


def test_with_a_roster_a_student_is_found_by_any_id_or_by_name(printed: Quiz) -> None:
    write(Path("roster.csv"), "learner,name,email\ns1,Anna Smith,anna@example.org\ns2,Bob Jones,\ns3,Cleo Park,\n")
    columns = ["learner", "name", "email", "version", "1", "2", "3"]
    answers = _right(printed, "A")
    rows = [["", "Smith, Anna", "", *answers], ["s2", "", "", *answers], ["nobody", "", "", *answers]]
    _typed(*rows, ["s3", "Bob Jones", "", *answers], columns=columns)
    assert _grade("--roster", "roster.csv").exit_code == 0
    status = {row["learner"]: row["law: status"] for row in _table("gradebook.csv")}
    assert status == {"s1": "graded", "s2": "graded", "s3": "missing"}
    assert [(row["reason"], row["place"]) for row in _table("problems.csv")] == [
        ("unknown-student", "paper/law.answers.csv:4"),
        ("unknown-student", "paper/law.answers.csv:5"),
    ]


def test_row_without_version_and_answers_is_of_somebody_who_was_not_there(printed: Quiz) -> None:
    write(Path("roster.csv"), "learner,name\nanna,Anna\nbob,Bob\n")
    _typed(["anna", "Anna", *_right(printed, "A")], ["bob", "Bob", "", "", "", ""])
    assert "problem" not in _grade("--roster", "roster.csv").output
    assert [row["law: status"] for row in _table("gradebook.csv")] == ["graded", "missing"]


def test_of_two_rows_of_one_student_the_later_one_counts_and_the_other_is_reported(printed: Quiz) -> None:
    _typed(["anna", "", "A", "", "", ""], ["anna", "", *_right(printed, "A")])
    _grade()
    assert [row["law"] for row in _table("gradebook.csv")] == ["4"]
    assert [(row["reason"], row["place"]) for row in _table("problems.csv")] == [
        ("duplicate", "paper/law.answers.csv:2")
    ]


# ---- What cannot be read ----


def test_cell_that_cannot_be_read_is_reported_with_row_column_value_and_rule(printed: Quiz) -> None:
    version = paper_versions(printed, 3)[0]
    number = next(question.number for question in version.questions if question.id == "passed-in")
    cells = _right(printed, "A")
    cells[number] = "AE"
    _typed(["anna", "", *cells])
    assert _grade().exit_code == 0
    (problem,) = _table("problems.csv")
    assert problem == {
        "reason": "unreadable-answer",
        "place": "paper/law.answers.csv:2",
        "learner": "anna",
        "quiz": "law",
        "message": f"column '{number}': 'AE' is not an answer to question 'passed-in' on version A: 'E' is not one of"
        " the letters A to B; it counts as no answer",
        "hint": "correct the cell, and grade again",
    }
    assert [row["law"] for row in _table("gradebook.csv")] == ["3"]


@pytest.mark.parametrize(
    ("row", "reason", "message"),
    [
        (["anna", "", "", "A", "A", "14"], "no-version", "the version is missing; the row is not graded"),
        (["anna", "", "D", "A", "A", "14"], "no-version", "'D' is not one of the versions; the row is not graded"),
        (["", "", "A", "A", "A", "14"], "unknown-student", "nothing says whose answers these are"),
        (["anna", "", "A", "", "", "", "B"], "unreadable-answer", "after the last column: 'B' is not used"),
    ],
)
def test_row_that_cannot_be_used_is_reported(printed: Quiz, row: list[str], reason: str, message: str) -> None:
    _typed(row)
    _grade()
    (problem,) = _table("problems.csv")
    assert (problem["reason"], problem["place"]) == (reason, "paper/law.answers.csv:2")
    assert message in problem["message"]
    assert problem["hint"]


def test_column_that_means_nothing_is_reported_only_if_something_is_in_it(printed: Quiz) -> None:
    columns = [*table_columns(3), "4", "notes", "empty"]
    _typed(["anna", "", *_right(printed, "A"), "B", "was ill", ""], columns=columns)
    _grade()
    assert [(row["reason"], row["message"]) for row in _table("problems.csv")] == [
        ("unused-column", "the column 'notes' is not used"),
        ("unreadable-answer", "column '4': 'B' is not used, because there are only 3 questions"),
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["learner", "name", "version", "1", "3"], "law.answers.csv:1: the column '2' is missing"),
        (["learner", "name", "1", "2", "3"], "law.answers.csv:1: the column 'version' is missing"),
        (["version", "1", "2", "3"], "law.answers.csv:1: no column says whose answers these are"),
        (["learner", "version", "1", "2", "3", "2"], "law.answers.csv:1: there are two columns '2'"),
        ([""], "law.answers.csv:1: the column 'version' is missing"),
    ],
)
def test_table_that_lacks_a_column_is_refused_as_a_whole(printed: Quiz, columns: list[str], message: str) -> None:
    _typed(columns=columns)
    done = _grade()
    assert done.exit_code == 1
    assert message in done.output
    assert not Path("results").exists()


def test_number_that_means_something_else_in_the_other_language_is_not_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    number = {"id": "n", "type": "numeric", "prompt": "x", "answer": 480000, "tolerance": 0}
    write(tmp_path / "law.yml", json.dumps({"title": "x", "questions": [number]}))
    write(tmp_path / "law.de.yml", json.dumps({"title": "y", "questions": [{"id": "n", "prompt": "y"}]}))
    print_versions(civicquiz.load("law.yml"), Path("paper"), count=1, languages=["en", "de"])
    rows = [["anna", "", "A", "480.000"], ["bob", "", "A", "480000"]]
    _write_rows(Path("paper/law.answers.csv"), [table_columns(1), *rows])
    _grade()
    (problem,) = _table("problems.csv")
    assert "it means something different in en and de (write numbers without" in problem["message"]
    assert [row["law"] for row in _table("gradebook.csv")] == ["0", "1"]


_CELLS = st.sampled_from(["", "A", "B", "AB", "14"]) | st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=6
)


@given(rows=st.lists(st.lists(_CELLS, max_size=9), max_size=6))
@settings(max_examples=100, deadline=None)
def test_whatever_is_in_a_table_every_answer_is_graded_or_reported(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("table")
    quiz = civicquiz.load(write(folder / "law.yml", SHUFFLED))
    print_versions(quiz, folder, count=1)
    columns = [*table_columns(3), "notes"]
    table = _write_rows(folder / "law.answers.csv", [columns, ["first", "", "A", "A", "A", "14", ""], *rows])
    found = list(AnswerTable(table, {"law": quiz}).read(None))
    assert all(row.reason and row.message and row.hint for row in found if isinstance(row, TableProblem))
    lines = {int(row.place.rpartition(":")[2]) for row in found}
    answered = {line for line, row in enumerate(rows, start=3) if any(cell.isalnum() for cell in row[2:6])}
    assert answered | {2} <= lines


# ---- The quiz was changed since it was printed ----


def _changed(old: str, new: str) -> None:
    assert old in SHUFFLED
    write(Path("law.yml"), SHUFFLED.replace(old, new))


def test_correcting_the_key_after_printing_changes_the_scores_and_nothing_else(printed: Quiz) -> None:
    _typed(["anna", "", *_right(printed, "C")])
    _changed("answer: 14", "answer: 15")
    assert "problem" not in _grade().output
    assert [row["law"] for row in _table("gradebook.csv")] == ["3"]


def test_sheets_that_were_printed_before_a_prompt_was_changed_need_its_version_to_be_accepted(printed: Quiz) -> None:
    _typed(["anna", "", *_right(printed, "C")])
    _changed("From what age", "From which age")
    done = _grade()
    assert done.exit_code == 1
    (problem,) = _table("problems.csv")
    assert problem["reason"] == "other-version"
    assert "is not that of version C of 'law' as it is now" in problem["message"]
    assert f"or accept its version with --accept-version {printed.version}" in done.output
    assert _grade("--accept-version", printed.version).exit_code == 0
    assert [row["law"] for row in _table("gradebook.csv")] == ["4"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- Korean War\n", "- Korean War\n      - Vietnam War\n"),
        ("shuffle: [questions, options]", "shuffle: [questions]"),
        ("{text: War of 1812, correct", "{text: War of 1812, id: first, correct"),
    ],
)
def test_sheets_whose_letters_now_mean_something_else_are_never_graded(printed: Quiz, old: str, new: str) -> None:
    _typed(["anna", "", *_right(printed, "A")])
    _changed(old, new)
    _grade("--accept-version", printed.version)
    (problem,) = _table("problems.csv")
    assert problem["reason"] == "other-version"
    assert "--accept-version" not in problem["hint"]


def test_code_that_is_typed_in_from_the_sheet_counts_more_than_the_record(printed: Quiz) -> None:
    codes = {version.letter: version.code() for version in paper_versions(printed, 3)}
    columns = [*table_columns(3), "code"]
    answers = _right(printed, "B")
    typed = f" {codes['B'][:3].lower()}-{codes['B'][3:]}"
    _typed(["anna", "", *answers, typed], ["bob", "", *answers, codes["A"]], columns=columns)
    _grade()
    assert [(row["learner"], row["reason"]) for row in _table("problems.csv")] == [("bob", "other-version")]
    assert [row["learner"] for row in _table("gradebook.csv")] == ["anna"]


def test_without_the_record_the_codes_on_the_sheets_are_needed(printed: Quiz) -> None:
    codes = {version.letter: version.code() for version in paper_versions(printed, 3)}
    columns = [*table_columns(3), "code"]
    Path("paper/law.paper.json").unlink()
    _typed(["anna", "", *_right(printed, "B"), codes["B"]], ["bob", "", *_right(printed, "B"), ""], columns=columns)
    _grade()
    (problem,) = _table("problems.csv")
    assert (problem["learner"], problem["reason"]) == ("bob", "other-version")
    assert "there is no way to tell whether the quiz was changed" in problem["message"]
    assert [(row["learner"], row["law"]) for row in _table("gradebook.csv")] == [("anna", "4")]


# ---- Which quiz it is ----


def test_record_beside_the_table_says_which_quiz_was_answered(printed: Quiz) -> None:
    write(Path("quizzes/law.yml"), SHUFFLED)
    write(Path("quizzes/other.yml"), LAW.replace("A law of 1798", "Another"))
    _typed(["anna", "", *_right(printed, "B")])
    arguments = ["grade", "--sheet", "paper/law.answers.csv", "--key", "quizzes", "--out", "results"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert "law" in _table("gradebook.csv")[0]
    Path("paper/law.paper.json").unlink()
    done = CliRunner().invoke(main, arguments)
    assert "nothing says which quiz was answered (put the file NAME.paper.json next to it" in done.output


def test_table_is_found_among_those_of_other_quizzes_by_its_name(printed: Quiz) -> None:
    other = civicquiz.load(write(Path("other.yml"), SHUFFLED))
    print_versions(other, Path("paper"), count=2)
    _typed(["anna", "", *_right(printed, "B")])
    assert _grade().exit_code == 0
    Path("paper/law.answers.csv").rename("paper/answers.csv")
    done = CliRunner().invoke(main, ["grade", "--sheet", "paper/answers.csv", "--key", "law.yml", "--out", "results"])
    assert "the files law.paper.json, other.paper.json next to it belong to several quizzes" in done.output


def test_record_of_a_quiz_without_a_key_is_named(printed: Quiz) -> None:
    write(Path("other.yml"), LAW)
    done = CliRunner().invoke(
        main, ["grade", "--sheet", "paper/law.answers.csv", "--key", "other.yml", "--out", "results"]
    )
    assert "there is no key for the quiz 'law', which the file 'law.paper.json' next to it names" in done.output


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        *(
            json.dumps({**RECORD, **wrong})
            for wrong in (
                {"versions": {}},
                {"versions": {"A": {"seed": -1, "code": ""}}},
                {"versions": {"A": {"seed": True, "code": ""}}},
                {"versions": {"A": {"seed": 1, "code": 5}}},
                {"versions": {"a": {"seed": 1, "code": ""}}},
                {"versions": ["A"]},
                {"schema": 9},
                {"languages": []},
                {"languages": "en"},
                {"languages": {"en": 1}},
                {"languages": 1},
                {"quiz": 3},
            )
        ),
    ],
)
def test_damaged_record_is_an_error_that_names_it(printed: Quiz, content: str) -> None:
    write(Path("paper/law.paper.json"), content)
    done = _grade()
    assert done.exit_code == 1
    assert "Error: paper/law.paper.json" in done.output


def test_command_needs_something_that_was_handed_in(printed: Quiz) -> None:
    done = CliRunner().invoke(main, ["grade", "--key", "law.yml", "--out", "results"])
    assert done.exit_code == 2
    assert "name what was handed in" in done.output


def test_table_that_is_missing_is_named(printed: Quiz) -> None:
    done = CliRunner().invoke(main, ["grade", "--sheet", "no.csv", "--key", "law.yml", "--out", "results"])
    assert done.exit_code == 1
    assert "no.csv" in done.output
