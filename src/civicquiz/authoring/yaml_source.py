"""YAML text -> plain values and the position of every one of them.

The rules are stricter than YAML's own, because a quiz is written by people who should not have to know YAML's traps:

* only ``true``/``false``, ``null``, integers, floats and strings exist: ``no``, ``12:30``, ``1776-07-04`` and ``1_000``
  stay the strings that were written;
* a key may appear only once in a mapping;
* anchors, aliases and tags are refused, and file size and nesting depth are bounded, so that no file can keep the
  reader busy for long.

The values are built from the parser's event stream in one loop without recursion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from civicquiz.authoring.normal_form import character_names, unusual_characters
from civicquiz.authoring.text_files import TextFileError, line_and_column, read_utf8
from civicquiz.authoring.wording import excerpt
from civicquiz.errors import Problem, QuizError, display_path

__all__ = [
    "CONTROL",
    "LOADER",
    "MAX_BYTES",
    "MAX_DEPTH",
    "Position",
    "WrittenFloat",
    "WrittenInt",
    "YamlSource",
    "parse",
    "read",
    "read_text",
]

MAX_BYTES = 500_000
MAX_DEPTH = 20
#: The most entries of one list or mapping, and the most values in a file: more than any quiz needs, and few enough that
#: nothing in a file can take long to check.
MAX_ENTRIES = 2_000
MAX_VALUES = 30_000

#: libyaml's parser: about eight times as fast as the pure Python one; every wheel of PyYAML has it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YamlPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Position:
    """Where something is in a file; both numbers count from 1.

    ``file`` is the file if that is not the one of the source that has the position.
    """

    line: int
    column: int
    file: Path | None = None


class WrittenInt(int):
    """An integer that remembers how it was written, for keys that take text (``text: 1798``)."""

    written: str


class WrittenFloat(float):
    """A float that remembers how it was written."""

    written: str


@dataclass
class YamlSource:
    """The values of one YAML file.

    ``positions`` has the position of every value and ``key_positions`` that of every key, both by the path to the
    value: ``("questions", 0, "prompt")``.
    """

    path: str
    value: Any = None
    positions: dict[YamlPath, Position] = field(default_factory=dict)
    key_positions: dict[YamlPath, Position] = field(default_factory=dict)
    #: the file that was read; None for a text
    file: Path | None = None
    #: the values whose problems are told already
    reported: set[YamlPath] = field(default_factory=set)
    #: position of a question -> its position in its own file, where the two differ
    numbers: dict[int, int] = field(default_factory=dict)

    def problem(self, path: YamlPath, message: str, hint: str = "", *, at_key: bool = False) -> Problem:
        """A problem with the value under ``path``; if the file has no such value, with the nearest one around it."""
        question = self._question(path)
        position = self.key_positions.get(path) if at_key else None
        position = position or self.nearest(path)
        shown = display_path(position.file) if position.file else self.path
        return Problem(shown, position.line, position.column, message, hint, question=question)

    def nearest(self, path: YamlPath) -> Position:
        """The position of the value under ``path``; if the file has no such value, of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return Position(1, 1)

    def is_reported(self, path: YamlPath) -> bool:
        """Whether the problems of the value under ``path`` are told already."""
        return any(path[:length] in self.reported for length in range(1, len(path) + 1))

    def line_of(self, path: YamlPath) -> str:
        """Where the value under ``path`` is, as a person would write it: ``bank/law.yml:14``."""
        found = self.problem(path, "")
        return f"{found.path}:{found.line}"

    def adopt(self, other: YamlSource, there: YamlPath, here: YamlPath) -> None:
        """Note that what is under ``here`` is from ``other``, where its path, which has two steps, is ``there``."""
        file = other.file if other.file != self.file else None
        for ours, theirs in ((self.positions, other.positions), (self.key_positions, other.key_positions)):
            for path in other._below[there]:
                if path in theirs:
                    position = theirs[path]
                    ours[(*here, *path[2:])] = replace(position, file=position.file or file)

    def without_entries(self, key: str) -> YamlSource:
        """A copy in which the list ``key`` at the top of the file is empty, for entries to be put into it."""
        copy = YamlSource(self.path, {**self.value, key: []}, file=self.file)
        for ours, theirs in ((copy.positions, self.positions), (copy.key_positions, self.key_positions)):
            ours |= {path: position for path, position in theirs.items() if path[:1] != (key,) or not path[1:]}
        return copy

    @cached_property
    def _below(self) -> dict[YamlPath, list[YamlPath]]:
        """Path of an entry of a list or mapping at the top of the file -> the paths of everything in it."""
        found: dict[YamlPath, list[YamlPath]] = defaultdict(list)
        for path in self.positions.keys() | self.key_positions.keys():
            if len(path) >= 2:
                found[path[:2]].append(path)
        return found

    def _question(self, path: YamlPath) -> str:
        """The id of the question that ``path`` leads into, or ""."""
        try:
            written = self.value["questions"][path[1]]["id"] if path[:1] == ("questions",) else ""
        except (IndexError, KeyError, TypeError):  # it leads to no question, or to one without an id
            return ""
        if isinstance(written, (WrittenInt, WrittenFloat)):
            return written.written
        return written.strip() if isinstance(written, str) else ""


