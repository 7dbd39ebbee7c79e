"""``civicquiz export``: what is written, what is reported, and what is refused."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from material import PNG, QUIZ, write, write_course

from civicquiz.cli import main
from civicquiz.exchange.exported import Loss, Losses
from civicquiz.exchange.exports import EXPORTERS

EXACT = "title: A quiz\nquestions:\n  - {id: q, type: true-false, prompt: So?, answer: true}\n"
SPANISH = "title: Una ley\nquestions:\n  - {id: q, type: true-false, prompt: ¿Sí?}\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def content_of(path: Path) -> bytes:
    """The bytes of a file, or of the files in a package."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_what_is_not_exact_is_listed_once_with_its_questions(tmp_path: Path) -> None:
    done = run("export", "moodle", write(tmp_path / "law.yml", QUIZ), "--to", tmp_path / "law.xml")
    assert done.exit_code == 0, done.output
    heading, *lines, summary = done.output.splitlines()
    assert heading.split() == ["part", "questions", "why"]
    assert [line.split()[:3] for line in lines] == [
        ["approximate", "hint", "passed-in"],
        ["approximate", "typing", "by-age"],
        ["approximate", "score", "sequence"],
    ]
    assert "one swap" in lines[-1]
    assert summary.endswith("law.xml (en): 5 questions, 2 exact, 3 not exact.")


def test_report_has_every_part_of_every_question_and_a_map_of_ids(tmp_path: Path) -> None:
    quiz = write_course(tmp_path)
    report = tmp_path / "report.json"
    assert run("export", "moodle", quiz, "--to", tmp_path / "law.xml", "--report", report).exit_code == 0
    value = json.loads(report.read_text("utf-8"))
    assert (value["format"], value["exact"]) == ("moodle", False)
    (file,) = value["files"]
    (law,) = file["quizzes"]
    ids = {"passed-in", "wars", "citizens", "by-age", "sequence"}
    assert law["ids"] == {name: [f"law/{name}"] for name in ids}
    parts = {question["id"]: question["parts"] for question in law["questions"]}
    assert set(parts) == ids
    exact = {"fidelity": "exact", "reasons": []}
    assert parts["wars"] == dict.fromkeys(
        ("text", "score", "options", "points", "feedback", "explanation", "sources"), exact
    )
    assert parts["sequence"]["score"]["fidelity"] == "approximate"
    assert parts["sequence"]["score"]["reasons"]
    assert run("export", "moodle", quiz, "--to", tmp_path / "law.xml", "--report", tmp_path / "r.txt").exit_code == 0
    text = (tmp_path / "r.txt").read_text("utf-8")
    for question in law["questions"]:
        assert f"{question['id']} ({question['type']}) -> {question['written_as']}: law/{question['id']}" in text
    assert "exact: text, score, options, points, feedback, explanation, sources" in text
    assert parts["sequence"]["score"]["reasons"][0] in text


def test_strict_writes_no_quiz_unless_all_of_it_is_exact(tmp_path: Path) -> None:
    target = tmp_path / "law.xml"
    done = run("export", "moodle", write(tmp_path / "law.yml", QUIZ), "--to", target, "--strict")
    assert done.exit_code == 1
    assert "Did not write" in done.output
    assert not target.exists()
    done = run("export", "moodle", write(tmp_path / "exact.yml", EXACT), "--to", target, "--strict")
    assert (done.exit_code, target.exists()) == (0, True)
    assert done.output.endswith("law.xml (en): 1 question, 1 exact.\n")


def test_each_language_has_a_file_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "law.yml", EXACT + "  - {id: r, type: true-false, prompt: English, answer: true}\n")
    write(tmp_path / "law.es.yml", SPANISH)
    write(tmp_path / "more.yml", EXACT)
    done = run("export", "moodle", tmp_path, "--to", tmp_path / "out.xml")
    assert done.exit_code == 0, done.output
    english, spanish = ((tmp_path / name).read_text("utf-8") for name in ("out.xml", "out.es.xml"))
    assert english.count('<question type="truefalse">') == 3
    assert spanish.count('<question type="truefalse">') == 2
    assert "¿Sí?" in spanish
    assert "English" in spanish
    assert "The quiz 'more' has no translation into 'es'." in done.output
    assert "In 'law', 'r' is not translated into 'es'." in done.output
    write(tmp_path / "more.yml", f"language: de\n{EXACT}")
    done = run("export", "moodle", tmp_path, "--to", tmp_path / "out.xml")
    assert done.exit_code == 1
    assert "a file has one language" in done.output


