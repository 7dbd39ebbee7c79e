"""YAML text -> the same YAML in one layout: every comment, every text and every value stays as it is.

The parser says where every value is. A value itself is copied, so that no text is ever wrapped; what is around it is
written anew: indentation, spaces, blank lines, and quotation marks that make no difference. In the end the result is
read again, and has to have the same values and the same comments.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.yaml_source import WrittenFloat, WrittenInt, parse
from civicquiz.authoring.yaml_tree import Between, Comment, Node, indentation, leaves_of, tree_of
from civicquiz.errors import QuizError

__all__ = ["laid_out"]

_STEP = 2
#: The keys that a quiz and a question begin with, and those that they end with; the others stay in their order.
_FIRST = {"quiz": ("translates", "title"), "question": ("id", "type")}
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
    message = "the layout of this file cannot be changed without changing what it says, so it was left as it is"
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
    leaves = list(leaves_of(tree_of(text)))
    ends = [*(leaf.start for leaf in leaves), len(text)]
    gaps = [Between(text, leaf.end, end) for leaf, end in zip([Node(0, 0, 0), *leaves], ends, strict=True)]
    return values, [remark.text for gap in gaps for remark in gap.remarks]


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
        self.root = tree_of(text)
        self.lines: list[str] = []
        self.levels: list[_Level] = []
        #: the levels of what was written last, where a comment after it can belong
        self.last_levels: list[_Level] = []
        #: whether the last value ends in blank lines of its own
        self.keeps_blank_lines = False
        #: the value that was written last, which may be another than the last one of the text
        self.last_copied: Node | None = None
        reached = 0
        for leaf in leaves_of(self.root):
            leaf.reached, reached = reached, leaf.end

    def written(self) -> str:
        if self.root.is_leaf:
            self.levels = self.last_levels = [_Level(0, 0)]
            self.comments(Between(self.text, 0, self.root.start), 0, is_first=True)
            self.lines += self.copied(self.root, _Level(0, -_STEP))
        else:
            self.block(self.root, 0, "quiz")
        self.levels = self.last_levels[:1]
        *_, last = leaves_of(self.root)
        self.comments(Between(self.text, last.end, len(self.text)), 0, is_last=True)
        # A text below "|" that ends with the file has no line end, and must not get one unless something follows it.
        has_no_line_end = last is self.last_copied and last.is_block_text and last.end == len(self.text)
        return "\n".join(self.lines) + ("" if has_no_line_end else "\n")

    def block(self, node: Node, indent: int, called: str = "", *, is_beside: bool = False) -> None:
        """Write a block mapping or list, of which the first entry may be next to a dash."""
        level = _Level(node.column, indent)
        self.levels.append(level)
        for number, (key, value) in enumerate(self.in_order(node, called)):
            leaf = key or next(leaves_of(value))
            at = leaf.start if key else self.dash_before(leaf)
            gap = self.gap_before(leaf, at)
            is_beside = is_beside and not number and not gap.remarks
            if not is_beside:
                self.comments(gap, indent, is_first=not number, needs_blank=called == "questions" and number > 0)
            self.begin(" " * indent, self.text[key.start : key.end] + ":" if key else "-", is_beside=is_beside)
            self.value(value, level, _called(called, key), is_list=key is None)
        self.levels.pop()

    def value(self, value: Node, level: _Level, called: str, *, is_list: bool) -> None:
        """Write the value after a key or a dash."""
        inside = level.indent + _STEP
        if not value.is_leaf and not is_list:
            self.block(value, inside, called)
            return
        leaf = next(leaves_of(value))
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

    def in_order(self, node: Node, called: str) -> list[tuple[Node | None, Node]]:
        """The entries of a block, in the order of the docs unless there are comments among them."""
        first, last = _FIRST.get(called, ()), _LAST.get(called, ())

        def rank(entry: tuple[Node | None, Node]) -> int:
            name = entry[0].value if entry[0] else ""
            return first.index(name) - len(first) if name in first else 1 + last.index(name) if name in last else 0

        entries = sorted(node.entries, key=rank)
        if entries == node.entries or not self.reorders:
            return node.entries
        leaves = list(leaves_of(node))
        after = self.text.find("\n", leaves[-1].end)
        ends = [*(leaf.start for leaf in leaves[1:]), after if after >= 0 else len(self.text)]
        between = (Between(self.text, leaf.end, end).remarks for leaf, end in zip(leaves, ends, strict=True))
        if any(between) or any(_may_have_comment(leaf, self.text[leaf.start : leaf.end]) for leaf in leaves):
            return node.entries
        self.comments(self.gap_before(leaves[0], leaves[0].start), self.levels[-1].indent, is_first=True)
        return entries

    def gap_before(self, leaf: Node, end: int) -> Between:
        """What is before ``end`` and has not been dealt with yet."""
        gap = Between(self.text, leaf.reached, end)
        leaf.reached = max(leaf.reached, end)
        return gap

    def dash_before(self, leaf: Node, length: int = 1) -> int:
        """The position after the next dash before a leaf, or with ``length`` 0, that of the dash."""
        position = leaf.reached
        while self.text[position] != "-":
            position = self.text.find("\n", position) if self.text[position] == "#" else position + 1
        return position + length

    def begin(self, indent: str, text: str, *, is_beside: bool) -> None:
        """Write the first line of something, next to what was written last or below it."""
        if is_beside:
            self.lines[-1] += f" {text}"
        else:
            self.lines.append(indent + text)
        self.last_levels = list(self.levels)
        self.keeps_blank_lines = False

    def comments(
        self, gap: Between, indent: int, *, is_first: bool = False, is_last: bool = False, needs_blank: bool = False
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

    def indent_of(self, remark: Comment) -> int:
        """The indentation of a comment on a line of its own: that of the block that it was in."""
        levels = [self.levels[-1], *self.last_levels[len(self.levels) :]]
        fitting = [level for level in levels if level.column <= remark.column]
        return max(fitting, key=lambda level: level.column).indent if fitting else levels[0].indent

    # ---- Leaves ----

    def copied(self, leaf: Node, around: _Level) -> list[str]:
        """The lines of a leaf, of which the first has no indentation; ``around`` is the block that it is in."""
        self.last_copied = leaf
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
        indicators, _, comment = header.partition("#")
        digit = re.search(r"[1-9]", indicators)
        indent = around.column + int(digit[0]) if digit else indentation(lines)
        if digit:
            indicators = indicators.replace(digit[0], str(_STEP))
        moved = [" " * (around.indent + _STEP) + line[indent:] if line[indent:] else "" for line in lines]
        return [f"{indicators.rstrip()} #{comment.rstrip()}" if comment else indicators.rstrip(), *moved]


def _may_have_comment(leaf: Node, text: str) -> bool:
    """Whether there may be a comment inside of a leaf: behind ``|`` or ``>``, or within brackets."""
    return "#" in (text.split("\n")[0] if leaf.is_block_text else text if text[:1] in ("[", "{") else "")


def _called(outer: str, key: Node | None) -> str:
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
