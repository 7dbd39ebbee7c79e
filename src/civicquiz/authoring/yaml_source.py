"""YAML text -> plain values and the position of every one of them.

The rules are stricter than YAML's own, because a quiz is written by people who should not have to know YAML's traps:

* only ``true``/``false``, ``null``, integers, floats and strings exist: ``no``, ``12:30``, ``1776-07-04`` and ``1_000``
  stay the strings that were written;
* a key may stand only once in a mapping;
* anchors, aliases and tags are refused, and file size and nesting depth are bounded, so no file can make the reader
  work for long.

The values are built from the parser's event stream in one loop without recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from civicquiz.authoring.text_files import TextFileError, line_and_column, read_utf8
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import Problem, QuizError, display_path

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Mark", "WrittenFloat", "WrittenInt", "YamlSource", "parse", "read", "read_text"]

MAX_BYTES = 500_000
MAX_DEPTH = 20

#: libyaml's parser: about eight times as fast as the pure Python one; every wheel of PyYAML has it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YamlPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Mark:
    """A place in a file; both numbers count from 1."""

    line: int
    column: int


class WrittenInt(int):
    """An integer that remembers how it was written, for the places where a text is wanted (``text: 1798``)."""

    written: str


class WrittenFloat(float):
    """A float that remembers how it was written."""

    written: str


@dataclass
class YamlSource:
    """The values of one YAML file.

    ``marks`` holds the position of every value and ``key_marks`` the position of every key, both under the path that
    leads to the value: ``("questions", 0, "prompt")``.
    """

    path: str
    value: Any = None
    marks: dict[YamlPath, Mark] = field(default_factory=dict)
    key_marks: dict[YamlPath, Mark] = field(default_factory=dict)

    def problem(self, path: YamlPath, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """A problem at the value under ``path``, or at its nearest enclosing value that stands in the file."""
        mark = self.key_marks.get(path) if at_key else None
        while mark is None:
            mark = self.marks.get(path)
            if not path:
                break
            path = path[:-1]
        mark = mark or Mark(1, 1)
        return Problem(self.path, mark.line, mark.column, message, hint)


def read(path: str | Path) -> YamlSource:
    """Read a YAML file.

    Raises:
        QuizError: the file is missing, too large, not UTF-8 or not YAML by the rules above.
    """
    return parse(read_text(path), display_path(path))


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises:
        QuizError: the file is missing, too large or not UTF-8.
    """
    try:
        return read_utf8(path, MAX_BYTES)
    except TextFileError as error:
        problem = Problem(display_path(path), error.line, error.column, f"the file {error}", error.hint)
        raise QuizError([problem]) from None


def parse(text: str, path: str = "<text>") -> YamlSource:
    """Parse YAML ``text``; ``path`` is the name to use in problems.

    Raises:
        QuizError: every duplicate key, or the first thing that makes the rest unreadable.
    """
    source = YamlSource(path)
    builder = _Builder(source)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise QuizError([*builder.problems, _syntax_problem(error, text, path)]) from None
    if not builder.documents:
        raise QuizError([Problem(path, 1, 1, "the file is empty", "start with 'title:' and 'questions:'")])
    if builder.problems:
        raise QuizError(builder.problems)
    return source


