"""JSON Schemas of what an author writes, from the models that validate it: editors complete and check with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args

from pydantic import BaseModel

from civicquiz.model.claims import SeedFile
from civicquiz.model.from_files import FromFile
from civicquiz.model.quiz import Quiz
from civicquiz.model.translated_state import TRANSLATES

__all__ = ["SCHEMAS", "SchemaName", "json_schema"]

SchemaName = Literal["quiz", "translation", "seeds"]
SCHEMAS: tuple[SchemaName, ...] = get_args(SchemaName)

_ABOUT: dict[SchemaName, tuple[str, str]] = {
    "quiz": ("A civicquiz quiz", "A quiz: its questions with their keys, and how it is set."),
    "translation": (
        "A translation of a civicquiz quiz",
        "The texts of a quiz in another language. Everything else comes from the quiz and can be left out.",
    ),
    "seeds": ("Claims and sources of a civicquiz course", "What the questions and lessons of a course rest on."),
}
#: What people call the parts that the words of their class do not describe.
_CALLED = {
    "AuthorEntry": "Entry",
    "AuthorOption": "Option",
    "Categorize": "Sorting question",
    "ComputedMistake": "Wrong calculation",
    "FromFile": "Questions from another file",
    "KnownNumber": "Wrong number",
    "Match": "Matching question",
    "NumberRange": "Range of numbers",
    "Order": "Ordering question",
    "PhraseFeedback": "Feedback on a phrase",
    "SortedEntry": "Entry to sort",
    "TrueFalseFeedback": "Feedback on true and false",
}
_ROLE = re.compile(r":[a-z:]+:`[~!]?([^`<]*?)(?: *<[^`]*>)?`")
_TEXT = {"type": ["string", "number"], "minLength": 1}
#: What describes these keys of a text in a translation, where they add to the original.
_ADDED = {
    "accept": "More right answers, each as '- the text'; the first one is shown to readers of this language.",
    "mistakes": "First the mistakes of the original, each with 'feedback:'; then more, each with 'text:', too.",
}
_STATE = {
    "title": "Translates",
    "description": "The state of the original that this translates; 'civicquiz accept-translation' writes it.",
    "type": "string",
}


def json_schema(of: SchemaName = "quiz") -> dict[str, Any]:
    """The JSON Schema of a file that an author writes; editors use it to complete and check.

    Args:
        of: what the file is: a ``quiz``, a ``translation`` of one, or ``seeds``, which are the claims and sources of a
            course.

    Returns:
        The schema that ``civicquiz schema`` prints, as a dictionary (JSON Schema 2020-12).

    Raises:
        ValueError: there is no schema of that name.
    """
    if of not in SCHEMAS:
        raise ValueError(f"there is no schema of {of!r}; there is one of each of: {', '.join(SCHEMAS)}")
    model: type[BaseModel] = SeedFile if of == "seeds" else Quiz
    schema = model.model_json_schema()
    if of == "quiz":
        schema["$defs"]["FromFile"] = FromFile.model_json_schema()
        schema["properties"]["questions"]["items"]["oneOf"].append({"$ref": "#/$defs/FromFile"})
    _name_parts(schema)
    if of == "translation":
        _relax(schema)
    schema["title"], schema["description"] = _ABOUT[of]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _name_parts(schema: dict[str, Any]) -> None:
    """Give every part and every key a title and a description for people who read them in an editor."""
    questions = schema["properties"].get("questions", {}).get("items", {})
    for name, definition in schema["$defs"].items():
        definition["title"] = _sentence(re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower())
    for choice in _choices_of_type(schema):
        called = "question" if choice is questions else "gap"
        for name, reference in choice["discriminator"]["mapping"].items():
            _definition(schema, reference)["title"] = f"{name.capitalize()} {called}"
    for name in _CALLED.keys() & schema["$defs"].keys():
        schema["$defs"][name]["title"] = _CALLED[name]
    for part in (schema, *schema["$defs"].values()):
        if "description" in part:
            part["description"] = _prose(part["description"])
        for key, about in part.get("properties", {}).items():
            about["title"] = "ID" if key == "id" else _sentence(key.replace("_", " "))
            if "description" in about:
                about["description"] = _prose(about["description"])


def _prose(text: str) -> str:
    """A docstring or a hint as one paragraph, without the markup of the documentation."""
    return _sentence(" ".join(_ROLE.sub(r"\1", text).replace("``", "'").split()))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema, from the outside to the inside."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(inner)


def _choices_of_type(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of which there are different ones by their ``type``: questions, and gaps."""
    return [part for part in _parts(schema) if "mapping" in part.get("discriminator", ())]


def _definition(schema: dict[str, Any], reference: str) -> dict[str, Any]:
    definition: dict[str, Any] = schema["$defs"][reference.rpartition("/")[2]]
    return definition


def _relax(schema: dict[str, Any]) -> None:
    """Turn the schema of a quiz into that of its translations.

    All can be left out but the ids of the questions, also the types. So there is one part for all types of questions,
    with the keys of each.
    """
    for name in ("ShortText", "ShortTextPart"):
        for key, description in _ADDED.items():
            schema["$defs"][name]["properties"][key]["description"] = description
    for union in _choices_of_type(schema):
        members = [_definition(schema, reference) for reference in union.pop("discriminator")["mapping"].values()]
        of_quiz = union is schema["properties"]["questions"]["items"]
        union.clear()
        union |= _merged(members)
        union["title"] = "Question" if of_quiz else "Gap"
        union["description"] = "What students read of it, in the other language."
        if of_quiz:
            union["required"] = ["id"]
            union["properties"] = {"id": union["properties"].pop("id"), TRANSLATES: _STATE, **union["properties"]}
    schema.pop("required")
    schema["properties"][TRANSLATES] = _STATE
    for definition in schema["$defs"].values():
        for rule in ("required", "anyOf"):  # the latter says which of some keys have to be there
            definition.pop(rule, None)
        if "text" in definition["properties"]:  # the text alone is enough
            described = {name: definition.pop(name) for name in ("title", "description") if name in definition}
            whole = dict(definition)
            definition.clear()
            definition |= {**described, "anyOf": [whole, _TEXT]}
    _drop_unused(schema)


def _merged(members: list[dict[str, Any]]) -> dict[str, Any]:
    """A part with the keys of all ``members``; what several of them have may be as in any of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for member in members:
        for key, about in member["properties"].items():
            if about not in found.setdefault(key, []):
                found[key].append(about)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: abouts[0] if len(abouts) == 1 else {"title": abouts[0]["title"], "anyOf": abouts}
            for key, abouts in found.items()
        },
    }


def _drop_unused(schema: dict[str, Any]) -> None:
    """Leave out definitions that nothing refers to."""
    used, waiting = set(), [{name: part for name, part in schema.items() if name != "$defs"}]
    while waiting:
        for part in _parts(waiting.pop()):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in used:
                used.add(name)
                waiting.append(schema["$defs"][name])
    schema["$defs"] = {name: definition for name, definition in schema["$defs"].items() if name in used}
