"""A class with everything that can be handed in, and what is left of it in files, for the tests of Spark."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from class_files import HALF, RIGHT, response_file, write_keys
from material import EXAMPLES, right_answer

import civicquiz
from civicquiz.classroom.analysis import write_report
from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.gradebook.problems import Problems
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.model.quiz import Quiz

DUE = datetime.fromisoformat("2026-11-30T11:00:00+00:00")
TIMES = ("2026-11-30T10:00:00+00:00", "2026-11-30T12:00:00+01:00", "2026-11-30T12:00:00+00:00", "yesterday")


def quizzes(folder: Path) -> list[Quiz]:
    """One quiz of each question type, and the two of ``class_files``."""
    write_keys(folder)
    for path in EXAMPLES:
        if path.parent.name == "examples":
            (folder / "quizzes" / path.name).write_bytes(path.read_bytes())
    return [civicquiz.load(path) for path in sorted((folder / "quizzes").glob("*.yml"))]


def lines(keys: list[Quiz], learners: int, seed: int = 1) -> Iterator[str]:
    """What ``learners`` handed in: some of it again, late, without a name, of another version, or not readable."""
    dice = random.Random(seed)
    for number in range(learners):
        for quiz in keys:
            if dice.random() < 0.4:
                continue
            for _ in range(dice.choice((1, 1, 1, 1, 2, 3))):
                yield _line(quiz, f"learner-{number:03}", dice)
        if dice.random() < 0.1:
            yield dice.choice(("{", "", "  ", "[]", '"\ud800"', json.dumps({"quiz": "unknown"}), "\r", "\x00"))


def _line(quiz: Quiz, learner: str, dice: random.Random) -> str:
    responses: dict[str, Any] = {}
    for name, question in quiz.keyed_questions.items():
        chance = dice.random()
        if chance < 0.5:
            responses[name] = right_answer(question)
        elif chance < 0.7:
            responses[name] = dice.choice(("0", [], {}, 7, "=1+1", None, ["nothing"]))
    for question in quiz.questions:
        if question.id not in quiz.keyed_questions or dice.random() < 0.05:
            responses[question.id] = dice.choice(("It is 7 %", "é\u2028 = 4", "Tab\there"))
    more: dict[str, Any] = {"submitted": dice.choice(TIMES), "saved": dice.choice(TIMES)}
    more["attempts"] = {name: dice.randint(1, 3) for name in responses}
    more["learner"] = learner if dice.random() < 0.97 else ""
    more["session"] = {"seed": dice.randrange(2**32)} if dice.random() < 0.95 else {}
    if dice.random() < 0.03:
        more["content_hash"] = "older"
    return response_file(quiz, responses, **more)


def write_class(folder: Path, learners: int = 60) -> dict[str, Any]:
    """A class in ``folder``; options to grade it with."""
    keys = quizzes(folder)
    handed_in = folder / "handed in [1]"
    handed_in.mkdir()
    found = list(lines(keys, learners))
    third = len(found) // 3
    (handed_in / "b%20 & c.jsonl").write_text("\n".join(found[:third]), "utf-8", "replace")
    (handed_in / "a.NDJSON").write_text("\n\n".join(found[third : 2 * third]) + "\n", "utf-8", "replace")
    (handed_in / "empty.jsonl").touch()
    (handed_in / "zoe.json").write_text(response_file(keys[-1], {}), "utf-8")
    (handed_in / "notes.txt").write_text("no answers", "utf-8")
    law = next(quiz for quiz in keys if quiz.name == "law")
    with ZipFile(handed_in / "yan.zip", "w") as archive:
        archive.writestr("law.responses.json", response_file(law, HALF))
        archive.writestr("../law.responses.json", response_file(law, RIGHT))
    for name, time in (("learner-001", "2026-11-27 10:00:00 UTC"), ("learner-002", "so 3 IST")):
        own = folder / "submitted" / name / "law"
        own.mkdir(parents=True)
        (own / "law.responses.json").write_text(response_file(law, RIGHT), "utf-8")
        (own / "timestamp.txt").write_text(time, "utf-8")
    last = [*found[2 * third :], "x" * 2_000_001, json.dumps({"skewed": 1})]
    last += [response_file(law, RIGHT if number % 3 else HALF, learner="learner-007") for number in range(300)]
    (folder / "last.jsonl").write_text("\n".join(last), "utf-8", "replace")
    roster = [f"learner-{number:03},learner {number},{number}" for number in range(0, learners + 40, 2)]
    (folder / "roster.csv").write_text("\n".join(["learner,name,id number", *roster]), "utf-8")
    return {
        "paths": (handed_in, folder / "submitted", folder / "last.jsonl", folder / "missing.jsonl"),
        "keys": (folder / "quizzes",),
        "due": DUE,
        "versions": ("older",),
        "feedback": False,
    }


def write_marks(review: bytes, path: Path) -> Path:
    """A table of open answers with marks, of which some cannot be used."""
    heading, *answers = csv.reader(review.decode("utf-8-sig").splitlines(keepends=True))
    for number, answer in enumerate(answers[: len(answers) // 2]):
        answer[6] = str(number % 5)
    unknown = [["nobody", *answers[0][1:]]] if answers else []
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([heading, *answers, *answers[:2], *unknown])
    return path


def rows_of_problems(found: bytes | Iterable[SubmissionProblem]) -> list[tuple[str, ...]]:
    """The rows of problems.csv, or of the table that has these problems, sorted."""
    if not isinstance(found, bytes):
        with TemporaryDirectory() as folder:
            table = Problems(Path(folder) / "problems.csv")
            for problem in found:
                table.add(problem)
            table.close()
            found = (Path(folder) / "problems.csv").read_bytes()
    return sorted(map(tuple, csv.reader(found.decode("utf-8-sig").splitlines(keepends=True))))


def graded_here(options: dict[str, Any], out: Path) -> dict[str, bytes]:
    """The files that ``civicquiz grade`` writes, by name."""
    with closing(GradingRun(GradingOptions(**options, out=out))) as run:
        run.run()
        run.publish()
    return files_in(out)


def report_here(results: Path, out: Path, **more: Any) -> dict[str, bytes]:
    """The files that ``civicquiz report`` writes, by name."""
    write_report(results, out=out, **more)
    return files_in(out)


def files_in(folder: Path) -> dict[str, bytes]:
    """The files directly in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