def read(path: str | Path) -> YamlSource:
    """Read a YAML file.

    Raises:
        QuizError: the file is missing, too large, not UTF-8 or not YAML by the rules above.
    """
    source = parse(read_text(path), display_path(path))
    file = Path(path).absolute()
    # Paths in it start at its folder, so that has to have one name.
    source.file = file.parent.resolve() / file.name if ".." in file.parts else file
    return source


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
        for event in yaml.parse(text, Loader=LOADER):
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
        # One entry per open collection: the collection and its path; in a mapping, also the key that is waiting for its
        # value, and the positions of the keys. (source.key_positions is no substitute: if a key appears twice, the
        # mappings under it have the same paths.)
        self.stack: list[tuple[dict[str, Any] | list[Any], YamlPath]] = []
        self.keys: list[str | None] = []
        self.seen: list[dict[str, Position]] = []

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._fatal(event, "a second document starts here ('---')", "put each quiz in its own file")
            return
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            character = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"YAML anchors and aliases are not allowed (got '{character}{excerpt(event.anchor)}')"
            self._fatal(event, message, f"put text that starts with {character} in quotes")
        if getattr(event, "tag", None) and event.tag != "!":
            message = f"YAML tags are not allowed (got '{excerpt(event.tag)}')"
            self._fatal(event, message, "put text that starts with ! in quotes")
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
            self._fatal(
                event,
                f"nested more than {MAX_DEPTH} levels deep",
                "a quiz needs no more than six levels; check the indentation",
            )
        if self.stack and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None:
            self._fatal(event, "a key must be plain text", "write 'key: value'")
        path = self._add(collection, event)
        self.stack.append((collection, path))
        self.keys.append(None)
        self.seen.append({})

    def _scalar(self, event: Any) -> None:
        if found := CONTROL.search(event.value):  # from an escape; a raw one is not YAML
            position = _position(event)
            hint = "delete it; or put text that contains backslashes in single quotes"
            message = f"the text contains a control character: {character_names([found[0]])}"
            self.problems.append(Problem(self.source.path, position.line, position.column, message, hint))
        if self.stack and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None:
            path = self.stack[-1][1]
            key = event.value
            position = _position(event)
            first = self.seen[-1].setdefault(key, position)
            if first is not position:
                message = f"key '{excerpt(key, 40)}' appears twice in one mapping (first on line {first.line})"
                self.problems.append(
                    Problem(self.source.path, position.line, position.column, message, "keep one of the two")
                )
                if len(self.problems) > MAX_ENTRIES:
                    raise QuizError(self.problems)
            self.source.key_positions.setdefault((*path, key), position)
            self.keys[-1] = key
            return
        self._add(_plain_value(event.value) if event.implicit[0] else event.value, event)

    def _add(self, value: Any, event: Any) -> YamlPath:
        if not self.stack:
            path: YamlPath = ()
            self.source.value = value
        else:
            parent, parent_path = self.stack[-1]
            if len(parent) >= MAX_ENTRIES:
                message = f"a list or mapping with more than {MAX_ENTRIES:,} entries"
                self._fatal(event, message, "split the file")
            if len(self.source.positions) >= MAX_VALUES:
                self._fatal(event, f"the file has more than {MAX_VALUES:,} values", "split it")
            if isinstance(parent, dict):
                key = self.keys[-1]
                assert key is not None
                path = (*parent_path, key)
                parent.setdefault(key, value)
                self.keys[-1] = None
            else:
                path = (*parent_path, len(parent))
                parent.append(value)
        self.source.positions.setdefault(path, _position(event))
        return path

    def _fatal(self, event: Any, message: str, hint: str) -> None:
        position = _position(event)
        self.problems.append(Problem(self.source.path, position.line, position.column, message, hint))
        raise QuizError(self.problems)


