"""The plugin in the real program: what a page of a site has in the place of its quizzes and citations."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from material import key_content, write
from myst_sites import build, content_of, nodes_of, words_of, write_site

pytestmark = pytest.mark.slow


def test_page_has_its_quizzes_their_questions_as_text_and_footnotes_with_one_start_of_python(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    count = "open('starts.txt', 'a').write('x')\nfrom civicquiz.cli import main\nmain()\n"
    command = write(site / "counted", f"#!{sys.executable}\n{count}")
    command.chmod(0o755)
    done = build(site, command=str(command))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site / "starts.txt").read_text("utf-8") == "x"
    tree = content_of(site)
    whole, some = nodes_of(tree, "anywidget")
    quizzes = [node["model"]["content"]["quiz"] for node in (whole, some)]
    assert [[question["id"] for question in quiz["questions"]] for quiz in quizzes] == [
        ["passed-in", "wars", "citizens", "by-age", "sequence"],
        ["by-age", "sequence"],
    ]
    assert whole["id"] != some["id"]
    assert [node["model"]["content"]["path"] for node in (whole, some)] == ["quizzes/law"] * 2
    assert (whole["esm"], whole["css"]) == (some["esm"], some["css"])
    for address in (whole["esm"], whole["css"]):
        assert (site / "_build/site/public" / address.rpartition("/")[2]).is_file()
    assert set(key_content(whole["model"]["content"]["key"])["questions"]) > {"by-age", "sequence"}
    first, second = nodes_of(tree, "footnoteReference")
    (note,) = nodes_of(tree, "footnoteDefinition")
    assert first["enumerator"] == second["enumerator"] == note["enumerator"] == "1"
    (link,) = nodes_of(note, "link")
    assert link["url"].startswith("https://")
    folded = next(nodes_of(tree, "admonition"))
    assert folded["class"] == "dropdown"
    assert words_of(folded).startswith("The questions as text")
    assert "Show the answer" in words_of(folded)


def test_what_cannot_be_shown_is_named_with_its_place_and_fails_a_strict_build(tmp_path: Path) -> None:
    lesson = """\
```{quiz} ../quizzes/none.yml
```

```{quiz} /quizzes/law.yml
:questions: none
```

```{quiz} /quizzes/wrong.yml
```

```{quiz}
```

A.{claim}`no-such`
"""
    site = write_site(tmp_path, lesson)
    write(site / "quizzes/wrong.yml", "title: A law\nquestions:\n  - {id: a, type: true-false, prompt: x}\n")
    done = build(site)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    for line in (
        "lessons/law.md:1 there is no quiz '../quizzes/none.yml'",
        "lessons/law.md:4 ",
        "lessons/law.md:8 quizzes/wrong.yml:3:",
        "required argument not provided for directive: quiz",
        "lessons/law.md:14:3 there is no claim 'no-such'",
    ):
        assert line in said


def test_page_without_civicquiz_says_what_to_install(tmp_path: Path) -> None:
    done = build(write_site(tmp_path), command="no-such-command")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "no quiz of this page can be shown: there is no command 'no-such-command'" in said
    assert "pip install civicquiz" in said
