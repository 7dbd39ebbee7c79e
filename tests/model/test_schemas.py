"""The schemas: that they accept what is written, and read well in an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from material import EXAMPLES, ROOT, questions
from quiz_schema import VALIDATORS, plain, schema_errors

import civicquiz
from civicquiz.authoring.yaml_source import parse, read
from civicquiz.model.quiz import Quiz
from civicquiz.model.schemas import SCHEMAS, SchemaName, json_schema

TRANSLATIONS = sorted(
    path for folder in (ROOT / "examples", ROOT / "quizzes") for path in folder.rglob("*.*.yml") if path.stem[-3] == "."
)
SEEDS = sorted([*(ROOT / "seeds").glob("*.yml"), *(ROOT / "examples").rglob("seeds/*.yml")])
FILES: list[tuple[Path, SchemaName]] = [
    *((path, "quiz") for path in EXAMPLES),
    *((path, "translation") for path in TRANSLATIONS),
    *((path, "seeds") for path in SEEDS),
]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_a_draft_2020_12_schema(name: SchemaName) -> None:
    schema = json_schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_there_is_no_other_schema() -> None:
    with pytest.raises(ValueError, match="no schema of 'course'; there is one of each of: quiz, translation, seeds"):
        json_schema("course")  # type: ignore[arg-type]


@pytest.mark.parametrize(("path", "name"), FILES, ids=lambda value: value if isinstance(value, str) else value.name)
def test_every_file_fits_its_schema(path: Path, name: SchemaName) -> None:
    assert schema_errors(path, name) == []


def test_there_are_files_for_every_schema() -> None:
    assert {name for _, name in FILES} == set(SCHEMAS)


# ---- Translations ----


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(questions())
def test_copy_of_a_quiz_fits_the_schema_of_its_translations(written: dict[str, Any]) -> None:
    """With all keys, and with those alone that a translation needs."""
    content = {"title": "x", "questions": [written]}
    Quiz.model_validate(content)
    VALIDATORS["translation"].validate(content)
    VALIDATORS["translation"].validate({"title": "x", "questions": [{"id": written["id"], "prompt": "x"}]})


@pytest.mark.parametrize(
    "question",
    [
        "{id: a, prompt: x, options: [a, {text: b, feedback: c}, 3]}",
        "{id: a, prompt: x, items: [a, {text: b}]}",
        "{id: a, prompt: x, events: [a, {text: b}]}",
        "{id: a, prompt: x, text: '[[b]]', gaps: {b: {options: [a, c]}}}",
        "{id: a, prompt: x, pairs: [{left: a, right: b}, {left: c, right: d}]}",
        "{id: a, prompt: x, feedback: {true: b}}",
        "{id: a, prompt: x, rubric: [a, {text: b}], model_answer: c}",
        "{id: a, accept: [b, {text: c, credit: 0.5}], mistakes: [{feedback: d}, {text: e, feedback: f}]}",
        "{id: a, gaps: {b: {accept: [c], mistakes: [{text: e, feedback: f}]}}}",
    ],
)
def test_translation_may_leave_out_all_but_texts(question: str) -> None:
    VALIDATORS["translation"].validate(plain(parse(f"title: x\nquestions: [{question}]").value))


@pytest.mark.parametrize(
    "question",
    [
        "{prompt: x}",
        "{id: a, promt: x}",
        "{id: a, prompt: [x]}",
        "{id: a, type: essay}",
        "{id: a, options: [{txt: b}, c]}",
        "{id: a, gaps: {b: {word: c}}}",
        "{id: a, accept: [{text: b, credits: 1}]}",
        "a",
    ],
)
def test_schema_of_translations_refuses_mistakes(question: str) -> None:
    assert not VALIDATORS["translation"].is_valid(plain(parse(f"title: x\nquestions: [{question}]").value))


# ---- Seeds ----


@pytest.mark.parametrize(
    "text",
    [
        "claims: [{id: a, text: b, speaker: c, statement: rumor, as_of: '2024'}]",
        "claims: [{id: a, speaker: c, statement: law, as_of: '2024'}]",
        "sources: [{id: a, title: b, publisher: c, link: d}]",
        "facts: []",
        "- a",
    ],
)
def test_schema_of_seeds_refuses_mistakes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seeds" / "a.yml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(civicquiz.QuizError):
        civicquiz.load_seeds(path.parent)
    assert not VALIDATORS["seeds"].is_valid(plain(read(path).value))


# ---- What an editor shows ----


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(where, 'title' or 'description', text) of everything in a schema that an editor shows."""
    if isinstance(value, dict):
        for name in ("title", "description"):
            if isinstance(value.get(name), str):
                yield path, name, value[name]
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _texts(inner, f"{path}/{key}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_titles_and_descriptions_are_written_for_people(name: SchemaName) -> None:
    found = list(_texts(json_schema(name)))
    assert len(found) > 30
    for where, kind, text in found:
        assert not re.search(r":\w+:`|``|\n|\blearners?\b", text), (where, text)
        assert text[0] == text[0].upper(), (where, text)
        if kind == "title":
            assert not re.search(r"[a-z][A-Z]|_", text), (where, text)


def test_types_are_called_as_people_say_them() -> None:
    titles = {name: part["title"] for name, part in json_schema()["$defs"].items()}
    assert titles["Calculated"] == "Calculated question"
    assert titles["NumericPart"] == "Numeric gap"
    assert titles["SingleChoice"] == "Single-choice question"


def test_schemas_contain_only_what_they_refer_to() -> None:
    for name in SCHEMAS:
        schema = json_schema(name)
        used = set(re.findall(r"#/\$defs/(\w+)", str(schema)))
        assert used == set(schema["$defs"])
