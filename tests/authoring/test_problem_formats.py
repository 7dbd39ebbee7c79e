"""The formats for other programs, read as those programs read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.authoring.problem_formats import FORMATS
from civicquiz.errors import Problem, one_line

#: The part of the schema of SARIF 2.1.0 that a log with results in files needs.
SARIF = {
    "$defs": {
        "text": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {"id": {"type": "string"}, "shortDescription": {"$ref": "#/$defs/text"}},
        },
        "driver": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "version": {"type": "string"},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
            },
        },
        "place": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["uri"],
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^[A-Za-z0-9%_.~/:+-]+$"},
                        "uriBaseId": {"const": "%SRCROOT%"},
                    },
                },
                "region": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: {"type": "integer", "minimum": 1} for name in ("startLine", "startColumn")},
                },
            },
        },
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {"$ref": "#/$defs/place"},
                "logicalLocations": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
            },
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {"$ref": "#/$defs/text"},
                "locations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
            },
        },
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {"driver": {"$ref": "#/$defs/driver"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
    },
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
}

PROBLEM = Problem("quizzes/law.yml", 14, 7, "question 'q3': 'tolerance' must be >= 0", "write 0", question="q3")
WARNING = Problem("a b,c:100%/é.yml", 1, 1, "100% of, this: is odd", is_warning=True)

texts = st.text(min_size=1, max_size=40) | st.text("%:,\r\n\\0123ABCDEF; \u2028\x1b", min_size=1, max_size=40)


def _problem(severity: str, **about: Any) -> Problem:
    return Problem(is_warning=severity == "warning", is_note=severity == "note", **about)


problems = st.builds(
    _problem,
    severity=st.sampled_from(["error", "warning", "note"]),
    path=texts.filter(lambda path: not path.startswith("/") and "\0" not in path),
    line=st.integers(1, 10**6),
    column=st.integers(1, 10**6),
    message=texts,
    hint=st.just("") | texts,
    question=st.just("") | texts,
)


def _annotations(log: str) -> list[tuple[str, dict[str, str], str]]:
    """(severity, properties, message) of the commands in a log, read as the program that runs a workflow reads them."""

    def read(text: str, signs: str) -> str:
        for sign in signs:  # the percent sign last
            text = text.replace(f"%{ord(sign):02X}", sign)
        return text

    found = []
    for line in log.split("\n") if log else ():
        command, _, message = line.removeprefix("::").partition("::")
        severity, _, properties = command.partition(" ")
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        found.append(
            (severity, {name: read(value, "\r\n:,%") for name, value in pairs.items()}, read(message, "\r\n%"))
        )
    return found


@given(st.lists(problems, max_size=4))
def test_json_has_every_problem_with_its_place(found: list[Problem]) -> None:
    entries = json.loads(FORMATS["json"](found, "1.0"))
    for entry, problem in zip(entries, found, strict=True):
        assert entry == {
            "file": problem.path,
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity,
            "message": one_line(problem.message),
            "hint": one_line(problem.hint),
            "question": one_line(problem.question),
        }


@given(st.lists(problems, max_size=4))
def test_sarif_is_a_log_that_names_every_problem(found: list[Problem]) -> None:
    log = json.loads(FORMATS["sarif"](found, "1.0"))
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert run["tool"]["driver"]["version"] == "1.0"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result, problem in zip(run["results"], found, strict=True):
        assert result["ruleId"] in rules
        assert result["level"] == problem.severity
        place = result["locations"][0]["physicalLocation"]
        assert place["region"] == {"startLine": problem.line, "startColumn": problem.column}
        uri = urlsplit(place["artifactLocation"]["uri"])
        assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("", "", problem.path)


def test_file_outside_of_the_folder_has_a_whole_address_in_sarif(tmp_path: Path) -> None:
    log = json.loads(FORMATS["sarif"]([Problem((tmp_path / "ä.yml").as_posix(), 1, 1, "x")], "1.0"))
    jsonschema.Draft202012Validator(SARIF).validate(log)
    file = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert file == {"uri": (tmp_path / "ä.yml").as_uri()}


@given(st.lists(problems, max_size=4))
def test_github_reads_back_every_annotation(found: list[Problem]) -> None:
    annotations = _annotations(FORMATS["github"](found, "1.0"))
    for (severity, properties, message), problem in zip(annotations, found, strict=True):
        path = one_line(problem.path)
        assert severity == {"note": "notice"}.get(problem.severity, problem.severity)
        assert (properties["file"], properties["line"], properties["col"]) == (
            path,
            str(problem.line),
            str(problem.column),
        )
        assert message.startswith(f"{path}:{problem.line}:{problem.column}: {one_line(problem.message)}")
        assert message.endswith(f"hint: {one_line(problem.hint)}" if problem.hint else one_line(problem.message))


@given(st.lists(problems, min_size=1, max_size=4))
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_printed_cannot_control_a_terminal_or_a_workflow(name: str, found: list[Problem]) -> None:
    text = FORMATS[name](found, "1.0")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    commands = [line for line in text.split("\n") if re.match(r"\s*(::|##\[)", line)]
    assert len(commands) == (len(found) if name == "github" else 0)


def test_annotation_is_what_the_documentation_of_github_asks_for() -> None:
    assert FORMATS["github"]([PROBLEM, WARNING], "1.0").split("\n") == [
        "::error file=quizzes/law.yml,line=14,col=7,title=question 'q3'::"
        "quizzes/law.yml:14:7: question 'q3': 'tolerance' must be >= 0%0Ahint: write 0",
        "::warning file=a b%2Cc%3A100%25/é.yml,line=1,col=1,title=civicquiz check::"
        "a b,c:100%25/é.yml:1:1: 100%25 of, this: is odd",
    ]


@pytest.mark.parametrize(("name", "expected"), [("json", []), ("github", "")])
def test_without_problems_there_is_an_empty_list(name: str, expected: Any) -> None:
    text = FORMATS[name]([], "1.0")
    assert (json.loads(text) if name == "json" else text) == expected
