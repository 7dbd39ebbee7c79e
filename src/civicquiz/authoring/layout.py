"""YAML text -> the same YAML in one layout: every comment, every text and every value stays as it is.

The parser says where every value is. A value itself is copied, so that no text is ever wrapped; what is around it is
written anew: indentation, spaces, blank lines, and quotation marks that make no difference. In the end the result is
read again, and has to have the same values and the same comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from civicquiz.authoring.yaml_source import LOADER, WrittenFloat, WrittenInt, parse
from civicquiz.errors import QuizError

__all__ = ["laid_out"]

_STEP = 2
#: The keys that a quiz and a question begin with, and those that they end with; the others stay in their order.
_FIRST = {"quiz": ("title",), "question": ("id", "type")}
_LAST = {"quiz": ("questions",), "question": ()}
#: Words that mean more than a text to some programs that read YAML.
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n", "inf", "nan"))


def laid_out(text: str, path: str = "<text>") -> str:
    """The YAML ``text`` in the layout of ``civicquiz format``; ``path`` is the name to use in problems.

    Raises:
        QuizError: it is not YAML by the rules of ``yaml_source``, or it cannot be laid out without a change of what it
            says.
    """
    before = parse(text, path)
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    said = _said(unified)
    # A few texts below '|' are different ones in another place: one that keeps blank lines, or ends with the file.
    for reorders in (True, False):
        result = _Writer(unified, reorders=reorders).written()
        try:
            if _said(result) == said:
                return result.replace("\n", "\r\n") if "\r\n" in text else result
        except QuizError:
            continue
    message = "the layout of this file cannot be changed without a change of what it says, so it stays as it is"
    raise QuizError([before.problem((), message, "write it as the docs do")])


def _said(text: str) -> tuple[str, list[str]]:
    """What must not change: the values, with keys in any order, and the comments between them."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [plain(entry) for entry in value]
        return {"written": value.written} if isinstance(value, (WrittenInt, WrittenFloat)) else value

    values = json.dumps(plain(parse(text).value), sort_keys=True)
    leaves = list(_leaves(_tree(text)))
    ends = [*(leaf.start for leaf in leaves), len(text)]
    gaps = [_Gap(text, leaf.end, end) for leaf, end in zip([_Node(0, 0, 0), *leaves], ends, strict=True)]
    return values, [remark.text for gap in gaps for remark in gap.remarks]


# ---- What is where ----


@dataclass
class _Node:
    """A value, or a key: its text is from ``start`` to before ``end``.

    A block mapping has ``entries`` (key, value), a block list (None, value). Anything else is a leaf, which is copied.
    """

    start: int
    end: int
    column: int
    style: str = ""
    value: str = ""
    is_leaf: bool = True
    entries: list[tuple[_Node | None, _Node]] = field(default_factory=list)
    #: up to where the text before a leaf has been dealt with
    reached: int = 0

    @property
    def is_block_text(self) -> bool:
        return self.style in ("|", ">")


def _tree(text: str) -> _Node:
    """The values of a text that can be parsed."""
    root = _Node(0, 0, 0)
    stack: list[tuple[_Node, list[_Node]]] = [(root, [])]
    brackets = 0  # how many collections in brackets are open
    events: Iterable[Any] = yaml.parse(text, Loader=LOADER)
    for event in events:
        start, end = event.start_mark, event.end_mark
        node: _Node | None = None
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            brackets += bool(brackets or event.flow_style)
            if brackets <= 1:
                stack.append((_Node(start.index, 0, start.column), []))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            if brackets <= 1:
                node, children = stack.pop()
                node.end = end.index
                if not brackets:
                    is_list = isinstance(event, yaml.SequenceEndEvent)
                    keys: Sequence[_Node | None] = [None] * len(children) if is_list else children[::2]
                    node.is_leaf = False
                    node.entries = list(zip(keys, children if is_list else children[1::2], strict=True))
            brackets -= bool(brackets)
        elif isinstance(event, yaml.ScalarEvent) and not brackets:
            node = _Node(start.index, end.index, start.column, event.style or "", event.value)
            if node.is_block_text:
                node.end -= len(text[node.start : node.end]) - len(_without_blank_end(text[node.start : node.end]))
        if node is not None:
            stack[-1][1].append(node)
    return stack[0][1][0]


def _without_blank_end(block: str) -> str:
    """A text below ``|`` or ``>`` without the line end, and the blank lines after it that do not belong to it."""
    header, *lines = block.split("\n")
    if "+" in header.split("#")[0]:
        return block[:-1] if lines and not lines[-1] else block
    indent = _indent_of(lines)
    while lines and not lines[-1].strip(" ") and len(lines[-1]) <= indent:
        lines.pop()
    return "\n".join((header, *lines))


def _indent_of(lines: Sequence[str]) -> int:
    """The indentation of the first line with a text."""
    return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)


def _leaves(node: _Node) -> Iterator[_Node]:
    """The leaves of a node in the order of the text."""
    if node.is_leaf:
        yield node
    for key, value in node.entries:
        if key is not None:
            yield key
        yield from _leaves(value)


