"""An author's Markdown -> Markdown for other programs, which would take more of it for markup than ``markdown`` does.

What ``markdown`` shows as text, such as raw HTML, a heading or a link with a scheme that it refuses, is escaped. An
image becomes its description, because its file may be elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from civicquiz.authoring.markdown import formula_in, parsed

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["escaped", "indented", "plain_markdown"]

#: What may be markup anywhere (Pandoc's and GitHub's, too), and what may be at the beginning of a line.
_SIGNS = re.compile(r"[\\`*_\[\]<>&$~^|{}]")
_AT_START = re.compile(r"^(\s*)([-+#=:]|\d+(?=[.)]))", re.MULTILINE)


def plain_markdown(text: str) -> str:
    """``text`` as Markdown that shows the same in any program; one line, if it is no block."""
    tree = parsed(text)
    if tree is None:
        return escaped(text)
    return _blocks(tree.children) if tree.children and tree.children[0].type != "inline" else _flow(tree)


def escaped(text: str) -> str:
    """Words as Markdown that shows them as they are."""

    def at_start(found: re.Match[str]) -> str:
        before, sign = found.groups()
        return f"{before}\\{sign}" if not sign.isdigit() else f"{before}{sign}\\"

    return _AT_START.sub(at_start, _SIGNS.sub(r"\\\g<0>", text))


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> str:
    return "\n\n".join(map(_block, nodes))


def _block(node: SyntaxTreeNode) -> str:
    if node.type in _BLOCKS:
        return _BLOCKS[node.type](node)
    return _blocks(node.children) if node.children and node.type != "inline" else _flow(node)


def _list(node: SyntaxTreeNode) -> str:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    is_tight = any(part.hidden for item in node.children for part in item.children)
    between, items = "\n" if is_tight else "\n\n", []
    for index, item in enumerate(node.children):
        start = node.markup if number is None else f"{number + index}{node.markup}"
        items.append(indented(f"{start} ", between.join(map(_block, item.children))))
    return between.join(items)


def indented(start: str, text: str) -> str:
    """A text of which the first line is after ``start`` and the others are below it."""
    lines = text.splitlines() or [""]
    return "\n".join([f"{start}{lines[0]}".rstrip(), *(f"{' ' * len(start)}{line}".rstrip() for line in lines[1:])])


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children).splitlines())


def _fence(node: SyntaxTreeNode) -> str:
    if node.token and (formula := formula_in(node.token)):
        return f"$$\n{_formula(formula[0].strip())}\n$$"
    ticks = "`" * max(3, 1 + _longest_ticks(node.content))
    language = re.sub(r"[^\w+#.-]", "", next(iter(node.info.split()), ""))
    return f"{ticks}{language}\n{node.content.rstrip()}\n{ticks}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [[_cell(cell) for cell in row.children] for part in node.children for row in part.children]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _cell(node: SyntaxTreeNode) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", _flow(node))  # in code, too


def _flow(node: SyntaxTreeNode) -> str:
    """What is in a paragraph, or in part of one."""
    return "".join(_piece(piece) for piece in node.children) if node.children else _piece(node)


def _piece(node: SyntaxTreeNode) -> str:
    token = node.token
    if token and (formula := formula_in(token)):
        dollars = "$$" if formula[1] else "$"
        return f"{dollars}{_formula(formula[0].strip())}{dollars}"
    if node.type in ("em", "strong"):
        return f"{node.markup}{_flow(node)}{node.markup}"
    if node.type == "code_inline":
        ticks = "`" * (1 + _longest_ticks(node.content))
        space = " " if node.content.startswith("`") or node.content.endswith("`") else ""
        return f"{ticks}{space}{node.content}{space}{ticks}"
    if node.type == "link":
        return f"[{_flow(node)}](<{re.sub(r'[<>]', '', str(node.attrs['href']))}>)"
    if node.type in ("softbreak", "hardbreak"):
        return "\n" if node.type == "softbreak" else "\\\n"
    if node.type == "myst_role" and token:
        ticks = "`" * (1 + _longest_ticks(node.content))
        return escaped(f"{{{token.meta['name']}}}{ticks}{node.content}{ticks}")
    if node.children:  # of an image, for one
        return _flow(node)
    return escaped(node.content) if node.type in ("text", "text_special") else ""


def _formula(source: str) -> str:
    """A formula in which nothing could be the beginning of a tag, for programs that know no formulas."""
    return re.sub(r"<(?=\S)", "< ", source)


def _longest_ticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], str]] = {
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _fence,
    "code_block": _fence,
    "table": _table,
    "hr": lambda _: "---",
    "math_block": lambda node: f"$$\n{_formula(node.content.strip())}\n$$",
    "amsmath": lambda node: _formula(node.content.strip()),
}
