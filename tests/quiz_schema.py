"""The JSON Schema of quiz files, used as an editor would use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema

from civicquiz.authoring.yaml_source import read
from civicquiz.model.quiz import json_schema

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def plain(value: Any) -> Any:
    """The project's values without what they remember about the file."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else float(value) if isinstance(value, float) else value


def schema_errors(file: Path) -> list[str]:
    """The errors that the schema finds in a quiz file."""
    found = VALIDATOR.iter_errors(plain(read(file).value))
    return [f"{list(error.absolute_path)}: {error.message}" for error in found]