@dataclass
class _Remark:
    """A comment.

    ``alone`` says whether nothing else is on its line, ``apart`` whether there is a blank line before it.
    """

    text: str
    column: int
    alone: bool
    apart: bool


class _Gap:
    """What is between two leaves besides punctuation: comments and blank lines."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.remarks: list[_Remark] = []
        #: whether there is a blank line after the last comment
        self.apart = False
        alone = start == 0 or text[start - 1] == "\n"
        position = start
        while position < end:
            sign = text[position]
            if sign == "#":
                stop = text.find("\n", position)
                column = position - text.rfind("\n", 0, position) - 1
                comment = text[position : stop if stop >= 0 else len(text)]
                self.remarks.append(_Remark(comment.rstrip(), column, alone, self.apart))
                self.apart = False
                position += len(comment)
                alone = False
                continue
            if sign == "\n":
                self.apart = self.apart or alone
            alone = sign == "\n" or (alone and sign in " \t")
            position += 1


# ---- Writing ----


@dataclass(frozen=True)
class _Level:
    """A block mapping or list that is being written: the columns of its entries in the text and in the result."""

    column: int
    indent: int


class _Writer:
    """Writes the values of a text, and the comments between them where they belong."""

    def __init__(self, text: str, *, reorders: bool) -> None:
        self.text = text
        self.reorders = reorders
        self.root = _tree(text)
        self.lines: list[str] = []
        self.levels: list[_Level] = []
        #: the levels of what was written last, where a comment after it can belong
        self.last_levels: list[_Level] = []
        #: whether the last value ends in blank lines of its own
        self.keeps_blank_lines = False
        reached = 0
        for leaf in _leaves(self.root):
            leaf.reached, reached = reached, leaf.end

    def written(self) -> str:
        if self.root.is_leaf:
            self.levels = self.last_levels = [_Level(0, 0)]
            self.comments(_Gap(self.text, 0, self.root.start), 0, is_first=True)
            self.lines += self.copied(self.root, _Level(0, -_STEP))
        else:
            self.block(self.root, 0, "quiz")
        self.levels = self.last_levels[:1]
        *_, last = _leaves(self.root)
        self.comments(_Gap(self.text, last.end, len(self.text)), 0, is_last=True)
        # A text below '|' that ends with the file has no line end, and must not get one.
        has_no_line_end = last.is_block_text and last.end == len(self.text)
        return "\n".join(self.lines) + ("" if has_no_line_end else "\n")

    def block(self, node: _Node, indent: int, called: str = "", *, is_beside: bool = False) -> None:
        """Write a block mapping or list, of which the first entry may be beside a dash."""
        level = _Level(node.column, indent)
        self.levels.append(level)
        for number, (key, value) in enumerate(self.in_order(node, called)):
            leaf = key or next(_leaves(value))
            at = leaf.start if key else self.dash_before(leaf)
            gap = self.gap_before(leaf, at)
            is_beside = is_beside and not number and not gap.remarks
            if not is_beside:
                self.comments(gap, indent, is_first=not number, needs_blank=called == "questions" and number > 0)
            self.begin(" " * indent, self.text[key.start : key.end] + ":" if key else "-", is_beside=is_beside)
            self.value(value, level, _called(called, key), is_list=key is None)
        self.levels.pop()

    def value(self, value: _Node, level: _Level, called: str, *, is_list: bool) -> None:
        """Write the value after a key or a dash."""
        inside = level.indent + _STEP
        if not value.is_leaf and not is_list:
            self.block(value, inside, called)
            return
        leaf = next(_leaves(value))
        gap = self.gap_before(leaf, leaf.start if value.is_leaf or value.entries[0][0] else self.dash_before(leaf, 0))
        if gap.remarks:
            self.comments(gap, inside, is_first=True)
        if not value.is_leaf:
            self.block(value, inside, called, is_beside=not gap.remarks)
        elif value.start < value.end:
            first, *more = self.copied(value, level)
            self.begin(" " * inside, first, is_beside=not gap.remarks)
            self.lines += more
            self.keeps_blank_lines = value.is_block_text and "+" in first.split("#")[0]

    def in_order(self, node: _Node, called: str) -> list[tuple[_Node | None, _Node]]:
        """The entries of a block, in the order of the docs unless there are comments among them."""
        first, last = _FIRST.get(called, ()), _LAST.get(called, ())

        def rank(entry: tuple[_Node | None, _Node]) -> int:
            name = entry[0].value if entry[0] else ""
            return first.index(name) - len(first) if name in first else 1 + last.index(name) if name in last else 0

        entries = sorted(node.entries, key=rank)
        if entries == node.entries or not self.reorders:
            return node.entries
        leaves = list(_leaves(node))
        after = self.text.find("\n", leaves[-1].end)
        ends = [*(leaf.start for leaf in leaves[1:]), after if after >= 0 else len(self.text)]
        if any(_Gap(self.text, leaf.end, end).remarks for leaf, end in zip(leaves, ends, strict=True)):
            return node.entries
        self.comments(self.gap_before(leaves[0], leaves[0].start), self.levels[-1].indent, is_first=True)
        return entries

    def gap_before(self, leaf: _Node, end: int) -> _Gap:
        """What is before ``end`` and has not been dealt with yet."""
        gap = _Gap(self.text, leaf.reached, end)
        leaf.reached = max(leaf.reached, end)
        return gap

    def dash_before(self, leaf: _Node, length: int = 1) -> int:
        """The position after the next dash before a leaf, or with ``length`` 0, that of the dash."""
        position = leaf.reached
        while self.text[position] != "-":
            position = self.text.find("\n", position) if self.text[position] == "#" else position + 1
        return position + length

    def begin(self, indent: str, text: str, *, is_beside: bool) -> None:
        """Write the first line of something, beside what was written last or below it."""
        if is_beside:
            self.lines[-1] += f" {text}"
        else:
            self.lines.append(indent + text)
        self.last_levels = list(self.levels)
        self.keeps_blank_lines = False

    def comments(
        self, gap: _Gap, indent: int, *, is_first: bool = False, is_last: bool = False, needs_blank: bool = False
    ) -> None:
        """Write the comments and the blank lines before something that is indented by ``indent``."""
        remarks = [(remark, self.indent_of(remark)) for remark in gap.remarks if remark.alone]
        for remark in gap.remarks:
            if not remark.alone:
                self.lines[-1] += f" {remark.text}"
        about = len(remarks)  # from here on, the comments are about what comes next
        while about and remarks[about - 1][1] == indent:
            about -= 1
        if needs_blank and not gap.apart and not any(remark.apart for remark, _ in remarks[about:]):
            if about < len(remarks):
                remarks[about][0].apart = True
            else:
                gap.apart = True
        for number, (remark, column) in enumerate(remarks):
            if remark.apart and (number or not is_first):
                self.blank_line()
            self.lines.append(" " * column + remark.text)
            self.keeps_blank_lines = False
        if gap.apart and not is_last and (remarks or not is_first):
            self.blank_line()

    def blank_line(self) -> None:
        if self.lines and not self.keeps_blank_lines:
            self.lines.append("")

    def indent_of(self, remark: _Remark) -> int:
        """The indentation of a comment on a line of its own: that of the block that it was in."""
        levels = [self.levels[-1], *self.last_levels[len(self.levels) :]]
        fitting = [level for level in levels if level.column <= remark.column]
        return max(fitting, key=lambda level: level.column).indent if fitting else levels[0].indent

    # ---- Leaves ----

    def copied(self, leaf: _Node, around: _Level) -> list[str]:
        """The lines of a leaf, of which the first has no indentation; ``around`` is the block that it is in."""
        first, *more = self.text[leaf.start : leaf.end].split("\n")
        inside = around.indent + _STEP
        if leaf.is_block_text:
            return self.block_text(first, more, around)
        if not more and leaf.style in ("'", '"'):
            return [_quoted_as_needed(first, leaf.value)]
        lines = [_without_spaces_at_end(first)]
        for line in more:
            text = _without_spaces_at_end(line.lstrip(" \t"))
            spaces = inside
            if not leaf.style and first[:1] in ("[", "{"):  # lines in brackets keep their indentation to each other
                spaces = max(0, len(line) - len(line.lstrip(" ")) + around.indent - around.column)
            lines.append(" " * spaces + text if text else "")
        return lines

    def block_text(self, header: str, lines: list[str], around: _Level) -> list[str]:
        """A text below ``|`` or ``>``: all its lines are moved by the same number of columns."""
        signs, _, comment = header.partition("#")
        digit = re.search(r"[1-9]", signs)
        indent = around.column + int(digit[0]) if digit else _indent_of(lines)
        if digit:
            signs = signs.replace(digit[0], str(_STEP))
        moved = [" " * (around.indent + _STEP) + line[indent:] if line[indent:] else "" for line in lines]
        return [f"{signs.rstrip()} #{comment.rstrip()}" if comment else signs.rstrip(), *moved]


def _called(outer: str, key: _Node | None) -> str:
    """What a value is called that is in something called ``outer``: "questions", "question", or ""."""
    if outer == "quiz" and key is not None and key.value == "questions":
        return "questions"
    return "question" if outer == "questions" and key is None else ""


def _without_spaces_at_end(line: str) -> str:
    stripped = line.rstrip(" \t")
    return line if stripped.endswith("\\") else stripped  # in double quotes, the space may belong to the backslash


def _quoted_as_needed(written: str, value: str) -> str:
    """A quoted text on one line with no more quotation marks than programs need.

    They are double ones unless that needs backslashes. A text with something invisible in it stays as it was written.
    """
    if not value or not value.isprintable():
        return written
    if value[0].isalpha() and value.lower() not in _WORDS and _is_plain(value):
        return value
    if "\\" not in value and '"' not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def _is_plain(value: str) -> bool:
    """Whether a text means the same without quotation marks."""
    try:
        return bool(parse(f"key: {value}").value == {"key": value})
    except QuizError:
        return False
