"""The problems of authors for other programs: JSON, SARIF for code scanning, annotations of a workflow on GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from civicquiz.errors import Problem, one_line

__all__ = ["FORMATS"]

#: The rules that SARIF knows a problem by.
_RULES = {
    "error": ("problem", "An author's file cannot be used as it is."),
    "warning": ("warning", "An author's file can be used, but something in it is probably a mistake."),
    "note": ("note", "Nothing has to change; this is only good to know."),
}


def _json(found: Sequence[Problem], _version: str) -> str:
    """A list with an object for each problem."""
    entries = [
        {
            "file": problem.path,
            "line": problem.line,
            "column": problem.column,
            "severity": problem.severity,
            "message": one_line(problem.message),
            "hint": one_line(problem.hint),
            "question": one_line(problem.question),
        }
        for problem in found
    ]
    return _as_json(entries)


def _sarif(found: Sequence[Problem], version: str) -> str:
    """SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS."""
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in _RULES.values()]
    driver = {"name": "civicquiz", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem) for problem in found],
    }
    return _as_json(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]},
    )


def _sarif_result(problem: Problem) -> dict[str, Any]:
    physical = {
        "artifactLocation": _sarif_file(problem.path),
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    location: dict[str, Any] = {"physicalLocation": physical}
    if problem.question:
        location["logicalLocations"] = [{"name": one_line(problem.question)}]
    return {
        "ruleId": _RULES[problem.severity][0],
        "level": problem.severity,
        "message": {"text": "\n".join(_lines(problem))},
        "locations": [location],
    }


def _sarif_file(path: str) -> dict[str, str]:
    if Path(path).is_absolute():  # outside of the folder that the command runs in
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def _github(found: Sequence[Problem], _version: str) -> str:
    """A workflow command for each problem; GitHub shows it at its line.

    The message begins with the place again, because the log of the workflow shows nothing else.
    """
    return "\n".join(map(_workflow_command, found))


def _workflow_command(problem: Problem) -> str:
    about = {
        "file": one_line(problem.path),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": one_line(f"question '{problem.question}'" if problem.question else "civicquiz check"),
    }
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in about.items())
    first, *more = _lines(problem)
    message = "\n".join((f"{about['file']}:{problem.line}:{problem.column}: {first}", *more))
    level = "notice" if problem.severity == "note" else problem.severity
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """``text`` in a workflow command (actions/toolkit, packages/core/src/command.ts); ``also`` is what a property needs
    besides."""
    for sign in f"%\r\n{also}":  # the percent sign first, as it begins the others
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _lines(problem: Problem) -> list[str]:
    return [one_line(problem.message)] + [f"hint: {one_line(problem.hint)}"] * bool(problem.hint)


def _as_json(content: Any) -> str:
    return json.dumps(content, indent=2)  # only ASCII, which every terminal and every log can show


#: The name of a format -> all problems in it, as a text, given the version of civicquiz.
FORMATS: Mapping[str, Callable[[Sequence[Problem], str], str]] = {"json": _json, "sarif": _sarif, "github": _github}