#: Control characters, but for tabs and line ends, and characters that are none.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
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


def _position(event: Any) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


_BAD_START = "text cannot start with this character"
_BAD_ESCAPE = "in double quotes, this backslash means something else"

#: (part of libyaml's message, what to tell an author, what to do about it)
_EXPLAINED = (
    (
        "mapping values are not allowed",
        "there is a ': ' where there cannot be a key",
        "put text that contains ': ' in quotes, or check the indentation",
    ),
    ("cannot start any token", _BAD_START, "put text that starts with @ ` % or ! in quotes"),
    ("alphabetic or numeric", _BAD_START, "put text that starts with * or & in quotes"),
    ("hexdecimal", _BAD_ESCAPE, "put text that contains backslashes in single quotes"),
    ("escape", _BAD_ESCAPE, "put text that contains backslashes in single quotes"),
    ("unexpected end of stream", "a quotation mark opens here and is never closed", "close it"),
    ("expected ',' or", "a bracket or brace opens here and is never closed", "close it, or add the missing comma"),
    ("could not find expected ':'", "this line has no ': '", "write 'key: value'"),
    ("did not find expected", "", "check the indentation and the quotation marks, here and in the lines above"),
    ("control characters", "there is a control character", "delete the invisible character"),
)

#: libyaml notices these errors only at their end; its context says where they began.
_BEGAN_EARLIER = ("alias", "anchor", "flow", "simple key", "quoted scalar")


def _syntax_problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """A parser error as a problem with a hint."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    mark = getattr(error, "problem_mark", None)
    if any(part in (getattr(error, "context", None) or "") for part in _BEGAN_EARLIER):
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        # Errors of the reader have an offset in bytes instead.
        before = text.encode()[: getattr(error, "position", 0)].decode(errors="ignore")
        line, column = line_and_column(before)
    else:
        line, column = mark.line + 1, mark.column + 1
    lines = text.split("\n")
    # A tab in the indentation surfaces as one of these, at the tab or at the token before or after it.
    suspect = any(part in problem for part in ("cannot start any token", "tab character", "expected"))
    for number in (line, line - 1, line + 1) if suspect else ():
        if 1 <= number <= len(lines):
            indent = re.match(r"[ \t]*", lines[number - 1])
            if indent and "\t" in indent.group():
                tab = indent.group().index("\t") + 1
                return Problem(path, number, tab, "this line is indented with a tab", "use two spaces for each level")
    for number in (line, line - 1) if mark is not None else ():
        # In the key, or instead of the space after it; in a text such a character can be intended.
        start = re.findall("^[^:]*:?.?", lines[number - 1])[0] if 1 <= number <= len(lines) else ""
        if invisible := unusual_characters(start):
            message = f"not valid YAML: this line contains an invisible character: {character_names(invisible)}"
            return Problem(path, number, lines[number - 1].index(invisible[0]) + 1, message, "type the line again")
    for part, message, hint in _EXPLAINED:
        if part in problem:
            return Problem(path, line, column, f"not valid YAML: {message or problem}", hint)
    return Problem(path, line, column, f"not valid YAML: {problem}")