class _Builder:
    """Turns parser events into values; its stack holds the open collections."""

    def __init__(self, source: YamlSource) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.documents = 0
        # One entry per open collection: the collection, its path, in a mapping the key that waits for its value, and
        # where the keys of the mapping stand. (source.key_marks does not do: a second mapping under a key that stands
        # twice has the same paths as the first one.)
        self.stack: list[tuple[dict[str, Any] | list[Any], YamlPath]] = []
        self.keys: list[str | None] = []
        self.seen: list[dict[str, Mark]] = []

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._fatal(event, "a second document starts here ('---')", "keep one quiz in a file")
            return
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._fatal(
                event,
                f"YAML's anchors and aliases are not allowed (got '{sign}{event.anchor}')",
                f"put a text that starts with {sign} in quotes",
            )
        if getattr(event, "tag", None) and event.tag != "!":
            message = f"YAML's tags are not allowed (got '{event.tag}')"
            self._fatal(event, message, "put a text that starts with ! in quotes")
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
            self.keys.pop()
            self.seen.pop()
        elif isinstance(event, yaml.MappingStartEvent):
            self._open({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)

    def _open(self, collection: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._fatal(event, f"nested more than {MAX_DEPTH} levels deep", "a quiz needs no more than six levels")
        if self.stack and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None:
            self._fatal(event, "a key must be a plain word", "write 'key: value'")
        path = self._add(collection, event)
        self.stack.append((collection, path))
        self.keys.append(None)
        self.seen.append({})

    def _scalar(self, event: Any) -> None:
        if self.stack and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None:
            path = self.stack[-1][1]
            key = event.value
            mark = _mark(event)
            known = self.seen[-1].setdefault(key, mark)
            if known is not mark:
                message = f"key '{excerpt(key, 40)}' stands twice in one mapping (first on line {known.line})"
                self.problems.append(Problem(self.source.path, mark.line, mark.column, message, "keep one of the two"))
            self.source.key_marks.setdefault((*path, key), mark)
            self.keys[-1] = key
            return
        self._add(_plain_value(event.value) if event.implicit[0] else event.value, event)

    def _add(self, value: Any, event: Any) -> YamlPath:
        if not self.stack:
            path: YamlPath = ()
            self.source.value = value
        else:
            parent, parent_path = self.stack[-1]
            if isinstance(parent, dict):
                key = self.keys[-1]
                assert key is not None
                path = (*parent_path, key)
                parent.setdefault(key, value)
                self.keys[-1] = None
            else:
                path = (*parent_path, len(parent))
                parent.append(value)
        self.source.marks.setdefault(path, _mark(event))
        return path

    def _fatal(self, event: Any, message: str, hint: str) -> None:
        mark = _mark(event)
        self.problems.append(Problem(self.source.path, mark.line, mark.column, message, hint))
        raise QuizError(self.problems)


_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,40}|(?:0|[1-9][0-9]{0,17})\.?)(?:[eE][-+]?[0-9]{1,3})?")


def _plain_value(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in ("", "null", "~"):
        return None
    if text == "true":
        return True
    if text == "false":
        return False
    if text[0] in "+-.0123456789":
        if _INTEGER.fullmatch(text):
            integer = WrittenInt(text)
            integer.written = text
            return integer
        if _FLOAT.fullmatch(text):
            number = WrittenFloat(text)
            number.written = text
            return number
    return text


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


#: What libyaml says -> what to tell an author, and what can be done about it.
_EXPLAINED = (
    (
        "mapping values are not allowed",
        "a ': ' where no key can stand",
        "put a text that contains ': ' in quotes, or check the indentation",
    ),
    ("cannot start any token", "a sign that cannot start a text", "put a text that starts with @ ` % or ! in quotes"),
    ("alphabetic or numeric", "a sign that cannot start a text", "put a text that starts with * or & in quotes"),
    ("hexdecimal", "a backslash that means something else", "use single quotes around a text with backslashes"),
    ("escape", "a backslash that means something else", "use single quotes around a text with backslashes"),
    ("unexpected end of stream", "a quote is opened here and never closed", "close it"),
    ("expected ',' or", "a bracket or brace is opened here and not closed", "close it, or put a missing comma"),
    ("could not find expected ':'", "this line has no ': '", "write 'key: value'"),
    ("did not find expected", "", "check the indentation and the quotes, here and in the lines above"),
    ("control characters", "a control character", "delete the invisible character"),
)

#: Errors that libyaml notices only where the thing that went wrong ends; its context says where that began.
_BEGAN_EARLIER = ("alias", "anchor", "flow", "simple key", "quoted scalar")


def _syntax_problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """A parser error as a problem with a hint."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    mark = getattr(error, "problem_mark", None)
    if any(sign in (getattr(error, "context", None) or "") for sign in _BEGAN_EARLIER):
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        # The reader's errors have a position instead, in bytes.
        before = text.encode()[: getattr(error, "position", 0)].decode(errors="ignore")
        line, column = line_and_column(before)
    else:
        line, column = mark.line + 1, mark.column + 1
    lines = text.split("\n")
    # A tab in the indentation surfaces as one of these, at the tab or at the token before or after it.
    suspect = any(sign in problem for sign in ("cannot start any token", "tab character", "expected"))
    for number in (line, line - 1, line + 1) if suspect else ():
        if 1 <= number <= len(lines):
            indent = re.match(r"[ \t]*", lines[number - 1])
            if indent and "\t" in indent.group():
                at = indent.group().index("\t") + 1
                return Problem(path, number, at, "a tab is used for indentation", "indent with two spaces a level")
    for sign, message, hint in _EXPLAINED:
        if sign in problem:
            return Problem(path, line, column, f"not valid YAML: {message or problem}", hint)
    return Problem(path, line, column, f"not valid YAML: {problem}")
