"""The files of ``static/``, and JSON for a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["as_module", "json_for_script", "static_text"]


@cache
def static_text(name: str) -> str:
    """A file of ``static/``, read once. Browsers get exactly this text."""
    return files("civicquiz").joinpath("frontend", "static", name).read_text("utf-8")


def as_module(names: Iterable[str]) -> str:
    """These scripts as one module with a render function, after the Anywidget Front-End Module contract."""
    return "\n".join([*map(static_text, names), "export default { render: civicquiz.renderInNotebook };\n"])


def json_for_script(content: Any) -> str:
    """JSON that cannot end the script element around it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
