"""An author's values -> pydantic models, and pydantic's errors -> problems that an author can act on."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Self, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError, ValidationError

from civicquiz.authoring import markdown
from civicquiz.authoring.author_problems import AuthorProblem, AuthorProblems
from civicquiz.authoring.normal_form import character_names, unusual_characters, visible_form
from civicquiz.authoring.wording import did_you_mean, excerpt, nearest, number_text
from civicquiz.authoring.yaml_source import WrittenFloat, WrittenInt, YamlPath, YamlSource
from civicquiz.errors import Problem

__all__ = [
    "CodeText",
    "Id",
    "Line",
    "MarkdownText",
    "Model",
    "Number",
    "Percentage",
    "Shown",
    "Tolerance",
    "Words",
    "all_texts",
    "as_written",
    "paths_of",
    "problems_of",
    "shown_texts",
    "value_at",
]


class Model(BaseModel):
    """Base class of everything an author writes: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, arbitrary_types_allowed=True)

    def __copy__(self) -> Self:
        # Leave out the values of cached properties: a copy may have different ones.
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


@dataclass(frozen=True)
class Shown:
    """Annotation: learners read this text. ``markdown`` says whether it is Markdown."""

    markdown: bool


def as_written(value: Any) -> Any:
    """The text that the author wrote, if ``value`` is a number; otherwise ``value`` itself."""
    return value.written if isinstance(value, (WrittenInt, WrittenFloat)) else value


def _no_mistakes(text: str) -> str:
    found = AuthorProblems()
    for message, hint in markdown.mistakes(text):
        found.add((), message, hint)
    found.raise_if_any()
    return text


def _plain_number(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "not a number")
    if isinstance(value, (int, float)) and abs(value) > 1e100:
        raise PydanticCustomError("number_size", "too large")
    return value


_ID_PATTERN = "^[A-Za-z0-9-]+$"
_TEXT_SCHEMA = {"type": ["string", "number"], "minLength": 1}

#: Longer than any text of a quiz needs to be, and short enough that no Markdown takes long to parse.
MAX_CHARACTERS = 10_000

#: One or more lines of text. A bare number (``text: 1798``) is kept as it was written.
Line = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=MAX_CHARACTERS),
    BeforeValidator(as_written),
    WithJsonSchema(_TEXT_SCHEMA),
]

#: Lines of code, with the blanks at their beginnings and ends.
CodeText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=MAX_CHARACTERS, strip_whitespace=False),
    BeforeValidator(as_written),
]

#: Text that learners see exactly as written, such as a title or a unit.
Words = Annotated[Line, Shown(markdown=False)]

#: Markdown that learners read.
MarkdownText = Annotated[Line, Shown(markdown=True), AfterValidator(_no_mistakes)]

Id = Annotated[
    str,
    Field(strict=True, pattern=_ID_PATTERN, max_length=80),
    BeforeValidator(as_written),
    WithJsonSchema({"type": ["string", "integer"], "pattern": _ID_PATTERN}),
]

#: A finite number that is small enough for sums to stay finite too.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False), BeforeValidator(_plain_number)]


class Percentage(float):
    """A share of something, in percent: ``2%``."""


_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")


def _percentage(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    return Percentage(found[1]) if found else handler(value)


#: How far off is still right: a number, or a share of the right number, such as ``2%``, which is a :class:`Percentage`.
Tolerance = Annotated[
    Number,
    Field(ge=0),
    WrapValidator(_percentage),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{_PERCENT.pattern}$"}]}
    ),
]


def shown_texts(model: Model) -> Iterator[tuple[YamlPath, str, Shown]]:
    """(path below ``model``, text, how it is shown) of every text in it that learners read, in order."""
    for name, place in _places(type(model)).items():
        value = getattr(model, name)
        if isinstance(value, str):
            if place.shown:
                yield (name,), value, place.shown
        elif isinstance(value, (Model, tuple, dict)):
            yield from _shown((name,), value, place)


