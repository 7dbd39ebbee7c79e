"""A class from beginning to end: what comes in, what is written, and what is never overwritten without asking."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from class_files import HALF, LAW, RIGHT, response_file, write_keys, zipped
from click.testing import CliRunner, Result
from material import PACKAGE, write

import civicquiz
from civicquiz.classroom import outcomes_file
from civicquiz.cli import main
from civicquiz.model.quiz import Quiz
from civicquiz.output_folder import OutputFolder

ROSTER = "learner,name,ID\nanna,Anna Lee,11\nbob,Bob Smith,22\ncarla,=Carla,33\n"


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Quiz]:
    monkeypatch.chdir(tmp_path)
    return write_keys(tmp_path)


def grade(*arguments: str, key: str = "quizzes", code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["grade", *arguments, "--key", key, "--out", "results"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def table(name: str) -> list[dict[str, str]]:
    with Path("results", name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def outcomes() -> pl.DataFrame:
    return pl.read_parquet("results/outcomes.parquet")


def reasons() -> list[tuple[str, str]]:
    return [(row["reason"], row["learner"]) for row in table("problems.csv")]


def snapshot() -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path("results").rglob("*")
        if path.is_file()
    }


def test_everything_a_class_hands_in(keys: dict[str, Quiz]) -> None:
    law, essay = keys["law"], keys["essay"]
    write(Path("roster.csv"), ROSTER)
    canvas = {
        "leeanna_11_100_law.responses.json": response_file(law, HALF),
        "leeanna_11_200_law.responses-1.json": response_file(law, RIGHT, learner="bob"),
        "smithbob_LATE_22_300_law.responses.json": response_file(law, {"by-age": "half"}),
        "doejane_44_400_law.responses.json": response_file(law, RIGHT),
        "smithbob_LATE_22_301_essay.docx": "PK",
    }
    moodle = {
        "Anna Lee_901_assignsubmission_file_/essay.responses.json": response_file(essay, {"opinion": "All of it."}),
        "Bob Smith_902_assignsubmission_file_/broken.json": "{",
    }
    zipped(Path("in/canvas.zip"), canvas)
    zipped(Path("in/moodle.zip"), moodle)
    write(Path("in/submitted/bob/ps/law.json"), response_file(law, RIGHT, content_hash="0" * 16))
    result = grade("in", "--roster", "roster.csv")
    assert sorted(reasons()) == [
        ("duplicate", "anna"),
        ("not-a-response-file", "smithbob"),
        ("other-name", "anna"),
        ("other-version", "bob"),
        ("unknown-student", "doejane"),
        ("unreadable", "Bob Smith"),
        ("unreadable-answer", "bob"),
    ]
    assert "3 submissions graded; the results are in results/." in result.output
    assert (
        "1 open answer needs to be scored by a person: add --review to write a table for them, results/review.csv."
        in result.output
    )
    assert "7 problems: see results/problems.csv." in result.output
    rows = {row["learner"]: row for row in table("gradebook.csv")}
    assert list(rows) == ["anna", "bob", "carla"]
    assert [rows["anna"][name] for name in ("law", "law: status", "law: late")] == ["4", "graded", ""]
    assert [rows["anna"][name] for name in ("essay", "essay: status")] == ["", "needs-review"]
    assert [rows["bob"][name] for name in ("law", "law: status", "law: late")] == ["0", "graded", "late"]
    assert [rows["carla"][name] for name in ("law", "law: status", "name")] == ["", "missing", "'=Carla"]
    assert [row["Student"] for row in table("canvas.csv")] == ["    Points Possible", "Anna Lee", "Bob Smith"]
    assert sorted(path.name for path in Path("results/feedback").iterdir()) == ["anna.html", "bob.html", "carla.html"]


def test_a_learner_with_a_folder_cannot_take_the_place_of_another(keys: dict[str, Quiz]) -> None:
    law = keys["law"]
    write(Path("roster.csv"), ROSTER)
    write(Path("in/anna.json"), response_file(law, RIGHT))
    write(Path("in/bob/leeanna_11_999_law.responses.json"), response_file(law, {}))
    write(Path("in/bob/submitted/anna/ps1/law.responses.json"), response_file(law, HALF, learner="anna"))
    grade("in", "--roster", "roster.csv")
    rows = {row["learner"]: row for row in table("gradebook.csv")}
    assert (rows["anna"]["law"], rows["bob"]["law: status"]) == ("4", "graded")
    assert ("other-name", "bob") in reasons()
    assert ("duplicate", "anna") not in reasons()


def test_outcomes_have_a_row_for_each_learner_and_question(keys: dict[str, Quiz]) -> None:
    sitting: dict[str, Any] = {
        "attempts": {"wars": 2},
        "marks": {"wars": {"certainty": 3}},
        "submitted": "2026-11-20T12:00:00-05:00",
    }
    write(Path("in/bob/law.json"), response_file(keys["law"], HALF, **sitting))
    write(Path("in/anna/essay.json"), response_file(keys["essay"], {"opinion": "Ünlike"}))
    grade("in", "--due", "2026-11-20T16:59:59Z")
    frame = outcomes()
    assert dict(frame.schema) == outcomes_file.SCHEMA
    short = frame.select("learner", "quiz", "question", "status", "score").rows()
    assert short == [
        ("anna", "essay", "opinion", "needs-review", None),
        ("anna", "law", "passed-in", "missing", None),
        ("anna", "law", "wars", "missing", None),
        ("anna", "law", "by-age", "missing", None),
        ("bob", "essay", "opinion", "missing", None),
        ("bob", "law", "passed-in", "incorrect", 0.0),
        ("bob", "law", "wars", "partly", 1.0),
        ("bob", "law", "by-age", "correct", 1.0),
    ]
    (row,) = frame.filter(pl.col("question") == "wars", learner="bob").rows(named=True)
    assert row["response"] == '["war-of-1812"]'
    assert (row["attempts"], row["certainty"], row["seconds"], row["max_score"]) == (2, 3, None, 2.0)
    assert (row["late"], row["submitted"], row["type"]) == (True, "2026-11-20T17:00:00+00:00", "multiple-choice")
    (row,) = frame.filter(question="passed-in", learner="bob").rows(named=True)
    assert row["objectives"] == ["D2.Civ.4.9-12"]
    (row,) = frame.filter(question="opinion", learner="anna").rows(named=True)
    assert json.loads(row["response"]) == "Ünlike"


@pytest.mark.parametrize(("keep", "score"), [("last", "2"), ("first", "0"), ("best", "4")])
def test_which_of_several_counts(keys: dict[str, Quiz], keep: str, score: str) -> None:
    for number, responses in enumerate(({}, RIGHT, HALF)):
        moment = f"2026-11-20T1{number}:00:00Z"
        write(Path(f"in/{2 - number}/anna/law.json"), response_file(keys["law"], responses, submitted=moment))
    grade("in", "--keep", keep)
    assert [row["law"] for row in table("gradebook.csv")] == [score]
    assert reasons() == [("duplicate", "anna")] * 2


def test_without_times_the_one_that_was_read_last_counts(keys: dict[str, Quiz]) -> None:
    lines = [response_file(keys["law"], responses, learner="anna") for responses in (RIGHT, {}, HALF)]
    write(Path("class.jsonl"), "\n".join(lines))
    grade("class.jsonl")
    assert [row["law"] for row in table("gradebook.csv")] == ["2"]


def test_quizzes_that_nobody_handed_in_are_missing_only_where_they_are_named(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    grade("in")
    assert outcomes()["quiz"].unique().to_list() == ["law"]
    result = CliRunner().invoke(
        main, ["grade", "in", "--key", "quizzes/law.yml", "--key", "quizzes/essay.yml", "--out", "other"]
    )
    assert result.exit_code == 0
    assert set(pl.read_parquet("other/outcomes.parquet")["quiz"]) == {"law", "essay"}


def test_same_bytes_on_every_run(keys: dict[str, Quiz]) -> None:
    dice = random.Random(5)
    lines = [
        response_file(keys["law"], dice.choice([RIGHT, HALF, {}]), learner=f"learner {dice.randrange(500)}")
        for _ in range(1000)
    ]
    write(Path("in/class.jsonl"), "\n".join(lines))
    write(Path("in/notes.txt"), "")
    grade("in", "--review")
    first = snapshot()
    assert len(first) > 300
    grade("in", "--review")
    assert snapshot() == first
    for path in sorted(Path("results").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    grade("in", "--review")
    assert snapshot() == first
    assert not list(Path("results").glob(".*"))


# ---- Open answers ----


def fill_in(**points: str) -> None:
    """Fill in points for learners, as a person would in a spreadsheet."""
    rows = table("review.csv")
    with Path("results/review.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        written = csv.DictWriter(stream, rows[0].keys(), delimiter=";")
        written.writeheader()
        written.writerows(
            {**row, "points": points.get(row["learner"], row["points"]), "note": f"For {row['learner']}."}
            for row in rows
        )


def open_answers(essay: Quiz) -> None:
    for learner, text in (("anna", "=HYPERLINK(1)\r\nBecause."), ("bob", "<b>All</b>"), ("carla", "No"), ("dora", " ")):
        write(Path(f"in/{learner}/essay.json"), response_file(essay, {"opinion": text}))


def test_open_answers_go_out_to_a_person_and_come_back(keys: dict[str, Quiz]) -> None:
    open_answers(keys["essay"])
    grade("in", "--review")
    rows = table("review.csv")
    assert [row["learner"] for row in rows] == ["anna", "bob", "carla"]
    assert rows[0] == {
        "learner": "anna",
        "quiz": "essay",
        "question": "opinion",
        "prompt": "What would you change in it?",
        "rubric": "names a part of the Act (1)\ngives a reason (2)",
        "response": "'=HYPERLINK(1)\nBecause.",
        "points": "",
        "max": "3",
        "note": "",
    }
    fill_in(anna="2,5", bob="0")
    result = grade("in", "--review", "--marks", "results/review.csv")
    assert "1 open answer needs to be scored by a person: see results/review.csv." in result.output
    assert {row["learner"]: row["essay"] for row in table("gradebook.csv")} == {
        "anna": "2.5",
        "bob": "0",
        "carla": "",
        "dora": "0",
    }
    assert outcomes()["status"].to_list() == ["partly", "incorrect", "needs-review", "unanswered"]
    assert [row["points"] for row in table("review.csv")] == ["2.5", "0", ""]
    page = Path("results/feedback/bob.html").read_text("utf-8")
    assert "For bob." in page
    assert "&lt;b&gt;All&lt;/b&gt;" in page


SPANISH = """\
title: Una ley de 1798
questions:
  - id: passed-in
    prompt: ¿En qué año la aprobó el Congreso?
    options: [1798, {text: 1812, feedback: Ese año empezó la guerra.}]
    explanation: Fue en el verano de 1798.
  - id: by-age
    prompt: ¿Desde qué edad se aplica?
    unit: años
