"""A book for the tests of the package: the sample course, every example, and pages of the docs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from material import ROOT, SAMPLE_COURSE, write

#: The claims that the examples cite use these in turn.
STATEMENTS = (("law", "Congress"), ("ruling", "A court"), ("count", "A marshal"), ("ruling", "Another court"))

#: What only the site of the docs can show: its start page, the page of the Python API, its settings.
ONLY_OF_THE_DOCS = ("index.md", "api.md", "conf.py")


def write_sample_book(folder: Path) -> Path:
    """Write the sources of the book into `folder`, which may exist already."""
    shutil.copytree(SAMPLE_COURSE, folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns(*ONLY_OF_THE_DOCS))
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("course"))
    write(folder / "seeds" / "examples.yml", yaml.safe_dump(_cited_by_examples(), sort_keys=False))
    with (folder / "claims.md").open("a", encoding="utf-8") as page:
        page.write("\n## Examples\n\n```{claims} examples\n```\n")
    contents = yaml.safe_load((folder / "_toc.yml").read_text("utf-8"))
    pages = sorted(page.relative_to(folder).with_suffix("") for page in (folder / "docs").rglob("*.md"))
    contents["chapters"] += [{"file": page.as_posix()} for page in pages]
    write(folder / "_toc.yml", yaml.safe_dump(contents, sort_keys=False))
    return folder


def _cited_by_examples() -> dict[str, Any]:
    """Claims with the ids that the examples cite. In this project's book, they are in its record."""
    texts = (path.read_text("utf-8") for path in (ROOT / "examples").glob("*.yml"))
    cited = sorted(
        {name for text in texts for ids in re.findall(r"cites: \[(.*?)\]", text) for name in ids.split(", ")}
    )
    claims = [
        {
            "id": name,
            "text": f"What an example cites as {name}.",
            "speaker": STATEMENTS[number % len(STATEMENTS)][1],
            "statement": STATEMENTS[number % len(STATEMENTS)][0],
            "as_of": "1798-07-06",
            "sources": ["document"],
        }
        for number, name in enumerate(cited)
    ]
    source = {"id": "document", "title": "A document", "publisher": "Congress", "url": "https://example.org/document"}
    return {"sources": [source], "claims": claims}