def all_texts(value: Any, path: YamlPath = ()) -> Iterator[tuple[YamlPath, str]]:
    """(path below ``value``, text) of every text in a model, or in lists and mappings, whether learners read it or not.
    ``path`` is put before all of these paths.
    """
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from all_texts(getattr(value, name), (*path, name))
    elif isinstance(value, (tuple, list, dict)):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from all_texts(below, (*path, step))


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a text may be, by its annotation: what that says is found once, and not for every text."""

    annotation: Any
    metadata: tuple[Any, ...] = ()

    @cached_property
    def shown(self) -> Shown | None:
        """How a text in this place is shown; None if learners do not read it."""
        found = (entry for entry in (*self.metadata, *_metadata(self.annotation)) if isinstance(entry, Shown))
        return next(found, None)

    @cached_property
    def element(self) -> _Place:
        """An element of the list in this place."""
        return _Place(_element(self.annotation))

    @cached_property
    def value(self) -> _Place:
        """A value of the mapping in this place."""
        return _Place(_value_type(_members(self.annotation)))


@cache
def _places(model: type[Model]) -> dict[str, _Place]:
    return {name: _Place(info.annotation, tuple(info.metadata)) for name, info in model.model_fields.items()}


def _shown(path: YamlPath, value: Any, place: _Place) -> Iterator[tuple[YamlPath, str, Shown]]:
    if isinstance(value, Model):
        for below, text, shown in shown_texts(value):
            yield (*path, *below), text, shown
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _shown((*path, position), entry, place.element)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _shown((*path, key), entry, place.value)
    elif isinstance(value, str) and place.shown:
        yield path, value, place.shown


def _metadata(annotation: Any) -> Iterator[Any]:
    """Everything that ``Annotated`` says about an annotation or one of its alternatives."""
    if typing.get_origin(annotation) is Annotated:
        yield from annotation.__metadata__
        yield from _metadata(typing.get_args(annotation)[0])
    elif typing.get_origin(annotation) in (Union, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _metadata(part)


def problems_of(error: ValidationError, model: Any, source: YamlSource, base: YamlPath = ()) -> Iterator[Problem]:
    """Every error of one validation as problems with positions.

    ``model`` is what was validated against and ``base`` the path of the validated value in ``source``.
    """
    errors = error.errors(include_url=False)
    # A key that is missing because it is misspelled is one mistake, not two.
    misspelled = set()
    for details in errors:
        if details["type"] == "extra_forbidden":
            _, owner, _, _ = _resolve(details["loc"], model, value_at(source.value, base))
            misspelled.add(
                (*details["loc"][:-1], nearest(str(details["loc"][-1]), owner.model_fields if owner else ()))
            )
    for details in errors:
        if details["type"] != "missing" or details["loc"] not in misspelled:
            yield from _problems(details, model, source, base)


def paths_of(error: ValidationError, model: Any, source: YamlSource) -> Iterator[YamlPath]:
    """Where in ``source`` each error of a validation of its whole content is."""
    return (_resolve(details["loc"], model, source.value)[0] for details in error.errors(include_url=False))


def _problems(details: ErrorDetails, model: Any, source: YamlSource, base: YamlPath) -> Iterator[Problem]:
    path, owner, info, annotation = _resolve(details["loc"], model, value_at(source.value, base))
    path = base + path
    if source.is_reported(path):
        return
    error_type, context, got = details["type"], details.get("ctx", {}), details["input"]
    subject, name = describe(path, source)

    def problem(message: str, hint: str = "", at: YamlPath = path, *, at_key: bool = False) -> Problem:
        return source.problem(at, f"{subject}{message}", hint, at_key=at_key)

    if error_type == "author":
        yield from _author_problems(context["problems"], source, path)
    elif error_type == "extra_forbidden":
        key = str(path[-1])
        known = list(owner.model_fields) if owner else []
        invisible = unusual_characters(key)
        hint = did_you_mean(visible_form(key), known, f"known keys: {', '.join(known)}")
        if re.fullmatch("[0-9]+", key):
            hint = "a comma starts a new key here; write decimals with a point, and put text in quotes"
        inside = f", which contains an invisible character: {character_names(invisible)}" if invisible else ""
        yield problem(f"{_above(name)}unknown key '{excerpt(key)}'{inside}", hint, at_key=True)
    elif error_type == "missing":
        hint = (info.description or "") if info else ""
        yield problem(f"{name} is missing", hint, path[:-1])
    elif error_type in ("union_tag_not_found", "union_tag_invalid"):
        known = [tag for tag in map(_tag, _members(annotation)) if tag]
        written = got.get("type") if isinstance(got, dict) else None
        hint = did_you_mean(written if isinstance(written, str) else "", known, f"known types: {', '.join(known)}")
        if written is None:
            yield problem("'type' is missing", hint)
        elif isinstance(written, str):
            yield problem(f"unknown type '{written}'", hint, (*path, "type"))
        else:
            yield problem(f"'type' must be text (got {_got(written)})", hint, (*path, "type"))
    elif error_type == "too_short" and len(got) >= context["min_length"]:
        pass  # pydantic counts only the entries without errors, and those errors are reported anyway
    else:
        hint = (
            _TRAPS.get((error_type, str(got))) or ((info.description or "") if info else "") or _TOP_HINTS.get(path, "")
        )
        if error_type == "float_type" and isinstance(got, str):
            hint = _hint_on_number(got) or hint
        name = f"{name} " if name else ""
        yield problem(f"{name}{_rule(error_type, context)} (got {_got(got)})", hint)


def _hint_on_number(written: str) -> str:
    """What to write instead of a number that is written in another way than YAML's; "" if that is not known."""
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", written):
        return f"write it without commas: {written.replace(',', '')}"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", written):
        return f"write decimals with a point: {written.replace(',', '.')}"
    return "write it as a decimal, for example 0.333" if re.fullmatch(r"[+-]?[0-9]+ ?/ ?[0-9]+", written) else ""