"""


def test_feedback_page_is_in_the_language_in_which_its_reader_answered(keys: dict[str, Quiz]) -> None:
    """What is not translated is in that of the quiz, and says so; whoever answered in English gets English."""
    write(Path("quizzes/law.es.yml"), SPANISH)
    spanish = {"seed": 7, "language": "es"}
    write(Path("in/anna/law.json"), response_file(keys["law"], HALF, session=spanish))
    write(Path("in/bob/law.json"), response_file(keys["law"], HALF))
    write(Path("in/carla/law.json"), response_file(keys["law"], HALF, session={"seed": 7, "language": "xx"}))
    grade("in", "--show-key")
    pages = {path.stem: path.read_text("utf-8") for path in Path("results/feedback").iterdir()}
    assert '<html lang="es" dir="ltr">' in pages["anna"]
    for text in ("Comentarios para", "Una ley de 1798", "¿En qué año", "Ese año empezó la guerra.", "Fue en el verano"):
        assert text in pages["anna"]
    assert "That was the war." not in pages["anna"]
    (untranslated,) = [row for row in pages["anna"].split("<tr ") if "In which wars" in row]
    assert untranslated.startswith('role="row" lang="en" dir="ltr"')
    for name in ("bob", "carla"):
        assert '<html lang="en" dir="ltr">' in pages[name]
        assert "That was the war." in pages[name]
        assert "¿" not in pages[name]


def test_answer_and_mistake_that_a_translation_adds_count_for_all_and_are_shown_to_its_readers(
    keys: dict[str, Quiz],
) -> None:
    text = "title: Poll\nquestions:\n- {id: word, type: short-text, prompt: Whom?, accept: [population]}\n"
    quiz = civicquiz.load(write(Path("quizzes/poll.yml"), text))
    write(
        Path("quizzes/poll.es.yml"),
        "title: Encuesta\nquestions:\n- id: word\n  prompt: ¿A quién?\n  accept: [universo]\n"
        "  mistakes: [{text: muestra, feedback: Es solo una parte.}]\n",
    )
    for name, word, language in (
        ("anna", "universo", "en"),
        ("bob", "muestra", "es"),
        ("carla", "muestra", "en"),
        ("dora", "population", "es"),
    ):
        answers = response_file(quiz, {"word": word}, session={"seed": 7, "language": language})  # before there was one
        write(Path(f"in/{name}/poll.json"), answers)
    grade("in", "--show-key", key="quizzes/poll.yml")
    assert [row["poll"] for row in table("gradebook.csv")] == ["1", "0", "0", "1"]
    pages = {path.stem: path.read_text("utf-8") for path in Path("results/feedback").iterdir()}
    assert "<p>Correct answer:</p><ul><li>population</li></ul>" in pages["carla"]
    assert "Es solo una parte." not in pages["carla"]
    assert "<p>Respuesta correcta:</p><ul><li>universo</li></ul>" in pages["bob"]
    assert "Es solo una parte." in pages["bob"]


def test_bad_marks_are_reported_with_their_lines_and_not_used(keys: dict[str, Quiz]) -> None:
    open_answers(keys["essay"])
    grade("in", "--review")
    fill_in(anna="4", bob="two", carla="3")
    with Path("results/review.csv").open("a", encoding="utf-8") as stream:
        stream.write("zoe;essay;opinion;;;x;1;3;\ncarla;essay;opinion;;;No;2;3;\n")
    write(Path("in/carla/essay.json"), response_file(keys["essay"], {"opinion": "Yes"}))
    grade("in", "--marks", "results/review.csv")
    reported = [(row["place"], row["message"]) for row in table("problems.csv")]
    assert [place for place, _ in reported] == [
        f"results/review.csv:{line} (row {row})" for line, row in ((2, 2), (5, 3), (7, 4), (9, 5), (10, 6))
    ]
    expected = (
        "is worth 0 to 3 points (got 4)",
        "must be a number",
        "has changed since",
        "'zoe' has no answer",
        "line 7",
    )
    for (_, message), part in zip(reported, expected, strict=True):
        assert part in message
        assert message.endswith("; the mark is not used")
    assert outcomes()["status"].to_list().count("needs-review") == 3


def test_marks_of_a_person_are_never_overwritten_unseen(keys: dict[str, Quiz]) -> None:
    open_answers(keys["essay"])
    grade("in", "--review")
    fill_in(anna="1")
    before = snapshot()
    result = grade("in", "--review", code=1)
    assert "has marks that would be lost" in result.output
    assert snapshot() == before


def test_table_without_the_columns_is_not_a_table_of_marks(keys: dict[str, Quiz]) -> None:
    open_answers(keys["essay"])
    write(Path("marks.csv"), "learner,points\nanna,1\n")
    assert "marks.csv:1: the column 'quiz' is missing" in grade("in", "--marks", "marks.csv", code=1).output
    assert "cannot be read" in grade("in", "--marks", "none.csv", code=1).output
    assert not Path("results").exists()


# ---- Grading again ----


def test_grading_with_a_corrected_key_shows_who_changes_before_it_writes(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    write(Path("in/bob/law.json"), response_file(keys["law"], HALF))
    write(Path("in/carla/law.json"), response_file(keys["law"], {}))
    grade("in")
    write(
        Path("quizzes/law.yml"),
        LAW.replace("correct: true}", "feedback: No.}", 1).replace('{text: "1812",', '{text: "1812", correct: true,'),
    )
    before = snapshot()
    result = grade("in", code=1)
    assert result.output.splitlines() == [
        "2 scores would change:",
        "    anna, law: 4 -> 3 (-1)",
        "    bob, law: 2 -> 3 (+1)",
        "Nothing was written. Add --yes to write the new results.",
    ]
    assert snapshot() == before
    grade("in", "--yes")
    assert [row["law"] for row in table("gradebook.csv")] == ["3", "3", "0"]
    assert "would change" not in grade("in").output


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ('{text: "1812", feedback', '{text: "1812", correct: true, feedback', ["anna, law: 2 -> 3 (+1)"]),
        ("tolerance: 0", "tolerance: 0\n    accept: [16]", ["bob, law: 3 -> 4 (+1)"]),
        ("points: 2", "points: 2\n    void: true", ["anna, law: 2 -> 3 (+1)"]),
    ],
    ids=["option", "number", "void"],
)
def test_key_that_is_corrected_after_the_exam_changes_only_those_it_helps(
    keys: dict[str, Quiz], before: str, after: str, changes: list[str]
) -> None:
    write(Path("in/anna.json"), response_file(keys["law"], HALF))
    write(Path("in/bob.json"), response_file(keys["law"], {**RIGHT, "by-age": "16"}))
    grade("in")
    assert LAW.count(before) == 1
    corrected = civicquiz.load(write(Path("quizzes/law.yml"), LAW.replace(before, after)))
    assert corrected.version == keys["law"].version
    shown = [line.strip() for line in grade("in", code=1).output.splitlines() if "->" in line]
    assert shown == changes
    grade("in", "--yes")
    assert [row["law: out of"] for row in table("gradebook.csv")] == ["4", "4"]
    assert ("was dropped" in Path("results/feedback/bob.html").read_text("utf-8")) == ("void" in after)


def test_new_submission_is_not_a_change_and_a_missing_one_is(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    grade("in")
    write(Path("in/bob/law.json"), response_file(keys["law"], HALF))
    grade("in")
    Path("in/anna/law.json").unlink()
    assert "anna, law: 4 -> no score" in grade("in", code=1).output
    grade("in", "--yes")
    assert [path.name for path in Path("results/feedback").iterdir()] == ["bob.html"]


def test_results_that_are_not_ours_are_left_alone(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    write(Path("results/outcomes.parquet"), "something else")
    assert "is not a file that this command wrote" in grade("in", code=1).output
    assert snapshot() == {"results/outcomes.parquet": hashlib.sha256(b"something else").hexdigest()}


# ---- Questions that are picked for each student ----


@pytest.mark.parametrize("seed", [None, "7", 7.5, -1, 2**32, True, [7], {"a": 1}])
def test_file_without_a_valid_seed_is_a_problem_and_never_a_gift(keys: dict[str, Quiz], seed: object) -> None:
    """Graded on all questions, the learner could earn more points than the others."""
    questions = "".join(f"- {{id: q{n}, type: true-false, prompt: Is {n} odd?, answer: true}}\n" for n in range(6))
    write(Path("quizzes/picked.yml"), f"title: T\npick: 2\nquestions:\n{questions}")
    picked = civicquiz.load("quizzes/picked.yml")
    everything = {f"q{n}": ["true"] for n in range(6)}
    write(Path("in/anna/picked.json"), response_file(picked, everything, session={"seed": 7}))
    write(Path("in/bob/picked.json"), response_file(picked, everything, session={} if seed is None else {"seed": seed}))
    grade("in")
    rows = {row["learner"]: row for row in table("gradebook.csv")}
    assert rows["anna"]["picked"] == rows["anna"]["picked: out of"] == "2"
    assert "bob" not in rows or rows["bob"]["picked"] == ""
    assert ("no-seed", "bob") in reasons()
    with pytest.raises(civicquiz.AnswersError, match="has no valid seed"):
        civicquiz.check_answers("in/bob/picked.json", "quizzes")


# ---- The command line ----


def test_nothing_to_grade_exits_1_and_says_why(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), "{}")
    result = grade("in", code=1)
    assert "0 submissions graded" in result.output
    assert reasons() == [("not-a-response-file", "")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--due", "2026-11-20"], "is not a date and time with a time zone"),
        (["--due", "tomorrow"], "is not a date and time with a time zone"),
        (["--roster", "none.csv"], "cannot be read"),
    ],
)
def test_wrong_options_are_named(keys: dict[str, Quiz], arguments: list[str], message: str) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    assert message in grade("in", *arguments, code=1).output
    assert not Path("results").exists()


def test_keys_that_are_broken_missing_or_of_one_name(keys: dict[str, Quiz]) -> None:
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    Path("empty").mkdir()
    assert "there is no quiz in this folder" in grade("in", key="empty", code=1).output
    write(Path("bad/x.yml"), "title: x\nquestions: []\n")
    assert "bad/x.yml:2:12" in grade("in", key="bad", code=1).output
    write(Path("twice/law.yml"), LAW)
    write(Path("twice/law.yaml"), LAW)
    assert "another quiz is also named 'law'" in grade("in", key="twice", code=1).output


def test_results_in_the_folder_that_is_graded_are_not_read_as_submissions(keys: dict[str, Quiz]) -> None:
    write(Path("anna/law.json"), response_file(keys["law"], RIGHT))
    grade(".")
    first = [row for row in table("problems.csv") if row["place"].startswith("results")]
    grade(".")
    assert first == [row for row in table("problems.csv") if row["place"].startswith("results")] == []


def test_characters_that_move_a_cursor_do_not_reach_the_terminal(keys: dict[str, Quiz]) -> None:
    zipped(Path("in/anna.zip"), {"\x1b[2Jx.json": "{", "anna-law.json": response_file(keys["law"], RIGHT)})
    assert "\x1b" not in grade("in").output
    assert "\x1b" not in Path("results/problems.csv").read_text("utf-8")


def test_names_that_are_no_text_are_read(keys: dict[str, Quiz]) -> None:
    write(Path(os.fsdecode(b"in/jos\xe9/law.json")), response_file(keys["law"], RIGHT))
    grade("in")
    assert [row["learner"] for row in table("gradebook.csv")] == ["jos?"]


def test_nothing_that_is_handed_in_is_run(keys: dict[str, Quiz]) -> None:
    # live/ starts the tools that build a site of a teacher's own notebooks, and reads nothing that is handed in.
    files = [path for path in PACKAGE.rglob("*.py") if PACKAGE / "live" not in path.parents]
    source = "\n".join(path.read_text("utf-8") for path in files)
    for word in ("pickle", "marshal", "nbclient", "nbconvert", "subprocess", "yaml.load", "extractall", "__import__("):
        assert word not in source, word


# ---- Released copies ----


def test_what_is_answered_on_a_released_copy_is_graded_by_the_quiz(keys: dict[str, Quiz]) -> None:
    own_ids = LAW.replace('{text: "1798", correct: true}', '{text: "1798", id: right, correct: true}')
    write(Path("quizzes/law.yml"), own_ids)
    released = CliRunner().invoke(main, ["release", "quizzes/law.yml", "--to", "class"])
    assert released.exit_code == 0
    copy = civicquiz.load("class/law.yml")
    write(Path("in/anna/law.json"), response_file(copy, RIGHT))
    write(Path("in/bob/law.json"), response_file(civicquiz.load("quizzes/law.yml"), RIGHT | {"passed-in": ["right"]}))
    grade("in")
    assert [row["law"] for row in table("gradebook.csv")] == ["4", "4"]
    assert set(outcomes().filter(question="passed-in")["response"]) == {'["right"]'}


def test_a_released_copy_is_not_a_key(keys: dict[str, Quiz]) -> None:
    CliRunner().invoke(main, ["release", "quizzes/law.yml", "--to", "class"])
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    assert "is a released copy, which has no key" in grade("in", key="class", code=1).output
    assert not Path("results").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's list of open files")
def test_no_file_is_open_when_the_results_are_moved(keys: dict[str, Quiz], monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to move a folder with an open file in it."""
    write(Path("in/anna.json"), response_file(keys["law"], RIGHT))
    opened: list[str] = []
    publish = OutputFolder.publish

    def noted(self: OutputFolder, *arguments: Any, **options: Any) -> None:
        opened.extend(os.path.realpath(file) for file in Path("/proc/self/fd").iterdir())
        publish(self, *arguments, **options)

    monkeypatch.setattr(OutputFolder, "publish", noted)
    grade("in")
    assert opened
    assert [file for file in opened if ".civicquiz-new-" in file] == []


