"""The page on response files says what is written."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from material import EXAMPLES, ROOT, right_answer, write

import civicquiz
from civicquiz.grading import responses
from civicquiz.grading.kept_session import KeptSession
from civicquiz.grading.session import Session
from civicquiz.model.quiz import Quiz

PAGE = (ROOT / "docs" / "response-files.md").read_text("utf-8")
MOON = ROOT / "examples" / "more" / "moon.yml"


def _tables() -> list[dict[str, list[str]]]:
    """Each table of the page: its rows, by what is in their first cell."""
    found: list[dict[str, list[str]]] = []
    for table in re.findall(r"^\| --- .*\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]
        found.append({row[0].strip("| `"): row[1:] for row in rows})
    return found


FIELDS, MARKS, SESSION, ANSWERS = _tables()


def _file_of(quiz: Quiz, folder: Path, answers: dict[str, Any], notes: dict[str, Any]) -> Any:
    """What a notebook in ``folder`` writes when a student notes and answers these."""
    kept = KeptSession(quiz, None, folder)
    kept.record({}, notes, {})
    for name, answer in answers.items():
        kept.act({"type": "check", "question": name, "response": answer})
    kept.save(kept.shown, {})
    return json.loads(kept.file.path.read_text("utf-8"))


def test_file_that_the_page_shows_is_what_a_notebook_writes(tmp_path: Path) -> None:
    (tmp_path / "moon.yml").write_bytes(MOON.read_bytes())
    (shown,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    expected = json.loads(shown)
    quiz = civicquiz.load(tmp_path / "moon.yml")
    written = _file_of(quiz, tmp_path, expected["responses"], expected["marks"])
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(stamp, expected.pop("saved"))
    assert re.fullmatch(stamp, written.pop("saved"))
    assert isinstance(written["session"].pop("seed"), int)
    assert isinstance(expected["session"].pop("seed"), int)
    assert written == expected


def test_page_names_every_field_and_no_other_in_the_order_of_the_file(tmp_path: Path) -> None:
    """With all that can be in a file: a copy for one student, a review on a page, and an answer that another window has
    replaced."""
    quiz = civicquiz.load(MOON)
    from_page = {"schema": 1, "quiz": quiz.name, "responses": {}, "reviews": {"light": {"reps": 1}}}
    write(tmp_path / f"{quiz.name}.responses.json", json.dumps(from_page))
    here, there = KeptSession(quiz, None, tmp_path), KeptSession(quiz, None, tmp_path)
    for kept, answer in ((here, "29"), (there, "30")):
        kept.file.learner = "anna"
        kept.act({"type": "check", "question": "month", "response": answer})
        kept.save(kept.shown, {})
    written = json.loads(here.file.path.read_text("utf-8"))
    assert list(FIELDS) == list(written)
    assert list(written["replaced"][0]) == ["question", "response"]
    always = [name for name, (when, _) in FIELDS.items() if when == "yes"]
    others = {"source", "learner", "questions", "saved", "reviews", "replaced"}
    assert [name for name in written if name not in others] == always


def test_page_downloads_the_fields_that_are_in_every_file() -> None:
    """With the learner, if it is a copy for one."""
    script = (Path(civicquiz.__file__).parent / "frontend" / "static" / "page.js").read_text("utf-8")
    (content,) = re.findall(r"const content = \{(.*?), \.\.\.merged\(ids\) \}", script)
    assert f"schema: {responses.SCHEMA_VERSION}," in content
    named = re.findall(r"(\w+): ", content)
    assert named == ["schema", "quiz", "content_hash", "learner"]
    assert set(named) <= set(FIELDS)


@pytest.mark.parametrize(("field", "table"), [("notes", MARKS), ("overall", SESSION)])
def test_page_names_what_a_student_notes_and_what_holds_for_the_whole_quiz(
    field: str, table: dict[str, list[str]]
) -> None:
    said = re.findall(rf"((?: +#:.*\n)+) +{field}: ", inspect.getsource(Session))
    assert sorted(re.findall(r"``(\w+)``", said[0])) == sorted(table)


def test_answers_of_every_type_look_as_the_page_says() -> None:
    shapes = {name: row for names, row in ANSWERS.items() for name in re.findall(r"[\w-]+", names)}
    seen = set()
    for path in EXAMPLES:
        for question in civicquiz.load(path).questions:
            seen.add(question.type)
            said, example = shapes[question.type]
            shown = json.loads(example.strip("` |"))
            assert type(shown) is type(right_answer(question)), question.type
            word = {list: "a list", str: "a text", dict: "a mapping"}[type(shown)]
            assert said.startswith(word), question.type
    assert seen == set(shapes)