def _author_problems(found: Iterable[AuthorProblem], source: YamlSource, path: YamlPath) -> Iterator[Problem]:
    for below, message, hint in found:
        where = (*path, *below)
        if not source.is_reported(where):
            subject, inner = describe(where, source)
            yield source.problem(where, f"{subject}{inner}{': ' if inner else ''}{message}", hint)


#: A value that an author wrote -> what to do, where the description of the key does not help.
_TRAPS = {
    ("bool_type", "true"): "write it without quotes",
    ("bool_type", "false"): "write it without quotes",
}

_TOP_HINTS: dict[YamlPath, str] = {(): "start with 'title:' and 'questions:'"}


def _rule(error_type: str, context: dict[str, Any]) -> str:
    """What pydantic's error ``error_type`` demands."""
    limits = {name: number_text(context[name]) for name in ("ge", "gt", "le") if name in context}
    rules = {
        "string_type": "must be text",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {context.get('max_length')} characters",
        "string_pattern_mismatch": "may contain only letters, digits and hyphens"
        if context.get("pattern") == _ID_PATTERN
        else "is not in the right format",
        "bool_type": "must be true or false",
        "float_type": "must be a number",
        "number_size": "must be a number between -1e100 and 1e100",
        "finite_number": "must be a finite number",
        "int_type": "must be a whole number",
        "greater_than_equal": f"must be >= {limits.get('ge')}",
        "greater_than": f"must be > {limits.get('gt')}",
        "less_than_equal": f"must be <= {limits.get('le')}",
        "tuple_type": "must be a list",
        "list_type": "must be a list",
        "dict_type": "must be a mapping ('key: value')",
        "model_type": "must be a mapping ('key: value')",
        "model_attributes_type": "must be a mapping ('key: value')",
        "literal_error": f"must be {context.get('expected')}",
        "too_short": f"must have at least {_entries(context.get('min_length'))}",
        "too_long": f"must have at most {_entries(context.get('max_length'))}",
    }
    return rules.get(error_type, f"is not valid: {error_type}")


def _entries(number: Any) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _got(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (WrittenInt, WrittenFloat)):
        return value.written
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}" if value else "an empty list"
    return f"'{excerpt(str(value), 40)}'"


#: What the entries of these lists are called; entries of other lists are called by the key of the list.
_ENTRY_NAMES = {
    "questions": "question",
    "claims": "claim",
    "omissions": "claim",
    "cautions": "claim",
    "sources": "source",
    "options": "option",
    "items": "item",
    "sections": "section",
}


