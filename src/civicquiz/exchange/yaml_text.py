"""Plain values -> YAML as a person would write it, in the layout of ``civicquiz format``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["quiz_text"]

#: A text that needs no quotation marks: it starts with a letter, and nothing in it means something in YAML.
_PLAIN = re.compile(r"[^\W\d_](?:[^:#\n]|:(?=[^\s])|(?<=\S)#)*")
#: Words that mean more than a text to some programs that read YAML.
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"))
#: Keys whose values are short words: written on one line, in brackets.
_ON_ONE_LINE = frozenset(("tags", "objectives", "cites", "shuffle", "ignore", "values", "units", "ids"))


def quiz_text(
    title: str, settings: Mapping[str, Any], questions: Iterable[tuple[Mapping[str, Any], Sequence[str]]]
) -> str:
    """The text of a quiz file.

    Args:
        title: the title of the quiz.
        settings: its other keys, apart from ``questions``.
        questions: the values of each question, and the comments to put above it.
    """
    lines = _entries({"title": title, **settings}, 0)
    lines.append("questions:")
    for number, (values, comments) in enumerate(questions):
        if number:
            lines.append("")
        lines += [f"  # {' '.join(comment.split())}" for comment in comments]
        first = {key: values[key] for key in ("id", "type") if key in values}
        lines += _dashed(_entries({**first, **values}, 4), 2)
    return "\n".join(lines) + "\n"


def _entries(values: Mapping[str, Any], indent: int) -> list[str]:
    """The lines of a mapping."""
    lines = []
    for key, value in values.items():
        start = f"{' ' * indent}{_scalar(key) if isinstance(key, str) else key}:"
        if isinstance(value, Mapping) and value:
            lines += [start, *_entries(value, indent + 2)]
        elif isinstance(value, (list, tuple)) and value:
            if key in _ON_ONE_LINE and all(isinstance(part, (str, int, float)) for part in value):
                lines.append(f"{start} [{', '.join(_in_brackets(part) for part in value)}]")
            else:
                lines += [start, *_list(value, indent + 2)]
        else:
            lines += _value(start, value, indent)
    return lines


def _list(values: Sequence[Any], indent: int) -> list[str]:
    lines = []
    for value in values:
        if isinstance(value, Mapping) and value:
            lines += _dashed(_entries(value, indent + 2), indent)
        elif isinstance(value, (list, tuple)) and value:
            lines += _dashed(_list(value, indent + 2), indent)
        else:
            lines += _value(f"{' ' * indent}-", value, indent)
    return lines


def _dashed(lines: list[str], indent: int) -> list[str]:
    """The lines of a mapping, with a dash before the first."""
    return [f"{' ' * indent}- {lines[0][indent + 2 :]}", *lines[1:]]


def _value(start: str, value: Any, indent: int) -> list[str]:
    """The lines of a single value after ``start``."""
    if isinstance(value, str) and _fits_below_bar(value):
        return [f"{start} |", *(f"{' ' * (indent + 2)}{line}" if line else "" for line in value.split("\n"))]
    return [f"{start} {_scalar(value)}"]


def _fits_below_bar(text: str) -> bool:
    """Whether a text of several lines can be written below ``|`` without a change."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and lines[0][:1] not in ("", " ", "\t")
        and bool(lines[-1])
        and all(line == line.rstrip() and (line.isprintable() or not line) for line in lines)
    )


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if not isinstance(value, str):
        return str(value)
    if not value or not value.isprintable():
        return f'"{"".join(map(_escaped, value))}"'
    if value == value.strip() and value.lower() not in _WORDS and _PLAIN.fullmatch(value):
        return value
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def _escaped(sign: str) -> str:
    """A character between double quotes."""
    if sign.isprintable() and sign not in '"\\':
        return sign
    code = ord(sign)
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}.get(sign)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def _in_brackets(value: Any) -> str:
    text = _scalar(value)
    return f'"{text}"' if isinstance(value, str) and re.search(r"[,\[\]{}]", text) and text == value else text
