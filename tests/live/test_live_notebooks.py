"""Notebooks become notebooks of a live site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from material import write

from civicquiz.errors import LiveError
from civicquiz.live.notebooks import complaints, is_notebook, read_notebook, with_outputs

pytest.importorskip("jupytext", reason="needs the extra 'lab' or 'live'")

MYST = """\
---
kernelspec: {name: python3, display_name: Python 3}
---

# A lesson

```{quiz} ../quizzes/law.yml
:questions: first second
```

Text in between.{claim}`h01 h02`

```{code-cell} ipython3
:tags: [remove-input]

print(1)
```

```{code-cell} ipython3
1 + 1
```
"""


def cells(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in notebook["cells"]]


def test_page_of_a_book_becomes_a_notebook_that_shows_its_quizzes(tmp_path: Path) -> None:
    notebook = read_notebook(write(tmp_path / "lesson.md", MYST))
    show = "import civicquiz\n\ncivicquiz.show('../quizzes/law.yml', questions=['first', 'second'])"
    assert cells(notebook) == [
        ("markdown", "# A lesson"),
        ("code", show),
        ("markdown", "Text in between.{sup}`h01 h02`"),
        ("code", "print(1)"),
        ("code", "1 + 1"),
    ]
    assert notebook["metadata"]["kernelspec"]["name"] == "python"
    hidden = [cell["metadata"].get("jupyter") == {"source_hidden": True} for cell in notebook["cells"]]
    assert hidden == [False, True, False, True, False], "a cell is hidden if the book hides its code"
    assert len({cell["id"] for cell in notebook["cells"]}) == 5


def test_notebook_loses_the_outputs_of_other_kernels(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "from a machine"}
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": 7, "outputs": [output]}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    notebook = read_notebook(write(tmp_path / "a.ipynb", json.dumps(content)))
    assert notebook["cells"][0]["outputs"] == []
    assert notebook["cells"][0]["execution_count"] is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.ipynb", "not JSON", True),
        ("a.md", "# A page\n\n```{code-cell}\n1\n```\n", True),
        ("a.md", ":::{quiz} law.yml\n:::\n", True),
        ("a.md", "# A page\n\n`{quiz}` is a directive.\n", False),
        ("a.yml", "```{quiz} law.yml\n```\n", False),
    ],
)
def test_files_with_cells_or_quizzes_are_notebooks(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    assert is_notebook(write(tmp_path / name, text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "cannot be read as a notebook"),
        (
            '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "R"}}}',
            "this notebook is for 'R'",
        ),
    ],
)
def test_what_cannot_run_is_named(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(LiveError, match=expected) as error:
        read_notebook(write(tmp_path / "lesson.ipynb", text))
    assert "lesson.ipynb" in str(error.value)


def test_complaints_name_the_lesson_the_cell_and_the_module() -> None:
    done = {
        "lessons/a.ipynb": {"errors": [{"cell": 3, "modules": ["numpy", "pandas"]}], "cells": []},
        "lessons/b.ipynb": {"errors": [{"cell": 1, "error": "NameError: name 'x'\nis not defined"}], "cells": []},
        "lessons/c.ipynb": {"errors": [], "cells": []},
    }
    sources = {name: Path(name).with_suffix(".md") for name in done}
    first, second = complaints(sources, done)
    assert "lessons/a.md: code cell 3 imports 'numpy' and 'pandas'" in first
    assert "lessons/b.md: code cell 1 stops with NameError" in second
    assert "\n" not in second


def test_code_cells_get_what_they_have_shown(tmp_path: Path) -> None:
    notebook = read_notebook(write(tmp_path / "lesson.md", MYST))
    output = {"output_type": "stream", "name": "stdout", "text": "1\n"}
    made = with_outputs(notebook, [[], [output], []])
    assert [cell.get("outputs") for cell in made["cells"]] == [None, [], None, [output], []]
    assert notebook["cells"][3]["outputs"] == [], "the notebook itself stays as it is"
