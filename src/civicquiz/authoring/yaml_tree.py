"""Where the values of a YAML text are, and the comments and blank lines between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from civicquiz.authoring.yaml_source import LOADER

__all__ = ["Between", "Comment", "Node", "indentation", "leaves_of", "tree_of"]


@dataclass
class Node:
    """A value, or a key: its text is from ``start`` to before ``end``.

    A block mapping has ``entries`` (key, value), a block list (None, value). Anything else is a leaf, which is copied.
    """

    start: int
    end: int
    column: int
    style: str = ""
    value: str = ""
    is_leaf: bool = True
    entries: list[tuple[Node | None, Node]] = field(default_factory=list)
    #: up to where the text before a leaf has been dealt with
    reached: int = 0

    @property
    def is_block_text(self) -> bool:
        return self.style in ("|", ">")


def tree_of(text: str) -> Node:
    """The values of a text that can be parsed."""
    root = Node(0, 0, 0)
    stack: list[tuple[Node, list[Node]]] = [(root, [])]
    brackets = 0  # how many collections in brackets are open
    events: Iterable[Any] = yaml.parse(text, Loader=LOADER)
    for event in events:
        start, end = event.start_mark, event.end_mark
        node: Node | None = None
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            brackets += bool(brackets or event.flow_style)
            if brackets <= 1:
                stack.append((Node(start.index, 0, start.column), []))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            if brackets <= 1:
                node, children = stack.pop()
                node.end = end.index
                if not brackets:
                    is_list = isinstance(event, yaml.SequenceEndEvent)
                    keys: Sequence[Node | None] = [None] * len(children) if is_list else children[::2]
                    node.is_leaf = False
                    node.entries = list(zip(keys, children if is_list else children[1::2], strict=True))
            brackets -= bool(brackets)
        elif isinstance(event, yaml.ScalarEvent) and not brackets:
            node = Node(start.index, end.index, start.column, event.style or "", event.value)
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
    indent = indentation(lines)
    while lines and not lines[-1].strip(" ") and len(lines[-1]) <= indent:
        lines.pop()
    return "\n".join((header, *lines))


def indentation(lines: Sequence[str]) -> int:
    """The indentation of the first line with a text."""
    return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), 0)


def leaves_of(node: Node) -> Iterator[Node]:
    """The leaves of a node in the order of the text."""
    if node.is_leaf:
        yield node
    for key, value in node.entries:
        if key is not None:
            yield key
        yield from leaves_of(value)


@dataclass
class Comment:
    """A comment.

    ``alone`` says whether nothing else is on its line, ``apart`` whether there is a blank line before it.
    """

    text: str
    column: int
    alone: bool
    apart: bool


class Between:
    """What is between two leaves besides punctuation: comments and blank lines."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.remarks: list[Comment] = []
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
                self.remarks.append(Comment(comment.rstrip(), column, alone, self.apart))
                self.apart = False
                position += len(comment)
                alone = False
                continue
            if sign == "\n":
                self.apart = self.apart or alone
            alone = sign == "\n" or (alone and sign in " \t")
            position += 1
