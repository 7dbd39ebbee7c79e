"""An author's Markdown -> nodes of MyST's tree, for the questions as text.

The parser is the one of the browser's texts (``authoring/markdown.py``): what it shows as text, such as raw HTML or a
role, is text here too, and is never read by MyST. An image becomes its description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.markdown import formula_in, parsed, with_placeholders

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["Node", "block_nodes", "emphasized", "folded", "joined", "paragraph", "passage_nodes", "text_node"]

#: A node of MyST's tree (https://mystmd.org/spec), as JSON.
Node = dict[str, Any]


def text_node(words: str) -> Node:
    """Words that are shown as they are."""
    return {"type": "text", "value": words}


def paragraph(*children: Node) -> Node:
    """A paragraph of these nodes."""
    return {"type": "paragraph", "children": list(children)}


def emphasized(words: str) -> Node:
    """Words in bold type."""
    return {"type": "strong", "children": [text_node(words)]}


def folded(title: str, children: Iterable[Node]) -> Node:
    """Blocks below a title that unfolds them; in formats that fold nothing, such as PDF, a box with that title."""
    heading = {"type": "admonitionTitle", "children": [text_node(title)]}
    return {"type": "admonition", "kind": "note", "icon": False, "class": "dropdown", "children": [heading, *children]}


def block_nodes(text: str) -> list[Node]:
    """``text``, which is Markdown, as blocks: paragraphs, lists, tables, code, formulas."""
    tree = parsed(text)
    if tree is None:
        return [paragraph(text_node(text))]
    if tree.children and tree.children[0].type == "inline":
        return [paragraph(*_flow(tree.children[0]))]
    return [node for child in tree.children for node in _block(child)]


def passage_nodes(stretches: Sequence[str], between: Sequence[str]) -> list[Node]:
    """A running text as blocks: ``stretches`` of Markdown, which are read as one text, and what is ``between`` any two
    of them, each a text of its own, which is no markup for what is around it.
    """
    whole, pattern = with_placeholders(stretches)
    slots = (_flow_of(text) for text in between)
    return [part for node in block_nodes(whole) for part in _filled(node, pattern, slots)]


def _flow_of(text: str) -> list[Node]:
    """One paragraph of Markdown as what is in it; anything else as text."""
    blocks = block_nodes(text)
    is_paragraph = [block["type"] for block in blocks] == ["paragraph"]
    return list(blocks[0]["children"]) if is_paragraph else [text_node(text)]


def _filled(node: Node, pattern: str, slots: Iterator[list[Node]]) -> list[Node]:
    """A node with the next ``slots`` in place of the placeholders that ``pattern`` finds."""
    if "children" in node:
        return [node | {"children": [part for child in node["children"] for part in _filled(child, pattern, slots)]}]
    if "value" not in node:
        return [node]
    words, *others = re.split(pattern, node["value"])[::2]
    parts = [text_node(words)]
    for other in others:
        parts += [*next(slots), text_node(other)]
    if node["type"] != "text":  # code
        return [node | {"value": "".join(map(_words, parts))}]
    return [part for part in parts if part.get("value") != ""]


def _words(node: Node) -> str:
    return str(node["value"]) if "value" in node else "".join(map(_words, node.get("children", ())))


def joined(texts: Iterable[list[Node]]) -> list[Node]:
    """Texts, each as blocks, in one: with a colon between two that are in one paragraph."""
    first, *others = texts
    blocks = list(first)
    for other in others:
        if blocks and other and blocks[-1]["type"] == other[0]["type"] == "paragraph":
            blocks[-1] = paragraph(*blocks[-1]["children"], text_node(": "), *other[0]["children"])
            blocks += other[1:]
        else:
            blocks += other
    return blocks


def _block(node: SyntaxTreeNode) -> list[Node]:
    if node.token and (formula := formula_in(node.token)):
        return [{"type": "math", "value": formula[0].strip()}]
    if node.type in _BLOCKS:
        return [_BLOCKS[node.type](node)]
    return [paragraph(*_flow(node))]


def _blocks(node: SyntaxTreeNode) -> list[Node]:
    return [part for child in node.children for part in _block(child)]


def _list(node: SyntaxTreeNode) -> Node:
    entries = [{"type": "listItem", "spread": True, "children": _blocks(entry)} for entry in node.children]
    is_ordered = node.type == "ordered_list"
    start = {"start": int(node.attrs.get("start", 1))} if is_ordered else {}
    return {"type": "list", "ordered": is_ordered, "spread": False, **start, "children": entries}


def _code(node: SyntaxTreeNode) -> Node:
    language = re.sub(r"[^\w+#.-]", "", next(iter(node.info.split()), ""))
    return {"type": "code", **({"lang": language} if language else {}), "value": node.content.rstrip("\n")}


def _table(node: SyntaxTreeNode) -> Node:
    rows = [
        {
            "type": "tableRow",
            "children": [
                {"type": "tableCell", **({"header": True} if cell.type == "th" else {}), "children": _flow(cell)}
                for cell in row.children
            ],
        }
        for part in node.children
        for row in part.children
    ]
    return {"type": "table", "children": rows}


def _flow(node: SyntaxTreeNode) -> list[Node]:
    """What is in a paragraph, or in part of one."""
    return [piece for child in node.children for piece in _piece(child)]


def _piece(node: SyntaxTreeNode) -> list[Node]:
    token = node.token
    if token and (formula := formula_in(token)):
        return [{"type": "inlineMath", "value": formula[0].strip()}]
    if node.type in _SPANS:
        return [{"type": _SPANS[node.type], "children": _flow(node)}]
    if node.type == "link":
        return [{"type": "link", "url": str(node.attrs["href"]), "children": _flow(node)}]
    if node.type == "code_inline":
        return [{"type": "inlineCode", "value": node.content}]
    if node.type == "hardbreak":
        return [{"type": "break"}]
    if node.type == "softbreak":
        return [text_node("\n")]
    if node.type == "myst_role" and token:
        return [text_node(f"{{{token.meta['name']}}}`{node.content}`")]
    if node.children:  # of an image, for one
        return _flow(node)
    return [text_node(node.content)] if node.type in ("text", "text_special") else []


_SPANS = {"em": "emphasis", "strong": "strong"}
_BLOCKS: dict[str, Callable[[SyntaxTreeNode], Node]] = {
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": lambda node: {"type": "blockquote", "children": _blocks(node)},
    "fence": _code,
    "code_block": _code,
    "table": _table,
    "hr": lambda _: {"type": "thematicBreak"},
}
