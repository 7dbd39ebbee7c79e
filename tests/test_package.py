"""The package as a whole: what it imports, what it ships, how large its front end is."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import typing
from pathlib import Path

import pytest
from material import PACKAGE, ROOT, quiz_of, run_python

import civicquiz
from civicquiz.frontend.front_end import FORMULA_STYLE, NOTEBOOK_SCRIPTS, PAGE_SCRIPTS, SCRIPTS, front_end
from civicquiz.frontend.static_files import static_text
from civicquiz.grading import Status
from civicquiz.model.claims import Statement

STATIC = PACKAGE / "frontend" / "static"
#: every script and style of ours, by its name in ``static/``
SOURCES = [
    path.relative_to(STATIC).as_posix()
    for path in STATIC.rglob("*")
    if path.suffix in (".js", ".css") and path.parent != STATIC / "ts-fsrs-5.4.2"
]


# ---- Imports ----


@pytest.mark.parametrize(
    "module", ["civicquiz", "civicquiz.cli", "civicquiz.frontend.payload", "civicquiz.model.course"]
)
def test_import_brings_in_nothing_heavy(module: str) -> None:
    unwanted = ("sphinx", "docutils", "ipywidgets", "anywidget", "IPython", "traitlets", "polars", "rich", "pint")
    program = f"import sys, {module}; print([name for name in {unwanted!r} if name in sys.modules])"
    assert run_python(program) == "[]"


def test_public_names_are_there_and_documented() -> None:
    for name in civicquiz.__all__:
        assert getattr(civicquiz, name).__doc__, name


def test_nothing_below_the_command_line_prints_or_asserts_for_an_author() -> None:
    for path in (PACKAGE).rglob("*.py"):
        assert not re.search(r"^\s*print\(", path.read_text("utf-8"), re.MULTILINE), path


# ---- The front end ----


def _compressed(*names: str) -> int:
    """The size of files as servers send them, in bytes."""
    return sum(len(gzip.compress(static_text(name).encode(), 6)) for name in names)


#: Styles of separate documents; neither a notebook nor a page of a book gets them.
DOCUMENTS = ("worksheet", "handout", "feedback", "report", "preview", "preview_frame")
FRONT_END = [name for name in SOURCES if Path(name).stem not in DOCUMENTS and name != FORMULA_STYLE]


#: What a quiz gets only if it asks for it: one question at a time, recordings, code or tables in its texts, and a
#: choice of languages. And what only some pages get: the button of those with citations, the list of the quizzes of a
#: book, the review, a package for a learning platform, a site of MyST, the button of pages that open live. These have
#: limits of their own, as the font of formulas has, so that what everybody gets stays as small as it is.
ON_REQUEST = {
    "paging.js": 2_800,
    "paging.css": 600,
    "recordings.js": 500,
    "blocks.css": 800,
    "marks.js": 500,
    "languages.js": 1_400,
    "progress.js": 3_800,
    "progress.css": 400,
    "review.js": 4_200,
    "scorm.js": 5_800,
    "scorm_records.js": 2_000,
    "myst.js": 900,
    "live_link.css": 400,
}


def test_front_end_is_at_most_45_kb_compressed_apart_from_what_few_quizzes_ask_for() -> None:
    assert _compressed(*set(FRONT_END) - set(ON_REQUEST)) <= 45_000
    assert {name: size for name in ON_REQUEST if (size := _compressed(name)) > ON_REQUEST[name]} == {}


def test_plain_quiz_of_choices_on_a_page_is_at_most_16_kb_compressed_and_has_none_of_that() -> None:
    quiz = quiz_of({"id": "q", "type": "true-false", "prompt": "x", "answer": True})
    files = front_end(quiz, quiz.questions)
    assert _compressed(*files.scripts, *files.styles, *PAGE_SCRIPTS) <= 16_384
    assert not set(ON_REQUEST) & {*files.scripts, *files.styles}


def test_no_line_of_a_script_or_a_style_is_longer_than_120_columns() -> None:
    files = [*(STATIC / name for name in SOURCES if name != FORMULA_STYLE), STATIC / "types.d.ts"]
    files += [*(ROOT / "tests/js").glob("*.js"), *(ROOT / "_static").glob("*.css")]
    lines = [(path, line) for path in files for line in path.read_text("utf-8").splitlines()]
    assert [(path.name, line) for path, line in lines if len(line) > 120] == []


def test_what_shows_one_question_at_a_time_is_sent_only_to_quizzes_that_ask_for_it() -> None:
    question = {"id": "q", "type": "true-false", "prompt": "x", "answer": True}
    plain, paged = quiz_of(question), quiz_of(question, layout="one")
    files = {name: front_end(quiz, quiz.questions) for name, quiz in (("plain", plain), ("paged", paged))}
    assert set(files["paged"].scripts) - set(files["plain"].scripts) == {"paging.js"}
    assert set(files["paged"].styles) - set(files["plain"].styles) == {"paging.css"}


def test_font_of_formulas_is_at_most_12_kb_compressed_and_sent_only_with_formulas() -> None:
    assert _compressed(FORMULA_STYLE) <= 12_000
    for prompt, sent in (("$x$", True), ("It cost $5 and $6.", False)):
        quiz = quiz_of({"id": "q", "type": "true-false", "prompt": prompt, "answer": True})
        assert (FORMULA_STYLE in front_end(quiz, quiz.questions).styles) == sent


def test_scheduler_of_the_review_is_as_published_has_its_license_and_is_at_most_15_kb_compressed() -> None:
    """The sums are those of the files in the package ts-fsrs 5.4.2 of the npm registry."""
    published = {
        "index.umd.js": "59b7444121d0aae5bb969097ed95df38eff4a4f878e459703c63720f6b6a176b",
        "LICENSE": "8b83a73dd2894ff553d6de6113064b3ad9dfad3f839837b61f3b183881131d01",
    }
    folder = STATIC / "ts-fsrs-5.4.2"
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} == published
    text = static_text("ts-fsrs-5.4.2/index.umd.js")
    assert not re.search(r"\beval\b|new Function|document\b|\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket", text)
    assert _compressed("ts-fsrs-5.4.2/index.umd.js") <= 15_000


def test_every_script_that_draws_quizzes_is_in_the_table_of_what_to_load() -> None:
    # of the pages of a book, with or without a quiz
    others = {"notes.js", "marks.js", "claims_filter.js", "progress.js", "review.js"}
    others |= {"preview.js", "preview_frame.js", "scorm.js", "scorm_records.js", "myst.js"}
    scripts = {name for name in SOURCES if name.endswith(".js")}
    assert scripts == {*SCRIPTS, *PAGE_SCRIPTS, *NOTEBOOK_SCRIPTS} | others


def test_front_end_asks_no_other_host_and_runs_no_text_as_code() -> None:
    for name in SOURCES:
        text = (STATIC / name).read_text("utf-8")
        assert not re.search(r"https?://|//cdn|@import|\burl\((?!data:)", text), name
        assert not re.search(
            r"\beval\b|new Function|document\.write|\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket", text
        ), name


def test_scripts_are_classic_scripts() -> None:
    for name in SOURCES:
        assert not re.search(r"^\s*(import|export)\b", (STATIC / name).read_text("utf-8"), re.MULTILINE), name


GROUPS: dict[str, dict[str, str]] = json.loads((STATIC / "locale" / "en.json").read_text("utf-8"))
ENGLISH = {name: text for group in GROUPS.values() for name, text in group.items()}
#: group of words -> the files that may ask for them, besides those of "quiz", which all have
USERS = {
    "quiz": [
        STATIC / f"{name}.js" for name in ("quiz", "page", "notebook", "interactions/choice", "citations", "languages")
    ],
    "interactions": sorted((STATIC / "interactions").glob("*.js")),
    "settings": [STATIC / "settings.js"],
    "paging": [STATIC / "paging.js"],
    "progress": [STATIC / "progress.js"],
    "review": [STATIC / "review.js"],
    "scorm": [STATIC / "scorm.js", STATIC / "scorm_records.js"],
    "python": [*(PACKAGE).rglob("*.py")],
}


def _asked_for(text: str) -> set[str]:
    """The words of the interface that a source file asks for by name."""
    asked = set(re.findall(r"\bstrings\.(\w+)", text))
    asked |= set(re.findall(r"\bformat\((?:\w+\.)?strings, \"(\w+)\"", text))
    asked |= set(re.findall(r"\bbutton\((?:-?1, )?\"(\w+)\"", text))
    for inside in re.findall(r"\b_?(?:words|strings)\[([^\]]*)\]", text):
        asked |= set(re.findall(r"['\"](\w+)['\"]", inside))
    for line in re.findall(r"(?:const name =|instruction:)(.*)", text):
        asked |= set(re.findall(r"\"(\w+)\"", line))
    return {name for name in asked if not name.endswith("_")}  # the rest is the beginning of one


#: asked for by scripts that all quizzes get, but only where a question has an interaction that needs them
CONDITIONAL = {"not_a_number", "choose", "mark_all", "sure_first"}


def test_every_word_of_the_interface_that_is_asked_for_exists() -> None:
    for group, paths in USERS.items():
        known = set(ENGLISH) if group == "python" else {*GROUPS["quiz"], *GROUPS[group], *CONDITIONAL}
        for path in paths:
            asked = _asked_for(path.read_text("utf-8"))
            assert asked <= known, f"{path.name}: {sorted(asked - known)}"


def test_every_word_of_the_interface_is_used() -> None:
    texts = [path.read_text("utf-8") for paths in USERS.values() for path in paths]
    used = set().union(*map(_asked_for, texts), *(re.findall(r"[\"'](\w+)[\"']", text) for text in texts))
    used |= set(typing.get_args(Status))  # by an outcome
    used |= {"true", "false"}  # by the options of a statement
    used |= {f"statement_{statement}" for statement in typing.get_args(Statement)}  # by a claim
    used |= {name for name in ENGLISH if re.fullmatch(r"sure_(marks_)?[123]", name)}  # by the certainty of an answer
    assert set(ENGLISH) - used == set()


def test_every_status_of_an_outcome_has_a_word() -> None:
    assert set(typing.get_args(Status)) <= set(ENGLISH)


@pytest.mark.parametrize("file", sorted((STATIC / "locale").glob("*.json")), ids=lambda file: file.stem)
def test_every_language_has_the_same_words_with_the_same_places(file: Path) -> None:
    groups: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    assert list(groups) == list(GROUPS)
    for group, words in groups.items():
        assert list(words) == list(GROUPS[group])
        for name, text in words.items():
            assert text.strip(), name
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", ENGLISH[name])), name


def test_a_quiz_has_one_name_in_spanish() -> None:
    """ "Prueba" is a test, such as one before a course, and also a piece of evidence."""
    spanish = json.loads((STATIC / "locale" / "es.json").read_text("utf-8"))
    words = {name: text for group in spanish.values() for name, text in group.items()}
    assert [name for name, text in words.items() if re.search(r"\b(pruebas?|examen)\b", text, re.IGNORECASE)] == []
    about = [name for name, text in ENGLISH.items() if re.search("quiz", re.sub(r"\{\w+\}", "", text), re.IGNORECASE)]
    assert len(about) >= 5
    assert [name for name in about if "cuestionario" not in words[name].lower()] == []


def test_style_respects_forced_colours_and_reduced_motion() -> None:
    text = (STATIC / "quiz.css").read_text("utf-8")
    assert "forced-colors" in text
    assert "prefers-reduced-motion" in text or not re.search(r"\b(transition|animation)\b", text)
    assert ":focus-visible" in text
