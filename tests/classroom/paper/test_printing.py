"""The folder of a test on paper: everything to print and to grade, and nobody loses what is in it already."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from class_files import LAW
from click.testing import CliRunner, Result
from material import write

import civicquiz
from civicquiz.cli import main
from civicquiz.grading.paper import paper_versions

SHUFFLED = f"shuffle: [questions, options]\n{LAW}"
TABLE, RECORD = Path("law-paper/law.answers.csv"), Path("law-paper/law.paper.json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "law.yml", SHUFFLED)
    write(tmp_path / "roster.csv", "learner,name\nanna,Anna Smith\nbob,Bob Jones\n")
    return tmp_path


def _print(*more: str) -> Result:
    return CliRunner().invoke(main, ["worksheet", "law.yml", "--versions", "2", *more])


def test_folder_has_a_page_for_each_version_a_table_and_a_record(folder: Path) -> None:
    done = _print("--key")
    assert done.exit_code == 0
    names = [
        "law.A.worksheet.html",
        "law.A.answers.html",
        "law.B.worksheet.html",
        "law.B.answers.html",
        "law.answers.csv",
        "law.paper.json",
    ]
    assert done.output.splitlines()[:-1] == [f"law-paper/{name}" for name in names]
    assert sorted(path.name for path in Path("law-paper").iterdir()) == sorted(names)


def test_key_is_never_on_the_page_of_a_student(folder: Path) -> None:
    """The sheet is the same to the last byte whatever the key is."""
    _print("--key")
    sheet = Path("law-paper/law.A.worksheet.html").read_bytes()
    assert b"It was the summer" not in sheet
    assert "It was the summer" in Path("law-paper/law.A.answers.html").read_text("utf-8")
    other = SHUFFLED.replace('"1798", correct: true', '"1798"').replace('"1812",', '"1812", correct: true,')
    write(Path("law.yml"), other.replace("answer: 14", "answer: 15"))
    _print("--to", "other")
    assert Path("other/law.A.worksheet.html").read_bytes() == sheet


def test_seed_is_on_no_page(folder: Path) -> None:
    _print("--key")
    for one in json.loads(RECORD.read_text("utf-8"))["versions"].values():
        for page in Path("law-paper").glob("*.html"):
            assert str(one["seed"]) not in page.read_text("utf-8")


def test_table_has_a_column_for_each_question_and_a_line_for_each_student(folder: Path) -> None:
    _print("--roster", "roster.csv")
    with TABLE.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [["learner", "name", "version", "1", "2", "3"], ["anna", "Anna Smith"], ["bob", "Bob Jones"]]


def test_table_as_it_was_written_can_be_graded_and_says_that_nobody_was_there(folder: Path) -> None:
    _print("--roster", "roster.csv")
    arguments = ["grade", "--sheet", str(TABLE), "--key", "law.yml", "--roster", "roster.csv", "--out", "results"]
    done = CliRunner().invoke(main, arguments)
    assert done.output == "0 submissions graded; the results are in results/.\n"
    assert "missing" in Path("results/gradebook.csv").read_text("utf-8")


def test_record_has_the_versions_as_they_are_made_again(folder: Path) -> None:
    _print("--seed", "5")
    quiz = civicquiz.load("law.yml")
    assert json.loads(RECORD.read_text("utf-8")) == {
        "schema": 1,
        "quiz": "law",
        "content_hash": quiz.version,
        "languages": ["en"],
        "versions": {
            version.letter: {"seed": version.seed, "code": version.code()} for version in paper_versions(quiz, 2, 5)
        },
    }


def test_printing_again_gives_the_same_bytes(folder: Path) -> None:
    _print("--key", "--roster", "roster.csv")
    before = {path.name: path.read_bytes() for path in Path("law-paper").iterdir()}
    assert _print("--key", "--roster", "roster.csv").exit_code == 0
    assert {path.name: path.read_bytes() for path in Path("law-paper").iterdir()} == before


def test_fewer_versions_later_do_not_make_the_others_unknown(folder: Path) -> None:
    _print()
    before = json.loads(RECORD.read_text("utf-8"))
    assert CliRunner().invoke(main, ["worksheet", "law.yml", "--versions", "1"]).exit_code == 0
    assert json.loads(RECORD.read_text("utf-8")) == before


@pytest.mark.parametrize(
    ("change", "more"),
    [(("From what age", "From which age"), ()), (("- Korean War", "- Vietnam War"), ()), (("", ""), ("--seed", "1"))],
)
def test_record_of_sheets_that_may_be_on_paper_is_never_replaced(
    folder: Path, change: tuple[str, str], more: tuple[str, ...]
) -> None:
    _print()
    before = {path.name: path.read_bytes() for path in Path("law-paper").iterdir()}
    write(Path("law.yml"), SHUFFLED.replace(*change))
    done = _print(*more)
    assert done.exit_code == 1
    assert "'law-paper/law.paper.json' belongs to versions that were printed with another seed" in done.output
    assert {path.name: path.read_bytes() for path in Path("law-paper").iterdir()} == before
    assert _print(*more, "--to", "another").exit_code == 0


def test_answers_that_were_typed_in_are_never_overwritten(folder: Path) -> None:
    _print("--roster", "roster.csv")
    text = TABLE.read_text("utf-8-sig").replace("Anna Smith", "Anna Smith,A,B,,")
    TABLE.write_text(text, "utf-8")
    done = _print("--roster", "roster.csv")
    assert done.exit_code == 1
    assert "'law-paper/law.answers.csv' has answers in it, or was changed, and would be overwritten" in done.output
    assert TABLE.read_text("utf-8") == text


@pytest.mark.parametrize("name", ["law.A.worksheet.html", "law.B.answers.html", "law.answers.csv", "law.paper.json"])
def test_file_of_somebody_else_is_never_overwritten(folder: Path, name: str) -> None:
    write(Path("law-paper") / name, "Mine.")
    done = _print("--key")
    assert done.exit_code == 1
    assert f"law-paper/{name}" in done.output
    assert (Path("law-paper") / name).read_text("utf-8") == "Mine."
    assert len(list(Path("law-paper").iterdir())) == 1


def test_versions_that_would_be_the_same_are_refused_with_what_to_do(folder: Path) -> None:
    write(Path("law.yml"), LAW)
    done = _print()
    assert done.exit_code == 1
    assert "write 'shuffle: [questions, options]' into the quiz, or print one version" in done.output
    assert not Path("law-paper").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed", "1"], "--seed and --roster need --versions"),
        (["--roster", "roster.csv"], "--seed and --roster need --versions"),
        (["--versions", "27"], "27 is not in the range 1<=x<=26"),
        (["--versions", "2", "--language", "fr"], "has no translation into 'fr' (it exists in: en)"),
        (["--versions", "2", "--roster", "no.csv"], "no.csv"),
        (["--language", "en", "--language", "en"], "for two different languages"),
        (["--versions", "1", "--to", "law.yml"], "cannot write to 'law.yml'"),
    ],
)
def test_command_says_what_is_wrong(folder: Path, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(main, ["worksheet", "law.yml", *arguments])
    assert done.exit_code != 0
    assert message in done.output