@pytest.mark.parametrize("name", EXPORTERS)
def test_only_a_file_from_an_earlier_export_is_replaced(name: str, tmp_path: Path) -> None:
    choice = "  - {id: q, type: single-choice, prompt: So?, options: [{text: a, correct: true}, b]}\n"
    quiz = write(tmp_path / "quiz.yml", f"title: A quiz\nquestions:\n{choice}")
    target = tmp_path / f"quiz{EXPORTERS[name].ending}"
    assert run("export", name, quiz, "--to", target).exit_code == 0
    before = target.read_bytes()
    assert run("export", name, quiz, "--to", target).exit_code == 0
    assert target.read_bytes() == before
    quiz.write_text(quiz.read_text("utf-8").replace("So?", "Really?"), "utf-8")
    assert run("export", name, quiz, "--to", target).exit_code == 0
    assert b"Really?" in content_of(target)
    target.write_text("mine\n", "utf-8")
    done = run("export", name, quiz, "--to", target)
    assert done.exit_code == 1
    assert "not from an earlier export" in done.output
    assert target.read_text("utf-8") == "mine\n"


@pytest.mark.parametrize("name", [name for name, one in EXPORTERS.items() if one.ending in (".apkg", ".xlsx", ".zip")])
def test_a_damaged_package_is_not_from_an_earlier_export(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"quiz{EXPORTERS[name].ending}"
    assert run("export", name, write(tmp_path / "quiz.yml", EXACT), "--to", target).exit_code == 0
    content = target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        entries = archive.infolist()
    damaged = [bytearray(content) for _ in range(4)]
    for entry in entries:
        start = entry.header_offset
        first = start + 30 + len(entry.filename)
        damaged[0][first : first + 2] = b"\xff\xff"  # no such block
        damaged[1][start : start + 4] = b"XXXX"  # no file begins here
        damaged[2][first + 20] ^= 0xFF  # something else, or nothing
        damaged[3][first : first + entry.compress_size] = b"\x00" * entry.compress_size
    for one in map(bytes, damaged):
        target.write_bytes(one)
        assert not EXPORTERS[name].wrote(one)
        done = run("export", name, tmp_path / "quiz.yml", "--to", target)
        assert "is not from an earlier export" in done.output, done.output
        assert target.read_bytes() == one


#: A formula wherever a text can be, also where some formats have room for no more than words.
FORMULAS = r"""
title: Shares
questions:
  - id: one
    type: single-choice
    prompt: Is it $\frac{7}{9}$?
    options: [{text: "$\\frac{7}{9}$", correct: true}, "$\\frac{9}{7}$", "no"]
  - id: two
    type: match
    prompt: Match.
    pairs: [{left: more, right: "$\\frac{9}{7}$"}, {left: less, right: "$\\frac{7}{9}$"}]
  - id: three
    type: order
    prompt: Put them in order.
    items: ["$\\frac{7}{9}$", "one", "$\\frac{9}{7}$"]
  - id: four
    type: cloze
    prompt: Fill in.
    text: It is [[a]].
    gaps: {a: {type: single-choice, options: [{text: "$\\frac{7}{9}$", correct: true}, "$\\frac{9}{7}$"]}}
"""


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_formula_becomes_the_numbers_in_it(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"quiz{EXPORTERS[name].ending}"
    done = run("export", name, write(tmp_path / "quiz.yml", FORMULAS), "--to", target)
    assert done.exit_code == 0, done.output
    content = unescape(content_of(target).decode("utf-8", "replace"))
    assert re.search(r"frac|<mn>7</mn>", content)
    assert not re.findall(r".*(?:7\s+9|9\s+7).*", content)


@pytest.mark.parametrize("name", [name for name in EXPORTERS if name != "csv"])  # which has Markdown
def test_where_only_words_can_be_a_picture_is_its_description(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    quiz = write(tmp_path / "quiz.yml", re.sub(r"\$.*?\{(\d)\}.*?\$", r"![picture \1](a.png)", FORMULAS))
    target = tmp_path / f"quiz{EXPORTERS[name].ending}"
    done = run("export", name, quiz, "--to", target)
    assert done.exit_code == 0, done.output
    content = unescape(content_of(target).decode("utf-8", "replace"))
    assert "picture 7" in content
    assert "![picture" not in content


@pytest.mark.parametrize("name", EXPORTERS)
def test_released_copy_and_wrong_ending_are_refused(name: str, tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", EXACT)
    done = run("export", name, quiz, "--to", quiz)
    assert done.exit_code == 1
    assert f"must end in '{EXPORTERS[name].ending}'" in done.output
    assert quiz.read_text("utf-8") == EXACT
    assert run("release", quiz, "--to", tmp_path / "class").exit_code == 0
    target = tmp_path / f"quiz{EXPORTERS[name].ending}"
    done = run("export", name, tmp_path / "class/quiz.yml", "--to", target)
    assert done.exit_code == 1
    assert "is a released copy, which has no key" in done.output
    assert not target.exists()


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quiz.yml", EXACT)
    done = run("export", "moodle", quiz, "--to", tmp_path / "nowhere/quiz.xml")
    assert done.exit_code == 1
    assert "cannot be written: no such file or directory" in done.output


def test_every_format_has_a_name_a_title_and_an_ending() -> None:
    for name, exporter in EXPORTERS.items():
        assert exporter.name == name
        assert exporter.title
        assert exporter.ending.startswith(".")


def test_a_loss_is_noted_once() -> None:
    losses = Losses("q")
    losses.lost("hint", "No.")
    losses.lost("hint", "No.")
    assert losses == [Loss("q", "hint", "lost", "No.")]
