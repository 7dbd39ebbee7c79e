"""Compares released copies with their quizzes: the same translations, and no text of the key anywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pytest
from material import quiz_of, right_answer, write

import civicquiz
from civicquiz.authoring import markdown
from civicquiz.authoring.validation import shown_texts
from civicquiz.frontend.front_end import SCRIPTS
from civicquiz.frontend.payload import public_payload
from civicquiz.frontend.static_files import static_text
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.quiz import Quiz
from civicquiz.releasing.copied_files import copied_files
from civicquiz.releasing.handout import notebook, page
from civicquiz.releasing.release import release


def _key_texts(quiz: Quiz) -> Iterator[str]:
    """Every text of the key in ``quiz`` and its translations."""
    for in_language in (quiz, *(texts.quiz for texts in quiz.translations.values())):
        for question in in_language.questions:
            yield question.full_explanation()
            yield from question.token_feedback().values()
            yield from (claim.text for name in question.cites if (claim := quiz.seeds.claims.get(name)))
            yield from (text for path, text, _ in shown_texts(question) if {"explanation", "feedback"} & {*path})
        for question in quiz.questions:
            yield from _strings(right_answer(question))
            key = question.key()
            yield from _strings(key.rule.to_json() if key else None)
            yield from question.cites
            yield getattr(question, "answer", None) if question.type == "calculated" else ""


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in _strings(part))
    elif isinstance(value, (list, tuple)):
        yield from (text for part in value for text in _strings(part))
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _seen(quiz: Quiz) -> str:
    """Everything that learners read before they answer, and the ids of the questions."""
    return json.dumps(public_payload(quiz), ensure_ascii=False)


#: Shorter texts are numbers and syllables that any file may contain.
LONG_ENOUGH = 4


def secrets(path: Path) -> set[str]:
    """Every text of a key, except for those that learners read anyway."""
    quiz = civicquiz.load(path)
    seen = _seen(quiz)
    texts = {text.strip() for text in _key_texts(quiz)}
    long = (text for text in texts if len(text) >= LONG_ENOUGH)
    return {text for text in long if json.dumps(text, ensure_ascii=False)[1:-1] not in seen}


def own_words() -> str:
    """The content of pages and notebooks that does not depend on the quiz: scripts, styles, instructions."""
    quiz = quiz_of({"id": "q", "type": "match", "prompt": "x", "pairs": [{"left": x, "right": x} for x in "ab"]})
    return "".join([*map(static_text, SCRIPTS), page(learner_copy(quiz)), notebook(learner_copy(quiz))])


def released(quiz: Quiz, folder: Path) -> Quiz:
    """The copy of ``quiz``, written to ``folder`` and read again."""
    for name, content in copied_files(quiz).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return civicquiz.load(folder / f"{quiz.name}.yml")


def compare_translations(quiz: Quiz, copy: Quiz) -> None:
    """A copy has the translations of its quiz, and the same ids in each of them."""
    assert copy.translations.keys() == quiz.translations.keys()
    ours, theirs = public_payload(quiz), public_payload(copy)
    for language in quiz.translations:
        translated, copied = ours["translations"][language], theirs["translations"][language]
        assert copied["title"] == translated["title"]
        assert [question["prompt"] for question in copied["questions"]] == [
            question["prompt"] for question in translated["questions"]
        ]
        for question, original in zip(copied["questions"], theirs["questions"], strict=True):
            for name in ("options", "targets"):
                assert [part["id"] for part in question.get(name, ())] == [
                    part["id"] for part in original.get(name, ())
                ]


def released_book(quizzes: Sequence[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with released copies of all quizzes, and with a book built from them in HTML and as text."""
    folder = tmp_path_factory.mktemp("class")
    release(quizzes, folder)
    write(folder / "conf.py", 'extensions = ["civicquiz"]\nhtml_theme = "basic"\nhtml_copy_source = False\n')
    names = "".join(f"   page-{path.stem}\n" for path in quizzes)
    write(folder / "index.rst", f"A book\n======\n\n.. toctree::\n\n{names}")
    for path in quizzes:
        write(folder / f"page-{path.stem}.rst", f"A page\n======\n\n.. quiz:: {path.stem}.yml\n")
    doctrees = tmp_path_factory.mktemp("doctrees")
    for builder in ("html", "text"):
        places = ["-d", doctrees, folder, folder / "_build" / builder]
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", builder, *places]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder


def spellings(secret: str) -> set[str]:
    """A text as Markdown, JSON and HTML would spell it."""
    quoted = json.dumps(secret, ensure_ascii=False)[1:-1]
    return {secret, quoted, json.dumps(secret)[1:-1], escape(secret), markdown.inline(secret), " ".join(secret.split())}


def leaks(path: Path, class_folder: Path) -> dict[str, set[str]]:
    """The texts of the key of the quiz ``path`` that are in a file of ``class_folder``, by the name of the file."""
    own = own_words()
    spelled_secrets = {secret: spellings(secret) for secret in secrets(path) if secret not in own}
    files = [file for file in class_folder.rglob("*") if path.stem in re.split(r"[.]|page-", file.name)]
    assert {file.suffix for file in files} == {".yml", ".ipynb", ".html", ".rst", ".txt"}
    found = {}
    for file in files:
        text = file.read_text("utf-8")
        found[file.name] = {
            secret for secret, spelled in spelled_secrets.items() if any(spelling in text for spelling in spelled)
        }
    return {name: leaked for name, leaked in found.items() if leaked}
