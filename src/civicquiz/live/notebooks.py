"""The notebooks of a folder, as the Python in the browser runs them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from civicquiz.errors import LiveError, display_path, one_line

__all__ = ["complaints", "is_notebook", "jobs", "read_notebook", "with_outputs"]

#: What a page of a book has that makes it a notebook.
_CELL = re.compile(r"^(`{3,}|:{3,})\{(code-cell|quiz)\}", re.MULTILINE)
#: The directive of the Sphinx extension, with its options.
_QUIZ = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{quiz\}[ \t]+(?P<path>\S.*?)[ \t]*\n(?P<options>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_QUESTIONS = re.compile(r"^:questions:(?P<ids>.*)$", re.MULTILINE)
#: A citation of the Sphinx extension, which a notebook shows as a small mark; the ids are those of the book's claims.
_CITATION = re.compile(r"\{claim\}(?=`[^`\n]+`)")
#: The name of the kernel in a live site.
_KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
#: Tags of cells whose code a book does not show.
_HIDDEN = {"hide-input", "remove-input", "hide-cell", "remove-cell"}


def is_notebook(path: Path) -> bool:
    """Whether a file is a notebook: ``.ipynb``, or a MyST page with code cells or quizzes."""
    if path.suffix == ".ipynb":
        return True
    try:
        return path.suffix == ".md" and _CELL.search(path.read_text("utf-8")) is not None
    except (OSError, ValueError):
        return False


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook in a file, without outputs; a ``{quiz}`` directive has become a cell that shows the quiz.

    Raises:
        LiveError: it cannot be read, or is for another language.
    """
    import jupytext
    import nbformat

    try:
        if path.suffix == ".md":
            read = jupytext.reads(path.read_text("utf-8"), fmt="md:myst")
        else:
            read = nbformat.reads(path.read_text("utf-8"), as_version=4)
        read = nbformat.v4.upgrade(read)
    except Exception as error:  # the libraries raise whatever their parsers raise
        raise LiveError(
            f"{display_path(path)}: it cannot be read as a notebook: {one_line(str(error))[:200]}"
        ) from None
    spec = read.metadata.get("kernelspec", {})
    language = spec.get("language") or read.metadata.get("language_info", {}).get("name") or "python"
    if language.lower() not in ("python", "ipython", "ipython3"):
        raise LiveError(f"{display_path(path)}: a live site runs Python, and this notebook is for '{language}'")
    cells: list[dict[str, Any]] = []
    for cell in json.loads(nbformat.writes(read))["cells"]:
        cells += _with_quizzes(cell)
    for number, cell in enumerate(cells):
        cell |= {"id": f"cell-{number}", "source": _text(cell)}
        if cell["cell_type"] == "markdown":
            cell["source"] = _CITATION.sub("{sup}", cell["source"])
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
            if _HIDDEN & set(cell["metadata"].get("tags", ())):
                cell["metadata"]["jupyter"] = {"source_hidden": True}
    return {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _with_quizzes(cell: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """A cell; a text with ``{quiz}`` directives becomes several cells."""
    text = _text(cell)
    if cell["cell_type"] != "markdown" or not _QUIZ.search(text):
        return [cell]
    cells, end = [], 0
    for found in _QUIZ.finditer(text):
        cells.append(_markdown(text[end : found.start()]))
        ids = _QUESTIONS.search(found["options"])
        questions = f", questions={ids['ids'].split()!r}" if ids and ids["ids"].split() else ""
        cells.append(
            {
                "cell_type": "code",
                "metadata": {"tags": ["remove-input"]},
                "source": f"import civicquiz\n\ncivicquiz.show({found['path']!r}{questions})",
            }
        )
        end = found.end()
    cells.append(_markdown(text[end:]))
    return [one for one in cells if _text(one).strip()]


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip("\n")}


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def jobs(notebooks: Mapping[str, Mapping[str, Any]]) -> str:
    """What ``in_browser/run_notebooks.py`` has to run, as JSON."""
    return json.dumps(
        [
            {
                "path": name,
                "cells": [
                    {"source": _text(cell), "may_fail": "raises-exception" in cell["metadata"].get("tags", ())}
                    for cell in notebook["cells"]
                    if cell["cell_type"] == "code"
                ],
            }
            for name, notebook in notebooks.items()
        ]
    )


def complaints(sources: Mapping[str, Path], done: Mapping[str, Any]) -> list[str]:
    """What went wrong when the notebooks ran, a line for each cell. ``sources``: notebook -> the file it is from."""
    lines = []
    for name, result in done.items():
        for error in result["errors"]:
            place = f"{display_path(sources[name])}: code cell {error['cell']}"
            if modules := error.get("modules"):
                listed = " and ".join(f"'{module}'" for module in modules)
                lines.append(
                    f"{place} imports {listed}, which Python in a browser does not have here. Take the import out, put "
                    "it into 'try' with 'except ImportError', or put a module of your own next to the notebook"
                )
            else:
                lines.append(f"{place} stops with {one_line(error['error'])}")
    return lines


def with_outputs(notebook: Mapping[str, Any], outputs: Iterable[list[dict[str, Any]]]) -> dict[str, Any]:
    """The notebook with what each of its code cells has shown, for the time before Python has started in the browser,
    and for browsers where it cannot start."""
    made = copy.deepcopy(dict(notebook))
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    for cell, shown in zip(code, outputs, strict=True):
        cell["outputs"] = shown
    return made
