"""Sites of MyST with quizzes, built by the real program without a theme."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from material import PACKAGE, write, write_course

PLUGIN = PACKAGE / "starting" / "templates" / "civicquiz.mjs"
SETTINGS = """\
version: 1
project: {plugins: [civicquiz.mjs], toc: [{file: index.md}, {file: lessons/law.md}]}
site: {template: ./theme}
"""
#: All that the program asks of a theme as long as it builds no HTML.
THEME = 'jtex: v1\ntitle: none\nversion: "1.0.0"\noptions: []\n'
LESSON = """\
# A law

Congress passed it.{claim}`h04` It was signed.{claim}`h04`

```{quiz} ../quizzes/law.yml
```

```{quiz} /quizzes/law.yml
:questions: by-age, sequence
```
"""


def write_site(folder: Path, lesson: str = LESSON) -> Path:
    """A course as a site of MyST, with ``lesson`` as its lesson."""
    write_course(folder)
    write(folder / "civicquiz.mjs", PLUGIN.read_text("utf-8"))
    write(folder / "myst.yml", SETTINGS)
    write(folder / "theme" / "template.yml", THEME)
    write(folder / "index.md", "# Start\n")
    write(folder / "lessons" / "law.md", lesson)
    return folder


def build(site: Path, *, command: str | None = None) -> subprocess.CompletedProcess[str]:
    """Build the content of a site, where a warning is a failure. ``command`` takes the place of civicquiz."""
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    if command:
        environment["CIVICQUIZ"] = command
    return subprocess.run(
        [programs / "myst", "build", "--site", "--strict", "--ci"],
        cwd=site,
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )


def content_of(site: Path, page: str = "law") -> dict[str, Any]:
    """The tree of a page that has been built."""
    tree: dict[str, Any] = json.loads((site / f"_build/site/content/{page}.json").read_text("utf-8"))["mdast"]
    return tree


def nodes_of(tree: Any, *types: str) -> Iterator[dict[str, Any]]:
    """Every node of these types, or every node, in the order of the page."""
    if isinstance(tree, dict):
        if "type" in tree and (not types or tree["type"] in types):
            yield tree
        tree = tree.get("children", [])
    for child in tree:
        yield from nodes_of(child, *types)


def words_of(tree: Any) -> str:
    """All words of a tree, without those of its widgets."""
    return " ".join(str(node["value"]) for node in nodes_of(tree) if "value" in node)