def describe(path: YamlPath, source: YamlSource) -> tuple[str, str]:
    """(subject, name): which question or claim ``path`` is in, and what it is called within that."""
    if len(path) >= 2 and path[0] in _ENTRY_NAMES and isinstance(path[1], int):
        entry = value_at(source.value, path[:2])
        called = _ENTRY_NAMES[str(path[0])]
        entry_id = as_written(entry.get("id")) if isinstance(entry, dict) else None
        file = as_written(entry.get("from")) if isinstance(entry, dict) and path[0] == "questions" else None
        if isinstance(file, str):
            return f"questions from '{excerpt(file)}': ", _inner_name(path[2:])
        number = source.numbers.get(path[1], path[1]) if path[0] == "questions" else path[1]
        title = f"'{entry_id}'" if isinstance(entry_id, str) else str(number + 1)
        entry_type = entry.get("type") if isinstance(entry, dict) else None
        suffix = f" ({entry_type})" if isinstance(entry_type, str) else ""
        return f"{called} {title}{suffix}: ", _inner_name(path[2:])
    return "", _inner_name(path) or "the file"


def _inner_name(path: YamlPath) -> str:
    """``("options", 1, "text")`` -> ``option 2: 'text'``."""
    parts: list[str] = []
    position = 0
    while position < len(path):
        step = path[position]
        following = path[position + 1] if position + 1 < len(path) else None
        if isinstance(step, str) and isinstance(following, int):
            parts.append(f"{_ENTRY_NAMES.get(step, f'{step!r} entry')} {following + 1}")
            position += 2
        else:
            parts.append(f"'{step}'")
            position += 1
    return ": ".join(parts)


def _above(name: str) -> str:
    """``option 2: 'txt'`` -> ``option 2: ``."""
    head, separator, _ = name.rpartition(": ")
    return head + separator


def value_at(value: Any, path: YamlPath) -> Any:
    """The author's value under ``path``, or None."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _resolve(
    loc: tuple[int | str, ...], model: Any, value: Any
) -> tuple[YamlPath, type[BaseModel] | None, FieldInfo | None, Any]:
    """pydantic's location -> (path in the file, model that owns its last step, that step's field and annotation).

    pydantic puts the tag of a union member into the location; the file has no such step.
    """
    path: list[str | int] = []
    owner: type[BaseModel] | None = None
    info: FieldInfo | None = None
    annotation = model
    for step in loc:
        members = _members(annotation)
        chosen = next((member for member in members if _tag(member) == step), None)
        if chosen is not None and len(members) > 1 and isinstance(step, str):
            annotation = chosen
            continue
        info = None
        if isinstance(step, str):
            owner = next((m for m in members if isinstance(m, type) and issubclass(m, BaseModel)), None)
            if owner is not None:
                info = owner.model_fields.get(step)
                annotation = info.annotation if info else None
            elif not isinstance(value, dict):
                continue
            else:
                annotation = _value_type(members)
        else:
            annotation = _element(annotation)
        path.append(step)
        value = value_at(value, (step,))
    return tuple(path), owner, info, annotation


def _members(annotation: Any) -> list[Any]:
    """The alternatives of an annotation, without ``Annotated`` and ``None``."""
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return [m for part in typing.get_args(annotation) for m in _members(part) if m is not type(None)]
    return [annotation]


def _value_type(members: list[Any]) -> Any:
    """The type of the values of a mapping, if one of ``members`` is a mapping."""
    for member in members:
        if typing.get_origin(member) is dict:
            return typing.get_args(member)[1]
    return None


def _element(annotation: Any) -> Any:
    for member in _members(annotation):
        arguments = typing.get_args(member)
        if typing.get_origin(member) in (tuple, list) and arguments:
            return arguments[0]
    return None


def _tag(annotation: Any) -> str | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and "type" in annotation.model_fields:
        literal = typing.get_args(annotation.model_fields["type"].annotation)
        return str(literal[0]) if literal else None
    return None
