"""What the plugin of a MyST site is answered, without the program that builds the site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from material import ROOT, write
from myst_sites import nodes_of, words_of, write_site

from civicquiz.cli import main
from civicquiz.errors import MystError
from civicquiz.hosts.myst.myst_page import answer, answer_json
from civicquiz.hosts.myst.text_nodes import block_nodes, passage_nodes

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yml") if "." not in path.stem)
#: All types of nodes that the questions as text are made of (https://mystmd.org/spec).
TYPES = {
    *("text", "strong", "emphasis", "inlineCode", "inlineMath", "link", "break"),
    *("paragraph", "list", "listItem", "blockquote", "code", "math", "thematicBreak"),
    *("table", "tableRow", "tableCell", "admonition", "admonitionTitle"),
}


def ask(site: Path, *places: dict[str, Any], page: str = "lessons/law.md") -> dict[str, Any]:
    """What is answered about places of a page."""
    path = str(site / page)
    return answer({"page": path, "places": [{"page": path, **place} for place in places]})


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_of_question_is_a_widget_and_readable_text_of_known_nodes(tmp_path: Path, name: str) -> None:
    site = write_site(tmp_path)
    content = yaml.safe_load((ROOT / f"examples/{name}.yml").read_text("utf-8"))
    for question in content["questions"]:
        question["cites"] = ["h04"]
    write(site / "quizzes/one.yml", json.dumps(content))
    (place,) = ask(site, {"quiz": "/quizzes/one.yml"})["places"]
    assert place["problems"] == []
    widget, text = place["node"]["children"]
    module = (site / "lessons" / widget["esm"]).read_text("utf-8")
    assert module.endswith("export default { render: civicquiz.renderOnSite };\n")
    assert (site / "lessons" / widget["css"]).is_file()
    assert {node["type"] for node in nodes_of(text)} <= TYPES
    assert content["title"] in words_of(text)
    assert "{answer}" not in words_of(text)


def test_quizzes_of_a_page_share_a_module_that_can_draw_all_of_them(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    one, both = (
        ask(site, {"quiz": "/quizzes/law.yml", "questions": "passed-in"}),
        ask(site, {"quiz": "/quizzes/law.yml", "questions": "passed-in"}, {"quiz": "/quizzes/law.yml"}),
    )
    modules = [{node["esm"] for node in nodes_of(place["node"], "anywidget")} for place in both["places"]]
    assert modules[0] == modules[1]
    assert modules[0] != {node["esm"] for node in nodes_of(one["places"][0]["node"], "anywidget")}


def test_page_of_a_quiz_without_feedback_has_nothing_of_its_key(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    quiz = site / "quizzes/law.yml"
    quiz.write_text(quiz.read_text("utf-8").replace("questions:", "feedback: none\nquestions:", 1), "utf-8")
    (place,) = ask(site, {"quiz": "/quizzes/law.yml"})["places"]
    widget, text = place["node"]["children"]
    assert "key" not in widget["model"]["content"]
    assert "Show the answer" not in words_of(text)
    assert "Explanation of the order" not in json.dumps(place)


@pytest.mark.parametrize("page", ["lessons/law.md", "index.md"])
def test_path_is_seen_from_the_page_or_after_a_slash_from_the_site(tmp_path: Path, page: str) -> None:
    site = write_site(tmp_path)
    near = "../quizzes/law.yml" if "/" in page else "quizzes/law.yml"
    found = ask(site, {"quiz": near}, {"quiz": "/quizzes/law.yml"}, page=page)["places"]
    assert [place["problems"] for place in found] == [[], []]
    contents = [next(nodes_of(place["node"], "anywidget"))["model"] for place in found]
    assert contents[0] == contents[1]


def test_claims_that_are_cited_together_are_one_footnote(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    done = ask(site, {"claim": "h04"}, {"claim": "h04"}, {"claim": "h04 h04"})
    assert {place["node"]["identifier"] for place in done["places"]} == {"civicquiz-h04"}
    (note,) = done["footnotes"]
    assert len(note["children"]) == 1


def test_texts_of_authors_are_text_and_no_markup_of_myst() -> None:
    hostile = "<script>x</script> {include}`y` [a](javascript:x)\n\n```{include} /etc/passwd\n```\n\n# No heading"
    nodes = list(nodes_of(block_nodes(hostile)))
    assert {node["type"] for node in nodes} <= TYPES
    assert not [node for node in nodes if node["type"] == "link"]
    words = words_of(nodes)
    for part in ("<script>x</script>", "{include}`y`", "# No heading"):
        assert part in words


MARKUP = "ab*_`[]()<>{}$|-#\n !\\1."


@given(st.lists(st.text(MARKUP, max_size=40), min_size=1, max_size=4), st.text(MARKUP, max_size=20))
def test_any_running_text_becomes_known_nodes_and_shows_no_placeholder(stretches: list[str], between: str) -> None:
    nodes = passage_nodes(stretches, [between] * (len(stretches) - 1))
    assert {node["type"] for node in nodes_of(nodes)} <= TYPES
    assert "cqslot" not in json.dumps(nodes)


@given(st.text(MARKUP, max_size=80))
def test_any_text_becomes_known_nodes_with_links_only_to_the_web(text: str) -> None:
    for node in nodes_of(block_nodes(text)):
        assert node["type"] in TYPES
        assert not str(node.get("url", "")).lower().startswith(("javascript:", "data:", "file:"))


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("a *b* `c`", ["paragraph", "text", "emphasis", "text", "text", "inlineCode"]),
        ("$x$", ["paragraph", "inlineMath"]),
        ("$$\nx\n$$", ["math"]),
        ("- a\n- b", ["list", *["listItem", "paragraph", "text"] * 2]),
        ("| a |\n| - |\n| b |", ["table", *["tableRow", "tableCell", "text"] * 2]),
        ("```python\nx = 1\n```\n\n> b", ["code", "blockquote", "paragraph", "text"]),
        ("[a](https://example.org)", ["paragraph", "link", "text"]),
        ("![what it shows](x.png)", ["paragraph", "text"]),
    ],
)
def test_markdown_is_what_it_is_in_a_browser(text: str, nodes: list[str]) -> None:
    assert [node["type"] for node in nodes_of(block_nodes(text))] == nodes


def test_gaps_typed_answers_and_options_are_no_markup_wherever_they_are(tmp_path: Path) -> None:
    """A gap alone in its line is no rule, a phrase in brackets no link, and an answer is as it is typed."""
    site = write_site(tmp_path)
    write(
        site / "quizzes/one.yml",
        """\