CANVAS_EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (17),A law of 1798 (1234),Final Score
,,,,,,Manual Posting,
    Points Possible,,,,,10.00,100.00,(read only)
"Lee, Anna",11,S-1,anna,Period 1 and Period 2,9,,90
"Smith, Bob",22,S-2,bob,Period 1,,,
"Student, Test",99,,abcdef,Period 1,,,
"""
MOODLE_EXPORT = (
    "First name,Last name,ID number,Institution,Email address,Assignment: A law of 1798 (Real),Course total (Real),"
    "Last downloaded from this course\n"
    "Anna,Lee,S-1,,anna@example.org,-,-,1764288000\n"
    "Bob,Smith,S-2,,bob@example.org,-,-,1764288000\n"
)
BLACKBOARD_EXPORT = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\t'
    '"A law of 1798 [Total Pts: 8 Score] |664617"\n'
    '"Lee"\t"Anna"\t"anna"\t"S-1"\t"Yes"\t""\n"Smith"\t"Bob"\t"bob"\t"S-2"\t"Yes"\t""\n'
)


@pytest.mark.parametrize(
    ("content", "file", "heading", "scores", "said"),
    [
        (
            b"\xef\xbb\xbf" + CANVAS_EXPORT.encode(),
            "canvas.csv",
            "A law of 1798 (1234)",
            {"ID": ["", "11", "22"], "A law of 1798 (1234)": ["100", "100", "50"]},
            "'A law of 1798 (1234)' of the roster, out of 100 instead of 4.",
        ),
        (
            MOODLE_EXPORT.encode(),
            "moodle.csv",
            "Assignment: A law of 1798 (Real)",
            {"Email address": ["anna@example.org", "bob@example.org"], "Assignment: A law of 1798 (Real)": ["4", "2"]},
            "'Assignment: A law of 1798 (Real)' of the roster.",
        ),
        (
            BLACKBOARD_EXPORT.encode("utf-16"),
            "blackboard.csv",
            "A law of 1798 [Total Pts: 8 Score] |664617",
            {"Username": ["anna", "bob"], "A law of 1798 [Total Pts: 8 Score] |664617": ["8", "4"]},
            "out of 8 instead of 4.",
        ),
    ],
    ids=["canvas", "moodle", "blackboard"],
)
def test_scores_go_back_into_the_columns_that_a_platform_exported(
    keys: dict[str, Quiz], content: bytes, file: str, heading: str, scores: dict[str, list[str]], said: str
) -> None:
    Path("roster.csv").write_bytes(content)
    half = {"passed-in": ["1798"], "wars": [], "by-age": "14"}
    for name, responses in (("Lee Anna", RIGHT), ("Smith, Bob", half)):
        write(Path("in", name, "law.json"), response_file(keys["law"], responses))
    output = grade("in", "--roster", "roster.csv", key="quizzes/law.yml").output
    rows = table(file)
    assert heading in rows[0]
    assert {name: [row[name] for row in rows] for name in scores} == scores
    assert f"{file}: the scores of 'law' are in the column" in output
    assert said in output


def test_a_quiz_whose_title_is_not_in_the_roster_is_named(keys: dict[str, Quiz]) -> None:
    write(Path("roster.csv"), CANVAS_EXPORT.replace("A law of 1798 (1234)", "Another law (1234)"))
    write(Path("in/anna/law.json"), response_file(keys["law"], RIGHT))
    output = grade("in", "--roster", "roster.csv", key="quizzes/law.yml").output
    assert (
        "canvas.csv: the scores of 'law' have a column of their own, since none in the roster has its title." in output
    )
    assert table("canvas.csv")[0]["A law of 1798"] == "4"


def test_nothing_is_said_of_columns_where_a_roster_has_none(keys: dict[str, Quiz]) -> None:
    worksheet = "Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)\n"
    write(Path("roster.csv"), f"{worksheet}Participant 9,Anna Lee,anna@example.org,Submitted,,-,-\n")
    write(Path("in/Anna Lee/law.json"), response_file(keys["law"], RIGHT))
    output = grade("in", "--roster", "roster.csv", key="quizzes/law.yml").output
    assert output == "1 submission graded; the results are in results/.\n"
    assert table("moodle.csv")[0]["A law of 1798"] == "4"
