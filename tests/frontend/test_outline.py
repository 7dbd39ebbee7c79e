"""A notebook that is read where nothing runs shows the quiz, and how to answer it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from key_scan import secrets
from material import EXAMPLES, QUIZ, load_text, questions, quiz_of
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter
from nbconvert.filters import DataTypeFilter

import civicquiz
from civicquiz.frontend.outline import outline_html, outline_markdown, outline_text
from civicquiz.hosts.placeholder import QuizPlaceholder
from civicquiz.hosts.widget import QuizWidget

SHIPPED = [path for path in EXAMPLES if "nbgrader" not in path.parts]


def _notebook(data: dict[str, str]) -> nbformat.NotebookNode:
    """A notebook as Jupyter saves it, without the state of its widgets."""
    output = nbformat.v4.new_output("execute_result", data, execution_count=1)
    cell = nbformat.v4.new_code_cell("civicquiz.show('law.yml')", outputs=[output], execution_count=1)
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize("exporter", [HTMLExporter, MarkdownExporter])
def test_exported_notebook_shows_the_title_the_questions_and_how_to_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exporter: type[HTMLExporter]
) -> None:
    monkeypatch.chdir(tmp_path)
    data, _ = QuizWidget(load_text(tmp_path, QUIZ))._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    text, _ = exporter().from_notebook_node(_notebook(data))
    for words in ("A law of 1798", "In which year did", "1812", "run this cell"):
        assert words in text, words
    assert "object at 0x" not in text


@pytest.mark.parametrize("has_state", [True, False])
def test_notebook_that_a_program_runs_has_the_questions_in_each_form(tmp_path: Path, has_state: bool) -> None:
    """nbclient is what papermill and ``jupyter execute`` run notebooks with."""
    load_text(tmp_path, QUIZ)
    source = "import civicquiz\nfrom IPython.display import display\nwidget = civicquiz.show('quiz.yml')\nwidget"
    cells = [nbformat.v4.new_code_cell(text) for text in (source, "display(widget)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, resources=place, store_widget_state=has_state).execute()
    for cell in notebook.cells:
        ((data,),) = [[output["data"] for output in cell["outputs"]]]
        for form in ("text/plain", "text/markdown", "text/html"):
            assert "In which year did" in data[form], form
            assert "Explanation of the year" not in data[form], form
        # JupyterLab shows the widget; a program that makes LaTeX or PDF has no use for widgets and HTML.
        assert "application/vnd.jupyter.widget-view+json" in data
        assert DataTypeFilter(parent=LatexExporter())(data) == ["text/markdown"]
    # Where the state of widgets is kept, nbconvert puts them into HTML, and loads what shows them from the web.
    for exporter in (MarkdownExporter,) if has_state else (MarkdownExporter, HTMLExporter):
        text, _ = exporter().from_notebook_node(notebook)
        assert text.count("In which year did") == 2, exporter


def test_text_of_widget_and_placeholder_is_the_quiz_and_not_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quiz = load_text(tmp_path, QUIZ)
    data, _ = QuizWidget(quiz, ["by-age"])._repr_mimebundle_()
    for text in (data["text/plain"], QuizPlaceholder(quiz, ["by-age"])._repr_mimebundle_()["text/plain"]):
        assert text == outline_text(quiz, ["by-age"])
        assert "object at 0x" not in text
        assert "1. " in text
        assert "2. " not in text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_outline_has_nothing_of_the_key(path: Path) -> None:
    quiz = civicquiz.load(path)
    for outline in (outline_text(quiz), outline_markdown(quiz), outline_html(quiz)):
        assert [secret for secret in secrets(path) if len(secret) > 6 and secret in outline] == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(questions(), min_size=1, max_size=3, unique_by=lambda question: question["id"]))
def test_any_quiz_has_an_outline_in_which_every_question_is_numbered(authors: list[dict[str, object]]) -> None:
    quiz = quiz_of(*authors)
    for outline in (outline_text(quiz), outline_markdown(quiz)):
        assert all(f"{number}. " in outline for number in range(1, len(authors) + 1))
    assert "<script" not in outline_html(quiz)


def test_outline_speaks_the_language_of_the_quiz_and_escapes_what_people_wrote(tmp_path: Path) -> None:
    text = QUIZ.replace("A law of 1798", "'<script>x</script> & more'") + "language: es\n"
    outline = outline_html(load_text(tmp_path, text))
    assert "&lt;script&gt;" in outline
    assert "Para responder" in outline


def test_gaps_and_brackets_are_no_markup_in_markdown(tmp_path: Path) -> None:
    """A gap alone in its line is no rule, and a phrase in brackets is neither a link nor the definition of one."""
    quiz = load_text(
        tmp_path,
        """\
title: T
questions:
  - id: gaps
    type: cloze
    prompt: Fill in.
    text: "A line\\n\\n[[one]]\\n[[two]]ed\\n\\n```\\nx = [[three]]\\n```\\n"
    gaps:
      one: {type: short-text, accept: [a]}
      two: {type: short-text, accept: [b]}
      three: {type: numeric, answer: 3, tolerance: 0}
  - id: select
    type: select-text
    prompt: Select.
    passage: "[[+Congress]]: laws\\n\\n[[*Courts*]](https://example.org) judge"
""",
    )
    for line in ("______\n", "______ed", "x = ______", "[Congress]: laws", "[*Courts*](https://example.org) judge"):
        assert line in outline_text(quiz)
    gap = r"\_" * 6
    for line in (f"{gap}\n", f"{gap}ed", "x = ______", r"\[Congress\]: laws", r"\[*Courts*\](https"):
        assert line in outline_markdown(quiz)