title: T
questions:
  - id: gaps
    cites: [h04]
    type: cloze
    prompt: Fill in.
    text: |
      A line

      [[first]]
      [[second]]ed and more

      ```
      x = [[third]]
      ```
    gaps:
      first: {type: short-text, accept: [__init__]}
      second: {type: short-text, accept: [2 * 3 * 4]}
      third: {type: numeric, answer: 3, tolerance: 0}
  - id: select
    cites: [h04]
    type: select-text
    prompt: Select.
    passage: |
      [[+Congress]]: laws

      [[*Courts*]](https://example.org) judge
  - id: match
    cites: [h04]
    type: match
    prompt: Match.
    pairs:
      - left: |
          This:

          ```
          one
          ```
        right: 1. It
      - {left: b, right: B}
""",
    )
    (place,) = ask(site, {"quiz": "/quizzes/one.yml"})["places"]
    assert place["problems"] == []
    text = place["node"]["children"][1]
    nodes = list(nodes_of(text))
    assert not {node["type"] for node in nodes} & {"thematicBreak", "link"}
    paragraphs = ["".join(part.get("value", "") for part in nodes_of(node)) for node in nodes_of(text, "paragraph")]
    for line in (
        "______\n______ed and more",
        "1: __init__",
        "2: 2 * 3 * 4",
        "[Congress]: laws",
        "[Courts](https://example.org) judge",
        "b: B",
        "1. It",
    ):
        assert line in paragraphs
    assert {node["value"] for node in nodes_of(text, "code")} == {"x = ______", "one"}


@pytest.mark.parametrize(
    "request_",
    [b"", b"[]", b'{"page": 1}', b'{"page": "x", "places": [{}]}', b'{"page": "x", "places": [{"page": "x"}]}'],
)
def test_request_of_another_shape_is_refused(request_: bytes) -> None:
    with pytest.raises(MystError, match="civicquiz new --myst"):
        answer_json(request_)


def test_page_outside_of_any_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MystError, match="no folder around it has a myst"):
        ask(tmp_path)


def test_command_reads_the_request_and_prints_the_answer(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    request = {"page": str(site / "index.md"), "places": [{"page": str(site / "index.md"), "claim": "h04"}]}
    done = CliRunner().invoke(main, ["myst-nodes"], input=json.dumps(request))
    assert done.exit_code == 0
    assert json.loads(done.output)["places"][0]["node"]["type"] == "footnoteReference"
    assert CliRunner().invoke(main, ["myst-nodes"], input="").exit_code == 1
