"""Nothing in a file within the limit of size keeps the reader busy: each of these once took up to a minute and a half.

Each ends in well under a second on a machine of today; the limit here is for a busy and slow one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from material import write

from civicquiz.authoring import markdown
from civicquiz.authoring.validation import MAX_CHARACTERS
from civicquiz.authoring.yaml_source import MAX_BYTES, MAX_ENTRIES
from civicquiz.cli import main
from civicquiz.model.from_files import MAX_FILES

SECONDS = 10

#: Texts that a parser of Markdown reads again and again.
TEXTS = {
    "table": "|" + "a|" * 1200 + "\n|" + "-|" * 1200 + "\n" + "a\n" * 1500,
    "images": "![a](" * 1900,
    "brackets": "[" * 9900,
    "open links": "[a" * 4900 + "](b)",
    "emphasis": "*a **a " * 1400,
    "ticks": "`a" * 4900,
    "definitions": "".join(f"[a{number}]: b\n" for number in range(700)),
    "quotations": ">" * 9900,
    "formula": "{math}`" + "x^{" * 160 + "}" * 160 + "`",
}


def _questions(count: int, **keys: Any) -> list[dict[str, Any]]:
    common = {"type": "true-false", "prompt": "x", "answer": True}
    return [{"id": f"q{number}", **common, **keys} for number in range(count)]


def _texts() -> dict[str, Any]:
    """As many of each text as fit into a file, with an image, so that all of it is read."""
    return {
        name: {"title": "x", "questions": _questions(47, prompt=f"![x](y.png)\n\n{text}"[:MAX_CHARACTERS])}
        for name, text in TEXTS.items()
    }


_ONE: dict[str, Any] = {"id": "a", "prompt": "x"}
_PHRASES = " ".join(f"[[phrase {number}]]" for number in range(600))
FILES: dict[str, Any] = {
    **_texts(),
    "long key": {"title": "x", "questions": [], "q" * 133_000: 1},
    "keys": {"title": "x", **{f"questions{number}": 1 for number in range(20_000)}},
    "ids in sections": {
        "title": "x",
        "sections": [{"questions": [f"qq{number}" for number in range(1900)]}],
        "questions": _questions(1900),
    },
    "stimuli": {
        "title": "x",
        "stimuli": {f"s{number}": {"text": "x"} for number in range(1900)},
        "questions": _questions(1900, stimulus="t"),
    },
    "phrases": {
        "title": "x",
        "questions": [
            {
                **_ONE,
                "type": "select-text",
                "passage": f"{_PHRASES} [[+a]]"[:MAX_CHARACTERS],
                "feedback": [{"text": f"phrase x{number}", "feedback": "f"} for number in range(1900)],
            }
        ],
    },
    "empty questions": {"title": "x", "questions": [{}] * 100_000},
    "empty options": {"title": "x", "questions": [{**_ONE, "type": "single-choice", "options": [{}] * 100_000}]},
    "double keys": "a: 1\n" * 100_000,
    "open lists": "[" * 490_000,
    "formula of an answer": {
        "title": "x",
        "questions": [
            {
                **_ONE,
                "type": "calculated",
                "prompt": "{v}",
                "variables": {"v": {"from": 1, "to": 99}},
                "answer": "+".join(["v**0.5"] * 1400),
                "decimals": 0,
                "tolerance": 0,
                "variants": 50,
            }
        ],
    },
}


@pytest.mark.parametrize("name", FILES)
def test_check_of_any_file_ends_soon_and_prints_little(tmp_path: Path, name: str) -> None:
    content = FILES[name]
    text = content if isinstance(content, str) else json.dumps(content)
    assert len(text) <= MAX_BYTES
    path = write(tmp_path / "quiz.yml", text)
    started = time.process_time()
    result = CliRunner().invoke(main, ["check", str(path)])
    assert time.process_time() - started < SECONDS
    assert isinstance(result.exception, SystemExit | None)
    assert len(result.output.splitlines()) < 500


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_is_shown_soon_even_if_nobody_has_checked_it(name: str) -> None:
    started = time.process_time()
    assert len(markdown.render(TEXTS[name])) < 1_000_000
    markdown.inline(TEXTS[name])
    assert time.process_time() - started < SECONDS


def test_more_than_the_most_entries_is_one_problem_at_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "quiz.yml", "title: x\nquestions:\n" + "- x\n" * (MAX_ENTRIES + 1))
    output = CliRunner().invoke(main, ["check", str(path)]).output
    assert f":{MAX_ENTRIES + 3}:3: a list or mapping with more than 2,000 entries" in output
    assert output.endswith("\n1 problem\n")


def test_of_many_problems_the_first_are_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "quiz.yml", json.dumps({"title": "x", "questions": [{"id": "-"}] * 1000}, indent=1))
    output = CliRunner().invoke(main, ["check", str(path)]).output
    assert "there are more problems from here on than the 200 that are listed" in output
    assert output.endswith("\n201 problems\n")


def _banks(folder: Path, entries: Callable[[int], list[dict[str, Any]]], **keys: Any) -> Path:
    """A quiz that takes questions from as many files as it can, each as long as it can be."""
    for number in range(MAX_FILES):
        content = {"title": "x", "questions": [*entries(number), *_questions(1900, **keys)]}
        write(folder / f"{number}.yml", json.dumps(content))
    taken = [{"from": f"{number}.yml", "ids": ["q1"]} for number in reversed(range(MAX_FILES))]
    return write(folder / "quiz.yml", json.dumps({"title": "x", "questions": taken}))


@pytest.mark.parametrize("name", ["many", "net", "tags"])
def test_quiz_that_takes_questions_from_many_long_files_is_read_soon(tmp_path: Path, name: str) -> None:
    def net(number: int) -> list[dict[str, Any]]:
        others = range(number + 1, MAX_FILES)
        return [{"from": f"{other}.yml", "tags": ["t"]} for other in others] if name == "net" else []

    quiz = _banks(tmp_path, net, **({} if name == "many" else {"tags": ["t", *"abcdef"]}))
    started = time.process_time()
    result = CliRunner().invoke(main, ["check", str(quiz)])
    assert time.process_time() - started < SECONDS
    assert result.exit_code == 1
    assert len(result.output.splitlines()) < 500


def test_quiz_takes_no_more_than_a_file_can_have(tmp_path: Path) -> None:
    for number in range(2):
        questions = _questions(1100) if number else [{**one, "id": f"r{one['id']}"} for one in _questions(1100)]
        write(tmp_path / f"{number}.yml", json.dumps({"title": "x", "questions": questions}))
    quiz = write(tmp_path / "quiz.yml", "title: x\nquestions: [{from: 0.yml}, {from: 1.yml}]\n")
    output = CliRunner().invoke(main, ["check", str(quiz)]).output
    assert "quiz.yml:2:12: with the questions of other files, the quiz has more than 2,000 questions" in output
