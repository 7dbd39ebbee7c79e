"""The JSON Schema of quiz files, used as an editor would use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema

from civicquiz.authoring.yaml_source import read
from civicquiz.model.schemas import SCHEMAS, SchemaName, json_schema

VALIDATORS = {name: jsonschema.Draft202012Validator(json_schema(name)) for name in SCHEMAS}
VALIDATOR = VALIDATORS["quiz"]


def plain(value: Any) -> Any:
    """The project's values without what they remember about the file."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else float(value) if isinstance(value, float) else value


def schema_errors(file: Path, of: SchemaName = "quiz") -> list[str]:
    """The errors that the schema finds in a file."""
    found = VALIDATORS[of].iter_errors(plain(read(file).value))
    return [f"{list(error.absolute_path)}: {error.message}" for error in found]
